"""P2: whether leaders who use AI lift adoption, and how much of it is their example."""

from __future__ import annotations

import math
from typing import Final

from analysis.results.estimates import estimate
from analysis.studies.claims.statistics import divided, odds
from analysis.studies.patterns.arms import MONTH, Study, curves
from analysis.studies.patterns.findings import Finding, Shown, judged
from sim.engine.kinds import Array
from sim.scenario import read_scenario

ODDS: Final = (2.5, 5.5)
"""Odds ratio of weekly use, leaders who use it visibly against leaders who do not."""


def odds_ratio(label: str, one: Array, other: Array, decides: bool = True) -> Finding:
    """Return the odds ratio of two mean shares with its interval.

    Parameters
    ----------
    label
        What is compared.
    one, other
        Shares [vectors, organisations].
    decides
        Whether the verdict rests on it, and a band is known.
    """

    def ratio(first: Array, second: Array) -> float:
        return divided(odds(float(first.mean())), odds(float(second.mean())))

    estimated = estimate(ratio, one, other)
    band = ODDS if decides else None
    return Finding(label, estimated.value, estimated.low, estimated.high, decides, band)


def leaders_lift_adoption(study: Study) -> Shown:
    """Compare committed leaders with none, with and without anybody following their example."""
    arms = [read_scenario(name) for name in ("baseline", "leadership")]
    simulated = curves(arms, study)
    alone = curves(arms, study, fixed={"leader_weight": 0.0})
    base, leaders = (simulated[arm.name]["adoption"][..., MONTH] for arm in arms)
    base_alone, seeds = (alone[arm.name]["adoption"][..., MONTH] for arm in arms)
    whole = odds_ratio("leaders over none", leaders, base)
    seeding = odds_ratio("the same, nobody follows examples", seeds, base_alone, False)
    gained = 100.0 * float((leaders - base).mean())
    share = math.log(seeding.value) / math.log(whole.value) if whole.value > 1.0 else math.nan
    reading = (
        f"Leaders who use it visibly lift weekly use by {gained:.0f} points in month {MONTH}, an "
        f"odds ratio of {whole.value:.1f}. Where nobody follows examples it is "
        f"{seeding.value:.1f}: {100.0 * share:.0f} % of the effect (in log odds) is that they "
        "are users whom others notice, and that they speak of it; the rest is their example."
    )
    verdict = judged(whole.inside and whole.low > 1.0, whole.low > 1.0)
    return Shown("P2", [whole, seeding], "ratio", 1.0, verdict, reading)
