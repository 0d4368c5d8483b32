"""Many documents at once: a press for each core, each with the next document as soon as it is free."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from cotutelle.documents.press import CannotPrint, Limits, Press, Prints
from cotutelle.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class Job:
    """A document to be made: its name, and how a press makes it."""

    name: str
    make: Callable[[Prints], bytes]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a job: its bytes, or why it could not be made."""

    name: str
    data: bytes = b""
    error: CannotPrint | Refused | None = None


def make_all(jobs: Iterable[Job], folder: Path, limits: Limits, cores: int = 0) -> Iterator[Made]:
    """Make documents on so many cores (0: all of them); each is given as soon as it is made, whatever the order."""
    count = cores or os.cpu_count() or 1
    free: SimpleQueue[Press] = SimpleQueue()
    presses = [Press(folder, limits) for _number in range(count)]
    for press in presses:
        free.put(press)

    def one(job: Job) -> Made:
        press = free.get()
        try:
            return Made(job.name, job.make(press))
        except (CannotPrint, Refused) as error:
            return Made(job.name, error=error)
        finally:
            free.put(press)

    try:
        with ThreadPoolExecutor(count) as pool:
            for done in as_completed([pool.submit(one, job) for job in jobs]):
                yield done.result()
    finally:
        for press in presses:
            press.stop()
