"""What theses.fr is told of a thesis: what an office notes for it, what is still lacking, and the file."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import RadioField
from wtforms.validators import Optional, Regexp

from cotutelle.db import db
from cotutelle.domain.errors import Stale
from cotutelle.domain.national_record import lacking
from cotutelle.exchange.star import to_xml
from cotutelle.models import Thesis
from cotutelle.operations import national_record as acts
from cotutelle.policy import Action
from cotutelle.web import notice, page
from cotutelle.web.fields import LongText, Text, VersionedForm, options
from cotutelle.web.guards import may

bp = Blueprint("national_record", __name__, url_prefix="/theses/<string:reference>")
LACKING: Mapping[str, LazyString] = {
    "title_fr": _l("a title in French"),
    "discipline": _l("the discipline"),
    "birth_date": _l("the date of birth"),
    "nationality": _l("the nationality"),
    "language": _l("the language of the thesis"),
    "first_enrolment": _l("the first enrolments"),
    "directors": _l("the directors"),
    "school": _l("the doctoral school"),
    "nnt": _l("the national number of the thesis"),
    "abstract_fr": _l("an abstract in French"),
    "abstract_en": _l("an abstract in English"),
    "keywords": _l("keywords"),
    "jury": _l("the jury with its president and rapporteurs, once it is decided"),
    "reproduction": _l("the opinion of the jury on the reproduction"),
    "on_works": _l("whether it is a thesis on works"),
    "oai_set": _l("the class of the discipline"),
}
TAGS = ("fr", "en")
ANSWERS = [("", _l("Not known")), ("yes", _l("Yes")), ("no", _l("No"))]


class RegistryForm(VersionedForm):
    """What the registry asks besides the file."""

    nnt = Text(
        _l("National number of the thesis"),
        [
            Optional(),
            Regexp(r"^[0-9]{4}[A-Z]{2}[A-Z0-9]{2}[A-Z0-9]{4}$", message=_l("A number such as 2026ULILH001.")),
        ],
    )
    abstract_fr = LongText(_l("Abstract in French"), most=4000)
    abstract_en = LongText(_l("Abstract in English"), most=4000)
    keywords_fr = LongText(_l("Keywords in French"), most=1000)
    keywords_en = LongText(_l("Keywords in English"), most=1000)
    rameau = LongText(_l("Headings of Rameau"), most=1000)
    oai_set = Text(
        _l("Class of the discipline"),
        [Optional(), Regexp(r"^(ddc:)?\d{3}$", message=_l("Three digits, such as 940."))],
    )
    on_works = RadioField(_l("Thesis on works"), choices=options(ANSWERS), default="")
    reproduction = RadioField(_l("The jury agrees to the reproduction"), choices=options(ANSWERS), default="")


@bp.route("/registry", methods=["GET", "POST"])
@may(Action.ISSUE_PAPERS, on=Thesis)
def edit(thesis: Thesis) -> Any:
    """Note what theses.fr asks besides the file, and see what it still lacks."""
    session = db.session()
    _check_signals(thesis)
    form = RegistryForm(data=None if request.method == "POST" else _data(thesis))
    if form.validate_on_submit():
        try:
            acts.save(session, thesis, _told(form), form.seen, g.actor, g.now)
            notice.say(_("Saved."))
            return redirect(url_for("national_record.edit", reference=thesis.reference), 303)
        except Stale:
            form.overtaken(thesis)
    record = acts.record_of(session, thesis)
    body = render_template(
        "thesis/registry.html",
        form=form,
        thesis=thesis,
        record=record,
        lacking=[LACKING[each] for each in lacking(record)] if record else [],
    )
    return body, 422 if form.errors or form.form_errors else 200


@bp.get("/registry.xml")
@may(Action.ISSUE_PAPERS, on=Thesis)
def file(thesis: Thesis) -> Any:
    """The thesis as a STEP/STAR file."""
    _check_signals(thesis)
    record = acts.record_of(db.session(), thesis)
    if record is None:
        abort(404)
    response = make_response(to_xml(record))
    response.headers["Content-Type"] = "application/xml; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{thesis.reference}.xml"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _check_signals(thesis: Thesis) -> None:
    """Forbidden but to the lead and to whoever signals the thesis: the file tells of the candidate's birth."""
    if not (page.allowed(Action.VIEW_PRIVATE) or signals(thesis)):
        abort(403)


def signals(thesis: Thesis) -> bool:
    """Whether the reader works for the institution that signals the thesis."""
    here = acts.signalled_by(thesis)
    return here is not None and here.institution_id in page.own_institutions()


def _data(thesis: Thesis) -> dict[str, Any]:
    told = acts.told_of(db.session(), thesis)
    answer = {None: "", True: "yes", False: "no"}[told.on_works]
    data: dict[str, Any] = {
        "version": thesis.version, "nnt": told.nnt, "rameau": "\n".join(told.rameau), "oai_set": told.oai_set,
        "on_works": answer, "reproduction": told.reproduction,
    }  # fmt: skip
    for tag in TAGS:
        data[f"abstract_{tag}"] = told.abstracts.get(tag, "")
        data[f"keywords_{tag}"] = "\n".join(told.keywords.get(tag, ()))
    return data


def _told(form: RegistryForm) -> acts.Told:
    lines = {tag: _lines(form[f"keywords_{tag}"].data) for tag in TAGS}
    set_ = form.oai_set.data or ""
    return acts.Told(
        abstracts={tag: form[f"abstract_{tag}"].data for tag in TAGS if form[f"abstract_{tag}"].data},
        keywords={tag: words for tag, words in lines.items() if words},
        rameau=_lines(form.rameau.data),
        nnt=form.nnt.data or "",
        on_works={"yes": True, "no": False}.get(form.on_works.data or ""),
        reproduction=form.reproduction.data or "",
        oai_set=f"ddc:{set_.removeprefix('ddc:')}" if set_ else "",
    )


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (line.strip() for line in (text or "").splitlines())))
