"""The clauses: how each is worded in which language, as shipped and in an institution's own words."""

from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.documents.wording import languages_of
from cotutelle.documents.wording import wording as shipped
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.convention.catalogue import ANNEXES, BY_ID, CLAUSES, Clause
from cotutelle.domain.convention.variables import GENERAL
from cotutelle.domain.errors import Refused, Stale
from cotutelle.models import ClauseVariant, Institution
from cotutelle.operations import clause as acts
from cotutelle.operations import clause_choice
from cotutelle.policy import Action
from cotutelle.web import notice, page
from cotutelle.web.clause_condition import BeginForm, chosen, in_words, offer
from cotutelle.web.clause_form import (
    filled_in,
    offered,
    preview,
    refused,
    texts_in,
    theses_of,
    variant_form,
)
from cotutelle.web.fields import Choice, Day, Form, Text, VersionedForm, options
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale
from cotutelle.web.guards import may

bp = Blueprint("clause", __name__, url_prefix="/clauses")


class ReadForm(Form):
    """That a jurist has read a version."""

    language = Choice(_l("Language"), [DataRequired(_l("Choose the language."))])
    who = Text(_l("Read by"), [DataRequired(_l("Name the jurist."))], most=120)
    on = Day(_l("On"), [DataRequired(_l("Give the day."))])


@bp.get("")
@may(Action.VIEW_RULEBOOKS)
def index() -> Any:
    """Every clause, the languages it is worded in, and who words it otherwise."""
    session = db.session()
    variants: dict[str, list[ClauseVariant]] = {}
    for row in session.scalars(
        select(ClauseVariant).where(ClauseVariant.retired_at.is_(None)).order_by(ClauseVariant.id)
    ):
        variants.setdefault(row.clause, []).append(row)
    return render_template(
        "clause/index.html",
        groups=[(_("Articles"), _listed(CLAUSES)), (_("Annexes"), _listed(ANNEXES))],
        tongues=[(tag, language_name(tag)) for tag in languages_with_words()],
        variants=variants,
    )


@bp.get("/<string:clause>")
@may(Action.VIEW_RULEBOOKS)
def show(clause: str) -> Any:
    """A clause as it is shipped in each language, and the variants of it."""
    session, known = db.session(), _clause(clause)
    variants = session.scalars(
        select(ClauseVariant).where(ClauseVariant.clause == clause).order_by(ClauseVariant.id)
    ).all()
    tags = languages_of(clause)
    wanted = request.args.get("language", locale())
    return render_template(
        "clause/show.html",
        clause=known,
        number=_number(clause),
        title=shipped(clause, locale()).title,
        tongues=[(tag, language_name(tag)) for tag in tags],
        language=wanted if wanted in tags else "en",
        wording=shipped(clause, wanted if wanted in tags else "en"),
        variants=variants,
        conditions={row.id: in_words(row) for row in variants},
        in_force={row.id: acts.in_force(row, g.today) for row in variants},
        mine=page.own_institutions(),
    )


@bp.route("/<string:clause>/new", methods=["GET", "POST"])
@may(Action.WORD_CLAUSES)
def begin(clause: str) -> Any:
    """Begin a variant of a clause."""
    session, known = db.session(), _clause(clause)
    form = BeginForm()
    offer(form, page.own_institutions())
    if form.validate_on_submit():
        institution = session.scalars(
            select(Institution).where(Institution.code == form.institution.data)
        ).one()
        condition = chosen(form)
        row = acts.begin(session, institution, known.id, form.name.data, condition, g.actor, g.now)
        return redirect(url_for("clause.edit", variant=row.public_id), 303)
    body = render_template(
        "clause/begin.html", form=form, clause=known, title=shipped(clause, locale()).title
    )
    return body, 422 if form.errors else 200


@bp.route("/variants/<string:variant>", methods=["GET", "POST"])
@may(Action.WORD_CLAUSES)
def edit(variant: str) -> Any:
    """Write the next version of a variant; look at it with a thesis before."""
    session, row = db.session(), _variant(variant)
    tags = offered(row)
    form = variant_form(row, tags)(data=None if request.method == "POST" else filled_in(row, tags, g.today))
    form.thesis.choices = _theses(row)
    seen = None
    if form.validate_on_submit():
        try:
            texts, without = texts_in(row.clause, form, tags)
            if request.form.get("act") == "preview":
                seen = preview(row, form, texts, without)
            else:
                acts.write(session, row, texts, without, form.from_on.data, form.seen, g.actor, g.now)
                clause_choice.resettle(session, row.institution, g.today, g.now)
                notice.say(_("Saved: open texts that this fits use it from that day on."))
                return redirect(url_for("clause.show", clause=row.clause), 303)
        except Refused as error:
            form.refuse(refused(error))
        except Stale:
            form.overtaken(row)
    body = render_template(
        "clause/edit.html",
        form=form,
        row=row,
        clause=BY_ID[row.clause],
        title=shipped(row.clause, locale()).title,
        condition=in_words(row),
        tags=tags,
        tongues=[(tag, language_name(tag)) for tag in languages_with_words()],
        keys=list(shipped(row.clause, "en").fragments),
        variables={
            key: sorted(acts.variables_of(row.clause, key)) for key in shipped(row.clause, "en").fragments
        },
        general=list(GENERAL),
        seen=seen,
        read=ReadForm(),
        in_force=acts.in_force(row, g.today),
    )
    response = make_response(body, 422 if form.errors or form.form_errors else 200)
    response.no_commit = request.method == "POST"  # type: ignore[attr-defined]  # a preview saves nothing
    return response


@bp.post("/variants/<string:variant>/read")
@may(Action.WORD_CLAUSES)
def read(variant: str) -> Any:
    """Note that a jurist has read the newest version in a language."""
    row, form = _variant(variant), ReadForm()
    newest = row.versions[0] if row.versions else None
    form.language.choices = options([(tag, language_name(tag)) for tag in (newest.texts if newest else ())])
    if newest is None or not form.validate() or form.on.data > g.today:
        notice.say(_("Say which language was read, by whom and on which day."))
        return redirect(url_for("clause.edit", variant=variant), 303)
    acts.read_by(db.session(), row, newest, form.language.data, form.who.data, form.on.data, g.actor, g.now)
    clause_choice.resettle(db.session(), row.institution, g.today, g.now)
    notice.say(_("Noted: this wording has been read by a jurist."))
    return redirect(url_for("clause.edit", variant=variant), 303)


@bp.post("/variants/<string:variant>/retire")
@may(Action.WORD_CLAUSES)
def retire(variant: str) -> Any:
    """Use a variant no more."""
    row = _variant(variant)
    acts.retire(db.session(), row, VersionedForm().seen, g.actor, g.now)
    clause_choice.resettle(db.session(), row.institution, g.today, g.now)
    notice.say(_("This wording is used no more; agreed texts keep it."))
    return redirect(url_for("clause.show", clause=row.clause), 303)


def _clause(id_: str) -> Clause:
    known = BY_ID.get(id_)
    return known if known is not None and not id_.startswith("AM-") else abort(404)


def _number(id_: str) -> int:
    return int(id_.partition("-")[2])


def _listed(clauses: tuple[Clause, ...]) -> list[dict[str, Any]]:
    return [
        {
            "id": clause.id,
            "number": _number(clause.id),
            "title": shipped(clause.id, locale()).title,
            "law": clause.law,
            "mandatory": clause.mandatory,
            "states": {tag: shipped(clause.id, tag).state for tag in languages_of(clause.id)},
        }
        for clause in clauses
    ]


def _variant(public_id: str) -> ClauseVariant:
    row = db.session.scalar(select(ClauseVariant).where(ClauseVariant.public_id == public_id))
    return row if row is not None and row.institution_id in page.own_institutions() else abort(404)


def _theses(row: ClauseVariant) -> Any:
    return options([("", _("Choose a thesis")), *((ref, f"{ref} · {name}") for ref, name in theses_of(row))])
