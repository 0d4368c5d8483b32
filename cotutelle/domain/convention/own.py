"""Wordings that an office owns: a clause said in its own words, in one language, as one dated version has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cotutelle.domain.errors import Reason, Refused


@dataclass(frozen=True, slots=True)
class OwnWording:
    """One clause in one language: fragments said otherwise than shipped, those left out, paragraphs added at its end.

    `variant` and `version` name what it was taken from; `state` is ``drafted`` or ``read by …``.
    """

    clause: str
    language: str
    variant: str
    version: int
    title: str = ""
    fragments: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    state: str = "drafted"


ADDED = "added_"
"""Before the number of a paragraph that an office added to a clause."""


def check(
    without: Sequence[str],
    shipped: Mapping[str, frozenset[str]],
    general: frozenset[str],
    used: Mapping[str, frozenset[str]],
    *,
    mandatory: bool,
) -> None:
    """Refuse a wording that prints what no clause can give, or keeps silent where the law asks for an answer.

    `shipped` are the variables that each fragment of the clause is given, `used` those that this wording uses by
    fragment (`ADDED` and a number for its own paragraphs). A clause that the law asks for (article 21 of the order of
    25 May 2016) loses no fragment and none of its variables.
    """
    for key, names in used.items():
        allowed = general | shipped.get(key, frozenset())
        unknown = sorted(names - allowed)
        if unknown:
            raise Refused(
                Reason.UNKNOWN_VARIABLE,
                key,
                name=_shown(unknown[0]),
                known=", ".join(map(_shown, sorted(allowed))),
            )
        lost = sorted(shipped.get(key, frozenset()) - names)
        if mandatory and lost:
            raise Refused(Reason.VARIABLE_LOST, key, name=_shown(lost[0]))
    if mandatory and without:
        raise Refused(Reason.CLAUSE_MANDATORY, without[0])


def _shown(name: str) -> str:
    return "{{" + name + "}}"
