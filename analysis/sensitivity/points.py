"""What comes out at each point of a design: simulated, kept as it is finished, never twice.

Every point has the same organisations with the same luck, so that two points differ by their
factors and by nothing else. Finished points are kept in batches; an interrupted study goes on
where it stopped, and a larger one starts from what a smaller one left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.ensemble import drawn
from analysis.sensitivity.factors import applied
from analysis.summary import known, scale_of
from sim import kernel, kpis
from sim.errors import AdoptionError, InterruptedStudyError
from sim.experiments import CHUNK_PEOPLE, Progress, in_order, same_people
from sim.results import curves
from sim.scenario import Scenario

Array = np.ndarray[Any, Any]
Point = Mapping[str, Any]
Model = Callable[[Point], Array]
"""Value of each outcome in each organisation at a point [outcomes, organisations]."""

BATCH: Final = 16
"""Points kept in a file: a second or two of work."""


class Outcome(NamedTuple):
    """What is looked at: a KPI of a scenario in a month, or by how much it exceeds another's.

    Attributes
    ----------
    scenario
        Name of the scenario.
    against
        Scenario it is compared with in the same organisations; empty for the level itself.
    kpi, month
        KPI and month.
    """

    scenario: str
    against: str = ""
    kpi: str = "adoption"
    month: int = 18

    @property
    def name(self) -> str:
        """Name in tables."""
        return f"{self.scenario} - {self.against}" if self.against else self.scenario

    @property
    def unit(self) -> str:
        """Unit of its values: points for a difference of shares, % for a share."""
        scale = scale_of(self.kpi)
        return scale.difference if self.against else scale.unit


@dataclass(frozen=True)
class Simulator:
    """What the simulation says at a point: a function of the values of the factors.

    Attributes
    ----------
    scenarios
        Scenarios by name.
    outcomes
        What is looked at.
    organisations
        The same ones at every point.
    seed
        Seed of the study.
    """

    scenarios: Mapping[str, Scenario]
    outcomes: tuple[Outcome, ...]
    organisations: int
    seed: int

    def __call__(self, point: Point) -> Array:
        """Return every outcome in every organisation at a point [outcomes, organisations]."""
        return self.of(point, np.arange(self.organisations))

    def of(self, point: Point, streams: Array) -> Array:
        """Return every outcome in the organisations with these numbers.

        Parameters
        ----------
        point
            Values of factors by dotted path; what is not named is as the scenario says.
        streams
            Numbers of the organisations.

        Raises
        ------
        AdoptionError
            If a scenario cannot be used there, with the values it has there.
        """
        try:
            changed = {name: applied(one, point) for name, one in self.scenarios.items()}
            size = max(one.organisation.employees for one in changed.values())
            chunk = max(1, CHUNK_PEOPLE // size)
            pieces = np.array_split(streams, -(-streams.size // chunk))
            parts = [self._measured(changed, piece) for piece in pieces]
        except AdoptionError as error:
            where = ", ".join(f"{path}={value}" for path, value in point.items())
            raise AdoptionError(
                f"{error}\n  at the point {where}" if where else f"{error}"
            ) from error
        return np.concatenate(parts, axis=1)

    def _measured(self, changed: Mapping[str, Scenario], streams: Array) -> Array:
        rows = {
            name: kernel.simulate(one.worlds, one.plan, self.seed).rows
            for name, one in drawn(changed, {}, streams, self.seed)
        }

        def level(name: str, one: Outcome) -> Array:
            values = curves(changed[name], rows[name], one.kpi)[:, one.month]
            return values * scale_of(one.kpi).factor

        return np.array(
            [
                level(one.scenario, one) - (level(one.against, one) if one.against else 0.0)
                for one in self.outcomes
            ]
        )


def check_outcomes(outcomes: Sequence[Outcome], scenarios: Mapping[str, Scenario]) -> None:
    """Raise unless every outcome can be measured, and every difference is one of pairs.

    Raises
    ------
    AdoptionError
        With what was found and what is expected.
    """
    for one in outcomes:
        known(one.kpi, kpis.KPIS, "KPI")
        for name in (one.scenario, one.against) if one.against else (one.scenario,):
            last = scenarios[name].simulation.months
            if not 1 <= one.month <= last:
                raise AdoptionError(
                    f"month: found {one.month}, expected 1 to {last}, as {name} has"
                )
        if one.against and not same_people(scenarios[one.scenario], scenarios[one.against]):
            raise AdoptionError(
                f"{one.scenario} and {one.against} do not have the same people: "
                "a contrast is between the same organisations"
            )


# --- Finished points are kept --------------------------------------------------------------


def batch_file(folder: Path, first: int) -> Path:
    """Return where the batch that begins with this point is kept."""
    return folder / "points" / f"{first:06d}.npy"


def kept(folder: Path | None, points: int) -> list[Array]:
    """Return what is kept of each batch of a study; nothing of one that was not begun."""
    batches = []
    for first in range(0, points, BATCH):
        size = min(BATCH, points - first)
        file = None if folder is None else batch_file(folder, first)
        if file is None or not file.is_file():
            batches.append(np.empty((0, 0, 0)))
            continue
        try:
            found = np.load(file, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise AdoptionError(f"{file}: no points can be read: remove the file") from error
        batches.append(found[:size])
    return batches


def evaluate(
    model: Model,
    points: Sequence[Point],
    folder: Path | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Array:
    """Return what a model gives at every point, simulating only what is not kept.

    Parameters
    ----------
    model
        What is looked at; the simulation, or any function of a point.
    points
        Where it is looked at.
    folder
        Where finished points are kept; nothing is kept without one.
    progress
        Called with the number of points finished and the total.
    workers
        Threads; by default one per processor. It does not change a single bit.

    Returns
    -------
    numpy.ndarray
        Values [points, outcomes, organisations].

    Raises
    ------
    InterruptedStudyError
        If interrupted by Ctrl-C; what is finished is kept.
    """
    batches = kept(folder, len(points))
    done = sum(len(one) for one in batches)
    missing = [
        np.arange(number * BATCH + len(one), min((number + 1) * BATCH, len(points)))
        for number, one in enumerate(batches)
    ]
    pieces = [piece for piece in missing if piece.size]

    def work(piece: Array) -> dict[str, Array]:
        return {"values": np.array([model(points[k]) for k in piece])}

    def report(finished: int, _total: int) -> None:
        if progress is not None:
            progress(done + finished, len(points))

    report(0, 0)
    finished = done
    threads = workers or os.cpu_count() or 1
    parts = in_order(work, pieces, threads, report, len(points))
    for piece, part in zip(pieces, parts, strict=False):
        number = int(piece[0]) // BATCH
        before = [batches[number]] if len(batches[number]) else []
        batches[number] = np.concatenate([*before, part["values"]])
        finished += piece.size
        if folder is not None:
            _keep(batch_file(folder, number * BATCH), batches[number])
    if finished < len(points):
        where = f"; what is finished is in {folder}, the same command goes on from there"
        raise InterruptedStudyError(
            f"interrupted: {finished} of {len(points)} points are finished{where if folder else ''}"
        )
    return np.concatenate(batches)


def _keep(file: Path, values: Array) -> None:
    """Write a batch, whole or not at all."""
    unfinished = file.with_suffix(f".{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as target:
            np.save(target, values)
        unfinished.replace(file)
    except OSError as error:
        raise AdoptionError(f"{file}: cannot keep the points: {error.strerror}") from error


def write_pages(folder: Path, pages: Mapping[str, str]) -> None:
    """Write texts to files of a folder.

    Raises
    ------
    AdoptionError
        If they cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise AdoptionError(f"{folder}: cannot write the study: {error.strerror}") from error
