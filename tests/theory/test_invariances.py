"""What may not change a result: names, order, empty doses, halves, and what is out of reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.lib.recfunctions import repack_fields
from parts import few

from sim import kernel, kpis, world
from sim.engine.kinds import Array
from sim.scenario import read_catalogue, read_scenario
from sim.scenario.folders import library
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.state import EXECUTIVE, columns
from sim.world import Worlds

from .limits import KPIS, SEED, circles, people_after, worlds_of

SHIPPED = sorted(path.stem for path in library().glob("*.yaml"))
MEASURES = sorted(
    name
    for name, one in read_catalogue().items()
    if not one.takes_people and not one.on_arrival  # nobody arrives where nobody leaves
)
SHARES = [one.name for one in kpis.MEASURED if one.unit in ("share", "1")]
ON_UNIT = [
    name
    for name, one in columns().items()
    if one.unit in ("share", "1")
    and name
    not in (
        "match",
        "opportunity",
        "voice",
        "launch",
        "learning",
        "example_factor",
        "discovery",
    )
    and not name.startswith("remaining")  # 1 is usual, not most
]
HEADS = ("adoption", "adoption_with_access", "daily_use", "using", "never_users", "never_started")
"""KPIs that are numbers of people, hence the same to the last bit."""


def only_gives(measure: str) -> bool:
    """Return whether a measure has no message that may disappoint, and no push against use."""
    one = read_catalogue()[measure]
    return one.message is None and all(push >= 0 for push in one.pushes.model_dump().values())


GIVING = [name for name in MEASURES if only_gives(name)]


def shipped(name: str, changes: Mapping[str, Any] | None = None) -> Scenario:
    """Return a shipped scenario for 80 people, without a limit to what it may cost."""
    return read_scenario(name).changed(
        {"budget.total": None, "organisation.employees": 80, **(changes or {})}
    )


def rows_of(scenario: Scenario, worlds: Worlds) -> Array:
    """Return all KPIs: [organisations, months + 1, KPIs]."""
    rows, *_ = kernel.simulate(worlds, world.plan(scenario), SEED)
    return rows


def lives_of(scenario: Scenario, worlds: Worlds) -> Array:
    """Return all KPIs of people, hence none of what measures cost."""
    lives: Array = rows_of(scenario, worlds)[:, :, : KPIS.index("cost_technology")]
    return lives


def assert_same_adoption(one: Array, other: Array) -> None:
    """Ask for the same number of people to the last bit, and the same means to 1e-12."""
    for kpi in HEADS:
        np.testing.assert_array_equal(one[..., KPIS.index(kpi)], other[..., KPIS.index(kpi)])
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def renamed(worlds: Worlds, order: Array) -> Worlds:
    """Return the same organisations with their people on other rows; ``order`` are the old ones."""
    place = np.argsort(order)
    people = worlds.people[:, order].copy()
    boss = people["boss"]
    people["boss"] = np.where(boss >= 0, place[boss], boss)
    start, other, weight = np.zeros_like(worlds.start), [], []
    filled = 0
    for run in range(len(people)):
        for row, old in enumerate(order):
            mine = slice(worlds.start[run, old], worlds.start[run, old + 1])
            other.append(place[worlds.other[mine]])
            weight.append(worlds.weight[mine])
            start[run, row] = filled
            filled += len(other[-1])
        start[run, -1] = filled
    return worlds._replace(
        people=people,
        start=start,
        other=np.concatenate(other).astype(worlds.other.dtype),
        weight=np.concatenate(weight) if worlds.weight.size else worlds.weight,
    )


# --- Names and order ----------------------------------------------------------------------------------


def gives_buddies(scenario: Scenario) -> bool:
    """Return whether some people get a buddy: who becomes whose depends on the order of rows."""
    every = [*scenario.deployments.items()]
    every += [(key, rule.then) for key, rule in scenario.adaptive.items()]
    return any(read_catalogue()[one.measure or name].appoints == "buddies" for name, one in every)


ON_ANY_ROW = [one for one in SHIPPED if not gives_buddies(read_scenario(one))]


@pytest.mark.parametrize("name", few(ON_ANY_ROW, 6))
def test_people_on_other_rows_live_the_same_lives(name: str) -> None:
    scenario = shipped(name)
    worlds = worlds_of(scenario, 2)
    size = worlds.people.shape[1]
    shuffled = np.random.default_rng(0).permutation(size)
    backwards = np.arange(size)[::-1]
    before = rows_of(scenario, worlds)
    for order in (shuffled, backwards):
        assert_same_adoption(before, rows_of(scenario, renamed(worlds, order)))


def test_the_same_person_ends_the_same_on_another_row() -> None:
    scenario = shipped("baseline")
    worlds = worlds_of(scenario, 2)
    order = np.random.default_rng(1).permutation(worlds.people.shape[1])
    plan = world.plan(scenario)
    _, before, *_ = kernel.simulate(worlds, plan, SEED, keep_people=True)
    _, after, *_ = kernel.simulate(renamed(worlds, order), plan, SEED, keep_people=True)
    for column in ("key", "uses", "ever_used", "skill", "habit", "expectation", "threat_control"):
        np.testing.assert_allclose(after[column], before[column][:, order], atol=1e-12)


def test_organisations_do_not_touch_each_other() -> None:
    scenario = shipped("baseline")
    together = rows_of(scenario, worlds_of(scenario, 5))
    design, plan = world.design(scenario), world.plan(scenario)
    for run in (0, 4):
        alone, *_ = kernel.simulate(world.draw_worlds(design, SEED, np.array([run])), plan, SEED)
        np.testing.assert_array_equal(alone[0], together[run])


# --- Doses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", few(SHIPPED, 6))
def test_a_measure_of_dose_0_leaves_every_bit_as_it_was(name: str) -> None:
    scenario = shipped(name)
    nothing = scenario.changed(
        {
            f"programme.nothing-{number}": {"measure": one, "dose": 0.0, "start": 2}
            for number, one in enumerate(read_catalogue())
        }
    )
    worlds = worlds_of(scenario, 4)
    before = rows_of(scenario, worlds)
    assert before.tobytes() == rows_of(nothing, worlds).tobytes()
    assert before.tobytes() == rows_of(nothing, worlds_of(nothing, 4)).tobytes()


@pytest.mark.parametrize("measure", few(MEASURES, 6))
def test_a_measure_that_reaches_nobody_leaves_every_bit_as_it_was(measure: str) -> None:
    scenario = shipped("baseline")
    unheard = scenario.changed(
        {"programme.unheard": {"measure": measure, "audience": {"share": 0.0}}}
    )
    worlds = worlds_of(scenario, 4)
    assert lives_of(scenario, worlds).tobytes() == lives_of(unheard, worlds).tobytes()


@pytest.mark.parametrize("months", [None, 5])
@pytest.mark.parametrize("measure", few(MEASURES, 6))
def test_two_halves_of_a_measure_are_the_whole(measure: str, months: int | None) -> None:
    scenario = shipped("baseline")

    def given(*doses: float) -> Scenario:
        return scenario.changed(
            {
                f"programme.part-{number}": {
                    "measure": measure,
                    "start": 3,
                    "months": months,
                    "dose": dose,
                }
                for number, dose in enumerate(doses)
            }
        )

    worlds = worlds_of(scenario, 10)
    whole = rows_of(given(1.0), worlds)
    assert_same_adoption(whole, rows_of(given(0.5, 0.5), worlds))
    assert_same_adoption(whole, rows_of(given(0.2, 0.3, 0.5), worlds))
    assert lives_of(given(1.0), worlds).tobytes() != lives_of(scenario, worlds).tobytes()


@pytest.mark.parametrize("measure", few(GIVING, 2))
def test_more_of_a_measure_that_only_gives_never_lowers_mean_adoption(measure: str) -> None:
    scenario = shipped("baseline")
    runs = 60
    worlds = worlds_of(scenario, runs)
    before = rows_of(scenario, worlds)[:, :, KPIS.index("adoption")]
    for dose in (0.5, 1.0, 2.0):
        more = {"programme.more": {"measure": measure, "start": 4, "dose": dose}}
        adoption = rows_of(scenario.changed(more), worlds)[:, :, KPIS.index("adoption")]
        gain = adoption - before
        assert gain.mean() >= 0.0
        error = gain.std(axis=0, ddof=1) / np.sqrt(runs)
        assert (gain.mean(axis=0) >= -4 * error).all()
        before = adoption


# --- Out of reach ----------------------------------------------------------------------------------------


def could_have_reached(worlds: Worlds, run: int, person: int, parts: int, line: bool) -> set[int]:
    """Return whom a difference in one person can have touched after so many substeps.

    In the first only the person changes. In each later one also those who notice somebody
    touched; and if the line counts, those right under such a person, or everybody where it is an
    executive.
    """
    people, ties = worlds.people[run], circles(worlds, run)
    under: dict[int, list[int]] = {}
    for row, boss in enumerate(people["boss"]):
        under.setdefault(int(boss), []).append(row)
    touched = {person}
    for _ in range(parts - 1):
        if line and any(people["role"][one] == EXECUTIVE for one in touched):
            return set(range(people.size))
        followers = {follower for one in touched for follower in ties[one]}
        if line:
            followers |= {follower for one in touched for follower in under.get(one, ())}
        touched |= followers
    return touched


@pytest.mark.parametrize(
    ("kind", "parts", "months"),
    [("teams", 1, 1), ("teams", 1, 2), ("teams", 3, 1), ("ring", 4, 5)],
)
def test_leaving_one_person_out_changes_nobody_out_of_reach(
    kind: str, parts: int, months: int
) -> None:
    runs, size, line = 40, 400, kind == "teams"
    everybody = Scenario(name="everybody").changed(
        {
            "organisation.employees": size,
            "organisation.network.kind": kind,
            "organisation.network.degree": 4.0,
            "organisation.network.cross_ties": 1.0,
            "simulation.substeps": parts,
            "simulation.months": months,
            "parameters.leader_weight": 3.0 if line else 0.0,
            "parameters.consider_example": 0.5 if line else 0.0,
            "parameters.start_rate": 3.0,
            "parameters.culture_rate": 0.0,  # a culture that is moved is everybody's at once
            **{f"programme.{one}": {"dose": 5.0, "months": 1} for one in GIVING},
        }
    )
    all_but_one = everybody.changed(
        {f"programme.{one}.audience": {"archetypes": ["competence"]} for one in GIVING}
    )
    worlds = worlds_of(everybody, runs)
    who = np.random.default_rng(2).integers(0, size, runs)
    who[0] = 0  # an executive, whom everybody sees
    kinds = list(read_archetypes())
    worlds.people["archetype"] = kinds.index("competence")
    worlds.people["archetype"][np.arange(runs), who] = kinds.index("ethics")
    # Without the byte that fills up a row: nobody writes it.
    one, other = (
        repack_fields(people_after(scenario, worlds)) for scenario in (everybody, all_but_one)
    )
    changed_others = out_of_reach = 0
    for run, person in enumerate(who):
        differs = {
            row for row in range(size) if one[run, row].tobytes() != other[run, row].tobytes()
        }
        reached = could_have_reached(worlds, run, int(person), parts * months, line)
        assert person in differs
        assert differs <= reached
        changed_others += len(differs) - 1
        out_of_reach += size - len(reached)
    assert out_of_reach > 0
    assert (changed_others > 0) == (parts * months > 1)


# --- Bounds ----------------------------------------------------------------------------------------------


def assert_shares_are_shares(rows: Array, people: Array) -> None:
    """Ask for every share, of the organisation and of each person, to be on [0, 1]."""
    whole = [place for place, kpi in enumerate(KPIS) if kpi not in kpis.OF_SOME]
    assert np.isfinite(rows[..., whole]).all()
    for kpi in SHARES:
        values = rows[..., KPIS.index(kpi)]
        values = values[np.isfinite(values)] if kpi in kpis.OF_SOME else values
        if not values.size:
            continue
        assert values.min() >= -1e-12, kpi
        assert values.max() <= 1 + 1e-12, kpi
    for column in ON_UNIT:
        assert people[column].min() >= -1e-12, column
        assert people[column].max() <= 1 + 1e-12, column


@pytest.mark.parametrize("name", few(SHIPPED, 12))
def test_shares_stay_shares_in_every_shipped_scenario(name: str) -> None:
    scenario = shipped(name)
    worlds = worlds_of(scenario, 10)
    assert_shares_are_shares(
        *kernel.simulate(worlds, world.plan(scenario), SEED, keep_people=True)[:2]
    )
