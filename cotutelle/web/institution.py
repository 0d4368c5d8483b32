"""The directory of institutions: names, identifiers, head, schools, units, contacts, offices."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from wtforms import FieldList, FormField, RadioField
from wtforms import Form as PlainForm
from wtforms.validators import URL, DataRequired, Optional, Regexp, ValidationError

from cotutelle.db import db
from cotutelle.domain import identifiers
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.names import folded
from cotutelle.models import Framework, FrameworkParty, Institution, ThesisInstitution, texts_of
from cotutelle.operations import institution as acts
from cotutelle.operations import rulebook as rulebooks
from cotutelle.operations.partnership_facts import of_institution
from cotutelle.operations.signature_level import levels_of
from cotutelle.policy import Action, edits_institution
from cotutelle.web import notice, wording
from cotutelle.web.fields import (
    NEEDED,
    SOMETIMES,
    Choice,
    Form,
    Text,
    Title,
    VersionedForm,
    country_choices,
    forms_in,
    identifier,
    language_choices,
    options,
)
from cotutelle.web.guards import may
from cotutelle.web.signature_words import LEVELS
from cotutelle.web.signing_page import SIGNERS
from cotutelle.web.two_versions import Rows, side_by_side, status_of
from cotutelle.web.wording_partnership import KINDS

bp = Blueprint("institution", __name__, url_prefix="/institutions")
ZONES = (
    "Europe/Paris", "Europe/Brussels", "Europe/London", "Europe/Berlin", "Europe/Stockholm", "Europe/Vilnius",
    "Europe/Bucharest", "Europe/Warsaw", "Europe/Lisbon", "Europe/Madrid", "Europe/Rome", "Europe/Zurich",
    "Europe/Amsterdam", "Europe/Dublin", "Europe/Athens", "America/Sao_Paulo", "America/Toronto", "America/New_York",
    "America/Los_Angeles", "America/Mexico_City", "America/Argentina/Buenos_Aires", "America/Santiago",
    "America/Bogota", "Africa/Tunis", "Africa/Algiers", "Africa/Casablanca", "Africa/Dakar", "Asia/Tokyo",
    "Asia/Shanghai", "Asia/Kolkata", "Asia/Beirut", "Australia/Sydney", "UTC",
)  # fmt: skip


CONVENTION_LANGUAGES = ("fr", "en")
"""The languages of a convention unless somebody chooses others."""


class NameRow(PlainForm):
    """A name, city and legal status in one language."""

    language = Choice(_l("Language"), [Optional(), SOMETIMES])
    name = Text(_l("Name"), most=250)
    city = Text(_l("City"), most=120)
    legal_status = Title(_l("Legal status, as a convention prints it"), most=300)


def _real_day(form: Any, field: Any) -> None:
    """Every year has that day: 29 February is none."""
    month, _dash, number = str(field.data).partition("-")
    try:
        date(2023, int(month), int(number))
    except ValueError:
        raise ValidationError(_("Not every year has this day: choose another.")) from None


class InstitutionForm(VersionedForm):
    """An institution of the directory."""

    code = Text(
        _l("Code"),
        [
            DataRequired(_l("Give a short code, such as ghent.")),
            Regexp(r"^(?!new$)[a-z][a-z0-9-]{1,39}$", message=_l("Small letters, digits and hyphens only.")),
        ],
    )
    short_name = Text(_l("Short name"), [DataRequired(_l("Give the name that lists show."))], most=60)
    texts = FieldList(FormField(NameRow), min_entries=3, max_entries=8)
    country = Choice(_l("Country"), [DataRequired(_l("Choose the country."))])
    street = Text(_l("Street and number"), [Optional(), NEEDED], most=200)
    postcode = Text(_l("Postcode"), most=20)
    time_zone = Choice(_l("Time zone"))
    year_start = Text(
        _l("Academic year begins on (month-day)"),
        [
            DataRequired(_l("Give month and day, such as 09-01.")),
            Regexp(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", message=_l("Month and day, such as 09-01.")),
            _real_day,
        ],
        default="09-01",
    )
    website = Text(_l("Website"), [Optional(), URL(message=_l("An address such as https://www.ugent.be."))])
    may_award_doctorate = RadioField(
        _l("May it award the doctorate?"),
        choices=options([("", _l("Not known")), ("yes", _l("Yes")), ("no", _l("No"))]),
        default="",
    )
    head_name = Text(_l("Head, by name"), [Optional(), NEEDED], most=160)
    head_capacity = Choice(_l("Capacity of the head"), [Optional(), NEEDED])
    head_gender = Choice(_l("The head is addressed as"))
    ror = Text("ROR", [Optional(), identifier("ror", identifiers.ror)])
    erasmus = Text("Erasmus", [Optional(), identifier("erasmus", identifiers.erasmus)])
    schac = Text("SCHAC", [Optional(), identifier("schac", identifiers.schac)])
    uai = Text("UAI", [Optional(), identifier("uai", identifiers.uai)])
    siret = Text("SIRET", [Optional(), identifier("siret", identifiers.siret)])
    naf = Text("NAF", [Optional(), identifier("naf", identifiers.naf)])
    vat = Text(_l("VAT number"), [Optional(), identifier("vat", identifiers.vat)])


@bp.get("")
@may(Action.VIEW_DIRECTORY)
def index() -> Any:
    """Every institution, with how many of the reader's theses it shares."""
    session = db.session()
    words = folded(request.args.get("q", ""))[:100]
    statement = select(Institution).order_by(Institution.sort_key)
    for word in words.split():
        statement = statement.where(Institution.search_key.contains(word, autoescape=True))
    rows = session.scalars(statement).all()
    counts = dict(
        session.execute(
            select(ThesisInstitution.institution_id, func.count(ThesisInstitution.id)).group_by(
                ThesisInstitution.institution_id
            )
        ).all()
    )
    texts = texts_of(session, "institution", [row.id for row in rows])
    return render_template(
        "institution/index.html", rows=rows, counts=counts, texts=texts, q=request.args.get("q", "")[:100]
    )


@bp.get("/<string:code>")
@may(Action.VIEW_DIRECTORY)
def show(code: str) -> Any:
    """One institution: what conventions print of it, its schools, units, contacts and offices."""
    session, row = db.session(), find(code)
    return render_template(
        "institution/show.html",
        row=row,
        texts=texts_of(session, "institution", [row.id])[row.id],
        schools=texts_of(session, "school", [s.id for s in row.schools]),
        units=texts_of(session, "unit", [u.id for u in row.units]),
        contacts=texts_of(session, "contact", [c.id for c in row.contacts]),
        offices=texts_of(session, "office", [o.id for o in row.offices]),
        levels=[(SIGNERS[signer], LEVELS[level]) for signer, level in levels_of(row).items()],
        partnerships=of_institution(session, row.id),
        partnership_kinds=KINDS,
        frameworks=_frameworks(session, row),
        theses=session.scalar(select(func.count()).where(ThesisInstitution.institution_id == row.id)),
        book=next(
            (
                b
                for b in rulebooks.library(session).books
                if b.scope.of_institution and b.scope.institution == row.code
            ),
            None,
        ),
        editable=editable(row),
        wording=wording,
        plain=Form(),
    )


def _frameworks(session: Session, row: Institution) -> list[tuple[Framework, dict[str, str]]]:
    """The framework agreements that bind an institution, with their titles."""
    bound = select(FrameworkParty.framework_id).where(FrameworkParty.institution_id == row.id)
    found = session.scalars(select(Framework).where(Framework.id.in_(bound)).order_by(Framework.id)).all()
    texts = texts_of(session, "framework", [each.id for each in found], "title")
    return [(each, texts[each.id]["title"]) for each in found]


def find(code: str) -> Institution:
    """The institution of that code, or 404."""
    row = db.session.scalar(select(Institution).where(Institution.code == code))
    return row if row is not None else abort(404)


def editable(row: Institution) -> bool:
    """Whether the reader of this request may change the institution's entry."""
    return edits_institution(db.session(), g.reader, row.id, g.today)


@bp.route("/new", methods=["GET", "POST"])
@may(Action.EDIT_DIRECTORY)
def add() -> Any:
    """Enter an institution."""
    return _form(None)


@bp.route("/<string:code>/edit", methods=["GET", "POST"])
@may(Action.VIEW_DIRECTORY)
def edit(code: str) -> Any:
    """Change an institution."""
    row = find(code)
    return _form(row) if editable(row) else abort(403)


def _form(row: Institution | None) -> Any:
    session = db.session()
    form = InstitutionForm(data=None if request.method == "POST" else _data(session, row))
    _offer(form)
    conflict: Rows | None = None
    if form.validate_on_submit():
        try:
            facts = _facts(form, row)
            if row is None:
                row = acts.add_institution(session, facts, g.actor, g.now)
            else:
                acts.edit_institution(session, row, facts, form.seen, g.actor, g.now)
            notice.say(_("%(name)s is saved.", name=row.short_name))
            return redirect(url_for("institution.show", code=row.code), 303)
        except Refused as error:
            form.refuse(error)
        except Stale:
            session.rollback()
            assert row is not None
            conflict = side_by_side(InstitutionForm(formdata=None, data=_data(session, row)), form, _offer)
            form.version.data = str(row.version)
    body = render_template("institution/edit.html", form=form, row=row, conflict=conflict)
    return body, status_of(form, conflict)


def _offer(form: InstitutionForm) -> None:
    form.country.choices = country_choices(_("Choose"))
    form.time_zone.choices = options([(zone, zone.replace("_", " ")) for zone in ZONES])
    form.head_capacity.choices = options([("", _("Not known")), *wording.choices(wording.HEADS)])
    form.head_gender.choices = options(wording.choices(wording.GENDERS))
    for index, entry in enumerate(forms_in(form.texts)):
        entry.language.choices = language_choices("fr", "en", blank=_("Choose"))
        entry.legal_status.flags.needed = entry.language.data in CONVENTION_LANGUAGES
        entry.city.flags.needed = index == 0  # an address has a city, in one language at least


def _data(session: Session, row: Institution | None) -> dict[str, Any]:
    if row is None:
        return {"texts": [{"language": "fr"}, {"language": "en"}, {}], "time_zone": "Europe/Paris"}
    texts = texts_of(session, "institution", [row.id])[row.id]
    tags = list(dict.fromkeys(tag for field in texts.values() for tag in field))
    return {
        **{
            name: getattr(row, name)
            for name in (
                "version",
                "code",
                "short_name",
                "country",
                "street",
                "postcode",
                "time_zone",
                "year_start",
                "website",
                "head_name",
                "head_capacity",
                "head_gender",
            )
        },
        "may_award_doctorate": {True: "yes", False: "no", None: ""}[row.may_award_doctorate],
        "texts": [
            {
                "language": tag,
                **{field: texts.get(field, {}).get(tag, "") for field in ("name", "city", "legal_status")},
            }
            for tag in tags
        ],
        **row.identifiers,
    }


def _facts(form: InstitutionForm, row: Institution | None) -> acts.InstitutionFacts:
    texts: dict[str, dict[str, str]] = {"name": {}, "city": {}, "legal_status": {}}
    for entry in form.texts:
        for field, found in texts.items():
            if entry[field].data and not entry.language.data:
                raise Refused(Reason.LANGUAGE_MISSING)
            if entry[field].data and entry.language.data in found:
                raise Refused(Reason.LANGUAGE_TWICE)
            if entry.language.data and entry[field].data:
                found.setdefault(entry.language.data, entry[field].data)
    names = texts["name"] or {"en": form.short_name.data}
    return acts.InstitutionFacts(
        code=row.code if row else form.code.data,
        short_name=form.short_name.data,
        country=form.country.data,
        names=names,
        original_language=next(iter(names)),
        legal_status=texts["legal_status"],
        city=texts["city"],
        street=form.street.data or "",
        postcode=form.postcode.data or "",
        time_zone=form.time_zone.data or "Europe/Paris",
        website=form.website.data or "",
        languages=row.languages if row else [],
        may_award_doctorate={"yes": True, "no": False}.get(form.may_award_doctorate.data),
        year_start=form.year_start.data,
        identifiers={kind: form[kind].data for kind in identifiers.INSTITUTION if form[kind].data},
        aliases=row.aliases if row else [],
        head_name=form.head_name.data or "",
        head_capacity=form.head_capacity.data or "",
        head_gender=form.head_gender.data or "",
    )
