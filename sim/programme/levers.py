"""What culture, digital maturity and technology money do: to the numbers of the rules and to people.

Who moves people (``rules.social``) is a matter of numbers too, and stands here for that. Each lever is in the middle at .5 (money: at 0), where every factor is exactly 1; each has its
strength in :mod:`sim.parameters`, whose neutral value switches it off.
"""

from __future__ import annotations

import math
from typing import Any, Final, NamedTuple

from sim.elementary import exp
from sim.parameters import Parameters
from sim.scenario import read_catalogue
from sim.scenario.schema import Scenario
from sim.state import CONTROL, THREATS

SILENT: Final[dict[str, dict[str, Any]]] = {
    "both": {},
    "leaders": {"peer_weight": 0.0, "hearsay_rate": 0.0, "consider_peers": 0.0},
    "peers": {"leader_weight": 0.0, "consider_example": 0.0},
}
"""What does not count where leaders or colleagues alone move people: with leaders alone nothing
that colleagues do pulls or makes anybody consider it, and nobody believes them; with colleagues alone leaders set no example,
though they remain colleagues. Coaching and messages are measures and stay."""


class Levers(NamedTuple):
    """What levers do beyond the numbers of the rules.

    Attributes
    ----------
    threat
        Power to which each initial threat is raised, in the order of THREATS; above 1 lowers.
    skill
        Power to which initial skill is raised; below 1 raises it.
    delay
        Months by which all access comes later (negative: earlier, never before month 1).
    participation
        Factor on the relief of participatory measures.
    credibility
        Factor on the belief in every message.
    """

    threat: tuple[float, float, float, float]
    skill: float
    delay: int
    participation: float
    credibility: float


def tilt(strength: float, level: float) -> float:
    """Return the factor of a lever: 1 at the middle, above it the more the higher the level."""
    return exp(strength * (level - 0.5))


def bought(scenario: Scenario) -> float:
    """Return the share of its possible effect that technology money has [0 to 1): less and less.

    What integration and data cost works as the other money does, for the part of it that
    ``project_money`` says.
    """
    tool = scenario.tool
    project = scenario.parameters.project_money * (tool.integration_cost + tool.data_cost)
    a_head = (tool.investment + project) / scenario.organisation.employees
    return 1.0 - exp(-a_head / scenario.parameters.investment_scale)


def effective_numbers(scenario: Scenario) -> Parameters:
    """Return the numbers of the rules as culture, money and who moves people here make them."""
    p: Parameters = scenario.numbers
    culture, money = scenario.organisation.culture, bought(scenario)
    fit = tilt(p.maturity_fit, scenario.organisation.digital_maturity)
    fit *= exp(p.investment_fit * money)
    discovery = tilt(p.experimentation_discovery, culture.experimentation)
    return p._replace(
        practice_gain=p.practice_gain * tilt(p.error_tolerance_learning, culture.error_tolerance),
        stop_rate=p.stop_rate / tilt(p.error_tolerance_stopping, culture.error_tolerance),
        start_rate=p.start_rate * tilt(p.experimentation_starting, culture.experimentation),
        discovery_rate=p.discovery_rate * discovery,
        match_low=p.match_low * fit,
        match_range=p.match_range * fit,
        tool_quality=p.tool_quality + (1.0 - p.tool_quality) * p.investment_quality * money,
    )._replace(**SILENT[scenario.rules.social])


def in_service(scenario: Scenario, p: Parameters) -> Parameters:
    """Return the numbers as the paid hours of champions make them, where a scenario says hours.

    With fewer than ``coaching_hours`` a champion is noticed beyond others, uses and learns the tool
    in the same part as is paid; with more no further, there is only more coaching.
    """
    catalogue = read_catalogue()
    for name, deployment in scenario.deployments.items():
        if (
            deployment.hours is None
            or catalogue[deployment.measure or name].appoints != "champions"
        ):
            continue
        part = min(1.0, deployment.hours / p.coaching_hours)
        if part < 1.0:
            p = p._replace(
                champion_voice=1.0 + (p.champion_voice - 1.0) * part,
                champion_use=p.champion_use * part,
                champion_skill=p.champion_skill * part,
            )
    return p


def levers(scenario: Scenario) -> Levers:
    """Return what this organisation's levers do beyond the numbers of the rules."""
    p, organisation = scenario.numbers, scenario.organisation
    culture, maturity = organisation.culture, organisation.digital_maturity
    threat = [tilt(p.transparency_threat, culture.transparency)] * len(THREATS)
    threat[CONTROL] *= tilt(p.participation_control, culture.participation)
    delay = p.maturity_delay * (0.5 - maturity) - p.investment_months * bought(scenario)
    credibility = tilt(p.transparency_credibility, culture.transparency)
    if organisation.works_council == "late":
        credibility *= p.late_council_credibility
    return Levers(
        (threat[0], threat[1], threat[2], threat[3]),
        1.0 / tilt(p.maturity_skill, maturity),
        math.floor(delay + 0.5),
        tilt(p.participation_relief, culture.participation),
        credibility,
    )
