"""A file that was lent and came back: what it must be to count as somebody's signature, each failure by its name."""

from typing import Any

import pytest

from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.returned_file import is_in_the_name_of, new_signature
from cotutelle.domain.signature import Fault, Flaw, Mark, Reading, Signature

FIELDS = frozenset({"Seal", "Signature1", "Signature2"})
SEAL = Signature("Seal", Mark.SEAL, "Lille", certificate="aa")
LENT = Reading((SEAL,), fields=FIELDS)


def ada(**more: Any) -> Signature:
    given = {"field": "Signature1", "mark": Mark.SIGNATURE, "name": "Ada Lovelace", "whole_file": True}
    return Signature(**{"certificate": "bb", **given, **more})


def taken(*came: Signature, fields: frozenset[str] = FIELDS, grown: bool = True, **more: Any) -> Signature:
    asked = {"begins": True, "field": "Signature1", "person": "Ada Lovelace", "accepted": False, **more}
    return new_signature(LENT, Reading((SEAL, *came), None, fields, grown), **asked)


def refused(*came: Signature, **more: Any) -> Reason:
    with pytest.raises(Refused) as caught:
        taken(*came, **more)
    return caught.value.reason


def test_one_signature_more_in_the_field_and_the_name_of_whoever_is_asked_is_taken_in() -> None:
    assert taken(ada()).name == "Ada Lovelace"


def test_an_unseen_time_stamp_may_come_with_it() -> None:
    stamp = Signature("Stamp", Mark.TIME_STAMP, "Clock", certificate="cc", whole_file=True)
    assert taken(ada(whole_file=False), stamp, fields=FIELDS | {"Stamp"}).name == "Ada Lovelace"
    inside = Signature("Signature2", Mark.TIME_STAMP, "Clock", certificate="cc", whole_file=True)
    assert refused(ada(whole_file=False), inside) == Reason.FILE_MORE_AFTER


def test_everything_else_is_refused_by_name() -> None:
    assert refused() == Reason.FILE_UNSIGNED
    assert refused(ada(), begins=False) == Reason.FILE_REWRITTEN
    assert refused(ada(), grown=False) == Reason.FILE_MORE_AFTER
    assert refused(ada(), fields=FIELDS | {"Signature9"}) == Reason.FILE_MORE_AFTER
    assert refused(ada(whole_file=False)) == Reason.FILE_MORE_AFTER
    assert refused(ada(), ada(field="Signature2", certificate="dd")) == Reason.FILE_SEVERAL
    assert refused(ada(locks=True)) == Reason.FILE_LOCKED
    assert refused(ada(mark=Mark.SEAL)) == Reason.FILE_LOCKED
    assert refused(ada(field="Signature2")) == Reason.FILE_OTHER_FIELD
    assert refused(ada(certificate="aa")) == Reason.CERTIFICATE_TWICE
    assert refused(ada(faults=(Fault.EXPIRED,))) == Reason.FILE_FAULTY


def test_a_file_that_cannot_be_read_is_named_for_what_it_is() -> None:
    with pytest.raises(Refused) as caught:
        new_signature(LENT, Reading(flaw=Flaw.ENCRYPTED), begins=True, field="", person="Ada", accepted=False)
    assert (caught.value.reason, caught.value.details["flaw"]) == (Reason.FILE_UNREADABLE, Flaw.ENCRYPTED)


def test_an_earlier_signature_that_breaks_is_named() -> None:
    broken = Signature("Seal", Mark.SEAL, "Lille", faults=(Fault.CHANGED_AFTER,))
    with pytest.raises(Refused) as caught:
        new_signature(
            LENT, Reading((broken, ada())), begins=True, field="", person="Ada Lovelace", accepted=True
        )
    assert (caught.value.reason, caught.value.details["name"]) == (Reason.FILE_BREAKS, "Lille")


def test_an_unknown_issuer_or_another_name_needs_somebody_who_answers_for_it() -> None:
    stranger, other = ada(faults=(Fault.UNKNOWN_ISSUER,)), ada(name="Eve Nobody")
    assert refused(stranger) == Reason.ISSUER_UNKNOWN
    assert refused(other) == Reason.CERTIFICATE_OF_ANOTHER
    assert taken(stranger, accepted=True) == stranger
    assert taken(other, accepted=True) == other


@pytest.mark.parametrize(
    ("certificate", "person", "same"),
    [
        ("Ada Lovelace", "Ada Lovelace", True),
        ("LOVELACE Ada", "Ada Lovelace", True),
        ("Ada King, Countess of Lovelace", "Ada Lovelace", True),
        ("Élisabeth HENNEBELLE-LAPICKI", "Élisabeth Hennebelle-Łapicki", True),
        ("Ada Byron", "Ada Lovelace", False),
        ("Université de Lille", "Ada Lovelace", False),
        ("Pelé", "Pelé", True),
        ("", "Ada Lovelace", False),
    ],
)
def test_a_certificate_is_in_the_name_of_whoever_shares_two_parts_of_it(
    certificate: str, person: str, same: bool
) -> None:
    assert is_in_the_name_of(ada(name=certificate), person) is same
