"""What people stood on when they began, who is where on the way to daily use, and who moved.

Nobody is credited with what others do: who was seen by whom is told of the moment of beginning alone,
and decided again without each reason, all else in that week as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.results.estimates import Estimate, estimate
from sim import kernel
from sim.elementary import mean
from sim.engine.kinds import Array
from sim.people.population import department_names, imported
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.state import ROLES

if TYPE_CHECKING:
    import pandas as pd

    from analysis.decisions.game import Game

WEIGHED: Final = ("peers", "example", "novelty", "incentive")
"""Parts of desire that a decision is made again without."""

STEPS: Final = ("no_access", "never_tried", "tried", "now_and_then", "weekly", "daily")
"""The way to daily use: without access, never tried, tried and stopped, and how often it is used."""

COLUMN: Final = {name: place for place, name in enumerate(kernel.EVENT)}

Lived = Sequence[kernel.Simulated]
"""Reference and whole, of one parameter vector."""


def tables(game: Game, lived: Sequence[Lived]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return what those stood on who began, the way to daily use, and who moved.

    Of real people the way alone, which is a total.
    """
    import pandas as pd

    if imported(game.scenario.organisation) is not None:
        return pd.DataFrame(), funnel(game, lived), pd.DataFrame()
    return begun(game, lived), funnel(game, lived), moved(game, lived)


def again(scenario: Scenario, log: Array, without: Sequence[str] = ()) -> Array:
    """Return who begins when it is decided again without some reasons [events].

    Parameters
    ----------
    scenario
        Whose rules say how desire comes of its parts, and starting of desire.
    log
        Starts and restarts [events, ``sim.kernel.EVENT``].
    without
        Reasons, of ``WEIGHED``, that count for nothing.
    """
    parts = [log[:, COLUMN[name]] for name in (*WEIGHED, "rest") if name not in without]
    total = np.sum(parts, axis=0)
    if scenario.rules.link == "identity":
        desire = np.clip(total, 0.0, 1.0)
    else:
        desire = 1.0 / (1.0 + np.exp(-total))
    if scenario.rules.decision == "certain":
        begins: Array = (desire >= 0.5) | np.isinf(log[:, COLUMN["readiness"]])
        return begins
    hazard = log[:, COLUMN["readiness"]] * np.maximum(desire, 1e-300)  # a pledge needs no desire
    chance = hazard if scenario.rules.decision == "linear" else 1.0 - np.exp(-hazard)
    begins = log[:, COLUMN["luck"]] < chance
    return np.asarray(begins)


def begun(game: Game, lived: Sequence[Lived]) -> pd.DataFrame:
    """Return what those stood on who began to use AI for the first time under the whole.

    Returns
    -------
    pandas.DataFrame
        By reason: ``needed``, the share of those who began who would not have in that week without
        it, with ``low`` and ``high``; ``weight``, what it adds on average [log-odds]. Of ``colleagues``
        ``weight`` is 0 and ``needed`` the share who saw a colleague use AI when they began; of
        ``appointed`` the share who began because they were appointed.
    """
    import pandas as pd

    rows: dict[str, list[list[float]]] = {
        name: [] for name in (*WEIGHED, "colleagues", "appointed")
    }
    weights: dict[str, list[float]] = {name: [] for name in WEIGHED}
    for _, whole in lived:
        log = whole.events
        log = log[(log[:, COLUMN["kind"]] == kernel.START) & (log[:, COLUMN["month"]] > 0)]
        pledged = np.isinf(log[:, COLUMN["readiness"]])
        seen = {name: ~again(game.scenario, log, [name]) for name in WEIGHED}
        seen |= {"colleagues": log[:, COLUMN["exposure"]] > 0.0, "appointed": pledged}
        for name, which in seen.items():
            rows[name].append(_by_run(log, which, game.runs))
        for name in WEIGHED:
            free = log[~pledged, COLUMN[name]]
            weights[name].append(float(free.mean()) if free.size else np.nan)
    table = []
    for name, values in rows.items():
        share = _known(np.array(values))
        weight = float(np.mean(weights[name])) if name in weights else 0.0
        table.append(
            {
                "reason": name,
                "needed": share.value,
                "low": share.low,
                "high": share.high,
                "weight": weight,
            }
        )
    return pd.DataFrame(table).set_index("reason")


def _by_run(log: Array, which: Array, runs: int) -> list[float]:
    """Return which share of the events of each run it is; not a number without any."""
    run = log[:, COLUMN["run"]].astype(int)
    whole, some = np.bincount(run, minlength=runs), np.bincount(run[which], minlength=runs)
    return [float(few / all_) if all_ else np.nan for few, all_ in zip(some, whole, strict=True)]


def _known(values: Array) -> Estimate:
    """Return a mean with its interval, of the organisations in which there is any."""
    if not np.isfinite(values).any():
        return Estimate(np.nan, np.nan, np.nan, 0.0)
    if np.isfinite(values).all():
        return estimate(mean, values)
    return estimate(lambda column: float(np.nanmean(column)), values)


def steps(game: Game, people: Array, vector: int) -> Array:
    """Return how far everybody has come, as a position in ``STEPS`` [runs, people]."""
    parameters = game.numbers(vector)
    uses, often = people["uses"] == 1, people["intensity"]
    return np.select(
        [
            uses & (often >= parameters.daily_use),
            uses & (often >= parameters.weekly_use),
            uses,
            people["ever_used"] == 1,
            people["access"] == 1,
        ],
        [5, 4, 3, 2, 1],
        0,
    )


def funnel(game: Game, lived: Sequence[Lived]) -> pd.DataFrame:
    """Return which share of the people is how far on the way to daily use, in the goal's month.

    Returns
    -------
    pandas.DataFrame
        By step of ``STEPS``: ``reference``, ``scenario`` and ``difference``, with ``low`` and ``high``
        [percent; points].
    """
    import pandas as pd

    shares = np.array(
        [
            [
                [(steps(game, side.people, v) == k).mean(axis=1) * 100.0 for k in range(len(STEPS))]
                for side in sides
            ]
            for v, sides in enumerate(lived)
        ]
    )  # vectors, sides, steps, runs
    table = []
    for k, name in enumerate(STEPS):
        more = estimate(mean, shares[:, 1, k] - shares[:, 0, k])
        levels = shares[:, :, k].mean(axis=(0, 2))
        table.append(
            {
                "step": name,
                "reference": levels[0],
                "scenario": levels[1],
                "difference": more.value,
                "low": more.low,
                "high": more.high,
            }
        )
    return pd.DataFrame(table).set_index("step")


def _kinds(scenario: Scenario) -> Iterator[tuple[str, str, list[str]]]:
    """Yield kind of group, field of a person, and names."""
    yield "archetype", "archetype", list(read_archetypes())
    yield "department", "department", list(department_names(scenario.organisation))
    yield "role", "role", list(ROLES)


def moved(game: Game, lived: Sequence[Lived]) -> pd.DataFrame:
    """Return how many more of each group use AI every week than in the reference.

    Returns
    -------
    pandas.DataFrame
        By kind and group: ``people`` on average, ``reference`` and ``scenario`` [percent],
        ``difference`` with ``low`` and ``high`` [points], and ``part``, the share of all who move
        that is theirs [percent].
    """
    import pandas as pd

    weekly = STEPS.index("weekly")
    uses = np.array(
        [[steps(game, side.people, v) >= weekly for side in sides] for v, sides in enumerate(lived)]
    )  # vectors, sides, runs, people
    total = float((uses[:, 1].mean() - uses[:, 0].mean()) * uses.shape[3])
    table: list[dict[str, Any]] = []
    for kind, field, names in _kinds(game.scenario):
        codes = np.array([sides[1].people[field] for sides in lived])
        for code, name in enumerate(names):
            here = codes == code
            heads = here.sum(axis=2)
            if not heads.any():
                continue
            with np.errstate(invalid="ignore"):
                shares = [100.0 * (uses[:, side] & here).sum(axis=2) / heads for side in (0, 1)]
            more = _known(shares[1] - shares[0])
            gained = float(((uses[:, 1] & here).sum() - (uses[:, 0] & here).sum()) / heads.size)
            table.append(
                {
                    "kind": kind,
                    "group": name,
                    "people": float(heads.mean()),
                    "reference": float(np.nanmean(shares[0])),
                    "scenario": float(np.nanmean(shares[1])),
                    "difference": more.value,
                    "low": more.low,
                    "high": more.high,
                    "part": 100.0 * gained / total if total else np.nan,
                }
            )
    return pd.DataFrame(table).set_index(["kind", "group"])
