"""How much: the best plan for every budget, with what it leaves, what binds it, and how flat it is."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.decisions.bench import (
    REPORT,
    ProgrammeBench,
    Terms,
    free_lunches,
    measures_by_month,
    technology_by_month,
)
from analysis.decisions.goal import Goal
from analysis.decisions.rivals import Rival, Share, in_parts, rivals_of, shares_of, value_of
from analysis.decisions.search import (
    CENT,
    FRESH,
    JUDGE,
    SCREEN,
    Plan,
    Selected,
    Tried,
    finalists,
    first_look,
    greedy,
    mean_and_error,
    moves_of,
    promising,
    search,
    select,
    with_,
)
from analysis.results.ensemble import Progress
from analysis.results.estimates import Estimate
from analysis.results.pieces import Pieces
from analysis.studies.form import records
from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario import as_scenario
from sim.scenario.schema import Budget, Scenario
from sim.simulator import Simulator, Vector

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "What is the best plan for the money, and what does more money buy?"

NEIGHBOURS: Final = 32
"""Plans next to the best that are looked at, to say how flat it is."""

NEAR: Final = 1.0
"""Points within which a plan is as good, for those who decide."""

PER_BUDGET: Final = 24_000
"""Organisations simulated for a budget, about: what is expected beforehand."""


class Flat(NamedTuple):
    """How flat it is around a plan.

    Attributes
    ----------
    near, looked
        Neighbours within a point of it, of so many that were looked at.
    musts
        Measures without which it would be more than a point worse.
    taste
        Its other measures.
    """

    near: int
    looked: int
    musts: tuple[str, ...]
    taste: tuple[str, ...]


class Point(NamedTuple):
    """The best plan for a budget.

    Attributes
    ----------
    budget, spent
        What may be spent, and what is [euro].
    value
        What it reaches, on organisations that had no part in choosing it [unit of the goal].
    plan
        Where each lever stands.
    scenario
        The plan as a scenario, without a budget.
    why
        Why money is left: ``fit`` (nothing that helps fits in), ``nothing`` (what fits does not
        clearly help), ``less`` (a plan for less money was as good), empty where hardly any is.
    least
        What the cheapest addition costs, where nothing fits in [euro].
    binds
        What keeps it from being better: ``money``, ``levels`` (of the catalogue), ``people``
        (their share of the money), ``must``; perhaps several.
    outside
        Measures with a dose or share above what catalogue and scenario speak of.
    flat
        How flat it is.
    people
        Share of all money, for measures and technology, that goes to measures [0 to 1].
    measures, technology
        What it costs by month [euro].
    ties
        Plans of the last round that were not clearly worse, of how many.
    """

    budget: float
    spent: float
    value: Estimate
    plan: Plan
    scenario: Scenario
    why: str
    least: float
    binds: tuple[str, ...]
    outside: tuple[str, ...]
    flat: Flat
    people: float
    measures: Array
    technology: Array
    ties: tuple[int, int]


class Frontier(NamedTuple):
    """The best plans for some budgets.

    Attributes
    ----------
    scenario
        Where one is: the scenario itself.
    terms
        What is wanted, and what could be chosen.
    here, here_cost
        What the scenario reaches, and costs [euro].
    points
        The best plan for each budget, from the least on.
    rivals
        Other ways to spend the same money, by budget.
    shares
        What the same money in all brings, by the share of it that goes to people.
    shares_of
        That money [euro].
    barred
        Measures left out, because they bring more for their money than evidence allows.
    levers
        Number of measures there were to choose from.
    tried
        Number of plans simulated.
    evidence
        Parameter vectors by body of evidence.
    runs, seed
        Organisations behind each number that is reported, and the seed.
    words
        Language of what it says.
    """

    scenario: Scenario
    terms: Terms
    here: Estimate
    here_cost: float
    points: tuple[Point, ...]
    rivals: tuple[tuple[Rival, ...], ...]
    shares: tuple[Share, ...]
    shares_of: float
    barred: tuple[str, ...]
    levers: int
    tried: int
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
        """What the best plans reach for the least and the most money."""
        return str(_page("money_texts").frontier_message(self))

    @property
    def table(self) -> pd.DataFrame:
        """One row per budget: spent, left and why, goal with interval, what is in the plan."""
        table: pd.DataFrame = _page("money_texts").frontier_table(self)
        return table

    def figure(self) -> Picture:
        """Draw the frontier, where the scenario is, and other ways to spend the money."""
        drawn: Picture = _page("money_figures").frontier_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        terms = self.terms
        return {
            "question": self.question,
            "answer": self.answer,
            "scenario": self.scenario.name,
            "goal": terms.goal._asdict(),
            "unit": terms.unit,
            "target": terms.target,
            "licences": terms.licences,
            "change_share": terms.change_share,
            "here": {"cost": self.here_cost, **self.here._asdict()},
            "points": [
                _plain(self, point, rivals)
                for point, rivals in zip(self.points, self.rivals, strict=True)
            ],
            "shares_of": self.shares_of,
            "shares": [
                {**share._asdict(), "value": share.value._asdict()} for share in self.shares
            ],
            "barred": list(self.barred),
            "measures": self.levers,
            "tried": self.tried,
            "evidence": dict(self.evidence),
            "runs": self.runs,
            "seed": self.seed,
            "table": records(self.table),
        }


def _page(name: str) -> Any:
    """Return a page beside this one, when it is asked for: what draws is imported by who draws."""
    return import_module(f"analysis.decisions.{name}")


def _plain(result: Frontier, point: Point, rivals: Sequence[Rival]) -> dict[str, Any]:
    """Return the best plan for a budget as plain values."""
    return {
        "budget": point.budget,
        "spent": point.spent,
        "value": point.value._asdict(),
        "measures": levels_of(point.scenario),
        "why": point.why,
        "least": None if not np.isfinite(point.least) else point.least,
        "binds": list(point.binds),
        "outside": list(point.outside),
        "flat": point.flat._asdict(),
        "people": point.people,
        "measures_by_month": point.measures.tolist(),
        "technology_by_month": point.technology.tolist(),
        "ties": list(point.ties),
        "rivals": [rival.as_json() for rival in rivals],
    }


def levels_of(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Return what a plan says of every measure, as plain values: what differs from the defaults."""
    return {
        name: deployment.model_dump(mode="json", exclude_defaults=True)
        for name, deployment in scenario.deployments.items()
    }


# --- The study ------------------------------------------------------------------------------


def frontier(
    scenario: Scenario | str | Path,
    budgets: Sequence[float],
    terms: Terms | None = None,
    *,
    evidence: Mapping[str, Sequence[Vector]] | None = None,
    seed: int = 1,
    pieces: Pieces | None = None,
    progress: Progress | None = None,
    words: Language = ENGLISH,
) -> Frontier:
    """Return the best plan for every budget.

    Parameters
    ----------
    scenario
        The organisation, its tool and the programme it has; its own budget does not count here.
    budgets
        What may be spent over all months on measures, and on technology too where the number of
        licences is chosen [euro].
    terms
        What is wanted, and what may be chosen; by default the most weekly users in month 18.
    evidence
        Parameter vectors by body of evidence; by default the shipped numbers.
    seed
        Seed of the study.
    pieces
        Where finished pieces are kept, and taken from.
    progress
        Called with the number of organisations simulated, and about how many it will be.
    words
        Language of what it says.

    Raises
    ------
    AdoptionError
        If a budget is no sum of money, what has to be in does not fit, or a measure does not exist.
    InterruptedStudyError
        If it is interrupted; with pieces the same call goes on from there.

    Examples
    --------
    >>> from analysis.decisions.frontier import checked_budgets
    >>> checked_budgets([60_000, 20_000])
    (20000.0, 60000.0)
    """
    chosen, terms = as_scenario(scenario), terms or Terms(Goal())
    sums, sets = checked_budgets(budgets), evidence or {"shipped": [{}]}
    vectors = [vector for those in sets.values() for vector in those]
    bench = ProgrammeBench(chosen, terms, vectors, seed=seed, pieces=pieces, progress=progress)
    bench.expected = expected(len(sums))
    _fits(bench, sums[0])
    tried = Tried(bench)
    first_look(tried, bench.least)
    barred = _bar(tried)
    winners = _winners(tried, sums)
    reported = tried.look([chosen.plan for chosen, _ in winners], REPORT)
    here = bench.reached([bench.bare], REPORT)[0]
    rivals = rivals_of(tried, sums, reported)
    money, swept = shares_of(tried, sums)
    points = tuple(
        _point(tried, budget, row, chosen, why)
        for budget, row, (chosen, why) in zip(sums, reported, winners, strict=True)
    )
    return Frontier(
        chosen,
        terms,
        value_of(bench, here),
        bench.cost(bench.bare),
        points,
        rivals,
        swept,
        money,
        barred,
        len(bench.levers),
        len({plan for plan, _ in tried.known}),
        {name: len(those) for name, those in sets.items()},
        here.size,
        seed,
        words,
    )


def sketch(
    scenario: Scenario,
    budgets: Sequence[float],
    terms: Terms,
    *,
    seed: int = 1,
    progress: Progress | None = None,
    words: Language = ENGLISH,
) -> Frontier:
    """Return a good plan for every budget, found in seconds: each step buys what brings most for its money.

    A frontier without the climb: no plan is improved by taking something out again, and neighbours and
    rivals are not looked at. What is reported comes from organisations that had no part in choosing,
    so it is what these plans reach; better ones may exist.

    Parameters
    ----------
    scenario, budgets, terms, seed, progress, words
        As of :func:`frontier`.

    Raises
    ------
    AdoptionError
        As of :func:`frontier`.
    """
    sums = checked_budgets(budgets)
    bench = ProgrammeBench(scenario, terms, seed=seed, progress=progress)
    bench.expected = sketched(len(bench.levers))
    _fits(bench, sums[0])
    tried = Tried(bench)
    barred = _bar(tried)
    measures = [k for k, each in enumerate(bench.choices) if each.name in scenario.programme]
    plans: list[Plan] = []
    for budget in sums:
        path = [in_parts(bench, measures, budget)] if measures else []
        path += [*plans[-1:], *greedy(tried, bench.least, budget)[-2:]]
        path = [plan for plan in path if bench.price(plan) <= budget + CENT] or [bench.least]
        plans.append(path[int(np.argmax(tried.look(path, SCREEN, JUDGE).mean(axis=1)))])
    here = bench.reached([bench.bare], REPORT)[0]
    reported = tried.look(plans, REPORT)
    points = tuple(_sketched(bench, *point) for point in zip(sums, plans, reported, strict=True))
    return Frontier(
        scenario, terms, value_of(bench, here), bench.cost(bench.bare), points, ((),) * len(points),
        (), 0.0, barred, len(bench.levers), len({plan for plan, _ in tried.known}),
        {"shipped": 1}, here.size, seed, words,
    )  # fmt: skip


def sketched(levers: int) -> int:
    """Return about how many organisations are simulated for a sketch."""
    return 120 * levers


def _sketched(bench: ProgrammeBench, budget: float, plan: Plan, row: Array) -> Point:
    """Return what a sketch says of the plan for a budget."""
    scenario = bench.scenario_of(plan, f"plan-{budget:.0f}", f"Plan for {budget:,.0f} euro")
    return Point(
        budget, bench.price(plan), value_of(bench, row), plan, scenario, "", float("inf"), (),
        _outside(bench, plan), Flat(0, 0, (), ()), bench.people_share(plan),
        measures_by_month(scenario, bench.chart), technology_by_month(scenario, bench.chart),
        (0, 0),
    )  # fmt: skip


def checked_budgets(budgets: Sequence[float]) -> tuple[float, ...]:
    """Return budgets from the least on, each once.

    Raises
    ------
    AdoptionError
        If there is none, or one is no sum of money.
    """
    if not budgets:
        raise AdoptionError("budget: found none, expected at least one")
    for budget in budgets:
        if not (np.isfinite(budget) and budget > 0.0):
            raise AdoptionError(f"budget: found {budget:,.0f} euro, expected more than 0")
    return tuple(sorted({float(budget) for budget in budgets}))


def expected(budgets: int) -> int:
    """Return about how many organisations are simulated for some budgets."""
    return 5_000 + PER_BUDGET * budgets


def _fits(bench: ProgrammeBench, least: float) -> None:
    """Raise an error if what has to be in does not fit the smallest budget."""
    price, terms = bench.price(bench.least), bench.terms
    if price > least + CENT:
        names = ", ".join(lever.name for lever in bench.levers if lever.stays)
        raise AdoptionError(
            f"budget: found {least:,.0f} euro as the smallest, expected at least {price:,.0f}: what "
            f"has to be in ({names}) costs that at its lowest"
        )
    if terms.change_share and not terms.licences:
        technology = bench.technology(bench.least)
        needed = terms.change_share / (1.0 - terms.change_share) * technology
        if needed > least + CENT:
            raise AdoptionError(
                f"change-share: found {terms.change_share:g} with a smallest budget of {least:,.0f} "
                f"euro, expected at least {needed:,.0f} euro for measures beside {technology:,.0f} "
                "for technology"
            )


def _bar(tried: Tried) -> tuple[str, ...]:
    """Close the levers that bring too much for their money, and return their names."""
    bench: Any = tried.bench
    base, singles = bench.least, {}
    for k, choice in enumerate(bench.choices):
        if base[k] is not None:
            continue
        alone = with_(base, k, bench.levers[k].entries[-1])
        gains = tried.look([alone], SCREEN, JUDGE) - tried.look([base], SCREEN, JUDGE)
        mean, error = mean_and_error(gains[0])
        if mean > 2.0 * error:
            low = mean - 2.0 * error
            singles[choice.name] = (low, mean, bench.price(alone) - bench.price(base))
    measures = {choice.name: choice.measure for choice in bench.choices}
    barred = free_lunches(singles, measures)
    tried.closed |= {k for k, lever in enumerate(bench.levers) if lever.name in barred}
    return tuple(sorted(barred))


def _winners(tried: Tried, budgets: Sequence[float]) -> list[tuple[Selected, str]]:
    """Return what the last round chose for every budget, and why where it is a plan for less money.

    A plan for less money is a candidate for more. What is reported comes from other organisations
    than those that chose: where a plan for less money does better there, it stays.
    """
    bench: Any = tried.bench
    winners: list[tuple[Selected, str]] = []
    climbed: list[Plan] = []
    for budget in budgets:
        best = search(tried, bench.least, budget, [*climbed, *(w.plan for w, _ in winners[-1:])])
        climbed.append(best)
        before = [winners[-1][0].plan] if winners else []
        last = finalists(tried, budget)
        if not last:
            raise AdoptionError(
                f"budget: found {budget:,.0f} euro, with which no plan gives people "
                f"{bench.terms.change_share:.0%} of all money; expected more, or a lower change-share"
            )
        chosen, why = select(tried, [*last, best], before), ""
        if before:
            now, then = tried.look([chosen.plan, before[0]], REPORT).mean(axis=1)
            if now < then or chosen.plan == before[0]:
                chosen, why = chosen._replace(plan=before[0]), "less"
        winners.append((chosen, why))
    return winners


def _point(tried: Tried, budget: float, row: Array, chosen: Selected, why: str) -> Point:
    """Return all that is to be said of the best plan for a budget."""
    bench: Any = tried.bench
    plan, spent = chosen.plan, bench.price(chosen.plan)
    scenario = bench.scenario_of(plan, f"plan-{budget:.0f}", f"Best plan for {budget:,.0f} euro")
    more = [move for move in _additions(tried, plan) if bench.price(move) > spent + CENT]
    fits = [move for move in more if bench.price(move) <= budget + CENT]
    least = min((bench.price(move) - spent for move in more), default=float("inf"))
    if budget - spent <= 0.02 * budget:
        why = ""
    elif not why:
        why = "nothing" if fits else "fit"
    return Point(
        budget,
        spent,
        value_of(bench, row),
        plan,
        scenario,
        why,
        least,
        _binding(tried, plan, budget),
        _outside(bench, plan),
        _flatness(tried, plan, budget),
        bench.people_share(plan),
        measures_by_month(scenario, bench.chart),
        technology_by_month(scenario, bench.chart),
        (len(chosen.ties), chosen.tried),
    )


def _additions(tried: Tried, plan: Plan) -> list[Plan]:
    """Return plans with a lever more, or one a level higher."""
    levers = tried.bench.levers
    higher = [
        with_(plan, k, (option[0] + 1, *option[1:]))
        for k, option in enumerate(plan)
        if option is not None and option[0] + 1 < levers[k].sizes[0]
    ]
    return higher + [
        with_(plan, k, entry) for k in promising(tried, plan, 8) for entry in levers[k].entries
    ]


def _binding(tried: Tried, plan: Plan, budget: float) -> tuple[str, ...]:
    """Return what keeps a plan from being better."""
    bench: Any = tried.bench
    dear = [
        with_(plan, k, entry)
        for k, lever in enumerate(bench.levers)
        for entry in lever.entries
        if k not in tried.closed and tried.latest.get(k, (0.0, 0.0))[1] > 0.0
        if (there := plan[k]) is None or entry[0] > there[0]
    ]
    binds = ["money"] if any(bench.price(more) > budget + CENT for more in dear) else []
    tops = [
        option is not None and option[0] + 1 == lever.sizes[0]
        for lever, option in zip(bench.levers, plan, strict=True)
    ]
    if any(tops):
        binds.append("levels")
    if bench.terms.change_share and bench.people_share(plan) < bench.terms.change_share + 0.01:
        binds.append("people")
    if any(
        lever.stays and option is not None and option[0] == 0
        for lever, option in zip(bench.levers, plan, strict=True)
    ):
        binds.append("must")
    return tuple(binds)


def _outside(bench: ProgrammeBench, plan: Plan) -> tuple[str, ...]:
    """Return the measures of a plan with more of them than catalogue or scenario speak of."""
    return tuple(
        choice.name
        for choice, option in zip(bench.choices, plan, strict=False)
        if option is not None and choice.level(option) > choice.known + 1e-9
    )


def _flatness(tried: Tried, plan: Plan, budget: float) -> Flat:
    """Return how many neighbours of a plan are as good, and what it cannot do without."""
    bench: Any = tried.bench
    moves = moves_of(tried, plan, budget)
    within = [
        k
        for k, (lever, option) in enumerate(zip(bench.levers, plan, strict=True))
        if option is not None and not lever.stays
    ]
    drops = [with_(plan, k, None) for k in within]
    others = [move for move in moves if move not in drops]
    spread = np.linspace(0, len(others) - 1, min(len(others), max(0, NEIGHBOURS - len(drops))))
    looked = [*drops, *(others[int(place)] for place in spread)]
    if not looked:
        return Flat(0, 0, tuple(lever.name for lever in bench.levers if lever.stays), ())
    values = tried.look([plan, *looked], *FRESH[:2])
    losses = (values[0] - values[1:]).mean(axis=1)
    near = NEAR if bench.terms.unit == "points" else 0.02 * abs(float(values[0].mean()))
    names = [bench.levers[k].name for k in within]
    stays = [lever.name for lever in bench.levers if lever.stays]
    needed = [name for name, loss in zip(names, losses, strict=False) if loss > near]
    return Flat(
        int((losses <= near).sum()),
        len(looked),
        (*stays, *needed),
        tuple(name for name in names if name not in needed),
    )


def expected_seconds(scenario: Scenario, budgets: int) -> float:
    """Return about how long it takes here [s], from a few organisations of the scenario itself."""
    runs = 24
    simulator = Simulator(scenario.model_copy(update={"budget": Budget()}), runs, threads=1)
    simulator.simulate(runs=2)
    began = time.perf_counter()
    simulator.simulate()
    each = (time.perf_counter() - began) / runs
    return 0.7 * each * expected(budgets) / min(2, os.cpu_count() or 1)
