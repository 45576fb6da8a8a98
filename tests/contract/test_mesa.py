"""The readable engine is a Mesa model: what users of Mesa do with a model works with this one."""

from __future__ import annotations

import inspect
import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run
from parts import few

import sim
import sim.state
from sim import draws, kpis
from sim.errors import AdoptionError
from sim.mesa_model import OF_A_NODE, OF_EVERYBODY
from sim.scenario.schema import Scenario
from sim.state import columns

SMALL: dict[str, Any] = {"organisation.employees": 24}

MEASURED = [one.name for one in kpis.MEASURED]


def lived(months: int, **given: Any) -> sim.AdoptionModel:
    """Return a small organisation with champions after some months."""
    model = sim.AdoptionModel("champions", **SMALL, **given)
    for _ in range(months):
        model.step()
    return model


def state(model: sim.AdoptionModel) -> list[tuple[Any, ...]]:
    """Return everything about everybody."""
    return [tuple(getattr(me, name) for name in columns()) for me in model.staff]


# --- Subclasses ----------------------------------------------------------------------------


class Same(sim.Employee):
    """Overrides every method by what it was."""

    def __init__(self, model: sim.AdoptionModel, row: np.void) -> None:
        super().__init__(model, row)
        self.called: set[str] = set()

    def receive(self) -> None:
        self.called.add("receive")
        super().receive()

    def change(self) -> None:
        self.called.add("change")
        super().change()

    def notice(self) -> tuple[float, float, float]:
        self.called.add("notice")
        return super().notice()

    def example(self) -> float:
        self.called.add("example")
        return super().example()

    def inclination(self) -> float:
        self.called.add("inclination")
        return super().inclination()


@pytest.mark.parametrize("schedule", ["synchronous", "random_sequential"])
def test_a_subclass_that_changes_nothing_changes_nothing(schedule: str) -> None:
    """Luck has a name: no other class of agents and no order of agents draws other numbers."""
    rules = {"rules.schedule": schedule, "organisation.turnover": 0.3}
    one, other = lived(8, **rules), lived(8, employee=Same, **rules)
    assert state(one) == state(other)
    assert np.array_equal(one.row, other.row, equal_nan=True)
    everything = {"receive", "change", "notice", "example", "inclination"}
    assert all(me.called == everything for me in other.staff if isinstance(me, Same))


@pytest.mark.parametrize(
    ("method", "instead"),
    [
        ("notice", lambda me: (0.0, 0.0, 0.0)),
        ("example", lambda me: 1.0),
        ("inclination", lambda me: 0.9),
        ("receive", lambda me: None),
        ("change", lambda me: None),
    ],
)
def test_each_method_can_be_overridden(method: str, instead: Callable[..., Any]) -> None:
    kind = type("Kind", (sim.Employee,), {method: instead})
    assert state(lived(3)) != state(lived(3, employee=kind))


def test_what_nobody_shows_nobody_notices() -> None:
    class Hidden(sim.Employee):
        def show(self) -> None:
            self.seen_uses, self.seen_intensity, self.seen_expectation = 0, 0.0, 0.0

    model = lived(3, employee=Hidden)
    assert any(me.uses for me in model.staff)
    assert {me.notice() for me in model.staff} == {(0.0, 0.0, 0.0)}


def test_one_who_differs_leaves_those_who_do_not_notice_him_alone() -> None:
    """Everybody's own luck stays: people without ties go on as they did."""

    class Refuser(sim.Employee):
        def inclination(self) -> float:
            return 1.0 if self.row == 3 else super().inclination()

    alone = {"organisation.network.kind": "none", "organisation.executives": 1}
    one, other = state(lived(8, **alone)), state(lived(8, employee=Refuser, **alone))
    assert [k for k in range(len(one)) if one[k] != other[k]] == [3]


def test_a_month_in_which_something_happens() -> None:
    class Visit(sim.AdoptionModel):
        def step(self) -> None:
            if self.month == 2:
                for me in self.staff:
                    me.uses, me.access = 1, 1
            super().step()

    plain, visited = (kind("baseline", **SMALL) for kind in (sim.AdoptionModel, Visit))
    for model in (plain, visited):
        for _ in range(3):
            model.step()
    one, other = (m.datacollector.get_model_vars_dataframe()["using"] for m in (plain, visited))
    assert (one[:3] == other[:3]).all()
    assert other[3] > one[3]


# --- Collecting ----------------------------------------------------------------------------


def test_every_kpi_and_everybody_is_collected_from_the_start() -> None:
    model = lived(3)
    kpi = model.datacollector.get_model_vars_dataframe()
    assert list(kpi.columns) == MEASURED
    assert list(kpi.index) == [0, 1, 2, 3]
    assert kpi["adoption"][3] == model.kpi("adoption")
    everybody = model.datacollector.get_agent_vars_dataframe()
    assert list(everybody.columns) == list(OF_EVERYBODY)
    assert len(everybody) == 4 * 24
    assert list(everybody.loc[3, "skill"]) == [me.skill for me in model.staff]


def test_reporters_of_ones_own_come_beside_those_there_are() -> None:
    model = lived(
        2,
        model_reporters={"most_skilled": lambda m: max(me.skill for me in m.staff)},
        agent_reporters={"department": "department", "ties": lambda me: len(me.colleagues)},
    )
    kpi = model.datacollector.get_model_vars_dataframe()
    assert list(kpi.columns) == [*MEASURED, "most_skilled"]
    everybody = model.datacollector.get_agent_vars_dataframe()
    assert list(everybody.columns) == [*OF_EVERYBODY, "department", "ties"]
    assert everybody["skill"].groupby("Step").max().tolist() == kpi["most_skilled"].tolist()


def test_single_agents_need_not_be_collected() -> None:
    model = lived(1, agent_reporters=None)
    assert not model.datacollector.agent_reporters


# --- Running -------------------------------------------------------------------------------


def test_it_stops_with_the_last_month_of_the_scenario() -> None:
    model = lived(0, **{"simulation.months": 5})
    model.run_model()
    assert (model.month, model.running) == (5, False)
    ended, row = state(model), model.row
    with pytest.warns(UserWarning, match="'champions' ends with month 5: simulation.months"):
        model.step()
    assert model.month == 5
    assert state(model) == ended
    assert model.row is row
    assert len(model.datacollector.get_model_vars_dataframe()) == 6


def test_the_seed_is_the_scenarios_unless_given() -> None:
    seeded = {"simulation.seed": 5}
    assert state(lived(2, **seeded)) == state(lived(2, rng=5)) != state(lived(2))
    assert state(lived(2)) == state(lived(2, rng=None)) == state(lived(2, rng=1))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rng": 0.5}, "rng: found 0.5, expected a whole number from 0 to 4294967295"),
        ({"run": -1}, "run: found -1, expected a whole number from 0"),
        ({"scenario": "championz"}, "champions"),
        ({"employe": Same}, "employe"),
        ({"organisation.employees": -3}, "organisation.employees"),
    ],
)
def test_what_cannot_be_is_said(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(AdoptionError, match=said):
        sim.AdoptionModel(**wrong)


# --- Batches -------------------------------------------------------------------------------


def batch(parameters: dict[str, Any], **given: Any) -> pd.DataFrame:
    found = batch_run(sim.AdoptionModel, parameters, display_progress=False, **given)
    return pd.DataFrame(found)


def test_a_batch_has_the_numbers_of_compare_to_the_last_bit() -> None:
    found = batch(
        {
            "scenario": ["baseline", "champions"], "run": range(3), "simulation.seed": 7,
            "organisation.employees": 24, "agent_reporters": None,
        }
    )  # fmt: skip
    both = [sim.load(one).changed(SMALL) for one in ("baseline", "champions")]
    table = sim.compare(both, runs=3, seed=7, threads=1).table()
    last = table[table["month"] == 24].sort_values(["run", "scenario"])
    found = found.sort_values(["run", "scenario"])
    assert set(found["Step"]) == {24}
    assert len(found) == len(last) == 6
    for name in MEASURED:
        assert found[name].tolist() == last[name].tolist(), name


def test_a_batch_of_months_has_every_month_from_the_start() -> None:
    shares = [0.05, 0.2]
    found = batch(
        {
            "scenario": "champions", "programme.champions.share": shares,
            "simulation.months": 4, "agent_reporters": None, **SMALL,
        },
        data_collection_period=1,
    )  # fmt: skip
    for share, part in found.groupby("programme.champions.share"):
        one = sim.load("champions").changed(
            {"programme.champions.share": share, "simulation.months": 4, **SMALL}
        )
        assert part["Step"].tolist() == [0, 1, 2, 3, 4]
        assert (
            part["adoption"].tolist()
            == sim.run(one, runs=1).curves("champions", "adoption")[0].tolist()
        )


def test_a_batch_stops_earlier_where_it_is_told_to() -> None:
    found = batch({"agent_reporters": None, **SMALL}, max_steps=2)
    assert found["Step"].tolist() == [2]
    assert found["adoption"].tolist() == [lived_baseline(2).kpi("adoption")]


def lived_baseline(months: int) -> sim.AdoptionModel:
    model = sim.AdoptionModel("baseline", **SMALL)
    for _ in range(months):
        model.step()
    return model


def test_a_batch_gives_a_row_for_each_agent_where_agents_are_collected() -> None:
    found = batch({"simulation.months": 2, **SMALL})
    assert len(found) == 24
    assert set(OF_EVERYBODY) <= set(found.columns)


def test_scenarios_are_values_of_a_batch(small: Scenario) -> None:
    """One is one value, and in a table it is read by its name."""
    few = small.changed({"organisation.employees": 10, "simulation.months": 2})
    named = [few.changed({"name": one}) for one in ("one", "other")]
    found = batch({"scenario": few, "agent_reporters": None})
    assert found["scenario"].tolist() == [few]
    found = batch({"scenario": named, "agent_reporters": None})
    assert "other" in found[["scenario", "adoption"]].to_string()
    assert "Scenario" not in found[["scenario", "adoption"]].to_string()
    assert found.groupby(found["scenario"].astype(str))["adoption"].mean().index.tolist() == [
        "one",
        "other",
    ]
    assert found["scenario"].nunique() == 2


def test_a_measure_a_scenario_does_not_have_is_not_put_in() -> None:
    """A batch over two scenarios and the share of champions leaves the one without them alone."""
    with pytest.warns(UserWarning, match=r"'baseline' has no programme\.champions\.share"):
        alone = sim.AdoptionModel("baseline", **{"programme.champions.share": 0.2, **SMALL})
    assert alone.settings.deployments.keys() == {"launch"}
    assert not any(me.champion for me in alone.staff)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"employee": int}, "expected a class of sim.Employee"),
        ({"employee": "Sceptic"}, "expected a class of sim.Employee"),
        ({"model_reporters": "most_skilled"}, "put it into a list"),
        ({"agent_reporters": "heard"}, "put it into a list"),
        ({"run": 10**20}, "expected a whole number from 0 to"),
    ],
)
def test_arguments_that_cannot_be_used_are_named(given: dict[str, Any], told: str) -> None:
    with pytest.raises(sim.AdoptionError, match=told):
        sim.AdoptionModel("baseline", **given, **SMALL)


def test_a_misspelt_kpi_is_named() -> None:
    with pytest.raises(sim.AdoptionError, match="did you mean 'adoption'"):
        sim.AdoptionModel("baseline", **SMALL).kpi("adption")


def test_errors_of_a_batch_travel_between_processes_whole() -> None:
    with pytest.raises(sim.ScenarioError) as found:
        sim.AdoptionModel("baseline", **dict[str, Any]({"organisation.employes": 40}))
    again = pickle.loads(pickle.dumps(found.value))
    assert str(again) == str(found.value)
    assert again.problems == found.value.problems


# --- What users of Mesa do with any model ------------------------------------------------------


class Learner(sim.Employee):
    """Does something of its own at the end of each month."""

    def __init__(self, model: sim.AdoptionModel, row: np.void) -> None:
        super().__init__(model, row)
        self.months = 0

    def step(self) -> None:
        self.months += 1
        self.skill = 1.0


def test_an_agents_step_is_lived_through_once_a_month() -> None:
    model = lived(3, employee=Learner)
    assert {me.months for me in model.staff if isinstance(me, Learner)} == {3}
    assert {me.skill for me in model.staff} == {1.0}
    assert model.kpi("skill") == 1.0  # at the end of the month, before it is measured
    assert model.datacollector.get_model_vars_dataframe()["skill"].tolist()[1:] == [1.0] * 3


@pytest.mark.parametrize("kind", [sim.Employee, Learner, type("Further", (Learner,), {})])
@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.agents.do("step"),
        lambda model: model.agents.shuffle_do("step"),
        lambda model: model.agents.select(lambda me: me.row < 3).do("step"),
        lambda model: model.staff[0].step(),
    ],
)
def test_an_agents_step_is_not_a_step_of_ones_own(kind: Any, call: Callable[..., Any]) -> None:
    model = lived(1, employee=kind)
    before = state(model)
    with pytest.raises(AdoptionError, match=r"outside of a month: model\.step\(\) lives through"):
        call(model)
    assert state(model) == before


def test_methods_of_ones_own_are_done_as_with_any_model() -> None:
    class Talker(sim.Employee):
        expectation: float

        def talk(self, louder: float) -> float:
            heard: float = self.expectation + louder
            self.expectation = min(1.0, heard)
            return heard

    model = lived(1, employee=Talker)
    chosen = model.agents.select(lambda me: me.uses == 0)
    before = {me.row: me.expectation for me in chosen}
    chosen.shuffle_do("talk", 0.1)
    assert {me.row: me.expectation for me in chosen} == {
        row: min(1.0, one + 0.1) for row, one in before.items()
    }
    assert sum(model.agents.get("uses")) == sum(me.uses for me in model.staff)
    assert model.agents.groupby("department").count()[0] > 0


class Forgetful(sim.AdoptionModel):
    """As in Mesa's tutorial: nothing of it lives through a month."""

    def step(self) -> None:
        self.agents.select(lambda me: me.uses).do(lambda me: None)


class Hasty(sim.AdoptionModel):
    """A step of three months."""

    def step(self) -> None:
        for _ in range(3):
            super().step()


class Mixed:
    def step(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("kind", "often"),
    [
        (Forgetful, "not at all"),
        (Hasty, "more than once"),
        (type("Both", (Mixed, sim.AdoptionModel), {}), "not at all"),
        (type("Heir", (Forgetful,), {}), "not at all"),
    ],
)
def test_a_step_of_a_model_is_a_month(kind: type[sim.AdoptionModel], often: str) -> None:
    model = kind("baseline", **SMALL)
    with pytest.raises(AdoptionError, match=rf"super\(\)\.step\(\) once.*{often}"):
        model.run_model()


def test_a_month_is_not_lived_through_within_a_month() -> None:
    class Restless(sim.Employee):
        def change(self) -> None:
            self.model.step()

    with pytest.raises(AdoptionError, match="within a month"):
        lived(1, employee=Restless)


@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.staff[3].remove(),
        lambda model: model.remove_all_agents(),
        lambda model: model.agents.do("remove"),
        lambda model: model.deregister_agent(model.staff[0]),
    ],
)
def test_nobody_of_the_staff_is_removed(call: Callable[..., Any]) -> None:
    one, other = lived(2), lived(2)
    with pytest.raises(AdoptionError, match=r"can be removed.*organisation\.turnover"):
        call(one)
    assert len(one.agents) == len(one.staff) == 24
    one.step()
    other.step()
    assert state(one) == state(other)


def test_nobody_is_added_to_the_staff() -> None:
    model = lived(1)
    with pytest.raises(AdoptionError, match=r"organisation\.employees for more"):
        sim.Employee(model, np.zeros(1, sim.state.PEOPLE)[0])
    assert len(model.agents) == len(model.staff) == 24
    for change in ("append", "sort", "remove"):
        assert not hasattr(model.staff, change)


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.agents.select(at_most=3, inplace=True),
        lambda model: model.agents.discard(model.staff[3]),
    ],
)
def test_agents_changed_in_place_are_said(change: Callable[..., Any]) -> None:
    model = lived(1)
    change(model)
    with pytest.raises(AdoptionError, match=r"of the 24 people: .* inplace=True"):
        model.step()


class Visitor(mesa.Agent):  # type: ignore[misc]
    """Somebody from outside, of another kind."""

    def __init__(self, model: sim.AdoptionModel) -> None:
        super().__init__(model)
        self.visits = 0
        self.skill = 0.9

    def visit(self) -> None:
        self.visits += 1
        self.random.choice(self.model.staff).uses = 1


class Visited(sim.AdoptionModel):
    def __init__(self, **given: Any) -> None:
        super().__init__("baseline", **given)
        self.visitors = Visitor.create_agents(self, 2)

    def step(self) -> None:
        self.visitors.shuffle_do("visit")
        super().step()


def test_agents_of_another_kind_may_live_beside_the_staff() -> None:
    model = Visited(
        agent_reporters={"double": lambda me: 2 * me.habit},
        agenttype_reporters={Visitor: {"visits": "visits"}, sim.Employee: {"row": "row"}},
        **SMALL,
    )
    for _ in range(2):
        model.step()
    assert (len(model.agents), len(model.staff)) == (26, 24)
    assert model.kpi("using") == sum(me.uses for me in model.staff) / 24
    everybody = model.datacollector.get_agent_vars_dataframe().loc[2]
    assert everybody["skill"].notna().all()  # what they have too
    assert everybody["double"].isna().sum() == everybody["uses"].isna().sum() == 2
    visits = model.datacollector.get_agenttype_vars_dataframe(Visitor)
    assert visits["visits"].tolist() == [0, 0, 1, 1, 2, 2]
    rows = model.datacollector.get_agenttype_vars_dataframe(sim.Employee)
    assert rows["row"].loc[1].tolist() == list(range(24))
    next(iter(model.visitors)).remove()
    model.step()
    assert len(model.agents) == 25


def test_what_is_set_by_hand_counts_from_the_next_month_on_wherever_it_does() -> None:
    """Ties, champions and executives changed by hand do what they do from the start."""
    model = sim.AdoptionModel("champions", **SMALL)
    for me in model.staff:
        me.champion = int(me.row == 20)
        me.colleagues, me.ties = [], []
    champion, pupil, boss = model.staff[20], model.staff[21], model.staff[22]
    champion.role, pupil.role, boss.role = 0, 0, sim.state.EXECUTIVE
    pupil.colleagues.append(champion)
    champion.colleagues.append(pupil)
    pupil.ties.append(1.0)
    champion.ties.append(2.0)
    model.step()
    assert [me.row for me in model.staff if me.coached > 0.0] == [21]
    assert boss in model.executives
    assert pupil.notice()[1] == pytest.approx(champion.voice)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("skill", 1.5, r"staff\[4\]\.skill: found 1\.5, expected a number from 0 to 1"),
        ("skill", float("nan"), r"found nan"),
        ("uses", None, "found None, expected a whole number from 0 to 1"),
        ("uses", 0.5, "expected a whole number"),
        ("department", -1, "expected a whole number from 0"),
        ("ties", [], "colleagues and 0 ties"),
        ("colleagues", [3], r"expected the weight|expected people of this model"),
    ],
)
def test_what_nobody_can_be_is_said_with_the_place(name: str, value: Any, told: str) -> None:
    model = lived(1)
    setattr(model.staff[4], name, value)
    if name == "colleagues":
        model.staff[4].ties = [1.0]
    with pytest.raises(AdoptionError, match=told):
        model.step()


# --- Seeds -----------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [{"seed": 5}, {"rng": 5}, {"seed": 5, "rng": np.int64(5)}])
def test_a_seed_goes_by_both_of_its_names(given: dict[str, Any]) -> None:
    changed = {"simulation.seed": 5, **SMALL}
    assert state(sim.AdoptionModel("baseline", **given, **SMALL)) == state(
        sim.AdoptionModel("baseline", **changed)
    )


@pytest.mark.parametrize("given", [{"seed": 5, "rng": 6}, {"seed": 5, "simulation.seed": 6}])
def test_two_seeds_that_differ_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(AdoptionError, match=r"seed is 5, .* is 6; give one of them"):
        sim.AdoptionModel("baseline", **given, **SMALL)


def studies(*given: Any) -> list[int]:
    return [sim.AdoptionModel("baseline", rng=one, **SMALL).study for one in given]


def test_whatever_mesa_takes_as_a_seed_is_one() -> None:
    sequences = np.random.SeedSequence(7), np.random.SeedSequence(7), [1, 2], (1, 2), [2, 1]
    one, same, first, again, other = studies(*sequences)
    assert one == same != first == again != other
    drawn = np.random.default_rng(7)
    one, other = studies(drawn, drawn)  # a generator goes on
    assert one != other
    assert studies(np.random.default_rng(7), np.random.PCG64(7)) == [one, one]
    assert sim.AdoptionModel("baseline", seed=np.random.default_rng(7), **SMALL).study == one


@pytest.mark.parametrize("given", ["5", True, 2**32, -1, [0.5], np.random.RandomState(1)])
def test_what_is_no_seed_is_said(given: Any) -> None:
    for name in ("rng", "seed"):
        with pytest.raises(AdoptionError, match=f"{name}: found .* expected a whole number from 0"):
            sim.AdoptionModel("baseline", **{name: given}, **SMALL)


def test_mesas_own_chance_is_another_in_each_replicate_and_nobodys_luck() -> None:
    models = [sim.AdoptionModel("baseline", run=k, **SMALL) for k in (0, 0, 1)]
    one, same, other = [(m.random.random(), m.rng.random()) for m in models]
    assert one == same != other
    model = models[0]
    for reset in (model.reset_randomizer, model.reset_rng):
        with pytest.warns(UserWarning, match="nobody's luck"):
            reset(3)
    assert state(model) == state(models[1])


def test_everybodys_luck_is_what_its_name_draws_whatever_was_drawn_before() -> None:
    model = sim.AdoptionModel("baseline", **SMALL)
    for model.moment in (0, 1, 7, 8, 2):
        for model.luck in (0, 5, 0):
            for me in model.staff:
                name = model.study, model.luck, draws.INCLINATION, me.key, model.moment
                assert me.inclination() == draws.uniform(*name)


# --- Iterations --------------------------------------------------------------------------------


SEEDED_BATCHES = "rng" in inspect.signature(batch_run).parameters


def iterations(parameters: dict[str, Any], number: int, **given: Any) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        return batch({"agent_reporters": None, **SMALL, **parameters}, iterations=number, **given)


GIVEN = [{}, {"simulation.seed": 7}, {"rng": 7}]


@pytest.mark.parametrize("given", few(GIVEN, 1))
def test_iterations_are_the_replicates_of_compare(given: dict[str, Any]) -> None:
    found = iterations({"scenario": ["baseline", "champions"], **given}, 3)
    both = [sim.load(one).changed(SMALL) for one in ("baseline", "champions")]
    seed = next(iter(given.values()), None)
    last = sim.compare(both, runs=3, seed=seed, threads=1).table().query("month == 24")
    found = found.sort_values(["scenario", "iteration"])
    last = last.sort_values(["scenario", "run"])
    assert found["adoption"].nunique() > 2
    for name in MEASURED:
        assert found[name].tolist() == last[name].tolist(), name


def test_iterations_of_a_given_run_are_the_same_and_it_is_said() -> None:
    with pytest.warns(UserWarning, match="iteration 1 of batch_run is the same as the first"):
        found = iterations({"run": 1}, 2)
    assert found["adoption"].nunique() == 1


@pytest.mark.skipif(not SEEDED_BATCHES, reason="batch_run takes seeds since Mesa 3.4")
def test_a_batch_that_gives_seeds_gives_each_its_own_study() -> None:
    found = batch({"agent_reporters": None, **SMALL}, rng=[7, 8])
    for seed, adoption in zip([7, 8], found["adoption"], strict=True):
        model = sim.AdoptionModel("baseline", seed=seed, **SMALL)
        model.run_model()
        assert model.kpi("adoption") == adoption


@pytest.mark.skipif(not SEEDED_BATCHES, reason="batch_run overwrites seeds since Mesa 3.4")
def test_a_seed_that_a_batch_overwrites_is_said() -> None:
    with pytest.raises(AdoptionError, match=r"batch_run\(\.\.\., rng=\[5\]\)"):
        batch({"seed": 5, "agent_reporters": None, **SMALL})


# --- Copies ------------------------------------------------------------------------------------


def test_a_person_travels_with_the_model() -> None:
    me = lived(1).staff[3]
    again = pickle.loads(pickle.dumps(me))
    assert (again.row, again.uses, again.model.staff[3] is again) == (3, me.uses, True)


def test_models_in_threads_do_not_meet() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda run: state(lived(3, run=run)), [0, 1, 0, 1]))
    assert found[0] == found[2] == state(lived(3, run=0)) != found[1] == found[3]


# --- Collectors ----------------------------------------------------------------------------------


class Late(sim.AdoptionModel):
    """Sets up what its reporters look at as in Mesa's tutorial: after its super().__init__."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            "champions",
            model_reporters={
                "visits": "visits",
                "twice": lambda model: 2 * model.visits,
                "method": Late.thrice,
                "listed": [max, [3, 4]],
                "callable": Counting(),
            },
            **given,
        )
        self.visits = 5

    def thrice(self) -> int:
        return 3 * self.visits

    def step(self) -> None:
        super().step()
        self.visits += 1
        self.datacollector.collect(self)  # as in Mesa's tutorial; ours did already


class Counting:
    def __call__(self, model: sim.AdoptionModel) -> int:
        return len(model.agents)


def test_reporters_of_every_kind_see_what_a_subclass_sets() -> None:
    model = Late(**SMALL, **{"simulation.months": 3})
    model.run_model()
    found = model.datacollector.get_model_vars_dataframe()
    assert found.index.tolist() == [0, 1, 2, 3]
    assert found["visits"].tolist() == [5, 6, 7, 8]
    assert found["twice"].tolist() == [10, 12, 14, 16]
    assert found["method"].tolist() == [15, 18, 21, 24]
    assert set(found["listed"]) == {4}
    assert set(found["callable"]) == {24}
    people = model.datacollector.get_agent_vars_dataframe()
    assert len(people) == 4 * 24
    rows = pd.DataFrame(
        batch_run(
            Late,
            {"agent_reporters": None, "simulation.months": 3, **SMALL},
            data_collection_period=1,
            display_progress=False,
        )
    )
    assert rows["visits"].tolist() == [5, 6, 7, 8]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"model_reporters": {"x": "visits"}}, "model_reporters: 'x' failed in month 0: Attribute"),
        ({"model_reporters": {"x": lambda model: 1 / 0}}, "'x' failed in month 0: ZeroDivision"),
        ({"agent_reporters": {"x": "heard"}}, "agent_reporters: 'x' failed in month 0: Attribute"),
        (
            {"agenttype_reporters": {sim.Employee: {"x": "heard"}}},
            "agenttype_reporters: 'x' failed in month 0: Attribute",
        ),
        ({"agenttype_reporters": "heard"}, "expected a dictionary"),
        ({"model_reporters": ["adoption"]}, "expected a dictionary"),
    ],
)
def test_a_reporter_that_fails_is_named(given: dict[str, Any], told: str) -> None:
    with pytest.raises(AdoptionError, match=told):
        sim.AdoptionModel("baseline", **given, **SMALL)


def test_what_was_collected_stays_whole_where_a_reporter_fails_later() -> None:
    model = lived(0, model_reporters={"left": lambda model: 1 / (2 - model.month)})
    model.step()
    with pytest.raises(AdoptionError, match="'left' failed in month 2: ZeroDivisionError"):
        model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == 2


def test_a_collector_of_ones_own_is_ones_own() -> None:
    class Own(sim.AdoptionModel):
        def __init__(self, **given: Any) -> None:
            super().__init__("baseline", **given)
            self.datacollector = mesa.DataCollector(
                model_reporters={"using": lambda model: model.kpi("using")}
            )
            self.datacollector.collect(self)

        def step(self) -> None:
            super().step()
            self.datacollector.collect(self)

    model = Own(**SMALL)
    for _ in range(3):
        model.step()
    assert len(model.datacollector.get_model_vars_dataframe()) == 4


def test_an_init_that_makes_no_model_is_said() -> None:
    class Empty(sim.AdoptionModel):
        def __init__(self) -> None:
            pass

    with pytest.raises(AdoptionError, match=r"Empty\.__init__ has to call super\(\)"):
        Empty()


def test_an_employee_that_is_none_is_said() -> None:
    class Blank(sim.Employee):
        def __init__(self, model: sim.AdoptionModel, row: np.void) -> None:
            self.model = model

    with pytest.raises(AdoptionError, match=r"Blank\.__init__\(self, model, row\) has to call"):
        sim.AdoptionModel("baseline", employee=Blank, **SMALL)


def test_an_attribute_may_be_a_property_and_may_not_be_missing() -> None:
    class Watched(sim.Employee):
        @property
        def skill(self) -> float:
            return self._skill

        @skill.setter
        def skill(self, value: float) -> None:
            self._skill = value

    model = lived(2, employee=Watched)
    assert state(model) == state(lived(2))
    del model.staff[2].habit
    with pytest.raises(AdoptionError, match=r"staff\[2\]\.habit: found None"):
        model.step()


def test_a_tables_rows_are_ones_own() -> None:
    model = lived(1, tables={"visits": ["row", "month"]})
    model.datacollector.add_table_row("visits", {"row": 3, "month": model.month})
    assert model.datacollector.get_table_dataframe("visits").to_numpy().tolist() == [[3, 1]]


@pytest.mark.parametrize("name", ["department", "team", "boss", "archetype"])
def test_a_place_that_is_not_there_is_refused_at_the_next_step(name: str) -> None:
    model = sim.AdoptionModel("baseline", **{"organisation.employees": 40})
    setattr(model.staff[5], name, 999)
    with pytest.raises(AdoptionError, match=rf"staff\[5\]\.{name}: found 999"):
        model.step()


# --- The graph -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["teams", "complete", "ring", "scale_free", "none"])
def test_the_graph_has_the_ties_of_the_world(kind: str) -> None:
    model = sim.AdoptionModel("champions", **SMALL, **{"organisation.network.kind": kind})
    graph, people = model.graph(), range(len(model.staff))
    start, other = model.ties_of
    world = {(i, int(j)) for i in people for j in other[start[i] : start[i + 1]]}
    if kind == "complete":
        world = {(i, j) for i in people for j in people if i != j}
    assert {*graph.edges, *((j, i) for i, j in graph.edges)} == world
    assert list(graph.nodes) == list(people)
    assert all(graph.edges[tie]["weight"] == 1.0 for tie in graph.edges)


def test_the_graph_is_a_copy_of_the_month_it_was_asked_for() -> None:
    model = lived(0)
    before = model.graph()
    for _ in range(6):
        model.step()
    after = model.graph()
    assert not any(uses for _, uses in before.nodes(data="uses"))
    for name in OF_A_NODE:
        assert [one[name] for _, one in after.nodes(data=True)] == [
            getattr(me, name) for me in model.staff
        ]
    assert sum(uses for _, uses in after.nodes(data="uses")) > 0
    told = [me.about()["value"] for me in model.staff]
    for name in ("role", "department", "archetype"):
        assert [one[name] for _, one in after.nodes(data=True)] == [one[name] for one in told]
    same, people = lived(6), state(model)
    after.remove_node(0)
    after.nodes[1]["skill"] = 9.0
    assert state(model) == people == state(same)


def test_ties_of_ones_own_are_in_the_graph_if_both_sides_have_them() -> None:
    model = lived(1)
    mine = model.staff[0]
    yours = next(me for me in model.staff[1:] if me not in mine.colleagues)
    mine.colleagues.append(yours)
    mine.ties.append(0.5)
    with pytest.raises(
        AdoptionError, match=f"staff.0. with staff.{yours.row}. weighs 0.5.*nothing"
    ):
        model.graph()
    yours.colleagues.append(mine)
    yours.ties.append(0.5)
    assert model.graph().edges[0, yours.row]["weight"] == 0.5


def test_attributes_of_a_subclass_go_on_the_nodes() -> None:
    model = lived(2, employee=Learner)
    assert all(months == 2 for _, months in model.graph("months").nodes(data="months"))
    with pytest.raises(AdoptionError, match=r"staff\[0\] has no attribute 'cleverness'"):
        model.graph("cleverness")
