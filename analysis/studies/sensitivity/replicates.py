"""How many organisations are enough: how far means, differences and spreads are from settling.

A run is one organisation. What is asked is how many of them a mean needs to be known to so many
points, at the defaults and anywhere in the prior.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from analysis.studies.sensitivity.designs import sobol_design
from analysis.studies.sensitivity.points import Outcome, Simulator, evaluate, write_pages
from analysis.studies.sensitivity.texts import number, unit_of
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario.schema import Simulation
from sim.study.experiments import CHUNK_PEOPLE, Progress, in_order
from sim.study.intervals import t_quantile
from sim.study.provenance import provenance
from sim.study.sweeps.factors import prior_factors

if TYPE_CHECKING:
    import pandas as pd


LEAST: Final = 10
"""Organisations from which on a curve is drawn."""

ORDERS: Final = 200
"""Random orders of the organisations, between which a curve lies."""

VECTORS: Final = 16
"""Places in the prior at which the number needed is looked for too."""

THERE: Final = 100
"""Organisations at each of them."""

MOST: Final = 10_000_000

NORMAL: Final = 1.9599
"""Quantile of a normal distribution for a 95 % interval."""

DEFAULT_RUNS: Final[int] = Simulation().runs
"""Organisations of a comparison that does not say how many."""


class Stability(NamedTuple):
    """How an outcome settles with the number of organisations.

    Attributes
    ----------
    outcome
        What is looked at.
    mean, deviation
        Over all organisations simulated.
    alone
        Standard deviation that a difference would have without pairs; that of the level itself.
    counts
        Numbers of organisations looked at.
    half
        Half the 95 % interval of a mean of so many [counts].
    variation
        Coefficient of variation as so many tell it: median, low and high of 90 % of random orders
        [3, counts].
    needed
        Organisations for the precision asked for.
    needed_alone
        The same without pairs.
    needed_elsewhere
        The same with pairs at other vectors of the prior: median, and nine in ten of them [2].
    """

    outcome: Outcome
    mean: float
    deviation: float
    alone: float
    counts: Array
    half: Array
    variation: Array
    needed: int
    needed_alone: int
    needed_elsewhere: tuple[int, int]


def needed(deviation: float, precision: float) -> int:
    """Return how many organisations give a mean to this precision with 95 % confidence.

    Parameters
    ----------
    deviation
        Standard deviation between organisations.
    precision
        Half the width of the interval, in the same unit.

    Examples
    --------
    >>> needed(10.0, 1.0)
    387
    """
    if not precision > 0.0:
        raise AdoptionError(f"precision: found {precision:g}, expected more than 0")
    number = max(2, int((NORMAL * deviation / precision) ** 2))  # never more than by the t
    while number < MOST and t_quantile(number - 1) * deviation > precision * number**0.5:
        number += 1
    return number


def grid(organisations: int) -> Array:
    """Return numbers of organisations to look at, evenly spread on a logarithmic scale."""
    least = min(LEAST, max(2, organisations // 2))
    return np.unique(np.geomspace(least, organisations, 40).round().astype(int))


def stability(
    simulator: Simulator,
    precision: float,
    progress: Progress | None = None,
) -> list[Stability]:
    """Return how every outcome settles with the number of organisations.

    Parameters
    ----------
    simulator
        What is looked at, with many organisations.
    precision
        Half the 95 % interval asked for, in the unit of the outcomes (points for shares).
    progress
        Called with the part of the work finished and the whole.

    Raises
    ------
    InterruptedStudyError
        If interrupted.
    """
    if simulator.organisations < LEAST:
        raise AdoptionError(
            f"organisations: found {simulator.organisations}, expected at least {LEAST}"
        )
    total = simulator.organisations + VECTORS * THERE
    size = max(scenario.organisation.employees for scenario in simulator.scenarios.values())
    chunk = max(1, min(50, CHUNK_PEOPLE // size))
    streams = np.arange(simulator.organisations)
    pieces = np.array_split(streams, -(-streams.size // chunk))
    wide = _with_levels(simulator)
    parts = in_order(
        lambda piece: {"values": wide.of({}, piece)},
        pieces,
        os.cpu_count() or 1,
        lambda done, _: _tell(progress, done, total),
        streams.size,
    )
    values = [part["values"] for part in parts]
    if len(values) < len(pieces):
        raise InterruptedStudyError("interrupted before all organisations were finished")
    places = sobol_design(prior_factors(), VECTORS, simulator.seed).points()[
        :: len(prior_factors()) + 2
    ]
    elsewhere = evaluate(
        replace(simulator, organisations=THERE),
        places,
        progress=lambda done, of: _tell(progress, streams.size + done * THERE, total),
    ).std(axis=2, ddof=1)
    every = np.concatenate(values, axis=1)
    levels = dict(zip(simulator.scenarios, every[len(simulator.outcomes) :], strict=True))
    return [
        settled(
            outcome,
            every[number],
            precision,
            (levels[outcome.scenario], levels[outcome.against]) if outcome.against else None,
            elsewhere[:, number],
            seed=simulator.seed,
        )
        for number, outcome in enumerate(simulator.outcomes)
    ]


def settled(
    outcome: Outcome,
    values: Array,
    precision: float,
    apart: tuple[Array, Array] | None = None,
    elsewhere: Array | None = None,
    *,
    seed: int = 1,
) -> Stability:
    """Return how one outcome settles.

    Parameters
    ----------
    outcome
        What it is.
    values
        In each organisation.
    precision
        Half the 95 % interval asked for.
    apart
        Levels of the two scenarios of a contrast.
    elsewhere
        Standard deviations between organisations at other vectors.
    seed
        Of the random orders.
    """
    counts = grid(values.size)
    quantile = t_quantile(counts - 1)
    deviation = float(values.std(ddof=1))
    alone = deviation
    if apart is not None:
        alone = float(np.sqrt(sum(values.var(ddof=1) for values in apart)))
    numbers = [
        needed(float(deviation), precision)
        for deviation in ([] if elsewhere is None else elsewhere)
    ]
    both = np.quantile(numbers, [0.5, 0.9], method="inverted_cdf") if numbers else np.zeros(2)
    return Stability(
        outcome,
        float(values.mean()),
        deviation,
        alone,
        counts,
        quantile * deviation / np.sqrt(counts),
        _variation(values, counts, seed),
        needed(deviation, precision),
        needed(alone, precision),
        (int(both[0]), int(both[1])),
    )


def _variation(values: Array, counts: Array, seed: int) -> Array:
    """Return the coefficient of variation that the first so many of random orders tell."""
    rng = np.random.default_rng(seed)
    orders = np.array([rng.permutation(values) for _ in range(ORDERS)])
    sums, squares = np.cumsum(orders, axis=1), np.cumsum(orders * orders, axis=1)
    means = sums[:, counts - 1] / counts
    variances = np.maximum(0.0, squares[:, counts - 1] / counts - means * means)
    deviations = np.sqrt(variances * counts / (counts - 1))
    ratios = np.full(means.shape, np.nan)
    np.divide(deviations, np.abs(means), out=ratios, where=means != 0.0)
    quantiles: Array = np.quantile(ratios, [0.5, 0.05, 0.95], axis=0)
    return quantiles


def _with_levels(simulator: Simulator) -> Simulator:
    """Return the same with the level of every scenario after the outcomes."""
    first = simulator.outcomes[0]
    levels = tuple(Outcome(name, "", first.kpi, first.month) for name in simulator.scenarios)
    return replace(simulator, outcomes=simulator.outcomes + levels)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def precision_at(stability: Stability, runs: int) -> float:
    """Return half the 95 % interval of a mean of so many organisations."""
    return float(t_quantile(runs - 1)) * stability.deviation / float(runs**0.5)


def stability_table(stabilities: Sequence[Stability], runs: int = DEFAULT_RUNS) -> pd.DataFrame:
    """Return a row for each outcome: how exact so many runs are, and how many are needed."""
    import pandas as pd

    return pd.DataFrame(
        {
            "outcome": stability.outcome.name,
            "mean": stability.mean,
            "deviation": stability.deviation,
            "variation": float(stability.variation[0, -1]),
            f"interval_at_{runs}": precision_at(stability, runs),
            "needed": stability.needed,
            "needed_without_pairs": stability.needed_alone,
            "needed_in_prior": stability.needed_elsewhere[0],
            "needed_in_nine_of_ten": stability.needed_elsewhere[1],
        }
        for stability in stabilities
    ).set_index("outcome")


def justified(stabilities: Sequence[Stability], precision: float, runs: int = DEFAULT_RUNS) -> str:
    """Return what the default number of runs is enough for, in a sentence."""
    contrasts = [stability for stability in stabilities if stability.outcome.against] or list(
        stabilities
    )
    what = "a contrast" if contrasts[0].outcome.against else "a level"
    worst = max(precision_at(contrast, runs) for contrast in contrasts)
    most = max(contrast.needed for contrast in contrasts)
    unit = unit_of(contrasts[0].outcome)
    text = f"With {runs} organisations {what} is known to ±{number(worst)} {unit}"
    if most <= runs:
        return f"{text}: enough for ±{precision:g}"
    return f"{text}; for ±{precision:g} it takes {most:,}"


def save(
    stabilities: Sequence[Stability], simulator: Simulator, precision: float, root: Path
) -> Path:
    """Write how outcomes settle, and what made it; return the folder.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    made = provenance(simulator.scenarios, simulator.seed, simulator.organisations)
    asked = {
        "outcomes": [outcome._asdict() for outcome in simulator.outcomes],
        "precision": precision,
        "vectors": VECTORS,
        "organisations_of_a_vector": THERE,
        "factors": [factor.as_dict() for factor in prior_factors()],
    }
    text = json.dumps([asked, made["fingerprint"]], sort_keys=True)
    folder = root / "sensitivity" / f"replicates-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    write_pages(
        folder,
        {
            "stability.csv": stability_table(stabilities).to_csv(lineterminator="\n"),
            "provenance.json": json.dumps({"replicates": asked, **made}, indent=2) + "\n",
        },
    )
    return folder
