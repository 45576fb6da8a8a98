"""What the benchmark promises: honest verdicts, timing in turns, and a plain model that is one.

Nothing here is timed; how fast the engine is, `adopt bench` says.
"""

from __future__ import annotations

import ast
import json
import math
import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from analysis import benchmark, sweep_benchmark
from analysis.benchmark import Measurement, Target
from analysis.cli import adopt
from sim import kpis
from sim.scenario.schema import Scenario

FAST = Measurement("Fast engine", 280.0, "ns", "once", Target("≤", 300))
SLOW = Measurement("Million", 61.0, "s", "once", Target("<", 60))
PLAIN = Measurement("Readable engine", 140_000.0, "ns", "once")


@pytest.fixture(scope="module")
def plain() -> ModuleType:
    page = benchmark.plain_mesa()
    assert isinstance(page, ModuleType)
    return page


# --- Figures and verdicts ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("relation", "below", "at", "above"),
    [("<", True, False, False), ("≤", True, True, False), ("≥", False, True, True)],
)
def test_a_target_is_reached_on_its_own_side(
    relation: str, below: bool, at: bool, above: bool
) -> None:
    target = Target(relation, 10)  # type: ignore[arg-type]
    assert [target.reached(value) for value in (9.9, 10, 10.1)] == [below, at, above]


def test_a_figure_that_could_not_be_measured_reaches_no_target() -> None:
    relations = ("<", "≤", "≥")
    assert not any(Target(one, 10).reached(math.nan) for one in relations)  # type: ignore[arg-type]


def test_a_figure_without_a_target_has_no_verdict() -> None:
    assert [one.verdict for one in (FAST, SLOW, PLAIN)] == ["reached", "missed", ""]


def test_the_summary_counts_targets_and_names_what_was_missed() -> None:
    assert benchmark.summary([FAST, PLAIN]) == "1 of 1 targets reached"
    assert benchmark.summary([FAST, SLOW, PLAIN]) == "1 of 2 targets reached; missed: Million"


def test_the_table_has_a_row_for_every_figure() -> None:
    assert benchmark.table([FAST, SLOW, PLAIN]).row_count == 3


def test_a_narrow_table_leaves_out_how_and_nothing_else() -> None:
    wide, narrow = (
        [column.header for column in benchmark.table([FAST], how).columns] for how in (True, False)
    )
    assert wide == [*narrow, "how"]


def test_a_figure_is_shown_with_three_digits_or_all_before_the_point() -> None:
    shown = [benchmark.shown(value) for value in (0.12345, 2.789, 99.96, 283.4, 140_000.0)]
    assert shown == ["0.123", "2.79", "100", "283", "140,000"]


# --- Timing --------------------------------------------------------------------------------


def test_waiting_is_no_processor_time_and_work_is() -> None:
    spun = benchmark.seconds(lambda: sum(range(3_000_000)))
    waited = benchmark.seconds(lambda: time.sleep(0.05))
    assert 0.0 <= waited < spun


@pytest.mark.skipif(sys.platform == "win32", reason="tells nothing of children")
def test_work_of_children_counts() -> None:
    child = "while __import__('time').process_time() < 0.2: pass"
    assert benchmark.seconds(lambda: benchmark.fresh_python("-c", child)) >= 0.19


def test_another_clock_can_be_asked() -> None:
    ticks = iter((3.0, 10.0))
    assert benchmark.seconds(lambda: None, lambda: next(ticks)) == 7.0


def test_cases_are_measured_in_turns() -> None:
    order: list[str] = []

    def case(name: str) -> float:
        order.append(name)
        return float(len(order))

    one, two = benchmark.in_turns(3, lambda: case("one"), lambda: case("two"))
    assert order == ["one", "two"] * 3
    assert (one, two) == ([1.0, 3.0, 5.0], [2.0, 4.0, 6.0])


def test_a_ratio_compares_within_rounds_so_that_a_slow_spell_cancels() -> None:
    slow_spell = 7.0
    assert benchmark.ratio([10.0, 10.0 * slow_spell, 10.0], [2.0, 2.0 * slow_spell, 2.0]) == 5.0


def test_a_batch_is_as_many_organisations_as_fill_it_and_one_at_least() -> None:
    assert benchmark.Batch(250).people == benchmark.BATCH
    assert benchmark.Batch(benchmark.BATCH + 1).streams.size == 1


# --- The command ---------------------------------------------------------------------------


def test_the_command_prints_machine_figures_and_verdicts_as_json(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(benchmark, "benchmark", lambda progress, quick: [FAST, SLOW])
    told = json.loads(CliRunner().invoke(adopt, ["bench", "--quick", "--json"]).stdout)
    assert {"processor", "cores", "Python", "wasmtime"} <= set(told["machine"])
    assert [one["verdict"] for one in told["measurements"]] == ["reached", "missed"]
    assert told["measurements"][0]["target"] == {"relation": "≤", "limit": 300}


def test_the_command_prints_a_table_and_misses_are_no_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    benchmark.tell([FAST, SLOW], as_json=False)
    printed = capsys.readouterr().out
    assert "missed: Million" in printed
    assert "wasmtime" in printed


def test_quick_leaves_out_the_million_and_the_comparison_of_models(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def noted(part: str) -> list[Measurement]:
        asked.append(part)
        return []

    always = ["engines", "building", "growth", "threads", "first_comparison"]
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for part in (*always, "million", "agreement"):
        monkeypatch.setattr(benchmark, part, lambda *_, part=part: noted(part))
    benchmark.benchmark(quick=True)
    assert sorted(asked) == sorted(always)
    asked.clear()
    benchmark.benchmark()
    assert sorted(asked) == sorted([*always, "million", "agreement"])


def test_where_the_plain_model_is_not_installed_the_rest_is_measured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(benchmark, "HOME", tmp_path)
    assert benchmark.plain_mesa() is None
    assert list(benchmark.agreement()) == []


# --- The plain Mesa model ------------------------------------------------------------------


def test_the_plain_model_stands_alone(plain: ModuleType) -> None:
    tree = ast.parse(Path(str(plain.__file__)).read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not {"sim", "analysis"} & imported


def test_the_plain_model_measures_the_same_kpis_of_people_every_month(
    plain: ModuleType, small: Scenario
) -> None:
    model = benchmark.plain_model(plain, small, 1)
    for _ in range(3):
        model.step()
    measured = model.datacollector.get_model_vars_dataframe()
    of_people = kpis.MEASURED[: kpis.PERSONAL]
    assert list(measured.columns) == [one.name for one in of_people]
    assert len(measured) == 4
    shares = measured[[one.name for one in of_people if one.unit in ("share", "1")]]
    some = [one.name for one in of_people if one.name in kpis.OF_SOME]
    assert not shares.drop(columns=some, errors="ignore").isna().any(axis=None)
    assert (shares.isna() | ((shares >= 0.0) & (shares <= 1.0))).all(axis=None)


def test_the_plain_model_has_the_size_and_the_leaders_of_the_scenario(
    plain: ModuleType, small: Scenario
) -> None:
    model = benchmark.plain_model(plain, small, 1)
    assert len(model.agents) == small.organisation.employees
    assert {one.role for one in model.agents} == {"employee", "team_lead", "manager", "executive"}
    assert all(one in other.colleagues for one in model.agents for other in one.colleagues)


def test_the_same_seed_gives_the_same_plain_run(plain: ModuleType, small: Scenario) -> None:
    runs = [benchmark.plain_model(plain, small, seed) for seed in (3, 3, 4)]
    for model in runs:
        model.step()
    first, again, other = (run.datacollector.get_model_vars_dataframe() for run in runs)
    assert first.equals(again)
    assert not first.equals(other)


def test_nobody_uses_ai_in_the_plain_model_before_it_is_there(
    plain: ModuleType, small: Scenario
) -> None:
    model = benchmark.plain_model(plain, small.changed({"tool.go_live": 3}), 1)
    model.step()
    model.step()
    assert not any(one.uses for one in model.agents)


def test_a_committed_leader_of_the_plain_model_uses_ai_and_does_not_stop(
    plain: ModuleType, small: Scenario
) -> None:
    model = plain.AdoptionModel(small.numbers._asdict(), 60, committed=1.0, champions=0.1, rng=1)
    for _ in range(4):
        model.step()
        assert all(one.uses for one in model.agents if one.committed or one.champion)
    assert sum(one.champion for one in model.agents) == 6
    assert all((one.role != "employee") == one.committed for one in model.agents)


def test_the_figure_of_sweeps_tells_where_and_how_it_was_measured() -> None:
    speeds = [Measurement(f"{k}", 4000.0 / (1 + k), "runs/s", "") for k in range(4)]
    held = [Measurement(f"{k}", 301.0 + k, "MB", "") for k in range(4)]
    figure = sweep_benchmark.planning_figure([*speeds, *held], benchmark.machine())
    assert figure.message == "Memory stays below 310 MB, however many runs there are"
    assert "adopt bench --sweep" in figure.caption and "Seed 1" in figure.caption
    assert "own people and ties" in figure.caption


def test_a_sweep_is_measured_as_it_would_be_stored() -> None:
    prepared = sweep_benchmark.experiment(20, 3)
    assert prepared.runs == 3
    taken, size = sweep_benchmark.stored(prepared)
    assert taken > 0.0 and size > 1000.0
