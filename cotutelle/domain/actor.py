"""Who acts: an account, the bearer of a link, or the system itself with its reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The author of an act as the journal names them: an account, the bearer of a link, or a reason for the system."""

    account_id: int | None
    reason: str | None = None
    link_id: str | None = None

    @property
    def name(self) -> str:
        """What the journal writes: ``account:12``, ``link:k7…`` or ``system:demo``."""
        if self.account_id is not None:
            return f"account:{self.account_id}"
        return f"link:{self.link_id}" if self.link_id is not None else f"system:{self.reason}"


def system(reason: str) -> Actor:
    """The system, acting for a stated reason."""
    return Actor(None, reason)


def bearer(link_id: str) -> Actor:
    """Whoever came by a link and showed its code; the token itself is never written."""
    return Actor(None, None, link_id)
