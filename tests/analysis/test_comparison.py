"""What a comparison promises: the right number, how sure it is, and an honest sentence."""

from __future__ import annotations

import math
import subprocess
import sys
import warnings
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.results.comparison import (
    difference,
    difference_curve,
    half_width,
    in_figures,
    odds_ratio_of_means,
    ratio_of_means,
    verdict,
    verdicts,
    wins,
)
from analysis.results.summary import labels, summarise
from sim import kpis, world
from sim.errors import AdoptionError
from sim.scenario.organisation import Organisation
from sim.scenario.schema import Scenario, Simulation, Tool
from sim.study.results import Result

shares = st.floats(0.0, 1.0).map(lambda share: round(share, 3))
pairs_of_runs = st.lists(st.tuples(shares, shares), min_size=2, max_size=12)


def made(
    curves: Mapping[str, Any], kpi: str = "adoption", changes: Mapping[str, Any] | None = None
) -> Result:
    """Return a result in which one KPI takes the values given: one row per run, from month 0."""
    scenarios, measured = {}, {}
    column = [one.name for one in kpis.MEASURED].index(kpi)
    for name, values in curves.items():
        rows = np.array(values, float)
        months = rows.shape[1] - 1
        scenario = Scenario(
            name=name,
            title=name.capitalize(),
            organisation=Organisation(employees=100),
            tool=Tool(licence_price=10.0, integration_cost=0.0),
            simulation=Simulation(months=months),
        )
        scenarios[name] = scenario.changed((changes or {}).get(name, {}))
        measured[name] = np.zeros((rows.shape[0], months + 1, kpis.COUNT))
        licences = scenarios[name].tool.licence_price * 100
        measured[name][:, 1:, kpis.COLUMN["cost_technology"]] = licences
        measured[name][:, :, column] = rows
    return Result(scenarios, measured, seed=1, asked=len(rows))


def ends(**values: list[float]) -> Result:
    """Return a result of one month with these values at its end, one per run."""
    return made({name: [[0.0, value] for value in column] for name, column in values.items()})


# --- The difference ------------------------------------------------------------------------


def test_the_difference_is_the_mean_over_organisations_in_points_with_a_t_interval() -> None:
    row = difference(ends(plain=[0.1, 0.3, 0.5], helped=[0.2, 0.5, 0.8])).loc["helped"]
    assert row.difference == pytest.approx(20.0)
    half = stats.t.ppf(0.975, 2) * 10.0 / math.sqrt(3.0)
    assert (row.low, row.high) == pytest.approx((20.0 - half, 20.0 + half))
    assert (row["mean"], row.mean_against, row.unit) == (
        pytest.approx(50),
        pytest.approx(30),
        "points",
    )


@settings(max_examples=50, deadline=None)
@given(pairs_of_runs)
def test_intervals_are_those_of_the_two_classic_tests(runs: list[tuple[float, float]]) -> None:
    one, other = np.array(runs).T
    if np.ptp(one - other) < 1e-6 or min(np.ptp(one), np.ptp(other)) < 1e-6:
        return  # no spread: the classic tests give up
    for pairs, test in (
        (True, stats.ttest_rel(one, other)),
        (False, stats.ttest_ind(one, other, equal_var=False)),
    ):
        low, high = test.confidence_interval(0.95)
        assert 2.0 * half_width(one, other, pairs) == pytest.approx(high - low)


def test_a_reference_is_not_compared_with_itself() -> None:
    both = ends(one=[0.1, 0.2], other=[0.3, 0.4])
    assert list(difference(both).index) == ["other"]
    assert difference(ends(one=[0.1, 0.2])).empty
    assert verdict(ends(one=[0.1, 0.2])) == ""


def test_the_curve_ends_where_the_table_stands() -> None:
    rng = np.random.default_rng(1)
    both = made({"one": rng.random((9, 5)), "other": rng.random((9, 5))})
    last = difference_curve(both, "other").iloc[-1]
    row = difference(both).loc["other"]
    assert last.difference == pytest.approx(row.difference)
    assert last.low < row.low < row.high < last.high, "a band of all months is wider than one month"
    assert last.band_low < last.difference < last.band_high


def test_other_months_and_kpis_can_be_asked_for() -> None:
    both = made({"one": [[0.1, 0.2, 0.3]] * 2, "other": [[0.1, 0.4, 0.9]] * 2}, kpi="skill")
    row = difference(both, kpi="skill", month=1).loc["other"]
    assert (row.difference, row.month, row.unit) == (pytest.approx(0.2), 1, "")
    assert math.isnan(row.odds_ratio)


# --- Ratios --------------------------------------------------------------------------------


def test_ratios_are_of_the_means() -> None:
    row = difference(ends(plain=[0.1, 0.3], helped=[0.3, 0.5])).loc["helped"]
    assert row.ratio == pytest.approx(2.0)
    assert row.odds_ratio == pytest.approx((0.4 / 0.6) / (0.2 / 0.8))
    assert row.odds_ratio_low < row.odds_ratio < row.odds_ratio_high


@pytest.mark.parametrize("pairs", [True, False])
def test_intervals_of_ratios_are_those_of_a_bootstrap(pairs: bool) -> None:
    rng = np.random.default_rng(3)
    other = rng.beta(4, 6, 300)
    one = np.clip(other + rng.normal(0.15, 0.1, 300), 0, 1)
    draws = rng.integers(300, size=(4000, 300))
    again = draws if pairs else rng.integers(300, size=(4000, 300))
    first, second = one[draws].mean(axis=1), other[again].mean(axis=1)
    for ratios, (_, low, high) in (
        (first / second, ratio_of_means(one, other, pairs)),
        (first * (1 - second) / ((1 - first) * second), odds_ratio_of_means(one, other, pairs)),
    ):
        expected = np.quantile(ratios, [0.025, 0.975])
        assert [low, high] == pytest.approx(expected, abs=0.1 * np.ptp(expected))


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_odds_are_undefined_where_nobody_or_everybody_uses_it(value: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        row = difference(ends(plain=[value, value], helped=[0.4, 0.6])).loc["helped"]
    assert all(math.isnan(row[one]) for one in ("odds_ratio", "odds_ratio_low", "odds_ratio_high"))
    assert math.isnan(row.ratio) == (value == 0.0)
    assert row.difference == pytest.approx(100.0 * (0.5 - value))


# --- In how many organisations -------------------------------------------------------------


def test_organisations_are_counted_in_which_it_does_better_or_as_well() -> None:
    row = difference(ends(one=[0.1, 0.2, 0.3, 0.4], other=[0.2, 0.3, 0.3, 0.1])).loc["other"]
    assert (row.better, row.equal) == (0.5, 0.25)


def test_fewer_refusers_are_better() -> None:
    curves = {"one": [[0, 0.3], [0, 0.4], [0, 0.5]], "other": [[0, 0.1], [0, 0.2], [0, 0.31]]}
    both = made(curves, kpi="never_users")
    row = difference(both, kpi="never_users").loc["other"]
    assert row.high < 0.0
    assert row.better == 1.0
    assert verdict(both, kpi="never_users").startswith("Other: better than One in all 3 org")


@settings(max_examples=50, deadline=None)
@given(pairs_of_runs)
def test_strangers_are_held_against_each_other_pair_by_pair(
    runs: list[tuple[float, float]],
) -> None:
    one, other = np.array(runs).T
    better, equal = wins(one, other, pairs=False)
    assert better == pytest.approx((one[:, None] > other[None, :]).mean(), abs=1e-12)
    assert equal == pytest.approx((one[:, None] == other[None, :]).mean(), abs=1e-12)


# --- What pairing is worth -----------------------------------------------------------------


def test_an_equal_gain_everywhere_leaves_no_doubt_however_different_organisations_are() -> None:
    row = difference(ends(plain=[0.125, 0.375, 0.75], helped=[0.25, 0.5, 0.875])).loc["helped"]
    assert (row.low, row.high) == (12.5, 12.5)
    assert row.sd_reduction == 1.0


def test_pairing_is_worth_nothing_where_organisations_have_nothing_in_common() -> None:
    rng = np.random.default_rng(2)
    both = ends(one=list(rng.random(4000)), other=list(rng.random(4000)))
    assert difference(both).loc["other", "sd_reduction"] == pytest.approx(0.0, abs=0.05)


def test_other_people_are_compared_as_two_samples_and_said_to_be() -> None:
    values = {"one": [[0, 0.1], [0, 0.5], [0, 0.9]], "other": [[0, 0.2], [0, 0.6], [0, 1.0]]}
    same = made(values)
    apart = made(values, changes={"other": {"organisation.employees": 90}})
    assert "not the same people" not in verdict(same)
    assert "not the same people, so compared as two samples" in verdict(apart)
    row, sure = difference(apart).loc["other"], difference(same).loc["other"]
    assert not row.same_people
    assert math.isnan(row.sd_reduction)
    assert row.high - row.low > 10.0 * (sure.high - sure.low)
    assert np.isnan(difference_curve(apart, "other")["band_low"]).all()


def test_a_later_or_dearer_tool_reaches_the_same_people() -> None:
    changes = {"late": {"tool.go_live": 5, "tool.licence_price": 99.0, "tool.task_saving": 0.5}}
    both = made({"early": [[0] * 6] * 2, "late": [[0] * 6] * 2}, changes=changes)
    assert difference(both).loc["late", "same_people"]
    people, ties = [], []
    for one in both.scenarios.values():
        worlds = world.draw_worlds(world.design(one), 1, np.arange(3))
        people.append(worlds.people)
        ties.append(worlds.other)
    assert np.array_equal(*ties)
    names = people[0].dtype.names or ()
    differ = {name for name in names if not np.array_equal(people[0][name], people[1][name])}
    assert differ == {"access_month", "savable_hours"}


# --- Money ---------------------------------------------------------------------------------


def test_an_extra_user_costs_the_extra_cost_of_all_of_them() -> None:
    both = made(
        {"cheap": [[0, 0.1, 0.2]] * 2, "dear": [[0, 0.3, 0.4]] * 2},
        changes={"dear": {"tool.licence_price": 30.0}},
    )
    row = difference(both).loc["dear"]
    assert row.extra_cost == pytest.approx(20.0 * 100 * 2)
    assert row.extra_users == pytest.approx(20.0)
    assert row.cost_per_extra_user == pytest.approx(200.0)
    assert difference(both, month=1).loc["dear", "extra_cost"] == pytest.approx(20.0 * 100)


@pytest.mark.parametrize(("adoption", "price"), [(0.1, 30.0), (0.2, 30.0), (0.4, 5.0)])
def test_there_is_no_cost_per_extra_user_without_extra_users_or_extra_cost(
    adoption: float, price: float
) -> None:
    both = made(
        {"one": [[0, 0.2]] * 2, "other": [[0, adoption]] * 2},
        changes={"other": {"tool.licence_price": price}},
    )
    assert math.isnan(difference(both).loc["other", "cost_per_extra_user"])


# --- The edges -----------------------------------------------------------------------------


def test_one_organisation_gives_no_interval_and_says_so() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        both = ends(one=[0.2], other=[0.5])
        row, sentence = difference(both).loc["other"], verdict(both)
        assert np.isnan(difference_curve(both, "other")["low"]).all()
    assert row.difference == pytest.approx(30.0)
    assert math.isnan(row.low) and math.isnan(row.high) and math.isnan(row.odds_ratio_low)
    assert "in the one organisation simulated" in sentence
    assert "no interval from one organisation" in sentence


def test_a_scenario_is_exactly_the_same_as_its_twin() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        both = ends(one=[0.2, 0.4, 0.9], other=[0.2, 0.4, 0.9])
        row = difference(both).loc["other"]
    assert (row.difference, row.low, row.high) == (0.0, 0.0, 0.0)
    assert (row.ratio, row.odds_ratio, row.equal, row.better) == (1.0, 1.0, 1.0, 0.0)
    assert verdict(both) == (
        "Other: identical to One: every figure is the same in all 3 organisations."
    )


def test_scenarios_of_different_length_are_compared_in_the_months_they_share() -> None:
    both = made({"short": [[0, 0.2]] * 2, "long": [[0, 0.3, 0.9]] * 2})
    row = difference(both).loc["long"]
    assert (row.month, row.difference) == (1, pytest.approx(10.0))
    assert len(difference_curve(both, "long")) == 2
    with pytest.raises(AdoptionError, match="month: found 2, expected 0 to 1"):
        difference(both, month=2)


def test_a_wrong_name_is_answered_with_the_right_ones() -> None:
    both = ends(baseline=[0.1, 0.2], other=[0.3, 0.4])
    with pytest.raises(AdoptionError, match="did you mean 'baseline'"):
        difference(both, against="basline")
    with pytest.raises(AdoptionError, match="no such KPI 'adoptoin'; did you mean 'adoption'"):
        difference(both, kpi="adoptoin")


# --- In words ------------------------------------------------------------------------------


def test_a_verdict_says_how_often_how_much_and_how_sure() -> None:
    plain = [0.10, 0.20, 0.30, 0.40, 0.50]
    both = ends(plain=plain, helped=[0.31, 0.38, 0.51, 0.58, 0.71])
    sentence = verdicts(both)["helped"]
    assert sentence == (
        "Helped: better than Plain in all 5 organisations: weekly users +20 points at month 1 "
        "(95 % interval 18 to 22)."
    )
    back = verdicts(both, against="helped")["plain"]
    assert back.startswith("Plain: worse than Helped in all 5 organisations")
    assert "-20 points" in back


def test_a_verdict_admits_that_it_does_not_know() -> None:
    sentence = verdict(ends(one=[0.2, 0.4, 0.6, 0.5], other=[0.3, 0.3, 0.7, 0.4]))
    assert sentence.startswith("Other: no clear difference from One (better in 2 of 4")


def test_a_gain_on_average_in_a_minority_is_called_that() -> None:
    one = [0.5] * 100
    other = [0.9] * 40 + [0.49] * 60
    sentence = verdict(ends(one=one, other=other))
    assert "better than One on average, but only in 40 of 100 organisations" in sentence


def test_nearly_all_is_not_all() -> None:
    one, other = [0.2 + 0.001 * k for k in range(300)], [0.5 + 0.0005 * k for k in range(300)]
    other[0] = 0.1
    assert "in 299 of 300 organisations" in verdict(ends(one=one, other=other))


@pytest.mark.parametrize(
    ("low", "value", "high", "interval"),
    [
        (17.9, 20.1, 22.3, "18 to 22"),
        (0.3, 1.6, 2.9, "0.3 to 2.9"),
        (-0.6, 0.3, 1.2, "-0.6 to 1.2"),
        (0.012, 0.034, 0.056, "0.01 to 0.06"),
        (54_400.1, 56_934.0, 59_468.0, "54,400 to 59,500"),
        (-4.0, 0.0, 4.0, "-4 to 4"),
    ],
)
def test_numbers_have_the_digits_they_deserve(
    low: float, value: float, high: float, interval: str
) -> None:
    row = SimpleNamespace(low=low, difference=value, high=high)
    assert in_figures(row)["interval"] == f"95 % interval {interval}"


# --- Summary -------------------------------------------------------------------------------


def test_a_summary_counts_organisations_that_do_not_get_there_as_the_last_month() -> None:
    both = made({"one": [[0, 0.5, 0.6], [0, 0.1, 0.5], [0, 0.1, 0.2], [0, 0.1, 0.4]]})
    row = summarise(both, "adoption").loc[("one", "adoption")]
    assert row["mean"] == pytest.approx(0.425)
    assert row.standard_error == pytest.approx(np.std([0.6, 0.5, 0.2, 0.4], ddof=1) / 2.0)
    assert row.months_to_half == pytest.approx((1 + 2 + 2 + 2) / 4)
    assert row.reached_half == 0.5
    assert row["low"] == 0.2, "of so few, the lowest is the lower end"


def test_a_summary_of_one_organisation_has_no_standard_error() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = summarise(ends(one=[0.3]))
    assert set(table.index.get_level_values("kpi")) == set(kpis.KPIS)
    assert table["standard_error"].isna().all()
    assert table["months_to_half"].notna().sum() == sum(
        one.unit == "share" for one in kpis.KPIS.values()
    )


def test_scenarios_with_the_same_title_are_called_by_their_names() -> None:
    both = made(
        {"one": [[0, 1]], "other": [[0, 1]], "third": [[0, 1]]},
        changes={"other": {"title": "One"}},
    )
    assert labels(both) == {"one": "one", "other": "other", "third": "Third"}


def test_importing_the_analysis_imports_nothing_heavy() -> None:
    heavy = "{'numpy', 'pandas', 'scipy', 'matplotlib', 'mesa', 'pydantic', 'sim.kernel'}"
    code = f"import sys, analysis; dir(analysis); print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
