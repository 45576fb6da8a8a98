"""What comes out at each point of a design: simulated and kept as a sweep, never twice.

Every point has the same organisations with the same luck, so that two points differ by their
factors and by nothing else. An interrupted study goes on where it stopped, and a larger one starts
from what a smaller one left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analysis.results.ensemble import over_vectors
from analysis.results.summary import all_known, known, scale_of
from analysis.studies.sensitivity.designs import Design
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario.schema import Scenario
from sim.simulator import Simulator as Organisations
from sim.study.experiments import Progress, same_people
from sim.study.provenance import fingerprint
from sim.study.results import curves
from sim.study.sweeps import Experiment, Sweep
from sim.study.sweeps.factors import applied, at_point
from sim.study.sweeps.preparing import Prepared, prepare
from sim.study.sweeps.running import complete

Point = Mapping[str, Any]
Model = Callable[[Point], Array]
"""Value of each outcome in each organisation at a point [outcomes, organisations]."""


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
        with at_point(point):
            changed = {name: applied(scenario, point) for name, scenario in self.scenarios.items()}
            first = next(iter(changed.values()))
            organisations = Organisations(first, seed=self.seed, streams=streams, threads=1)
            rows = {
                name: organisations.simulate(scenario).rows for name, scenario in changed.items()
            }

        def level(name: str, outcome: Outcome) -> Array:
            values = curves(changed[name], rows[name], outcome.kpi)[:, outcome.month]
            return values * scale_of(outcome.kpi).factor

        return np.array([measured(outcome, level) for outcome in self.outcomes])


def measured(outcome: Outcome, level: Callable[[str, Outcome], Array]) -> Array:
    """Return an outcome by what scenarios give: a level, or a difference of two."""
    values = level(outcome.scenario, outcome)
    return values - level(outcome.against, outcome) if outcome.against else values


def check_outcomes(outcomes: Sequence[Outcome], scenarios: Mapping[str, Scenario]) -> None:
    """Raise unless every outcome can be measured, and every difference is one of pairs.

    Raises
    ------
    AdoptionError
        With what was found and what is expected.
    """
    for outcome in outcomes:
        known(outcome.kpi, kpis.KPIS, "KPI")
        for name in (outcome.scenario, outcome.against) if outcome.against else (outcome.scenario,):
            last = scenarios[name].simulation.months
            if not 1 <= outcome.month <= last:
                raise AdoptionError(
                    f"month: found {outcome.month}, expected 1 to {last}, as {name} has"
                )
        if outcome.against and not same_people(
            scenarios[outcome.scenario], scenarios[outcome.against]
        ):
            raise AdoptionError(
                f"{outcome.scenario} and {outcome.against} do not have the same people: "
                "a contrast is between the same organisations"
            )


# --- At every point -------------------------------------------------------------------------


def evaluate(model: Model, points: Sequence[Point], progress: Progress | None = None) -> Array:
    """Return what a model gives at every point, on all processors; nothing is kept.

    Parameters
    ----------
    model
        What is looked at; the simulation, or any function of a point.
    points
        Where it is looked at.
    progress
        Called with the number of points finished and the total.

    Returns
    -------
    numpy.ndarray
        Values [points, outcomes, organisations].

    Raises
    ------
    InterruptedStudyError
        If interrupted by Ctrl-C.
    """
    values = list(over_vectors(lambda number: model(points[number]), range(len(points)), progress))
    if len(values) < len(points):
        raise InterruptedStudyError(f"interrupted: {len(values)} of {len(points)} points are done")
    return np.array(values)


def sweep_of(simulator: Simulator, design: Design, root: Path) -> tuple[Prepared, Path]:
    """Return the sweep that has every point of a design, and its folder.

    What is looked at is not part of it: another KPI or month reads the same runs.
    """
    asked = [design.method, [factor.as_dict() for factor in design.factors]]
    # The first points stand for the libraries that made the design.
    begins = np.round(design.unit[: len(design.factors) + 1], 12).tolist()
    made = fingerprint(simulator.scenarios, simulator.seed, simulator.organisations)
    text = json.dumps([*asked, begins, made], sort_keys=True)
    name = f"sensitivity-{design.method}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    experiment = Experiment(
        name=name,
        scenarios=tuple(simulator.scenarios),
        design="list",
        listed=tuple(design.points()),
        organisations=simulator.organisations,
        seed=simulator.seed,
    )
    return prepare(experiment, list(simulator.scenarios.values())), root / "sweeps" / name


def simulated(
    simulator: Simulator, design: Design, root: Path, progress: Progress | None = None
) -> Array:
    """Return what the simulation gives at every point of a design; finished runs are kept.

    Parameters
    ----------
    simulator
        What is looked at.
    design
        At which points.
    root
        Folder of results; the runs are in ``root/sweeps``, and none is simulated twice.
    progress
        Called with the number of runs finished and the total.

    Returns
    -------
    numpy.ndarray
        Values [points, outcomes, organisations].

    Raises
    ------
    InterruptedStudyError
        If interrupted; what is finished is kept.
    """
    prepared, folder = sweep_of(simulator, design, root)
    complete(prepared, folder, progress=progress)
    rows = Sweep(folder)
    shape = len(design.unit), simulator.organisations

    def level(scenario: str, outcome: Outcome) -> Array:
        frame = rows.sql(
            f'select "{outcome.kpi}" as value from runs where scenario = ? and month = ? and point < ? '
            "order by point, organisation",
            [scenario, outcome.month, shape[0]],
        )
        values: Array = frame["value"].to_numpy(float).reshape(shape) * scale_of(outcome.kpi).factor
        return all_known(values, outcome.kpi, outcome.month)

    return np.stack([measured(outcome, level) for outcome in simulator.outcomes], axis=1)


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
