"""What everything costs, and what is done when it does not fit the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from sim.deployments import Round, access_months, delivered, first_go_live, rounds
from sim.errors import BudgetError, Problem, ScenarioError
from sim.files.words import short, suggestion
from sim.population import (
    Chart,
    among,
    archetype_shares,
    chart,
    department_names,
    imported,
    known,
    team_names,
)
from sim.scenario import Scenario
from sim.state import EMPLOYEE, ROLES

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

DEFAULT_CHAMPIONS: Final = 0.08
TECHNOLOGY: Final = ("licences", "integration", "data", "support", "investment")


class Prices(NamedTuple):
    """What a round costs by month since its start [months each].

    Attributes
    ----------
    fixed
        Whatever the number of participants [euro].
    head
        For each participant, beside the own time [euro].
    hours
        Working time of each participant [hour].
    new_head, new_hours
        The part of these that somebody pays once, in the own first month [euro, hour].
    """

    fixed: Array
    head: Array
    hours: Array
    new_head: float
    new_hours: float


def prices(one: Round) -> Prices:
    """Return what a round costs, month by month since its start.

    A one-off measure costs in proportion to its dose; a structural one what sets it up, at the
    start, and its months in force.
    """
    cost, dose = one.cost, one.dose
    if not one.structural:
        hours = cost.hours_per_participant + cost.monthly_hours_per_participant
        return Prices(
            dose * (cost.fixed + cost.per_month) * one.part, dose * cost.per_participant,
            dose * hours, 0.0, 0.0,
        )  # fmt: skip
    fixed, size = dose * cost.per_month, float(dose.max(initial=0.0))
    fixed[:1] += size * cost.fixed * one.once
    fixed *= one.part
    each, hours = size * cost.per_participant, size * cost.hours_per_participant
    head, time = np.zeros_like(dose), dose * cost.monthly_hours_per_participant
    if not joins_later(one):
        head[:1] += each
        time[:1] += hours
        return Prices(fixed, head, time, 0.0, 0.0)
    return Prices(fixed, head, time, each, hours)


def joins_later(one: Round) -> bool:
    """Return whether participants come one by one: newcomers, or people who find a buddy."""
    return one.measure.on_arrival or one.measure.appoints == "buddies"


def appointed_share(one: Round) -> float:
    """Return the share a round appoints: its own, the measure's, or the usual."""
    if (one.deployment.selection or one.measure.selection) == "named":
        return 1.0
    for share in (one.deployment.share, one.measure.share):
        if share is not None:
            return share
    return DEFAULT_CHAMPIONS if one.measure.appoints == "champions" else 1.0


def meant(one: Round, scenario: Scenario, plan: Chart) -> Array:
    """Return whom a round is meant for, as far as the chart tells [people]."""
    audience = one.deployment.audience
    found = np.ones(plan.role.size, np.bool_)
    if audience.roles is not None:
        found &= np.isin(plan.role, [ROLES.index(role) for role in audience.roles])
    teams = team_names(scenario, plan) if audience.teams else []
    unknown = [name for name in audience.teams or () if name not in teams]
    if unknown:
        message = f"there is no team '{short(unknown[0])}'{suggestion(unknown[0], teams)}"
        raise ScenarioError([Problem(message, f"programme.{one.name}.audience.teams")])
    for wanted, names, where in (
        (audience.departments, department_names(scenario.organisation), plan.department),
        (audience.teams, teams, plan.team),
    ):
        if wanted is not None:
            found &= np.isin(where, [names.index(name) for name in wanted])
    if audience.people is not None:
        found &= named(scenario, audience.people)
    return found


def named(scenario: Scenario, people: tuple[str, ...]) -> Array:
    """Return who is on a list of pseudonyms [people]."""
    given = imported(scenario.organisation)
    return np.isin([] if given is None else given.people, people)


def participants(one: Round, scenario: Scenario, plan: Chart) -> float:
    """Return how many people are expected to take part: the appointed ones, or the audience.

    Where the audience is chosen by archetype or by chance, this is the expected number; of those
    who do not use AI yet, everybody.
    """
    audience, organisation = one.deployment.audience, scenario.organisation
    found = meant(one, scenario, plan)
    expected = audience.share
    if audience.archetypes is not None:
        shares = archetype_shares(organisation)
        expected *= sum(shares[archetype] for archetype in audience.archetypes)
    if one.measure.on_arrival:
        expected *= _newcomers(organisation.turnover, scenario.simulation.months)
    if one.measure.appoints == "leaders":
        return int(np.sum((plan.role != EMPLOYEE) & found)) * expected * appointed_share(one)
    if one.measure.appoints == "champions":
        wanted = int(appointed_share(one) * plan.role.size + 0.5)
        return min(wanted, int(np.sum((plan.role == EMPLOYEE) & found) * expected))
    return float(np.sum(found) * expected)


def hour_of(one: Round, scenario: Scenario, plan: Chart) -> float:
    """Return what an hour of the people a round is meant for costs on average [euro]."""
    organisation = scenario.organisation
    hours = known(organisation).hourly_cost
    if hours.size == 0:
        return float(organisation.hourly_cost)
    appointed = {"leaders": plan.role != EMPLOYEE, "champions": plan.role == EMPLOYEE}
    here = meant(one, scenario, plan) & appointed.get(one.measure.appoints or "", True)
    of_them = np.where(np.isnan(hours), organisation.hourly_cost, hours)[here]
    return float(of_them.mean()) if of_them.size else float(organisation.hourly_cost)


def _newcomers(turnover: float, months: int) -> float:
    """Return how many newcomers a seat is expected to see; none comes in the first month."""
    return (months - 1) * leaving_chance(turnover)


def leaving_chance(turnover: float) -> float:
    """Return the chance to leave in a month, from the share of people who leave in a year."""
    return float(1.0 - (1.0 - turnover) ** (1.0 / 12.0))


# --- The plan -----------------------------------------------------------------------------


def with_trainers(every: list[Round], scenario: Scenario, plan: Chart) -> list[Round]:
    """Return the rounds as trainers can deliver them: what does not fit in a month comes later.

    Who is appointed is trained in the first month, whatever else waits for it. Adaptive rounds come
    at a time nobody knows, so they can count on what planned ones leave free in every month.
    """
    capacity, months = scenario.capacity.trainer_hours, scenario.simulation.months
    if capacity is None:
        return every
    free = np.full(months, capacity)
    found = list(every)
    for k in sorted(range(len(every)), key=lambda k: (every[k].start < 0, every[k].start)):
        one = every[k]
        hours = one.cost.trainer_hours_per_participant * participants(one, scenario, plan)
        if one.structural:
            if 0 <= one.start < months:
                asked = float(one.dose.max(initial=0.0)) * hours * one.part
                free[one.start] = max(0.0, free[one.start] - asked)
        else:
            there = np.full(months, free.min()) if one.start < 0 else free[one.start :]
            given = np.zeros(months)
            given[: there.size] = delivered(one.dose[: there.size], hours, there)
            found[k] = one._replace(dose=given)
            if one.start < 0:  # it may be any month
                free = np.maximum(0.0, free - given.max() * hours)
    return found


def technology(scenario: Scenario, plan: Chart) -> pd.DataFrame:
    """Return what the technology costs by month, one column per item [euro]."""
    import pandas as pd

    tool, months = scenario.tool, scenario.simulation.months
    calendar = np.arange(1, months + 1)
    first = first_go_live(scenario)
    items = (
        tool.licence_price * with_access(scenario, plan),
        tool.integration_cost * (calendar == first),
        tool.data_cost * (calendar == first),
        tool.support_per_month * (calendar >= first),
        tool.investment * (calendar == 1),
    )
    columns = dict(zip(TECHNOLOGY, items, strict=True))
    return pd.DataFrame(columns, pd.Index(calendar, name="month"))


def with_access(scenario: Scenario, plan: Chart) -> Array:
    """Return how many people are expected to have access by the roll-out [months]."""
    months = scenario.simulation.months
    calendar = np.arange(1, months + 1)
    phases, go_live = access_months(scenario)
    names = department_names(scenario.organisation)
    people = np.bincount(plan.department, minlength=len(names)).astype(float)
    left, expected = np.ones(len(names)), np.zeros(months)
    for phase, month in zip(scenario.tool.phases, phases, strict=True):
        share = left * among(phase.departments, names) * phase.share
        expected += (calendar >= month) * float(people @ share)
        left = left - share
    return expected + (calendar >= go_live) * float(people @ left)


def ledger(scenario: Scenario, plan: Chart | None = None) -> pd.DataFrame:
    """Return what the plan costs, month by month, with the expected number of participants.

    Adaptive rules are not in it: they start only if something shows. What a run really cost is
    among its KPIs.

    Returns
    -------
    pandas.DataFrame
        One row per month from 1, one column per item of technology that costs anything and per
        deployment [euro, nominal, excluding VAT].
    """
    plan = chart(scenario) if plan is None else plan
    table = technology(scenario, plan)
    for one in affordable(scenario, plan):
        if one.start >= 0:
            table[one.name] = table.get(one.name, 0.0) + expense(one, scenario, plan)
    return table.loc[:, (table != 0.0).any() | ~table.columns.isin(TECHNOLOGY[2:])]


def expense(one: Round, scenario: Scenario, plan: Chart) -> Array:
    """Return what a round is expected to cost by calendar month [euro]."""
    months = scenario.simulation.months
    price, heads = prices(one), participants(one, scenario, plan)
    wage = hour_of(one, scenario, plan)
    each, new = price.head + wage * price.hours, price.new_head + wage * price.new_hours
    total, ahead = np.zeros(months), max(0, months - one.start)
    total[one.start :] = price.fixed[:ahead]
    if not one.measure.on_arrival:
        total[one.start :] += heads * each[:ahead]
        total[one.start : one.start + 1] += heads * new
        return total
    # One by one, in the months in force in which somebody can come, until they leave again.
    coming = np.zeros(months)
    coming[one.start :] = (one.dose[:ahead] > 0.0) * heads / max(1, months - 1)
    coming[0] = 0.0
    staying = (1.0 - leaving_chance(scenario.organisation.turnover)) ** np.arange(months)
    each[0] += new
    return total + np.convolve(coming, each * staying)[:months]  # type: ignore[no-any-return]


# --- The budget ---------------------------------------------------------------------------


class Limit(NamedTuple):
    """A limit of the budget and what is asked of it [euro]."""

    path: str
    what: str
    needed: float
    allowed: float


def limits(scenario: Scenario, every: list[Round], plan: Chart) -> list[Limit]:
    """Return every limit of the budget with what a plan needs."""
    budget = scenario.budget
    if budget.total is None:
        return []
    equipment = float(technology(scenario, plan).to_numpy().sum())
    spent = sum((expense(one, scenario, plan) for one in every if one.start >= 0), np.zeros(1))
    change = float(spent.sum())
    found = [Limit("budget.total", "everything", equipment + change, budget.total)]
    money = budget.total - equipment
    if budget.change_share is not None:
        money = budget.change_share * budget.total
        rest = budget.total - money
        found.append(Limit("budget.change_share", "measures", change, money))
        found.append(Limit("budget.change_share", "technology", equipment, rest))
    if budget.reserve > 0.0:
        early = float(spent[: first_go_live(scenario)].sum())
        allowed = (1.0 - budget.reserve) * max(0.0, money)
        what = "measures up to and in the month of go-live"
        found.append(Limit("budget.reserve", what, early, allowed))
    return found


def fits(scenario: Scenario, every: list[Round], plan: Chart) -> bool:
    """Return whether a plan keeps within every limit of the budget, to the cent."""
    return all(one.needed <= one.allowed + 0.005 for one in limits(scenario, every, plan))


def affordable(scenario: Scenario, plan: Chart) -> list[Round]:
    """Return the rounds that the budget pays for, as ``budget.when_over`` says.

    Raises
    ------
    BudgetError
        With what costs how much, if the plan does not fit and nothing may be cut.
    """
    every = with_trainers(rounds(scenario), scenario, plan)
    if fits(scenario, every, plan):
        return every
    way = scenario.budget.when_over
    if way == "fail":
        raise BudgetError(_explained(scenario, every, plan))
    found = _scaled(scenario, plan) if way == "scale" else _chosen(scenario, plan)
    if not fits(scenario, found, plan):
        raise BudgetError(_explained(scenario, [], plan))
    return found


def _scaled(scenario: Scenario, plan: Chart) -> list[Round]:
    """Return the rounds with every dose and appointed share lowered alike, just enough to fit."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        if fits(scenario, _at(scenario, plan, middle), plan):
            low = middle
        else:
            high = middle
    return _at(scenario, plan, low)


def _at(scenario: Scenario, plan: Chart, factor: float) -> list[Round]:
    """Return the rounds of a programme in which everything is smaller by a factor."""

    def smaller(one: Round) -> Round:
        if one.measure.appoints in ("champions", "leaders"):
            fewer = one.deployment.model_copy(update={"share": appointed_share(one) * factor})
            return one._replace(deployment=fewer, part=factor)
        return one._replace(dose=one.dose * factor)

    planned = [smaller(one) if one.start >= 0 else one for one in rounds(scenario)]
    return with_trainers(planned, scenario, plan)


def _chosen(scenario: Scenario, plan: Chart) -> list[Round]:
    """Return the rounds that fit, taken in order of priority; rounds of one deployment together."""
    every = rounds(scenario)
    order = {name: place for place, name in enumerate(scenario.programme)}

    def rank(name: str) -> tuple[int, int]:
        first = next(one for one in every if one.name == name)
        return first.deployment.priority, order.get(name, len(order))

    def chosen(names: set[str]) -> list[Round]:
        return with_trainers([one for one in every if one.name in names], scenario, plan)

    kept: set[str] = {one.name for one in every if one.start < 0}
    for name in sorted({one.name for one in every if one.start >= 0}, key=rank):
        if fits(scenario, chosen({*kept, name}), plan):
            kept.add(name)
    return chosen(kept)


def left_out(scenario: Scenario, plan: Chart) -> tuple[dict[str, float], float]:
    """Return what the budget does not pay for, and the factor on the rest.

    Deployments left out come with what they would cost [euro].
    """
    planned = with_trainers(rounds(scenario), scenario, plan)
    paid = affordable(scenario, plan)
    kept, missing = {one.name for one in paid}, dict[str, float]()
    for one in planned:
        if one.name not in kept:
            cost = float(expense(one, scenario, plan).sum())
            missing[one.name] = missing.get(one.name, 0.0) + cost
    factor = 1.0
    if scenario.budget.when_over == "scale":
        asked = sum(expense(one, scenario, plan).sum() for one in planned if one.start >= 0)
        given = sum(expense(one, scenario, plan).sum() for one in paid if one.start >= 0)
        factor = float(given / asked) if asked > 0.0 else 1.0
    return missing, factor


def unspent(scenario: Scenario, plan: Chart | None = None) -> float | None:
    """Return what the plan leaves of the budget [euro], None without a budget."""
    if scenario.budget.total is None:
        return None
    return scenario.budget.total - float(ledger(scenario, plan).to_numpy().sum())


def spare(scenario: Scenario, every: list[Round], plan: Chart) -> float:
    """Return the money adaptive rules may spend [euro]: what the plan leaves of each limit."""
    every_limit = [one for one in limits(scenario, every, plan) if one.what != "technology"]
    ends = [one.allowed - one.needed for one in every_limit if one.path != "budget.reserve"]
    return max(0.0, min(ends, default=float("inf")))


def _explained(scenario: Scenario, every: list[Round], plan: Chart) -> str:
    """Return what does not fit, with what costs how much."""
    table = technology(scenario, plan).sum()
    costs = {str(name): float(value) for name, value in table.items() if value}
    for one in every:
        if one.start >= 0:
            costs[one.name] = costs.get(one.name, 0.0) + float(expense(one, scenario, plan).sum())
    broken = next(one for one in limits(scenario, every, plan) if one.needed > one.allowed + 0.005)
    lines = "\n".join(
        f"    {name:<28}{cost:>14,.0f} euro"
        for name, cost in sorted(costs.items(), key=lambda item: -item[1])
    )
    if broken.path == "budget.total":
        head = f"the programme costs {broken.needed:,.0f} euro"
    else:
        head = f"{broken.what} cost {broken.needed:,.0f} euro"
    measures = broken.what == "measures" or (broken.what == "everything" and every)
    if broken.path == "budget.reserve":
        remedy = "lower budget.reserve, or let measures start later"
    elif not measures:
        remedy = (
            "no measure can be left out for that: raise budget.total, "
            + ("lower budget.change_share, " if broken.path == "budget.change_share" else "")
            + "or spend less on the tool"
        )
    else:
        remedy = "raise budget.total, lower a dose or a share, shorten a deployment"
        if scenario.budget.when_over == "fail":
            remedy += ", or let budget.when_over be scale or priority"
    return (
        f"{scenario.name}: {broken.path}: {head}, {broken.needed - broken.allowed:,.0f} more than "
        f"the {'budget of ' if broken.path == 'budget.total' else ''}{broken.allowed:,.0f}\n{lines}\n"
        f"    {remedy}"
    )
