"""Calling a library that runs an event loop of its own, from wherever one is."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Answer = TypeVar("Answer")


def apart(act: Callable[[], Answer]) -> Answer:
    """What an act answers; in a thread of its own where a loop runs already, for two in one thread are refused."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return act()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act).result()
