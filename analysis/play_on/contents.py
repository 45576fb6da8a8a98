"""What a play-on file holds: what its strategies ask for, as the engine reads it, and what can be moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from analysis.figures import theme
from analysis.play_on.texts import title_of_department
from analysis.play_on.twin import Twin, twin_of
from analysis.results.colours import colours_of
from analysis.results.levers import levers as levers_of
from analysis.results.summary import called
from analysis.results.undone import lacking, lowered
from analysis.words.languages import LOCALES, language
from sim import kernel, kpis, networks, world
from sim.elementary import mean, powers, total
from sim.engine import module
from sim.engine.kinds import Array
from sim.engine.packing import packed
from sim.engine.running import current_engine
from sim.engine.types import Arrays
from sim.errors import AdoptionError, said
from sim.parameters import as_record
from sim.people.population import department_names, users_before
from sim.people.selection import SELECTION
from sim.programme.compiling import inputs
from sim.programme.deployments import consent, rounds
from sim.programme.ledger import leaving_chance, ledger, undone_if_known
from sim.programme.levers import levers as culture_of
from sim.scenario.schema import Scenario
from sim.simulator import Simulator
from sim.study.experiments import LEVERS, same_people
from sim.study.intervals import t_quantile

MOST_PLANS: Final = 4
"""Strategies of a file at most."""

ORGANISATIONS: Final = 100
"""Organisations drawn in the page, unless they are large; fewest of them are :data:`FEWEST`."""

FEWEST: Final = 10
PERSON_MONTHS: Final = 6_000_000
"""Months of people simulated for all strategies, before there are fewer organisations: some seconds."""

MEASURED: Final = (
    *("adoption", "adoption_with_access", "tried", "using", "never_started", "value"),
    *("cost_technology", "cost_measures"),
)
"""KPIs the page shows, or computes from."""

CHECKED: Final = (12, 24)
"""Months in which a twin is compared with the result."""


def contents(
    scenarios: Sequence[Scenario],
    seed: int | None = None,
    measured: Mapping[str, Array] | None = None,
    pool: dict[str, int] | None = None,
) -> dict[str, Any]:
    """Return what the page needs to know of strategies, as JSON can hold it.

    Parameters
    ----------
    scenarios
        One to four, of the same organisation; the first is what the others are compared with.
    seed
        Seed of the organisations; by default that of the first scenario.
    measured
        KPIs of the result by scenario [organisations, months + 1, KPIs], which a twin is compared with;
        by default simulated.
    pool
        Arrays of the page so far; more are added.

    Raises
    ------
    AdoptionError
        If there are too many, they differ in more than a page can compare, or a twin cannot be made.
    """
    check(scenarios)
    twins = [twin_of(scenario) for scenario in scenarios]
    seed = scenarios[0].simulation.seed if seed is None else seed
    plans, first = [twin.scenario for twin in twins], twins[0].scenario
    size, months = first.organisation.employees, first.simulation.months
    organisations = min(ORGANISATIONS, max(FEWEST, PERSON_MONTHS // (size * months * len(plans))))
    colours = colours_of([scenario.name for scenario in plans], first.name)
    pool = {} if pool is None else pool
    return {
        **ground_of(first),
        "plans": [
            plan_of(plan, theme.readable(colours[plan.name]), pool) | called_in(scenario)
            for scenario, plan in zip(scenarios, plans, strict=True)
        ],
        "columns": {kpi: kpis.COLUMN[kpi] for kpi in MEASURED},
        "organisation": first.organisation.name,
        "organisations": organisations,
        "runs": organisations if measured is None else len(measured[first.name]),
        "seed": seed,
        "t": float(t_quantile(organisations - 1)),
        "twin": compared(scenarios, twins, seed, organisations, measured),
    }


def engine_of() -> dict[str, Any]:
    """Return the engine, packed.

    Raises
    ------
    AdoptionError
        If it was not built.
    """
    engine = current_engine()
    if engine.wasm is None:
        raise AdoptionError(module.NO_ZIG)
    held: dict[str, Any] = packed(Arrays("u1", 1), np.frombuffer(engine.wasm, np.uint8))
    return held


def ground_of(scenario: Scenario) -> dict[str, Any]:
    """Return what simulating any plan in an organisation takes, whatever is done there."""
    return {
        "measured": kpis.COUNT,
        "personal": kpis.PERSONAL,
        "groups": len(kernel.GROUPS),
        "kinds": {kind: networks.KINDS.index(kind) for kind in ("teams", "complete")},
        "selections": SELECTION,
        "departments": [
            title_of_department(name) for name in department_names(scenario.organisation)
        ],
        "people": scenario.organisation.employees,
        "months": scenario.simulation.months,
    }


def check(scenarios: Sequence[Scenario]) -> None:
    """Raise AdoptionError if a page cannot hold these scenarios beside each other."""
    if not 1 <= len(scenarios) <= MOST_PLANS:
        raise AdoptionError(
            said(
                "a play-on file holds 1 to {most} strategies, found {number}: {names}; compare fewer",
                most=MOST_PLANS,
                number=len(scenarios),
                names=", ".join(scenario.name for scenario in scenarios),
            )
        )
    first = scenarios[0]
    for other in scenarios[1:]:
        where = list(differing(first, other))
        if not same_people(first, other) or where:
            raise AdoptionError(
                said(
                    "{other} differs from {first} in {where}: a play-on file compares strategies in the "
                    "same organisation, over the same months",
                    other=other.name,
                    first=first.name,
                    where=", ".join(where),
                )
            )


def differing(first: Scenario, other: Scenario) -> Iterator[str]:
    """Yield what may not differ and does, as dotted paths."""
    parts = [("organisation", set(LEVERS)), ("simulation", {"runs", "seed"}), ("privacy", set())]
    if first.organisation.people is None:
        parts.pop()
    for section, free in parts:
        mine, yours = (getattr(scenario, section).model_dump() for scenario in (first, other))
        for name, value in mine.items():
            if name in free or value == yours[name]:
                continue
            inner = value if isinstance(value, dict) and isinstance(yours[name], dict) else None
            if inner is None or name == "departments":
                yield f"{section}.{name}"
            else:
                yield from (
                    f"{section}.{name}.{key}" for key in inner if inner[key] != yours[name].get(key)
                )


# --- A strategy ---------------------------------------------------------------------------------


def plan_of(scenario: Scenario, colour: str, pool: dict[str, int]) -> dict[str, Any]:
    """Return a strategy: what it draws, runs and asks for, and what can be moved of it.

    Raises
    ------
    AdoptionError
        If it cannot be carried out: its budget is too small, say.
    """
    chart = world.design(scenario).plan
    draw, run = carried_out(scenario, pool)
    return {
        "name": scenario.name,
        "question": scenario.question,
        "colour": colour,
        "draw": draw,
        "run": run,
        "request": requested(scenario, chart, pool),
        "access": access_of(scenario, chart),
        "levers": movable(scenario),
        "capture": scenario.tool.capture_rate,
        "budget": scenario.budget.total,
    }


def called_in(scenario: Scenario) -> dict[str, Any]:
    """Return what a strategy is called and what it lacks, by language."""
    lacks = undone_if_known(scenario)
    words = {code: language(code) for code in LOCALES}
    return {
        "title": {code: called(scenario, each) for code, each in words.items()},
        "lacks": {code: lowered(lacking(scenario, lacks, each)) for code, each in words.items()},
    }


def carried_out(scenario: Scenario, pool: dict[str, int]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what drawing organisations and simulating a scenario in them take.

    Raises
    ------
    AdoptionError
        If it cannot be carried out.
    """
    signatures = current_engine().signatures
    draw, run = (signatures[name].parameters for name in ("world_draw", "kernel_simulate_runs"))
    design = world.design(scenario)
    plan = world.plan(scenario, design)
    drawn = {
        "plan": design.plan,
        "shapes": design.shapes,
        "facts": design.facts,
        "wiring": design.wiring,
        "record": as_record(design.p),
    }
    runs = {
        "setting": plan.setting,
        "record": as_record(plan.p),
        "s": plan.switches,
        "months": plan.months,
        "substeps": plan.substeps,
        "chart": plan.chart,
    }
    return (
        {key: pooled(packed(draw[key], value), pool) for key, value in drawn.items()},
        {key: pooled(packed(run[key], value), pool) for key, value in runs.items()},
    )


def requested(scenario: Scenario, chart: Any, pool: dict[str, int]) -> dict[str, Any]:
    """Return what a scenario asks for, as ``compiling.planned`` takes it."""
    asked = current_engine().signatures["compiling_planned"].parameters
    return {
        key: pooled(packed(kind, value), pool)
        for (key, kind), value in zip(asked.items(), inputs(scenario, chart), strict=True)
    }


def pooled(value: Any, pool: dict[str, int]) -> Any:
    """Return a packed value whose arrays are numbers of a list of them: each is in the page once."""
    if not isinstance(value, dict):
        return value
    if "base64" not in value:
        return {name: pooled(part, pool) for name, part in value.items()}
    return {"array": pool.setdefault(value["base64"], len(pool)), "shape": value["shape"]}


def access_of(scenario: Scenario, chart: Any) -> dict[str, Any]:
    """Return the roll-out, as far as moving it takes: months as planned, and by how much all is later."""
    tool, delay = scenario.tool, culture_of(scenario).delay
    months = [phase.month for phase in tool.phases]
    stay = powers(1.0 - leaving_chance(scenario.organisation.turnover), scenario.simulation.months)
    names = department_names(scenario.organisation)
    return {
        "phases": months,
        "goLive": tool.go_live,
        "delay": delay,
        "movable": consent(scenario) == 0,
        "users": users_before(scenario, chart).tolist(),
        "members": np.bincount(chart.department, minlength=len(names)).tolist(),
        "stay": stay.tolist(),
    }


def movable(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what can be moved of each deployment: how much of it, and its first month."""
    asked, there = rounds(scenario), scenario.deployments
    in_words = {code: levers_of(scenario, language(code)) for code in LOCALES}
    listed = []
    for k, lever in enumerate(in_words["en"]):
        places = [d for d, each in enumerate(asked) if each.name == lever.name]
        if lever.name not in there or not places:
            continue
        deployment, field = there[lever.name], lever.path.removeprefix(f"programme.{lever.name}.")
        column = {"share": "share", "audience.share": "among", "dose": "dose"}[field]
        listed.append(
            {
                "name": lever.name,
                "column": column,
                "places": places,
                "title": {code: those[k].measure for code, those in in_words.items()},
                "unit": {code: those[k].unit for code, those in in_words.items()},
                "value": lever.value,
                "high": lever.high,
                "step": lever.step,
                "factor": lever.factor,
                "start": deployment.start,
                "after": deployment.after_go_live,
                "starts": [asked[d].start for d in places],
                "fixed": asked[places[0]].measure.needs_consent and consent(scenario) > 0,
            }
        )
    return listed


# --- A twin beside the result -------------------------------------------------------------------


def compared(
    scenarios: Sequence[Scenario],
    twins: Sequence[Twin],
    seed: int,
    organisations: int,
    measured: Mapping[str, Array] | None,
) -> dict[str, Any] | None:
    """Return how far twins are from the real people: curves [points], cost [share]; None without these."""
    if scenarios[0].organisation.people is None:
        return None
    months = sorted({min(month, scenarios[0].simulation.months) for month in CHECKED})
    column, apart = kpis.COLUMN["adoption"], []
    for scenario, twin in zip(scenarios, twins, strict=True):
        rows = Simulator(twin.scenario, runs=organisations, seed=seed).rows(twin.scenario)
        own = (
            Simulator(scenario, runs=organisations, seed=seed).rows(scenario)
            if measured is None
            else measured[scenario.name]
        )
        shares = [[mean(those[:, month, column]) for month in months] for those in (rows, own)]
        apart.append([100.0 * (here - there) for here, there in zip(*shares, strict=True)])
    spent = [
        [total(ledger(each)) for each in (twin.scenario, scenario)]
        for scenario, twin in zip(scenarios, twins, strict=True)
    ]
    return {
        "months": months,
        "points": apart,
        "cost": [here / there - 1.0 if there > 0.0 else 0.0 for here, there in spent],
        "wider": _wider(scenarios, twins),
    }


def _wider(scenarios: Sequence[Scenario], twins: Sequence[Twin]) -> list[dict[str, str]]:
    """Return what twins do for whole groups that was for a part of one, as titles by language."""
    named: dict[str, dict[str, str]] = {}
    for scenario, twin in zip(scenarios, twins, strict=True):
        titles = {
            code: {lever.name: lever.measure for lever in levers_of(scenario, language(code))}
            for code in LOCALES
        }
        for name in twin.wider:
            named.setdefault(name, {code: titles[code].get(name, name) for code in LOCALES})
    return list(named.values())
