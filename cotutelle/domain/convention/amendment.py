"""What an amendment makes of a convention: the facts that it takes over, and the articles that read otherwise.

An amendment starts from the text that the parties agreed on, not from what the file of the thesis says by now: only
what it is made for is taken over from there, together with the terms that its parties settle anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cotutelle.domain.convention.assembly import assemble
from cotutelle.domain.convention.facts import Amendment, Facts, Supervisor
from cotutelle.domain.convention.terms import BY_KEY, TRIGGERS, Kind, Terms

REASONS = (*TRIGGERS, "party", "other")
"""What an amendment may be made for: what the convention itself names, a change at a party, and anything else."""

_TAKES_OVER: dict[str, tuple[str, ...]] = {
    "extension": ("defence_from", "defence_until"),
    "director": ("supervisors",),
    "title": ("titles", "title_original"),
    "stay": ("stays",),
    "fees": ("fees",),
    "diploma": ("diploma_form",),
    "funding": ("fundings",),
    "jury": (),
    "defence_place": ("defence_from", "defence_until"),
    "party": ("parties",),
    "other": ("candidate", "thesis_language", "defence_language", "full_time", "confidential"),
}
_DIRECTORS = frozenset({"director", "co_director"})

Article = Mapping[str, Any]


def amended(before: Facts, now: Facts, amendment: Amendment) -> Facts:
    """The facts of the convention as an amendment changes it.

    `before` are those agreed, `now` those of the thesis with the terms and derogations of the amendment. What names
    an institution that is no party of the new text is left out.
    """
    taken = {name: getattr(now, name) for trigger in amendment.triggers for name in _TAKES_OVER[trigger]}
    changed = replace(
        before, derogations=now.derogations, **taken, terms=now.terms, languages=now.languages, amendment=None
    )
    codes = {party.code for party in changed.parties}
    changed = replace(
        changed,
        supervisors=tuple(each for each in changed.supervisors if each.party in codes),
        stays=tuple(each for each in changed.stays if each.party in codes),
        fees=tuple(each if each.payer in codes else replace(each, payer=None) for each in changed.fees),
        derogations=tuple(each for each in changed.derogations if each.asked_by in codes),
        terms=among(changed.terms, codes),
    )
    gone = tuple(party for party in before.parties if party.code not in codes)
    known = {party.code: party for party in now.parties}
    return replace(
        changed,
        amendment=replace(
            amendment,
            clauses=_otherwise(before, changed),
            leaving=_leaving(before, changed),
            leaving_parties=gone,
            parties=tuple(known.get(party.code, party) for party in (*changed.parties, *gone)),
        ),
    )


def among(terms: Terms, codes: set[str]) -> Terms:
    """The terms without what names an institution that is no party: it is to be settled anew."""
    kept = {}
    for name, value in terms.values.items():
        key, _separator, party = name.partition(":")
        named = value if BY_KEY[key].kind is Kind.PARTY else party
        if not named or named in codes:
            kept[name] = value
    return Terms(kept)


def _otherwise(before: Facts, after: Facts) -> tuple[str, ...]:
    """The clauses and annexes that are made of other paragraphs or other values than before, in their order."""
    old = {article.clause.id: article.paragraphs for part in assemble(before) for article in part}
    return tuple(
        article.clause.id
        for part in assemble(after)
        for article in part
        if old[article.clause.id] != article.paragraphs
    )


def _leaving(before: Facts, after: Facts) -> tuple[Supervisor, ...]:
    """The directors who direct no longer for their side, be it that the whole side leaves."""
    stay = {(each.name, each.party) for each in after.supervisors if each.role in _DIRECTORS}
    return tuple(
        each for each in before.supervisors if each.role in _DIRECTORS and (each.name, each.party) not in stay
    )


def consolidated(
    before: Sequence[Article], worded: Sequence[Article], clauses: Sequence[str]
) -> list[Article]:
    """The text as an amendment leaves it: its own articles as they are worded now, all others exactly as they were.

    So a wording that was improved since the convention was signed changes nothing that its parties did not change, and
    an article that their text did not have comes in only by the amendment.
    """
    kept, known = (
        {article["clause"]: article for article in before},
        {article["clause"] for article in worded},
    )
    after = [article if article["clause"] in clauses else kept.get(article["clause"]) for article in worded]
    return [article for article in before if article["clause"] not in known] + [a for a in after if a]
