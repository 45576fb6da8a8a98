"""P1: whether organisations differ widely, and whether use grows late where it spreads by contact."""

from __future__ import annotations

from typing import Final

import numpy as np

from analysis.studies.patterns.arms import MONTH, NO_NOVELTY, Study, curves
from analysis.studies.patterns.findings import Shown, judged, percent
from sim.engine.kinds import Array
from sim.scenario import read_scenario

SPREAD: Final = (14.0, 23.0)
"""Standard deviation between organisations [points]: what 66 firms show, from 6 to 75 %."""

MOST: Final = (50.0, 100.0)
"""Most organisations [%]."""

EARLY_MONTH: Final = 6
"""Month in which those firms were looked at."""

FIRST_MONTHS: Final = 3
"""Months in which a launch makes its wave."""


def grows_late(using: Array) -> Array:
    """Return whether the largest gain of a month came after the first months [bool].

    Parameters
    ----------
    using
        Share who use it at all [..., months + 1].
    """
    late: Array = np.diff(using, axis=-1).argmax(axis=-1) >= FIRST_MONTHS
    return late


def organisations_differ(study: Study) -> Shown:
    """Look at the spread between organisations, and at when they gain most, with and without novelty."""
    base = read_scenario("baseline")
    bare = base.changed({"programme.launch": None})
    as_is = curves([base], study, ("adoption", "using"))[base.name]
    without = curves([bare], study, ("using",), NO_NOVELTY)[base.name]["using"]

    def between(values: Array) -> float:
        return float(values.std(ddof=1))

    spread, later = (
        percent(
            f"spread (sd) in month {month}",
            as_is["adoption"][..., month],
            month == EARLY_MONTH,
            SPREAD,
            between,
        )
        for month in (EARLY_MONTH, MONTH)
    )
    wave = percent("gain most after month 3, as it is", grows_late(as_is["using"]), False)
    slow = percent("the same without launch and novelty", grows_late(without), True, MOST)
    reading = (
        f"Organisations lie {spread.value:.0f} points around their mean in month {EARLY_MONTH} "
        f"and {later.value:.0f} in month {MONTH} (standard deviation). With a launch "
        f"{wave.value:.0f} % gain most after month {FIRST_MONTHS}, without launch and novelty "
        f"{slow.value:.0f} %: "
    )
    reading += (
        "growth by contagion is S-shaped, and the launch wave hides it."
        if slow.value > max(wave.value, MOST[0])
        else "even then contagion makes no S in most organisations."
    )
    deciding = (spread, slow)
    verdict = judged(
        all(finding.inside for finding in deciding), all(finding.near for finding in deciding)
    )
    return Shown("P1", [spread, later, wave, slow], "%", None, verdict, reading)
