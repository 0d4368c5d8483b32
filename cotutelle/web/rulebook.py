"""Rulebooks: every rule as a sentence with its source; an installation's own uploaded, checked and dated here."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import FileField
from wtforms.validators import DataRequired, Optional

from cotutelle.db import db
from cotutelle.domain.dossier import Place
from cotutelle.domain.errors import Refused
from cotutelle.domain.rulebook import Library, Rule, Rulebook
from cotutelle.models import Acceptance, Institution, Reading, RulebookFile, School, Thesis, ThesisInstitution
from cotutelle.operations import rulebook as acts
from cotutelle.operations.health import reconsider
from cotutelle.policy import Action
from cotutelle.rulebooks.reading import MOST_BYTES, Mistake
from cotutelle.rulebooks.sentences import Speaker, names_in
from cotutelle.web import findings, notice
from cotutelle.web.fields import Choice, Day, Form, LongText, options
from cotutelle.web.filters import locale
from cotutelle.web.guards import may

bp = Blueprint("rulebook", __name__, url_prefix="/rulebooks")

QUESTIONS = {
    "directors_counted": _l("Are directors who sit counted in shares?"),
    "emeritus_rank_a": _l("Do emeriti count as rank A, and may they preside?"),
    "external_to": _l("External to whom?"),
    "balance_tolerance": _l("By how much may the numbers of two institutions differ?"),
    "gender_least": _l("How many of each gender at least?"),
}
ANSWERS = {
    "yes": _l("Yes"), "no": _l("No"), "all": _l("To all institutions of the cotutelle"),
    "own": _l("To the institution itself"), "0": _l("0"), "1": _l("1"), "2": _l("2"),
}  # fmt: skip


class UploadForm(Form):
    """A rulebook as TOML, typed or as a file, and the day from which it acts."""

    text = LongText(_l("The rulebook, as TOML"), [Optional()], most=50_000)
    file = FileField(_l("Or its file"))
    from_on = Day(_l("Acts from"), [DataRequired(_l("Give the day from which it acts."))])


class ReadingForm(Form):
    """How an institution or school reads a question that the texts leave open."""

    school = Choice(_l("For"), [DataRequired(_l("Choose for whom."))])
    answer = Choice(_l("Question and answer"), [DataRequired(_l("Choose an answer."))])
    from_on = Day(_l("From"), [DataRequired(_l("Give the day."))])
    reason = LongText(_l("Decided by whom, and where it is written"), most=1000)


@bp.get("")
@may(Action.VIEW_RULEBOOKS)
def index() -> Any:
    """Every rulebook, with how many of the reader's theses each touches."""
    session = db.session()
    shelf = acts.library(session)
    uploads = session.scalars(select(RulebookFile).where(RulebookFile.withdrawn_at.is_(None))).all()
    parties = session.execute(
        select(ThesisInstitution.thesis_id, Institution.code, Institution.country).join(
            Institution, Institution.id == ThesisInstitution.institution_id
        )
    ).all()
    places = [(id_, shelf.place(code) or Place(code, country)) for id_, code, country in parties]
    rows: list[dict[str, Any]] = [
        {
            "book": book,
            "name": book.names.get(locale(), book.names["en"]),
            "theses": len({id_ for id_, place in places if book.scope.covers(place)}),
            "own": any(upload.code == book.id for upload in uploads),
        }
        for book in shelf.books
    ]
    return render_template(
        "rulebook/index.html",
        laws=[row for row in rows if not row["book"].scope.institution],
        institutions=sorted(
            (row for row in rows if row["book"].scope.institution), key=lambda r: (-r["theses"], r["name"])
        ),
        rejected=acts.rejected(session),
        strays=[upload for upload in uploads if upload.code not in {book.id for book in shelf.books}],
        plain=Form(),
    )


@bp.get("/<string:code>")
@may(Action.VIEW_RULEBOOKS)
def show(code: str) -> Any:
    """One rulebook, each rule as a sentence with figures, source, dates and certainty."""
    session = db.session()
    shelf = acts.library(session)
    book = next((each for each in shelf.books if each.id == code), None)
    if book is None:
        abort(404)
    uploads = session.scalars(
        select(RulebookFile).where(RulebookFile.code == code).order_by(RulebookFile.id.desc())
    ).all()
    return render_template(
        "rulebook/show.html",
        book=book,
        name=book.names.get(locale(), book.names["en"]),
        rules=_rules(session, shelf, book),
        uploads=uploads,
        plain=Form(),
    )


def _rules(session: Session, shelf: Library, book: Rulebook) -> list[dict[str, Any]]:
    words = Speaker(locale(), names_in(shelf))
    confirmed = {
        row.key: row for row in session.scalars(select(Acceptance).where(Acceptance.subject == "rule"))
    }
    return [_row(rule, words, confirmed.get(rule.id)) for rule in book.rules]


def _row(rule: Rule, words: Speaker, confirmed: Acceptance | None) -> dict[str, Any]:
    article = _("art. %(number)s", number=rule.source.article) if rule.source.article else ""
    return {
        "rule": rule,
        "sentence": words.rule(rule),
        "severity": findings.SEVERITIES[rule.severity],
        "certainty": findings.CERTAINTIES[rule.certainty],
        "source": ", ".join(part for part in (rule.source.text, article) if part),
        "confirmed": confirmed,
        "may_confirm": rule.certainty != "sourced" and rule.severity != "recommendation",
    }


@bp.route("/upload", methods=["GET", "POST"])
@may(Action.EDIT_RULEBOOKS)
def upload() -> Any:
    """Check a rulebook, and put it on the shelf from a day on."""
    form = UploadForm(data=None if request.method == "POST" else {"from_on": g.today, "text": _template()})
    mistakes: list[Mistake] = []
    checked: Rulebook | None = None
    if form.validate_on_submit():
        text = _text(form)
        checked, mistakes = acts.check(db.session(), text)
        if checked is not None and "check" not in request.form:
            try:
                acts.upload(db.session(), text, form.from_on.data, g.actor, g.now)
                reconsider(db.session(), None, g.now)
                notice.say(_("The rulebook %(name)s acts from its day on.", name=checked.id))
                return redirect(url_for("rulebook.show", code=checked.id), 303)
            except Refused as error:
                form.refuse(error)
        form.text.data = text
    sentences = []
    if checked is not None:
        words = Speaker(locale(), names_in(acts.library(db.session())))
        sentences = [f"{rule.id}: {words.rule(rule)}" for rule in checked.rules]
    body = render_template(
        "rulebook/upload.html", form=form, mistakes=mistakes, checked=checked, sentences=sentences
    )
    return body, 422 if form.errors or mistakes else 200


def _text(form: UploadForm) -> str:
    """What was typed, or what the file holds; a file that is no text becomes a mistake of its first line."""
    sent = form.file.data
    if sent and getattr(sent, "filename", ""):
        return str(sent.read(MOST_BYTES + 1).decode("utf-8", "replace"))
    return str(form.text.data or "")


def _template() -> str:
    """A rulebook to begin from."""
    return (
        '[rulebook]\nid = ""\nname.fr = ""\nname.en = ""\nscope = { institution = "", country = "" }\n'
        f"read_on = {g.today.isoformat()}\n\n"
        '[[rule]]\nid = ""\ncheck = "stay_minimum"\nfigures = { at = "own", months = 6 }\n'
        'severity = "institutional"\ncertainty = "sourced"\nsource = { text = "", article = "", url = "" }\n'
    )


@bp.post("/files/<string:file>/remove")
@may(Action.EDIT_RULEBOOKS)
def withdraw(file: str) -> Any:
    """Take an uploaded rulebook off the shelf."""
    session = db.session()
    row = session.scalar(
        select(RulebookFile).where(RulebookFile.public_id == file, RulebookFile.withdrawn_at.is_(None))
    )
    if row is None:
        abort(404)
    acts.withdraw(session, row, g.actor, g.now)
    reconsider(session, None, g.now)
    notice.say(_("The file is withdrawn; the rules that it replaced hold again."))
    return redirect(url_for("rulebook.index"), 303)


@bp.post("/rules/<string:rule>/confirm")
@may(Action.EDIT_RULEBOOKS)
def confirm(rule: str) -> Any:
    """Confirm an interpretation, or a rule that was to verify: it binds from now on."""
    session = db.session()
    entries = acts.library(session).rules.get(rule)
    if not entries:
        abort(404)
    acts.confirm(session, rule, g.actor, g.now)
    reconsider(session, None, g.now)
    notice.say(_("%(rule)s is confirmed and binds from now on.", rule=rule))
    return redirect(url_for("rulebook.show", code=entries[-1].book, _anchor=rule), 303)


@bp.route("/readings", methods=["GET", "POST"])
@may(Action.EDIT_RULEBOOKS)
def readings() -> Any:
    """How institutions and schools read what the texts leave open: who chose, from when."""
    session = db.session()
    form = ReadingForm(data=None if request.method == "POST" else {"from_on": g.today})
    places = _places(session)
    form.school.choices = options([("", _("Choose")), *((key, label) for key, label, _i, _s in places)])
    form.answer.choices = options([("", _("Choose")), *(
        (f"{key}:{value}", f"{QUESTIONS[key]} {ANSWERS[value]}") for key, values in acts.CHOICES.items() for value in values
    )])  # fmt: skip
    if form.validate_on_submit():
        institution, school = next((i, s) for key, _label, i, s in places if key == form.school.data)
        question, _separator, value = str(form.answer.data).partition(":")
        try:
            acts.choose_reading(
                session, institution, school, question, value, form.from_on.data, g.actor, g.now, reason=form.reason.data or ""
            )  # fmt: skip
            reconsider(session, None, g.now)
            notice.say(_("The reading is chosen."))
            return redirect(url_for("rulebook.readings"), 303)
        except Refused as error:
            form.refuse(error)
    rows = session.execute(
        select(Reading, Institution, School)
        .join(Institution, Institution.id == Reading.institution_id)
        .outerjoin(School, School.id == Reading.school_id)
        .order_by(Reading.id.desc())
    ).all()
    body = render_template(
        "rulebook/readings.html", form=form, rows=rows, questions=QUESTIONS, answers=ANSWERS
    )
    return body, 422 if form.errors else 200


def _places(session: Session) -> list[tuple[str, str, Institution, School | None]]:
    """The institutions of the reader's theses and their schools, as choices."""
    ids = select(ThesisInstitution.institution_id).where(ThesisInstitution.thesis_id.in_(select(Thesis.id)))
    found: list[tuple[str, str, Institution, School | None]] = []
    for institution in session.scalars(
        select(Institution).where(Institution.id.in_(ids)).order_by(Institution.sort_key)
    ):
        found.append((institution.code, institution.short_name, institution, None))
        found += [
            (
                f"{institution.code}:{school.code}",
                f"{institution.short_name} · {school.code}",
                institution,
                school,
            )
            for school in institution.schools
        ]
    return found
