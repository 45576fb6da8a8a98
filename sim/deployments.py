"""What is put to work when: deployments become rounds, each with its dose month by month."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.files import read_catalogue
from sim.levers import levers
from sim.measure import Cost, Measure
from sim.scenario import COUNCIL, AdaptiveRule, Deployment, Scenario, share_of

Array = np.ndarray[Any, Any]


class Round(NamedTuple):
    """One deployment as it is carried out.

    Attributes
    ----------
    name
        Name of the deployment, or of the adaptive rule that starts it.
    deployment, measure
        What the scenario and the catalogue say of it.
    start
        First month, from 0; -1 if an adaptive rule decides.
    dose
        Dose delivered to a person reached, by month since the start [months].
    once
        Share of the costs of setting it up; the rounds of a structural measure share them.
    part
        Part of the people that is paid for, where it takes people and no dose: see
        :attr:`sim.measure.Measure.takes_people`.
    """

    name: str
    deployment: Deployment
    measure: Measure
    start: int
    dose: Array
    once: float = 1.0
    part: float = 1.0

    @property
    def structural(self) -> bool:
        """Whether it holds while in force, instead of fading."""
        return self.measure.lasting == "structural"

    @property
    def cost(self) -> Cost:
        """What it costs here: the catalogue's assumptions, where the scenario has no other."""
        changes = self.deployment.cost.model_dump(exclude_none=True)
        if self.deployment.hours is not None:
            changes.setdefault("monthly_hours_per_participant", self.deployment.hours)
        return self.measure.cost.model_copy(update=changes)


def measure_of(name: str, deployment: Deployment) -> Measure:
    """Return the catalogue's entry of a deployment."""
    return read_catalogue()[deployment.measure or name]


def deployments_of(scenario: Scenario) -> dict[str, Deployment]:
    """Return the deployments in force by name: the programme, and a works council with a say."""
    every = dict(scenario.deployments)
    council = scenario.organisation.works_council
    if council != "none" and COUNCIL not in every:
        late = scenario.numbers.council_delay if council == "late" else None
        every[COUNCIL] = Deployment(after_go_live=late)
    return every


def access_months(scenario: Scenario) -> tuple[list[int], int]:
    """Return the first month with access of each phase, and of those whom no phase names."""
    delay = levers(scenario).delay
    tool = scenario.tool
    return [max(1, one.month + delay) for one in tool.phases], max(1, tool.go_live + delay)


def first_go_live(scenario: Scenario) -> int:
    """Return the first month in which anybody has access."""
    phases, rest = access_months(scenario)
    return min([*phases, rest])


def first_month(deployment: Deployment, scenario: Scenario) -> int:
    """Return the month a deployment starts, counted from 0.

    Go-live is the month in which the last have access: later than planned where little is digital.
    """
    if deployment.after_go_live is not None:
        return max(0, access_months(scenario)[1] - 1 + deployment.after_go_live)
    return deployment.start - 1


def consent(scenario: Scenario) -> int:
    """Return the first month, from 0, in which what a works council has to agree to can be in force."""
    months = scenario.numbers.consent_months
    if scenario.organisation.works_council == "none" or months == 0:
        return 0
    return first_month(deployments_of(scenario)[COUNCIL], scenario) + months


def appointed(one: Round) -> float:
    """Return the share a round appoints and pays for [0 to 1]: of the list, where there is one."""
    share = share_of(one.deployment, one.measure)
    return one.part * (1.0 if share is None else share)


def reached(one: Round) -> float:
    """Return the share of those in the audience whom a round is for [0 to 1], drawn by chance."""
    if not one.measure.takes_people or one.measure.appoints in ("champions", "leaders"):
        return one.deployment.audience.share
    return one.deployment.audience.share * appointed(one)


def doses(deployment: Deployment, measure: Measure, months: int) -> Array:
    """Return the dose delivered to a person reached, by month since the start [months].

    A one-off dose is spread evenly over its months; a structural one is in force in each. A
    repeated deployment starts again, each time with the same dose; where two rounds of a
    structural one overlap, it is in force once.
    """
    dose = np.zeros(months)
    one_off = measure.lasting == "one_off"
    length = deployment.months or (1 if one_off else months)
    amount = deployment.dose / length if one_off else deployment.dose
    again = deployment.repeat
    for k in range(again.times if again else 1):
        first = k * again.every if again else 0
        span = dose[first : first + length]
        span[:] = span + amount if one_off else amount
    return dose


def rounds(scenario: Scenario) -> list[Round]:
    """Return everything a scenario puts to work, in the order in which pushes are added up.

    A repeated deployment for those who do not use AI yet becomes one round for each time, because
    each time they are others. What trainers cannot deliver in a month is delivered later.
    """
    months = scenario.simulation.months
    found = []
    for name, deployment in sorted(deployments_of(scenario).items()):
        measure = measure_of(name, deployment)
        start = first_month(deployment, scenario)
        if measure.needs_consent:
            start = max(start, consent(scenario))
        again = deployment.repeat
        if again is None or not deployment.audience.not_yet_using:
            found.append(_round(name, deployment, measure, start, months))
            continue
        length = deployment.months
        if measure.lasting == "structural":  # one round ends where the next begins
            length = min(length or again.every, again.every)
        single = deployment.model_copy(update={"repeat": None, "months": length})
        for k in range(again.times):
            one = _round(name, single, measure, start + k * again.every, months)
            found.append(one._replace(once=0.0) if one.structural and k > 0 else one)
    for name, rule in sorted(scenario.adaptive.items()):
        found.append(_adaptive(name, rule, months))
    return found


def _round(name: str, deployment: Deployment, measure: Measure, start: int, months: int) -> Round:
    dose = doses(deployment, measure, months)
    dose[max(0, months - max(0, start)) :] = 0.0
    return Round(name, deployment, measure, start, dose)


def _adaptive(name: str, rule: AdaptiveRule, months: int) -> Round:
    measure = measure_of(rule.then.measure or name, rule.then)
    return Round(name, rule.then, measure, -1, doses(rule.then, measure, months))


def delivered(dose: Array, hours_a_dose: float, free: Array) -> Array:
    """Return a dose as trainers can deliver it, what does not fit in a month later.

    Parameters
    ----------
    dose
        Dose by month [months].
    hours_a_dose
        Hours of trainers that a full dose takes.
    free
        Hours of trainers free by month [months]; what is used is taken off, in place.
    """
    if hours_a_dose <= 0.0:
        return dose
    given, waiting = np.zeros_like(dose), 0.0
    for month, wanted in enumerate(dose):
        waiting += float(wanted)
        # In doses, not hours: with trainers enough, what was asked for is given to the last bit.
        given[month] = min(waiting, float(free[month]) / hours_a_dose)
        free[month] = max(0.0, free[month] - given[month] * hours_a_dose)
        waiting -= given[month]
    return given
