"""The few ways the outside acts on an employee, and how pushes combine.

A measure is data; what it does is a push on one or more of these channels. Stocks of doses are
linear, so halves add up; pushes on a channel add up; saturation happens once, on the sum. What
closes a gap (relief, courses, messages) closes the same whether it comes at once or spread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, NamedTuple, get_type_hints

from sim.elementary import exp, log
from sim.engine import rule


@dataclass(frozen=True)
class Channel:
    """What a measure in the catalogue may say of a channel it pushes on.

    Attributes
    ----------
    meaning
        What it does at a stock of 1, for readers.
    most
        The most it can say of a dose or a push. None: it is a share of something, which is never
        the whole of it.
    adds
        Whether a negative share, above -5, adds to what a positive one removes.
    coached
        Whether one person does it to another; see :func:`sim.rules.accompany`.
    """

    meaning: str
    most: float | None = None
    adds: bool = False
    coached: bool = False


# fmt: off
class Push(NamedTuple):
    """What one group of people receives in one month, summed over all deployments.

    Each channel a measure may push on is one annotated line; the catalogue, its form and its tables
    read that line and nothing else. What is not annotated comes of a measure's message.
    """

    relief_competence: Annotated[float, Channel("Competence threat removed", adds=True, coached=True)]
    relief_status: Annotated[float, Channel("Status threat removed", adds=True, coached=True)]
    relief_control: Annotated[float, Channel("Control threat removed; negative adds", adds=True, coached=True)]
    relief_ethics: Annotated[float, Channel("Ethical objection removed", adds=True, coached=True)]
    incentive: Annotated[float, Channel("Share of the full incentive")]
    launch: Annotated[float, Channel("Launches", most=5)]
    training: Annotated[float, Channel("Full courses", most=5, coached=True)]
    learning: Annotated[float, Channel("Share of the time saved in which practice becomes skill", coached=True)]
    match: Annotated[float, Channel("Share of the gap closed between the job and the best match")]
    quality: Annotated[float, Channel("Share of the tool's shortcomings mended; each month if structural")]
    example: Annotated[float, Channel("Share of the leaders' example that went unnoticed before")]
    discovery: Annotated[float, Channel("Share of the time saved in which a use case is found")]
    access: Annotated[float, Channel("1: people reached have access while it is in force, and keep it", most=1)]
    consider: Annotated[float, Channel("Rate of coming to consider AI for the own work [1/month]", most=10, coached=True)]
    message_pull: float
    message_promise: float
# fmt: on


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


def channels() -> dict[str, Channel]:
    """Return what is declared of every channel a measure may push on, by name."""
    hints = get_type_hints(Push, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items() if hint is not float}


CHANNELS: Final = tuple(channels())
RELIEFS: Final = tuple(name for name in CHANNELS if name.startswith("relief_"))
"""The first of them: one for each threat."""

RELIEVING: Final = len(RELIEFS)
LAUNCH: Final = CHANNELS.index("launch")
TRAINING: Final = CHANNELS.index("training")
QUALITY: Final = CHANNELS.index("quality")
ACCESS: Final = CHANNELS.index("access")
CONSIDER: Final = CHANNELS.index("consider")
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
