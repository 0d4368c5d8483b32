"""Two hundred texts that are programs for some template engine come out of every document and letter as text."""

import html
import itertools
import re
from dataclasses import replace
from datetime import date

import pytest

from cotutelle.documents import record, redline
from cotutelle.documents.act import Sheet
from cotutelle.documents.convention import text_of, to_html
from cotutelle.domain.convention.redline import redline as compare
from cotutelle.operations.letter import filled
from tests.documents import samples
from tests.proof.documents import RECORD, Kind, evidence

INSIDE = (
    "7*7", "7*'7'", "config", "config.items()", "self", "request", "request.application.__globals__",
    "''.__class__.__mro__[1].__subclasses__()", "cycler.__init__.__globals__.os.popen('id').read()",
    "lipsum.__globals__['os'].popen('id').read()", "get_flashed_messages.__globals__", "url_for.__globals__",
    "joiner.__init__.__globals__", "namespace.__init__.__globals__", "[].__class__.__base__", "dict.__bases__",
    "range(10**9)|list", "'a'*10**9", "facts.candidate", "frames[0].title", "words", "code", "number",
    "_self.env.registerUndefinedFilterCallback('exec')", "T(java.lang.Runtime).getRuntime().exec('id')",
)  # fmt: skip
AROUND = (
    "{{%s}}",
    "{%% if %s %%}x{%% endif %%}",
    "${%s}",
    "#{%s}",
    "<%%= %s %%>",
    "@(%s)",
    "{{{%s}}}",
    "{#%s#}",
)
PAYLOADS = [around % inside for inside, around in itertools.product(INSIDE, AROUND)]
CREATED = "2026-11-24T00:00:00+00:00"


def read(drawn: str) -> str:
    """The text that a reader sees, its spaces folded."""
    body = drawn.partition("<body")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split())


def test_there_are_two_hundred() -> None:
    assert len(set(PAYLOADS)) == 200


FREE = (
    "access_diploma", "definitions", "abstract", "change_procedure", "extension_rule", "balance", "language_support",
    "stay_costs", "extra_fees", "liability", "accident", "training_programme", "committee_composition",
    "ethics_committee", "data_protection", "restricted_zone", "publication_rule", "prior_agreements",
    "qualification", "partner_reviewers", "gender_rule", "president_rule", "remote_rule", "grades",
)  # fmt: skip


@pytest.mark.parametrize("start", range(0, 200, 25))
def test_a_convention_prints_them(start: int) -> None:
    title, *texts = some = PAYLOADS[start : start + 25]
    plain = replace(samples.complete(2, ("fr", "en")), titles={"fr": title, "en": title})
    terms = {key: {"fr": text, "en": text} for key, text in zip(FREE, texts, strict=True)}
    page = "https://x.example"
    drawn = to_html(
        samples.with_terms(plain, **terms), Sheet("a" * 64, date(2026, 11, 24), 1, page, final=True)
    )
    text = read(drawn)
    for payload in some:
        assert text.count(" ".join(payload.split())) >= 2, payload


def test_a_record_of_signatures_prints_them() -> None:
    told = evidence(Kind(2, ("fr", "en"), RECORD))
    others = [{**told["others"][0], "name": payload, "reason": payload} for payload in PAYLOADS]
    signatures = [{**told["signatures"][0], "name": payload, "declaration": payload} for payload in PAYLOADS]
    file = {"sha256": "ab" * 32, "size": 1}
    told = {**told, "others": others, "signatures": signatures, "file": file}
    drawn = record.to_html(told, record.Seals("", ""), "https://x.example")
    text = read(drawn)
    for payload in PAYLOADS:
        assert text.count(" ".join(payload.split())) >= 7, payload


def test_the_changes_between_two_versions_print_them() -> None:
    before = samples.complete(2, ("en",))
    for payload in PAYLOADS[::20]:
        after = replace(before, titles={"fr": payload, "en": payload})
        changes = compare(text_of(before), text_of(after))
        compared = redline.Comparison("L-1", payload, 1, 2, ("en",), changes)
        assert " ".join(payload.split()) in read(redline.to_html(compared, CREATED))


def test_a_letter_carries_them() -> None:
    for payload in PAYLOADS:
        text = filled("Hello {{name}}, {{title}}.", {"name": payload, "title": payload})
        assert text == f"Hello {payload}, {payload}."
