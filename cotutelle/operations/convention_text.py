"""The text of a convention article by article: as it would be put before the parties, as it was before an amendment."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from cotutelle.documents.convention import text_of as worded
from cotutelle.documents.signatory import SIGNATURES
from cotutelle.domain.convention.amendment import consolidated
from cotutelle.domain.convention.facts import Facts
from cotutelle.domain.convention.redline import Changed, redline
from cotutelle.models import Convention
from cotutelle.operations import convention_version as versions
from cotutelle.operations.facts import agreed_of

Text = Sequence[Mapping[str, Any]]


def text_of(session: Session, convention: Convention, facts: Facts) -> list[Any]:
    """The whole text that these facts make; of an amendment, the convention as it changes it."""
    if facts.amendment is None or convention.amends_id is None:
        return worded(facts)
    changed = (*facts.amendment.clauses, SIGNATURES)
    return consolidated(before(session, convention), worded(facts), changed)


def changes(session: Session, convention: Convention, facts: Facts) -> list[Changed]:
    """What an amendment of these facts makes to read otherwise; nothing for a convention."""
    if facts.amendment is None:
        return []
    return redline(before(session, convention), text_of(session, convention, facts))


def before(session: Session, amendment: Convention) -> Text:
    """The text that an amendment changes."""
    assert amendment.amends_id is not None
    return agreed(session, session.get_one(Convention, amendment.amends_id))


def agreed(session: Session, convention: Convention) -> Text:
    """The text that the parties agreed on, as it was kept; worded anew where it was agreed before texts were kept."""
    version, facts = versions.agreed_version(session, convention), agreed_of(session, convention)
    if version is not None and version.text and facts.own_file is None:
        return version.text
    return text_of(session, convention, facts)
