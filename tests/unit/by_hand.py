"""A catalogue and a scenario made by hand, with prices that can be added up in the head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sim import kernel, kpis, world
from sim import scenario as files
from sim.engine.kinds import Array
from sim.parameters import Parameters
from sim.people import population
from sim.programme import budget, compiling, deployments, ledger
from sim.programme.deployments import Round
from sim.scenario.measure import Measure, Pushes
from sim.scenario.schema import Scenario

PEOPLE = slice(0, kpis.COLUMN["cost_technology"])
"""Columns of a row that say something of people, and nothing of money."""


def measure(lasting: str = "one_off", **given: Any) -> Measure:
    """Return a measure made by hand."""
    text = {"en": "By hand", "nl": "Met de hand"}
    return Measure.model_validate(
        {
            "title": text,
            "description": text,
            "phase": "cross_cutting",
            "lasting": lasting,
            "sources": ("this test",),
            **given,
        }
    )


def does(
    channels: Pushes, dose: Array, structural: bool, p: Parameters, participation: Any = 1.0,
    *slow: float,
) -> Array:  # fmt: skip
    """Return what a measure does by month, given its doses; see :func:`sim.programme.compiling.pushes`."""
    factor = participation * np.ones(len(dose))
    found: Array = compiling.pushes(
        ledger.effects_of(channels),
        np.asarray(dose, float),
        structural,
        p,
        factor,
        **dict(zip(("builds_up", "wears"), slow, strict=False)),
    )
    return found


def asked(every: list[Round], one: Scenario) -> tuple[budget.Asked, budget.Staff, budget.Paid]:
    """Return rounds of a scenario as the engine reads them, the people, and how many take part."""
    plan = population.chart(one)
    table, staff = ledger.table(every, one, plan), ledger.staff_of(one, plan)
    paid = ledger.as_paid(every, one.simulation.months)
    budget.accounts(table, staff, ledger.terms_of(one, plan), paid)
    return table, staff, paid


def appointed(one: Round, of: Scenario) -> float:
    """Return the share a round appoints; see :func:`sim.programme.budget.appointed`."""
    return budget.appointed(asked([one], of)[0], 0, one.part)


def put_catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    entries = {
        "course": measure(
            "one_off",
            pushes={"training": 1.0, "relief_competence": 0.3},
            cost={
                "fixed": 1000,
                "per_participant": 10,
                "hours_per_participant": 2,
                "trainer_hours_per_participant": 0.5,
            },
        ),
        "guide": measure(
            "structural",
            pushes={"relief_control": 0.4, "incentive": 0.2},
            cost={
                "fixed": 500,
                "per_month": 100,
                "per_participant": 5,
                "monthly_hours_per_participant": 0.5,
            },
        ),
        "talk": measure("one_off", pushes={"relief_status": 0.5}, cost={"fixed": 300}),
        "champions": measure(
            "structural",
            appoints="champions",
            share=0.1,
            coaching={"training": 0.5, "relief_competence": 0.5},
            cost={"per_participant": 100, "monthly_hours_per_participant": 4},
        ),
        "leaders": measure(
            "structural",
            appoints="leaders",
            share=1.0,
            pushes={"relief_ethics": 0.3},
            cost={"fixed": 400, "per_month": 50, "per_participant": 200},
        ),
        "welcome": measure(
            "structural",
            on_arrival=True,
            pushes={"training": 0.2, "relief_control": 0.4},
            cost={
                "fixed": 600,
                "per_participant": 30,
                "hours_per_participant": 3,
                "monthly_hours_per_participant": 1,
            },
        ),
    }
    for page in (deployments, files.sections):
        monkeypatch.setattr(page, "read_catalogue", lambda: entries)
    return entries


def scenario(changes: Mapping[str, Any] | None = None, **programme: dict[str, Any]) -> Scenario:
    """Return 100 people at 50 euro an hour, licences of 20 from month 2, and a programme.

    Technology costs 17,000 in six months: five of licences and 7,000 of integration.
    """
    one = Scenario.model_validate(
        {
            "name": "by-hand",
            "organisation": {
                "employees": 100,
                "hourly_cost": 50.0,
                "departments": {"desk": {"share": 0.6}, "shop": {"share": 0.4}},
            },
            "tool": {"go_live": 2, "licence_price": 20.0, "integration_cost": 7000.0},
            "programme": programme,
            "simulation": {"months": 6},
        }
    )
    return one.changed(changes) if changes else one


def simulated(one: Scenario, runs: int = 1, seed: int = 1, **options: Any) -> kernel.Simulated:
    """Return runs of a scenario, with the people as they end."""
    worlds = world.draw_worlds(world.design(one), seed, np.arange(runs))
    return kernel.simulate(worlds, world.plan(one), seed, keep_people=True, **options)


def lives(one: Scenario, runs: int = 1, seed: int = 1) -> bytes:
    """Return every bit of what became of people, and nothing of money."""
    found = simulated(one, runs, seed)
    columns = (found.people[name].tobytes() for name in found.people.dtype.names or ())
    return b"".join([found.rows[:, :, PEOPLE].tobytes(), *columns])


def spent(one: Scenario, runs: int = 1, kpi: str = "cost_measures", seed: int = 1) -> Array:
    """Return what was spent by run and month from 1 [euro, or hours]."""
    rows: Array = simulated(one, runs, seed).rows[:, 1:, kpis.COLUMN[kpi]]
    return rows
