"""A file that was lent to be signed in somebody's own tool, and came back: what it must be to count as their signature."""

from collections.abc import Container

from cotutelle.domain.errors import Reason, Refused
from cotutelle.domain.names import folded
from cotutelle.domain.signature import Fault, Mark, Reading, Signature


def new_signature(
    before: Reading, after: Reading, *, begins: bool, field: str, person: str, accepted: bool
) -> Signature:
    """The one signature that came with the file, in the `field` of the `person` who is asked (empty: any of the form).

    `begins` says whether the file begins with the lent one, byte for byte; `accepted`, that somebody with a name takes
    responsibility for a certificate whose issuer nobody here knows or that is in another name. Refused, by name, when
    the file cannot be read, was saved anew or changed otherwise, bears no new signature or several people's, breaks an
    earlier one, does not hold itself, locks out whoever signs next, or was added to afterwards.
    """
    if after.flaw is not None:
        raise Refused(Reason.FILE_UNREADABLE, "file", flaw=after.flaw)
    if not begins:
        raise Refused(Reason.FILE_REWRITTEN, "file")
    earlier, came = after.signatures[: len(before.signatures)], after.signatures[len(before.signatures) :]
    broken = [each for each in earlier if not each.intact]
    if broken:
        raise Refused(Reason.FILE_BREAKS, "file", name=broken[0].name or broken[0].field)
    if any(each.locks or each.mark is Mark.SEAL for each in came):
        raise Refused(Reason.FILE_LOCKED, "file")
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
    if not came[-1].whole_file or not after.grown or _strayed(came, before, after):
        raise Refused(Reason.FILE_MORE_AFTER, "file")
    if signature.field != (field or signature.field) or signature.field not in before.fields:
        raise Refused(Reason.FILE_OTHER_FIELD, "file", own=field or next(iter(sorted(before.fields)), ""))
    if signature.certificate in {each.certificate for each in before.signatures}:
        raise Refused(Reason.CERTIFICATE_TWICE, "file", name=signature.name)
    if not accepted:
        _check_whose(came, signature, person)
    return signature


def is_in_the_name_of(signature: Signature, person: str) -> bool:
    """Whether a certificate is in somebody's name: it bears two parts of it at least, or the only one there is."""
    asked, found = set(folded(person).split()), set(folded(signature.name).split())
    return len(asked & found) >= min(2, len(asked)) > 0


def _check_whose(came: tuple[Signature, ...], signature: Signature, person: str) -> None:
    unknown = next((each for each in came if Fault.UNKNOWN_ISSUER in each.faults), None)
    if unknown is not None:
        raise Refused(Reason.ISSUER_UNKNOWN, "file", name=unknown.name, issuer=unknown.issuer)
    if not is_in_the_name_of(signature, person):
        raise Refused(Reason.CERTIFICATE_OF_ANOTHER, "file", name=signature.name, person=person)


def _strayed(came: tuple[Signature, ...], before: Reading, after: Reading) -> bool:
    """Whether the form has fields that it had not: but for the unseen ones in which clocks set their stamps."""
    stamps: Container[str] = {each.field for each in came if each.mark is Mark.TIME_STAMP}
    return any(name not in before.fields and name not in stamps for name in after.fields) or any(
        each.field in before.fields for each in came if each.mark is Mark.TIME_STAMP
    )
