"""Rules on the convention itself: content, signatures, languages, coverage, derogations (articles 20 and 21)."""

from cotutelle.domain.check import Figure, Figures, Group, Kind, Topic, check
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Outcome, Verdict, aside, met, unknown

CLAUSES = tuple(f"CL-{number:02d}" for number in range(1, 40))
SIGNING = frozenset({"signing", "in_force", "expired", "ended"})


@check(Group.CONVENTION)
def convention_exists(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The thesis has its convention, its own or one applying a framework (articles 20 and 21)."""
    agreed = dossier.convention
    if agreed is None or agreed.state == "void":
        return met(False, "none", {}, {})
    if agreed.state in SIGNING:
        return met(True, "state", {"state": agreed.state}, {})
    return Outcome(Verdict.PENDING, "state", {"state": agreed.state}, {})


@check(Group.CONVENTION, clauses=Figure(Kind.WORDS, choices=CLAUSES))
def clauses_filled(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """These clauses are there without a blank (article 21)."""
    agreed = dossier.convention
    if agreed is None:
        return aside("no_convention")
    lacking = tuple([clause for clause in figures["clauses"] if clause in agreed.lacking])
    if not lacking and any(clause in agreed.unread for clause in figures["clauses"]):
        return unknown("subject")
    if not lacking:
        return met(True, "complete", {"n": len(figures["clauses"])}, {})
    verdict = Verdict.FAIL if agreed.state in SIGNING else Verdict.PENDING
    return Outcome(verdict, "lacking", {"clauses": lacking, "n": len(lacking)}, {})


@check(Group.CONVENTION)
def approved_before_signing(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every party approved the text before the first signature."""
    agreed = dossier.convention
    if agreed is None or agreed.first_signed_on is None:
        return aside("not_signed")
    if agreed.approved_on is None:
        return met(False, "never", {"on": agreed.first_signed_on}, {})
    return met(
        agreed.approved_on <= agreed.first_signed_on,
        "on",
        {"on": agreed.approved_on, "signed": agreed.first_signed_on},
        {},
    )


@check(Group.CONVENTION)
def everybody_signed(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Whoever must sign has signed."""
    agreed = dossier.convention
    if agreed is None or agreed.state not in SIGNING:
        return aside("not_signed")
    if agreed.state == "signing":
        return Outcome(Verdict.PENDING, "signing")
    on = agreed.signed_on or agreed.in_force_on
    return unknown("signature") if on is None else met(True, "on", {"on": on}, {})


@check(Group.CONVENTION)
def convention_covers_defence(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The convention is in force on the day of the defence, both ends included."""
    agreed, defence = dossier.convention, dossier.defence
    if defence is None:
        return aside("no_defence")
    if agreed is None or agreed.expires_on is None:
        return unknown("expires_on")
    begins, required = agreed.in_force_on, {"due": agreed.expires_on}
    if begins is None and defence <= agreed.expires_on:
        return unknown("in_force_on", required=required)
    if begins is not None and defence < begins:
        return met(False, "before", {"on": defence}, {"due": begins})
    return met(defence <= agreed.expires_on, "on", {"on": defence}, required)


@check(Group.CONVENTION)
def derogations_documented(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every derogation names its rule, article and reason, and the text that holds instead (article 20)."""
    if not dossier.derogations:
        return aside("none")
    lacking = tuple([d.rule for d in dossier.derogations.values() if not d.documented])
    return met(
        not lacking, "lacking" if lacking else "each", {"rules": lacking, "n": len(dossier.derogations)}, {}
    )


@check(Group.LANGUAGE, language=Figure(Kind.TEXT))
def convention_in(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The convention has a version in that language."""
    agreed = dossier.convention
    if agreed is None:
        return aside("no_convention")
    return met(figures["language"] in agreed.languages, "languages", {"languages": agreed.languages}, figures)


@check(Group.LANGUAGE)
def defence_language_settled(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The language of the defence is settled (article 21)."""
    if dossier.defence_language is None:
        return Outcome(Verdict.PENDING, "open")
    return met(True, "settled", {"language": dossier.defence_language}, {})


@check(Group.LANGUAGE, Topic.LANGUAGE, language=Figure(Kind.TEXT))
def summary_in(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """A thesis written in another language has a substantial summary in this one (article 21; code, L121-3)."""
    language = dossier.thesis_language
    if language is None:
        return unknown("thesis_language", required=figures)
    if language.split("-")[0] == figures["language"]:
        return aside("same_language")
    summary = dossier.event("french_summary") if figures["language"] == "fr" else None
    if summary is not None:
        return met(True, "on", {"on": summary.on}, figures)
    return Outcome(Verdict.PENDING, "open", {}, figures)


@check(Group.LANGUAGE, Topic.LANGUAGE, languages=Figure(Kind.TEXT))
def defence_in(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The defence is held in one of these languages, written "en nl" (Ghent: English or Dutch)."""
    if dossier.defence_language is None:
        return unknown("defence_language", required=figures)
    allowed = figures["languages"].split()
    spoken = dossier.defence_language.split("-")[0]
    return met(spoken in allowed, "language", {"language": dossier.defence_language}, figures)


@check(Group.CONVENTION)
def divergences_written(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Every departure from the institution's rules is written in the convention (UCLouvain)."""
    return derogations_documented(dossier, place, figures)
