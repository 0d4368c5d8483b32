"""Derogations of a convention: which rule is set aside, why, by which text, and who asked."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Field
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.convention.state import EDITABLE, ConventionState
from cotutelle.domain.errors import Refused, Stale
from cotutelle.domain.evaluation import evaluate, worst_first
from cotutelle.domain.finding import Verdict
from cotutelle.models import Convention, Derogation, Institution, Thesis, texts_of
from cotutelle.operations import convention as conventions
from cotutelle.operations import derogation as acts
from cotutelle.policy import Action
from cotutelle.web import findings, notice, page
from cotutelle.web.fields import Choice, Form, LongText, Text, VersionedForm, breakable, drawable, options
from cotutelle.web.filters import language as language_name
from cotutelle.web.guards import may
from cotutelle.web.jury import dossier_for
from cotutelle.web.thesis import part_of
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("derogation", __name__, url_prefix="/theses/<string:reference>/convention/derogations")


class DerogationForm(VersionedForm):
    """The rule, the article, who asked; reason and text in each language of the convention stand beside."""

    rule = Choice(_l("Rule set aside"), [DataRequired(_l("Choose the rule."))])
    article = Text(
        _l("Article of the text set aside"), [DataRequired(_l("Name the article.")), drawable], most=160
    )
    asked_by = Choice(_l("Asked by"), [DataRequired(_l("Choose the institution."))])


@bp.get("")
@may(Action.VIEW_CONVENTION, on=Thesis)
def index(thesis: Thesis) -> Any:
    """The derogations of the convention, and the rules that are broken without one."""
    session = db.session()
    convention = conventions.current(session, thesis)
    rows = session.scalars(
        select(Derogation).where(Derogation.convention_id == convention.id).order_by(Derogation.id)
    ).all()
    shelf, dossier = dossier_for(session, thesis, convention)
    found = [f for f in evaluate(shelf, dossier) if f.verdict is Verdict.FAIL]
    words = findings.speaker(findings.names_of(shelf, dossier))
    return render_template(
        "derogation/index.html",
        thesis=thesis,
        editable=ConventionState(convention.state) in EDITABLE,
        rows=rows,
        texts=texts_of(session, "derogation", [row.id for row in rows]),
        rules={row.rule: words.rule(shelf.rules[row.rule][-1]) for row in rows if row.rule in shelf.rules},
        broken=[findings.shown(f, words, dossier, {}) for f in worst_first(found)],
        names=findings.names_of(shelf, dossier),
    )


@bp.route("/add", methods=["GET", "POST"])
@may(Action.EDIT_CONVENTION, on=Thesis)
def add(thesis: Thesis) -> Any:
    """Set a rule aside."""
    return _form(thesis, None)


@bp.route("/<string:derogation>", methods=["GET", "POST"])
@may(Action.EDIT_CONVENTION, on=Thesis)
def edit(thesis: Thesis, derogation: str) -> Any:
    """Change how a rule is set aside."""
    row: Derogation = part_of(thesis, Derogation, derogation)
    return _form(thesis, row)


@bp.post("/<string:derogation>/remove")
@may(Action.EDIT_CONVENTION, on=Thesis)
def remove(thesis: Thesis, derogation: str) -> Any:
    """Let the rule hold again."""
    session = db.session()
    row: Derogation = part_of(thesis, Derogation, derogation)
    acts.remove(session, thesis, conventions.current(session, thesis), row, g.actor, g.now, today=g.today)
    notice.say(_("Removed; the history keeps it."))
    return redirect(url_for("derogation.index", reference=thesis.reference), 303)


def _form(thesis: Thesis, row: Derogation | None) -> Any:
    session = db.session()
    convention = conventions.current(session, thesis)
    if request.method == "GET" and ConventionState(convention.state) not in EDITABLE:
        return redirect(url_for("derogation.index", reference=thesis.reference), 303)
    kind = _kind(convention)
    form = kind(data=None if request.method == "POST" else _data(session, convention, row))
    _offer(session, thesis, form)
    conflict: Rows | None = None
    if form.validate_on_submit():
        try:
            _save(session, thesis, convention, row, form)
            notice.say(_("Saved."))
            return redirect(url_for("derogation.index", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            now = kind(formdata=None, data=_data(session, convention, row))
            conflict = side_by_side(now, form, lambda f: _offer(session, thesis, f))
            form.version.data = str(convention.version)
    texts = [
        form[f"{part}_{_key(tag)}"] for part in ("reason", "replacement") for tag in convention.languages
    ]
    body = render_template(
        "derogation/form.html",
        form=form,
        thesis=thesis,
        row=row,
        conflict=conflict,
        texts=texts,
        plain=Form(),
    )
    return body, status_of(form, conflict)


def _kind(convention: Convention) -> type[DerogationForm]:
    fields: dict[str, Field] = {}
    for part, label in (("reason", _("Reason")), ("replacement", _("What holds instead"))):
        for tag in convention.languages:
            needed = [DataRequired(_("This is needed in every language of the convention."))]
            fields[f"{part}_{_key(tag)}"] = LongText(
                f"{label} · {language_name(tag)}", [*needed, drawable, breakable], most=3000
            )
    return type("DerogationTextsForm", (DerogationForm,), fields)


def _key(tag: str) -> str:
    return tag.replace("-", "_")


def _offer(session: Session, thesis: Thesis, form: Any) -> None:
    """The rules that ask something of this thesis, those that are broken first."""
    shelf, dossier = dossier_for(session, thesis)
    words = findings.speaker(findings.names_of(shelf, dossier))
    found = worst_first(f for f in evaluate(shelf, dossier) if f.verdict is not Verdict.NOT_APPLICABLE)
    listed = {f.rule.id: f"{f.rule.id}: {words.rule(f.rule, f.institution)}" for f in found}
    if form.rule.data and form.rule.data in shelf.rules:
        listed.setdefault(form.rule.data, form.rule.data)
    form.rule.choices = options([("", _("Choose")), *listed.items()])
    parties = [(party["code"], party["short_name"]) for party in page.parties_of(session, thesis)]
    form.asked_by.choices = options([("", _("Choose")), *parties])


def _data(session: Session, convention: Convention, row: Derogation | None) -> dict[str, Any]:
    if row is None:
        return {"version": convention.version, "rule": request.args.get("rule", "")}
    texts = texts_of(session, "derogation", [row.id])[row.id]
    written = {
        f"{part}_{_key(tag)}": texts.get(part, {}).get(tag, "")
        for part in ("reason", "replacement")
        for tag in convention.languages
    }
    asked_by = row.asked_by.code if row.asked_by else ""
    return {
        "version": convention.version,
        "rule": row.rule,
        "article": row.article,
        "asked_by": asked_by,
        **written,
    }


def _save(
    session: Session, thesis: Thesis, convention: Convention, row: Derogation | None, form: Any
) -> None:
    institution = session.scalar(select(Institution.id).where(Institution.code == form.asked_by.data))
    written = {
        part: {tag: form[f"{part}_{_key(tag)}"].data or "" for tag in convention.languages}
        for part in ("reason", "replacement")
    }
    acts.save(
        session, thesis, convention, row, form.rule.data, form.article.data, institution,
        written["reason"], written["replacement"], form.seen, g.actor, g.now, today=g.today,
    )  # fmt: skip
