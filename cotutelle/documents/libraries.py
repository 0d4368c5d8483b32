"""The system libraries that drawing a PDF needs, looked for without loading the engine."""

import ctypes
import ctypes.util

_NEEDED = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "pango-1.0"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "pangoft2-1.0"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "harfbuzz-subset"),
}


def missing_libraries() -> list[str]:
    """The Debian packages that are missing; empty when a PDF can be drawn."""
    return [package for package, names in _NEEDED.items() if not any(_loads(name) for name in names)]


def install_command(packages: list[str]) -> str:
    """What an administrator types on Debian or Ubuntu."""
    return f"apt-get install --no-install-recommends {' '.join(packages)}"


def _loads(name: str) -> bool:
    path = name if name.endswith(".0") else ctypes.util.find_library(name)
    if not path:
        return False
    try:
        ctypes.CDLL(path)
    except OSError:
        return False
    return True
