"""How anything is said in a message: short, printable, beside the known name it is nearest to."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


def printable(text: str) -> str:
    """Return a text with what cannot be shown replaced, each by one character."""
    return "".join(one if one.isprintable() else " " if one.isspace() else "\ufffd" for one in text)


def short(value: object, most: int = 60) -> str:
    """Return a value as a text that fits in a message."""
    text = printable(str(value)[: most + 1])
    return text if len(text) <= most else text[: most - 1] + "…"


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like another one."""
    spelled = {re.sub(r"[\s_-]+", "_", one.lower()): one for one in known}
    close = difflib.get_close_matches(
        re.sub(r"[\s_-]+", "_", name[:80].strip().lower()), list(spelled), n=1, cutoff=0.6
    )
    return spelled[close[0]] if close else None


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a message about an unknown name: the nearest, and all if they are few."""
    names = list(known)
    near = closest(name, names)
    text = f"; did you mean '{near}'?" if near else ""
    if 0 < len(names) <= 20:
        text += f"{'' if near else ';'} known: {', '.join(short(one) for one in names)}"
    return text
