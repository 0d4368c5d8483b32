"""People: the part others share, the private part, where they belong, and their accounts and rights."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cotutelle.models.base import Addressed, Base, Code, Kept
from cotutelle.models.institution import Institution


class Person(Base, Addressed, Kept):
    """The shared part of a person: names in Latin letters for documents, and as they write them."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    family_name: Mapped[str]
    given_names: Mapped[str] = mapped_column(default="")
    written_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    orcid: Mapped[str | None] = mapped_column(String(19), unique=True)
    search_key: Mapped[str] = mapped_column(default="")
    sort_key: Mapped[str] = mapped_column(default="", index=True)
    version: Mapped[int] = mapped_column(default=1)

    affiliations: Mapped[list["Affiliation"]] = relationship(order_by="Affiliation.id", viewonly=True)

    @property
    def name(self) -> str:
        """The name in Latin letters, as documents print it."""
        return f"{self.given_names} {self.family_name}".strip()


class PersonPrivate(Base, Kept):
    """What only the lead school sees, and others as the convention prints it. Gender is asked, never inferred."""

    __tablename__ = "person_private"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    gender: Mapped[str] = mapped_column(Code, default="")
    birth_name: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None]
    birth_place: Mapped[str] = mapped_column(default="")
    birth_country: Mapped[str] = mapped_column(String(2), default="")
    nationality: Mapped[str] = mapped_column(String(2), default="")
    address: Mapped[str] = mapped_column(default="")


class Affiliation(Base, Addressed, Kept):
    """Where somebody belongs, with rank and accreditation (HDR or equivalent), from a day to a day."""

    __tablename__ = "affiliation"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    elsewhere: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    rank: Mapped[str] = mapped_column(default="")
    accreditation: Mapped[str] = mapped_column(Code, default="")
    from_on: Mapped[date | None]
    until_on: Mapped[date | None]

    institution: Mapped[Institution | None] = relationship(viewonly=True)


class PossibleDouble(Base):
    """Two people who may be one, for the operator to settle; made where the reader could not be shown the other."""

    __tablename__ = "possible_double"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    noticed_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Account(Base, Addressed, Kept):
    """Who may sign in. Rights are not here: they are dated grants, read at every request."""

    __tablename__ = "account"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(12), default="fr")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    signed_in_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(viewonly=True, lazy="joined")

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the account may be used."""
        return self.disabled_at is None

    def get_id(self) -> str:
        """The key by which a session names the account."""
        return str(self.id)


class Grant(Base, Kept):
    """A right: a role over a scope, from a day to a day, given by somebody for a reason."""

    __tablename__ = "grant"
    __table_args__ = (
        CheckConstraint(
            "scope_kind IN ('school', 'institution', 'thesis', 'installation')", name="scope_kind"
        ),
        Index("ix_grant_person_id_role", "person_id", "role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(Code)
    scope_kind: Mapped[str] = mapped_column(Code)
    scope_id: Mapped[int | None]
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    given_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(default="")


class SignIn(Base):
    """A signed-in browser, keyed by the SHA-256 of its cookie: ending the row ends the session everywhere."""

    __tablename__ = "sign_in"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    user_agent: Mapped[str] = mapped_column(default="")


class Link(Base, Kept):
    """A link that travels by mail: its address is the signed id; expiry, use and revocation stand here.

    One for an account sets a password; one for a person signs: `sign_off_id` names the one act for which it was
    sent and `digest` the version of what is shown there; `tries` counts codes typed wrong.
    """

    __tablename__ = "link"
    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    purpose: Mapped[str] = mapped_column(Code)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    sign_off_id: Mapped[int | None] = mapped_column(ForeignKey("sign_off.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
