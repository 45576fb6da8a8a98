"""Guesses of a lesson: asked with a slider, kept, and scored once the answer is there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from analysis.words.languages import Language, language
from sim.errors import AdoptionError, said

MOST: Final = 10
"""Points of a guess that is right."""

FILE: Final = "my-guesses.json"
"""Where the score is kept, in the folder one works in."""

_kept: dict[tuple[int, str], Guess] = {}
"""Guesses of this session: a slider stays where it was put when its cell is run again."""


@dataclass
class Guess:
    """What somebody thinks will come out: a number, or one of several answers.

    Shown at the end of a cell it is a slider or a menu where ``ipywidgets`` is installed and the
    page can show them; anywhere else the number in the cell counts.

    Attributes
    ----------
    name
        What is guessed.
    typed
        What stands in the cell.
    low, high
        Ends of the slider.
    options
        The answers there are; none for a number.
    """

    name: str
    typed: float | str
    low: float = 0.0
    high: float = 100.0
    options: tuple[str, ...] = ()
    words: Language = field(default_factory=lambda: language("en"))
    control: Any = None

    @property
    def value(self) -> Any:
        """What is guessed now: where the slider stands, or what was typed."""
        return self.typed if self.control is None else self.control.value

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        return self.words._("{name}: your guess is {value}", name=self.name, value=self.value)

    def _repr_mimebundle_(self, **wanted: Any) -> dict[str, Any]:
        plain = {"text/plain": repr(self)}
        try:
            widgets: Any = import_module("ipywidgets")  # in the group lessons, and not needed
        except ImportError:
            return plain
        if self.control is None:
            looks = {
                "value": self.typed,
                "description": self.words._("your guess"),
                "style": {"description_width": "initial"},
            }
            if self.options:
                self.control = widgets.Dropdown(options=self.options, **looks)
            else:
                step = 1 if self.high - self.low >= 10 else (self.high - self.low) / 100
                self.control = widgets.FloatSlider(
                    min=self.low, max=self.high, step=step, readout_format=".0f", **looks
                )
        bundle = self.control._repr_mimebundle_(**wanted)
        return {**(bundle or {}), **plain}


@dataclass(frozen=True)
class Scored:
    """What a guess was worth, as a line that a cell shows.

    Attributes
    ----------
    text
        What is said.
    points
        0 to ``MOST``.
    """

    text: str
    points: int

    def __repr__(self) -> str:
        return self.text


def points_for(guess: Guess, truth: float | str) -> int:
    """Return what a guess is worth [0 to MOST].

    An answer is right or wrong. A number loses all of it at half the length of the slider.

    Examples
    --------
    >>> from analysis.lessons.guesses import Guess, points_for
    >>> points_for(Guess("users", 40.0), 50.0), points_for(Guess("users", 0.0), 80.0)
    (8, 0)
    """
    if guess.options:
        return MOST if guess.value == truth else 0
    off = abs(float(guess) - float(truth))
    return round(MOST * max(0.0, 1.0 - off / (0.5 * (guess.high - guess.low))))


class Lesson:
    """One lesson in one language: it asks for guesses, keeps them and adds up what they are worth.

    Parameters
    ----------
    number
        Of the lesson.
    lang
        Language of what is said and drawn: ``en`` or ``nl``.
    file
        Where the score is kept; by default a file in the folder one works in.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lesson = Lesson(1, file=pathlib.Path(folder) / "score.json")
    ...     guess = lesson.guess("weekly users", 40)
    ...     print(lesson.score(guess, 50.0))
    Your guess was 40, it is 50: 10 off, 8 of 10 points. So far: 8 of 10.
    """

    def __init__(self, number: int, lang: str = "en", file: Path | None = None) -> None:
        self.number = number
        self.words = language(lang)
        self.file = Path(FILE) if file is None else file

    def guess(self, name: str, typed: float, low: float = 0.0, high: float = 100.0) -> Guess:
        """Ask for a number.

        Parameters
        ----------
        name
            What is guessed.
        typed
            The number in the cell, which counts where there is no slider.
        low, high
            Ends of the slider.

        Raises
        ------
        AdoptionError
            If the number lies outside.
        """
        if not isinstance(typed, int | float) or not low <= typed <= high:
            raise AdoptionError(
                said(
                    "your guess: found {found}, expected a number from {low} to {high}",
                    found=repr(typed),
                    low=f"{low:g}",
                    high=f"{high:g}",
                )
            )
        return self._keep(Guess(name, float(typed), low, high, words=self.words))

    def choose(self, name: str, typed: str, options: Sequence[str]) -> Guess:
        """Ask which of several answers is right.

        Raises
        ------
        AdoptionError
            If the one in the cell is none of them.
        """
        if typed not in options:
            raise AdoptionError(
                said(
                    "your guess: found '{found}', expected one of: {options}",
                    found=typed,
                    options=", ".join(options),
                )
            )
        return self._keep(Guess(name, typed, options=tuple(options), words=self.words))

    def _keep(self, asked: Guess) -> Guess:
        key = (self.number, asked.name)
        before = _kept.get(key)
        if before is not None and (before.typed, before.low, before.high, before.options) == (
            asked.typed,
            asked.low,
            asked.high,
            asked.options,
        ):
            return before
        _kept[key] = asked
        return asked

    def score(self, guess: Guess, truth: float | str) -> Scored:
        """Say what a guess was worth, and what all of them are; the first one of a question counts."""
        words, points = self.words, points_for(guess, truth)
        if guess.options:
            text = words._(
                "Your guess was {guess}, it is {truth}: {points} of {most} points.",
                guess=guess.value,
                truth=truth,
                points=points,
                most=MOST,
            )
        else:
            whole = float(guess).is_integer() and float(truth).is_integer()
            digits = 0 if whole or guess.high - guess.low >= 10 else 1
            text = words._(
                "Your guess was {guess}, it is {truth}: {off} off, {points} of {most} points.",
                guess=words.number(float(guess), digits),
                truth=words.number(float(truth), digits),
                off=words.number(abs(float(guess) - float(truth)), digits),
                points=points,
                most=MOST,
            )
        return self._counted(guess.name, text, points)

    def _counted(self, name: str, text: str, points: int) -> Scored:
        """Keep what a guess was worth, the first of each question, and add up."""
        words, kept = self.words, self._scores()
        first = kept.setdefault(f"{self.number} {name}", points)
        self.file.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
        if first != points:
            text += " " + words._("(Your first guess counts: {points} points.)", points=first)
        total = words._("So far: {sum} of {all}.", sum=sum(kept.values()), all=MOST * len(kept))
        return Scored(f"{text} {total}", points)

    def score_forecasts(
        self, name: str, forecasts: Sequence[float], truths: Sequence[float]
    ) -> Scored:
        """Say what several forecasts were worth: all of it is lost at 20 points off on average.

        Raises
        ------
        AdoptionError
            If there are not as many forecasts as there is to forecast, from 0 to 100.
        """
        if len(forecasts) != len(truths) or not all(0 <= one <= 100 for one in forecasts):
            raise AdoptionError(
                said(
                    "your forecasts: found {found}, expected {number} numbers from 0 to 100",
                    found=str(list(forecasts)),
                    number=len(truths),
                )
            )
        off = sum(abs(a - b) for a, b in zip(forecasts, truths, strict=True)) / len(truths)
        points = points_for(Guess(name, off, 0.0, 40.0), 0.0)
        text = self.words._(
            "Your forecasts are {off} points off on average: {points} of {most} points.",
            off=self.words.number(off, 1),
            points=points,
            most=MOST,
        )
        return self._counted(name, text, points)

    def _scores(self) -> dict[str, int]:
        if not self.file.exists():
            return {}
        try:
            kept = json.loads(self.file.read_text("utf-8"))
            return {str(name): int(points) for name, points in kept.items()}
        except (ValueError, AttributeError, TypeError, OSError) as error:
            raise AdoptionError(
                said(
                    "{file}: found no score of the lessons in it; delete it to begin anew",
                    file=self.file.name,
                )
            ) from error

    def row(self, number: int, guess: Guess, result: float) -> str:
        """Return the line for the class file: number of the firm, guess and result, no name."""
        return f"{number},{float(guess):.0f},{result:.1f}"
