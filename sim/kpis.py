"""What is measured: one line per KPI that says what it is, and the function that adds it up.

``observe`` adds one person to a month's row and ``conclude`` turns sums into means; both engines
call them. Money and curve statistics are computed afterwards, from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sim import rules
from sim.compiled import rule
from sim.parameters import Parameters
from sim.state import Employee

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Kpi:
    """What a column of a result means."""

    name: str
    unit: str
    label: str
    formula: str


MEASURED: Final = (
    Kpi("adoption", "share", "Weekly users", "uses and intensity >= weekly_use, of all employees"),
    Kpi("adoption_with_access", "share", "Weekly users among those with access", "weekly users / people with access"),
    Kpi("daily_use", "share", "Daily users", "uses and intensity >= daily_use, of all employees"),
    Kpi("using", "share", "People using AI at all", "uses, of all employees"),
    Kpi("intensity", "share", "Intensity of use", "mean share of working days with use"),
    Kpi("never_users", "share", "Never-users", "at least 6 months' access and never a weekly user"),
    Kpi("never_started", "share", "Never started", "at least 6 months' access and never used at all"),
    Kpi("acceptance", "share", "Acceptance", "desire above 1/2 without habit, incentive and novelty"),
    Kpi("felt_threat", "1", "Felt threat", "mean of 1 - product of calm over four channels"),
    Kpi("threat_competence", "1", "Competence threat", "mean"),
    Kpi("threat_status", "1", "Status threat", "mean"),
    Kpi("threat_control", "1", "Control threat", "mean"),
    Kpi("threat_ethics", "1", "Ethical objection", "mean"),
    Kpi("expectation", "1", "Expected usefulness", "mean"),
    Kpi("skill", "1", "Skill", "mean"),
    Kpi("habit", "1", "Habit", "mean"),
    Kpi("hours_saved", "hour/person/month", "Hours saved", "intensity x skill x hours in AI tasks x saving on the task"),
    Kpi("value", "euro/person/month", "Value of hours saved", "hours saved x hourly cost, before capture"),
)  # fmt: skip
"""Measured by the engines every month, in this order."""

DERIVED: Final = (
    Kpi("cost", "euro/month", "Cost", "licences, integration, measures and staff hours"),
    Kpi("benefit", "euro/month", "Benefit", "value x employees x capture rate"),
    Kpi("cumulative_net", "euro", "Cumulative net", "sum of benefit - cost since the start"),
)
"""Computed from the rows and the ledger."""

KPIS: Final = {one.name: one for one in MEASURED + DERIVED}
COUNT: Final = len(MEASURED)
COLUMN: Final = {one.name: place for place, one in enumerate(MEASURED)}
"""Place of each measured KPI in a row."""

REFUSAL_MONTHS: Final = 6
"""Months of access after which somebody who never used counts as a never-user."""


@rule
def observe(me: Employee, month: int, p: Parameters, row: Array) -> None:
    """Add one employee, as he or she ends a month, to the row of that month.

    Parameters
    ----------
    me
        The employee; ``ever_weekly`` is brought up to date.
    month
        Month that ends; 0 for the state before the start.
    p
        Uses ``weekly_use`` and ``daily_use`` [share of working days].
    row
        Sums, in the order of ``MEASURED``; the second holds people with access.
    """
    weekly = me.uses == 1 and me.intensity >= p.weekly_use
    if weekly:
        me.ever_weekly = 1
        row[0] += 1.0
    if month >= me.access_month:
        row[1] += 1.0
    if me.uses == 1:
        row[3] += 1.0
        if me.intensity >= p.daily_use:
            row[2] += 1.0
    row[4] += me.intensity
    if month - me.access_month + 1 >= REFUSAL_MONTHS:
        if me.ever_weekly == 0:
            row[5] += 1.0
        if me.ever_used == 0:
            row[6] += 1.0
    if me.conviction > 0.0:
        row[7] += 1.0
    row[8] += rules.felt_threat(me, p)
    row[9] += me.threat_competence
    row[10] += me.threat_status
    row[11] += me.threat_control
    row[12] += me.threat_ethics
    row[13] += me.expectation
    row[14] += me.skill
    row[15] += me.habit
    saved = me.intensity * me.skill * me.savable_hours
    row[16] += saved
    row[17] += saved * me.hourly_cost


@rule
def conclude(row: Array, people: int) -> None:
    """Turn the sums of a month into shares and means, in place."""
    with_access = row[1]
    row[1] = row[0] / with_access if with_access > 0.0 else 0.0
    row[0] = row[0] / people
    for k in range(2, row.size):
        row[k] = row[k] / people


# --- Curves --------------------------------------------------------------------------------


def month_reached(curves: Array, level: float) -> Array:
    """Return the first month at which each curve reaches a level, infinity where it never does.

    Parameters
    ----------
    curves
        One row per run, one column per month from 0.
    level
        Level to reach.
    """
    reached = curves >= level
    first: Array = reached.argmax(axis=1).astype(float)
    first[~reached.any(axis=1)] = np.inf
    return first


def restricted_mean_time(curves: Array, level: float) -> float:
    """Return the mean month at which a level is reached, runs that never do counted as the end."""
    return float(np.minimum(month_reached(curves, level), curves.shape[1] - 1).mean())


def has_trough(intensity: Array, go_live: int = 1, depth: float = 0.10) -> Array:
    """Return whether an organisation's expected intensity sags after the novelty.

    Parameters
    ----------
    intensity
        Expected intensity, one row per organisation, one column per month from 0. A mean over at
        least 30 continuations of the same people and ties, or noise makes troughs.
    go_live
        First month with access.
    depth
        Least fall from the top of months 1-4 to the bottom of months 4-9 after access.
    """
    if intensity.shape[1] <= go_live + 3:  # too short to sag
        return np.zeros(intensity.shape[0], np.bool_)
    early = intensity[:, go_live : go_live + 4].max(axis=1)
    late = intensity[:, go_live + 3 : go_live + 9].min(axis=1)
    found: Array = (early - late) >= depth * np.maximum(early, 1e-12)
    return found
