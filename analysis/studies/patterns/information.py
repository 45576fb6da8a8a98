"""P9: whether information alone does almost nothing, and other measures alone do more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from analysis.studies.patterns.arms import MONTH, Study, adoption
from analysis.studies.patterns.findings import Shown, judged, paired_points, signed
from sim.scenario import read_scenario

LITTLE: Final = 2.0
"""Points of adoption that count as almost nothing."""

ARMS: Final[Mapping[str, tuple[str, ...]]] = {
    "information": ("information-campaign",),
    "trying": ("sandbox", "experience-day", "demonstrations"),
    "peers": ("champions", "peer-training"),
    "permission": ("leadership-example", "protected-time"),
}
"""Measures of each arm, as the catalogue has them; information with three full campaigns."""


def information_is_not_enough(study: Study) -> Shown:
    """Compare information with trying, peers and permission, each alone."""
    base = read_scenario("baseline")
    arms = [read_scenario("information-only").changed({"name": "information"})]
    arms += [
        base.changed({**{f"programme.{measure}": {} for measure in measures}, "name": arm})
        for arm, measures in ARMS.items()
        if arm != "information"
    ]
    simulated = adoption([base, *arms], study)
    gains = {arm: simulated[arm][..., MONTH] for arm in ARMS}
    nothing = simulated[base.name][..., MONTH]
    findings = [paired_points(f"{arm} alone", gain, nothing) for arm, gain in gains.items()]
    info = findings[0]
    ahead = {
        arm: paired_points(arm, gain, gains["information"])
        for arm, gain in gains.items()
        if arm != "information"
    }
    behind = [arm for arm, gap in ahead.items() if gap.low <= 0.0]
    little = abs(info.value) <= LITTLE and info.high <= LITTLE
    points = ", ".join(
        f"{arm} {signed(finding.value)}" for arm, finding in zip(ARMS, findings, strict=True)
    )
    reading = f"Points in month {MONTH}: {points}."
    if behind:
        reading += f" Not clearly more than information: {', '.join(behind)}."
    elif info.high < 0.0:
        reading += (
            " Information alone even takes a little away: it promises what use does not keep."
        )
    elif not little:
        reading += (
            f" Information alone does more than the {LITTLE:.0f} points that are almost nothing."
        )
    more = all(gap.value > 0.0 for gap in ahead.values())
    return Shown("P9", findings, "points", 0.0, judged(little and not behind, more), reading)
