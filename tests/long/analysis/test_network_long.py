"""What takes long of ``analysis/test_network.py``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import test_network as quick
from parts import others
from test_network import CASES, KIND, PEOPLE, command

import sim
from analysis.network.picture import network_picture
from analysis.plots import save_figure
from sim.scenario import Scenario


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
