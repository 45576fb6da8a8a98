"""What now: what is to come, given what was observed, and what each plan does from here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.decisions.forecast_learning import Learning, learning_of
from analysis.decisions.forecast_particles import (
    PARTICLES,
    SHOWN,
    Particles,
    organisations_of,
    particles_of,
    pieces_of,
    place_of,
)
from analysis.decisions.forecast_plans import CONTINUE, DRAWN, Outcomes, outcomes_of, plans_of
from analysis.decisions.forecast_scores import BAND, Score, earlier, remembered, scored
from analysis.decisions.forecast_weights import (
    SELDOM,
    Fit,
    Levels,
    check_before,
    chosen,
    levels_of,
    misfit,
    quantiles,
    surprise,
    weighed,
    within_reach,
)
from analysis.decisions.observed import Observed, read_observed
from analysis.decisions.stored import Place
from analysis.results.pieces import Notice, Pieces
from analysis.studies.form import beside
from analysis.studies.validation.study import vectors_of
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array
from sim.errors import AdoptionError, said, whole_number
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.simulator import Vector
from sim.study.experiments import Progress
from sim.study.posteriors import EVIDENCE_SETS

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "What now?"

FEWEST_MONTHS: Final = 2
"""Months that have to be observed for a band."""

POINT_MONTHS: Final = 9
"""Months that have to be observed for a middle to be told beside the band."""

FAR: Final = 2.0
"""Standard deviations of the context beyond which the reason is doubted."""


class Asked(NamedTuple):
    """What is asked.

    Attributes
    ----------
    scenario
        What was done, and is meant to go on.
    observed
        What was observed.
    plans
        Other programmes by name, followed from the month after the last observed on.
    month
        The month that plans are held against each other in.
    sets
        Parameter vectors by evidence.
    organisations
        Organisations of each vector.
    seed
        Seed of the study.
    """

    scenario: Scenario
    observed: Observed
    plans: Mapping[str, Scenario]
    month: int
    sets: Mapping[str, Sequence[Vector]]
    organisations: int
    seed: int

    @property
    def vectors(self) -> list[Vector]:
        """Every vector, set after set."""
        return [vector for several in self.sets.values() for vector in several]

    @property
    def particles(self) -> Place:
        """Where the particles lie, which every forecast of this scenario shares."""
        return place_of(self.scenario, self.sets, self.organisations, self.seed)

    @property
    def place(self) -> Place:
        """Where the forecast lies on disk."""
        return Place(
            "forecast",
            {self.scenario.name: self.scenario, **self.plans},
            self.seed,
            self.organisations,
            {"observed": self.observed.plain(), "month": self.month, "plans": list(self.plans)},
            self.sets,
        )


class Forecast(NamedTuple):
    """What came out.

    Attributes
    ----------
    asked
        What was asked.
    particles
        Organisations that might be the one observed.
    levels
        What was observed, as shares of the people.
    fit
        Which particles fit.
    surprise
        Share of simulated organisations that fit the others as badly as what was observed.
    plans
        What can be done from here, by name; going on comes first.
    outcomes
        What each plan gives.
    learning
        What more months of measuring would settle.
    past
        How good earlier forecasts of this organisation turned out; empty if there are none.
    forecasts
        How many of them there are.
    """

    asked: Asked
    particles: Particles
    levels: Levels
    fit: Fit
    surprise: float
    plans: Mapping[str, Scenario]
    outcomes: Outcomes
    learning: Learning
    past: Sequence[Score]
    forecasts: int

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def runs(self) -> int:
        """Organisations that were simulated."""
        return int(self.particles.vector.size)

    @property
    def seed(self) -> int:
        """Seed of the study."""
        return self.asked.seed

    @property
    def points(self) -> bool:
        """Whether so many months were observed that a middle is told."""
        return len(self.levels.months) >= POINT_MONTHS

    @property
    def context(self) -> tuple[float, float]:
        """Mean and standard deviation of the context of what fits [standard deviations]."""
        mean = float(self.fit.weights @ self.particles.context)
        spread = float(self.fit.weights @ (self.particles.context - mean) ** 2) ** 0.5
        return mean, spread

    @property
    def far(self) -> bool:
        """Whether only an unlikely context explains what was observed."""
        return abs(self.context[0]) > FAR

    @property
    def doubted(self) -> bool:
        """Whether what was done is hardly what the scenario says, so that the band is not to be trusted."""
        return self.surprise < SELDOM

    @property
    def believed(self) -> dict[str, float]:
        """How much each set of evidence weighs, after what was observed [sums to 1]."""
        shares, first = {}, 0
        for name, vectors in self.asked.sets.items():
            inside = (self.particles.vector >= first) & (
                self.particles.vector < first + len(vectors)
            )
            shares[name] = float(self.fit.weights[inside].sum())
            first += len(vectors)
        return shares

    def band(self, kpi: str | None = None) -> Array:
        """Return the ends and the middle of the 80 % band [3, T + 1: low, middle, high; share]."""
        curves = self.particles.curves[kpi or self.levels.kpi]
        low, high = BAND
        return quantiles(curves, self.fit.weights, (low, 0.5, high))

    def reached(self, plan: int, kpi: str | None = None) -> Array:
        """Return what a plan reaches in the month asked for: low, middle and high [3; share].

        Going on is known in all particles, other plans in those that were drawn.
        """
        if plan == 0:
            return np.asarray(self.band(kpi)[:, self.asked.month])
        values = self.outcomes.curves[kpi or self.levels.kpi][plan][:, self.asked.month]
        low, high = BAND
        return quantiles(values, self.outcomes.weights, (low, 0.5, high))

    def apart(self, plan: int, kpi: str | None = None) -> Array:
        """Return how much more a plan reaches than going on, particle by particle [U; share]."""
        values = self.outcomes.curves[kpi or self.levels.kpi][:, :, self.asked.month]
        return np.asarray(values[plan] - values[0])

    @property
    def answer(self) -> str:
        """What came out, in a line."""
        text: str = beside(self, "forecast_texts").message(self)
        return text

    @property
    def table(self) -> pd.DataFrame:
        """What each plan does from here."""
        rows: pd.DataFrame = beside(self, "forecast_texts").table(self)
        return rows

    @property
    def months(self) -> pd.DataFrame:
        """Observed and forecast, month by month."""
        rows: pd.DataFrame = beside(self, "forecast_texts").months(self)
        return rows

    def figure(self, words: Language = ENGLISH) -> Picture:
        """Draw what was observed, what fits, and what each plan does."""
        drawn: Picture = beside(self, "forecast_figure").forecast_figure(self, words)
        return drawn

    def as_json(self, words: Language = ENGLISH) -> dict[str, Any]:
        """Return it as plain values."""
        content: dict[str, Any] = beside(self, "forecast_texts").as_dict(self, words)
        return content


def both_sets(seed: int = 1) -> dict[str, Sequence[Vector]]:
    """Return every vector of both posteriors."""
    return {name: vectors_of(name, 1_000_000, seed) for name in EVIDENCE_SETS}


def question(
    scenario: Scenario | str | Path,
    observed: Observed | Path | str | Sequence[Path | str],
    *,
    plans: Mapping[str, Scenario | str | Path] | None = None,
    month: int | None = None,
    sets: Mapping[str, Sequence[Vector]] | None = None,
    particles: int = PARTICLES,
    seed: int = 1,
) -> Asked:
    """Return what is asked, or say why it cannot be; see :func:`forecast`."""
    whole_number("particles", particles, 100)
    whole_number("seed", seed, 0, 2**32 - 1)
    here = as_scenario(scenario)
    seen = observed if isinstance(observed, Observed) else read_observed(observed)
    end = here.simulation.months
    if len(seen.months) < FEWEST_MONTHS:
        raise AdoptionError(
            said(
                "observed: found {number} month, expected at least {least}: a single month says too little of "
                "those to come",
                number=len(seen.months),
                least=FEWEST_MONTHS,
            )
        )
    check_before(seen, end)
    month = end if month is None else month
    whole_number("month", month, seen.last + 1, end)
    sets = both_sets(seed) if sets is None else sets
    number = sum(map(len, sets.values()))
    named = {name: as_scenario(plan) for name, plan in (plans or {}).items()}
    plans_of(here, seen.last, named)
    return Asked(here, seen, named, month, sets, organisations_of(here, number, particles), seed)


def forecast(
    scenario: Scenario | str | Path,
    observed: Observed | Path | str | Sequence[Path | str],
    *,
    plans: Mapping[str, Scenario | str | Path] | None = None,
    month: int | None = None,
    sets: Mapping[str, Sequence[Vector]] | None = None,
    particles: int = PARTICLES,
    seed: int = 1,
    root: Path | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Return what is to come, given what was observed, and what each plan does from here.

    Parameters
    ----------
    scenario
        What was done so far, and is meant to go on.
    observed
        What was observed, or the files it is in.
    plans
        Other programmes by name, followed from the month after the last observed on; what was before
        stays as it was.
    month
        The month plans are held against each other in; by default the last of the scenario.
    sets
        Parameter vectors by evidence; by default those of both posteriors.
    particles
        Organisations that are simulated, about; of more than 140 people there are fewer.
    seed
        Seed of the study.
    root
        Folder of results: particles and earlier forecasts are there. By default none is used.
    progress
        Called with the number of vectors finished and the total.

    Raises
    ------
    AdoptionError
        If too little was observed, it lies outside what any simulated organisation does, too few fit
        it, or a plan does not fit the scenario.
    InterruptedStudyError
        If it is interrupted.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load("leadership").changed({"simulation.months": 8})
    >>> few = {"vendor": vectors_of("vendor", 4, seed=1)}
    >>> ahead = forecast(scenario, "docs/examples/use.csv", sets=few, particles=300)
    >>> low, _, high = ahead.reached(0)
    >>> bool(0.0 < low < high < 1.0)
    True
    """
    asked = question(
        scenario, observed,
        plans=plans, month=month, sets=sets, particles=particles, seed=seed,
    )  # fmt: skip
    return investigate(asked, root=root, progress=progress)


def investigate(
    asked: Asked,
    *,
    root: Path | None = None,
    progress: Progress | None = None,
    notice: Notice = lambda _: None,
) -> Forecast:
    """Return the forecast; particles and plans that are kept in a folder of results are taken from there."""
    kept = None if root is None else pieces_of(asked.particles, root, notice)
    particles = particles_of(
        asked.scenario, asked.sets, asked.organisations, asked.seed, progress=progress, pieces=kept
    )
    levels = levels_of(asked.observed, particles)
    within_reach(particles, levels)
    fit = weighed(particles.prior, misfit(particles, levels))
    plans = plans_of(asked.scenario, levels.last, asked.plans)
    outcomes = outcomes_of(
        plans,
        particles,
        chosen(fit.weights, DRAWN),
        levels.last,
        vectors=asked.vectors,
        seed=asked.seed,
        progress=progress,
        pieces=Pieces() if root is None else _plans_kept(asked, root, notice),
    )
    before = [] if root is None else earlier(root, asked.scenario.name, levels)
    return Forecast(
        asked,
        particles,
        levels,
        fit,
        surprise(particles, levels),
        plans,
        outcomes,
        learning_of(particles, levels, fit, outcomes, asked.month),
        scored(before, levels),
        len(before),
    )


def _plans_kept(asked: Asked, root: Path, notice: Notice) -> Pieces:
    """Return what plans gave already for what was observed, and where the rest is kept."""
    folder = root / "forecast" / "particles" / asked.particles.folder(root).name
    return Pieces(
        folder / f"plans-{asked.place.folder(root).name}", asked.place.determining, notice
    )


def remember(ahead: Forecast) -> dict[str, Any]:
    """Return what is needed to score the forecast later: what was observed, and quantiles of each way."""
    ways = remembered(ahead.particles, ahead.levels, ahead.fit.weights)
    return {
        "levels": {
            "months": ahead.levels.months.tolist(),
            "values": ahead.levels.values.tolist(),
        },
        "remembered": {way: np.round(values, 6).tolist() for way, values in ways.items()},
    }


def save(ahead: Forecast, root: Path, words: Language = ENGLISH) -> Path:
    """Write tables and plain values, what made them, and what later forecasts score; return the folder."""
    tables = {"plans": ahead.table, "months": ahead.months}
    return ahead.asked.place.save(root, {**ahead.as_json(words), **remember(ahead)}, tables)


__all__ = ["CONTINUE", "SHOWN", "Asked", "Forecast", "forecast", "investigate", "question", "save"]
