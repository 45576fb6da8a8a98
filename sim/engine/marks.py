"""What a function is to the engine: a rule, written in the subset, or an entry, which hosts call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Final, TypeVar, cast, get_type_hints

from sim.engine.kinds import SCRATCH

F = TypeVar("F", bound=Callable[..., Any])

ENTRIES: Final[dict[str, Entered]] = {}
"""All entries, by their name in C."""


class Entered:
    """A function the host runs in the engine; ``plain`` is the same in Python."""

    def __init__(self, function: Callable[..., Any], scratch: frozenset[str]) -> None:
        self.plain, self.scratch = function, scratch
        self.parameters = tuple(inspect.signature(function).parameters)
        page = function.__module__.split(".")[-1]
        self.name = f"{page}_{function.__name__.lstrip('_')}"
        update_wrapper(self, function)
        ENTRIES[self.name] = self

    def __call__(self, *values: Any) -> Any:
        """Return what the engine makes of these values, by position."""
        from sim.engine.running import host

        if len(values) != len(self.parameters):
            raise TypeError(
                f"{self.name} takes {', '.join(self.parameters)}; {len(values)} were given"
            )
        return host().call(self, values)


def rule(function: F) -> F:
    """Say that a function is written in the subset; in Python it stays the same function."""
    function.in_subset = True  # type: ignore[attr-defined]
    return function


def entry(function: F) -> F:
    """Make a function of the subset one that is called from outside: its annotations say all types.

    An array that is annotated as :data:`sim.engine.kinds.SCRATCH` is copied for it,
    unless it is :class:`sim.engine.kinds.Spent`.
    """
    hints = get_type_hints(function, include_extras=True)
    scratch = (name for name, hint in hints.items() if SCRATCH in getattr(hint, "__metadata__", ()))
    return cast(F, Entered(rule(function), frozenset(scratch)))
