"""Limits of theory, looked at anew on the real engine: all mechanisms off but one, known answers.

The tests of the project look at many more of them; here are a few that take seconds, so that a
scorecard stands on what runs now.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np

from analysis.results.estimates import Estimate
from analysis.studies.claims.verdicts import Verdict
from analysis.studies.validation.rows import Line, Row
from sim.engine.kinds import Array
from sim.scenario import read_scenario
from sim.simulator import Simulator
from sim.theory import followers, spread, switched_off


class Limit(NamedTuple):
    """A limit with a known answer.

    Attributes
    ----------
    title
        What theory says.
    expected
        Its answer.
    tolerance
        How far the engine may be from it: 0 where the answer is exact.
    unit
        In what it is said.
    simulated
        Gives what the engine says, for a seed.
    """

    title: str
    expected: float
    tolerance: float
    unit: str
    simulated: Callable[[int], float]


# --- Known answers -------------------------------------------------------------------------

P: Final = 0.03
Q: Final = 0.38
"""Innovation and imitation of the average product [1/month]."""


def bass(month: float, p: float = P, q: float = Q) -> float:
    """Return the share of adopters in Bass's model."""
    gone = math.exp(-(p + q) * month)
    return (1.0 - gone) / (1.0 + q / p * gone)


def _bass(seed: int) -> float:
    scenario = switched_off().changed(
        {
            "parameters.base_desire": P,
            "parameters.peer_weight": Q,
            "organisation.employees": 10_000,
            "simulation.substeps": 30,
            "simulation.months": 6,
        }
    )
    return float(spread(scenario, 4, seed)[:, 6].mean())


def _two_states(seed: int) -> float:
    scenario = switched_off().changed(
        {
            "parameters.base_desire": 1.0,
            "parameters.start_rate": 0.12,
            "parameters.stop_rate": 0.05,
            "rules.stopping": "constant",
            "rules.decision": "linear",
            "organisation.network.kind": "none",
            "organisation.employees": 10_000,
            "simulation.months": 48,
        }
    )
    return float(spread(scenario, seed=seed)[:, 48].mean())


def _crowd(seed: int, thresholds: Array) -> float:
    size = thresholds.size
    scenario = followers().changed({"organisation.employees": size, "simulation.months": size + 10})
    first = np.arange(size) == 0
    return size * float(spread(scenario, seed=seed, threshold=thresholds, uses=first)[0, -1])


def _ring(seed: int) -> float:
    """Return the months in which two fronts meet on a ring where two contacts are needed."""
    scenario = followers().changed(
        {
            "organisation.employees": 1000,
            "organisation.network.kind": "ring",
            "organisation.network.degree": 10.0,
            "simulation.months": 130,
        }
    )
    block = np.arange(1000) < 10
    reached = spread(scenario, seed=seed, threshold=2.0, uses=block)[0]
    return float((reached >= 1.0).argmax())


def _dose_of_nothing(seed: int) -> float:
    """Return the largest change of any KPI by a measure of dose 0."""
    base = read_scenario("leadership-champions").changed({"simulation.months": 6})
    other = base.changed({"programme.mandate": {"dose": 0}})
    simulator = Simulator(base, runs=4, seed=seed)
    rows = [simulator.rows(scenario) for scenario in (base, other)]
    known = [np.isfinite(row) for row in rows]
    if (known[0] != known[1]).any():
        return float("inf")
    return float(np.abs(rows[0] - rows[1])[known[0]].max())


LIMITS: Final[Mapping[str, Limit]] = {
    "T01": Limit(
        "Innovation and imitation grow as Bass says: share using in month 6",
        bass(6.0),
        0.02,
        "share",
        _bass,
    ),
    "T03a": Limit(
        "Thresholds from 0 to 99 bring in everybody, one after the other",
        100.0,
        0.0,
        "people",
        lambda seed: _crowd(seed, np.arange(100)),
    ),
    "T03b": Limit(
        "With the threshold of 1 raised to 2 the crowd stops at the first",
        1.0,
        0.0,
        "people",
        lambda seed: _crowd(seed, np.array([0, 2, *range(2, 100)])),
    ),
    "T05": Limit(
        "On a ring of 1,000 with ten ties, two contacts needed, fronts meet in month",
        124.0,
        0.0,
        "month",
        _ring,
    ),
    "T10": Limit(
        "Constant starting and stopping settle at the share of their rates",
        0.12 / 0.17,
        0.02,
        "share",
        _two_states,
    ),
    "T20": Limit("A measure of dose 0 changes not one bit", 0.0, 0.0, "1", _dose_of_nothing),
}
"""By row of the table of theory, of which the tests of the project hold more."""


def limit_rows(seed: int, sets: tuple[str, ...]) -> list[Row]:
    """Return a row for each limit; parameters play no part, so it is the same under every set."""
    rows = []
    for name, limit in LIMITS.items():
        value = limit.simulated(seed)
        verdict: Verdict = "holds" if abs(value - limit.expected) <= limit.tolerance else "misses"
        within = f" within {100 * limit.tolerance:.0f} points" if limit.tolerance else ", exactly"
        estimate = Estimate(value, math.nan, math.nan)
        line = Line(
            limit.title,
            f"{_told(limit.expected, limit.unit)}{within}",
            (limit.expected, limit.expected - limit.tolerance, limit.expected + limit.tolerance),
            None,
            dict.fromkeys(sets, estimate),
            dict.fromkeys(sets, _told(value, limit.unit)),
            dict.fromkeys(sets, verdict),
            unit=limit.unit,
        )
        off = abs(value - limit.expected)
        reading = "Exact."
        if limit.tolerance:
            reading = f"{100 * off:.1f} points off, from luck and from steps of a part of a month."
        rows.append(
            Row(
                "limits",
                name,
                limit.title,
                "",
                "",
                (),
                (line,),
                dict.fromkeys(sets, verdict),
                reading,
            )
        )
    return rows


def _told(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100.0 * value:.1f} %"
    if unit == "month":
        return f"month {value:.0f}"
    if unit == "people":
        return f"{value:.0f} {'person' if value == 1.0 else 'people'}"
    return f"{value:g}"
