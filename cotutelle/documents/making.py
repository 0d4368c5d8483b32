"""Making an act: the PDF of a convention or of an amendment, with the wordings that it used and its fingerprint."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cotutelle.documents import amendment, convention
from cotutelle.documents.act import Sheet, print_act
from cotutelle.documents.press import Prints
from cotutelle.domain.convention import record
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.redline import Changed


def make(
    press: Prints,
    facts: Facts,
    *,
    final: bool,
    on: date,
    number: int | None = None,
    address: str = "",
    changes: Sequence[Changed] = (),
) -> tuple[bytes, dict[str, Any], str]:
    """The PDF, the clause versions it used, and the fingerprint of its text; a draft bears no number and no `address`.

    `changes` are what an amendment makes to read otherwise. The same facts on the same day give the same bytes.
    Refused when a language lacks wordings or a sign cannot be drawn; raises press.CannotPrint.
    """
    clauses = convention.clause_versions(facts)
    sheet = Sheet(record.digest(facts, clauses), on, number, address, final=final)
    if facts.amendment is None:
        drawn = convention.to_html(facts, sheet)
    else:
        drawn = amendment.to_html(facts, changes, sheet)
    return print_act(press, facts, sheet, clauses, drawn), clauses, sheet.fingerprint
