"""Clauses CL-25 to CL-39: rapporteurs, jury, defence, diploma, derogations, life and end of the act."""

from collections.abc import Iterator

from cotutelle.domain.convention.agreed import beside, instead
from cotutelle.domain.convention.facts import Facts, Party
from cotutelle.domain.convention.paragraph import (
    Paragraph,
    choice,
    country,
    day,
    given,
    known,
    language,
    languages,
    money,
    months,
    number,
    plain,
    settled,
    short,
    text,
    worded,
)
from cotutelle.domain.convention.values import Giver, Listing, Localised, Plain, Value, Word

OFFICE, PARTY = Giver.LEAD_OFFICE, Giver.PARTY_OFFICE


def rapporteurs(facts: Facts) -> Iterator[Paragraph]:
    """CL-25 (article 17): at least two, external, not involved; reports at least 14 days before."""
    yield Paragraph("number", {"number": settled(facts, "rapporteurs", number)})
    yield instead(facts, "qualification", "qualification")
    yield Paragraph(f"external_{facts.terms.get('rapporteurs_external_to')}", {"lead": short(facts.lead)})
    yield Paragraph(f"appointed_{facts.terms.get('rapporteurs_appointed_by')}", {"lead": short(facts.lead)})
    yield Paragraph("reports", {"days": settled(facts, "report_days", number)})
    yield from beside(facts, "partner_reviewers", "reviewers")


def jury(facts: Facts) -> Iterator[Paragraph]:
    """CL-26 (articles 18 and 21): how the jury is composed and who decides in it."""
    yield Paragraph(
        "size",
        {"min": settled(facts, "jury_min", number), "max": settled(facts, "jury_max", number)},
    )
    if given(facts, "jury_per_institution"):
        yield Paragraph("per_institution", {"number": settled(facts, "jury_per_institution", number)})
    yield Paragraph(f"external_{facts.terms.get('external_share')}", {"lead": short(facts.lead)})
    yield Paragraph("rank")
    yield instead(facts, "gender_rule", "balance")
    yield instead(facts, "president_rule", "president")
    yield Paragraph("directors_vote" if given(facts, "director_vote") else "directors_no_vote")
    if given(facts, "vote_majority"):
        yield Paragraph(f"vote_{facts.terms.get('vote_majority')}")
    yield Paragraph(f"appointed_{facts.terms.get('jury_appointed_by')}", {"lead": short(facts.lead)})


def defence(facts: Facts) -> Iterator[Paragraph]:
    """CL-27 (articles 19 and 23): one single defence, its place and form."""
    yield Paragraph("single")
    if given(facts, "defence_place"):
        place = facts.party(str(facts.terms.get("defence_place")))
        yield Paragraph("place", {"institution": Localised(place.names), "city": Localised(place.city)})
    else:
        yield Paragraph("place_open")
    yield Paragraph("public" if given(facts, "public") else "closed")
    yield Paragraph("two_sessions" if facts.terms.get("sessions") == 2 else "one_session")
    yield instead(facts, "remote_rule", "remote")
    if given(facts, "invitations"):
        inviting = facts.terms.get("invitations")
        by_host = inviting == "host"
        yield Paragraph(f"invited_{inviting}", {} if by_host else {"lead": short(facts.lead)})


def defence_costs(facts: Facts) -> Iterator[Paragraph]:
    """CL-28: who pays the journeys and the lodging of the jury."""
    separate = facts.terms.get("lodging_payer") not in (None, facts.terms.get("travel_payer"))
    yield _paid(facts, "travel_payer", "travel" if separate else "all")
    if separate:
        yield _paid(facts, "lodging_payer", "lodging")
    if given(facts, "travel_cap"):
        yield Paragraph("cap", {"cap": settled(facts, "travel_cap", lambda value: money(value, "EUR"))})


def _paid(facts: Facts, key: str, costs: str) -> Paragraph:
    payer = choice(facts, key)
    named = {"lead": short(facts.lead)} if payer.fragment == "lead" else {}
    return Paragraph(payer.fragment, {**payer.values, **named, "costs": Word(f"cost.{costs}")})


def defence_report(facts: Facts) -> Iterator[Paragraph]:
    """CL-29 (article 19): the report, its languages, and the result."""
    yield Paragraph("languages", {"languages": settled(facts, "report_languages", languages)})
    yield instead(facts, "report_signatures", "signature")
    yield from beside(facts, "grades", "grades")
    yield instead(facts, "repetition", "adjournment")


def deposit(facts: Facts) -> Iterator[Paragraph]:
    """CL-30 (articles 24 and 25): deposit at each party, corrections, dissemination."""
    for party in facts.parties:
        rule = text(facts, "deposit_rule", party)
        yield Paragraph("party", {"short_name": short(party), "deposit_rule": rule})
        if given(facts, "copies", party):
            copies = settled(facts, "copies", number, party)
            yield Paragraph("copies", {"short_name": short(party), "copies": copies})
        yield from beside(facts, "repository", "repository", party)
    if facts.in_france:
        yield Paragraph("before_france")
    yield Paragraph("dissemination")
    yield Paragraph("corrections", {"months": settled(facts, "corrections_months", months)})


def diploma(facts: Facts) -> Iterator[Paragraph]:
    """CL-31 (articles 21, 1° and 23): one joint diploma, or two delivered at the same time."""
    if facts.diploma_form is None:
        yield Paragraph("undecided", {"choice": known("diploma_form", None, plain, OFFICE)})
    else:
        yield Paragraph(facts.diploma_form)
    for party in facts.awarding:
        title = text(facts, "diploma_title", party)
        yield Paragraph("title", {"short_name": short(party), "diploma_title": title})
    yield Paragraph("mentions")
    if facts.diploma_form == "two_diplomas":
        yield Paragraph("cross_reference")
    yield from beside(facts, "diploma_marks", "marks")
    if given(facts, "supplement"):
        yield Paragraph("supplement")
    yield from beside(facts, "ceremony", "ceremony")


def recognition(facts: Facts) -> Iterator[Paragraph]:
    """CL-32 (article 20): how each country recognises the degree."""
    for party in facts.awarding:
        form = facts.terms.get("recognition", party.code)
        values = {"short_name": short(party), "country": country(party.country)}
        if form is None:
            blank = known("recognition", None, plain, PARTY, party)
            yield Paragraph("undecided", {**values, "choice": blank})
        else:
            yield Paragraph(str(form), values)


def derogations(facts: Facts) -> Iterator[Paragraph]:
    """CL-33 (article 20): every rule set aside, with article, reason and replacement; else that there is none."""
    directors_vote = facts.in_france and given(facts, "director_vote")
    if directors_vote:
        yield Paragraph("directors_vote", {"reason": text(facts, "director_vote_reason")})
    elif not facts.derogations:
        yield Paragraph("none")
    for derogation in facts.derogations:
        yield Paragraph(
            "derogation",
            {
                "article": Plain(derogation.article),
                "reason": known("derogation_reason", derogation.reason, Localised, OFFICE),
                "replacement": known("derogation_replacement", derogation.replacement, Localised, OFFICE),
                "asked_by": short(facts.party(derogation.asked_by)),
            },
        )
    yield Paragraph("explicit")


def amendments(facts: Facts) -> Iterator[Paragraph]:
    """CL-34: what asks for an amendment, and its form."""
    triggers = facts.terms.get("amendment_triggers")
    words = tuple(Word(f"trigger.{key}") for key in triggers) if isinstance(triggers, list) else ()
    if words:
        yield Paragraph("triggers", {"triggers": Listing(words)})
    yield instead(facts, "amendment_rule", "form")


def validity(facts: Facts) -> Iterator[Paragraph]:
    """CL-35: from when to when the act holds; it must hold on the day of the defence."""
    if given(facts, "effective_on"):
        yield Paragraph("from_date", {"date": settled(facts, "effective_on", day)})
    else:
        yield Paragraph("from_last_signature")
    yield Paragraph("expires", {"date": settled(facts, "expires_on", day)})
    yield Paragraph("covers_defence")


def ending(facts: Facts) -> Iterator[Paragraph]:
    """CL-36: withdrawal, breach, and what becomes of the candidate."""
    yield Paragraph("notice", {"months": settled(facts, "notice_months", months)})
    yield instead(facts, "effects_on_candidate", "candidate")
    fall_back = facts.terms.get("fall_back")
    place = known("fall_back", fall_back, lambda code: Localised(facts.party(code).names), OFFICE)
    yield Paragraph("fall_back", {"institution": place})


def disputes(facts: Facts) -> Iterator[Paragraph]:
    """CL-37: amicably first."""
    yield Paragraph("amicable")
    yield from beside(facts, "mediation", "mediation")
    yield from beside(facts, "governing_law", "law")
    yield instead(facts, "forum", "forum")


def versions(facts: Facts) -> Iterator[Paragraph]:
    """CL-38: the languages of the act and which of them prevail."""
    if len(facts.languages) == 1:
        yield Paragraph("one", {"language": language(facts.languages[0])})
        return
    yield Paragraph("several", {"languages": languages(facts.languages)})
    asked = facts.terms.get("authoritative")
    prevailing = [tag for tag in asked if tag in facts.languages] if isinstance(asked, list) else []
    if prevailing and len(prevailing) < len(facts.languages):
        yield Paragraph("prevails", {"languages": languages(prevailing)})
    else:
        yield Paragraph("equal")


def execution(facts: Facts) -> Iterator[Paragraph]:
    """CL-39 (order of 6 January 2005, article 5, for the directors' and candidate's signatures)."""
    electronic = facts.terms.get("electronic_signature")
    if electronic == "none":
        yield Paragraph("originals", {"number": settled(facts, "originals", number)})
    else:
        yield Paragraph("electronic", {"level": Word(f"signature.{electronic}")})
    if given(facts, "stamp"):
        yield Paragraph("stamp" if electronic == "none" else "electronic_stamp")
    yield Paragraph("order")


def _field(facts: Facts, party: Party) -> Value:
    """What the diploma of a party names: the speciality where there is one, else the discipline."""
    if given(facts, "speciality", party):
        return text(facts, "speciality", party)
    return worded(facts, "discipline", party.discipline, PARTY, party)


def diploma_annex(facts: Facts) -> Iterator[Paragraph]:
    """Annex III: the words that each diploma bears (order of 6 January 2005, article 9)."""
    title = known("title", facts.titles.get(facts.title_original), plain, Giver.CANDIDATE)
    if facts.diploma_form == "joint":
        names = tuple(Localised(party.names) for party in facts.awarding)
        yield Paragraph("joint", {"institutions": Listing(names), "title": title})
    for party in facts.awarding:
        values = {
            "institution": Localised(party.names),
            "diploma_title": text(facts, "diploma_title", party),
            "discipline": _field(facts, party),
        }
        if facts.diploma_form == "joint":
            yield Paragraph("joint_wording", values)
        else:
            others = tuple(Localised(other.names) for other in facts.parties if other is not party)
            yield Paragraph("wording", {**values, "title": title, "others": Listing(others)})
