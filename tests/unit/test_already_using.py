"""People who use AI before any roll-out: who they are, how many, and what their licences cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from by_hand import lives, scenario, spent
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.recfunctions import repack_fields

import sim
from sim import world
from sim.engine.kinds import Array
from sim.errors import ScenarioError
from sim.people import population
from sim.people.population import already_using, users_before
from sim.programme import ledger
from sim.scenario.schema import Scenario
from sim.state import PEOPLE

USING = "organisation.already_using"

promise = settings(max_examples=25, deadline=None, derandomize=True)


def people(one: Scenario, seed: int = 1, runs: int = 1) -> Array:
    """Return people as they begin."""
    return world.draw_worlds(world.design(one), seed, np.arange(runs)).people


def users(one: Scenario, seed: int = 1) -> list[int]:
    """Return how many use AI at the start, by department."""
    folk = people(one, seed)[0]
    return [int(folk["uses"][folk["department"] == k].sum()) for k in range(3)]


def sizes(one: Scenario) -> Array:
    """Return the people of each department."""
    return np.bincount(population.chart(one).department, minlength=3)


# --- Neutral ------------------------------------------------------------------------------------


def test_nobody_uses_it_before_unless_somebody_says_so() -> None:
    assert users(scenario()) == [0, 0, 0]
    for nothing in (0.0, {}, {"desk": 0.0}):
        assert lives(scenario({USING: nothing}), 2) == lives(scenario(), 2)
        assert np.array_equal(spent(scenario({USING: nothing})), spent(scenario()))


# --- How many, and who --------------------------------------------------------------------------


def test_a_share_for_all_is_the_share_of_each_department() -> None:
    heads = sizes(scenario())
    assert users(scenario({USING: 0.5})) == [int(0.5 * one + 0.5) for one in heads]
    assert users(scenario({USING: 1.0})) == heads.tolist()


def test_a_share_by_department_is_of_those_named_and_the_top_is_like_the_mean() -> None:
    one = scenario({USING: {"shop": 0.5}, "organisation.executives": 10})
    heads = sizes(one)
    mean = 0.5 * heads[2] / (heads[1] + heads[2])
    assert users(one) == [int(mean * 10 + 0.5), 0, int(0.5 * heads[2] + 0.5)]
    top = scenario({USING: {"shop": 0.5, "management": 1.0}, "organisation.executives": 10})
    assert users(top) == [10, 0, int(0.5 * heads[2] + 0.5)]


@promise
@given(size=st.integers(2, 60), share=st.floats(0, 1), more=st.floats(0, 1), seed=st.integers(0, 5))
def test_how_many_is_the_rounded_share_and_more_is_never_fewer(
    size: int, share: float, more: float, seed: int
) -> None:
    one = scenario({"organisation.employees": size, USING: {"desk": share, "shop": 1.0 - share}})
    other = scenario({"organisation.employees": size, USING: {"desk": max(share, more)}})
    found, heads = users(one, seed), sizes(one)
    for k, wanted in ((1, share), (2, 1.0 - share)):
        assert abs(found[k] - wanted * heads[k]) <= 0.5
    assert found == users_before(one, population.chart(one)).tolist()
    assert users(other, seed)[1] >= found[1]
    few = people(one, seed)[0]
    many = people(other, seed)[0]
    desk = few["department"] == 1
    assert (many["uses"] >= few["uses"])[desk].all()  # the same and others, not others instead


def test_those_who_want_it_most_use_it() -> None:
    plain, folk = people(scenario())[0], people(scenario({USING: 0.3}))[0]
    for k in (1, 2):
        here = plain["department"] == k
        using = folk["uses"][here] == 1
        wish = plain["conviction"][here]
        assert wish[using].min() >= wish[~using].max()


def test_a_user_of_long_standing_wants_to_has_a_habit_and_the_tool() -> None:
    plain, folk = people(scenario())[0], people(scenario({USING: 0.4}))[0]
    using = folk["uses"] == 1
    assert (folk["ever_used"] == using).all()
    assert (folk["conviction"][using] >= 0.0).all()
    assert (folk["habit"][using] > 0.0).all() and not folk["habit"][~using].any()
    assert (folk["access_month"][using] == 1).all()
    assert (folk["considers"][using] == 1.0).all()
    for name in PEOPLE.names or ():  # nobody else is another
        assert np.array_equal(folk[name][~using], plain[name][~using]), name


def test_use_before_the_start_is_there_in_month_0_and_ties_stay_the_same() -> None:
    one = scenario({USING: 0.3})
    result = sim.compare([scenario(), one.changed({"name": "used"})], runs=3)
    share = sum(users(one)) / 100
    for kpi in ("using", "tried", "adoption"):
        assert (result.curves("used", kpi)[:, 0] == share).all()
        assert not result.curves("by-hand", kpi)[:, 0].any()
    a, b = (world.draw_worlds(world.design(s), 1, np.arange(2)) for s in (scenario(), one))
    assert np.array_equal(a.other, b.other)


# --- Unknown departments ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{shopp: 0.5}", "{shop: 0.5, shopp: 0.1}"])
def test_an_unknown_department_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.yaml").write_text(
        "title: One\norganisation:\n  departments: {desk: {share: 0.5}, shop: {share: 0.5}}\n"
        f"  already_using: {text}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        sim.load(tmp_path / "one.yaml")
    (problem,) = caught.value.problems
    assert problem.path == "organisation.already_using" or problem.path.endswith("shopp")
    assert problem.line == 4
    assert "there is no department 'shopp'" in problem.message
    assert "did you mean 'shop'" in problem.message


@pytest.mark.parametrize("share", ["1.2", "-0.1", "some", "{shop: 2}"])
def test_a_share_is_between_nothing_and_all(tmp_path: Path, share: str) -> None:
    (tmp_path / "one.yaml").write_text(
        "title: One\norganisation:\n  departments: {shop: {share: 1}}\n"
        f"  already_using: {share}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        sim.load(tmp_path / "one.yaml")
    assert all("already_using" in problem.path for problem in caught.value.problems)


# --- What it costs ------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.33, {"shop": 0.415}, 1.0])
@pytest.mark.parametrize("phased", [False, True])
def test_licences_of_the_plan_are_those_of_the_runs(share: Any, phased: bool) -> None:
    phases = [{"month": 2, "departments": ["shop"]}, {"month": 4, "departments": ["desk"]}]
    one = scenario({USING: share, "tool.go_live": 5, "tool.phases": phases if phased else []})
    plan = ledger.ledger(one)
    technology = plan[["licences", "integration"]].sum(axis=1).to_numpy()
    assert spent(one, 2, "cost_technology") == pytest.approx(np.tile(technology, (2, 1)))


def test_where_chance_decides_on_waves_and_people_leave_the_plan_is_the_mean_of_the_runs() -> None:
    phases = [{"month": 2, "share": 0.3}, {"month": 4, "share": 0.5}]
    one = scenario(
        {
            USING: 0.6, "tool.phases": phases, "tool.go_live": 6,
            "organisation.turnover": 0.9, "organisation.employees": 400,
        }
    )  # fmt: skip
    licences = ledger.ledger(one)["licences"].to_numpy()
    runs = spent(one, 60, "cost_technology") - ledger.ledger(one)["integration"].to_numpy()
    error = runs.std(axis=0) / np.sqrt(len(runs))
    assert (np.abs(runs.mean(axis=0) - licences) <= 4.0 * error + 1e-6).all()
    assert licences[0] == 20 * users_before(one, population.chart(one)).sum()
    most = ledger.technology(one, population.chart(one), upper=True)["licences"].to_numpy()
    assert (runs <= most + 1e-9).all()


# --- People from a file -------------------------------------------------------------------------


def imported(folder: Path, known: bool, using: float | dict[str, float] = 0.0) -> Scenario:
    """Return an organisation of 61 people, of whom a file may say who uses AI."""
    head = "id,department,role,manager" + (",uses" if known else "")
    tell = (lambda k, of: f",{'yes' if k < of else 'no'}") if known else (lambda k, of: "")
    rows = [f"boss,office,executive,{tell(0, 0)}"]
    rows += [f"o{k},office,employee,boss{tell(k, 20)}" for k in range(30)]
    rows += [f"f{k},floor,employee,boss{tell(k, 6)}" for k in range(30)]
    (folder / "people.csv").write_text("\n".join([head, *rows]) + "\n")
    (folder / "real.yaml").write_text(
        "extends: baseline\norganisation: {people: people.csv}\ntool: {go_live: 5}\n"
        "simulation: {months: 8}\n"
    )
    return sim.load(folder / "real.yaml").changed({USING: using})


def test_where_a_file_does_not_say_who_uses_it_the_share_does(tmp_path: Path) -> None:
    one = imported(tmp_path, known=False, using={"office": 0.5})
    folk = people(one)[0]
    names = population.department_names(one.organisation)
    office, floor = names.index("office"), names.index("floor")
    here = folk["department"] == office
    assert folk["uses"][here].sum() == int(0.5 * here.sum() + 0.5)
    assert folk["uses"][folk["department"] == floor].sum() == 0
    assert already_using(one, population.chart(one))[office] == 0.5


def test_what_a_file_says_of_use_goes_before_the_share(tmp_path: Path) -> None:
    told = imported(tmp_path, known=True)
    both = imported(tmp_path, known=True, using=0.9)
    assert people(told)["uses"].sum() == 26
    one, other = (repack_fields(people(each)).tobytes() for each in (told, both))
    assert one == other


@pytest.mark.parametrize("known", [False, True])
def test_licences_of_users_in_a_file_are_in_the_plan(tmp_path: Path, known: bool) -> None:
    one = imported(tmp_path, known, 0.5)
    price = one.tool.licence_price
    licences = ledger.ledger(one)["licences"].to_numpy() / price
    assert licences[0] == pytest.approx(people(one)[0]["uses"].sum())
    assert licences[-1] == pytest.approx(61)
    technology = ledger.technology(one, population.chart(one)).sum(axis=1).to_numpy()
    result = sim.run(one, runs=2)
    assert result.curves("real", "cost_technology")[:, 1:] == pytest.approx(
        np.tile(technology, (2, 1))
    )
