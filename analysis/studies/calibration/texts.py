"""What figures of the calibration are called, and how many vectors there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def told_sets(origins: Mapping[str, Any]) -> str:
    """Return in a sentence how many vectors there are and how they were checked."""
    size = next(iter(origins.values()))["size"]
    counts = " and ".join(f"{origin['vectors']} ({name})" for name, origin in origins.items())
    seed = next(iter(origins.values()))["seed"]
    return (
        f"Vectors kept: {counts}, each simulated in {size['pairs']} organisations (runs), the same "
        f"people, ties and luck in both arms of a comparison. Seed {seed}."
    )


def title_of(entry: str, statistic: str) -> str:
    """Return what a figure is, in a few words."""
    from sim.evidence import read_evidence

    check = read_evidence()[entry].check
    if check is None:
        return statistic.replace("_", " ")
    words = statistic.replace("_", " ")
    if statistic in ("with", "without", "difference", "ratio", "spread"):
        words = f"{check.kpi.replace('_', ' ')}, {words}"
    arm = check.without if statistic == "without" and check.without else check.with_
    if statistic not in ("difference", "ratio"):
        return (
            f"{words}: {arm.scenario}" if statistic != "without" else f"{check.kpi}: {arm.scenario}"
        )
    return f"{words}: {arm.scenario}"
