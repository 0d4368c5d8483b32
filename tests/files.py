"""Small real files for uploads."""

import io

from PIL import Image


def picture(kind: str, side: int = 3) -> bytes:
    """A picture of one colour as PNG or JPEG."""
    target = io.BytesIO()
    Image.new("1", (side, side)).save(target, kind)
    return target.getvalue()
