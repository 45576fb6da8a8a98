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
    0x00: "null",
    0x07: "bell",
    0x08: "backspace",
    0x0B: "vertical tab",
    0x0C: "form feed",
    0x0D: "carriage return",
    0x1B: "escape",
    0x7F: "delete",
    0x85: "next line",
    0x9B: "control sequence introducer",
}


def printable(text: str) -> str:
    """Return a text with what cannot be shown replaced, each by one character."""
    return "".join(
        sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text
    )


def unfit(text: str) -> str:
    r"""Return the first sign of a text that no text may hold; empty for a text in order.

    Examples
    --------
    >>> unfit("Zoë & Søn, 漢字 👩‍💻"), unfit("red\x1b[31m")
    ('', 'U+001B (escape)')
    """
    match = UNFIT.search(text)
    if match is None:
        return ""
    code = ord(match[0])
    name = _NAMES.get(code) or unicodedata.name(match[0], "").lower()
    return f"U+{code:04X}" + f" ({name})" * bool(name)
