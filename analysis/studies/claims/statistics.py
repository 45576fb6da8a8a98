"""What a claim is about: one number from two arms on the same organisations.

Calibration and validation read the same functions, so a claim means the same in both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.evidence import read_evidence
from sim.scenario.schema import Scenario
from sim.state import THREATS
from sim.study import results

SUCCESS_ADOPTION: Final = 0.35
"""Adoption from which a project is not abandoned."""

WEEKS: Final = 52.0 / 12.0
"""Weeks in a month."""


class Arm(NamedTuple):
    """One arm of an experiment.

    Attributes
    ----------
    scenario
        The scenario simulated.
    rows
        KPIs [organisations, months + 1, KPIs of ``kpis.MEASURED``].
    troughs
        Which organisations sag after the novelty; None if that was not looked at.
    exposures
        Share of using colleagues at each first start [0 to 1]; None if that was not logged.
    """

    scenario: Scenario
    rows: Array
    troughs: Array | None = None
    exposures: Array | None = None

    def curves(self, kpi: str) -> Array:
        """Return a KPI: one row per organisation, one column per month from 0."""
        return results.curves(self.scenario, self.rows, kpi)


class Pairs(NamedTuple):
    """Two arms on the same organisations, and what is looked at in them.

    Attributes
    ----------
    without, treated
        The arm without what the claim is about, and the arm with it; the same arm twice where
        nothing is compared, and a statistic of one arm is then of that one.
    kpi, month
        What is compared, and when.
    level
        Level that statistics of timing and of reaching ask for.
    """

    without: Arm
    treated: Arm
    kpi: str
    month: int
    level: float = math.nan

    @property
    def before(self) -> Array:
        """The KPI without, one value per organisation."""
        return self.without.curves(self.kpi)[:, self.month]

    @property
    def after(self) -> Array:
        """The KPI with, one value per organisation."""
        return self.treated.curves(self.kpi)[:, self.month]


# --- Levels and contrasts ------------------------------------------------------------------


def odds(share: float) -> float:
    """Return the odds of a share; endless for everybody."""
    return share / (1.0 - share) if share < 1.0 else math.inf


def divided(one: float, other: float) -> float:
    """Return a ratio; not a number where it has no base."""
    return one / other if other != 0.0 else math.nan


def odds_ratio(pairs: Pairs) -> float:
    """Return the odds ratio of the two mean shares."""
    return divided(odds(float(pairs.after.mean())), odds(float(pairs.before.mean())))


# --- Timing --------------------------------------------------------------------------------


def months_to(curves: Array, level: float) -> float:
    """Return the restricted mean time to a level [month]: who never reaches it counts the horizon."""
    reached = curves >= level
    horizon = curves.shape[1] - 1
    return float(np.where(reached.any(axis=1), reached.argmax(axis=1), horizon).mean())


def months_ratio(pairs: Pairs) -> float:
    """Return by which factor the time to a level changes."""
    with_it = months_to(pairs.treated.curves(pairs.kpi), pairs.level)
    return divided(with_it, months_to(pairs.without.curves(pairs.kpi), pairs.level))


def _first(reached: Array) -> float:
    return float(reached.argmax()) if reached.any() else math.nan


def _mean_curve(pairs: Pairs) -> Array:
    """Return the mean over organisations, by month: close to what is expected of them."""
    mean: Array = pairs.treated.curves(pairs.kpi).mean(axis=0)
    return mean


def gain_month(pairs: Pairs) -> float:
    """Return the first month in which the mean KPI stands ``level`` above its start [month]."""
    mean = _mean_curve(pairs)
    return _first(mean >= mean[0] + pairs.level)


def settles_month(pairs: Pairs) -> float:
    """Return the first month in which the mean KPI has ``level`` of what it ends at [month]."""
    mean = _mean_curve(pairs)
    return _first(mean >= pairs.level * mean[-1])


def first_peak(pairs: Pairs) -> float:
    """Return the month after which the mean KPI falls for the first time, if it does [month]."""
    return _first(np.diff(_mean_curve(pairs)) < 0.0)


def low_after_peak(pairs: Pairs) -> float:
    """Return the month in which the mean KPI is lowest in the year after that [month]."""
    peak = first_peak(pairs)
    if math.isnan(peak):
        return math.nan
    later = _mean_curve(pairs)[int(peak) : int(peak) + 13]
    return peak + float(later.argmin())


def steady_from(pairs: Pairs) -> float:
    """Return the month from which the mean KPI stays within a tenth of how it ends [month]."""
    mean = _mean_curve(pairs)
    away = np.flatnonzero(np.abs(mean - mean[-1]) > 0.1 * abs(mean[-1]))
    return float(away[-1] + 1) if away.size else 0.0


# --- Shares of organisations, of hours, of worries ----------------------------------------------


def success_ratio(pairs: Pairs) -> float:
    """Return how many times as likely it is that a project is not given up."""
    return divided(
        1.0 - failures(pairs.treated, pairs.month), 1.0 - failures(pairs.without, pairs.month)
    )


def share_of_successes(pairs: Pairs) -> float:
    """Return which share of the projects not given up had it, where half of all projects do."""
    with_it, without = (1.0 - failures(arm, pairs.month) for arm in (pairs.treated, pairs.without))
    return divided(with_it, with_it + without)


def mixed_at_level(pairs: Pairs) -> float:
    """Return the share of organisations that stand at a level, whenever they began.

    Programmes are as often in any month up to the one looked at, and as many organisations have
    what the claim is about as C06 says have a plan for the change.
    """
    planned = read_evidence()["C06"].value
    share = 0.0 if planned is None or planned.treated is None else planned.treated / 100.0
    there = [
        float((arm.curves(pairs.kpi)[:, : pairs.month + 1] == pairs.level).mean())
        for arm in (pairs.without, pairs.treated)
    ]
    return (1.0 - share) * there[0] + share * there[1]


def hours_share(pairs: Pairs) -> float:
    """Return which share of their working hours the people who use AI save."""
    hours = pairs.treated.scenario.organisation.weekly_hours * WEEKS
    using = float(pairs.treated.curves("using")[:, pairs.month].mean())
    return divided(float(pairs.after.mean()), using * hours)


def existential(pairs: Pairs) -> float:
    """Return which share of all threat is about oneself and not about being able to learn it."""
    means = {
        threat: float(pairs.treated.curves(f"threat_{threat}")[:, pairs.month].mean())
        for threat in THREATS
    }
    return 1.0 - divided(means["competence"], sum(means.values()))


# --- Failures, troughs, exposure ------------------------------------------------------------


def _troughs(arm: Arm) -> float:
    if arm.troughs is None:
        raise ValueError("no continuations of this arm were simulated")
    return float(arm.troughs.mean())


def failures(arm: Arm, month: int) -> float:
    """Return the share of projects that fail: so few weekly users that it would be abandoned."""
    return float((arm.curves("adoption")[:, month] < SUCCESS_ADOPTION).mean())


def _exposures(arm: Arm) -> Array:
    if arm.exposures is None:
        raise ValueError("no events of this arm were logged")
    return arm.exposures


def _of_some(statistic: Callable[[Array], Any], values: Array) -> float:
    """Return a statistic, which is not a number where nobody started."""
    return float(statistic(values)) if values.size else float("nan")


STATISTICS: Final[Mapping[str, Callable[[Pairs], float]]] = {
    "without": lambda pairs: float(pairs.before.mean()),
    "with": lambda pairs: float(pairs.after.mean()),
    "difference": lambda pairs: float((pairs.after - pairs.before).mean()),
    "ratio": lambda pairs: divided(float(pairs.after.mean()), float(pairs.before.mean())),
    "odds_ratio": odds_ratio,
    "spread": lambda pairs: float(pairs.after.std(ddof=1)),
    "months_ratio": months_ratio,
    "gain_month": gain_month,
    "settles_month": settles_month,
    "first_peak": first_peak,
    "low_after_peak": low_after_peak,
    "steady_from": steady_from,
    "success_ratio": success_ratio,
    "share_of_successes": share_of_successes,
    "mixed_at_level": mixed_at_level,
    "hours_share": hours_share,
    "existential": existential,
    "share_reaching": lambda pairs: float((pairs.after >= pairs.level).mean()),
    "trough_without": lambda pairs: _troughs(pairs.without),
    "trough_with": lambda pairs: _troughs(pairs.treated),
    "trough_difference": lambda pairs: _troughs(pairs.treated) - _troughs(pairs.without),
    "failure_without": lambda pairs: failures(pairs.without, pairs.month),
    "failure_with": lambda pairs: failures(pairs.treated, pairs.month),
    "failure_ratio": lambda pairs: divided(
        failures(pairs.without, pairs.month), failures(pairs.treated, pairs.month)
    ),
    "daily_of_weekly": lambda pairs: divided(
        float(pairs.treated.curves("daily_use")[:, pairs.month].mean()),
        float(pairs.treated.curves("adoption")[:, pairs.month].mean()),
    ),
    "started_alone": lambda pairs: _of_some(np.mean, _exposures(pairs.treated) == 0.0),
    "exposure_at_start": lambda pairs: _of_some(np.median, _exposures(pairs.treated)),
}
"""Statistics by name, as the checks of the evidence register call them."""

NEEDS_CONTINUATIONS: Final = frozenset({"trough_without", "trough_with", "trough_difference"})
NEEDS_EVENTS: Final = frozenset({"started_alone", "exposure_at_start"})
NEEDS_LEVEL: Final = frozenset(
    {"months_ratio", "gain_month", "settles_month", "mixed_at_level", "share_reaching"}
)

NO_EFFECT: Final[Mapping[str, float]] = {
    "difference": 0.0,
    "trough_difference": 0.0,
    "ratio": 1.0,
    "odds_ratio": 1.0,
    "months_ratio": 1.0,
    "failure_ratio": 1.0,
    "success_ratio": 1.0,
    "share_of_successes": 0.5,
}
"""Statistics that compare two arms, and what they are where both do alike."""
