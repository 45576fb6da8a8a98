"""How good forecasts were: coverage and CRPS, beside what needs no model, or no observation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.decisions.forecast_particles import Particles
from analysis.decisions.forecast_weights import (
    SELDOM,
    Levels,
    misfit,
    quantiles,
    surprise,
    weighed,
    within_reach,
)
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.simulator import Simulator, Vector

BAND: Final = (0.10, 0.90)
"""Quantiles between which the band lies."""

SHARES: Final = tuple((np.arange(49) + 0.5) / 49.0)
"""Quantiles by which a forecast is remembered: as many values that weigh the same."""

WAYS: Final = ("forecast", "last value", "last value and usual changes", "unconditioned")
"""The forecast, and what it is held against."""


class Score(NamedTuple):
    """How good one way to forecast was.

    Attributes
    ----------
    way
        One of :data:`WAYS`.
    crps
        Mean continuous ranked probability score [share; 0 is perfect].
    coverage
        Share of the values within the 80 % band; not a number where there is none.
    values
        How many values were forecast.
    """

    way: str
    crps: float
    coverage: float
    values: int


def crps(values: Array, weights: Array, seen: float) -> float:
    """Return the continuous ranked probability score of weighted values for what was seen.

    It is the integral of the squared distance of their distribution from that of the value seen: in
    units of the values, 0 is perfect, and for a single value it is the absolute error.

    Parameters
    ----------
    values, weights
        What was forecast [P], and the weights [P; sum to 1].
    seen
        What came.
    """
    order = np.argsort(values, kind="stable")
    ends, below = values[order], np.cumsum(weights[order])
    edges = np.concatenate([ends, [seen]])
    edges.sort()
    middle = np.searchsorted(ends, edges[:-1], side="right") - 1
    share = np.where(middle >= 0, below[middle], 0.0)
    return float((np.diff(edges) * (share - (edges[:-1] >= seen)) ** 2).sum())


def remembered(particles: Particles, levels: Levels, weights: Array) -> dict[str, Array]:
    """Return what each way to forecast says of each month to come, as quantiles [Q, months to come]."""
    last = levels.last
    curves, seen = particles.curves[levels.kpi], float(levels.values[-1])
    changes = np.clip(seen + curves[:, last + 1 :] - curves[:, last : last + 1], 0.0, 1.0)
    ahead = curves[:, last + 1 :]
    return {
        "forecast": quantiles(ahead, weights, SHARES),
        "last value": np.full((len(SHARES), ahead.shape[1]), seen),
        "last value and usual changes": quantiles(changes, particles.prior, SHARES),
        "unconditioned": quantiles(ahead, particles.prior, SHARES),
    }


def scores(several: Sequence[tuple[Mapping[str, Array], Array, Array]]) -> list[Score]:
    """Return how good each way to forecast was.

    Parameters
    ----------
    several
        Of each forecast: what was remembered, which of its months have come [places], and what was
        seen in them.
    """
    equal = np.full(len(SHARES), 1.0 / len(SHARES))
    listed = []
    for way in WAYS:
        ranked: list[float] = []
        inside: list[bool] = []
        for ways, places, seen in several:
            for place, value in zip(places, seen, strict=True):
                values = ways[way][:, place]
                ranked.append(crps(values, equal, float(value)))
                low, high = quantiles(values, equal, BAND)
                inside.append(bool(low - 1e-9 <= value <= high + 1e-9))
        coverage = float("nan") if way == "last value" or not inside else float(np.mean(inside))
        listed.append(
            Score(way, float(np.mean(ranked)) if ranked else float("nan"), coverage, len(ranked))
        )
    return listed


# --- Forecasts that were kept ---------------------------------------------------------------


def earlier(root: Path, name: str, levels: Levels) -> list[dict[str, Any]]:
    """Return the forecasts of an organisation that were kept, and of which months have come since.

    It is the same organisation where the scenario is called alike and what was observed then is
    observed now too. Of several made after the same month one counts: they differ in plans only.
    """
    now = dict(zip(levels.months.tolist(), levels.values.tolist(), strict=True))
    listed: dict[int, dict[str, Any]] = {}
    for path in sorted((root / "forecast").glob("*/forecast.json")):
        try:
            kept = json.loads(path.read_text("utf-8"))
            then = dict(zip(kept["levels"]["months"], kept["levels"]["values"], strict=True))
            fits = kept["scenario"] == name and kept["kpi"] == levels.kpi
            {way: np.array(kept["remembered"][way], float) for way in WAYS}
        except (OSError, ValueError, KeyError, TypeError):
            continue
        alike = all(abs(now.get(month, np.inf) - value) < 1e-9 for month, value in then.items())
        if fits and alike and max(then) < levels.last:
            listed.setdefault(max(then), kept)
    return [listed[last] for last in sorted(listed)]


def scored(kept: Sequence[Mapping[str, Any]], levels: Levels) -> list[Score]:
    """Return how good forecasts that were kept turned out, all of them together."""
    several = []
    for forecast in kept:
        last = max(forecast["levels"]["months"])
        come = levels.months > last
        ways = {way: np.array(forecast["remembered"][way], float) for way in WAYS}
        places = levels.months[come] - last - 1
        fits = places < ways["forecast"].shape[1]
        several.append((ways, places[fits], levels.values[come][fits]))
    return scores(several) if several else []


# --- Organisations that are hidden ----------------------------------------------------------


class Trial(NamedTuple):
    """How good forecasts of hidden organisations were.

    Attributes
    ----------
    scores
        Of each way.
    refused
        How many organisations had no forecast.
    doubted
        How many had one with the warning that it is not to be trusted.
    trusted
        Scores of those without it.
    """

    scores: list[Score]
    refused: int
    doubted: int
    trusted: list[Score]


def hidden(
    scenario: Scenario,
    vectors: Sequence[Vector],
    particles: Particles,
    kpi: str,
    *,
    number: int = 50,
    given: int = 8,
    seed: int = 99,
) -> Trial:
    """Return how good forecasts of organisations are that nobody has seen, under vectors left out.

    Each hidden organisation has a vector of its own, and no particle of that vector takes part in its
    forecast.

    Parameters
    ----------
    scenario
        What they really do; it may be other than what particles did.
    vectors
        Every vector.
    particles
        Organisations that might be the one observed.
    kpi
        What is observed.
    number, given
        Hidden organisations, and months that are observed of them.
    seed
        Of hidden people, ties and luck, and of which vectors are hidden.
    """
    rng = np.random.default_rng([seed, number])
    sets = np.unique(particles.vector)
    places = rng.permutation(sets)[: min(number, len(sets))]
    months = np.arange(1, given + 1)
    several, refused, sure = [], 0, []
    for place in np.resize(places, number):
        simulator = Simulator(
            scenario, 1, seed, [vectors[int(place)]], first=int(rng.integers(1 << 30)), threads=1
        )
        seen = simulator.curves(None, kpi)[0]
        others = np.where(particles.vector == place, 0.0, particles.prior)
        left = particles._replace(prior=others / others.sum())
        none = np.zeros((0, len(particles.departments)), bool)
        levels = Levels(kpi, months, seen[months], (), none, np.zeros((0, given)), np.zeros(0))
        try:
            within_reach(left, levels)
            fit = weighed(left.prior, misfit(left, levels))
        except AdoptionError:
            refused += 1
            continue
        to_come = np.arange(seen.size - given - 1)
        several.append((remembered(left, levels, fit.weights), to_come, seen[given + 1 :]))
        sure.append(surprise(left, levels) >= SELDOM)
    trusted = [some for some, trusts in zip(several, sure, strict=True) if trusts]
    return Trial(scores(several), refused, len(several) - len(trusted), scores(trusted))
