"""How findings are told: in one line, as numbers, and in a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from analysis.studies.patterns.findings import Shown, Verdict, signed

if TYPE_CHECKING:
    import pandas as pd


def message(shown: Sequence[Shown]) -> str:
    """Return how many patterns hold, and which do not."""
    groups = {
        verdict: [one.name for one in shown if one.verdict == verdict]
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


def table(one: Shown) -> pd.DataFrame:
    """Return the findings of a pattern as texts; a star marks those that decide."""
    import pandas as pd

    columns = {
        "compared": [f"{finding.label}{' *' * finding.decides}" for finding in one.findings],
        one.unit: [told(finding.value, one.unit) for finding in one.findings],
        "95 % interval": [span(finding.low, finding.high, one.unit) for finding in one.findings],
    }
    if any(finding.band for finding in one.findings):
        columns["promised"] = [
            span(*finding.band, one.unit) if finding.band else "" for finding in one.findings
        ]
    return pd.DataFrame(columns)


def span(low: float, high: float, unit: str) -> str:
    """Return a range as it is shown."""
    return f"{told(low, unit).removesuffix(' %')} to {told(high, unit)}"
