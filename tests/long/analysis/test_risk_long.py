"""Risk that was stopped or killed ends with the same bytes, and boxes hold nothing in noise."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_risk import asked, files

from analysis import cli
from analysis.decisions import risk as study
from analysis.decisions import risk_tables
from analysis.decisions.prim import prim
from analysis.results.pieces import Pieces
from sim.errors import InterruptedStudyError

WORDS = (
    "risk baseline champions --set simulation.months=12 --month 12 --vectors 3 --organisations 10 "
    "--cases 200 --no-figure --output"
)


def begun(folder: Path) -> subprocess.Popen[bytes]:
    """Return the process of the command."""
    script = "from analysis.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", script, *WORDS.split(), str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def test_killed_it_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    killed = begun(tmp_path / "killed")
    end = time.monotonic() + 120.0
    while len(list((tmp_path / "killed").rglob("unfinished/*.json"))) < 20:
        assert killed.poll() is None and time.monotonic() < end
        time.sleep(0.02)
    killed.kill()
    killed.communicate()
    there = len(list((tmp_path / "killed").rglob("unfinished/*.json")))
    assert 20 <= there < 206
    again, whole = begun(tmp_path / "killed"), begun(tmp_path / "whole")
    errors = again.communicate()[1].decode()
    whole.communicate()
    assert (again.returncode, whole.returncode) == (0, 0), errors
    assert f"going on from {there} of 206" in errors
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


def test_of_noise_a_box_holds_nothing_that_it_has_not_seen() -> None:
    seen, unseen, held = [], [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        box = prim(rng.random((300, 20)), rng.random(300) < 0.3, np.arange(300) % 2 > 0)
        seen.append(box.seen.density)
        unseen.append(box.unseen.density)
        held.append(box.holds)
    assert np.mean(seen) > 0.5
    assert np.mean(unseen) == pytest.approx(0.3, abs=0.04)
    assert np.mean(held) < 0.1


def test_cases_of_one_vector_count_as_one() -> None:
    held = []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        vector = np.arange(400) % 40
        chance = rng.random(40)[vector]
        cases = rng.random((40, 10))[vector]
        held.append(prim(cases, rng.random(400) < chance, vector % 2 > 0, vector).holds)
    assert np.mean(held) < 0.1


def test_a_study_that_was_stopped_ends_with_the_same_bytes(tmp_path: Path) -> None:
    question = asked()
    whole = risk_tables.save(study.investigate(question), tmp_path / "whole")

    def stop(done: int, _: int) -> None:
        if done == 20:
            raise KeyboardInterrupt

    def kept() -> Pieces:
        return risk_tables.place(question).pieces(tmp_path / "stopped", pytest.fail)

    with pytest.raises(InterruptedStudyError, match=r"of 48 vectors and other organisations"):
        study.investigate(question, stop, kept())
    there = len(kept().found)
    assert 0 < there < 48
    again = study.investigate(question, pieces=kept())
    assert files(risk_tables.save(again, tmp_path / "stopped")) == files(whole)


def test_the_command_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "risk",
        "baseline",
        "champions",
        "--set",
        "simulation.months=6",
        "--set",
        "organisation.employees=30",
        "--month",
        "6",
        "--under",
        "literature",
        "--vectors",
        "3",
        "--organisations",
        "3",
        "--cases",
        "20",
        "--no-figure",
        "--json",
        "--output",
    ]

    def ran(folder: Path) -> int:
        monkeypatch.setattr(sys, "argv", ["adopt", *words, str(folder)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0)

    assert ran(tmp_path / "a") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["evidence"] == {"literature": 3}
    work: Callable[..., Any] = study._of_case

    def stop(question: study.Question, number: int) -> Any:
        if number == 9:
            raise KeyboardInterrupt
        return work(question, number)

    monkeypatch.setattr(study, "_of_case", stop)
    assert ran(tmp_path / "b") == 130
    assert "the same command goes on" in capsys.readouterr().err
    monkeypatch.setattr(study, "_of_case", work)
    assert ran(tmp_path / "b") == 0
    assert "going on from" in capsys.readouterr().err
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert not list(tmp_path.rglob("unfinished"))
