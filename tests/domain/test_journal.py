"""Proves that any change of the chain is found, and where."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cotutelle.domain.actor import Actor, system
from cotutelle.domain.journal import GENESIS, Entry, canonical, entry_digest, first_fault, payload_digest


def chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    previous = GENESIS
    for number in range(1, length + 1):
        parts = (
            f"2026-11-24T10:00:{number:02d}.000000+00:00",
            "account:1",
            "thesis.edited",
            "thesis:L-1",
            f"p{number}",
        )
        digest = entry_digest(number, *parts, previous)
        entries.append(Entry(number, *parts, previous, digest))
        previous = digest
    return entries


def test_a_chain_as_it_was_written_has_no_fault() -> None:
    assert first_fault(chain(6)) is None
    assert first_fault([]) is None
    assert first_fault(chain(1)) is None


@pytest.mark.parametrize("field", ["at", "actor", "act", "subject", "payload", "previous", "digest"])
@pytest.mark.parametrize("place", [1, 3, 6])
def test_a_changed_field_is_found_where_it_stands(field: str, place: int) -> None:
    entries = chain(6)
    entries[place - 1] = replace(entries[place - 1], **{field: "x"})
    assert first_fault(entries) == place


ATTACKS: dict[str, tuple[Callable[[list[Entry]], list[Entry]], int]] = {
    "the first one is gone": (lambda e: e[1:], 1),
    "one in the middle is gone": (lambda e: [*e[:2], *e[3:]], 3),
    "two are exchanged": (lambda e: [*e[:2], e[3], e[2], *e[4:]], 3),
    "one is there twice": (lambda e: [*e[:3], *e[2:]], 4),
    "one is put in": (lambda e: [*e[:3], replace(e[3], act="x"), *e[3:]], 4),
    "a number is changed": (lambda e: [*e[:2], replace(e[2], sequence=9), *e[3:]], 3),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_taken_out_put_in_or_exchanged_is_found(attack: str) -> None:
    change, place = ATTACKS[attack]
    assert first_fault(change(chain(6))) == place


def test_an_entry_rewritten_with_its_own_digest_breaks_the_next_one() -> None:
    entries = chain(6)
    forged = replace(entries[2], act="x")
    parts = (
        forged.sequence,
        forged.at,
        forged.actor,
        forged.act,
        forged.subject,
        forged.payload,
        forged.previous,
    )
    entries[2] = replace(forged, digest=entry_digest(*parts))
    assert first_fault(entries) == 4


@pytest.mark.parametrize("numbers", [(1, 3), (2, 3), (1, 1), (0, 1)])
def test_a_number_left_out_is_found_even_where_every_digest_agrees(numbers: tuple[int, int]) -> None:
    entries, previous = [], GENESIS
    for number in numbers:
        parts = ("2026-11-24T10:00:00.000000+00:00", "account:1", "x", "thesis:L-1", "p")
        digest = entry_digest(number, *parts, previous)
        entries.append(Entry(number, *parts, previous, digest))
        previous = digest
    assert first_fault(entries) == (2 if numbers[0] == 1 else 1)


def test_one_value_has_one_spelling() -> None:
    assert canonical({"b": [1, None, True], "a": "é"}) == '{"a":"é","b":[1,null,true]}'
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})


def test_the_same_values_under_another_salt_have_another_digest() -> None:
    assert payload_digest("a", {"x": 1}) == payload_digest("a", {"x": 1})
    assert payload_digest("a", {"x": 1}) != payload_digest("b", {"x": 1})
    assert payload_digest("a", {"x": 1}) != payload_digest("a", {"x": 2})


def test_fields_do_not_run_into_each_other() -> None:
    assert entry_digest(1, "a", "bc", "d", "e", "f", "g") != entry_digest(1, "ab", "c", "d", "e", "f", "g")


def test_the_author_is_an_account_or_the_system_with_its_reason() -> None:
    assert Actor(12).name == "account:12"
    assert system("daily").name == "system:daily"
