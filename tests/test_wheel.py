"""Proves that the wheel holds all it needs: installed alone, from an empty folder, it migrates, fills and serves."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("cotutelle", "migrations", "templates", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that nothing is written into the checkout."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in OURS:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copyfile(path, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(target), "."]
    if importlib.util.find_spec("hatchling"):
        command.insert(4, "--no-build-isolation")
    made = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    if made.returncode and "hatchling" in made.stdout + made.stderr:
        pytest.skip("hatchling is neither installed nor on a reachable index")
    assert made.returncode == 0, made.stdout + made.stderr
    (found,) = target.glob("cotutelle-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a command of the wheel in a new environment that borrows the dependencies, in an empty folder."""
    place, here = tmp_path_factory.mktemp("venv"), tmp_path_factory.mktemp("empty")
    instance = tmp_path_factory.mktemp("instance")
    venv.create(place, with_pip=False, symlinks=True)
    packages = place / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # the checkout is known here by an editable install, which a .pth file of a borrowed folder does not run
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "COTUTELLE_INSTANCE_PATH": str(instance),
        "COTUTELLE_SECRET_KEY": "a key for the tests alone",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        made = subprocess.run(
            [str(place / "bin" / "python"), *arguments],
            cwd=here,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        assert list(here.iterdir()) == [], "nothing is written where a command happens to be given"
        return made

    return run


@pytest.mark.parametrize(
    "name",
    [
        "cotutelle/_bundled/templates/layout.html",
        "cotutelle/_bundled/templates/documents/convention.html",
        "cotutelle/_bundled/templates/documents/convention.css",
        "cotutelle/_bundled/templates/documents/words.fr.toml",
        "cotutelle/_bundled/templates/documents/clauses/CL-07.fr.md",
        "cotutelle/_bundled/templates/mail/invitation.txt",
        "cotutelle/_bundled/migrations/alembic.ini",
        "cotutelle/_bundled/migrations/env.py",
        "cotutelle/_bundled/migrations/versions/0001_first_tables.py",
        "cotutelle/translations/fr/LC_MESSAGES/messages.mo",
        "cotutelle/static/theme.css",
        "cotutelle/static/cotutelle.js",
        "cotutelle/rulebooks/references.toml",
        "cotutelle/demo/world.toml",
        "cotutelle/demo/institutions.toml",
    ],
)
def test_the_wheel_holds_what_the_application_reads(wheel: Path, name: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert name in archive.namelist()


def test_every_template_migration_and_data_file_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    for folder in ("templates", "migrations"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"cotutelle/_bundled/{path.relative_to(ROOT)}" in inside
    for path in (ROOT / "cotutelle").rglob("*"):
        if path.suffix in {".py", ".toml", ".css", ".js", ".svg"}:
            assert str(path.relative_to(ROOT)) in inside


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            assert name.startswith(("cotutelle/", "cotutelle-")), name
            assert not name.endswith((".pyc", ".sqlite", "secret_key")), name
            assert "tests/" not in name


def test_installed_it_migrates_fills_lists_and_serves(installed: Run) -> None:
    where = installed("-c", "import cotutelle, flask; print(cotutelle.__file__); print(flask.__file__)")
    ours, theirs = where.stdout.splitlines()
    assert "/venv" in ours
    assert str(ROOT / "cotutelle") not in ours
    assert ours.split("site-packages")[0] != theirs.split("site-packages")[0]
    command = ("-m", "cotutelle")
    installed(*command, "db", "upgrade")
    assert "every person invented" in installed(*command, "demo").stdout
    listed = json.loads(installed(*command, "theses", "--json").stdout)
    assert len(listed) > 10
    script = (
        "from cotutelle.wsgi import app\n"
        "from flask_babel import force_locale, gettext\n"
        "client = app.test_client()\n"
        "assert client.get('/healthz').json == {'status': 'ok'}\n"
        "with app.test_request_context(), force_locale('fr'):\n"
        "    assert gettext('Password') == 'Mot de passe'\n"
        "print(client.get('/readyz').json['checks']['migrations'])\n"
    )
    assert "'ok': True" in installed("-c", script).stdout


def test_the_command_of_the_package_is_named(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (entry,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "cotutelle = cotutelle.cli:main" in archive.read(entry).decode()
