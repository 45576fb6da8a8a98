"""What a strategy costs beside what there is, and the three ways out where that is too much.

A plan that does not fit is nobody's until its maker chooses what gives way: licences, the size of the
measures, or some of them. What was chosen stands in the strategy itself, so it can be told from it,
and taken back: ``budget.when_over``, or a first phase of the roll-out that never comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from analysis.results.undone import title_of
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.people.population import chart
from sim.programme import ledger
from sim.scenario.schema import Scenario

ASKED: Final[Mapping[str, Any]] = {"budget.when_over": "fail"}
"""What stands in a strategy of which nothing gives way."""

SMALLER: Final[Mapping[str, Any]] = {"budget.when_over": "scale", "budget.keep": []}
"""What stands in one of which all measures are smaller."""

LEFT_OUT: Final[Mapping[str, Any]] = {"budget.when_over": "priority", "budget.keep": []}
"""What stands in one of which some measures are left out."""


class Meter(NamedTuple):
    """What a strategy costs [euro], with as many participants as are expected.

    Attributes
    ----------
    fixed, measures
        By item of the technology, and by measure: as they are paid, or as they are planned where that
        does not fit.
    budget
        What there is; None without a budget.
    fits
        Whether the strategy can be paid, or what was chosen makes it so.
    """

    fixed: Mapping[str, float]
    measures: Mapping[str, float]
    budget: float | None
    fits: bool

    @property
    def equipment(self) -> float:
        """What is paid whatever is done."""
        return sum(self.fixed.values())

    @property
    def plan(self) -> float:
        """What the measures cost."""
        return sum(self.measures.values())

    @property
    def total(self) -> float:
        """What everything costs."""
        return self.equipment + self.plan

    @property
    def over(self) -> float:
        """By how much everything is more than the budget."""
        return 0.0 if self.budget is None else max(0.0, self.total - self.budget)


@lru_cache(maxsize=256)
def meter(scenario: Scenario) -> Meter:
    """Return what a strategy costs.

    Raises
    ------
    AdoptionError
        If that cannot be told: a measure is for a team there is not, say.
    """
    fits = payable(scenario)
    costs = ledger.ledger(scenario if fits else without_budget(scenario)).sum()
    items = {str(name): float(cost) for name, cost in costs.items()}
    return Meter(
        {name: cost for name, cost in items.items() if name in ledger.TECHNOLOGY},
        {name: cost for name, cost in items.items() if name not in ledger.TECHNOLOGY},
        scenario.budget.total,
        fits,
    )


@lru_cache(maxsize=1024)
def payable(scenario: Scenario) -> bool:
    """Return whether the budget pays for a strategy, as it is or as it was chosen to give way."""
    if scenario.budget.total is None:
        return True
    try:
        ledger.affordable(scenario, chart(scenario))
    except AdoptionError:
        return False
    return True


def without_budget(scenario: Scenario) -> Scenario:
    """Return a strategy as it is wished for, whatever there is to pay it with."""
    return scenario.changed({"budget.total": None})


# --- Fewer licences -------------------------------------------------------------------------


def licences(scenario: Scenario) -> int:
    """Return how many people have a licence in the end, as expected."""
    return round(float(ledger.with_access(scenario, chart(scenario)).max()))


def withholds(scenario: Scenario) -> bool:
    """Return whether some people get no licence so that the rest can be paid."""
    phases = scenario.tool.phases
    return bool(phases) and phases[0].month is None and phases[0].departments is None


def with_all_licences(scenario: Scenario) -> Scenario:
    """Return a strategy in which everybody gets a licence who was to get one."""
    if not withholds(scenario):
        return scenario
    return _with_phases(scenario, scenario.tool.phases[1:])


def with_licences(scenario: Scenario, number: int) -> Scenario:
    """Return a strategy with fewer licences: who gets none is drawn by chance, in every wave alike.

    Parameters
    ----------
    scenario
        The strategy; that it has fewer already is forgotten.
    number
        Licences in the end, at least 0.
    """
    whole = with_all_licences(scenario)
    there = licences(whole)
    if number >= there:
        return whole
    first = {"month": None, "share": round(1.0 - number / there, 9)}
    return _with_phases(whole, (first, *whole.tool.phases))


def _with_phases(scenario: Scenario, phases: tuple[Any, ...]) -> Scenario:
    rest = [
        phase if isinstance(phase, dict) else phase.model_dump(exclude_defaults=True)
        for phase in phases
    ]
    return scenario.changed({"tool.phases": rest})


@lru_cache(maxsize=256)
def with_fewer_licences(scenario: Scenario) -> Scenario | None:
    """Return a strategy with as many licences as fit; None if not even one does.

    All measures stay as they are planned. Where one licence is too much for that, measures get smaller
    by the same factor as the number of licences.

    Notes
    -----
    What licences cost grows with their number, so the largest that fits is found by halving.
    """
    wish = as_asked(scenario)
    whole = licences(wish)

    def alone(number: int) -> Scenario | None:
        plan = with_licences(wish, number)
        return plan if payable(plan) else None

    def alike(number: int) -> Scenario | None:
        plan = with_licences(wish, number).changed(SMALLER)
        enough = payable(plan) and ledger.left_out(plan, chart(plan))[1] >= number / whole
        return plan if enough else None

    for fitting in (alone, alike):
        low, high, best = 1, whole, fitting(1)
        while best is not None and low + 1 < high:
            middle = (low + high) // 2
            plan = fitting(middle)
            low, high, best = (low, middle, best) if plan is None else (middle, high, plan)
        if best is not None:
            return best
    return None


# --- Three ways out -------------------------------------------------------------------------


class Way(NamedTuple):
    """A way to make a strategy fit.

    Attributes
    ----------
    name
        ``licences``, ``scale`` or ``priority``.
    scenario
        The strategy as it is then; None where this way does not make it fit.
    """

    name: str
    scenario: Scenario | None


@lru_cache(maxsize=256)
def ways_out(scenario: Scenario) -> tuple[Way, ...]:
    """Return the ways to make a strategy fit that does not: each leaves the rest as it is."""
    ways = [Way("licences", with_fewer_licences(scenario))]
    for name, changes in (("scale", SMALLER), ("priority", LEFT_OUT)):
        given = scenario.changed(changes)
        helps = bool(scenario.deployments) and payable(given)
        ways.append(Way(name, given if helps else None))
    return tuple(ways)


def as_asked(scenario: Scenario) -> Scenario:
    """Return a strategy as it was before anything had to give way."""
    return with_all_licences(scenario).changed(ASKED)


def as_bought(scenario: Scenario) -> Scenario:
    """Return a strategy without the measures that its budget leaves out, and with no budget to cut it anew.

    What was decided stays decided: whoever asks what to do from some month on does not get back, for the
    money that frees, what was left out. A strategy of which measures got smaller stays as it is.
    """
    cut = _cut(scenario)
    if not cut or any(missing.part > 0.0 for missing in cut):
        return scenario
    gone = {f"programme.{missing.name}": None for missing in cut}
    return scenario.changed({**ASKED, **gone, "budget.total": None})


def chosen(scenario: Scenario) -> bool:
    """Return whether it was chosen what gives way."""
    limited = scenario.budget.total is not None and scenario.budget.when_over != "fail"
    return limited or withholds(scenario)


def left_out(scenario: Scenario, words: Language) -> list[str]:
    """Return the measures that the budget does not pay for, as they are called within a sentence."""
    return [
        title_of(missing.name, scenario, words) for missing in _cut(scenario) if missing.part == 0.0
    ]


def gave_way(scenario: Scenario, words: Language) -> str:
    """Return in a line what gave way so that a strategy fits; empty if nothing did."""
    lines = []
    if withholds(scenario):
        lines.append(
            words._(
                "{number} licences instead of {all}",
                number=words.number(licences(scenario)),
                all=words.number(licences(with_all_licences(scenario))),
            )
        )
    smaller = [missing.part for missing in _cut(scenario) if missing.part > 0.0]
    if smaller:
        share = words.percent(min(smaller))
        lines.append(words._("measures at {share} of their size", share=share))
    out = left_out(scenario, words)
    if out:
        lines.append(words._("{measures} left out", measures=words.listed(out)))
    return "; ".join(lines)


def _cut(scenario: Scenario) -> list[ledger.Undone]:
    """Return what the budget cuts, as it was chosen."""
    return [
        missing
        for missing in ledger.undone_if_known(scenario)
        if missing.reason in ("budget", "scaled")
    ]
