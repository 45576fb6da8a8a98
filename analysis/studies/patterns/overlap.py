"""P10: whether leaders and champions together bring less than the product of either."""

from __future__ import annotations

from analysis.results.estimates import estimate
from analysis.studies.claims.statistics import divided, odds
from analysis.studies.patterns.arms import MONTH, Study, adoption
from analysis.studies.patterns.findings import Finding, Shown, judged
from sim.engine.kinds import Array
from sim.scenario import read_scenario


def effects_overlap(study: Study) -> Shown:
    """Compare leaders and champions together with the product of either."""
    names = ("baseline", "leadership", "champions", "leadership-champions")
    simulated = adoption([read_scenario(name) for name in names], study)
    base, leaders, champions, both = (simulated[name][..., MONTH] for name in names)
    ratio = over_product("times as many users", both, base, leaders, champions)
    in_odds = over_product(
        "the same of odds, free of the ceiling", both, base, leaders, champions, of_odds=True
    )
    times = [arm.mean() / base.mean() for arm in (leaders, champions, both)]
    reading = (
        f"Leaders {times[0]:.2f} times as many users, champions {times[1]:.2f}: the product would "
        f"be {times[0] * times[1]:.2f}, both bring {times[2]:.2f}. "
    )
    reading += (
        "Odds, which know no ceiling, overlap too."
        if in_odds.high < 1.0
        else "In odds, which know no ceiling, they do not clearly overlap: the ceiling makes it."
    )
    verdict = judged(ratio.high < 1.0, ratio.value < 1.0)
    return Shown("P10", [ratio, in_odds], "ratio", 1.0, verdict, reading)


def over_product(
    label: str, both: Array, base: Array, one: Array, other: Array, *, of_odds: bool = False
) -> Finding:
    """Return both x neither / (one x other), of mean shares or of their odds.

    Parameters
    ----------
    label
        What is compared.
    both, base, one, other
        Shares in the four arms [vectors, organisations].
    of_odds
        Whether to take odds. They say what a ceiling hides, and do not decide.
    """

    def over(*arms: Array) -> float:
        means = [float(arm.mean()) for arm in arms]
        if of_odds:
            means = [odds(mean) for mean in means]
        return divided(means[0] * means[1], means[2] * means[3])

    estimated = estimate(over, both, base, one, other)
    return Finding(label, estimated.value, estimated.low, estimated.high, not of_odds)
