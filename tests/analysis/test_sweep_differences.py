"""Effects in a sweep are those of pairs, hold what they promise, and their rows keep their names."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.stats import ttest_rel

import sim
from analysis.cli import adopt
from sim.study.sweeps import Experiment, Sweep
from sim.study.sweeps.again import rerun
from sim.study.sweeps.differences import contrasts
from sim.study.sweeps.preparing import prepare
from sim.study.sweeps.running import complete
from sim.study.sweeps.work import Key

SMALL = {"organisation.employees": 12, "simulation.months": 6}


def experiment(**changes: object) -> Experiment:
    content: dict[str, object] = {
        "name": "small",
        "scenarios": ("baseline", "champions"),
        "changes": SMALL,
        "factors": {
            "parameters.peer_weight": (0.5, 2.0),
            "organisation.network.kind": ("teams", "random", "ring"),
        },
        "organisations": 6,
        "replicates": 2,
    }
    return Experiment.model_validate(content | changes)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("differences")
    complete(prepare(experiment()), folder)
    return Sweep(folder)


def test_a_difference_is_that_of_a_paired_comparison(whole: Sweep) -> None:
    table = whole.difference("baseline", month=6)
    assert len(table) == 6
    rows = whole.table(["scenario", "point", "organisation", "adoption"], "month = 6")
    for _, one in table.iterrows():
        here = rows[rows["point"] == one["point"]]
        sides = here.groupby(["scenario", "organisation"])["adoption"].mean().unstack("scenario")
        test = ttest_rel(sides["champions"], sides["baseline"])
        interval = test.confidence_interval(0.95)
        assert one["difference"] == pytest.approx((sides["champions"] - sides["baseline"]).mean())
        assert [one["low"], one["high"]] == pytest.approx([interval.low, interval.high])
        assert one["all_low"] <= one["low"] and one["all_high"] >= one["high"]
    curve = whole.difference("baseline")
    assert len(curve) == 6 * 7
    last = curve[curve["month"] == 6].reset_index(drop=True)
    assert last["difference"].to_numpy() == pytest.approx(table["difference"].to_numpy())
    assert (curve["curve_high"] >= curve["high"] - 1e-12).all()


def test_main_effects_and_interactions_are_contrasts_of_the_means(whole: Sweep) -> None:
    means = whole.difference("baseline", month=6).pivot(
        index="parameters.peer_weight", columns="organisation.network.kind", values="difference"
    )
    found = whole.effects("adoption", "baseline", 6)
    assert list(found["effect"]) == ["main"] * 3 + ["interaction"] * 2
    main = found[found["factor"] == "parameters.peer_weight"]["difference"].item()
    assert main == pytest.approx(means.loc[2.0].mean() - means.loc[0.5].mean())
    ring = found[found["levels"] == "2.0 x ring"]["difference"].item()
    expected = means["ring"][2.0] - means["teams"][2.0] - means["ring"][0.5] + means["teams"][0.5]
    assert ring == pytest.approx(expected)
    levels = whole.effects("adoption", month=6)
    assert set(levels["scenario"]) == {"baseline", "champions"}


def test_contrasts_of_a_known_surface_are_exact() -> None:
    points = [{"a": a, "b": b} for a in (0, 1) for b in (10, 20, 30)]
    response = np.array([2.0 * one["a"] + one["b"] + 0.5 * one["a"] * one["b"] for one in points])
    found = {
        one["levels"]: float(one["weights"] @ response) for one in contrasts(points, ["a", "b"])
    }
    assert found == pytest.approx(
        {
            "1 against 0": 12.0,
            "20 against 10": 12.5,
            "30 against 10": 25.0,
            "1 x 20": 5.0,
            "1 x 30": 10.0,
        }
    )


def test_vectors_are_told_apart_from_organisations(tmp_path: Path) -> None:
    asked = experiment(factors={}, posterior={"evidence": "vendor", "number": 3}, replicates=1)
    complete(prepare(asked), tmp_path)
    row = Sweep(tmp_path).difference("baseline", month=6).iloc[0]
    table = Sweep(tmp_path).table(["scenario", "vector", "adoption"], "month = 6")
    each = table.groupby(["scenario", "vector"])["adoption"].mean().unstack("scenario")
    of_vectors = each["champions"] - each["baseline"]
    assert row["difference"] == pytest.approx(of_vectors.mean())
    assert row["vectors_low"] == pytest.approx(of_vectors.quantile(0.05))
    assert row["vectors_high"] == pytest.approx(of_vectors.quantile(0.95))


def test_what_cannot_be_compared_is_said(whole: Sweep) -> None:
    with pytest.raises(
        sim.AdoptionError, match="no such scenario 'baselin'; did you mean 'baseline'"
    ):
        whole.difference("baselin")
    with pytest.raises(sim.AdoptionError, match="no such KPI 'adoptions'"):
        whole.difference("baseline", "adoptions")
    with pytest.raises(sim.AdoptionError, match="month: found 7, expected 0 to 6"):
        whole.difference("baseline", month=7)


def test_a_key_names_the_same_row_when_points_are_added(tmp_path: Path) -> None:
    varied = {"parameters.peer_weight": {"low": 0.5, "high": 3.0}}
    few, many = (
        prepare(experiment(design="sobol", points=number, factors=varied)) for number in (2, 4)
    )
    complete(few, tmp_path)
    key = Key("champions", 1, 15, 4)
    before = rerun(tmp_path, key)
    number = Sweep(tmp_path).table(["scenario", "point", "run", "month"])
    row = int(number.index[(number == pd.Series(key._asdict())).all(axis=1)][0])
    pd.testing.assert_frame_equal(rerun(tmp_path, row), before)
    complete(many, tmp_path)
    pd.testing.assert_frame_equal(rerun(tmp_path, key), before)
    assert not rerun(tmp_path, row).equals(before), "the number of the row has moved"
    text = ",".join(map(str, key))
    answer = CliRunner().invoke(adopt, ["rerun", str(tmp_path), "--key", text, "--json"])
    assert json.loads(answer.output)["same"]
    with pytest.raises(sim.AdoptionError, match="no row is called scenario champions, point 9"):
        rerun(tmp_path, key._replace(point=9))
    for words in (["--key", "champions,1"], ["--key", text, "--row", "1"], []):
        assert CliRunner().invoke(adopt, ["rerun", str(tmp_path), *words]).exit_code != 0
