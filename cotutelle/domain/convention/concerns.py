"""Which clause a rule touches, so that what it says stands beside the text that could settle it."""

from cotutelle.domain.check import Check, Group, Topic

_BY_TOPIC = {
    Topic.REVIEWERS: "CL-25",
    Topic.SESSIONS: "CL-27",
    Topic.PUBLICITY: "CL-27",
    Topic.GRADE: "CL-29",
    Topic.SIGNATURE_WINDOW: "CL-39",
}
_BY_GROUP = {
    Group.JURY: "CL-26",
    Group.DEFENCE: "CL-27",
    Group.DIRECTION: "CL-08",
    Group.ENROLMENT: "CL-12",
    Group.COMMITTEE: "CL-20",
    Group.DURATION: "CL-13",
    Group.CONVENTION: "CL-35",
    Group.FEES: "CL-15",
    Group.STAYS: "CL-14",
    Group.LANGUAGE: "CL-23",
    Group.DEPOSIT: "CL-30",
    Group.DIPLOMA: "CL-31",
}


def clause_of(check: Check) -> str:
    """The clause of the catalogue in which the parties settle what a check looks at."""
    if check.topic in _BY_TOPIC:
        return _BY_TOPIC[check.topic]
    return _BY_GROUP[check.group]
