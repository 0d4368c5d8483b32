"""Who may do what: the reviewed table in `data/policy.csv` against the code's rules, and against every route.

The table was written from the authorization matrix, not from the code. Z1: each action has a rule and a row.
Z2: each route x method x role x relation answers what the table says, and a denied post changes nothing.
Z3: nobody reads a word about what is out of their sight. Z5: each tie taken out of a rule is noticed.
"""

import csv
import itertools
import os
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flask import Flask, template_rendered
from sqlalchemy import select, update

from cotutelle import links, policy
from cotutelle.db import db, transaction
from cotutelle.models import Account, Document, Installation, Thesis
from cotutelle.operations import account as accounts
from cotutelle.operations import stay
from cotutelle.policy import RULES, Action, Tie
from cotutelle.scope import as_system
from tests.builders import ACTOR, NOW, ROLES, TODAY
from tests.client import Client, Page
from tests.conftest import TESTING, running
from tests.places import DOCUMENTS, PDF, places
from tests.test_house import digests

NOBODY = "aaaaaaaaaaaa"  # a public id of the right form that nothing bears
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
WHOLE = os.environ.get("COTUTELLE_SWEEP") == "whole"
EVERYBODY = (*ROLES, "anonymous")
UNKNOWN_READERS = ("anonymous", "disabled")
# Who edits an institution, by its own administrators or for want of them; "mine" is Ghent, which has one.
EDITORS = {
    "mine": {"partner", "directory"},
    "other": {"directory", "administrator", "other_administrator", "ghent_administrator"},
}


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
    read: dict[Cell, set[str]] = field(default_factory=dict)

    def ask(self, cell: Cell, *, csrf: bool = True, **changes: str) -> Page:
        """Open the page, or post an empty form with valid tokens, so that the policy decides and nothing else."""
        rule, names = rule_of(self.app, cell.endpoint), self.names[cell.relation]
        needed = {
            name: changes.get(name, names.get(f"{rule.rule}:{name}") or names[name])
            for name in rule.arguments
        }
        url, client = self.app.url_map.bind("localhost").build(cell.endpoint, needed), self.clients[cell.role]
        if cell.method == "GET":
            page = client.get(url)
            if not changes:  # what it holds is looked at once more, for what should not be there
                self.read[cell] = read_in(page)
            return page
        token = {"csrf_token": self.tokens[cell.role]} if csrf else {}
        answer = client.browser.post(url, data={**token, "act_key": secrets.token_hex(16)})
        client.browser.delete_cookie("notice")  # what was said of this act is no part of the next answer
        return Page(answer)

    def missing(self, cell: Cell, changes: dict[str, str]) -> Any:
        """The answer, body and headers, to the same question about something that does not exist."""
        key = (cell.endpoint.partition(".")[0], cell.method, cell.role)
        if key not in self.known:
            gone = {**changes, "reference": "LILLE-1999-0001", "person": NOBODY}
            self.known[key] = comparable(self.ask(cell, **gone))
        return self.known[key]


def rule_of(app: Flask, endpoint: str) -> Any:
    """The address of a view."""
    return next(app.url_map.iter_rules(endpoint))


def removes(app: Flask, cell: Cell) -> bool:
    """Whether a cell takes something out."""
    return rule_of(app, cell.endpoint).rule.endswith(("/remove", "/withdraw"))


def door(app: Flask, endpoint: str) -> Any:
    """What `may` wrote on the view."""
    return app.view_functions[endpoint].door  # type: ignore[attr-defined]


def ties_to(relation: str, role: str) -> set[Tie]:
    """How a role stands to one of the two theses."""
    return TO_THESIS[relation].get(role, set())


def expected(table: Table, app: Flask, cell: Cell) -> str:
    """The answer that the table asks for: open, gone, forbidden, unseen, sign in, signed out."""
    asked, rule, role = door(app, cell.endpoint), rule_of(app, cell.endpoint), cell.role
    in_sight = bool(ties_to(cell.relation, role) & table[Action.VIEW_THESIS])
    unknown = role in UNKNOWN_READERS
    general = {T.ANYONE} if unknown else {T.ANYONE, T.SIGNED_IN, *GENERAL.get(role, set())}
    if (ties_to(cell.relation, role) if asked.on is Thesis else general) & table[asked.action]:
        if rule.rule.startswith("/institutions/<string:code>/") and role not in EDITORS[cell.relation]:
            return "forbidden"
        if cell.endpoint.startswith("national_record.") and role == "ghent_administrator":
            return "forbidden"  # the registry is told by the lead, or by the institution in France
        if rule.arguments & {"person", "message"} and not in_sight:
            return "unseen"
        if cell.endpoint == "feed.show" or cell.endpoint.startswith("file_signing."):
            return "unseen"  # the signature of the sweep is not that of a convention
        if cell.endpoint == "convention_document.changes_pdf":
            return "unseen"  # the version of the sweep has none before it
        if rule.arguments & {"campaign", "item"} and asked.on is not Thesis and role != "administrator":
            return "unseen"  # the campaign of the sweep is that of the lead's school
        if rule.rule.startswith("/letters/<") and role != "administrator":
            return "unseen"  # the school of the sweep is that of the lead
        if rule.rule.startswith("/clauses/variants/<") and role == "ghent_administrator":
            return "unseen"  # the wording of the sweep is that of the lead
        if rule.rule.startswith("/waiting/<") and role != "supervisor":
            return "unseen"  # the signature of the sweep was asked of the supervisor
        office = ties_to(cell.relation, role) & table[Action.EDIT_THESIS]
        if cell.endpoint == "document.replace" and not office:
            return "forbidden"  # the document of the sweep was entered by an office
        return "gone" if removes(app, cell) else "open"
    if unknown:
        return "sign in" if cell.method == "GET" else "signed out"
    return "forbidden" if in_sight or asked.on is not Thesis else "unseen"


def seen(sweep: Sweep, cell: Cell, **changes: str) -> str:
    """What the answer to a cell is, in the words of `expected`."""
    page = sweep.ask(cell, **changes)
    if page.status == 302 and page.location.startswith("/sign-in"):
        return "sign in"
    if page.status == 404:
        alike = comparable(page) == sweep.missing(cell, changes)
        return "unseen" if alike else "told apart from what does not exist"
    names = {401: "signed out", 403: "forbidden"}
    return names.get(
        page.status, "open" if page.status in {200, 302, 303, 409, 410, 422} else str(page.status)
    )


def comparable(page: Page) -> tuple[str, dict[str, str]]:
    """Body and headers, without what is random or dated."""
    headers = {**page.response.headers, "Set-Cookie": "", "Date": ""}
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page.text), headers


def cells(app: Flask, roles: tuple[str, ...] = EVERYBODY) -> Iterator[Cell]:
    """Every route, by GET and POST where it takes them, for every role, about the first thesis.

    About the other one all is asked of who has to do with it, and of the rest every fifth cell;
    with COTUTELLE_SWEEP=whole, as `make proof PART=policy` sets it, all of everybody.
    """
    turn = itertools.count()
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        # signing out would end the sessions of the sweep: it has a test of its own
        methods = {"GET", "POST"} & (rule.methods or set()) if rule.rule != "/sign-out" else ()
        for method, role in itertools.product(sorted(methods), roles):
            yield Cell(rule.endpoint, method, role, "mine")
            about = rule.arguments & {"reference", "person", "code"} and role not in UNKNOWN_READERS
            near = role in GENERAL or role in TO_THESIS["other"]
            if about and (WHOLE or near or next(turn) % 5 == 0):
                yield Cell(rule.endpoint, method, role, "other")


def taken(found: list[Cell]) -> list[Cell]:
    """Every second of them, from route to route another half of the roles; all in the whole sweep.

    The tie that each rule needs is tried one by one besides, and every page is read by every role that may.
    """
    return found if WHOLE else [cell for number, cell in enumerate(found) if number % 2]


REMOVED = (
    "stay", "leave", "funding", "contact", "seat", "event", "derogation", "file", "reading", "sign_off", "deputy",
    "school",
)  # fmt: skip


def verdict(sweep: Sweep, cell: Cell) -> str | None:
    """What is wrong with a cell; None when it answers what the table says."""
    wanted = expected(TABLE, sweep.app, cell)
    # who may remove is asked to remove what is not there, so that the next role finds it
    gone = dict.fromkeys(REMOVED, NOBODY) if wanted == "gone" else {}
    found = seen(sweep, cell, **gone)
    return None if found == wanted.replace("gone", "unseen") else f"{cell}: {found}, not {wanted}"


def swept(database: Any, folder: Path, roles: tuple[str, ...] = EVERYBODY) -> Iterator[Sweep]:
    """The small world with one of everything, these roles signed in, and a press that draws nothing."""
    for app in running(database, folder):
        app.extensions["cotutelle.press"].print_pdf = lambda *_args, **_more: PDF
        with app.app_context(), transaction() as session, as_system(session, "tests"):
            session.add(Installation(name="kind", value="demo"))  # its mailbox is a route too
            first, second = session.scalars(select(Thesis).order_by(Thesis.reference))
            mine = places(session, app, first, "mine", "ghent")
            other = places(session, app, second, "other", "ku-leuven")
            stranger = session.scalar(select(Account).where(Account.email == "stranger@tests.example"))
            link = accounts.make_link(session, stranger, "password", NOW.replace(year=2100), 1)
            mine["token"] = links.sign([TESTING["SECRET_KEY"]], "password", link.id)
            session.execute(update(Account).values(disabled_at=None))
        clients = {role: Client(app) for role in roles}
        with mock.patch.object(accounts, "_HASHER"):  # passwords have tests of their own, and take long
            assert {clients[r].sign_in(f"{r}@tests.example").status for r in roles if r in ROLES} == {303}
        with app.app_context(), transaction() as session:
            disabled = Account.email == "disabled@tests.example"
            session.execute(update(Account).where(disabled).values(disabled_at=NOW))
        tokens = {role: client.get("/help").hidden("csrf_token") for role, client in clients.items()}
        yield Sweep(app, {"mine": mine, "other": other}, clients, tokens)


@pytest.fixture(scope="module")
def sweep(sqlite_database: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sweep]:
    yield from swept(sqlite_database, tmp_path_factory.mktemp("sweep"))


def state(app: Flask) -> dict[str, str]:
    """Every table's content in short, but for the sessions, which note when they were last used."""
    with app.app_context():
        found = digests(db.session())
        db.session.rollback()
    return {name: digest for name, digest in found.items() if name != "sign_in"}


def test_the_rules_are_the_reviewed_table_and_speak_of_every_action() -> None:
    assert {action: frozenset(ties) for action, ties in RULES.items()} == TABLE
    assert set(TABLE) == set(Action)
    assert all(TABLE.values())


EACH_TIE = [(action, tie) for action, ties in RULES.items() for tie in ties]


@pytest.mark.parametrize(("action", "tie"), EACH_TIE)
def test_a_tie_taken_out_of_a_rule_is_noticed(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch, action: Action, tie: Tie
) -> None:
    mutant = {**TABLE, action: TABLE[action] - {tie}}
    monkeypatch.setitem(policy.RULES, action, tuple(mutant[action]))
    assert {a: frozenset(ties) for a, ties in policy.RULES.items()} != TABLE
    if action in CONTENT:
        role = next(role for role, ties in TO_THESIS["mine"].items() if tie in ties)
        assert not content_shown(sweep, role)[action]
        return
    # the expectation of some cell changes, and a real request to it shows the difference
    asked = [c for c in cells(sweep.app) if door(sweep.app, c.endpoint).action is action]
    moved = [c for c in asked if expected(TABLE, sweep.app, c) != expected(mutant, sweep.app, c)]
    told = [cell for cell in moved if not removes(sweep.app, cell)]
    assert told, "no cell of the sweep depends on this tie"
    monkeypatch.setattr(sweep, "known", {})
    assert verdict(sweep, told[0]) is not None


def test_whoever_is_denied_reads_and_changes_nothing(sweep: Sweep) -> None:
    denied = taken([c for c in cells(sweep.app) if expected(TABLE, sweep.app, c) not in ("open", "gone")])
    assert len(denied) > 900
    before = state(sweep.app)
    assert [wrong for cell in denied if (wrong := verdict(sweep, cell))] == []
    assert state(sweep.app) == before


def test_whoever_is_allowed_passes_the_door(sweep: Sweep) -> None:
    allowed = taken([c for c in cells(sweep.app) if expected(TABLE, sweep.app, c) in ("open", "gone")])
    assert len(allowed) > 250
    assert [wrong for cell in allowed if (wrong := verdict(sweep, cell))] == []


def test_anybody_may_sign_out(sweep: Sweep) -> None:
    guest, reader = Client(sweep.app), Client(sweep.app)
    assert reader.sign_in("reader@tests.example").status == 303
    assert [c.post("/sign-out", form="/help").status for c in (guest, reader)] == [303, 303]
    assert reader.get("/account").location.startswith("/sign-in")


def test_a_wrong_method_or_a_post_without_its_token_is_refused_before_anything_is_asked(sweep: Sweep) -> None:
    before = state(sweep.app)
    for rule in sweep.app.url_map.iter_rules():
        for role, method in itertools.product(("administrator", "anonymous"), ("GET", "POST")):
            if method == "POST" or method not in (rule.methods or ()):
                status = sweep.ask(Cell(rule.endpoint, method, role, "mine"), csrf=False).status
                assert status == (400 if method in (rule.methods or ()) else 405), rule
    assert state(sweep.app) == before


def test_postgresql_answers_alike(postgres_database: Any, tmp_path: Path) -> None:
    for sweep in swept(postgres_database, tmp_path):
        first: dict[Action, tuple[str, str]] = {}
        asked = [c for c in cells(sweep.app) if c.relation == "mine" and not removes(sweep.app, c)]
        for cell in asked:  # one route of each action on a thesis
            if (here := door(sweep.app, cell.endpoint)).on is Thesis:
                first.setdefault(here.action, (cell.endpoint, cell.method))
        assert len(first) == 30
        chosen = [cell for cell in asked if (cell.endpoint, cell.method) in first.values()]
        assert [wrong for cell in chosen if (wrong := verdict(sweep, cell))] == []


def test_a_part_of_one_thesis_is_not_reached_through_another(sweep: Sweep) -> None:
    mine = sweep.names["mine"]
    for cell in cells(sweep.app, ("other_administrator",)):
        rule = rule_of(sweep.app, cell.endpoint)
        parts = rule.arguments & {
            "stay",
            "leave",
            "funding",
            "document",
            "supervision",
            "version",
            "member",
            "point",
            "closing",
            "original",
        }
        if cell.relation == "other" and "reference" in rule.arguments and parts:
            theirs = {part: mine.get(f"{rule.rule}:{part}", mine[part]) for part in parts}
            assert sweep.ask(cell, **theirs).status == 404, rule


# What the page of a thesis says only to some, by action.
CONTENT: dict[Action, Callable[[dict[str, Any]], bool]] = {
    Action.VIEW_PRIVATE: lambda page: page["private"] is not None,
    Action.VIEW_LEAVES: lambda page: bool(page["leaves"]),
    Action.VIEW_HISTORY: lambda page: bool(page["history"]),
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
    ties = ties_to("mine", role)
    assert content_shown(sweep, role) == {action: bool(ties & TABLE[action]) for action in CONTENT}
    text = sweep.ask(Cell("thesis.show", "GET", role, "mine")).text
    assert ("Canary-note-mine" in text) is bool(ties & TABLE[Action.USE_NOTES])
    for title, (_name, audience) in DOCUMENTS.items():
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
    named = {"mine": {"candidate", "supervisor", "partner_supervisor"}, "other": {"unseen", "disabled"}}
    for mark, roles in TO_THESIS.items():
        ties = roles.get(role, set())
        if ties & TABLE[Action.VIEW_THESIS]:
            found |= {*named[mark], f"title-of-{mark}", f"stay-{mark}", f"funder-{mark}"}
            # the history names whoever acted
            found |= {who for who, theirs in roles.items() if theirs & TABLE[Action.EDIT_THESIS]}
            found |= {f"note-{mark}"} if ties & TABLE[Action.USE_NOTES] else set()
            found |= {f"address-{mark}"} if ties & TABLE[Action.VIEW_PRIVATE] else set()
            found |= {f"leave-{mark}"} if ties & TABLE[Action.VIEW_LEAVES] else set()
            found |= {f"member-{mark}", f"chair-{mark}"} if ties & TABLE[Action.VIEW_JURY] else set()
            found |= {f"monitor-{mark}"} if ties & TABLE[Action.VIEW_COMMITTEE] else set()
            for heard in ("candidate", "direction"):
                action = Action(f"view_{heard}_interview")
                found |= {f"{heard}-interview-{mark}"} if ties & TABLE[action] else set()
            if ties & TABLE[Action.VIEW_NEGOTIATION]:
                found |= {f"proposal-{mark}", f"because-{mark}"}
            found |= {f"reason-{mark}"} if ties & TABLE[Action.VIEW_CONVENTION] else set()
            found |= {
                f"{title[7:]}-{mark}" for title, (_name, audience) in DOCUMENTS.items() if ties & audience
            }
    return {name.replace("_", "-") for name in found}


def read_in(page: Page) -> set[str]:
    """Every marked name, text and address in an answer."""
    names = re.findall(r"[Cc]anary-([a-z-]+)", page.said)
    addresses = re.findall(r"([a-z_]+)@tests\.example", page.said)
    return {name.lower().strip("-").replace("_", "-") for name in (*names, *addresses)}


# words that find the marked ones, without being marked words that the page would give back
ASKED = ("", "?q=can", "?q=ada+unseen", "?q=titl")
SEARCHES = tuple(f"/{where}{asked}" for where in ("theses", "people", "institutions") for asked in ASKED)


@pytest.mark.parametrize("role", EVERYBODY)
def test_no_page_lets_slip_what_is_out_of_sight(sweep: Sweep, role: str) -> None:
    for cell in cells(sweep.app, (role,)):
        if cell.method == "GET" and cell not in sweep.read and expected(TABLE, sweep.app, cell) == "open":
            sweep.ask(cell)
    # whoever holds a link reads what it was sent for, and has tests of its own
    held = [(c, names) for c, names in sweep.read.items() if not c.endpoint.startswith("signing.")]
    found = [(c.endpoint, names) for c, names in held if c.role == role]
    read = {(where, name) for where, names in found for name in names}
    read |= {(url, name) for url in SEARCHES for name in read_in(sweep.clients[role].get(url))}
    assert {(where, name) for where, name in read if name not in canaries(role)} == set()
    if role == "administrator":  # the net is not empty: these were found, and looked at
        assert {"title-of-mine", "candidate", "note-mine"} <= {name for _where, name in read}


PARTIES = {"lille": {"mine", "other"}, "ghent": {"mine"}, "ku-leuven": {"other"}}


@pytest.mark.parametrize("role", [role for role in EVERYBODY if role not in UNKNOWN_READERS])
def test_lists_count_and_offer_what_the_reader_sees_and_pages_agree(sweep: Sweep, role: str) -> None:
    sees = {mark for mark in TO_THESIS if ties_to(mark, role) & TABLE[Action.VIEW_THESIS]}
    client, named = sweep.clients[role], {mark: names["reference"] for mark, names in sweep.names.items()}
    text = client.get("/theses").text
    listed = set(re.findall(r'href="/theses/([A-Z]+-\d{4}-\d{4})"', text))
    assert listed == {named[mark] for mark in sees}
    assert listed == {name for name in named.values() if client.get(f"/theses/{name}").status == 200}
    nothing = "No thesis is shared with you yet." in text or "No thesis is registered yet." in text
    assert nothing is not bool(sees)
    assert {1: "1 thesis", 2: "2 theses"}.get(len(sees), "0 theses") in text
    choices = re.search(r'name="partner".*?</select>', text, re.DOTALL)
    offered = set(re.findall(r'value="([a-z-]+)"', choices[0] if choices else ""))
    assert offered == {code for code, marks in PARTIES.items() if marks & sees}
    found = client.get("/institutions")
    counts = dict(re.findall(r'href="/theses\?partner=([a-z-]+)">(\d+)<', found.text))
    right = {code: str(len(marks & sees)) for code, marks in PARTIES.items() if marks & sees}
    assert counts == (right if found.status == 200 else {})


def test_a_partner_s_office_records_its_own_side_alone(sweep: Sweep) -> None:
    with sweep.app.app_context(), transaction() as session, as_system(session, "tests"):
        thesis = session.scalar(select(Thesis).where(Thesis.reference == sweep.names["mine"]["reference"]))
        lead = thesis.parties[0].institution_id
        day = date(2027, 6, 1)
        row = stay.save_stay(session, thesis, None, lead, day, day, False, ACTOR, NOW, today=TODAY)
        theirs = row.public_id
    for endpoint, method in (("stay.edit", "GET"), ("stay.edit", "POST"), ("stay.remove", "POST")):
        assert sweep.ask(Cell(endpoint, method, "partner", "mine"), stay=theirs).status == 403
        assert sweep.ask(Cell(endpoint, method, "partner", "mine"), stay=NOBODY).status == 404
    assert sweep.ask(Cell("stay.edit", "GET", "ghent_administrator", "mine"), stay=theirs).status == 200


def test_shared_write_does_not_open_the_leaves(sweep: Sweep) -> None:
    assert Tie.WRITER not in TABLE[Action.VIEW_LEAVES]
    assert "1 October 2026" not in sweep.ask(Cell("enrolment.leave", "GET", "writer", "mine")).text
