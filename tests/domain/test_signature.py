"""What is to be said of a file with signatures: no single sign is trusted, and each reason why not is named."""

from datetime import date
from typing import Any

import pytest

from cotutelle.domain.signature import (
    Fault,
    Flaw,
    Known,
    Mark,
    Reading,
    Signature,
    Stage,
    Unsound,
    from_json,
    judge,
    to_json,
)

SEAL = Signature("Seal", Mark.SEAL, "Lille", whole_file=True)
CLOSED = Known("LILLE-2026-0001-3", Stage.CLOSED, date(2026, 11, 30), sealed=True)


def person(*faults: Fault, **more: Any) -> Signature:
    return Signature("Signature1", Mark.SIGNATURE, "Ada", faults=faults, whole_file=True, **more)


def test_a_closed_file_with_its_seal_is_sound() -> None:
    verdict = judge(Reading((SEAL,)), CLOSED)
    assert (verdict.closed, verdict.sealed, verdict.sound) == (True, True, True)


@pytest.mark.parametrize("fault", Fault)
def test_one_fault_of_one_signature_makes_a_stranger_s_file_unsound(fault: Fault) -> None:
    verdict = judge(Reading((person(), person(fault))), None)
    assert verdict.reasons == (Unsound.SIGNATURE,)
    assert not verdict.sound


def test_a_known_file_may_hold_a_signature_whose_issuer_nobody_here_knows() -> None:
    assert judge(Reading((SEAL, person(Fault.UNKNOWN_ISSUER))), CLOSED).sound
    assert not judge(Reading((SEAL, person(Fault.UNKNOWN_ISSUER, Fault.ALTERED))), CLOSED).sound


def test_a_file_to_which_something_was_added_after_its_last_signature_is_unsound() -> None:
    early = Signature("Signature1", Mark.SIGNATURE, "Ada")
    assert judge(Reading((early,)), None).reasons == (Unsound.MORE_AFTER,)


def test_a_file_that_passes_for_ours_and_is_not_known_was_altered_whatever_its_signatures_say() -> None:
    assert judge(Reading((SEAL,)), None, ours=True).reasons == (Unsound.OURS_ALTERED,)


@pytest.mark.parametrize("fault", [Fault.EXPIRED, Fault.REVOKED, Fault.UNFIT, Fault.UNKNOWN_ISSUER])
def test_what_became_of_a_certificate_since_does_no_harm_to_a_file_of_which_every_byte_is_known(
    fault: Fault,
) -> None:
    aged = Signature("Seal", Mark.SEAL, "Lille", whole_file=True, faults=(fault,))
    verdict = judge(Reading((aged, person(fault))), CLOSED)
    assert (verdict.sound, verdict.sealed) == (True, True)
    assert not judge(Reading((aged,)), None).sound


def test_a_seal_counts_only_on_what_was_closed_here() -> None:
    verdict = judge(Reading((SEAL,)), None)
    assert (verdict.sound, verdict.sealed) == (True, False)
    made = Known("L-1", Stage.MADE, date(2026, 1, 1), sealed=False)
    assert not judge(Reading((SEAL,)), made).sealed


def test_closed_without_a_certificate_is_closed_and_sound_and_not_sealed() -> None:
    verdict = judge(Reading(()), Known("L-1", Stage.CLOSED, date(2026, 1, 1), sealed=False))
    assert (verdict.closed, verdict.sealed, verdict.sound) == (True, False, True)


def test_a_text_as_it_was_made_is_known_and_not_closed() -> None:
    verdict = judge(Reading(()), Known("L-1", Stage.MADE, date(2026, 1, 1), sealed=False))
    assert (verdict.known is not None, verdict.closed, verdict.sound) == (True, False, True)


def test_nobody_s_file_is_nobody_s() -> None:
    assert judge(Reading(()), None).reasons == (Unsound.UNKNOWN, Unsound.UNSIGNED)


@pytest.mark.parametrize("flaw", Flaw)
def test_a_file_that_cannot_be_read_is_never_sound(flaw: Flaw) -> None:
    assert not judge(Reading(flaw=flaw), None).sound


def test_a_signature_is_written_and_read_back() -> None:
    one = person(
        Fault.EXPIRED, organisation="Lille", at="2026-11-30T00:00:00+00:00", clock="C", certificate="ab"
    )
    assert from_json(to_json(one)) == one
