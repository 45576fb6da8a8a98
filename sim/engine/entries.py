"""What is called from outside the engine: its functions by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, Final

ENTRIES: Final[dict[str, Entry]] = {}
"""All entries, by their name in C."""


class Entry:
    """A function the host runs in the engine; ``plain`` is the same in Python."""

    def __init__(self, function: Callable[..., Any], scratch: frozenset[str]) -> None:
        self.plain, self.scratch = function, scratch
        self.parameters = tuple(inspect.signature(function).parameters)
        page = function.__module__.split(".")[-1]
        self.name = f"{page}_{function.__name__.lstrip('_')}"
        ENTRIES[self.name] = self
