"""What is said of groups is measured, and a group too small to be shown is shown nowhere."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from analysis import cli
from analysis.figures.groups import group_figure
from analysis.results import groups
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study.results import GROUPS, Result

BY = ("archetype", "department", "role")


@pytest.fixture(scope="module")
def both() -> Result:
    """Return two scenarios with groups."""
    shorter = {"simulation.months": 8}
    chosen = [sim.load(name).changed(shorter) for name in ("baseline", "leadership")]
    return sim.compare(chosen, runs=12, seed=1, by=BY)


@pytest.fixture
def alone(both: Result) -> Result:
    """Return the first of them."""
    name = "baseline"
    return Result(
        {name: both.scenarios[name]}, {name: both.measured[name]}, both.seed, both.asked,
        groups={name: both.groups[name]},
    )  # fmt: skip


# --- Who is hidden -------------------------------------------------------------------------


def test_every_run_and_month_is_hidden_for_itself(both: Result) -> None:
    for one in both.groups.values():
        heads = one.heads
        assert np.nanmin(heads) >= 5
        assert np.array_equal(np.isnan(one.values).all(axis=-1), np.isnan(heads))


def test_what_is_not_known_in_the_first_months_is_shown_at_the_end() -> None:
    """Nobody is a never-user before half a year's access: that hides no group."""
    result = sim.run("baseline", runs=12, seed=1, by=["department"])
    levels = groups.group_levels(result)
    shown = levels[~levels["hidden"]]
    assert len(shown) == len(levels) - 1  # the top is too small
    assert np.isfinite(shown["never_users"]).all()
    late = sim.run(
        sim.load("baseline").changed({"tool.go_live": 20}), runs=4, seed=1, by=["department"]
    )
    assert np.isnan(groups.group_levels(late)["never_users"]).all()


# --- Files ---------------------------------------------------------------------------------


def test_groups_survive_saving_and_further_kinds_are_added(tmp_path: Path) -> None:
    scenario = sim.load("baseline").changed({"simulation.months": 2})
    first = sim.run(scenario, runs=4, seed=3)
    folder = first.save(tmp_path)
    assert not (folder / GROUPS).exists()
    assert sim.read_result(folder).groups == {}
    departments = sim.run(scenario, runs=4, seed=3, by=("department",))
    assert departments.save(tmp_path) == folder
    before = (folder / "runs.parquet").read_bytes()
    teams = sim.run(scenario, runs=4, seed=3, by=("team",))
    assert teams.save(tmp_path) == folder
    assert (folder / "runs.parquet").read_bytes() == before
    read = sim.read_result(folder).groups[scenario.name]
    asked = [one.groups[scenario.name] for one in (departments, teams)]
    assert read.labels == asked[0].labels + asked[1].labels
    whole = np.concatenate([one.values for one in asked], axis=2)
    assert np.array_equal(read.values, whole, equal_nan=True)
    whole = np.concatenate([one.heads for one in asked], axis=2)
    assert np.array_equal(read.heads, whole, equal_nan=True)
    assert not list(folder.glob(".writing-*"))


# --- Numbers -------------------------------------------------------------------------------


def test_levels_are_means_over_organisations(both: Result) -> None:
    found = groups.group_levels(both).loc[("department", "production", "leadership")]
    one = both.groups["leadership"]
    place = one.labels.index(("department", "production"))
    assert found["adoption_m6"] == pytest.approx(one.values[:, 6, place, 0].mean())
    assert found["adoption_m8"] == pytest.approx(one.values[:, 8, place, 0].mean())
    assert found["people"] == one.heads[0, 0, place]


def test_differences_of_groups_are_paired(both: Result) -> None:
    found = groups.group_differences(both).loc[("department", "production", "leadership")]
    place = both.groups["leadership"].labels.index(("department", "production"))
    one, other = (both.groups[name].values[:, 8, place, 0] for name in ("leadership", "baseline"))
    assert found["difference"] == pytest.approx(100 * (one - other).mean())
    spread = 100 * (one - other).std(ddof=1) / np.sqrt(12)
    assert found["high"] - found["low"] == pytest.approx(2 * 2.201 * spread, rel=1e-3)
    assert found["organisations"] == 12


def test_a_group_too_small_has_no_numbers_in_any_table(both: Result) -> None:
    levels = groups.group_levels(both)
    hidden = levels[levels["hidden"]]
    assert ("role", "executive", "baseline") in hidden.index
    assert hidden.drop(columns="hidden").isna().all(axis=None)
    assert "executive" not in groups.group_differences(both).index.get_level_values("group")
    row = groups.group_texts(both, "role").loc["executive"]
    assert row["people"] == "not shown"
    assert not row["m6"] and not row["difference"]


def test_without_groups_it_is_said_how_to_get_them() -> None:
    result = sim.run(sim.load("baseline").changed({"simulation.months": 2}), runs=2)
    with pytest.raises(AdoptionError, match="by="):
        groups.group_levels(result)


# --- Figures -------------------------------------------------------------------------------


def test_a_figure_has_a_panel_for_each_group_that_may_be_shown(both: Result) -> None:
    figure = group_figure(both, "role")
    told = {text.get_text() for text in figure.texts}
    assert len(figure.axes) == 3
    assert {"employee", "team lead", "manager"} <= told
    assert "executive" not in told
    assert "Not drawn: 1 group" in figure.caption


def test_a_figure_says_where_the_gain_is(both: Result, alone: Result) -> None:
    assert "points in" in group_figure(both, "department").message
    assert group_figure(alone, "department").message.startswith("Weekly users at month 8: from")
    with pytest.raises(AdoptionError, match="no such kind of group 'team'"):
        group_figure(both, "team")


def test_where_every_group_is_too_small_nothing_is_drawn(small: Scenario) -> None:
    secret = small.changed({"privacy.min_group": 200, "simulation.months": 1})
    result = sim.run(secret, runs=2, by=("role",))
    with pytest.raises(AdoptionError, match="too small"):
        group_figure(result, "role")


# --- Commands ------------------------------------------------------------------------------


def command(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command of ``adopt`` and return what it prints."""
    assert cli.adopt.main(list(words), standalone_mode=False) == 0
    return capsys.readouterr().out


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_unknown_kind_of_group_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["adopt", "run", "baseline", "--by", "role,age"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "found 'age', expected one of: archetype" in capsys.readouterr().err


def test_the_command_line_knows_the_kinds_the_engine_knows() -> None:
    from analysis.cli.shared import KINDS
    from sim.kernel import GROUPS as KNOWN

    assert KINDS == KNOWN


# --- Events --------------------------------------------------------------------------------


def test_events_are_those_of_the_same_runs_on_any_number_of_threads(small: Scenario) -> None:
    from sim.study.experiments import events

    one, other = (events(small, runs=6, seed=2, threads=threads) for threads in (1, 3))
    pd.testing.assert_frame_equal(one, other)
    result = sim.run(small, runs=6, seed=2)
    moves = one["kind"].map({"start": 1, "restart": 1, "stop": -1}).astype(int)
    after = moves.groupby(one["run"]).sum().reindex(range(6), fill_value=0).to_numpy()
    users = result.curves(small.name, "using")[:, -1] * small.organisation.employees
    assert after == pytest.approx(users)


def test_nobody_real_is_in_a_log_of_events(here: Path) -> None:
    from sim.study.experiments import events

    rows = "\n".join(f"p{k},sales,a,,employee" for k in range(12))
    (here / "people.csv").write_text(f"id,department,team,manager,role\n{rows}\n", "utf-8")
    (here / "real.yaml").write_text("organisation: {people: people.csv}\n", "utf-8")
    found = events(here / "real.yaml", runs=2)
    assert "person" not in found
    order = found.sort_values(list(found.columns), ignore_index=True)
    pd.testing.assert_frame_equal(found, order)
    assert "person" in events("baseline", runs=1)


def test_what_is_said_of_events_is_counted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("run", "baseline", "--runs", "5", "--months", "6", "--no-figure", "--events")
    content = json.loads(command(capsys, *words, "--json"))
    (path,) = here.rglob("events.parquet")
    stored = pd.read_parquet(path)
    found: dict[str, Any] = content["events"]
    first = stored[stored["kind"] == "start"]
    assert found["first_starts"] == len(first)
    assert found["nobody"] == pytest.approx((first["exposure"] == 0).mean())
    assert found["exposure"] == pytest.approx(first["exposure"].median())
    assert found["stops"] == pytest.approx(100 * (stored["kind"] == "stop").sum() / (5 * 140))
    assert "had no colleague who used AI" in command(capsys, *words)
