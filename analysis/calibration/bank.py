"""What the figures are at many parameter vectors: a bank of simulations that can be resumed.

A bank is a table, one row per vector, written as it grows: whoever is interrupted goes on where
it stopped. Every vector has its own organisations, so that what they have in common by chance
blurs a figure and does not shift it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.calibration.targets import Target, figures
from analysis.ensemble import Progress, organisations_of, over_vectors
from sim.errors import AdoptionError, InterruptedStudyError
from sim.posteriors import calibrated
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]


def space_filling(number: int, seed: int) -> pd.DataFrame:
    """Return vectors spread evenly over the prior: a scrambled Sobol sequence.

    Parameters
    ----------
    number
        How many; a power of two fills best.
    seed
        Seed of the scrambling.
    """
    from scipy.stats import qmc

    return _in_prior(qmc.Sobol(len(calibrated()), rng=seed).random(number))


def evenly(number: int, seed: int, first: int = 0) -> pd.DataFrame:
    """Return vectors drawn from the prior, each by itself; another ``first`` gives others."""
    rng = np.random.default_rng([seed, first])
    return _in_prior(rng.random((number, len(calibrated()))))


def _in_prior(unit: Array) -> pd.DataFrame:
    """Return places in the unit cube as vectors."""
    import pandas as pd
    from scipy.stats import qmc

    prior = calibrated()
    low, high = np.array(list(prior.values())).T
    return pd.DataFrame(qmc.scale(unit, low, high), columns=list(prior))


def fill(
    file: Path,
    vectors: pd.DataFrame,
    targets: Sequence[Target],
    arms: Mapping[str, Scenario],
    organisations: int,
    sagging: int,
    seed: int,
    first: int = 0,
    in_full: int | None = None,
    enough: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Simulate the figures at each vector, or read those that the file holds already.

    Parameters
    ----------
    file
        Where rows are kept; what it holds is taken over and not simulated again.
    vectors
        Numbers of the rules, one row per vector.
    targets, arms
        What is measured, and in which scenarios.
    organisations, sagging
        Organisations of each vector, and how many of them are looked at for troughs.
    seed
        Seed of the study.
    first
        Number of the first organisation.
    in_full
        So many vectors are simulated in full; for the others continuations are spared once
        another figure lies outside its band. By default all.
    enough
        Stop as soon as so many vectors reach all figures, and all to be simulated in full are.
    progress
        Called with the number of vectors finished and the total.

    Returns
    -------
    pandas.DataFrame
        The vectors with a column for each figure.

    Raises
    ------
    AdoptionError
        If the file holds something else.
    InterruptedStudyError
        If interrupted; what is finished is kept.
    """
    columns = [*vectors.columns, *(one.name for one in targets)]
    rows = _kept(file, columns, vectors)

    def reached() -> int:
        return sum(reaches(dict(zip(columns, row, strict=True)), targets) for row in rows)

    def work(number: int) -> list[float]:
        vector = {str(name): float(value) for name, value in vectors.iloc[number].items()}
        streams = organisations_of(number, organisations, first)
        hasty = in_full is not None and number >= in_full
        found = figures(targets, arms, vector, streams, seed, sagging, hasty)
        return [*vector.values(), *found.values()]

    good = reached()
    least = in_full or 0
    if enough is None or good < enough or len(rows) < least:
        file.parent.mkdir(parents=True, exist_ok=True)
        todo = range(len(rows), len(vectors))
        done = len(rows)
        with file.open("a", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            if not rows:
                writer.writerow(columns)
            finished = over_vectors(work, todo)
            for row in finished:
                writer.writerow([repr(value) for value in row])
                out.flush()
                rows.append(row)
                done += 1
                good += reaches(dict(zip(columns, row, strict=True)), targets)
                if progress is not None:
                    progress(*((good, enough) if enough else (done, len(vectors))))
                if enough is not None and good >= enough and done >= least:
                    break
            else:
                if done < len(vectors):
                    raise InterruptedStudyError(f"interrupted; run it again to go on from {file}")
    import pandas as pd

    return pd.DataFrame(rows, columns=columns)


def reaches(row: Mapping[str, float], targets: Sequence[Target]) -> bool:
    """Return whether a row reaches all figures."""
    return all(one.reached(row[one.name]) for one in targets)


def _kept(file: Path, columns: list[str], vectors: pd.DataFrame) -> list[list[float]]:
    """Return the finished rows of a file; a last line that was not finished is dropped."""
    if not file.is_file():
        return []
    text = file.read_text("utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole, "utf-8")
    lines = list(csv.reader(whole.splitlines()))
    if not lines:
        return []
    try:
        rows = [[float(value) for value in line] for line in lines[1:]]
    except ValueError as error:
        raise AdoptionError(
            f"{file}: the bank is damaged: {error}; remove it to start anew"
        ) from error
    width = len(vectors.columns)
    same = lines[0] == columns and all(len(row) == len(columns) for row in rows)
    if same and rows:
        asked = vectors.iloc[: len(rows)].to_numpy()
        same = len(rows) <= len(vectors) and np.array_equal(np.array(rows)[:, :width], asked)
    if not same:
        raise AdoptionError(f"{file}: holds another bank than the one asked for; remove it")
    return rows
