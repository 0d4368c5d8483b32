"""Short help and the glossary."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from cotutelle.policy import Action
from cotutelle.web.guards import may

bp = Blueprint("help", __name__)


@bp.get("/help")
@may(Action.OPEN_PUBLIC)
def show() -> Any:
    """How the work goes, for each kind of reader, and the field's words."""
    return render_template("help/show.html", words=glossary())


def glossary() -> list[tuple[str, str]]:
    """The field's words with their meaning here, in the reader's language."""
    return [
        (
            _("Cotutelle"),
            _(
                "One thesis prepared in two or more universities of different countries, with a director in each, one single defence, and a joint diploma or one diploma from each."
            ),
        ),
        (
            _("Convention"),
            _(
                "The text that the universities, the directors and the candidate sign for one thesis (order of 25 May 2016, articles 20 to 23)."
            ),
        ),
        (_("Lead institution"), _("The one whose office keeps this file. It has no other precedence.")),
        (
            _("Director"),
            _(
                "Who directs the thesis at one institution, with full responsibility there. A co-director is a different role."
            ),
        ),
        (
            _("HDR"),
            _(
                "Habilitation à diriger des recherches: what allows somebody who is not a professor to direct or to report on a thesis in France."
            ),
        ),
        (
            _("CSI"),
            _(
                "Comité de suivi individuel: the committee that meets the candidate before every enrolment from the second year on."
            ),
        ),
        (
            _("Enrolment"),
            _(
                "The yearly registration of the candidate in an institution. Fees are owed in one institution a year."
            ),
        ),
        (_("CVEC"), _("The student-life contribution paid each year in France.")),
        (
            _("Stay"),
            _("A period spent at one of the institutions. What is planned and what was done are kept apart."),
        ),
        (_("Gap period"), _("Césure: one break of at most a year, which does not count in the duration.")),
        (_("Rapporteur"), _("Who writes a report on the thesis before the defence is authorised.")),
        (
            _("Derogation"),
            _(
                "A rule that the convention sets aside in writing, with its reason and what replaces it (article 20)."
            ),
        ),
        (
            _("Amendment"),
            _(
                "A signed change of the convention; needed, for instance, when the defence comes after its end."
            ),
        ),
        (
            _("Provisional wording"),
            _(
                "A clause drafted for this application that no jurist has yet read; your office accepts it once before the first final document."
            ),
        ),
    ]
