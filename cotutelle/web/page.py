"""What the page of a thesis shows, gathered once: parties, people, matrix, stays, convention, history."""

from typing import Any

from flask import abort, g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from cotutelle.db import db
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import Facts
from cotutelle.models import (
    Account,
    CommitteeMember,
    Convention,
    Document,
    Enrolment,
    FundingSource,
    Leave,
    Note,
    Person,
    PersonPrivate,
    School,
    Seat,
    Stay,
    Supervision,
    Thesis,
    ThesisInstitution,
    texts_of,
)
from cotutelle.operations import convention as conventions
from cotutelle.operations.convention_round import KIND
from cotutelle.operations.convention_signing import holds_agreed_text
from cotutelle.operations.partnership import of_thesis as partnerships_of
from cotutelle.operations.text_elsewhere import is_a_text
from cotutelle.policy import Action, Reader, Role, Tie, can
from cotutelle.web import wording
from cotutelle.web.filters import text
from cotutelle.web.matrix import matrix
from cotutelle.web.stays_chart import stays_chart
from cotutelle.web.timeline import timeline


def allowed(action: Action) -> bool:
    """Whether the reader may do this here: to the thesis of this request, or to the installation around it.

    Who audits some thesis is no auditor of this one: that tie counts only where it is to this thesis.
    """
    general = g.get("general_ties", frozenset())
    return can(action, g.ties | (general - {Tie.AUDITOR}) if "ties" in g else general)


def own_institutions() -> frozenset[int]:
    """The institutions of the schools that the reader administers."""
    schools = g.reader.scopes(Role.ADMINISTRATOR, "school")
    return frozenset(db.session.scalars(select(School.institution_id).where(School.id.in_(schools))))


def served_institutions() -> frozenset[int]:
    """The institutions that the reader works for, in a school or as a partner's staff."""
    reader: Reader = g.reader
    return own_institutions() | reader.scopes(Role.PARTNER, "institution")


def has(tie: Tie) -> bool:
    """Whether the reader stands so to the thesis of this request."""
    return tie in g.ties


def of(session: Session, thesis: Thesis) -> dict[str, Any]:
    """Everything the page shows, as far as this reader may see it."""
    parties = parties_of(session, thesis)
    convention = conventions.holding(session, thesis)
    facts = conventions.text_of(session, thesis, convention)
    titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
    shown = text(titles)
    enrolments = session.scalars(select(Enrolment).where(Enrolment.thesis_id == thesis.id)).all()
    stays = session.scalars(select(Stay).where(Stay.thesis_id == thesis.id).order_by(Stay.begin_on)).all()
    documents = documents_of(session, thesis)
    return {
        "thesis": thesis,
        "candidate": session.get_one(Person, thesis.candidate_id),
        "private": session.get(PersonPrivate, thesis.candidate_id) if allowed(Action.VIEW_PRIVATE) else None,
        "title": shown,
        "other_titles": [(tag, title) for tag, title in titles.items() if title != shown],
        "parties": parties,
        "supervisors": _supervisors(session, thesis),
        "matrix": matrix(thesis, parties, enrolments, documents),
        "stays": stays,
        "chart": stays_chart(parties, stays, facts, g.today),
        "leaves": session.scalars(select(Leave).where(Leave.thesis_id == thesis.id)).all()
        if allowed(Action.VIEW_LEAVES)
        else [],
        "partnerships": partnerships_of(session, thesis),
        "fundings": session.scalars(select(FundingSource).where(FundingSource.thesis_id == thesis.id)).all(),
        "convention": convention,
        "facts": facts,
        "documents": documents,
        "replaceable": replaceable,
        "notes": _notes(session, thesis) if allowed(Action.USE_NOTES) else [],
        "timeline": timeline(thesis, parties, stays, enrolments, convention, g.today),
        "next": _next(thesis, convention, facts),
        "defence_place": _defence_place(thesis, parties),
        "own": g.reader.scopes(Role.PARTNER, "institution"),
    }


def _defence_place(thesis: Thesis, parties: list[dict[str, Any]]) -> str:
    """Institution and room of the defence, as far as they are known."""
    here = [p["short_name"] for p in parties if p["id"] == thesis.defence_institution_id]
    return ", ".join(filter(None, [*here, thesis.defence_place]))


def replaceable(document: Document) -> bool:
    """Whether the reader may add a newer version: an office to any, others to what they entered themselves.

    The text that the institutions agreed on has none: it is changed by an amendment; one drafted elsewhere has its own page.
    """
    if document.kind == KIND and is_a_text(db.session(), document):
        return False
    if holds_agreed_text(db.session(), document):
        return False
    mine = bool(document.versions) and document.versions[-1].by == g.reader.account_id
    return allowed(Action.ADD_DOCUMENT) and (mine or allowed(Action.EDIT_THESIS))


def parties_of(session: Session, thesis: Thesis) -> list[dict[str, Any]]:
    """The institutions side by side: names in the reader's language, school, unit, discipline, number."""
    rows = session.scalars(
        select(ThesisInstitution)
        .where(ThesisInstitution.thesis_id == thesis.id)
        .order_by(ThesisInstitution.position)
    ).all()
    names = texts_of(session, "institution", [r.institution_id for r in rows], "name")
    schools = texts_of(session, "school", [r.school_id for r in rows if r.school_id], "name")
    units = texts_of(session, "unit", [r.unit_id for r in rows if r.unit_id], "name")
    disciplines = texts_of(session, "thesis_institution", [r.id for r in rows], "discipline")
    return [
        {
            "row": row,
            "id": row.institution_id,
            "code": row.institution.code,
            "position": row.position,
            "short_name": row.institution.short_name,
            "name": text(names[row.institution_id]["name"]),
            "note": ", ".join(
                part
                for part in (_("lead") if row.lead else "", row.school.code if row.school else "")
                if part
            ),
            "school": text(schools[row.school_id]["name"]) if row.school_id else "",
            "unit": text(units[row.unit_id]["name"]) if row.unit_id else "",
            "unit_label": row.unit.label if row.unit else "",
            "discipline": text(disciplines[row.id]["discipline"]),
            "year_starts": row.institution.year_starts,
        }
        for row in rows
    ]


def visible_people(statement: Any) -> Any:
    """A select of people, narrowed to those whom the reader's theses name: candidates, supervisors, juries."""
    theses, seats = select(Thesis.id), select(Seat.person_id).where(Seat.thesis_id.in_(select(Thesis.id)))
    supervisors = select(Supervision.person_id).where(Supervision.thesis_id.in_(theses))
    candidates = select(Thesis.candidate_id)
    members = select(CommitteeMember.person_id).where(CommitteeMember.thesis_id.in_(select(Thesis.id)))
    named = (
        Person.id.in_(candidates),
        Person.id.in_(supervisors),
        Person.id.in_(seats),
        Person.id.in_(members),
    )
    return statement.where(or_(*named))


def person_visible(session: Session, person: Person) -> bool:
    """Whether the reader has a thesis with this person, or is this person."""
    if person.id == g.reader.person_id:
        return True
    named = visible_people(select(Person.id).where(Person.id == person.id))
    return session.scalar(named) is not None or Tie.DIRECTORY in g.general_ties


def _supervisors(session: Session, thesis: Thesis) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Supervision)
        .where(Supervision.thesis_id == thesis.id)
        .order_by(Supervision.until_on.is_not(None), Supervision.id)
        .options(selectinload(Supervision.person).selectinload(Person.affiliations))
    ).all()
    positions = {p.institution_id: p.position for p in thesis.parties}
    found = []
    for row in rows:
        here = [a for a in row.person.affiliations if a.institution_id == row.institution_id]
        found.append(
            {
                "row": row,
                "person": row.person,
                "position": positions.get(row.institution_id, 0),
                "short_name": row.institution.short_name,
                "role": wording.ROLES[row.role],
                "rank": row.position or (here[-1].rank if here else ""),
                "accreditation": here[-1].accreditation if here else "",
            }
        )
    return found


def documents_of(session: Session, thesis: Thesis) -> list[Document]:
    """The documents that this reader's ties open."""
    rows = session.scalars(
        select(Document).where(Document.thesis_id == thesis.id).order_by(Document.id.desc())
    ).all()
    return [row for row in rows if document_open(row)]


def document_open(document: Document) -> bool:
    """Whether the document's audience has the reader in it."""
    offices = {Tie.LEAD_OFFICE, Tie.PARTY_OFFICE, Tie.WRITER, Tie.AUDITOR}
    audience = {
        "offices": offices,
        "parties": offices | {Tie.PARTNER, Tie.READER},
        "candidate": offices | {Tie.CANDIDATE},
        "recipients": offices | {Tie.SUPERVISOR, Tie.CANDIDATE},
        "everyone": set(Tie),
    }[document.audience]
    return bool(audience & g.ties)


def _notes(session: Session, thesis: Thesis) -> list[dict[str, Any]]:
    rows = session.scalars(select(Note).where(Note.thesis_id == thesis.id).order_by(Note.id.desc())).all()
    names = names_of(session, {row.by for row in rows})
    return [{"row": row, "who": names.get(row.by, _("Cotutelle"))} for row in rows]


def names_of(session: Session, accounts: set[int | None]) -> dict[int | None, str]:
    """The names of the people behind accounts."""
    rows = session.execute(
        select(Account.id, Person)
        .join(Person, Person.id == Account.person_id)
        .where(Account.id.in_(accounts - {None}))
    )
    return {id_: person.name for id_, person in rows}


def _next(thesis: Thesis, convention: Convention, facts: Facts) -> dict[str, str] | None:
    """The one thing to do next, for those who can do it."""
    count = len({m.blank for m in missing_facts(facts)})
    reference = thesis.reference
    if thesis.health_reason in {"convention_expired", "convention_ends_before_defence"} and allowed(
        Action.EDIT_CONVENTION
    ):
        return {
            "title": _("Have the convention extended"),
            "text": _(
                "It ends before the defence: every party signs an amendment, or the second diploma is at risk."
            ),
            "act_url": url_for(
                "amendment.begin" if convention.current else "convention.show", reference=reference
            ),
            "act_text": _("Begin the amendment") if convention.current else _("Go on with the amendment"),
        }
    if convention.state == "draft" and count and allowed(Action.EDIT_CONVENTION):
        return {
            "title": _("Complete the convention"),
            "text": ngettext("%(num)s fact is missing.", "%(num)s facts are missing.", count)
            + " "
            + _("The list says which clause needs each, and who can give it."),
            "act_url": url_for("convention.show", reference=reference),
            "act_text": _("See what is missing"),
        }
    if convention.state in {"draft", "legal_check", "partner_review"} and allowed(Action.EDIT_CONVENTION):
        return {
            "title": _("Have the text approved"),
            "text": _(
                "The convention is complete. Every party approves this very text before anybody signs."
            ),
            "act_url": url_for("convention.show", reference=reference),
            "act_text": _("Open the convention"),
        }
    return None


def own_sides(parties: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parties for which the reader may record something: all for an office, their own for a partner."""
    if can(Action.EDIT_THESIS, g.ties):
        return parties
    own = g.reader.scopes(Role.PARTNER, "institution")
    return [party for party in parties if party["id"] in own]


def check_side(institution_id: int) -> None:
    """403 when the reader may not record anything for that institution."""
    if not can(Action.EDIT_THESIS, g.ties) and institution_id not in g.reader.scopes(
        Role.PARTNER, "institution"
    ):
        abort(403)


def institution_choices(session: Session, thesis: Thesis) -> list[tuple[str, str]]:
    """The parties for which the reader may record something, as choices of a form, in order."""
    return [(party["code"], party["short_name"]) for party in own_sides(parties_of(session, thesis))]
