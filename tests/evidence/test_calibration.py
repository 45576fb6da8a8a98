"""Calibration keeps what reaches every figure, finds a truth it is given, and can be resumed."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from analysis.studies.calibration import bank, members
from analysis.studies.calibration.emulator import Emulator, emulate, in_unit, on_scale
from analysis.studies.calibration.posterior import nearest, of_set, overlap, plausible
from analysis.studies.calibration.recovery import off_scale
from analysis.studies.calibration.tables import tied_table
from analysis.studies.calibration.targets import Target, calibration_targets
from analysis.studies.calibration.targets import figures as simulated_figures
from analysis.studies.claims.experiments import Question, Side
from sim.evidence import Expected
from sim.study.posteriors import EVIDENCE_SETS, calibrated, posterior_origin

LICENCES = "baseline"


def target(name: str = "X.with", of: str = "with", low: float = 0.3, high: float = 0.5) -> Target:
    """Return a figure of the scenario with licences only."""
    middle = (low + high) / 2.0
    expected = Expected(of=of, expected=middle, low=low, high=high)
    side = Side(LICENCES)
    return Target(name, "made up", Question(of, "adoption", 3, math.nan, side, side, expected))


def arms() -> dict[str, sim.Scenario]:
    """Return a small organisation followed for half a year."""
    small = sim.load("baseline").changed({"organisation.employees": 25, "simulation.months": 6})
    return {LICENCES: small}


def made_up_bank(number: int, noise: float, seed: int = 1) -> tuple[pd.DataFrame, Target]:
    """Return a bank whose figure depends on two parameters, linearly in log-odds."""
    vectors = bank.space_filling(number, seed)
    unit = in_unit(vectors)
    names = list(vectors.columns)
    odds = 1.5 * unit[:, names.index("base_desire")] - 1.0 * unit[:, names.index("peer_weight")]
    odds += noise * np.random.default_rng(seed).normal(size=number)
    return vectors.assign(**{"X.with": 1.0 / (1.0 + np.exp(-odds))}), target()


def emulated(seen: pd.DataFrame, one: Target) -> Emulator:
    """Return the emulator of one figure, in whose bank chance plays no part."""
    return emulate(seen, [one], {one.name: 0.0}, 1)


# --- The emulator --------------------------------------------------------------------------


def test_plausible_vectors_reach_the_figure_and_others_of_the_prior_do_not() -> None:
    seen, one = made_up_bank(512, 0.05)
    emulator = emulated(seen, one)
    vectors = plausible(emulator, 500, 3)
    unit, names = in_unit(vectors), list(vectors.columns)
    odds = 1.5 * unit[:, names.index("base_desire")] - 1.0 * unit[:, names.index("peer_weight")]
    figure = 1.0 / (1.0 + np.exp(-odds))
    assert (one.reached(figure)).mean() > 0.85
    assert len(vectors) == 500
    assert 0.05 < emulator.share < 0.4


def test_what_a_figure_is_on_its_scale_can_be_taken_back() -> None:
    for of, values in (("with", (0.02, 0.4, 0.97)), ("ratio", (0.3, 1.0, 4.0)),
                       ("difference", (-0.4, 0.0, 0.3))):  # fmt: skip
        one = target(of=of, low=0.0, high=1.0)
        for value in values:
            assert off_scale(one, float(on_scale(one, value))) == pytest.approx(value, abs=1e-6)


def test_the_overlap_says_how_much_is_prior() -> None:
    drawn = bank.evenly(4000, 1)
    assert min(overlap(drawn).values()) > 0.95
    low, high = calibrated()["base_desire"]
    half = drawn.assign(base_desire=low + 0.5 * (drawn["base_desire"] - low))
    assert overlap(half)["base_desire"] == pytest.approx(0.5, abs=0.03)
    assert overlap(half.assign(base_desire=high))["base_desire"] == pytest.approx(0.1)


def test_stratified_organisations_have_the_contexts_there_are() -> None:
    found = members.stratified(40, 3, 2000)
    assert len(set(found.tolist())) == 40
    context = np.array([members._context(3, int(k)) for k in found])
    assert abs(context.mean()) < 0.02
    assert context.std() == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize("of", ["exposure_at_start", "started_alone"])
def test_a_figure_of_starters_is_missed_where_nobody_starts(of: str) -> None:
    one = target(f"X.{of}", of)
    found = simulated_figures([one], arms(), {"start_rate": 0.0}, np.arange(4), 1, sagging=1)
    assert math.isnan(found[one.name])
    assert not one.reached(found[one.name])
    assert simulated_figures([one], arms(), {}, np.arange(4), 1, sagging=1)[one.name] >= 0.0


def test_the_nearest_vector_is_found() -> None:
    vectors = bank.space_filling(64, 1)
    place = vectors.iloc[[17]] * 1.0001
    assert nearest(vectors, place).name == 17


# --- The bank ------------------------------------------------------------------------------


def fill(file: Path, number: int) -> pd.DataFrame:
    """Return a small bank."""
    return bank.fill(file, bank.space_filling(number, 1), [target()], arms(), 2, sagging=1, seed=1)


def test_an_interrupted_bank_goes_on_and_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    fill(tmp_path / "whole.csv", 8)
    whole = (tmp_path / "whole.csv").read_bytes()
    for left in (len(whole) // 3, len(whole) // 2, len(whole) - 3, 5):
        (tmp_path / "part.csv").write_bytes(whole[:left])
        fill(tmp_path / "part.csv", 8)
        assert (tmp_path / "part.csv").read_bytes() == whole


def test_a_bank_of_something_else_is_refused(tmp_path: Path) -> None:
    fill(tmp_path / "bank.csv", 4)
    other = bank.space_filling(4, 2)
    with pytest.raises(sim.AdoptionError, match="another bank"):
        bank.fill(tmp_path / "bank.csv", other, [target()], arms(), 2, sagging=1, seed=1)
    text = (tmp_path / "bank.csv").read_text("utf-8")
    (tmp_path / "bank.csv").write_text(text.replace(text.split("\n")[1][:4], "what", 1), "utf-8")
    with pytest.raises(sim.AdoptionError, match="damaged"):
        fill(tmp_path / "bank.csv", 4)


# --- What is shipped -----------------------------------------------------------------------


@pytest.mark.parametrize("evidence", EVIDENCE_SETS)
def test_a_shipped_posterior_lies_in_its_prior_and_reached_every_figure(evidence: str) -> None:
    vectors, origin = sim.posterior(evidence), posterior_origin(evidence)
    assert len(vectors) >= 40
    assert list(vectors.columns) == list(calibrated())
    for name, (low, high) in calibrated().items():
        assert vectors[name].between(low, high).all()
        assert origin["prior"][name] == [low, high]
    targets, _ = calibration_targets()
    aims = {one.name: one for one in of_set(targets, evidence)}
    assert set(aims) == {one["name"] for one in origin["figures"]}
    for one in origin["figures"]:
        aim = aims[one["name"]]
        assert (one["expected"], one["low"], one["high"]) == (aim.expected, aim.low, aim.high)
        assert aim.low <= one["kept_low"] <= one["kept_high"] <= aim.high


def test_the_posterior_can_be_looked_up() -> None:
    answer = CliRunner().invoke(adopt, ["posterior", "literature", "--no-figure", "--json"])
    assert answer.exit_code == 0, answer.output
    content = json.loads(answer.output)
    assert {one["parameter"] for one in content["literature"]["parameters"]} == set(calibrated())


def test_an_unknown_evidence_set_is_explained() -> None:
    with pytest.raises(sim.AdoptionError, match="expected one of: literature, vendor"):
        sim.posterior("rumours")


def test_two_parameters_that_move_together_come_first_each_with_its_interval() -> None:
    rng = np.random.default_rng(3)
    vectors = pd.DataFrame({name: rng.normal(size=40) for name in calibrated()})
    vectors["ease_weight"] = 0.2 * rng.normal(size=40) - vectors["usefulness_weight"]
    table = tied_table({"vendor": vectors})
    first = table.iloc[0]
    assert set(first["pair"].split(" and ")) == {"ease weight", "usefulness weight"}
    assert -1.0 < first["low"] < first["correlation"] < first["high"] < -0.9
    assert len(table) == len(calibrated()) * (len(calibrated()) - 1) // 2
    assert table["strength"].is_monotonic_decreasing
