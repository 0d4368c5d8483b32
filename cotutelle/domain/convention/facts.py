"""The facts of one convention, frozen: what the thesis says and what the parties settled.

They are what a version keeps as JSON (``SCHEMA``), and all that a clause may look at.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cotutelle.domain.convention.framework import Framework
from cotutelle.domain.convention.own import OwnWording
from cotutelle.domain.convention.terms import Terms

SCHEMA = 2
"""Raised whenever the JSON of the facts changes shape; `upgrade` in `record` brings older ones along."""

Texts = dict[str, str]
"""One content in several languages, keyed by language tag."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A legal text that a party refers to; `certainty` as in the rulebooks."""

    id: str
    texts: Texts
    certainty: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to write to at a party."""

    name: str
    role: Texts
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """One institution of the cotutelle; `position` 1 is the lead, and strands follow it."""

    code: str
    position: int
    lead: bool
    awards: bool
    names: Texts
    short_name: str
    country: str
    legal_status: Texts
    address: Texts
    city: Texts
    registration_number: str | None = None
    head_name: str | None = None
    head_capacity: str | None = None
    head_gender: str | None = None
    may_award_doctorate: bool | None = None
    school: Texts = field(default_factory=dict)
    school_head: str | None = None
    unit: Texts = field(default_factory=dict)
    unit_head: str | None = None
    discipline: Texts = field(default_factory=dict)
    candidate_number: str | None = None
    first_year: str | None = None
    contact: Contact | None = None
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """The person who prepares the thesis, as the act names them."""

    name: str
    gender: str | None = None
    birth_name: str | None = None
    birth_date: date | None = None
    birth_place: str | None = None
    birth_country: str | None = None
    nationality: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A director, co-director or co-supervisor, with the capacity in which they act."""

    name: str
    role: str
    party: str
    gender: str | None = None
    position: str | None = None
    accreditation: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedStay:
    """A period that the candidate is to spend at a party, ends included."""

    party: str
    begin: date
    end: date


@dataclass(frozen=True, slots=True)
class FeeYear:
    """One academic year: who is paid, or None while nobody has decided."""

    year: str
    payer: str | None


@dataclass(frozen=True, slots=True)
class Funding:
    """A source of money for the candidate."""

    kind: str
    funder: str
    begin: date | None = None
    end: date | None = None
    monthly_amount: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Derogation:
    """A rule that the parties set aside in writing (order of 25 May 2016, article 20)."""

    rule: str
    article: str
    reason: Texts
    replacement: Texts
    asked_by: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """What makes a text an amendment: the facts beside it are those of the convention as it changes it.

    `triggers` and `reason` say what it is made for; `clauses` are the ones that read otherwise through it. `amends`
    is the fingerprint of the text before, `signed_on` the day on which the convention came into force, `earlier`
    those from which the amendments before this one count. `parties` are all that conclude it, as they are represented
    now: those that leave by it sign with those who stay and come.
    """

    number: int
    triggers: tuple[str, ...]
    reason: Texts
    effective_on: date | None
    clauses: tuple[str, ...]
    amends: str
    signed_on: date | None
    earlier: tuple[date, ...] = ()
    leaving: tuple[Supervisor, ...] = ()
    leaving_parties: tuple[Party, ...] = ()
    parties: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a subject of the catalogue stands in a text drafted elsewhere: `state` there, departs or absent."""

    clause: str
    state: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """That the text of a convention was drafted elsewhere: the fingerprint of its file, and what stands where in it."""

    digest: str
    filename: str
    media_type: str
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the clauses may look at. Dates are plain; nothing here depends on today.

    `layout` says how the languages stand: ``columns``, or ``parts`` for one after the other.
    """

    reference: str
    parties: tuple[Party, ...]
    candidate: Candidate
    titles: Texts
    title_original: str
    supervisors: tuple[Supervisor, ...]
    thesis_language: str | None
    defence_language: str | None
    diploma_form: str | None
    full_time: bool | None
    confidential: bool
    defence_from: date | None
    defence_until: date | None
    stays: tuple[PlannedStay, ...]
    fees: tuple[FeeYear, ...]
    fundings: tuple[Funding, ...]
    derogations: tuple[Derogation, ...]
    languages: tuple[str, ...]
    terms: Terms
    amendment: Amendment | None = None
    elsewhere: Elsewhere | None = None
    framework: Framework | None = None
    wordings: tuple[OwnWording, ...] = ()
    layout: str = "columns"

    def own_wordings(self, clause: str) -> dict[str, OwnWording]:
        """What an office words itself of a clause, by language; empty where it is worded as shipped."""
        return {own.language: own for own in self.wordings if own.clause == clause}

    @property
    def own_file(self) -> Elsewhere | None:
        """The file that is the text, where it was drafted elsewhere; an amendment of such a text is drafted here."""
        return self.elsewhere if self.amendment is None else None

    @property
    def signing_parties(self) -> tuple[Party, ...]:
        """The parties that approve and sign the act: those of the text, with those that leave by an amendment."""
        return self.amendment.parties if self.amendment else self.parties

    @property
    def awarding(self) -> tuple[Party, ...]:
        """The institutions that award a degree; one that only hosts has no part in diplomas."""
        return tuple(party for party in self.parties if party.awards)

    @property
    def in_france(self) -> bool:
        """Whether a party is in France, so that the French order binds."""
        return any(party.country == "FR" for party in self.parties)

    @property
    def lead(self) -> Party:
        """The institution that leads."""
        return next(party for party in self.parties if party.lead)

    def party(self, code: str) -> Party:
        """The party of that code; KeyError when it is none."""
        for party in self.parties:
            if party.code == code:
                return party
        raise KeyError(code)
