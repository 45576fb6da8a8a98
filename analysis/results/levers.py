"""How much of a measure there is, in the unit people decide in: what sliders move.

A measure that appoints people moves in people: leaders as a share of the leaders, champions by their
number. A course moves in courses, what holds while it is in force in strength.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from analysis.results.tables import plan_of
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.programme.deployments import measure_of
from sim.scenario.schema import Deployment, Scenario, by_name, share_of


class Lever(NamedTuple):
    """A number of a strategy that a slider moves.

    Attributes
    ----------
    name, path
        Which deployment, and where the number stands in the scenario.
    measure, unit
        What is moved, and in what.
    value, high, step
        Where the slider stands and how it moves, in that unit.
    factor
        What one of that unit is in the scenario.
    """

    name: str
    path: str
    measure: str
    unit: str
    value: float
    high: float
    step: float
    factor: float

    @property
    def label(self) -> str:
        """What the slider is called."""
        return f"{self.measure}: {self.unit}"

    @property
    def format(self) -> str:
        """How its numbers are written."""
        return "%d" if self.step >= 1.0 else "%.1f"

    def moved(self, value: float) -> dict[str, float]:
        """Return what changes in the scenario when the slider is moved; nothing if it is not."""
        if abs(value - self.value) < 1e-9:
            return {}
        return {self.path: round(value * self.factor, 9)}


def levers(scenario: Scenario, words: Language) -> list[Lever]:
    """Return the numbers of a strategy that sliders move, one for each measure of its programme."""
    return [
        lever(name, dose, scenario, words)
        for name, dose in scenario.programme.items()
        if dose is not None
    ]


def lever(name: str, deployment: Deployment, scenario: Scenario, words: Language) -> Lever:
    """Return what a slider moves in one deployment of a scenario."""
    measure = measure_of(name, deployment)
    title, path, dose = words.of(measure.title), f"programme.{name}.", float(deployment.dose)
    staff, share = scenario.organisation.employees, share_of(deployment, measure)
    if measure.appoints == "champions" and not by_name(deployment, measure):
        people = float(round((share or 0.0) * staff))
        high = float(min(staff, max(10, 2 * people, round(0.3 * staff))))
        return Lever(name, f"{path}share", title, words._("people"), people, high, 1.0, 1.0 / staff)
    if measure.appoints is not None and not by_name(deployment, measure):
        unit = {"leaders": words._("% of the leaders")}.get(
            measure.appoints, words._("% of those it is for")
        )
        return Lever(
            name,
            f"{path}share",
            title,
            unit,
            round(100.0 * (1.0 if share is None else share), 2),
            100.0,
            5.0,
            0.01,
        )
    if measure.pushes.access > 0.0 or measure.appoints is not None:
        reached = round(100.0 * deployment.audience.share, 2)
        unit = words._("% of those it is for")
        return Lever(name, f"{path}audience.share", title, unit, reached, 100.0, 5.0, 0.01)
    if measure.lasting == "one_off":
        unit = words._("courses a person") if measure.pushes.training > 0.0 else words._("times")
        return Lever(
            name, f"{path}dose", title, unit, dose, min(100.0, max(4.0, 2.0 * dose)), 0.5, 1.0
        )
    return Lever(name, f"{path}dose", title, words._("strength"), dose, max(2.0, dose), 0.1, 1.0)


def costs(scenario: Scenario) -> Mapping[str, float]:
    """Return what each measure costs here [euro], as far as that can be said."""
    try:
        items = plan_of(scenario).items["total"]
    except AdoptionError:
        return {}
    return {str(name): float(cost) for name, cost in items.items() if np.isfinite(cost)}
