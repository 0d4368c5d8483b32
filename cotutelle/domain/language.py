"""Language tags: their form, and which of several texts to show a reader."""

import re
from collections.abc import Mapping

_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")


def is_tag(text: str) -> bool:
    """Whether the text is a language tag of the form this application keeps (``fr``, ``pt-BR``)."""
    return _TAG.fullmatch(text) is not None


def best(texts: Mapping[str, str], *wanted: str) -> str:
    """The text in the first language that has one, else English, else French, else any; empty when none."""
    for tag in (*wanted, "en", "fr"):
        if texts.get(tag):
            return texts[tag]
    return next(iter(texts.values()), "")
