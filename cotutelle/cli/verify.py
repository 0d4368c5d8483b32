"""``cotutelle verify`` and ``verify-seals``: whether a file is what its bearer takes it for, in words."""

import hashlib
import json
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.documents import signatures
from cotutelle.documents.store import NotKept
from cotutelle.documents.trust import Trust
from cotutelle.documents.trust import read as read_trust
from cotutelle.domain.signature import Flaw, Known, Mark, Reading, Signature, Stage, Verdict, judge, to_json
from cotutelle.models import Closing
from cotutelle.operations import known_file
from cotutelle.scope import as_system
from cotutelle.web.printing import store
from cotutelle.web.signature_words import FAULTS, FLAWS, MARKS, REASONS

STAGES = {
    Stage.MADE: "the text {number} as it was made on {on}, before it was closed",
    Stage.SIGNED: "the text {number} with some of its signatures, of {on}",
    Stage.CLOSED: "the file with which {number} was closed on {on}",
    Stage.RECORD: "the signature record of {number}, closed on {on}",
}


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
@with_appcontext
def verify(context: click.Context, file: Path, as_json: bool) -> None:
    """Say what FILE is: closed here, sealed, sound, by whom signed; status 1 when something speaks against it."""
    data, session = file.read_bytes(), db.session()
    with as_system(session, "verify"), force_locale("en"):
        verdict = examined(session, data)
        said = json.dumps(_as_json(verdict), ensure_ascii=False, indent=2) if as_json else _in_words(verdict)
    click.echo(said)
    context.exit(0 if verdict.sound else 1)


@click.command("verify-seals")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
@with_appcontext
def verify_seals(context: click.Context, as_json: bool) -> None:
    """Verify every closed file that this installation keeps; status 1 names those of which something is wrong."""
    session, trust = db.session(), read_trust(Path(current_app.instance_path))
    faulty: dict[str, list[str]] = {}
    with as_system(session, "verify seals"), force_locale("en"):
        rows = session.scalars(select(Closing).order_by(Closing.id)).all()
        for row in rows:
            for what, digest in (("file", row.file_digest), ("signature record", row.record_digest)):
                wrong = _wrong(session, digest, trust)
                if wrong:
                    faulty[f"{row.number}, {what}"] = wrong
    if as_json:
        click.echo(json.dumps({"closed": len(rows), "sealed": sum(r.sealed for r in rows), "faulty": faulty}, ensure_ascii=False, indent=2))  # fmt: skip
    else:
        for name, wrong in faulty.items():
            click.echo(f"{name}: {' '.join(wrong)}", err=True)
        sealed = sum(row.sealed for row in rows)
        click.echo(f"{len(rows)} conventions closed, {sealed} of them sealed; {len(faulty)} files faulty.")
    context.exit(1 if faulty else 0)


def examined(session: Session, data: bytes) -> Verdict:
    """The verdict on a stranger's file: by its bytes, and by each signature in it, read apart and within limits."""
    known = known_file.find(session, hashlib.sha256(data).hexdigest())
    if known is None and len(data) > current_app.config["UPLOAD_LIMIT"]:
        return judge(Reading(flaw=Flaw.LARGE), None)
    reading = signatures.read_apart(data, Path(current_app.instance_path))
    return judge(reading, known, ours=known is None and known_file.is_ours(session, data, reading))


def _wrong(session: Session, digest: str, trust: Trust) -> list[str]:
    try:
        data = store().read(session, digest)
    except NotKept:
        return ["The file is gone, or its bytes are no longer those that were closed."]
    known = known_file.find(session, digest)
    return _reasons(judge(signatures.read(data, trust), known))


def _reasons(verdict: Verdict) -> list[str]:
    flaw = [str(FLAWS[verdict.reading.flaw])] if verdict.reading.flaw else []
    faults = [
        f"{str(MARKS[each.mark]).capitalize()} of {each.name or each.field}: {', '.join(str(FAULTS[f]) for f in each.faults)}."
        for each in verdict.reading.signatures
        if each.faults
    ]
    return [*flaw, *(str(REASONS[reason]) for reason in verdict.reasons), *faults]


def _as_json(verdict: Verdict) -> dict[str, Any]:
    known = verdict.known
    return {
        "closed": verdict.closed,
        "sealed": verdict.sealed,
        "known": known is not None,
        "sound": verdict.sound,
        "number": known.number if known else None,
        "stage": known.stage if known else None,
        "signatures": [{**to_json(each), "sound": each.sound} for each in verdict.reading.signatures],
        "reasons": _reasons(verdict),
    }


def _in_words(verdict: Verdict) -> str:
    lines = [
        f"Known: {_known(verdict.known)}.",
        f"Sealed: {'yes' if verdict.sealed else 'no'}.",
        *(_signature(each) for each in verdict.reading.signatures),
        *_reasons(verdict),
        "The file is sound." if verdict.sound else "The file is NOT sound.",
    ]
    if verdict.closed and not verdict.sealed:
        lines.insert(
            1, "Closed, not sealed: its digest is that of the closed file, and no certificate says so."
        )
    return "\n".join(lines)


def _known(known: Known | None) -> str:
    return STAGES[known.stage].format(number=known.number, on=known.on) if known else "no"


def _signature(each: Signature) -> str:
    """One signature on a line: what, whose, when, told by which clock, and whether it holds."""
    whose = each.name + (f" ({each.organisation})" if each.organisation else "")
    when = f", {each.at}" if each.at else ""
    clock = f", dated by {each.clock}" if each.clock and each.mark is not Mark.TIME_STAMP else ""
    holds = (
        "holds" if each.sound else "does not hold" if not each.intact else "holds, its issuer is unknown here"
    )
    return f"{str(MARKS[each.mark]).capitalize()} of {whose or each.field}{when}{clock}: {holds}."
