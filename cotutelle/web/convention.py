"""The convention: what it lacks, its terms, its states, its drafts and final versions."""

from typing import Any

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.validators import DataRequired

from cotutelle.db import db, read_only, transaction
from cotutelle.documents import convention as document
from cotutelle.documents.libraries import install_command, missing_libraries
from cotutelle.documents.press import CannotPrint, engines
from cotutelle.documents.words import languages_with_words
from cotutelle.domain.convention.assembly import assemble
from cotutelle.domain.convention.catalogue import CLAUSES
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.state import EDITABLE, ConventionState, moves
from cotutelle.domain.convention.terms import Chapter
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import Convention, ConventionVersion, Thesis, Transition
from cotutelle.operations import convention as acts
from cotutelle.operations.facts import facts_of
from cotutelle.policy import Action
from cotutelle.web import guards, notice, page, terms, wording
from cotutelle.web.fields import Day, Form, LongText, VersionedForm, options
from cotutelle.web.filters import language as language_name
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.printing import press, store

bp = Blueprint("convention", __name__, url_prefix="/theses/<string:reference>/convention")


class MoveForm(VersionedForm):
    """A move of the convention."""

    to = RadioField(
        _l("New state"), [DataRequired(_l("Choose where the convention moves to."))], validate_choice=False
    )
    on = Day(_l("On"), [DataRequired(_l("Give the day of the change."))])
    reason = LongText(_l("Reason"), most=1000)


class LanguagesForm(Form):
    """The languages of the act."""

    languages = SelectMultipleField(_l("Languages of the text"))


class FinalForm(Form):
    """What the office accepts before the first final version."""

    wording = BooleanField(_l("Our office accepts the provisional wording in these languages."))
    references = BooleanField(_l("Our office has checked the legal references marked as to be verified."))


@bp.get("")
@may(Action.VIEW_CONVENTION, on=Thesis)
def show(thesis: Thesis) -> Any:
    """The articles with the state of each, what is missing, and the way of the text to its signature."""
    session = db.session()
    convention = acts.current(session, thesis)
    facts = facts_of(session, thesis, convention)
    missing = page.missing_shown(facts)
    languages = [(tag, language_name(tag)) for tag in languages_with_words()]
    form = LanguagesForm(data={"languages": convention.languages})
    form.languages.choices = options(languages)
    return render_template(
        "convention/show.html",
        thesis=thesis,
        convention=convention,
        facts=facts,
        articles=_articles(facts, missing),
        missing=missing,
        parties=page.parties_of(session, thesis),
        transitions=_transitions(thesis),
        moves=_moves(convention, missing),
        editable=ConventionState(convention.state) in EDITABLE,
        chapters=wording.CHAPTERS,
        languages_form=form,
        libraries=missing_libraries(),
        wording=wording,
        plain=Form(),
    )


def _articles(facts: Facts, missing: list[dict[str, Any]]) -> list[dict[str, Any]]:
    from cotutelle.documents.printing import filled
    from cotutelle.documents.wording import wording as clause_wording

    by_clause: dict[int, int] = {}
    for entry in missing:
        for number in entry["clauses"]:
            by_clause[number] = by_clause.get(number, 0) + 1
    articles, _annexes = assemble(facts)
    shown = []
    for article in articles:
        texts = [clause_wording(article.clause.id, tag) for tag in facts.languages if _worded(tag)]
        reader = clause_wording(article.clause.id, locale())
        shown.append(
            {
                "number": article.number,
                "id": article.clause.id,
                "title": reader.title,
                "law": article.clause.law,
                "lacking": by_clause.get(article.number, 0),
                "languages": [(t.language, language_name(t.language)) for t in texts],
                "rows": [
                    [filled(t.fragments[p.fragment], p.values, t.language) for t in texts]
                    for p in article.paragraphs
                ],
            }
        )
    return shown


def _worded(tag: str) -> bool:
    return tag in languages_with_words()


def _transitions(thesis: Thesis) -> list[Transition]:
    return list(
        db.session.scalars(
            select(Transition)
            .where(Transition.thesis_id == thesis.id, Transition.machine == "convention")
            .order_by(Transition.id.desc())
        )
    )


def _moves(convention: Convention, missing: list[Any]) -> list[ConventionState]:
    blocked = {ConventionState.APPROVED, ConventionState.SIGNING} if missing else set()
    return [to for to in moves(ConventionState(convention.state)) if to not in blocked]


@bp.route("/terms/<string:chapter>", methods=["GET", "POST"])
@may(Action.EDIT_CONVENTION, on=Thesis)
def chapter(thesis: Thesis, chapter: str) -> Any:
    """The terms of one chapter; what is not yet known may stay empty."""
    if chapter not in set(Chapter):
        abort(404)
    session, here = db.session(), Chapter(chapter)
    convention = acts.current(session, thesis)
    facts = facts_of(session, thesis, convention)
    kind = terms.terms_form(here, facts)
    form = kind(
        data=None
        if request.method == "POST"
        else {"version": convention.version, **terms.data_of(here, facts)}
    )
    conflict: list[tuple[str, str, str]] = []
    if form.validate_on_submit():
        try:
            settled = terms.changes(here, facts, form)
            acts.edit_terms(session, thesis, convention, settled, form.seen, g.actor, g.now, today=g.today)
            notice.say(_("Saved."))
            return redirect(_after(thesis, here), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            now = kind(formdata=None, data=terms.data_of(here, facts_of(session, thesis, convention)))
            conflict = page.conflict(now, form, lambda _form: None)
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
    return body, 409 if conflict else 422 if form.errors else 200


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
    convention = acts.current(session, thesis)
    acts.set_languages(session, thesis, convention, chosen, g.actor, g.now, today=g.today)
    notice.say(_("The text is in: %(languages)s.", languages=", ".join(language_name(tag) for tag in chosen)))
    return redirect(url_for("convention.show", reference=thesis.reference), 303)


@bp.route("/move", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis)
def move(thesis: Thesis) -> Any:
    """Move the convention on, or back with a reason."""
    session, form = db.session(), MoveForm()
    convention = acts.current(session, thesis)
    missing = page.missing_shown(facts_of(session, thesis, convention))
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
            )
            notice.say(_("The convention is now: %(state)s.", state=wording.CONVENTION_STATES[to]))
            return redirect(url_for("convention.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
    body = render_template(
        "convention/move.html",
        form=form,
        thesis=thesis,
        convention=convention,
        missing=missing,
        wording=wording,
    )
    return body, 422 if form.errors else 200


@bp.get("/draft.pdf")
@may(Action.VIEW_CONVENTION, on=Thesis)
def draft(thesis: Thesis) -> Any:
    """The text as it stands, with visible blanks; drawn once for the same facts on the same day."""
    session = db.session()
    convention = acts.current(session, thesis)
    asked = tuple(t for t in request.args.get("languages", "").split(",") if t in languages_with_words())
    facts = facts_of(session, thesis, convention)
    if asked:
        from dataclasses import replace

        facts = replace(facts, languages=asked[:4])
    session.rollback()
    try:
        data, _clauses, fingerprint = document.make(
            press(), facts, number=convention.number, final=False, on=g.today
        )
    except CannotPrint as error:
        return _cannot(thesis, error)
    return _pdf(data, f"{thesis.reference}-draft.pdf", fingerprint)


@bp.route("/final", methods=["GET", "POST"])
@may(Action.MAKE_CONVENTION, on=Thesis, whole=False)
def final(thesis: Thesis) -> Any:
    """Make the final version, once the text is complete and approved; its bytes are kept for good."""
    session, form = db.session(), FinalForm()
    convention = acts.current(session, thesis)
    facts = facts_of(session, thesis, convention)
    drafted, to_verify = _to_accept(facts)
    if form.validate_on_submit():
        refused = (drafted and not form.wording.data) or (to_verify and not form.references.data)
        if refused:
            form.refuse(Refused(Reason.WORDING_NOT_ACCEPTED))
        else:
            try:
                return _make_final(thesis, convention, facts, drafted, to_verify)
            except Refused as error:
                form.refuse(error)
            except CannotPrint as error:
                return _cannot(thesis, error)
    body = render_template(
        "convention/final.html",
        form=form,
        thesis=thesis,
        convention=convention,
        drafted=[language_name(tag) for tag in drafted],
        to_verify=[r for p in facts.parties for r in p.references if r.id in to_verify],
        missing=page.missing_shown(facts),
        ready=ConventionState(convention.state) not in EDITABLE,
        wording=wording,
    )
    return body, 422 if form.errors else 200


def _to_accept(facts: Facts) -> tuple[list[str], list[str]]:
    """Drafted languages and references to verify that the office has not accepted yet."""
    session = db.session()
    drafted = document.drafted_languages(facts.languages)
    references = [r.id for p in facts.parties for r in p.references if r.certainty != "sourced"]
    accepted = acts.accepted(session, "wording", drafted), acts.accepted(session, "reference", references)
    return [t for t in drafted if t not in accepted[0]], [r for r in references if r not in accepted[1]]


def _make_final(
    thesis: Thesis, convention: Convention, facts: Facts, drafted: list[str], to_verify: list[str]
) -> Any:
    """Draw first, while nothing is locked; then keep file and row, if the facts are still the same."""
    if ConventionState(convention.state) in EDITABLE:
        raise Refused(Reason.NOT_APPROVED)
    session = db.session()
    last = select(func.max(ConventionVersion.number)).where(ConventionVersion.convention_id == convention.id)
    number = (session.scalar(last) or 0) + 1
    thesis_id, reference, today, actor = thesis.id, thesis.reference, g.today, g.actor
    session.rollback()
    data, clauses, _fingerprint = document.make(press(), facts, number=number, final=True, on=today)
    with transaction() as writing:
        guards.identify(writing)
        claimed, answer = guards.claim(writing)
        if answer is not None:
            return answer
        thesis = writing.get_one(Thesis, thesis_id)
        convention = acts.current(writing, thesis)
        if facts_of(writing, thesis, convention) != facts:
            raise Stale(convention.version)
        acts.accept(writing, "wording", drafted, actor, g.now)
        acts.accept(writing, "reference", to_verify, actor, g.now)
        acts.keep_version(
            writing,
            thesis,
            convention,
            facts,
            actor,
            g.now,
            clauses=clauses,
            file_digest=store().put(db.session(), data),
            engines=engines(),
            final=True,
        )
        notice.say(_("Version %(number)s is made and kept.", number=number))
        response = make_response(redirect(url_for("convention.show", reference=reference), 303))
        if claimed:
            guards.keep_answer(writing, claimed, response)
    return response


@bp.get("/versions/<string:version>.pdf")
@may(Action.VIEW_CONVENTION, on=Thesis)
def version(thesis: Thesis, version: str) -> Any:
    """The kept bytes of a version; never made again."""
    row = db.session.scalar(
        select(ConventionVersion)
        .join(Convention, Convention.id == ConventionVersion.convention_id)
        .where(ConventionVersion.public_id == version, Convention.thesis_id == thesis.id)
    )
    if row is None:
        abort(404)
    return _pdf(
        store().read(db.session(), row.file_digest), f"{thesis.reference}-v{row.number}.pdf", row.facts_digest
    )


def _pdf(data: bytes, name: str, fingerprint: str) -> Any:
    response = make_response(data)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"
    )
    response.headers["ETag"] = f'"{fingerprint}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _cannot(thesis: Thesis, error: CannotPrint) -> Any:
    """Why the document cannot be made, in words, with what to do."""
    read_only()
    current_app.logger.error("document of %s not made: %s", thesis.reference, error.why)
    libraries = missing_libraries()
    text = {
        "libraries": _(
            "System libraries are missing. An administrator types: %(command)s",
            command=install_command(libraries),
        ),
        "size": _("The text is too long: shorten the free texts of the terms."),
        "time": _(
            "Drawing took too long and was stopped. Shorten the free texts of the terms, then try again."
        ),
        "memory": _(
            "Drawing took too much memory and was stopped. Shorten the free texts of the terms, then try again."
        ),
    }.get(
        error.why, _("The engine stopped. Try again; if it goes on, tell the operator of this installation.")
    )
    body = render_template(
        "errors/error.html", status=500, title=_("The document cannot be made"), text=text, reference=""
    )
    return body, 500
