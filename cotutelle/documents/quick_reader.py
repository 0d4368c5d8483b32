"""Reading a PDF whose objects are packed into streams, each stream once.

The library unpacks a stream anew for every object in it, which takes a minute for a tagged convention of twenty pages.
"""

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.generic import DecodePurpose, Reference
from pyhanko.pdf_utils.misc import PdfReadError, PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader


class QuickReader(PdfFileReader):  # type: ignore[misc]  # its types are not followed
    """A reader that keeps where the objects of each packed stream begin."""

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        data, places = self._unpacked(stmnum)
        if not 0 <= idx < len(places) or places[idx][0] != idnum:
            raise PdfStrictReadError("An object is not where its file says.")
        data.seek(places[idx][1])
        found = generic.read_object(data, Reference(idnum, 0, self))
        if isinstance(found, (generic.StreamObject, generic.IndirectObject)):
            raise PdfStrictReadError("A packed stream holds what must not be in it.")
        return found

    def _unpacked(self, number: int) -> tuple[BytesIO, list[tuple[int, int]]]:
        kept: dict[int, tuple[Any, BytesIO, list[tuple[int, int]]]] = self.__dict__.setdefault("_streams", {})
        stream = Reference(number, 0, self).get_object()
        if number not in kept or kept[number][0] is not stream:
            kept[number] = (stream, *_places(stream))
        return kept[number][1:]


def _places(stream: Any) -> tuple[BytesIO, list[tuple[int, int]]]:
    """The unpacked bytes of a stream, and the number and place of each object in it."""
    if not isinstance(stream, generic.StreamObject) or stream.get("/Type") != "/ObjStm":
        raise PdfReadError("A packed object is not in a stream of objects.")
    data, places = BytesIO(stream.read_data(DecodePurpose.OBJECT_STREAM)), []
    for _object in range(int(stream["/N"])):
        pair = []
        for _number in range(2):
            misc.read_non_whitespace(data, seek_back=True)
            pair.append(int(generic.NumberObject.read_from_stream(data)))
        places.append((pair[0], int(stream["/First"]) + pair[1]))
    return data, places
