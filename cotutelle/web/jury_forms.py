"""The forms of the jury: one seat, remote participation, a day with a note."""

from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import DataRequired, Optional, ValidationError

from cotutelle.domain.jury import Seat as PlainSeat
from cotutelle.domain.jury import SeatRole
from cotutelle.models import Institution, Seat, Thesis
from cotutelle.operations.dossier import GENDERS
from cotutelle.operations.jury import SeatFacts
from cotutelle.web import page, wording
from cotutelle.web.fields import Choice, Day, LongText, Text, VersionedForm, options
from cotutelle.web.people_fields import PersonForm

RANKS = {
    "": _l("Not yet known"),
    "A": _l("A: professor or equivalent"),
    "B": _l("B: lecturer or equivalent"),
    "none": _l("Neither"),
}
CAPACITIES = {
    "member": _l("Member"),
    "rapporteur": _l("Rapporteur who sits"),
    "rapporteur_only": _l("Rapporteur who only writes"),
    "third_rapporteur": _l("Third rapporteur, from outside academia"),
    "director": _l("Thesis director"),
    "co_director": _l("Co-director"),
    "co_supervisor": _l("Co-supervisor"),
    "invited": _l("Guest, without a voice"),
}
"""What somebody is in the jury: role, report and supervision in one answer."""
_PARTS: dict[str, tuple[str, str, str]] = {  # role, rapporteur, supervision
    "member": ("member", "", ""),
    "rapporteur": ("member", "academic", ""),
    "rapporteur_only": ("none", "academic", ""),
    "third_rapporteur": ("member", "socio_economic", ""),
    "director": ("member", "", "director"),
    "co_director": ("member", "", "co_director"),
    "co_supervisor": ("member", "", "co_supervisor"),
    "invited": ("invited", "", ""),
}
YES_NO = options([("yes", _l("Yes")), ("no", _l("No")), ("", _l("Not known"))])


def _not_ahead(form: Any, field: Any) -> None:
    if field.data and field.data > g.today:
        raise ValidationError(_("This day has not come yet: check the date."))


class SeatForm(VersionedForm, PersonForm):
    """One person of the jury: who, from where, of which rank, in which capacity."""

    capacity = Choice(_l("In the jury as"), default="member")
    institution = Choice(_l("Institution"))
    elsewhere = Text(_l("Or another institution"), most=200)
    attached = Choice(_l("Belongs to the doctoral school of"))
    grade = Text(_l("Rank, as the institution names it"), most=120)
    rank = Choice(_l("Counts as rank"))
    accredited = RadioField(_l("HDR or equivalent"), choices=YES_NO, default="", validators=[Optional()])
    emeritus = BooleanField(_l("Emeritus"))
    gender = Choice(_l("Gender, as they say"))
    sits = BooleanField(_l("Sits in the jury"), default=True)
    decides = BooleanField(_l("Takes part in the decision"), default=True)
    president = BooleanField(_l("Presides"))
    copublished = RadioField(
        _l("Has published with the candidate"), choices=YES_NO, default="", validators=[Optional()]
    )
    on_committee = RadioField(
        _l("Sat on the monitoring committee"), choices=YES_NO, default="", validators=[Optional()]
    )
    remote = BooleanField(_l("Takes part remotely"))
    report_on = Day(_l("Report received on"), [Optional(), _not_ahead])
    impartial_on = Day(_l("Statement of impartiality of"), [Optional(), _not_ahead])
    short = HiddenField()

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        if self.short.data:  # the short form does not ask who decides
            self.decides.data, self.short.data = not supervises(self.capacity.data), ""


class RemoteForm(VersionedForm):
    """Who takes part from afar, and whether the head of institution authorised it."""

    mode = Choice(
        _l("Who takes part remotely"),
        [DataRequired(_l("Choose an answer."))],
        choices=options([("none", _l("Nobody")), ("partial", _l("Some members")), ("full", _l("Everybody"))]),
    )
    authorised = RadioField(
        _l("Authorised by the head of institution"), choices=YES_NO, default="", validators=[Optional()]
    )


class StepForm(VersionedForm):
    """A step of the jury on a day: proposed, decided."""

    on = Day(_l("On"), [DataRequired(_l("Give the day.")), _not_ahead])


class ApprovalForm(StepForm):
    """That an institution approved the jury."""

    institution = Choice(_l("Approved by"), [DataRequired(_l("Choose the institution."))])
    note = LongText(_l("By whom, and how it reached the office"), most=1000)


class ReopenForm(VersionedForm):
    """Why the jury is taken back."""

    reason = LongText(_l("Reason"), [DataRequired(_l("Say why the jury is changed."))], most=1000)


def offer(session: Session, thesis: Thesis, form: SeatForm) -> None:
    """Fill the choices of a seat: the parties first, then the directory."""
    parties = [(party["code"], party["short_name"]) for party in page.parties_of(session, thesis)]
    codes = {code for code, _name in parties}
    listed = session.execute(select(Institution.code, Institution.short_name).order_by(Institution.sort_key))
    others = [(code, name) for code, name in listed if code not in codes]
    form.institution.choices = options([("", _("Elsewhere")), *parties, *others])
    form.attached.choices = options([("", _("None of them")), *parties])
    form.rank.choices = options(wording.choices(RANKS))
    form.capacity.choices = options(wording.choices(CAPACITIES))
    form.gender.choices = options(wording.choices(wording.GENDERS))


def supervises(capacity: str | None) -> bool:
    """Whether somebody in this capacity supervises: they sit without deciding until somebody says otherwise."""
    return bool(_PARTS.get(capacity or "member", _PARTS["member"])[2])


def values_of(session: Session, form: SeatForm) -> SeatFacts:
    """What the form says, as the operation takes it."""
    role, rapporteur, supervision = _PARTS.get(form.capacity.data or "member", _PARTS["member"])
    if role == "member" and not form.sits.data:
        role = "none"
    here = _institution(session, form.institution.data)
    attached = _institution(session, form.attached.data)
    return SeatFacts(
        institution_id=here.id if here else None,
        elsewhere="" if here else form.elsewhere.data or "",
        attached_id=attached.id if attached else None,
        grade=form.grade.data or "",
        rank=form.rank.data or "",
        emeritus=bool(form.emeritus.data),
        accredited=_answer(form.accredited.data),
        gender=form.gender.data or "",
        role=role,
        supervision=supervision,
        rapporteur=rapporteur,
        president=bool(form.president.data),
        decides=bool(form.decides.data) and role == "member",
        copublished=_answer(form.copublished.data),
        on_committee=_answer(form.on_committee.data),
        remote=bool(form.remote.data),
        report_on=form.report_on.data,
        impartial_on=form.impartial_on.data,
    )


def seat_of(session: Session, thesis: Thesis, form: SeatForm, id_: str) -> PlainSeat:
    """The seat as it is typed, for the rules to look at before it is saved."""
    values = values_of(session, form)
    codes = {party["id"]: party["code"] for party in page.parties_of(session, thesis)}
    return PlainSeat(
        id=id_,
        institution=codes.get(values.institution_id or 0)
        or form.institution.data
        or values.elsewhere
        or "elsewhere",
        role=SeatRole(values.role),
        rank=values.rank or None,
        emeritus=values.emeritus,
        accredited=values.accredited,
        gender=GENDERS.get(values.gender),
        supervision=values.supervision or None,
        rapporteur=values.rapporteur or None,
        president=values.president,
        decides=values.decides,
        attached=codes.get(values.attached_id or 0),
        copublished=values.copublished,
        on_committee=values.on_committee,
        remote=values.remote,
        report_on=values.report_on,
    )


def data_of(seat: Seat) -> dict[str, Any]:
    """A seat as its form shows it."""
    person = seat.person
    return {
        **{name: getattr(person, name) for name in ("family_name", "given_names", "written_name", "email", "orcid")},
        **{name: getattr(seat, name) for name in (
            "elsewhere", "grade", "rank", "emeritus", "gender", "decides", "president", "remote", "report_on", "impartial_on",
        )},
        "capacity": capacity_of(seat),
        "sits": seat.role == "member",
        "institution": seat.institution.code if seat.institution else "",
        "attached": seat.attached.code if seat.attached else "",
        "accredited": _word(seat.accredited),
        "copublished": _word(seat.copublished),
        "on_committee": _word(seat.on_committee),
    }  # fmt: skip


def capacity_of(seat: Seat) -> str:
    """What somebody is in the jury, in one word."""
    if seat.role == "invited":
        return "invited"
    if seat.supervision:
        return seat.supervision
    if seat.rapporteur == "socio_economic":
        return "third_rapporteur"
    if seat.rapporteur:
        return "rapporteur" if seat.role == "member" else "rapporteur_only"
    return "member"


def _institution(session: Session, code: str | None) -> Institution | None:
    return session.scalar(select(Institution).where(Institution.code == code)) if code else None


def _answer(value: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(value or "")


def _word(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]
