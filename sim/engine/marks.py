"""What a function is to the engine: a rule, written in the subset, or an entry, which hosts call."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast, get_type_hints

from sim.engine.entries import Entry
from sim.engine.kinds import SCRATCH

F = TypeVar("F", bound=Callable[..., Any])


class Entered(Entry):
    """An entry that is run in the engine when it is called."""

    def __init__(self, function: Callable[..., Any], scratch: frozenset[str]) -> None:
        super().__init__(function, scratch)
        update_wrapper(self, function)

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
