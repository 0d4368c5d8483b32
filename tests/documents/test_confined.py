"""A stranger's file is read in a process of its own: what takes too much ends there, and nothing is left behind."""

import io
import time
import zlib
from pathlib import Path

import pikepdf
import pytest

from cotutelle.documents import confined
from cotutelle.documents.confined import Bounds
from cotutelle.documents.upload import WrongFile

LIMIT = 25 * 2**20


def pdf() -> bytes:
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(out)
    return out.getvalue()


def bomb() -> bytes:
    """A PDF of some kilobytes whose one object stream unpacks to half a gigabyte."""
    inner = zlib.compress(b" " * 2**29, 9)
    head = b"%PDF-1.5\n1 0 obj\n<< /Type /XRef /Size 2 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length "
    body = head + str(len(inner)).encode() + b" >>\nstream\n" + inner + b"\nendstream\nendobj\n"
    return body + b"startxref\n9\n%%EOF\n"


def test_the_answers_are_those_of_the_check_itself() -> None:
    assert confined.media_type(pdf(), LIMIT) == "application/pdf"
    for data, why in ((b"", "empty"), (b"MZ", "kind"), (pdf()[:40], "broken")):
        with pytest.raises(WrongFile, match=why):
            confined.media_type(data, LIMIT)
    with pytest.raises(WrongFile, match="large"):
        confined.media_type(pdf(), 10)


def test_what_unpacks_without_end_is_ended_within_its_bounds() -> None:
    begun = time.monotonic()
    with pytest.raises(WrongFile, match=r"costly|broken"):
        confined.media_type(bomb(), LIMIT, Bounds(seconds=2, mib=400, patience=20))
    assert time.monotonic() - begun < 20


def test_time_and_memory_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "FOLDER", tmp_path)
    (tmp_path / "slow.py").write_text("while True: pass")
    (tmp_path / "big.py").write_text("x = bytearray(2**33)")
    for module in ("slow", "big"):
        with pytest.raises(confined.TooCostly):
            confined.read(module, b"", bounds=Bounds(seconds=1, mib=512, patience=10))


def test_it_writes_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "FOLDER", tmp_path)
    (tmp_path / "writes.py").write_text("open(__file__ + '.out', 'w').write('x' * 9)\nprint('{}')")
    confined.read("writes", b"")
    assert (tmp_path / "writes.py.out").read_bytes() == b""


def test_nothing_of_the_environment_goes_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTUTELLE_SECRET_KEY", "canary")
    monkeypatch.setattr(confined, "FOLDER", tmp_path)
    (tmp_path / "tells.py").write_text("import json, os\nprint(json.dumps(dict(os.environ)))")
    assert "COTUTELLE_SECRET_KEY" not in confined.read("tells", b"")
