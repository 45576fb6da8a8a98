"""P5: whether champions at the centre of the network do more than others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from analysis.studies.patterns.arms import MONTH, Study, in_pieces
from analysis.studies.patterns.findings import Shown, judged, paired_points, signed
from sim import kernel, kpis
from sim.engine.kinds import Array
from sim.people import selection
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.simulator import Simulator, Vector
from sim.state import EMPLOYEE
from sim.world import Plan, Worlds

THRESHOLDS: Final[Mapping[str, Vector]] = {
    "as they are": {},
    "low": {"threshold_shape_a": 1.0, "threshold_shape_b": 3.0},
    "high": {"threshold_shape_a": 3.0, "threshold_shape_b": 1.0, "low_threshold_share": 0.0},
}
"""Thresholds of colleagues: means of about .4, .2 and .75."""

PLACES: Final = {"central": 1.0, "random": 0.0, "peripheral": -1.0}
"""Champions by their ties: the weight of a tie in being chosen."""


def champions_by_ties(
    scenario: Scenario, weight: float, study: Study, fixed: Vector | None = None
) -> Array:
    """Return adoption with champions chosen by their ties [vectors, organisations, months + 1].

    Champions are appointed here, before the first month, and do not tire.

    Parameters
    ----------
    scenario
        With champions.
    weight
        1: most ties first; 0: by chance; -1: fewest ties first. Chance decides between equals.
    study
        What is simulated.
    fixed
        Numbers of the rules that are the same whatever the vector says.
    """

    def appointed(worlds: Worlds, plan: Plan) -> tuple[Worlds, Plan]:
        office = plan.programme.offices[0]
        wanted, capacity = int(office["champions"]), float(office["capacity"])
        offices = plan.programme.offices.copy()
        offices["champions"] = 0  # they are there already
        people = worlds.people.copy()
        for staff, start, stream in zip(people, worlds.start, worlds.streams, strict=True):
            luck = selection.lots(staff["key"], selection.FAVOUR, study.seed, stream)
            score = np.where(staff["role"] == EMPLOYEE, weight * np.diff(start) + luck, -np.inf)
            staff["champion"][selection.ranked(score)[:wanted]] = 1
            kernel.give_places(staff, start, worlds.other, capacity)
        changed = plan._replace(programme=plan.programme._replace(offices=offices))
        return worlds._replace(people=people), changed

    def measure(simulator: Simulator) -> Array:
        curves: Array = simulator.simulate(prepare=appointed).rows[:, :, kpis.COLUMN["adoption"]]
        return curves

    return in_pieces(measure, study, scenario, {**(fixed or {}), "champion_fatigue": 0.0})


def champions_at_the_centre(study: Study) -> Shown:
    """Compare champions with many ties, by chance, and with few ties, at three thresholds."""
    champions = read_scenario("champions")
    findings, gaps = [], {}
    for called, changes in THRESHOLDS.items():
        central, chance, edge = (
            champions_by_ties(champions, weight, study, changes)[..., MONTH]
            for weight in PLACES.values()
        )
        decides = not changes
        ending = f", {called} thresholds" if changes else ""
        findings += [
            paired_points(f"centre over chance{ending}", central, chance, decides),
            paired_points(f"centre over edge{ending}", central, edge, decides),
        ]
        gaps[called] = central - chance
    more = paired_points("over chance, high less low", gaps["high"], gaps["low"], False)
    findings.append(more)
    where = "no clear difference between high and low thresholds"
    if more.low > 0.0 or more.high < 0.0:
        where = f"{'more' if more.low > 0.0 else 'less'} so at high thresholds than at low ones"
    first, second = findings[:2]
    reading = (
        f"Ties are worth {signed(first.value)} points over chance and {signed(second.value)} over "
        f"the edge in month {MONTH}; {where} ({signed(more.value)})."
    )
    verdict = judged(min(first.low, second.low) > 0.0, min(first.value, second.value) > 0.0)
    return Shown("P5", findings, "points", 0.0, verdict, reading)
