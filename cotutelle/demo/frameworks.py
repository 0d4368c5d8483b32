"""A framework agreement in the demonstration: that of France and Québec, of 1996, with a form for each thesis."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from cotutelle.domain.actor import Actor
from cotutelle.models import Institution
from cotutelle.operations import framework

TITLES = {
    "fr": "Convention-cadre franco-québécoise sur les cotutelles de thèse, 18 octobre 1996",
    "en": "France–Québec framework agreement on the joint supervision of theses, 18 October 1996",
}
SCOPE = {
    "fr": "Conclue par la CPU, la CDEFI et la CREPUQ pour leurs établissements ; un formulaire par thèse.",
    "en": "Concluded by CPU, CDEFI and CREPUQ for their institutions; one form for each thesis.",
}
SETTLED = {"CL-26": "formulaire type, « Jury »"}


def add(session: Session, institutions: Mapping[str, Institution], actor: Actor, at: datetime) -> None:
    """Enter it for the institutions of the demonstration that it binds."""
    bound = [institutions[code].id for code in ("lille", "laval", "montreal") if code in institutions]
    signed = date(1996, 10, 18)
    facts = framework.FrameworkEntry(TITLES, SCOPE, bound, signed, signed_on=signed, settled=SETTLED)
    framework.add_framework(session, facts, actor, at)
