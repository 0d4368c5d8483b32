"""A thesis: its page, and changing what is said of it."""

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, FieldList, FormField, RadioField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Optional, Regexp

from cotutelle.db import db
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.models import Institution, Thesis, ThesisInstitution, texts_of
from cotutelle.operations import convention as conventions
from cotutelle.operations import ending
from cotutelle.operations import thesis as acts
from cotutelle.policy import Action
from cotutelle.web import history, notice, page, parties, wording
from cotutelle.web.fields import (
    NEEDED,
    SOMETIMES,
    Choice,
    Day,
    Text,
    Title,
    VersionedForm,
    forms_in,
    language_choices,
    options,
)
from cotutelle.web.guards import may
from cotutelle.web.jury import appointed
from cotutelle.web.missing import missing_shown, steps_of
from cotutelle.web.national_record import signals
from cotutelle.web.two_versions import Rows, side_by_side, status_of
from cotutelle.web.wording_partnership import KINDS

bp = Blueprint("thesis", __name__, url_prefix="/theses")
TITLE_MOST = 500


class TitleRow(PlainForm):
    """The title in one more language."""

    language = Choice(_l("Language"), [Optional(), SOMETIMES])
    title = Title(_l("Title in this language"), most=TITLE_MOST)


class ThesisForm(VersionedForm):
    """What is said of the thesis as a whole."""

    title = Title(
        _l("Title"),
        [DataRequired(_l("Give the title of the thesis; it may be provisional."))],
        most=TITLE_MOST,
    )
    title_language = Choice(
        _l("Language of this title"), [DataRequired(_l("Say in which language this title is."))]
    )
    translations = FieldList(FormField(TitleRow), min_entries=3, max_entries=8)
    thesis_language = Choice(_l("Language of the thesis"), [Optional(), NEEDED])
    defence_language = Choice(_l("Language of the defence"), [Optional(), NEEDED])
    mode = RadioField(
        _l("Time"),
        choices=options([("", _l("Not yet known")), ("full", _l("Full time")), ("part", _l("Part time"))]),
        default="",
        validators=[Optional(), NEEDED],
    )
    defence_from = Day(_l("Defence planned from"), [Optional(), NEEDED])
    defence_until = Day(_l("Defence planned until"), [Optional(), NEEDED])
    defence_on = Day(_l("Day of the defence, once fixed"))
    defence_institution = Choice(_l("Defence at"))
    defence_hour = Text(
        _l("Hour of the defence"),
        [Optional(), Regexp(r"^([01]?\d|2[0-3])[:h][0-5]\d$", message=_l("An hour such as 14:30."))],
        most=5,
    )
    defence_place = Text(_l("Room or place of the defence"), most=200)
    diploma_form = RadioField(
        _l("What is awarded"),
        choices=options([("", _l("Not yet settled")), *wording.DIPLOMAS.items()]),
        default="",
        validators=[Optional(), NEEDED],
    )
    confidential = BooleanField(_l("The subject is confidential"))


class PartiesForm(VersionedForm):
    """The institutions of the thesis; the first one leads."""

    parties = FieldList(FormField(parties.PartyRow), min_entries=2, max_entries=parties.MOST_PARTIES)


@bp.get("/<string:reference>")
@may(Action.VIEW_THESIS, on=Thesis, kept=True)
def show(thesis: Thesis) -> Any:
    """Everything about one thesis that the reader may see, the institutions side by side as equals."""
    shown = page.of(db.session(), thesis)
    return render_template(
        "thesis/show.html",
        **shown,
        **history.latest(db.session(), thesis),
        missing=missing_shown(shown["facts"]),
        jury=appointed(db.session(), thesis, shown["parties"]),
        partnership_kinds=KINDS,
        signals=page.allowed(Action.VIEW_PRIVATE) or signals(thesis),
        kept_by=ending.kept_by(db.session(), thesis),
        wording=wording,
    )


@bp.get("/<string:reference>/steps")
@may(Action.EDIT_SIDE, on=Thesis)
def steps(thesis: Thesis) -> Any:
    """The steps that complete the file, each with what it still lacks."""
    return render_template("thesis/steps.html", **steps_of(db.session(), thesis), wording=wording)


@bp.route("/<string:reference>/edit", methods=["GET", "POST"])
@may(Action.EDIT_THESIS, on=Thesis)
def edit(thesis: Thesis) -> Any:
    """Change title, languages, defence and award."""
    session = db.session()
    form = ThesisForm(data=None if request.method == "POST" else _thesis_data(session, thesis))
    _offer_thesis(session, thesis, form)
    rows: Rows | None = None
    if form.validate_on_submit():
        try:
            acts.edit(
                session,
                thesis,
                _thesis_facts(session, thesis, form),
                form.seen,
                g.actor,
                g.now,
                today=g.today,
            )
            notice.say(_("Saved."))
            return redirect(url_for("thesis.show", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            rows = side_by_side(
                ThesisForm(formdata=None, data=_thesis_data(session, thesis)),
                form,
                lambda f: _offer_thesis(session, thesis, f),
            )
            form.version.data = str(thesis.version)
    status = status_of(form, rows)
    return render_template("thesis/edit.html", form=form, thesis=thesis, conflict=rows), status


def _thesis_data(session: Session, thesis: Thesis) -> dict[str, Any]:
    titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
    original = next(iter(titles), "fr")
    institution = (
        session.get(Institution, thesis.defence_institution_id) if thesis.defence_institution_id else None
    )
    return {
        "version": thesis.version,
        "title": titles.get(original, ""),
        "title_language": original,
        "translations": [{"language": tag, "title": t} for tag, t in titles.items() if tag != original],
        "thesis_language": thesis.thesis_language or "",
        "defence_language": thesis.defence_language or "",
        "mode": thesis.mode or "",
        "defence_from": thesis.defence_from,
        "defence_until": thesis.defence_until,
        "defence_on": thesis.defence_on,
        "defence_institution": institution.code if institution else "",
        "defence_place": thesis.defence_place,
        "defence_hour": thesis.defence_hour,
        "diploma_form": thesis.diploma_form or "",
        "confidential": thesis.confidential,
    }


def _offer_thesis(session: Session, thesis: Thesis, form: ThesisForm) -> None:
    here = [(p.institution.code, p.institution.short_name) for p in thesis.parties]
    form.defence_institution.choices = options([("", _("Not yet known")), *here])
    form.title_language.choices = language_choices("fr", "en")
    for field in (form.thesis_language, form.defence_language):
        field.choices = language_choices("fr", "en", blank=_("Not yet known"))
    for row in forms_in(form.translations):
        row.language.choices = language_choices("fr", "en", blank=_("Choose"))


def _thesis_facts(session: Session, thesis: Thesis, form: ThesisForm) -> acts.ThesisFacts:
    titles = {form.title_language.data: form.title.data}
    for row in form.translations:
        if row.title.data and not row.language.data:
            raise Refused(Reason.LANGUAGE_MISSING)
        if row.title.data and row.language.data in titles:
            raise Refused(Reason.LANGUAGE_TWICE)
        if row.title.data:
            titles[row.language.data] = row.title.data
    place = next(
        (p.institution_id for p in thesis.parties if p.institution.code == form.defence_institution.data),
        None,
    )
    return acts.ThesisFacts(
        titles=titles,
        title_original=form.title_language.data,
        mode=form.mode.data or None,
        thesis_language=form.thesis_language.data or None,
        defence_language=form.defence_language.data or None,
        defence_from=form.defence_from.data,
        defence_until=form.defence_until.data,
        defence_on=form.defence_on.data,
        defence_institution_id=place,
        defence_place=form.defence_place.data or "",
        defence_hour=_hour(form.defence_hour.data or ""),
        diploma_form=form.diploma_form.data or None,
        confidential=bool(form.confidential.data),
    )


def _hour(typed: str) -> str:
    """An hour as it is kept: two digits, a colon, two digits."""
    return typed.replace("h", ":").rjust(5, "0") if typed else ""


@bp.route("/<string:reference>/institutions", methods=["GET", "POST"])
@may(Action.EDIT_THESIS, on=Thesis)
def institutions(thesis: Thesis) -> Any:
    """Change the institutions of the thesis and what each is there."""
    session = db.session()
    form = PartiesForm(data=None if request.method == "POST" else _parties_data(session, thesis))
    parties.offer(session, form.parties)
    if request.method == "GET" and len(form.parties) < parties.MOST_PARTIES:
        form.parties.append_entry()
        parties.offer(session, form.parties)
    rows: Rows | None = None
    if form.validate_on_submit():
        try:
            facts = parties.facts(session, form.parties)
            acts.edit_parties(session, thesis, facts, form.seen, g.actor, g.now, today=g.today)
            notice.say(_("Saved."))
            return redirect(url_for("thesis.steps", reference=thesis.reference), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            now = PartiesForm(formdata=None, data=_parties_data(session, thesis))
            rows = side_by_side(now, form, lambda f: parties.offer(session, f.parties))
            form.version.data = str(thesis.version)
    parties.mark(form.parties, tuple(conventions.current(session, thesis).languages))
    status = status_of(form, rows)
    return render_template("thesis/institutions.html", form=form, thesis=thesis, conflict=rows), status


def _parties_data(session: Session, thesis: Thesis) -> dict[str, Any]:
    rows = session.scalars(
        select(ThesisInstitution)
        .where(ThesisInstitution.thesis_id == thesis.id)
        .order_by(ThesisInstitution.position)
    ).all()
    disciplines = texts_of(session, "thesis_institution", [r.id for r in rows], "discipline")
    return {
        "version": thesis.version,
        "parties": [
            {
                "institution": row.institution.code,
                "school": row.school.public_id if row.school else "",
                "unit": row.unit.public_id if row.unit else "",
                "discipline_fr": disciplines[row.id]["discipline"].get("fr", ""),
                "discipline_en": disciplines[row.id]["discipline"].get("en", ""),
                "role": row.role,
                "number": row.number,
                "first_enrolment": row.first_enrolment,
                "joined_on": row.joined_on,
                "left_on": row.left_on,
            }
            for row in rows
        ],
    }


def part_of(thesis: Thesis, table: Any, public_id: str) -> Any:
    """A part of this thesis by its public id; 404 when it is another's."""
    row = db.session.scalar(select(table).where(table.public_id == public_id, table.thesis_id == thesis.id))
    if row is None:
        abort(404)
    return row
