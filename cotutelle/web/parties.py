"""Rows of a form that name the institutions of a thesis; the first row is the lead's."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import Optional, ValidationError

from cotutelle.domain.errors import Reason, Refused
from cotutelle.models import Institution, School, Unit, UnitInstitution, texts_of
from cotutelle.operations.parties import PartyFacts
from cotutelle.web import wording
from cotutelle.web.fields import NEEDED, Choice, Day, Text, forms_in, options
from cotutelle.web.filters import text
from cotutelle.web.refusals import refusal

MOST_PARTIES = 6


class PartyRow(PlainForm):
    """One institution and what it is in this thesis."""

    institution = Choice(_l("Institution"))
    school = Choice(_l("Doctoral school or faculty"), [Optional(), NEEDED])
    unit = Choice(_l("Research unit"), [Optional(), NEEDED])
    discipline_fr = Text(_l("Discipline, in French"), [Optional(), NEEDED], most=200)
    discipline_en = Text(_l("Discipline, in English"), [Optional(), NEEDED], most=200)
    role = Choice(_l("Its part"))
    number = Text(_l("The candidate's number there"), most=60)
    first_enrolment = Day(_l("First enrolment there"), [Optional(), NEEDED])
    joined_on = Day(_l("Joined the cotutelle on"))
    left_on = Day(_l("Left it on"))

    def validate_left_on(self, field: Any) -> None:
        """Refuse a departure before the arrival, and a lead that leaves; operations refuse both as well."""
        if field.data and field.name.split("-")[1] == "0":
            raise ValidationError(_("The lead institution cannot leave: put another one first."))
        if field.data and self.joined_on.data and field.data < self.joined_on.data:
            raise ValidationError(refusal(Refused(Reason.DATES_OUT_OF_ORDER, begin=self.joined_on.data)))


class ShortPartyRow(PlainForm):
    """One institution as a registration names it; the rest comes later."""

    institution = Choice(_l("Institution"))
    school = Choice(_l("Doctoral school or faculty"), [Optional(), NEEDED])
    first_enrolment = Day(_l("First enrolment there"), [Optional(), NEEDED])


def offer(session: Session, rows: Any) -> None:
    """Give every row its choices: institutions, their schools, their units."""
    institutions = session.execute(
        select(Institution.id, Institution.code, Institution.short_name).order_by(Institution.sort_key)
    ).all()
    names = texts_of(session, "institution", [i.id for i in institutions], "name")
    listed = [("", _("Choose"))]
    listed += [(i.code, f"{i.short_name} · {text(names[i.id]['name'])}") for i in institutions]
    schools = _grouped(session, School)
    units = _grouped(session, Unit)
    for row in forms_in(rows):
        row.institution.choices = options(listed)
        row.school.choices = schools
        if "unit" in row:
            row.unit.choices = units
            row.role.choices = options(wording.choices(wording.PARTY_ROLES))


def mark(rows: Any, languages: tuple[str, ...] = ("fr", "en")) -> None:
    """Say which answers are needed: two institutions at once, and disciplines in the languages of the text."""
    for index, row in enumerate(forms_in(rows)):
        row.institution.flags.required = index < 2
        for tag in ("fr", "en") if "discipline_fr" in row else ():
            row[f"discipline_{tag}"].flags.needed = tag in languages


def _grouped(session: Session, table: type[School] | type[Unit]) -> list[SelectChoice]:
    if table is School:
        statement = select(School.id, School.public_id, School.code, Institution.short_name).join(
            Institution, Institution.id == School.institution_id
        )
    else:
        statement = (
            select(Unit.id, Unit.public_id, Unit.code, Institution.short_name)
            .join(UnitInstitution, UnitInstitution.unit_id == Unit.id)
            .join(Institution, Institution.id == UnitInstitution.institution_id)
        )
    rows = session.execute(statement.order_by(Institution.short_name)).all()
    kind = "school" if table is School else "unit"
    names = texts_of(session, kind, [row[0] for row in rows], "name")
    listed = [SelectChoice("", _("Not yet known"))]
    for id_, public_id, code, institution in rows:
        label = text(names[id_]["name"]) or code
        listed.append(SelectChoice(public_id, f"{institution} · {label}", optgroup=institution))
    return listed


def facts(session: Session, rows: Any) -> list[PartyFacts]:
    """The parties that the rows name, the first one leading; empty rows are left out.

    Refused for an institution, a school or a unit that is not in the directory.
    """
    found: list[PartyFacts] = []
    for row in forms_in(rows):
        if not row.institution.data:
            continue
        institution = session.scalar(select(Institution).where(Institution.code == row.institution.data))
        if institution is None:
            raise Refused(Reason.UNKNOWN_INSTITUTION, "parties")
        found.append(
            PartyFacts(
                institution=institution,
                lead=not found,
                school_id=_id(session, School, row.school.data, Reason.UNKNOWN_SCHOOL),
                unit_id=_id(session, Unit, row.unit.data, Reason.UNKNOWN_UNIT) if "unit" in row else None,
                discipline=_discipline(row),
                role=row.role.data or "degree" if "role" in row else "degree",
                number=row.number.data or "" if "number" in row else "",
                first_enrolment=row.first_enrolment.data,
                joined_on=row.joined_on.data if "joined_on" in row else None,
                left_on=row.left_on.data if "left_on" in row else None,
            )
        )
    return found


def _discipline(row: Any) -> dict[str, str]:
    if "discipline_fr" not in row:
        return {}
    given = {"fr": row.discipline_fr.data, "en": row.discipline_en.data}
    return {tag: value for tag, value in given.items() if value}


def _id(session: Session, table: Any, public_id: str | None, reason: Reason) -> int | None:
    if not public_id:
        return None
    found = session.scalar(select(table.id).where(table.public_id == public_id))
    if found is None:
        raise Refused(reason, "parties", institution="")
    return int(found)
