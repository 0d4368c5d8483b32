"""Partnerships: what institutions do together, who takes part, which theses stand under them."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import FileField
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.partnership import Kind
from cotutelle.domain.validity import runs_until
from cotutelle.models import (
    Framework,
    FrameworkParty,
    Partnership,
    PartnershipDocument,
    PartnershipMember,
    Person,
    Thesis,
    ThesisPartnership,
    texts_of,
)
from cotutelle.operations import partnership as acts
from cotutelle.operations import rulebook as rulebooks
from cotutelle.operations.partnership_facts import standing_under, takes_part, warnings_of
from cotutelle.policy import Action
from cotutelle.rulebooks.sentences import Speaker, names_in
from cotutelle.web import notice, wording
from cotutelle.web.document import as_file, received
from cotutelle.web.fields import Form, Text
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.partnership_form import check_own, own, row_of
from cotutelle.web.printing import store
from cotutelle.web.theses import parties_of
from cotutelle.web.wording_partnership import KINDS, LEVELS, ROLES, in_short, said

bp = Blueprint("partnership", __name__, url_prefix="/partnerships")
MOST_THESES = 200


class FileForm(Form):
    """A document of a partnership."""

    title = Text(_l("Title"), [DataRequired(_l("Give the document a title."))], most=200)
    file = FileField(_l("File"), [DataRequired(_l("Choose the file."))])


@bp.get("")
@may(Action.VIEW_DIRECTORY)
def index() -> Any:
    """Every partnership by its kind, with the theses under it and what to know of it in time."""
    session = db.session()
    kind = request.args.get("kind", "")
    whole = (
        selectinload(Partnership.members).joinedload(PartnershipMember.institution),
        selectinload(Partnership.contacts),
        selectinload(Partnership.calls),
    )
    listed = select(Partnership).order_by(Partnership.sort_key, Partnership.id).options(*whole)
    every = session.scalars(listed).all()
    rows = [row for row in every if not kind or row.kind == kind]
    return render_template(
        "partnership/index.html",
        rows=rows,
        words=KINDS,
        kinds=[(each, KINDS[each]) for each in Kind if any(row.kind == each for row in every)],
        kind=kind,
        some=bool(every),
        texts=texts_of(session, "partnership", [row.id for row in rows], "name"),
        under=standing_under(session),
        until={row.id: runs_until(row, g.today) for row in rows},
        warned={id_: in_short(found) for id_, found in warnings_of(session, rows, g.today).items()},
        members={row.id: [m for m in row.members if takes_part(m, g.today)] for row in rows},
    )


@bp.get("/<string:partnership>")
@may(Action.VIEW_DIRECTORY)
def show(partnership: str) -> Any:
    """One partnership: who takes part, until when, what it asks, its calls, contacts, documents and theses."""
    session, row = db.session(), row_of(partnership)
    theses = _theses(row)
    shelf = rulebooks.library(session)
    words = Speaker(locale(), names_in(shelf, locale()))
    books = [book for book in shelf.books if book.scope.partnership == row.code]
    return render_template(
        "partnership/show.html",
        row=row,
        texts=texts_of(session, "partnership", [row.id])[row.id],
        names=texts_of(session, "institution", [m.institution_id for m in row.members], "name"),
        until=runs_until(row, g.today),
        warned=[said(each) for each in warnings_of(session, [row], g.today)[row.id]],
        takes_part=lambda member: takes_part(member, g.today),
        theses=theses,
        titles=texts_of(session, "thesis", [each.id for each in theses], "title"),
        parties=parties_of(session, [each.id for each in theses]),
        under=standing_under(session).get(row.id, 0),
        asked=[
            (book, rule, words.rule(rule, rule.scope.institution)) for book in books for rule in book.rules
        ],
        frameworks=_frameworks(row),
        kinds=KINDS,
        levels=[LEVELS[each] for each in row.levels],
        roles=ROLES,
        wording=wording,
        form=FileForm(),
        mine=own(row),
    )


@bp.post("/<string:partnership>/documents")
@may(Action.EDIT_DIRECTORY)
def keep(partnership: str) -> Any:
    """Keep a document of a partnership."""
    row, form = row_of(partnership), FileForm()
    check_own(row)
    taken = received(form)
    title = (form.title.data or "").strip() or taken["filename"]
    kept = acts.File(title, taken["digest"], taken["filename"], taken["media_type"])
    acts.keep_document(db.session(), row, kept, g.actor, g.now)
    notice.say(_("The document is kept."))
    return redirect(url_for("partnership.show", partnership=partnership), 303)


@bp.get("/<string:partnership>/documents/<string:file>")
@may(Action.VIEW_DIRECTORY)
def document(partnership: str, file: str) -> Any:
    """A document of a partnership."""
    found = _document(row_of(partnership), file)
    return as_file(store().read(db.session(), found.digest), found.filename, found.media_type)


@bp.post("/<string:partnership>/documents/<string:file>/remove")
@may(Action.EDIT_DIRECTORY)
def remove(partnership: str, file: str) -> Any:
    """Take a document out of a partnership."""
    row = row_of(partnership)
    check_own(row)
    acts.remove_document(db.session(), row, _document(row, file), g.actor, g.now)
    notice.say(_("Removed; the history keeps it."))
    return redirect(url_for("partnership.show", partnership=partnership), 303)


def _document(row: Partnership, public_id: str) -> PartnershipDocument:
    return next((each for each in row.documents if each.public_id == public_id), None) or abort(404)


def _theses(row: Partnership) -> Any:
    under = select(ThesisPartnership.thesis_id).where(ThesisPartnership.partnership_id == row.id)
    return db.session.execute(
        select(
            Thesis.id, Thesis.reference, Thesis.state, Thesis.convention_state, Thesis.first_year,
            Person.family_name, Person.given_names,
        )
        .join(Person, Person.id == Thesis.candidate_id)
        .where(Thesis.id.in_(under))
        .order_by(Thesis.sort_key, Thesis.id)
        .limit(MOST_THESES)
    ).all()  # fmt: skip


def _frameworks(row: Partnership) -> list[tuple[Framework, dict[str, str]]]:
    """The framework agreements that bind members of this partnership alone."""
    bound = {member.institution_id for member in row.members}
    among = select(FrameworkParty.framework_id).where(FrameworkParty.institution_id.in_(bound))
    rows = db.session.scalars(select(Framework).where(Framework.id.in_(among)).order_by(Framework.id))
    found = [each for each in rows if {party.institution_id for party in each.parties} <= bound]
    texts = texts_of(db.session(), "framework", [each.id for each in found], "title")
    return [(each, texts[each.id]["title"]) for each in found]
