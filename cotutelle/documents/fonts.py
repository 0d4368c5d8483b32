"""The document's typefaces: found in their wheels, through a font configuration of our own."""

import secrets
from functools import cache
from importlib import resources
from pathlib import Path

from fontTools.ttLib import TTFont

FACES = ("font_source_serif_pro", "font_source_sans_pro")


def directories() -> list[Path]:
    """The folders that hold the typefaces."""
    return [Path(str(resources.files(package))) / "files" for package in FACES]


def configure(folder: Path) -> Path:
    """Write a font configuration that knows these folders and nothing else; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "fonts.conf"
    listed = "".join(f"<dir>{directory}</dir>" for directory in directories())
    content = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{listed}<cachedir>{folder / 'fontconfig'}</cachedir></fontconfig>"
    )
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        fresh = path.with_suffix(f".{secrets.token_hex(6)}")  # two presses of one process may write at once
        fresh.write_text(content, encoding="utf-8")
        fresh.replace(path)
    return path


@cache
def _characters() -> frozenset[int]:
    serif, sans = directories()
    faces = (serif / "SourceSerifPro-Regular.ttf", sans / "SourceSansPro-Regular.ttf")
    return frozenset.intersection(*(frozenset(TTFont(face).getBestCmap()) for face in faces))


def drawable(text: str) -> str:
    """The text with a box for each sign that the typefaces cannot draw."""
    for sign in without_glyph(text):
        text = text.replace(sign, "□")
    return text


def without_glyph(text: str) -> list[str]:
    """The characters of a text that the typefaces cannot draw; spaces and format characters are not drawn."""
    import unicodedata

    known = _characters()
    return sorted(
        {
            c
            for c in text
            if ord(c) not in known and unicodedata.category(c) not in {"Zs", "Cf", "Cc", "Zl", "Zp"}
        }
    )
