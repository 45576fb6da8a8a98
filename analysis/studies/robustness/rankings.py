"""Who comes first, and in how many theories: rankings, and how far they agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from analysis.studies.robustness.study import Robustness
from sim import kpis
from sim.engine.kinds import Array
from sim.study.intervals import half_width


class Agreement(NamedTuple):
    """How far a variant agrees with the model, under one body of evidence.

    Attributes
    ----------
    ranks
        Place of each scenario by the mean over vectors and organisations, 1 for the best.
    tau
        Kendall's tau with the ranking of the model: 1 the same, -1 reversed.
    winner
        Whether the same scenario comes first.
    vectors
        Vectors under which the scenario the model puts first comes first.
    of
        Vectors under which the reference has the same adoption; the others do not count.
    """

    ranks: Array
    tau: float
    winner: bool
    vectors: int
    of: int


class Pair(NamedTuple):
    """How often one scenario stays before another.

    Attributes
    ----------
    evidence
        Evidence set.
    better, worse
        Scenarios, in the order the model puts them in under this evidence.
    difference
        What the model puts between them [as the KPI is shown].
    clear
        Whether that is more than luck.
    agree, reversed
        Share of the other theories and vectors in which the order is the same; in which it is
        clearly the reverse [0 to 1]; not a number where none reaches the same adoption.
    """

    evidence: str
    better: str
    worse: str
    difference: float
    clear: bool
    agree: float
    reversed: float


def sign(kpi: str) -> float:
    """Return 1 where more of a KPI is better, -1 where less is."""
    return -1.0 if kpi in kpis.LOWER_IS_BETTER else 1.0


def scores(robustness: Robustness) -> Array:
    """Return means over organisations, the higher the better [variants, vectors, scenarios]."""
    means: Array = robustness.values.mean(axis=3) * sign(robustness.study.kpi)
    return means


def counted(robustness: Robustness, variant: int, evidence: str) -> list[int]:
    """Return the vectors of an evidence set under which a variant can be compared at all."""
    reached = robustness.reached[variant]
    return [place for place in robustness.study.places(evidence) if reached[place]]


def ranks_of(values: Array) -> Array:
    """Return places from values, 1 for the highest; of equal ones the earlier comes first."""
    places: Array = np.argsort(np.argsort(-values, kind="stable"), kind="stable") + 1
    return places


def standing(robustness: Robustness, evidence: str) -> Array:
    """Return the score of each scenario in the model, over all vectors of an evidence set."""
    mean: Array = scores(robustness)[0, robustness.study.places(evidence)].mean(axis=0)
    return mean


def order(robustness: Robustness) -> list[int]:
    """Return the scenarios from best to worst in the model, over all evidence."""
    mean = scores(robustness)[0].mean(axis=0)
    return [int(place) for place in np.argsort(-mean, kind="stable")]


def agreements(robustness: Robustness, evidence: str) -> list[Agreement | None]:
    """Return how far each variant agrees with the model; None where it cannot be compared."""
    model, every = standing(robustness, evidence), scores(robustness)
    first = int(np.argmax(model))
    return [
        _agreement(every[variant][places], model, first) if places else None
        for variant in range(len(robustness.study.variants))
        for places in [counted(robustness, variant, evidence)]
    ]


def _agreement(values: Array, model: Array, first: int) -> Agreement:
    """Return how far some vectors' scores [vectors, scenarios] agree with those of the model."""
    from scipy.stats import kendalltau

    mean = values.mean(axis=0)
    tau = float(kendalltau(ranks_of(model), ranks_of(mean)).statistic)
    won = int((values.argmax(axis=1) == first).sum())
    return Agreement(ranks_of(mean), tau, int(mean.argmax()) == first, won, len(values))


def pairs(robustness: Robustness, evidence: str) -> list[Pair]:
    """Return for every two scenarios how often they keep the order of the model."""
    names = list(robustness.study.scenarios)
    model = standing(robustness, evidence)
    ranked = [int(place) for place in np.argsort(-model, kind="stable")]
    elsewhere = [
        (variant, place)
        for variant in range(1, len(robustness.study.variants))
        for place in counted(robustness, variant, evidence)
    ]
    here = [(0, place) for place in robustness.study.places(evidence)]
    every = []
    for better, worse in combinations(ranked, 2):
        gaps = _gaps(robustness, better, worse, elsewhere)
        between = _gaps(robustness, better, worse, here)
        every.append(
            Pair(
                evidence,
                names[better],
                names[worse],
                float(between.mean()) * sign(robustness.study.kpi),
                bool(_clear(between.reshape(1, -1))[0] > 0.0),
                float((gaps.mean(axis=1) > 0.0).mean()) if len(gaps) else float("nan"),
                float((_clear(gaps) < 0.0).mean()) if len(gaps) else float("nan"),
            )
        )
    return every


def _gaps(
    robustness: Robustness, better: int, worse: int, places: Sequence[tuple[int, int]]
) -> Array:
    """Return by how much one scenario is before another, pair by pair [places, organisations]."""
    values = robustness.values * sign(robustness.study.kpi)
    gaps = [
        values[variant, place, better] - values[variant, place, worse] for variant, place in places
    ]
    return np.array(gaps).reshape(len(places), values.shape[3])


def _clear(gaps: Array) -> Array:
    """Return the end nearer to nothing of each interval of a mean, 0 where nothing lies in it."""
    count = gaps.shape[1]
    if count < 2:
        return np.zeros(len(gaps))
    half, mean = half_width(gaps), gaps.mean(axis=1)
    near: Array = np.sign(mean) * np.maximum(np.abs(mean) - half, 0.0)
    return near


def winners(robustness: Robustness) -> dict[str, str]:
    """Return the scenario the model puts first, by evidence set."""
    names = list(robustness.study.scenarios)
    return {
        evidence: names[int(np.argmax(standing(robustness, evidence)))]
        for evidence in robustness.study.sets
    }


def firsts(robustness: Robustness, evidence: str) -> tuple[Counter[str], int]:
    """Return how often each scenario comes first in another theory, and how many there are.

    By the mean over the vectors of an evidence set under which the theory can be compared.
    """
    names = list(robustness.study.scenarios)
    others = [
        agreement for agreement in agreements(robustness, evidence)[1:] if agreement is not None
    ]
    return Counter(names[int(other.ranks.argmin())] for other in others), len(others)
