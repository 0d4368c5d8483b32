"""Places for signatures in a file that was drawn elsewhere: one field for each signatory, unseen, appended to its bytes."""

import io
from collections.abc import Iterable

import pikepdf

from cotutelle.documents.looping import apart
from cotutelle.documents.seal import CannotSeal


def is_signed(pdf: bytes) -> bool:
    """Whether a file bears a signature already: what it says is settled, and is not put before anybody any more."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return any(
            isinstance(item, pikepdf.Dictionary)
            and item.get("/FT") == pikepdf.Name.Sig
            and item.get("/V") is not None
            for item in file.objects
        )


def with_fields(pdf: bytes, names: Iterable[str]) -> bytes:
    """The file with an empty signature field of each name after its own bytes.

    Raises CannotSeal when it cannot be added to.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field
    from pyhanko.sign.general import SigningError

    def add() -> bytes:
        out = io.BytesIO()
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        for name in names:
            append_signature_field(writer, SigFieldSpec(name, on_page=-1))
        writer.write(out)
        return out.getvalue()

    try:
        data = apart(add)
    except (PdfError, SigningError, ValueError, TypeError, KeyError) as error:
        raise CannotSeal("file", str(error)) from error
    assert data.startswith(pdf)
    return data
