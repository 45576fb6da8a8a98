"""When two cells mean the same person: ids as they were before a spreadsheet took hold of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np

from sim.engine.kinds import Array
from sim.errors import said
from sim.scenario.imports.table import Column
from sim.state import NOBODY

SHORTENED: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)
MONTHS: Final = "jan|feb|mrt|mar|maa|mär|apr|mei|may|mai|jun|jul|aug|sep|okt|oct|nov|dec|dez"
DAY, MONTH, YEAR = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)[0-9]{2}"
DATE: Final = re.compile(
    rf"{DAY}[-/. ](?:{MONTHS})[a-z]*\.?(?:[-/. ](?:{YEAR}|[0-9]{{2}}))?"
    rf"|(?:{MONTHS})[a-z]*\.?[-/. ](?:{YEAR}|[0-9]{{2}})"
    rf"|{DAY}([-/.]){MONTH}\1{YEAR}(?: [0-9:.]+)?|{MONTH}([-/.]){DAY}\2{YEAR}(?: [0-9:.]+)?"
    rf"|{YEAR}-{MONTH}-{DAY}(?:[ T][0-9:.]+)?",
    re.IGNORECASE,
)


def identity(text: str) -> str:
    """Return an id as one writes it: a number without the decimals a spreadsheet gave it.

    Leading zeros and capitals stay: they may be all that tells two people apart.

    Examples
    --------
    >>> identity("1001.0"), identity("0012"), identity("1.0.0")
    ('1001', '0012', '1.0.0')
    """
    if not text.endswith("0"):
        return text
    whole, sign, rest = text.partition("." if "." in text else ",")
    if sign and rest in ("0", "00") and whole.isdecimal():
        return whole
    return text


def spoiled(text: str) -> str:
    """Return what a spreadsheet made of an id, empty for an id in order.

    Examples
    --------
    >>> spoiled("1E+05"), spoiled("3-mei"), spoiled("E-105")
    ('a number cut short (1E+05)', 'a date', '')
    """
    if SHORTENED.fullmatch(text):
        return said("a number cut short (1E+05)")
    return said("a date") if DATE.fullmatch(text) else ""


def loose(text: str) -> str:
    """Return an id without capitals, leading zeros and signs between thousands."""
    if re.fullmatch(r"[0-9]{1,3}([.,' ])[0-9]{3}(?:\1[0-9]{3})*", text):
        text = re.sub("[.,' ]", "", text)
    text = text.casefold()
    return text.lstrip("0") or "0" if text.isdecimal() else text


class Known:
    """Finds people by their ids, also where these are written in another way.

    The same id goes first. Else it is the one id that differs in capitals, leading zeros or signs
    between thousands only; where several do, it is nobody's.

    Parameters
    ----------
    ids
        The id of each person, in order.

    Examples
    --------
    >>> known = Known(["0012", "A7", "a7"])
    >>> known.place("12"), known.place("a7"), known.place("13"), known.loosely
    (0, 2, None, 1)
    """

    def __init__(self, ids: Iterable[str]) -> None:
        self._places = {id_: place for place, id_ in enumerate(ids)}
        self._alike: dict[str, int | None] = {}  # made when it is first needed
        self.loosely = 0

    def places(self, column: Column) -> Array:
        """Return the place of the person in each row of a column of ids, -1 for nobody."""
        times = np.bincount(column.code, minlength=len(column.texts)).tolist()
        rows = [
            self.place(text, number) if text else None
            for text, number in zip(column.texts, times, strict=True)
        ]
        return column.each([NOBODY if row is None else row for row in rows], int)

    def place(self, text: str, times: int = 1) -> int | None:
        """Return the place of the person with this id, which occurs so many times; None for nobody."""
        place = self._places.get(text)
        if place is None:
            if not self._alike:
                for known, other in self._places.items():
                    key = loose(known)
                    self._alike[key] = None if key in self._alike else other
            place = self._alike.get(loose(text))
            self.loosely += times * (place is not None)
        return place
