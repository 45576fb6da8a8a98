"""What is measured: one line per KPI, and the function that adds it up.

``observe`` adds one person to a month's row and ``conclude`` turns sums into means; both engines
call them. Money and curve statistics are computed afterwards, from the rows.
"""

from __future__ import annotations

from collections import namedtuple
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from sim import rules
from sim.elementary import mean, totals
from sim.engine import rule
from sim.engine.kinds import F8, Array
from sim.parameters import Parameters
from sim.state import EMPLOYEE, Employee


class Kpi(NamedTuple):
    """A column of a result. What it is called, means and how it is computed stands in the glossary.

    Attributes
    ----------
    name
        Name of the column.
    unit
        ``share`` and ``1`` run from 0 to 1; otherwise what it is counted in.
    of
        Whom it is a share or mean of, or what a ratio is of; by default nothing in particular. All
        but ``employees`` can be nobody or nothing: then it is not a number.
    better
        Whether more of it is better: ``higher`` or ``lower``.
    """

    name: str
    unit: str
    of: str | None = None
    better: Literal["higher", "lower"] = "higher"


OF_PEOPLE: Final = (
    Kpi("adoption", "share", of="employees"),
    Kpi("adoption_with_access", "share", of="people with access"),
    Kpi("daily_use", "share", of="employees"),
    Kpi("using", "share", of="employees"),
    Kpi("tried", "share", of="employees"),
    Kpi("appointed", "share", of="employees"),
    Kpi("adoption_unappointed", "share", of="people not appointed"),
    Kpi("intensity", "share"),
    Kpi("long_access", "share", of="employees"),
    Kpi("never_users", "share", of="people with long access", better="lower"),
    Kpi("never_started", "share", of="people with long access", better="lower"),
    Kpi("acceptance", "share", of="employees"),
    Kpi("felt_threat", "1", better="lower"),
    Kpi("threat_competence", "1", better="lower"),
    Kpi("threat_status", "1", better="lower"),
    Kpi("threat_control", "1", better="lower"),
    Kpi("threat_ethics", "1", better="lower"),
    Kpi("expectation", "1"),
    Kpi("skill", "1"),
    Kpi("habit", "1"),
    Kpi("hours_saved", "hour/person/month"),
    Kpi("value", "euro/person/month"),
    Kpi("skilled_use", "share"),
    Kpi("stopped", "share", of="employees", better="lower"),
    Kpi("breadth", "case", of="weekly users"),
    Kpi("trained", "share", of="employees"),
    Kpi("certified", "share", of="employees"),
    Kpi("support_asked", "request/person/month"),
    Kpi("trust", "1"),
    Kpi("satisfaction", "ratio", of="users"),
    Kpi("would_recommend", "share", of="employees"),
    Kpi("new_use_cases", "case/person/month"),
    Kpi("suggestions", "suggestion/person/month"),
)
"""Sums or means over people, which exist for a group as for the whole."""

OF_ORGANISATIONS: Final = (
    Kpi("departments_using", "share"),
    Kpi("maturity", "step"),
    Kpi("cost_technology", "euro/month", better="lower"),
    Kpi("cost_measures", "euro/month", better="lower"),
    Kpi("staff_hours", "hour/month", better="lower"),
)
"""What only a whole organisation has."""

MEASURED: Final = OF_PEOPLE + OF_ORGANISATIONS
"""Measured by the engines every month, in this order."""

PERSONAL: Final = len(OF_PEOPLE)

DERIVED: Final = (
    Kpi("cost", "euro/month", better="lower"),
    Kpi("benefit", "euro/month"),
    Kpi("cumulative_net", "euro"),
    Kpi("roi", "ratio", of="cost"),
    Kpi("quality_gain", "share"),
    Kpi("customer_gain", "share"),
)
"""Computed from the rows."""

KPIS: Final = {kpi.name: kpi for kpi in MEASURED + DERIVED}
LOWER_IS_BETTER: Final = frozenset(name for name, kpi in KPIS.items() if kpi.better == "lower")
COUNT: Final = len(MEASURED)
COLUMN: Final = {kpi.name: place for place, kpi in enumerate(MEASURED)}
"""Place of each measured KPI in a row."""
AT: Final[Any] = namedtuple("Places", COLUMN)(**COLUMN)
"""The same for rules: ``row[AT.skill]``, which compiled code knows too."""

OF_SOME: Final = frozenset(name for name, kpi in KPIS.items() if kpi.of not in (None, "employees"))
"""What is a share or mean of some only, or of what was spent: not a number while there is nothing."""

REFUSAL_MONTHS: Final = 6
"""Months of access after which somebody who never used counts as a never-user."""


@rule
def is_weekly_user(me: Employee, p: Parameters) -> bool:
    """Return whether somebody uses AI every week: the definition of an adopter."""
    return me.uses == 1 and me.intensity >= p.weekly_use


@rule
def observe(me: Employee, month: int, p: Parameters, row: Array, threat: int = 0) -> None:
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
        Sums, in the order of ``MEASURED``; ``adoption_with_access`` counts people with access.
    threat
        How threats are felt: position in ``rules.THREAT``.
    """
    if me.champion == 1 or me.committed == 1:
        row[AT.appointed] += 1.0
    if me.ever_used == 1:
        row[AT.tried] += 1.0
    if me.uses == 1:
        observe_user(me, p, row)
    elif me.ever_used == 1:
        row[AT.stopped] += 1.0
    if month >= me.access_month:
        row[AT.adoption_with_access] += 1.0
    if month - me.access_month + 1 >= REFUSAL_MONTHS:
        row[AT.long_access] += 1.0
        if me.ever_weekly == 0:
            row[AT.never_users] += 1.0
        if me.ever_used == 0:
            row[AT.never_started] += 1.0
    if me.conviction > 0.0:
        row[AT.acceptance] += 1.0
    row[AT.felt_threat] += rules.felt_threat(me, p, threat)
    row[AT.threat_competence] += me.threat_competence
    row[AT.threat_status] += me.threat_status
    row[AT.threat_control] += me.threat_control
    row[AT.threat_ethics] += me.threat_ethics
    row[AT.expectation] += me.expectation
    row[AT.skill] += me.skill
    row[AT.habit] += me.habit
    if me.courses >= 0.5:
        row[AT.trained] += 1.0
        if me.courses >= 1.0 and me.skill >= p.certified_skill:
            row[AT.certified] += 1.0
    row[AT.trust] += 1.0 - 0.5 * (me.threat_control + me.threat_ethics)


@rule
def observe_user(me: Employee, p: Parameters, row: Array) -> None:
    """Add what only somebody who uses AI adds to the row of a month."""
    row[AT.using] += 1.0
    row[AT.intensity] += me.intensity
    if is_weekly_user(me, p):
        me.ever_weekly = 1
        row[AT.adoption] += 1.0
        if me.champion == 0 and me.committed == 0:
            row[AT.adoption_unappointed] += 1.0
        row[AT.breadth] += 1.0 + me.skill * (me.use_cases - 1.0)
    if me.intensity >= p.daily_use:
        row[AT.daily_use] += 1.0
    skilled = me.intensity * me.skill
    saved = skilled * me.savable_hours
    row[AT.hours_saved] += saved
    row[AT.value] += saved * me.hourly_cost
    row[AT.skilled_use] += skilled
    row[AT.support_asked] += p.support_rate * me.intensity * (1.0 - me.skill)
    satisfaction = rules.realised_usefulness(me.skill, me.worth, p) / max(me.expectation, 1e-9)
    row[AT.satisfaction] += min(2.0, satisfaction)
    if satisfaction >= p.satisfied and me.conviction > 0.0:
        row[AT.would_recommend] += 1.0
    row[AT.new_use_cases] += p.discovery_rate * skilled * me.discovery
    row[AT.suggestions] += p.suggestion_rate * me.intensity * me.discovery


@rule
def conclude(row: Array, people: float) -> None:
    """Turn the sums of a month over some people into shares and means, in place.

    What is a share or mean of some of them only is not a number where there is nobody of them.
    """
    weekly, users, long = row[AT.adoption], row[AT.using], row[AT.long_access]
    with_access, breadth = row[AT.adoption_with_access], row[AT.breadth]
    satisfaction = row[AT.satisfaction]
    others = people - row[AT.appointed]
    unappointed = row[AT.adoption_unappointed]
    refused, untouched = row[AT.never_users], row[AT.never_started]
    for k in range(PERSONAL):
        row[k] = row[k] / people
    row[AT.adoption_with_access] = weekly / with_access if with_access > 0.0 else np.nan
    row[AT.adoption_unappointed] = unappointed / others if others > 0.0 else np.nan
    row[AT.never_users] = refused / long if long > 0.0 else np.nan
    row[AT.never_started] = untouched / long if long > 0.0 else np.nan
    row[AT.breadth] = breadth / weekly if weekly > 0.0 else np.nan
    row[AT.satisfaction] = satisfaction / users if users > 0.0 else np.nan


class Progress(NamedTuple):
    """How far an organisation has come, carried from month to month.

    Attributes
    ----------
    people, weekly
        People and weekly users of each department; those above the employees as leaders, last
        [departments + 1].
    found
        Use cases found so far, and months in which all of step 5 held [2].
    """

    people: F8
    weekly: F8
    found: F8


@rule
def count(me: Employee, p: Parameters, progress: Progress) -> None:
    """Count a person in the own department, and leaders once more among leaders."""
    weekly = 1.0 if is_weekly_user(me, p) else 0.0
    progress.people[me.department] += 1.0
    progress.weekly[me.department] += weekly
    if me.role != EMPLOYEE:
        progress.people[-1] += 1.0
        progress.weekly[-1] += weekly


@rule
def conclude_organisation(
    row: Array, progress: Progress, use_cases: float, people: float, p: Parameters
) -> None:
    """Fill in what only a whole organisation has: departments in use and its maturity step.

    Parameters
    ----------
    row
        The month's KPIs, concluded.
    progress
        Counts of this month, which are set back to nothing, and what was carried over.
    use_cases
        Use cases the tool came with.
    people
        Number of people.
    p
        Numbers of the rules: the steps' thresholds.
    """
    departments, in_use, far, everywhere, best = 0.0, 0.0, 0.0, 1.0, 0.0
    for k in range(1, progress.people.size - 1):
        if progress.people[k] > 0.0:
            share = progress.weekly[k] / progress.people[k]
            departments += 1.0
            in_use += 1.0 if share >= p.department_in_use else 0.0
            far += 1.0 if share >= p.step3_department else 0.0
            everywhere = min(everywhere, share)
            best = max(best, share)
    leaders = progress.weekly[-1] / progress.people[-1] if progress.people[-1] > 0.0 else 1.0
    progress.found[0] += row[AT.new_use_cases] * people
    cases = progress.found[0] + (use_cases if row[AT.adoption] >= p.department_in_use else 0.0)
    top = row[AT.adoption] >= p.step5_adoption and row[AT.habit] >= p.step5_habit
    held = top and everywhere >= p.step5_department
    progress.found[1] = progress.found[1] + 1.0 if held else 0.0
    step = 1.0
    if row[AT.adoption] >= p.step2_adoption and best >= p.step2_department:
        step = 2.0
        if (
            row[AT.adoption] >= p.step3_adoption
            and 3.0 * far >= 2.0 * departments
            and leaders >= p.step3_leaders
        ):
            step = 3.0
            if (
                row[AT.adoption] >= p.step4_adoption
                and row[AT.habit] >= p.step4_habit
                and cases >= p.step4_cases
            ):
                step = 4.0
                if progress.found[1] >= p.step5_months:
                    step = 5.0
    row[AT.departments_using] = in_use / departments if departments > 0.0 else np.nan
    row[AT.maturity] = step
    for k in range(progress.people.size):
        progress.people[k] = 0.0
        progress.weekly[k] = 0.0


# --- Curves --------------------------------------------------------------------------------


def known_mean(values: Array, axis: int = 0) -> Array:
    """Return means over the organisations that have such a number; not a number where none has.

    Parameters
    ----------
    values
        Of a KPI, not a number where it is not known (:data:`OF_SOME`).
    axis
        Axis of the organisations.
    """
    known = np.isfinite(values)
    number = np.count_nonzero(known, axis=axis)
    summed = totals(np.moveaxis(np.where(known, values, 0.0), axis, -1))
    means: Array = np.full(summed.shape, np.nan)
    np.divide(summed, number, out=means, where=number > 0)
    return means


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
    return mean(np.minimum(month_reached(curves, level), curves.shape[1] - 1))


TROUGH: Final = 0.10
"""Least part of the novelty's top that is lost in a trough."""

SAGS: Final = 8
"""Months after the first with access in which a trough shows."""


def fall_after_novelty(intensity: Array, go_live: int = 1) -> Array:
    """Return which part of the novelty's top is lost afterwards, by organisation.

    From the top of months 1-4 to the bottom of months 4-9 after access [1; below 0 where use goes
    on growing; not a number where there are too few months to tell].

    Parameters
    ----------
    intensity
        Expected intensity, one row per organisation, one column per month from 0. A mean over at
        least 30 continuations of the same people and ties, or noise makes troughs.
    go_live
        First month with access.
    """
    if intensity.shape[1] <= go_live + 3:  # too short to sag
        return np.full(intensity.shape[0], np.nan)
    early = intensity[:, go_live : go_live + 4].max(axis=1)
    late = intensity[:, go_live + 3 : go_live + SAGS + 1].min(axis=1)
    lost: Array = (early - late) / np.maximum(early, 1e-12)
    return lost


def has_trough(intensity: Array, go_live: int = 1, depth: float = TROUGH) -> Array:
    """Return whether an organisation's expected intensity sags after the novelty [bool].

    Parameters
    ----------
    intensity, go_live
        See :func:`fall_after_novelty`.
    depth
        Least part of the top that is lost.
    """
    fell: Array = fall_after_novelty(intensity, go_live) >= depth
    return fell
