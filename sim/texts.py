"""Which signs no text may hold: those that take over a terminal, or break a picture or a page."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_PLANES: Final = "".join(
    chr(0x10000 * plane + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
UNFIT: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    f"\ufdd0-\ufdef{_PLANES}]"
)
"""Control signs but tab and end of line, signs that turn the direction of what follows, halves of
signs, and what is no sign of Unicode: none is well-formed in XML or harmless in a terminal."""

_NAMES: Final = {
    0x00: "null", 0x07: "bell", 0x08: "backspace", 0x0B: "vertical tab", 0x0C: "form feed",
    0x0D: "carriage return", 0x1B: "escape", 0x7F: "delete", 0x85: "next line",
    0x9B: "control sequence introducer",
}  # fmt: skip


def unfit(text: str) -> str:
    r"""Return what a text holds that no text may, in words; empty for a text in order.

    Examples
    --------
    >>> unfit("Zoë & Søn, 漢字 👩‍💻"), unfit("red\x1b[31m")
    ('', 'the control character U+001B (escape) as its 4th sign')
    """
    found = UNFIT.search(text)
    if found is None:
        return ""
    code = ord(found[0])
    kind = "character"
    if unicodedata.category(found[0]) == "Cc":
        kind = "control character"
    elif code in range(0x202A, 0x202F) or code in range(0x2066, 0x206A):
        kind = "direction override"
    name = _NAMES.get(code) or unicodedata.name(found[0], "").lower()
    named = f" ({name})" if name else ""
    return f"the {kind} U+{code:04X}{named} as its {_nth(found.start() + 1)} sign"


def _nth(number: int) -> str:
    """Return a number as a place in a row."""
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"
