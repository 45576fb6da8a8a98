"""P10: whether leaders and champions together bring less than the product of either."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.comparison import half_width
from analysis.patterns.arms import MONTH, adoption
from analysis.patterns.findings import Finding, Shown, judged
from sim.files import read_scenario

Array = np.ndarray[Any, Any]


def effects_overlap(runs: int, seed: int) -> Shown:
    """Compare leaders and champions together with the product of either."""
    names = ("baseline", "leadership", "champions", "leadership-champions")
    found = adoption([read_scenario(name) for name in names], runs, seed)
    base, leaders, champions, both = (found[name][:, MONTH] for name in names)
    shares = [one.mean() for one in (both, base, leaders, champions)]
    # To first order the log of a mean moves by value / mean, that of odds by / mean (1 - mean).
    ratio = _overlap(
        "times as many users", both, base, leaders, champions,
        shares, [np.log(share) for share in shares],
    )  # fmt: skip
    odds = _overlap(
        "the same of odds, free of the ceiling", both, base, leaders, champions,
        [share * (1.0 - share) for share in shares],
        [np.log(share / (1.0 - share)) for share in shares], decides=False,
    )  # fmt: skip
    times = [one.mean() / base.mean() for one in (leaders, champions, both)]
    reading = (
        f"Leaders {times[0]:.2f} times as many users, champions {times[1]:.2f}: the product would "
        f"be {times[0] * times[1]:.2f}, both bring {times[2]:.2f}. "
    )
    reading += (
        "Odds, which know no ceiling, overlap too."
        if odds.high < 1.0
        else "In odds, which know no ceiling, they do not clearly overlap: the ceiling makes it."
    )
    verdict = judged(ratio.high < 1.0, ratio.value < 1.0)
    return Shown("P10", [ratio, odds], "ratio", 1.0, verdict, reading)


def _overlap(
    label: str,
    both: Array,
    base: Array,
    one: Array,
    other: Array,
    slopes: list[float],
    logs: list[float],
    decides: bool = True,
) -> Finding:
    """Return both x neither / (one x other) with its interval, by the delta method."""
    together = both / slopes[0] + base / slopes[1]
    apart = one / slopes[2] + other / slopes[3]
    half = float(half_width(together, apart, True))
    value = float(np.exp(logs[0] + logs[1] - logs[2] - logs[3]))
    return Finding(label, value, value * np.exp(-half), value * np.exp(half), decides)
