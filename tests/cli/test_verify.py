"""Proves that the commands say in words what is wrong with a file, and with which of all that are kept."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.models import Closing
from cotutelle.scope import as_system
from cotutelle.web.printing import store
from tests.cli.running import run


@pytest.fixture(scope="module")
def closed(sealed_demo: Flask) -> tuple[str, bytes, bytes]:
    """A convention that the demonstration closed: its number, its file and its record."""
    with sealed_demo.app_context(), as_system(db.session(), "tests") as session:
        row = session.scalars(select(Closing).order_by(Closing.id)).first()
        assert row is not None
        return row.number, store().read(session, row.file_digest), store().read(session, row.record_digest)


def written(folder: Path, data: bytes) -> str:
    path = folder / "file.pdf"
    path.write_bytes(data)
    return str(path)


def test_a_closed_and_sealed_file_is_said_to_be(
    sealed_demo: Flask, closed: tuple[str, bytes, bytes], tmp_path: Path
) -> None:
    number, file, record = closed
    for data, what in ((file, "the file with which"), (record, "the signature record of")):
        answer = run(sealed_demo, "verify", written(tmp_path, data))
        assert answer.exit_code == 0, answer.output
        assert f"Known: {what} {number}" in answer.output
        assert "Sealed: yes." in answer.output
        assert "The file is sound." in answer.output


def test_the_same_as_one_object(sealed_demo: Flask, closed: tuple[str, bytes, bytes], tmp_path: Path) -> None:
    answer = run(sealed_demo, "verify", written(tmp_path, closed[1]), "--json")
    found = json.loads(answer.output)
    assert {key: found[key] for key in ("closed", "sealed", "known", "sound", "reasons")} == {
        "closed": True, "sealed": True, "known": True, "sound": True, "reasons": [],
    }  # fmt: skip
    assert [each["mark"] for each in found["signatures"]] == ["seal", "signature", "time_stamp"]


def test_an_altered_one_is_named_for_what_it_is(
    sealed_demo: Flask, closed: tuple[str, bytes, bytes], tmp_path: Path
) -> None:
    _number, file, _record = closed
    at = file.index(b"stream") + 60
    altered = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
    answer = run(sealed_demo, "verify", written(tmp_path, altered))
    assert answer.exit_code == 1
    assert "It passes for a file of this installation and is none of them: it was altered." in answer.output
    longer = run(sealed_demo, "verify", written(tmp_path, file + b"\n% more"))
    assert longer.exit_code == 1
    assert "it was altered" in longer.output
    cut = run(sealed_demo, "verify", written(tmp_path, file[: len(file) // 2]), "--json")
    assert json.loads(cut.output)["reasons"][0] == "It is damaged or cut, and cannot be read."


def test_no_pdf_at_all(sealed_demo: Flask, tmp_path: Path) -> None:
    answer = run(sealed_demo, "verify", written(tmp_path, b"hello"))
    assert answer.exit_code == 1
    assert "It is not a PDF." in answer.output


def test_all_that_is_kept_is_verified_and_the_faulty_one_named(
    sealed_demo: Flask, closed: tuple[str, bytes, bytes]
) -> None:
    sound = run(sealed_demo, "verify-seals")
    assert sound.exit_code == 0
    assert sound.output == "1 conventions closed, 1 of them sealed; 0 files faulty.\n"
    (path,) = [
        p for p in (Path(sealed_demo.instance_path) / "sealed").iterdir() if p.read_bytes() == closed[2]
    ]
    path.write_bytes(closed[2][:-1])
    try:
        faulty = run(sealed_demo, "verify-seals")
        assert faulty.exit_code == 1
        assert f"{closed[0]}, signature record: The file is gone, or its bytes are no longer" in faulty.stderr
    finally:
        path.write_bytes(closed[2])
