"""The house tests itself: rules of HOUSE that no type checker sees, each with a planted defect that it must report.

Every check is a function from files, an application or a database to a list of what is wrong; the house must
have nothing on that list, and a small planted defect must be on it.
"""

import ast
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Blueprint, Flask
from flask_babel import LazyString
from sqlalchemy import Column, Integer, MetaData, Table, inspect, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from cotutelle import clock, create_app, web
from cotutelle.db import db, read_only, transaction
from cotutelle.domain import health
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.convention.terms import TERMS, Chapter
from cotutelle.domain.convention.values import Giver
from cotutelle.domain.enrolment import Fee
from cotutelle.domain.errors import Reason
from cotutelle.domain.leave import LeaveKind
from cotutelle.domain.thesis import DiplomaForm, SupervisionRole, ThesisState
from cotutelle.models import Institution, SignIn
from cotutelle.policy import RULES, Action
from cotutelle.web import refusals, wording, wording_terms
from cotutelle.web.guards import NoPolicy, may
from tests.catalogues import faults
from tests.conftest import TESTING

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cotutelle"
CATALOGUE = PACKAGE / "translations" / "fr" / "LC_MESSAGES" / "messages.po"
MOST_LINES, MANY_LINES = 500, 300


def digests(session: Session) -> dict[str, str]:
    """Each table's content in short, whatever the order of its rows."""
    found = {}
    for name in inspect(session.connection()).get_table_names():
        rows = session.connection().execute(text(f'SELECT * FROM "{name}"')).all()
        found[name] = hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()
    return found


def modules(folder: Path = PACKAGE) -> Iterator[tuple[str, str]]:
    """Every module of a folder: its path there, and its text."""
    for path in sorted(folder.rglob("*.py")):
        yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


# -- doors


def planted(view: Any, rule: str = "/planted") -> Any:
    """A module like those of the web, with one route."""
    blueprint = Blueprint("planted", __name__)
    blueprint.add_url_rule(rule, "view", view)
    return SimpleNamespace(bp=blueprint)


def test_every_route_has_a_door_and_every_door_a_rule(sqlite_app: Flask) -> None:
    for rule in sqlite_app.url_map.iter_rules():
        assert RULES[sqlite_app.view_functions[rule.endpoint].door.action], rule  # type: ignore[attr-defined]


def test_an_application_with_a_route_that_anybody_may_open_unasked_refuses_to_start(
    sqlite_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = {**TESTING, "DATABASE_URL": sqlite_app.config["DATABASE_URL"]}
    monkeypatch.setattr(web, "BLUEPRINTS", (*web.BLUEPRINTS, planted(lambda: "open")))
    with pytest.raises(NoPolicy, match="/planted"):
        create_app(settings, instance=tmp_path)
    monkeypatch.undo()
    monkeypatch.delitem(RULES, Action.OPERATE)
    with pytest.raises(NoPolicy, match="operate"):
        create_app(settings, instance=tmp_path)


# -- one commit, one clock


def commits(source: str) -> list[int]:
    """Lines that end a transaction by themselves, or begin one that ends itself."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            on = ast.unparse(node.func.value)
            begins = node.func.attr == "begin" and re.search(r"(engine|session|connection|db)(\(\))?$", on)
            if node.func.attr == "commit" or begins:
                lines.append(node.lineno)
    return lines


def test_only_db_commits() -> None:
    assert [name for name, source in modules() if commits(source)] == ["db.py"]
    assert len(commits((PACKAGE / "db.py").read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize(
    "line",
    ["db.session.commit()", "session().commit()", "with db.engine.begin() as c: pass", "connection.begin()"],
)
def test_a_commit_elsewhere_is_reported(line: str) -> None:
    assert commits(f"def act(session, db, connection):\n    {line}\n") == [2]
    assert commits("sessions.begin(session, account)\nwith transaction(): pass") == []


def asks_the_time(source: str) -> list[int]:
    """Lines that read a clock: dates and instants of the system's, or the database's."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            lines += [
                node.lineno for name in node.names if name.name in ("time", "time_ns", "localtime", "gmtime")
            ]
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).rpartition(".")[2]
            clock = node.attr in ("now", "utcnow", "today") and owner in ("datetime", "date", "dt", "func")
            raw = node.attr in ("time", "time_ns", "localtime", "gmtime") and owner == "time"
            lines += [node.lineno] if clock or raw else []
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and "CURRENT_TIMESTAMP" in node.value
        ):
            lines.append(node.lineno)
    return lines


def test_only_the_clock_asks_the_time() -> None:
    assert [name for name, source in modules() if asks_the_time(source)] == ["clock.py"]


@pytest.mark.parametrize(
    "line",
    ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()", "from time import time",
     "func.now()", "text('SELECT CURRENT_TIMESTAMP')", "field(default_factory=datetime.now)"],
)  # fmt: skip
def test_a_clock_elsewhere_is_reported(line: str) -> None:
    assert asks_the_time(f"import time\n{line}\n") == [2]
    assert (
        asks_the_time("time.sleep(1)\ntime.monotonic()\nclock.now()\nclock.today(zone)\ndate(2026, 1, 1)")
        == []
    )


# -- models and migrations


def differences(session: Session, metadata: MetaData) -> list[Any]:
    """What a new migration would have to change, on this database, for these models."""
    options = {
        "compare_type": True,
        # the search index is written by hand, in 0002
        "include_name": lambda name, _kind, _parents: (
            not str(name).startswith(("thesis_search", "ix_thesis_search"))
        ),
    }
    return list(compare_metadata(MigrationContext.configure(session.connection(), opts=options), metadata))


def test_models_and_migrations_agree(session: Session) -> None:
    assert differences(session, db.metadata) == []


def test_a_model_without_its_migration_is_reported(session: Session) -> None:
    altered = MetaData()
    for table in db.metadata.tables.values():
        table.to_metadata(altered)
    Table("planted", altered, Column("id", Integer, primary_key=True))
    altered.tables["stay"].append_column(Column("planted", Integer))
    kinds = {difference[0] for difference in differences(session, altered)}
    assert kinds == {"add_table", "add_column"}


# -- words


def wordless(words: dict[str, tuple[Iterable[Any], Any]]) -> list[str]:
    """What the domain names and the interface has no words for; `words`: names and words by what they are."""
    return [
        f"{what}: {name}" for what, (names, known) in words.items() for name in names if name not in known
    ]


def health_reasons(source: str) -> set[str]:
    """The reasons that `judge` gives: the second argument of each Health."""
    calls = [
        n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call) and ast.unparse(n.func) == "Health"
    ]
    return {call.args[1].value for call in calls if isinstance(call.args[1], ast.Constant)}


def thesis_acts(source: str) -> set[str]:
    """The acts that an operation writes into the journal of a thesis."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.record" and len(node.args) > 2:
            act, subject = node.args[1], ast.unparse(node.args[2])
            of_a_thesis = str(getattr(act, "value", "")).startswith(("thesis.", "convention.", "document."))
            if isinstance(act, ast.Constant) and (of_a_thesis or subject.startswith("subject(")):
                found.add(act.value)
    return found


NAMED: dict[str, tuple[Iterable[Any], Any]] = {
    "reason": (Reason, refusals.REFUSALS),
    "state of a thesis": (ThesisState, wording.THESIS_STATES),
    "state of a convention": (ConventionState, wording.CONVENTION_STATES),
    "look of a state": ([*ThesisState, *ConventionState], wording.STATE_KINDS),
    "leave": (LeaveKind, wording.LEAVES),
    "giver": (Giver, wording.GIVERS),
    "chapter": (Chapter, wording.CHAPTERS),
    "supervisor's role": (SupervisionRole, wording.ROLES),
    "fee": (Fee, wording.FEES),
    "diploma": (DiplomaForm, wording.DIPLOMAS),
    "health": (health_reasons(Path(health.__file__).read_text(encoding="utf-8")), wording.HEALTH),
    "choice of a term": (
        [(term.key, choice) for term in TERMS for choice in term.choices],
        [(key, choice) for key, choices in wording_terms.CHOICES.items() for choice in choices],
    ),
    "act": (set().union(*(thesis_acts(s) for _name, s in modules(PACKAGE / "operations"))), wording.ACTS),
}


def test_everything_the_domain_names_has_words() -> None:
    assert all(len(list(names)) >= 2 for names, _known in NAMED.values())
    assert wordless(NAMED) == []


def test_a_name_without_words_is_reported() -> None:
    for what, (names, known) in NAMED.items():
        name = next(iter(names))
        without = {key for key in known if key != name}
        assert f"{what}: {name}" in wordless({what: (names, without)})
    assert health_reasons("Health('fail', 'planted')\nHealth('warn', reason)") == {"planted"}
    assert thesis_acts("journal.record(session, 'thesis.planted', subject(thesis), actor, at)") == {
        "thesis.planted"
    }
    assert thesis_acts("journal.record(session, 'person.added', f'person:{p}', actor, at)") == set()


def lazy_messages(value: Any) -> Iterator[str]:
    """The English of every lazy sentence inside a table of words."""
    if isinstance(value, LazyString):
        yield value._args[0]
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from lazy_messages(each)


def untranslated(messages: Iterable[str], catalogue: Path) -> list[str]:
    """Messages that the catalogue does not say in its language."""
    with catalogue.open("rb") as file:
        known = {m.id: m.string for m in read_po(file, locale="fr")}
    return [message for message in messages if not known.get(message)]


def test_words_exist_in_french_too(tmp_path: Path) -> None:
    tables = {**vars(wording), **vars(wording_terms)}
    messages = [m for name, table in tables.items() if name.isupper() for m in lazy_messages(table)]
    assert len(messages) > 150
    assert untranslated(messages, CATALOGUE) == []
    assert untranslated(["Planted"], CATALOGUE) == ["Planted"]


def test_the_check_of_catalogues_reports_each_fault() -> None:
    wanted, found, plural = Catalog(), Catalog(locale="fr"), ("%(num)s day of %(m)s", "%(num)s days of %(m)s")
    for message in ("new", "same", "%(n)s days", "unsure", "empty", plural):
        wanted.add(message)
    for message, string in {
        "same": "pareil",
        "%(n)s days": "%(m)s jours",
        "empty": "",
        "old": "vieux",
    }.items():
        found.add(message, string)
    found.add("unsure", "incertain", flags=["fuzzy"])
    found.add(plural, ("un jour de %(m)s", "%(num)s jours"))
    kinds = [fault.partition(":")[0] for fault in faults(wanted, found)]
    assert sorted(set(kinds)) == ["fuzzy", "missing", "obsolete", "placeholders differ", "untranslated"]
    assert kinds.count("placeholders differ") == 2


def without_figures(source: str) -> list[str]:
    """Refusals that do not give their sentence what it prints: the sentence would break while refusing."""
    wrong = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused" and node.args:
            given = {keyword.arg for keyword in node.keywords}
            reasons = [
                each for each in Reason if re.search(rf"\bReason\.{each.name}\b", ast.unparse(node.args[0]))
            ]
            for reason in reasons if None not in given else []:
                lacking = set(re.findall(r"%\((\w+)\)", refusals.REFUSALS[reason]._args[0])) - given
                wrong += [f"line {node.lineno}: {reason} lacks {name}" for name in sorted(lacking)]
    return wrong


def test_every_refusal_gives_its_sentence_what_it_prints() -> None:
    assert [(name, wrong) for name, source in modules() if (wrong := without_figures(source))] == []
    assert without_figures("raise Refused(Reason.NOT_EMPTY, 'parties')") == [
        "line 1: not_empty lacks institution"
    ]


# -- opening shows, only posting changes

MAY_BE_WRITTEN_BY_A_GET = {"sign_in", "access_log", "limit"}


def written_by_gets(database: Any, folder: Path, roles: tuple[str, ...]) -> set[str]:
    """The tables that change when every GET route is opened by these roles."""
    from tests import test_policy

    for sweep in test_policy.swept(database, folder, roles):
        with sweep.app.app_context():
            with (
                transaction() as session
            ):  # sessions that were last seen long ago, so that using them is noted
                session.execute(update(SignIn).values(seen_at=clock.now() - timedelta(minutes=6)))
            before = digests(db.session())
            db.session.rollback()
        for cell in test_policy.cells(sweep.app, roles):
            shown = test_policy.expected(test_policy.TABLE, sweep.app, cell) == "open"
            if shown and (cell.method, cell.relation) == ("GET", "mine"):
                assert sweep.ask(cell).status in {200, 302}, cell
        with sweep.app.app_context():
            after = digests(db.session())
            db.session.rollback()
    return {name for name in after if after[name] != before[name]}


def test_no_get_writes_but_to_the_stores_that_may_be(sqlite_database: Any, tmp_path: Path) -> None:
    roles = ("administrator", "candidate", "partner", "operator")
    written = written_by_gets(sqlite_database, tmp_path, roles)
    assert written == {"access_log", "sign_in"} <= MAY_BE_WRITTEN_BY_A_GET


def test_a_get_that_writes_is_reported(
    sqlite_database: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @may(Action.OPEN_PUBLIC)
    def view() -> str:
        with transaction() as session:
            session.execute(update(Institution).values(street="planted"))
        return "written"

    monkeypatch.setattr(web, "BLUEPRINTS", (*web.BLUEPRINTS, planted(view)))
    written = written_by_gets(sqlite_database, tmp_path, ("stranger",))
    assert written == {"access_log", "institution", "sign_in"}


def test_the_database_itself_refuses_a_write_while_a_page_is_shown(app: Flask) -> None:
    change = update(Institution).values(street="planted")
    with app.app_context():
        for _again in range(2):  # also on a connection that wrote meanwhile
            session = read_only()
            with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
                session.execute(change)
            session.rollback()
            with transaction() as writing:
                writing.execute(change)
        db.session.remove()


# -- files


def too_long(files: Iterable[Path], most: int) -> dict[str, int]:
    """Files with more lines than that."""
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    return {name: lines for name, lines in lengths.items() if lines > most}


def test_no_module_is_longer_than_one_can_read(tmp_path: Path) -> None:
    files = [path for folder in (PACKAGE, ROOT / "tests") for path in folder.rglob("*.py")]
    files += [PACKAGE / "static" / "cotutelle.js", *(ROOT / "templates").rglob("*.html")]
    print(f"over {MANY_LINES} lines:", too_long(files, MANY_LINES))  # noqa: T201  # for whoever looks for what to split
    assert too_long(files, MOST_LINES) == {}
    (tmp_path / "long.py").write_text("x = 1\n" * (MOST_LINES + 1))
    assert too_long([tmp_path / "long.py"], MOST_LINES) == {"long.py": MOST_LINES + 1}


INLINE = {
    "inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "unescaped": re.compile(r"\|\s*safe\b|autoescape\s+false", re.IGNORECASE),
}


def unsafe_templates(folder: Path, but: tuple[str, ...] = ()) -> list[str]:
    """What the content policy would block or what is printed as it came; documents may bear their style."""
    return [
        f"{path.relative_to(folder)}: {what}"
        for path in sorted(folder.rglob("*.html"))
        for what, pattern in INLINE.items()
        if pattern.search(path.read_text(encoding="utf-8"))
        and (what == "unescaped" or path.relative_to(folder).parts[0] not in but)
    ]


def test_templates_hold_nothing_inline_and_print_nothing_unescaped() -> None:
    assert unsafe_templates(ROOT / "templates", ("documents",)) == []


@pytest.mark.parametrize(
    ("what", "markup"),
    [("inline style", '<p style="color: red">'), ("style element", "<style>p {}</style>"),
     ("inline script", "<script>alert(1)</script>"), ("handler", '<a href="/" onclick="go()">'),
     ("javascript address", '<a href="javascript:go()">'), ("unescaped", "{{ title | safe }}"),
     ("unescaped", "{% autoescape false %}")],
)  # fmt: skip
def test_an_unsafe_template_is_reported(tmp_path: Path, what: str, markup: str) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "planted.html").write_text(markup)
    (tmp_path / "documents" / "planted.html").write_text(markup)
    here = [f"planted.html: {what}"]
    assert unsafe_templates(tmp_path, ("documents",)) == (
        here if what != "unescaped" else [f"documents/{here[0]}", *here]
    )
    (tmp_path / "planted.html").write_text(
        '<script src="/a.js" defer></script><p class="on" data-style="x">one = 1</p>'
    )
    (tmp_path / "documents" / "planted.html").unlink()
    assert unsafe_templates(tmp_path) == []


# the folder where the house was planned, and folders of the machine on which it was built
PLACES = ("sha" + "red/", "/wo" + "rk/", "/ho" + "me/[a-z]+/", "/ro" + r"ot/(?!\.config/|\.pip)")
ELSEWHERE = re.compile(rf"(?<![\w./-])({'|'.join(PLACES)})")


def foreign_paths(name: str, content: str) -> list[str]:
    """Lines that name a place outside the project."""
    return [f"{name}:{i}" for i, line in enumerate(content.splitlines(), start=1) if ELSEWHERE.search(line)]


def test_no_tracked_file_names_a_place_outside_the_project() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: nothing says which files are tracked")
    git = shutil.which("git") or "git"
    listed = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    found = []
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            found += foreign_paths(name, (ROOT / name).read_bytes().decode("utf-8", "replace"))
    assert found == []
    told = ("see sha" + "red/HOUSE.md", "source: /wo" + "rk/main/a.py")
    assert foreign_paths("a.md", "\n".join(("fine: unsha" + "red/HOUSE.md", *told))) == ["a.md:2", "a.md:3"]


# -- who may know whom


def broken_contracts(folder: Path) -> str:
    """What import-linter says about the package in a folder, when it breaks a contract; empty when it does not."""
    command = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    run = subprocess.run(
        [sys.executable, "-c", command], cwd=folder, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(folder), "PATH": "", "COLUMNS": "200"},
    )  # fmt: skip
    return "" if run.returncode == 0 else run.stdout + run.stderr


def test_dependencies_run_one_way(tmp_path: Path) -> None:
    assert broken_contracts(ROOT) == ""
    copy = tmp_path / "copy"
    shutil.copytree(
        PACKAGE, copy / "cotutelle", ignore=shutil.ignore_patterns("__pycache__", "static", "*.po")
    )
    shutil.copy(ROOT / "pyproject.toml", copy)
    with (copy / "cotutelle" / "domain" / "stay.py").open("a", encoding="utf-8") as file:
        file.write("\nimport flask\nfrom cotutelle.operations import stay\n")
    report = broken_contracts(copy)
    assert "The domain is plain Python BROKEN" in report
    assert "Dependencies run one way BROKEN" in report
