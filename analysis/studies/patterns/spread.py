"""P4: whether the same talks and courses do more when they are spread than at once."""

from __future__ import annotations

from typing import Final

from analysis.studies.patterns.arms import Study, adoption
from analysis.studies.patterns.findings import Shown, ahead, judged, paired_points, signed
from sim.scenario import read_scenario

SMALL: Final = 0.1
"""Part of the doses at which pushes add up: 1 - exp(-A) is then A to within a few percent."""

END: Final = 24
"""Month in which the spread programme ends."""

LATER: Final = 36
"""A year after that."""


def spread_beats_rush(study: Study) -> Shown:
    """Compare the same talks and courses over two years and in three months."""
    longer = {"simulation.months": LATER}
    arms = [read_scenario("baseline").changed(longer)]
    for name in ("front-loaded", "continuous"):
        scenario = read_scenario(name).changed(longer)
        doses = {
            f"programme.{measure}.dose": SMALL * deployment.dose
            for measure, deployment in scenario.deployments.items()
            if deployment.months is not None
        }
        arms += [scenario, scenario.changed({**doses, "name": f"{name}-small"})]
    simulated = adoption(arms, study)
    base, rush, spread = simulated["baseline"], simulated["front-loaded"], simulated["continuous"]
    little = [simulated[f"{name}-small"][..., END] for name in ("continuous", "front-loaded")]
    end = paired_points(f"spread over rush, month {END}", spread[..., END], rush[..., END])
    tenth = paired_points(f"month {END}, a tenth of the doses", little[0], little[1], False)
    later = paired_points(f"month {LATER}", spread[..., LATER], rush[..., LATER], False)
    whole = paired_points(
        f"mean of months 1 to {END}",
        spread[..., 1 : END + 1].mean(axis=-1),
        rush[..., 1 : END + 1].mean(axis=-1),
        False,
    )
    middle = paired_points("month 12", spread[..., 12], rush[..., 12], False)
    reading = (
        f"Rush brings {signed(100 * (rush - base)[..., END].mean())} points by month {END}, spread "
        f"{signed(100 * (spread - base)[..., END].mean())}; a year later spread is {ahead(later)}. "
        f"At a tenth of the doses the gap is {signed(tenth.value, 2)}, a tenth of it would be "
        f"{signed(SMALL * end.value, 2)}: "
    )
    reading += (
        "saturation does not make it, early pushes fade."
        if tenth.low > 0.0
        else "without saturation no gap is sure."
    )
    if whole.high < 0.0:
        reading += f" Over the {END} months together rush is ahead, because it is early."
    verdict = judged(end.low > 0.0, end.value > 0.0)
    return Shown("P4", [end, middle, whole, later, tenth], "points", 0.0, verdict, reading)
