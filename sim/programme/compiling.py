"""From what is asked for to what it does: a programme is paid, compiled, and ready for both engines.

Reading a scenario is Python; all arithmetic is rules, so that a page without Python can do it too.
"""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple

import numpy as np

from sim.channels import (
    ACCESS,
    CONSIDER,
    LAUNCH,
    MESSAGE_PROMISE,
    MESSAGE_PULL,
    QUALITY,
    RELIEVING,
    TRAINING,
    WIDTH,
    carry_over,
    strength,
)
from sim.elementary import exp, powers
from sim.engine import entry, rule
from sim.engine.kinds import F8, F8_2, I8, Array, Of
from sim.engine.meanings import sum_of
from sim.errors import Problem, ScenarioError
from sim.parameters import Numbers, Parameters, as_record
from sim.people.population import Chart, chart
from sim.programme import deployments, ledger
from sim.programme.budget import (
    BUDDIES,
    CHAMPIONS,
    LEADERS,
    REQUEST,
    Asked,
    Paid,
    Staff,
    Terms,
    afford,
    appointed,
    asked_for,
    champions,
    chances,
    count,
    eligible,
    expense,
    is_able,
    limits,
    participants,
    prices,
    reached,
    spare,
    technology,
)
from sim.programme.deployments import Round
from sim.programme.effects import (
    CALENDAR,
    MONTH,
    MOST_ROUNDS,
    NEVER,
    OFFICES,
    REACTION,
    ROUND,
    SHOCK,
    VISIBLE,
    Programme,
)
from sim.programme.levers import effective_numbers, levers
from sim.scenario.measure import CULTURE
from sim.scenario.schema import Condition, Scenario, Where
from sim.state import ROLES

SELDOM: Final = True
"""What stands here runs once a plan: the engine makes it small instead of fast."""

MOST: Final = 0.99
"""Largest share of a threat, or of a wrong expectation, that one full dose removes."""

ERROR_TOLERANCE: Final = CULTURE.index("error_tolerance")
PARTICIPATION: Final = CULTURE.index("participation")
EXPERIMENTATION: Final = CULTURE.index("experimentation")
TRANSPARENCY: Final = CULTURE.index("transparency")


class Climate(NamedTuple):
    """What an organisation makes of measures, whatever they are; M months.

    Attributes
    ----------
    culture
        Each side of its culture at the start [CULTURE].
    participation
        Factor of its participation on the relief of participatory measures.
    credibility
        Factor of its transparency on the belief in every message.
    works
        How well the tool works [M]: 1, or less while it fails.
    reactions
        Dtype ``REACTION``, one per adaptive rule.
    fresh_launches
        Whether a launch counts from each person's own access.
    shocks
        Dtype ``SHOCK``, one per event.
    dearer
        Factor on the price of licences [M].
    """

    culture: F8
    participation: float
    credibility: float
    works: F8
    reactions: Annotated[Array, Of(REACTION)]
    fresh_launches: bool
    shocks: Annotated[Array, Of(SHOCK)]
    dearer: F8


class Factors(NamedTuple):
    """What measures have made of the culture, as factors by calendar month [months each]."""

    starting: F8
    stopping: F8
    learning: F8
    finding: F8
    participation: F8
    credibility: F8


class Planned(NamedTuple):
    """A plan that was asked for, paid and compiled; D rounds asked for, M months.

    Attributes
    ----------
    programme
        What it does.
    paid
        What the budget pays for of each round asked for.
    fits
        Whether it fits the budget; if not, nothing of it may be used.
    costs
        What each round costs [D, M] [euro], nothing of one that is not taken.
    technology
        What the technology costs, by item [5, M] [euro].
    """

    programme: Programme
    paid: Paid
    fits: bool
    costs: F8_2
    technology: F8_2


# --- From doses to pushes -----------------------------------------------------------------


@rule
def stocks(dose: Array, structural: bool, lasting: float) -> Array:
    """Return the stock each month: doses that carry over; a structural one holds its dose."""
    stock, before = np.zeros(dose.size), 0.0
    for month in range(dose.size):
        if structural and dose[month] > 0.0:
            before = dose[month]
        else:
            before = carry_over(before, dose[month], lasting)
        stock[month] = before
    return stock


@rule
def ramp(dose: Array, builds_up: float, wears: float, p: Parameters) -> tuple[Array, Array]:
    """Return what a structural measure has built up, and what wear leaves of it [months each].

    It builds up in its months in force alone: what ended is never worth more afterwards. It wears
    from the month it first begins, and a pause renews nothing: it is set up, and paid for, once.
    """
    months, slow = dose.size, builds_up * p.build_up_scale
    built, fresh = np.full(months, 1.0), np.full(months, 1.0)
    worn = powers(1.0 - min(0.99, wears * p.wear_scale), months)
    in_force, first = 0, -1
    for month in range(months):
        if dose[month] > 0.0:
            in_force += 1
            first = month if first < 0 else first
        if slow > 1.0:
            built[month] = min(1.0, in_force / slow)
    for month in range(months):
        fresh[month] = worn[max(0, month - max(0, first))]
    return built, fresh


@rule
def pushes(
    effects: Array,
    dose: Array,
    structural: bool,
    p: Parameters,
    participation: Array,
    *,
    builds_up: float = 0.0,
    wears: float = 0.0,
) -> F8_2:
    """Return what a measure's channels do by month [months, fields of Push], given its doses.

    Parameters
    ----------
    effects
        What it does at a stock of 1 [CHANNELS].
    dose
        Dose by month [months].
    structural
        Whether it holds while in force, instead of fading.
    p
        Numbers of the rules.
    participation
        Factor on its relief, by month since the start [months]: what is left of a one-off measure
        later is left of what it was worth when it was given.
    builds_up, wears
        Of a structural measure: months until it has its full effect, and the share of what helps
        that wears off a month. What frightens does so at once and for good. Neither concerns
        launches, courses, access, nor what is mended of the tool.
    """
    months = dose.size
    built, fresh = ramp(dose, builds_up, wears, p)
    amount = np.zeros((months, WIDTH))
    lasting = p.structural_carry_over if structural else p.one_off_carry_over
    stock, novelty = stocks(dose, structural, lasting), exp(-1.0 / p.launch_novelty_time)
    launched, given = stocks(dose, structural, novelty), 0.0
    for channel in range(effects.size):
        if channel < RELIEVING:
            relieve(
                amount,
                channel,
                effects[channel],
                dose,
                structural,
                p=p,
                participation=participation,
            )
    for month in range(months):
        given += dose[month]
        for channel in range(effects.size):
            effect = effects[channel]
            if channel < RELIEVING:
                if effect > 0.0:
                    amount[month, channel] *= built[month] * fresh[month]
            elif channel == LAUNCH:
                amount[month, channel] = effect * launched[month]
            elif channel == TRAINING:
                amount[month, channel] = effect * dose[month]
            elif channel == QUALITY:  # what is mended stays mended
                amount[month, channel] = strength(effect) * given
            elif channel == ACCESS:
                amount[month, channel] = effect if dose[month] > 0.0 else 0.0
            else:
                size = effect if channel == CONSIDER else strength(effect)
                amount[month, channel] = size * stock[month] * built[month] * fresh[month]
    return amount


@rule
def relieve(
    amount: Array,
    channel: int,
    effect: float,
    dose: Array,
    structural: bool,
    *,
    p: Parameters,
    participation: Array,
) -> None:
    """Write what a measure relieves by month, before it is built up; as in :func:`pushes`."""
    removed, given = np.zeros(dose.size), np.zeros(dose.size)
    for month in range(dose.size):
        removed[month] = strength(min(p.relief_scale * effect * participation[month], MOST))
    if removed[0] == 0.0:
        return
    for month in range(dose.size):
        given[month] = dose[month] * (removed[month] / removed[0])
    carry = p.structural_carry_over if structural else p.relief_carry_over
    stock = stocks(given, structural, carry)
    for month in range(dose.size):
        amount[month, channel] = removed[0] * stock[month]


@rule
def lasting_of(structural: bool, p: Parameters) -> Array:
    """Return what is left of each push a month later [fields of Push]; see Programme."""
    left = np.full(WIDTH, 1.0 if structural else p.one_off_carry_over)
    if not structural:
        for channel in range(RELIEVING):
            left[channel] = p.relief_carry_over
        left[LAUNCH] = exp(-1.0 / p.launch_novelty_time)
        left[TRAINING], left[ACCESS], left[QUALITY] = 0.0, 0.0, 1.0
    return left


@rule
def speak(asked: Asked, d: int, p: Parameters, credibility: float) -> tuple[float, float]:
    """Return the push of a round's message at a stock of 1 and the usefulness it promises.

    A two-sided message is believed more and says what a practised colleague would confirm, of which
    people hear the hopes more than the doubts: ``two_sided_hype`` of the hype stays. A one-sided one
    promises all of it. Interactive beats one-way, concrete beats abstract,
    and who speaks counts. ``credibility`` is what the organisation's transparency makes of it.
    """
    request = asked.rounds[d]
    balanced = request["two_sided"] == 1
    belief = p.two_sided_credibility if balanced else p.one_sided_credibility
    pull = p.message_rate * request["volume"]
    pull *= min(1.0, belief * request["belief"] * credibility)
    if request["interactive"] == 1:
        pull *= p.interactive_factor
    if request["abstract"] == 1:
        pull *= p.abstract_factor
    standing = p.two_sided_hype if balanced else 1.0
    level = min(1.0, p.tool_quality + standing * p.hype)
    return strength(min(pull, MOST)), level


# --- What measures make of the culture --------------------------------------------------------


@rule
def breadth(asked: Asked, d: int, paid: Paid, staff: Staff) -> float:
    """Return the part of those who could take part in a round whom it is for [0 to 1].

    Of those it appoints, relative to the usual share; of newcomers, as many as come.
    """
    request, people, able = asked.rounds[d], staff.chart.role.size, 0
    if request["on_arrival"] == 1:
        return min(1.0, participants(asked, paid, d) / people)
    chance = chances(asked, d, paid.part[d], staff, False)
    for i in range(people):
        if is_able(request["appoints"], staff.chart.role[i]):
            able += 1
        else:
            chance[i] = 0.0
    if able == 0:
        return 0.0
    part = sum_of(chance) / able
    if request["appoints"] == CHAMPIONS or request["appoints"] == LEADERS:
        usual = request["usual"]
        part *= min(1.0, appointed(asked, d, paid.part[d]) / usual) if usual > 0.0 else 0.0
    return part


@rule
def culture_path(asked: Asked, paid: Paid, staff: Staff, start: Array, rate: float) -> F8_2:
    """Return how far each side of culture has moved from its start by month [CULTURE, months].

    Each closes a share ``culture_rate`` a month of its distance to the start plus what all planned
    measures in force add, within 0 and 1; a measure for some adds in proportion to how many of
    those it could be for. Adaptive measures, whose month nobody knows before, and what leaders do
    beyond their measures, move nothing; what culture makes of messages and relief reaches adaptive
    ones as it would from the first month on.
    """
    months = paid.dose.shape[1]
    path = np.zeros((start.size, months))
    for side in range(start.size):
        added, now = np.zeros(months), 0.0
        for d in range(asked.rounds.size):
            request, shift = asked.rounds[d], asked.culture[d, side]
            if shift == 0.0 or not 0 <= request["start"] < months:
                continue
            wide, given = shift * breadth(asked, d, paid, staff), 0.0
            for month in range(request["start"], months):
                dose = paid.dose[d, month - request["start"]]
                given += dose
                added[month] += wide * (dose if request["structural"] == 1 else min(1.0, given))
        for month in range(months):
            target = min(1.0, max(0.0, start[side] + added[month])) - start[side]
            now += rate * (target - now)
            path[side, month] = now
    return path


@rule
def factors_of(moved: Array, p: Parameters) -> Factors:
    """Return what a moved culture does [CULTURE, months]: 1 where it did not move."""
    return Factors(
        factor(p.experimentation_starting, moved[EXPERIMENTATION]),
        factor(-p.error_tolerance_stopping, moved[ERROR_TOLERANCE]),
        factor(p.error_tolerance_learning, moved[ERROR_TOLERANCE]),
        factor(p.experimentation_discovery, moved[EXPERIMENTATION]),
        factor(p.participation_relief, moved[PARTICIPATION]),
        factor(p.transparency_credibility, moved[TRANSPARENCY]),
    )


@rule
def factor(strength: float, moved: Array) -> Array:
    """Return what a side of culture that moved is as a factor, by month."""
    factors = np.zeros(moved.size)
    for month in range(moved.size):
        factors[month] = exp(strength * moved[month])
    return factors


@rule
def since(factor: Array, start: int) -> Array:
    """Return a factor by calendar month as a round meets it, by month since its start [months]."""
    met, last = np.zeros(factor.size), factor.size - 1
    for month in range(factor.size):
        met[month] = factor[min(last, max(0, start) + month)]
    return met


# --- Compiling --------------------------------------------------------------------------------


@rule
def compiled(
    asked: Asked, paid: Paid, staff: Staff, spare: float, climate: Climate, *, p: Parameters
) -> Programme:
    """Return a programme as both engines read it, of rounds that are all taken.

    Parameters
    ----------
    asked, paid
        The rounds, and what is done of each.
    staff
        Who works here.
    spare
        Money adaptive rules may spend [euro].
    climate
        What the organisation makes of measures.
    p
        Numbers of the rules, as culture and money make them.
    """
    size, months = asked.rounds.size, paid.dose.shape[1]
    departments = staff.chart.department_start.size - 1
    build = Programme(
        np.zeros(size, ROUND),
        np.zeros((size, months, WIDTH)),
        np.full((size, WIDTH), 1.0),
        np.zeros((size, months), MONTH),
        np.full((size, departments), NEVER),
        asked.admits,
        asked.stretches,
        asked.named,
        np.zeros(1, OFFICES),
        np.zeros(months, CALENDAR),
        np.zeros((months, WIDTH)),
        np.zeros((months, WIDTH)),
        climate.reactions,
        fresh_launches(asked, climate.fresh_launches),
        p.variety,
        climate.shocks,
    )
    path = culture_path(asked, paid, staff, climate.culture, p.culture_rate)
    shifted = factors_of(path, p)
    for month in range(months):
        now = build.calendar[month]
        now["works"], now["service"] = climate.works[month], -1
        now["dearer"] = climate.dearer[month]
        now["starting"], now["stopping"] = shifted.starting[month], shifted.stopping[month]
        now["learning"], now["finding"] = shifted.learning[month], shifted.finding[month]
    for d in range(size):
        push(build, asked, d, paid, climate, shifted=shifted, p=p)
        charge(build, asked, d, paid, staff)
    office = build.offices[0]
    office["leaders"], office["eligible"], office["buddies"] = -1, -1, -1
    office["capacity"], office["spare"] = p.coaching_capacity, spare
    for d in range(size):
        appoint(build, asked, d, paid, staff, p=p)
    return build


@rule
def fresh_launches(asked: Asked, wanted: bool) -> I8:
    """Return the rounds whose launch counts from each person's own access."""
    fresh, number = np.zeros(asked.rounds.size, np.int64), 0
    for d in range(asked.rounds.size):
        if wanted and asked.effects[d, LAUNCH] > 0.0:
            fresh[number] = d
            number += 1
    return fresh[:number].copy()


@rule
def push(
    build: Programme,
    asked: Asked,
    d: int,
    paid: Paid,
    climate: Climate,
    *,
    shifted: Factors,
    p: Parameters,
) -> None:
    """Write what a round does, with what culture makes of it."""
    request, months, dose = asked.rounds[d], paid.dose.shape[1], paid.dose[d]
    structural, participation = request["structural"] == 1, np.full(months, 1.0)
    if request["participatory"] == 1:
        participation = since(shifted.participation, request["start"])
        for month in range(months):
            participation[month] = climate.participation * participation[month]
    amount = pushes(
        asked.effects[d],
        dose,
        structural,
        p,
        participation,
        builds_up=request["builds_up"],
        wears=request["wears"],
    )
    left = lasting_of(structural, p)
    for k in range(WIDTH):
        build.lasting[d, k] = left[k]
        for month in range(months):
            build.amount[d, month, k] = amount[month, k]
    if request["speaks"] == 0:
        return
    pull, level = speak(asked, d, p, climate.credibility)
    built, fresh = ramp(dose, request["builds_up"], request["wears"], p)
    believed = since(shifted.credibility, request["start"])
    for month in range(months):
        believed[month] = dose[month] * believed[month]
    carry = p.structural_carry_over if structural else p.one_off_carry_over
    stock = stocks(believed, structural, carry)
    for month in range(months):
        heard = pull * (stock[month] * built[month] * fresh[month])
        build.amount[d, month, MESSAGE_PULL] = heard
        build.amount[d, month, MESSAGE_PROMISE] = level * heard


@rule
def charge(build: Programme, asked: Asked, d: int, paid: Paid, staff: Staff) -> None:
    """Write when a round starts, whom it is for, and what it costs."""
    request, row, dose, part = asked.rounds[d], build.rounds[d], paid.dose[d], paid.part[d]
    price, last = prices(asked, d, dose, part), -1
    row["share"], row["code"] = reached(asked, d, part), request["code"]
    row["not_yet_using"], row["on_arrival"] = request["not_yet_using"], request["on_arrival"]
    row["appoints"], row["wage"] = request["appoints"], request["wage"]
    row["new_head"], row["new_hours"] = price.new_head, price.new_hours
    row["sender"], row["format"] = request["sender"], request["format"]
    for department in range(build.onset.shape[1]):
        if request["start"] >= 0:
            build.onset[d, department] = request["start"]
    for month in range(dose.size):
        last = month if dose[month] > 0.0 else last
        now = build.months[d, month]
        now["last_dose"] = last
        now["fixed"] = price.fixed[month] + price.team[month] * staff.hour
        now["team"], now["head"], now["hours"] = (
            price.team[month],
            price.head[month],
            price.hours[month],
        )


@rule
def appoint(
    build: Programme, asked: Asked, d: int, paid: Paid, staff: Staff, *, p: Parameters
) -> None:
    """Write who commits, who serves as champion, and what helpers do, if a round appoints them."""
    request, office, dose, months = (
        asked.rounds[d],
        build.offices[0],
        paid.dose[d],
        paid.dose.shape[1],
    )
    first = max(0, request["start"])
    built, fresh = ramp(dose, request["builds_up"], request["wears"], p)
    if request["appoints"] == LEADERS:
        office["leaders_share"], office["leaders"] = appointed(asked, d, paid.part[d]), d
        for month in range(first, months):
            kept = built[month - first] * fresh[month - first]
            build.calendar[month]["commitment"] = kept if dose[month - first] > 0.0 else 0.0
    elif request["appoints"] == CHAMPIONS:
        office["champions"] = champions(asked, d, paid.part[d], staff.chart)
        office["selection"], office["eligible"] = request["selection"], d
        if request["paid_hours"] >= 0.0:
            office["capacity"] = office["capacity"] * (request["paid_hours"] / p.coaching_hours)
        tired, worn = months_of_service(asked, d, paid), powers(1.0 - p.champion_fatigue, months)
        served = np.zeros(months)
        for month in range(first, months):
            served[month] = dose[month - first] * worn[tired[month]]
            if dose[month - first] > 0.0:
                build.calendar[month]["service"] = tired[month]
        help_with(build.coaching, asked, d, served, p)
    elif request["appoints"] == BUDDIES:
        office["buddies"] = d
        help_with(build.buddying, asked, d, dose, p)


@rule
def help_with(amount: Array, asked: Asked, d: int, dose: Array, p: Parameters) -> None:
    """Write what a full place with those a round appoints does by month [months, fields of Push]."""
    request, coaches = asked.rounds[d], False
    for k in range(asked.coaching.shape[1]):
        coaches = coaches or asked.coaching[d, k] != 0.0
    if not coaches:
        return
    usual = np.full(dose.size, 1.0)
    helped = pushes(
        asked.coaching[d],
        dose,
        request["structural"] == 1,
        p,
        usual,
        builds_up=request["builds_up"],
        wears=request["wears"],
    )
    for month in range(dose.size):
        for k in range(WIDTH):
            amount[month, k] = helped[month, k]


@rule
def months_of_service(asked: Asked, champions: int, paid: Paid) -> I8:
    """Return how many months champions have tired, by calendar month: not while recognised."""
    months = paid.dose.shape[1]
    tired, recognised = np.zeros(months, np.int64), np.zeros(months, np.bool_)
    for d in range(asked.rounds.size):
        request = asked.rounds[d]
        if request["recognises"] == 1 and request["start"] >= 0:
            for month in range(request["start"], months):
                if paid.dose[d, month - request["start"]] > 0.0:
                    recognised[month] = True
    for month in range(1, months):
        tiring = 0 <= asked.rounds[champions]["start"] < month and not recognised[month - 1]
        tired[month] = tired[month - 1] + (1 if tiring else 0)
    return tired


@rule
def taken_alone(asked: Asked, paid: Paid) -> tuple[Asked, Paid]:
    """Return the rounds that are taken, and what is done of them, without the others."""
    number = 0
    for d in range(asked.rounds.size):
        number += 0 if paid.cut[d] else 1
    months, people = paid.dose.shape[1], asked.named.shape[1]
    few = Asked(
        np.zeros(number, REQUEST),
        np.zeros((number, asked.effects.shape[1])),
        np.zeros((number, asked.coaching.shape[1])),
        np.zeros((number, asked.culture.shape[1])),
        np.zeros((number, asked.admits.shape[1]), np.bool_),
        asked.stretches,
        np.zeros((number, people), np.bool_),
    )
    done = Paid(
        np.zeros(number, np.bool_),
        np.zeros(number),
        np.zeros((number, months)),
        np.zeros((2, number, months)),
    )
    to = 0
    for d in range(asked.rounds.size):
        if paid.cut[d]:
            continue
        few.rounds[to] = asked.rounds[d]
        done.part[to] = paid.part[d]
        for k in range(asked.effects.shape[1]):
            few.effects[to, k], few.coaching[to, k] = asked.effects[d, k], asked.coaching[d, k]
        for k in range(asked.culture.shape[1]):
            few.culture[to, k] = asked.culture[d, k]
        for k in range(asked.admits.shape[1]):
            few.admits[to, k] = asked.admits[d, k]
        for k in range(people):
            few.named[to, k] = asked.named[d, k]
        for month in range(months):
            done.dose[to, month] = paid.dose[d, month]
            for upper in range(2):
                done.heads[upper, to, month] = paid.heads[upper, d, month]
        to += 1
    return few, done


# --- Entries ----------------------------------------------------------------------------------


@entry
def of_paid(
    asked: Asked, paid: Paid, staff: Staff, terms: Terms, climate: Climate, record: Numbers
) -> Programme:
    """Return the programme of rounds that are all taken; see :func:`compiled`."""
    for d in range(asked.rounds.size):
        count(asked, staff, paid, d, True)
    left = spare(limits(asked, staff, terms, paid))
    return compiled(asked, paid, staff, left, climate, p=record[0])


@entry
def planned(
    asked: Asked, staff: Staff, terms: Terms, climate: Climate, record: Numbers, months: int
) -> Planned:
    """Return what comes of rounds as they are asked for: all a page needs that moves a lever."""
    wanted = asked_for(asked, months)
    paid, fits = afford(asked, staff, terms, wanted)
    few, done = taken_alone(asked, paid)
    costs, reactions = np.zeros((asked.rounds.size, months)), climate.reactions.copy()
    shocks = climate.shocks.copy()
    for d in range(asked.rounds.size):
        if not paid.cut[d] and asked.rounds[d]["start"] >= 0:
            spent = expense(asked, d, paid, staff, False)
            for month in range(months):
                costs[d, month] = spent[month]
    for k in range(reactions.size):
        before = 0
        for d in range(reactions[k]["starts"]):
            before += 0 if paid.cut[d] else 1
        reactions[k]["starts"] = before
    for k in range(shocks.size):
        before = 0
        for d in range(shocks[k]["round"]):
            before += 0 if paid.cut[d] else 1
        shocks[k]["round"] = before
    here = Climate(
        climate.culture,
        climate.participation,
        climate.credibility,
        climate.works,
        reactions,
        climate.fresh_launches,
        shocks,
        climate.dearer,
    )
    left = spare(limits(few, staff, terms, done))
    programme = compiled(few, done, staff, left, here, p=record[0])
    return Planned(programme, paid, fits, costs, technology(terms, False))


# --- Of a scenario ----------------------------------------------------------------------------


def compile_programme(
    scenario: Scenario, plan: Chart | None = None, delivered: list[Round] | None = None
) -> Programme:
    """Return a scenario's programme as both engines read it.

    Parameters
    ----------
    scenario
        What is asked for.
    plan
        Its organisation chart, where that is known already.
    delivered
        Rounds with the doses that are delivered, whatever the budget would pay for; by default what
        it pays for.

    Raises
    ------
    ScenarioError
        If two deployments appoint the same kind of people, or there are too many.
    BudgetError
        If the programme does not fit the budget, and may not be cut.
    """
    plan = chart(scenario) if plan is None else plan
    means = ledger.means_of(scenario, plan)
    rounds = ledger.affordable(scenario, plan, means) if delivered is None else delivered
    _check(rounds)
    asked = ledger.table(rounds, scenario, plan)
    _check_audiences(rounds, asked, plan)
    programme = of_paid(
        asked,
        ledger.as_paid(rounds, scenario.simulation.months),
        *means,
        climate_of(scenario, rounds),
        as_record(effective_numbers(scenario)),
    )
    return Programme(*programme)


class Inputs(NamedTuple):
    """What :func:`planned` needs to know; a page may change doses, shares, months and the budget in it."""

    asked: Asked
    staff: Staff
    terms: Terms
    climate: Climate
    record: Numbers
    months: int


def inputs(scenario: Scenario, plan: Chart | None = None) -> Inputs:
    """Return what a scenario asks for, as numbers."""
    plan = chart(scenario) if plan is None else plan
    rounds = deployments.rounds(scenario)
    return Inputs(
        ledger.table(rounds, scenario, plan),
        *ledger.means_of(scenario, plan),
        climate_of(scenario, rounds),
        as_record(effective_numbers(scenario)),
        scenario.simulation.months,
    )


def climate_of(scenario: Scenario, rounds: list[Round]) -> Climate:
    """Return what a scenario's organisation makes of measures; ``rounds`` are the rounds there are."""
    culture = levers(scenario)
    sides = scenario.organisation.culture
    return Climate(
        np.array([getattr(sides, side) for side in CULTURE], float),
        culture.participation,
        culture.credibility,
        _works(scenario),
        _reactions(scenario, rounds),
        scenario.rules.launch != "calendar",
        _shocks(rounds),
        deployments.dearer(scenario),
    )


def _check(rounds: list[Round]) -> None:
    """Raise ScenarioError if there are too many rounds, or two that appoint the same people."""
    if len(rounds) > MOST_ROUNDS:
        message = (
            f"found {len(rounds)} deployments, at most {MOST_ROUNDS}; a repeated one for those not "
            "yet using counts each time"
        )
        raise ScenarioError([Problem(message, "programme")])
    appointed: dict[str, str] = {}
    for round_ in rounds:
        kind = round_.measure.appoints
        if kind is None:
            continue
        if kind in appointed:
            message = (
                f"'{round_.name}' and '{appointed[kind]}' both appoint {kind}: keep one of them"
            )
            raise ScenarioError([Problem(message, f"programme.{round_.name}")])
        appointed[kind] = round_.name


def _check_audiences(rounds: list[Round], asked: Asked, plan: Chart) -> None:
    """Raise ScenarioError if nobody in the audience of a measure can be what it appoints."""
    problems = []
    for round_, (able, ours) in zip(rounds, eligible(asked, plan), strict=True):
        if round_.measure.appoints not in ledger.BEFORE:
            continue
        if able > 0 and ours == 0:
            kind = round_.measure.appoints
            others = "people without a leading role" if kind == "champions" else "those who lead"
            message = (
                f"nobody in this audience can be among the {kind}: they are {others}, so widen it "
                "(roles, departments, teams or people), or leave it out"
            )
            problems.append(Problem(message, f"programme.{round_.name}.audience"))
    if problems:
        raise ScenarioError(problems)


def _shocks(rounds: list[Round]) -> Array:
    """Return what events do at once as both engines read it, dtype ``SHOCK``."""
    rows = []
    for d, round_ in enumerate(rounds):
        event = round_.event
        if event is None:
            continue
        kind = deployments.kind_of(round_.name, event)
        lost = (kind.shock.habit, kind.shock.skill, kind.shock.expectation)
        role = event.role or kind.leaves
        rows.append(
            (
                d,
                round_.start,
                *(min(1.0, event.size * share) for share in lost),
                ROLES.index(role) if role else -1,
            )
        )
    return np.array(rows, SHOCK)


def _works(scenario: Scenario) -> Array:
    """Return how well the tool works by month: 1, or less while it fails."""
    works = np.ones(scenario.simulation.months)
    failure = scenario.tool.failure
    if failure is not None:
        works[failure.month - 1 : failure.month - 1 + failure.months] = 1.0 - failure.depth
    return works


def _reactions(scenario: Scenario, rounds: list[Round]) -> Array:
    """Return the adaptive rules as both engines read them, dtype ``REACTION``."""

    def signed(side: Condition | Where) -> tuple[float, float]:
        if side.below is not None:
            return side.below, 1.0
        return (0.0, 0.0) if side.above is None else (side.above, -1.0)

    rules = [
        (scenario.adaptive[round_.name], d) for d, round_ in enumerate(rounds) if round_.start < 0
    ]
    agreed = deployments.consent(scenario)
    rows = [
        (
            d,
            VISIBLE.index(rule.when.kpi),
            max(rule.when.month - 1, agreed if rounds[d].measure.needs_consent else 0),
            (rule.when.until or rule.when.month) - 1,
            *signed(rule.when),
            *signed(rule.where),
            rule.survey.lag,
            rule.survey.noise,
        )
        for rule, d in rules
    ]
    return np.array(rows, REACTION)
