"""What kinds, levels, roles and concerns of partnerships, and regions of the world, are called."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from cotutelle.domain.partnership import Concern, Kind, Level, MemberRole, Warned
from cotutelle.web.filters import day

KINDS: Mapping[str, LazyString] = {
    Kind.CONSORTIUM: _l("Consortium"),
    Kind.ALLIANCE: _l("Alliance"),
    Kind.NETWORK: _l("Institutional network"),
    Kind.PROGRAMME: _l("Exchange programme"),
    Kind.FUNDING_FRAME: _l("Funding frame"),
    Kind.PROJECT: _l("Funded project"),
    Kind.AGREEMENT: _l("Bilateral agreement"),
    Kind.LABORATORY: _l("Joint laboratory or unit"),
    Kind.JOINT_PROGRAMME: _l("Joint programme"),
    Kind.LOCAL_OFFICE: _l("Local office abroad"),
}
LEVELS: Mapping[str, LazyString] = {
    Level.BACHELOR: _l("Bachelor’s"),
    Level.MASTER: _l("Master’s"),
    Level.DOCTORATE: _l("Doctorate"),
    Level.RESEARCH: _l("Research"),
}
REGION_WORDS: Mapping[str, LazyString] = {
    "western_europe": _l("Western Europe"),
    "northern_europe": _l("Northern Europe"),
    "southern_europe": _l("Southern Europe"),
    "eastern_europe": _l("Eastern Europe"),
    "northern_america": _l("Northern America"),
    "latin_america": _l("Latin America and the Caribbean"),
    "northern_africa": _l("Northern Africa"),
    "africa_south_of_the_sahara": _l("Africa south of the Sahara"),
    "western_asia": _l("Western Asia"),
    "central_and_southern_asia": _l("Central and southern Asia"),
    "eastern_asia": _l("Eastern Asia"),
    "south_eastern_asia": _l("South-eastern Asia"),
    "oceania": _l("Oceania"),
}
ROLES: Mapping[str, LazyString] = {
    MemberRole.COORDINATOR: _l("coordinator"),
    MemberRole.MEMBER: _l("member"),
    MemberRole.ASSOCIATE: _l("associate"),
    MemberRole.FUNDER: _l("funder"),
    MemberRole.HOST: _l("host"),
}


def said(warned: Warned) -> tuple[str, str]:
    """A concern as the kind of notice that it is, and its sentence."""
    match warned.concern:
        case Concern.OVER:
            return "late", _("It has been over since %(day)s.", day=day(warned.on))
        case Concern.ENDS_FIRST:
            text = _(
                "It ends on %(day)s, before the defence of %(thesis)s.",
                day=day(warned.on),
                thesis=warned.what,
            )
            return "soon", text
        case Concern.CALL_CLOSES:
            return "soon", _("The call “%(title)s” closes on %(day)s.", title=warned.what, day=day(warned.on))
        case Concern.NOBODY_IN_CHARGE:
            return "decide", _("Nobody is in charge of it.")


def in_short(found: Sequence[Warned]) -> list[tuple[str, str]]:
    """Concerns as lists say them: the defences that come after an end counted, where there are several."""
    ends = [each for each in found if each.concern is Concern.ENDS_FIRST]
    if len(ends) < 2:
        return [said(each) for each in found]
    text = _(
        "It ends on %(day)s, before the defences of %(count)s theses.", day=day(ends[0].on), count=len(ends)
    )
    return [("soon", text), *(said(each) for each in found if each.concern is not Concern.ENDS_FIRST)]
