"""JSON that somebody else wrote: parsed, or refused with a sentence."""

import json
from typing import Any


class Unreadable(ValueError):
    """The file cannot be understood; the message says where and why."""


def parsed(text: str, what: str) -> Any:
    """The value that a JSON text holds; `what` the file should be, such as ``a jury file``.

    Raises Unreadable.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"This is not JSON: {error.msg} in line {error.lineno}.") from None
    except RecursionError:
        raise Unreadable(f"This is nested too deeply to be {what}.") from None
    except ValueError:
        raise Unreadable("This holds a number of thousands of digits.") from None
    if "\\ud" in text.lower() and _halved(data):
        raise Unreadable("This holds half of a character (a \\u escape from d800 to dfff without its pair).")
    return data


def _halved(data: Any) -> bool:
    """Whether some text in it could never be printed."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
