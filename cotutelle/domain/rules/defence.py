"""Rules on the defence and what follows: authorisation, publicity, remote members, chair, grade, sessions, diploma."""

from cotutelle.domain.check import FLAG, MAYBE_FLAG, WHOLE, Figure, Figures, Group, Kind, Topic, check, word
from cotutelle.domain.dossier import Dossier, Place
from cotutelle.domain.finding import Outcome, Verdict, aside, met, unknown

FORMS = ("joint", "two_diplomas")


@check(Group.JURY, president=FLAG)
def remote_authorised(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """Whoever takes part from afar is authorised by the head; `president`: whether the president may, too."""
    jury = dossier.jury
    if jury is None:
        return unknown("jury")
    remote = [seat for seat in jury.seats if seat.remote and seat.sits]
    if jury.remote_mode == "none" and not remote:
        return aside("nobody")
    observed = {"n": len(jury.members) if jury.remote_mode == "full" else len(remote)}
    ids = tuple([seat.id for seat in remote])
    if not figures["president"]:
        afar = [seat for seat in jury.presidents if seat.remote or jury.remote_mode == "full"]
        if afar or (jury.remote_mode == "full" and not jury.presidents):
            return Outcome(Verdict.FAIL, "president", observed, figures, ids)
        if not jury.presidents and jury.remote_authorised is not False:
            return unknown("presidency", required=figures)
    if jury.remote_authorised is None:
        return unknown("remote_authorised", required=figures)
    say = "authorised" if jury.remote_authorised else "not_authorised"
    return met(jury.remote_authorised, say, observed, figures, ids)


@check(Group.DEFENCE)
def authorised_on_reports(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The defence is authorised once all reports are there, and before it is held (article 17)."""
    authorised, jury, defence = dossier.event("authorisation"), dossier.jury, dossier.defence
    if defence is None:
        return aside("no_defence")
    if authorised is None:
        over = dossier.today is not None and dossier.today > defence
        return unknown("authorisation") if over else Outcome(Verdict.PENDING, "due", {}, {"due": defence})
    if jury is None or not jury.rapporteurs:
        return unknown("rapporteurs")
    reports = [seat.report_on for seat in jury.rapporteurs]
    if None in reports:
        return met(False, "without_reports", {"on": authorised.on}, {"due": defence})
    last = max(day for day in reports if day)
    in_order = last <= authorised.on <= defence
    return met(in_order, "on", {"on": authorised.on, "last": last}, {"due": defence})


@check(Group.DEFENCE, Topic.PUBLICITY, public=FLAG, custom=MAYBE_FLAG)
def publicity(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The defence is public, or is not; a confidential subject may close a public one, by decision of the head.

    Against a mere `custom` it is enough that the convention says which.
    """
    public = dossier.convention.public if dossier.convention else None
    if public is None:
        return unknown("public", required=figures)
    if figures.get("custom"):
        return met(True, "public" if public else "closed", {}, figures)
    if figures["public"] and not public and dossier.confidential:
        return met(True, "confidential", {}, figures)
    return met(public == figures["public"], "public" if public else "closed", {}, figures)


@check(Group.DEFENCE, Topic.SESSIONS, count=WHOLE)
def sessions(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The defence is held in that many sessions."""
    planned = 2 if dossier.event("first_part") else 1 if dossier.event("defence_held") else None
    if planned is None:
        return unknown("sessions", required=figures)
    return met(planned >= figures["count"], "count", {"n": planned}, figures)


@check(Group.DEFENCE, most=WHOLE)
def single_defence(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The thesis is defended once for all institutions (article 23)."""
    held = len(dossier.events.get("defence_held", ()))
    if not held:
        return aside("none_held")
    return met(held <= figures["most"], "count", {"n": held}, figures)


@check(Group.JURY, Topic.PRESIDENT, who=word("dean", "rector", "professor"))
def chair(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """By the institution's own rule the ceremony is chaired by this office, or its delegate."""
    return aside("ceremony", who=figures["who"])


@check(Group.DIPLOMA, Topic.GRADE, given=FLAG)
def grade(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """A grade or mention stands on the diploma, or does not; each diploma follows its own law."""
    return aside("own_diploma", given=figures["given"])


@check(Group.DIPLOMA, Topic.DIPLOMA, forms=Figure(Kind.WORDS, choices=FORMS))
def diploma_form(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The diploma has one of these forms."""
    if dossier.diploma_form is None:
        return unknown("diploma_form", required=figures)
    return met(dossier.diploma_form in figures["forms"], "form", {"form": dossier.diploma_form}, figures)


@check(Group.DIPLOMA, Topic.DIPLOMA, region=Figure(Kind.TEXT))
def diploma_form_by_region(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """One joint diploma with a partner of the same region, two with any other (Hasselt)."""
    if dossier.diploma_form is None:
        return unknown("diploma_form", required=figures)
    near = all(other.region == figures["region"] for other in dossier.others(place))
    wanted = "joint" if near else "two_diplomas"
    return met(dossier.diploma_form == wanted, "form", {"form": dossier.diploma_form}, {"form": wanted})


@check(Group.DIPLOMA)
def diploma_as_agreed(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """The diploma issued has the form that the convention settles, and names the cotutelle (articles 21 and 23)."""
    issued = dossier.event("diploma")
    if issued is None:
        return aside("not_issued")
    form = issued.data.get("form")
    if form is None or dossier.diploma_form is None:
        return unknown("diploma_form")
    mentions = issued.data.get("mentions")
    if form == dossier.diploma_form == "two_diplomas" and mentions is not True:
        return unknown("mentions") if mentions is None else met(False, "silent", {"form": form}, {})
    return met(form == dossier.diploma_form, "form", {"form": form}, {"form": dossier.diploma_form})


@check(Group.DEPOSIT)
def star_names_partner(dossier: Dossier, place: Place, figures: Figures) -> Outcome:
    """After the deposit the STAR record exists and names every partner as a grantor (article 25)."""
    if dossier.event("deposit") is None:
        return aside("not_deposited")
    record = dossier.event("star_record")
    if record is None:
        return Outcome(Verdict.PENDING, "missing")
    partners = record.data.get("partners")
    if partners is None:
        return unknown("partners")
    return met(bool(partners), "on" if partners else "lacking", {"on": record.on}, {})
