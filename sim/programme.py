"""What the programme does: rounds of measures become pushes, month by month and for whom."""

from __future__ import annotations

import math
import zlib
from typing import Any, Final, NamedTuple

import numpy as np

from sim import draws, money
from sim.channels import (
    ACCESS,
    CHANNELS,
    LAUNCH,
    QUALITY,
    RELIEFS,
    TRAINING,
    Push,
    carry_over,
    strength,
)
from sim.compiled import rule
from sim.deployments import Round
from sim.errors import Problem, ScenarioError
from sim.levers import effective_numbers, levers
from sim.measure import Message, Pushes
from sim.parameters import Parameters
from sim.population import Chart, chart, department_names, team_names
from sim.scenario import AdaptiveRule, Deployment, Scenario
from sim.selection import SELECTION
from sim.state import ARCHETYPES, ROLES, Employee

Array = np.ndarray[Any, Any]

WIDTH: Final = len(Push._fields)
MOST_ROUNDS: Final = 63
"""Rounds a person's reach is kept of, in the bits of one number."""

MOST_RELIEF: Final = 0.99
"""Largest share of a threat that one full dose removes, whatever the scale."""

NEVER: Final = 1 << 30
"""The month in which something starts that never does."""

VISIBLE: Final = (
    "adoption", "using", "intensity", "acceptance", "felt_threat", "skill", "expectation",
)  # fmt: skip
"""What a change lead can look at; see :class:`sim.scenario.Condition`."""

NOBODY_APPOINTED: Final = 0
LEADERS: Final = 1
CHAMPIONS: Final = 2
BUDDIES: Final = 3
APPOINTS: Final = (None, "leaders", "champions", "buddies")


class Reactions(NamedTuple):
    """What a change lead does when something shows, one entry per adaptive rule.

    Attributes
    ----------
    starts
        The round that is started.
    kpi
        Position in ``VISIBLE`` of the figure looked at.
    first, last
        Months in which it is looked at, from 0.
    level, sign
        Acts where ``sign * figure < sign * level``.
    where_level, where_sign
        The same for departments; a sign of 0 means all.
    lag, noise
        Months until a figure is known, and standard deviation of its error.
    """

    starts: Array
    kpi: Array
    first: Array
    last: Array
    level: Array
    sign: Array
    where_level: Array
    where_sign: Array
    lag: Array
    noise: Array


class Programme(NamedTuple):
    """A programme as both engines read it; D rounds, M months.

    Attributes
    ----------
    amount
        What each round does to a person reached, by month since its start [D, M, fields of Push].
    lasting
        Part of a stock left a month later; 1 where a latecomer gets the same as the others [D, 15].
    last_dose
        The latest month, counted since the start, with a dose; -1 before the first [D, M].
    onset
        Month in which each round starts in each department, from 0 [D, departments].
    departments, teams, roles, archetypes
        Whether each round is meant for them [D, number of them]; people without a team come last.
    named
        Who is on its list [D, people]; without people if no round has one.
    share, code
        Share of those reached, and the stable number that names the round's chance [D].
    not_yet_using, on_arrival
        Whether it is for those who do not use AI when it starts, or for newcomers [D].
    appoints
        Position in ``APPOINTS`` [D].
    fixed, head, hours, new_head, new_hours
        Prices, see :class:`sim.money.Prices` [D, M; the last two: D].
    leaders_share, commitment
        Share of leaders who commit, and whether the commitment is in force [M].
    champions_share, selection, eligible, service, capacity
        Champions as a share of the staff, how they are chosen, the round's number (its audience
        may be chosen; -1 for none), months they have tired, -1 while not in service [M], and
        people each can coach.
    coaching, buddying
        What a full coaching place does [M, 15], and a buddy, by month since the start [M, 15].
    buddies
        The round's number, -1 for none.
    reactions, spare
        Adaptive rules, and the money they may spend [euro].
    works
        How well the tool works [M].
    """

    amount: Array
    lasting: Array
    last_dose: Array
    onset: Array
    departments: Array
    teams: Array
    roles: Array
    archetypes: Array
    named: Array
    share: Array
    code: Array
    not_yet_using: Array
    on_arrival: Array
    appoints: Array
    fixed: Array
    head: Array
    hours: Array
    new_head: Array
    new_hours: Array
    leaders_share: float
    commitment: Array
    champions_share: float
    selection: int
    eligible: int
    service: Array
    capacity: float
    coaching: Array
    buddying: Array
    buddies: int
    reactions: Reactions
    spare: float
    works: Array


# --- From doses to pushes -----------------------------------------------------------------


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


def pushes(
    channel_effects: Pushes,
    dose: Array,
    structural: bool,
    p: Parameters,
    participation: float = 1.0,
) -> Array:
    """Return what a measure's channels do by month [months, fields of Push], given its doses.

    Parameters
    ----------
    channel_effects
        What it does at a stock of 1.
    dose
        Dose by month [months].
    structural
        Whether it holds while in force, instead of fading.
    p
        Numbers of the rules.
    participation
        Factor on its relief.
    """
    amount = np.zeros((dose.size, WIDTH))
    stock = stocks(
        dose, structural, p.structural_carry_over if structural else p.one_off_carry_over
    )
    for index, channel in enumerate(CHANNELS):
        effect = getattr(channel_effects, channel)
        if channel in RELIEFS:
            relief = min(p.relief_scale * effect * participation, MOST_RELIEF)
            amount[:, index] = strength(relief) * stock
        elif index == LAUNCH:
            lasting = math.exp(-1.0 / p.launch_novelty_time)
            amount[:, index] = effect * stocks(dose, structural, lasting)
        elif index == TRAINING:
            amount[:, index] = effect * dose
        elif index == QUALITY:  # what is mended stays mended
            amount[:, index] = strength(effect) * np.cumsum(dose)
        elif index == ACCESS:
            amount[:, index] = effect * (dose > 0.0)
        else:
            amount[:, index] = strength(effect) * stock
    return amount


def lasting_of(structural: bool, p: Parameters) -> Array:
    """Return what is left of each push a month later [fields of Push]; see Programme."""
    left = np.full(WIDTH, 1.0 if structural else p.one_off_carry_over)
    if not structural:
        left[LAUNCH] = math.exp(-1.0 / p.launch_novelty_time)
        left[TRAINING] = left[ACCESS] = 0.0
        left[QUALITY] = 1.0
    return left


def speak(
    message: Message, deployment: Deployment, p: Parameters, credibility: float = 1.0
) -> tuple[float, float]:
    """Return the pull of a message at a stock of 1 [1/month] and the usefulness it promises.

    A two-sided message is believed more and promises what a practised colleague would confirm;
    a one-sided one promises the hype as well. Interactive beats one-way, concrete beats abstract,
    and who speaks counts. ``credibility`` is what the organisation's transparency makes of it.
    """
    balanced = (deployment.balance or message.balance) == "two_sided"
    pull = p.message_rate * message.strength
    belief = p.two_sided_credibility if balanced else p.one_sided_credibility
    sender = deployment.sender or message.sender
    if sender is not None:
        belief *= getattr(p, f"sender_{sender}")
    pull *= min(1.0, belief * credibility)
    if (deployment.format or message.format) == "interactive":
        pull *= p.interactive_factor
    if (deployment.concreteness or message.concreteness) == "abstract":
        pull *= p.abstract_factor
    level = p.tool_quality if balanced else min(1.0, p.tool_quality + p.hype)
    return pull, level


def compile_programme(scenario: Scenario, plan: Chart | None = None) -> Programme:
    """Return a scenario's programme as both engines read it.

    Raises
    ------
    ScenarioError
        If two deployments appoint the same kind of people, or there are too many.
    BudgetError
        If the programme does not fit the budget, and may not be cut.
    """
    plan = chart(scenario) if plan is None else plan
    every = money.affordable(scenario, plan)
    _check(every)
    months, p, culture = scenario.simulation.months, effective_numbers(scenario), levers(scenario)
    names, teams = department_names(scenario.organisation), []
    if any(one.deployment.audience.teams for one in every):
        teams = team_names(scenario, plan)
    size = len(every)
    lists = any(one.deployment.audience.people is not None for one in every)
    build = Programme(
        amount=np.zeros((size, months, WIDTH)),
        lasting=np.ones((size, WIDTH)),
        last_dose=np.full((size, months), -1, np.int64),
        onset=np.full((size, len(names)), NEVER, np.int64),
        departments=np.ones((size, len(names)), np.bool_),
        teams=np.ones((size, len(teams) + 1), np.bool_),
        roles=np.ones((size, len(ROLES)), np.bool_),
        archetypes=np.ones((size, len(ARCHETYPES)), np.bool_),
        named=np.ones((size, plan.role.size if lists else 0), np.bool_),
        share=np.ones(size),
        code=np.zeros(size, np.int64),
        not_yet_using=np.zeros(size, np.bool_),
        on_arrival=np.zeros(size, np.bool_),
        appoints=np.zeros(size, np.int64),
        fixed=np.zeros((size, months)),
        head=np.zeros((size, months)),
        hours=np.zeros((size, months)),
        new_head=np.zeros(size),
        new_hours=np.zeros(size),
        leaders_share=0.0,
        commitment=np.zeros(months, np.bool_),
        champions_share=0.0,
        selection=0,
        eligible=-1,
        service=np.full(months, -1, np.int64),
        capacity=p.coaching_capacity,
        coaching=np.zeros((months, WIDTH)),
        buddying=np.zeros((months, WIDTH)),
        buddies=-1,
        reactions=_reactions(scenario, every),
        spare=money.spare(scenario, every, plan),
        works=_works(scenario),
    )
    for d, one in enumerate(every):
        participation = culture.participation if one.measure.participatory else 1.0
        build.amount[d] = pushes(one.measure.pushes, one.dose * one.part, one.structural, p, participation)
        build.lasting[d] = lasting_of(one.structural, p)
        if one.measure.message is not None:
            pull, level = speak(one.measure.message, one.deployment, p, culture.credibility)
            carry = p.structural_carry_over if one.structural else p.one_off_carry_over
            build.amount[d, :, -2] = pull * stocks(one.dose, one.structural, carry)
            build.amount[d, :, -1] = level * build.amount[d, :, -2]
        given = np.where(one.dose > 0.0, np.arange(months), -1)
        build.last_dose[d] = np.maximum.accumulate(given)
        if one.start >= 0:
            build.onset[d] = one.start
        _audience(build, d, one, scenario, plan, names, teams)
        price = money.prices(one)
        build.fixed[d], build.head[d], build.hours[d] = price.fixed, price.head, price.hours
        build.new_head[d], build.new_hours[d] = price.new_head, price.new_hours
        build.appoints[d] = APPOINTS.index(one.measure.appoints)
    return _appointed(build, every, p)


def _check(every: list[Round]) -> None:
    """Raise ScenarioError if there are too many rounds, or two that appoint the same people."""
    if len(every) > MOST_ROUNDS:
        message = (
            f"found {len(every)} deployments, at most {MOST_ROUNDS}; a repeated one for those not "
            "yet using counts each time"
        )
        raise ScenarioError([Problem(message, "programme")])
    appointed: dict[str, str] = {}
    for one in every:
        kind = one.measure.appoints
        if kind is None:
            continue
        if kind in appointed:
            message = f"'{one.name}' and '{appointed[kind]}' both appoint {kind}: keep one of them"
            raise ScenarioError([Problem(message, f"programme.{one.name}")])
        appointed[kind] = one.name


def _audience(
    build: Programme, d: int, one: Round, scenario: Scenario, plan: Chart, names: list[str],
    teams: list[str],
) -> None:  # fmt: skip
    """Fill in whom a round is for."""
    audience = one.deployment.audience
    for allowed, known, wanted in (
        (build.departments, names, audience.departments),
        (build.teams, [*teams, ""], audience.teams),
        (build.roles, list(ROLES), audience.roles),
        (build.archetypes, list(ARCHETYPES), audience.archetypes),
    ):
        if wanted is not None:
            allowed[d] = [name in wanted for name in known]
    if audience.people is not None:
        build.named[d] = money.named(scenario, audience.people)
    build.share[d] = audience.share
    build.code[d] = zlib.crc32(one.name.encode()) & 0x7FFFFFFF
    build.not_yet_using[d] = audience.not_yet_using
    build.on_arrival[d] = one.measure.on_arrival


def _appointed(build: Programme, every: list[Round], p: Parameters) -> Programme:
    """Return the programme with who commits, who serves as champion, and what helpers do."""
    months = build.works.size
    for d, one in enumerate(every):
        kind, deployment = one.measure.appoints, one.deployment
        span = slice(one.start, one.start + months) if one.start >= 0 else slice(0, 0)
        in_force = one.dose[: max(0, months - max(0, one.start))] > 0.0
        if kind == "leaders":
            build.commitment[span] = in_force
            build = build._replace(leaders_share=money.appointed_share(one))
        elif kind == "champions":
            tired = _months_of_service(one, every, months)
            build.service[span] = np.where(in_force, tired[span], -1)
            chosen = deployment.selection or one.measure.selection or "random"
            build = build._replace(
                champions_share=money.appointed_share(one),
                selection=SELECTION.index(chosen),
                eligible=d,
                capacity=p.coaching_capacity
                * (1.0 if deployment.hours is None else deployment.hours / p.coaching_hours),
            )
            if one.measure.coaching is not None:
                dose = np.zeros(months)
                dose[span] = one.dose[: in_force.size]
                dose[span] *= (1.0 - p.champion_fatigue) ** tired[span]
                build = build._replace(
                    coaching=pushes(one.measure.coaching, dose, one.structural, p)
                )
        elif kind == "buddies":
            build = build._replace(buddies=d)
            if one.measure.coaching is not None:
                build = build._replace(
                    buddying=pushes(one.measure.coaching, one.dose, one.structural, p)
                )
    return build


def _months_of_service(champions: Round, every: list[Round], months: int) -> Array:
    """Return how many months champions have tired, by calendar month: not while recognised."""
    recognised = np.zeros(months, np.bool_)
    for one in every:
        if one.measure.recognises and one.start >= 0:
            recognised[one.start :] |= one.dose[: max(0, months - one.start)] > 0.0
    tiring = ~recognised
    tiring[: champions.start] = False
    return np.concatenate([[0], np.cumsum(tiring)[:-1]])


def _works(scenario: Scenario) -> Array:
    """Return how well the tool works by month: 1, or less while it fails."""
    works = np.ones(scenario.simulation.months)
    failure = scenario.tool.failure
    if failure is not None:
        works[failure.month - 1 : failure.month - 1 + failure.months] = 1.0 - failure.depth
    return works


def _reactions(scenario: Scenario, every: list[Round]) -> Reactions:
    """Return the adaptive rules as both engines read them."""
    rules = [(scenario.adaptive[one.name], d) for d, one in enumerate(every) if one.start < 0]

    def signed(below: float | None, above: float | None) -> tuple[float, float]:
        if below is None and above is None:
            return 0.0, 0.0
        return (below, 1.0) if below is not None else (above or 0.0, -1.0)

    def column(kind: type, value: Any) -> Array:
        return np.array([value(rule) for rule, _ in rules], kind)

    def last(rule: AdaptiveRule) -> int:
        return (rule.when.until or rule.when.month) - 1

    return Reactions(
        starts=np.array([d for _, d in rules], np.int64),
        kpi=column(np.int64, lambda rule: VISIBLE.index(rule.when.kpi)),
        first=column(np.int64, lambda rule: rule.when.month - 1),
        last=column(np.int64, last),
        level=column(np.float64, lambda rule: signed(rule.when.below, rule.when.above)[0]),
        sign=column(np.float64, lambda rule: signed(rule.when.below, rule.when.above)[1]),
        where_level=column(np.float64, lambda rule: signed(rule.where.below, rule.where.above)[0]),
        where_sign=column(np.float64, lambda rule: signed(rule.where.below, rule.where.above)[1]),
        lag=column(np.int64, lambda rule: rule.survey.lag),
        noise=column(np.float64, lambda rule: rule.survey.noise),
    )


# --- Whom it reaches ----------------------------------------------------------------------


@rule
def reach(me: Employee, i: int, programme: Programme, seed: int, stream: int) -> int:
    """Return which rounds are meant for the person in row ``i``, one bit each."""
    mask = 0
    for d in range(programme.share.size):
        if (
            programme.departments[d, me.department]
            and programme.teams[d, min(me.team, programme.teams.shape[1] - 1)]
            and programme.roles[d, me.role]
            and programme.archetypes[d, me.archetype]
            and (programme.named.shape[1] == 0 or programme.named[d, i])
            and (
                programme.share[d] >= 1.0
                or draws.uniform(seed, stream, draws.AUDIENCE, me.key, 0, programme.code[d])
                < programme.share[d]
            )
        ):
            mask |= 1 << d
    return mask


@rule
def age(programme: Programme, onset: Array, d: int, department: int, arrival: int, now: int) -> int:
    """Return the months since a round began for these people; negative if it has not, or is past.

    A measure for newcomers begins when they arrive, if it is in force then.
    """
    begun = now - onset[d, department]
    if not programme.on_arrival[d]:
        return begun  # type: ignore[no-any-return]
    came = arrival - onset[d, department]
    if arrival == 0 or came < 0 or begun < 0 or programme.last_dose[d, came] != came:
        return -1
    return now - arrival


@rule
def add_up(
    programme: Programme, onset: Array, mask: int, department: int, arrival: int, now: int
) -> Push:
    """Return what the rounds of a mask do together in a month.

    Parameters
    ----------
    programme
        The programme.
    onset
        Month in which each round starts in each department, from 0.
    mask
        Rounds that reach these people, one bit each.
    department
        Their department.
    arrival
        Months the programme had run when they came; what was said before did not reach them.
    now
        Month, from 0.
    """
    total = np.zeros(WIDTH)
    for d in range(programme.share.size):
        if (mask >> d) & 1 == 0:
            continue
        since = age(programme, onset, d, department, arrival, now)
        if since < 0:
            continue
        missed = 0 if programme.on_arrival[d] else arrival - onset[d, department]
        for k in range(WIDTH):
            amount = programme.amount[d, since, k]
            if missed > 0 and programme.lasting[d, k] < 1.0:
                faded = programme.amount[d, missed - 1, k]
                for _ in range(since - missed + 1):
                    faded = faded * programme.lasting[d, k]
                amount = amount - faded
            elif missed > 0 and k != QUALITY and programme.last_dose[d, since] < missed:
                amount = 0.0
            total[k] += amount
    return as_push(total)


@rule
def as_push(row: Array) -> Push:
    """Return a row of numbers as a Push."""
    return Push(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10],
        row[11], row[12], row[13], row[14],
    )  # fmt: skip
