"""How a column writes its numbers: which sign stands before decimals, which between thousands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.errors import said
from sim.scenario.imports.columns import ITEMS, THREAT_COLUMNS
from sim.scenario.imports.table import Table
from sim.scenario.imports.workbook import Exact
from sim.scenario.words import short

UNKNOWN: Final = float("nan")

HOURS: Final = (
    r"(?:hours?|hrs?|h|uren|uur|u|stunden?|std)\.?"
    r"(?:\s*(?:per|a|pro|/|p\.?)\s*(?:week|wk|woche|w)\.?|\s*weekly)?"
)
AN_HOUR: Final = r"(?:(?:per|an|pro|/|p\.?)\s*(?:hour|hr|uur|stunde|std|h|u)\.?)?"
FTE: Final = r"fte'?s?"


class Kind(NamedTuple):
    """What the numbers of a column are.

    Attributes
    ----------
    low, high
        Ends of the range that is allowed.
    possible
        Beyond this it is no number of this kind, so that 36.000 hours can only be 36.
    unit
        Pattern of words that may stand behind it.
    percent
        Whether 80 % is .8 of it.
    money
        Whether a sign of the euro may stand beside it.
    whole
        Whether it has no decimals.
    """

    low: float
    high: float
    possible: float = float("inf")
    unit: str = ""
    percent: bool = False
    money: bool = False
    whole: bool = False


YEAR: Final = 8784.0  # hours of the longest year
SHARE: Final = Kind(0, 1, possible=100, percent=True)
KINDS: Final[Mapping[str, Kind]] = {
    "hours": Kind(0, 80, YEAR, HOURS, percent=True),
    "hours_month": Kind(0, 350, YEAR, HOURS),
    "hours_year": Kind(0, 4200, YEAR, HOURS),
    "fte": Kind(0, 200, possible=200, unit=FTE, percent=True),
    "hourly_cost": Kind(0, 1000, unit=AN_HOUR, money=True),
    "skill": SHARE,
    **dict.fromkeys(THREAT_COLUMNS, SHARE),
    **dict.fromkeys(ITEMS, Kind(1, 5, possible=5, whole=True)),
    "weight": Kind(0, 1e12),
}
"""Numbers of each column."""

ACTIONS: Final = Kind(0, 1e6)
"""Numbers of a column that counts actions."""


class Written(NamedTuple):
    """A number as it is written.

    Attributes
    ----------
    digits
        The number with a decimal point.
    sign
        The sign before its decimals, ``.`` or ``,``; empty if it shows none.
    grouped
        The other number it may be: ``sign`` may as well stand between thousands. Else empty.
    percent, unit
        Whether it is written as a percentage, or with its unit.
    """

    digits: str
    sign: str = ""
    grouped: str = ""
    percent: bool = False
    unit: bool = False


PLAIN: Final = re.compile(r"[0-9]{1,15}")
ALIKE: Final = str.maketrans(
    {
        **dict.fromkeys(
            "\t\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a", " "
        ),
        **dict.fromkeys("\u202f\u205f\u3000", " "),
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2019\u2018\u02bc\u02b9\u2032\u00b4", "'"),
    }
)
"""Signs that look like a space, a minus or an apostrophe, and mean it."""

MONEY: Final = r"(?:€|euros?|eur)"
PERCENT: Final = r"(?:%|pct\.?|procent|percent|prozent)"
SIGNED: Final = re.compile(r"([-+]?)\s*(.*?)\s*(-?)", re.DOTALL)

THIN: Final = re.compile(r"[0-9]{1,3}(?:([ '])[0-9]{3})(?:\1[0-9]{3})*(?:([.,])[0-9]{1,20})?")
BOTH: Final = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})*(?!\1)([.,])[0-9]{1,20}")
MANY: Final = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(?:\1[0-9]{3})+")
ONE: Final = re.compile(r"([0-9]{0,20})([.,])([0-9]{0,20})")
POWER: Final = re.compile(r"([0-9]{1,20})(?:([.,])([0-9]{0,20}))?(e[-+]?[0-9]{1,3})", re.IGNORECASE)


def written(text: str, kind: Kind) -> Written | None:
    """Return how a number is written, None for what is no number.

    Examples
    --------
    >>> written("€ 1.234,56", KINDS["hourly_cost"])
    Written(digits='1234.56', sign=',', grouped='', percent=False, unit=False)
    >>> written("1.050", KINDS["weight"])[:3]
    ('1.050', '.', '1050')
    """
    bare = text.translate(ALIKE).strip()
    if bare.startswith("'"):  # a spreadsheet's mark of a number that is kept as a text
        bare = bare[1:].lstrip()
    negative = False
    if bare.startswith("(") and bare.endswith(")"):
        negative, bare = True, bare[1:-1].strip()
    percent = unit = False
    if kind.unit and (match := re.fullmatch(rf"(.*?\S)\s*{kind.unit}", bare, re.I | re.S)):
        unit, bare = len(match[1]) < len(bare), match[1]
    if match := re.fullmatch(rf"(.*?)\s*{PERCENT}", bare, re.I | re.S):
        if not kind.percent:
            return None
        percent, bare = True, match[1]
    if kind.money:
        match = re.fullmatch(rf"([-+]?)\s*{MONEY}?\s*(.*?)\s*{MONEY}?(-?)", bare, re.I | re.S)
        if match:
            bare = match[1] + match[2] + match[3]
        bare = re.sub(r"([.,])(?:--?|=)$", r"\g<1>0", bare)  # 45,- is 45,0
    before, bare, after = SIGNED.fullmatch(bare).groups()  # type: ignore[union-attr]
    if before and after:
        return None
    negative ^= "-" in (before, after)
    parts = _digits(bare)
    if parts is None:
        return None
    digits, sign, grouped = parts
    minus = "-" if negative else ""
    return Written(minus + digits, sign, grouped and minus + grouped, percent, unit)


def _digits(bare: str) -> tuple[str, str, str] | None:
    """Return a number without what stands around it: its digits, decimal sign, and as grouped."""
    if re.fullmatch("[0-9]{1,20}", bare):
        return bare, "", ""
    if match := THIN.fullmatch(bare):
        sign = match[2] or ""
        return re.sub("[ ']", "", bare).replace(",", "."), sign, ""
    if match := BOTH.fullmatch(bare):
        sign = match[2]
        return bare.replace(match[1], "").replace(",", "."), sign, ""
    if match := MANY.fullmatch(bare):
        return bare.replace(match[1], ""), ",."[match[1] == ","], ""
    if match := POWER.fullmatch(bare):
        return bare.replace(",", "."), match[2] or "", ""
    match = ONE.fullmatch(bare)
    if match is None or not (match[1] or match[3]):
        return None
    whole, sign, rest = match[1], match[2], match[3]
    digits = f"{whole or 0}.{rest or 0}"
    if len(rest) == 3 and len(whole) in (1, 2, 3) and whole[0] != "0":
        return digits, sign, whole + rest
    return digits, sign, ""


MANY_DIGITS: Final = 1e6
"""An end of a range from here on says nothing to a reader."""


def expected(kind: Kind) -> str:
    """Return what is expected in a column, in words."""
    if kind.whole:
        return said("a whole number from {low:,g} to {high:,g}", low=kind.low, high=kind.high)
    if kind.high >= MANY_DIGITS:
        return said("a number of at least {low:,g}", low=kind.low)
    return said("a number from {low:,g} to {high:,g}", low=kind.low, high=kind.high)


class Numbers:
    """The numbers of a table: all values of a column decide together how it writes them.

    A sign followed by three digits, as in 1.050, stands before decimals or between thousands.
    Which it is, is told by other numbers of the column; else by those of the other columns, if the
    separator of the file agrees with them (a semicolon stands beside decimal commas); else nothing
    tells, and the number is refused.

    Parameters
    ----------
    table
        The rows.
    kinds
        What the numbers of each column are.
    """

    def __init__(self, table: Table, kinds: Mapping[str, Kind] = KINDS) -> None:
        self.table = table
        self.kinds = {name: kinds[name] for name in table.columns if name in kinds}
        self._known = {name: self._written(name) for name in self.kinds}
        self._shown = {name: self._signs(name) for name in self.kinds}
        self.signs = {name: self._sign(name) for name in self.kinds}

    def _written(self, name: str) -> dict[str, Written | None]:
        """Return how each text of a column is written."""
        return {
            text: Written(text)
            if isinstance(text, Exact) or PLAIN.fullmatch(text)
            else written(text, self.kinds[name])
            for text in self.table.columns[name].texts
            if text
        }

    def _doubtful(self, name: str, number: Written) -> bool:
        """Return whether a number may be a thousand times another one."""
        return bool(number.grouped) and abs(float(number.grouped)) <= self.kinds[name].possible

    def _signs(self, name: str) -> set[str]:
        """Return the decimal signs the numbers of a column show."""
        known = self._known[name].values()
        return {number.sign for number in known if number and not self._doubtful(name, number)} - {
            ""
        }

    def _sign(self, name: str) -> str:
        """Return the decimal sign of a column; empty if nothing tells, both if it has both."""
        if own := self._shown[name]:
            return "".join(sorted(own))
        others = {sign for shown in self._shown.values() for sign in shown}
        habit = {",": ".", ";": ","}.get(self.table.separator)
        sign = others.pop() if len(others) == 1 else ""
        return sign if habit in (None, sign) else ""

    def said(self, name: str, what: str) -> Array:
        """Return the rows of a column whose number is written with a unit, or as a percentage."""
        known, column = self._known[name], self.table.columns[name]
        return column.each([getattr(known.get(text), what, False) for text in column.texts], bool)

    def column(self, name: str) -> Array:
        """Return the number in each row, not a number for an empty or wrong cell; note the latter."""
        if name not in self.kinds:
            return np.full(len(self.table.lines), UNKNOWN)
        column = self.table.columns[name]
        values, wrong = dict.fromkeys(column.texts, UNKNOWN), dict[str, str]()
        for text in self._known[name]:
            try:
                values[text] = self._value(text, name)
            except ValueError as error:
                wrong[text] = error.args[0]
        self.table.wrong_texts(name, wrong)
        return column.each([*values.values()])

    def _value(self, text: str, name: str) -> float:
        """Return what a text of a column says, or raise ValueError with what is wrong."""
        kind, number = self.kinds[name], self._known[name][text]
        what = said("found '{text}'", text=short(text))
        if number is None:
            raise ValueError(
                said("{found}, expected {allowed}", found=what, allowed=expected(kind))
            )
        digits = number.digits
        if self._doubtful(name, number):
            if len(self.signs[name]) != 1:
                small = digits.rstrip("0").rstrip(".") if digits[-1] == "0" else digits + "0"
                raise ValueError(
                    said(
                        "{found}, which is {grouped} or {digits:,g}, and no other number tells which: write {grouped} or {small:,.{places}f}",
                        found=what,
                        grouped=number.grouped,
                        digits=float(digits),
                        small=float(small),
                        places=len(small.partition(".")[2]),
                    )
                )
            if self.signs[name] != number.sign:
                digits = number.grouped
        value = float(digits) / (100 if number.percent else 1)
        if (kind.whole and not value.is_integer()) or not kind.low <= value <= kind.high:
            share = kind is SHARE and 1 < value <= 100
            hint = (
                said(": {value:,g} % is {number:,g}", value=value, number=value / 100)
                if share
                else ""
            )
            raise ValueError(
                said(
                    "{found}, expected {allowed}{hint}",
                    found=what,
                    allowed=expected(kind),
                    hint=hint,
                )
            )
        return value

    def notes(self) -> list[str]:
        """Return how numbers were understood, but for those with a decimal point only."""
        signs: dict[str, list[str]] = {}
        for name, known in self._known.items():
            if not self._shown[name] and not any(
                number and number.grouped for number in known.values()
            ):
                continue
            sign = self.signs[name]
            thousands = {
                number.sign for number in known.values() if number and self._doubtful(name, number)
            } - {sign}
            if sign in ("", ".") and not thousands:
                continue
            comma = (
                said("a decimal comma, points between thousands")
                if thousands
                else said("a decimal comma")
            )
            words = {
                ",": comma,
                ".": said("a decimal point, commas between thousands"),
            }.get(sign, said("decimal commas and decimal points"))
            signs.setdefault(words, []).append(f"'{short(self.table.heads[name], 30)}'")
        return [
            said("numbers with {words}: {names}", words=words, names=", ".join(names))
            for words, names in signs.items()
        ]
