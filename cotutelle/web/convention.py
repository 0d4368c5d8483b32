"""The convention: what it lacks, its terms, its states, its drafts and final versions."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import DataRequired, Optional

from cotutelle.db import db
from cotutelle.documents.libraries import missing_libraries
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.convention.catalogue import CLAUSES
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import EDITABLE, ConventionState, moves
from cotutelle.domain.convention.terms import Chapter
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import Convention, Thesis
from cotutelle.operations import convention as acts
from cotutelle.operations import convention_terms, convention_text
from cotutelle.operations.facts import facts_of
from cotutelle.policy import Action
from cotutelle.web import convention_page as shown
from cotutelle.web import notice, terms, wording
from cotutelle.web.amendment import trigger
from cotutelle.web.convention_standing import standing
from cotutelle.web.convention_way import way
from cotutelle.web.fields import SOMETIMES, Day, Form, LongText, VersionedForm, options
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.missing import missing_shown
from cotutelle.web.two_versions import Rows, side_by_side, status_of

bp = Blueprint("convention", __name__, url_prefix="/theses/<string:reference>/convention")


class MoveForm(VersionedForm):
    """A move of the convention."""

    to = RadioField(
        _l("New state"), [DataRequired(_l("Choose where the convention moves to."))], validate_choice=False
    )
    on = Day(_l("On"), [DataRequired(_l("Give the day of the change."))])
    reason = LongText(_l("Reason"), [Optional(), SOMETIMES], most=1000)


class LanguagesForm(VersionedForm):
    """The languages of the act."""

    languages = SelectMultipleField(
        _l("Languages of the text"), [DataRequired(_l("Choose at least one language."))]
    )


@bp.get("")
@may(Action.VIEW_CONVENTION, on=Thesis)
def show(thesis: Thesis) -> Any:
    """The articles with the state of each, what is missing, and the way of the text to its signature."""
    session = db.session()
    convention = acts.current(session, thesis)
    facts = acts.text_of(session, thesis, convention)
    missing = missing_shown(facts)
    stands = standing(session, thesis, convention, facts)
    languages = [(tag, language_name(tag)) for tag in languages_with_words()]
    form = LanguagesForm(data={"languages": convention.languages, "version": convention.version})
    form.languages.choices = options(languages)
    return render_template(
        "convention/show.html",
        thesis=thesis,
        convention=convention,
        facts=facts,
        articles=shown.articles(facts, missing)
        if facts.amendment is None and facts.elsewhere is None
        else [],
        **shown.elsewhere_shown(session, convention),
        amendment=facts.amendment,
        changes=convention_text.changes(session, convention, facts),
        trigger=trigger,
        **shown.listed_instruments(session, thesis, convention, g.today),
        missing=missing,
        drifted=convention.agreed is not None and shown.drifted(facts_of(session, thesis, convention), facts),
        **stands,
        way=way(convention, stands),
        transitions=shown.transitions(thesis),
        moves=_moves(convention, missing),
        editable=ConventionState(convention.state) in EDITABLE,
        chapters=wording.CHAPTERS,
        languages_form=form,
        libraries=missing_libraries(),
        wording=wording,
        plain=Form(),
    )


def _moves(convention: Convention, missing: list[Any]) -> list[ConventionState]:
    here = ConventionState(convention.state)
    blocked = {ConventionState.APPROVED, *({ConventionState.SIGNING} if missing else ())}
    if here is not ConventionState.APPROVED:
        blocked.add(ConventionState.PARTNER_REVIEW)  # reached by submitting the text
    offered = moves(here, amendment=convention.amends_id is not None)
    return [to for to in offered if to not in blocked]


@bp.route("/terms/<string:chapter>", methods=["GET", "POST"])
@may(Action.EDIT_CONVENTION, on=Thesis)
def chapter(thesis: Thesis, chapter: str) -> Any:
    """The terms of one chapter; what is not yet known may stay empty."""
    if chapter not in set(Chapter):
        abort(404)
    session, here = db.session(), Chapter(chapter)
    convention = acts.current(session, thesis)
    facts = acts.text_of(session, thesis, convention)
    kind = terms.terms_form(here, facts)
    form = kind(
        data=None
        if request.method == "POST"
        else {"version": convention.version, **terms.data_of(here, facts)}
    )
    terms.mark(here, facts, form)
    conflict: Rows | None = None
    if form.validate_on_submit():
        try:
            settled = terms.changes(here, facts, form)
            convention_terms.edit_terms(
                session, thesis, convention, settled, form.seen, g.actor, g.now, today=g.today
            )
            notice.say(_("Saved."))
            return redirect(_after(thesis, here), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            now = kind(formdata=None, data=terms.data_of(here, acts.text_of(session, thesis, convention)))
            conflict = side_by_side(now, form, lambda _form: None)
            form.version.data = str(convention.version)
    listed = list(Chapter)
    body = render_template(
        "convention/terms.html",
        form=form,
        thesis=thesis,
        title=wording.CHAPTERS[here],
        step=listed.index(here) + 1,
        steps=len(listed),
        groups=_groups(here, facts),
        conflict=conflict,
        editable=ConventionState(convention.state) in EDITABLE,
    )
    return body, status_of(form, conflict)


def _groups(here: Chapter, facts: Facts) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """The field names of the chapter, grouped by article, each with the language it is written in."""
    numbers = {clause.id: number for number, clause in enumerate(CLAUSES, start=1)}
    from cotutelle.documents.wording import wording as clause_wording

    groups: dict[str, list[tuple[str, str | None]]] = {}
    for term, party in terms.wanted(here, facts):
        title = _(
            "Article %(number)s, %(title)s",
            number=numbers[term.clause],
            title=clause_wording(term.clause, locale()).title,
        )
        names: list[tuple[str, str | None]] = (
            [(terms.name_of(term, party, tag), tag) for tag in facts.languages]
            if term.kind == "text"
            else [(terms.name_of(term, party), None)]
        )
        groups.setdefault(title, []).extend(names)
    return list(groups.items())


def _after(thesis: Thesis, here: Chapter) -> str:
    listed = list(Chapter)
    index = listed.index(here)
    if request.form.get("next") and index + 1 < len(listed):
        return url_for("convention.chapter", reference=thesis.reference, chapter=listed[index + 1].value)
    return url_for("convention.show", reference=thesis.reference)


@bp.post("/languages")
@may(Action.EDIT_CONVENTION, on=Thesis)
def languages(thesis: Thesis) -> Any:
    """Choose the languages of the act."""
    session = db.session()
    chosen = [tag for tag in request.form.getlist("languages") if tag in languages_with_words()][:4]
    if not chosen:
        raise Refused(Reason.NO_WORDING, language="", clauses="")
    convention, seen = acts.current(session, thesis), LanguagesForm().seen
    convention_terms.set_languages(
        session, thesis, convention, chosen, g.actor, g.now, today=g.today, version=seen
    )
    notice.say(_("The text is in: %(languages)s.", languages=", ".join(language_name(tag) for tag in chosen)))
    return redirect(url_for("convention.show", reference=thesis.reference), 303)


@bp.route("/move", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis)
def move(thesis: Thesis) -> Any:
    """Move the convention on, or back with a reason."""
    session, form = db.session(), MoveForm()
    convention = acts.current(session, thesis)
    missing = missing_shown(acts.text_of(session, thesis, convention))
    form.to.choices = options(
        [(to.value, wording.CONVENTION_STATES[to]) for to in _moves(convention, missing)]
    )
    if request.method == "GET":
        form.version.data, form.on.data = convention.version, g.today
    elif form.validate_on_submit():
        try:
            if form.to.data not in set(ConventionState):
                raise Refused(Reason.MOVE_NOT_ALLOWED, "to")
            to = ConventionState(form.to.data)
            acts.move(
                session,
                thesis,
                convention,
                to,
                form.on.data,
                form.reason.data or "",
                form.seen,
                g.actor,
                g.now,
                today=g.today,
            )
            notice.say(_("The convention is now: %(state)s.", state=wording.CONVENTION_STATES[to]))
            return redirect(url_for("convention.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            form.overtaken(convention)
    body = render_template(
        "convention/move.html",
        form=form,
        thesis=thesis,
        convention=convention,
        missing=missing,
        wording=wording,
    )
    return body, 422 if form.errors else 200
