"""Whether ties matter is told from what happened: use is rebuilt exactly, odds are those by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as any_

from analysis.cli import adopt
from analysis.studies.ties import kept_verdict, starts, study, verdict, verdicts
from analysis.studies.ties.odds import concordance, mantel_haenszel, ratio
from analysis.studies.ties.verdicts import Headline, how_fast, who
from analysis.words.languages import language
from sim import kernel
from sim.errors import AdoptionError
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.simulator import Simulator
from sim.theory import switched_off

NETWORK = "organisation.network"


# --- What happened, rebuilt ----------------------------------------------------------------

CASES = {
    "on-request": {},
    "baseline": {},
    "turnover": {},
    "turnover-onboarding": {},
    "champions": {},
    "leadership": {"simulation.substeps": 1},
    "four-phases": {"organisation.turnover": 0.3},
    "buddies": {"rules.schedule": "random_sequential"},
    "waves": {"organisation.network.kind": "complete", "organisation.already_using": 0.2},
}


@pytest.mark.parametrize("name", CASES)
def test_who_uses_and_ever_used_is_what_the_engine_measured(name: str) -> None:
    simulator = Simulator(read_scenario(name).changed(CASES[name]), 7, 3)
    told = [one for _, one in starts.lives(simulator)]
    for kpi, field in (("using", "uses"), ("tried", "used")):
        rebuilt = np.concatenate([getattr(one, field) for one in told]).mean(axis=1)
        np.testing.assert_allclose(rebuilt, simulator.curves(kpi=kpi), atol=1e-12, err_msg=kpi)


def test_organisations_in_several_pieces_are_each_told_of_once(monkeypatch: Any) -> None:
    simulator = Simulator("on-request", 7, 3)
    (whole,) = (one for _, one in starts.lives(simulator))
    monkeypatch.setattr("sim.simulator.CHUNK_PEOPLE", 300)
    parts = [one for _, one in starts.lives(Simulator("on-request", 7, 3))]
    assert len(parts) == 4
    for field in whole._fields:
        joined = np.concatenate([getattr(one, field) for one in parts])
        np.testing.assert_array_equal(joined, getattr(whole, field))


@pytest.mark.parametrize("kind", ["teams", "complete", "none", "ring", "scale_free"])
def test_using_colleagues_are_those_a_loop_over_ties_finds(kind: str) -> None:
    simulator = Simulator(read_scenario("on-request").changed({f"{NETWORK}.kind": kind}), 3, 2)
    ((worlds, told),) = starts.lives(simulator)
    found = starts.using_colleagues(worlds, told.uses)
    for run, month in ((0, 0), (1, 9), (2, 24)):
        use = told.uses[run, :, month]
        for person in range(0, use.size, 13):
            ends = worlds.start[run, person : person + 2]
            known = set(worlds.other[slice(*ends)].tolist())
            if worlds.complete:
                known = set(range(use.size)) - {person}
            assert found[run, person, month] == sum(use[other] for other in known)


def test_only_those_who_can_start_for_the_first_time_are_at_risk() -> None:
    scenario = read_scenario("four-phases").changed({"organisation.already_using": 0.1})
    simulator = Simulator(scenario, 5, 1)
    ((worlds, told),) = starts.lives(simulator)
    risk = starts.at_risk(worlds, told)
    for run, person, month in zip(*np.nonzero(risk), strict=True):
        assert month >= worlds.people["access_month"][run, person]
        assert not told.used[run, person, :month].any()
    missed = told.begins & ~risk
    assert not missed.any()
    # Once at risk, people stay so until they start.
    gone = risk[:, :, 1:-1] & ~risk[:, :, 2:]
    assert (told.begins[:, :, 1:-1] | ~gone).all()


def test_counts_hold_everybody_at_risk_once() -> None:
    simulator = Simulator("on-request", 5, 1)
    ((worlds, told),) = starts.lives(simulator)
    counts = starts.counted(worlds, told)
    assert counts.sum() == starts.at_risk(worlds, told).sum()
    assert counts[..., 1].sum() == told.begins.sum()
    assert counts.shape[1] == 24 * (int(worlds.people["department"].max()) + 1)


def test_several_vectors_are_refused() -> None:
    simulator = Simulator("on-request", 2, 1, [{}, {"peer_weight": 1.0}])
    with pytest.raises(AdoptionError, match="found 2, expected one"):
        next(starts.lives(simulator))


# --- Odds ----------------------------------------------------------------------------------


def test_the_odds_ratio_of_mantel_and_haenszel_is_that_by_hand() -> None:
    # Two strata. With users: 8 do not start, 4 do; 5 and 5. Without: 20 and 2; 9 and 1.
    seen = np.array([[[8, 4], [5, 5]]])
    unseen = np.array([[[20, 2], [9, 1]]])
    above, below = mantel_haenszel(seen, unseen)
    assert above[0] == pytest.approx(4 * 20 / 34 + 5 * 9 / 20)
    assert below[0] == pytest.approx(8 * 2 / 34 + 5 * 1 / 20)
    assert ratio(above, below, 1).value == pytest.approx((80 / 34 + 45 / 20) / (16 / 34 + 5 / 20))


def test_strata_do_not_make_a_ratio_of_what_differs_between_them() -> None:
    # Within each stratum the chance is the same; the keen one has more users. Thrown together the
    # odds would be (50 x 91) / (59 x 10) = 7.7.
    seen, unseen = np.array([[[9, 1], [50, 50]]]), np.array([[[90, 10], [1, 1]]])
    assert ratio(*mantel_haenszel(seen, unseen), 1).value == pytest.approx(1.0)


def test_strata_of_one_kind_of_people_say_nothing() -> None:
    one = ratio(*mantel_haenszel(np.array([[[3, 2]]]), np.array([[[0, 0]]])), 1)
    assert all(np.isnan(one))


def test_an_interval_of_organisations_holds_the_value_and_narrows_with_their_number() -> None:
    rng = np.random.default_rng(5)

    def drawn(runs: int) -> Any:
        seen = np.stack([rng.binomial(40, 0.8, (runs, 6)), rng.binomial(20, 0.5, (runs, 6))], -1)
        unseen = np.stack([rng.binomial(40, 0.8, (runs, 6)), rng.binomial(10, 0.5, (runs, 6))], -1)
        return ratio(*mantel_haenszel(seen, unseen), 1)

    few, many = drawn(10), drawn(400)
    assert few.low < few.value < few.high
    assert many.low < 2.0 < many.high
    assert many.high - many.low < 0.5 * (few.high - few.low)


@given(
    any_.lists(
        any_.tuples(any_.integers(0, 2), any_.integers(0, 4), any_.booleans()),
        min_size=1, max_size=30,
    )
)  # fmt: skip
def test_who_starts_next_is_counted_in_pairs(people: list[tuple[int, int, bool]]) -> None:
    counts = np.zeros((1, 3, 5, 2), int)
    for stratum, seen, begins in people:
        counts[0, stratum, seen, int(begins)] += 1
    right = pairs = 0.0
    for stratum, seen, begins in people:
        for other, less, never in people:
            if begins and not never and stratum == other:
                pairs += 1.0
                right += 1.0 if seen > less else 0.5 if seen == less else 0.0
    assert [float(one[0]) for one in concordance(counts)] == pytest.approx([right, pairs])


# --- Worlds with known answers -------------------------------------------------------------


def one_by_one(**more: Any) -> Scenario:
    """Return a model in which people start at a rate, and colleagues' use may add to it."""
    return switched_off().changed(
        {
            "parameters.base_desire": 0.05, "parameters.start_rate": 1.0, "parameters.weekly_use": 0.0,
            "organisation.employees": 140, "simulation.months": 12, f"{NETWORK}.kind": "teams",
            **{f"parameters.{name}": value for name, value in more.items()},
        }
    )  # fmt: skip


def test_where_only_colleagues_move_people_the_odds_rise_with_their_number() -> None:
    found = study.starting(Simulator(one_by_one(peer_weight=0.6), 60, 2))
    odds = [found.odds[name] for name in ("1", "2", "3", "4 or more")]
    assert odds[0]["low"] > 1.0
    assert odds[0]["odds"] < odds[1]["odds"] < odds[3]["odds"]
    assert found.next.low > 0.55


CONSIDERING = {
    "parameters.considers_before": 0.02, "parameters.consider_alone": 0.01,
    "parameters.consider_peers": 1.0, "parameters.base_desire": -3.0,
}  # fmt: skip


@pytest.mark.parametrize("zero", [-7.3, -0.2, 0.0, 0.4, 9.6])
def test_the_level_is_found_wherever_it_is(zero: float) -> None:
    looked = []

    def gap(x: float) -> float:
        looked.append(x)
        return float(np.tanh(x - zero))

    assert study.met(gap, 0.0, 0.5, (-10.0, 10.0)) == pytest.approx(zero, abs=0.003)
    assert len(looked) <= 18
    assert study.met(lambda x: gap(x) - 2.0, 0.0, 0.5, (-10.0, 10.0)) == pytest.approx(10.0, abs=4)


def test_a_level_out_of_reach_is_said() -> None:
    scenario = one_by_one(peer_weight=1.0).changed({"rules.decision": "certain"})
    found = study.ties(scenario.changed({"parameters.start_rate": 0.0}), 3, 1)
    assert found.odds["odds"].isna().all()
    missed = found._replace(control=found.control._replace(adoption=-0.2))
    assert any("-20.0 points off" in one for one in study.notes(missed))


# --- Other ties ----------------------------------------------------------------------------


def test_other_ties_are_other_ties_of_the_same_people() -> None:
    scenario = read_scenario("on-request")
    simulator = Simulator(scenario, 3, 1)
    drawn = {name: next(simulator.worlds(one)) for name, one in study.other_ties(scenario).items()}
    for worlds in drawn.values():
        np.testing.assert_array_equal(
            worlds.people["disposition"], drawn[study.REWIRED].people["disposition"]
        )
    ring, rewired = (np.diff(drawn[name].start) for name in (study.CLUSTERED, study.REWIRED))
    np.testing.assert_array_equal(ring, rewired)
    assert not np.array_equal(drawn[study.CLUSTERED].other, drawn[study.REWIRED].other)
    several = [np.diff(drawn[study.crossed(number)].start).mean() for number in study.CROSS]
    assert several[0] + 3 < several[1] < several[2] - 6


def test_differences_are_paired() -> None:
    rng = np.random.default_rng(1)
    common = rng.normal(0.5, 0.2, (50, 25))
    curves = {name: common.copy() for name in ("on", *study.other_ties(Scenario(name="x")))}
    curves[study.REWIRED] = common + 0.03
    found = study.compared(curves)
    ring = found.loc[(f"{study.CLUSTERED} - {study.REWIRED}", 9)]
    assert ring["points"] == pytest.approx(-3.0)
    assert ring["error"] == pytest.approx(0.0, abs=1e-9)
    assert list(found.index.get_level_values("month").unique()) == [6, 9, 12]


def test_a_short_study_looks_at_its_last_month() -> None:
    assert study.months_looked_at(4) == (4,)
    assert study.months_looked_at(10) == (6, 9)
    assert study.month_spoken_of(24) == 9
    assert study.month_spoken_of(7) == 6


# --- What is said --------------------------------------------------------------------------

CLEAR = Headline(4.0, 3.0, 1.05, 1.2, 9, -4.0, 0.4, -9.0, 0.8)


@pytest.mark.parametrize(
    ("change", "starting", "speed", "begin"),
    [
        ({}, True, True, "Ties matter: "),
        ({"on": 1.6, "on_low": 1.3}, False, True, "Ties matter for how fast"),
        (
            {"off": 1.5, "off_high": 1.7},
            False,
            True,
            "Ties matter for how fast use spreads, and partly",
        ),
        ({"off": 1.5, "crossed": 0.0}, False, False, "Ties matter partly"),
        ({"on_low": 1.1}, False, True, "Ties matter for how fast"),
        ({"clustered": 4.0}, True, True, "Ties matter: "),
        ({"clustered": -2.0}, True, False, "Ties matter for who starts"),
        ({"clustered_error": 2.5}, True, False, "Ties matter for who starts"),
        ({"crossed": -1.0}, True, False, "Ties matter for who starts"),
        ({"on": 1.0, "on_low": 0.9, "crossed": 0.0}, False, False, "These numbers do not show"),
        ({"on": np.nan, "on_low": np.nan, "crossed": 0.0}, False, False, "These numbers do not"),
    ],
)
def test_the_line_says_what_the_figures_show(
    change: dict[str, float], starting: bool, speed: bool, begin: str
) -> None:
    one = CLEAR._replace(**change)
    assert who(one) == starting
    assert how_fast(one) == speed
    said = verdict(one)
    assert said.startswith(begin)
    assert "nan" not in said
    assert verdict(one, language("nl")) != said


def test_the_line_of_the_page_is_of_the_numbers_there_are(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(verdicts, "KEPT", tmp_path / "kept.json")
    assert "has not been looked at yet" in kept_verdict()
    found = study.ties(one_by_one(peer_weight=0.6), 4, 2)
    verdicts.keep(found)
    assert verdicts.kept() == pytest.approx(verdicts.headline(found), nan_ok=True)
    assert kept_verdict().endswith(verdict(found))
    monkeypatch.setattr(verdicts, "asked", lambda: "other numbers")
    assert "has not been looked at yet" in kept_verdict()


def test_one_organisation_is_too_few() -> None:
    with pytest.raises(AdoptionError, match="found 1, expected at least 2"):
        study.ties("on-request", 1)


# --- Command and figure --------------------------------------------------------------------


def test_the_command_tells_draws_and_gives_json(tmp_path: Path) -> None:
    run = CliRunner()
    sets = [word for name, value in CONSIDERING.items() for word in ("--set", f"{name}={value}")]
    shown = run.invoke(adopt, ["ties", "--runs", "6", "--write", str(tmp_path / "ties.png"), *sets])
    assert shown.exit_code == 0, shown.output
    for part in (
        "odds against none",
        "clustered - rewired",
        "Without contagion:",
        "docs/limits.md",
    ):
        assert part in shown.output
    assert (tmp_path / "ties.png").is_file()
    assert (tmp_path / "ties.svg").is_file()
    told = json.loads(run.invoke(adopt, ["ties", "--runs", "6", "--json", *sets]).output)
    assert told["verdict"] in shown.output
    assert {row["colleagues"] for row in told["odds"]} == set(study.COLLEAGUES)
    assert len(told["curves"]["clustered"]) == 25
    assert "adopt ties baseline" in run.invoke(adopt, ["ties", "--help"]).output


def test_the_log_knows_its_columns() -> None:
    assert [kernel.EVENT[k] for k in (starts.RUN, starts.MONTH, starts.PERSON, starts.KIND)] == [
        "run", "month", "person", "kind",
    ]  # fmt: skip
