"""How findings are told: in one line, and as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from analysis.studies.patterns.findings import Shown, Verdict, signed


def message(shown: Sequence[Shown]) -> str:
    """Return how many patterns hold, and which do not."""
    groups = {
        verdict: [pattern.name for pattern in shown if pattern.verdict == verdict]
        for verdict in get_args(Verdict)
    }
    text = f"{len(groups['holds'])} of {len(shown)} patterns hold"
    if groups["direction only"]:
        text += f", {' and '.join(groups['direction only'])} in direction only"
    if groups["misses"]:
        text += f", missed: {' and '.join(groups['misses'])}"
    return text


def told(value: float, unit: str) -> str:
    """Return a number as it is shown: points with their sign, shares in per cent, ratios as such."""
    if unit == "points":
        return signed(value)
    if unit == "ratio":
        return f"{value:.2f}"
    return f"{value:.{0 if value >= 9.95 else 1}f} %" if value >= 0.05 else "0 %"


def span(low: float, high: float, unit: str) -> str:
    """Return a range as it is shown."""
    return f"{told(low, unit).removesuffix(' %')} to {told(high, unit)}"
