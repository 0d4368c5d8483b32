"""Proves which setting wins, that each is typed from text, and that an unsafe installation does not start."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import StaticPool

from cotutelle import config, create_app
from cotutelle.config import WrongSetting, load
from cotutelle.db import UnsafeDatabase, check_durable, db, engine_options, make_durable
from cotutelle.documents import authority
from cotutelle.web.printing import seal
from tests.conftest import TESTING

KEY = "a key for the tests alone"


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests."""
    import os

    for name in list(os.environ):
        if name.startswith("COTUTELLE_") and not name.startswith("COTUTELLE_TEST_"):
            monkeypatch.delenv(name)


def write(folder: Path, content: str) -> Path:
    (folder / "config.py").write_text(content, encoding="utf-8")
    return folder


def test_without_any_setting_the_defaults_hold(tmp_path: Path) -> None:
    found = load(tmp_path)
    assert found["BASE_URL"] == "http://localhost:8000"
    assert found["DATABASE_URL"] == f"sqlite:///{tmp_path / 'cotutelle.sqlite'}"
    assert found["PAGE_SIZE"] == 25


def test_the_file_wins_over_defaults_the_environment_over_the_file_and_overrides_over_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "PAGE_SIZE = 10\nFIELD_LIMIT = 11\nPDF_PAGES = 12\n")
    monkeypatch.setenv("COTUTELLE_FIELD_LIMIT", "21")
    monkeypatch.setenv("COTUTELLE_PDF_PAGES", "22")
    found = load(tmp_path, {"PDF_PAGES": 32})
    assert (found["SESSION_HOURS"], found["PAGE_SIZE"], found["FIELD_LIMIT"], found["PDF_PAGES"]) == (
        12,
        10,
        21,
        32,
    )


def test_names_that_are_no_settings_stay_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "import os\nDEBUG = True\nsecret_key = 'x'\n")
    monkeypatch.setenv("COTUTELLE_INSTANCE_PATH", str(tmp_path))
    assert set(load(tmp_path)) == set(config.DEFAULTS)


@pytest.mark.parametrize("digits", ["1234567890123456", "0000000000000000", "12345678901234567890"])
def test_a_secret_key_of_digits_stays_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits: str
) -> None:
    monkeypatch.setenv("COTUTELLE_SECRET_KEY", digits)
    assert load(tmp_path)["SECRET_KEY"] == digits
    monkeypatch.delenv("COTUTELLE_SECRET_KEY")
    assert load(write(tmp_path, f"SECRET_KEY = '{digits}'\n"))["SECRET_KEY"] == digits


def test_a_number_in_the_environment_becomes_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COTUTELLE_PROXIES", "2")
    assert load(tmp_path)["PROXIES"] == 2


@pytest.mark.parametrize("name", sorted(n for n, value in config.DEFAULTS.items() if isinstance(value, int)))
@pytest.mark.parametrize("value", ["", "many", "1.5", "60s"])
def test_a_wrong_number_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"COTUTELLE_{name}", value)
    with pytest.raises(WrongSetting, match=f"COTUTELLE_{name} must be a whole number, not {value!r}"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:8000", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:8000", True),
        ("http://LOCALHOST", True),
        ("https://cotutelle.univ.example", False),
    ],
)
def test_an_address_over_tls_or_on_this_machine_is_taken(tmp_path: Path, url: str, local: bool) -> None:
    assert load(tmp_path, {"BASE_URL": url})["BASE_URL"] == url
    assert config.is_local(url) is local


@pytest.mark.parametrize(
    "url",
    [
        "http://cotutelle.univ.example",
        "http://localhost.evil.example",
        "http://localhost@evil.example",
        "http://127.0.0.2",
        "http://10.0.0.1",
        "ftp://localhost",
        "cotutelle.univ.example",
        "https://",
        "",
    ],
)
def test_any_other_address_stops_the_start_by_name(tmp_path: Path, url: str) -> None:
    with pytest.raises(WrongSetting, match="COTUTELLE_BASE_URL must"):
        create_app({"SECRET_KEY": KEY, "BASE_URL": url}, instance=tmp_path)


def test_a_slash_at_the_end_of_the_address_is_no_part_of_it(tmp_path: Path) -> None:
    assert load(tmp_path, {"BASE_URL": "https://cotutelle.univ.example/"})["BASE_URL"] == (
        "https://cotutelle.univ.example"
    )
    for more in ("/app", "/?a=b", "/#top"):
        with pytest.raises(WrongSetting, match="an address alone"):
            load(tmp_path, {"BASE_URL": f"https://cotutelle.univ.example{more}"})


@pytest.mark.parametrize("name", sorted(n for n, value in config.DEFAULTS.items() if isinstance(value, int)))
def test_a_number_that_nothing_could_work_with_is_refused_by_name(tmp_path: Path, name: str) -> None:
    least = 0 if name == "PROXIES" else 1
    assert load(tmp_path, {name: least})[name] == least
    with pytest.raises(WrongSetting, match=f"COTUTELLE_{name} must be {least} or more"):
        load(tmp_path, {name: least - 1})


def test_a_request_for_another_host_is_not_answered(tmp_path: Path) -> None:
    settings = {
        "SECRET_KEY": KEY,
        "BASE_URL": "https://cotutelle.univ.example",
        "TRUSTED_HOSTS": "inner.example, ",
    }
    app = create_app(settings, instance=tmp_path)
    answers = {
        host: app.test_client().get("/healthz", headers={"Host": host}).status_code
        for host in (
            "cotutelle.univ.example",
            "inner.example",
            "localhost:8000",
            "evil.example",
            "evil.example:80",
        )
    }
    assert answers == {
        "cotutelle.univ.example": 200, "inner.example": 200, "localhost:8000": 200,
        "evil.example": 400, "evil.example:80": 400,
    }  # fmt: skip


def test_a_secret_key_of_fifteen_signs_is_too_short_and_one_of_sixteen_is_not(tmp_path: Path) -> None:
    assert load(tmp_path, {"SECRET_KEY": "k" * 16})["SECRET_KEY"] == "k" * 16
    with pytest.raises(WrongSetting, match="COTUTELLE_SECRET_KEY"):
        load(tmp_path, {"SECRET_KEY": "k" * 15})


def test_an_unknown_file_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="COTUTELLE_FILE_STORE must be folder or database"):
        load(tmp_path, {"FILE_STORE": "cloud"})


def test_a_key_is_made_once_kept_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = load(tmp_path / "instance")["SECRET_KEY"]
    path = tmp_path / "instance" / "secret_key"
    assert len(first) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(tmp_path / "instance")["SECRET_KEY"] == first
    assert load(tmp_path / "other")["SECRET_KEY"] != first


def test_older_keys_are_a_list(tmp_path: Path) -> None:
    app = create_app({"SECRET_KEY": KEY, "SECRET_KEY_FALLBACKS": "one,,two"}, instance=tmp_path)
    assert app.config["SECRET_KEY_FALLBACKS"] == ["one", "two"]


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_spelling_of_a_postgres_address_is_understood(tmp_path: Path, prefix: str) -> None:
    found = load(tmp_path, {"DATABASE_URL": f"{prefix}u:p@h/d"})
    assert found["DATABASE_URL"] == "postgresql+psycopg://u:p@h/d"


def test_the_instance_folder_is_the_one_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COTUTELLE_INSTANCE_PATH", str(tmp_path / "data"))
    assert config.instance_path() == tmp_path / "data"


def test_in_an_installed_package_data_never_go_into_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "CHECKOUT", tmp_path / "site-packages")
    monkeypatch.chdir(tmp_path)
    assert config.instance_path() == tmp_path / "instance"


# Databases that would lose acknowledged acts


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[object]:
    found = create_engine(
        f"sqlite:///{tmp_path / 'a.sqlite'}",
        poolclass=StaticPool,
        **engine_options("sqlite:///a.sqlite"),
    )
    make_durable(found)
    yield found
    found.dispose()


def test_the_settings_that_the_application_makes_are_durable(engine: object) -> None:
    check_durable(engine)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "level"), [("WAL", "OFF"), ("WAL", "NORMAL"), ("DELETE", "FULL"), ("TRUNCATE", "EXTRA")]
)
def test_a_database_that_forgets_at_a_power_cut_is_refused(engine: object, mode: str, level: str) -> None:
    with engine.connect() as connection:  # type: ignore[attr-defined]
        raw = connection.connection.driver_connection
        raw.rollback()
        raw.execute(f"PRAGMA journal_mode = {mode}")
        raw.execute(f"PRAGMA synchronous = {level}")
    with pytest.raises(UnsafeDatabase, match="synchronous"):
        check_durable(engine)  # type: ignore[arg-type]


def test_an_installation_on_an_unsafe_database_is_not_ready(sqlite_app: object) -> None:
    def _unsafe(connection: object) -> None:
        if connection.dialect.name == "sqlite":  # type: ignore[attr-defined]
            raw = connection.connection.driver_connection  # type: ignore[attr-defined]
            raw.execute("ROLLBACK")
            raw.execute("PRAGMA synchronous = OFF")
            raw.execute("BEGIN")

    with sqlite_app.app_context():  # type: ignore[attr-defined]
        event.listen(db.engine, "begin", _unsafe)
        answer = sqlite_app.test_client().get("/readyz")  # type: ignore[attr-defined]
        event.remove(db.engine, "begin", _unsafe)
    assert answer.status_code == 503
    assert answer.json["checks"]["durability"]["ok"] is False


def test_postgres_without_synchronous_commit_is_refused(postgres_database: object) -> None:
    url = postgres_database.template_url().replace("postgresql://", "postgresql+psycopg://")  # type: ignore[attr-defined]
    engine = create_engine(url)
    check_durable(engine)
    engine.dispose()
    separator = "&" if "?" in url else "?"
    unsafe = create_engine(f"{url}{separator}options=-csynchronous_commit%3Doff")
    with unsafe.connect() as connection:
        assert connection.execute(text("SHOW synchronous_commit")).scalar() == "off"
    with pytest.raises(UnsafeDatabase, match="synchronous_commit"):
        check_durable(unsafe)
    unsafe.dispose()


def test_a_seal_that_cannot_be_opened_stops_the_start(tmp_path: Path) -> None:
    authority.settle(tmp_path / "own", "Lille")
    for certificate, password in (("missing.p12", ""), ("own/seal.p12", "wrong"), ("own/authority.pem", "")):
        with pytest.raises(WrongSetting, match="COTUTELLE_SEAL_CERTIFICATE must name"):
            create_app(
                {**TESTING, "SEAL_CERTIFICATE": certificate, "SEAL_PASSWORD": password}, instance=tmp_path
            )
    app = create_app({**TESTING, "SEAL_CERTIFICATE": "own/seal.p12"}, instance=tmp_path)
    with app.app_context():
        found = seal()
        assert found is not None
        assert (found.name, found.is_local) == ("Demonstration seal, proves nothing", False)


def test_the_address_of_a_clock_is_an_address(tmp_path: Path) -> None:
    for address in ("time.univ.example", "ftp://time.univ.example"):
        with pytest.raises(WrongSetting, match="COTUTELLE_TIMESTAMP_URL must be"):
            create_app({**TESTING, "TIMESTAMP_URL": address}, instance=tmp_path)
