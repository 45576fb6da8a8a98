"""The few ways the outside acts on an employee, and how pushes combine.

A measure is data; what it does is a push on one or more of these channels. Stocks of doses are
linear, so halves add up; pushes on a channel add up; saturation happens once, on the sum. What
closes a gap (relief, courses, messages) closes the same whether it comes at once or spread.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sim.elementary import exp, log
from sim.engine import rule

# The closed list of channels a measure in the catalogue may push on.
RELIEF_COMPETENCE: Final = 0
RELIEF_STATUS: Final = 1
RELIEF_CONTROL: Final = 2
RELIEF_ETHICS: Final = 3
INCENTIVE: Final = 4
LAUNCH: Final = 5
TRAINING: Final = 6
LEARNING: Final = 7
MATCH: Final = 8
QUALITY: Final = 9
EXAMPLE: Final = 10
DISCOVERY: Final = 11
ACCESS: Final = 12
CONSIDER: Final = 13
CHANNELS: Final = (
    "relief_competence",
    "relief_status",
    "relief_control",
    "relief_ethics",
    "incentive",
    "launch",
    "training",
    "learning",
    "match",
    "quality",
    "example",
    "discovery",
    "access",
    "consider",
)
RELIEFS: Final = CHANNELS[:4]


class Push(NamedTuple):
    """What one group of people receives in one month, summed over all deployments."""

    relief_competence: float
    relief_status: float
    relief_control: float
    relief_ethics: float
    incentive: float
    launch: float
    training: float
    learning: float
    match: float
    quality: float
    example: float
    discovery: float
    access: float
    consider: float
    message_pull: float
    message_promise: float


class Effect(NamedTuple):
    """What the summed pushes come to: saturation happens here, once, on the sums."""

    remaining_competence: float
    remaining_status: float
    remaining_control: float
    remaining_ethics: float
    incentive: float
    launch: float
    training: float
    learning_factor: float
    match_gain: float
    quality_gain: float
    example_factor: float
    discovery_factor: float
    access: float
    consider: float
    message_pull: float
    message_level: float


WIDTH: Final = len(Push._fields)
MESSAGE_PULL: Final = Push._fields.index("message_pull")
MESSAGE_PROMISE: Final = Push._fields.index("message_promise")
EFFECTS: Final = len(Effect._fields)


@rule
def strength(effect: float) -> float:
    """Return the push that removes a share ``effect`` of something at a stock of 1.

    A negative effect adds: -.3 raises what is left by 30 %.
    """
    return -log(1.0 - effect)


@rule
def carry_over(stock: float, dose: float, lasting: float) -> float:
    """Return a stock a month later: what lasted plus the month's dose (Broadbent 1979)."""
    return lasting * stock + dose


@rule
def left(push: float) -> float:
    """Return the share of something that a summed push leaves: 1 without a push."""
    return exp(-push)


@rule
def gain(push: float) -> float:
    """Return the factor on a rate whose waiting time a summed push shortens: 1 without a push."""
    return exp(push)


@rule
def saturate(push: Push) -> Effect:
    """Return what summed pushes come to: what is left of each threat, and what is gained."""
    return Effect(
        left(push.relief_competence),
        left(push.relief_status),
        left(push.relief_control),
        left(push.relief_ethics),
        1.0 - left(push.incentive),
        push.launch,
        push.training,
        gain(push.learning),
        1.0 - left(push.match),
        1.0 - left(push.quality),
        gain(push.example),
        gain(push.discovery),
        push.access,
        push.consider,
        1.0 - left(push.message_pull),
        push.message_promise / push.message_pull if push.message_pull > 0.0 else 0.0,
    )
