"""A study of sensitivity from its design to its folder: what was asked, what came out."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.studies.form import beside, records
from analysis.studies.sensitivity.designs import Design
from analysis.studies.sensitivity.indices import Noise, indices, noises
from analysis.studies.sensitivity.points import (
    Outcome,
    Simulator,
    check_outcomes,
    simulated,
    write_pages,
)
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study.experiments import Progress
from sim.study.provenance import provenance, version_of
from sim.study.sweeps.factors import check_factors

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "What does an outcome, or what a programme adds, depend on most?"

LIBRARIES = ("SALib", "scipy", "numpy")


@dataclass(frozen=True)
class Found:
    """What a study found.

    Attributes
    ----------
    design
        At which points the simulation was looked at.
    simulator
        What was looked at.
    table
        Indices, as :func:`analysis.studies.sensitivity.indices.indices` returns them.
    noise
        What organisations and luck make of the variance, by outcome.
    folder
        Where it is kept.
    """

    design: Design
    simulator: Simulator
    table: pd.DataFrame
    noise: dict[str, Noise]
    folder: Path

    @property
    def runs(self) -> int:
        """Runs behind it."""
        return len(self.design.unit) * len(self.simulator.scenarios) * self.simulator.organisations

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def seed(self) -> int:
        """Seed of the study."""
        return self.simulator.seed

    @property
    def answer(self) -> str:
        """What the outcomes depend on most."""
        text: str = beside(self, "texts").message(self)
        return text

    def figure(self) -> Picture:
        """Draw the indices of the strongest factors."""
        page = beside(self, "figure")
        morris = self.design.method == "morris"
        drawn: Picture = page.morris_figure(self) if morris else page.sobol_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return design, luck and indices as plain values."""
        return {**as_dict(self), "indices": records(self.table)}


def simulator(
    scenarios: Sequence[Scenario],
    against: Scenario | None,
    kpi: str = "adoption",
    month: int = 18,
    organisations: int = 20,
    *,
    seed: int = 1,
) -> Simulator:
    """Return what is looked at: the level of a scenario, and what others add to it.

    Parameters
    ----------
    scenarios
        Scenarios whose level is looked at; with ``against``, their differences to that.
    against
        Scenario they are compared with, whose own level is looked at too.
    kpi, month
        KPI and month.
    organisations
        Organisations at every point, the same ones.
    seed
        Seed of the study.

    Raises
    ------
    AdoptionError
        If an outcome cannot be measured.
    """
    every = [*([against] if against else []), *scenarios]
    named = {scenario.name: scenario for scenario in every}
    if len(named) < len(every):
        names = [scenario.name for scenario in every]
        twice = next(name for name in names if names.count(name) > 1)
        raise AdoptionError(f"'{twice}' is given twice: a scenario is compared with others")
    if against is None:
        outcomes = [Outcome(scenario.name, "", kpi, month) for scenario in scenarios]
    else:
        outcomes = [Outcome(against.name, "", kpi, month)]
        outcomes += [Outcome(scenario.name, against.name, kpi, month) for scenario in scenarios]
    check_outcomes(outcomes, named)
    return Simulator(named, tuple(outcomes), organisations, seed)


def question(simulator: Simulator, design: Design) -> dict[str, Any]:
    """Return everything that determines a study but for the number of its samples."""
    origin = provenance(simulator.scenarios, simulator.seed, simulator.organisations)
    return {
        "method": design.method,
        "factors": [factor.as_dict() for factor in design.factors],
        "outcomes": [outcome._asdict() for outcome in simulator.outcomes],
        "organisations": simulator.organisations,
        "seed": simulator.seed,
        "result": origin["fingerprint"],
        # The first points stand for the libraries that made the design.
        "begins": np.round(design.unit[: len(design.factors) + 1], 12).tolist(),
    }


def folder_of(root: Path, simulator: Simulator, design: Design) -> Path:
    """Return the folder of a study, named by what determines it."""
    text = json.dumps(question(simulator, design), sort_keys=True)
    return root / "sensitivity" / hashlib.sha256(text.encode()).hexdigest()[:12]


def investigate(
    simulator: Simulator,
    design: Design,
    root: Path,
    progress: Progress | None = None,
) -> Found:
    """Simulate a design, as far as that is not done already, and keep what it shows.

    Parameters
    ----------
    simulator
        What is looked at.
    design
        At which points.
    root
        Folder of results.
    progress
        Called with the number of runs finished and the total.

    Raises
    ------
    AdoptionError
        If a factor cannot be used, or a folder not be written.
    """
    check_factors(design.factors, simulator.scenarios.values())
    folder = folder_of(root, simulator, design)
    values = simulated(simulator, design, root, progress)
    names = [outcome.name for outcome in simulator.outcomes]
    study = Found(
        design, simulator, indices(design, values, names), noises(design, values, names), folder
    )
    _write(study)
    return study


def as_dict(study: Found) -> dict[str, Any]:
    """Return what was found as plain values, for JSON."""
    return {
        "method": study.design.method,
        "samples": study.design.samples,
        "points": len(study.design.unit),
        "organisations": study.simulator.organisations,
        "runs": study.runs,
        "seed": study.simulator.seed,
        "outcomes": [
            {**outcome._asdict(), "name": outcome.name, "unit": outcome.unit}
            for outcome in study.simulator.outcomes
        ],
        "luck": {
            name: {
                key: None if math.isnan(value) else value for key, value in noise._asdict().items()
            }
            for name, noise in study.noise.items()
        },
        "folder": str(study.folder),
    }


def origin_of(study: Found) -> dict[str, Any]:
    """Return what made a study: the design in full, scenarios, seeds, code, library versions."""
    simulator, design = study.simulator, study.design
    made = provenance(simulator.scenarios, simulator.seed, simulator.organisations)
    made["libraries"] |= {name: version_of(name) for name in LIBRARIES}
    asked = question(simulator, design)
    del asked["begins"], asked["result"]
    return {"design": {**asked, "samples": design.samples, "points": len(design.unit)}, **made}


def _write(study: Found) -> None:
    """Write the design, the indices and what made them beside the points."""
    import pandas as pd

    points = pd.DataFrame(study.design.points())
    luck = pd.DataFrame({name: noise._asdict() for name, noise in study.noise.items()}).T
    pages = {
        "design.csv": points.to_csv(index_label="point", lineterminator="\n"),
        "indices.csv": study.table.to_csv(lineterminator="\n"),
        "luck.csv": luck.to_csv(index_label="outcome", lineterminator="\n"),
        "provenance.json": json.dumps(origin_of(study), indent=2) + "\n",
    }
    write_pages(study.folder, pages)
