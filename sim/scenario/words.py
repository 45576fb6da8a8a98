"""How anything is said in a message: short, printable, beside the known name it is nearest to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from sim.errors import said
from sim.texts import printable


def short(value: object, most: int = 60) -> str:
    """Return a value as a text that fits in a message."""
    text = printable(str(value)[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like another one."""
    spelled = {re.sub(r"[\s_-]+", "_", word.lower()): word for word in known}
    close = difflib.get_close_matches(
        re.sub(r"[\s_-]+", "_", name[:80].strip().lower()), list(spelled), n=1, cutoff=0.6
    )
    return spelled[close[0]] if close else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the nearest, and all if they are few."""
    names = list(known)
    near = closest(name, names)
    text = said("; did you mean '{near}'?", near=near) if near else ""
    if 0 < len(names) <= 20:
        text += said(
            "{end} known: {listed}",
            end="" if near else ";",
            listed=", ".join(short(name) for name in names),
        )
    return text


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number with its noun, in the singular or the plural."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def duration(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> duration(0.3), duration(50), duration(4000), duration(20_000)
    ('1 second', '50 seconds', '67 minutes', '6 hours')
    """
    for unit, length in (("day", 86400.0), ("hour", 3600.0), ("minute", 60.0)):
        if seconds >= 2.0 * length:
            return counted(round(seconds / length), unit)
    return counted(max(1, round(seconds)), "second")


def amount(size: float) -> str:
    """Return a number of bytes in words.

    Examples
    --------
    >>> amount(2_400_000_000), amount(512)
    ('2.4 GB', '1 kB')
    """
    for unit, length in (("GB", 1e9), ("MB", 1e6)):
        if size >= length:
            return f"{size / length:.1f} {unit}"
    return f"{max(1.0, size / 1e3):.0f} kB"
