"""The configuration of typefaces is written whole, however many presses of one process begin at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from cotutelle.documents.fonts import configure, directories


def test_many_at_once_write_one_whole_file(tmp_path: Path) -> None:
    for turn in range(20):
        folder, start = tmp_path / str(turn), Barrier(8)

        def begin(folder: Path = folder, start: Barrier = start) -> Path:
            start.wait()
            return configure(folder)

        with ThreadPoolExecutor(8) as pool:
            paths = {each.result() for each in [pool.submit(begin) for _ in range(8)]}
        (path,) = paths
        text = path.read_text(encoding="utf-8")
        assert text.endswith("</fontconfig>")
        assert all(f"<dir>{directory}</dir>" in text for directory in directories())
        assert [each.name for each in folder.iterdir()] == ["fonts.conf"]
