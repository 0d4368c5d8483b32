"""A thousand altered copies of signed and sealed files: none may be called sound.

Half of them bear a seal, signatures and a closing time stamp; half bear two people's signatures alone. As in the
application, a file is known by its bytes, and one that begins with a file of this installation passes for it.
"""

import hashlib
import io
import random
import re
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pikepdf
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from cotutelle.documents import seal as seals
from cotutelle.documents import signatures
from cotutelle.documents.making import make
from cotutelle.documents.press import Limits, Press
from cotutelle.documents.trust import read as read_trust
from cotutelle.domain.signature import judge
from cotutelle.operations.known_file import beginnings
from tests.documents import samples, sealing
from tests.documents.conftest import ON, page_of
from tests.proof import Outcome

TARGET = 1000
Chance = random.Random
Change = Callable[[bytes, Chance], bytes]


def prove() -> Outcome:
    """Alter and read them all."""
    with tempfile.TemporaryDirectory(prefix="cotutelle-altered-") as name:
        folder = sealing.settled(Path(name))
        drawn, sealed, signed = _files(folder)
        (folder / "digests").write_text(hashlib.sha256(drawn).hexdigest(), encoding="ascii")
        for data in (sealed, signed):
            assert judge(signatures.read(data, read_trust(folder)), None).sound, (
                "the files themselves are sound"
            )
        turns = [(number, (sealed, signed)[number % 2], folder) for number in range(TARGET)]
        with ProcessPoolExecutor() as pool:
            found = list(pool.map(_try, turns, chunksize=20))
    return Outcome(len(found), TARGET, tuple(fault for fault in found if fault))


def _files(folder: Path) -> tuple[bytes, bytes, bytes]:
    """A drawn file, the same sealed and closed, and the same with two signatures and nothing else."""
    press, partner = Press(folder / "press", Limits()), sealing.believed(folder)
    try:
        facts = samples.complete(2, ("fr", "en"))
        drawn = make(press, facts, number=3, final=True, on=ON, address=page_of(facts))[0]
    finally:
        press.stop()
    own = seals.find(folder, "", "", "")
    assert own is not None
    ada, emmy = partner.issue("Ada Lovelace", "Ghent"), partner.issue("Emmy Noether", "Lille")
    sealed = own.close(sealing.signed(own.certify(drawn, last=False), ada))
    return drawn, sealed, sealing.signed(sealing.signed(drawn, ada), emmy, "Signature2")


def _try(turn: tuple[int, bytes, Path]) -> str:
    """One alteration; a sentence when it was called sound."""
    number, data, folder = turn
    chance = Chance(number)
    change = CHANGES[number // 2 % len(CHANGES)]
    altered = change(data, chance)
    if altered == data:
        return f"{number}: {change.__name__} changed nothing"
    kept = (folder / "digests").read_text(encoding="ascii").split()
    ours = any(digest in kept for digest in beginnings(altered))
    verdict = judge(signatures.read(altered, read_trust(folder)), None, ours=ours)
    return f"{number}: {change.__name__} was called sound" if verdict.sound else ""


def a_bit(data: bytes, chance: Chance) -> bytes:
    """One bit anywhere."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def a_byte_more(data: bytes, chance: Chance) -> bytes:
    """One byte put in anywhere but after the end."""
    at = chance.randrange(len(data) - 10)
    return data[:at] + bytes([chance.randrange(256)]) + data[at:]


def a_byte_less(data: bytes, chance: Chance) -> bytes:
    """One byte taken out."""
    at = chance.randrange(len(data) - 10)
    return data[:at] + data[at + 1 :]


def a_stretch(data: bytes, chance: Chance) -> bytes:
    """Some bytes replaced by others."""
    at, size = chance.randrange(len(data) - 300), chance.randrange(2, 200)
    return data[:at] + chance.randbytes(size) + data[at + size :]


def cut(data: bytes, chance: Chance) -> bytes:
    """The end is missing; not just where an earlier state of the file ended."""
    at = chance.randrange(100, len(data) - 100)
    return data[:at] if not data[:at].rstrip().endswith(b"%%EOF") else data[: at - 20]


def in_a_signature(data: bytes, chance: Chance) -> bytes:
    """A digit inside the place of a signature, the signature itself or the zeros after it."""
    begin = chance.choice([found.end() for found in re.finditer(rb"/Contents <", data)])
    end = data.index(b">", begin)
    at = chance.randrange(begin, end)
    return data[:at] + (b"0" if data[at : at + 1] != b"0" else b"7") + data[at + 1 :]


def saved_anew(data: bytes, chance: Chance) -> bytes:
    """Opened and saved by another program."""
    return _saved(data, lambda pdf: None)


def a_page_more(data: bytes, chance: Chance) -> bytes:
    """A blank page at the end, saved anew."""
    return _saved(data, lambda pdf: pdf.add_blank_page())


def a_page_less(data: bytes, chance: Chance) -> bytes:
    """One page taken out, saved anew."""

    def drop(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[chance.randrange(len(pdf.pages) - 2)]

    return _saved(data, drop)


def stripped(data: bytes, chance: Chance) -> bytes:
    """All signatures taken off, saved anew."""

    def strip(pdf: pikepdf.Pdf) -> None:
        del pdf.Root.AcroForm
        for sheet in pdf.pages:
            if "/Annots" in sheet:
                del sheet.Annots

    return _saved(data, strip)


def _saved(data: bytes, change: Callable[[pikepdf.Pdf], object]) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(target)
    return target.getvalue()


def turned(data: bytes, chance: Chance) -> bytes:
    """A page turned by an update after the end."""

    def turn(writer: IncrementalPdfFileWriter) -> None:
        sheet = writer.find_page_for_modification(chance.randrange(5))[0]
        sheet.get_object()[pdf_name("/Rotate")] = NumberObject(chance.choice((90, 180, 270)))
        writer.mark_update(sheet)

    return _updated(data, turn)


def noted(data: bytes, chance: Chance) -> bytes:
    """A note stuck over a page by an update after the end."""

    def note(writer: IncrementalPdfFileWriter) -> None:
        sheet = writer.find_page_for_modification(chance.randrange(5))[0]
        box = ArrayObject([NumberObject(side) for side in (50, 50, 500, 500)])
        words = TextStringObject(f"Another text {chance.random()}")
        kinds = {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/FreeText"),
            "/Rect": box,
            "/Contents": words,
        }
        made = DictionaryObject({pdf_name(key): value for key, value in kinds.items()})
        page = sheet.get_object()
        page[pdf_name("/Annots")] = ArrayObject([*page.get("/Annots", ()), writer.add_object(made)])
        writer.mark_update(sheet)

    return _updated(data, note)


def scripted(data: bytes, chance: Chance) -> bytes:
    """A script that runs on opening, by an update after the end."""

    def script(writer: IncrementalPdfFileWriter) -> None:
        action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert({chance.random()})")}
        writer.root[pdf_name("/OpenAction")] = DictionaryObject({pdf_name(k): v for k, v in action.items()})
        writer.update_root()

    return _updated(data, script)


def another_text(data: bytes, chance: Chance) -> bytes:
    """The words of a page replaced by an update after the end."""

    def rewrite(writer: IncrementalPdfFileWriter) -> None:
        from pyhanko.pdf_utils.generic import StreamObject

        sheet = writer.find_page_for_modification(chance.randrange(5))[0]
        words = StreamObject(stream_data=b"BT /F1 12 Tf (nothing) Tj ET " + str(chance.random()).encode())
        sheet.get_object()[pdf_name("/Contents")] = writer.add_object(words)
        writer.mark_update(sheet)

    return _updated(data, rewrite)


def _updated(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer, target = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
    change(writer)
    writer.write(target)
    return target.getvalue()


CHANGES: tuple[Change, ...] = (
    a_bit, a_bit, a_bit, a_byte_more, a_byte_less, a_stretch, cut, in_a_signature, in_a_signature, saved_anew,
    a_page_more, a_page_less, stripped, turned, noted, scripted, another_text,
)  # fmt: skip
