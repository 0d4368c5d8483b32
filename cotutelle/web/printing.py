"""The store, the press and the seal of this application, made once from its settings."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from cotutelle.config import WrongSetting
from cotutelle.db import db
from cotutelle.documents import making
from cotutelle.documents import seal as seals
from cotutelle.documents.fields import with_fields
from cotutelle.documents.press import Limits, Press
from cotutelle.documents.previews import Previews
from cotutelle.documents.signatory import boxes_of
from cotutelle.documents.store import Store
from cotutelle.documents.trust import Trust
from cotutelle.documents.trust import read as read_trust
from cotutelle.domain.convention.facts import Elsewhere, Facts
from cotutelle.domain.convention.redline import Changed
from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signature import public_number


def install(app: Flask) -> None:
    """Make them from the settings; the press starts its process with the first document."""
    config, folder = app.config, Path(app.instance_path)
    limits = Limits(
        seconds=config["PDF_CPU_SECONDS"],
        mib=config["PDF_MEMORY_MIB"],
        pages=config["PDF_PAGES"],
        html_bytes=config["PDF_HTML_BYTES"],
    )
    app.extensions["cotutelle.press"] = Press(folder / "cache", limits)
    app.extensions["cotutelle.store"] = (
        Store(folder / "store", folder / "sealed") if config["FILE_STORE"] == "folder" else Store(None)
    )
    if config["SEAL_CERTIFICATE"]:
        _check_seal(app)


def _check_seal(app: Flask) -> None:
    """Refuse to start with a seal that could not be set when it is needed."""
    with app.app_context():
        own = seal()
    try:
        assert own is not None
        own.name  # noqa: B018  # opens the file
    except seals.CannotSeal:
        raise WrongSetting(
            "COTUTELLE_SEAL_CERTIFICATE must name a PKCS#12 file that COTUTELLE_SEAL_PASSWORD opens."
        ) from None


def press() -> Press:
    """Where documents are drawn."""
    found = current_app.extensions["cotutelle.press"]
    assert isinstance(found, Press)
    return found


def previews() -> Previews:
    """Where drafts are drawn, or read if they were drawn already."""
    return Previews(press(), Path(current_app.instance_path) / "cache" / "previews")


def store() -> Store:
    """Where bytes are kept."""
    found = current_app.extensions["cotutelle.store"]
    assert isinstance(found, Store)
    return found


def seal() -> seals.Seal | None:
    """With what this installation seals; None where it has no certificate."""
    config = current_app.config
    return seals.find(
        Path(current_app.instance_path),
        config["SEAL_CERTIFICATE"],
        config["SEAL_PASSWORD"],
        config["TIMESTAMP_URL"],
    )


def trust() -> Trust:
    """Whose signatures this installation believes."""
    return read_trust(Path(current_app.instance_path))


def public_page(number: str) -> str:
    """The address at which anybody may ask whether a file is the closed one of that number."""
    return f"{current_app.config['BASE_URL']}/verify/{number}"


def _from_elsewhere(facts: Facts, text: Elsewhere) -> bytes:
    """The partner's own file with a field for each signatory, certified where there is a seal."""
    if text.media_type != "application/pdf":
        raise Refused(Reason.TEXT_NOT_PDF)
    data, own = with_fields(store().read(db.session(), text.digest), boxes_of(facts)), seal()
    return own.certify(data, last=False) if own else data


def final_bytes(
    facts: Facts, number: int, on: date, changes: Sequence[Changed] = ()
) -> tuple[bytes, dict[str, Any]]:
    """The bytes that everybody signs, certified where there is a seal, and the clause versions they use.

    Raises press.CannotPrint and seal.CannotSeal; Refused as `documents.making.make`.
    """
    if facts.own_file is not None:
        return _from_elsewhere(facts, facts.own_file), {}
    page = public_page(public_number(facts.reference, number))
    data, clauses, _fingerprint = making.make(
        press(), facts, number=number, final=True, on=on, address=page, changes=changes
    )
    own = seal()
    return (own.certify(data, last=False) if own else data), clauses
