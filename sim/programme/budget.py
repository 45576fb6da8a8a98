"""What measures cost, and which of them a budget pays for: the arithmetic, as the engine reads it.

Rounds come as a table (:data:`REQUEST`), made of a scenario by :mod:`sim.programme.ledger`; here are only numbers, so
that a page without Python can move a dose, a month or a budget and have all consequences.
"""

from __future__ import annotations

import math
from typing import Annotated, Final, NamedTuple, get_args

import numpy as np

from sim.elementary import powers
from sim.engine import entry, rule
from sim.engine.kinds import F8, F8_2, F8_3, I8, I8_2, TRUE, TRUE_2, Array, Of
from sim.engine.meanings import order_of, sum_of
from sim.people.population import Chart
from sim.scenario.schema import WhenOver
from sim.state import EMPLOYEE

SELDOM: Final = True
"""What stands here runs once a plan: the engine makes it small instead of fast."""

LEADERS: Final = 1
CHAMPIONS: Final = 2
BUDDIES: Final = 3
APPOINTS: Final = (None, "leaders", "champions", "buddies")

WHEN_OVER: Final = get_args(WhenOver)
FAIL: Final = WHEN_OVER.index("fail")
SCALE: Final = WHEN_OVER.index("scale")

BEYOND: Final = 1e-4
"""Chance that more take part than the upper end that a scaled budget pays for."""

NOTHING: Final = 1e-20
"""What is so much less likely than the usual counts as impossible."""

CENT: Final = 0.005
"""Euros that are none: what rounds away."""

REQUEST: Final = np.dtype(
    [
        ("start", "i8"),  # first month, from 0; -1 if an adaptive rule decides
        ("length", "i8"),  # months in force, or over which a one-off dose is spread
        ("every", "i8"),  # months from one start to the next, if it is repeated
        ("times", "i8"),  # how often in all
        ("dose", "f8"),  # each time
        ("once", "f8"),  # share of the costs of setting it up
        ("part", "f8"),  # of the people that is paid for, where it takes people
        ("share", "f8"),  # of those appointed; 1 where a list names them, or nobody is
        ("usual", "f8"),  # share appointed by default, 0 where nobody is
        ("among", "f8"),  # share of the audience, drawn by chance
        ("deployment", "i8"),  # its place in order of priority; rounds of one share it
        (
            "unforeseen",
            "u1",
        ),  # an event: paid whatever the budget, and none of its limits' business
        ("kept", "u1"),  # no budget cuts it
        ("structural", "u1"),  # holds while in force, instead of fading
        ("takes_people", "u1"),  # more of it means more people, each in full
        ("on_arrival", "u1"),  # for newcomers
        ("not_yet_using", "u1"),  # for those who do not use AI when it starts
        ("participatory", "u1"),  # a culture of participation makes its relief stronger
        ("recognises", "u1"),  # champions do not tire while it is in force
        ("by_name", "u1"),  # a list says who is appointed
        ("archetypes", "u1"),  # for some archetypes only
        ("appoints", "i8"),  # position in APPOINTS
        ("selection", "i8"),  # how champions are chosen: position in selection.SELECTION
        ("paid_hours", "f8"),  # of a champion each month, -1 for the usual [hour]
        ("builds_up", "f8"),  # months until a structural measure has its full effect
        ("wears", "f8"),  # share of what helps that wears off a month
        ("speaks", "u1"),  # has a message
        ("two_sided", "u1"),
        ("interactive", "u1"),
        ("abstract", "u1"),
        ("volume", "f8"),  # full messages per full dose
        ("belief", "f8"),  # factor of who speaks
        ("sender", "i8"),  # who, as a number; -1 for nobody in particular
        ("format", "i8"),  # in which format, as a number
        ("code", "i8"),  # names the round's chance
        ("fixed", "f8"),  # costs as in sim.scenario.measure.Cost [euro, hour]
        ("per_month", "f8"),
        ("per_participant", "f8"),
        ("hours_per_participant", "f8"),
        ("monthly_hours_per_participant", "f8"),
        ("team_hours", "f8"),
        ("monthly_team_hours", "f8"),
        ("trainer_hours_per_participant", "f8"),
        ("wage", "f8"),  # what an hour of everybody costs here, 0 for the own [euro]
    ],
    align=True,
)
"""What a scenario asks for in a round, and what the catalogue says of its measure."""


class Asked(NamedTuple):
    """Rounds as they are asked for; D rounds.

    Attributes
    ----------
    rounds
        Dtype ``REQUEST`` [D].
    effects, coaching
        What the measure, or a full place with a helper, does on each channel [D, CHANNELS].
    culture
        How far the measure in force moves each side of culture [D, CULTURE].
    admits
        Whether each round is meant for a department, role, archetype, team: four stretches, which
        ``stretches`` names; people without a team come last [D, all of them].
    stretches
        Where departments, roles, archetypes and teams begin, and where they end [5].
    named
        Who is on its list [D, people]; without people if no round has one.
    """

    rounds: Annotated[Array, Of(REQUEST)]
    effects: F8_2
    coaching: F8_2
    culture: F8_2
    admits: TRUE_2
    stretches: I8
    named: TRUE_2


class Staff(NamedTuple):
    """What money has to know of the people.

    Attributes
    ----------
    chart
        The organisation chart.
    likely
        How likely each person is of each archetype [people, archetypes], or one row for all.
    usual
        The same of the people who come later [archetypes].
    hourly
        What an hour of each person costs [people], or of everybody [1] [euro].
    hour
        Mean of that [euro].
    leaving
        Chance to leave in a month.
    """

    chart: Chart
    likely: F8_2
    usual: F8
    hourly: F8
    hour: float
    leaving: float


class Terms(NamedTuple):
    """A budget, and what the technology costs; M months.

    Attributes
    ----------
    total
        What may be spent in all [euro], infinite without a budget.
    change_share
        Share of it for measures, -1 if that is left open.
    reserve
        Share of the money for measures that is kept for after go-live.
    when_over
        Position in ``WHEN_OVER``.
    trainer_hours
        Hours of trainers a month, infinite if there are enough.
    go_live
        First month in which anybody has access, from 1.
    access
        People with access by month, as expected and at the upper end [2, M].
    licence
        What each costs a month [euro].
    dearer
        Factor that events put on that, by month [M]; limits know nothing of it.
    integration, data, investment
        What these cost, at go-live or (investment) in the first month [euro].
    support
        What support costs a month from go-live on [euro].
    """

    total: float
    change_share: float
    reserve: float
    when_over: int
    trainer_hours: float
    go_live: int
    access: F8_2
    licence: float
    dearer: F8
    integration: float
    data: float
    support: float
    investment: float


class Paid(NamedTuple):
    """What is done of each round; D rounds, M months.

    Attributes
    ----------
    cut
        Whether the budget leaves it out [D].
    part
        Part of the people that is paid for, where it takes people [D].
    dose
        Dose delivered to a person reached, by month since the start [D, M].
    heads
        How many take part by calendar month, as expected and at the upper end [2, D, M].
    """

    cut: TRUE
    part: F8
    dose: F8_2
    heads: F8_3


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
    team
        Working time of those who set it up and run it [hour].
    new_head, new_hours
        What somebody takes once, in the own first month, beside these [euro, hour].
    """

    fixed: F8
    head: F8
    hours: F8
    team: F8
    new_head: float
    new_hours: float


# --- Doses --------------------------------------------------------------------------------


@rule
def doses(
    structural: bool, dose: float, length: int, every: int, times: int, *, months: int
) -> Array:
    """Return the dose delivered to a person reached, by month since the start [months].

    A one-off dose is spread evenly over its months; a structural one is in force in each. A
    repeated deployment starts again, each time with the same dose; where two rounds of a
    structural one overlap, it is in force once.
    """
    given = np.zeros(months)
    for k in range(times):
        for month in range(k * every, min(months, k * every + length)):
            given[month] = dose if structural else given[month] + dose / length
    return given


@rule
def asked_for(asked: Asked, months: int) -> Paid:
    """Return all that is asked for: what would come after the last month never comes.

    A dose of 0 asks for nothing.
    """
    size, people = asked.rounds.size, np.zeros((2, asked.rounds.size, months))
    paid = Paid(np.zeros(size, np.bool_), np.full(size, 1.0), np.zeros((size, months)), people)
    for d in range(size):
        request = asked.rounds[d]
        given = doses(
            request["structural"] == 1,
            request["dose"],
            request["length"],
            request["every"],
            request["times"],
            months=months,
        )
        paid.part[d], paid.cut[d] = request["part"], request["dose"] <= 0.0
        for month in range(max(0, months - max(0, request["start"]))):
            paid.dose[d, month] = given[month]
    return paid


# --- Who takes part -----------------------------------------------------------------------


@rule
def is_for(admitted: Array, stretches: Array, department: int, role: int, team: int) -> bool:
    """Return whether a round is for people of a department, role and team, whoever they are."""
    departments, roles, _, teams, end = stretches
    last = end - teams - 1
    return (  # type: ignore[no-any-return]
        admitted[departments + department]
        and admitted[roles + role]
        and admitted[teams + (team if 0 <= team < last else last)]
    )


@rule
def is_able(appoints: int, role: int) -> bool:
    """Return whether somebody can be what a round appoints before the start."""
    if appoints == CHAMPIONS:
        return role == EMPLOYEE
    return role != EMPLOYEE if appoints == LEADERS else True


@rule
def meant(asked: Asked, d: int, chart: Chart) -> Array:
    """Return whom a round is meant for, as far as the chart tells [people]."""
    ours = np.zeros(chart.role.size, np.bool_)
    for i in range(ours.size):
        ours[i] = is_for(
            asked.admits[d], asked.stretches, chart.department[i], chart.role[i], chart.team[i]
        ) and (asked.named.shape[1] == 0 or asked.named[d, i])
    return ours


@rule
def appointed(asked: Asked, d: int, part: float) -> float:
    """Return the share a round appoints and pays for [0 to 1]: of the list, where there is one."""
    return part * asked.rounds[d]["share"]  # type: ignore[no-any-return]


@rule
def reached(asked: Asked, d: int, part: float) -> float:
    """Return the share of those in the audience whom a round is for [0 to 1], drawn by chance."""
    request = asked.rounds[d]
    if (
        request["takes_people"] == 0
        or request["appoints"] == CHAMPIONS
        or request["appoints"] == LEADERS
    ):
        return request["among"]  # type: ignore[no-any-return]
    return request["among"] * appointed(asked, d, part)  # type: ignore[no-any-return]


@rule
def wanted(asked: Asked, d: int, likely: Array) -> float:
    """Return how likely somebody is of an archetype that a round is for."""
    first, end = asked.stretches[2], asked.stretches[3]
    chance = np.zeros(end - first)
    for kind in range(chance.size):
        if asked.admits[d, first + kind]:
            chance[kind] = likely[kind]
    return sum_of(chance)


@rule
def chances(asked: Asked, d: int, part: float, staff: Staff, newcomers: bool) -> Array:
    """Return each person's chance to be among those a round is meant for [people].

    Archetypes are as frequent as among colleagues in the file of people, else as they usually are;
    ``newcomers`` are the people who come to these seats later, of whom no file says anything.
    """
    ours, reach = meant(asked, d, staff.chart), reached(asked, d, part)
    limited, same = asked.rounds[d]["archetypes"] == 1, staff.likely.shape[0] == 1
    usual = wanted(asked, d, staff.usual if newcomers else staff.likely[0]) if limited else 1.0
    chance = np.zeros(ours.size)
    for i in range(chance.size):
        chance[i] = reach if ours[i] else 0.0
        if limited and (newcomers or same):
            chance[i] = chance[i] * usual
        elif limited:
            chance[i] = chance[i] * wanted(asked, d, staff.likely[i])
    return chance


@rule
def champions(asked: Asked, d: int, part: float, chart: Chart) -> int:
    """Return how many champions are wanted: a share of the staff, or of the list that names them."""
    people = chart.role.size
    if asked.rounds[d]["by_name"] == 1:
        listed, people = meant(asked, d, chart), 0
        for i in range(listed.size):
            if listed[i] and is_able(asked.rounds[d]["appoints"], chart.role[i]):
                people += 1
    return int(appointed(asked, d, part) * people + 0.5)


@rule
def turnout(asked: Asked, d: int, part: float, staff: Staff, months: int, *, upper: bool) -> Array:
    """Return how many people take part by calendar month, if the round is on then [months].

    Whom chance chooses counts as expected, or with ``upper`` as the upper end of what can come:
    more have a chance of :data:`BEYOND`. Of those who do not use AI yet it is everybody. Of
    newcomers it is all who come in the whole period.
    """
    request, size = asked.rounds[d], staff.chart.role.size
    first = chances(asked, d, part, staff, False)
    later = chances(asked, d, part, staff, True)
    same = True
    for i in range(size):
        if not is_able(request["appoints"], staff.chart.role[i]):
            first[i], later[i] = 0.0, 0.0
        same = same and first[i] == later[i]
    if request["on_arrival"] == 1:
        expected = sum_of(later) * ((months - 1) * staff.leaving)  # none comes in the first month
        return np.full(months, end_of(expected, 0.0) if upper else expected)
    if request["appoints"] == LEADERS:  # a newcomer takes over what a leader promised
        same = True
        for i in range(size):
            first[i] = first[i] * appointed(asked, d, part)
    stay, each = powers(1.0 - staff.leaving, months), np.full(size, 1.0)
    same = same or stay[months - 1] == 1.0
    chance, heads = first.copy(), np.zeros(months)
    for month in range(months):
        if same and month > 0:
            heads[month] = heads[0]
            continue
        if not same:
            for i in range(size):
                chance[i] = stay[month] * first[i] + (1.0 - stay[month]) * later[i]
        heads[month] = most_of(chance, each) if upper else sum_of(chance)
        if request["appoints"] == CHAMPIONS:
            whole = float(math.floor(heads[month] + 1e-9))
            heads[month] = min(float(champions(asked, d, part, staff.chart)), whole)
    return heads


@rule
def most_of(chance: Array, people: Array) -> float:
    """Return how many come at most, but for a chance of :data:`BEYOND`.

    Parameters
    ----------
    chance
        Chance of each kind of people to come [kinds]. As if all who may or may not come had
        the same, which leaves most to chance.
    people
        How many there are of each kind [kinds].
    """
    sure, unsure, expected = 0.0, 0.0, 0.0
    for kind in range(people.size):
        if chance[kind] >= 1.0:
            sure += people[kind]
        elif chance[kind] > 0.0:
            unsure += people[kind]
            expected += chance[kind] * people[kind]
    if expected < unsure:
        odds = expected / (unsure - expected)
        return sure + end_of(unsure * odds, odds)
    return sure + unsure


@rule
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


@rule
def count(asked: Asked, staff: Staff, paid: Paid, d: int, both: bool) -> None:
    """Write how many take part in a round: as expected, and if asked for at the upper end."""
    for upper in range(2 if both else 1):
        heads = turnout(asked, d, paid.part[d], staff, paid.dose.shape[1], upper=upper == 1)
        for month in range(heads.size):
            paid.heads[upper, d, month] = heads[month]


@rule
def participants(asked: Asked, paid: Paid, d: int) -> float:
    """Return how many people are expected to take part: the appointed ones, or the audience.

    Where the audience is chosen by chance this is the expected number in the month it starts; of
    those who do not use AI yet, everybody.
    """
    start = min(max(0, asked.rounds[d]["start"]), paid.dose.shape[1] - 1)
    return paid.heads[0, d, start]  # type: ignore[no-any-return]


# --- What it costs ------------------------------------------------------------------------


@rule
def largest(values: Array) -> float:
    """Return the largest of some numbers that are not negative."""
    most = 0.0
    for value in values:
        most = max(most, value)
    return most


@rule
def prices(asked: Asked, d: int, dose: Array, part: float) -> Prices:
    """Return what a round costs, month by month since its start.

    A one-off measure costs in proportion to its dose; a structural one what sets it up, at the
    start, and its months in force. What takes people costs in proportion to how many: where a
    budget buys a part of them, the same part of what it costs whatever their number.
    """
    request, months = asked.rounds[d], dose.size
    fixed, head, hours, team = (
        np.zeros(months),
        np.zeros(months),
        np.zeros(months),
        np.zeros(months),
    )
    each, time = request["per_participant"], request["hours_per_participant"]
    if request["structural"] == 0:
        for month in range(months):
            fixed[month] = dose[month] * (request["fixed"] + request["per_month"])
            head[month] = dose[month] * each
            hours[month] = dose[month] * (time + request["monthly_hours_per_participant"])
            team[month] = dose[month] * (request["team_hours"] + request["monthly_team_hours"])
        return Prices(fixed, head, hours, team, 0.0, 0.0)
    for month in range(months):
        fixed[month] = dose[month] * request["per_month"]
        hours[month] = dose[month] * request["monthly_hours_per_participant"]
        team[month] = dose[month] * request["monthly_team_hours"]
    size = largest(dose)
    fixed[0] += size * request["fixed"] * request["once"]
    team[0] += size * request["team_hours"] * request["once"]
    for month in range(months):
        fixed[month] *= part
        team[month] *= part
    if request["on_arrival"] == 1 or request["appoints"] == BUDDIES:  # they come one by one
        return Prices(fixed, head, hours, team, size * each, size * time)
    head[0] += size * each
    hours[0] += size * time
    return Prices(fixed, head, hours, team, 0.0, 0.0)


@rule
def hour_of(asked: Asked, d: int, part: float, staff: Staff) -> float:
    """Return what an hour of the people a round is meant for costs on average [euro]."""
    request = asked.rounds[d]
    if request["wage"] > 0.0 or staff.hourly.size == 1:
        return request["wage"] if request["wage"] != 0.0 else staff.hour
    weight = chances(asked, d, part, staff, False)
    spent = np.zeros(weight.size)
    for i in range(weight.size):
        if not is_able(request["appoints"], staff.chart.role[i]):
            weight[i] = 0.0
        spent[i] = staff.hourly[i] * weight[i]
    everybody = sum_of(weight)
    return sum_of(spent) / everybody if everybody > 0.0 else staff.hour


@rule
def expense(asked: Asked, d: int, paid: Paid, staff: Staff, upper: bool) -> Array:
    """Return what a round is expected to cost by calendar month [euro]; see :func:`turnout`."""
    request, months = asked.rounds[d], paid.dose.shape[1]
    dose, heads, start = paid.dose[d], paid.heads[1 if upper else 0, d], max(0, request["start"])
    price, wage = prices(asked, d, dose, paid.part[d]), hour_of(asked, d, paid.part[d], staff)
    new, spent = price.new_head + wage * price.new_hours, np.zeros(months)
    for month in range(start, months):
        since = month - start
        spent[month] = price.fixed[since] + price.team[since] * staff.hour
        if request["on_arrival"] == 0:
            spent[month] += heads[month] * (price.head[since] + wage * price.hours[since])
            if since == 0:
                spent[month] += heads[month] * new
    if request["on_arrival"] == 0:
        return spent
    # One by one, in the months in force in which somebody can come, until they leave again.
    stay = powers(1.0 - staff.leaving, months)
    for month in range(max(1, start), months):
        coming = heads[month] / max(1, months - 1) if dose[month - start] > 0.0 else 0.0
        for age in range(months - month):
            each = price.head[age] + wage * price.hours[age]
            spent[month + age] += coming * ((each + new if age == 0 else each) * stay[age])
    return spent


@rule
def technology(terms: Terms, upper: bool, foreseen: bool = False) -> F8_2:
    """Return what licences, integration, data, support and investment cost by month [5, months].

    Or, as far as was ``foreseen``, without what events do to the price.
    """
    months = terms.access.shape[1]
    costs = np.zeros((5, months))
    for month in range(months):
        first = 1.0 if month + 1 == terms.go_live else 0.0
        price = terms.licence if foreseen else terms.licence * terms.dearer[month]
        costs[0, month] = price * terms.access[1 if upper else 0, month]
        costs[1, month] = terms.integration * first
        costs[2, month] = terms.data * first
        costs[3, month] = terms.support if month + 1 >= terms.go_live else 0.0
        costs[4, month] = terms.investment if month == 0 else 0.0
    return costs


# --- What trainers can give -----------------------------------------------------------------


@rule
def deliver(dose: Array, hours: float, free: Array, start: int) -> None:
    """Change a dose to what trainers can deliver, what does not fit in a month later.

    Parameters
    ----------
    dose
        Dose by month since the start [months].
    hours
        Hours of trainers that a full dose takes.
    free
        Hours of trainers free by calendar month [months]; what is used is taken off.
    start
        First month.
    """
    waiting = 0.0
    for since in range(dose.size):
        month = start + since
        if month >= free.size:
            dose[since] = 0.0
        elif hours > 0.0:
            waiting += dose[since]
            # In doses, not hours: with trainers enough, what was asked for is given to the last bit.
            dose[since] = min(waiting, free[month] / hours)
            free[month] = max(0.0, free[month] - dose[since] * hours)
            waiting -= dose[since]


@rule
def staffed(asked: Asked, staff: Staff, trainer_hours: float, paid: Paid, both: bool) -> None:
    """Change the rounds taken to what trainers can deliver: what does not fit in a month comes later.

    Who is appointed is trained in the first month, whatever else waits for it. Adaptive rounds come
    at a time nobody knows, so they can count on what planned ones leave free in every month. Nothing
    is set up or paid of a round that takes people and is for nobody.
    """
    months = paid.dose.shape[1]
    when = np.zeros(asked.rounds.size)
    for d in range(when.size):
        request = asked.rounds[d]
        when[d] = request["start"] if request["start"] >= 0 else math.inf
        nobody = request["takes_people"] == 1 and participants(asked, paid, d) <= 0.0
        if not paid.cut[d] and request["start"] >= 0 and nobody:
            paid.part[d] = 0.0
            count(asked, staff, paid, d, both)
    if trainer_hours == math.inf:
        return
    free = np.full(months, trainer_hours)
    for d in order_of(when):
        request = asked.rounds[d]
        if paid.cut[d]:
            continue
        hours = request["trainer_hours_per_participant"] * participants(asked, paid, d)
        if request["structural"] == 1:
            if 0 <= request["start"] < months:
                taken = largest(paid.dose[d]) * hours
                free[request["start"]] = max(0.0, free[request["start"]] - taken)
        elif request["start"] >= 0:
            deliver(paid.dose[d], hours, free, request["start"])
        else:  # it may be any month
            least = free[0]
            for month in range(months):
                least = min(least, free[month])
            deliver(paid.dose[d], hours, np.full(months, least), 0)
            most = largest(paid.dose[d]) * hours
            for month in range(months):
                free[month] = max(0.0, free[month] - most)


# --- The budget ---------------------------------------------------------------------------


@rule
def limits(asked: Asked, staff: Staff, terms: Terms, paid: Paid) -> F8_2:
    """Return what is asked of each limit, and what it allows: infinite where there is no such limit.

    The limits are on everything, on measures, on technology, and on measures up to go-live. What is
    asked is what it costs with the number of people expected. Where the plan is scaled until it just
    fits, it is the upper end of what can be delivered: or half of the organisations would spend more.
    """
    upper, months = terms.when_over == SCALE, paid.dose.shape[1]
    measures = np.zeros(asked.rounds.size * months)
    early = np.zeros(asked.rounds.size * months)
    for d in range(asked.rounds.size):
        planned = asked.rounds[d]["start"] >= 0 and asked.rounds[d]["unforeseen"] == 0
        if planned and not paid.cut[d]:
            spent = expense(asked, d, paid, staff, upper)
            for month in range(months):
                measures[d * months + month] = spent[month]
                if month < terms.go_live:
                    early[d * months + month] = spent[month]
    items = technology(terms, upper, True)
    listed = np.zeros(5 * months)
    for item in range(5):
        for month in range(months):
            listed[item * months + month] = items[item, month]
    equipment, change = sum_of(listed), sum_of(measures)
    bounds = np.zeros((4, 2))
    for k in range(4):
        bounds[k, 1] = math.inf
    bounds[0, 0], bounds[0, 1] = equipment + change, terms.total
    bounds[1, 0], bounds[2, 0], bounds[3, 0] = change, equipment, sum_of(early)
    if terms.total == math.inf:
        return bounds
    money = terms.total - equipment
    if terms.change_share >= 0.0:
        money = terms.change_share * terms.total
        bounds[1, 1], bounds[2, 1] = money, terms.total - money
    if terms.reserve > 0.0:
        bounds[3, 1] = (1.0 - terms.reserve) * max(0.0, money)
    return bounds


@rule
def fits(asked: Asked, staff: Staff, terms: Terms, paid: Paid, more: float) -> bool:
    """Return whether a plan keeps within every limit of the budget, give or take ``more`` [euro]."""
    if terms.total == math.inf:
        return True
    bounds, within = limits(asked, staff, terms, paid), True
    for k in range(bounds.shape[0]):
        within = within and bounds[k, 0] <= bounds[k, 1] + more
    return within


@rule
def spare(bounds: Array) -> float:
    """Return the money adaptive rules may spend [euro]: what the plan leaves of each limit [4, 2]."""
    least = math.inf
    for k in range(2):  # neither what is for technology, nor what is kept till go-live
        least = min(least, bounds[k, 1] - bounds[k, 0])
    return max(0.0, least)


@rule
def start_with(planned: Paid, paid: Paid) -> None:
    """Write what is planned into what is to be paid."""
    for d in range(planned.part.size):
        paid.part[d] = planned.part[d]
        for month in range(planned.dose.shape[1]):
            paid.dose[d, month] = planned.dose[d, month]
            for upper in range(2):
                paid.heads[upper, d, month] = planned.heads[upper, d, month]


@rule
def scale(
    asked: Asked, staff: Staff, terms: Terms, planned: Paid, paid: Paid, *, factor: float
) -> None:
    """Write a plan in which everything not kept is smaller by a factor."""
    start_with(planned, paid)
    for d in range(asked.rounds.size):
        if asked.rounds[d]["kept"] == 1:
            continue
        if asked.rounds[d]["takes_people"] == 1:
            paid.part[d] = planned.part[d] * factor
            count(asked, staff, paid, d, True)
        else:
            for month in range(planned.dose.shape[1]):
                paid.dose[d, month] = planned.dose[d, month] * factor
    staffed(asked, staff, terms.trainer_hours, paid, True)


@rule
def choose(
    asked: Asked, staff: Staff, terms: Terms, planned: Paid, paid: Paid, *, last: int
) -> None:
    """Write the plan of what is kept, and of what is taken before and of one deployment more."""
    start_with(planned, paid)
    for d in range(asked.rounds.size):
        if asked.rounds[d]["deployment"] == last and asked.rounds[d]["kept"] == 0:
            paid.cut[d] = planned.cut[d]
    staffed(asked, staff, terms.trainer_hours, paid, False)


@rule
def afford(asked: Asked, staff: Staff, terms: Terms, planned: Paid) -> tuple[Paid, bool]:
    """Return what the budget pays for, as ``when_over`` says, and whether it fits.

    Where it does not, and nothing may be cut, what is kept comes back, or all of it with ``FAIL``.
    """
    size, both = asked.rounds.size, terms.when_over == SCALE
    for d in range(size):
        count(asked, staff, planned, d, both)
    paid = Paid(planned.cut.copy(), planned.part.copy(), planned.dose.copy(), planned.heads.copy())
    staffed(asked, staff, terms.trainer_hours, paid, both)
    if fits(asked, staff, terms, paid, CENT):
        return paid, True
    if terms.when_over == FAIL:
        return paid, False
    start_with(planned, paid)
    for d in range(size):
        paid.cut[d] = planned.cut[d] or asked.rounds[d]["kept"] == 0
    staffed(asked, staff, terms.trainer_hours, paid, both)
    if not fits(asked, staff, terms, paid, CENT):
        return paid, False
    if both:
        scale_to_fit(asked, staff, terms, planned, paid)
    else:
        choose_to_fit(asked, staff, terms, planned, paid)
    return paid, True


@rule
def scale_to_fit(asked: Asked, staff: Staff, terms: Terms, planned: Paid, paid: Paid) -> None:
    """Scale all rounds that may be cut by the largest part that fits, to a billionth."""
    for d in range(asked.rounds.size):
        paid.cut[d] = planned.cut[d]
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        scale(asked, staff, terms, planned, paid, factor=middle)
        if fits(asked, staff, terms, paid, 0.0):
            low = middle
        else:
            high = middle
    scale(asked, staff, terms, planned, paid, factor=low)


@rule
def choose_to_fit(asked: Asked, staff: Staff, terms: Terms, planned: Paid, paid: Paid) -> None:
    """Take deployments one after the other, in the order of payment, each if it still fits."""
    size, deployments = asked.rounds.size, 0
    for d in range(size):
        deployments = max(deployments, asked.rounds[d]["deployment"] + 1)
    for rank in range(deployments):
        before = paid.cut.copy()
        choose(asked, staff, terms, planned, paid, last=rank)
        if not fits(asked, staff, terms, paid, CENT):
            for d in range(size):
                paid.cut[d] = before[d]
    choose(asked, staff, terms, planned, paid, last=-1)


# --- As Python asks for it --------------------------------------------------------------------


class Accounts(NamedTuple):
    """What a plan takes; D rounds, M months.

    Attributes
    ----------
    heads
        How many take part by calendar month, as expected and at the upper end [2, D, M].
    costs
        What that costs, likewise [2, D, M] [euro]; nothing of a round that may never start.
    hours
        What an hour of the people it is meant for costs on average [D] [euro].
    technology
        What the technology costs, likewise, by item and month [2, 5, M] [euro].
    limits
        What is asked of each limit, and what it allows [4, 2] [euro]; see :func:`limits`.
    """

    heads: F8_3
    costs: F8_3
    hours: F8
    technology: F8_3
    limits: F8_2


@entry
def accounts(asked: Asked, staff: Staff, terms: Terms, paid: Paid) -> Accounts:
    """Return what a plan takes whose rounds are done as ``paid`` says."""
    size, months = asked.rounds.size, paid.dose.shape[1]
    costs, hours, items = np.zeros((2, size, months)), np.zeros(size), np.zeros((2, 5, months))
    for d in range(size):
        count(asked, staff, paid, d, True)
        hours[d] = hour_of(asked, d, paid.part[d], staff)
    for upper in range(2):
        for d in range(size):
            if asked.rounds[d]["start"] >= 0:
                spent = expense(asked, d, paid, staff, upper == 1)
                for month in range(months):
                    costs[upper, d, month] = spent[month]
        equipment = technology(terms, upper == 1)
        for item in range(5):
            for month in range(months):
                items[upper, item, month] = equipment[item, month]
    return Accounts(paid.heads.copy(), costs, hours, items, limits(asked, staff, terms, paid))


@entry
def delivered(asked: Asked, staff: Staff, terms: Terms, paid: Paid) -> None:
    """Change the rounds to what trainers can deliver; see :func:`staffed`."""
    for d in range(asked.rounds.size):
        count(asked, staff, paid, d, False)
    staffed(asked, staff, terms.trainer_hours, paid, False)


@entry
def afforded(asked: Asked, staff: Staff, terms: Terms, paid: Paid) -> tuple[Paid, bool]:
    """Return what the budget pays for of rounds that are asked for; see :func:`afford`."""
    return afford(asked, staff, terms, paid)


@entry
def eligible(asked: Asked, chart: Chart) -> I8_2:
    """Return how many can be what a round appoints before the start, and for how many of these it is.

    Two numbers a round [D, 2]; everybody can be, where it appoints nobody.
    """
    numbers = np.zeros((asked.rounds.size, 2), np.int64)
    for d in range(asked.rounds.size):
        ours = meant(asked, d, chart)
        for i in range(ours.size):
            if is_able(asked.rounds[d]["appoints"], chart.role[i]):
                numbers[d, 0] += 1
                numbers[d, 1] += 1 if ours[i] else 0
    return numbers


@entry
def upper_end(chance: F8_2, people: F8) -> F8:
    """Return how many come at most, row by row [rows]; see :func:`most_of`."""
    most = np.zeros(chance.shape[0])
    for row in range(most.size):
        most[row] = most_of(chance[row], people)
    return most
