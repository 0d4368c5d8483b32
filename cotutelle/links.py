"""Signed ids for addresses that travel by mail, and codes beside them: salted by purpose, no time inside."""

import hashlib
import hmac
from collections.abc import Sequence

from itsdangerous import BadSignature, Signer


def sign(keys: Sequence[str], purpose: str, link_id: str) -> str:
    """The address part for a link row; the newest key is last. The same row always gives the same text."""
    return Signer(list(keys), salt=f"cotutelle.link.{purpose}").sign(link_id).decode()


def read(keys: Sequence[str], purpose: str, token: str) -> str | None:
    """The id inside an address part, or None when it was forged."""
    try:
        return Signer(list(keys), salt=f"cotutelle.link.{purpose}").unsign(token).decode()
    except (BadSignature, UnicodeError):
        return None


def code(keys: Sequence[str], link_id: str) -> str:
    """The six digits that stand beside a link in its mail, by the newest key."""
    return _code(keys[-1], link_id)


def is_code(keys: Sequence[str], link_id: str, typed: str) -> bool:
    """Whether these are the digits of that link, by any key still in use; spaces and hyphens are forgiven."""
    digits = "".join(sign for sign in typed if sign not in " \u00a0\u202f-")
    given = digits.encode("utf-8", "surrogatepass")
    return any(hmac.compare_digest(given, _code(key, link_id).encode()) for key in keys)


def _code(key: str, link_id: str) -> str:
    made = hmac.new(key.encode(), f"cotutelle.code:{link_id}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8], 'big') % 1_000_000:06d}"
