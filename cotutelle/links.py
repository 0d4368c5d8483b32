"""Signed ids for addresses that travel by mail: one salt for each purpose, keys that rotate, no time inside."""

from collections.abc import Sequence

from itsdangerous import BadSignature, Signer


def sign(keys: Sequence[str], purpose: str, link_id: str) -> str:
    """The address part for a link row; the newest key is last. The same row always gives the same text."""
    return Signer(list(keys), salt=f"cotutelle.link.{purpose}").sign(link_id).decode()


def read(keys: Sequence[str], purpose: str, token: str) -> str | None:
    """The id inside an address part, or None when it was forged."""
    try:
        return Signer(list(keys), salt=f"cotutelle.link.{purpose}").unsign(token).decode()
    except BadSignature:
        return None
