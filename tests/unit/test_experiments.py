"""The verbs: what they accept, what they do when interrupted or broken, and in which order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim import kernel, kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError, ScenarioError
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.study.experiments import in_order

SIMULATE = kernel.simulate


# --- What can be asked ---------------------------------------------------------------------


def test_a_scenario_is_a_name_a_path_or_a_value(tmp_path: Path, small: Scenario) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("extends: baseline\norganisation: {employees: 20}\n", "utf-8")
    result = sim.compare(["leadership", file, small], runs=1, seed=1)
    assert list(result.scenarios) == ["leadership", "mine", "baseline"]
    assert as_scenario(small) is small
    assert as_scenario(str(file)) == as_scenario(file)


def test_runs_and_seed_are_those_of_the_first_scenario_unless_given(small: Scenario) -> None:
    first = small.changed({"simulation.runs": 3, "simulation.seed": 9})
    second = small.changed({"name": "second", "simulation.runs": 5, "simulation.seed": 8})
    both = sim.compare([first, second])
    assert (both.runs, both.seed) == (3, 9)
    assert (sim.run(first, runs=2, seed=0).runs, sim.run(first, runs=2, seed=0).seed) == (2, 0)


def test_one_scenario_is_a_comparison_of_one(small: Scenario) -> None:
    alone, compared = sim.run(small, runs=3, seed=1), sim.compare([small], runs=3, seed=1)
    assert alone.fingerprint == compared.fingerprint
    assert np.array_equal(alone.measured["baseline"], compared.measured["baseline"], equal_nan=True)


@pytest.mark.parametrize("runs", [0, -1])
def test_fewer_than_one_run_is_refused(runs: int, small: Scenario) -> None:
    with pytest.raises(AdoptionError, match=f"runs: found {runs}, expected a whole number from 1"):
        sim.run(small, runs=runs)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed: int, small: Scenario) -> None:
    with pytest.raises(AdoptionError, match=f"seed: found {seed}, expected a whole number from 0"):
        sim.run(small, runs=1, seed=seed)


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_the_first_and_the_last_seed_are_good(seed: int, small: Scenario) -> None:
    rows = sim.run(small, runs=1, seed=seed).measured["baseline"]
    unknown = [name in kpis.OF_SOME for name in kpis.COLUMN]
    assert np.isfinite(rows[..., ~np.array(unknown)]).all()
    assert np.isfinite(rows[:, kpis.REFUSAL_MONTHS :]).all()


def test_nothing_to_simulate_is_refused() -> None:
    with pytest.raises(AdoptionError, match="give at least one scenario"):
        sim.compare([])


def test_two_scenarios_of_one_name_are_refused_by_that_name(small: Scenario) -> None:
    other = small.changed({"organisation.employees": 61})
    with pytest.raises(AdoptionError, match="two scenarios are called 'baseline'"):
        sim.compare([small, other], runs=1)


def test_a_scenario_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ScenarioError, match="basline"):
        sim.compare(["basline"])


def test_a_programme_beyond_its_budget_is_refused_before_anything_runs(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "simulate", lambda *_, **__: pytest.fail("it ran"))
    poor = small.changed({"name": "poor", "budget.total": 1})
    with pytest.raises(sim.BudgetError, match=r"poor: budget\.total"):
        sim.compare([small, poor], runs=1)


# --- Progress ------------------------------------------------------------------------------


def test_progress_rises_to_the_total(small: Scenario) -> None:
    told: list[tuple[int, int]] = []
    sim.run(small, runs=17, seed=1, threads=2, progress=lambda *said: told.append(said))
    done = [finished for finished, _ in told]
    assert done == sorted(set(done))
    assert done[-1] == 17
    assert {total for _, total in told} == {17}


def test_pieces_come_in_order_whichever_is_finished_first() -> None:
    import threading

    last_is_done = threading.Event()

    def work(piece: Array) -> dict[str, Array]:
        if piece[0] == 0:
            last_is_done.wait(timeout=30)
        if piece[0] == 3:
            last_is_done.set()
        return {"piece": piece}

    parts = list(in_order(work, [np.array([k]) for k in range(8)], 4, None, 8))
    assert [int(part["piece"][0]) for part in parts] == list(range(8))


# --- Interrupted and broken ----------------------------------------------------------------


def stop_after(runs: int) -> Callable[[int, int], None]:
    """Return a progress that is interrupted, as by Ctrl-C, once so many runs are finished."""

    def progress(finished: int, _: int) -> None:
        if finished >= runs:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_an_interrupted_study_is_a_smaller_study(threads: int, small: Scenario) -> None:
    other = small.changed({"name": "other", "programme.training": {}})
    cut = sim.compare([small, other], runs=40, seed=6, threads=threads, progress=stop_after(15))
    assert 15 <= cut.runs < 40
    assert cut.interrupted
    assert cut.asked == 40
    whole = sim.compare([small, other], runs=cut.runs, seed=6)
    assert not whole.interrupted
    assert cut.fingerprint == whole.fingerprint
    for name in ("baseline", "other"):
        assert cut.measured[name].tobytes() == whole.measured[name].tobytes()


def test_an_interruption_before_anything_is_finished_is_said(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(kernel, "simulate", interrupted)
    with pytest.raises(AdoptionError, match="interrupted before the first runs were finished"):
        sim.run(small, runs=10, threads=2)


def test_an_interruption_after_a_gap_keeps_what_is_before_the_gap(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted_once(worlds: Any, *rest: Any, **options: Any) -> Any:
        if 12 in worlds.streams:
            raise KeyboardInterrupt
        return SIMULATE(worlds, *rest, **options)

    monkeypatch.setattr(kernel, "simulate", interrupted_once)
    cut = sim.run(small, runs=40, seed=6, threads=4)
    monkeypatch.undo()
    assert 0 < cut.runs <= 12
    whole = sim.run(small, runs=40, seed=6)
    assert np.array_equal(
        cut.measured["baseline"], whole.measured["baseline"][: cut.runs], equal_nan=True
    )


def test_an_error_in_a_thread_reaches_the_caller(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(worlds: Any, *rest: Any, **options: Any) -> Any:
        if 7 in worlds.streams:
            raise ZeroDivisionError("in run 7")
        return SIMULATE(worlds, *rest, **options)

    monkeypatch.setattr(kernel, "simulate", broken)
    with pytest.raises(ZeroDivisionError, match="in run 7"):
        sim.run(small, runs=20, threads=3)


def test_an_error_in_the_progress_reaches_the_caller(small: Scenario) -> None:
    def broken(finished: int, total: int) -> None:
        raise ZeroDivisionError("on screen")

    with pytest.raises(ZeroDivisionError, match="on screen"):
        sim.run(small, runs=20, progress=broken)


@pytest.mark.parametrize(
    "wrong",
    [
        {"runs": 2.5},
        {"runs": "3"},
        {"runs": True},
        {"runs": 0},
        {"seed": 1.5},
        {"seed": -1},
        {"threads": -1},
        {"threads": 0},
    ],
)
def test_counts_that_are_no_whole_numbers_are_refused_by_name(wrong: dict[str, object]) -> None:
    with pytest.raises(sim.AdoptionError, match=next(iter(wrong))):
        sim.run("baseline", **({"runs": 2} | wrong))  # type: ignore[arg-type]
