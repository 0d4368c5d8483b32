"""The office's list of theses: filtered, searched, sorted, page by page without counting rows it skips."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from cotutelle.db import db
from cotutelle.domain.convention.state import ConventionState
from cotutelle.domain.region import REGIONS
from cotutelle.domain.thesis import DEFENCE_OVER, ThesisState
from cotutelle.models import (
    Convention,
    Institution,
    Partnership,
    Person,
    School,
    Thesis,
    ThesisInstitution,
    ThesisPartnership,
    texts_of,
)
from cotutelle.operations.keys import matches
from cotutelle.policy import Action, Tie, can
from cotutelle.web import mine, wording
from cotutelle.web.fields import whole
from cotutelle.web.filters import country, text
from cotutelle.web.guards import may
from cotutelle.web.next_steps import next_of, waiting_of
from cotutelle.web.wording_partnership import REGION_WORDS

bp = Blueprint("theses", __name__)

COLUMNS = (
    Thesis.id,
    Thesis.reference,
    Thesis.state,
    Thesis.state_since,
    Thesis.convention_state,
    Thesis.convention_since,
    Thesis.first_year,
    Thesis.defence_on,
    Thesis.defence_from,
    Thesis.defence_until,
    Thesis.lacking,
    Thesis.health_reason,
    Thesis.sort_key,
    Person.family_name,
    Person.given_names,
    Convention.expires_on,
)
LIST: Select[*tuple[Any, ...]] = (
    select(*COLUMNS)
    .join(Person, Person.id == Thesis.candidate_id)
    .join(Convention, and_(Convention.thesis_id == Thesis.id, Convention.holding))
)
SEVERAL = ("partner", "partnership", "country", "region")
"""Questions to which several answers may go together: a thesis has many of each."""
TOO_SHORT = ("convention_ends_before_defence", "convention_expired")
"""Reasons of health of a thesis whose convention does not last until its defence."""
SITUATIONS = {
    "too_short": TOO_SHORT,
    "in_order": ("in_order",),
    "facts_missing": ("facts_missing",),
}
"""Situations that the list may be narrowed to, each with the reasons of health that it means."""
SORTS = {
    "candidate": (Thesis.sort_key, False),
    "recent": (Thesis.id, True),
    "year": (Thesis.first_year, True),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What the reader asks of the list; unknown answers are left out.

    Of partners, partnerships, countries and regions there may be several, parted by commas: a thesis has them all.
    """

    words: str = ""
    state: str = ""
    convention: str = ""
    partner: str = ""
    partnership: str = ""
    country: str = ""
    region: str = ""
    since: int | None = None
    situation: str = ""
    defence: int | None = None
    school: str = ""
    year: int | None = None
    sort: str = "candidate"
    after: str = ""
    before: str = ""

    def parts(self, name: str) -> list[str]:
        """The answers to one question."""
        value = getattr(self, name)
        if name in SEVERAL:
            return [part for part in str(value).split(",") if part]
        return [str(value)] if value else []

    def narrowed(self, name: str, value: str) -> str:
        """The answers to one question with one more, where several go together; else that one alone."""
        return ",".join(dict.fromkeys([*self.parts(name), value])) if name in SEVERAL else value

    def widened(self, name: str, value: str) -> str:
        """The answers to one question without one of them."""
        return ",".join(part for part in self.parts(name) if part != value)

    def address(self, endpoint: str = "theses.index", **changes: Any) -> str:
        """The address of this list, or of another page that asks alike, with some answers changed.

        Paging starts anew unless given.
        """
        values = {
            "q": self.words,
            "state": self.state,
            "convention": self.convention,
            "partner": self.partner,
            "partnership": self.partnership,
            "country": self.country,
            "region": self.region,
            "since": self.since,
            "situation": self.situation,
            "defence": self.defence,
            "school": self.school,
            "year": self.year,
            "sort": self.sort if self.sort != "candidate" else "",
            **changes,
        }
        return url_for(endpoint, **{k: v for k, v in values.items() if v not in ("", None)})


@bp.get("/")
@may(Action.USE_ACCOUNT)
def home() -> Any:
    """To what a reader came for: the office's day, what waits for a signature, one's own thesis, or the operator's page."""
    if g.general_ties == {Tie.ANYONE, Tie.SIGNED_IN, Tie.OPERATOR}:
        return redirect(url_for("status.operate"))
    if can(Action.VIEW_TODAY, g.general_ties):
        return redirect(url_for("today.show"))
    own = mine.first_of(db.session())
    if own is not None:
        return redirect(url_for("mine.show", reference=own))
    if Tie.AUDITOR in g.general_ties or Tie.DIRECTORY in g.general_ties:
        return redirect(url_for("theses.index"))
    return redirect(url_for("waiting.index"))


@bp.get("/theses")
@may(Action.LIST_THESES, kept=True)
def index() -> Any:
    """The theses that the reader sees."""
    session, asked = db.session(), asked_for()
    choices = choices_of(session, asked)
    rows, previous_url, next_url = _page(session, asked)
    ids = [row.id for row in rows]
    return render_template(
        "thesis/list.html",
        rows=rows,
        parties=parties_of(session, ids),
        titles=texts_of(session, "thesis", ids, "title"),
        coming=next_of(session, ids, g.reader, g.today),
        waiting=waiting_of(session, ids),
        asked=asked,
        found=_count(session, asked),
        total=session.scalar(select(func.count(Thesis.id))) or 0,
        previous_url=previous_url,
        next_url=next_url,
        choices=choices,
        chips=chips_of(asked, choices, "theses.index"),
        wording=wording,
    )


def parties_of(session: Session, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """For each thesis its institutions in order, as strands show them."""
    rows = session.execute(
        select(
            ThesisInstitution.thesis_id, ThesisInstitution.position, Institution.short_name, Institution.code
        )
        .join(Institution, Institution.id == ThesisInstitution.institution_id)
        .where(ThesisInstitution.thesis_id.in_(ids))
        .order_by(ThesisInstitution.thesis_id, ThesisInstitution.position)
    )
    found: dict[int, list[dict[str, Any]]] = {id_: [] for id_ in ids}
    for thesis_id, position, short_name, code in rows:
        found[thesis_id].append(
            {"position": position, "short_name": short_name, "name": short_name, "code": code}
        )
    return found


def asked_for() -> Query:
    """What the address of this request asks of the list."""
    get = request.args.get
    year = get("year", "")
    return Query(
        words=get("q", "")[:200],
        state=get("state", "") if get("state") in set(ThesisState) else "",
        convention=get("convention", "") if get("convention") in set(ConventionState) else "",
        partner=get("partner", "")[:400],
        partnership=get("partnership", "")[:400],
        country=get("country", "")[:60],
        region=",".join(part for part in get("region", "").split(",") if part in REGIONS),
        since=whole(get("since", "")),
        situation=get("situation", "") if get("situation") in SITUATIONS else "",
        defence=whole(get("defence", "")),
        school=get("school", "")[:12],
        year=whole(year),
        sort=get("sort", "") if get("sort") in SORTS else "candidate",
        after=get("after", "")[:300],
        before=get("before", "")[:300],
    )


def filtered(session: Session, asked: Query, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement over theses, narrowed to what is asked."""
    if asked.state:
        statement = statement.where(Thesis.state == asked.state)
    if asked.convention:
        statement = statement.where(Thesis.convention_state == asked.convention)
    if asked.year:
        statement = statement.where(Thesis.first_year == asked.year)
    if asked.school:
        there = (
            select(ThesisInstitution.thesis_id)
            .join(School, School.id == ThesisInstitution.school_id)
            .where(School.public_id == asked.school)
        )
        statement = statement.where(Thesis.id.in_(there))
    for code in asked.parts("partner"):
        statement = statement.where(Thesis.id.in_(_with(Institution.code == code)))
    for code in asked.parts("country"):
        statement = statement.where(Thesis.id.in_(_with(Institution.country == code)))
    for name in asked.parts("region"):
        statement = statement.where(Thesis.id.in_(_with(Institution.country.in_(sorted(REGIONS[name])))))
    for code in asked.parts("partnership"):
        under = (
            select(ThesisPartnership.thesis_id)
            .join(Partnership, Partnership.id == ThesisPartnership.partnership_id)
            .where(Partnership.code == code)
        )
        statement = statement.where(Thesis.id.in_(under))
    if asked.situation:
        statement = statement.where(Thesis.health_reason.in_(SITUATIONS[asked.situation]))
    if asked.defence:
        first, last = date(min(asked.defence, 9999), 1, 1), date(min(asked.defence, 9999), 12, 31)
        planned = func.coalesce(Thesis.defence_on, Thesis.defence_until)
        to_come = Thesis.state.not_in(DEFENCE_OVER)
        statement = statement.where(planned.between(first, last), planned >= g.today, to_come)
    if asked.since:
        statement = statement.where(Thesis.first_year >= asked.since)
    condition = matches(session, asked.words)
    return statement if condition is None else statement.where(condition)


def _with(condition: ColumnElement[bool]) -> Select[int]:
    """The theses with an institution of which this holds."""
    return (
        select(ThesisInstitution.thesis_id)
        .join(Institution, Institution.id == ThesisInstitution.institution_id)
        .where(condition)
    )


def _page(session: Session, asked: Query) -> tuple[list[Any], str | None, str | None]:
    """One page by keyset: the rows after, or before, the one that the address names."""
    size = current_app.config["PAGE_SIZE"]
    column, falling = SORTS[asked.sort]
    backwards = bool(asked.before)
    statement = filtered(session, asked, LIST)
    cursor = _cursor(asked.before or asked.after, column)
    down = falling != backwards
    if cursor is not None:
        value, id_ = cursor
        beyond = column < value if down else column > value
        statement = statement.where(
            or_(beyond, and_(column == value, Thesis.id < id_ if down else Thesis.id > id_))
        )
    order: list[Any] = [column.desc(), Thesis.id.desc()] if down else [column.asc(), Thesis.id.asc()]
    rows = list(session.execute(statement.order_by(*order).limit(size + 1)))
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_previous, has_next = (more, True) if backwards else (cursor is not None, more)
    name = column.key
    key = [f"{getattr(row, name)}|{row.id}" for row in rows]
    previous_url = asked.address(before=key[0]) if rows and has_previous else None
    next_url = asked.address(after=key[-1]) if rows and has_next else None
    return rows, previous_url, next_url


def _cursor(mark: str, column: Any) -> tuple[Any, int] | None:
    value, _bar, last = mark.rpartition("|")
    id_, number = whole(last), whole(value)
    if id_ is None:
        return None
    if column is Thesis.sort_key:
        return value, id_
    return (number, id_) if number is not None else None


def _count(session: Session, asked: Query) -> int:
    return session.scalar(filtered(session, asked, select(func.count(Thesis.id)))) or 0


def choices_of(session: Session, asked: Query) -> dict[str, list[tuple[str, str]]]:
    """What can be filtered by: institutions, partnerships, schools and years only where the reader's theses have them."""
    partners = session.execute(
        select(Institution.code, Institution.short_name)
        .join(ThesisInstitution, ThesisInstitution.institution_id == Institution.id)
        .distinct()
        .order_by(Institution.short_name)
    ).all()
    schools = session.execute(
        select(School.public_id, School.code, Institution.short_name)
        .join(ThesisInstitution, ThesisInstitution.school_id == School.id)
        .join(Institution, Institution.id == School.institution_id)
        .distinct()
        .order_by(Institution.short_name, School.code)
    ).all()
    partnerships = session.execute(
        select(Partnership.code, Partnership.short_name)
        .where(Partnership.id.in_(select(ThesisPartnership.partnership_id)))
        .order_by(Partnership.sort_key)
    ).all()
    countries = sorted(session.scalars(select(Institution.country).distinct()))
    years = session.scalars(select(Thesis.first_year).distinct().order_by(Thesis.first_year.desc())).all()
    return {
        "partner": [(code, name) for code, name in partners],
        "school": [(pid, f"{name} · {code}") for pid, code, name in schools],
        "partnership": [(code, name) for code, name in partnerships],
        "country": [(code, country(code)) for code in countries],
        "region": [(name, word) for name, word in REGION_WORDS.items()],
        "situation": [
            ("too_short", _("Convention ends before the defence")),
            ("in_order", _("In order")),
            ("facts_missing", _("Facts missing")),
        ],
        "defence": [(str(asked.defence), _("defence in %(year)s", year=asked.defence))]
        if asked.defence
        else [],
        "since": [(str(year), _("since %(year)s", year=year)) for year in years],
        "year": [(str(year), str(year)) for year in years],
        "state": wording.choices(wording.THESIS_STATES),
        "convention": wording.choices(wording.CONVENTION_STATES),
    }


ANSWERED = (
    "state", "convention", "partner", "partnership", "region", "country", "school", "situation", "defence", "since",
    "year",
)  # fmt: skip
"""The questions whose answers stand as chips above what they narrow."""


def chips_of(asked: Query, choices: dict[str, list[tuple[str, str]]], endpoint: str) -> list[tuple[str, str]]:
    """Every answer that narrows a page: its words, and the address of the page without it."""
    found = [(_("“%(words)s”", words=asked.words), asked.address(endpoint, q=""))] if asked.words else []
    for name in ANSWERED:
        words = dict(choices.get(name, ()))
        for value in asked.parts(name):
            word = words.get(value) or (_("since %(year)s", year=value) if name == "since" else value)
            word = country(value) if name == "country" else word
            found.append((word, asked.address(endpoint, **{name: asked.widened(name, value)})))
    return found


def title_of(texts: dict[str, dict[str, str]]) -> str:
    """The title to show a reader: in their language where there is one."""
    titles = texts.get("title", {})
    return text(titles)
