"""One of everything that an address may name, for the sweep of every route by every role."""

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from cotutelle import links
from cotutelle.documents.convention import text_of as worded
from cotutelle.domain.committee import Heard
from cotutelle.domain.leave import LeaveKind
from cotutelle.models import (
    Campaign,
    CampaignItem,
    ClauseVariant,
    Closing,
    Framework,
    FrameworkParty,
    Institution,
    Link,
    Message,
    Milestone,
    Partnership,
    PartnershipDocument,
    PartnershipMember,
    Person,
    RulebookFile,
    SignOff,
    Supervision,
    Thesis,
)
from cotutelle.operations import (
    committee,
    derogation,
    enrolment,
    event,
    institution,
    jury,
    negotiation,
    reading,
    signing_link,
    signoff,
    stay,
)
from cotutelle.operations import convention as conventions
from cotutelle.operations import convention_version as versions
from cotutelle.operations import document as documents
from cotutelle.operations import original as paper_originals
from cotutelle.operations import person as people
from cotutelle.operations.asking import Named
from cotutelle.operations.facts import facts_of
from cotutelle.policy import Tie
from cotutelle.rulebooks.shelf import standard
from tests import builders
from tests.builders import ACTOR, NOW, TODAY

PDF = b"%PDF-1.7"
CONVENTION = tuple(
    f"/theses/<string:reference>/convention/versions/<string:version>{rest}"
    for rest in (".pdf", "/changes", "/changes.pdf", "/text")
)
# One document for each audience, and whose ties it has in it.
OFFICES = {Tie.LEAD_OFFICE, Tie.PARTY_OFFICE, Tie.WRITER, Tie.AUDITOR}
PARTNERS = {*OFFICES, Tie.PARTNER, Tie.READER}
DOCUMENTS = {
    "Canary-office-document": ("offices", OFFICES),
    "Canary-parties-document": ("parties", PARTNERS),
    "Canary-document": ("everyone", {*PARTNERS, Tie.SUPERVISOR, Tie.CANDIDATE}),
}


LINKED = (
    "/link/sign/<string:token>",
    "/link/inbox/<string:token>",
    "/link/inbox/<string:token>/<string:sign_off>",
    "/link/<any(sign, inbox):purpose>/<string:token>/renew",
    "/link/<any(sign, inbox):purpose>/<string:token>/inbox",
    "/link/<any(sign, inbox):purpose>/<string:token>/code",
    "/link/<any(sign, inbox):purpose>/<string:token>/document",
    "/link/<any(sign, inbox):purpose>/<string:token>/file",
    "/link/<any(sign, inbox):purpose>/<string:token>/file/download",
)


MEETINGS = tuple(
    f"/theses/<string:reference>/committee/meetings/<string:event>{rest}"
    for rest in ("", "/send", "/candidate", "/direction", "/<any(candidate, direction):heard>/note")
)


def _asked(session: Any, thesis: Thesis, guide: Supervision, paper_id: int) -> SignOff:
    """A signature asked of whoever supervises, for an act that all institutions share."""
    row = session.scalars(
        select(Milestone).where(Milestone.thesis_id == thesis.id, Milestone.kind == "rapporteurs")
    ).one()
    who = session.get_one(Person, guide.person_id)
    side = session.get_one(Institution, guide.institution_id).code
    named = [Named("director", side, who, "en")]
    (asked,) = signoff.ask(session, thesis, row, named, paper_id, None, ACTOR, NOW, today=TODAY)
    return asked


def places(session: Any, app: Flask, thesis: Thesis, mark: str, code: str) -> dict[str, str]:
    """One of everything that an address may name, of this thesis and this institution; texts bear the mark."""
    who, here, day = (ACTOR, NOW), thesis.parties[-1].institution_id, date(2026, 10, 1)
    digest = app.extensions["cotutelle.store"].put(session, PDF)
    file = {
        "digest": digest,
        "filename": "a.pdf",
        "media_type": "application/pdf",
        "size": len(PDF),
        "today": TODAY,
    }
    kept = {
        audience: documents.add_document(session, thesis, "other", f"{title}-{mark}", audience, *who, **file)
        for title, (audience, _ties) in DOCUMENTS.items()
    }
    note = f"Canary-stay-{mark}"
    period = stay.save_stay(session, thesis, None, here, day, day, True, *who, today=TODAY, note=note)
    note = f"Canary-leave-{mark}"
    leave = enrolment.add_leave(session, thesis, LeaveKind.SICK, day, day, *who, today=TODAY, note=note)
    money = enrolment.add_funding(session, thesis, "own", f"Canary-funder-{mark}", *who, today=TODAY)
    enrolment.add_note(session, thesis, f"Canary-note-{mark}", *who)
    private = people.PrivateFacts(address=f"Canary-address-{mark}")
    people.edit_private(session, thesis.candidate, private, *who)
    convention = conventions.current(session, thesis)
    facts = facts_of(session, thesis, convention)
    version = versions.add_version(session, thesis, convention, facts, *who, clauses={})
    version.file_digest, version.text = digest, worded(facts)
    sealed = app.extensions["cotutelle.store"].put(session, b"%PDF-1.7 closed")
    shut = Closing(
        thesis_id=thesis.id, version_id=version.id, number=f"{thesis.reference}-{version.number}", file_digest=sealed,
        record_digest=sealed, closed_at=NOW, retention="signature",
    )  # fmt: skip
    session.add(shut)
    sheet = paper_originals.OriginalFacts(["fr"], here)
    paper = paper_originals.save(session, thesis, convention, None, sheet, None, *who, today=TODAY)
    party = session.get_one(Institution, here)
    point = negotiation.raise_point(
        session, thesis, convention, "CL-14", party, party, f"Canary-proposal-{mark}", f"Canary-because-{mark}",
        *who, today=TODAY,
    )  # fmt: skip
    guide = session.scalar(select(Supervision).where(Supervision.thesis_id == thesis.id))
    if guide is None:  # nobody with a role may be tied to the other thesis
        whom = session.scalar(select(Person.id).where(Person.family_name == "Canary-disabled"))
        guide = Supervision(thesis_id=thesis.id, person_id=whom, institution_id=here, role="director")
        session.add(guide)
    row = builders.institution(session, code)
    contact = institution.add_contact(session, row, "Contact", {"en": "Dean"}, *who)
    made = jury.begin(session, thesis, *who, today=TODAY)
    chair = jury.SeatFacts(elsewhere=f"Canary-chair-{mark}", rank="A")
    guest = builders.person(session, f"Canary-member-{mark}")
    seat = jury.save_seat(session, thesis, made, None, guest, chair, None, *who, today=TODAY)
    met = event.add(session, thesis, "charter", day, *who, today=TODAY)
    texts = {"fr": "motif", "en": f"Canary-reason-{mark}"}
    aside = derogation.save(
        session, thesis, convention, None, "FR-DIR-NOVOTE", "18", here, texts, texts, None, *who, today=TODAY
    )
    shelf = RulebookFile(code=code, text="", digest="0" * 64, from_on=TODAY, at=NOW, withdrawn_at=None)
    session.add(shelf)
    session.flush()
    read = reading.choose(session, row, None, "external_to", "own", TODAY, *who)
    (reads,) = standard().rules["FR-JURY-EXT-BOTH"]
    asked = _asked(session, thesis, guide, kept["everyone"].id)
    link = session.scalars(select(Link).where(Link.sign_off_id == asked.id)).one()
    link.expires_at = NOW.replace(year=2100)
    inbox = signing_link.make(session, "inbox", asked.person, NOW)
    inbox.expires_at = NOW.replace(year=2100)
    letter = session.scalars(select(Message).where(Message.link_id == link.id)).one()
    letter.state = "refused"
    met_in = committee.Meeting(day, code, document_id=kept["everyone"].id)
    meeting = committee.record(session, thesis, met_in, *who, today=TODAY)
    for heard in Heard:
        said = f"Canary-{heard}-interview-{mark}"
        committee.note_interview(session, thesis, meeting, heard, said, 0, *who, today=TODAY)
    sits = committee.name_member(
        session,
        thesis,
        builders.person(session, f"Canary-monitor-{mark}"),
        committee.MemberFacts(),
        None,
        *who,
        today=TODAY,
    )
    lead = next(party for party in thesis.parties if party.lead)
    round_ = Campaign(
        school_id=lead.school_id, year=2026, asked=["enrolment"], deadline=date(2100, 1, 1), opened_on=TODAY
    )
    session.add(round_)
    session.flush()
    proof = CampaignItem(
        campaign_id=round_.id, thesis_id=thesis.id, institution_id=lead.institution_id, proof="enrolment"
    )
    session.add(proof)
    session.flush()
    frame = Framework(begins_on=day, file_digest=digest, filename="a.pdf", media_type="application/pdf")
    own = ClauseVariant(institution_id=lead.institution_id, clause="CL-14", name=f"Own words {code}")
    session.add_all([frame, own])
    session.flush()
    session.add_all(
        FrameworkParty(framework_id=frame.id, institution_id=each.institution_id) for each in thesis.parties
    )
    session.flush()
    club = Partnership(code=f"club-{code}", kind="network", short_name="Club")
    session.add(club)
    session.flush()
    session.add_all(
        PartnershipMember(partnership_id=club.id, institution_id=each.institution_id, role="member")
        for each in thesis.parties
    )
    charter = PartnershipDocument(
        partnership_id=club.id,
        title="Charter",
        digest=digest,
        filename="a.pdf",
        media_type="application/pdf",
        at=NOW,
    )
    session.add(charter)
    session.flush()
    keys = [app.config["SECRET_KEY"]]
    tokens = {each.purpose: links.sign(keys, each.purpose, each.id) for each in (link, inbox)}
    return {
        **{f"{rule}:token": tokens["inbox" if "inbox/" in rule else "sign"] for rule in LINKED},
        "/feed/<string:token>.ics:token": "forged",  # whoever may take theirs back would take the sweep's
        **{f"/theses/<string:reference>/papers/<string:kind>{end}:kind": "defence_notice" for end in ("/make", ".pdf")},
        **{f"{rule}:purpose": "sign" for rule in LINKED},
        **{f"{rule}:event": meeting.public_id for rule in MEETINGS}, "heard": "candidate",
        "school": lead.school.public_id, "kind": "ask", "language": "en",
        "campaign": round_.public_id, "item": proof.public_id, "member": sits.public_id,
        "milestone": asked.milestone.public_id, "sign_off": asked.public_id, "message": letter.id,
        "reference": thesis.reference, "stay": period.public_id, "leave": leave.public_id, "funding": money.public_id,
        "document": kept["everyone"].public_id, "supervision": guide.public_id, "chapter": "frame",
        "version": kept["everyone"].versions[0].public_id, **{f"{rule}:version": version.public_id for rule in CONVENTION},
        "person": thesis.candidate.public_id, "code": code, "contact": contact.public_id, "part": "contact",
        "public_id": contact.public_id, "name": "cotutelle.js", "purpose": "password",
        "seat": seat.public_id, "event": met.public_id, "derogation": aside.public_id, "file": shelf.public_id,
        "point": point.public_id, "closing": shut.public_id, "original": paper.public_id, "number": "LILLE-2026-0001-1", "clause": "CL-14",
        **{f"/partnerships/<string:partnership>/documents/<string:file>{end}:file": charter.public_id for end in ("", "/remove")},
        "/figures/<string:name>.csv:name": "regions", "partnership": club.code, "framework": frame.public_id, "variant": own.public_id,
        "key": reads.key, "reading": read.public_id, "deputy": "aaaaaaaaaaaa",
    }  # fmt: skip
