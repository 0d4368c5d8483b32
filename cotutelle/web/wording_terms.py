"""The answers that terms of a convention offer, in the interface's words."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

_COVER = {
    "student": _l("Student scheme of the country"),
    "employee": _l("Employee scheme"),
    "ehic": _l("European health insurance card"),
    "private": _l("Private insurance"),
}
_PAYER = {
    "each_own": _l("Each institution pays its own members"),
    "lead": _l("The lead institution"),
    "host": _l("The institution where the defence takes place"),
    "shared": _l("Shared in equal parts"),
}
_APPOINTING = {
    "lead": _l("The competent authority of the lead institution"),
    "jointly": _l("The competent authorities jointly"),
}
CHOICES: Mapping[str, Mapping[str, LazyString]] = {
    "act_type": {
        "individual": _l("One convention for this thesis"),
        "application": _l("Application of a framework agreement"),
    },
    "stays_fixed_by": {
        "directors": _l("The directors, by agreement"),
        "plan": _l("The plan in the annex"),
        "council": _l("The council of the doctoral school"),
    },
    "health_cover": _COVER,
    "committee_mode": {
        "french_csi": _l("The French CSI alone"),
        "joint_csi": _l("One joint committee"),
        "both_panels": _l("Each institution's own panel"),
    },
    "owner_rule": {
        "employer_law": _l("By the law of the employer"),
        "shared": _l("Shared by the institutions"),
        "per_contribution": _l("By each one's contribution"),
    },
    "rapporteurs_external_to": {
        "lead": _l("The lead institution"),
        "all": _l("All the institutions"),
    },
    "external_share": {"all": _l("All the institutions"), "lead": _l("The lead institution")},
    "rapporteurs_appointed_by": _APPOINTING,
    "vote_majority": {
        "simple": _l("Majority of the votes cast, the president deciding a tie"),
        "absolute": _l("Absolute majority of those who decide"),
        "unanimity": _l("Unanimity of those who decide"),
        "host": _l("By the rules of the institution where the defence takes place"),
    },
    "jury_appointed_by": _APPOINTING,
    "invitations": {
        "each_own": _l("Each institution invites its own members"),
        "lead": _l("The lead institution"),
        "host": _l("The institution where the defence takes place"),
    },
    "travel_payer": _PAYER,
    "lodging_payer": _PAYER,
    "recognition": {"by_law": _l("By right"), "on_request": _l("On request")},
    "electronic_signature": {
        "none": _l("On paper"),
        "simple": _l("Electronic, simple"),
        "advanced": _l("Electronic, advanced"),
        "qualified": _l("Electronic, qualified"),
    },
    "amendment_triggers": {
        "extension": _l("Longer duration"),
        "director": _l("Another director"),
        "title": _l("Another subject"),
        "stay": _l("Stays"),
        "fees": _l("Fees"),
        "diploma": _l("Diploma"),
        "funding": _l("Funding"),
        "jury": _l("Rules of the jury"),
        "defence_place": _l("Place of the defence"),
    },
}
