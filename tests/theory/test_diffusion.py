"""Adoption where everybody meets everybody: Bass, logistic growth, coming and going."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from parts import few

from sim import theory

from . import reference
from .limits import (
    assert_share_within_four_errors,
    assert_within_four_errors,
    bass,
    let_use,
    measure,
    neutral,
    worlds_of,
)

P, Q = 0.03, 0.38
"""Innovation and imitation of the average product [1/month]."""

MONTHS = [1, 3, 6, 9, 12]


# --- Bass -------------------------------------------------------------------------------------


def test_the_closed_form_of_bass_is_the_published_one() -> None:
    curve = reference.bass(np.array([1, 3, 6, 9, 12, 18, 24]), P, Q)
    known = [0.035758, 0.150500, 0.439235, 0.740727, 0.908688, 0.991544, 0.999272]
    np.testing.assert_allclose(curve, known, atol=1e-6)
    peak = math.log(Q / P) / (P + Q)
    assert peak == pytest.approx(6.19262, abs=1e-5)
    assert float(reference.bass(peak, P, Q)) == pytest.approx(0.5 - P / (2 * Q), abs=1e-12)
    around = reference.bass(np.array([peak - 1e-4, peak + 1e-4]), P, Q)
    assert np.diff(around)[0] / 2e-4 == pytest.approx((P + Q) ** 2 / (4 * Q), abs=1e-6)


@pytest.mark.parametrize(
    ("hazard", "known"),
    [
        (True, [0.029554, 0.119581, 0.350631, 0.644371, 0.857807]),
        (False, [0.030000, 0.122843, 0.370123, 0.692499, 0.905624]),
    ],
)
def test_one_synchronous_step_a_month_has_its_own_known_curve(
    hazard: bool, known: list[float]
) -> None:
    curve = reference.steps_of(reference.adoption_map(P, Q, hazard=hazard), 0.0, 12)
    np.testing.assert_allclose(curve[MONTHS], known, atol=6e-7)


def test_many_parts_of_a_month_lead_to_the_closed_form() -> None:
    gaps = []
    for parts in (1, 4, 30):
        steps = reference.steps_of(reference.adoption_map(P, Q, parts), 0.0, 24 * parts)
        gaps.append(np.abs(steps[::parts] - reference.bass(np.arange(25), P, Q)).max())
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[1] < 0.03
    assert gaps[2] < 0.006


def gap_of(p: float, q: float, parts: int) -> float:
    """Return how far the mean curve of so many parts of a month is from that of Bass at most."""
    months = 1 + int((math.log1p(q / p) + 8.0) / (p + q))
    steps = reference.steps_of(reference.adoption_map(p, q, parts), 0.0, months * parts)
    return float(np.abs(steps - reference.bass(np.arange(months * parts + 1) / parts, p, q)).max())


@given(st.floats(1e-4, 0.5), st.floats(0.02, 1.6), st.integers(1, 30))
def test_the_gap_that_substeps_leave_is_bounded_for_any_p_and_q(
    p: float, q: float, parts: int
) -> None:
    found, bound = gap_of(p, q, parts), theory.bass_gap(p, q, parts)
    assert found <= 1.05 * bound + 0.002 * (p + q) / parts
    if (p + q) / parts < 0.02:
        assert found >= 0.9 * bound, "and it is no wider than it need be"


@pytest.mark.parametrize(
    ("p", "q", "parts", "known"), [(0.03, 0.38, 4, 0.0273), (0.0023, 0.337, 4, 0.0453)]
)
def test_one_bound_does_not_hold_for_every_p_and_q(
    p: float, q: float, parts: int, known: float
) -> None:
    assert gap_of(p, q, parts) == pytest.approx(known, abs=2e-4)
    assert known <= theory.bass_gap(p, q, parts) <= 1.03 * known


def test_a_hundred_people_adopt_with_the_exact_mean_and_spread() -> None:
    months, runs = 12, 2000
    mean, spread = reference.bass_chain(100, P, Q, months)
    scenario = bass(
        P,
        Q,
        {
            "organisation.employees": 100,
            "simulation.substeps": 1,
            "simulation.months": months,
        },
    )
    curves = measure(scenario, worlds_of(scenario, runs))
    assert_within_four_errors(curves[:, 1:], mean[1:])
    # The error of a standard deviation, from the fourth moment found.
    off = curves[:, 1:] - curves[:, 1:].mean(axis=0)
    variance = (off**2).mean(axis=0)
    error = np.sqrt(((off**4).mean(axis=0) - variance**2) / runs) / (2 * np.sqrt(variance))
    assert (np.abs(np.sqrt(variance) - spread[1:]) <= 4 * error).all()
    # The published figures count oneself among those one sees, hence the tolerance.
    np.testing.assert_allclose(mean[[6, 9, 12]], [0.3460, 0.6296, 0.8444], atol=0.006)
    np.testing.assert_allclose(spread[[6, 9, 12]], [0.0877, 0.0981, 0.0659], atol=0.006)


def test_a_small_organisation_lags_the_mean_field() -> None:
    mean, _ = reference.bass_chain(100, P, Q, 6)
    field = reference.steps_of(reference.adoption_map(P, Q), 0.0, 6)
    assert field[6] - mean[6] > 0.002


# --- Contagion alone ----------------------------------------------------------------------------


def test_logistic_growth_has_its_known_values() -> None:
    beta, first = 0.6, 0.01
    curve = reference.logistic(np.array([3, 6, 9, 12]), beta, first)
    np.testing.assert_allclose(curve, [0.057588, 0.269902, 0.691017, 0.931175], atol=1e-6)
    half = math.log(1 / first - 1) / beta
    assert half == pytest.approx(7.65853, abs=1e-5)
    assert float(reference.logistic(half, beta, first)) == pytest.approx(0.5, abs=1e-12)
    steps = reference.steps_of(reference.adoption_map(0.0, beta, hazard=False), first, 12)
    known = [0.040177, 0.152368, 0.469951, 0.870027]
    np.testing.assert_allclose(steps[[3, 6, 9, 12]], known, atol=6e-7)


LOGISTIC = [(1, 50), (30, 6)]


@pytest.mark.parametrize(("parts", "runs"), few(LOGISTIC, 1))
def test_use_that_only_spreads_grows_logistically(parts: int, runs: int) -> None:
    beta, first, people = 0.6, 0.01, 10_000
    scenario = bass(
        0.0,
        beta,
        {
            "organisation.employees": people,
            "rules.decision": "linear",
            "simulation.substeps": parts,
            "simulation.months": 12,
        },
    )
    worlds = worlds_of(scenario, runs)
    let_use(worlds, np.s_[:, : int(first * people)])
    curves = measure(scenario, worlds)
    change = reference.adoption_map(0.0, beta, parts, hazard=False)
    steps = reference.steps_of(change, first, 12 * parts)[::parts]
    assert_within_four_errors(curves[:, 1:], steps[1:])
    if parts == 30:
        continuous = reference.logistic(np.arange(13), beta, first)
        assert np.abs(steps - continuous).max() < 0.02
        assert np.abs(curves.mean(axis=0) - continuous).max() < 0.03


def test_without_a_first_user_nothing_spreads() -> None:
    scenario = bass(0.0, 6.0, {"organisation.employees": 500, "simulation.months": 60})
    assert (measure(scenario, worlds_of(scenario, 4)) == 0.0).all()


# --- Coming and going ----------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [1, 4])
def test_constant_starting_and_stopping_settle_at_the_two_state_share(parts: int) -> None:
    start, stop, people, months = 0.12, 0.05, 10_000, 48
    assert reference.two_state(10_000, start, stop) == pytest.approx(0.705882, abs=1e-6)
    assert reference.two_state(12, start, stop) == pytest.approx(0.630431, abs=1e-6)
    assert reference.two_state(24, start, stop) == pytest.approx(0.697817, abs=1e-6)
    scenario = neutral(
        {
            "parameters.base_desire": 1.0,
            "parameters.start_rate": start,
            "parameters.stop_rate": stop,
            "rules.stopping": "constant",
            "rules.decision": "linear",
            "organisation.employees": people,
            "organisation.network.kind": "none",
            "simulation.substeps": parts,
            "simulation.months": months,
        }
    )
    using = measure(scenario, worlds_of(scenario))[0]
    for month in (1, 6, 12, 24, months):
        expected = reference.two_state(month * parts, start / parts, stop / parts)
        assert_share_within_four_errors(round(using[month] * people), people, expected)
    assert abs(using[months] - start / (start + stop)) < 0.01


SETTLED = [(1, 0.543222), (12, 0.598350)]


@pytest.mark.parametrize(("parts", "settles"), few(SETTLED, 1))
def test_contagious_starting_settles_where_the_schedule_says(parts: int, settles: float) -> None:
    """The equilibrium of a feedback depends on the schedule; that of constant inputs does not."""
    contagion = 0.5
    # In one step a month a fifth stops; in many, they stop at a rate of a fifth.
    stop = -math.log(0.8) if parts == 1 else 0.2
    change = reference.adoption_map(0.0, contagion, parts, stop=stop)
    expected = reference.steps_of(change, 0.5, 2000 * parts)[-1]
    assert expected == pytest.approx(settles, abs=1e-6)

    scenario = bass(
        0.0,
        contagion,
        {
            "parameters.stop_rate": stop,
            "rules.stopping": "constant",
            "organisation.employees": 4000,
            "simulation.substeps": parts,
            "simulation.months": 60,
        },
    )
    worlds = worlds_of(scenario, 12)
    let_use(worlds, np.s_[:, ::2])
    after = measure(scenario, worlds)[:, -1]
    assert_within_four_errors(after, expected)
    assert abs(after.mean() - settles) < 0.01


def test_contagious_starting_in_ever_finer_steps_settles_where_rates_balance() -> None:
    finely = reference.adoption_map(0.0, 0.5, 1000, stop=0.2)
    assert reference.steps_of(finely, 0.55, 100_000)[-1] == pytest.approx(0.6, abs=1e-4)


def test_without_colleagues_people_start_at_a_constant_rate() -> None:
    rate, desire, people = 0.5, -1.0, 20_000
    scenario = neutral(
        {
            "parameters.base_desire": desire,
            "parameters.start_rate": rate,
            "rules.link": "logit",
            "organisation.employees": people,
            "organisation.network.kind": "none",
            "simulation.substeps": 4,
            "simulation.months": 24,
        }
    )
    using = measure(scenario, worlds_of(scenario))[0]
    constant = rate / (1.0 + math.exp(-desire))
    for month in (1, 3, 6, 12, 24):
        idle = round((1.0 - using[month]) * people)
        assert_share_within_four_errors(idle, people, math.exp(-constant * month))
    idle_before = np.round((1.0 - using) * people).astype(int)
    for month in (1, 6, 12):
        started = int(idle_before[month - 1] - idle_before[month])
        assert_share_within_four_errors(
            started, int(idle_before[month - 1]), -math.expm1(-constant)
        )
