"""Every setting, its default, and where templates, migrations and translations are.

Defaults, then ``instance/config.py``, then ``COTUTELLE_*``. Settings are read as text and typed here, so a
secret key made of digits stays text.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PACKAGE = Path(__file__).parent
CHECKOUT = PACKAGE.parent

DEFAULTS: dict[str, Any] = {
    "SECRET_KEY": "",
    "SECRET_KEY_FALLBACKS": "",
    "DATABASE_URL": "",
    "BASE_URL": "http://localhost:8000",
    "SMTP_URL": "",
    "MAIL_FROM": "cotutelle@localhost",
    "PROXIES": 0,
    "TRUSTED_HOSTS": "",
    "FILE_STORE": "folder",
    "FORM_LIMIT": 4 * 1024 * 1024,
    "FIELD_LIMIT": 10_000,
    "UPLOAD_LIMIT": 25 * 1024 * 1024,
    "SESSION_HOURS": 12,
    "SESSION_IDLE_MINUTES": 120,
    "SIGN_IN_TRIES": 8,
    "SIGN_IN_MINUTES": 15,
    "SEAL_CERTIFICATE": "",
    "SEAL_PASSWORD": "",
    "TIMESTAMP_URL": "",
    "PDF_CPU_SECONDS": 60,
    "PDF_MEMORY_MIB": 512,
    "PDF_PAGES": 200,
    "PDF_HTML_BYTES": 2 * 1024 * 1024,
    "PAGE_SIZE": 25,
}


class WrongSetting(ValueError):
    """A setting that the application cannot start with; the message says which and what to do."""


def place(name: str) -> Path:
    """The folder ``templates`` or ``migrations``: the copy in an installed package, else the checkout's."""
    bundled = PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else CHECKOUT / name


def instance_path() -> Path:
    """Where this installation keeps its data: ``COTUTELLE_INSTANCE_PATH``, else ``instance`` of a checkout."""
    named = os.environ.get("COTUTELLE_INSTANCE_PATH")
    if named:
        return Path(named).resolve()
    return CHECKOUT / "instance" if (CHECKOUT / "pyproject.toml").is_file() else Path.cwd() / "instance"


def load(instance: Path, overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    """The settings of this installation, typed.

    Raises WrongSetting.
    """
    settings = dict(DEFAULTS)
    settings.update(_file(instance / "config.py"))
    settings.update(
        {name: os.environ[f"COTUTELLE_{name}"] for name in DEFAULTS if f"COTUTELLE_{name}" in os.environ}
    )
    settings.update(overrides or {})
    typed = {name: _typed(name, value) for name, value in settings.items()}
    typed["DATABASE_URL"] = _database_url(typed["DATABASE_URL"], instance)
    typed["SECRET_KEY"] = typed["SECRET_KEY"] or _kept_key(instance)
    _check(typed)
    typed["BASE_URL"] = typed["BASE_URL"].rstrip("/")
    typed["TRUSTED_HOSTS"] = _hosts(typed)
    return typed


def is_local(base_url: str) -> bool:
    """Whether an address is this very machine, where http is allowed and cookies need no TLS."""
    return urlsplit(base_url).hostname in {"localhost", "127.0.0.1", "::1"}


def _hosts(settings: dict[str, Any]) -> list[str]:
    """The names under which the application answers: its own, this machine's, and those that a setting adds."""
    own = str(urlsplit(settings["BASE_URL"]).hostname)
    added = [name.strip() for name in str(settings["TRUSTED_HOSTS"]).split(",") if name.strip()]
    return [own, *added, "localhost", "127.0.0.1", "::1"]


def _file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    names: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)  # noqa: S102  # the operator's own file
    return {name: value for name, value in names.items() if name in DEFAULTS}


def _typed(name: str, value: Any) -> Any:
    if isinstance(DEFAULTS.get(name), int) and isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            raise WrongSetting(f"COTUTELLE_{name} must be a whole number, not {value!r}.") from None
    return value


def _database_url(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'cotutelle.sqlite'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return f"postgresql+psycopg://{url.removeprefix(prefix)}"
    return url


def _kept_key(instance: Path) -> str:
    """The key of this installation, made once and readable by its owner alone."""
    path = instance / "secret_key"
    if not path.is_file():
        instance.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()


def _check(settings: dict[str, Any]) -> None:
    base = urlsplit(str(settings["BASE_URL"]))
    if base.scheme not in {"http", "https"} or not base.hostname:
        raise WrongSetting(
            "COTUTELLE_BASE_URL must be the public address, such as https://cotutelle.univ.example."
        )
    if base.scheme == "http" and not is_local(str(settings["BASE_URL"])):
        raise WrongSetting("COTUTELLE_BASE_URL must begin with https:// everywhere but on localhost.")
    if len(str(settings["SECRET_KEY"])) < 16:
        raise WrongSetting("COTUTELLE_SECRET_KEY must have at least 16 characters.")
    if base.query or base.fragment or base.username or base.path.strip("/"):
        raise WrongSetting(
            "COTUTELLE_BASE_URL must be an address alone: nothing after the name and the port."
        )
    for name, default in DEFAULTS.items():
        least = 0 if name == "PROXIES" else 1
        if isinstance(default, int) and not (isinstance(settings[name], int) and settings[name] >= least):
            raise WrongSetting(f"COTUTELLE_{name} must be {least} or more, not {settings[name]!r}.")
    clock = urlsplit(str(settings["TIMESTAMP_URL"]))
    if clock.geturl() and (clock.scheme not in {"http", "https"} or not clock.hostname):
        raise WrongSetting(
            "COTUTELLE_TIMESTAMP_URL must be the address of a time stamping service, "
            "such as https://time.univ.example/tsr."
        )
    if settings["FILE_STORE"] not in {"folder", "database"}:
        raise WrongSetting("COTUTELLE_FILE_STORE must be folder or database.")
