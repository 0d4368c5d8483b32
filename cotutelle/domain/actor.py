"""Who acts: an account, the bearer of a link, or the system itself with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of an act as the journal names them: an account id, or a reason for the system."""

    account_id: int | None
    reason: str | None = None

    @property
    def name(self) -> str:
        """What the journal writes: ``account:12`` or ``system:demo``."""
        return f"account:{self.account_id}" if self.account_id is not None else f"system:{self.reason}"


def system(reason: str) -> Actor:
    """The system, acting for a stated reason."""
    return Actor(None, reason)
