"""The readable engine is a Mesa model: what users of Mesa do with a model works with this one."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run

import sim
from sim import kpis
from sim.errors import AdoptionError
from sim.model import OF_EVERYBODY
from sim.scenario import Scenario
from sim.state import columns

SMALL = {"organisation.employees": 24}

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
    assert np.array_equal(one.row, other.row)
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


SCRIPT = """
from mesa.batchrunner import batch_run
import sim

class Sceptic(sim.Employee):
    def example(self):
        return 0.0

if __name__ == "__main__":
    found = batch_run(
        sim.AdoptionModel,
        {"employee": [Sceptic], "run": range(2), "organisation.employees": 10,
         "simulation.months": 2, "agent_reporters": None},
        number_processes=2, display_progress=False,
    )
    print(sorted(one["run"] for one in found))
"""


def test_a_script_can_use_several_processes(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, "utf-8")
    done = subprocess.run(
        [sys.executable, script], check=False, capture_output=True, text=True, timeout=120
    )
    assert (done.stdout, done.stderr) == ("[0, 1]\n", "")


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
        sim.AdoptionModel("baseline", **{"organisation.employes": 40})
    again = pickle.loads(pickle.dumps(found.value))
    assert str(again) == str(found.value)
    assert again.problems == found.value.problems
