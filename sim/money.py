"""What everything costs, and what is done when it does not fit the budget."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from sim.deployments import (
    Round,
    access_months,
    appointed,
    delivered,
    deployments_of,
    first_go_live,
    reached,
    rounds,
)
from sim.elementary import mean, power, powers, total, totals
from sim.engine import entry
from sim.engine.kinds import F8, F8_2, Array
from sim.errors import AdoptionError, BudgetError, Problem, ScenarioError, said
from sim.files.library import read_archetypes
from sim.files.words import short, suggestion
from sim.population import (
    Chart,
    among,
    archetype_chances,
    archetype_shares,
    chart,
    department_names,
    hourly_costs,
    imported,
    team_names,
    users_before,
)
from sim.scenario import COUNCIL, Scenario, by_name
from sim.state import EMPLOYEE, ROLES

if TYPE_CHECKING:
    import pandas as pd


EQUIPMENT: Final = {
    "licences": said("licences"), "integration": said("integration"), "data": said("data"),
    "support": said("support"), "investment": said("investment"),
}  # fmt: skip
"""What the technology is called in messages."""

TECHNOLOGY: Final = ("licences", "integration", "data", "support", "investment")

BEFORE: Final = ("champions", "leaders")
"""Who is appointed before the first month, from some of the people only."""

BEYOND: Final = 1e-4
"""Chance that more take part than the upper end that a scaled budget pays for."""

NOTHING: Final = 1e-20
"""What is so much less likely than the usual counts as impossible."""

ACCESS: Final = "access"
"""Name of having access to the tool at all, among what is not done; see :class:`Undone`."""


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
    team
        Working time of those who set it up and run it [hour].
    """

    fixed: Array
    head: Array
    hours: Array
    new_head: float
    new_hours: float
    team: Array


def prices(one: Round) -> Prices:
    """Return what a round costs, month by month since its start.

    A one-off measure costs in proportion to its dose; a structural one what sets it up, at the
    start, and its months in force. What takes people costs in proportion to how many: where a
    budget buys a part of them, the same part of what it costs whatever their number.
    """
    cost, dose = one.cost, one.dose
    if not one.structural:
        hours = cost.hours_per_participant + cost.monthly_hours_per_participant
        return Prices(
            dose * (cost.fixed + cost.per_month),
            dose * cost.per_participant,
            dose * hours,
            0.0,
            0.0,
            dose * (cost.team_hours + cost.monthly_team_hours),
        )
    fixed, size = dose * cost.per_month, float(dose.max(initial=0.0))
    fixed[:1] += size * cost.fixed * one.once
    fixed *= one.part
    team = dose * cost.monthly_team_hours
    team[:1] += size * cost.team_hours * one.once
    team *= one.part
    each, hours = size * cost.per_participant, size * cost.hours_per_participant
    head, time = np.zeros_like(dose), dose * cost.monthly_hours_per_participant
    if not joins_later(one):
        head[:1] += each
        time[:1] += hours
        return Prices(fixed, head, time, 0.0, 0.0, team)
    return Prices(fixed, head, time, each, hours, team)


def team_hour(scenario: Scenario) -> float:
    """Return what an hour of those who run measures costs [euro]: the organisation's mean."""
    return mean(hourly_costs(scenario))


def joins_later(one: Round) -> bool:
    """Return whether participants come one by one: newcomers, or people who find a buddy."""
    return one.measure.on_arrival or one.measure.appoints == "buddies"


def able(one: Round, plan: Chart) -> Array:
    """Return who can be what a round appoints before the start [people]: all, if it does not."""
    if one.measure.appoints not in BEFORE:
        return np.ones(plan.role.size, np.bool_)
    found: Array = (plan.role == EMPLOYEE) == (one.measure.appoints == "champions")
    return found


def champions(one: Round, scenario: Scenario, plan: Chart) -> int:
    """Return how many champions are wanted: a share of the staff, or of the list that names them."""
    people = plan.role.size
    if by_name(one.deployment, one.measure):
        people = int(np.count_nonzero(able(one, plan) & meant(one, scenario, plan)))
    return int(appointed(one) * people + 0.5)


def meant(one: Round, scenario: Scenario, plan: Chart) -> Array:
    """Return whom a round is meant for, as far as the chart tells [people]."""
    audience = one.deployment.audience
    found = np.ones(plan.role.size, np.bool_)
    if audience.roles is not None:
        found &= np.isin(plan.role, [ROLES.index(role) for role in audience.roles])
    teams = team_names(scenario, plan) if audience.teams else []
    unknown = [name for name in audience.teams or () if name not in teams]
    if unknown:
        message = said(
            "there is no team '{found}'{known}",
            found=short(unknown[0]),
            known=suggestion(unknown[0], teams),
        )
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


def chances(one: Round, scenario: Scenario, plan: Chart, newcomers: bool = False) -> Array:
    """Return each person's chance to be among those a round is meant for [people].

    Archetypes are as frequent as among colleagues in the file of people, else as they usually are;
    ``newcomers`` are the people who come to these seats later, of whom no file says anything.
    """
    audience, organisation = one.deployment.audience, scenario.organisation
    found = meant(one, scenario, plan) * reached(one)
    if audience.archetypes is None:
        return found
    wanted = [place for place, name in enumerate(read_archetypes()) if name in audience.archetypes]
    if newcomers:
        usual = list(archetype_shares(organisation).values())
        return found * total([usual[place] for place in wanted])
    return found * totals(archetype_chances(scenario)[:, wanted])


def turnout(one: Round, scenario: Scenario, plan: Chart, upper: bool = False) -> Array:
    """Return how many people take part by calendar month, if the round is on then [months].

    Whom chance chooses counts as expected, or with ``upper`` as the upper end of what can come:
    more have a chance of :data:`BEYOND`. Of those who do not use AI yet it is everybody. Of
    newcomers it is all who come in the whole period.
    """
    months, size = scenario.simulation.months, plan.role.size
    leaving = leaving_chance(scenario.organisation.turnover)
    kind = one.measure.appoints
    ours = able(one, plan)
    first = np.where(ours, chances(one, scenario, plan), 0.0)
    later = np.where(ours, chances(one, scenario, plan, newcomers=True), 0.0)
    if one.measure.on_arrival:
        come = (months - 1) * leaving  # none comes in the first month
        expected = total(later) * come
        return np.full(months, end_of(expected, 0.0) if upper else expected)
    if kind == "leaders":
        first, later = first * appointed(one), later * appointed(one)
    stay = powers(1.0 - leaving, months)[:, None]
    if kind == "leaders" or np.array_equal(
        first, later
    ):  # a newcomer takes over what a leader promised
        stay = np.ones_like(stay)
    chance = stay * first + (1.0 - stay) * later if (stay != 1.0).any() else first[None, :]
    found = upper_end(chance, np.ones(size)) if upper else totals(chance)
    if kind == "champions":
        found = np.minimum(champions(one, scenario, plan), np.floor(found + 1e-9))
    return np.broadcast_to(found, months).astype(float)


@entry
def upper_end(chance: F8_2, people: F8) -> F8:
    """Return how many come at most, but for a chance of :data:`BEYOND` [rows].

    Parameters
    ----------
    chance
        Chance of each kind of people to come [rows, kinds]. As if all who may or may not come had
        the same, which leaves most to chance.
    people
        How many there are of each kind [kinds].
    """
    found = np.zeros(chance.shape[0])
    for row in range(found.size):
        unsure, expected = 0.0, 0.0
        for kind in range(people.size):
            if chance[row, kind] >= 1.0:
                found[row] += people[kind]
            elif chance[row, kind] > 0.0:
                unsure += people[kind]
                expected += chance[row, kind] * people[kind]
        if expected < unsure:
            odds = expected / (unsure - expected)
            found[row] += end_of(unsure * odds, odds)
        else:
            found[row] += unsure
    return found


@entry
def end_of(first: float, less: float) -> float:
    """Return how many come at most, but for a chance of :data:`BEYOND`.

    One more than ``k`` is ``(first - less * k) / (k + 1)`` times as likely as ``k``. So it is where
    chances are binomial, with ``less`` the odds of each of ``first / less`` people to come; and in
    a Poisson distribution of mean ``first``, with ``less`` 0.
    """
    usual = float(math.floor(first / (1.0 + less)))
    k, likely, so_far = usual, 1.0, 1.0
    while k > 0.0 and likely > NOTHING:
        likely *= k / (first - less * (k - 1.0))
        k -= 1.0
        so_far += likely
    k, likely, beyond = usual, 1.0, 0.0
    while likely > NOTHING:
        likely *= (first - less * k) / (k + 1.0)
        k += 1.0
        beyond += likely
    k, likely, enough = usual, 1.0, (1.0 - BEYOND) * (so_far + beyond)
    while so_far < enough:
        likely *= (first - less * k) / (k + 1.0)
        k += 1.0
        so_far += likely
    return k


def participants(one: Round, scenario: Scenario, plan: Chart) -> float:
    """Return how many people are expected to take part: the appointed ones, or the audience.

    Where the audience is chosen by chance this is the expected number in the month it starts; of
    those who do not use AI yet, everybody.
    """
    found = turnout(one, scenario, plan)
    return float(found[min(max(0, one.start), found.size - 1)])


def hour_of(one: Round, scenario: Scenario, plan: Chart) -> float:
    """Return what an hour of the people a round is meant for costs on average [euro]."""
    common, hours = common_hour(one, scenario, plan), hourly_costs(scenario)
    weight = chances(one, scenario, plan) * costed(one, scenario, plan)
    if common > 0.0 or hours.size == 1 or not weight.any():
        return common or mean(hours)
    return mean(hours, weight)


def common_hour(one: Round, scenario: Scenario, plan: Chart) -> float:
    """Return what an hour of everybody costs in a round, 0 where what it costs is their own [euro].

    Lists of real people, and too few of them, cost what an hour costs in the organisation: or what
    they cost would tell where they work.
    """
    if scenario.organisation.people is None:
        return 0.0
    few = np.count_nonzero(costed(one, scenario, plan)) < scenario.privacy.min_group
    listed = one.deployment.audience.people is not None
    return mean(hourly_costs(scenario)) if few or listed else 0.0


def costed(one: Round, scenario: Scenario, plan: Chart) -> Array:
    """Return whose hours a round takes, as far as the chart tells [people]."""
    here: Array = meant(one, scenario, plan) & able(one, plan)
    return here


def leaving_chance(turnover: float) -> float:
    """Return the chance to leave in a month, from the share of people who leave in a year."""
    return 1.0 - power(1.0 - turnover, 1.0 / 12.0)


# --- The plan -----------------------------------------------------------------------------


def with_trainers(every: list[Round], scenario: Scenario, plan: Chart) -> list[Round]:
    """Return the rounds as trainers can deliver them: what does not fit in a month comes later.

    Who is appointed is trained in the first month, whatever else waits for it. Adaptive rounds come
    at a time nobody knows, so they can count on what planned ones leave free in every month.
    """
    capacity, months = scenario.capacity.trainer_hours, scenario.simulation.months
    every = [_in_use(one, scenario, plan) for one in every]
    if capacity is None:
        return every
    free = np.full(months, capacity)
    found = list(every)
    for k in sorted(range(len(every)), key=lambda k: (every[k].start < 0, every[k].start)):
        one = every[k]
        hours = one.cost.trainer_hours_per_participant * participants(one, scenario, plan)
        if one.structural:
            if 0 <= one.start < months:
                asked = float(one.dose.max(initial=0.0)) * hours
                free[one.start] = max(0.0, free[one.start] - asked)
        else:
            there = np.full(months, free.min()) if one.start < 0 else free[one.start :]
            given = np.zeros(months)
            given[: there.size] = delivered(one.dose[: there.size], hours, there)
            found[k] = one._replace(dose=given)
            if one.start < 0:  # it may be any month
                free = np.maximum(0.0, free - given.max() * hours)
    return found


def _in_use(one: Round, scenario: Scenario, plan: Chart) -> Round:
    """Return a round, of which nothing is set up or paid where it takes people and is for nobody."""
    if one.start < 0 or not one.measure.takes_people or participants(one, scenario, plan) > 0.0:
        return one
    return one._replace(part=0.0)


def technology(scenario: Scenario, plan: Chart, upper: bool = False) -> pd.DataFrame:
    """Return what the technology costs by month, one column per item [euro]; see ``turnout``."""
    import pandas as pd

    tool, months = scenario.tool, scenario.simulation.months
    calendar = np.arange(1, months + 1)
    first = first_go_live(scenario)
    items = (
        tool.licence_price * with_access(scenario, plan, upper),
        tool.integration_cost * (calendar == first),
        tool.data_cost * (calendar == first),
        tool.support_per_month * (calendar >= first),
        tool.investment * (calendar == 1),
    )
    columns = dict(zip(TECHNOLOGY, items, strict=True))
    return pd.DataFrame(columns, pd.Index(calendar, name="month"))


def with_access(scenario: Scenario, plan: Chart, upper: bool = False) -> Array:
    """Return how many people are expected to have access by the roll-out [months].

    Or with ``upper`` the upper end of it, as in :func:`turnout`.
    """
    months = scenario.simulation.months
    calendar = np.arange(1, months + 1)
    phases, go_live = access_months(scenario)
    names = department_names(scenario.organisation)
    people = np.bincount(plan.department, minlength=len(names)).astype(float)
    users = users_before(scenario, plan)
    left, chance = np.ones(len(names)), np.zeros((months, len(names)))
    for phase, month in zip(scenario.tool.phases, phases, strict=True):
        share = left * among(phase.departments, names) * phase.share
        chance += (calendar >= month)[:, None] * share
        left = left - share
    chance = np.minimum(1.0, chance + (calendar >= go_live)[:, None] * left)
    if not users.any():
        return upper_end(chance, people) if upper else totals(chance * people)
    # Who uses it before has it from the start; newcomers to these seats get it as the others do.
    stay = powers(1.0 - leaving_chance(scenario.organisation.turnover), months)
    chance = np.hstack([chance, chance + (1.0 - chance) * stay[:, None]])
    people = np.hstack([people - users, users])
    return upper_end(chance, np.ceil(people - 1e-9)) if upper else totals(chance * people)


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


def expense(one: Round, scenario: Scenario, plan: Chart, upper: bool = False) -> Array:
    """Return what a round is expected to cost by calendar month [euro]; see :func:`turnout`."""
    months = scenario.simulation.months
    price, heads = prices(one), turnout(one, scenario, plan, upper)
    wage = hour_of(one, scenario, plan)
    each, new = price.head + wage * price.hours, price.new_head + wage * price.new_hours
    spent, ahead = np.zeros(months), max(0, months - one.start)
    spent[one.start :] = (price.fixed + price.team * team_hour(scenario))[:ahead]
    if not one.measure.on_arrival:
        spent[one.start :] += heads[one.start :] * each[:ahead]
        spent[one.start : one.start + 1] += heads[one.start : one.start + 1] * new
        return spent
    # One by one, in the months in force in which somebody can come, until they leave again.
    coming = np.zeros(months)
    coming[one.start :] = (one.dose[:ahead] > 0.0) * heads[one.start :] / max(1, months - 1)
    coming[0] = 0.0
    each[0] += new
    each *= powers(1.0 - leaving_chance(scenario.organisation.turnover), months)
    for month in range(months):
        spent[month:] += coming[month] * each[: months - month]
    return spent


# --- The budget ---------------------------------------------------------------------------


class Limit(NamedTuple):
    """A limit of the budget and what is asked of it [euro]."""

    path: str
    what: str
    needed: float
    allowed: float


def limits(scenario: Scenario, every: list[Round], plan: Chart) -> list[Limit]:
    """Return every limit of the budget with what a plan needs.

    That is what it costs with the number of people expected. Where the plan is scaled until it just
    fits, it is the upper end of what can be delivered: or half of the organisations would spend more.
    """
    budget, upper = scenario.budget, scenario.budget.when_over == "scale"
    if budget.total is None:
        return []
    equipment = total(technology(scenario, plan, upper))
    planned = [expense(one, scenario, plan, upper) for one in every if one.start >= 0]
    change = total(planned)
    found = [Limit("budget.total", said("everything"), equipment + change, budget.total)]
    money = budget.total - equipment
    if budget.change_share is not None:
        money = budget.change_share * budget.total
        rest = budget.total - money
        found.append(Limit("budget.change_share", said("measures"), change, money))
        found.append(Limit("budget.change_share", said("technology"), equipment, rest))
    if budget.reserve > 0.0:
        early = total([one[: first_go_live(scenario)] for one in planned])
        allowed = (1.0 - budget.reserve) * max(0.0, money)
        what = said("measures up to and in the month of go-live")
        found.append(Limit("budget.reserve", what, early, allowed))
    return found


CENT: Final = 0.005
"""Euros that are none: what rounds away."""


def fits(scenario: Scenario, every: list[Round], plan: Chart, more: float = CENT) -> bool:
    """Return whether a plan keeps within every limit of the budget, but for less than a cent."""
    return all(one.needed <= one.allowed + more for one in limits(scenario, every, plan))


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
    least = with_trainers(
        [one for one in rounds(scenario) if _is_kept(one, scenario)], scenario, plan
    )
    if not fits(scenario, least, plan):
        raise BudgetError(_explained(scenario, least, plan))
    return _scaled(scenario, plan) if way == "scale" else _chosen(scenario, plan)


def kept(scenario: Scenario) -> tuple[str, ...]:
    """Return the deployments that no budget cuts: ``budget.keep``, and a council that has a say."""
    council = scenario.organisation.works_council != "none" and COUNCIL not in scenario.programme
    return (*(scenario.budget.keep or ()), *((COUNCIL,) if council else ()))


def _is_kept(one: Round, scenario: Scenario) -> bool:
    """Return whether a round is not for the budget to cut: kept, or started only if something shows."""
    return one.start < 0 or one.name in kept(scenario)


def _scaled(scenario: Scenario, plan: Chart) -> list[Round]:
    """Return the rounds with every dose lowered alike, or the people, just enough to fit."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        if fits(scenario, _at(scenario, plan, middle), plan, more=0.0):
            low = middle
        else:
            high = middle
    return _at(scenario, plan, low)


def _at(scenario: Scenario, plan: Chart, factor: float) -> list[Round]:
    """Return the rounds of a programme in which everything not kept is smaller by a factor."""

    def smaller(one: Round) -> Round:
        if one.measure.takes_people:
            return one._replace(part=one.part * factor)
        return one._replace(dose=one.dose * factor)

    planned = [one if _is_kept(one, scenario) else smaller(one) for one in rounds(scenario)]
    return with_trainers(planned, scenario, plan)


def _chosen(scenario: Scenario, plan: Chart) -> list[Round]:
    """Return the rounds that fit, those kept first, then in order of priority.

    Rounds of one deployment are taken or left out together.
    """
    every = rounds(scenario)
    order = {name: place for place, name in enumerate(scenario.programme)}

    def rank(name: str) -> tuple[int, int]:
        first = next(one for one in every if one.name == name)
        return first.deployment.priority, order.get(name, len(order))

    def chosen(names: set[str]) -> list[Round]:
        return with_trainers([one for one in every if one.name in names], scenario, plan)

    taken = {one.name for one in every if _is_kept(one, scenario)}
    for name in sorted({one.name for one in every} - taken, key=rank):
        if fits(scenario, chosen({*taken, name}), plan):
            taken.add(name)
    return chosen(taken)


# --- What a plan says and nobody does -------------------------------------------------------


class Undone(NamedTuple):
    """Something a scenario says that is not done, or not in full.

    Attributes
    ----------
    name
        Of the deployment or the adaptive rule, or :data:`ACCESS`.
    reason
        ``budget``: it is not paid for. ``scaled``: the budget pays for a part. ``trainers``: they
        have no time for all of it. ``end``: it would start after the last month. ``nobody``: it is
        meant for nobody.
    part
        Part of it that is done all the same; 0 if nothing is [0 to 1].
    cost
        What all of it would cost [euro].
    """

    name: str
    reason: Literal["budget", "scaled", "trainers", "end", "nobody"]
    part: float
    cost: float

    def told(self) -> dict[str, str | float]:
        """Return what may be told of it whoever it is for: not what it costs."""
        return {"name": self.name, "reason": self.reason, "part": self.part}


NEARLY: Final = 0.995
"""Part from which on something counts as done in full."""


def undone(scenario: Scenario, plan: Chart | None = None) -> tuple[Undone, ...]:
    """Return what a scenario says and nobody does, in the order of its file.

    What is late but done is not in it, nor an adaptive rule that something may yet start.

    Raises
    ------
    BudgetError
        If the plan does not fit the budget, and may not be cut.
    """
    plan = chart(scenario) if plan is None else plan
    months, asked = scenario.simulation.months, rounds(scenario)
    planned, paid = with_trainers(asked, scenario, plan), affordable(scenario, plan)
    found: list[Undone] = []
    if first_go_live(scenario) > months:
        found.append(Undone(ACCESS, "end", 0.0, 0.0))
    for name in dict.fromkeys([*scenario.programme, *deployments_of(scenario)]):
        ours = [one for one in asked if one.name == name]
        if not ours:
            continue
        cost = total([expense(one, scenario, plan) for one in planned if one.name == name])
        given = [one for one in paid if one.name == name]
        whole, done = (total([one.dose * one.part for one in part]) for part in (ours, given))
        if all(one.start >= months for one in ours):
            found.append(Undone(name, "end", 0.0, 0.0))
        elif not any(_can_take_part(one, scenario, plan) for one in ours):
            found.append(Undone(name, "nobody", 0.0, cost))
        elif not given:
            found.append(Undone(name, "budget", 0.0, cost))
        elif whole > 0.0 and done / whole < NEARLY:
            # What the budget pays for but trainers cannot give is for want of trainers.
            free = total([one.dose for one in planned if one.name == name]) / whole
            reason: Literal["trainers", "scaled"] = "trainers" if free < NEARLY else "scaled"
            found.append(Undone(name, reason, done / whole, cost))
    left = spare(scenario, paid, plan)
    for one in paid:
        if one.start < 0:
            cost = total(expense(_at_last(one, scenario), scenario, plan))
            if not _can_take_part(one, scenario, plan):
                found.append(Undone(one.name, "nobody", 0.0, cost))
            elif _least(one, scenario, plan) > left:
                found.append(Undone(one.name, "budget", 0.0, cost))
    return tuple(found)


@lru_cache(maxsize=256)
def undone_if_known(scenario: Scenario) -> tuple[Undone, ...]:
    """Return the same, nothing where that cannot be told: files are gone, or the budget fails."""
    try:
        return undone(scenario)
    except AdoptionError:
        return ()


def _can_take_part(one: Round, scenario: Scenario, plan: Chart) -> bool:
    """Return whether a round is meant for anybody, as far as that is no secret of single people.

    Who is of which archetype, in a file of real people, is one.
    """
    if scenario.organisation.people is not None and one.deployment.audience.archetypes is not None:
        anyone = one.deployment.audience.model_copy(update={"archetypes": None})
        one = one._replace(deployment=one.deployment.model_copy(update={"audience": anyone}))
    return bool((turnout(one, scenario, plan, upper=True) > 0.0).any())


def _at_last(one: Round, scenario: Scenario) -> Round:
    """Return the round of an adaptive rule as it is if it starts in the last month it can."""
    when = scenario.adaptive[one.name].when
    return one._replace(start=(when.until or when.month) - 1)


def _least(one: Round, scenario: Scenario, plan: Chart) -> float:
    """Return what the round of an adaptive rule costs at least [euro]: late, in one department."""
    late = _at_last(one, scenario)
    where, audience = scenario.adaptive[one.name].where, one.deployment.audience
    if where.below is None and where.above is None:
        return _lower_end(late, scenario, plan)
    names, costs = department_names(scenario.organisation), []
    for name in audience.departments or names:
        here = audience.model_copy(update={"departments": (name,)})
        only = late._replace(deployment=late.deployment.model_copy(update={"audience": here}))
        if turnout(only, scenario, plan).any():
            costs.append(_lower_end(only, scenario, plan))
    return min(costs, default=0.0)


def _lower_end(one: Round, scenario: Scenario, plan: Chart) -> float:
    """Return what a round costs where fewer take part than expected, as far below as the upper end."""
    usual, most = (total(expense(one, scenario, plan, upper)) for upper in (False, True))
    return 2.0 * usual - most


def left_out(scenario: Scenario, plan: Chart) -> tuple[dict[str, float], float]:
    """Return what the budget does not pay for, and the factor on what is not kept of the rest.

    Deployments left out come with what they would cost [euro].
    """
    planned = with_trainers(rounds(scenario), scenario, plan)
    paid = affordable(scenario, plan)
    there, missing = {one.name for one in paid}, dict[str, float]()
    for one in planned:
        if one.name not in there:
            cost = total(expense(one, scenario, plan))
            missing[one.name] = missing.get(one.name, 0.0) + cost
    factor = 1.0
    if scenario.budget.when_over == "scale":
        asked, given = (
            total([expense(one, scenario, plan) for one in part if not _is_kept(one, scenario)])
            for part in (planned, paid)
        )
        factor = given / asked if asked > 0.0 else 1.0
    return missing, factor


def unspent(scenario: Scenario, plan: Chart | None = None) -> float | None:
    """Return what the plan leaves of the budget [euro], None without a budget."""
    if scenario.budget.total is None:
        return None
    return scenario.budget.total - total(ledger(scenario, plan))


def spare(scenario: Scenario, every: list[Round], plan: Chart) -> float:
    """Return the money adaptive rules may spend [euro]: what the plan leaves of each limit."""
    every_limit = [one for one in limits(scenario, every, plan) if one.what != "technology"]
    ends = [one.allowed - one.needed for one in every_limit if one.path != "budget.reserve"]
    return max(0.0, min(ends, default=float("inf")))


def _explained(scenario: Scenario, every: list[Round], plan: Chart) -> str:
    """Return what does not fit, with what costs how much."""
    costs = {name: total(column) for name, column in technology(scenario, plan).items()}
    costs = {name: cost for name, cost in costs.items() if cost}
    for one in every:
        if one.start >= 0:
            costs[one.name] = costs.get(one.name, 0.0) + total(expense(one, scenario, plan))
    broken = next(one for one in limits(scenario, every, plan) if one.needed > one.allowed + CENT)
    items = [
        said("\n    {name:<28}{cost:>14,.0f} euro", name=EQUIPMENT.get(name, name), cost=cost)
        for name, cost in sorted(costs.items(), key=lambda item: -item[1])
    ]
    lines: str = ""
    for item in items:
        lines += item
    if broken.path == "budget.total":
        head = said("the programme costs {needed:,.0f} euro", needed=broken.needed)
        limit = said("the budget of {allowed:,.0f}", allowed=broken.allowed)
    else:
        head = said("{what} cost {needed:,.0f} euro", what=broken.what, needed=broken.needed)
        limit = said("the {allowed:,.0f}", allowed=broken.allowed)
    cuts = scenario.budget.when_over != "fail"
    measures = broken.what == "measures" or (
        broken.what == "everything" and any(one.start >= 0 for one in every)
    )
    if cuts and any(one.start >= 0 for one in every):
        names = ", ".join(dict.fromkeys(one.name for one in every if one.start >= 0))
        head = said("what may not be cut ({names}) does not fit: {head}", names=names, head=head)
    if broken.path == "budget.reserve":
        remedy = said("lower budget.reserve, or let measures start later")
    elif measures and cuts:
        remedy = said(
            "raise budget.total, or keep less: budget.keep names what is never cut, by default what "
            "a scenario inherits; with keep: [] everything may be"
        )
    elif not measures and broken.path == "budget.change_share":
        remedy = said(
            "no measure can be left out for that: raise budget.total, lower budget.change_share, or "
            "spend less on the tool"
        )
    elif not measures:
        remedy = said(
            "no measure can be left out for that: raise budget.total, or spend less on the tool"
        )
    else:
        remedy = said(
            "raise budget.total, lower a dose or a share, shorten a deployment, or let "
            "budget.when_over be scale or priority"
        )
    return said(
        "{name}: {path}: {head}, {over:,.0f} more than {limit}{lines}\n    {remedy}",
        name=scenario.name, path=broken.path, head=head, over=broken.needed - broken.allowed,
        limit=limit, lines=lines, remedy=remedy,
    )  # fmt: skip
