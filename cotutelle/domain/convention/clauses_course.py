"""Clauses CL-12 to CL-24: enrolment, duration, stays, money, cover, training, results, languages."""

from collections.abc import Iterator

from cotutelle.domain.convention.agreed import beside, instead
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.paragraph import (
    Paragraph,
    choice,
    day,
    given,
    known,
    language,
    languages,
    money,
    month,
    months,
    number,
    plain,
    settled,
    short,
    text,
    word,
)
from cotutelle.domain.convention.values import Giver, Listing, Plain, Word

OFFICE, PARTY, DIRECTORS = Giver.LEAD_OFFICE, Giver.PARTY_OFFICE, Giver.DIRECTORS


def enrolment(facts: Facts) -> Iterator[Paragraph]:
    """CL-12 (articles 11 and 21): enrolment in every institution, every year."""
    for party in facts.parties:
        year = known("first_year", party.first_year, plain, PARTY, party)
        yield Paragraph("first_year", {"short_name": short(party), "year": year})
    yield Paragraph("every_year")
    if facts.full_time is None:
        yield Paragraph("mode_undecided", {"mode": known("mode", None, plain, OFFICE)})
    else:
        yield Paragraph("full_time" if facts.full_time else "part_time")
    if given(facts, "uninterrupted"):
        yield Paragraph("uninterrupted")
    if given(facts, "after_signature"):
        yield Paragraph("after_signature")


def duration(facts: Facts) -> Iterator[Paragraph]:
    """CL-13 (article 14): start, length, window of the defence, and what extends them."""
    yield Paragraph(
        "duration",
        {"start": settled(facts, "start", day), "months": settled(facts, "duration_months", months)},
    )
    begin, end = facts.defence_from, facts.defence_until
    if begin and end and (begin.year, begin.month) == (end.year, end.month):
        yield Paragraph("defence_month", {"month": month(begin)})
    else:
        yield Paragraph(
            "defence_window",
            {
                "from": known("defence_from", begin, month, DIRECTORS),
                "until": known("defence_until", end, month, DIRECTORS),
            },
        )
    if given(facts, "maximum_months"):
        yield Paragraph("maximum", {"months": settled(facts, "maximum_months", months)})
    yield instead(facts, "extension_rule", "extension")
    yield Paragraph("leave")


def stays(facts: Facts) -> Iterator[Paragraph]:
    """CL-14 (article 21): how the periods alternate; the calendar itself is annex I."""
    yield Paragraph("alternation")
    for party in facts.parties:
        if facts.terms.get("minimum_stay", party.code) == 0:
            yield Paragraph("no_minimum", {"short_name": short(party)})
            continue
        minimum = settled(facts, "minimum_stay", months, party)
        yield Paragraph("minimum", {"short_name": short(party), "months": minimum})
    if facts.stays:
        yield Paragraph("calendar")
    else:
        yield Paragraph("calendar_missing", {"stays": known("stays", None, plain, DIRECTORS)})
    yield from beside(facts, "balance", "balance")
    yield Paragraph(f"fixed_by_{facts.terms.get('stays_fixed_by')}")


def fees(facts: Facts) -> Iterator[Paragraph]:
    """CL-15 (article 21; order of 6 January 2005, article 10): one payer a year, never two."""
    yield Paragraph("one_payer")
    if not facts.fees:
        yield Paragraph("plan_missing", {"fees": known("fees", None, plain, OFFICE)})
    for row in facts.fees:
        payer = known("payer", row.payer, lambda code: short(facts.party(code)), OFFICE)
        yield Paragraph("year", {"year": Plain(row.year), "payer": payer})
    yield Paragraph("proof")
    if given(facts, "cvec") and facts.in_france:
        yield Paragraph("cvec")
    yield from beside(facts, "extra_fees", "extra")


def funding(facts: Facts) -> Iterator[Paragraph]:
    """CL-16 (article 21): what the candidate lives on, and who bears the cost of the stays."""
    if not facts.fundings:
        yield Paragraph("none")
    for source in facts.fundings:
        yield Paragraph(
            "source",
            {
                "kind": Word(f"funding.{source.kind}"),
                "funder": known("funder", source.funder, plain, OFFICE),
                "from": known("funding_from", source.begin, day, OFFICE),
                "until": known("funding_until", source.end, day, OFFICE),
            },
        )
        if source.monthly_amount is not None and source.currency:
            yield Paragraph("amount", {"amount": money(source.monthly_amount, source.currency)})
    yield from beside(facts, "stay_costs", "stay_costs")


def hosting(facts: Facts) -> Iterator[Paragraph]:
    """CL-17 (article 21): material, pedagogical and linguistic support at each party."""
    for party in facts.parties:
        values = {"short_name": short(party), "lodging": text(facts, "lodging", party)}
        yield Paragraph("lodging", values)
        workplace = text(facts, "workplace", party)
        yield Paragraph("workplace", {"short_name": short(party), "workplace": workplace})
    yield Paragraph("language_support", {"language_support": text(facts, "language_support")})


def cover(facts: Facts) -> Iterator[Paragraph]:
    """CL-18 (article 21): health cover, liability, accidents."""
    for party in facts.parties:
        health = settled(facts, "health_cover", word("cover"), party)
        yield Paragraph("health", {"short_name": short(party), "health_cover": health})
    yield Paragraph("liability")
    yield from beside(facts, "liability", "special")
    yield instead(facts, "accident", "accident")


def training(facts: Facts) -> Iterator[Paragraph]:
    """CL-19 (articles 15 and 21): training, its recognition, and how many credits hold for a cotutelle."""
    yield Paragraph("recognition" if given(facts, "mutual_recognition") else "no_recognition")
    for party in facts.parties:
        if given(facts, "credits", party):
            yield Paragraph(
                "credits", {"short_name": short(party), "credits": settled(facts, "credits", number, party)}
            )
    yield Paragraph("ethics")
    yield Paragraph("annex")


def follow_up(facts: Facts) -> Iterator[Paragraph]:
    """CL-20 (article 13): the monitoring committee and the partner's panel."""
    yield choice(facts, "committee_mode")
    yield from beside(facts, "committee_composition", "composition")
    yield Paragraph("sharing")


def integrity(facts: Facts) -> Iterator[Paragraph]:
    """CL-21 (articles 3 and 12): integrity, ethics, personal data, restricted zones."""
    yield Paragraph("integrity")
    yield instead(facts, "data_protection", "data")
    yield from beside(facts, "ethics_committee", "ethics_committee")
    yield from beside(facts, "restricted_zone", "restricted_zone")


def results(facts: Facts) -> Iterator[Paragraph]:
    """CL-22 (article 21): whose the results are, and what may be published; detail in annex IV."""
    yield choice(facts, "owner_rule")
    yield instead(facts, "publication_rule", "publication")
    if given(facts, "confidentiality_months"):
        yield Paragraph("confidentiality", {"months": settled(facts, "confidentiality_months", months)})
    yield Paragraph("annex")


def thesis_language(facts: Facts) -> Iterator[Paragraph]:
    """CL-23 (article 21, 2°; education code, article L121-3): language of the text and its summaries."""
    yield Paragraph(
        "language",
        {"language": known("thesis_language", facts.thesis_language, language, DIRECTORS)},
    )
    asked = facts.terms.get("summary_languages")
    summaries = list(asked) if isinstance(asked, list) else []
    summaries = [tag for tag in summaries if tag != facts.thesis_language]
    if facts.thesis_language not in (None, "fr") and facts.in_france:
        yield Paragraph("summary_french")
        summaries = [tag for tag in summaries if tag != "fr"]
    if summaries:
        yield Paragraph("summaries", {"languages": languages(summaries)})
    if given(facts, "summary_pages"):
        yield Paragraph("summary_pages", {"pages": settled(facts, "summary_pages", number)})


def defence_language(facts: Facts) -> Iterator[Paragraph]:
    """CL-24 (article 21, 2°): language of the defence and of its oral summary."""
    yield Paragraph(
        "language",
        {"language": known("defence_language", facts.defence_language, language, DIRECTORS)},
    )
    if given(facts, "oral_summary"):
        yield Paragraph("oral_summary", {"languages": settled(facts, "oral_summary", languages)})


def stay_calendar(facts: Facts) -> Iterator[Paragraph]:
    """Annex I: every planned stay, in order."""
    for stay in sorted(facts.stays, key=lambda stay: (stay.begin, stay.end)):
        yield Paragraph(
            "stay",
            {
                "short_name": short(facts.party(stay.party)),
                "from": day(stay.begin),
                "until": day(stay.end),
            },
        )
    if not facts.stays:
        yield Paragraph("none")


def training_annex(facts: Facts) -> Iterator[Paragraph]:
    """Annex II: the training programme, as far as the parties wrote one."""
    if given(facts, "training_programme"):
        yield Paragraph("programme", {"training_programme": text(facts, "training_programme")})
    else:
        yield Paragraph("individual")
    credited = [party for party in facts.parties if given(facts, "credits", party)]
    if credited:
        listing = Listing(tuple(short(party) for party in credited))
        yield Paragraph("credited", {"parties": listing})


def property_annex(facts: Facts) -> Iterator[Paragraph]:
    """Annex IV: prior agreements and the detail of intellectual property."""
    yield Paragraph("background")
    yield Paragraph("declaration")
    yield from beside(facts, "prior_agreements", "prior")
