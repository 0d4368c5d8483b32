"""Search and sort keys of theses, written wherever a name or a title is; and the search that reads them."""

from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.orm import Session

from cotutelle.domain.names import folded
from cotutelle.models import Person, Supervision, Thesis, texts_of
from cotutelle.scope import as_system


def rewrite(session: Session, thesis: Thesis) -> None:
    """Write the keys of a thesis from its candidate, titles, supervisors and reference as they are now."""
    candidate = session.get_one(Person, thesis.candidate_id)
    titles = texts_of(session, "thesis", [thesis.id], "title")[thesis.id]["title"]
    supervisors = session.scalars(
        select(Person.search_key)
        .join(Supervision, Supervision.person_id == Person.id)
        .where(Supervision.thesis_id == thesis.id)
    )
    words = [thesis.reference, *titles.values()]
    thesis.search_key = " ".join([candidate.search_key, folded(" ".join(words)), *supervisors])
    thesis.sort_key = f"{candidate.sort_key}  {folded(thesis.reference)}"
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        forget(session, thesis.id)
        insert = text("INSERT INTO thesis_search (rowid, search_key) VALUES (:id, :key)")
        session.execute(insert, {"id": thesis.id, "key": thesis.search_key})


def forget(session: Session, thesis_id: int) -> None:
    """Take a thesis out of SQLite's search index; PostgreSQL's follows the table by itself."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DELETE FROM thesis_search WHERE rowid = :id"), {"id": thesis_id})


def rewrite_for(session: Session, person: Person) -> None:
    """Write the keys of every thesis that names this person, also of those the author of the change cannot see."""
    session.flush()
    with as_system(session, "search keys"):
        supervised = select(Supervision.thesis_id).where(Supervision.person_id == person.id)
        named = or_(Thesis.candidate_id == person.id, Thesis.id.in_(supervised))
        for thesis in session.scalars(select(Thesis).where(named)).all():
            rewrite(session, thesis)


def matches(session: Session, words: str) -> ColumnElement[bool] | None:
    """The condition that a thesis holds every word; None when there is no word to look for.

    SQLite asks its trigram index, PostgreSQL its text index (words by their beginning).
    """
    terms = folded(words).split()[:12]
    if not terms:
        return None
    if session.get_bind().dialect.name == "postgresql":
        query = " & ".join(f"{term}:*" for term in terms)
        return func.to_tsvector("simple", Thesis.search_key).op("@@")(func.to_tsquery("simple", query))
    short = [Thesis.search_key.contains(term, autoescape=True) for term in terms if len(term) < 3]
    long = [f'"{term}"' for term in terms if len(term) >= 3]
    if long:
        found = text("thesis.id IN (SELECT rowid FROM thesis_search WHERE thesis_search MATCH :terms)")
        short.append(found.bindparams(terms=" AND ".join(long)))  # type: ignore[arg-type]  # a text clause is a condition too
    return and_(*short)
