"""A calendar that would move: shown as added, moved, removed and kept before it is applied."""

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from cotutelle.db import db
from cotutelle.domain.reschedule import Change
from cotutelle.models import Thesis
from cotutelle.operations import calendar, reminder
from cotutelle.operations.plan import plans as plans_of
from cotutelle.policy import Action
from cotutelle.web import notice, page, signing_page
from cotutelle.web.calendar import told
from cotutelle.web.fields import Form
from cotutelle.web.guards import may
from cotutelle.web.jury import dossier_for

bp = Blueprint("reschedule", __name__, url_prefix="/theses/<string:reference>/calendar")


@bp.post("/reminders/pause")
@may(Action.PLAN_CALENDAR, on=Thesis)
def pause(thesis: Thesis) -> Any:
    """Remind nobody of this thesis, or remind again."""
    paused = request.form.get("paused") == "yes"
    if paused != thesis.reminders_paused:
        reminder.pause(db.session(), thesis, paused, "", g.actor, g.now)
    notice.say(_("Reminders are paused.") if paused else _("Reminders are sent again."))
    return redirect(url_for("calendar.show", reference=thesis.reference), 303)


@bp.route("/changes", methods=["GET", "POST"])
@may(Action.PLAN_CALENDAR, on=Thesis)
def show(thesis: Thesis) -> Any:
    """What the facts of today would make of the calendar; applying it is an act of its own."""
    session = db.session()
    shelf, dossier = dossier_for(session, thesis)
    plans = plans_of(session)
    if request.method == "POST":
        done = calendar.apply(
            session,
            thesis,
            dossier,
            shelf,
            request.form.get("fingerprint", ""),
            g.actor,
            g.now,
            today=g.today,
        )
        notice.say(_("The calendar is made anew: %(n)s changes.", n=len(done)))
        return redirect(url_for("calendar.show", reference=thesis.reference), 303)
    made = {} if calendar.closed(thesis) else calendar.made_anew(dossier, plans, shelf)
    found = [] if calendar.closed(thesis) else calendar.differences(session, thesis, made)
    parties = {party["code"]: party for party in page.parties_of(session, thesis)}
    groups: dict[str, list[dict[str, Any]]] = {change: [] for change in Change}
    told_of = [each for each in found if told(each.key.kind)]
    for each in sorted(told_of, key=lambda each: (str(each.after or each.before or ""), each.key)):
        groups[each.change].append(
            {
                "name": signing_page.name_of(plans.kinds[each.key.kind].names, each.key.year),
                "party": parties.get(each.key.side),
                "before": each.before,
                "after": each.after,
            }
        )
    changes = [each for each in found if each.change is not Change.KEPT]
    return render_template(
        "calendar/changes.html",
        thesis=thesis,
        groups=groups,
        count=len(changes),
        fingerprint=calendar.fingerprint(changes),
        form=Form(),
    )
