"""In which parts the tests are run: the quick ones by themselves, each other folder by its name.

What takes more than half a second of a core lies in ``tests/long``. So do most cases of a sweep that is
long as a whole: the quick test runs over ``few(cases)``, the long one of the same name over
``others(cases)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

Case = TypeVar("Case")

FEW: Final = 6
TESTS: Final = Path(__file__).parent

LEFT: Final = {
    "long": "tests that take long",
    "documents": "of lessons and pages, done as they stand",
}
"""Folders of tests that are left out unless they are named, and what they hold.

``tests/browser`` and ``tests/wheel`` are not even looked at: they need Chromium, or an installation.
"""


def folder_of(test: Path) -> str | None:
    """Return the folder of ``LEFT`` a test lies in."""
    inside = test.relative_to(TESTS).parts if test.is_relative_to(TESTS) else ()
    return inside[0] if inside and inside[0] in LEFT else None


def few(cases: Iterable[Case], number: int = FEW) -> list[Case]:
    """Return the first case and every so-many-th after it, so that there are so many at most."""
    every = list(cases)
    return every[:: step(every, number)]


def others(cases: Iterable[Case], number: int = FEW) -> list[Case]:
    """Return the cases that are not among the few."""
    every = list(cases)
    return [one for place, one in enumerate(every) if place % step(every, number)]


def step(every: list[Case], number: int) -> int:
    """Return from which case to which the few go on."""
    return max(1, -(-len(every) // number))
