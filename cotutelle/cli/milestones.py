"""``cotutelle schedule``: the calendar of a thesis from its dates alone, without a database."""

from typing import Any

import click

from cotutelle import config
from cotutelle.cli.rules import library, refuse, warn, warn_of
from cotutelle.cli.told import print_json
from cotutelle.domain.finding import Certainty
from cotutelle.domain.milestone import schedule as scheduled
from cotutelle.domain.slot import Slot
from cotutelle.exchange.parsing import Unreadable
from cotutelle.exchange.schedule import read, told
from cotutelle.rulebooks.plans import read as read_plan
from cotutelle.rulebooks.plans import with_own
from cotutelle.rulebooks.shelf import read_folder


@click.command("schedule")
@click.argument("file", type=click.File("rb"))
@click.option("--json", "as_json", is_flag=True, help="One JSON value.")
def schedule(file: Any, as_json: bool) -> None:
    """Say what has to be done for the thesis of a JSON FILE, by when, asked by whom and signed by whom."""
    own, rejected = read_folder(config.instance_path() / "plans", read_plan)
    warn_of(rejected)
    rules, plans = library(), with_own(own)
    try:
        dossier = read(file.read().decode("utf-8-sig"), rules)
    except UnicodeDecodeError:
        refuse("The file is not UTF-8 text.")
    except Unreadable as error:
        refuse(str(error))
    for place in dossier.places:
        if rules.place(place.code) is None:
            warn(f"No rulebook knows {place.name}: what its own rules ask is not planned.")
        for school in rules.strangers(place):
            warn(
                f"No rule is known of {school} at {place.name}: only what the whole university asks is planned."
            )
    milestones = scheduled(dossier, plans, rules)
    if as_json:
        print_json([told(milestone, plans) for milestone in milestones])
        return
    for milestone in milestones:
        where = ", ".join(milestone.institutions)
        name = plans.kinds[milestone.kind].names["en"]
        year = f" {milestone.year}" if milestone.year else ""
        asked = ", ".join(milestone.required_by)
        sure = (
            "" if milestone.certainty is Certainty.SOURCED else f", {milestone.certainty.replace('_', ' ')}"
        )
        only = f" (only if: {milestone.condition.replace('_', ' ')})" if milestone.condition else ""
        click.echo(f"{milestone.due or 'no day yet'!s:10}  {where:18} {name}{year}{only}  [{asked}{sure}]")
        if milestone.signatories:
            click.echo(f"{'':32}signed by {', '.join(map(_signatory, milestone.signatories))}")


def _signatory(slot: Slot) -> str:
    return f"{slot.signer.replace('_', ' ')} ({slot.institution})" if slot.institution else str(slot.signer)
