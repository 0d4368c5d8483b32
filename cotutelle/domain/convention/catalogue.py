"""The catalogue: the 39 clauses and four annexes of a convention, and those of an amendment, in the order of the act.

`law` is the text that asks for the clause in France, `mandatory` whether article 21 of the order of
25 May 2016 (as restored in practice by the order of 6 January 2005) makes it part of every convention.
"""

from dataclasses import dataclass
from enum import StrEnum

from cotutelle.domain.convention import clauses_amendment as amending
from cotutelle.domain.convention import clauses_course as course
from cotutelle.domain.convention import clauses_object as object_
from cotutelle.domain.convention import clauses_outcome as outcome
from cotutelle.domain.convention.paragraph import Builder


class Part(StrEnum):
    """The titles under which the articles are grouped."""

    OBJECT = "object"
    COURSE = "course"
    DEFENCE = "defence"
    ACT = "act"
    ANNEX = "annex"


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its stable id, its part, how its paragraphs come about, and the law behind it."""

    id: str
    part: Part
    build: Builder
    law: str = ""
    mandatory: bool = False


CLAUSES: tuple[Clause, ...] = (
    Clause("CL-01", Part.OBJECT, object_.parties, "21", True),
    Clause("CL-02", Part.OBJECT, object_.references, "L121-3"),
    Clause("CL-03", Part.OBJECT, object_.act_type, "20-21"),
    Clause("CL-04", Part.OBJECT, object_.recitals, "20"),
    Clause("CL-05", Part.OBJECT, object_.candidate, "21", True),
    Clause("CL-06", Part.OBJECT, object_.admission, "11"),
    Clause("CL-07", Part.OBJECT, object_.thesis, "21", True),
    Clause("CL-08", Part.OBJECT, object_.direction, "16, 22", True),
    Clause("CL-09", Part.OBJECT, object_.places, "1, 21"),
    Clause("CL-10", Part.OBJECT, object_.contacts),
    Clause("CL-11", Part.OBJECT, object_.main_institution),
    Clause("CL-12", Part.COURSE, course.enrolment, "11, 21", True),
    Clause("CL-13", Part.COURSE, course.duration, "14"),
    Clause("CL-14", Part.COURSE, course.stays, "21", True),
    Clause("CL-15", Part.COURSE, course.fees, "21", True),
    Clause("CL-16", Part.COURSE, course.funding, "21"),
    Clause("CL-17", Part.COURSE, course.hosting, "21", True),
    Clause("CL-18", Part.COURSE, course.cover, "21"),
    Clause("CL-19", Part.COURSE, course.training, "15, 21", True),
    Clause("CL-20", Part.COURSE, course.follow_up, "13"),
    Clause("CL-21", Part.COURSE, course.integrity, "3, 12"),
    Clause("CL-22", Part.COURSE, course.results, "21"),
    Clause("CL-23", Part.DEFENCE, course.thesis_language, "21, L121-3", True),
    Clause("CL-24", Part.DEFENCE, course.defence_language, "21", True),
    Clause("CL-25", Part.DEFENCE, outcome.rapporteurs, "17"),
    Clause("CL-26", Part.DEFENCE, outcome.jury, "18, 21", True),
    Clause("CL-27", Part.DEFENCE, outcome.defence, "19, 23"),
    Clause("CL-28", Part.DEFENCE, outcome.defence_costs),
    Clause("CL-29", Part.DEFENCE, outcome.defence_report, "19"),
    Clause("CL-30", Part.DEFENCE, outcome.deposit, "24-25"),
    Clause("CL-31", Part.DEFENCE, outcome.diploma, "21, 23", True),
    Clause("CL-32", Part.DEFENCE, outcome.recognition, "20"),
    Clause("CL-33", Part.ACT, outcome.derogations, "20"),
    Clause("CL-34", Part.ACT, outcome.amendments),
    Clause("CL-35", Part.ACT, outcome.validity),
    Clause("CL-36", Part.ACT, outcome.ending),
    Clause("CL-37", Part.ACT, outcome.disputes),
    Clause("CL-38", Part.ACT, outcome.versions),
    Clause("CL-39", Part.ACT, outcome.execution),
)

ANNEXES: tuple[Clause, ...] = (
    Clause("AX-1", Part.ANNEX, course.stay_calendar, "21"),
    Clause("AX-2", Part.ANNEX, course.training_annex, "15"),
    Clause("AX-3", Part.ANNEX, outcome.diploma_annex, "23"),
    Clause("AX-4", Part.ANNEX, course.property_annex, "21"),
)

AMENDING: tuple[Clause, ...] = (
    Clause("AM-1", Part.ACT, amending.parties),
    Clause("AM-2", Part.ACT, amending.purpose),
    Clause("AM-3", Part.ACT, amending.changes),
    Clause("AM-4", Part.ACT, amending.leaving),
    Clause("AM-5", Part.ACT, amending.rest),
    Clause("AM-6", Part.ACT, amending.effect),
)
"""What an amendment consists of beside the articles that it changes."""

BY_ID = {clause.id: clause for clause in (*CLAUSES, *ANNEXES, *AMENDING)}

_OWN = ("CL-01", "CL-03", "CL-05", "CL-07", "CL-08", "CL-35", "CL-39")
INHERITABLE = tuple(clause.id for clause in CLAUSES if clause.id not in _OWN)
"""What a framework agreement can settle for a convention under it: not who concludes it, for whom, and how long."""
