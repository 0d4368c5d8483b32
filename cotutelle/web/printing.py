"""The store and the press of this application, made once from its settings."""

from pathlib import Path

from flask import Flask, current_app

from cotutelle.documents.press import Limits, Press
from cotutelle.documents.store import Store


def install(app: Flask) -> None:
    """Make both from the settings; the press starts its process with the first document."""
    config, folder = app.config, Path(app.instance_path)
    limits = Limits(
        seconds=config["PDF_CPU_SECONDS"],
        mib=config["PDF_MEMORY_MIB"],
        pages=config["PDF_PAGES"],
        html_bytes=config["PDF_HTML_BYTES"],
    )
    app.extensions["cotutelle.press"] = Press(folder / "cache", limits)
    app.extensions["cotutelle.store"] = Store(folder / "store" if config["FILE_STORE"] == "folder" else None)


def press() -> Press:
    """Where documents are drawn."""
    found = current_app.extensions["cotutelle.press"]
    assert isinstance(found, Press)
    return found


def store() -> Store:
    """Where bytes are kept."""
    found = current_app.extensions["cotutelle.store"]
    assert isinstance(found, Store)
    return found
