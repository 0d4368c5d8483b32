"""Certificates, proposals, invitations, notices and minutes: what each lacks, how it reads, made and kept."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from cotutelle.db import db, transaction
from cotutelle.documents import paper as papers
from cotutelle.documents.press import CannotPrint
from cotutelle.documents.seal import CannotSeal
from cotutelle.documents.words import fact_name, languages_of_papers
from cotutelle.domain.calendar import year_label
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.paper.facts import Paper, PaperKind
from cotutelle.domain.paper.missing import lacking
from cotutelle.models import Enrolment, Institution, Thesis
from cotutelle.operations import paper as acts
from cotutelle.policy import Action, Role
from cotutelle.web import guards, notice
from cotutelle.web.fields import Form, whole
from cotutelle.web.filters import locale
from cotutelle.web.guards import may
from cotutelle.web.missing import where_to_give
from cotutelle.web.pdf import cannot, pdf
from cotutelle.web.printing import previews, seal, store

bp = Blueprint("paper", __name__, url_prefix="/theses/<string:reference>/papers")

SINGLE = (
    PaperKind.COTUTELLE,
    PaperKind.PROPOSAL,
    PaperKind.NOTICE,
    PaperKind.MINUTES,
    PaperKind.REPORT,
)
"""Papers of which a thesis has one; certificates of enrolment go by year, invitations by person."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that can be made: what it is called, its address parts, what it lacks and where that is given."""

    kind: str
    title: str
    of: str
    query: dict[str, str]
    missing: tuple[tuple[str, str], ...]


@bp.get("")
@may(Action.ISSUE_PAPERS, on=Thesis)
def index(thesis: Thesis) -> Any:
    """Every paper of the file, and what each still lacks."""
    offers = [_offer(thesis, kind, {"issuer": _issuer(thesis)}) for kind in SINGLE]
    session = db.session()
    rows = session.execute(
        select(Enrolment, Institution)
        .join(Institution, Institution.id == Enrolment.institution_id)
        .where(Enrolment.thesis_id == thesis.id)
        .order_by(Enrolment.year.desc(), Institution.short_name)
    ).all()
    years = [
        _offer(
            thesis,
            PaperKind.ENROLMENT,
            {"issuer": institution.code, "year": str(row.year)},
            f"{year_label(row.year, institution.year_starts[0])}, {institution.short_name}",
        )
        for row, institution in rows
        if institution.code in _mine(thesis)
    ]
    proposal = _paper(thesis, PaperKind.PROPOSAL, {"issuer": _issuer(thesis)})
    invited = [
        _offer(
            thesis,
            PaperKind.INVITATION,
            {"issuer": _issuer(thesis), "seat": member.id},
            member.name,
        )
        for member in proposal.members
        if member.invited
    ]
    return render_template(
        "paper/index.html",
        thesis=thesis,
        offers=offers,
        years=years,
        invited=invited,
        sealed=seal() is not None,
        form=Form(),
    )


@bp.get("/<string:kind>.pdf")
@may(Action.ISSUE_PAPERS, on=Thesis)
def draft(thesis: Thesis, kind: str) -> Any:
    """A paper as it would be, with visible blanks."""
    paper = _asked(thesis, kind, request.args.to_dict())
    db.session.rollback()
    try:
        data = papers.make(previews(), paper, final=False, on=g.today)
    except CannotPrint as error:
        return cannot(thesis, error)
    return pdf(data, f"{thesis.reference}-{kind}-draft.pdf")


@bp.post("/<string:kind>/make")
@may(Action.ISSUE_PAPERS, on=Thesis, whole=False)
def make(thesis: Thesis, kind: str) -> Any:
    """Make a paper that lacks nothing, seal it where there is a seal, and keep it among the documents."""
    said = request.form.to_dict()
    paper = _asked(thesis, kind, said)
    lacks = lacking(paper)
    if lacks:
        names = ", ".join(fact_name(locale(), blank.fact) for blank in lacks)
        raise Refused(Reason.PAPER_INCOMPLETE, missing=names)
    reference = thesis.reference
    db.session.rollback()
    try:
        data, own = papers.make(previews(), paper, final=True, on=g.today), seal()
        data = own.certify(data, last=True) if own else data
    except (CannotPrint, CannotSeal) as error:
        return cannot(thesis, error)
    return _keep(reference, kind, said, paper, data)


def _keep(reference: str, kind: str, said: dict[str, str], paper: Paper, data: bytes) -> Any:
    """Keep what was drawn while nothing was locked, if the file still says the same."""
    title = papers.title(paper.kind, locale()) + _of(paper)
    with transaction() as writing:
        thesis = guards.again(writing, Action.ISSUE_PAPERS, reference)
        claimed, answer = guards.claim(writing)
        if answer is not None:
            return answer
        if _asked(thesis, kind, said) != paper:
            raise Stale(thesis.version)
        digest = store().put(writing, data)
        acts.keep(writing, thesis, paper, title, digest, len(data), g.actor, g.now, today=g.today)
        notice.say(_("“%(title)s” is made and kept among the documents.", title=title))
        to = url_for("thesis.show", reference=reference, _anchor="documents")
        response = make_response(redirect(to, 303))
        if claimed:
            guards.keep_answer(writing, claimed, response)
    return response


def _asked(thesis: Thesis, kind: str, said: dict[str, str]) -> Paper:
    """The paper that an address or a form names; the first year or person where it names none."""
    if kind not in set(PaperKind):
        abort(404)
    query = {**said, "issuer": said.get("issuer") or _issuer(thesis)}
    if query["issuer"] not in _mine(thesis):
        abort(404)  # nobody certifies in another institution's name
    try:
        return _paper(thesis, PaperKind(kind), query)
    except KeyError:
        abort(404)


def _paper(thesis: Thesis, kind: PaperKind, query: dict[str, str]) -> Paper:
    return acts.paper_of(
        db.session(),
        thesis,
        kind,
        query["issuer"],
        languages_of_papers(),
        year=whole(query.get("year", "")),
        seat=query.get("seat", ""),
    )


def _offer(thesis: Thesis, kind: PaperKind, query: dict[str, str], of: str = "") -> Offer:
    missing = tuple(
        (fact_name(locale(), blank.fact), where_to_give(thesis.reference, blank.fact, blank.party))
        for blank in lacking(_paper(thesis, kind, query))
    )
    return Offer(kind.value, papers.title(kind, locale()), of, query, missing)


def _of(paper: Paper) -> str:
    """Of which year or for whom a paper is, after its title."""
    if paper.year is not None:
        return f", {paper.year.label}, {paper.issuer.short_name}"
    return f", {paper.addressee.name}" if paper.addressee is not None else ""


def _mine(thesis: Thesis) -> list[str]:
    """The institutions in whose name the reader issues papers: the parties whose school they administer."""
    schools = g.reader.scopes(Role.ADMINISTRATOR, "school")
    return [
        party.institution.code
        for party in thesis.parties
        if party.school_id in schools and party.left_on is None
    ]


def _issuer(thesis: Thesis) -> str:
    return next(iter(_mine(thesis)), "") or abort(404)
