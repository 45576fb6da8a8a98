"""What takes long of ``analysis/test_sweep_differences.py``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import test_sweep_differences as quick
from click.testing import CliRunner
from test_sweep_differences import experiment

import sim
from analysis.cli import adopt
from sim.study.sweeps import Sweep, store
from sim.study.sweeps.differences import _table, cube_of
from sim.study.sweeps.preparing import prepare
from sim.study.sweeps.running import complete

whole = quick.whole


@pytest.mark.parametrize("vectors", [1, 12])
def test_bands_over_points_and_curves_hold_all_of_them_in_95_of_100(
    whole: Sweep, vectors: int
) -> None:
    """Organisations and vectors are drawn, and crossed: no mean of 4 points x 5 months is missed."""
    rng = np.random.default_rng(5)
    cube = cube_of(whole, "adoption", None)
    names = [{"point": point, "month": month} for point in range(4) for month in range(5)]
    every = curve = 0
    repeats = 400
    for _ in range(repeats):
        values = rng.standard_normal((4, 1, 15, 5)) + 0.5 * rng.standard_normal((4, vectors, 15, 5))
        values = values + rng.standard_normal((1, 1, 15, 1))
        if vectors > 1:
            values = values + 0.7 * rng.standard_normal((4, vectors, 1, 5))
        table = _table(names, values[None], whole, cube)
        every += bool(((table["all_low"] <= 0) & (table["all_high"] >= 0)).all())
        first = table[table["point"] == 0]
        curve += bool(((first["curve_low"] <= 0) & (first["curve_high"] >= 0)).all())
    assert 0.93 <= every / repeats <= (0.97 if vectors == 1 else 1.0)
    assert 0.93 <= curve / repeats <= (0.975 if vectors == 1 else 1.0)


def test_of_an_unfinished_sweep_only_whole_points_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.sweeps.plan.ROWS", 60)
    complete(prepare(experiment()), tmp_path, share=(1, 2))
    with pytest.raises(sim.AdoptionError, match="no point is finished yet"):
        Sweep(tmp_path).difference("baseline")
    complete(prepare(experiment()), tmp_path)
    full = Sweep(tmp_path).difference("baseline", month=6)
    store.shard_file(tmp_path, 0).unlink()
    part = Sweep(tmp_path).difference("baseline", month=6)
    assert part.attrs == {"finished": 5, "points": 6}
    same = ["scenario", "point", "month", "difference", "low", "high"]
    pd.testing.assert_frame_equal(part[same], full[full["point"] != 0][same].reset_index(drop=True))
    with pytest.raises(sim.AdoptionError, match="5 of 6 points are finished"):
        Sweep(tmp_path).effects()


def test_the_command_shows_differences(whole: Sweep) -> None:
    words = ["show", str(whole.folder), "--against", "baseline", "--month", "6"]
    told = CliRunner().invoke(adopt, words)
    assert told.exit_code == 0, told.output
    assert "difference from baseline in month 6" in told.output
    assert "simultaneous 95 % band" in told.output
    content = json.loads(CliRunner().invoke(adopt, [*words, "--json"]).output)
    table = whole.difference("baseline", month=6)
    assert [one["difference"] for one in content["differences"]] == pytest.approx(
        table["difference"].to_list()
    )
    assert len(content["effects"]) == 5
    words = ["show", str(whole.folder), "--difference", "--json"]
    assert json.loads(CliRunner().invoke(adopt, words).output)["against"] == "baseline"
