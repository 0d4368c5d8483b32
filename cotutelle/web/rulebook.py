"""Rulebooks: every rule as a sentence with its source; an installation's own uploaded, checked and dated here."""

from collections import defaultdict
from dataclasses import replace
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
from cotutelle.models import (
    Acceptance,
    Institution,
    Partnership,
    RulebookFile,
    ThesisInstitution,
    ThesisPartnership,
)
from cotutelle.operations import rulebook as acts
from cotutelle.operations.health import reconsider
from cotutelle.policy import Action
from cotutelle.rulebooks.mistakes import Mistake
from cotutelle.rulebooks.reading import MOST_BYTES
from cotutelle.rulebooks.sentences import Speaker, names_in
from cotutelle.web import findings, notice, page
from cotutelle.web.fields import Day, Form, LongText
from cotutelle.web.filters import locale
from cotutelle.web.guards import may

bp = Blueprint("rulebook", __name__, url_prefix="/rulebooks")


class UploadForm(Form):
    """A rulebook as TOML, typed or as a file, and the day from which it acts."""

    text = LongText(_l("The rulebook, as TOML"), [Optional()], most=50_000)
    file = FileField(_l("Or its file"))
    from_on = Day(_l("Acts from"), [DataRequired(_l("Give the day from which it acts."))])


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
    under: dict[int, set[str]] = defaultdict(set)
    for id_, code in session.execute(
        select(ThesisPartnership.thesis_id, Partnership.code).join(
            Partnership, Partnership.id == ThesisPartnership.partnership_id
        )
    ):
        under[id_].add(code)
    places = [
        (id_, replace(shelf.place(code) or Place(code, country), partnerships=frozenset(under[id_])))
        for id_, code, country in parties
    ]
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
        laws=[row for row in rows if not row["book"].scope.institution or row["book"].scope.partnership],
        institutions=sorted(
            (row for row in rows if row["book"].scope.institution and not row["book"].scope.partnership),
            key=lambda r: (-r["theses"], r["name"]),
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
        who=page.names_of(session, {*(upload.by for upload in uploads), *_confirmers(session)}),
        plain=Form(),
    )


def _confirmers(session: Session) -> list[int | None]:
    """The accounts that confirmed some rule."""
    return list(session.scalars(select(Acceptance.by).where(Acceptance.subject == "rule").distinct()))


def _rules(session: Session, shelf: Library, book: Rulebook) -> list[dict[str, Any]]:
    words = Speaker(locale(), names_in(shelf, locale()))
    confirmed = {
        row.key: row for row in session.scalars(select(Acceptance).where(Acceptance.subject == "rule"))
    }
    return [_row(rule, words, confirmed.get(rule.key)) for rule in book.rules]


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
    if form.validate_on_submit() and (text := _given(form)) is not None:
        form.text.data = text
        checked, mistakes = acts.check(db.session(), text)
        if checked is not None and "check" not in request.form:
            try:
                acts.upload(db.session(), text, form.from_on.data, g.actor, g.now)
                reconsider(db.session(), None, g.now)
                notice.say(_("The rulebook %(name)s acts from its day on.", name=checked.id))
                return redirect(url_for("rulebook.show", code=checked.id), 303)
            except Refused as error:
                form.refuse(error)
                checked, mistakes = acts.check(db.session(), text)
    body = render_template(
        "rulebook/upload.html",
        form=form,
        mistakes=mistakes,
        checked=checked,
        sentences=_told(checked) if checked else (),
    )
    return body, 422 if form.errors or mistakes else 200


def _given(form: UploadForm) -> str | None:
    """What was typed, or what the file holds; None, with a sentence beside the field, when both were given.

    A file that is no text becomes a mistake of its first line.
    """
    sent, typed = form.file.data, _lines(form.text.data or "")
    if not sent or not getattr(sent, "filename", ""):
        return typed
    held = _lines(sent.read(MOST_BYTES + 1).decode("utf-8", "replace"))
    if typed not in ("", held, _lines(_template())):
        form.file.errors = [
            _("There is a text in the field above and a file: empty the field, or send no file.")
        ]
        return None
    return held


def _lines(text: str) -> str:
    """A text with plain line ends, so that a file and the same file typed are one."""
    return text.replace("\r\n", "\n").strip()


def _told(checked: Rulebook) -> list[str]:
    """Each rule of a checked file as a sentence, and which of them take the place of a known one."""
    shelf = acts.library(db.session())
    words = Speaker(locale(), names_in(shelf, locale()))
    again = _("It takes the place of the known rule of this name.")
    sentences = [(rule, f"{rule.id}: {words.rule(rule)}") for rule in checked.rules]
    return [f"{said} {again}" if rule.id in shelf.rules else said for rule, said in sentences]


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


@bp.post("/rules/<string:key>/confirm")
@may(Action.EDIT_RULEBOOKS)
def confirm(key: str) -> Any:
    """Confirm an interpretation, or a rule that was to verify: as it stands, it binds from now on."""
    rule = _rule_or_404(key)
    acts.confirm(db.session(), rule, g.actor, g.now)
    reconsider(db.session(), None, g.now)
    notice.say(_("%(rule)s is confirmed and binds from now on.", rule=rule.id))
    return redirect(url_for("rulebook.show", code=rule.book, _anchor=rule.id), 303)


@bp.post("/rules/<string:key>/unconfirm")
@may(Action.EDIT_RULEBOOKS)
def unconfirm(key: str) -> Any:
    """Take a confirmation back: the rule advises again."""
    rule = _rule_or_404(key)
    acts.unconfirm(db.session(), rule, g.actor, g.now)
    reconsider(db.session(), None, g.now)
    notice.say(_("The confirmation of %(rule)s is taken back: it refuses nothing any more.", rule=rule.id))
    return redirect(url_for("rulebook.show", code=rule.book, _anchor=rule.id), 303)


def _rule_or_404(key: str) -> Rule:
    """A rule as it stood when the page was shown; one that changed meanwhile is not found."""
    entries = acts.library(db.session()).rules.get(key.partition("@")[0], ())
    return next((rule for rule in entries if rule.key == key), None) or abort(404)
