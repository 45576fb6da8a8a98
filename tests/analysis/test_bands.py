"""Bands of judgement: figures read off curves, verdicts, and what the shipped model gives."""

from __future__ import annotations

import json

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from analysis.studies import bands as study
from analysis.studies.bands.study import Band, jackknife
from sim.evidence import read_evidence
from sim.scenario import read_scenario

LINE = np.array([[0.0, 0.2, 0.4, 0.6, 0.8]] * 3)
"""Curves that rise by a fifth a month."""


def band(figure: str, **more: object) -> Band:
    """Return a made-up band."""
    text = {"en": "made up", "nl": "verzonnen"}
    return Band.model_validate(
        {
            "title": text, "scenario": "baseline", "kpi": "tried", "figure": figure, "low": 0.1,
            "high": 0.9, "rests_on": ["L57"], **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("figure", "more", "value"),
    [
        ("level", {"month": 3}, 0.6),
        ("late", {"month": 1}, 0.75),
        ("share_of_end", {"amount": 0.5}, 2.0),
        ("share_of_end", {"amount": 0.625}, 2.5),
        ("rise", {"amount": 0.5}, 2.5),
        ("rise", {"amount": 2.0}, np.inf),
    ],
)
def test_a_figure_is_read_off_the_mean_curve(
    figure: str, more: dict[str, float], value: float
) -> None:
    assert band(figure, **more).of(LINE) == pytest.approx(value)


def test_where_nobody_ever_tries_nothing_is_late() -> None:
    assert np.isnan(band("late", month=1).of(np.zeros((2, 5))))


def test_the_error_of_a_level_is_that_of_a_mean() -> None:
    curves = np.random.default_rng(1).random((50, 5))
    one = band("level", month=2)
    expected = curves[:, 2].std(ddof=1) / np.sqrt(50)
    assert jackknife(one, curves) == pytest.approx(expected, rel=1e-9)
    curves[7] = np.nan  # an organisation without the figure leaves the others as they are
    assert np.isfinite(jackknife(one, curves))
    assert np.isnan(jackknife(one, curves[:1]))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.3, "inside"), (0.6, "inside"), (0.61, "missed by less than a standard error"),
        (0.29, "missed by less than a standard error"), (0.62, "missed"), (0.1, "missed"),
    ],
)  # fmt: skip
def test_a_verdict_says_by_how_much(value: float, said: str) -> None:
    assert study.judged(value, 0.015, 0.3, 0.6) == said


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"low": 0.9}, "has to be below"),
        ({"kpi": "adoptoin", "month": 1}, "did you mean 'adoption'"),
        ({"figure": "rise"}, "has 'amount' and nothing else"),
        ({"amount": 0.5, "month": 1}, "has 'month' and nothing else"),
    ],
)
def test_a_band_that_does_not_hang_together_is_refused(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        band(**{"figure": "level", **wrong})  # type: ignore[arg-type]


def test_every_band_looks_at_a_scenario_and_evidence_there_is() -> None:
    every = study.read_bands()
    assert list(every) == [f"T{k:02d}" for k in range(1, 15)]
    for one in every.values():
        assert read_scenario(one.scenario).simulation.months >= (one.month or 1)
        assert set(one.rests_on) <= set(read_evidence())


def test_the_shipped_model_is_plausible_in_organisations_no_fit_has_used() -> None:
    """At least twelve of fourteen, where the model of before, with its launch, reaches few."""
    found = study.bands(runs=60, seed=515)
    assert found.inside >= 12, study.verdict(found)
    before = {
        "considers_before": 1.0, "norm_rate": 1.0, "use_growth": 1.0, "opportunity_exponent": 0.0,
    }  # fmt: skip
    assert study.bands(runs=30, seed=515, vector=before).inside < 9


def test_bands_can_be_asked_for_by_name_and_as_data() -> None:
    found = CliRunner().invoke(adopt, ["bands", "t01", "--runs", "4", "--json"])
    assert found.exit_code == 0, found.output
    content = json.loads(found.stdout)
    assert [one["band"] for one in content["bands"]] == ["T01"]
    assert 0.0 < content["bands"][0]["value"] < 1.0
    text = CliRunner().invoke(adopt, ["bands", "T12", "--runs", "4"])
    assert "judgement" in text.output


def test_what_there_is_not_is_said() -> None:
    answer = CliRunner().invoke(adopt, ["bands", "T99"])
    assert answer.exit_code == 2
    assert "expected some of: T01" in answer.output
    with pytest.raises(sim.AdoptionError, match="there is no band 'T99'"):
        study.bands(4, names=("T99",))
    with pytest.raises(sim.AdoptionError, match="at least 2"):
        study.bands(1)


def test_the_figure_says_what_the_bands_are() -> None:
    picture = study.bands_figure(study.bands(4, names=("T01", "T11")))
    assert "judgement" in picture.caption
    assert "of 2 figures" in picture.message
