"""What the curves give for each band of ``bands.yaml``: a number, its standard error, a verdict.

The bands are judgement on sources that each saw another tool, other people and another way of
counting. They are wide, nothing is fitted to them, and a curve inside all of them is plausible, no
more.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple, Self

import numpy as np
from pydantic import Field, model_validator

from analysis.studies.bands.texts import verdict as verdict
from analysis.studies.form import beside, in_library, records
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.kpis import KPIS
from sim.scenario import read_scenario
from sim.scenario.base import Form
from sim.scenario.measure import Text
from sim.scenario.words import suggestion
from sim.simulator import Simulator, Vector
from sim.study.experiments import Progress

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "Are curves over time plausible?"

SEED: Final = 4242
"""Seed of the study by default: organisations that no fit has used."""

RUNS: Final = 200

Verdict = Literal["inside", "missed by less than a standard error", "missed"]


class Band(Form):
    """A figure about a curve, and where judgement expects it."""

    title: Text
    scenario: Annotated[str, Field(min_length=1, description="Name of a shipped scenario")]
    kpi: Annotated[str, Field(min_length=1, description="KPI whose curve is looked at")]
    figure: Annotated[
        Literal["level", "late", "share_of_end", "rise"], Field(description="What is read off it")
    ]
    month: Annotated[
        int | None, Field(ge=1, description="Month of a level, or of what is late")
    ] = None
    amount: Annotated[float | None, Field(gt=0, description="Share of the end, or rise")] = None
    low: float
    high: float
    rests_on: Annotated[
        tuple[str, ...], Field(min_length=1, strict=False, description="Entries of evidence")
    ]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low {self.low:g} has to be below high {self.high:g}")
        if self.kpi not in KPIS:
            raise ValueError(f"there is no KPI '{self.kpi}'{suggestion(self.kpi, KPIS)}")
        needs = "month" if self.figure in ("level", "late") else "amount"
        for name in ("month", "amount"):
            if (getattr(self, name) is None) == (name == needs):
                raise ValueError(f"a figure '{self.figure}' has '{needs}' and nothing else")
        return self

    def of(self, curves: Array) -> float:
        """Return the figure of some curves [organisations, months + 1].

        Months between two ends count in proportion, so that the figure moves smoothly.
        """
        mean = np.nanmean(curves, axis=0)
        if self.figure == "level":
            return float(mean[self.month])
        if self.figure == "late":
            return float((mean[-1] - mean[self.month]) / mean[-1]) if mean[-1] > 0.0 else np.nan
        assert self.amount is not None
        wanted = self.amount * mean[-1] if self.figure == "share_of_end" else mean[0] + self.amount
        reached = mean >= wanted
        if not reached.any():
            return float("inf")
        first = int(reached.argmax())
        if first == 0:
            return 0.0
        return float(first - 1 + (wanted - mean[first - 1]) / (mean[first] - mean[first - 1]))


class Banded(NamedTuple):
    """What the bands say.

    Attributes
    ----------
    table
        One row per band, by name: ``value`` and its standard ``error``, ``low``, ``high``, the
        ``verdict``, ``scenario``, ``kpi``, ``figure``.
    curves
        Mean weekly users by scenario [months + 1].
    runs, seed
        Organisations and seed.
    """

    table: pd.DataFrame
    curves: Mapping[str, Array]
    runs: int
    seed: int

    @property
    def inside(self) -> int:
        """How many figures lie in their band."""
        return int((self.table["verdict"] == "inside").sum())

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def answer(self) -> str:
        """How many figures lie in their band, and which do not."""
        return verdict(self)

    def figure(self) -> Picture:
        """Draw the curves, and every figure within its band."""
        drawn: Picture = beside(self, "figure").bands_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return the figures and their bands as plain values."""
        return {
            "runs": self.runs,
            "seed": self.seed,
            "inside": self.inside,
            "bands": records(self.table),
        }


@lru_cache(maxsize=1)
def read_bands() -> dict[str, Band]:
    """Return the bands of the library by name, in its order.

    Raises
    ------
    ScenarioError
        With every problem in the file.
    """
    return in_library("bands", Band)


def judged(value: float, error: float, low: float, high: float) -> Verdict:
    """Return whether a value lies in a band, ends included, or misses it by less than its error."""
    if low <= value <= high:
        return "inside"
    away = low - value if value < low else value - high
    return "missed by less than a standard error" if away < error else "missed"


def jackknife(band: Band, curves: Array) -> float:
    """Return the standard error of a figure over organisations, each left out once."""
    size = curves.shape[0]
    if size < 2:
        return float("nan")
    known = np.isfinite(curves)
    total, number = np.where(known, curves, 0.0).sum(axis=0), known.sum(axis=0)
    values = np.array(
        [
            band.of(((total - np.where(known[k], curves[k], 0.0)) / (number - known[k]))[None])
            for k in range(size)
        ]
    )
    return float(np.sqrt((size - 1) * values.var()))


def bands(
    runs: int = RUNS,
    seed: int = SEED,
    vector: Vector | None = None,
    names: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> Banded:
    """Simulate the scenarios of the bands and judge every figure.

    Parameters
    ----------
    runs
        Organisations, at least 2, the same in every scenario.
    seed
        Seed of the study.
    vector
        Numbers of the rules that differ from the scenarios' own.
    names
        Bands wanted; by default all.
    progress
        Called with the number of scenarios finished and the total.

    Raises
    ------
    AdoptionError
        If there is no such band, or there are too few organisations.
    """
    import pandas as pd

    known = read_bands()
    for name in names:
        if name not in known:
            raise AdoptionError(f"there is no band '{name}'{suggestion(name, known)}")
    if runs < 2:
        raise AdoptionError(f"runs: found {runs}, expected at least 2")
    wanted = {name: band for name, band in known.items() if not names or name in names}
    scenarios = list(dict.fromkeys(band.scenario for band in wanted.values()))
    study = Simulator(scenarios[0], runs, seed, None if vector is None else [vector])
    rows, curves = [], {}
    for done, scenario in enumerate(scenarios, 1):
        arm = read_scenario(scenario)
        for name, band in wanted.items():
            if band.scenario != scenario:
                continue
            simulated = study.curves(arm, band.kpi)
            value, error = band.of(simulated), jackknife(band, simulated)
            rows.append(
                {
                    "band": name,
                    "scenario": scenario,
                    "kpi": band.kpi,
                    "figure": band.figure,
                    "value": value,
                    "error": error,
                    "low": band.low,
                    "high": band.high,
                    "verdict": judged(value, error, band.low, band.high),
                }
            )
        curves[scenario] = study.curves(arm, "adoption").mean(axis=0)
        if progress is not None:
            progress(done, len(scenarios))
    table = pd.DataFrame(rows).set_index("band").loc[list(wanted)]
    return Banded(table, curves, runs, seed)
