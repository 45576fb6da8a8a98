"""What can go wrong: plans over parameter vectors and organisations, never at one vector alone.

Every plan meets the same organisations with the same luck under every vector, so what is counted, such
as in how many of them a plan beats another, is counted pair by pair. Each vector has organisations of
its own. Apart from that, plans are tried in other organisations around the one at hand, each under a
vector, to find where the best of them loses.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.decisions.contexts import Context, changed, contexts_of, drawn
from analysis.decisions.discount import Span, flip, spans
from analysis.decisions.goal import Goal
from analysis.decisions.precision import fails, level_checked
from analysis.decisions.prim import Box, prim
from analysis.results.ensemble import under
from analysis.results.estimates import Estimate, estimate
from analysis.results.pieces import Pieces
from analysis.results.summary import SUCCESS_LEVEL
from analysis.studies.form import beside
from analysis.studies.validation.study import vectors_of
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.simulator import Simulator, Vector
from sim.study.experiments import Progress, same_people
from sim.study.posteriors import EVIDENCE_SETS
from sim.study.results import curves

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

LEVEL: Final = 100.0 * SUCCESS_LEVEL
"""Weekly users in percent below which a plan has failed, unless another level is asked for."""

VECTORS: Final = 40
ORGANISATIONS: Final = 40
CASES: Final = 400
"""Parameter vectors of each evidence set, organisations under each, other organisations tried."""

EACH: Final = 10
"""Runs of each of the other organisations: its mean decides who does better there."""

BELIEFS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Levels of belief at which it is told how often plans fail."""

SELDOM: Final = 0.05
"""Share of the cases from which on it is worth looking where they lie."""


class Question(NamedTuple):
    """What is asked.

    Attributes
    ----------
    scenarios
        Plans by name; the first is the reference, from which effects are counted.
    sets
        Parameter vectors by the evidence they reproduce.
    goal
        What is wanted, and when.
    level
        What has to be reached, as the KPI is shown.
    organisations
        Organisations under every vector.
    cases
        Other organisations tried, each under a vector; 0 for none.
    seed
        Seed of the study.
    """

    scenarios: Mapping[str, Scenario]
    sets: Mapping[str, Sequence[Vector]]
    goal: Goal
    level: float
    organisations: int = ORGANISATIONS
    cases: int = CASES
    seed: int = 1

    @property
    def vectors(self) -> list[Vector]:
        """Every vector, set after set."""
        return [vector for vectors in self.sets.values() for vector in vectors]

    @property
    def contexts(self) -> list[Context]:
        """What is drawn around the organisation at hand."""
        return contexts_of(list(self.scenarios.values()))

    @property
    def varying(self) -> list[str]:
        """Numbers of the rules that are not the same in all vectors."""
        first, *others = self.vectors
        return [name for name in first if any(other[name] != first[name] for other in others)]


class Part(NamedTuple):
    """What the plans give in some organisations; S plans, N organisations each.

    Attributes
    ----------
    values
        The KPI as it is shown [S, N].
    earned, spent
        Value of the use and cost of everything, up to the month [euro; S, N].
    """

    values: Array
    earned: Array
    spent: Array


class Pair(NamedTuple):
    """How two plans compare over vectors and organisations.

    Attributes
    ----------
    plan, other
        Their names.
    beats
        Share of vectors and organisations in which the plan does better than the other, and where
        nine tenths of the sets of numbers lie [0 to 1].
    equal
        Share in which both do equally well [0 to 1].
    belief
        Part of the plan's effect beyond the reference that is enough to be level with the other at
        its full effect: of the means of all, and where nine tenths of those vectors lie in which
        there is such a part [0 to 1]; not a number where there is none.
    pays
        Belief in all effects from which on the plan earns more than the other; the same.
    """

    plan: str
    other: str
    beats: Estimate
    equal: float
    belief: Estimate
    pays: Estimate


class Risk(NamedTuple):
    """What came out; S plans, V vectors, N organisations each, C cases.

    Attributes
    ----------
    asked
        What was asked.
    values, earned, spent
        As in :class:`Part`, of every vector [S, V, N].
    margins
        By how much each plan does better than the reference in each case, the mean of its runs as the
        KPI is shown [S, C].
    missed
        Share of the runs of each case in which a plan misses the level [S, C].
    """

    asked: Question
    values: Array
    earned: Array
    spent: Array
    margins: Array
    missed: Array

    @property
    def question(self) -> str:
        """What is asked."""
        return "What can go wrong with which plan, and what does that rest on?"

    @property
    def runs(self) -> int:
        """Organisations behind each share: of every vector."""
        return self.asked.organisations * len(self.asked.vectors)

    @property
    def seed(self) -> int:
        """Seed of the study."""
        return self.asked.seed

    @property
    def answer(self) -> str:
        """How often the plans fail."""
        return self.said()[0]

    @property
    def table(self) -> pd.DataFrame:
        """Chance of failing and regret, a row per plan."""
        rows: pd.DataFrame = beside(self, "risk_tables").plan_table(self)
        return rows

    def said(self, words: Language = ENGLISH) -> list[str]:
        """Return what came out, the message first, in sentences."""
        sentences: list[str] = beside(self, "risk_texts").sentences(self, words)
        return sentences

    def figure(self, words: Language = ENGLISH) -> Picture:
        """Draw what the plans reach over all vectors and organisations, and how often that is too little."""
        drawn_: Picture = beside(self, "risk_figure").risk_figure(self, words)
        return drawn_

    def as_json(self) -> dict[str, Any]:
        """Return what came out, and how to read it, as plain values."""
        content: dict[str, Any] = beside(self, "risk_tables").as_dict(self)
        return content

    # --- What it comes to ------------------------------------------------------------------

    @property
    def first(self) -> int:
        """Number of the plan with the best mean."""
        return int(np.argmax(self.asked.goal.better * self.values.mean(axis=(1, 2))))

    def first_under(self, evidence: str) -> int:
        """Return the number of the plan with the best mean under the vectors of an evidence set."""
        there = self.values[:, self.places(evidence)].mean(axis=(1, 2))
        return int(np.argmax(self.asked.goal.better * there))

    @property
    def failed(self) -> Array:
        """Where the plans miss the level [S, V, N, bool]."""
        return fails(self.values, self.asked.level, self.asked.goal)

    def failing(self, plan: int, evidence: str | None = None) -> Estimate:
        """Return the chance that a plan misses the level, and where nine tenths of the sets of numbers lie."""
        places = slice(None) if evidence is None else self.places(evidence)
        return estimate(lambda failed: float(failed.mean()), self.failed[plan][places] * 1.0)

    @property
    def regrets(self) -> Array:
        """By how much each plan stays behind the best of them, there and then [S, V, N]."""
        better = self.asked.goal.better * self.values
        behind: Array = better.max(axis=0) - better
        return behind

    def places(self, evidence: str) -> list[int]:
        """Return which of the vectors belong to an evidence set."""
        names = [name for name, vectors in self.asked.sets.items() for _ in vectors]
        return [place for place, name in enumerate(names) if name == evidence]

    def pair(self, plan: int, other: int) -> Pair:
        """Return how two plans compare."""
        names = list(self.asked.scenarios)
        apart = self.asked.goal.better * (self.values[plan] - self.values[other])
        gain, price = self._effect
        mine = gain[plan], price[plan], gain[other] - price[other]
        money = [amounts[plan] - amounts[other] for amounts in self._money]
        return Pair(
            names[plan],
            names[other],
            estimate(lambda difference: float((difference > 0.0).mean()), apart),
            float((apart == 0.0).mean()),
            estimate(enough, *mine)._replace(value=enough(*mine)),
            estimate(paying, *money)._replace(value=paying(*money)),
        )

    @property
    def _money(self) -> tuple[Array, Array]:
        """Extra earnings and extra cost beyond the reference [euro; S, V, N]."""
        return self.earned - self.earned[0], self.spent - self.spent[0]

    @property
    def _effect(self) -> tuple[Array, Array]:
        """What plans add to the reference, more being better, and what of it is price [S, V, N].

        Of the net of all months the price is told apart; other KPIs have none.
        """
        goal = self.asked.goal
        if goal.kpi == "cumulative_net" and not goal.area:
            return self._money
        gain = goal.better * (self.values - self.values[0])
        return gain, np.zeros_like(gain)

    def believed(self, belief: float) -> Array:
        """Return how often each plan misses the level if so much of its effect is believed [S].

        Parameters
        ----------
        belief
            Part of what each adds to the reference that is believed [0 to 1].
        """
        gain, price = self._effect
        kept = self.values[0] + self.asked.goal.better * (belief * gain - price)
        shares: Array = fails(kept, self.asked.level, self.asked.goal).mean(axis=(1, 2))
        return shares

    def paying(self) -> list[Span]:
        """Return which plan earns most by the belief in all effects, on average."""
        gain, cost = (money.mean(axis=(1, 2)) for money in self._money)
        return spans(-cost, gain)

    # --- Where it goes wrong ---------------------------------------------------------------

    @property
    def features(self) -> tuple[list[str], Array]:
        """What the cases are like: names, parameters first, and values [C, features]."""
        asked = self.asked
        first, vectors = next(iter(asked.scenarios.values())), asked.vectors
        places = drawn(asked.contexts, asked.cases, asked.seed)
        rows = [
            [
                *(vectors[case % len(vectors)][name] for name in asked.varying),
                *(
                    context.at(first, unit)
                    for context, unit in zip(asked.contexts, place, strict=True)
                ),
            ]
            for case, place in enumerate(places)
        ]
        return [*asked.varying, *(context.path for context in asked.contexts)], np.array(rows)

    @property
    def beaten(self) -> Array:
        """In which cases another plan does better than the first [C, 0 or 1]."""
        lost: Array = (self.margins > self.margins[self.first]).any(axis=0) * 1.0
        return lost

    def box(self, happens: Array, only: str = "") -> Box:
        """Return where something happens: the box of parameters and contexts in which it is frequent.

        Cases of every other vector are kept apart to hold it against; so what it says of parameters is
        said of vectors that it has not seen.

        Parameters
        ----------
        happens
            How far it happens in each case [C].
        only
            ``parameters`` or ``organisation``: of these features only.
        """
        names, features = self.features
        count = len(self.asked.varying)
        chosen = {"parameters": range(count), "organisation": range(count, len(names))}.get(
            only, range(len(names))
        )
        vectors = np.arange(self.asked.cases) % len(self.asked.vectors)
        there = prim(features[:, list(chosen)], happens, vectors % 2 > 0, vectors)
        return there._replace(limits={chosen[k]: ends for k, ends in there.limits.items()})


def enough(gain: Array, price: Array, rival: Array) -> float:
    """Return the part of a plan's mean effect with which it is level with another's full effect.

    0 if it is level without any, not a number if it is behind with all of it.

    Parameters
    ----------
    gain, price
        What the plan adds, and what of its price counts in the same unit whatever is believed.
    rival
        What the other adds.
    """
    full, costs, other = (float(amounts.mean()) for amounts in (gain, price, rival))
    if full - costs < other:
        return float("nan")
    return 0.0 if other + costs <= 0.0 else (other + costs) / full


def paying(earned: Array, spent: Array) -> float:
    """Return the belief in effects from which on a plan earns more than another.

    0 if it does at any, not a number if it does not even if all is believed.

    Parameters
    ----------
    earned, spent
        How much more it earns and costs, if all is believed [euro].
    """
    gain, price = float(earned.mean()), float(spent.mean())
    if gain <= price:
        return float("nan")
    return 0.0 if price <= 0.0 else flip([0.0, -price], [0.0, gain])


# --- The study ---------------------------------------------------------------------------------


def question(
    scenarios: Sequence[Scenario | str | Path],
    sets: Mapping[str, Sequence[Vector]],
    goal: Goal | None = None,
    level: float | None = None,
    organisations: int = ORGANISATIONS,
    *,
    cases: int = CASES,
    seed: int = 1,
) -> Question:
    """Return what is asked, or say why it cannot be.

    Parameters
    ----------
    scenarios
        Plans, names or paths, all with the same people; the first is the reference.
    sets
        Parameter vectors by evidence set, two or more together.
    goal
        What is wanted; by default weekly users in month 18.
    level
        What has to be reached; by default 35 percent of weekly users. Another KPI needs its own.
    organisations
        Organisations under every vector.
    cases
        Other organisations tried, 0 for none.
    seed
        Seed of the study.

    Raises
    ------
    AdoptionError
        If there are fewer than two scenarios, two have one name or other people, there is one vector
        only, or goal or level cannot be.
    """
    chosen = [as_scenario(scenario) for scenario in scenarios]
    named = {scenario.name: scenario for scenario in chosen}
    if len(named) < max(2, len(chosen)):
        names = ", ".join(scenario.name for scenario in chosen) or "none"
        raise AdoptionError(f"scenarios: found {names}, expected at least two, each once")
    for scenario in chosen[1:]:
        if not same_people(chosen[0], scenario):
            raise AdoptionError(
                f"{chosen[0].name} and {scenario.name} do not have the same people, expected scenarios "
                "that do: risk is counted over the same organisations"
            )
    goal = (goal or Goal()).checked(*chosen)
    if level is None:
        if goal.kpi != "adoption":
            raise AdoptionError(f"level: found none, expected one for {goal.kpi}, as it is shown")
        level = LEVEL
    asked = Question(named, sets, goal, level_checked(level, goal.kpi), organisations, cases, seed)
    if len(asked.vectors) < 2:
        raise AdoptionError(
            f"vectors: found {len(asked.vectors)}, expected at least 2: how sure a plan is cannot be "
            "told at one vector of parameters"
        )
    if organisations < 2:
        raise AdoptionError(f"organisations: found {organisations}, expected at least 2")
    if cases and cases < 20:
        raise AdoptionError(f"cases: found {cases}, expected 0 for none, or at least 20")
    return asked


def risk(
    scenarios: Sequence[Scenario | str | Path],
    goal: Goal | None = None,
    level: float | None = None,
    evidence: str = "both",
    vectors: int = VECTORS,
    *,
    organisations: int = ORGANISATIONS,
    cases: int = CASES,
    seed: int = 1,
    progress: Progress | None = None,
    pieces: Pieces | None = None,
) -> Risk:
    """Return what can go wrong with some plans.

    Parameters
    ----------
    scenarios, goal, level, organisations, cases, seed
        As in :func:`question`.
    evidence
        ``literature``, ``vendor`` or ``both``.
    vectors
        Parameter vectors of each evidence set.
    progress, pieces
        As in :func:`investigate`.

    Raises
    ------
    AdoptionError
        If it cannot be asked.
    InterruptedStudyError
        If it is interrupted.

    Examples
    --------
    >>> plans = ["baseline", "champions"]
    >>> plain = risk(plans, vectors=2, organisations=2, cases=0)
    >>> plain.values.shape
    (2, 4, 2)
    """
    names = EVIDENCE_SETS if evidence == "both" else (evidence,)
    sets = {name: vectors_of(name, vectors, seed) for name in names}
    asked = question(scenarios, sets, goal, level, organisations, cases=cases, seed=seed)
    return investigate(asked, progress, pieces)


def investigate(
    asked: Question, progress: Progress | None = None, pieces: Pieces | None = None
) -> Risk:
    """Simulate every plan under every vector, then in other organisations.

    Parameters
    ----------
    asked
        What is asked.
    progress
        Called with the number of vectors and cases finished, and the total.
    pieces
        Where they are kept, and taken from.

    Raises
    ------
    InterruptedStudyError
        If it is interrupted: what is finished is kept in ``pieces``.
    """
    pieces, report = pieces or Pieces(), progress or (lambda *_: None)
    vectors, total = len(asked.vectors), len(asked.vectors) + asked.cases
    parts: dict[str, dict[int, Part]] = {"vector": {}, "case": {}}
    jobs = {"vector": (_of_vector, vectors, 0), "case": (_of_case, asked.cases, vectors)}
    try:
        for label, (work, number, before) in jobs.items():
            several = pieces.over(
                label,
                partial(work, asked),
                range(number),
                _read,
                partial(_after, report, before, total),
            )
            for place, part in several:
                parts[label][place] = part
    except KeyboardInterrupt:
        pass  # between two pieces of work: what is finished is whole
    finished = sum(map(len, parts.values()))
    if finished < total:
        raise InterruptedStudyError(
            f"interrupted: {finished:,} of {total:,} vectors and other organisations are finished"
        )
    values, earned, spent = (
        np.array([parts["vector"][v][k] for v in range(vectors)]).transpose(1, 0, 2)
        for k in range(3)
    )
    cases = [parts["case"][c].values for c in range(asked.cases)]
    better = asked.goal.better
    margins = [better * (those - those[0]).mean(axis=1) for those in cases]
    missed = [fails(those, asked.level, asked.goal).mean(axis=1) for those in cases]
    shape = (asked.cases, len(asked.scenarios))
    return Risk(
        asked,
        values,
        earned,
        spent,
        np.array(margins).reshape(shape).T,
        np.array(missed).reshape(shape).T,
    )


def _after(report: Progress, before: int, total: int, done: int, _: int) -> None:
    """Report what is done of a part of the work that begins after another."""
    report(before + done, total)


def expected_seconds(asked: Question, workers: int) -> float:
    """Return about how long a study takes here, from its first vector and its first case [s]."""
    _of_vector(asked._replace(organisations=2), 0)  # what is compiled when it is first needed
    began = time.perf_counter()
    _of_vector(asked, 0)
    seconds = (time.perf_counter() - began) * len(asked.vectors)
    if asked.cases:
        began = time.perf_counter()
        _of_case(asked, 0)
        seconds += (time.perf_counter() - began) * asked.cases
    return seconds / workers


def _of_vector(asked: Question, number: int) -> Part:
    """Return what the plans give under a vector."""
    first = next(iter(asked.scenarios.values()))
    simulator = under(asked.vectors[number], number, first, asked.organisations, asked.seed)
    return _simulated(asked, simulator, list(asked.scenarios.values()))


def _of_case(asked: Question, number: int) -> Part:
    """Return what the plans give in another organisation, under a vector of its own."""
    place = drawn(asked.contexts, asked.cases, asked.seed)[number]
    there = [changed(scenario, asked.contexts, place) for scenario in asked.scenarios.values()]
    vector = asked.vectors[number % len(asked.vectors)]
    after = -(-len(asked.vectors) * asked.organisations // EACH)  # organisations never seen above
    return _simulated(asked, under(vector, after + number, there[0], EACH, asked.seed), there)


def _simulated(asked: Question, simulator: Simulator, scenarios: Sequence[Scenario]) -> Part:
    """Return what scenarios give on a simulator's organisations, up to the month."""
    values, earned, spent = [], [], []
    for scenario in scenarios:
        rows = simulator.simulate(scenario).rows[:, : asked.goal.month + 1]
        values.append(asked.goal.of(scenario, rows))
        earned.append(curves(scenario, rows, "benefit").sum(axis=1))
        spent.append(curves(scenario, rows, "cost").sum(axis=1))
    return Part(*map(np.array, (values, earned, spent)))


def _read(kept: Any) -> Part:
    """Return a part from the plain values of a piece that was kept."""
    return Part(*(np.array(values, float) for values in kept))
