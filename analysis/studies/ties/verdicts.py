"""What the study says in one line, in plain words, and the line that the network page shows."""

from __future__ import annotations

import json
import math
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.studies.ties.study import (
    CLUSTERED,
    CONFIRMED,
    CROSS,
    REWIRED,
    SCENARIO,
    crossed,
    month_spoken_of,
)
from analysis.words.languages import ENGLISH, Language
from sim.scenario import read_scenario

if TYPE_CHECKING:
    from analysis.studies.ties.study import Ties

ODDS: Final = 2.0
"""Odds ratio of a first start from which ties matter for who starts."""

NOTHING: Final = 1.2
"""Odds ratio without contagion up to which it is contagion that makes the difference."""

POINTS: Final = 3.0
CROSS_POINTS: Final = 5.0
"""Points of weekly users by which clustered ties, and cross ties, have to make a difference."""

ERRORS: Final = 2.0
"""Standard errors that such a difference has to exceed."""

KEPT: Final = Path(__file__).with_name("kept.json")
"""What was found with the numbers the model comes with; ``python -m analysis.studies.ties`` writes it."""


class Headline(NamedTuple):
    """The figures a verdict rests on.

    Attributes
    ----------
    on, on_low
        Pooled odds ratio of a first start with two or more using colleagues against none, and the
        lower end of its interval; not a number where there is none.
    off, off_high
        The same without contagion at the same level, and the upper end.
    month
        Month of the differences.
    clustered, clustered_error
        Points of weekly users with clustered ties more than with rewired ones, and its error.
    crossed, crossed_error
        Points without cross ties more than with many.
    """

    on: float
    on_low: float
    off: float
    off_high: float
    month: int
    clustered: float
    clustered_error: float
    crossed: float
    crossed_error: float


def headline(ties: Ties) -> Headline:
    """Return the figures the verdict rests on."""
    month = month_spoken_of(ties.scenario.simulation.months)
    on, off = (ties.odds.loc[(contagion, CONFIRMED)] for contagion in ("on", "off"))
    ring = ties.differences.loc[(f"{CLUSTERED} - {REWIRED}", month)]
    teams = ties.differences.loc[(f"{crossed(CROSS[0])} - {crossed(CROSS[-1])}", month)]
    return Headline(
        float(on["odds"]),
        float(on["low"]),
        float(off["odds"]),
        float(off["high"]),
        month,
        float(ring["points"]),
        float(ring["error"]),
        float(teams["points"]),
        float(teams["error"]),
    )


def partly(figures: Headline) -> bool:
    """Return whether contagion surely raises the odds of starting, by enough."""
    return figures.on >= ODDS and figures.on_low > figures.off_high


def who(figures: Headline) -> bool:
    """Return whether it is contagion that makes who starts: little is left of it without."""
    return partly(figures) and figures.off <= NOTHING


def how_fast(figures: Headline) -> bool:
    """Return whether ties matter for how fast use spreads: both comparisons show it, and surely."""
    return all(
        abs(points) >= least and abs(points) > ERRORS * error
        for points, error, least in (
            (figures.clustered, figures.clustered_error, POINTS),
            (figures.crossed, figures.crossed_error, CROSS_POINTS),
        )
    )


def verdict(found: Ties | Headline, words: Language = ENGLISH) -> str:
    """Return what the figures say in one line.

    Ties matter for who starts where the odds with two or more using colleagues are at least
    ``ODDS`` times those with none, at most ``NOTHING`` times without contagion, and their intervals
    apart; partly, where more than ``NOTHING`` is left; for how fast use spreads where clustered and rewired ties, and no and many cross ties, are
    at least ``POINTS`` and ``CROSS_POINTS`` apart, and more than ``ERRORS`` standard errors.
    """
    figures = found if isinstance(found, Headline) else headline(found)
    ties = words._(
        "in month {month} clustered ties bring {ring} points against rewired ones (standard error "
        "{ring_error}), no cross ties {teams} against {many} each ({teams_error})",
        month=figures.month,
        many=words.number(CROSS[-1]),
        ring=words.number(figures.clustered, 1, sign=True),
        ring_error=words.number(figures.clustered_error, 1),
        teams=words.number(figures.crossed, 1, sign=True),
        teams_error=words.number(figures.crossed_error, 1),
    )
    return words._("{odds}; {ties}.", odds=short_verdict(figures, words), ties=ties)


def short_verdict(figures: Headline, words: Language = ENGLISH) -> str:
    """Return the first half of the line: whether ties matter, and the odds."""
    starting = "clearly" if who(figures) else "partly" if partly(figures) else "not"
    said = {
        ("clearly", True): words._("Ties matter"),
        ("partly", True): words._(
            "Ties matter for how fast use spreads, and partly for who starts"
        ),
        ("not", True): words._("Ties matter for how fast use spreads, not clearly for who starts"),
        ("clearly", False): words._(
            "Ties matter for who starts, not clearly for how fast use spreads"
        ),
        ("partly", False): words._(
            "Ties matter partly for who starts, not clearly for how fast use spreads"
        ),
        ("not", False): words._("These numbers do not show that ties matter"),
    }[starting, how_fast(figures)]
    if math.isnan(figures.on):
        return words._("{said}: there are no odds of starting to compare", said=said)
    return words._(
        "{said}: two or more colleagues who use it raise the odds of a first start {on} times, "
        "without contagion {off} times",
        said=said,
        on=words.number(figures.on, 1),
        off=words.number(figures.off, 2),
    )


# --- What is kept for the network page -----------------------------------------------------


def asked() -> str:
    """Return what the kept figures depend on: the scenario, and the numbers the model comes with."""
    scenario = read_scenario(SCENARIO)
    text = scenario.model_dump_json() + json.dumps(scenario.numbers._asdict())
    return sha256(text.encode()).hexdigest()[:16]


def keep(ties: Ties) -> None:
    """Keep the figures of a study for the network page."""
    content = {
        "asked": asked(),
        "runs": ties.runs,
        "seed": ties.seed,
        **headline(ties)._asdict(),
    }
    KEPT.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def kept() -> Headline | None:
    """Return the figures kept, or None if they are of other numbers than the model's now."""
    content = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {}
    if content.get("asked") != asked():
        return None
    return Headline(**{name: content[name] for name in Headline._fields})


def kept_verdict(words: Language = ENGLISH) -> str:
    """Return the line of the network page: what ties do with the numbers the model comes with."""
    there = kept()
    if there is None:
        return words._(
            "Whether ties matter with these numbers has not been looked at yet: adopt ties tells."
        )
    return words._(
        "With the model's own numbers and licences on request: {verdict}",
        verdict=verdict(there, words),
    )
