"""What is put to work when: deployments become rounds, each with its dose month by month."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.programme import budget
from sim.programme.levers import levers
from sim.scenario import read_catalogue
from sim.scenario.catalogue import read_events
from sim.scenario.events import Event, KindOfEvent
from sim.scenario.measure import Cost, Measure
from sim.scenario.schema import COUNCIL, AdaptiveRule, Audience, Deployment, Scenario


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
    event
        The event it is, where nobody planned it.
    once
        Share of the costs of setting it up; the rounds of a structural measure share them.
    part
        Part of the people that is paid for, where it takes people and no dose: see
        :attr:`sim.scenario.measure.Measure.takes_people`.
    """

    name: str
    deployment: Deployment
    measure: Measure
    start: int
    dose: Array
    once: float = 1.0
    part: float = 1.0
    event: Event | None = None

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
    there = dict(scenario.deployments)
    council = scenario.organisation.works_council
    if council != "none" and COUNCIL not in there:
        late = scenario.numbers.council_delay if council == "late" else None
        there[COUNCIL] = Deployment(after_go_live=late)
    return there


def access_months(scenario: Scenario) -> tuple[list[int], int]:
    """Return the first month with access of each phase, and of those whom no phase names.

    Where a phase says never, it is the month after the last.
    """
    delay, tool = levers(scenario).delay, scenario.tool
    never = scenario.simulation.months + 1
    months = [
        never if phase.month is None else max(1, phase.month + delay) for phase in tool.phases
    ]
    return months, max(1, tool.go_live + delay)


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


def length_of(deployment: Deployment, measure: Measure, months: int) -> int:
    """Return the months a deployment is in force, or over which a one-off dose is spread."""
    return deployment.months or (1 if measure.lasting == "one_off" else months)


def doses(deployment: Deployment, measure: Measure, months: int) -> Array:
    """Return the dose delivered to a person reached by month [months]: :func:`sim.programme.budget.doses`."""
    again = deployment.repeat
    given: Array = budget.doses(
        measure.lasting == "structural",
        deployment.dose,
        length_of(deployment, measure, months),
        again.every if again else 0,
        again.times if again else 1,
        months=months,
    )
    return given


def rounds(scenario: Scenario) -> list[Round]:
    """Return everything a scenario puts to work, in the order in which pushes are added up.

    A repeated deployment for those who do not use AI yet becomes one round for each time, because
    each time they are others. What trainers cannot deliver in a month is delivered later.
    """
    months = scenario.simulation.months
    listed = []
    for name, deployment in sorted(deployments_of(scenario).items()):
        measure = measure_of(name, deployment)
        start = first_month(deployment, scenario)
        if measure.needs_consent:
            start = max(start, consent(scenario))
        again = deployment.repeat
        if again is None or not deployment.audience.not_yet_using:
            listed.append(_round(name, deployment, measure, start, months))
            continue
        length = deployment.months
        if measure.lasting == "structural":  # one round ends where the next begins
            length = min(length or again.every, again.every)
        single = deployment.model_copy(update={"repeat": None, "months": length})
        for k in range(again.times):
            round_ = _round(name, single, measure, start + k * again.every, months)
            listed.append(round_._replace(once=0.0) if round_.structural and k > 0 else round_)
    for name, rule in sorted(scenario.adaptive.items()):
        listed.append(_adaptive(name, rule, months))
    return [*listed, *happenings(scenario)]


def kind_of(name: str, event: Event) -> KindOfEvent:
    """Return what the library says of an event."""
    return read_events()[event.kind or name]


def happenings(scenario: Scenario) -> list[Round]:
    """Return the events of a scenario as rounds, last of all: so what was before them adds up as before."""
    months, listed = scenario.simulation.months, []
    for name, event in sorted(scenario.happenings.items()):
        deployment = Deployment(
            start=event.month, dose=event.size, audience=Audience(departments=event.departments)
        )
        round_ = _round(
            name, deployment, kind_of(name, event).as_measure(), event.month - 1, months
        )
        listed.append(round_._replace(event=event))
    return listed


def dearer(scenario: Scenario) -> Array:
    """Return by what factor events have changed the price of licences, by month [months]."""
    factors = np.ones(scenario.simulation.months)
    for name, event in sorted(scenario.happenings.items()):
        change = 1.0 + event.size * (kind_of(name, event).price - 1.0)
        factors[event.month - 1 :] *= max(0.0, change)
    return factors


def _round(name: str, deployment: Deployment, measure: Measure, start: int, months: int) -> Round:
    dose = doses(deployment, measure, months)
    dose[max(0, months - max(0, start)) :] = 0.0
    return Round(name, deployment, measure, start, dose)


def _adaptive(name: str, rule: AdaptiveRule, months: int) -> Round:
    measure = measure_of(rule.then.measure or name, rule.then)
    return Round(name, rule.then, measure, -1, doses(rule.then, measure, months))
