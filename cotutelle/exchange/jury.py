"""Jury files: one case or many as JSON, read into dossiers.

A case has `context` (institutions, dates, remote participation, convention), `members` and `reports`. What is
left out is unknown, never assumed to be in order; what cannot be understood is refused with a sentence.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from cotutelle.domain.dossier import Derogation, Dossier, Place, Readings
from cotutelle.domain.jury import Jury, Seat, SeatRole
from cotutelle.domain.rulebook import Library, squashed
from cotutelle.exchange.parsing import Unreadable, parsed

MOST_MEMBERS = 100
MOST_CASES = 100_000
_DAY = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\d", re.ASCII)
_RANKS = ("A", "B", "none")
_PROFILE = {
    "directors_who_sit_count_in_ratios": "directors_counted",
    "emeritus_counts_as_rank_a": "emeritus_rank_a",
    "external_reference": "external_to",
    "balance_tolerance": "balance_tolerance",
}
_OWN, _ALL = ("french", "own", "lead", "literal"), ("both", "all")
_FLAGS = {"external_share_clause": "FR-JURY-EXT-BOTH", "director_vote_clause": "FR-DIR-NOVOTE"}


def read_cases(text: str, library: Library) -> dict[str, Dossier]:
    """The dossiers of a jury file by the id of their case, in the order of the file.

    Raises Unreadable.
    """
    data = parsed(text, "a jury file")
    profile = data.get("profile") if isinstance(data, dict) else None
    cases = _cases(data)
    found: dict[str, Dossier] = {}
    for number, case in enumerate(cases, start=1):
        if not isinstance(case, dict):
            raise Unreadable(f"Case {number} is not an object with context and members.")
        id_ = case.get("id", "case" if len(cases) == 1 else f"case-{number}")
        if not isinstance(id_, str) or not id_:
            raise Unreadable(f"The id of case {number} is not a text.")
        if id_ in found:
            raise Unreadable(f"Two cases are called {id_}.")
        found[id_] = _Case(id_, case, library).dossier(profile)
    return found


def doubts(cases: Mapping[str, Dossier], library: Library) -> list[str]:
    """What was read and yet asks nothing: institutions, schools and derogated rules that no rulebook knows."""
    found: dict[str, list[str]] = {}
    for id_, dossier in cases.items():
        for place in dossier.places:
            if library.place(place.code) is None:
                found.setdefault(f"no rulebook knows {place.name}: no rule of its own is asked", []).append(
                    id_
                )
            for school in library.strangers(place):
                said = f"no rule is known of {school} at {place.name}: only those of the whole university are asked"
                found.setdefault(said, []).append(id_)
        for rule in sorted(dossier.derogations.keys() - library.rules.keys()):
            found.setdefault(
                f"no rulebook has the rule {rule}: its derogation sets nothing aside", []
            ).append(id_)
    return [f"{_named(ids)}: {said}." for said, ids in found.items()]


def _named(ids: Sequence[str]) -> str:
    return f"Case {ids[0]}" if len(ids) == 1 else f"Case {ids[0]} and {len(ids) - 1} more"


def _cases(data: Any) -> Sequence[Any]:
    if isinstance(data, dict) and "members" not in data:
        data = data.get("cases")
    cases = [data] if isinstance(data, dict) else data
    if not isinstance(cases, list) or not cases:
        raise Unreadable("The file has neither “cases” nor the “members” of one case.")
    if len(cases) > MOST_CASES:
        raise Unreadable(f"The file has {len(cases)} cases; at most {MOST_CASES} are read at once.")
    return cases


class _Case:
    """One case while it is read; every refusal names it."""

    def __init__(self, id_: str, case: Mapping[str, Any], library: Library) -> None:
        self.id, self.case, self.library = id_, case, library
        self.context = self._table(case, "context")

    def dossier(self, profile: Any) -> Dossier:
        places = self._places()
        french = next((place for place in places if place.country == "FR"), places[0])
        seats = self._seats(french)
        remote = self._table(self.context, "remote")
        mode = remote.get("mode", "none")
        if mode not in ("none", "partial", "full"):
            raise self._refused(f"remote.mode is {mode!r}; it is none, partial or full")
        return Dossier(
            places=places,
            today=self._day(self.context, "today"),
            first_enrolment=self._day(self.context, "first_registration"),
            defence=self._day(self.context, "defence_date", needed=True),
            readings=self._readings(self.case.get("profile", self.context.get("profile", profile))),
            derogations=self._derogations(),
            jury=Jury(seats, mode, self._flag(remote, "authorised_by_head", "remote")),
        )

    def _refused(self, why: str) -> Unreadable:
        return Unreadable(f"Case {self.id}: {why}.")

    def _table(self, holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        value = holder.get(name, {})
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._refused(f"{name} is not an object")
        return value

    def _day(self, holder: Mapping[str, Any], name: str, *, needed: bool = False) -> date | None:
        value = holder.get(name)
        if value is None:
            if needed:
                raise self._refused(f"{name} is missing: rules of different dates would apply")
            return None
        try:
            if not isinstance(value, str) or not _DAY.fullmatch(value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            raise self._refused(f"{name} is {value!r}; a date is written like 2025-12-12") from None

    def _flag(
        self, holder: Mapping[str, Any], name: str, where: str, default: bool | None = None
    ) -> bool | None:
        value = holder.get(name, default)
        if value is not None and not isinstance(value, bool):
            raise self._refused(f"{name} of {where} is {value!r}; it is true, false or null")
        return value

    def _word(
        self, holder: Mapping[str, Any], name: str, where: str, words: Sequence[str], default: Any = None
    ) -> Any:
        value = holder.get(name, default)
        if value is not None and value not in words:
            raise self._refused(f"{name} of {where} is {value!r}; it is {', '.join(words)} or null")
        return value

    def _places(self) -> tuple[Place, ...]:
        context = self.context
        home = context.get("french_institution")
        others = context.get("partner_institutions", context.get("partner_institution"))
        names = [home, *(others if isinstance(others, list) else [others])]
        names = [name for name in names if name is not None]
        if len(names) < 2 or not all(isinstance(name, str) and name.strip() for name in names):
            raise self._refused("french_institution and partner_institution must both name an institution")
        schools = self._names(context.get("school")), self._names(context.get("faculties"))
        places = []
        for number, name in enumerate(names):
            first = number == 0 and home is not None
            found = self.library.place(name, lead=number == 0)
            place = found or Place(squashed(name), "FR" if first else "", name=name, lead=number == 0)
            places.append(
                replace(place, schools=self.library.schools(place.code, schools[0] if first else schools[1]))
            )
        if len({place.code for place in places}) < len(places):
            raise self._refused("one institution is named twice")
        return tuple(places)

    def _names(self, value: Any) -> list[str]:
        if isinstance(value, dict):
            value = list(value.values())
        listed = value if isinstance(value, list) else [value] if value else []
        if not all(isinstance(name, str) for name in listed):
            raise self._refused("school and faculties are names")
        return listed

    def _seats(self, french: Place) -> tuple[Seat, ...]:
        members = self.case.get("members")
        if not isinstance(members, list):
            raise self._refused("members is not a list")
        if len(members) > MOST_MEMBERS:
            raise self._refused(f"there are {len(members)} members; no jury has more than {MOST_MEMBERS}")
        reports = self._reports()
        seats = [self._seat(member, french, reports) for member in members]
        ids = [seat.id for seat in seats]
        if len(set(ids)) < len(ids):
            twice = next(id_ for id_ in ids if ids.count(id_) > 1)
            raise self._refused(f"member {twice} is there twice")
        strangers = reports.keys() - set(ids)
        if strangers:
            raise self._refused(f"there is a report of {min(strangers)}, who is not among the members")
        return tuple(seats)

    def _seat(self, member: Any, french: Place, reports: Mapping[str, date | None]) -> Seat:
        if not isinstance(member, dict) or not isinstance(member.get("id"), str) or not member["id"]:
            raise self._refused("every member needs an id, which is a text")
        id_, institution = member["id"], member.get("institution")
        if not isinstance(institution, str) or not institution.strip():
            raise self._refused(f"member {id_} has no institution")
        where = f"member {id_}"
        return Seat(
            id=id_,
            institution=self.library.code(institution),
            role=SeatRole(self._word(member, "jury_role", where, list(SeatRole), "member") or "none"),
            rank=self._word(member, "rank", where, _RANKS),
            emeritus=bool(self._flag(member, "emeritus", where, False)),
            accredited=self._flag(member, "hdr_or_equivalent", where),
            gender=self._word(member, "gender", where, ("F", "M")),
            supervision=self._word(
                member, "supervision_role", where, ("director", "co_director", "co_supervisor")
            ),
            rapporteur=self._word(member, "rapporteur", where, ("academic", "socio_economic")),
            president=bool(self._flag(member, "president", where, False)),
            decides=self._flag(member, "takes_part_in_decision", where),
            attached=french.code
            if self._flag(member, "attached_to_french_doctoral_school", where, False)
            else None,
            copublished=self._flag(member, "copublished_with_candidate", where),
            on_committee=self._flag(member, "member_of_csi", where),
            remote=bool(self._flag(member, "remote", where, False)),
            report_on=reports.get(id_),
        )

    def _reports(self) -> dict[str, date | None]:
        given = self.case.get("reports", [])
        if not isinstance(given, list) or not all(isinstance(report, dict) for report in given):
            raise self._refused("reports is not a list of objects with rapporteur and date")
        found: dict[str, date | None] = {}
        for report in given:
            name = report.get("rapporteur")
            if not isinstance(name, str):
                raise self._refused("a report does not say whose it is")
            if name in found:
                raise self._refused(f"there are two reports of {name}")
            found[name] = self._day(report, "date")
        return found

    def _readings(self, profile: Any) -> Readings:
        if profile is None or profile == "prudent":
            return Readings()
        if not isinstance(profile, dict) or profile.keys() - _PROFILE.keys():
            raise self._refused(f"profile is an object that may hold {', '.join(_PROFILE)}")
        values: dict[str, Any] = {}
        for name in ("directors_who_sit_count_in_ratios", "emeritus_counts_as_rank_a"):
            value = self._flag(profile, name, "profile")
            if value is not None:
                values[_PROFILE[name]] = value
        tolerance = profile.get("balance_tolerance", 1)
        if isinstance(tolerance, bool) or not isinstance(tolerance, int) or not 0 <= tolerance <= 100:
            raise self._refused("balance_tolerance of profile is not a whole number, 0 or more")
        reference = profile.get("external_reference", "both")
        word = reference.split()[0].casefold() if isinstance(reference, str) and reference.split() else ""
        if word not in (*_OWN, *_ALL):
            raise self._refused(f"external_reference of profile is {reference!r}; it is french or both")
        return Readings(**values, balance_tolerance=tolerance, external_to="own" if word in _OWN else "all")

    def _derogations(self) -> dict[str, Derogation]:
        convention = self._table(self.context, "convention")
        found: dict[str, Derogation] = {}
        for flag, rule in _FLAGS.items():
            if self._flag(convention, flag, "convention", False):
                clause = flag.replace("_", " ")
                found[rule] = Derogation(rule, clause, "article 20", clause)
        given = convention.get("derogations", [])
        if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
            raise self._refused("derogations is not a list of objects with rule, article, reason and text")
        for each in given:
            parts = [each.get(name) or "" for name in ("rule", "article", "reason", "text")]
            if not all(isinstance(part, str) for part in parts) or not parts[0]:
                raise self._refused("a derogation names its rule, article, reason and text, each a text")
            found[parts[0]] = Derogation(*parts)
        return found
