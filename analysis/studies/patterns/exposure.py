"""P8: how many start before anybody they know, and what the others saw, from the log of events."""

from __future__ import annotations

from typing import Final

import numpy as np

from analysis.studies.patterns.arms import Study, in_pieces
from analysis.studies.patterns.findings import Shown, judged, percent
from sim import kernel
from sim.engine.kinds import Array
from sim.scenario import read_scenario
from sim.simulator import Simulator

ALONE: Final = (20.0, 40.0)
"""First starts without a colleague who uses it [%]."""

SEEN: Final = (25.0, 50.0)
"""Median share of colleagues who use it, at the first start [%]."""

GRAIN: Final = 200
"""Parts into which exposure is counted."""

RUN, KIND, EXPOSURE = (kernel.EVENT.index(name) for name in ("run", "kind", "exposure"))


def starts_by_exposure(study: Study) -> Array:
    """Return how many first starts there were at each exposure [vectors, organisations, parts + 1].

    The first part is an exposure of exactly 0; part k is up to k / ``GRAIN``.
    """

    def measure(simulator: Simulator) -> Array:
        log = simulator.simulate(keep_events=True).events
        log = log[log[:, KIND] == kernel.START]
        counts = np.zeros((simulator.runs, GRAIN + 1))
        part = np.ceil(GRAIN * log[:, EXPOSURE] - 1e-9).astype(int)
        np.add.at(counts, (log[:, RUN].astype(int), part), 1.0)
        return counts

    return in_pieces(measure, study, read_scenario("baseline"))


def alone(counts: Array) -> float:
    """Return the share of first starts without a using colleague [0 to 1]."""
    total = float(counts.sum())
    return float(counts[..., 0].sum()) / total if total > 0.0 else float("nan")


def median_seen(counts: Array) -> float:
    """Return the median exposure at the first start [0 to 1]."""
    together = counts.reshape(-1, counts.shape[-1]).sum(axis=0).cumsum()
    if together[-1] == 0.0:
        return float("nan")
    return float(np.searchsorted(together, 0.5 * together[-1])) / GRAIN


def some_start_alone(study: Study) -> Shown:
    """Look at the exposure of everybody who starts, with licences only."""
    counts = starts_by_exposure(study)
    by_themselves = percent("started with no using colleague", counts, True, ALONE, alone)
    seen = percent("median of colleagues using, at start", counts, True, SEEN, median_seen)
    reading = (
        f"{by_themselves.value:.0f} % of first starts have no using colleague; half of all see "
        f"at least {seen.value:.0f} % of their colleagues use it."
    )
    deciding = (by_themselves, seen)
    verdict = judged(
        all(finding.inside for finding in deciding), all(finding.near for finding in deciding)
    )
    return Shown("P8", [by_themselves, seen], "%", None, verdict, reading)
