"""No input gives a 5xx: whatever is typed is kept as it is, or refused beside its field with the text still there.

Forms are read as a browser would read them, so that a field added later is attacked too.
"""

import io
import re
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from cotutelle.db import db
from cotutelle.domain import identifiers
from cotutelle.domain.convention.terms import Chapter
from cotutelle.models import DocumentVersion, Person
from cotutelle.scope import as_system
from tests.client import Client, Page
from tests.conftest import running

THESIS = "/theses/LILLE-2026-0001"
CHAPTERS = tuple(f"{THESIS}/convention/terms/{chapter}" for chapter in Chapter)
FORMS = (
    "/theses/new", f"{THESIS}/edit", f"{THESIS}/institutions", f"{THESIS}/candidate", f"{THESIS}/stays/add",
    f"{THESIS}/enrolment", f"{THESIS}/funding", f"{THESIS}/leaves", f"{THESIS}/notes", f"{THESIS}/supervisors/add",
    f"{THESIS}/documents/add", *CHAPTERS,
    "/institutions/new", "/institutions/ku-leuven/edit",
    *(f"/institutions/ku-leuven/add/{part}" for part in ("school", "unit", "contact", "office")),
    "/people/{person}/edit", "/people/{person}/affiliations/add", f"{THESIS}/move", f"{THESIS}/convention/move",
)  # fmt: skip
MOVES = FORMS[-2:]
# fields whose text must have a certain form
PATTERNED = {"code", "email", "website", "year_start"} | {"orcid", *identifiers.INSTITUTION}


@dataclass
class Field:
    """One field of a page, with what a browser would send for it."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    required: bool = False

    @property
    def stem(self) -> str:
        return self.name.rpartition("-")[2]


class Reader(HTMLParser):
    """Reads the large form of a page; and every element, to see whether a text became one."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: dict[str, Field] = {}
        self.elements: list[dict[str, str]] = []
        self._inside, self._open, self._group = False, None, False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append(found)
        if tag == "form":
            self._inside = found.get("class") == "ct-form" and found.get("method") == "post"
        if tag == "fieldset":
            self._group = found.get("aria-required") == "true"
        if not self._inside:
            return
        if tag in ("input", "textarea", "select") and found.get("name"):
            kind = found.get("type", "text") if tag == "input" else tag
            here = self.fields.setdefault(found["name"], Field(found["name"], kind))
            here.required = found.get("aria-required") == "true" or (kind == "radio" and self._group)
            if kind in ("radio", "checkbox"):
                here.offered.append(found.get("value", "y"))
                here.values += [found.get("value", "y")] if "checked" in found else []
            elif tag == "input":
                here.values = [found.get("value", "")]
            else:
                here.values, self._open = [], here
        if tag == "option" and self._open:
            self._open.offered.append(found.get("value", ""))
            self._open.values += [found.get("value", "")] if "selected" in found else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag in ("select", "textarea") and self._open:
            if not self._open.values:
                self._open.values = self._open.offered[:1] or [""]
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open and self._open.kind == "textarea":
            # a browser leaves out the line break after the opening tag
            self._open.values = ["".join([*self._open.values, data]).removeprefix("\n").strip("\r\n")]


@dataclass
class Office:
    """An administrator's browser on one database."""

    app: Flask
    client: Client
    person: str
    count: int = 0

    @property
    def on_postgres(self) -> bool:
        return str(self.app.config["DATABASE_URL"]).startswith("postgresql")

    def read(self, url: str) -> dict[str, Field]:
        """The form at an address, filled where an answer is needed."""
        page = self.client.get(url.format(person=self.person))
        assert page.status == 200, (url, page.status)
        form = Reader(page.text).fields
        for each in form.values():
            if each.kind == "checkbox" or not each.required or any(each.values):
                continue
            written = "2026-10-01" if each.kind == "date" else f"word{self.serial()}"
            each.values = [next(filter(None, each.offered), written)]
        if url == "/theses/new":
            form["parties-1-institution"].values = ["ghent"]
        return form

    def serial(self) -> int:
        self.count += 1
        return self.count

    def post(self, url: str, form: dict[str, Field], **more: Any) -> Page:
        """Send a form as it stands, whatever its values are."""
        data = {each.name: each.values for each in form.values() if each.values}
        if "act_key" in data:
            data["act_key"] = [secrets.token_hex(16)]
        return Page(self.client.browser.post(url.format(person=self.person), data={**data, **more}))


def offices(database: Any, folder: Path) -> Iterator[Office]:
    for app in running(database, folder):
        client = Client(app)
        assert client.sign_in("administrator@tests.example").status == 303
        with app.app_context():
            named = Person.family_name == "Canary-candidate"
            person = db.session.scalar(select(Person.public_id).where(named))
        yield Office(app, client, person)


@pytest.fixture(scope="module")
def sqlite_office(sqlite_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from offices(sqlite_database, tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module")
def postgres_office(postgres_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    yield from offices(postgres_database, tmp_path_factory.mktemp("office"))


@pytest.fixture(params=["sqlite", "postgres"])
def office(request: pytest.FixtureRequest) -> Office:
    """An office on each database in turn: the two differ in what texts they keep."""
    return request.getfixturevalue(f"{request.param}_office")  # type: ignore[no-any-return]


def texts(form: dict[str, Field]) -> list[Field]:
    """The fields in which somebody writes."""
    return [each for each in form.values() if each.kind in ("text", "textarea", "email", "url", "tel")]


def refused(page: Page, each: Field) -> bool:
    """Whether the page says beside this field why its answer is refused."""
    return f'id="{each.name}-error"' in page.text


# -- text


def test_what_no_database_keeps_is_refused_beside_each_field(office: Office) -> None:
    # the check is the form's: PostgreSQL, which would refuse a NUL with an error of its own, is asked less often
    for url in (url for url in FORMS if not office.on_postgres or url not in CHAPTERS[1:]):
        form = office.read(url)
        for sign in "\x00" if office.on_postgres else "\x00\x1b":
            typed = {each.name: f"typed{number}" for number, each in enumerate(texts(form))}
            page = office.post(url, changed(form, {name: f"{value}{sign}" for name, value in typed.items()}))
            assert page.status == 422 if typed else page.status < 500, url
            assert [name for name in typed if f'id="{name}-error"' not in page.text] == [], url
            back = Reader(page.text).fields
            assert {name: back[name].values[0] for name in typed} == typed, url


HOSTILE = {  # each fits into the shortest field
    "markup and templates": '"><b onx=1>{{7}}',
    "right-to-left, combining, four bytes": "\u05e2\u0301\u200dé\u0301🦉𐍈\ufffd",
}
SHOWN = (
    THESIS, "/theses", f"{THESIS}/convention", f"{THESIS}/steps", f"{THESIS}/funding", "/people", "/people/{person}",
    "/institutions", "/institutions/ku-leuven",
)  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_strange_text_is_kept_as_typed_or_refused_with_a_reason_and_never_becomes_markup(
    office: Office, kind: str
) -> None:
    if HOSTILE[kind].isascii() and office.on_postgres:
        pytest.skip("ASCII is ASCII on both databases")
    saved = 0
    for url in FORMS:
        if url in MOVES or url.endswith("/documents/add") or (url in CHAPTERS[2:] and "🦉" in HOSTILE[kind]):
            continue
        form = office.read(url)
        for each in texts(form):
            if each.stem not in PATTERNED:
                each.values = [f"{HOSTILE[kind]}{office.serial()}"]
        for number, each in enumerate(f for f in form.values() if f.stem == "language" and not any(f.values)):
            each.values = [each.offered[number + 3]]
        page = office.post(url, form)
        unsafe(page)
        assert page.status in (303, 422), (url, page.status)
        if page.status == 422:
            assert page.errors, url
            back = Reader(page.text).fields
            assert {f.name: f.values for f in texts(back)} == {f.name: f.values for f in texts(form)}
        elif url == f"{THESIS}/edit":  # nothing was normalised, cut or decoded twice
            assert office.read(url)["title"].values == form["title"].values
        saved += page.status == 303
    # documents print no owls, and say so; what is plain ASCII is kept everywhere
    assert saved > (20 if HOSTILE[kind].isascii() else 5)
    for url in SHOWN:
        page = office.client.get(url.format(person=office.person))
        assert page.status == 200, url
        unsafe(page)
        assert "&lt;b onx=1&gt;" in page.text or url not in SHOWN[:3] or not HOSTILE[kind].isascii(), url


def unsafe(page: Page) -> None:
    """Fail when a typed text became an element or an attribute."""
    if "onx" in page.text:
        assert [found for found in Reader(page.text).elements if "onx" in found] == []


@pytest.mark.parametrize("name", ["title", "family_name", "parties-0-institution"])
def test_a_million_characters_are_refused_with_a_sentence_and_not_all_sent_back(
    sqlite_office: Office, name: str
) -> None:
    form = sqlite_office.read("/theses/new")
    form[name].values = ["x" * 1_000_000]
    page = sqlite_office.post("/theses/new", form)
    assert page.status == 422
    assert any("characters; this has more" in error or "answers offered" in error for error in page.errors)
    assert len(max(re.findall("x+", page.text), key=len)) <= 10_000


def test_a_form_beyond_its_limit_gets_a_page_that_names_it(sqlite_office: Office) -> None:
    form = sqlite_office.read("/theses/new")
    form["title"].values = ["x" * 5_000_000]
    page = sqlite_office.post("/theses/new", form)
    assert (page.status, "4 MB" in page.text) == (413, True)


STRANGE = ["\x00", "a\x00@tests.example", "x" * 100_000, "\u202eע\u0301🦉", "a@" + "b" * 300]


@pytest.mark.parametrize("text", STRANGE)
def test_a_stranger_s_text_breaks_neither_sign_in_nor_a_forgotten_password(office: Office, text: str) -> None:
    guest = Client(office.app)
    for url in ("/sign-in", "/forgotten"):
        assert guest.post(url, {"email": text, "password": text}).status in (303, 422)


BODIES = (b"%ED%A0%80", b"%FF%FE", b"%C0%AF", b"\xff\xfe", b"%u0000", b"%")


def test_bytes_that_are_no_text_are_no_fault_of_the_server(office: Office) -> None:
    for url in (f"{THESIS}/edit", f"{THESIS}/stays/add", "/institutions/new"):
        form = office.read(url)
        rest = [each for each in form.values() if each.values and each not in texts(form)]
        for body in BODIES:
            sent = [f"{quote(each.name)}={quote(each.values[0])}".encode() for each in rest]
            sent += [quote(each.name).encode() + b"=" + body for each in texts(form)]
            sent += [body + b"=1", b"csrf_token=" + body]
            kind = "application/x-www-form-urlencoded"
            answer = office.client.browser.post(url, data=b"&".join(sent), content_type=kind)
            assert answer.status_code < 500, (url, body)


# -- other answers

# wrong answers, in turn from field to field and from round to round; then what no browser sends
DATES = ("0001-01-01", "31/02/2026", "x" * 300, "9999-12-31", "10000-01-01", "\x00")
NUMBERS = ("²", "sNaN", "1" + "0" * 30, "1e400", "-1", "\x00")
CHOICES = ("planted", "²", "x" * 5000, "None", "٣", "\x00")
DEEP = ("parties-99999999999999999999-institution", "parties--1-institution", "texts-x-name", "cells-0-fee")


@pytest.mark.parametrize("url", FORMS)
def test_no_answer_breaks_a_form_and_what_was_typed_stays(sqlite_office: Office, url: str) -> None:
    office, form = sqlite_office, sqlite_office.read(url)
    money = ("monthly_amount", "travel_cap")
    dates = {name: DATES for name, each in form.items() if each.kind == "date"}
    numbers = {name: NUMBERS for name, each in form.items() if each.kind == "number" or name in money}
    typed = {**dates, **numbers}
    wrong = {**typed, **{name: CHOICES for name, each in form.items() if each.offered}}
    for turn in range(0, 6, 2) if wrong else ():
        answers = {name: values[(turn + number) % 6] for number, (name, values) in enumerate(wrong.items())}
        page = office.post(url, changed(form, answers))
        assert page.status == 422 or (page.status in (303, 409) and not typed), answers
        if typed:
            back = Reader(page.text).fields
            kept = {name: answers[name] for name in typed if answers[name] != "\x00"}
            assert {name: back[name].values[0] for name in kept} == kept
    strange = [{name: each for name, each in form.items() if each.kind == "hidden"}, {}]
    strange.append({name: Field(name, each.kind, each.values * 2) for name, each in form.items()})
    strange[-1] |= changed({}, dict.fromkeys(DEEP, "x"))
    strange += [changed(form, {"version": version}) for version in ("²", "1" + "0" * 30) if "version" in form]
    for each in strange:
        status = office.post(url, each).status
        assert status in (200, 303, 400, 409, 422), (status, {name: f.values for name, f in each.items()})


# a chapter in which nothing is settled by default
NOTHING_TYPED = f"{THESIS}/convention/terms/languages"


def test_a_stale_form_in_which_nothing_was_typed_is_refused_too(sqlite_database: Any, tmp_path: Path) -> None:
    for office in offices(sqlite_database, tmp_path):
        form = changed(office.read(NOTHING_TYPED), {"version": ""})
        assert office.post(NOTHING_TYPED, form).status == 409


def changed(form: dict[str, Field], values: dict[str, str]) -> dict[str, Field]:
    """The same form with other values, or with fields that it does not have."""
    return {**form, **{name: Field(name, "text", [value]) for name, value in values.items()}}


def test_a_number_of_four_hundred_digits_is_out_of_range(sqlite_office: Office) -> None:
    url = f"{THESIS}/convention/terms/jury"
    form = sqlite_office.read(url)
    assert sqlite_office.post(url, changed(form, {"jury_min": "9" * 400})).status == 422


@pytest.mark.parametrize(
    ("url", "begin", "end"),
    [(f"{THESIS}/stays/add", "begin", "end"), (f"{THESIS}/leaves", "begin", "end"),
     (f"{THESIS}/funding", "begin", "end"), (f"{THESIS}/edit", "defence_from", "defence_until"),
     ("/people/{person}/affiliations/add", "from_on", "until_on"),
     (f"{THESIS}/convention/terms/validity", "effective_on", "expires_on")],
)  # fmt: skip
def test_an_end_before_its_beginning_is_refused(
    sqlite_office: Office, url: str, begin: str, end: str
) -> None:
    typed = {begin: "2027-03-02", end: "2027-03-01"}
    form = changed(sqlite_office.read(url), {**typed, "elsewhere": "Elsewhere"})
    page = sqlite_office.post(url, form)
    assert (page.status, refused(page, form[end])) == (422, True), page.errors
    assert {name: Reader(page.text).fields[name].values[0] for name in typed} == typed


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("orcid", "0000-0002-1825-0097", "0000-0002-1825-0098"), ("ror", "https://ror.org/02kzqn938", "02kzqn939"),
     ("uai", "0597239Y", "0597239X"), ("siret", "13002975400012", "13002975400013"),
     ("vat", "FR83404833048", "FR84404833048"), ("erasmus", "F LILLE103", "LILLE"), ("schac", "univ-lille.fr", "lille")],
)  # fmt: skip
def test_an_identifier_that_does_not_check_is_refused_with_what_one_looks_like(
    sqlite_office: Office, name: str, right: str, wrong: str
) -> None:
    url = "/people/{person}/edit" if name == "orcid" else "/institutions/ku-leuven/edit"
    form = sqlite_office.read(url)
    for value in (wrong, "٠" * 14, "x" * 250, right):
        form[name].values = [value]
        page = sqlite_office.post(url, form)
        assert page.status == (303 if value == right else 422), value
        assert refused(page, form[name]) is (value != right), value
        if value != right:
            assert Reader(page.text).fields[name].values == [value]


@pytest.mark.parametrize("name", ["same_person", "parties-0-school", "parties-1-institution"])
def test_a_registration_that_names_what_is_not_known_is_refused(sqlite_office: Office, name: str) -> None:
    form = changed(sqlite_office.read("/theses/new"), {name: "aaaaaaaaaaaa"})
    assert sqlite_office.post("/theses/new", form).status == 422


# -- addresses

ASKED = (
    "%00", "%ED%A0%80", "%FF", "%E2%80%AE%D7%A2", "%F0%9F%A6%89", "x" * 5000, "%27%22%3Cb%20onx%3D1%3E", "%25%5F%5C",
    "%D9%A2%D9%A0%D9%A2%D9%A6", "%C2%B2%C2%B2%C2%B2%C2%B2", "9" * 30, "x%7C9999999999999999999", "x%7C%C2%B2",
    "2026%7C999999999999999", "%22%20OR%20NEAR(", "a:*%20%26%20!", "%C2%BD%20%E2%85%A7%20%EF%B7%BA",
)  # fmt: skip


@pytest.mark.parametrize("value", ASKED)
def test_no_question_in_an_address_breaks_a_page(office: Office, value: str) -> None:
    names = ("q", "state", "convention", "partner", "school", "year", "sort", "after")
    everything = "&".join(f"{name}={value}" for name in names)
    asked = [f"/{name}?{everything}" for name in ("theses", "people", "institutions")]
    asked += [f"/theses?q={value}", f"/theses?sort=year&after={value}", f"/theses?sort=recent&before={value}"]
    if not office.on_postgres:
        here = (f"{THESIS}/enrolment?year=", f"{THESIS}/documents/", "/people/")
        assert {office.client.get(f"{path}{value}").status for path in here} <= {200, 404}
    for url in asked:
        page = office.client.get(url)
        assert page.status == (404 if "%00" in value else 200), url
        unsafe(page)


def test_every_method_is_answered(sqlite_office: Office) -> None:
    for url in ("/", "/theses", THESIS, f"{THESIS}/edit", "/sign-in", "/healthz", "/nowhere"):
        for method in ("OPTIONS", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "PLANTED"):
            assert sqlite_office.client.browser.open(url, method=method).status_code < 500, (method, url)


# -- files


def pdf(script: bool = False, password: str = "") -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    if script:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    target = io.BytesIO()
    made.save(target, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return target.getvalue()


def bomb() -> bytes:
    """A document of some 300 kB that unpacks to 210 MB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("word/media/image1.png", bytes(210 << 20))
    return target.getvalue()


def upload(office: Office, data: bytes, name: str) -> Page:
    form = office.read(f"{THESIS}/documents/add")
    form.pop("file")
    form["title"].values = ["What was typed"]
    return office.post(f"{THESIS}/documents/add", form, file=(io.BytesIO(data), name))


@pytest.mark.parametrize(
    ("make", "why"),
    [(lambda: b"", "empty"), (lambda: b"MZ\x90\x00" + bytes(500), "neither PDF"), (lambda: pdf(script=True), "program"),
     (lambda: pdf(password="x"), "password"), (bomb, "too large"), (lambda: pdf()[:200], "damaged"),
     (lambda: b"%PDF-1.7", "damaged"), (lambda: b"PK\x03\x04" + bytes(40), "damaged"),
     (lambda: b"%PDF-" + bytes(26 << 20), "too large")],
    ids=["empty", "executable", "script", "encrypted", "bomb", "cut", "head", "no zip", "26 MB"],
)  # fmt: skip
def test_a_file_that_could_do_harm_is_refused(sqlite_office: Office, make: Any, why: str) -> None:
    page = upload(sqlite_office, make(), "scan.pdf")
    assert page.status == 422
    assert any(why in error for error in page.errors), page.errors
    assert Reader(page.text).fields["title"].values == ["What was typed"]


def test_a_body_beyond_all_limits_gets_a_page_that_names_them(sqlite_office: Office) -> None:
    page = upload(sqlite_office, b"%PDF-" + bytes(30 << 20), "scan.pdf")
    assert (page.status, "4 MB" in page.text, "25 MB" in page.text) == (413, True, True)


NAMES = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "\u202egpj.pdf",
    "a\r\nX-Planted: 1.pdf",
    "x" * 300,
    ".",
    "CON",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_never_a_path(sqlite_office: Office, name: str) -> None:
    assert upload(sqlite_office, pdf() + name.encode(), name).status in (303, 422)
    with sqlite_office.app.app_context(), as_system(db.session(), "tests"):
        for row in db.session.scalars(select(DocumentVersion)):
            assert row.filename.isprintable(), row.filename
            assert not re.search(r"[/\\]", row.filename), row.filename
            assert row.filename.endswith(".pdf")
            assert len(row.filename) <= 104
            assert not row.filename.startswith(".")
    store = Path(sqlite_office.app.instance_path) / "store"
    kept = [path.relative_to(store).as_posix() for path in store.rglob("*")]
    assert [path for path in kept if not re.fullmatch(r"[0-9a-f]{2}(/[0-9a-f]{64})?", path)] == []
