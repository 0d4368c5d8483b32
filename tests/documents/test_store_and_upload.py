"""Proves that kept bytes are the bytes that came, and that no file that acts by itself is taken."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cotutelle.demo.theses import proof
from cotutelle.documents import upload
from cotutelle.documents.store import NotKept, Store
from cotutelle.documents.upload import WrongFile, check_upload
from cotutelle.models import Blob
from tests.files import picture

LIMIT = 25 * 1024 * 1024
Build = Callable[[pikepdf.Pdf], None]


@pytest.fixture
def session(shared_session: Session) -> Session:
    """One application serves the whole module: every test's writes are undone."""
    return shared_session


@pytest.fixture(params=["folder", "database"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return Store(tmp_path / "store" if request.param == "folder" else None)


def test_what_is_put_is_read_under_its_digest(session: Session, store: Store) -> None:
    digest = store.put(session, b"some bytes\x00\xff")
    assert digest == hashlib.sha256(b"some bytes\x00\xff").hexdigest()
    assert store.read(session, digest) == b"some bytes\x00\xff"
    assert store.put(session, b"some bytes\x00\xff") == digest
    assert store.read(session, store.put(session, b"")) == b""


def test_a_flipped_byte_is_found(session: Session, store: Store) -> None:
    digest = store.put(session, b"some bytes")
    if store.folder:
        path = store.folder / digest[:2] / digest
        path.write_bytes(b"Some bytes")
    else:
        session.execute(update(Blob).values(content=b"Some bytes"))
        session.expire_all()
    with pytest.raises(NotKept):
        store.read(session, digest)


@pytest.mark.parametrize("digest", ["0" * 64, "", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_nothing_is_kept_under_a_digest_that_nobody_was_given(
    session: Session, store: Store, digest: str
) -> None:
    store.put(session, b"some bytes")
    with pytest.raises(NotKept):
        store.read(session, digest)


def test_the_folder_leaves_no_half_written_file(session: Session, tmp_path: Path) -> None:
    store = Store(tmp_path)
    digests = {store.put(session, bytes([n])) for n in range(5)}
    assert {path.name for path in tmp_path.glob("*/*")} == digests
    assert session.scalars(select(Blob)).all() == []


# Uploads


def refusal(data: bytes, limit: int = LIMIT) -> tuple[str, str]:
    with pytest.raises(WrongFile) as refused:
        check_upload(data, limit)
    return refused.value.why, refused.value.what


def pdf(build: Build | None = None, **save: object) -> bytes:
    with pikepdf.new() as made:
        made.add_blank_page()
        if build:
            build(made)
        target = io.BytesIO()
        made.save(target, **save)  # type: ignore[arg-type]
    return target.getvalue()


def docx(*names: str, content: bytes = b"x") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("word/document.xml", *names):
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_that_is_none_cut_off_or_endless_is_refused(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = picture(kind, 200)
    for wrong in (whole[:12] + b"...", whole[: len(whole) // 2]):
        with pytest.raises(WrongFile, match="broken"):
            check_upload(wrong, LIMIT)
    monkeypatch.setattr(upload, "MOST_PIXELS", 200 * 200 - 1)
    with pytest.raises(WrongFile, match="large"):
        check_upload(whole, LIMIT)


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"#!/bin/sh", "{é".encode("latin-1"), b""])
def test_an_attached_file_is_data_by_its_content_not_by_what_it_says(content: bytes) -> None:
    def attach(document: pikepdf.Pdf) -> None:
        file = document.make_stream(content, Subtype=pikepdf.Name("/application/json"))
        document.Root.AF = pikepdf.Array(
            [pikepdf.Dictionary(Type=pikepdf.Name.Filespec, EF=pikepdf.Dictionary(F=file))]
        )

    with pytest.raises(WrongFile, match="active"):
        check_upload(pdf(attach), LIMIT)


@pytest.mark.parametrize("kind", ["attachedTemplate", "oleObject", "hyperlink"])
def test_a_text_that_fetches_from_outside_is_refused_and_a_mere_link_is_not(kind: str) -> None:
    relation = f'<Relationship Id="r1" Type="http://x/{kind}" Target="http://evil/x" TargetMode="External"/>'
    data = docx("word/_rels/settings.xml.rels", content=relation.encode())
    if kind == "hyperlink":
        assert check_upload(data, LIMIT)
        return
    with pytest.raises(WrongFile, match="active"):
        check_upload(data, LIMIT)


def test_four_kinds_are_taken_and_told_by_their_content() -> None:
    assert check_upload(pdf(), LIMIT) == "application/pdf"
    assert check_upload(b"\n" + pdf(), LIMIT) == "application/pdf"
    assert check_upload(proof(), LIMIT) == "application/pdf"
    assert check_upload(picture("PNG"), LIMIT) == "image/png"
    assert check_upload(picture("JPEG"), LIMIT) == "image/jpeg"
    assert check_upload(docx(), LIMIT).endswith("wordprocessingml.document")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"hello", "kind"),
        (b"<html><script>1</script>", "kind"),
        (b"GIF89a", "kind"),
        (b"MZ\x90", "kind"),
        (b"#!/bin/sh", "kind"),
        (b"%PDF-1.7\nnothing", "broken"),
        (b"PK\x03\x04nothing", "broken"),
        (b"PK\x05\x06" + b"\0" * 18, "kind"),
    ],
)
def test_anything_else_is_refused_by_what_it_is(data: bytes, why: str) -> None:
    assert refusal(data)[0] == why


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() -> None:
    data = pdf()
    assert check_upload(data, len(data)) == "application/pdf"
    assert refusal(data, len(data) - 1)[0] == "large"


def action(**entries: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(**entries)


def javascript() -> pikepdf.Dictionary:
    return action(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def open_action(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = javascript()


def inline_in_a_page(made: pikepdf.Pdf) -> None:
    made.pages[0].obj.AA = action(O=javascript())


def inline_in_an_annotation(made: pikepdf.Pdf) -> None:
    note = action(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=javascript())
    made.pages[0].obj.Annots = pikepdf.Array([note])


def in_the_name_tree(made: pikepdf.Pdf) -> None:
    made.Root.Names = action(JavaScript=action(Names=pikepdf.Array([pikepdf.String("a"), javascript()])))


def after_a_harmless_one(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = action(S=pikepdf.Name.Named, N=pikepdf.Name.NextPage, Next=javascript())


def launching(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = action(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))


def opening_an_address(made: pikepdf.Pdf) -> None:
    made.Root.OpenAction = action(S=pikepdf.Name.URI, URI=pikepdf.String("https://evil.example"))


def sending_a_form(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = action(
        Fields=pikepdf.Array([action(A=action(S=pikepdf.Name.SubmitForm, F=pikepdf.String("http://x")))])
    )


def a_form_of_xml(made: pikepdf.Pdf) -> None:
    made.Root.AcroForm = action(XFA=pikepdf.String("<xdp/>"), Fields=pikepdf.Array([]))


def a_program_attached(made: pikepdf.Pdf) -> None:
    made.attachments["setup.exe"] = b"MZ"


ACTIVE = {
    build.__name__: build
    for build in (
        open_action,
        inline_in_a_page,
        inline_in_an_annotation,
        in_the_name_tree,
        after_a_harmless_one,
        launching,
        opening_an_address,
        sending_a_form,
        a_form_of_xml,
        a_program_attached,
    )
}


@pytest.mark.parametrize("mode", ["disable", "generate"])
@pytest.mark.parametrize("name", ACTIVE)
def test_a_pdf_that_acts_by_itself_is_refused_wherever_it_hides(name: str, mode: str) -> None:
    streams = pikepdf.ObjectStreamMode[mode]
    why, what = refusal(pdf(ACTIVE[name], object_stream_mode=streams))
    assert why == "active"
    assert what


def test_a_name_written_in_numbers_is_still_that_name() -> None:
    plain = pdf(open_action, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    hidden = plain.replace(b"/JavaScript", b"/J#61vaScrip#74").replace(b"/JS ", b"/#4AS ")
    assert hidden != plain
    assert refusal(hidden)[0] == "active"


def test_a_pdf_that_opens_at_a_page_acts_not() -> None:
    def build(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])

    def named(made: pikepdf.Pdf) -> None:
        made.Root.OpenAction = action(
            S=pikepdf.Name.GoTo, D=pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])
        )

    assert check_upload(pdf(build), LIMIT) == "application/pdf"
    assert check_upload(pdf(named), LIMIT) == "application/pdf"


def test_a_pdf_behind_a_password_is_refused() -> None:
    data = pdf(encryption=pikepdf.Encryption(user="secret", owner="secret"))
    assert refusal(data)[0] == "encrypted"


def test_a_pdf_cut_short_is_refused_or_whole() -> None:
    data = pdf(open_action)
    for length in range(20, len(data), 37):
        with pytest.raises(WrongFile):
            check_upload(data[:length], LIMIT)


def test_a_pdf_nested_without_end_is_refused() -> None:
    def build(made: pikepdf.Pdf) -> None:
        inner = pikepdf.Dictionary(A=1)
        for _ in range(200):
            inner = pikepdf.Dictionary(A=inner)
        made.Root.Deep = inner

    assert refusal(pdf(build))[0] == "broken"


def test_more_pages_than_anybody_reads_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def build(made: pikepdf.Pdf) -> None:
        made.add_blank_page()

    monkeypatch.setattr(upload, "MOST_PAGES", 2)
    assert check_upload(pdf(build), LIMIT) == "application/pdf"
    monkeypatch.setattr(upload, "MOST_PAGES", 1)
    assert refusal(pdf(build))[0] == "pages"


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/embeddings/ole1.bin", "word/activeX/activeX1.xml"]
)
def test_a_text_with_a_program_is_refused_by_name(name: str) -> None:
    assert refusal(docx(name)) == ("active", name)


def test_an_archive_that_is_no_text_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("evil.exe", b"MZ")
    assert refusal(target.getvalue())[0] == "kind"


def test_an_archive_that_unpacks_without_end_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MOST_UNPACKED", 10_000_000)
    bomb = docx("word/media/a.bin", content=b"\0" * 6_000_000)
    assert len(bomb) < 20_000
    assert refusal(bomb)[0] == "large"
    assert refusal(docx(*(f"word/{n}" for n in range(5000))))[0] == "large"


def test_a_protected_text_is_refused() -> None:
    data = bytearray(docx())
    first, listed = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    data[first + 6] |= 1
    data[listed + 8] |= 1
    assert refusal(bytes(data))[0] == "encrypted"


EXTERNAL = "<Relationships><Relationship Id='r' Type='http://x/{kind}' Target='http://evil/' TargetMode{mode}/></Relationships>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/_rels/a.rels", EXTERNAL.format(kind="attachedTemplate", mode="='External'").encode()),
        ("word/_rels/a.rels", EXTERNAL.format(kind="attachedTemplate", mode=' = "External"').encode()),
        ("word/_rels/a.rels", EXTERNAL.format(kind="oleObject", mode="='external'").encode("utf-16")),
        ("Word/VBAPROJECT.BIN", b"x"),
        ("WORD/embeddings/a.bin", b"x"),
        (
            "[Content_Types].xml",
            b'<Types><Override ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        ),
        ("[Content_Types].xml", b"<Types><Default ContentType='a.macroEnabled.main+xml'/></Types>"),
    ],
)
def test_a_program_in_a_docx_is_found_however_it_is_written(name: str, content: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr(name, content)
    assert refusal(target.getvalue())[0] == "active"
