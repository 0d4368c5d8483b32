"""The milestone plans of an installation: shipped, with those of its folder in their place."""

from pathlib import Path

from sqlalchemy.orm import Session

from cotutelle.domain.plan import Plans
from cotutelle.operations.rulebook import stamps
from cotutelle.rulebooks.plans import read, with_own
from cotutelle.rulebooks.shelf import Rejected, read_folder

_KNOWN: dict[object, tuple[Plans, tuple[Rejected, ...]]] = {}


def plans(session: Session) -> Plans:
    """Every plan in force here."""
    return _shelf(session)[0]


def rejected(session: Session) -> tuple[Rejected, ...]:
    """The files left out for their faults, for the operator's page."""
    return _shelf(session)[1]


def _shelf(session: Session) -> tuple[Plans, tuple[Rejected, ...]]:
    folder = Path(str(session.get_bind().get_execution_options().get("plans", "")))
    key = stamps(folder)
    if key not in _KNOWN:
        own, wrong = read_folder(folder, read)
        _KNOWN.clear()
        _KNOWN[key] = with_own(own), tuple(wrong)
    return _KNOWN[key]
