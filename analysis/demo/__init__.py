"""A page that simulates in the browser: one file, with the engine in it, that asks nobody anything.

``python -m analysis.demo OUT.html`` writes it. Python prepares what holds for all organisations; the
page draws 100 of them, compiles four plans and runs them in each, with the seed the visitor chooses; and
a plan of the visitor's own, whose measures and months can be moved.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.figures import theme
from analysis.results.colours import colours_of
from sim import kernel, kpis, networks, world
from sim.engine import module
from sim.engine.packing import packed
from sim.engine.running import current_engine
from sim.engine.types import Arrays
from sim.errors import AdoptionError
from sim.parameters import as_record
from sim.people.population import department_names
from sim.programme.compiling import inputs
from sim.programme.deployments import rounds
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.study.experiments import same_people
from sim.study.intervals import t_quantile

PLANS: Final = ("baseline", "leadership", "champions", "full-programme")
"""Plans of the page; the first is the one the others are compared with."""

LEVERS: Final = "full-programme"
"""Plan whose measures can be moved."""

PICTURED: Final = "champions"
"""Plan whose picture is shown first."""

ORGANISATIONS: Final = 100
SEED: Final = 1
HERE: Final = Path(__file__).parent


def prepared(plans: tuple[str, ...] = PLANS) -> dict[str, Any]:
    """Return what the page needs to know, as JSON can hold it.

    Parameters
    ----------
    plans
        Scenarios that differ in their programme alone.

    Raises
    ------
    AdoptionError
        If they differ in more, or the page cannot draw their organisation.
    """
    engine = current_engine()
    if engine.wasm is None:
        raise AdoptionError(module.NO_ZIG)
    scenarios = {name: read_scenario(name) for name in plans}
    first = scenarios[plans[0]]
    design = world.design(first)
    if design.wiring.kind != networks.KIND.teams or design.ties is not None:
        raise AdoptionError("the page draws organisations that work in teams, and no others")
    entries = ("world_draw", "kernel_simulate_runs", "compiling_planned")
    draw, run, asked = (engine.signatures[name].parameters for name in entries)
    drawn = (design.plan, design.shapes, design.facts, design.wiring, as_record(design.p))
    shared: Any = None
    requests = {}
    for name, scenario in scenarios.items():
        plan = world.plan(scenario)
        runs = {
            "setting": plan.setting,
            "record": as_record(plan.p),
            "s": plan.switches,
            "months": plan.months,
            "substeps": plan.substeps,
            "chart": plan.chart,
        }
        columns = {key: packed(run[key], value) for key, value in runs.items()}
        shared = shared or columns
        if columns != shared or not same_people(first, scenario):
            raise AdoptionError(f"{name} differs from {plans[0]} in more than its programme")
        requests[name] = {
            key: packed(kind, value)
            for (key, kind), value in zip(asked.items(), inputs(scenario), strict=True)
        }
    given = zip(("plan", "shapes", "facts", "wiring", "record"), drawn, strict=True)
    return {
        "engine": packed(Arrays("u1", 1), np.frombuffer(engine.wasm, np.uint8)),
        "draw": {key: packed(draw[key], value) for key, value in given},
        "run": shared,
        "plans": described(scenarios, requests),
        "levers": levers(scenarios[LEVERS]),
        "moved": LEVERS,
        "columns": {kpi: kpis.COLUMN[kpi] for kpi in ("adoption", "using")},
        "measured": kpis.COUNT,
        "personal": kpis.PERSONAL,
        "groups": len(kernel.GROUPS),
        "departments": department_names(first.organisation),
        "organisation": first.organisation.name,
        "organisations": ORGANISATIONS,
        "seed": SEED,
        "pictured": PICTURED,
        "t": float(t_quantile(ORGANISATIONS - 1)),
    }


def levers(scenario: Scenario) -> list[dict[str, Any]]:
    """Return what may be moved of each measure: its place, and the column that says how much."""
    movable = []
    for d, lever in enumerate(rounds(scenario)):
        people = "share" if lever.measure.appoints is not None else "among"
        movable.append(
            {
                "place": d,
                "name": lever.name,
                "title": lever.measure.title.en,
                "column": people if lever.measure.takes_people else "dose",
            }
        )
    return movable


def described(scenarios: dict[str, Scenario], requests: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each plan with its title, what it asks, its colour and what it asks for."""
    colours = colours_of(list(scenarios), next(iter(scenarios)))
    return [
        {
            "name": name,
            "title": scenario.label,
            "question": scenario.question,
            "colour": theme.readable(colours[name]),
            "request": requests[name],
        }
        for name, scenario in scenarios.items()
    ]


def page() -> str:
    """Return the page, with everything in it."""
    data = json.dumps(prepared(), separators=(",", ":"), allow_nan=False).replace("</", "<\\/")
    text = (HERE / "page.html").read_text("utf-8")
    for mark, content in (
        ("/* host.js */", Path(module.__file__).with_name("host.js").read_text("utf-8")),
        ("/* page.js */", (HERE / "page.js").read_text("utf-8")),
        ("/* data */", data),
    ):
        text = text.replace(mark, content, 1)
    return text
