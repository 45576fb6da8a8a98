"""What the programme does: measures, deployments and budget become pushes and euros per month."""

from __future__ import annotations

import math
import zlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim import draws
from sim.channels import CHANNELS, LAUNCH, RELIEFS, TRAINING, Push, carry_over, strength
from sim.compiled import rule
from sim.errors import BudgetError, Problem, ScenarioError
from sim.files import read_catalogue
from sim.measure import Measure, Message, Pushes
from sim.parameters import Parameters
from sim.population import SELECTION, Chart, department_names
from sim.scenario import Deployment, Scenario
from sim.state import ARCHETYPES, EMPLOYEE, ROLES

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

WIDTH: Final = len(Push._fields)
MOST_DEPLOYMENTS: Final = 63
"""Deployments a person's reach is kept of, in the bits of one number."""

MOST_RELIEF: Final = 0.99
"""Largest share of a threat that one full dose removes, whatever the scale."""

DEFAULT_CHAMPIONS: Final = 0.08


class Programme(NamedTuple):
    """A programme as both engines read it; D deployments, M months.

    Attributes
    ----------
    amount
        What each deployment does to a person reached, per month and field of Push [D, M, 9].
    departments, roles, archetypes
        Whether each deployment is meant for them [D, number of them].
    share, code
        Share of those reached, and the stable number that names the deployment's chance [D].
    leaders_share, commitment
        Share of leaders who commit, and whether the commitment is in force [M].
    champions_share, selection, eligible, service
        Champions as a share of the staff, how they are chosen, the deployment's number (its
        audience may be chosen; -1 for none), and months they have served, -1 while not [M].
    coaching
        What a full coaching place does, per month and field of Push [M, 9].
    """

    amount: Array
    departments: Array
    roles: Array
    archetypes: Array
    share: Array
    code: Array
    leaders_share: float
    commitment: Array
    champions_share: float
    selection: int
    eligible: int
    service: Array
    coaching: Array


# --- From deployments to pushes -----------------------------------------------------------


def in_force(deployment: Deployment, measure: Measure, months: int) -> range:
    """Return the months a deployment is in force, counted from 0 and cut at the horizon."""
    first = deployment.start - 1
    length = deployment.months or (1 if measure.lasting == "one_off" else months)
    return range(min(first, months), min(first + length, months))


def doses(deployment: Deployment, measure: Measure, months: int) -> Array:
    """Return the dose delivered each month to a person reached [months].

    A one-off dose is spread evenly over its months; a structural one is in force in each.
    """
    dose = np.zeros(months)
    force = in_force(deployment, measure, months)
    planned = deployment.months or 1
    dose[force.start : force.stop] = (
        deployment.dose / planned if measure.lasting == "one_off" else deployment.dose
    )
    return dose


def stocks(dose: Array, structural: bool, lasting: float) -> Array:
    """Return the stock each month: doses that carry over; a structural one holds its dose."""
    stock = np.zeros_like(dose)
    before = 0.0
    for month, given in enumerate(dose):
        if structural and given > 0.0:
            before = float(given)
        else:
            before = carry_over(before, float(given), lasting)
        stock[month] = before
    return stock


def pushes(channel_effects: Pushes, dose: Array, structural: bool, p: Parameters) -> Array:
    """Return what a measure's channels do per month [months, 9], given its doses."""
    amount = np.zeros((dose.size, WIDTH))
    stock = stocks(
        dose, structural, p.structural_carry_over if structural else p.one_off_carry_over
    )
    for index, channel in enumerate(CHANNELS):
        effect = getattr(channel_effects, channel)
        if channel in RELIEFS:
            amount[:, index] = strength(min(p.relief_scale * effect, MOST_RELIEF)) * stock
        elif index == LAUNCH:
            lasting = math.exp(-1.0 / p.launch_novelty_time)
            amount[:, index] = effect * stocks(dose, structural, lasting)
        elif index == TRAINING:
            amount[:, index] = effect * dose
        else:
            amount[:, index] = strength(effect) * stock
    return amount


def speak(message: Message, deployment: Deployment, p: Parameters) -> tuple[float, float]:
    """Return the pull of a message at a stock of 1 [1/month] and the usefulness it promises.

    A two-sided message is believed more and promises what a practised colleague would confirm;
    a one-sided one promises the hype as well. Interactive beats one-way, concrete beats abstract.
    """
    balanced = (deployment.balance or message.balance) == "two_sided"
    pull = p.message_rate * message.strength
    pull *= p.two_sided_credibility if balanced else p.one_sided_credibility
    if (deployment.format or message.format) == "interactive":
        pull *= p.interactive_factor
    if (deployment.concreteness or message.concreteness) == "abstract":
        pull *= p.abstract_factor
    level = p.tool_quality if balanced else min(1.0, p.tool_quality + p.hype)
    return pull, level


def measure_of(name: str, deployment: Deployment) -> Measure:
    """Return the catalogue's entry of a deployment."""
    return read_catalogue()[deployment.measure or name]


def compile_programme(scenario: Scenario) -> Programme:
    """Return a scenario's programme as both engines read it.

    Raises
    ------
    ScenarioError
        If two deployments appoint the same kind of people, or there are too many.
    BudgetError
        If the programme costs more than the budget.
    """
    months, p = scenario.simulation.months, scenario.numbers
    every = scenario.deployments
    if len(every) > MOST_DEPLOYMENTS:
        raise ScenarioError(
            [Problem(f"found {len(every)} deployments, at most {MOST_DEPLOYMENTS}", "programme")]
        )
    check_budget(scenario)
    names = department_names(scenario.organisation)
    size = len(every)
    amount = np.zeros((size, months, WIDTH))
    departments = np.ones((size, len(names)), np.bool_)
    roles = np.ones((size, len(ROLES)), np.bool_)
    archetypes = np.ones((size, len(ARCHETYPES)), np.bool_)
    share = np.ones(size)
    code = np.zeros(size, np.int64)
    leaders_share, commitment = 0.0, np.zeros(months, np.bool_)
    champions_share, selection, eligible = 0.0, 0, -1
    service, coaching = np.full(months, -1, np.int64), np.zeros((months, WIDTH))
    appointed: dict[str, str] = {}

    for d, (name, deployment) in enumerate(sorted(every.items())):  # as pushes are summed in order
        measure = measure_of(name, deployment)
        structural = measure.lasting == "structural"
        dose = doses(deployment, measure, months)
        amount[d] = pushes(measure.pushes, dose, structural, p)
        if measure.message is not None:
            pull, level = speak(measure.message, deployment, p)
            lasting = p.structural_carry_over if structural else p.one_off_carry_over
            amount[d, :, -2] = pull * stocks(dose, structural, lasting)
            amount[d, :, -1] = level * amount[d, :, -2]
        audience = deployment.audience
        for allowed, known, wanted in (
            (departments, names, audience.departments),
            (roles, list(ROLES), audience.roles),
            (archetypes, list(ARCHETYPES), audience.archetypes),
        ):
            if wanted is not None:
                allowed[d] = [one in wanted for one in known]
        share[d] = audience.share
        code[d] = zlib.crc32(name.encode()) & 0x7FFFFFFF
        if measure.appoints is None:
            continue
        if measure.appoints in appointed:
            raise ScenarioError(
                [
                    Problem(
                        f"'{name}' and '{appointed[measure.appoints]}' both appoint "
                        f"{measure.appoints}: keep one of them",
                        f"programme.{name}",
                    )
                ]
            )
        appointed[measure.appoints] = name
        force = in_force(deployment, measure, months)
        if measure.appoints == "leaders":
            leaders_share = appointed_share(deployment, measure)
            commitment[force.start : force.stop] = True
        else:
            champions_share = appointed_share(deployment, measure)
            selection = SELECTION.index(deployment.selection or measure.selection or "random")
            eligible = d
            served = np.arange(len(force))
            service[force.start : force.stop] = served
            if measure.coaching is not None:
                dose[force.start : force.stop] *= (1.0 - p.champion_fatigue) ** served
                coaching = pushes(measure.coaching, dose, structural, p)

    return Programme(
        amount, departments, roles, archetypes, share, code,
        leaders_share, commitment,
        champions_share, selection, eligible, service, coaching,
    )  # fmt: skip


def appointed_share(deployment: Deployment, measure: Measure) -> float:
    """Return the share a deployment appoints: its own, the measure's, or the usual."""
    for share in (deployment.share, measure.share):
        if share is not None:
            return share
    return 1.0 if measure.appoints == "leaders" else DEFAULT_CHAMPIONS


# --- Whom it reaches ----------------------------------------------------------------------


@rule
def reach(people: Array, i: int, programme: Programme, seed: int, stream: int) -> int:
    """Return which deployments reach person ``i``, one bit each."""
    mask = 0
    for d in range(programme.share.size):
        if (
            programme.departments[d, people[i].department]
            and programme.roles[d, people[i].role]
            and programme.archetypes[d, people[i].archetype]
            and (
                programme.share[d] >= 1.0
                or draws.uniform(seed, stream, draws.AUDIENCE, people[i].key, 0, programme.code[d])
                < programme.share[d]
            )
        ):
            mask |= 1 << d
    return mask


@rule
def add_up(programme: Programme, mask: int, month: int) -> Push:
    """Return what the deployments of a mask do together in a month, counted from 0."""
    total = np.zeros(WIDTH)
    for d in range(programme.share.size):
        if (mask >> d) & 1:
            for k in range(WIDTH):
                total[k] += programme.amount[d, month, k]
    return as_push(total)


@rule
def as_push(row: Array) -> Push:
    """Return a row of numbers as a Push."""
    return Push(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8])


# --- What it costs ------------------------------------------------------------------------


def participants(name: str, deployment: Deployment, scenario: Scenario, plan: Chart) -> float:
    """Return how many people take part: the appointed ones, or the audience.

    Where the audience is chosen by archetype, this is the expected number.
    """
    measure, organisation = measure_of(name, deployment), scenario.organisation
    audience = deployment.audience
    meant = np.ones(plan.role.size, np.bool_)
    if audience.roles is not None:
        meant &= np.isin(plan.role, [ROLES.index(role) for role in audience.roles])
    if audience.departments is not None:
        names = department_names(organisation)
        meant &= np.isin(plan.department, [names.index(one) for one in audience.departments])
    expected = audience.share
    if audience.archetypes is not None:
        expected *= sum(getattr(organisation.archetypes, one) for one in audience.archetypes)
    if measure.appoints == "leaders":
        leaders = int(np.sum(plan.role != EMPLOYEE))
        return leaders * appointed_share(deployment, measure)
    if measure.appoints == "champions":
        wanted = int(appointed_share(deployment, measure) * plan.role.size + 0.5)
        return min(wanted, int(np.sum((plan.role == EMPLOYEE) & meant) * expected))
    return float(np.sum(meant) * expected)


def ledger(scenario: Scenario, plan: Chart | None = None) -> pd.DataFrame:
    """Return what everything costs, month by month.

    Returns
    -------
    pandas.DataFrame
        One row per month from 1, one column per deployment, and ``licences`` and
        ``integration`` [euro, nominal, excluding VAT].
    """
    import pandas as pd

    from sim.population import chart

    months, tool = scenario.simulation.months, scenario.tool
    plan = plan or chart(scenario.organisation)
    calendar = np.arange(1, months + 1)
    table = pd.DataFrame(index=pd.Index(calendar, name="month"))
    table["licences"] = np.where(calendar >= tool.go_live, tool.licence_price * plan.role.size, 0.0)
    table["integration"] = np.where(calendar == tool.go_live, tool.integration_cost, 0.0)
    for name, deployment in scenario.deployments.items():
        measure = measure_of(name, deployment)
        cost, hour = measure.cost, scenario.organisation.hourly_cost
        heads = participants(name, deployment, scenario, plan)
        dose = doses(deployment, measure, months)
        once = cost.fixed + heads * (cost.per_participant + hour * cost.hours_per_participant)
        monthly = cost.per_month + heads * hour * cost.monthly_hours_per_participant
        if measure.lasting == "one_off":
            table[name] = dose * (once + monthly)
        else:
            table[name] = dose * monthly
            if deployment.start <= months:
                table.loc[deployment.start, name] += once * deployment.dose
    return table


def check_budget(scenario: Scenario) -> None:
    """Raise BudgetError, with what costs how much, if the programme does not fit."""
    total = scenario.budget.total
    if total is None:
        return
    costs = ledger(scenario).sum().sort_values(ascending=False)
    needed = float(costs.sum())
    if needed <= total:
        return
    lines = "\n".join(f"    {name:<28}{cost:>14,.0f} euro" for name, cost in costs.items())
    raise BudgetError(
        f"{scenario.name}: budget.total: the programme costs {needed:,.0f} euro, "
        f"{needed - total:,.0f} more than the budget of {total:,.0f}\n{lines}\n"
        "    raise budget.total, lower a dose or a share, or shorten a deployment"
    )
