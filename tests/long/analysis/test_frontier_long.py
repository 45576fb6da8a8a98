"""What takes long of the frontier: it beats other ways to spend the money, and survives a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import sim
from analysis.decisions.frontier import Frontier, frontier
from analysis.decisions.money_texts import readings

BUDGETS = (90_000,)
FRESH = 4_711
"""A seed that neither the search nor what it reports has seen."""


@pytest.fixture(scope="module")
def best() -> Frontier:
    return frontier("leadership-champions", BUDGETS)


def test_the_best_plans_beat_equal_parts_the_rule_chance_and_what_is_shipped(
    best: Frontier,
) -> None:
    fresh = sim.Simulator(best.scenario, 150, FRESH)
    clear: dict[str, int] = {}
    for point, rivals in zip(best.points, best.rivals, strict=True):
        reached = 100.0 * fresh.outcome(point.scenario, month=18)
        for rival in rivals:
            more = reached - 100.0 * fresh.outcome(rival.scenario, month=18)
            errors = float(more.mean() / (more.std(ddof=1) / np.sqrt(more.size)))
            print(
                f"{point.budget:>9,.0f} euro, {reached.mean():.1f} %: {rival.kind} ({rival.name}) is "
                f"{more.mean():.1f} points behind, {errors:.1f} standard errors"
            )
            clear[rival.kind] = clear.get(rival.kind, 0) + int(errors > 3.0)
    print(clear)
    assert set(clear) == {"equal", "rule", "random", "shipped"}
    assert all(number >= 1 for number in clear.values())


def test_what_is_reported_is_no_luck_of_the_organisations_it_was_chosen_on(
    best: Frontier,
) -> None:
    fresh = sim.Simulator(best.scenario, 300, FRESH)
    for point in best.points:
        values = 100.0 * fresh.outcome(point.scenario, month=18)
        half = 3.0 * values.std(ddof=1) / np.sqrt(values.size)
        assert point.value.low - half <= values.mean() <= point.value.high + half
    assert readings(best)


def command(output: Path) -> list[str]:
    return [
        *[sys.executable, "-m", "ai_adoption", "frontier", "champions"],
        *["--set", "organisation.employees=15", "--set", "simulation.months=12"],
        *["--month", "12", "--budget", "10000", "--output", str(output)],
    ]


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
def test_a_killed_search_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    once, twice = tmp_path / "once", tmp_path / "twice"
    subprocess.run(command(once), check=True, capture_output=True)
    for _ in range(2):
        running = subprocess.Popen(command(twice), stderr=subprocess.DEVNULL, text=True)
        before = len(list(twice.rglob("piece-*.json")))
        for _ in range(600):
            time.sleep(0.1)
            if len(list(twice.rglob("piece-*.json"))) > before + 5 or running.poll() is not None:
                break
        running.send_signal(signal.SIGKILL)
        running.wait()
    done = subprocess.run(command(twice), check=True, capture_output=True, text=True)
    assert "going on from" in done.stderr
    names = sorted(path.relative_to(once) for path in once.rglob("*.*"))
    assert {path.suffix for path in names} == {".csv", ".json", ".png", ".svg", ".yaml"}
    for name in names:
        if (once / name).is_file():
            assert (once / name).read_bytes() == (twice / name).read_bytes(), name
    assert not list(twice.rglob("unfinished"))
