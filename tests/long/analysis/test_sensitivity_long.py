"""What takes long of ``analysis/test_sensitivity.py``."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import test_sensitivity as quick
from test_sensitivity import SMALL, inside, run, two_factors

from analysis.studies import sensitivity as study
from analysis.studies.sensitivity.figure import morris_figure, sobol_figure
from analysis.studies.sensitivity.points import simulated
from sim.errors import InterruptedStudyError

asked = quick.asked
short = quick.short
jobs = quick.jobs


def test_a_study_goes_on_where_it_was_interrupted(
    asked: study.Simulator, jobs: list[int], tmp_path: Path
) -> None:
    design = two_factors(4)
    expected = simulated(asked, design, tmp_path / "whole")
    jobs.clear()

    def stop(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(InterruptedStudyError, match="the same command goes on"):
        simulated(asked, design, tmp_path / "broken", stop)
    assert np.array_equal(simulated(asked, design, tmp_path / "broken"), expected)
    assert len(jobs) < 1.5 * len(design.unit), "what was finished is not simulated again"
    assert contents(tmp_path / "broken") == contents(tmp_path / "whole")


def test_samples_are_added_without_repeating_any(
    asked: study.Simulator, jobs: list[int], tmp_path: Path
) -> None:
    few, many = two_factors(4), two_factors(8)
    simulated(asked, few, tmp_path / "grown")
    grown = simulated(asked, many, tmp_path / "grown")
    assert sorted(jobs) == list(range(len(many.unit))), "each point once"
    assert np.array_equal(grown, simulated(asked, many, tmp_path / "new"))
    assert contents(tmp_path / "grown") == contents(tmp_path / "new")
    jobs.clear()
    assert np.array_equal(simulated(asked, few, tmp_path / "grown"), grown[: len(few.unit)])
    assert not jobs


screened = quick.screened
split = quick.split


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_same_study_writes_the_same_bytes(
    asked: study.Simulator, screened: study.Found, tmp_path: Path
) -> None:
    again = study.investigate(asked, screened.design, tmp_path)
    assert again.folder.name == screened.folder.name
    assert contents(again.folder) == contents(screened.folder)
    origin = json.loads((again.folder / "provenance.json").read_text("utf-8"))
    assert origin["design"]["factors"][0]["path"] == "organisation.network.kind"
    assert {"code", "seed", "libraries", "scenarios"} <= set(origin)
    assert "SALib" in origin["libraries"]


def test_figures_say_what_contrasts_depend_on_and_nothing_leaves_them(
    screened: study.Found, split: study.Found
) -> None:
    for found, draw in ((screened, morris_figure), (split, sobol_figure)):
        figure = draw(found)
        inside(figure)
        assert figure.message.startswith("What ")
        assert len(figure.axes) == 3
        assert "Seed 3" in figure.caption and f"{found.runs:,} runs" in figure.caption
        headings = " ".join(text.get_text() for text in figure.texts)
        assert "What Champions adds" in headings


def test_the_command_screens_then_splits_up_the_variance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        *SMALL, "--only", "--also", "peer_weight", "--also", "leader_weight", "--also", "hype",
        "--factors", "2", "--trajectories", "2", "--samples", "4",
    ]  # fmt: skip
    assert run(words, monkeypatch, tmp_path) == 0
    told = capsys.readouterr()
    assert "Screening: 3 factors, 8 points, 48 runs, about" in told.err
    assert "Sobol indices: 2 factors, 16 points, 96 runs, about" in told.err
    assert "What Leaders' example adds (weekly users, month 7)" in told.out
    assert "Organisations and luck make" in told.out
    assert len(list(tmp_path.rglob("*.png"))) == 2
    before = contents(tmp_path)
    assert run([*words, "--json", "--no-figure"], monkeypatch, tmp_path) == 0
    again = capsys.readouterr()
    assert "48 runs are there already" in again.err
    assert contents(tmp_path) == before
    content = json.loads(again.out)
    screening, split = content["studies"]
    assert len(screening["indices"]) == 2 * 3 and len(split["indices"]) == 2 * 2
    assert {"first", "total", "luck"} <= set(split["indices"][0])
    assert Path(split["folder"], "provenance.json").is_file()
