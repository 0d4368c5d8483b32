"""Who may do what: the reviewed table in `data/policy.csv` against the code's rules, and against every route.

The table was written from the authorization matrix, not from the code. Z1: each action has a rule and a row.
Z2: each route x method x role x relation answers what the table says, and a denied post changes nothing.
Z3: nobody reads a word about what is out of their sight. Z5: each tie taken out of a rule is noticed.
"""

import csv
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, template_rendered
from sqlalchemy import select, update

from cotutelle import links, policy
from cotutelle.db import db, transaction
from cotutelle.domain.leave import LeaveKind
from cotutelle.models import (
    Account,
    Contact,
    ConventionVersion,
    Document,
    Installation,
    Person,
    SignIn,
    Supervision,
    Thesis,
)
from cotutelle.operations import account as accounts
from cotutelle.operations import convention as conventions
from cotutelle.operations import document as documents
from cotutelle.operations import enrolment, institution, stay
from cotutelle.operations import person as people
from cotutelle.operations.facts import facts_of
from cotutelle.policy import RULES, Action, Tie
from cotutelle.scope import as_system
from tests import builders
from tests.builders import ACTOR, NOW, ROLES, TODAY
from tests.client import Client, Page
from tests.conftest import TESTING, running
from tests.test_house import digests

PDF = b"%PDF-1.7 for the sweep"
NOBODY = "aaaaaaaaaaaa"
"""A public id of the right form that nothing bears."""
Table = dict[Action, frozenset[Tie]]


def read_table() -> Table:
    """The reviewed table: for each action, the ties of which one is enough."""
    path = Path(__file__).parent / "data" / "policy.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(set(row) == {"action", "because", *Tie} and row["because"] for row in rows)
    assert {row[tie] for row in rows for tie in Tie} == {"yes", "no"}
    return {Action(row["action"]): frozenset(tie for tie in Tie if row[tie] == "yes") for row in rows}


TABLE = read_table()

# What each role of the small world is, in general and to each thesis; "disabled" keeps a live cookie.
T = Tie
GENERAL: dict[str, set[Tie]] = {
    "administrator": {T.OFFICE}, "other_administrator": {T.OFFICE}, "ghent_administrator": {T.OFFICE},
    "partner": {T.STAFF}, "auditor": {T.AUDITOR}, "operator": {T.OPERATOR}, "directory": {T.DIRECTORY},
}  # fmt: skip
TO_THESIS: dict[str, dict[str, set[Tie]]] = {
    "mine": {
        "administrator": {T.LEAD_OFFICE}, "ghent_administrator": {T.PARTY_OFFICE}, "supervisor": {T.SUPERVISOR},
        "partner_supervisor": {T.SUPERVISOR}, "candidate": {T.CANDIDATE}, "partner": {T.PARTNER},
        "auditor": {T.AUDITOR}, "reader": {T.READER}, "writer": {T.WRITER},
    },
    "other": {"other_administrator": {T.LEAD_OFFICE}, "auditor": {T.AUDITOR}},
}  # fmt: skip
EVERYBODY = (*ROLES, "anonymous")
UNKNOWN_READERS = ("anonymous", "disabled")
# Who edits an institution, by its own administrators or for want of them; "mine" is Ghent, which has one.
EDITORS = {
    "mine": {"partner", "directory"},
    "other": {"directory", "administrator", "other_administrator", "ghent_administrator"},
}
REMOVALS = ("stay.remove", "enrolment.remove_leave", "enrolment.remove_funding", "institution.remove_contact")


@dataclass(frozen=True)
class Cell:
    """One question to the policy: this route, by this method, for this role, about this thesis."""

    endpoint: str
    method: str
    role: str
    relation: str


@dataclass
class Sweep:
    """A running application with the objects that its routes name, and a browser for everybody."""

    app: Flask
    names: dict[str, dict[str, str]]
    clients: dict[str, Client]
    tokens: dict[str, str]
    known: dict[Any, Any] = field(default_factory=dict)

    def url(self, cell: Cell, **changes: str) -> str:
        names = {**self.names[cell.relation], **changes}
        if cell.endpoint in ("convention.version", "assets.show"):
            names["version"] = names[cell.endpoint]
        needed = next(self.app.url_map.iter_rules(cell.endpoint)).arguments
        return self.app.url_map.bind("localhost").build(cell.endpoint, {name: names[name] for name in needed})

    def ask(self, cell: Cell, *, csrf: bool = True, **changes: str) -> Page:
        """Open the page, or post an empty form with valid tokens, so that the policy decides and nothing else."""
        client, url = self.clients[cell.role], self.url(cell, **changes)
        if cell.endpoint == "account.sign_out":  # another browser with the same cookie, which may lose it
            cookie = client.browser.get_cookie("session")
            client = Client(self.app)
            client.browser.set_cookie("session", cookie.value if cookie else "")
        if cell.method == "GET":
            return client.get(url)
        token = {"csrf_token": self.tokens[cell.role]} if csrf else {}
        return Page(client.browser.post(url, data={**token, "act_key": secrets.token_hex(16)}))

    def missing(self, cell: Cell, changes: dict[str, str]) -> Any:
        """The answer, body and headers, to the same question about something that does not exist."""
        key = (cell.endpoint, cell.method, cell.role)
        if key not in self.known:
            self.known[key] = comparable(self.ask(cell, **changes))
        return self.known[key]


def ties_of(cell: Cell, on_thesis: bool) -> set[Tie]:
    signed_in = set() if cell.role in UNKNOWN_READERS else {T.SIGNED_IN, *GENERAL.get(cell.role, set())}
    if on_thesis:
        return TO_THESIS[cell.relation].get(cell.role, set()) if signed_in else set()
    return {T.ANYONE, *signed_in}


def door(app: Flask, endpoint: str) -> Any:
    """What `may` wrote on the view."""
    return app.view_functions[endpoint].door  # type: ignore[attr-defined]


def expected(table: Table, app: Flask, cell: Cell) -> str:
    """The answer that the table asks for: open, gone, forbidden, unseen, sign in, signed out, no such method."""
    rule = next(app.url_map.iter_rules(cell.endpoint))
    asked = door(app, cell.endpoint)
    ties = ties_of(cell, asked.on is Thesis)
    if ties & table[asked.action]:
        inner = cell.endpoint in ("institution.edit", "institution.add_part", "institution.remove_contact")
        if inner and cell.role not in EDITORS[cell.relation]:
            return "forbidden"
        if asked.action in (Action.VIEW_DIRECTORY, Action.EDIT_PERSON) and "person" in rule.arguments:
            seen = TO_THESIS[cell.relation].get(cell.role, set()) & table[Action.VIEW_THESIS]
            return "open" if seen else "unseen"
        return "gone" if cell.endpoint in REMOVALS and cell.method == "POST" else "open"
    if cell.role in UNKNOWN_READERS:
        return "sign in" if cell.method == "GET" else "signed out"
    if asked.on is Thesis:
        return "forbidden" if ties & table[Action.VIEW_THESIS] else "unseen"
    return "forbidden"


def seen(sweep: Sweep, cell: Cell, **changes: str) -> str:
    """What the answer to a cell is, in the words of `expected`."""
    page = sweep.ask(cell, **changes)
    if page.status == 302 and page.location.startswith("/sign-in"):
        return "sign in"
    if page.status == 404:
        like = sweep.missing(cell, {**changes, "reference": "LILLE-1999-0001", "person": NOBODY})
        return "unseen" if comparable(page) == like else "told apart from what does not exist"
    names = {401: "signed out", 403: "forbidden", 405: "no such method"}
    return names.get(page.status, "open" if page.status in {200, 302, 303, 409, 422} else str(page.status))


def comparable(page: Page) -> tuple[str, dict[str, str]]:
    headers = {
        k: v for k, v in page.response.headers.items() if k not in ("Set-Cookie", "Date", "Content-Length")
    }
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page.text), headers


def cells(app: Flask, roles: tuple[str, ...] = EVERYBODY) -> Iterator[Cell]:
    """Every route, by GET and POST where it takes them, for every role; about both theses where it names one."""
    rules = sorted(
        app.url_map.iter_rules(), key=lambda rule: (rule.endpoint == "account.sign_out", rule.endpoint)
    )
    for rule in rules:
        about = rule.arguments & {"reference", "person", "code"}
        for relation in ("mine", "other") if about else ("mine",):
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                for role in roles:
                    yield Cell(rule.endpoint, method, role, relation)


def verdict(sweep: Sweep, table: Table, cell: Cell) -> str | None:
    """What is wrong with a cell; None when it answers what the table says."""
    wanted = expected(table, sweep.app, cell)
    # who may remove is asked to remove what is not there, so that the next role finds it
    gone = dict.fromkeys(("stay", "leave", "funding", "contact"), NOBODY) if wanted == "gone" else {}
    found = seen(sweep, cell, **gone)
    return None if found == wanted.replace("gone", "unseen") else f"{cell}: {found}, not {wanted}"


def places(session: Any, app: Flask, thesis: Thesis, mark: str, code: str) -> dict[str, str]:
    """One of everything that an address may name, of this thesis and this institution; texts bear the mark."""
    conv = conventions.current(session, thesis)
    who = (ACTOR, NOW)
    here = thesis.parties[0].institution_id
    digest = app.extensions["cotutelle.store"].put(session, PDF)
    file = {"digest": digest, "filename": "a.pdf", "media_type": "application/pdf", "size": len(PDF)}
    document = documents.add_document(
        session, thesis, "other", f"Canary-document-{mark}", "everyone", *who, **file
    )
    documents.add_document(
        session, thesis, "other", f"Canary-office-document-{mark}", "offices", *who, **file
    )
    documents.add_document(
        session, thesis, "other", f"Canary-parties-document-{mark}", "parties", *who, **file
    )
    begin, end = date(2026, 10, 1), date(2026, 12, 31)
    period = stay.save_stay(
        session, thesis, None, here, begin, end, True, *who, today=TODAY, note=f"Canary-stay-{mark}"
    )
    leave = enrolment.add_leave(
        session, thesis, LeaveKind.SICK, begin, end, *who, note=f"Canary-leave-{mark}"
    )
    money = enrolment.add_funding(session, thesis, "own", f"Canary-funder-{mark}", *who, today=TODAY)
    enrolment.add_note(session, thesis, f"Canary-note-{mark}", *who)
    people.edit_private(
        session, thesis.candidate, people.PrivateFacts(address=f"Canary-address-{mark}"), *who
    )
    version = conventions.keep_version(
        session, thesis, conv, facts_of(session, thesis, conv), *who, clauses={}, file_digest=digest, engines={},
        final=False,
    )  # fmt: skip
    guide = session.scalar(select(Person).where(Person.family_name == "Canary-disabled"))
    supervision = session.scalar(select(Supervision).where(Supervision.thesis_id == thesis.id))
    if supervision is None:  # nobody of the roles may be tied to the other thesis
        supervision = Supervision(
            thesis_id=thesis.id, person_id=guide.id, institution_id=here, role="director"
        )
        session.add(supervision)
    row = builders.institution(session, code)
    contact = institution.add_contact(session, row, "Contact", {"en": "Dean"}, *who)
    session.flush()
    return {
        "reference": thesis.reference, "stay": period.public_id, "leave": leave.public_id, "funding": money.public_id,
        "document": document.public_id, "supervision": supervision.public_id, "chapter": "frame",
        "version": document.versions[0].public_id, "convention.version": version.public_id,
        "person": thesis.candidate.public_id, "code": code, "contact": contact.public_id, "part": "contact",
        "assets.show": "0", "name": "cotutelle.js", "purpose": "password",
    }  # fmt: skip


def swept(database: Any, folder: Path) -> Iterator[Sweep]:
    """The small world with one of everything, everybody signed in, and a press that draws nothing."""
    for app in running(database, folder):
        app.extensions["cotutelle.press"].print_pdf = lambda *_args, **_more: PDF
        with app.app_context(), transaction() as session, as_system(session, "tests"):
            session.add(Installation(name="kind", value="demo"))  # its mailbox is a route too
            theses = {t.reference[-1]: t for t in session.scalars(select(Thesis))}
            names = {
                "mine": places(session, app, theses["1"], "mine", "ghent"),
                "other": places(session, app, theses["2"], "other", "ku-leuven"),
            }
            stranger = session.scalar(select(Account).where(Account.email == "stranger@tests.example"))
            link = accounts.make_link(session, stranger, "password", builders.NOW.replace(year=2100), 1)
            names["mine"]["token"] = links.sign([TESTING["SECRET_KEY"]], "password", link.id)
            session.execute(update(Account).values(disabled_at=None))
        clients = {role: Client(app) for role in EVERYBODY}
        for role in ROLES:
            assert clients[role].sign_in(f"{role}@tests.example").status == 303
        with app.app_context(), transaction() as session:
            disabled = Account.email == "disabled@tests.example"
            session.execute(update(Account).where(disabled).values(disabled_at=NOW))
        tokens = {role: client.get("/help").hidden("csrf_token") for role, client in clients.items()}
        yield Sweep(app, names, clients, tokens)


@pytest.fixture(scope="module")
def sweep(sqlite_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sweep]:
    yield from swept(sqlite_database, tmp_path_factory.mktemp("sweep"))


@pytest.fixture(scope="module")
def postgres_sweep(postgres_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sweep]:
    yield from swept(postgres_database, tmp_path_factory.mktemp("sweep"))


def state(app: Flask) -> dict[str, str]:
    """Every table's content in short, but for what a GET may write."""
    with app.app_context():
        found = digests(db.session())
        db.session.rollback()
    return {name: digest for name, digest in found.items() if name != "sign_in"}


def test_the_rules_are_the_reviewed_table() -> None:
    assert {action: frozenset(ties) for action, ties in RULES.items()} == TABLE


def test_every_action_has_a_rule_and_a_row() -> None:
    assert set(RULES) == set(TABLE) == set(Action)
    assert all(RULES.values())


@pytest.mark.parametrize(("action", "tie"), [(a, t) for a, ties in RULES.items() for t in ties])
def test_a_tie_taken_out_of_a_rule_is_noticed(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch, action: Action, tie: Tie
) -> None:
    mutant = {**TABLE, action: TABLE[action] - {tie}}
    assert {a: frozenset(ties) for a, ties in {**RULES, action: mutant[action]}.items()} != TABLE
    monkeypatch.setitem(policy.RULES, action, tuple(mutant[action]))
    if action in CONTENT:
        role = next(role for role, ties in TO_THESIS["mine"].items() if tie in ties)
        assert not content_shown(sweep, role)[action]
        return
    # the sweep's own expectation changes, and a real request shows it
    moved = [c for c in cells(sweep.app) if expected(TABLE, sweep.app, c) != expected(mutant, sweep.app, c)]
    told = [c for c in moved if c.endpoint not in REMOVALS and door(sweep.app, c.endpoint).action is action]
    assert told, "no cell of the sweep depends on this tie"
    sweep.known.clear()
    assert verdict(sweep, TABLE, told[0]) is not None
    sweep.known.clear()


def test_whoever_is_denied_reads_and_changes_nothing(sweep: Sweep) -> None:
    denied = [c for c in cells(sweep.app) if expected(TABLE, sweep.app, c) not in ("open", "gone")]
    denied = [cell for cell in denied if not cell.endpoint.startswith("person.") or cell.role != "x"]
    assert len(denied) > 1000
    before = state(sweep.app)
    assert [wrong for cell in denied if (wrong := verdict(sweep, TABLE, cell))] == []
    assert state(sweep.app) == before


def test_a_post_without_its_token_is_refused_before_anything_is_asked(sweep: Sweep) -> None:
    before = state(sweep.app)
    for cell in cells(sweep.app, ("administrator", "anonymous")):
        if cell.method == "POST":
            assert sweep.ask(cell, csrf=False).status == 400, cell
    assert state(sweep.app) == before


def test_whoever_is_allowed_passes_the_door(sweep: Sweep) -> None:
    wrong = []
    for cell in cells(sweep.app):
        if expected(TABLE, sweep.app, cell) in ("open", "gone"):
            kept = _sessions(sweep.app) if cell.endpoint == "account.sign_out" else []
            wrong.append(verdict(sweep, TABLE, cell))
            _restore(sweep.app, kept)
    assert [each for each in wrong if each] == []
    assert len(wrong) > 500


def _sessions(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        rows = db.session.execute(select(SignIn.__table__)).mappings().all()
        return [dict(row) for row in rows]


def _restore(app: Flask, rows: list[dict[str, Any]]) -> None:
    """Bring back the session that signing out ended, for the tests that follow."""
    with app.app_context(), transaction() as session:
        here = set(session.scalars(select(SignIn.digest)))
        for row in rows:
            if row["digest"] not in here:
                session.add(SignIn(**row))


def test_postgresql_answers_alike_for_one_route_of_each_action(postgres_sweep: Sweep) -> None:
    app = postgres_sweep.app
    first: dict[Action, str] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "reference" in rule.arguments and rule.endpoint not in REMOVALS:
            first.setdefault(door(app, rule.endpoint).action, rule.endpoint)
    assert len(first) >= 12
    before = state(app)
    asked = [cell for cell in cells(app) if cell.endpoint in first.values()]
    denied = [cell for cell in asked if expected(TABLE, app, cell) not in ("open", "gone")]
    assert [wrong for cell in denied if (wrong := verdict(postgres_sweep, TABLE, cell))] == []
    assert state(app) == before
    opened = [cell for cell in asked if cell not in denied]
    assert [wrong for cell in opened if (wrong := verdict(postgres_sweep, TABLE, cell))] == []


def test_a_part_of_one_thesis_is_not_reached_through_another(sweep: Sweep) -> None:
    mine, other = sweep.names["mine"], sweep.names["other"]
    for rule in sweep.app.url_map.iter_rules():
        parts = rule.arguments & {"stay", "leave", "funding", "document", "supervision", "version"}
        if "reference" in rule.arguments and parts:
            method = "GET" if "GET" in (rule.methods or ()) else "POST"
            cell = Cell(rule.endpoint, method, "other_administrator", "other")
            assert sweep.ask(cell, **{part: mine[part] for part in parts}).status == 404, rule
            strange = {"convention.version": mine["convention.version"], "reference": other["reference"]}
            assert sweep.ask(replace(cell, relation="mine"), **strange).status == 404, rule


# What a thesis page says only to some, by action; and to whom each document is open.
CONTENT = {
    Action.VIEW_PRIVATE: lambda page: page["private"] is not None,
    Action.VIEW_LEAVES: lambda page: bool(page["leaves"]),
    Action.VIEW_HISTORY: lambda page: bool(page["history"]),
}
OFFICES = {T.LEAD_OFFICE, T.PARTY_OFFICE, T.WRITER, T.AUDITOR}
DOCUMENTS = {
    "Canary-office-document": OFFICES,
    "Canary-parties-document": {*OFFICES, T.PARTNER, T.READER},
    "Canary-document": {*OFFICES, T.PARTNER, T.READER, T.SUPERVISOR, T.CANDIDATE},
}


def content_shown(sweep: Sweep, role: str) -> dict[Action, bool]:
    """Which of the reserved parts the page of the thesis is given for this reader."""
    shown: dict[Action, bool] = {}

    def look(_app: Flask, template: Any, context: dict[str, Any], **_more: Any) -> None:
        if template.name == "thesis/show.html":
            shown.update({action: test(context) for action, test in CONTENT.items()})

    with template_rendered.connected_to(look, sweep.app):
        assert sweep.ask(Cell("thesis.show", "GET", role, "mine")).status == 200
    return shown


@pytest.mark.parametrize("role", TO_THESIS["mine"])
def test_a_reader_of_the_thesis_is_shown_the_parts_that_are_theirs(sweep: Sweep, role: str) -> None:
    ties = TO_THESIS["mine"][role]
    assert content_shown(sweep, role) == {action: bool(ties & TABLE[action]) for action in CONTENT}
    text = sweep.ask(Cell("thesis.show", "GET", role, "mine")).text
    assert ("Canary-note-mine" in text) is bool(ties & TABLE[Action.USE_NOTES])
    for title, audience in DOCUMENTS.items():
        assert (f"{title}-mine" in text) is bool(ties & audience), title
        with sweep.app.app_context(), as_system(db.session(), "tests"):
            name = db.session.scalar(select(Document.public_id).where(Document.title == f"{title}-mine"))
        opened = sweep.ask(Cell("document.show", "GET", role, "mine"), document=name).status
        assert opened == (200 if ties & audience else 404), title


def canaries(role: str) -> set[str]:
    """The marked names and texts that a role may come across, wherever it looks."""
    if role in UNKNOWN_READERS:
        return set()
    found = {role}
    people_of = {"mine": ["candidate", "supervisor", "partner_supervisor"], "other": ["unseen", "disabled"]}
    for mark, roles in TO_THESIS.items():
        ties = roles.get(role, set())
        if ties & TABLE[Action.VIEW_THESIS]:
            found |= {*people_of[mark], f"title-of-{mark}", f"stay-{mark}", f"funder-{mark}"}
            found |= {f"note-{mark}"} if ties & TABLE[Action.USE_NOTES] else set()
            found |= {f"address-{mark}"} if ties & TABLE[Action.VIEW_PRIVATE] else set()
            found |= {f"leave-{mark}"} if ties & TABLE[Action.VIEW_LEAVES] else set()
            found |= {f"{title[7:]}-{mark}" for title, audience in DOCUMENTS.items() if ties & audience}
    return {name.replace("_", "-") for name in found}


def read_in(page: Page) -> set[str]:
    """Every marked name, text and address in an answer."""
    names = re.findall(r"canary[ +-]([a-z-]+)", page.text, flags=re.IGNORECASE)
    addresses = re.findall(r"([a-z_]+)@tests\.example", page.text)
    return {name.lower().strip("-").replace("_", "-") for name in (*names, *addresses)}


SEARCHES = tuple(
    f"/{where}?q={words}"
    for where in ("theses", "people", "institutions")
    for words in ("canary", "unseen", "title", "title-of-other", "disabled", "zed", "LILLE")
)


@pytest.mark.parametrize("role", EVERYBODY)
def test_no_page_lets_slip_what_is_out_of_sight(sweep: Sweep, role: str) -> None:
    asked = [(cell.endpoint, sweep.ask(cell)) for cell in cells(sweep.app, (role,)) if cell.method == "GET"]
    asked += [
        (url, sweep.clients[role].get(url)) for url in ("/theses", "/people", "/institutions", *SEARCHES)
    ]
    # what was typed into a search comes back in its own box
    echoed = {"title", "title-of-other", "unseen", "disabled"}
    slips = {
        (where, name)
        for where, page in asked
        for name in read_in(page) - canaries(role) - (echoed if "?q=" in where else set())
    }
    assert slips == set()
    if role == "administrator":  # the net is not empty: these were found, and looked at
        assert {"title-of-mine", "candidate", "note-mine"} <= set.union(
            *(read_in(page) for _where, page in asked)
        )


@pytest.mark.parametrize("role", EVERYBODY)
def test_list_and_pages_agree(sweep: Sweep, role: str) -> None:
    client = sweep.clients[role]
    both = [sweep.names[mark]["reference"] for mark in ("mine", "other")]
    listed = set(re.findall(r'href="/theses/([A-Z]+-\d{4}-\d{4})"', client.get("/theses").text))
    assert listed == {reference for reference in both if client.get(f"/theses/{reference}").status == 200}


@pytest.mark.parametrize("role", [role for role in EVERYBODY if role not in UNKNOWN_READERS])
def test_the_list_counts_and_offers_only_what_the_reader_sees(sweep: Sweep, role: str) -> None:
    text = sweep.clients[role].get("/theses").text
    sees = {mark for mark, roles in TO_THESIS.items() if roles.get(role)}
    assert ("KU Leuven" in text) is ("other" in sees)
    assert ("UGent" in text) is ("mine" in sees)
    assert ("No thesis is shared with you yet." in text or "No thesis is registered yet." in text) is not sees
    found = sweep.clients[role].get("/institutions")
    if found.status == 200:
        counts = dict(re.findall(r'href="/theses\?partner=([a-z-]+)">(\d+)<', found.text))
        assert counts == {code: str(len(marks & sees)) for code, marks in PARTIES.items() if marks & sees}


PARTIES = {"lille": {"mine", "other"}, "ghent": {"mine"}, "ku-leuven": {"other"}}
