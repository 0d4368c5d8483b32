"""Words for signatures in files: what they are, what speaks against them, what an institution asks for."""

from flask_babel import lazy_gettext as _l

from cotutelle.domain.signature import Fault, Flaw, Mark, Unsound
from cotutelle.domain.signoff import Level

REASONS = {
    Unsound.UNKNOWN: _l("This installation has not closed this file."),
    Unsound.UNSIGNED: _l("Nobody signed it."),
    Unsound.OURS_ALTERED: _l(
        "It passes for a file of this installation and is none of them: it was altered."
    ),
    Unsound.SIGNATURE: _l("At least one of its signatures does not hold."),
    Unsound.MORE_AFTER: _l("Something was added to it after its last signature."),
}
FLAWS = {
    Flaw.NOT_PDF: _l("It is not a PDF."),
    Flaw.BROKEN: _l("It is damaged or cut, and cannot be read."),
    Flaw.ENCRYPTED: _l("It is protected by a password, so nobody can read its signatures."),
    Flaw.LARGE: _l("It is too large."),
    Flaw.SLOW: _l("It could not be read within the time allowed."),
}
FAULTS = {
    Fault.ALTERED: _l("what was signed has been altered"),
    Fault.FORGED: _l("the signature is not that of its certificate"),
    Fault.PARTIAL: _l("it does not cover all of the file as it was then"),
    Fault.CHANGED_AFTER: _l("more than signatures was added since"),
    Fault.REVOKED: _l("the certificate was revoked"),
    Fault.EXPIRED: _l("the certificate has ended, and no clock shows that it was used before"),
    Fault.UNKNOWN_ISSUER: _l("nobody whom this installation trusts issued the certificate"),
    Fault.UNFIT: _l("the certificate is not made for signing documents, or its method is too weak"),
    Fault.CLOCK: _l("the time stamp does not hold"),
    Fault.UNREADABLE: _l("it cannot be read"),
}
MARKS = {Mark.SEAL: _l("seal"), Mark.SIGNATURE: _l("signature"), Mark.TIME_STAMP: _l("time stamp")}
LEVELS = {
    Level.ANY: _l("any, a click among them"),
    Level.STRONG: _l("in ink, with a certificate, or in a tool of the institution"),
    Level.CERTIFICATE: _l("with a certificate in the file"),
}
