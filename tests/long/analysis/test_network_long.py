"""What takes long of ``analysis/test_network.py``."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import test_network as quick
from matplotlib.collections import EllipseCollection
from parts import others
from test_network import CASES, KIND, PEOPLE, assert_readable, command, texts

import sim
from analysis.figures.curves import save_figure
from analysis.network import champions as study
from analysis.network import node_positions
from analysis.network.picture import network_picture
from sim.scenario.schema import Scenario


def test_the_same_network_gives_the_same_files(tmp_path: Path, small: Scenario) -> None:
    first = save_figure(network_picture(small), tmp_path / "first")
    second = save_figure(network_picture(small), tmp_path / "second")
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_the_command_champions_compares_and_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("champions", "baseline", "--runs", "4", "--share", "0.1", "--output", str(tmp_path))
    small = ("--set", "simulation.months=4", "--set", f"{PEOPLE}=50")
    told = command(capsys, *words, *small)
    assert "best bridges" in told
    assert "no champions" in told
    content = json.loads(command(capsys, *words, *small, "--json"))
    assert content["month"] == 4
    assert {one["way"] for one in content["ways"]} >= {"random", "greedy", "none"}
    assert sim.read_result(content["folder"]).runs == 4


@pytest.mark.parametrize("case", others(CASES, 2))
def test_everything_written_in_a_picture_can_be_read(case: str, baseline: Scenario) -> None:
    quick.test_everything_written_in_a_picture_can_be_read(case, baseline)


def test_the_sentence_above_a_picture_is_about_its_network(baseline: Scenario) -> None:
    def said(kind: str) -> str:
        return network_picture(baseline.changed({KIND: kind})).message

    assert "inside a department" in said("teams")
    assert "best-connected tenth" in said("scale_free")
    assert "all notice each other" in said("complete")
    assert "do not notice" in said("none")


compared = quick.compared


def test_discs_that_are_packed_do_not_overlap_and_stay_together() -> None:
    rng = np.random.default_rng(3)
    for count in (1, 2, 3, 7, 20):
        radii = rng.uniform(1.0, 6.0, count)
        middles = node_positions.pack(radii)
        for a, b in itertools.combinations(range(count), 2):
            gap = np.linalg.norm(middles[a] - middles[b]) - radii[a] - radii[b]
            assert gap > -0.02 * radii.max()
        assert np.abs(middles).max() <= 2.0 * radii.sum()


def test_champions_are_ringed_and_told_in_the_legend() -> None:
    scenario = sim.load("champions")
    figure = network_picture(scenario)
    rings = [one for one in figure.axes[0].collections if isinstance(one, EllipseCollection)][1:]
    assert len(rings) == 3
    assert {len(one.get_offsets()) for one in rings} == {11}
    assert "11 champions" in [text for text, _ in texts(figure)]
    without = network_picture(scenario.changed({"programme.champions": None}))
    assert "champion" not in " ".join(text for text, _ in texts(without))


def test_the_figure_of_ways_can_be_read_and_tells_all(compared: Any) -> None:
    table = study.table(compared, 6)
    figure = study.picture(table, compared, 6)
    told = [text for text, _ in texts(figure)]
    assert set(study.WAYS.values()) < set(told)
    assert_readable(figure)
