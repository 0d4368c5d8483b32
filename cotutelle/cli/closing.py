"""Closing what everybody has signed: the worker's part, with the press, the store and the seal of this installation."""

from cotutelle import clock
from cotutelle.db import db, transaction
from cotutelle.operations import closing
from cotutelle.scope import as_system
from cotutelle.web.printing import press, public_page, seal, store, trust


def close_due() -> None:
    """Close every convention that waits for it; what goes wrong with one is raised after the others are closed."""
    session = db.session()
    with as_system(session, "closing"):
        waiting = closing.due(session)
    session.rollback()
    failed: Exception | None = None
    for version_id in waiting:
        try:
            _close(version_id)
        except Exception as error:
            failed = error
    if failed is not None:
        raise failed


def _close(version_id: int) -> None:
    """Read, then draw and seal while nothing is locked, then write."""
    session, now = db.session(), clock.now()
    with as_system(session, "closing"):
        signed = closing.gather(session, store(), version_id, now)
    session.rollback()
    if signed is None:
        return
    files = closing.seal_files(signed, press(), seal(), trust(), public_page(signed.number))
    with transaction() as writing, as_system(writing, "closing"):
        closing.enter(writing, store(), signed, files, now, today=clock.today())
