"""Other ways to spend the same money: what a best plan has to beat, and the rule of the share for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.decisions.bench import (
    REPORT,
    STEPS,
    ProgrammeBench,
    as_planned,
    licensed,
    technology_cost,
)
from analysis.decisions.search import (
    CENT,
    JUDGE,
    SCREEN,
    Option,
    Plan,
    Tried,
    finalists,
    mean_and_error,
    with_,
)
from analysis.results.estimates import Estimate, estimate
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario import read_scenario
from sim.scenario.folders import library
from sim.scenario.schema import Scenario, Tool

RANDOM: Final = 6
"""Plans drawn by chance for each budget."""

RULE: Final = (0.30, 0.40)
"""Share of all money that practitioners say should go to people."""

SHARES: Final = (0.0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Shares of all money for people that are tried, at the same money in all."""


class Rival(NamedTuple):
    """Another way to spend the money of a budget.

    Attributes
    ----------
    kind
        ``equal``, ``rule``, ``random`` or ``shipped``: the best of its kind.
    name
        Which of them it is.
    cost
        What it costs, counted as the budget is [euro].
    value
        What it reaches [unit of the goal].
    behind, error
        By how much less than the best plan, more is worse, in the same organisations, and the
        standard error of that.
    scenario
        The plan itself.
    """

    kind: str
    name: str
    cost: float
    value: Estimate
    behind: float
    error: float
    scenario: Scenario

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, without the plan itself."""
        values = self._asdict()
        values.pop("scenario")
        return {**values, "value": self.value._asdict()}


class Share(NamedTuple):
    """What the same money in all brings with a share of it for people.

    Attributes
    ----------
    share
        For measures [0 to 1]; the rest is for technology.
    access
        Share of the staff for whom there are licences [0 to 1].
    investment
        Technology money beyond licences, integration and support [euro].
    value
        What it reaches [unit of the goal].
    behind, error
        By how much less than with the best share, and the standard error of that.
    """

    share: float
    access: float
    investment: float
    value: Estimate
    behind: float
    error: float


def rivals_of(
    tried: Tried, budgets: Sequence[float], reported: Array
) -> tuple[tuple[Rival, ...], ...]:
    """Return the best rival of each kind for every budget, against what the best plans reach.

    Parameters
    ----------
    tried
        What was tried so far.
    budgets
        What may be spent [euro].
    reported
        What the best plan for each reaches [budgets, organisations].
    """
    bench: Any = tried.bench
    shipped = shipped_plans(bench, budgets[-1])
    rivals = []
    for number, (budget, best) in enumerate(zip(budgets, reported, strict=True)):
        named = [
            *(("equal", name, scenario) for name, scenario in equal_splits(tried, budget)),
            *(("rule", "35 %", scenario) for scenario in by_rule(tried, budget)),
            *(
                ("random", str(k + 1), bench.scenario_of(random_plan(bench, budget, (number, k))))
                for k in range(RANDOM)
            ),
            *(
                ("shipped", name, scenario)
                for name, scenario, cost in shipped
                if cost <= budget + CENT
            ),
        ]
        values = bench.reached([scenario for _, _, scenario in named], REPORT)
        rivals.append(_best_of_kinds(bench, named, values, best))
    return tuple(rivals)


def _best_of_kinds(
    bench: ProgrammeBench,
    named: Sequence[tuple[str, str, Scenario]],
    values: Array,
    best: Array,
) -> tuple[Rival, ...]:
    """Return the best of each kind."""
    rivals: dict[str, Rival] = {}
    for (kind, name, scenario), row in zip(named, values, strict=True):
        behind, error = mean_and_error(best - row)
        if kind not in rivals or behind < rivals[kind].behind:
            value = value_of(bench, row)
            cost = bench.cost(scenario)
            rivals[kind] = Rival(kind, name, cost, value, behind, error, scenario)
    return tuple(rivals.values())


def value_of(bench: ProgrammeBench, row: Array) -> Estimate:
    """Return what is reached with its interval: of organisations, or of parameters where there are some."""
    values = bench.terms.goal.better * row if bench.terms.target is None else row
    return estimate(lambda part: float(part.mean()), values.reshape(len(bench.vectors), -1))


# --- Equal parts, chance, and what is shipped -------------------------------------------------


def equal_splits(tried: Tried, budget: float) -> list[tuple[str, Scenario]]:
    """Return the money in equal parts: over the scenario's own measures, and over all that help."""
    bench: Any = tried.bench
    own = [k for k, choice in enumerate(bench.choices) if choice.name in bench.scenario.programme]
    helps = sorted({k for (k, _), rate in tried.rates.items() if rate > 0.0} - {len(bench.choices)})
    splits = []
    for name, chosen in (("own", own), ("all", helps)):
        if chosen:
            splits.append((name, bench.scenario_of(in_parts(bench, chosen, budget))))
    return splits


def in_parts(bench: ProgrammeBench, chosen: Sequence[int], money: float) -> Plan:
    """Return the plan in which each of some levers has the same money: the highest level that it pays."""
    plan = bench.least
    each = (money - bench.price(plan)) / len(chosen)
    for k in chosen:
        entry = bench.levers[k].entries[-1]
        for level in reversed(range(bench.levers[k].sizes[0])):
            option: Option = (level, *entry[1:])
            more = with_(plan, k, option)
            if bench.price(more) - bench.price(plan) <= each + CENT:
                plan = more
                break
    return plan


def random_plan(bench: ProgrammeBench, budget: float, number: tuple[int, int]) -> Plan:
    """Return a plan drawn by chance: levers in a random order at a random option, as long as they fit."""
    chance = np.random.default_rng([bench.seed, *number])
    plan = bench.least
    for k in chance.permutation(len(bench.choices)):
        option = tuple(int(chance.integers(size)) for size in bench.levers[k].sizes)
        more = with_(plan, int(k), option)
        if bench.price(more) <= budget + CENT:
            plan = more
    return plan


def shipped_plans(bench: ProgrammeBench, most: float) -> list[tuple[str, Scenario, float]]:
    """Return the programmes of the shipped scenarios in this organisation, and their costs [euro].

    What cannot be there is left out: departments it has not, or a price beyond the most.
    """
    plans, seen = [], set()
    for file in sorted(library().glob("*.yaml")):
        try:
            programme = read_scenario(file.stem).programme
            scenario = bench.bare.model_copy(update={"programme": programme})
            departments = {
                name
                for deployment in scenario.deployments.values()
                for name in deployment.audience.departments or ()
            }
            if departments - set(bench.scenario.organisation.departments):
                continue
            cost = bench.cost(scenario)
        except AdoptionError:
            continue
        if cost <= most + CENT and scenario.fingerprint() not in seen:
            seen.add(scenario.fingerprint())
            plans.append((file.stem, scenario, cost))
    return plans


# --- The rule of the share for people ---------------------------------------------------------


def by_rule(tried: Tried, budget: float) -> list[Scenario]:
    """Return the same money in all as the rule has it: 35 % for people, in equal parts.

    The money in all is the budget and, where licences are not paid from it, the technology.
    """
    bench: Any = tried.bench
    whole = budget + (0.0 if bench.terms.licences else bench.technology(bench.least))
    share = sum(RULE) / 2.0
    tool = technology_for(bench, (1.0 - share) * whole)
    own = [k for k, choice in enumerate(bench.choices) if choice.name in bench.scenario.programme]
    if tool is None or not own:
        return []
    kept = 0.0 if not bench.terms.licences else bench.technology(bench.least)
    plan = in_parts(bench, own, share * whole + kept)
    return [_equipped(bench, plan, tool[0])]


def _equipped(bench: ProgrammeBench, plan: Plan, tool: Tool) -> Scenario:
    """Return the scenario of a plan with another tool; its measures keep their months."""
    scenario = bench.scenario_of(plan)
    programme = {
        name: as_planned(deployment, bench.bare)
        for name, deployment in scenario.deployments.items()
    }
    return scenario.model_copy(update={"tool": tool, "programme": programme})


def shares_of(tried: Tried, budgets: Sequence[float]) -> tuple[float, tuple[Share, ...]]:
    """Return what the same money in all brings, by the share of it that goes to people.

    The money is that of the middle budget, with the technology for everybody. People's part buys
    the best plan seen for it; technology's part licences for as many as it pays, and what it
    has more is invested in a better tool.
    """
    bench: Any = tried.bench
    money = budgets[len(budgets) // 2]
    if not bench.terms.licences:
        money += bench.technology(bench.least)
    there = []
    for share in SHARES:
        tool = technology_for(bench, (1.0 - share) * money)
        plan = _best_measures(tried, share * money)
        if tool is not None and plan is not None:
            there.append((share, tool[1], tool[2], _equipped(bench, plan, tool[0])))
    if not there:
        return money, ()
    values = bench.reached([scenario for *_, scenario in there], REPORT)
    best = values[int(np.argmax(values.mean(axis=1)))]
    shares = [
        Share(share, access, more, value_of(bench, row), *mean_and_error(best - row))
        for (share, access, more, _), row in zip(there, values, strict=True)
    ]
    return money, tuple(shares)


def _best_measures(tried: Tried, money: float) -> Plan | None:
    """Return the best plan seen whose measures cost no more than that."""
    bench: Any = tried.bench
    if not bench.terms.licences:
        best = finalists(tried, money, 1)
        return best[0] if best else (bench.least if bench.price(bench.least) <= money else None)
    full = ((STEPS - 1),)
    there = [
        plan
        for plan in tried.seen(SCREEN, JUDGE)
        if plan[-1] == full and bench.price(plan) - bench.technology(plan) <= money + CENT
    ]
    if not there:
        return with_(bench.least, len(bench.levers) - 1, full)
    values = tried.look(there, SCREEN, JUDGE).mean(axis=1)
    return there[int(np.argmax(values))]


def technology_for(bench: ProgrammeBench, money: float) -> tuple[Tool, float, float] | None:
    """Return the tool for a sum of money, the share with access, and what is invested beyond [euro].

    None where it does not even pay for the integration.
    """
    scenario = bench.bare
    if bench.terms.licences:
        full = with_(bench.least, len(bench.levers) - 1, ((STEPS - 1),))
        scenario = bench.scenario_of(full)
    cost = technology_cost(scenario, bench.chart)
    tool = scenario.tool
    if money >= cost:
        more = money - cost
        return tool.model_copy(update={"investment": tool.investment + more}), 1.0, more
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2.0
        fewer = scenario.model_copy(update={"tool": licensed(scenario, middle)})
        if technology_cost(fewer, bench.chart) <= money:
            low = middle
        else:
            high = middle
    return (licensed(scenario, low), low, 0.0) if low > 0.0 else None
