"""A file that was lent to be signed in somebody's own tool, and came back: what it must be to count as their signature."""

from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.signature import Fault, Mark, Reading, Signature


def new_signature(before: Reading, after: Reading, *, begins: bool, issuer_accepted: bool) -> Signature:
    """The one signature that came with the file.

    `begins` says whether the file begins with the lent one, byte for byte. Refused, by name, when it cannot be read,
    was saved anew, bears no new signature or several people's, breaks an earlier one, does not hold itself, was added
    to afterwards, or comes from an issuer whom nobody here knows and nobody took responsibility for.
    """
    if after.flaw is not None:
        raise Refused(Reason.FILE_UNREADABLE, "file", flaw=after.flaw)
    if not begins:
        raise Refused(Reason.FILE_REWRITTEN, "file")
    earlier, came = after.signatures[: len(before.signatures)], after.signatures[len(before.signatures) :]
    broken = [each for each in earlier if not each.intact]
    if broken:
        raise Refused(Reason.FILE_BREAKS, "file", name=broken[0].name or broken[0].field)
    people = [each for each in came if each.mark is Mark.SIGNATURE]
    if not people:
        raise Refused(Reason.FILE_UNSIGNED, "file")
    if len(people) > 1:
        raise Refused(Reason.FILE_SEVERAL, "file", names=", ".join(each.name for each in people))
    (signature,) = people
    faulty = [each for each in came if not each.intact]
    if faulty:
        raise Refused(
            Reason.FILE_FAULTY, "file", name=faulty[0].name or faulty[0].field, faults=faulty[0].faults
        )
    if not came[-1].whole_file:
        raise Refused(Reason.FILE_MORE_AFTER, "file")
    if Fault.UNKNOWN_ISSUER in signature.faults and not issuer_accepted:
        raise Refused(Reason.ISSUER_UNKNOWN, "file", name=signature.name, issuer=signature.issuer)
    return signature
