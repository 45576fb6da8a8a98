"""What takes long of ``analysis/test_sensitivity.py``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import test_sensitivity as quick
from test_sensitivity import contents, two_factors

from analysis import sensitivity as study
from analysis.sensitivity.points import simulated
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
