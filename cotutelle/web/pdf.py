"""Documents as answers: the PDF, or why it cannot be made, in words."""

from typing import Any

from flask import current_app, make_response, render_template
from flask_babel import gettext as _

from cotutelle.db import read_only
from cotutelle.documents.libraries import install_command, missing_libraries
from cotutelle.documents.press import CannotPrint
from cotutelle.documents.seal import CannotSeal
from cotutelle.models import Thesis


def pdf(data: bytes, name: str, fingerprint: str = "") -> Any:
    """A made document, to be read in the browser; `fingerprint` tells a later request whether it is still the same."""
    response = make_response(data)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    if fingerprint:
        response.headers["ETag"] = f'"{fingerprint}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def cannot(thesis: Thesis, error: CannotPrint | CannotSeal) -> Any:
    """Why the document cannot be made, in words, with what to do."""
    read_only()
    current_app.logger.error("document of %s not made: %s", thesis.reference, error.why)
    libraries = missing_libraries()
    text = {
        "libraries": _(
            "System libraries are missing. An administrator types: %(command)s",
            command=install_command(libraries),
        ),
        "size": _("The text is too long: shorten the free texts of the terms."),
        "time": _(
            "Drawing took too long and was stopped. Shorten the free texts of the terms, then try again."
        ),
        "clock": _(
            "The time stamping service did not answer, so the document was not sealed. Try again in a while."
        ),
        "certificate": _(
            "The certificate of the seal cannot be used, so the document was not made. An administrator of this installation renews it."
        ),
        "chain": _(
            "The certificate of the seal, or of the time stamping service, does not lead to a root in the folder of "
            "trust, so the document was not made. An administrator of this installation puts it there."
        ),
        "memory": _(
            "Drawing took too much memory and was stopped. Shorten the free texts of the terms, then try again."
        ),
    }.get(
        error.why, _("The engine stopped. Try again; if it goes on, tell the operator of this installation.")
    )
    body = render_template(
        "errors/error.html", status=500, title=_("The document cannot be made"), text=text, reference=""
    )
    return body, 500
