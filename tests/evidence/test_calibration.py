"""Calibration keeps what reaches every figure, finds a truth it is given, and can be resumed."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from analysis.studies.calibration import bank, figures, members, study
from analysis.studies.calibration.emulator import Emulator, emulate, in_unit, on_scale
from analysis.studies.calibration.posterior import nearest, of_set, overlap, plausible
from analysis.studies.calibration.recovery import off_scale, recovery
from analysis.studies.calibration.targets import Target, calibration_targets
from analysis.studies.calibration.targets import figures as simulated_figures
from analysis.studies.claims.experiments import Question, Side
from sim.evidence import Expected
from sim.parameters import Parameters
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


def test_an_emulator_tells_a_figure_it_has_not_seen() -> None:
    seen, one = made_up_bank(512, 0.1)
    unseen, _ = made_up_bank(256, 0.0, seed=2)
    emulator = emulated(seen, one)
    near = unseen[emulator.plausible(unseen)]
    away = emulator.mean(near)[:, 0] - on_scale(one, near[one.name])
    assert len(near) > 20
    assert np.abs(away).mean() < 0.1


def test_an_emulator_owns_to_the_noise_of_its_bank() -> None:
    quiet, loud = (emulated(*made_up_bank(512, noise)) for noise in (0.1, 0.8))
    assert 0.03 < quiet.error[0] < 0.13
    assert 0.5 < loud.error[0] < 1.0


def test_what_chance_does_to_a_bank_is_no_error_of_the_emulator() -> None:
    seen, one = made_up_bank(512, 0.8)
    told = emulate(seen, [one], {one.name: 0.8}, 1)
    assert told.error[0] < 0.6 * emulated(seen, one).error[0]


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


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Where figures are linear in the parameters, randomised moves are exact."""
    seen, one = made_up_bank(1024, 0.05)
    found = recovery(emulated(seen, one), 120, 1).set_index("parameter")
    assert (found["truths"] > 100).all()
    for name in ("base_desire", "peer_weight", "habit_gain"):
        assert found.loc[name, "coverage_50"] == pytest.approx(0.5, abs=0.16)
        assert found.loc[name, "coverage_90"] == pytest.approx(0.9, abs=0.1)
    assert np.median(found["even"]) > 0.05


def test_a_method_that_ignores_the_figures_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the check: vectors that pretend to know more than the figures say."""
    seen, one = made_up_bank(1024, 0.05)
    middle = np.zeros(len(calibrated()))
    honest = Emulator.towards

    def too_sure(self: Emulator, start: Any, *given: Any) -> Any:
        return honest(self, middle + 0.02 * np.asarray(start), *given)

    monkeypatch.setattr(Emulator, "towards", too_sure)
    found = recovery(emulated(seen, one), 60, 1).set_index("parameter")
    assert found.loc["habit_gain", "coverage_50"] < 0.1
    assert found.loc["habit_gain", "even"] < 1e-3


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


def test_a_member_is_fitted_to_figures_it_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """One figure, few vectors: the step goes where the figure is, and keeps what is not there."""
    free = target(low=0.0, high=1.0)
    aim = simulated_figures([free], arms(), {"base_desire": -3.0}, np.arange(400), 9, sagging=1)[
        free.name
    ]
    one = target(low=aim - 0.05, high=aim + 0.05)._replace(evidence="literature")
    monkeypatch.setattr(members, "calibration_targets", lambda: ([one], arms()))
    found = members.fit("norms", members.defaults(), 2, 60, 16)
    assert found.misses[-1] < 1.0
    for name, value in members.without("norms").items():
        assert found.vector[name] == value
    assert not {"considers_before", "use_growth", "consider_peers"} & {*members.free("norms")}
    assert members.free("all four") == list(calibrated())


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


def test_a_vector_is_moved_to_where_the_emulator_says_the_figure_is_reached() -> None:
    seen, one = made_up_bank(512, 0.05)
    emulator = emulated(seen, one)
    starts = in_unit(bank.evenly(20, 3))
    goal = on_scale(one, [0.4])
    ends = np.array(
        [
            emulator.towards(start, goal, np.zeros(1), np.zeros((1, starts.shape[1])))
            for start in starts
        ]
    )
    table = pd.DataFrame(
        {
            name: low + (ends[:, k] + 1.0) / 2.0 * (high - low)
            for k, (name, (low, high)) in enumerate(calibrated().items())
        }
    )
    assert np.abs(emulator.mean(table)[:, 0] - goal).max() < 0.1
    assert (np.abs(ends) <= 1.0).all()
    moved = np.abs(ends - starts).mean(axis=0)
    names = list(calibrated())
    assert moved[names.index("base_desire")] > 5.0 * moved[names.index("habit_gain")]


def test_calibration_finds_figures_of_a_vector_it_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A truth is simulated; what is kept reaches its figures, and narrows what they depend on."""
    truth = {"base_desire": -3.0}
    free = target(low=0.0, high=1.0)
    aim = simulated_figures([free], arms(), truth, np.arange(400), 9, sagging=1)[free.name]
    one = target(low=aim - 0.05, high=aim + 0.05)._replace(evidence="vendor")
    monkeypatch.setattr(study, "calibration_targets", lambda: ([one], arms()))
    size = study.Size(64, 32, 1, 10, 1, 4, 12, 40, 1, 8)
    found = study.calibrate(tmp_path, size, 1, evidence=["vendor"])
    kept = found.posteriors["vendor"]
    assert one.reached(kept.kept[one.name]).all()
    assert len(kept.kept) == 12
    files = study.save(found, tmp_path / "posteriors")
    written = pd.read_csv(files[0])
    again = simulated_figures(
        [one], arms(), dict(written.iloc[0]),
        np.arange(40) + json.loads(files[1].read_text())["again"]["first_organisation"], 1, sagging=1,
    )  # fmt: skip
    assert again[one.name] == kept.kept.iloc[0][one.name]
    middle = simulated_figures(
        [one], arms(), dict(kept.central), np.arange(900, 1300), 1, sagging=1
    )
    assert middle[one.name] == pytest.approx(aim, abs=0.1)


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


@pytest.mark.parametrize("evidence", EVIDENCE_SETS)
def test_a_shipped_vector_still_gives_the_figures_it_was_kept_for(evidence: str) -> None:
    """Rules, measures or scenarios that change them ask for a new calibration."""
    again, size = posterior_origin(evidence)["again"], posterior_origin(evidence)["size"]
    targets, named = calibration_targets()
    vector = {str(k): float(v) for k, v in sim.posterior(evidence).iloc[again["vector"]].items()}
    streams = again["first_organisation"] + np.arange(size["pairs"])
    found = simulated_figures(
        of_set(targets, evidence), named, vector, streams, posterior_origin(evidence)["seed"],
        sagging=size["sagging_checked"],
    )  # fmt: skip
    assert {name: found[name] for name in again["figures"]} == pytest.approx(
        again["figures"], abs=1e-9
    )


def test_the_defaults_reach_every_figure_of_the_set_defended() -> None:
    """In organisations no fit has used: a point of what agrees with the evidence, inside the prior."""
    for name, (low, high) in calibrated().items():
        assert low < Parameters._field_defaults[name] < high, name
    targets, named = calibration_targets()
    ours = of_set(targets, "literature")
    found = simulated_figures(ours, named, {}, np.arange(70_000, 70_600), 3, sagging=1)
    missed = {one.name: found[one.name] for one in ours if not one.reached(found[one.name])}
    assert not missed


def test_what_is_pinned_down_can_be_seen() -> None:
    both = list(EVIDENCE_SETS)
    for draw in (figures.identified_figure, figures.reached_figure, figures.tied_figure):
        picture = draw(both)
        assert "Vectors kept" in picture.caption
        assert "Seed" in picture.caption


def test_the_posterior_can_be_looked_up() -> None:
    answer = CliRunner().invoke(adopt, ["posterior", "literature", "--no-figure", "--json"])
    assert answer.exit_code == 0, answer.output
    content = json.loads(answer.output)
    assert {one["parameter"] for one in content["literature"]["parameters"]} == set(calibrated())


def test_an_unknown_evidence_set_is_explained() -> None:
    with pytest.raises(sim.AdoptionError, match="expected one of: literature, vendor"):
        sim.posterior("rumours")
