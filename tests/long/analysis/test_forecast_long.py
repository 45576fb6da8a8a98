"""Forecasts of organisations nobody has seen: coverage and error, also where the scenario is not what was done."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

import sim
from analysis.decisions.forecast import both_sets
from analysis.decisions.forecast_particles import Particles, organisations_of, particles_of
from analysis.decisions.forecast_scores import WAYS, Score, Trial, hidden
from sim.scenario.schema import Scenario

KPIS = ("using", "adoption")

TRIED = int(os.environ.get("ORGANISATIONS", "16"))
"""Hidden organisations of each kind; what the page on decisions tells is of 50."""


@pytest.fixture(scope="module")
def particles() -> Particles:
    """Return ten thousand organisations that have leaders' example and champions; usual are twice as many."""
    sets = both_sets()
    scenario = sim.load("leadership-champions")
    each = organisations_of(scenario, sum(map(len, sets.values())), 10_000)
    return particles_of(scenario, sets, each, 1)


def tried(particles: Particles, scenario: Scenario, kpi: str, said: str, **options: int) -> Trial:
    """Return a trial, and print what it measured."""
    vectors = [vector for several in both_sets().values() for vector in several]
    trial = hidden(scenario, vectors, particles, kpi, **{"number": TRIED, **options})
    for name, scores in (("all", trial.scores), ("not doubted", trial.trusted)):
        listed = ", ".join(
            f"{score.way} {100 * score.crps:.2f} ({100 * score.coverage:.0f} %)" for score in scores
        )
        print(
            f"{said}, {kpi}, {name}: CRPS in points (coverage): {listed}; {scores[0].values} months, "
            f"{trial.refused} refused, {trial.doubted} doubted"
        )
    return trial


def by_way(scores: Sequence[Score]) -> dict[str, Score]:
    return {score.way: score for score in scores}


@pytest.mark.parametrize("kpi", KPIS)
def test_bands_hold_four_of_five_months_and_beat_the_last_value(
    particles: Particles, kpi: str
) -> None:
    """Hidden organisations, months 1 to 8 given, 9 to 24 forecast."""
    trial = tried(particles, sim.load("leadership-champions"), kpi, "as the scenario says")
    score = by_way(trial.scores)
    assert trial.refused + trial.doubted <= 0.25 * TRIED
    assert 0.65 <= score["forecast"].coverage <= 0.95
    assert score["forecast"].crps < score["last value"].crps
    assert score["forecast"].crps < score["unconditioned"].crps


LATER = {
    "the tool fails in month 10": {"tool.failure": {"month": 10}},
    "a reorganisation in month 10": {"events.reorganisation": {"month": 10}},
}


@pytest.mark.parametrize(("happens", "kpi"), list(zip(LATER, KPIS, strict=True)))
def test_an_event_after_the_forecast_costs_a_little(
    particles: Particles, happens: str, kpi: str
) -> None:
    """Nobody could know it in month 8."""
    event = sim.load("leadership-champions").changed(LATER[happens])
    score = by_way(tried(particles, event, kpi, happens).scores)
    assert 0.6 <= score["forecast"].coverage <= 0.95
    assert score["forecast"].crps < score["last value"].crps


@pytest.mark.parametrize("kpi", KPIS[1:])
def test_a_programme_that_is_not_quite_what_was_done_costs_more(
    particles: Particles, kpi: str
) -> None:
    """There were no champions: bands hold fewer months, the last value is still worse."""
    score = by_way(tried(particles, sim.load("leadership"), kpi, "without champions").scores)
    assert 0.5 <= score["forecast"].coverage <= 0.95
    assert score["forecast"].crps < score["last value"].crps


@pytest.mark.parametrize("kpi", KPIS[:1])
def test_a_programme_that_was_never_done_is_refused_or_doubted(
    particles: Particles, kpi: str
) -> None:
    """There were licences only: the band is wrong, and mostly it is said."""
    trial = tried(particles, sim.load("baseline"), kpi, "licences only")
    assert trial.refused + trial.doubted >= 0.4 * TRIED
    assert by_way(trial.scores)["forecast"].coverage < 0.6


def test_a_programme_that_ends_unexpectedly_is_beyond_it(particles: Particles) -> None:
    """Measures end after month 9: no forecast of month 8 knows, and its band does not hold."""
    ends = {f"programme.{name}.months": 9 for name in ("leadership-example", "champions")}
    ended = sim.load("leadership-champions").changed(ends)
    score = by_way(tried(particles, ended, "using", "everything ends after month 9").scores)
    assert score["forecast"].coverage < 0.70


def test_over_all_vectors_it_is_as_good_as_usual_changes_or_a_little_better(
    particles: Particles,
) -> None:
    """Vectors hidden in turn: the model adds the band and the what-if, and little skill."""
    scenario = sim.load("leadership-champions")
    trial = tried(particles, scenario, "using", "every vector", number=min(136, 3 * TRIED), seed=7)
    score = by_way(trial.scores)
    ours, usual = score[WAYS[0]].crps, score[WAYS[2]].crps
    assert ours < 1.2 * usual
    assert 0.70 <= score[WAYS[0]].coverage <= 0.95
