"""Proves that a draft that has not changed is read and not drawn, and that nothing is kept for long."""

import os
import time
from pathlib import Path

import pytest

from cotutelle.documents import previews
from cotutelle.documents.previews import Previews


class Counting:
    """A press that counts what it draws."""

    def __init__(self) -> None:
        self.drawn = 0

    def print_pdf(self, html: str, *, facts: str, created: str) -> bytes:
        self.drawn += 1
        return f"%PDF {html} {facts} {created}".encode()


DAY = "2026-11-24T00:00:00+00:00"


def test_the_same_text_is_drawn_once_and_any_other_anew(tmp_path: Path) -> None:
    press = Counting()
    kept = Previews(press, tmp_path / "previews")
    first = kept.print_pdf("a", facts="{}", created=DAY)
    assert kept.print_pdf("a", facts="{}", created=DAY) == first
    assert press.drawn == 1
    kept.print_pdf("b", facts="{}", created=DAY)
    kept.print_pdf("a", facts="[]", created=DAY)
    kept.print_pdf("a", facts="{}", created="2026-11-25T00:00:00+00:00")
    assert press.drawn == 4


def test_another_engine_draws_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    press = Counting()
    kept = Previews(press, tmp_path)
    kept.print_pdf("a", facts="{}", created=DAY)
    monkeypatch.setattr(previews, "engines", lambda: {"weasyprint": "99"})
    kept.print_pdf("a", facts="{}", created=DAY)
    assert press.drawn == 2


def test_what_is_a_day_old_or_too_much_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Previews(Counting(), tmp_path)
    kept.print_pdf("old", facts="{}", created=DAY)
    (old,) = tmp_path.iterdir()
    before = time.time() - previews.LAST - 1
    os.utime(old, (before, before))
    monkeypatch.setattr(previews, "MOST", 2)
    for text in "abc":
        kept.print_pdf(text, facts="{}", created=DAY)
    assert not old.exists()
    assert len(list(tmp_path.iterdir())) == 2


def test_what_cannot_be_drawn_leaves_nothing(tmp_path: Path) -> None:
    class Broken(Counting):
        def print_pdf(self, html: str, *, facts: str, created: str) -> bytes:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        Previews(Broken(), tmp_path / "previews").print_pdf("a", facts="{}", created=DAY)
    assert not (tmp_path / "previews").exists()
