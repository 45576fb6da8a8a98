"""The experiments that patterns are judged by do what they say, and a miss is called a miss."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import sim
from analysis import cli
from analysis.studies import patterns
from analysis.studies.patterns import arms, champions, circles, exposure, growth, novelty, overlap
from analysis.studies.patterns.findings import Finding, Shown, judged, paired_points, percent
from sim.errors import AdoptionError

FEW = patterns.Study(5, 4)


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    """Return what a few organisations show of each pattern."""
    return [patterns.experiment(name, 8, 1) for name in patterns.EXPERIMENTS]


def test_every_pattern_of_the_library_has_its_experiment() -> None:
    known = patterns.read_patterns()
    assert list(known) == list(patterns.EXPERIMENTS) == [f"P{number}" for number in range(1, 11)]
    for one in known.values():
        for text in (one.title, one.promise, one.experiment):
            assert text.en != text.nl


@pytest.mark.parametrize(
    ("sure", "likely", "verdict"),
    [(True, True, "holds"), (False, True, "direction only"), (False, False, "misses")],
)
def test_a_verdict_says_how_sure_it_is(sure: bool, likely: bool, verdict: str) -> None:
    assert judged(sure, likely) == verdict


def test_a_difference_is_between_the_same_organisations() -> None:
    one = np.array([[0.1, 0.5, 0.9]])
    found = paired_points("x", one + 0.2, one)
    assert (found.value, found.low, found.high) == pytest.approx((20.0, 20.0, 20.0))


def test_a_number_outside_what_was_promised_is_not_inside_and_may_yet_be_near() -> None:
    off = Finding("x", 10.0, 8.0, 12.0, band=(20.0, 40.0))
    assert not off.inside and not off.near
    assert off._replace(high=21.0).near
    assert off._replace(value=30.0).inside


def test_no_share_is_below_nothing_or_above_everybody() -> None:
    few = percent("x", np.array([[1.0, 1.0, 1.0, 0.0]]))
    assert few.value == 75.0 and few.low < 75.0 and few.high == 100.0
    assert percent("x", np.array([[0.0, 0.0, 0.0, 1.0]])).low == 0.0


def test_verdicts_rest_on_findings_that_decide(shown: list[Shown]) -> None:
    for one in shown:
        deciding = [found for found in one.findings if found.decides]
        assert deciding
        assert one.reading
        for found in one.findings:
            assert found.low <= found.value <= found.high
        if one.verdict != "holds":
            continue
        assert all(found.inside for found in deciding)
        if one.nothing is not None and one.name != "P9":
            assert all(f.low > one.nothing or f.high < one.nothing for f in deciding)


# --- The experiments -----------------------------------------------------------------------


def test_champions_appointed_here_are_those_the_engine_appoints() -> None:
    changes = {"simulation.months": 6, "parameters.champion_fatigue": 0.0}
    scenario = sim.load("champions").changed(changes)
    for weight, way in ((1.0, "most_connected"), (0.0, "random")):
        same = scenario.changed({"programme.champions.selection": way})
        engine = sim.run(same, runs=5, seed=4).curves(same.name, "adoption")
        assert np.array_equal(champions.champions_by_ties(scenario, weight, FEW)[0], engine)


def test_champions_at_the_edge_are_others() -> None:
    scenario = sim.load("champions").changed({"simulation.months": 6})
    centre, edge = (champions.champions_by_ties(scenario, weight, FEW) for weight in (1.0, -1.0))
    assert not np.array_equal(centre, edge)


def test_on_a_ring_two_fronts_go_on_at_the_known_pace() -> None:
    alone = patterns.Study(2, 1)
    one = circles.contagion_on_a_ring(1, 0.0, alone)[0]
    size = circles.RING["organisation.employees"]
    # The first person and four on either side, then four more on either side each month.
    assert np.round(one[0, :4] * size) == pytest.approx([9, 17, 25, 33])
    two = circles.contagion_on_a_ring(2, 0.0, alone)[0]
    assert np.round(two[0, :4] * size) == pytest.approx([9, 15, 21, 27])


def test_spread_and_rush_cost_the_same() -> None:
    from analysis.results.tables import plan_of

    rush, spread = (plan_of(sim.load(name)).total for name in ("front-loaded", "continuous"))
    assert rush == pytest.approx(spread)


def test_overlap_is_one_for_effects_that_multiply() -> None:
    base = np.array([[0.10, 0.12, 0.08]])
    found = overlap.over_product("x", 6 * base, base, 2 * base, 3 * base)
    assert (found.value, found.low, found.high) == pytest.approx((1.0, 1.0, 1.0))
    assert overlap.over_product("x", 3 * base, base, 2 * base, 3 * base).value == pytest.approx(0.5)


def test_growth_is_late_only_where_the_largest_gain_is() -> None:
    early = np.array([0.0, 0.3, 0.4, 0.45, 0.5, 0.52])
    late = np.array([0.0, 0.05, 0.1, 0.2, 0.5, 0.6])
    assert not growth.grows_late(early)
    assert growth.grows_late(late)


def test_a_curve_that_only_rises_has_neither_peak_nor_trough() -> None:
    rising = np.linspace(0.0, 0.5, 25)[None, None]
    assert not novelty.peaks_early(rising).any()
    assert not novelty.sags(rising).any()
    wave = np.full((1, 1, 25), 0.3)
    wave[..., :4] = [0.0, 0.3, 0.4, 0.35]
    assert novelty.peaks_early(wave).all() and novelty.sags(wave).all()
    assert novelty.settles(wave).all()


def test_half_of_the_starters_saw_at_most_the_median() -> None:
    counts = np.zeros((2, exposure.GRAIN + 1))
    counts[0, 0], counts[0, 50], counts[1, 100] = 3, 4, 3
    assert exposure.alone(counts) == pytest.approx(0.3)
    assert exposure.median_seen(counts) == pytest.approx(50 / exposure.GRAIN)


def test_what_is_knocked_out_is_out_whatever_the_vector_says() -> None:
    base = sim.load("baseline").changed({"simulation.months": 3})
    study = patterns.Study(3, 1, [{"user_novelty": 2.0}])
    out = arms.curves([base], study, fixed={"user_novelty": 0.0})
    same = arms.curves([base], patterns.Study(3, 1, [{"user_novelty": 0.0}]))
    assert np.array_equal(out["baseline"]["adoption"], same["baseline"]["adoption"])


def test_every_vector_has_organisations_of_its_own() -> None:
    base = sim.load("baseline").changed({"simulation.months": 3})
    two = arms.adoption([base], patterns.Study(3, 1, [{}, {}]))["baseline"]
    whole = arms.adoption([base], patterns.Study(6, 1))["baseline"]
    assert two.shape == (2, 3, 4)
    assert np.array_equal(two.reshape(1, 6, 4), whole)


# --- What is shown -------------------------------------------------------------------------


def made(name: str, verdict: patterns.Verdict) -> Shown:
    return Shown(name, [Finding("x", 1.0, 0.5, 1.5)], "points", 0.0, verdict, "So it is.")


def test_misses_are_said_in_the_first_line() -> None:
    every = [made("P4", "holds"), made("P5", "direction only"), made("P6", "misses")]
    told = patterns.message(every)
    assert told == "1 of 3 patterns hold, P5 in direction only, missed: P6"


def test_an_unknown_pattern_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["adopt", "patterns", "P11"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "found 'P11', expected some of: P1, P2, P3, P4, P5, P6, P7, P8, P9, P10" in told


def test_a_pattern_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(AdoptionError, match="there is no pattern 'P11'"):
        patterns.patterns(["P11"])


def test_patterns_asked_for_are_run_in_the_order_of_the_library() -> None:
    told: list[tuple[int, int]] = []
    found = patterns.patterns(["P4", "P1"], 4, 3, lambda *now: told.append(now))
    assert [one.name for one in found.shown] == ["P1", "P4"]
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert list(found.table.index.unique("pattern")) == ["P1", "P4"]
    assert found.answer == patterns.message(found.shown)
