"""Reading a stranger's file in a process of its own, which limits of time and memory end and which takes nothing along.

What is run there is a module of this package that reads the file from its standard input and answers with one JSON
object; it imports nothing of this application, so that it starts in a moment.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cotutelle.documents.upload import WrongFile

FOLDER = Path(__file__).parent
LAUNCH = """
import resource, runpy, sys
seconds, room = int(sys.argv[1]), int(sys.argv[2]) * 2**20
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
resource.setrlimit(resource.RLIMIT_AS, (room, room))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
del sys.argv[:3]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Sets the limits before anything is read, then runs the module."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What reading one file may take: processor seconds, MiB of memory, seconds until an answer is given up."""

    seconds: int = 20
    mib: int = 1536
    patience: int = 60


class TooCostly(RuntimeError):
    """A file took more than its bounds, or ended the process that read it."""


def read(module: str, data: bytes, *arguments: str, bounds: Bounds | None = None) -> Mapping[str, Any]:
    """What a module of this package says of a file.

    Raises TooCostly.
    """
    own = bounds or Bounds()
    command = [
        sys.executable,
        "-I",
        "-c",
        LAUNCH,
        str(own.seconds),
        str(own.mib),
        str(FOLDER / f"{module}.py"),
    ]
    try:
        ended = subprocess.run(  # noqa: S603  # this interpreter and a module of this package
            [*command, *arguments],
            input=data,
            capture_output=True,
            timeout=own.patience,
            env={"LC_ALL": "C.UTF-8"},
            check=False,
        )
        answer: dict[str, Any] = json.loads(ended.stdout)
    except (subprocess.TimeoutExpired, BrokenPipeError, ValueError):
        raise TooCostly from None
    return answer


def media_type(data: bytes, limit: int, bounds: Bounds | None = None) -> str:
    """The media type of a file that may be uploaded, of at most `limit` bytes.

    Raises upload.WrongFile.
    """
    if not data:
        raise WrongFile("empty")
    if len(data) > limit:
        raise WrongFile("large")
    try:
        answer = read("upload", data, str(limit), bounds=bounds)
    except TooCostly:
        raise WrongFile("costly") from None
    if "why" in answer:
        raise WrongFile(answer["why"], answer["what"])
    return str(answer["kind"])
