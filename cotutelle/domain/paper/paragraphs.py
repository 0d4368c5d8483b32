"""What each paper says, paragraph by paragraph; a fact that nobody gave is a visible blank, as in the convention."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from cotutelle.domain.convention.paragraph import (
    Paragraph,
    country,
    day,
    known,
    language,
    languages,
    plain,
    short,
)
from cotutelle.domain.convention.values import Blank, Giver, Listing, Localised, Plain, Value, Word
from cotutelle.domain.paper.facts import Member, Paper, PaperKind

OFFICE, CANDIDATE, PARTY = Giver.LEAD_OFFICE, Giver.CANDIDATE, Giver.PARTY_OFFICE


def certificate(paper: Paper) -> Iterator[Paragraph]:
    """That the thesis is prepared, or was defended, under cotutelle."""
    person = paper.act.candidate
    if paper.defended_on:
        yield Paragraph("defended", {**_who(paper), "day": day(paper.defended_on)})
    elif paper.stopped_on:
        yield Paragraph("stopped", {**_who(paper), "day": day(paper.stopped_on)})
    else:
        yield Paragraph("certifies", _who(paper))
    yield Paragraph(
        "born",
        {
            "birth_date": known("birth_date", person.birth_date, day, CANDIDATE),
            "birth_place": known("birth_place", person.birth_place, plain, CANDIDATE),
            "birth_country": known("birth_country", person.birth_country, country, CANDIDATE),
        },
    )
    yield Paragraph("institutions", {"institutions": _institutions(paper)})
    yield _directors(paper)
    yield Paragraph(
        "agreement",
        {
            "in_force_on": known("in_force_on", paper.in_force_on, day, OFFICE),
            "expires_on": known("expires_on", paper.expires_on, day, OFFICE),
        },
    )
    for party in paper.act.parties:
        if party.first_year:
            yield Paragraph("first_year", {"short_name": short(party), "year": Plain(party.first_year)})
    yield Paragraph("purpose")


def enrolment(paper: Paper) -> Iterator[Paragraph]:
    """That the candidate is enrolled for a year (order of 25 May 2016, articles 11 and 21)."""
    assert paper.year is not None
    year, party = paper.year, paper.issuer
    yield Paragraph(
        "enrolled",
        {
            **_who(paper),
            "year": Plain(year.label),
            "enrolled_on": known("enrolled_on", year.enrolled_on, day, PARTY, party),
        },
    )
    if party.candidate_number:
        yield Paragraph("number", {"number": Plain(party.candidate_number)})
    yield Paragraph("school", {"school": known("school", party.school, Localised, PARTY, party)})
    yield Paragraph("institutions", {"institutions": _institutions(paper)})
    if year.fee == "waived" and year.payer is not None:
        yield Paragraph("fees_elsewhere", {"payer": short(year.payer)})
    elif year.fee in {"paid", "waived", "not_due"}:
        yield Paragraph(f"fees_{year.fee}")
    yield Paragraph("purpose")


def proposal(paper: Paper) -> Iterator[Paragraph]:
    """Whom the directors propose as the jury (order of 25 May 2016, article 18)."""
    yield Paragraph("proposes", {**_thesis(paper), "count": _count(paper)})
    yield _defence(paper)
    yield from _afar(paper)
    if paper.act.in_france:
        yield Paragraph("order")
    yield Paragraph("accord")


def invitation(paper: Paper) -> Iterator[Paragraph]:
    """To one person: in which capacity, when and where, what is asked, who bears the costs."""
    member = paper.addressee
    assert member is not None
    yield Paragraph("to", {"member": Plain(member.name), "place": Localised(member.place)})
    said = {"institution": Localised(paper.issuer.names), **_thesis(paper)}
    if member.sits or member.reports:
        yield Paragraph("sits" if member.sits else "writes", {**said, "capacity": _capacity(member)})
    else:
        yield Paragraph("guest", said)
    if member.reports:
        yield Paragraph("report", {"day": _report_day(paper)})
    yield _defence(paper)
    if member.remote:
        yield Paragraph("remote")
    payer = paper.act.terms.get("travel_payer")
    if member.sits and payer:
        lead = {"lead": short(paper.act.lead)} if payer == "lead" else {}
        yield Paragraph(f"costs_{payer}", lead)
    if paper.issuer.contact:
        contact = paper.issuer.contact
        yield Paragraph("contact", {"contact": Plain(", ".join(filter(None, (contact.name, contact.email))))})


def notice(paper: Paper) -> Iterator[Paragraph]:
    """The public announcement of the defence (order of 25 May 2016, article 19)."""
    yield Paragraph("announces", _thesis(paper))
    yield _defence(paper)
    defence_language = known("defence_language", paper.act.defence_language, language, OFFICE)
    yield Paragraph("language", {"language": defence_language})
    closed = paper.act.confidential or paper.act.terms.get("public") is False
    yield Paragraph("closed" if closed else "public")
    yield Paragraph("institutions", {"institutions": _institutions(paper)})
    yield _directors(paper)


def minutes(paper: Paper) -> Iterator[Paragraph]:
    """The form that the jury fills in and signs on the day (order of 25 May 2016, articles 19 and 19 bis)."""
    yield Paragraph("held", {**_thesis(paper), **_when(paper)})
    yield Paragraph("joint", {"institutions": _institutions(paper)})
    silent = [member for member in paper.members if member.sits and not member.decides]
    if silent:
        yield Paragraph("silent", {"members": _named(silent)})
    yield from _afar(paper)
    if paper.act.in_france:
        yield Paragraph("oath")
    yield Paragraph("deliberation")


def report(paper: Paper) -> Iterator[Paragraph]:
    """The form of the report on the defence (order of 25 May 2016, article 19)."""
    yield Paragraph("about", {**_thesis(paper), "day": _when(paper)["day"]})
    asked = paper.act.terms.get("report_languages")
    said = known("report_languages", asked, languages, OFFICE)
    yield Paragraph("languages", {"languages": said})
    yield Paragraph("signed")


BUILDERS: Mapping[PaperKind, Callable[[Paper], Iterator[Paragraph]]] = {
    PaperKind.COTUTELLE: certificate,
    PaperKind.ENROLMENT: enrolment,
    PaperKind.PROPOSAL: proposal,
    PaperKind.INVITATION: invitation,
    PaperKind.NOTICE: notice,
    PaperKind.MINUTES: minutes,
    PaperKind.REPORT: report,
}
NEEDS_JURY = frozenset(
    {PaperKind.PROPOSAL, PaperKind.INVITATION, PaperKind.NOTICE, PaperKind.MINUTES, PaperKind.REPORT}
)
"""Papers that name the jury: without one they lack it."""


def _who(paper: Paper) -> dict[str, Value]:
    return {"institution": Localised(paper.issuer.names), **_thesis(paper)}


def _thesis(paper: Paper) -> dict[str, Value]:
    titles = paper.act.titles
    return {
        "candidate": Plain(paper.act.candidate.name),
        "title": known("title", titles, Localised, CANDIDATE),
    }


def _institutions(paper: Paper) -> Value:
    return Listing(tuple(Localised(party.names) for party in paper.act.parties))


def _directors(paper: Paper) -> Paragraph:
    directing = [each for each in paper.act.supervisors if each.role in {"director", "co_director"}]
    listed = Listing(
        tuple(Plain(f"{each.name} ({paper.act.party(each.party).short_name})") for each in directing)
    )
    return Paragraph("directors", {"directors": listed if directing else Blank("director", OFFICE)})


def _when(paper: Paper) -> dict[str, Value]:
    host = [Localised(paper.host.names)] if paper.host else []
    room: list[Value] = [Plain(paper.room)] if paper.room else []
    place: tuple[Value, ...] = (*room, *host)
    return {
        "day": known("defence_day", paper.defence_on, day, OFFICE),
        "hour": known("defence_hour", paper.hour, _hour, OFFICE),
        "place": Listing(place, long=True) if place else Blank("defence_room", OFFICE),
    }


def _hour(written: str) -> Value:
    """An hour as each language writes it: 9 h 30, 09:30."""
    hours, _colon, minutes = written.partition(":")
    return Localised({"fr": f"{int(hours)}\u00a0h\u00a0{minutes}", "en": written})


def _defence(paper: Paper) -> Paragraph:
    return Paragraph("defence", _when(paper))


def _count(paper: Paper) -> Value:
    sitting = [member for member in paper.members if member.sits]
    return Plain(str(len(sitting))) if sitting else Blank("jury_members", OFFICE)


def _afar(paper: Paper) -> Iterator[Paragraph]:
    far = [member for member in paper.members if member.sits and member.remote]
    if far:
        yield Paragraph("afar", {"members": _named(far)})


def _named(members: list[Member]) -> Value:
    return Listing(tuple(Plain(member.name) for member in members))


def _capacity(member: Member) -> Value:
    return Word(f"paper.seat.{member.capacity}.{member.gender or 'unstated'}")


def _report_day(paper: Paper) -> Value:
    before = paper.act.terms.get("report_days")
    if paper.defence_on is None or not isinstance(before, int):
        return Blank("defence_day", OFFICE)
    return day(paper.defence_on - timedelta(days=before))
