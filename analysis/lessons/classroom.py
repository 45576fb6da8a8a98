"""The class: one firm each, and all of them together are the band."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

import sim
from analysis.figures.frame import Picture
from analysis.lessons.figures import GUESS, histogram, named, panels
from analysis.lessons.guesses import Lesson
from analysis.results.colours import PALETTE
from sim.engine.kinds import Array
from sim.errors import AdoptionError, said

COLUMNS = ("number", "guess", "result")


def read_class(file: str | Path) -> Array:
    """Return what a class handed in: number of the firm, guess and result [%], a row for each.

    Parameters
    ----------
    file
        CSV with the columns ``number``, ``guess`` and ``result``, and no names; a line that begins with
        ``#`` is a remark.

    Raises
    ------
    AdoptionError
        If it cannot be read, or a line is not three numbers.
    """
    path = Path(file)
    try:
        lines = [
            (place, cells)
            for place, cells in enumerate(
                csv.reader(path.read_text("utf-8-sig").splitlines()), start=1
            )
            if any(cell.strip() for cell in cells) and not cells[0].startswith("#")
        ]
    except (OSError, UnicodeDecodeError) as error:
        raise AdoptionError(said("{file}: cannot be read", file=str(path))) from error
    if not lines or tuple(cell.strip() for cell in lines[0][1]) != COLUMNS:
        raise AdoptionError(
            said(
                "{file}, line {line}: expected the columns {columns}, and nothing else",
                file=str(path),
                line=lines[0][0] if lines else 1,
                columns=", ".join(COLUMNS),
            )
        )
    rows = []
    for place, cells in lines[1:]:
        try:
            number, guess, result = (float(cell) for cell in cells)
        except ValueError:
            number = guess = result = float("nan")
        if not (number >= 0 and 0 <= guess <= 100 and 0 <= result <= 100):
            raise AdoptionError(
                said(
                    "{file}, line {line}: found '{found}', expected the number of a firm, a guess and "
                    "a result from 0 to 100, such as 7,50,83",
                    file=str(path),
                    line=place,
                    found=",".join(cells),
                )
            )
        rows.append((number, guess, result))
    if len(rows) < 2:
        raise AdoptionError(
            said(
                "{file}: found {number} rows, expected 2 or more", file=str(path), number=len(rows)
            )
        )
    return np.array(rows)


def class_figure(lesson: Lesson, file: str | Path, scenario: str = "baseline") -> Picture:
    """Draw where the firms of a class ended, beside two hundred others: the class is the band.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    file
        What the class handed in, see :func:`read_class`.
    scenario
        What everybody simulated.
    """
    words, rows = lesson.words, read_class(file)
    others = 100.0 * sim.run(scenario, runs=200).curves(scenario, "adoption")[:, -1]
    low, high = np.quantile(others, [0.1, 0.9])
    inside = float(((rows[:, 2] >= low) & (rows[:, 2] <= high)).mean())
    picture, (left, middle, right) = panels(
        words._(
            "{share} of our {number} firms lie in the band; {low} to {high}% holds 80% of all",
            share=words.percent(inside),
            number=len(rows),
            low=words.number(low),
            high=words.number(high),
        ),
        words._("weekly users after 24 months, % of employees"),
        words._(
            "Left: what we guessed. Middle: our firms. Right: 200 firms. Shade: their middle 80 %."
        ),
        wide=(1, 1, 1),
        left=0.45,
    )
    for ax, values, colour, name in (
        (left, rows[:, 1], GUESS, words._("our guesses")),
        (middle, rows[:, 2], PALETTE[2], words._("our firms")),
        (right, others, PALETTE[0], words._("200 firms")),
    ):
        histogram(ax, values, None, colour)
        ax.patches[-1].remove()  # the shade of these alone
        ax.axhspan(low, high, color=PALETTE[0], alpha=0.12, linewidth=0)
        named(ax, name)
    return picture
