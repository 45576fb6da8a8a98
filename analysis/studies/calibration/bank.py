"""What the figures are at many parameter vectors: a bank of simulations that can be resumed.

A bank is a table, one row per vector, written as it grows: whoever is interrupted goes on where
it stopped. Every vector has its own organisations, so that what they have in common by chance
blurs a figure and does not shift it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analysis.results.ensemble import Progress, over_vectors
from analysis.studies.calibration.targets import Target, figures
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario.schema import Scenario
from sim.study.posteriors import calibrated

if TYPE_CHECKING:
    import pandas as pd


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

    return in_prior(qmc.Sobol(len(calibrated()), rng=seed).random(number))


def evenly(number: int, seed: int, first: int = 0) -> pd.DataFrame:
    """Return vectors drawn from the prior, each by itself; another ``first`` gives others."""
    rng = np.random.default_rng([seed, first])
    return in_prior(rng.random((number, len(calibrated()))))


def in_prior(unit: Array) -> pd.DataFrame:
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
    *,
    sagging: int,
    seed: int,
    first: int = 0,
    progress: Progress | None = None,
    numbers: Sequence[int] | None = None,
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
    progress
        Called with the number of vectors finished and the total.
    numbers
        Numbers of the vectors, which say what organisations each has; by default 0, 1, 2, ...

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
    import pandas as pd

    def work(number: int) -> list[float]:
        vector = {str(name): float(value) for name, value in vectors.iloc[number].items()}
        own = number if numbers is None else int(numbers[number])
        streams = first + own * organisations + np.arange(organisations)
        return [
            *vector.values(),
            *figures(targets, arms, vector, streams, seed, sagging=sagging).values(),
        ]

    columns = [*vectors.columns, *(column for target in targets for column in target.columns)]
    rows, total = _kept(file, columns)[: len(vectors)], len(vectors)
    if len(rows) < total:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            if file.stat().st_size == 0:
                writer.writerow(columns)
            for row in over_vectors(work, range(len(rows), total)):
                writer.writerow([repr(value) for value in row])
                out.flush()
                rows.append(row)
                if progress is not None:
                    progress(len(rows), total)
        if len(rows) < total:
            raise InterruptedStudyError(f"interrupted; run it again to go on from {file}")
    frame = pd.DataFrame(rows, columns=columns)
    # Another number of processors may move what is asked for by a last decimal.
    if not np.allclose(frame[vectors.columns], vectors, rtol=0.0, atol=2e-4):
        raise AdoptionError(f"{file}: holds another bank than the one asked for; remove it")
    return frame


def reaches(row: Mapping[str, float], targets: Sequence[Target]) -> bool:
    """Return whether a row reaches all figures."""
    return all(target.reached(row[target.name]) for target in targets)


def _kept(file: Path, columns: list[str]) -> list[list[float]]:
    """Return the finished rows of a file; a last line that was not finished is dropped."""
    if not file.is_file():
        return []
    content = file.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        file.write_bytes(whole)
    lines = list(csv.reader(whole.decode("utf-8").splitlines()))
    try:
        rows = [[float(value) for value in line] for line in lines[1:]]
    except ValueError as error:
        raise AdoptionError(
            f"{file}: the bank is damaged: {error}; remove it to start anew"
        ) from error
    if lines and (lines[0] != columns or any(len(row) != len(columns) for row in rows)):
        raise AdoptionError(f"{file}: holds another bank than the one asked for; remove it")
    return rows
