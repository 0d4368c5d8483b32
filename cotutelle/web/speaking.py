"""In whose name somebody speaks: the institutions of a thesis for which a reader approves, asks and answers."""

from typing import Any

from flask import g
from flask_babel import gettext as _

from cotutelle.policy import Role, Tie
from cotutelle.web import page
from cotutelle.web.fields import options

Parties = list[dict[str, Any]]


def own_parties(parties: Parties) -> Parties:
    """The institutions in whose name the reader acts: whose school they administer, or whose staff they are."""
    staff = g.reader.scopes(Role.PARTNER, "institution")
    schools = g.reader.scopes(Role.ADMINISTRATOR, "school")
    return [p for p in present(parties) if p["id"] in staff or p["row"].school_id in schools]


def spoken_for(parties: Parties) -> Parties:
    """The institutions for which the reader may record something: the lead's office for each, others for their own."""
    return present(parties) if page.has(Tie.LEAD_OFFICE) else own_parties(parties)


def present(parties: Parties) -> Parties:
    """The institutions that have not left the thesis."""
    return [p for p in parties if p["row"].left_on is None or p["row"].left_on >= g.today]


def choices(parties: Parties) -> list[Any]:
    """Institutions as choices of a form; one alone is chosen already."""
    listed = [(party["code"], party["short_name"]) for party in parties]
    return options(listed if len(listed) == 1 else [("", _("Choose")), *listed])
