"""The command of forecasts, from the first to those that are scored."""

# ruff: noqa: F401, F811

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from test_forecast import SETS, SMALL, curve, observed, run, small, use

from analysis.decisions import forecast as study
from analysis.decisions import forecast_texts as texts
from analysis.decisions.forecast import investigate, question
from analysis.decisions.forecast_plans import CONTINUE, STOP
from sim.errors import InterruptedStudyError


def test_the_command_tells_keeps_and_draws(tmp_path: Path, use: Path) -> None:
    code, out, said = run(
        "--observed", str(use), "--particles", "400", *SMALL,
        "--under", "vendor", "--plan", "leadership-champions", "--month", "12", "--json",
        "--lang", "nl", "--output", str(tmp_path / "out"),
    )  # fmt: skip
    assert code == 0, said
    content = json.loads(out)
    folder = Path(content["folder"])
    assert {path.name for path in folder.iterdir()} >= {
        *("forecast.json", "plans.csv", "months.csv", "provenance.json"),
        *("forecast-nl.png", "forecast-nl.svg"),
    }
    assert [row["plan"] for row in content["plans"]] == [CONTINUE, STOP, "leadership-champions"]
    assert content["month"] == 12
    assert "remembered" in json.loads((folder / "forecast.json").read_text())


def test_the_command_prints_tables(tmp_path: Path, use: Path) -> None:
    code, out, said = run(
        "--observed", str(use), "--particles", "400", *SMALL,
        "--under", "vendor", "--no-figure", "--output", str(tmp_path / "out"),
    )  # fmt: skip
    assert code == 0, said
    for word in ("observed", "Go on as planned", "Stop all measures from month 6", "Measure every month"):  # fmt: skip
        assert word in out


def test_an_earlier_forecast_is_scored_when_its_months_have_come(
    tmp_path: Path, curve: np.ndarray
) -> None:
    scenario, kept = small("leadership"), []
    for months in (4, 6, 9):
        asked = question(scenario, observed(curve, months), sets=SETS, particles=400, seed=3)
        now = investigate(asked, root=tmp_path)
        kept.append(now)
        study.save(now, tmp_path)
    assert [now.forecasts for now in kept] == [0, 1, 2]
    assert kept[1].past[0].values == 2
    assert kept[2].past[0].values == 5 + 3
    assert "2 earlier forecasts" in " ".join(texts.sentences(kept[2]))
    last = next(score for score in kept[2].past if score.way == "last value")
    values = kept[2].levels.values
    errors = [abs(values[k] - values[3]) for k in range(4, 9)]
    errors += [abs(values[k] - values[5]) for k in range(6, 9)]
    assert last.crps == pytest.approx(np.mean(errors), abs=1e-5)
    again = question(scenario, observed(curve, 4), sets=SETS, particles=400, seed=3, month=12)
    study.save(investigate(again, root=tmp_path), tmp_path)
    assert investigate(kept[2].asked, root=tmp_path).forecasts == 2  # the same forecast again
    other = observed(np.clip(curve + 0.1, 0, 1), 9)
    asked = question(scenario, other, sets=SETS, particles=400, seed=3)
    assert investigate(asked, root=tmp_path).forecasts == 0
    for made in (kept[0].asked, again):
        (made.place.folder(tmp_path) / "forecast.json").write_text("{")
    assert investigate(kept[2].asked, root=tmp_path).forecasts == 1


def test_a_forecast_that_was_stopped_goes_on_and_ends_the_same(
    tmp_path: Path, curve: np.ndarray
) -> None:
    asked = question(small("leadership"), observed(curve, 5), sets=SETS, particles=400, seed=3)

    def stop(done: int, _: int) -> None:
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises((InterruptedStudyError, KeyboardInterrupt)):
        investigate(asked, root=tmp_path, progress=stop)
    kept = sorted(tmp_path.rglob("particles-*.json"))
    assert 0 < len(kept) < 4
    kept[0].write_text("damaged")
    notices: list[str] = []
    resumed = investigate(asked, root=tmp_path, notice=notices.append)
    assert any("damaged" in notice for notice in notices)
    whole = investigate(asked)
    assert json.dumps(resumed.as_json()) == json.dumps(whole.as_json())
    folders = [study.save(made, tmp_path / name) for made, name in ((resumed, "a"), (whole, "b"))]
    for path in folders[0].iterdir():
        assert path.read_bytes() == (folders[1] / path.name).read_bytes()
