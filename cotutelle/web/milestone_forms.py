"""The forms of a milestone: whom to ask, a day of its own, a signature on paper."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import FieldList, FileField, FormField
from wtforms import Form as Part
from wtforms.validators import DataRequired, Email, Optional

from cotutelle.domain.plan import Signer
from cotutelle.domain.signoff import Proof
from cotutelle.models import (
    Account,
    Document,
    Grant,
    Institution,
    Milestone,
    Person,
    SignOff,
    Supervision,
    Thesis,
    ThesisInstitution,
)
from cotutelle.operations import convention_round, convention_signing
from cotutelle.operations import person as people
from cotutelle.operations.asking import Named
from cotutelle.web import page
from cotutelle.web.fields import Choice, Day, Form, LongText, Text, VersionedForm, options

NOBODY, OTHER = "", "other"
LANGUAGES = options([("fr", "Français"), ("en", "English")])


class WhoForm(Part):
    """Who signs in one capacity: somebody known, or somebody by name and address."""

    who = Choice(_l("Who signs"))
    given_names = Text(_l("Given names"))
    family_name = Text(_l("Family name"))
    email = Text(_l("E-mail address"), [Optional(), Email(_l("This is not an e-mail address."))])
    language = Choice(_l("Language of the letter"), choices=LANGUAGES)


class AskForm(VersionedForm):
    """The document that is signed, and one person for each signature that is missing."""

    document = Choice(_l("Document that is signed"))
    file = FileField(_l("Or add it now"))
    people = FieldList(FormField(WhoForm))


class PaperForm(Form):
    """A signature that exists outside this application: how it was given, whose, of which day, and what shows it."""

    way = Choice(
        _l("How it was given"),
        choices=options(
            [
                (Proof.PAPER, _l("in ink, on paper")),
                (Proof.RECORDED, _l("in a signing tool of their own institution")),
            ]
        ),
        default=Proof.PAPER,
    )
    slot = Choice(_l("In which capacity"), [DataRequired(_l("Choose in which capacity."))])
    who = Choice(_l("Who signed"))
    given_names = Text(_l("Given names"))
    family_name = Text(_l("Family name"))
    on = Day(_l("Signed on"), [DataRequired(_l("Give the day of the signature."))])
    file = FileField(_l("Scan, or the document that shows it"))


class PlanForm(VersionedForm):
    """A day of its own for a milestone, and why; empty goes back to the day required."""

    on = Day(_l("Planned for"))
    why = LongText(_l("Why"))


def documents(session: Session, thesis: Thesis) -> list[Document]:
    """The documents of the thesis that the reader sees, newest first."""
    return page.documents_of(session, thesis)


def known_people(session: Session, thesis: Thesis, signer: str, side: str) -> list[Person]:
    """Who is likely to sign in a capacity for a side: of the file itself first, then who signed so before."""
    if signer == Signer.CANDIDATE:
        return [session.get_one(Person, thesis.candidate_id)]
    here = select(Institution.id).where(Institution.code == side).scalar_subquery()
    found: list[Person] = []
    if signer in (Signer.DIRECTOR, Signer.FORMER_DIRECTOR):
        left = Supervision.until_on.is_not(None)
        rows = session.scalars(
            select(Supervision)
            .where(
                Supervision.thesis_id == thesis.id,
                Supervision.institution_id == here,
                left if signer == Signer.FORMER_DIRECTOR else ~left,
            )
            .order_by(Supervision.role != "director", Supervision.id)
        )
        found += [row.person for row in rows]
    if signer == Signer.SCHOOL:
        found += session.scalars(
            select(Person)
            .join(Account, Account.person_id == Person.id)
            .join(Grant, Grant.person_id == Person.id)
            .join(ThesisInstitution, ThesisInstitution.school_id == Grant.scope_id)
            .where(
                ThesisInstitution.thesis_id == thesis.id,
                ThesisInstitution.institution_id == here,
                Grant.role == "administrator",
                Grant.scope_kind == "school",
                Grant.from_on <= g.today,
                Grant.until_on.is_(None) | (Grant.until_on >= g.today),
                Account.disabled_at.is_(None),
            )
            .order_by(Person.sort_key)
        )
    found += session.scalars(
        select(Person)
        .where(Person.id.in_(select(SignOff.person_id).where(SignOff.signer == signer, SignOff.side == side)))
        .order_by(Person.sort_key)
        .limit(20)
    )
    return list({person.id: person for person in found}.values())


def offer(
    session: Session, thesis: Thesis, form: AskForm, slots: Sequence[tuple[str, str]], row: Milestone
) -> None:
    """Fill the choices: documents of the file, and for each signature those who are likely to give it."""
    listed = documents(session, thesis)
    if convention_round.signs(row):
        agreed = convention_signing.document_to_sign(session, convention_round.convention_of(session, row))
        listed = [each for each in listed if agreed is not None and each.id == agreed.id]
        del form.file
    first = _("Choose") if row.document else _("None")
    form.document.flags.required = bool(row.document)
    form.document.choices = options([("", first), *((each.public_id, each.title) for each in listed)])
    sent = form.is_submitted()
    if form.document.data is None and not sent:
        signed = [each for each in listed if each.id == row.document_id]
        fitting = signed or [each for each in listed if each.kind == row.document]
        form.document.data = fitting[0].public_id if fitting else ""
    while len(form.people) < len(slots):
        form.people.append_entry()
    entries: list[Any] = list(form.people)
    for entry, (signer, side) in zip(entries, slots, strict=False):
        known = known_people(session, thesis, signer, side)
        entry.who.choices = _choices(known, fixed=signer == Signer.CANDIDATE)
        if entry.who.data is None:  # what a sent form does not name is nobody
            entry.who.data = NOBODY if sent else known[0].public_id if known else OTHER
        if entry.language.data is None:
            entry.language.data = _language(session, known[0] if known else None, side)


def _choices(known: Iterable[Person], *, fixed: bool) -> Any:
    pairs = [(row.public_id, f"{row.name}{', ' + row.email if row.email else ''}") for row in known]
    return options([*pairs, *([] if fixed else [(OTHER, _("Somebody else"))]), (NOBODY, _("Nobody for now"))])


def _language(session: Session, person: Person | None, side: str) -> str:
    own = session.scalar(select(Account.language).where(Account.person_id == person.id)) if person else None
    if own in ("fr", "en"):
        return str(own)
    country = session.scalar(select(Institution.country).where(Institution.code == side))
    return "fr" if country in ("FR", None) else "en"


def named(session: Session, form: AskForm, slots: Sequence[tuple[str, str]]) -> list[Named] | None:
    """Whom the form names, one for each signature it asks now; None when something is missing, said beside its field."""
    found, fine = [], True
    for entry, (signer, side) in zip(form.people, slots, strict=False):
        if entry.who.data == NOBODY:
            continue
        person = _person(session, entry)
        fine = fine and person is not None
        if person is not None:
            found.append(Named(signer, side, person, entry.language.data))
    return found if fine else None


def _person(session: Session, entry: Any) -> Person | None:
    """The person of one part of the form, known or entered now."""
    email = (entry.email.data or "").strip()
    if entry.who.data == OTHER:
        if not (entry.family_name.data or "").strip():
            entry.family_name.errors = [_("Give the name of whoever signs.")]
        if not email:
            entry.email.errors = [_("Give the address to which the letter goes.")]
        if entry.family_name.errors or entry.email.errors:
            return None
        return people.by_address(
            session, entry.given_names.data or "", entry.family_name.data, email, g.actor, g.now
        )
    person = session.scalars(select(Person).where(Person.public_id == entry.who.data)).one()
    if not person.email and email:
        people.give_address(session, person, email, g.actor, g.now)
    if not person.email:
        entry.email.errors = [_("%(name)s has no e-mail address yet: give one.", name=person.name)]
        return None
    return person


def slot_choices(slots: Iterable[tuple[str, str]], words: Any, places: Any) -> Any:
    """The signatures of a milestone as choices of a form."""
    return options(
        [
            (f"{signer}:{side}", f"{words[Signer(signer)]}{f' ({places[side]})' if side else ''}")
            for signer, side in slots
        ]
    )


def milestone_of(session: Session, thesis: Thesis, public_id: str) -> Milestone | None:
    """A kept milestone of this thesis by its public name."""
    return session.scalar(
        select(Milestone).where(Milestone.thesis_id == thesis.id, Milestone.public_id == public_id)
    )
