"""The chain of the journal: each entry bears the digest of the one before.

Personal values never enter the chain; their salted digest does, so that retention may empty them later
and the chain still verifies.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64
"""What the first entry bears as the digest before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as the chain sees it: `at` is an ISO instant in UTC, `payload` the salted digest of its values."""

    sequence: int
    at: str
    actor: str
    act: str
    subject: str
    payload: str
    previous: str
    digest: str


def canonical(value: Any) -> str:
    """One spelling for one JSON value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def payload_digest(salt: str, values: Any) -> str:
    """The digest of an entry's values, salted so that short values cannot be guessed from it."""
    return hashlib.sha256(f"{salt}{canonical(values)}".encode()).hexdigest()


def entry_digest(
    sequence: int, at: str, actor: str, act: str, subject: str, payload: str, previous: str
) -> str:
    """The digest that the next entry will bear."""
    return hashlib.sha256(
        canonical([sequence, at, actor, act, subject, payload, previous]).encode()
    ).hexdigest()


def first_fault(entries: Iterable[Entry]) -> int | None:
    """The sequence number of the first entry that does not follow from the one before; None when all do."""
    previous, expected = GENESIS, 1
    for entry in entries:
        recomputed = entry_digest(
            entry.sequence, entry.at, entry.actor, entry.act, entry.subject, entry.payload, entry.previous
        )
        if entry.sequence != expected or entry.previous != previous or entry.digest != recomputed:
            return expected
        previous, expected = entry.digest, expected + 1
    return None
