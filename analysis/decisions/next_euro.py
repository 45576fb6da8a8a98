"""What now to spend on: for every measure, what some more money brings from where you are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.decisions.bench import (
    LICENCES,
    Choice,
    ProgrammeBench,
    Terms,
    deployed,
    evidence_level,
    level_of,
    measures_cost,
    technology_cost,
)
from analysis.decisions.goal import Goal
from analysis.results.ensemble import Progress, over_vectors
from analysis.results.estimates import Estimate, estimate
from analysis.results.pieces import Pieces
from analysis.studies.audit.study import grade_of
from analysis.studies.form import records
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.programme.deployments import access_months
from sim.programme.ledger import with_access
from sim.scenario import as_scenario, read_catalogue
from sim.scenario.schema import Phase, Scenario
from sim.simulator import Simulator, Vector
from sim.study.intervals import half_width
from sim.study.results import curves

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "What do the next euros bring, measure by measure?"

MONEY: Final = 10_000.0

SMALLEST: Final = 0.25
"""Least part of a full dose that is worth the name of a measure."""

AT_ONCE: Final = 8
"""Measures in a piece of work: some seconds."""


class Offer(NamedTuple):
    """What the money is for: a scenario with more of one measure.

    Attributes
    ----------
    name
        Of the deployment, or ``licences``.
    how
        ``dose``, ``share`` or ``licences``.
    level
        Dose, share of people appointed, or share of people who get a licence.
    departments
        Where, if not everywhere.
    spent
        What it costs more, over all months [euro].
    outside
        Whether it is more than catalogue or scenario speak of.
    scenario
        The scenario with it.
    """

    name: str
    how: str
    level: float
    departments: tuple[str, ...]
    spent: float
    outside: bool
    scenario: Scenario


class Lump(NamedTuple):
    """A measure that cannot be had for the money: what the least of it costs [euro]."""

    name: str
    measure: str
    least: float

    def title(self, words: Language = ENGLISH) -> str:
        """Return what it is called."""
        return _title(self.name, self.measure, words)


class Step(NamedTuple):
    """What some more money for a measure brings.

    Attributes
    ----------
    name, measure
        Of the deployment, and of the catalogue's entry.
    how, level, departments, spent, outside
        What the money is for: see :class:`Offer`.
    points, low, high
        What it adds, with its paired interval, more is better [points, or unit of the goal].
    net, net_low, net_high
        Value of the hours saved less all costs, over all months [euro].
    grade
        Of the best evidence for its effect; empty without any.
    place
        Rank; those not clearly apart from the first among them have the same.
    """

    name: str
    measure: str
    how: str
    level: float
    departments: tuple[str, ...]
    spent: float
    outside: bool
    points: float
    low: float
    high: float
    net: float
    net_low: float
    net_high: float
    grade: str
    place: int

    def title(self, words: Language = ENGLISH) -> str:
        """Return what it is called."""
        return _title(self.name, self.measure, words)


class NextEuro(NamedTuple):
    """What some more money brings, measure by measure.

    Attributes
    ----------
    scenario
        Where one is.
    terms
        What is wanted.
    money
        What there is more [euro].
    here
        What the scenario reaches.
    rows
        Measures, what brings most first.
    lumps
        Measures that cannot be had for the money.
    at_full
        Measures of which there is as much as can be.
    evidence
        Parameter vectors by body of evidence.
    runs, seed
        Organisations behind each number, and the seed.
    words
        Language of what it says.
    """

    scenario: Scenario
    terms: Terms
    money: float
    here: Estimate
    rows: tuple[Step, ...]
    lumps: tuple[Lump, ...]
    at_full: tuple[Lump, ...]
    evidence: Mapping[str, int]
    runs: int
    seed: int
    words: Language = ENGLISH

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def answer(self) -> str:
        """What to spend the next money on."""
        return str(_page("money_texts").next_message(self))

    @property
    def table(self) -> pd.DataFrame:
        """One row per measure, what brings most first."""
        table: pd.DataFrame = _page("money_texts").next_table(self)
        return table

    def figure(self) -> Picture:
        """Draw what every measure brings, ranked, with intervals."""
        drawn: Picture = _page("money_figures").next_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "question": self.question,
            "answer": self.answer,
            "scenario": self.scenario.name,
            "goal": self.terms.goal._asdict(),
            "unit": self.terms.unit,
            "target": self.terms.target,
            "money": self.money,
            "here": self.here._asdict(),
            "measures": [row._asdict() for row in self.rows],
            "not_to_be_had": [lump._asdict() for lump in self.lumps],
            "at_full": [lump.name for lump in self.at_full],
            "evidence": dict(self.evidence),
            "runs": self.runs,
            "seed": self.seed,
            "table": records(self.table),
        }


def _page(name: str) -> Any:
    return import_module(f"analysis.decisions.{name}")


def _title(name: str, measure: str, words: Language) -> str:
    known = read_catalogue().get(measure)
    if name == LICENCES:
        return words._("More licences")
    return name if known is None else words.of(known.title)


# --- The study ----------------------------------------------------------------------------------


def next_euro(
    scenario: Scenario | str | Path,
    money: float = MONEY,
    terms: Terms | None = None,
    *,
    evidence: Mapping[str, Sequence[Vector]] | None = None,
    runs: int = 100,
    seed: int = 1,
    pieces: Pieces | None = None,
    progress: Progress | None = None,
    words: Language = ENGLISH,
) -> NextEuro:
    """Return what some more money for each measure brings, from where a scenario is.

    A measure that is there already gets more of itself; one that is not gets as much of a full dose as
    the money pays for, for everybody or, where that is too dear, for as many people as it pays for
    in one department. Never more than the money, often less.

    Parameters
    ----------
    scenario
        Where one is; its own budget does not count.
    money
        What there is more, over all months [euro].
    terms
        What is wanted; by default the most weekly users in month 18.
    evidence
        Parameter vectors by body of evidence; by default the shipped numbers.
    runs
        Organisations behind each number; of each vector, its part of them.
    seed
        Seed of the study.
    pieces
        Where finished pieces are kept, and taken from.
    progress
        Called with the number of measures finished, and the total.
    words
        Language of what it says.

    Raises
    ------
    AdoptionError
        If the money is none, or there are fewer than two runs.
    InterruptedStudyError
        If it is interrupted; with pieces the same call goes on from there.
    """
    chosen, terms = as_scenario(scenario), terms or Terms(Goal())
    if not (np.isfinite(money) and money > 0.0):
        raise AdoptionError(f"money: found {money:,.0f} euro, expected more than 0")
    if runs < 2:
        raise AdoptionError(f"runs: found {runs}, expected at least 2, for an interval")
    sets = evidence or {"shipped": [{}]}
    vectors = [vector for those in sets.values() for vector in those]
    bench = ProgrammeBench(chosen, terms, vectors, seed=seed)
    offers, lumps, full = offers_of(bench, money)
    simulator = Simulator(bench.bare, -(-runs // len(vectors)), seed, vectors, threads=1)
    scenarios = [bench.bare, *(offer.scenario for offer in offers)]
    reached = _simulated(bench, simulator, scenarios, pieces or Pieces(), progress)
    rows = _ranked(bench, offers, reached)
    here = _around(bench, reached[0, 0])
    numbers = {name: len(those) for name, those in sets.items()}
    return NextEuro(
        chosen, terms, money, here, rows, lumps, full, numbers, reached.shape[2], seed, words
    )


def _around(bench: ProgrammeBench, row: Array) -> Estimate:
    """Return a mean with its interval: of organisations, or of parameters where there are some."""
    return estimate(lambda part: float(part.mean()), row.reshape(len(bench.vectors), -1))


def _simulated(
    bench: ProgrammeBench,
    simulator: Simulator,
    scenarios: Sequence[Scenario],
    pieces: Pieces,
    progress: Progress | None,
) -> Array:
    """Return goal and net value of scenarios [scenarios, 2, organisations]."""
    goal, target = bench.terms.goal, bench.terms.target

    def work(scenario: Scenario) -> Array:
        rows = simulator.simulate(scenario).rows
        reached = goal.of(scenario, rows)
        if target is not None:
            reached = 100.0 * (goal.better * (reached - target) >= 0.0)
        return np.array([reached, curves(scenario, rows, "cumulative_net")[:, -1]])

    parts: list[Array] = []
    for first in range(0, len(scenarios), AT_ONCE):
        few = scenarios[first : first + AT_ONCE]

        def all_of(few: Sequence[Scenario] = few) -> Array:
            values = list(over_vectors(lambda k: work(few[k]), list(range(len(few)))))
            if len(values) < len(few):
                raise InterruptedStudyError(
                    "interrupted: what is finished is kept; the same command goes on from there"
                )
            return np.array(values)

        parts.append(np.asarray(pieces.once(f"measures-{first:04d}", all_of, np.array), float))
        if progress is not None:
            progress(min(len(scenarios), first + AT_ONCE), len(scenarios))
    return np.concatenate(parts)


def _ranked(bench: ProgrammeBench, offers: Sequence[Offer], reached: Array) -> tuple[Step, ...]:
    """Return what each offer brings, most first; those not clearly apart have the same place."""
    sign = bench.terms.goal.better if bench.terms.target is None else 1.0
    gains = sign * (reached[1:, 0] - reached[0, 0])
    nets = reached[1:, 1] - reached[0, 1]
    order = np.argsort(-gains.mean(axis=1), kind="stable")
    rows: list[Step] = []
    first, place = -1, 0
    for number, k in enumerate(order, 1):
        if first < 0 or _apart(bench, gains[first] - gains[k]):
            first, place = int(k), number
        gain, net = _around(bench, gains[k]), _around(bench, nets[k])
        offer = offers[int(k)]
        measure, grade = _about(bench, offer.name)
        rows.append(
            Step(
                offer.name,
                measure,
                *offer[1:6],
                gain.value,
                gain.low,
                gain.high,
                net.value,
                net.low,
                net.high,
                grade,
                place,
            )
        )
    return tuple(rows)


def _apart(bench: ProgrammeBench, differences: Array) -> bool:
    """Return whether two measures are clearly apart, by their paired differences."""
    if len(bench.vectors) > 1:
        return _around(bench, differences).low > 0.0
    return bool(differences.mean() > half_width(differences))


def _about(bench: ProgrammeBench, name: str) -> tuple[str, str]:
    """Return the catalogue's entry of a deployment, and the grade of its evidence."""
    for choice in bench.choices:
        if choice.name == name:
            return choice.base.measure or name, grade_of(choice.measure.sources)
    return name, ""


# --- What can be had for the money ----------------------------------------------------------------


def offers_of(
    bench: ProgrammeBench, money: float
) -> tuple[list[Offer], tuple[Lump, ...], tuple[Lump, ...]]:
    """Return what can be had for the money, what cannot, and what there already is in full."""
    offers: list[Offer] = []
    lumps: list[Lump] = []
    full: list[Lump] = []
    cost = measures_cost(bench.bare, bench.chart)
    for choice in bench.choices:
        measure = choice.base.measure or choice.name
        if choice.name in bench.scenario.deployments:
            offer = _more(bench, choice, cost, money)
        else:
            offer = _anew(bench, choice, cost, money)
        if isinstance(offer, Offer):
            offers.append(offer)
        elif offer > 0.0:
            lumps.append(Lump(choice.name, measure, offer))
        else:
            full.append(Lump(choice.name, measure, 0.0))
    licences = _licences(bench, money)
    if isinstance(licences, Offer):
        offers.append(licences)
    elif licences > 0.0:
        lumps.append(Lump(LICENCES, LICENCES, licences))
    return offers, tuple(sorted(lumps, key=lambda lump: lump.least)), tuple(full)


def _with(
    bench: ProgrammeBench,
    choice: Choice,
    level: float,
    departments: tuple[str, ...] | None = None,
) -> Scenario:
    """Return the scenario with a measure at a dose or share, perhaps only for some departments."""
    put = deployed(choice.base, choice.measure, level, None, departments)
    programme = {**bench.scenario.programme, choice.name: put}
    return bench.bare.model_copy(update={"programme": programme})


def _highest(price: Callable[[float], float], low: float, high: float, most: float) -> float:
    """Return the highest level whose price is within what may be spent; ``low`` is one."""
    if price(high) <= most:
        return high
    for _ in range(14):
        middle = (low + high) / 2.0
        if price(middle) <= most:
            low = middle
        else:
            high = middle
    return low


def _more(bench: ProgrammeBench, choice: Choice, cost: float, money: float) -> Offer | float:
    """Return more of a measure that is there; 0 if there cannot be more, else what the least costs."""
    now = level_of(choice.base, choice.measure)
    people = choice.measure.takes_people
    top = 1.0 if people else 2.0 * max(now, 1.0)
    if now >= top:
        return 0.0

    def price(level: float) -> float:
        return measures_cost(_with(bench, choice, level), bench.chart) - cost

    least = min(top, now + 1.0 / bench.chart.role.size if people else now * 1.02)
    if price(least) > money:
        return price(least)
    level = _highest(price, least, top, money)
    known = max(evidence_level(choice.measure), now)
    how = "share" if people else "dose"
    scenario = _with(bench, choice, level)
    spent = measures_cost(scenario, bench.chart) - cost
    if spent <= 0.0:  # somebody more, whom rounding takes away again
        return 0.0
    return Offer(choice.name, how, level, (), spent, level > known + 1e-9, scenario)


def _anew(bench: ProgrammeBench, choice: Choice, cost: float, money: float) -> Offer | float:
    """Return a measure that is not there as far as the money goes, or what the least of it costs."""
    full = evidence_level(choice.measure)
    how = "share" if choice.measure.takes_people else "dose"

    def price(level: float, departments: tuple[str, ...] | None = None) -> float:
        return measures_cost(_with(bench, choice, level, departments), bench.chart) - cost

    least = price(SMALLEST * full)
    places: list[tuple[str, ...] | None] = [None]
    if least > money:
        places = [some for some in choice.audiences if some is not None and len(some) == 1]
    best: Offer | None = None
    for some in places:
        lowest = price(SMALLEST * full, some)
        least = min(least, lowest)
        if lowest > money:
            continue
        level = _highest(lambda level, some=some: price(level, some), SMALLEST * full, full, money)  # type: ignore[misc]
        scenario = _with(bench, choice, level, some)
        spent = measures_cost(scenario, bench.chart) - cost
        offer = Offer(choice.name, how, level, some or (), spent, False, scenario)
        if best is None or offer.spent > best.spent:
            best = offer
    return best or least


def _licences(bench: ProgrammeBench, money: float) -> Offer | float:
    """Return licences for those without access when the goal counts; 0 if all have it.

    Else what the least costs.
    """
    scenario, tool = bench.bare, bench.bare.tool
    access = with_access(scenario, bench.chart)
    go_live = access_months(scenario)[1]
    lacking = bench.chart.role.size - float(access[max(0, go_live - 2)])
    starts = [phase.month for phase in tool.phases if phase.month is not None]
    if not starts or lacking < 0.5 or go_live <= min(starts):
        return 0.0
    cost = technology_cost(scenario, bench.chart)
    start = min(starts)

    def more(share: float) -> Scenario:
        phases = (*tool.phases, Phase(month=start, share=share))
        return scenario.model_copy(update={"tool": tool.model_copy(update={"phases": phases})})

    def price(share: float) -> float:
        return technology_cost(more(share), bench.chart) - cost

    single = min(1.0, 1.0 / lacking)
    if price(single) > money:
        return price(single)
    share = _highest(price, single, 1.0, money)
    part = share * lacking / bench.chart.role.size
    return Offer(LICENCES, LICENCES, part, (), price(share), False, more(share))
