"""What takes long of ``theory/test_invariances.py``."""

from __future__ import annotations

from typing import get_type_hints

import numpy as np
import pytest
from parts import others
from theory import test_invariances as quick
from theory.limits import SEED, worlds_of
from theory.test_invariances import GIVING, MEASURES, ON_ANY_ROW, SHIPPED, assert_shares_are_shares

from sim import kernel, world
from sim.engine.kinds import Array
from sim.parameters import Parameters, numbers
from sim.programme.levers import SILENT
from sim.rules import CONTAGION, SCHEDULE, THREAT
from sim.scenario import read_catalogue
from sim.scenario.schema import Scenario

WHOLE_NUMBERS = [name for name, kind in get_type_hints(Parameters).items() if kind is int]


def much(name: str) -> dict[str, float]:
    """Return a large dose of what takes one."""
    return {} if read_catalogue()[name].takes_people else {"dose": 10.0}


def test_shares_stay_shares_wherever_parameters_are_allowed_to_be() -> None:
    rng = np.random.default_rng(3)
    # Nothing, everything, and only what frightens somebody: threats are pushed up as well as down.
    frightening = [
        name
        for name, one in read_catalogue().items()
        if any(push < 0 for push in one.pushes.model_dump().values())
    ]
    programmes = [
        {f"programme.{name}": {"start": 2, "months": 6, **much(name)} for name in chosen}
        for chosen in ([], list(read_catalogue()), frightening)
    ]
    for number in range(60):
        values = {
            f"parameters.{name}": one.low + share * (one.high - one.low)
            for (name, one), share in zip(
                numbers().items(), corners_and_insides(rng, len(numbers())), strict=True
            )
        }
        for whole in WHOLE_NUMBERS:
            values[f"parameters.{whole}"] = round(values[f"parameters.{whole}"])
        scenario = Scenario(name="anywhere").changed(
            {
                **values,
                **programmes[number % 3],
                "organisation.employees": 30,
                "simulation.substeps": (1, 4, 7)[number // 3 % 3],
                "rules.link": ("logit", "identity")[number % 2],
                "rules.decision": ("hazard", "linear", "certain")[number // 4 % 3],
                "rules.contagion": CONTAGION[number % len(CONTAGION)],
                "rules.social": tuple(SILENT)[number // 5 % 3],
                "rules.threat": THREAT[number // 7 % 2],
                "rules.schedule": SCHEDULE[number // 2 % 2],
            }
        )
        worlds = worlds_of(scenario, 3)
        plan = world.plan(scenario)
        assert_shares_are_shares(*kernel.simulate(worlds, plan, SEED, keep_people=True)[:2])


def corners_and_insides(rng: np.random.Generator, size: int) -> Array:
    """Return places in ranges [0 to 1], a third of them at an end."""
    places = rng.uniform(size=size)
    end = rng.integers(0, 6, size)
    chosen: Array = np.where(end == 0, 0.0, np.where(end == 1, 1.0, places))
    return chosen


@pytest.mark.parametrize("months", [None, 5])
@pytest.mark.parametrize("measure", others(MEASURES, 6))
def test_two_halves_of_a_measure_are_the_whole(measure: str, months: int | None) -> None:
    quick.test_two_halves_of_a_measure_are_the_whole(measure, months)


@pytest.mark.parametrize("measure", others(GIVING, 2))
def test_more_of_a_measure_that_only_gives_never_lowers_mean_adoption(measure: str) -> None:
    quick.test_more_of_a_measure_that_only_gives_never_lowers_mean_adoption(measure)


@pytest.mark.parametrize("name", others(SHIPPED, 6))
def test_a_measure_of_dose_0_leaves_every_bit_as_it_was(name: str) -> None:
    quick.test_a_measure_of_dose_0_leaves_every_bit_as_it_was(name)


@pytest.mark.parametrize("measure", others(MEASURES, 6))
def test_a_measure_that_reaches_nobody_leaves_every_bit_as_it_was(measure: str) -> None:
    quick.test_a_measure_that_reaches_nobody_leaves_every_bit_as_it_was(measure)


@pytest.mark.parametrize("name", others(ON_ANY_ROW, 6))
def test_people_on_other_rows_live_the_same_lives(name: str) -> None:
    quick.test_people_on_other_rows_live_the_same_lives(name)


@pytest.mark.parametrize("name", others(SHIPPED, 12))
def test_shares_stay_shares_in_every_shipped_scenario(name: str) -> None:
    quick.test_shares_stay_shares_in_every_shipped_scenario(name)
