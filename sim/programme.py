"""What the programme does: rounds of measures become pushes, month by month and for whom."""

from __future__ import annotations

import math
import zlib
from typing import Any, Final, NamedTuple

import numpy as np

from sim import deployments, draws, money
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
from sim.files.library import read_archetypes
from sim.levers import effective_numbers, levers
from sim.measure import Message, Pushes
from sim.parameters import Parameters
from sim.population import Chart, chart, department_names, team_names
from sim.scenario import Condition, Deployment, Scenario, Where
from sim.selection import SELECTION
from sim.state import ROLES, Employee

Array = np.ndarray[Any, Any]

WIDTH: Final = len(Push._fields)
MOST_ROUNDS: Final = 63
"""Rounds a person's reach is kept of, in the bits of one number."""

MOST: Final = 0.99
"""Largest share of a threat, or of a wrong expectation, that one full dose removes."""

NEVER: Final = 1 << 30
"""The month in which something starts that never does."""

VISIBLE: Final = (
    "adoption", "using", "intensity", "acceptance", "felt_threat", "skill", "expectation",
)  # fmt: skip
"""What a change lead can look at; see :class:`sim.scenario.Condition`."""

LEADERS: Final = 1
CHAMPIONS: Final = 2
BUDDIES: Final = 3
APPOINTS: Final = (None, "leaders", "champions", "buddies")


ROUND: Final = np.dtype(
    [
        ("share", "f8"),  # of those meant, drawn by chance
        ("code", "i8"),  # names the round's chance
        ("not_yet_using", "u1"),  # for those who do not use AI when it starts
        ("on_arrival", "u1"),  # for newcomers
        ("appoints", "i8"),  # position in APPOINTS
        ("new_head", "f8"),  # what a participant who comes later costs once [euro]
        ("new_hours", "f8"),  # [hour]
        ("wage", "f8"),  # what an hour of everybody costs here, 0 for the own [euro]
    ],
    align=True,
)
"""What a round is, besides its months and people."""

MONTH: Final = np.dtype(
    [
        ("last_dose", "i8"),  # the latest month with a dose, -1 before the first
        ("fixed", "f8"),  # costs, whatever the number of participants [euro]
        ("head", "f8"),  # for each participant [euro]
        ("hours", "f8"),  # working time of each participant [hour]
    ]
)
"""What a round is in a month, counted from its start."""

REACTION: Final = np.dtype(
    [
        ("starts", "i8"),  # the round that is started
        ("kpi", "i8"),  # position in VISIBLE of the figure looked at
        ("first", "i8"),  # months in which it is looked at, from 0
        ("last", "i8"),
        ("level", "f8"),  # acts where sign * figure < sign * level
        ("sign", "f8"),
        ("where_level", "f8"),  # the same for departments; a sign of 0 means all
        ("where_sign", "f8"),
        ("lag", "i8"),  # months until a figure is known
        ("noise", "f8"),  # standard deviation of its error
    ]
)
"""What a change lead does when something shows."""

OFFICES: Final = np.dtype(
    [
        ("leaders_share", "f8"),  # share of leaders who commit
        ("leaders", "i8"),  # the round whose audience may commit, -1 for none
        ("champions", "i8"),  # how many champions are wanted
        ("selection", "i8"),  # position in SELECTION
        ("eligible", "i8"),  # the round whose audience may be chosen, -1 for none
        ("capacity", "f8"),  # people each champion can coach
        ("buddies", "i8"),  # the round of buddies, -1 for none
        ("spare", "f8"),  # money adaptive rules may spend [euro]
    ]
)
"""Who gets a part to play."""

CALENDAR: Final = np.dtype(
    [
        ("commitment", "u1"),  # whether the leaders' commitment is in force
        ("service", "i8"),  # months champions have tired, -1 while not in service
        ("works", "f8"),  # how well the tool works: 1, or less while it fails
    ],
    align=True,
)
"""What holds for everybody in a month."""


class Programme(NamedTuple):
    """A programme as both engines read it; D rounds, M months. Tables compile faster than columns.

    Attributes
    ----------
    rounds
        Dtype ``ROUND`` [D].
    amount
        What each round does to a person reached, by month since its start [D, M, fields of Push].
    lasting
        Part of a push left a month later; 1 where a latecomer gets what the others get
        [D, fields of Push].
    months
        Dtype ``MONTH``, by month since the start [D, M].
    onset
        Month in which each round starts in each department, from 0 [D, departments].
    admits
        Whether each round is meant for a department, role, archetype, team: four stretches, which
        ``stretches`` names; people without a team come last [D, all of them].
    stretches
        Where departments, roles, archetypes and teams begin, and where they end [5].
    named
        Who is on its list [D, people]; without people if no round has one.
    offices
        Dtype ``OFFICES`` [1].
    calendar
        Dtype ``CALENDAR`` [M].
    coaching, buddying
        What a full coaching place does, by calendar month, and a buddy, by month since the start
        [M, fields of Push].
    reactions
        Dtype ``REACTION``, one per adaptive rule.
    """

    rounds: Array
    amount: Array
    lasting: Array
    months: Array
    onset: Array
    admits: Array
    stretches: Array
    named: Array
    offices: Array
    calendar: Array
    coaching: Array
    buddying: Array
    reactions: Array


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
            relief = min(p.relief_scale * effect * participation, MOST)
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
    """Return the push of a message at a stock of 1 and the usefulness it promises.

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
    return strength(min(pull, MOST)), level


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
    _check_audiences(every, scenario, plan)
    months, p, culture = scenario.simulation.months, effective_numbers(scenario), levers(scenario)
    names, teams = department_names(scenario.organisation), []
    if any(one.deployment.audience.teams for one in every):
        teams = team_names(scenario, plan)
        for one in every:
            money.meant(one, scenario, plan)  # says which team there is not
    size = len(every)
    lists = any(one.deployment.audience.people is not None for one in every)
    kinds = (names, ROLES, read_archetypes(), [*teams, ""])
    stretches = np.cumsum([0, *(len(kind) for kind in kinds)])
    build = Programme(
        rounds=np.zeros(size, ROUND),
        amount=np.zeros((size, months, WIDTH)),
        lasting=np.ones((size, WIDTH)),
        months=np.zeros((size, months), MONTH),
        onset=np.full((size, len(names)), NEVER, np.int64),
        admits=np.ones((size, stretches[-1]), np.bool_),
        stretches=stretches.astype(np.int64),
        named=np.ones((size, plan.role.size if lists else 0), np.bool_),
        offices=np.zeros(1, OFFICES),
        calendar=np.zeros(months, CALENDAR),
        coaching=np.zeros((months, WIDTH)),
        buddying=np.zeros((months, WIDTH)),
        reactions=_reactions(scenario, every),
    )
    build.calendar["works"] = _works(scenario)
    for d, one in enumerate(every):
        participation = culture.participation if one.measure.participatory else 1.0
        build.amount[d] = pushes(one.measure.pushes, one.dose, one.structural, p, participation)
        build.lasting[d] = lasting_of(one.structural, p)
        if one.measure.message is not None:
            pull, level = speak(one.measure.message, one.deployment, p, culture.credibility)
            carry = p.structural_carry_over if one.structural else p.one_off_carry_over
            build.amount[d, :, -2] = pull * stocks(one.dose, one.structural, carry)
            build.amount[d, :, -1] = level * build.amount[d, :, -2]
        if one.start >= 0:
            build.onset[d] = one.start
        given = np.where(one.dose > 0.0, np.arange(months), -1)
        price = money.prices(one)
        build.months["last_dose"][d] = np.maximum.accumulate(given)
        build.months["fixed"][d] = price.fixed
        build.months["head"][d] = price.head
        build.months["hours"][d] = price.hours
        audience = one.deployment.audience
        build.rounds[d] = (
            deployments.reached(one), zlib.crc32(one.name.encode()) & 0x7FFFFFFF, audience.not_yet_using,
            one.measure.on_arrival, APPOINTS.index(one.measure.appoints), price.new_head,
            price.new_hours, money.common_hour(one, scenario, plan),
        )  # fmt: skip
        wanted = (audience.departments, audience.roles, audience.archetypes, audience.teams)
        for k, (kind, chosen) in enumerate(zip(kinds, wanted, strict=True)):
            if chosen is not None:
                here = slice(stretches[k], stretches[k + 1])
                build.admits[d, here] = [name in chosen for name in kind]
        if audience.people is not None:
            build.named[d] = money.named(scenario, audience.people)
    build.offices["spare"] = money.spare(scenario, every, plan)
    return _appointed(build, every, scenario, plan, p)


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


def _check_audiences(every: list[Round], scenario: Scenario, plan: Chart) -> None:
    """Raise ScenarioError if nobody in the audience of a measure can be what it appoints."""
    problems = []
    for one in every:
        if one.measure.appoints not in money.BEFORE:
            continue
        able = money.able(one, plan)
        if able.any() and not (able & money.meant(one, scenario, plan)).any():
            kind = one.measure.appoints
            others = "people without a leading role" if kind == "champions" else "those who lead"
            message = (
                f"nobody in this audience can be among the {kind}: they are {others}, so widen it "
                "(roles, departments, teams or people), or leave it out"
            )
            problems.append(Problem(message, f"programme.{one.name}.audience"))
    if problems:
        raise ScenarioError(problems)


def _appointed(
    build: Programme, every: list[Round], scenario: Scenario, plan: Chart, p: Parameters
) -> Programme:
    """Return the programme with who commits, who serves as champion, and what helpers do."""
    months, office = build.calendar.size, build.offices[0]
    office["leaders"] = office["eligible"] = office["buddies"] = -1
    office["capacity"] = p.coaching_capacity
    build.calendar["service"] = -1
    for d, one in enumerate(every):
        kind, deployment = one.measure.appoints, one.deployment
        first = max(0, one.start)
        in_force = one.dose[: max(0, months - first)] > 0.0
        if kind == "leaders":
            build.calendar["commitment"][first:] = in_force
            office["leaders_share"], office["leaders"] = deployments.appointed(one), d
        elif kind == "champions":
            tired = _months_of_service(one, every, months)
            build.calendar["service"][first:] = np.where(in_force, tired[first:], -1)
            chosen = deployment.selection or one.measure.selection or "random"
            office["champions"] = money.champions(one, scenario, plan)
            office["selection"], office["eligible"] = SELECTION.index(chosen), d
            if deployment.hours is not None:
                office["capacity"] *= deployment.hours / p.coaching_hours
            dose = np.zeros(months)
            dose[first:] = one.dose[: in_force.size] * (1.0 - p.champion_fatigue) ** tired[first:]
            if one.measure.coaching is not None:
                build.coaching[:] = pushes(one.measure.coaching, dose, one.structural, p)
        elif kind == "buddies":
            office["buddies"] = d
            if one.measure.coaching is not None:
                build.buddying[:] = pushes(one.measure.coaching, one.dose, one.structural, p)
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


def _reactions(scenario: Scenario, every: list[Round]) -> Array:
    """Return the adaptive rules as both engines read them, dtype ``REACTION``."""

    def signed(side: Condition | Where) -> tuple[float, float]:
        if side.below is not None:
            return side.below, 1.0
        return (0.0, 0.0) if side.above is None else (side.above, -1.0)

    rules = [(scenario.adaptive[one.name], d) for d, one in enumerate(every) if one.start < 0]
    rows = [
        (
            d, VISIBLE.index(rule.when.kpi), rule.when.month - 1,
            (rule.when.until or rule.when.month) - 1, *signed(rule.when), *signed(rule.where),
            rule.survey.lag, rule.survey.noise,
        )
        for rule, d in rules
    ]  # fmt: skip
    return np.array(rows, REACTION)


# --- Whom it reaches ----------------------------------------------------------------------


@rule
def reach(me: Employee, i: int, programme: Programme, seed: int, stream: int) -> int:
    """Return which rounds are meant for the person in row ``i``, one bit each."""
    mask = 0
    department, role, archetype, team, end = programme.stretches
    teams = end - team
    for d in range(programme.rounds.size):
        meant = programme.admits[d]
        if (
            meant[department + me.department]
            and meant[role + me.role]
            and meant[archetype + me.archetype]
            and meant[team + (me.team if 0 <= me.team < teams - 1 else teams - 1)]
            and (programme.named.shape[1] == 0 or programme.named[d, i])
            and (
                programme.rounds[d]["share"] >= 1.0
                or draws.uniform(
                    seed, stream, draws.AUDIENCE, me.key, 0, programme.rounds[d]["code"]
                )
                < programme.rounds[d]["share"]
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
    if programme.rounds[d]["on_arrival"] == 0:
        return begun  # type: ignore[no-any-return]
    came = arrival - onset[d, department]
    if arrival == 0 or came < 0 or begun < 0 or programme.months[d, came]["last_dose"] != came:
        return -1
    return now - arrival


@rule
def add_up(
    programme: Programme,
    onset: Array,
    mask: int,
    department: int,
    arrival: int,
    led: float,
    now: int,
) -> Push:
    """Return what the rounds of a mask, and leaders who commit, do together in a month.

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
    led
        Part of their leaders who commit: what leaders do reaches those they lead [0 to 1].
    now
        Month, from 0.
    """
    total = np.zeros(WIDTH)
    for d in range(programme.rounds.size):
        part = 1.0 if (mask >> d) & 1 == 1 else 0.0
        if programme.rounds[d]["appoints"] == LEADERS:
            part = led
        if part == 0.0:
            continue
        since = age(programme, onset, d, department, arrival, now)
        if since < 0:
            continue
        missed = arrival - onset[d, department]
        if programme.rounds[d]["on_arrival"] == 1:
            missed = 0
        for k in range(WIDTH):
            amount = programme.amount[d, since, k]
            if missed > 0 and programme.lasting[d, k] < 1.0:
                faded = programme.amount[d, missed - 1, k]
                for _ in range(since - missed + 1):
                    faded = faded * programme.lasting[d, k]
                amount = amount - faded
            elif missed > 0 and k != QUALITY and programme.months[d, since]["last_dose"] < missed:
                amount = 0.0
            total[k] += part * amount
    return as_push(total)


@rule
def as_push(row: Array) -> Push:
    """Return a row of numbers as a Push."""
    return Push(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10],
        row[11], row[12], row[13], row[14],
    )  # fmt: skip
