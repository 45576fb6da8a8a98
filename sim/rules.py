"""How an employee changes: the whole behaviour, scalar functions only.

Every function here is plain Python of the subset the engine is made of (``sim/engine/SUBSET.md``), and
both engines call it: the readable one with a Mesa agent as ``me``, the fast one with a row of its
table. Only what gives the same bits in both, and on every machine, is used: see :mod:`sim.elementary`.

A month has ``substeps`` equal parts. In each, everybody first decides on what was visible at the
end of the part before (:func:`want`, :func:`decide`), then changes (:func:`develop`).
"""

from __future__ import annotations

import math
from typing import Final, Literal, NamedTuple, get_args

from sim.channels import Effect, Push, gain, left
from sim.elementary import exp, log
from sim.engine import rule
from sim.parameters import Parameters
from sim.state import COMPETENCE, CONTROL, ETHICS, STATUS, Employee

Contagion = Literal["hill", "linear", "step", "step_count", "hill_count"]
Link = Literal["logit", "identity"]
Decision = Literal["hazard", "linear", "certain"]
Stopping = Literal["desire", "constant"]
Threat = Literal["channels", "scalar"]
Schedule = Literal["synchronous", "random_sequential"]

CONTAGION: Final = get_args(Contagion)
LINK: Final = get_args(Link)
DECISION: Final = get_args(Decision)
STOPPING: Final = get_args(Stopping)
THREAT: Final = get_args(Threat)
SCHEDULE: Final = get_args(Schedule)

VOICE_GRAIN: Final = 65536.0
"""Voices are multiples of 1/65536, so that sums of them are exact in any order."""


class Switches(NamedTuple):
    """Which exact variant of a rule is in force: positions in the tuples of this page.

    The first of each is the model; the others are what theory offers instead. Who moves people,
    the one variant missing here, is a matter of numbers only: :func:`sim.programme.levers.effective_numbers`.

    Attributes
    ----------
    contagion
        How colleagues' use pulls: :func:`contagion`.
    link
        From the sum of reasons to desire: :func:`link`.
    decision
        From desire to starting and stopping: :func:`happens`.
    stopping
        Whether desire keeps users from stopping: :func:`stops`.
    threat
        Four threats, each felt by archetype; or their mean, felt alike by everybody.
    schedule
        All decide on what was visible a substep ago, then all change; or one after the other in
        an order drawn anew in each substep, everybody seeing what those before have done.
    """

    contagion: int = 0
    link: int = 0
    decision: int = 0
    stopping: int = 0
    threat: int = 0
    schedule: int = 0


class Pace(NamedTuple):
    """What a substep is, and what depends on its length alone.

    Attributes
    ----------
    substeps
        Parts of a month.
    length
        Length of a substep [month].
    calm_kept
        Share of the gap between a threat and what the situation warrants kept after a substep.
    novelty_kept
        Share of a user's novelty kept after a substep.
    norm_kept, use_kept
        Share of the gap kept after a substep between what people think others do and what they do,
        and between what is desired and use.
    """

    substeps: int
    length: float
    calm_kept: float
    novelty_kept: float
    norm_kept: float
    use_kept: float


# --- Arithmetic of change -----------------------------------------------------------------


@rule
def kept(rate: float, substeps: int) -> float:
    """Return the share of a gap kept after one of ``substeps`` parts of a month.

    Repeated over the month it leaves exactly ``1 - rate``, so the number of substeps never
    moves an equilibrium. The fourth root is two square roots: exact, and fast.

    Parameters
    ----------
    rate
        Share of the gap closed in a month [0 to 1]; more counts as 1.
    substeps
        Parts of a month.
    """
    rest = 1.0 - rate
    rest = rest if rest > 0.0 else 0.0
    if substeps == 4:
        return math.sqrt(math.sqrt(rest))
    if substeps == 1:
        return rest
    return exp(log(rest) / substeps) if rest > 0.0 else 0.0


@rule
def approach(value: float, up: float, rate: float, keeps: float) -> float:
    """Return a share after a substep of change at a rate towards ``up / rate``.

    For two opposing rates, up to 1 and down to 0, ``rate`` is their sum.

    Parameters
    ----------
    value
        A share [0 to 1].
    up
        Rate times the level it leads to [1/month].
    rate
        Share of the gap closed in a month [0 to 1]; at 0 nothing changes.
    keeps
        Share of the gap kept after the substep: :func:`kept` of the rate.
    """
    if rate <= 0.0:
        return value
    target = up / rate
    return target + (value - target) * keeps


@rule
def closed(rate: float, times: float) -> float:
    """Return the share of a gap closed [0 to 1] by what closes a share ``rate`` of it each time.

    Parts of a time count: two halves are a whole, together or one after the other.

    Parameters
    ----------
    rate
        Share closed each time [0 to 1]; more counts as 1.
    times
        How many times [at least 0].
    """
    if times == 1.0:
        return min(1.0, rate)
    if times == 0.0 or rate == 0.0:
        return 0.0
    if rate >= 1.0:
        return 1.0 if times > 0.0 else 0.0
    return 1.0 - exp(times * log(1.0 - rate))


@rule
def pace(substeps: int, p: Parameters) -> Pace:
    """Return the pace of a model that divides a month in so many parts."""
    return Pace(
        substeps,
        1.0 / substeps,
        kept(p.calming_rate, substeps),
        exp(-1.0 / (p.user_novelty_time * substeps)),
        kept(p.norm_rate, substeps),
        kept(p.use_growth, substeps),
    )


# --- What one hears and sees ---------------------------------------------------------------


@rule
def contagion(
    exposure: float,
    users: float,
    threshold: float,
    kind: int,
    exponent: int,
    *,
    circle: float = 1.0,
) -> float:
    """Return how strongly colleagues' use pulls [0 to 1].

    Parameters
    ----------
    exposure
        Share of noticed colleagues who use AI, weighted by how much they are noticed.
    users
        Their weighted number, which the two kernels that count look at.
    threshold
        Exposure at which the pull is half; at which a step is taken.
    kind
        Position in ``CONTAGION``: Hill curve, linear, step on the share, step on the number,
        Hill curve of the number.
    exponent
        Steepness of the Hill curve.
    circle
        Colleagues that a threshold of 1 stands for where their number counts and not their
        share [people]: with ten, a threshold of .3 is three users.

    Evidence
    --------
    granovetter1978, watts2002, centola2007, gleeson2007 : the step forms and their limits.
    bass1969 : the linear form.
    """
    if kind == 1:
        return exposure
    if kind == 2:
        return 1.0 if exposure >= threshold and exposure > 0.0 else 0.0
    if kind == 3:
        return 1.0 if users >= threshold * circle and users > 0.0 else 0.0
    if kind == 4:
        return hill(users, threshold * circle, exponent)
    return hill(exposure, threshold, exponent)


@rule
def hill(amount: float, half: float, exponent: int) -> float:
    """Return how far a Hill curve of this exponent has risen [0 to 1]: a half at ``half``."""
    if amount <= 0.0:
        return 0.0
    raised, limit = amount, half
    for _ in range(exponent - 1):
        raised = raised * amount
        limit = limit * half
    return raised / (raised + limit)


@rule
def leaders_example(boss: float, has_boss: bool, top: float, has_top: bool, p: Parameters) -> float:
    """Return the example leaders set by their own intensity of use [0 to 1].

    The boss and the mean of the top count ``boss_share`` to the rest; where one is missing the
    other counts alone, and for the top itself there is no example.
    """
    if has_boss and has_top:
        return p.boss_share * boss + (1.0 - p.boss_share) * top
    if has_boss:
        return boss
    if has_top:
        return top
    return 0.0


@rule
def voice(champion: int, months_in_service: int, p: Parameters) -> float:
    """Return how much a person is noticed: 1, or a champion's weight less fatigue."""
    if champion == 0 or months_in_service < 0:
        return 1.0
    fresh = exp(log(1.0 - p.champion_fatigue) * months_in_service)
    weight = 1.0 + (p.champion_voice - 1.0) * fresh
    return math.floor(weight * VOICE_GRAIN + 0.5) / VOICE_GRAIN


# --- Feeling -------------------------------------------------------------------------------


@rule
def feels(own_threats: int, threat: int, p: Parameters) -> float:
    """Return how much of a threat somebody feels to whom these threats are his or her own [0 to 1]."""
    return p.own_channel if own_threats >> threat & 1 else p.other_channel


@rule
def felt_threat(me: Employee, p: Parameters, kind: int = 0) -> float:
    """Return the threat a person feels in all [0 to 1].

    Parameters
    ----------
    me
        The employee: threats, and which are his or her own.
    p
        Uses ``own_channel`` and ``other_channel``.
    kind
        Position in ``THREAT``: one minus the product of calm over the four channels, or their
        plain mean, in which the archetype plays no part.
    """
    if kind == 1:
        return 0.25 * (
            me.threat_competence + me.threat_status + me.threat_control + me.threat_ethics
        )
    calm = 1.0 - feels(me.own_threats, COMPETENCE, p) * me.threat_competence
    calm = calm * (1.0 - feels(me.own_threats, STATUS, p) * me.threat_status)
    calm = calm * (1.0 - feels(me.own_threats, CONTROL, p) * me.threat_control)
    calm = calm * (1.0 - feels(me.own_threats, ETHICS, p) * me.threat_ethics)
    return 1.0 - calm


@rule
def warranted(initial: float, floor: float, remaining: float) -> float:
    """Return the threat a situation warrants [0 to 1].

    Relief removes what is not justified, never the floor; what frightens (a mandate, being
    watched) raises the threat above its start, towards 1.
    """
    if remaining <= 1.0:
        return floor + (initial - floor) * remaining
    return 1.0 - (1.0 - initial) / remaining


# --- Considering, wanting and deciding -----------------------------------------------------


@rule
def consider(me: Employee, users: float, example: float, pace: Pace, p: Parameters) -> None:
    """Come to consider AI for the own work, which is where a first start begins.

    People come to it by themselves, in a launch that reaches them, by messages, courses and other
    measures, when leaders use it, and above all when colleagues do: one or two who are close are enough.

    Parameters
    ----------
    me
        The employee; changes ``considers``.
    users
        Colleagues noticed who use AI, weighted by how much they are noticed.
    example
        Example of the leaders [0 to 1].
    pace, p
        Length of a substep and numbers of the rules.
    """
    if me.considers >= 1.0:
        return
    rate = (
        p.consider_alone
        + p.consider_launch * me.launch
        + p.consider_peers * hill(users, p.consider_circle, 2)
        + p.consider_example * min(1.0, example * me.example_factor)
        + p.consider_message * me.message_pull
        + p.consider_training * me.training
        + me.prompted
    )
    me.considers = 1.0 - (1.0 - me.considers) * exp(-rate * pace.length)


@rule
def perceive(me: Employee, pull: float, example: float, pace: Pace) -> None:
    """Let what a person thinks others do follow what they do.

    Parameters
    ----------
    me
        The employee; changes ``perceived_pull`` and ``perceived_example``.
    pull, example
        Contagion from colleagues, and example of the leaders, as they are [0 to 1].
    pace
        Uses ``norm_kept``.
    """
    me.perceived_pull = pull + (me.perceived_pull - pull) * pace.norm_kept
    me.perceived_example = example + (me.perceived_example - example) * pace.norm_kept


@rule
def conviction(me: Employee, pull: float, example: float, p: Parameters, threat: int = 0) -> float:
    """Return what somebody makes of AI by itself, without habit, incentive or novelty [log-odds]."""
    return (
        p.base_desire
        + me.disposition
        + p.usefulness_weight * me.expectation
        + p.ease_weight * me.skill
        + p.peer_weight * pull
        + p.leader_weight * example
        - p.fear_weight * felt_threat(me, p, threat)
    )


@rule
def novelty(me: Employee, p: Parameters) -> float:
    """Return the extra desire of the new: a user's own novelty, a non-user's launch [log-odds]."""
    if me.uses == 1:
        return p.user_novelty * me.freshness
    return p.launch_novelty * me.launch


@rule
def link(logodds: float, kind: int) -> float:
    """Return desire [0 to 1] from its sum: logistic, or the sum itself cut to the range."""
    if kind == 0:
        return 1.0 / (1.0 + exp(-logodds))
    return min(1.0, max(0.0, logodds))


@rule
def want(me: Employee, pull: float, example: float, p: Parameters, s: Switches) -> None:
    """Form a desire to use AI.

    Parameters
    ----------
    me
        The employee; changes ``conviction`` and ``desire``.
    pull
        Contagion from colleagues [0 to 1].
    example
        Example of the leaders [0 to 1]; what makes it better noticed raises it, up to 1.
    p, s
        Numbers and switches of the rules.
    """
    example = min(1.0, example * me.example_factor)
    me.conviction = conviction(me, pull, example, p, s.threat)
    own = p.habit_weight * me.habit + p.incentive_weight * me.incentive + novelty(me, p)
    me.desire = link(me.conviction + own, s.link)


@rule
def happens(luck: float, rate: float, length: float, kind: int) -> bool:
    """Return whether something of this monthly rate happens in a substep.

    Parameters
    ----------
    luck
        A number between 0 and 1; low makes it happen.
    rate
        Hazard [1/month].
    length
        Length of the substep [month].
    kind
        Position in ``DECISION``: with chance ``1 - exp(-hazard)``, or with the hazard itself.
    """
    hazard = rate * length
    if luck >= hazard:  # the chance is never above the hazard, so most need no exponential
        return False
    return kind == 1 or luck < 1.0 - exp(-hazard)


@rule
def starts(me: Employee, inclination: float, pace: Pace, p: Parameters, s: Switches) -> bool:
    """Return whether a non-user starts in this substep."""
    if s.decision == 2:
        return me.access == 1 and me.desire >= 0.5
    rate = p.start_rate * me.desire * me.access * me.considers * me.opportunity
    return happens(inclination, rate, pace.length, s.decision)


@rule
def stops(me: Employee, inclination: float, pace: Pace, p: Parameters, s: Switches) -> bool:
    """Return whether a user stops in this substep."""
    reluctance = 1.0 - me.desire if s.stopping == 0 else 1.0
    if s.decision == 2:
        return p.stop_rate > 0.0 and reluctance > 0.5
    rate = p.stop_rate * (1.0 - me.habit) * reluctance
    return happens(1.0 - inclination, rate, pace.length, s.decision)


@rule
def decide(me: Employee, inclination: float, pace: Pace, p: Parameters, s: Switches) -> None:
    """Start, go on or stop, and let use grow to what is desired and there is opportunity for.

    Parameters
    ----------
    me
        The employee; changes ``uses``, ``intensity``, and ``skill`` where a pledge guarantees it.
    inclination
        This person's luck in this substep [0 to 1], low towards use. One number serves starting
        and stopping, so that two scenarios in which the person differs are drawn together and
        not apart.
    pace, p, s
        Length of a substep, numbers and switches of the rules.
    """
    if me.pledged == 1:
        me.uses = 1
    elif me.uses == 1:
        if stops(me, inclination, pace, p, s):
            me.uses = 0
            me.considers = min(me.considers, p.considers_after)
    elif starts(me, inclination, pace, p, s):
        me.uses = 1
    if me.uses == 1:
        wanted = min(1.0, me.desire * me.opportunity)
        me.intensity = max(wanted + (me.intensity - wanted) * pace.use_kept, me.least_use)
        me.skill = max(me.skill, me.least_skill)
    else:
        me.intensity = 0.0


class Reasons(NamedTuple):
    """What a decision to start or to stop hung on: the log-odds of desire in parts, chance and luck.

    Attributes
    ----------
    peers, example, novelty, incentive
        From colleagues, leaders, the launch or the own novelty, and incentives [log-odds].
    rest
        From everything else: base, disposition, expectation, skill, threat, habit [log-odds].
    readiness
        Hazard in this substep at a desire of 1, of somebody who stops at a desire of 0; infinite
        for those who pledged.
    luck
        Number between 0 and 1 that it is held against; low makes it happen.
    """

    peers: float
    example: float
    novelty: float
    incentive: float
    rest: float
    readiness: float
    luck: float


@rule
def reasons(me: Employee, inclination: float, pace: Pace, p: Parameters) -> Reasons:
    """Return what the decision of a substep hangs on, between :func:`want` and :func:`decide`."""
    peers = p.peer_weight * me.perceived_pull
    example = p.leader_weight * min(1.0, me.perceived_example * me.example_factor)
    rest = me.conviction - peers - example + p.habit_weight * me.habit
    readiness = p.start_rate * me.access * me.considers * me.opportunity * pace.length
    luck = inclination
    if me.uses == 1:
        readiness = p.stop_rate * (1.0 - me.habit) * pace.length
        luck = 1.0 - inclination
    elif me.pledged == 1:
        readiness = math.inf
    incentive = p.incentive_weight * me.incentive
    return Reasons(peers, example, novelty(me, p), incentive, rest, readiness, luck)


# --- Learning from it ----------------------------------------------------------------------


@rule
def worth(me: Employee, works: float, effect: Effect, p: Parameters) -> float:
    """Return what the tool is worth to this person at full skill [0 to 1].

    Parameters
    ----------
    me
        The employee, with the own match of tool and job.
    works
        How well the tool works this month: 1, or less while it fails.
    effect
        Uses the share of its shortcomings mended, and of the gap to the best match closed.
    p
        Uses ``tool_quality`` and the best match.
    """
    quality = p.tool_quality + (1.0 - p.tool_quality) * effect.quality_gain
    best = max(me.match, p.match_low + p.match_range)
    match = me.match + (best - me.match) * effect.match_gain
    return min(1.0, quality * works * match * me.opportunity)


@rule
def realised_usefulness(skill: float, worth: float, p: Parameters) -> float:
    """Return what a tool of this worth at full skill gives to somebody of this skill [0 to 1]."""
    return worth * (p.unskilled_usefulness + (1.0 - p.unskilled_usefulness) * skill)


class Drift(NamedTuple):
    """How fast a person's expectation, skill and habit change, and towards what.

    Attributes
    ----------
    expectation, skill, habit
        Rate times the level it leads to [1/month].
    expectation_rate, skill_rate, habit_rate
        Share of the gap to that level closed in a month [0 to 1].
    """

    expectation: float
    skill: float
    habit: float
    expectation_rate: float
    skill_rate: float
    habit_rate: float


@rule
def drift(me: Employee, exposure: float, hearsay: float, p: Parameters) -> Drift:
    """Return how expectation, skill and habit change with this substep's use.

    Users come to expect what they experience, others what the users they notice expect, and both
    what messages promise, habitual users the less. Practice and each course close a share of what
    is missing in skill, however courses are spread; what was gained fades without use; use builds a habit, non-use wears it off.

    Parameters
    ----------
    me
        The employee, who has decided.
    exposure
        Share of noticed colleagues who use AI [0 to 1].
    hearsay
        Mean expectation of those colleagues [0 to 1].
    p
        Numbers of the rules.

    Evidence
    --------
    L33 : forgetting without use; the gain is a plain learning curve, calibrated.
    L32 : a habit closes a share of its gap with each use, and one miss does not matter.
    """
    if me.uses == 1:
        seen = p.experience_rate * me.intensity
        level = realised_usefulness(me.skill, me.worth, p)
    else:
        seen = p.hearsay_rate * exposure
        level = hearsay
    told = me.message_pull * (1.0 - me.habit)
    practised = closed(p.practice_gain * me.intensity, me.learning)
    learned = me.taught + practised * (1.0 - me.taught)
    formed = p.habit_gain * me.intensity
    idle = 1.0 - me.intensity
    forgotten = p.forgetting * idle
    return Drift(
        seen * level + told * me.message_level,
        learned + forgotten * me.initial_skill,
        formed,
        seen + told,
        learned + forgotten,
        formed + p.habit_loss * idle,
    )


@rule
def calm(me: Employee, pace: Pace, p: Parameters) -> None:
    """Let the four threats move to what the situation warrants.

    Relief by the programme, own skill and a habit of use multiply, because each removes a share
    of what is left.
    """
    at_ease = 1.0 - p.skill_calms_others * me.skill
    used_to_it = 1.0 - p.experience_calms * me.habit
    competence = me.remaining_competence * (1.0 - p.skill_calms_competence * me.skill) * used_to_it
    control = me.remaining_control * at_ease * used_to_it
    competence = warranted(me.initial_competence, me.floor_competence, competence)
    status = warranted(me.initial_status, me.floor_status, me.remaining_status * at_ease)
    control = warranted(me.initial_control, me.floor_control, control)
    ethics = warranted(me.initial_ethics, me.floor_ethics, me.remaining_ethics)
    me.threat_competence = competence + (me.threat_competence - competence) * pace.calm_kept
    me.threat_status = status + (me.threat_status - status) * pace.calm_kept
    me.threat_control = control + (me.threat_control - control) * pace.calm_kept
    me.threat_ethics = ethics + (me.threat_ethics - ethics) * pace.calm_kept


@rule
def develop(
    me: Employee, expectation: float, skill: float, habit: float, pace: Pace, *, p: Parameters
) -> None:
    """Let threats follow, then expectation, skill, habit and novelty take their new values.

    Parameters
    ----------
    me
        The employee, who has decided.
    expectation, skill, habit
        What the drift of this substep makes of them (:func:`approach`).
    pace, p
        Length of a substep and numbers of the rules.
    """
    calm(me, pace, p)
    me.expectation = expectation
    me.skill = skill
    me.habit = habit
    if me.uses == 1 and me.ever_used == 0:
        me.ever_used = 1
        me.freshness = 1.0
    me.freshness = me.freshness * pace.novelty_kept


# --- The month -----------------------------------------------------------------------------


@rule
def accompany(me: Employee, push: Push, place: float) -> None:
    """Let a champion or a buddy calm and teach somebody who has this part of a full place."""
    me.remaining_competence = eased(me.remaining_competence, place * push.relief_competence)
    me.remaining_status = eased(me.remaining_status, place * push.relief_status)
    me.remaining_control = eased(me.remaining_control, place * push.relief_control)
    me.remaining_ethics = eased(me.remaining_ethics, place * push.relief_ethics)
    me.training += place * push.training
    me.prompted += place * push.consider
    if push.learning > 0.0:
        me.learning *= gain(place * push.learning)


@rule
def eased(remaining: float, push: float) -> float:
    """Return what one more push leaves of a threat; most push on few channels."""
    return remaining if push == 0.0 else remaining * left(push)


@rule
def receive(
    me: Employee,
    month: int,
    effect: Effect,
    coaching: Push,
    buddying: Push,
    *,
    works: float,
    commitment: float,
    service: int,
    p: Parameters,
) -> None:
    """Take in what the programme does to this person this month.

    Parameters
    ----------
    me
        The employee; changes everything that holds for a month.
    month
        Month of the programme, from 1.
    effect
        What all deployments together do to this person.
    coaching
        What a full coaching place by a champion does this month.
    buddying
        What a buddy does this month for those who have one.
    works
        How well the tool works this month: 1, or less while it fails.
    commitment
        How far leaders keep their commitment [0 to 1]; 0 while it is not in force.
    service
        Months the champions have served, -1 while they do not.
    p
        Uses what a course teaches, the floors of use and skill of leaders and champions, and voice.
    """
    if effect.access > 0.0 and month < me.access_month:
        me.access_month = month
    me.access = 1 if month >= me.access_month else 0
    me.remaining_competence = effect.remaining_competence
    me.remaining_status = effect.remaining_status
    me.remaining_control = effect.remaining_control
    me.remaining_ethics = effect.remaining_ethics
    me.training = effect.training
    me.learning = effect.learning_factor
    me.prompted = effect.consider
    if me.coached > 0.0:
        accompany(me, coaching, me.coached)
    if me.buddy >= 0:
        accompany(me, buddying, 1.0)
    me.courses += me.training
    me.taught = closed(p.training_gain, me.training)
    me.worth = worth(me, works, effect, p)
    me.example_factor = effect.example_factor
    me.discovery = effect.discovery_factor
    me.message_pull = effect.message_pull
    me.message_level = effect.message_level
    me.incentive = effect.incentive
    me.launch = effect.launch
    me.pledged = 0
    me.least_use = 0.0
    me.least_skill = 0.0
    if commitment > 0.0 and me.committed == 1 and me.access == 1:
        me.pledged = 1
        me.least_use = p.committed_use * commitment
        me.least_skill = p.committed_skill * commitment
    if service >= 0 and me.champion == 1 and me.access == 1:
        me.pledged = 1
        me.least_use = max(me.least_use, p.champion_use)
        me.least_skill = max(me.least_skill, p.champion_skill)
    me.voice = voice(me.champion, service, p)
