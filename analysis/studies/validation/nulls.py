"""Simpler rivals, fitted to the same mean curve: what else they can show, and what they cannot.

A mean curve alone does not tell contagion from people who differ. So each rival is fitted to the
mean curve of people using AI with licences only, and then asked for what it was not fitted to.
All but the closed forms of the fit run on the real engine, with everything else switched off.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from analysis.results.ensemble import over_vectors, troughs, under
from analysis.studies.claims.statistics import divided, odds
from analysis.studies.patterns import arms
from analysis.studies.patterns.arms import MONTH, Study
from analysis.studies.patterns.exposure import EXPOSURE, KIND
from sim import kernel, kpis
from sim.engine.kinds import Array
from sim.errors import InterruptedStudyError
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.simulator import Vector
from sim.theory import switched_off
from sim.world import Plan, Worlds

Curve = Callable[..., Array]

BASE: Final = "baseline"
"""Scenario whose mean curve is fitted: licences only."""

INDEPENDENT: Final[Vector] = {"peer_weight": 0.0, "leader_weight": 0.0, "hearsay_rate": 0.0}
"""Nobody looks at anybody: neither colleagues' use nor their word nor leaders' example counts."""

MONTHS: Final = 24
"""Months looked at; in a rival with a ceiling the others get access in the month after."""

MONTH_OF_EVENT: Final = kernel.EVENT.index("month")

STEPS: Final = 9
"""Halvings of the range in which the level of desire is looked for."""


class Rival(NamedTuple):
    """A simpler model, fitted, and what it shows.

    Attributes
    ----------
    name
        What it is called.
    about
        What it says of people, in a few words.
    error
        How far its curve is from the model's, root mean square over the months [share].
    spread
        Standard deviation of the share using between organisations in month 18 [share].
    troughs
        Share of organisations that sag after the novelty [0 to 1].
    leaders
        Odds ratio that committed leaders make; not a number where it has none.
    alone, seen
        First starts without a using colleague, and median share of colleagues using [0 to 1].
    fitted
        Its numbers, by name.
    """

    name: str
    about: str
    error: float
    spread: float
    troughs: float
    leaders: float
    alone: float
    seen: float
    fitted: Mapping[str, float]


# --- Closed forms --------------------------------------------------------------------------


def bass(month: Array, p: float, q: float, ceiling: float) -> Array:
    """Return Bass's curve: a rate ``p``, and ``q`` times the share who use, up to a ceiling."""
    gone = np.exp(-(p + q) * month)
    curve: Array = ceiling * (1.0 - gone) / (1.0 + q / p * gone)
    return curve


def logistic(month: Array, rate: float, start: float, ceiling: float) -> Array:
    """Return logistic growth from a share ``start`` of the ceiling: contact is all there is."""
    curve: Array = ceiling / (1.0 + (1.0 / start - 1.0) * np.exp(-rate * month))
    return curve


def constant(month: Array, hazard: float, ceiling: float) -> Array:
    """Return a constant hazard up to a ceiling: nobody matters to anybody."""
    curve: Array = ceiling * (1.0 - np.exp(-hazard * month))
    return curve


LOWEST: Final = 1e-4

FORMS: Final[Mapping[str, tuple[str, Curve, Mapping[str, tuple[float, float, float]]]]] = {
    "Bass": (
        "some start by themselves, others as often as they meet users; all alike",
        bass,
        {"p": (0.2, LOWEST, 5.0), "q": (0.2, 0.0, 5.0), "ceiling": (0.4, 0.01, 1.0)},
    ),
    "Logistic": (
        "all start by meeting users; all alike",
        logistic,
        {"rate": (1.0, 0.01, 5.0), "start": (0.2, LOWEST, 0.99), "ceiling": (0.4, 0.01, 1.0)},
    ),
    "Constant hazard": (
        "everybody starts at the same rate, whoever else does",
        constant,
        {"hazard": (0.5, LOWEST, 5.0), "ceiling": (0.4, 0.01, 1.0)},
    ),
}
"""What each says, its curve, and for each of its numbers a first guess and the range [1/month]."""


def fit(curve: Curve, numbers: Mapping[str, tuple[float, float, float]], mean: Array) -> Array:
    """Return the numbers of a closed form that come closest to a mean curve (least squares)."""
    from scipy.optimize import curve_fit

    first, low, high = zip(*numbers.values(), strict=True)
    months = np.arange(mean.size, dtype=float)
    best, _ = curve_fit(curve, months, mean, p0=first, bounds=(low, high), maxfev=20_000)
    fitted: Array = best
    return fitted


def error_of(curve: Array, mean: Array) -> float:
    """Return the root mean square distance of two curves."""
    return float(np.sqrt(((curve - mean) ** 2).mean()))


# --- The same on the engine ----------------------------------------------------------------


def on_the_engine(name: str, fitted: Mapping[str, float]) -> Scenario:
    """Return the scenario in which the engine is this rival, in the organisation of the baseline.

    Whoever lies above the ceiling gets access when it is over; nobody stops.
    """
    organisation = read_scenario(BASE).organisation
    ceiling = fitted["ceiling"]
    alone, together = {
        "Bass": (fitted.get("p", 0.0), fitted.get("q", 0.0)),
        "Logistic": (0.0, fitted.get("rate", 0.0)),
        "Constant hazard": (fitted.get("hazard", 0.0), 0.0),
    }[name]
    fastest = alone + together
    kind = organisation.network.kind if name == "Constant hazard" else "complete"
    return switched_off().changed(
        {
            "name": name,
            "organisation.employees": organisation.employees,
            # Desire lies between 0 and 1, so the rates are parts of the fastest there is.
            "parameters.start_rate": fastest,
            "parameters.base_desire": alone / fastest,
            "parameters.peer_weight": min(6.0, together / fastest / ceiling),
            "organisation.network.kind": kind,
            "tool.phases": [{"month": 1, "share": ceiling}],
            "tool.go_live": MONTHS + 1,
            "simulation.months": MONTHS + 1,
        }
    )


class Shown(NamedTuple):
    """What an arm shows besides its mean curve; see :class:`Rival`."""

    using: Array
    troughs: Array
    exposures: Array


def look_at(
    scenario: Scenario, study: Study, fixed: Vector | None = None, start: float = 0.0
) -> Shown:
    """Return curves, troughs and exposures of one arm.

    Parameters
    ----------
    scenario
        The arm.
    study
        What is simulated.
    fixed
        Numbers of the rules that are the same whatever the vector says.
    start
        Share of those with access who use it from the start [0 to 1].
    """

    def work(vector: int) -> tuple[Array, Array, Array]:
        numbers = {**study.vectors[vector], **(fixed or {})}
        simulator = under(numbers, vector, scenario, study.runs, study.seed)
        prepare = partial(started, start) if start > 0.0 else None
        simulated = simulator.simulate(keep_events=True, prepare=prepare)
        sags = np.zeros(study.continued, np.bool_)
        if simulator.scenario_of(vector=0).numbers.stop_rate > 0.0:  # else nobody stops or sags
            sags = troughs(simulator, runs=study.continued, prepare=prepare)
        log = simulated.events[simulated.events[:, KIND] == kernel.START]
        exposures = log[log[:, MONTH_OF_EVENT] <= MONTHS, EXPOSURE]
        return simulated.rows[:, : MONTHS + 1, kpis.COLUMN["using"]], sags, exposures

    parts = list(over_vectors(work, range(len(study.vectors))))
    if len(parts) < len(study.vectors):
        raise InterruptedStudyError("interrupted before the rivals were finished")
    curves, sags, exposures = zip(*parts, strict=True)
    return Shown(np.stack(curves), np.concatenate(sags), np.concatenate(exposures))


def started(share: float, worlds: Worlds, plan: Plan) -> tuple[Worlds, Plan]:
    """Return worlds in which a share of those with access uses it from the start, and the plan."""
    people = worlds.people.copy()
    first = people["access_month"] <= 1
    first &= np.cumsum(first, axis=1) <= np.round(share * first.sum(axis=1))[:, None]
    people["uses"] = people["ever_used"] = first
    return worlds._replace(people=people), plan


def rivals(study: Study, progress: Callable[[int, int], None] | None = None) -> list[Rival]:
    """Return the model itself, and each rival fitted to its mean curve.

    Parameters
    ----------
    study
        Parameter vectors and organisations of the model; rivals get as many organisations.
    progress
        Called with the number of models finished and the total.
    """
    base = read_scenario(BASE)
    shown = look_at(base, study)
    mean = shown.using.mean(axis=(0, 1))
    total = len(FORMS) + 2
    words = "people who differ, in teams, with leaders"
    several = [_rival("This model", words, shown, mean, study, {}, {})]
    _report(progress, 1, total)
    level = _level_of_desire(base, study, float(mean[MONTH]))
    shifted = study._replace(vectors=_shifted(study, level))
    alone = look_at(base, shifted, INDEPENDENT)
    words = "the model's people, but nobody looks at anybody"
    several.append(
        _rival("Independent people", words, alone, mean, shifted, INDEPENDENT, {"shift": level})
    )
    _report(progress, 2, total)
    plain = study._replace(vectors=[{} for _ in study.vectors])
    for name, (about, curve, numbers) in FORMS.items():
        best = fit(curve, numbers, mean)
        fitted = dict(zip(numbers, best.tolist(), strict=True))
        look = look_at(on_the_engine(name, fitted), plain, start=fitted.get("start", 0.0))
        error = error_of(curve(np.arange(mean.size, dtype=float), *best), mean)
        several.append(_described(name, about, look, error, math.nan, fitted))
        _report(progress, len(several), total)
    return several


def _report(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def _described(
    name: str, about: str, look: Shown, error: float, leaders: float, fitted: Mapping[str, float]
) -> Rival:
    """Return a rival with what one arm of it shows."""
    spread = np.mean([vector[:, MONTH].std(ddof=1) for vector in look.using])
    return Rival(
        name,
        about,
        error,
        float(spread),
        float(look.troughs.mean()),
        leaders,
        float((look.exposures == 0.0).mean()),
        float(np.median(look.exposures)),
        fitted,
    )


def _rival(
    name: str, about: str, look: Shown, mean: Array, study: Study, fixed: Vector, fitted: Vector
) -> Rival:
    """Return a rival that runs as the model does: with leaders, too."""
    sides = [read_scenario(scenario) for scenario in (BASE, "leadership")]
    both = arms.curves(sides, study, ("using",), fixed)
    base, led = (odds(float(both[side.name]["using"][..., MONTH].mean())) for side in sides)
    leaders = divided(led, base)
    error = error_of(look.using.mean(axis=(0, 1)), mean)
    return _described(name, about, look, error, leaders, fitted)


def _shifted(study: Study, by: float) -> list[dict[str, float]]:
    """Return the vectors with another level of desire; where they say none, with the default's."""
    default = read_scenario(BASE).numbers.base_desire
    return [
        {**vector, "base_desire": min(10.0, max(-10.0, vector.get("base_desire", default) + by))}
        for vector in study.vectors
    ]


def _level_of_desire(base: Scenario, study: Study, wanted: float) -> float:
    """Return what has to be added to everybody's desire so that as many use it [log-odds]."""
    low, high = 0.0, 6.0
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        tried = study._replace(vectors=_shifted(study, middle))
        reached = arms.curves([base], tried, ("using",), INDEPENDENT)[base.name]["using"]
        if float(reached[..., MONTH].mean()) < wanted:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


__all__ = ["FORMS", "Rival", "rivals"]
