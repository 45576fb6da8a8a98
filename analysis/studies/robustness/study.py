"""What is asked under every theory, and what comes out: simulated, the reference refitted."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.results.ensemble import under
from analysis.results.pieces import Pieces
from analysis.results.summary import all_known, known, scale_of
from analysis.studies.form import beside
from analysis.studies.robustness.same_adoption import Refit, refit
from analysis.studies.robustness.variants import Variant, applied, every_variant, mean_ties
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.parameters import numbers
from sim.scenario.schema import Scenario
from sim.simulator import Vector
from sim.study.experiments import Progress, same_people
from sim.study.results import curves

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "Does a conclusion survive another theory?"

SLOPES = {"logit": 0.25, "identity": 1.0}
"""About how much adoption rises with the base desire, by link."""


class Study(NamedTuple):
    """What is asked.

    Attributes
    ----------
    scenarios
        What is ranked, by name; the first is the reference, whose adoption is kept.
    variants
        Theories, the model first.
    sets
        Parameter vectors by the evidence they reproduce.
    kpi, month
        What scenarios are ranked by. The reference keeps its *adoption* in that month.
    organisations
        Organisations under every vector, the same ones in every variant.
    seed
        Seed of the study.
    """

    scenarios: Mapping[str, Scenario]
    variants: Sequence[Variant]
    sets: Mapping[str, Sequence[Vector]]
    kpi: str
    month: int
    organisations: int
    seed: int

    @property
    def reference(self) -> Scenario:
        """The scenario whose adoption is the same in every variant."""
        return next(iter(self.scenarios.values()))

    @property
    def vectors(self) -> list[Vector]:
        """Every vector, set after set."""
        return [vector for vectors in self.sets.values() for vector in vectors]

    def places(self, evidence: str) -> list[int]:
        """Return which of the vectors belong to an evidence set."""
        first = 0
        for name, vectors in self.sets.items():
            if name == evidence:
                return list(range(first, first + len(vectors)))
            first += len(vectors)
        raise KeyError(evidence)


class Robustness(NamedTuple):
    """What came out.

    Attributes
    ----------
    study
        What was asked.
    values
        The KPI as it is shown (shares in percent) [variants, vectors, scenarios, organisations].
    fits
        How the reference was brought to the same adoption, by variant and vector.
    """

    study: Study
    values: Array
    fits: Sequence[Sequence[Refit]]

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def runs(self) -> int:
        """Organisations behind each place: of every vector."""
        return self.study.organisations * len(self.study.vectors)

    @property
    def seed(self) -> int:
        """Seed of the study."""
        return self.study.seed

    @property
    def answer(self) -> str:
        """In how many theories the model's first is first."""
        text: str = beside(self, "texts").message(self)
        return text

    @property
    def table(self) -> pd.DataFrame:
        """Places of the scenarios, a row per theory."""
        rows: pd.DataFrame = beside(self, "tables").rank_table(self)
        return rows

    def figure(self) -> Picture:
        """Draw the places under every theory."""
        drawn: Picture = beside(self, "figure").robustness_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return what came out, and how to read it, as plain values."""
        content = beside(self, "tables").as_dict(self)
        return {**content, "readings": beside(self, "texts").readings(self)}

    @property
    def reached(self) -> Array:
        """Whether the reference has the same adoption [variants, vectors]."""
        return np.array([[fit.reached for fit in row] for row in self.fits])


def question(
    scenarios: Sequence[Scenario],
    sets: Mapping[str, Sequence[Vector]],
    kpi: str = "adoption",
    month: int = 18,
    organisations: int = 40,
    *,
    combinations: int = 32,
    seed: int = 1,
) -> Study:
    """Return what is asked, or say why it cannot be.

    Parameters
    ----------
    scenarios
        What is ranked; the first is the reference.
    sets
        Parameter vectors by evidence set; an empty vector stands for the shipped numbers.
    kpi, month
        What scenarios are ranked by.
    organisations
        Organisations under every vector.
    combinations
        Number of combinations of variants.
    seed
        Seed of the study and of the combinations.

    Raises
    ------
    AdoptionError
        If there are fewer than two scenarios, two have one name or other people, or the KPI or the
        month does not exist.
    """
    named = {scenario.name: scenario for scenario in scenarios}
    if len(named) < max(2, len(scenarios)):
        names = ", ".join(scenario.name for scenario in scenarios)
        raise AdoptionError(f"scenarios: found {names}, expected at least two, each once")
    known(kpi, kpis.KPIS, "KPI")
    last = min(scenario.simulation.months for scenario in scenarios)
    if not 1 <= month <= last:
        raise AdoptionError(f"month: found {month}, expected 1 to {last}, as all scenarios have")
    for scenario in scenarios[1:]:
        if not same_people(scenarios[0], scenario):
            raise AdoptionError(
                f"{scenarios[0].name} and {scenario.name} do not have the same people: "
                "scenarios are ranked on the same organisations"
            )
    variants = every_variant(scenarios, combinations, seed)
    return Study(named, variants, sets, kpi, month, organisations, seed)


def investigate(
    asked: Study, progress: Progress | None = None, pieces: Pieces | None = None
) -> Robustness:
    """Simulate every scenario under every variant and vector.

    The reference's adoption under the model, vector by vector, is what it is brought back to under
    every other variant, by shifting ``parameters.base_desire`` of all scenarios alike.

    Parameters
    ----------
    asked
        What is asked.
    progress
        Called with the number of variants and vectors finished, and the total.
    pieces
        Where pairs of a variant and a vector are kept, and taken from.

    Raises
    ------
    PartOfStudyError
        If it is interrupted: part of the variants say nothing of all, but what is finished is in it.
    """
    vectors = len(asked.vectors)
    jobs = [(v, u) for v in range(len(asked.variants)) for u in range(vectors)]
    ties = mean_ties(asked.reference, asked.seed)
    pieces = pieces or Pieces()
    parts: dict[int, tuple[Refit, Array]] = {}

    def report(finished: int, _total: int) -> None:
        if progress is not None:
            before = 0 if len(parts) < vectors else vectors
            progress(before + finished, len(jobs))

    def work(number: int) -> tuple[Refit, Array]:
        v, u = jobs[number]
        goal = None if v == 0 else parts[u][0].adoption
        return _under(asked, asked.variants[v], u, goal, ties)

    try:
        # The model first: what the others are brought back to.
        for several in (range(vectors), range(vectors, len(jobs))):
            if len(parts) == several.start:
                for number, part in pieces.over("theory", work, several, _read, report):
                    parts[number] = part
    except KeyboardInterrupt:
        pass  # between two pieces of work: what is finished is whole
    if len(parts) < len(jobs):
        raise PartOfStudyError(asked, parts)
    values = np.array([parts[number][1] for number in range(len(jobs))])
    fits = [parts[number][0] for number in range(len(jobs))]
    return Robustness(
        asked,
        values.reshape(len(asked.variants), vectors, *values.shape[1:]),
        [fits[v * vectors : (v + 1) * vectors] for v in range(len(asked.variants))],
    )


def _read(kept: Any) -> tuple[Refit, Array]:
    """Return refit and values from the plain values of a piece that was kept."""
    fit, values = kept
    return Refit(*fit), np.array(values, dtype=float)


class PartOfStudyError(InterruptedStudyError):
    """A study that was interrupted, with what is finished of it.

    Attributes
    ----------
    study
        What was asked.
    parts
        Refit and values by number, variant after variant and vector after vector, as far as finished.
    """

    def __init__(self, study: Study, parts: Mapping[int, tuple[Refit, Array]]) -> None:
        self.study, self.parts = study, parts
        total = len(study.variants) * len(study.vectors)
        super().__init__(
            f"interrupted: {len(parts):,} of {total:,} pairs of a theory and a vector are finished; "
            "nothing is concluded from part of the theories"
        )


def expected_seconds(asked: Study, workers: int) -> float:
    """Return about how long a study takes here, from its first vector under two theories [s].

    Parameters
    ----------
    asked
        What is asked.
    workers
        Processors at work.
    """
    ties = mean_ties(asked.reference, asked.seed)
    vectors, others = len(asked.vectors), len(asked.variants) - 1
    model, _ = _under(asked, asked.variants[0], 0, None, ties)  # what is compiled, and the goal
    began = time.perf_counter()
    _under(asked, asked.variants[0], 0, None, ties)
    seconds = (time.perf_counter() - began) * vectors
    if others:
        began = time.perf_counter()
        _under(asked, asked.variants[1 + others // 2], 0, model.adoption, ties)
        seconds += (time.perf_counter() - began) * vectors * others
    return seconds / min(workers, vectors * (others + 1))


def _under(
    asked: Study, variant: Variant, vector: int, goal: float | None, ties: float
) -> tuple[Refit, Array]:
    """Return the refit of a variant under a vector, and every scenario's values there.

    ``goal`` is the adoption the reference is brought to, None to leave it as it is.
    """
    given, own = asked.vectors[vector], next(iter(asked.scenarios.values()))
    under_vector = under(given, vector, own, asked.organisations, asked.seed)
    scenarios = {
        name: applied(under_vector.scenario_of(scenario, 0), variant, ties)
        for name, scenario in asked.scenarios.items()
    }
    simulator = under({}, vector, own, asked.organisations, asked.seed)
    reference = next(iter(scenarios))
    start = float(scenarios[reference].parameters.base_desire)

    def adoption(base: float) -> float:
        shifted = scenarios[reference].changed({"parameters.base_desire": base})
        rows = simulator.simulate(shifted, months=asked.month).rows
        return float(rows[:, -1, kpis.COLUMN["adoption"]].mean())

    if goal is None:
        level = adoption(start)
        fit = Refit(start, level, level)
    else:
        allowed = numbers()["base_desire"]
        slope = SLOPES[scenarios[reference].rules.link]
        fit = refit(adoption, goal, start, slope, allowed.low, high=allowed.high)
    shifted = {
        name: scenario.changed({"parameters.base_desire": _shifted(scenario, fit.base - start)})
        for name, scenario in scenarios.items()
    }
    rows = {
        name: curves(scenario, simulator.simulate(scenario).rows, asked.kpi)
        for name, scenario in shifted.items()
    }
    factor = scale_of(asked.kpi).factor
    values = np.array([rows[name][:, asked.month] * factor for name in scenarios])
    return fit, all_known(values, asked.kpi, asked.month)


def _shifted(scenario: Scenario, shift: float) -> float:
    """Return the base desire of a scenario with the same shift as the reference's."""
    allowed = numbers()["base_desire"]
    base = float(scenario.parameters.base_desire)
    return base if shift == 0.0 else min(max(base + shift, allowed.low), allowed.high)
