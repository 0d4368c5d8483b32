"""A text drafted elsewhere, subject by subject: where each stands in its file and what departs, to be compared."""

from typing import Any

from cotutelle.documents.wording import wording
from cotutelle.documents.words import languages_with_words, words
from cotutelle.domain.convention.catalogue import ANNEXES, CLAUSES
from cotutelle.domain.convention.facts import Elsewhere, Facts, Subject

FILE = "FILE"
"""The file itself among the articles of a text: what changes in it is seen by its fingerprint."""


def text_of(facts: Facts, elsewhere: Elsewhere) -> list[dict[str, Any]]:
    """The subjects that were found, as articles under the numbers of the catalogue, and the file before them."""
    known = {tag: tag if tag in languages_with_words() else "en" for tag in facts.languages}
    said = {subject.clause: subject for subject in elsewhere.subjects}
    listed = [(clause, number, False) for number, clause in enumerate(CLAUSES, start=1)]
    listed += [(clause, number, True) for number, clause in enumerate(ANNEXES, start=1)]
    file = {
        "clause": FILE,
        "annex": False,
        "number": 0,
        "titles": {tag: words(own)["elsewhere"]["file"] for tag, own in known.items()},
        "rows": [dict.fromkeys(known, f"{elsewhere.filename}, SHA-256 {elsewhere.digest}")],
    }
    return [file] + [
        {
            "clause": clause.id,
            "annex": annex,
            "number": number,
            "titles": {tag: wording(clause.id, own).title for tag, own in known.items()},
            "rows": [{tag: _said(said[clause.id], own) for tag, own in known.items()}],
        }
        for clause, number, annex in listed
        if clause.id in said
    ]


def _said(subject: Subject, tag: str) -> str:
    own = words(tag)["elsewhere"]
    sentence = str(own[subject.state]).replace("{{place}}", subject.place or str(own["somewhere"]))
    return f"{sentence} {subject.note}".strip()
