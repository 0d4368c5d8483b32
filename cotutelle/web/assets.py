"""Style, script, fonts and icons: served from here, with their content's digest in the address."""

import hashlib
import io
import os
import re
from functools import cache
from importlib import resources
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, url_for

from cotutelle.config import PACKAGE, place
from cotutelle.policy import Action
from cotutelle.web.guards import may

bp = Blueprint("assets", __name__, url_prefix="/assets")

_STATIC = PACKAGE / "static"
_FACES = {
    f"fonts/{name}.woff2": (package, f"{name}.ttf")
    for package, names in {
        "font_source_sans_pro": (
            "SourceSansPro-Light",
            "SourceSansPro-Regular",
            "SourceSansPro-Semibold",
            "SourceSansPro-It",
        ),
        "font_source_serif_pro": ("SourceSerifPro-Regular", "SourceSerifPro-Semibold", "SourceSerifPro-It"),
    }.items()
    for name in names
}
_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}


def _wheel_file(package: str, *parts: str) -> bytes:
    return resources.files(package).joinpath(*parts).read_bytes()


@cache
def content(name: str) -> bytes | None:
    """The bytes of an asset; None when there is none of that name."""
    if name == "bootstrap.min.css":
        css = _wheel_file("flask_bootstrap", "static", "bootstrap5", "css", "bootstrap.min.css")
        css = re.sub(rb"/\*# sourceMappingURL=.*?\*/", b"", css)
        return re.sub(rb'url\("?data:[^)]*\)', b"none", css)
    if name == "icons.svg":
        return _icons()
    if name in _FACES:
        return _kept_font(*_FACES[name])
    path = _STATIC / name
    if name in {"theme.css", "cotutelle.js", "icon.svg"} and path.is_file():
        return _with_addresses(path.read_bytes()) if name == "theme.css" else path.read_bytes()
    return None


def _with_addresses(css: bytes) -> bytes:
    """The style sheet with the digest of each font in its address."""

    def address(match: re.Match[bytes]) -> bytes:
        name = match[1].decode()
        return f'url("../{digest(name)}/{name}")'.encode()

    return re.sub(rb"url\([\"']?(fonts/[A-Za-z0-9-]+\.woff2)[\"']?\)", address, css)


def _kept_font(package: str, file: str) -> bytes:
    """The face for browsers, made once for each installation: making it takes most of a second."""
    kept = Path(current_app.instance_path) / "cache" / f"{file}.woff2"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(_web_font(package, file))
        fresh.replace(kept)
    return kept.read_bytes()


def _web_font(package: str, file: str) -> bytes:
    """A face for browsers: the Latin, Greek and Cyrillic letters of the wheel's font, as WOFF2."""
    from fontTools import subset

    options = subset.Options()
    options.flavor, options.layout_features, options.desubroutinize = (
        "woff2",
        ["kern", "liga", "tnum", "lnum"],
        True,
    )
    font = subset.load_font(io.BytesIO(_wheel_file(package, "files", file)), options)
    subsetter = subset.Subsetter(options)
    letters = [*range(0x20, 0x250), *range(0x300, 0x370), *range(0x1E00, 0x1F00), *range(0x2000, 0x2070)]
    subsetter.populate(unicodes=[*letters, 0x20AC, 0x2116, 0x2122, 0x2190, 0x2192, 0x2212])
    subsetter.subset(font)
    target = io.BytesIO()
    subset.save_font(font, target, options)
    return target.getvalue()


def _icons() -> bytes:
    """Only the symbols that the templates use, out of the wheel's sprite."""
    sprite = _wheel_file("flask_bootstrap", "static", "bootstrap5", "icons", "bootstrap-icons.svg").decode()
    used: set[str] = set()
    for template in place("templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        used.update(re.findall(r"icon\(\s*'([a-z0-9-]+)'", text))
        used.update(re.findall(r"'([a-z0-9]+(?:-[a-z0-9]+)*)'", text))
    kept = [
        re.sub(r'\s(class|fill)="[^"]*"', "", match[0], count=2)
        for match in re.finditer(r'<symbol[^>]*\sid="([a-z0-9-]+)".*?</symbol>', sprite, flags=re.DOTALL)
        if match[1] in used
    ]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(kept)}</svg>'.encode()


@cache
def digest(name: str) -> str:
    """The part of an asset's address that changes with its content."""
    data = content(name)
    return hashlib.sha256(data).hexdigest()[:12] if data else "none"


def asset(name: str) -> str:
    """The address of an asset."""
    return url_for("assets.show", version=digest(name), name=name)


@bp.get("/<string:version>/<path:name>")
@may(Action.OPEN_PUBLIC)
def show(version: str, name: str) -> Response:
    """An asset, to be kept for a year: its address changes with its content."""
    data = content(name)
    if data is None:
        abort(404)
    response = Response(data, content_type=_TYPES[Path(name).suffix[1:]])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
