"""``python -m tests.proof [--part documents]``: run the parts, print what held, keep it in ``docs/proof.json``.

Status 0 when everything held, 1 on any fault, 2 when this machine lacks what a part needs.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cotutelle import clock
from tests.proof import Cannot, Outcome, altered, documents, links, mail, policy

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs" / "proof.json"
PARTS: dict[str, Callable[[], Outcome]] = {
    "altered": altered.prove,
    "documents": documents.prove,
    "links": links.prove,
    "mail": mail.prove,
    "policy": policy.prove,
}


def main() -> int:
    """Run the parts asked for, one after the other; a part that cannot run does not stop the next."""
    parser = argparse.ArgumentParser(prog="python -m tests.proof")
    parser.add_argument("--part", choices=PARTS, action="append", help="one part; default: all")
    statuses = [run(name) for name in parser.parse_args().part or list(PARTS)]
    return 1 if 1 in statuses else max(statuses)


def run(name: str) -> int:
    """One part: its table, its line, its entry."""
    print(f"· {name}", flush=True)  # noqa: T201  # a command speaks
    try:
        outcome = PARTS[name]()
    except Cannot as error:
        print(f"\n  NOT RUN: {name}. {error}\n", file=sys.stderr)  # noqa: T201  # a command speaks
        return 2
    keep(name, outcome)
    for fault in outcome.faults:
        print(f"  FAULT  {fault}")  # noqa: T201  # a command speaks
    whole = outcome.done == outcome.target
    print(f"  {name}: {outcome.done} of {outcome.target} done, {len(outcome.faults)} faults")  # noqa: T201  # a command speaks
    return 0 if whole and not outcome.faults else 1


def keep(name: str, outcome: Outcome) -> None:
    """Write the entry of this part beside those of the others."""
    known: list[dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else []
    entry = {
        "name": name,
        "done": outcome.done,
        "target": outcome.target,
        "faults": len(outcome.faults),
        "commit": commit(),
        "date": clock.today().isoformat(),
    }
    entries = sorted([*(e for e in known if e["name"] != name), entry], key=lambda e: e["name"])
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def commit() -> str:
    """The commit that was tried, with a ``+`` when application or templates were changed since."""
    head = git("rev-parse", "--short=12", "HEAD")
    changed = git("status", "--porcelain", "--", "cotutelle", "templates", "requirements.lock")
    return f"{head or 'none'}{'+' if changed else ''}"


def git(*arguments: str) -> str:
    """What git says of this checkout; nothing where there is none."""
    try:
        return subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


if __name__ == "__main__":
    sys.exit(main())
