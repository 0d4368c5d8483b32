"""Yearly enrolment in each institution: who is enrolled, who is paid, who waives, with which proof."""

from collections.abc import Iterable
from enum import StrEnum

from cotutelle.domain.errors import Reason, Refused


class Fee(StrEnum):
    """What becomes of the fees of one year at one institution."""

    PAID = "paid"
    WAIVED = "waived"
    NOT_DUE = "not_due"
    UNKNOWN = "unknown"


def check_one_payer(year: int, institution: str, fee: Fee, others: Iterable[tuple[int, str, Fee]]) -> None:
    """Refuse fees in two institutions for one year (order of 25 May 2016, article 21)."""
    if fee is not Fee.PAID:
        return
    for other_year, other_institution, other_fee in others:
        if other_year == year and other_institution != institution and other_fee is Fee.PAID:
            raise Refused(Reason.TWO_PAYERS, "fee", institution=other_institution)
