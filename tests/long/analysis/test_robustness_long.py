"""What takes long of ``analysis/test_robustness.py``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import test_robustness as quick
from test_robustness import QUICK, command

from analysis import cli
from analysis.studies import robustness as study
from sim.scenario.schema import Scenario

three = quick.three


def test_what_is_finished_of_an_interrupted_study_is_kept_and_said(
    three: list[Scenario], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C for real: in the middle of the theories, as the terminal sends it."""
    import analysis.studies.robustness.study as page

    asked = study.question(three, {"shipped": [{}, {}]}, "adoption", 8, 2, combinations=0)
    whole = study.value_table(study.investigate(asked))
    real = page._under

    def interrupted(*given: Any) -> Any:
        if given[1] is asked.variants[3]:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(page, "_under", interrupted)
    with pytest.raises(study.PartOfStudyError, match="interrupted: 6 of") as caught:
        study.investigate(asked)
    file = study.save_part(caught.value, tmp_path)
    assert file is not None
    kept = pd.read_csv(file)
    assert len(kept) == 6 * 3
    merged = kept.merge(whole, on=["theory", "evidence", "vector", "scenario"], how="left")
    assert merged["adoption_x"].to_numpy() == pytest.approx(merged["adoption_y"].to_numpy())
    monkeypatch.setattr(page, "_under", lambda *_: pytest.fail("nothing is simulated"))
    assert study.save_part(study.PartOfStudyError(asked, {}), tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


def test_without_vectors_the_shipped_numbers_are_used_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.study import posteriors

    monkeypatch.setattr(posteriors, "posterior_file", lambda name: tmp_path / f"{name}.csv")
    words = [word if word != "shipped" else "both" for word in QUICK]
    assert command(monkeypatch, *words, "--no-figure", "--json", "--output", str(tmp_path)) == 0
    captured = capsys.readouterr()
    assert "shipped numbers" in captured.err
    assert json.loads(captured.out)["evidence"] == {"shipped": 1}


def test_some_vectors_of_each_body_of_evidence_are_tried(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.study import posteriors

    rng = np.random.default_rng(0)
    for name in posteriors.EVIDENCE_SETS:
        vectors = {each: rng.uniform(*ends, 9) for each, ends in posteriors.calibrated().items()}
        pd.DataFrame(vectors).to_csv(tmp_path / f"{name}.csv", index=False)
    monkeypatch.setattr(posteriors, "posterior_file", lambda name: tmp_path / f"{name}.csv")
    words = [word if word != "shipped" else "both" for word in QUICK]
    asked = (*words, "--vectors", "2", "--no-figure", "--json", "--output", str(tmp_path))
    assert command(monkeypatch, *asked) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["evidence"] == {"vendor": 2, "literature": 2}
    origin = json.loads((Path(content["folder"]) / "provenance.json").read_text("utf-8"))
    assert [len(those) for those in origin["vectors"].values()] == [2, 2]
    assert {one["evidence"] for one in content["pairs"]} == {"vendor", "literature"}


def test_the_command_tells_what_holds_and_where_it_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, *QUICK, "--output", str(tmp_path), "--no-figure") == 0
    out = capsys.readouterr().out
    assert "other theories" in out
    assert "Does the order of two hold?" in out
    assert str(tmp_path) in out.strip().splitlines()[-1]


def test_the_command_says_before_how_long_and_what_is_kept_and_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import analysis.studies.robustness.study as page

    real, begun = page._under, []

    def interrupted(*given: Any) -> Any:
        begun.append(given[1].name)
        if len(begun) > 8:
            raise KeyboardInterrupt
        return real(*given)

    monkeypatch.setattr(page, "_under", interrupted)
    assert command(monkeypatch, *QUICK, "--output", str(tmp_path)) == cli.INTERRUPTED
    told = capsys.readouterr().err
    first, last = told.splitlines()[0], told.splitlines()[-1]
    assert ": about " in first and "goes on from there" in first
    assert "interrupted: " in last and "values-so-far.csv" in last and "goes on from there" in last
    [file] = tmp_path.rglob("values-so-far.csv")
    assert len(pd.read_csv(file)) >= 2
