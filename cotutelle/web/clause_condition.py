"""When an institution's own wording of a clause is used: asked in a form, and said in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import DataRequired

from cotutelle.db import db
from cotutelle.domain.language import best
from cotutelle.models import ClauseVariant, Framework, Institution, texts_of
from cotutelle.operations import clause as acts
from cotutelle.web.fields import Choice, Form, Text, country_choices, options
from cotutelle.web.filters import country, locale


class BeginForm(Form):
    """A variant of a clause: whose it is, its name, when it is used."""

    institution = Choice(_l("Conventions led by"), [DataRequired(_l("Choose the institution."))])
    name = Text(_l("Name"), [DataRequired(_l("Give a name, such as “with Brazil”."))], most=120)
    with_institution = Choice(_l("Only with this institution"))
    with_country = Choice(_l("Only with an institution of this country"))
    framework = Choice(_l("Only under this framework agreement"))


def offer(form: BeginForm, mine: frozenset[int]) -> None:
    """Fill in what may be chosen; `mine` are the institutions whose wordings the reader may write."""
    session = db.session()
    rows = session.scalars(select(Institution).order_by(Institution.sort_key)).all()
    form.institution.choices = options([(row.code, row.short_name) for row in rows if row.id in mine])
    form.with_institution.choices = options(
        [("", _("any")), *((row.code, row.short_name) for row in rows if row.id not in mine)]
    )
    form.with_country.choices = country_choices(_("any"))
    frameworks = session.scalars(select(Framework).order_by(Framework.id)).all()
    titles = texts_of(session, "framework", [row.id for row in frameworks], "title")
    form.framework.choices = options(
        [
            ("", _("any or none")),
            *((row.public_id, best(titles[row.id]["title"], locale())) for row in frameworks),
        ]
    )


def chosen(form: BeginForm) -> acts.Condition:
    """The narrowest condition that was chosen."""
    session = db.session()
    if form.framework.data:
        row = session.scalars(select(Framework).where(Framework.public_id == form.framework.data)).one()
        return acts.Condition(framework_id=row.id)
    if form.with_institution.data:
        other = session.scalars(
            select(Institution).where(Institution.code == form.with_institution.data)
        ).one()
        return acts.Condition(institution_id=other.id)
    return acts.Condition(country=form.with_country.data or "")


def in_words(row: ClauseVariant) -> str:
    """When a variant is used."""
    if row.framework_id is not None:
        titles = texts_of(db.session(), "framework", [row.framework_id], "title")[row.framework_id]["title"]
        return str(_("under “%(framework)s”", framework=best(titles, locale())))
    if row.with_institution is not None:
        return str(_("with %(institution)s", institution=row.with_institution.short_name))
    if row.with_country:
        return str(_("with an institution of: %(country)s", country=country(row.with_country)))
    return str(_("always"))
