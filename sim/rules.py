"""How an employee changes: the whole behaviour, scalar functions only.

Every function here is plain Python that the compiler can inline, and both engines call it: the
readable one with a Mesa agent as ``me``, the fast one with a row of its table. Only ``math`` and
products are used, because those give the same bits in both.

A month has ``substeps`` equal parts. In each, everybody first decides on what was visible at the
end of the part before (:func:`decide`), then changes (:func:`develop`).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from sim.channels import Push, left
from sim.compiled import rule
from sim.parameters import Parameters
from sim.state import COMPETENCE, CONTROL, ETHICS, STATUS, Employee

CONTAGION: Final = ("hill", "linear", "step", "step_count")
LINK: Final = ("logit", "identity")
DECISION: Final = ("hazard", "linear", "certain")
STOPPING: Final = ("desire", "constant")

VOICE_GRAIN: Final = 65536.0
"""Voices are multiples of 1/65536, so that sums of them are exact in any order."""


class Switches(NamedTuple):
    """Which exact variant of a rule is in force: positions in the tuples of this page."""

    contagion: int = 0
    link: int = 0
    decision: int = 0
    stopping: int = 0


# --- Arithmetic of change -----------------------------------------------------------------


@rule
def kept(rate: float, substeps: int) -> float:
    """Return the share of a gap kept after one of ``substeps`` parts of a month.

    Repeated over the month it leaves exactly ``1 - rate``, so the number of substeps never
    moves an equilibrium. Powers of two are square roots: exact, and fast.
    """
    rest = 1.0 - rate
    if rest <= 0.0:
        return 0.0
    if substeps == 4:
        return math.sqrt(math.sqrt(rest))
    if substeps == 1:
        return rest
    return math.exp(math.log(rest) / substeps)


@rule
def relax(value: float, up: float, down: float, substeps: int) -> float:
    """Return ``value`` after a substep of two opposing rates, up to 1 and down to 0.

    Parameters
    ----------
    value
        A share [0 to 1].
    up, down
        Monthly rates; their sum is the share of the gap closed in a month [0 to 1].
    substeps
        Parts of a month.
    """
    total = up + down
    if total <= 0.0:
        return value
    target = up / total
    return target + (value - target) * kept(total, substeps)


# --- What one hears and sees ---------------------------------------------------------------


@rule
def contagion(exposure: float, users: float, threshold: float, kind: int, exponent: int) -> float:
    """Return how strongly colleagues' use pulls [0 to 1].

    Parameters
    ----------
    exposure
        Share of noticed colleagues who use AI, weighted by how much they are noticed.
    users
        Their weighted number, which the absolute step looks at.
    threshold
        Exposure at which the pull is half; at which a step is taken.
    kind
        Position in ``CONTAGION``: Hill curve, linear, step on the share, step on the number.
    exponent
        Steepness of the Hill curve.

    Evidence
    --------
    granovetter1978, watts2002, centola2007 : the step forms and their limits.
    """
    if kind == 1:
        return exposure
    if kind == 2:
        return 1.0 if exposure >= threshold and exposure > 0.0 else 0.0
    if kind == 3:
        return 1.0 if users >= threshold and users > 0.0 else 0.0
    if exposure <= 0.0:
        return 0.0
    raised, limit = exposure, threshold
    for _ in range(exponent - 1):
        raised = raised * exposure
        limit = limit * threshold
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
    fresh = math.exp(math.log(1.0 - p.champion_fatigue) * months_in_service)
    weight = 1.0 + (p.champion_voice - 1.0) * fresh
    return math.floor(weight * VOICE_GRAIN + 0.5) / VOICE_GRAIN


# --- Feeling -------------------------------------------------------------------------------


@rule
def feels(archetype: int, channel: int, p: Parameters) -> float:
    """Return how much of a threat somebody of this archetype feels [0 to 1]."""
    return p.own_channel if archetype == channel else p.other_channel


@rule
def felt_threat(me: Employee, p: Parameters) -> float:
    """Return the threat a person feels in all [0 to 1]: one minus the product of calm."""
    calm = 1.0 - feels(me.archetype, COMPETENCE, p) * me.threat_competence
    calm = calm * (1.0 - feels(me.archetype, STATUS, p) * me.threat_status)
    calm = calm * (1.0 - feels(me.archetype, CONTROL, p) * me.threat_control)
    calm = calm * (1.0 - feels(me.archetype, ETHICS, p) * me.threat_ethics)
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


# --- Wanting and deciding ------------------------------------------------------------------


@rule
def conviction(me: Employee, pull: float, example: float, p: Parameters) -> float:
    """Return what somebody makes of AI by itself, without habit, incentive or novelty [log-odds]."""
    return (
        p.base_desire
        + me.disposition
        + p.usefulness_weight * me.expectation
        + p.ease_weight * me.skill
        + p.peer_weight * pull
        + p.leader_weight * example
        - p.fear_weight * felt_threat(me, p)
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
        return 1.0 / (1.0 + math.exp(-logodds))
    return min(1.0, max(0.0, logodds))


@rule
def chance(rate: float, substeps: int, kind: int) -> float:
    """Return the chance that something of this monthly rate happens in a substep."""
    if kind == 0:
        return 1.0 - math.exp(-rate / substeps)
    if kind == 1:
        return rate / substeps
    return 1.0 if rate > 0.0 else 0.0


@rule
def start_chance(me: Employee, substeps: int, p: Parameters, s: Switches) -> float:
    """Return the chance that a non-user starts in this substep [0 to 1]."""
    if s.decision == 2:
        return 1.0 if me.access == 1 and me.desire >= 0.5 else 0.0
    return chance(p.start_rate * me.desire * me.access, substeps, s.decision)


@rule
def stop_chance(me: Employee, substeps: int, p: Parameters, s: Switches) -> float:
    """Return the chance that a user stops in this substep [0 to 1]."""
    reluctance = 1.0 - me.desire if s.stopping == 0 else 1.0
    if s.decision == 2:
        return 1.0 if p.stop_rate > 0.0 and reluctance > 0.5 else 0.0
    return chance(p.stop_rate * (1.0 - me.habit) * reluctance, substeps, s.decision)


@rule
def decide(
    me: Employee,
    pull: float,
    example: float,
    inclination: float,
    substeps: int,
    p: Parameters,
    s: Switches,
) -> None:
    """Form a desire and decide whether to start, go on or stop.

    Parameters
    ----------
    me
        The employee; changes ``desire``, ``uses``, ``intensity`` and what follows from a start.
    pull
        Contagion from colleagues [0 to 1].
    example
        Example of the leaders [0 to 1].
    inclination
        This person's luck in this substep [0 to 1], low towards use: a non-user starts below
        the chance of starting, a user stops above one minus the chance of stopping. One number
        serves both, so that two scenarios whose people differ are drawn together, not apart.
    """
    me.conviction = conviction(me, pull, example, p)
    own = p.habit_weight * me.habit + p.incentive_weight * me.incentive + novelty(me, p)
    me.desire = link(me.conviction + own, s.link)
    if me.pledged == 1:
        me.uses = 1
    elif me.uses == 1:
        if inclination > 1.0 - stop_chance(me, substeps, p, s):
            me.uses = 0
    elif inclination < start_chance(me, substeps, p, s):
        me.uses = 1
    if me.uses == 1:
        me.intensity = max(me.desire, me.least_use)
        me.skill = max(me.skill, me.least_skill)
    else:
        me.intensity = 0.0


# --- Learning from it ----------------------------------------------------------------------


@rule
def realised_usefulness(skill: float, match: float, p: Parameters) -> float:
    """Return what the tool is worth to somebody of this skill [0 to 1]."""
    full = min(1.0, p.tool_quality * match)
    return full * (p.unskilled_usefulness + (1.0 - p.unskilled_usefulness) * skill)


@rule
def expect(me: Employee, exposure: float, hearsay: float, substeps: int, p: Parameters) -> float:
    """Return expected usefulness after a substep [0 to 1].

    Users believe what they experience, others the users they notice, and both the messages,
    habitual users the less.

    Parameters
    ----------
    exposure
        Share of noticed colleagues who use AI [0 to 1].
    hearsay
        Mean expectation of those colleagues [0 to 1].
    """
    if me.uses == 1:
        rate = p.experience_rate * me.intensity
        level = realised_usefulness(me.skill, me.match, p)
    else:
        rate = p.hearsay_rate * exposure
        level = hearsay
    told = me.message_pull * (1.0 - me.habit)
    total = rate + told
    if total <= 0.0:
        return me.expectation
    target = (rate * level + told * me.message_level) / total
    return target + (me.expectation - target) * kept(min(1.0, total), substeps)


@rule
def learn(me: Employee, substeps: int, p: Parameters) -> float:
    """Return skill after a substep: gained by practice and training, lost without use.

    Evidence
    --------
    tatel_ackerman : forgetting without use; the gain is a plain learning curve, calibrated.
    """
    gain = p.practice_gain * me.intensity + p.training_gain * me.training
    return relax(me.skill, min(gain, 0.95), p.forgetting * (1.0 - me.intensity), substeps)


@rule
def form_habit(me: Employee, substeps: int, p: Parameters) -> float:
    """Return habit after a substep: use builds it, non-use wears it off (Lally et al. 2010)."""
    return relax(
        me.habit, p.habit_gain * me.intensity, p.habit_loss * (1.0 - me.intensity), substeps
    )


@rule
def develop(me: Employee, exposure: float, hearsay: float, substeps: int, p: Parameters) -> None:
    """Let expectation, skill, habit, novelty and threats follow this substep's use."""
    expectation = expect(me, exposure, hearsay, substeps, p)
    skill = learn(me, substeps, p)
    habit = form_habit(me, substeps, p)

    unskilled = 1.0 - p.skill_calms_others * me.skill
    used_to_it = 1.0 - p.experience_calms * me.habit
    competence = me.remaining_competence * (1.0 - p.skill_calms_competence * me.skill) * used_to_it
    status = me.remaining_status * unskilled
    control = me.remaining_control * unskilled * used_to_it
    keeps = kept(p.calming_rate, substeps)
    competence = warranted(me.initial_competence, me.floor_competence, competence)
    status = warranted(me.initial_status, me.floor_status, status)
    control = warranted(me.initial_control, me.floor_control, control)
    ethics = warranted(me.initial_ethics, me.floor_ethics, me.remaining_ethics)
    me.threat_competence = competence + (me.threat_competence - competence) * keeps
    me.threat_status = status + (me.threat_status - status) * keeps
    me.threat_control = control + (me.threat_control - control) * keeps
    me.threat_ethics = ethics + (me.threat_ethics - ethics) * keeps

    me.expectation = expectation
    me.skill = skill
    me.habit = habit
    if me.uses == 1:
        if me.ever_used == 0:
            me.ever_used = 1
            me.freshness = 1.0
    if me.ever_used == 1:
        me.freshness = me.freshness * math.exp(-1.0 / (p.user_novelty_time * substeps))


# --- The month -----------------------------------------------------------------------------


@rule
def receive(
    me: Employee,
    month: int,
    push: Push,
    coaching: Push,
    commitment: bool,
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
    push
        Sum of what all deployments do to this person.
    coaching
        What a full coaching place by a champion does this month.
    commitment
        Whether the leaders' commitment is in force.
    service
        Months the champions have served, -1 while they do not.
    p
        Uses the floors of use and skill of leaders and champions, and voice.
    """
    me.access = 1 if month >= me.access_month else 0
    place = me.coached
    me.remaining_competence = left(push.relief_competence + place * coaching.relief_competence)
    me.remaining_status = left(push.relief_status + place * coaching.relief_status)
    me.remaining_control = left(push.relief_control + place * coaching.relief_control)
    me.remaining_ethics = left(push.relief_ethics + place * coaching.relief_ethics)
    me.training = push.training + place * coaching.training
    me.message_pull = push.message_pull
    me.message_level = push.message_promise / push.message_pull if push.message_pull > 0.0 else 0.0
    me.incentive = 1.0 - left(push.incentive)
    me.launch = push.launch
    me.pledged = 0
    me.least_use = 0.0
    me.least_skill = 0.0
    if commitment and me.committed == 1 and me.access == 1:
        me.pledged = 1
        me.least_use = p.committed_use
        me.least_skill = p.committed_skill
    if service >= 0 and me.champion == 1 and me.access == 1:
        me.pledged = 1
        me.least_use = max(me.least_use, p.champion_use)
        me.least_skill = max(me.least_skill, p.champion_skill)
    me.voice = voice(me.champion, service, p)
