"""What the programme does: rounds of measures become pushes, month by month and for whom."""

from __future__ import annotations

import zlib
from typing import Annotated, Final, NamedTuple

import numpy as np

from sim import deployments, draws, money
from sim.channels import (
    ACCESS,
    CHANNELS,
    CONSIDER,
    LAUNCH,
    QUALITY,
    RELIEFS,
    TRAINING,
    Push,
    carry_over,
    strength,
)
from sim.deployments import Round
from sim.elementary import exp, log, mean, powers
from sim.engine import rule
from sim.engine.kinds import F8_2, F8_3, I8, I8_2, TRUE_2, Array, Of
from sim.errors import Problem, ScenarioError
from sim.files.library import read_archetypes
from sim.levers import effective_numbers, levers
from sim.measure import Message, Pushes
from sim.parameters import Parameters
from sim.population import Chart, chart, department_names, team_names
from sim.scenario import Condition, Deployment, Scenario, Where
from sim.selection import SELECTION
from sim.state import ROLES, Employee

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
        ("sender", "i8"),  # who speaks, as a number; -1 for nobody in particular
        ("format", "i8"),  # in which format, as a number
    ],
    align=True,
)
"""What a round is, besides its months and people."""

MONTH: Final = np.dtype(
    [
        ("last_dose", "i8"),  # the latest month with a dose, -1 before the first
        ("fixed", "f8"),  # costs, whatever the number of participants, own team included [euro]
        ("team", "f8"),  # working time of those who run it [hour]
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
        ("commitment", "f8"),  # how far leaders keep their commitment, 0 while it is not in force
        ("service", "i8"),  # months champions have tired, -1 while not in service
        ("works", "f8"),  # how well the tool works: 1, or less while it fails
        ("starting", "f8"),  # what measures made of the culture: factor on the rate of starting
        ("stopping", "f8"),  # on the rate of stopping
        ("learning", "f8"),  # on what practice teaches
        ("finding", "f8"),  # on use cases found
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
    launches
        Rounds whose launch counts from each person's own access; none where it counts from its
        own month alone.
    variety
        Power of the number of senders and formats in the pull of messages.
    """

    rounds: Annotated[Array, Of(ROUND)]
    amount: F8_3
    lasting: F8_2
    months: Annotated[Array, Of(MONTH, 2)]
    onset: I8_2
    admits: TRUE_2
    stretches: I8
    named: TRUE_2
    offices: Annotated[Array, Of(OFFICES)]
    calendar: Annotated[Array, Of(CALENDAR)]
    coaching: F8_2
    buddying: F8_2
    reactions: Annotated[Array, Of(REACTION)]
    launches: I8
    variety: float


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


def ramp(dose: Array, builds_up: float, wears: float, p: Parameters) -> tuple[Array, Array]:
    """Return what a structural measure has built up, and what wear leaves of it [months each].

    It builds up in its months in force alone: what ended is never worth more afterwards. It wears
    from the month it first begins, and a pause renews nothing: it is set up, and paid for, once.
    """
    given = dose > 0.0
    slow = builds_up * p.build_up_scale
    built = np.minimum(1.0, np.cumsum(given) / slow) if slow > 1.0 else np.ones(dose.size)
    age = np.maximum(np.arange(dose.size) - int(given.argmax()), 0)
    return built, powers(1.0 - min(0.99, wears * p.wear_scale), dose.size)[age]


def pushes(
    channel_effects: Pushes,
    dose: Array,
    structural: bool,
    p: Parameters,
    participation: float | Array = 1.0,
    builds_up: float = 0.0,
    wears: float = 0.0,
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
        Factor on its relief, or one for each month [months]: what is left of a one-off measure
        later is left of what it was worth when it was given.
    builds_up, wears
        Of a structural measure: months until it has its full effect, and the share of what helps
        that wears off a month. What frightens does so at once and for good. Neither concerns
        launches, courses, access, nor what is mended of the tool.
    """
    built, fresh = ramp(dose, builds_up, wears, p)
    amount = np.zeros((dose.size, WIDTH))
    stock = stocks(
        dose, structural, p.structural_carry_over if structural else p.one_off_carry_over
    )
    carry = p.structural_carry_over if structural else p.relief_carry_over
    for index, channel in enumerate(CHANNELS):
        effect = getattr(channel_effects, channel)
        if channel in RELIEFS:
            relief = p.relief_scale * effect * participation * np.ones(dose.size)
            removed = np.array([strength(min(float(one), MOST)) for one in relief])
            if removed[0] == 0.0:
                continue
            lasting_part = built * fresh if effect > 0.0 else 1.0
            given = stocks(dose * (removed / removed[0]), structural, carry)
            amount[:, index] = removed[0] * given * lasting_part
        elif index == LAUNCH:
            lasting = exp(-1.0 / p.launch_novelty_time)
            amount[:, index] = effect * stocks(dose, structural, lasting)
        elif index == TRAINING:
            amount[:, index] = effect * dose
        elif index == QUALITY:  # what is mended stays mended
            amount[:, index] = strength(effect) * np.cumsum(dose)
        elif index == ACCESS:
            amount[:, index] = effect * (dose > 0.0)
        elif index == CONSIDER:
            amount[:, index] = effect * stock * built * fresh
        else:
            amount[:, index] = strength(effect) * stock * built * fresh
    return amount


def lasting_of(structural: bool, p: Parameters) -> Array:
    """Return what is left of each push a month later [fields of Push]; see Programme."""
    left = np.full(WIDTH, 1.0 if structural else p.one_off_carry_over)
    if not structural:
        left[: len(RELIEFS)] = p.relief_carry_over
        left[LAUNCH] = exp(-1.0 / p.launch_novelty_time)
        left[TRAINING] = left[ACCESS] = 0.0
        left[QUALITY] = 1.0
    return left


def speak(
    message: Message, deployment: Deployment, p: Parameters, credibility: float = 1.0
) -> tuple[float, float]:
    """Return the push of a message at a stock of 1 and the usefulness it promises.

    A two-sided message is believed more and says what a practised colleague would confirm, of which
    people hear the hopes more than the doubts: ``two_sided_hype`` of the hype stays. A one-sided one
    promises all of it. Interactive beats one-way, concrete beats abstract,
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
    standing = p.two_sided_hype if balanced else 1.0
    level = min(1.0, p.tool_quality + standing * p.hype)
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
        launches=_launches(scenario, every),
        variety=float(p.variety),
    )
    build.calendar["works"] = _works(scenario)
    shifted = factors_of(culture_path(scenario, every, plan), scenario)
    for name in ("starting", "stopping", "learning", "finding"):
        build.calendar[name] = getattr(shifted, name)
    for d, one in enumerate(every):
        participation = (
            culture.participation * since(shifted.participation, one)
            if one.measure.participatory
            else 1.0
        )
        build.amount[d] = pushes(
            one.measure.pushes, one.dose, one.structural, p, participation,
            one.measure.builds_up, one.measure.wears,
        )  # fmt: skip
        build.lasting[d] = lasting_of(one.structural, p)
        if one.measure.message is not None:
            pull, level = speak(one.measure.message, one.deployment, p, culture.credibility)
            carry = p.structural_carry_over if one.structural else p.one_off_carry_over
            built, fresh = ramp(one.dose, one.measure.builds_up, one.measure.wears, p)
            believed = one.dose * since(shifted.credibility, one)
            stock = stocks(believed, one.structural, carry) * built * fresh
            build.amount[d, :, -2] = pull * stock
            build.amount[d, :, -1] = level * build.amount[d, :, -2]
        if one.start >= 0:
            build.onset[d] = one.start
        given = np.where(one.dose > 0.0, np.arange(months), -1)
        price = money.prices(one)
        build.months["last_dose"][d] = np.maximum.accumulate(given)
        build.months["fixed"][d] = price.fixed + price.team * money.team_hour(scenario)
        build.months["team"][d] = price.team
        build.months["head"][d] = price.head
        build.months["hours"][d] = price.hours
        audience = one.deployment.audience
        build.rounds[d] = (
            deployments.reached(one), zlib.crc32(one.name.encode()) & 0x7FFFFFFF, audience.not_yet_using,
            one.measure.on_arrival, APPOINTS.index(one.measure.appoints), price.new_head,
            price.new_hours, money.common_hour(one, scenario, plan), *_voice(one),
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
            built, fresh = ramp(one.dose, one.measure.builds_up, one.measure.wears, p)
            kept = in_force * (built * fresh)[: in_force.size]
            build.calendar["commitment"][first:] = kept
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
            fresh = powers(1.0 - p.champion_fatigue, months)[tired]
            dose[first:] = one.dose[: in_force.size] * fresh[first:]
            if one.measure.coaching is not None:
                build.coaching[:] = pushes(
                    one.measure.coaching, dose, one.structural, p, 1.0,
                    one.measure.builds_up, one.measure.wears,
                )  # fmt: skip
        elif kind == "buddies":
            office["buddies"] = d
            if one.measure.coaching is not None:
                build.buddying[:] = pushes(
                    one.measure.coaching, one.dose, one.structural, p, 1.0,
                    one.measure.builds_up, one.measure.wears,
                )  # fmt: skip
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


class Factors(NamedTuple):
    """What measures have made of the culture, as factors by calendar month [months each]."""

    starting: Array
    stopping: Array
    learning: Array
    finding: Array
    participation: Array
    credibility: Array


def breadth(one: Round, scenario: Scenario, plan: Chart) -> float:
    """Return the part of those who could take part in a round whom it is for [0 to 1].

    Of those it appoints, relative to the usual share; of newcomers, as many as come.
    """
    if one.measure.on_arrival:
        return min(1.0, money.participants(one, scenario, plan) / plan.role.size)
    able, usual = money.able(one, plan), one.measure.share
    if not able.any():
        return 0.0
    part = mean(money.chances(one, scenario, plan)[able])
    if one.measure.appoints in money.BEFORE:
        part *= min(1.0, deployments.appointed(one) / usual) if usual else 0.0
    return part


def culture_path(scenario: Scenario, every: list[Round], plan: Chart) -> dict[str, Array]:
    """Return how far each side of culture has moved from its start by month [months each].

    Each closes a share ``culture_rate`` a month of its distance to the start plus what all planned
    measures in force add, within 0 and 1; a measure for some adds in proportion to how many of
    those it could be for. Adaptive measures, whose month nobody knows before, and what leaders do
    beyond their measures, move nothing; what culture makes of messages and relief reaches adaptive
    ones as it would from the first month on.
    """
    months, rate = scenario.simulation.months, scenario.numbers.culture_rate
    found = {}
    for name, start in scenario.organisation.culture.model_dump().items():
        added = np.zeros(months)
        for one in every:
            shift = getattr(one.measure.culture, name)
            if shift and 0 <= one.start < months:
                dose = one.dose[: months - one.start]
                dose = dose if one.structural else np.minimum(1.0, np.cumsum(dose))
                added[one.start :] += shift * breadth(one, scenario, plan) * dose
        level = np.zeros(months)
        now = 0.0
        for month in range(months):
            target = min(1.0, max(0.0, start + added[month])) - start
            now += rate * (target - now)
            level[month] = now
        found[name] = level
    return found


def factors_of(moved: dict[str, Array], scenario: Scenario) -> Factors:
    """Return what a moved culture does: 1 where it did not move."""
    p = scenario.numbers

    def factor(strength: float, side: str) -> Array:
        return np.array([exp(strength * one) for one in moved[side].tolist()])

    return Factors(
        factor(p.experimentation_starting, "experimentation"),
        factor(-p.error_tolerance_stopping, "error_tolerance"),
        factor(p.error_tolerance_learning, "error_tolerance"),
        factor(p.experimentation_discovery, "experimentation"),
        factor(p.participation_relief, "participation"),
        factor(p.transparency_credibility, "transparency"),
    )


def since(factor: Array, one: Round) -> Array:
    """Return a factor by calendar month as a round meets it, by month since its start [months]."""
    start = max(0, one.start) if one.start >= 0 else 0
    rest = factor[start:]
    last = rest[-1] if rest.size else factor[-1]
    return np.concatenate([rest, np.full(factor.size - rest.size, last)])


def _voice(one: Round) -> tuple[int, int]:
    """Return who speaks in a round and in which format, as numbers; -1 for nobody in particular."""
    message = one.measure.message
    if message is None:
        return -1, -1
    sender = one.deployment.sender or message.sender
    form = one.deployment.format or message.format
    return zlib.crc32(sender.encode()) if sender else -1, zlib.crc32(form.encode())


def _launches(scenario: Scenario, every: list[Round]) -> Array:
    """Return the rounds whose launch counts from each person's own access."""
    if scenario.rules.launch == "calendar":
        return np.zeros(0, np.int64)
    return np.array([d for d, one in enumerate(every) if one.measure.pushes.launch > 0.0], np.int64)


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
    agreed = deployments.consent(scenario)
    rows = [
        (
            d, VISIBLE.index(rule.when.kpi),
            max(rule.when.month - 1, agreed if every[d].measure.needs_consent else 0),
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
def months_missed(arrival: int, begins: int, on_arrival: int) -> int:
    """Return the months of a round before somebody came: none of one for newcomers; 0 or less is none."""
    return 0 if on_arrival == 1 else arrival - begins


@rule
def left_to(amount: float, missed: float, lasting: float, over: bool, months: int) -> float:
    """Return what a round does to somebody in a month, who came after its first ones.

    Parameters
    ----------
    amount
        What it does to who was there from its start.
    missed
        What it did in the month before this person came.
    lasting
        Part of that left a month later; 1 if who comes later gets what the others get.
    over
        Whether it was, by then, given for the last time.
    months
        Months since that last one missed.
    """
    if lasting < 1.0:
        for _ in range(months if missed != 0.0 else 0):
            missed = missed * lasting
        return amount - missed
    return 0.0 if over else amount


@rule
def variety(rounds: Array, power: float, heard: Array) -> float:
    """Return the factor of many senders and formats on the pull of what somebody hears.

    The number of senders is the inverse Simpson number of their shares in the pull, that of
    formats likewise: one voice in one format counts 1, two equal ones 2.

    Parameters
    ----------
    rounds
        Dtype ``ROUND``; uses senders and formats [D].
    power
        Power of their numbers.
    heard
        Pull of each round's message on this person this month [D].
    """
    total, same_sender, same_format = 0.0, 0.0, 0.0
    for d in range(heard.size):
        if heard[d] == 0.0:
            continue
        total += heard[d]
        for e in range(heard.size):
            if heard[e] == 0.0:
                continue
            both = heard[d] * heard[e]
            if rounds[d]["sender"] == rounds[e]["sender"]:
                same_sender += both
            if rounds[d]["format"] == rounds[e]["format"]:
                same_format += both
    if same_sender <= 0.0 or same_format <= 0.0:
        return 1.0
    number = (total * total / same_sender) * (total * total / same_format)
    return exp(power * log(max(1.0, number)))


@rule
def fill_each(
    amounts: Array,
    programme: Programme,
    onset: Array,
    mask: int,
    department: int,
    arrival: int,
    now: int,
) -> None:
    """Write what each round of a mask does in a month [rounds, fields of Push].

    What leaders do is told as if all leaders of these people committed.

    Parameters
    ----------
    amounts
        Where it goes.
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
    for d in range(programme.rounds.size):
        for k in range(WIDTH):
            amounts[d, k] = 0.0
        if (mask >> d) & 1 == 0 and programme.rounds[d]["appoints"] != LEADERS:
            continue
        since = age(programme, onset, d, department, arrival, now)
        if since < 0:
            continue
        missed = months_missed(arrival, onset[d, department], programme.rounds[d]["on_arrival"])
        over = missed > 0 and programme.months[d, since]["last_dose"] < missed
        for k in range(WIDTH):
            amounts[d, k] = programme.amount[d, since, k]
            if missed > 0:
                amounts[d, k] = left_to(
                    amounts[d, k], programme.amount[d, missed - 1, k], programme.lasting[d, k],
                    over and k != QUALITY, since - missed + 1,
                )  # fmt: skip


@rule
def together(programme: Programme, amounts: Array, led: float) -> Push:
    """Return what rounds do together, and leaders who commit.

    Parameters
    ----------
    programme
        The programme.
    amounts
        What each round does, as :func:`fill_each` writes it [rounds, fields of Push].
    led
        Part of these people's leaders who commit: what leaders do reaches those they lead [0 to 1].
    """
    total, heard = np.zeros(WIDTH), np.zeros(programme.rounds.size)
    for d in range(programme.rounds.size):
        part = led if programme.rounds[d]["appoints"] == LEADERS else 1.0
        for k in range(WIDTH):
            total[k] += part * amounts[d, k]
        heard[d] = part * amounts[d, WIDTH - 2]
    if programme.variety > 0.0:
        factor = variety(programme.rounds, programme.variety, heard)
        total[-2] = total[-2] * factor
        total[-1] = total[-1] * factor
    return as_push(total)


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

    The arguments are those of :func:`fill_each` and :func:`together`.
    """
    amounts = np.empty((programme.rounds.size, WIDTH))
    fill_each(amounts, programme, onset, mask, department, arrival, now)
    return together(programme, amounts, led)


@rule
def launch_from_access(
    programme: Programme, onset: Array, mask: int, me: Employee, now: int
) -> float:
    """Return how many launches are fresh to this person, each counted from the own access.

    A launch that came before somebody could use the tool begins with the access, for newcomers who
    wait for it as well; one that was over when a newcomer came, who can use the tool at once, does
    not begin again.

    Parameters
    ----------
    programme
        The programme.
    onset
        Month in which each round starts in each department, from 0.
    mask
        Rounds that reach this person, one bit each.
    me
        The employee, with the month of access.
    now
        Month, from 0.
    """
    total, access = 0.0, me.access_month - 1
    for d in programme.launches:
        led = programme.rounds[d]["appoints"] == LEADERS
        if (mask >> d) & 1 == 0 and not led:
            continue
        since = age(programme, onset, d, me.department, me.arrival, now)
        if since < 0 or now < access:
            continue
        missed = months_missed(
            me.arrival, onset[d, me.department], programme.rounds[d]["on_arrival"]
        )
        wait = access - (now - since)
        if wait > 0 and (missed <= 0 or access > me.arrival):
            since, missed = since - wait, 0
        amount = programme.amount[d, since, LAUNCH]
        if missed > 0:
            amount = left_to(
                amount, programme.amount[d, missed - 1, LAUNCH], programme.lasting[d, LAUNCH],
                programme.months[d, since]["last_dose"] < missed, since - missed + 1,
            )  # fmt: skip
        total += amount * (me.led if led else 1.0)
    return total


@rule
def as_push(row: Array) -> Push:
    """Return a row of numbers as a Push."""
    return Push(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10],
        row[11], row[12], row[13], row[14], row[15],
    )  # fmt: skip
