"""P3: whether use rises with novelty, sags and settles, though no curve is scripted."""

from __future__ import annotations

from typing import Final

import numpy as np

from analysis.studies.patterns.arms import NO_NOVELTY, Study, expected
from analysis.studies.patterns.findings import Finding, Shown, judged, percent
from sim import kpis
from sim.engine.kinds import Array
from sim.scenario import read_scenario

MOST: Final = (50.0, 100.0)
"""Most organisations [%]."""

NOVELTY_ENDS: Final = 3
"""Last month in which novelty may have its peak."""

TROUGH_ENDS: Final = 9
"""Month after which use is settled."""

STEADY: Final = 0.10
"""Part of the level at the end that use may still move by."""


def peaks_early(intensity: Array) -> Array:
    """Return whether use stood highest of its first months while it was new, and then fell.

    Parameters
    ----------
    intensity
        Expected intensity [..., months + 1]; access from the first month.
    """
    early: Array = intensity[..., 1 : TROUGH_ENDS + 1].argmax(axis=-1) + 1 <= NOVELTY_ENDS
    return early


def settles(intensity: Array) -> Array:
    """Return whether use moves no more than a tenth once the trough is over.

    Parameters
    ----------
    intensity
        Expected intensity [..., months + 1]; access from the first month.
    """
    end = intensity[..., -1:]
    steady: Array = (np.abs(intensity[..., TROUGH_ENDS:] - end) <= STEADY * end).all(axis=-1)
    return steady


def sags(intensity: Array) -> Array:
    """Return whether use has a trough [vectors, organisations]; see :func:`sim.kpis.has_trough`."""
    flat = intensity.reshape(-1, intensity.shape[-1])
    return kpis.has_trough(flat).reshape(intensity.shape[:-1])


def novelty_sags(study: Study) -> Shown:
    """Look at the expected curve of each organisation, with and without anything new."""
    base = read_scenario("baseline")
    bare = base.changed({"programme.launch": None})
    findings: list[Finding] = []
    for ending, intensity in (
        ("", expected(base, study)),
        (", nothing new", expected(bare, study, NO_NOVELTY)),
    ):
        as_is = not ending
        band = MOST if as_is else None
        findings += [
            percent(f"highest of 9 in months 1-3{ending}", peaks_early(intensity), as_is, band),
            percent(f"a trough by month 9{ending}", sags(intensity), as_is, band),
            percent(f"settled after month 9{ending}", settles(intensity), as_is, band),
        ]
    peak, trough, settled, _, still, _ = findings
    reading = (
        f"Use peaks in the first three months in {peak.value:.0f} % of organisations, sags in "
        f"{trough.value:.0f} % and stays within a tenth after month {TROUGH_ENDS} in "
        f"{settled.value:.0f} %. With neither launch nor novelty {still.value:.0f} % sag: "
    )
    reading += "novelty makes the trough." if still.value < 10.0 else "not all of it is novelty."
    deciding = findings[:3]
    # Up and down are the pattern's direction; that it is quiet afterwards is the rest of it.
    verdict = judged(all(finding.inside for finding in deciding), peak.inside and trough.inside)
    return Shown("P3", findings, "%", None, verdict, reading)
