"""Proves that drawing fetches nothing and stops in time.

A document that kills its process leaves the press ready for the next one.
"""

import io
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest

from cotutelle.documents import press as press_module
from cotutelle.documents.press import CannotPrint, Limits, Press

ROOT = Path(__file__).parents[2]
CREATED = "2026-11-24T00:00:00+00:00"
PLAIN = "<!doctype html><html lang=en><title>t</title><body><h1>Title</h1><p>Hello</p></body></html>"


def drawn(press: Press, body: str, head: str = "") -> bytes:
    html = f"<!doctype html><html lang=en><head><title>t</title>{head}</head><body>{body}</body></html>"
    return press.print_pdf(html, facts="{}", created=CREATED)


class Listener:
    """A server on loopback that notes whether anybody called."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.calls = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.socket.close()


REACHING = {
    "a picture": '<img src="{url}" alt=x>',
    "a picture set": '<img srcset="{url} 2x" src="{url}" alt=x>',
    "an object": '<object data="{url}"></object>',
    "an embedded thing": '<embed src="{url}">',
    "a background": '<p style="background:url({url})">x</p>',
    "a list sign": '<ul style="list-style-image:url({url})"><li>x</ul>',
    "generated content": "<style>p::before {{ content: url({url}) }}</style><p>x</p>",
    "an SVG picture": '<svg width=9 height=9><image href="{url}" width=9 height=9 /></svg>',
    "an SVG use": '<svg width=9 height=9><use href="{url}#a" /></svg>',
}
IN_HEAD = {
    "a style sheet": '<link rel="stylesheet" href="{url}">',
    "an imported style": "<style>@import url({url});</style>",
    "a font": "<style>@font-face {{ font-family: f; src: url({url}) }} p {{ font-family: f }}</style>",
    "an attachment": '<link rel="attachment" href="{url}">',
    "a base": '<base href="{url}"><link rel="stylesheet" href="a.css">',
}
WAYS = [(name, way, False) for name, way in REACHING.items()]
WAYS += [(name, way, True) for name, way in IN_HEAD.items()]


@pytest.mark.parametrize("target", ["loopback", "file:///etc/passwd"])
@pytest.mark.parametrize(("name", "way", "in_head"), WAYS, ids=[name for name, _, _ in WAYS])
def test_nothing_outside_the_document_is_fetched(
    small_press: Press, listener: Listener, name: str, way: str, in_head: bool, target: str
) -> None:
    url = f"http://127.0.0.1:{listener.port}/x" if target == "loopback" else target
    part = way.format(url=url)
    try:
        data = drawn(small_press, "<p>x</p>", part) if in_head else drawn(small_press, f"{part}<p>x</p>")
    except CannotPrint:
        data = b""
    assert listener.calls == 0
    assert b"root:" not in data
    if data:
        path = small_press.folder / "fetched.pdf"
        path.write_bytes(data)
        listed = subprocess.run(
            ["qpdf", "--list-attachments", path], capture_output=True, text=True, check=True
        )
        assert "passwd" not in listed.stdout


@pytest.mark.parametrize(
    "name", ["a picture", "a background", "a style sheet", "an imported style", "an attachment"]
)
def test_a_document_that_reaches_out_is_refused(small_press: Press, name: str) -> None:
    part = {**REACHING, **IN_HEAD}[name].format(url="file:///etc/passwd")
    with pytest.raises(CannotPrint) as refused:
        drawn(small_press, part if name in REACHING else "<p>x</p>", "" if name in REACHING else part)
    assert "refused: file:///etc/passwd" in refused.value.why


def test_the_listener_does_hear(listener: Listener) -> None:
    before = listener.calls
    socket.create_connection(("127.0.0.1", listener.port)).close()
    for _ in range(100):
        if listener.calls > before:
            break
        threading.Event().wait(0.01)
    assert listener.calls == before + 1
    listener.calls = 0


BOMBS = {
    "nested boxes": '<div style="display:flex">' * 14 + "x" + "</div>" * 14,
    "a table of 20 000 rows": "<table>" + "<tr><td>" * 20_000 + "</table>",
    "50 000 line breaks": "<p>" + "a<br>" * 30_000,
    "a huge span": '<table><tr><td colspan="2000000000">a</td><td>b</td></tr></table>',
    "300 nested boxes": "<div>" * 300 + "x",
    "an endless sign": '<p style="font-size:1000000000px">a</p>',
    "many pages": '<p style="break-after:page">a</p>' * 5,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_document_that_never_ends_is_stopped_and_the_next_one_is_drawn(
    small_press: Press, bomb: str
) -> None:
    before = small_press.process
    with pytest.raises(CannotPrint) as refused:
        drawn(small_press, BOMBS[bomb])
    assert refused.value.why
    if bomb == "many pages":
        assert "5 pages" in refused.value.why
    assert small_press.print_pdf(PLAIN, facts="{}", created=CREATED).startswith(b"%PDF-")
    assert before is None or small_press.process is before, "the parent itself died"


def test_exactly_as_many_pages_as_allowed_are_drawn(small_press: Press) -> None:
    body = '<p style="break-after:page">a</p>' * 2 + "<p>last</p>"
    assert drawn(small_press, body).startswith(b"%PDF-")


def test_too_much_html_is_refused_without_being_sent(tmp_path: Path) -> None:
    press = Press(tmp_path, Limits(html_bytes=100))
    with pytest.raises(CannotPrint) as refused:
        press.print_pdf("é" * 51, facts="{}", created=CREATED)
    assert refused.value.why == "size"
    assert press.process is None


def test_missing_libraries_are_named_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press_module, "missing_libraries", lambda: ["libpango-1.0-0"])
    press = Press(tmp_path, Limits())
    with pytest.raises(CannotPrint) as refused:
        press.print_pdf(PLAIN, facts="{}", created=CREATED)
    assert refused.value.why == "libraries"
    assert press.process is None


def test_a_press_whose_process_was_killed_starts_another(small_press: Press) -> None:
    small_press.print_pdf(PLAIN, facts="{}", created=CREATED)
    assert small_press.process is not None
    small_press.process.kill()
    small_press.process.wait()
    assert small_press.print_pdf(PLAIN, facts="{}", created=CREATED).startswith(b"%PDF-")


def test_two_threads_each_get_their_own_document(small_press: Press) -> None:
    def ask(number: int) -> None:
        facts = f'{{"number":{number}}}'
        found[number] = small_press.print_pdf(PLAIN, facts=facts, created=CREATED)

    found: dict[int, bytes] = {}
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({bytes(data) for data in found.values()}) == 4
    for number, data in found.items():
        import io

        import pikepdf

        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert pdf.attachments["facts.json"].get_file().read_bytes().strip() == b'{"number":%d}' % number


def test_the_web_process_never_loads_the_engine(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom cotutelle import create_app\n"
        "app = create_app({'SECRET_KEY': 'a key for the tests alone'}, instance=Path(sys.argv[1]))\n"
        "assert app.test_client().get('/healthz').status_code == 200\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('weasyprint', 'pydyf')])\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[]"


class Interrupted:
    """A stream that is interrupted before the answer is read."""

    def readline(self) -> bytes:
        raise InterruptedError

    def close(self) -> None:
        """Nothing to close."""


def test_nobody_is_given_the_document_of_whoever_was_interrupted_before(tmp_path: Path) -> None:
    press = Press(tmp_path, Limits())
    press.print_pdf(PLAIN, facts='"warm"', created=CREATED)
    process = press.process
    assert process is not None
    answers, process.stdout = process.stdout, Interrupted()  # type: ignore[assignment]
    with pytest.raises(InterruptedError):
        press.print_pdf(PLAIN, facts='"the first person"', created=CREATED)
    process.stdout = answers
    data = press.print_pdf(PLAIN, facts='"the second person"', created=CREATED)
    press.stop()
    process.stdout.close()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.attachments["facts.json"].get_file().read_bytes().strip() == b'"the second person"'
