"""P6: whether circles help what needs several confirmations, and hinder what needs one."""

from __future__ import annotations

from typing import Final

from analysis.studies.patterns.arms import Study, in_pieces
from analysis.studies.patterns.findings import Shown, ahead, judged, paired_points
from sim import kpis
from sim.engine.kinds import Array
from sim.parameters import numbers
from sim.scenario.schema import Scenario
from sim.simulator import Simulator
from sim.world import Plan, Worlds

RING: Final = {
    "organisation.employees": 200,
    "organisation.network.degree": 8.0,
    "organisation.network.keep_degree": True,
    "rules.contagion": "step_count",
    "parameters.full_circle": 1.0,
    "rules.decision": "certain",
    "rules.link": "identity",
    "parameters.base_desire": 0.0,
    "parameters.peer_weight": 1.0,
    "parameters.start_rate": 1.0,
    "simulation.substeps": 1,
    "simulation.months": 48,
}
"""A behaviour that spreads by contact only; a month is a step."""

SWAPS: Final = 1.0
"""Share of the ties that start a swap: no circles are left."""


def contagion_on_a_ring(needed: int, rewiring: float, study: Study) -> Array:
    """Return who uses when everybody follows ``needed`` colleagues [1, organisations, months + 1].

    One person and all colleagues of hers use it from the start. Contact is all there is, so no
    parameter vector makes a difference: as many organisations are looked at as with all of them.
    """
    off = {
        f"parameters.{n}": number.neutral
        for n, number in numbers().items()
        if number.neutral is not None
    }
    kind = {"organisation.network.kind": "small_world", "organisation.network.rewiring": rewiring}
    scenario = Scenario(name="ring").changed({**off, **RING, **kind})

    def seeded(worlds: Worlds, plan: Plan) -> tuple[Worlds, Plan]:
        people = worlds.people.copy()
        people["threshold"] = needed
        for staff, start in zip(people, worlds.start, strict=True):
            first = [0, *worlds.other[start[0] : start[1]]]
            staff["uses"][first] = staff["ever_used"][first] = 1
        return worlds._replace(people=people), plan

    def measure(simulator: Simulator) -> Array:
        curves: Array = simulator.simulate(prepare=seeded).rows[:, :, kpis.COLUMN["using"]]
        return curves

    once = Study(study.runs * len(study.vectors), study.seed)
    return in_pieces(measure, once, scenario)


def circles_confirm(study: Study) -> Shown:
    """Compare a ring with one without circles, for one confirmation needed and for more."""
    findings, parts = [], []
    for needed in (1, 2, 3):
        ring, swapped = (contagion_on_a_ring(needed, share, study) for share in (0.0, SWAPS))
        asked = f"{needed} contact{'s' * (needed > 1)}, ring over rewired"
        findings += [
            paired_points(f"{asked}, end", ring[..., -1], swapped[..., -1], needed == 2),
            paired_points(
                f"{asked}, mean",
                ring[..., 1:].mean(axis=-1),
                swapped[..., 1:].mean(axis=-1),
                needed < 3,
            ),
        ]
        whole = 100.0 * float((swapped[..., -1] > 0.5).mean())
        parts.append(f"{needed} in {whole:.0f} %")
    simple, complex_, later = findings[1], findings[2], findings[3]
    reading = (
        f"One contact needed: the ring is {ahead(simple)} over all months. Two: {ahead(complex_)} "
        f"at the end, {ahead(later)} over all months. Without circles it reaches half the people in "
        f"so many organisations, by contacts needed: {', '.join(parts)}."
    )
    # With two needed, ahead at the end but behind on the way is the direction, no more.
    sure = simple.high < 0.0 < complex_.low and later.high > 0.0
    verdict = judged(sure, simple.value < 0.0 < complex_.value)
    return Shown("P6", findings, "points", 0.0, verdict, reading)
