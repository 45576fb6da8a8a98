"""What describes one employee: one annotated line per column.

A Mesa agent and a row of the fast engine's table both have exactly these attributes, so a rule
that reads ``me.skill`` works on either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Protocol, get_args, get_type_hints

import numpy as np

from sim.engine.kinds import Array, Of

COMPETENCE: Final = 0
STATUS: Final = 1
CONTROL: Final = 2
ETHICS: Final = 3
Worry = Literal["competence", "status", "control", "ethics"]
THREATS: Final = get_args(Worry)

EMPLOYEE: Final = 0
TEAM_LEAD: Final = 1
MANAGER: Final = 2
EXECUTIVE: Final = 3
Role = Literal["employee", "team_lead", "manager", "executive"]
ROLES: Final = get_args(Role)

NOBODY: Final = -1


@dataclass(frozen=True)
class Column:
    """How a column is stored, in what unit, what it means, and between which values it stays."""

    kind: str
    unit: str
    meaning: str
    low: float
    high: float = math.inf


# fmt: off
class Employee(Protocol):
    """One employee: traits drawn once, place, state, and what reached this person this month."""

    # Place in the organisation.
    key: Annotated[int, Column("u4", "", "Stable identity; chance belongs to it", 0)]
    role: Annotated[int, Column("i1", "index of ROLES", "Employee, team lead, manager or executive", 0, 3)]
    department: Annotated[int, Column("i4", "index", "Department", 0)]
    team: Annotated[int, Column("i4", "index", "Team, -1 without one", -1)]
    boss: Annotated[int, Column("i4", "index", "Row of the line manager, -1 at the top", -1)]
    access_month: Annotated[int, Column("i4", "month", "First month with access to the tool", 1)]
    arrival: Annotated[int, Column("i4", "month", "Months the programme had run when this person came", 0)]
    use_cases: Annotated[int, Column("i1", "case", "Use cases the tool has for this person's department", 0)]
    savable_hours: Annotated[float, Column("f8", "hour/month", "Hours saved by daily use at full skill", 0)]
    hourly_cost: Annotated[float, Column("f8", "euro/hour", "What an hour of this person costs", 0)]

    # Traits.
    archetype: Annotated[int, Column("i1", "index in archetypes.yaml", "Kind of resistance", 0)]
    own_threats: Annotated[int, Column("u1", "bits, by index of THREATS", "Threats this archetype feels as its own", 0, 15)]
    disposition: Annotated[float, Column("f8", "log-odds", "Own innovativeness plus the organisation's context", -math.inf)]
    threshold: Annotated[float, Column("f8", "share", "Exposure at which colleagues' use weighs half", 0, 1)]
    match: Annotated[float, Column("f8", "1", "Match of the tool to the job, mean 1", 0)]
    opportunity: Annotated[float, Column("f8", "1", "Factor of the own task share on starting, on the most use, on worth", 0)]
    initial_skill: Annotated[float, Column("f8", "1", "Ability before the programme; gained skill fades to it", 0, 1)]
    initial_competence: Annotated[float, Column("f8", "1", "Competence threat before the programme", 0, 1)]
    initial_status: Annotated[float, Column("f8", "1", "Status threat before the programme", 0, 1)]
    initial_control: Annotated[float, Column("f8", "1", "Control threat before the programme", 0, 1)]
    initial_ethics: Annotated[float, Column("f8", "1", "Ethical objection before the programme", 0, 1)]
    floor_competence: Annotated[float, Column("f8", "1", "Justified part of the competence threat", 0, 1)]
    floor_status: Annotated[float, Column("f8", "1", "Justified part of the status threat", 0, 1)]
    floor_control: Annotated[float, Column("f8", "1", "Justified part of the control threat", 0, 1)]
    floor_ethics: Annotated[float, Column("f8", "1", "Justified part of the ethical objection", 0, 1)]

    # State.
    uses: Annotated[int, Column("u1", "0 or 1", "Whether this person uses AI now", 0, 1)]
    ever_used: Annotated[int, Column("u1", "0 or 1", "Whether this person ever used AI", 0, 1)]
    ever_weekly: Annotated[int, Column("u1", "0 or 1", "Whether this person ever ended a month as a weekly user", 0, 1)]
    desire: Annotated[float, Column("f8", "1", "Desire to use AI", 0, 1)]
    conviction: Annotated[float, Column("f8", "log-odds", "Desire without habit, incentive and novelty", -math.inf)]
    intensity: Annotated[float, Column("f8", "share", "Share of working days with use", 0, 1)]
    expectation: Annotated[float, Column("f8", "1", "Expected usefulness of the tool", 0, 1)]
    skill: Annotated[float, Column("f8", "1", "Ability to use AI tools", 0, 1)]
    habit: Annotated[float, Column("f8", "1", "Strength of the habit of using AI", 0, 1)]
    freshness: Annotated[float, Column("f8", "1", "Novelty left to a user, 1 at the first start", 0, 1)]
    prompted: Annotated[float, Column("f8", "1/month", "Rate of considering AI by measures of this month", 0)]
    considers: Annotated[float, Column("f8", "1", "How far this person considers AI for the own work", 0, 1)]
    perceived_pull: Annotated[float, Column("f8", "1", "Pull of colleagues' use as perceived", 0, 1)]
    perceived_example: Annotated[float, Column("f8", "1", "Leaders' example as perceived", 0, 1)]
    threat_competence: Annotated[float, Column("f8", "1", "Fear of not being able to learn it", 0, 1)]
    threat_status: Annotated[float, Column("f8", "1", "Fear of losing standing", 0, 1)]
    threat_control: Annotated[float, Column("f8", "1", "Fear of losing grip on the own work", 0, 1)]
    threat_ethics: Annotated[float, Column("f8", "1", "Ethical objection", 0, 1)]

    courses: Annotated[float, Column("f8", "course", "Training received since arriving", 0)]

    # Part in the programme.
    committed: Annotated[int, Column("u1", "0 or 1", "Leader who committed to use AI visibly", 0, 1)]
    led: Annotated[float, Column("f8", "share", "Part of this person's leaders who committed; 1 for who did", 0, 1)]
    champion: Annotated[int, Column("u1", "0 or 1", "Champion", 0, 1)]
    coached: Annotated[float, Column("f8", "share", "Part of a full coaching place this person gets from champions", 0, 1)]
    buddy: Annotated[int, Column("i4", "index", "Row of this person's buddy, -1 without one", -1)]
    pledged: Annotated[int, Column("u1", "0 or 1", "Uses AI and does not stop this month, by role in the programme", 0, 1)]
    least_use: Annotated[float, Column("f8", "share", "Intensity a pledge guarantees this month", 0, 1)]
    least_skill: Annotated[float, Column("f8", "1", "Skill a pledge guarantees this month", 0, 1)]
    voice: Annotated[float, Column("f8", "1", "How much this person is noticed this month", 1)]

    # What reaches this person this month.
    access: Annotated[int, Column("u1", "0 or 1", "Access to the tool this month", 0, 1)]
    remaining_competence: Annotated[float, Column("f8", "1", "Share of removable competence threat the programme leaves", 0)]
    remaining_status: Annotated[float, Column("f8", "1", "Share of removable status threat the programme leaves", 0)]
    remaining_control: Annotated[float, Column("f8", "1", "Share of removable control threat the programme leaves", 0)]
    remaining_ethics: Annotated[float, Column("f8", "1", "Share of removable ethical objection the programme leaves", 0)]
    training: Annotated[float, Column("f8", "course/month", "Training this month as a share of a full course", 0)]
    taught: Annotated[float, Column("f8", "1", "Part of what is missing in skill that this month's training closes", 0, 1)]
    learning: Annotated[float, Column("f8", "1", "Factor on learning by doing this month", 1)]
    worth: Annotated[float, Column("f8", "1", "Usefulness of the tool this month at full skill", 0, 1)]
    example_factor: Annotated[float, Column("f8", "1", "Factor on the leaders' example this month", 1)]
    discovery: Annotated[float, Column("f8", "1", "Factor on finding use cases this month", 1)]
    message_pull: Annotated[float, Column("f8", "1/month", "Pull of this month's messages on expectation", 0)]
    message_level: Annotated[float, Column("f8", "1", "Usefulness this month's messages promise", 0, 1)]
    incentive: Annotated[float, Column("f8", "1", "Saturated incentive this month", 0, 1)]
    launch: Annotated[float, Column("f8", "1", "What is left of the launch this month", 0)]

# fmt: on


def columns() -> dict[str, Column]:
    """Return what is declared of every column, by name."""
    hints = get_type_hints(Employee, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


PEOPLE: Final = np.dtype(
    sorted(
        ((name, column.kind) for name, column in columns().items()),
        key=lambda column: -np.dtype(column[1]).itemsize,  # the widest first leaves no gaps
    ),
    align=True,
)
"""One row per employee: the table both engines read and the fast one works on."""

Staff = Annotated[Array, Of(PEOPLE)]
Staffs = Annotated[Array, Of(PEOPLE, 2)]
"""Tables of people: of one organisation, and of several."""
