"""What describes one employee: one annotated line per column.

A Mesa agent and a row of the fast engine's table both have exactly these attributes, so a rule
that reads ``me.skill`` works on either.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Protocol, get_type_hints

import numpy as np

COMPETENCE: Final = 0
STATUS: Final = 1
CONTROL: Final = 2
ETHICS: Final = 3
ARCHETYPES: Final = ("competence", "status", "control", "ethics")

EMPLOYEE: Final = 0
TEAM_LEAD: Final = 1
MANAGER: Final = 2
EXECUTIVE: Final = 3
ROLES: Final = ("employee", "team_lead", "manager", "executive")

NOBODY: Final = -1


@dataclass(frozen=True)
class Column:
    """How a column is stored, in what unit, and what it means."""

    kind: str
    unit: str
    meaning: str


# fmt: off
class Employee(Protocol):
    """One employee: traits drawn once, place, state, and what reached this person this month."""

    # Place in the organisation.
    key: Annotated[int, Column("u4", "", "Stable identity; chance belongs to it")]
    role: Annotated[int, Column("i1", "index of ROLES", "Employee, team lead, manager or executive")]
    department: Annotated[int, Column("i4", "index", "Department")]
    team: Annotated[int, Column("i4", "index", "Team, -1 without one")]
    boss: Annotated[int, Column("i4", "index", "Row of the line manager, -1 at the top")]
    access_month: Annotated[int, Column("i4", "month", "First month with access to the tool")]
    arrival: Annotated[int, Column("i4", "month", "Months the programme had run when this person came")]
    use_cases: Annotated[int, Column("i1", "case", "Use cases the tool has for this person's department")]
    savable_hours: Annotated[float, Column("f8", "hour/month", "Hours saved by daily use at full skill")]
    hourly_cost: Annotated[float, Column("f8", "euro/hour", "What an hour of this person costs")]

    # Traits.
    archetype: Annotated[int, Column("i1", "index of ARCHETYPES", "Kind of resistance")]
    disposition: Annotated[float, Column("f8", "log-odds", "Own innovativeness plus the organisation's context")]
    threshold: Annotated[float, Column("f8", "share", "Exposure at which colleagues' use weighs half")]
    match: Annotated[float, Column("f8", "1", "Match of the tool to the job, mean 1")]
    initial_skill: Annotated[float, Column("f8", "1", "Ability before the programme; gained skill fades to it")]
    initial_competence: Annotated[float, Column("f8", "1", "Competence threat before the programme")]
    initial_status: Annotated[float, Column("f8", "1", "Status threat before the programme")]
    initial_control: Annotated[float, Column("f8", "1", "Control threat before the programme")]
    initial_ethics: Annotated[float, Column("f8", "1", "Ethical objection before the programme")]
    floor_competence: Annotated[float, Column("f8", "1", "Justified part of the competence threat")]
    floor_status: Annotated[float, Column("f8", "1", "Justified part of the status threat")]
    floor_control: Annotated[float, Column("f8", "1", "Justified part of the control threat")]
    floor_ethics: Annotated[float, Column("f8", "1", "Justified part of the ethical objection")]

    # State.
    uses: Annotated[int, Column("u1", "0 or 1", "Whether this person uses AI now")]
    ever_used: Annotated[int, Column("u1", "0 or 1", "Whether this person ever used AI")]
    ever_weekly: Annotated[int, Column("u1", "0 or 1", "Whether this person ever ended a month as a weekly user")]
    desire: Annotated[float, Column("f8", "1", "Desire to use AI")]
    conviction: Annotated[float, Column("f8", "log-odds", "Desire without habit, incentive and novelty")]
    intensity: Annotated[float, Column("f8", "share", "Share of working days with use")]
    expectation: Annotated[float, Column("f8", "1", "Expected usefulness of the tool")]
    skill: Annotated[float, Column("f8", "1", "Ability to use AI tools")]
    habit: Annotated[float, Column("f8", "1", "Strength of the habit of using AI")]
    freshness: Annotated[float, Column("f8", "1", "Novelty left to a user, 1 at the first start")]
    threat_competence: Annotated[float, Column("f8", "1", "Fear of not being able to learn it")]
    threat_status: Annotated[float, Column("f8", "1", "Fear of losing standing")]
    threat_control: Annotated[float, Column("f8", "1", "Fear of losing grip on the own work")]
    threat_ethics: Annotated[float, Column("f8", "1", "Ethical objection")]

    courses: Annotated[float, Column("f8", "course", "Training received since arriving")]

    # Part in the programme.
    committed: Annotated[int, Column("u1", "0 or 1", "Leader who committed to use AI visibly")]
    champion: Annotated[int, Column("u1", "0 or 1", "Champion")]
    coached: Annotated[float, Column("f8", "share", "Part of a full coaching place this person gets from champions")]
    buddy: Annotated[int, Column("i4", "index", "Row of this person's buddy, -1 without one")]
    pledged: Annotated[int, Column("u1", "0 or 1", "Uses AI and does not stop this month, by role in the programme")]
    least_use: Annotated[float, Column("f8", "share", "Intensity a pledge guarantees this month")]
    least_skill: Annotated[float, Column("f8", "1", "Skill a pledge guarantees this month")]
    voice: Annotated[float, Column("f8", "1", "How much this person is noticed this month")]

    # What reaches this person this month.
    access: Annotated[int, Column("u1", "0 or 1", "Access to the tool this month")]
    remaining_competence: Annotated[float, Column("f8", "1", "Share of removable competence threat the programme leaves")]
    remaining_status: Annotated[float, Column("f8", "1", "Share of removable status threat the programme leaves")]
    remaining_control: Annotated[float, Column("f8", "1", "Share of removable control threat the programme leaves")]
    remaining_ethics: Annotated[float, Column("f8", "1", "Share of removable ethical objection the programme leaves")]
    training: Annotated[float, Column("f8", "course/month", "Training this month as a share of a full course")]
    learning: Annotated[float, Column("f8", "1", "Factor on learning by doing this month")]
    worth: Annotated[float, Column("f8", "1", "Usefulness of the tool this month at full skill")]
    example_factor: Annotated[float, Column("f8", "1", "Factor on the leaders' example this month")]
    discovery: Annotated[float, Column("f8", "1", "Factor on finding use cases this month")]
    message_pull: Annotated[float, Column("f8", "1/month", "Pull of this month's messages on expectation")]
    message_level: Annotated[float, Column("f8", "1", "Usefulness this month's messages promise")]
    incentive: Annotated[float, Column("f8", "1", "Saturated incentive this month")]
    launch: Annotated[float, Column("f8", "1", "What is left of the launch this month")]

# fmt: on


def columns() -> dict[str, Column]:
    """Return what is declared of every column, by name."""
    hints = get_type_hints(Employee, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}


PEOPLE: Final = np.dtype(
    sorted(
        ((name, column.kind) for name, column in columns().items()),
        key=lambda one: -np.dtype(one[1]).itemsize,  # the widest first leaves no gaps
    ),
    align=True,
)
"""One row per employee: the table both engines read and the fast one works on."""
