"""Framework agreements: whom they bind, until when, what they settle for every convention under them."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import FieldList, FileField, FormField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Optional

from cotutelle.db import db
from cotutelle.documents.wording import wording as clause_wording
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.convention.catalogue import INHERITABLE
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.language import best
from cotutelle.domain.validity import runs_until
from cotutelle.models import Convention, Framework, Institution, Thesis, texts_of
from cotutelle.operations import framework as acts
from cotutelle.operations.framework_facts import conventions_under
from cotutelle.policy import Action, Role
from cotutelle.web import notice, page, wording
from cotutelle.web.document import as_file, received
from cotutelle.web.fields import SOMETIMES, Choice, Day, Number, Text, Title, VersionedForm, options
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.printing import store

bp = Blueprint("framework", __name__, url_prefix="/frameworks")
PLACE = "place_"
"""Before the id of a clause in the name of the field that asks where the framework settles it."""


class TitleRow(PlainForm):
    """The title of a framework, and what it is for, in one language."""

    language = Choice(_l("Language"), [Optional(), SOMETIMES])
    title = Title(_l("Title, as a convention names it"), [Optional(), SOMETIMES], most=300)
    scope = Title(_l("What it covers"), most=500)


class FrameworkForm(VersionedForm):
    """A framework agreement."""

    texts = FieldList(FormField(TitleRow), min_entries=3, max_entries=7)
    institutions = SelectMultipleField(
        _l("Institutions that it binds"), [DataRequired(_l("Choose the institutions."))]
    )
    signed_on = Day(_l("Signed on"))
    begins_on = Day(_l("In force from"), [DataRequired(_l("Give the day from which it counts."))])
    ends_on = Day(_l("Until"))
    renewal_months = Number(_l("Renewed tacitly for (months)"), 1, 240)
    notice_months = Number(_l("Notice to denounce it (months)"), 0, 60)
    denounced_on = Day(_l("Denounced with effect from"))
    most_theses = Number(_l("Candidates it allows at most"), 1, 9999)


class FileForm(VersionedForm):
    """The signed text of a framework."""

    file = FileField(_l("File"), [DataRequired(_l("Choose the file."))])


@bp.get("")
@may(Action.VIEW_DIRECTORY)
def index() -> Any:
    """Every framework agreement, with the conventions under it."""
    session = db.session()
    rows = session.scalars(select(Framework).order_by(Framework.begins_on.desc(), Framework.id)).all()
    return render_template(
        "framework/index.html",
        rows=rows,
        texts=texts_of(session, "framework", [row.id for row in rows]),
        under=conventions_under(session),
        until={row.id: runs_until(row, g.today) for row in rows},
    )


@bp.get("/<string:framework>")
@may(Action.VIEW_DIRECTORY)
def show(framework: str) -> Any:
    """One framework agreement: parties, validity, what it settles, the theses under it."""
    session, row = db.session(), _row(framework)
    names = texts_of(session, "institution", [p.institution_id for p in row.parties], "name")
    theses = session.execute(
        select(Thesis.reference, Convention.state, Convention.expires_on)
        .join(Convention, Convention.thesis_id == Thesis.id)
        .where(Convention.framework_id == row.id, Convention.holding)
        .order_by(Thesis.reference)
    ).all()
    return render_template(
        "framework/show.html",
        row=row,
        texts=texts_of(session, "framework", [row.id])[row.id],
        names=[best(names[p.institution_id]["name"], locale()) for p in row.parties],
        under=conventions_under(session).get(row.id, 0),
        until=runs_until(row, g.today),
        settled=[(each, clause_wording(each.clause, locale()).title) for each in row.settled],
        theses=theses,
        wording=wording,
        form=FileForm(data={"version": row.version}),
        mine=_own(row),
    )


@bp.route("/new", methods=["GET", "POST"])
@may(Action.EDIT_DIRECTORY)
def add() -> Any:
    """Enter a framework agreement."""
    form = _form(None)
    if form.validate_on_submit():
        try:
            row = acts.add_framework(db.session(), _facts(form), g.actor, g.now)
            notice.say(_("The framework agreement is entered."))
            return redirect(url_for("framework.show", framework=row.public_id), 303)
        except Refused as error:
            form.refuse(_at_field(error))
    return render_template(
        "framework/edit.html", form=form, row=None, settled=_settled(form)
    ), 422 if form.errors else 200


@bp.route("/<string:framework>/edit", methods=["GET", "POST"])
@may(Action.EDIT_DIRECTORY)
def edit(framework: str) -> Any:
    """Change a framework agreement."""
    row = _row(framework)
    _check_own(row)
    form = _form(row)
    if form.validate_on_submit():
        try:
            acts.edit_framework(db.session(), row, _facts(form), form.seen, g.actor, g.now)
            notice.say(_("Saved."))
            return redirect(url_for("framework.show", framework=row.public_id), 303)
        except Refused as error:
            form.refuse(_at_field(error))
        except Stale:
            form.overtaken(row)
    failed = form.errors or form.form_errors
    return render_template(
        "framework/edit.html", form=form, row=row, settled=_settled(form)
    ), 422 if failed else 200


@bp.post("/<string:framework>/keep")
@may(Action.EDIT_DIRECTORY)
def keep(framework: str) -> Any:
    """Keep the signed text of a framework."""
    row, form = _row(framework), FileForm()
    _check_own(row)
    taken = received(form)
    kept = acts.File(taken["digest"], taken["filename"], taken["media_type"])
    acts.keep_file(db.session(), row, kept, form.seen, g.actor, g.now)
    notice.say(_("The text of the framework agreement is kept."))
    return redirect(url_for("framework.show", framework=framework), 303)


@bp.get("/<string:framework>/text")
@may(Action.VIEW_DIRECTORY)
def text(framework: str) -> Any:
    """The signed text of a framework."""
    row = _row(framework)
    if row.file_digest is None:
        abort(404)
    return as_file(store().read(db.session(), row.file_digest), row.filename, row.media_type)


def _row(public_id: str) -> Framework:
    return db.session.scalar(select(Framework).where(Framework.public_id == public_id)) or abort(404)


def _own(row: Framework) -> bool:
    """Whether the reader may change a framework: it binds an institution of theirs, or they hold the directory."""
    bound = {party.institution_id for party in row.parties}
    return g.reader.holds(Role.DIRECTORY) or bool(bound & page.served_institutions())


def _check_own(row: Framework) -> None:
    if not _own(row):
        abort(403)


def _form(row: Framework | None) -> Any:
    fields = {
        PLACE + clause: Text(clause_wording(clause, locale()).title, [Optional(), SOMETIMES], most=120)
        for clause in INHERITABLE
    }
    form = type("FrameworkForm", (FrameworkForm,), fields)(
        data=None if request.method == "POST" else _data(row)
    )
    institutions = db.session.scalars(select(Institution).order_by(Institution.sort_key)).all()
    form.institutions.choices = options([(each.code, each.short_name) for each in institutions])
    offered = options([("", _("Choose")), *((tag, language_name(tag)) for tag in languages_with_words())])
    for entry in form.texts:
        entry.form.language.choices = offered
    return form


def _data(row: Framework | None) -> dict[str, Any]:
    if row is None:
        return {"texts": [{"language": tag} for tag in ("fr", "en", "")]}
    texts = texts_of(db.session(), "framework", [row.id])[row.id]
    tags = list(texts["title"])
    data: dict[str, Any] = {name: getattr(row, name) for name in (*acts.FIGURES, "version")}
    data["texts"] = [
        {"language": tag, "title": texts["title"][tag], "scope": texts["scope"].get(tag, "")} for tag in tags
    ] + [{}] * max(3 - len(tags), 1)
    data["institutions"] = [party.institution.code for party in row.parties]
    return data | {PLACE + each.clause: each.place for each in row.settled}


def _facts(form: Any) -> acts.FrameworkEntry:
    chosen = set(form.institutions.data or ())
    known: Mapping[str, int] = dict(db.session.execute(select(Institution.code, Institution.id)).all())
    rows = [entry.form for entry in form.texts if entry.form.title.data or entry.form.scope.data]
    for entry in rows:
        if not entry.language.data:
            raise Refused(Reason.LANGUAGE_MISSING)
        if not entry.title.data:
            raise Refused(Reason.TEXT_INCOMPLETE, "title")
    if len({entry.language.data for entry in rows}) < len(rows):
        raise Refused(Reason.LANGUAGE_TWICE)
    bound = [id_ for code, id_ in known.items() if code in chosen]
    if not (g.reader.holds(Role.DIRECTORY) or page.served_institutions().intersection(bound)):
        raise Refused(Reason.NOT_YOUR_INSTITUTION, "institutions")
    return acts.FrameworkEntry(
        titles={row.language.data: row.title.data for row in rows},
        scope={row.language.data: row.scope.data for row in rows if row.scope.data},
        institutions=bound,
        settled={clause: form[PLACE + clause].data for clause in INHERITABLE if form[PLACE + clause].data},
        **{name: form[name].data for name in acts.FIGURES},
    )


def _settled(form: Any) -> list[Any]:
    return [(int(clause.partition("-")[2]), form[PLACE + clause]) for clause in INHERITABLE]


def _at_field(error: Refused) -> Refused:
    """The refusal at the form's own name for the field."""
    field = "texts" if error.field == "title" else error.field
    return Refused(error.reason, field, **error.details)
