"""Certificates, proposals, invitations, notices and minutes: what each lacks, how it reads, made and kept."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from cotutelle.db import db, transaction
from cotutelle.documents import paper as papers
from cotutelle.documents.press import CannotPrint
from cotutelle.documents.seal import CannotSeal
from cotutelle.documents.words import fact_name, languages_of_papers
from cotutelle.domain.errors import Reason, Refused, Stale
from cotutelle.domain.paper.facts import Paper, PaperKind
from cotutelle.domain.paper.missing import lacking
from cotutelle.models import Thesis
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
    own = _issuer(thesis)
    gathered = acts.gather(db.session(), thesis, languages_of_papers())
    offers = [_offer(gathered.paper(kind, own)) for kind in SINGLE]
    years = [
        _offer(gathered.paper(PaperKind.ENROLMENT, code, year=year), year=str(year))
        for year, code in gathered.years
        if code in _mine(thesis)
    ]
    invited = [
        _offer(gathered.paper(PaperKind.INVITATION, own, seat=member.id), seat=member.id)
        for member in gathered.base.members
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
    """The paper that an address or a form names, in the name of an institution of the reader's."""
    issuer = said.get("issuer") or _issuer(thesis)
    if kind not in set(PaperKind) or issuer not in _mine(thesis):
        abort(404)  # nobody certifies in another institution's name
    gathered = acts.gather(db.session(), thesis, languages_of_papers())
    try:
        year, seat = whole(said.get("year", "")), said.get("seat", "")
        return gathered.paper(PaperKind(kind), issuer, year=year, seat=seat)
    except KeyError:
        abort(404)


def _offer(paper: Paper, **query: str) -> Offer:
    missing = tuple(
        (fact_name(locale(), blank.fact), where_to_give(paper.act.reference, blank.fact, blank.party))
        for blank in lacking(paper)
    )
    of = _of(paper).removeprefix(", ")
    title = papers.title(paper.kind, locale())
    return Offer(paper.kind.value, title, of, {"issuer": paper.issuer.code, **query}, missing)


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
