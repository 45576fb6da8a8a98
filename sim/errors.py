"""What went wrong, said so that it can be mended: where, what was found, what is allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from numbers import Integral
from typing import Any

from sim.texts import printable, unfit


class Said(str):
    """A message in English that remembers what it was made of, so that others can translate it.

    Attributes
    ----------
    template
        The message with fields in braces, as :meth:`str.format` reads them.
    values
        What stands in the fields; messages again where these are to be translated too.

    Examples
    --------
    >>> one = said("there is no {thing} '{name}'", thing=said("sector"), name="x")
    >>> one, one.template
    ("there is no sector 'x'", "there is no {thing} '{name}'")
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, values: dict[str, Any]) -> Said:
        """Return the message with values in the places of their names."""
        message = super().__new__(cls, template.format(**values))
        message.template, message.values = template, values
        return message

    def __add__(self, other: str) -> Said:
        """Return two messages, one after the other."""
        return Said("{one}{two}", {"one": self, "two": other}) if other else self

    def __radd__(self, other: str) -> Said:
        """Return a text with a message after it."""
        return Said("{one}{two}", {"one": other, "two": self}) if other else self

    def __getnewargs__(self) -> tuple[str, dict[str, Any]]:  # type: ignore[override]
        """Travel between processes as what it was made of."""
        return self.template, self.values


def said(template: str, /, **values: object) -> Said:
    """Return a message that can be translated: every text of ``sim`` that a page may show.

    Parameters
    ----------
    template
        A literal, found by whoever collects what is to be translated.
    values
        What stands in its fields.
    """
    return Said(template, values)


def invisible(text: str) -> str:
    """Return what is wrong with a text that holds signs no text may; empty for one in order."""
    sign = unfit(text)
    if not sign:
        return ""
    return said("found the invisible character {character}: leave it out", character=sign)


@dataclass(frozen=True)
class Problem:
    """One wrong value.

    Attributes
    ----------
    message
        What was found and what is allowed, in one line.
    path
        Dotted path of the value, or the column, empty for the file as a whole.
    file
        File, or the option (``--set``) it came from.
    line, column
        Place in the file, from 1; 0 if there is none.
    excerpt
        The line of the file, without its end.
    head
        What the file calls the column, if the path is one.
    """

    message: str
    path: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    excerpt: str = ""
    head: str = ""

    def __str__(self) -> str:
        place, name = printable(self.file), printable(self.path)
        if self.line:
            place += f":{self.line}:{self.column}"
        if _bare(self.head) not in ("", _bare(name)):
            name += f" ('{printable(self.head[:60])}')"
        head = " ".join(part for part in (place, name) if part)
        text = f"{head}: {self.message}" if head else self.message
        if self.excerpt:
            margin = f"{self.line} | "
            cut = max(0, self.column - 80)  # of a long line, the part around the place
            caret = " " * (len(margin) + self.column - 1 - cut) + "^"
            text += f"\n    {margin}{self.excerpt[cut : cut + 120]}\n    {caret}"
        return text


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


class AdoptionError(ValueError):
    """Something the user can mend; shown without a traceback."""


class ScenarioError(AdoptionError):
    """A scenario that cannot be used, with every problem found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Problem]]]:
        """Travel between processes as the problems it was made of."""
        return type(self), (self.problems,)


class InterruptedStudyError(AdoptionError):
    """A study that was interrupted before anything was finished."""


class BudgetError(AdoptionError):
    """A programme that does not fit its budget."""


def whole_number(name: str, value: object, low: int, high: int | None = None) -> None:
    """Raise AdoptionError unless a value is a whole number in a range."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):  # type: ignore[operator]
        allowed = f"from {low}" if high is None else f"from {low} to {high}"
        raise AdoptionError(f"{name}: found {value!r}, expected a whole number {allowed}")
