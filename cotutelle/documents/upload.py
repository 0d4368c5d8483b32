"""What may be uploaded: four kinds, told by their content, without anything that acts by itself.

Run by `confined`, which gives it the file and the largest size; it imports nothing else of this application.
"""

import io
import json
import re
import sys
import zipfile
import zlib
from typing import Any

import pikepdf
from lxml import etree
from PIL import Image

MOST_PAGES = 2000
MOST_UNPACKED = 200 * 1024 * 1024
_ACTIVE = ("/JavaScript", "/Launch", "/RichMedia", "/SubmitForm", "/ImportData")
_PICTURES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
MOST_PIXELS = 100_000_000
_FETCHED = frozenset({"attachedtemplate", "oleobject", "frame", "subdocument", "afchunk"})
"""Relations by which a word processor fetches or runs what lies outside the file."""
_PROGRAMS = ("vbaproject", "word/embeddings/", "activex")
_PROGRAM_TYPE = re.compile(r"vbaproject|macroenabled|activex|oleobject", re.IGNORECASE)
_HARMLESS = ("/application/json", "/text/json", "/text/xml", "/application/xml", "/application#2Fjson")


class WrongFile(ValueError):
    """The file is refused; `why` is a key for the wording, `what` names what was found in it."""

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why)
        self.why, self.what = why, what


def check_upload(data: bytes, limit: int) -> str:
    """The media type of an acceptable file.

    Raises WrongFile.
    """
    if not data:
        raise WrongFile("empty")
    if len(data) > limit:
        raise WrongFile("large")
    if data[:1024].lstrip().startswith(b"%PDF-"):
        _check_pdf(data)
        return "application/pdf"
    for start, kind in _PICTURES.items():
        if data.startswith(start):
            _check_picture(data, kind)
            return f"image/{kind.lower()}"
    if data.startswith(b"PK\x03\x04"):
        _check_docx(data)
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    raise WrongFile("kind")


def _check_picture(data: bytes, kind: str) -> None:
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise WrongFile("large")
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, WrongFile):
            raise
        raise WrongFile("broken") from None


def _check_pdf(data: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > MOST_PAGES:
                raise WrongFile("pages")
            for item in pdf.objects:
                _check_object(item, 0)
            _check_object(pdf.trailer, 0)
    except pikepdf.PasswordError:
        raise WrongFile("encrypted") from None
    except (pikepdf.PdfError, ValueError, RecursionError) as error:
        if isinstance(error, WrongFile):
            raise
        raise WrongFile("broken") from None


def _check_object(item: Any, depth: int) -> None:
    """Walk through inline dictionaries too: an action need not be an object of its own."""
    if depth > 60:
        raise WrongFile("broken")
    if isinstance(item, pikepdf.Stream):
        item = item.stream_dict
    if isinstance(item, pikepdf.Dictionary):
        for key, value in item.items():
            if key in {"/JS", "/JavaScript", "/XFA", "/RichMediaContent"}:
                raise WrongFile("active", key[1:])
            if key == "/EF" and not _harmless(value):
                raise WrongFile("active", "EmbeddedFile")
            if key in {"/OpenAction", "/AA"} and isinstance(value, pikepdf.Dictionary) and _acts(value):
                raise WrongFile("active", key[1:])
            if key in {"/S", "/Type"} and str(value) in _ACTIVE:
                raise WrongFile("active", str(value)[1:])
            if not getattr(value, "is_indirect", False):
                _check_object(value, depth + 1)
    elif isinstance(item, pikepdf.Array):
        for value in item:
            if not getattr(value, "is_indirect", False):
                _check_object(value, depth + 1)


def _harmless(files: Any) -> bool:
    """Whether attached files are data, such as the facts that our own conventions carry: said to be, and are."""
    return isinstance(files, pikepdf.Dictionary) and all(
        isinstance(file, pikepdf.Stream)
        and str(file.stream_dict.get("/Subtype", "")) in _HARMLESS
        and _is_data(file.read_bytes())
        for file in files.values()
    )


def _is_data(content: bytes) -> bool:
    """Whether bytes are JSON or XML: text that begins as one of them does."""
    try:
        return content.decode("utf-8").lstrip("\ufeff \t\r\n")[:1] in {"{", "[", "<"}
    except UnicodeDecodeError:
        return False


def _acts(action: Any) -> bool:
    """Whether an action does more than show a page."""
    kinds = (
        [str(action.get("/S", ""))]
        if "/S" in action
        else [str(v.get("/S", "")) for v in action.values() if isinstance(v, pikepdf.Dictionary)]
    )
    return any(kind not in {"/GoTo", "/Named", ""} for kind in kinds)


def _check_docx(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > 5000 or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise WrongFile("large")
            if any(entry.flag_bits & 1 for entry in entries):
                raise WrongFile("encrypted")
            names = {entry.filename for entry in entries}
            if "word/document.xml" not in names:
                raise WrongFile("kind")
            for entry in entries:
                _check_part(archive, entry.filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        if isinstance(error, WrongFile):
            raise
        raise WrongFile("broken") from None


def _check_part(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a part that is a program, is declared as one, or fetches something when the file is opened."""
    low = name.lower()
    if any(mark in low for mark in _PROGRAMS):
        raise WrongFile("active", name)
    if not low.endswith((".rels", "[content_types].xml")):
        return
    for node in _parsed(archive.read(name)).iter():
        said = {key.lower(): value.strip() for key, value in node.attrib.items()}
        if _PROGRAM_TYPE.search(said.get("contenttype", "")):
            raise WrongFile("active", name)
        kind = said.get("type", "").rpartition("/")[2].lower()
        if said.get("targetmode", "").lower() == "external" and kind in _FETCHED:
            raise WrongFile("active", name)


def _parsed(data: bytes) -> Any:
    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise WrongFile("broken") from None


def main() -> None:
    """Say of the file on the standard input what kind it is, or why it is refused."""
    try:
        answer = {"kind": check_upload(sys.stdin.buffer.read(), int(sys.argv[1]))}
    except WrongFile as error:
        answer = {"why": error.why, "what": error.what}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
