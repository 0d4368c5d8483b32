"""A text that came back in its numbered rows: what it says now, article by article, to be compared with what went out."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Article = Mapping[str, Any]
_HEADING = re.compile(r"^[^.]*\d+\.\s+")
"""What stands before a title in its row: the word for an article or annex, and its number."""


def text_returned(
    before: Sequence[Article], rows: Sequence[tuple[str, Sequence[str]]], languages: Sequence[str]
) -> list[dict[str, Any]]:
    """The text as the returned rows say it, in the form of `redline`; `before` is the text that went out.

    A row without a number, as one that was written in, belongs to the article above it; an article without any row was
    taken out. Rows are numbered ``5.2``, those of annexes ``A1.2``, those of the signature page ``SG.2``; the number of
    an article alone is the row of its titles.
    """
    titles: dict[str, dict[str, str]] = {}
    said: dict[str, list[dict[str, str]]] = {}
    here = ""
    for number, texts in rows:
        here = number.partition(".")[0] or here
        cells = {tag: text.strip() for tag, text in zip(languages, texts, strict=False)}
        if not here or not any(cells.values()):
            continue
        if number and "." not in number:
            titles[here] = {tag: _HEADING.sub("", text) for tag, text in cells.items()}
            said.setdefault(here, [])
        else:
            said.setdefault(here, []).append(cells)
    return [
        {**article, "titles": {**article["titles"], **titles.get(key, {})}, "rows": said[key]}
        for article in before
        if (key := _key(article)) in said
    ]


def _key(article: Article) -> str:
    if article["clause"] == "SG":
        return "SG"
    return f"A{article['number']}" if article["annex"] else str(article["number"])
