"""Somebody who only reads sections 7.1 to 7.8 of the ODD builds the same model: done here, in numpy."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import sim
from sim import draws
from sim.engine.kinds import Array
from sim.state import EXECUTIVE, THREATS

CHANGING = (
    "uses", "ever_used", "intensity", "expectation", "skill", "habit", "freshness", "desire",
    "conviction", "considers", "perceived_pull", "perceived_example",
    *(f"threat_{one}" for one in THREATS),
)  # fmt: skip

LIVELY = {
    "organisation.employees": 60,
    "simulation.substeps": 1,
    "programme.buddies": {},
    "programme.information-campaign": {"months": 6, "dose": 3},
    "programme.mandate": {"start": 3},
    "programme.workflow-integration": {"start": 2},
}
"""Everything acts: champions, buddies, leaders, courses, messages, an incentive, and what frightens."""

VARIANTS: dict[str, dict[str, Any]] = {
    "the model": {},
    "linear, leaders only": {"rules.contagion": "linear", "rules.social": "leaders"},
    "steps, colleagues only": {"rules.contagion": "step", "rules.social": "peers"},
    "counted steps, one threat": {"rules.contagion": "step_count", "rules.threat": "scalar"},
    "counted Hill, constant stopping": {
        "rules.contagion": "hill_count",
        "rules.stopping": "constant",
    },
    "identity, linear chances": {
        "rules.link": "identity",
        "rules.decision": "linear",
        "parameters.base_desire": 0.3,
    },
    "certain": {"rules.decision": "certain"},
}


def moved(value: float, rho: float, rate: float) -> float:
    """Return a share after a month with one substep (section 3)."""
    return value if rate <= 0.0 else rho / rate + (value - rho / rate) * max(0.0, 1.0 - rate)


def noticed(me: Any, model: Any, old: dict[str, Array]) -> tuple[float, float, float]:
    """Return exposure, number of users and what they expect (7.1)."""
    rows = [one.row for one in me.colleagues]
    weight = np.array([tie * model.staff[j].voice for tie, j in zip(me.ties, rows, strict=True)])
    if me.buddy >= 0:
        rows.append(me.buddy)
        weight = np.append(weight, model.p.buddy_weight * model.staff[me.buddy].voice)
    using = weight * old["uses"][rows]
    users = float(using.sum())
    exposure = users / float(weight.sum()) if weight.sum() > 0.0 else 0.0
    return (
        exposure,
        users,
        float((using * old["expectation"][rows]).sum()) / users if users else 0.0,
    )


def pull(exposure: float, users: float, theta: float, kind: str, p: Any) -> float:
    """Return contagion (7.2)."""
    counted = kind.endswith("count")
    seen, half = (users, theta * p.full_circle) if counted else (exposure, theta)
    if kind == "linear":
        return exposure
    if seen <= 0.0:
        return 0.0
    if kind.startswith("step"):
        return float(seen >= half)
    return float(seen**p.hill_exponent / (seen**p.hill_exponent + half**p.hill_exponent))


def example(me: Any, model: Any, old: dict[str, Array]) -> float:
    """Return the leaders' example (7.3)."""
    if me.role == EXECUTIVE:
        return 0.0
    top = float(np.mean([old["intensity"][one.row] for one in model.executives]))
    share = model.p.boss_share
    return float(share * old["intensity"][me.boss] + (1.0 - share) * top) if me.boss >= 0 else top


def considered(me: Any, now: Any, users: float, y: float, p: Any, rules: Any) -> float:
    """Return how far somebody considers it (7.6)."""
    around = users * users / (users * users + p.consider_circle**2) if users > 0.0 else 0.0
    rate = (
        p.consider_alone
        + p.consider_launch * me.launch
        + p.consider_peers * around * (rules.social != "leaders")
        + p.consider_example * min(1.0, y * me.example_factor) * (rules.social != "peers")
        + p.consider_message * me.message_pull
        + p.consider_training * me.training
        + me.prompted
    )
    return float(1.0 - (1.0 - now.considers) * math.exp(-rate))


def followed(perceived: float, there: float, p: Any) -> float:
    """Return what somebody thinks others do, a month later (7.2)."""
    return there + (perceived - there) * (1.0 - p.norm_rate)


def wanted(
    me: Any, model: Any, now: Any, seen: tuple[float, float], rules: Any
) -> tuple[float, float]:
    """Return conviction and desire (7.4, 7.5), from what is perceived of colleagues and leaders."""
    p = model.p
    threats = np.array([getattr(now, f"threat_{one}") for one in THREATS])
    felt_as = np.where(np.arange(4) == me.archetype, p.own_channel, p.other_channel)
    felt = threats.mean() if rules.threat == "scalar" else 1.0 - np.prod(1.0 - felt_as * threats)
    g = seen[0] * (rules.social != "leaders")
    y = seen[1] * (rules.social != "peers")
    conviction = float(
        p.base_desire + me.disposition + p.usefulness_weight * now.expectation
        + p.ease_weight * now.skill + p.peer_weight * g
        + p.leader_weight * min(1.0, me.example_factor * y) - p.fear_weight * felt
    )  # fmt: skip
    novelty = p.user_novelty * now.freshness if now.uses else p.launch_novelty * me.launch
    total = conviction + p.habit_weight * now.habit + p.incentive_weight * me.incentive + novelty
    if rules.link == "identity":
        return conviction, min(1.0, max(0.0, total))
    return conviction, 1.0 / (1.0 + math.exp(-total))


def decided(
    me: Any, now: Any, desire: float, considers: float, luck: float, p: Any, rules: Any
) -> bool:
    """Return whether somebody uses it after this substep (7.6)."""
    reluctance = 1.0 if rules.stopping == "constant" else 1.0 - desire

    def happens(luck: float, hazard: float) -> bool:
        return luck < (hazard if rules.decision == "linear" else 1.0 - math.exp(-hazard))

    if me.pledged:
        return True
    if rules.decision == "certain":
        stops = p.stop_rate > 0.0 and reluctance > 0.5
        return not stops if now.uses else bool(me.access and desire >= 0.5)
    if now.uses:
        return not happens(1.0 - luck, p.stop_rate * (1.0 - now.habit) * reluctance)
    return bool(me.access) and happens(luck, p.start_rate * desire * considers * me.opportunity)


def rebuilt(
    me: Any, model: Any, old: dict[str, Array], luck: float, rules: Any
) -> dict[str, float]:
    """Return what a month with one substep makes of a person."""
    p, now = model.p, SimpleNamespace(**{name: old[name][me.row] for name in CHANGING})
    exposure, users, hearsay = noticed(me, model, old)
    y = example(me, model, old)
    considers = considered(me, now, users, y, p, rules)
    there = pull(exposure, users, me.threshold, rules.contagion, p)
    seen_pull = followed(now.perceived_pull, there, p)
    seen_example = followed(now.perceived_example, y, p)
    conviction, desire = wanted(me, model, now, (seen_pull, seen_example), rules)
    uses = decided(me, now, desire, considers, luck, p, rules)
    if now.uses and not uses:
        considers = min(considers, p.considers_after)
    most = min(1.0, desire * me.opportunity)
    grown = most + (now.intensity - most) * (1.0 - p.use_growth)
    u = max(grown, me.least_use) if uses else 0.0
    skill = max(now.skill, me.least_skill) if uses else now.skill
    # 7.7
    kappa, told = p.unskilled_usefulness, me.message_pull * (1.0 - now.habit)
    seen = (
        p.experience_rate * u if uses else p.hearsay_rate * exposure * (rules.social != "leaders")
    )
    level = me.worth * (kappa + (1.0 - kappa) * skill) if uses else hearsay
    untaught = (1.0 - p.training_gain) ** me.training
    learned = 1.0 - untaught * (1.0 - p.practice_gain * u) ** me.learning
    faded, formed = p.forgetting * (1.0 - u), p.habit_gain * u
    first = uses and not now.ever_used
    found: dict[str, float] = {
        "uses": int(uses),
        "ever_used": max(now.ever_used, int(uses)),
        "intensity": u,
        "conviction": conviction,
        "desire": desire,
        "considers": considers,
        "perceived_pull": seen_pull,
        "perceived_example": seen_example,
        "expectation": moved(now.expectation, seen * level + told * me.message_level, seen + told),
        "skill": moved(skill, learned + faded * me.initial_skill, learned + faded),
        "habit": moved(now.habit, formed, formed + p.habit_loss * (1.0 - u)),
        "freshness": (1.0 if first else now.freshness) * math.exp(-1.0 / p.user_novelty_time),
    }
    # 7.8
    by_skill, by_habit = 1.0 - p.skill_calms_others * skill, 1.0 - p.experience_calms * now.habit
    own = ((1.0 - p.skill_calms_competence * skill) * by_habit, by_skill, by_skill * by_habit, 1.0)
    for name, calm in zip(THREATS, own, strict=True):
        start, floor = getattr(me, f"initial_{name}"), getattr(me, f"floor_{name}")
        left = getattr(me, f"remaining_{name}") * calm
        aim = floor + (start - floor) * left if left <= 1.0 else 1.0 - (1.0 - start) / left
        before = getattr(now, f"threat_{name}")
        found[f"threat_{name}"] = aim + (before - aim) * (1.0 - p.calming_rate)
    return found


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_model_built_again_from_the_page_is_the_model(variant: str) -> None:
    scenario = sim.load("full-programme").changed({**LIVELY, **VARIANTS[variant]})
    model = sim.AdoptionModel(scenario, rng=2)
    moving = set()
    for month in range(6):
        old = {name: np.array([getattr(me, name) for me in model.staff]) for name in CHANGING}
        model.step()
        for me in model.staff:
            luck = draws.uniform(2, 0, draws.INCLINATION, me.key, month)
            for name, value in rebuilt(me, model, old, luck, scenario.rules).items():
                assert abs(getattr(me, name) - value) <= 1e-12, (month, me.row, name)
                moving |= {name} if value != old[name][me.row] else set()
    assert moving == set(CHANGING)
