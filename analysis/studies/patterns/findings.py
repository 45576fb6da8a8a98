"""What an experiment finds: numbers with intervals, a verdict, and the pattern it is about."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np

from analysis.results.estimates import Statistic, estimate
from analysis.studies.form import in_library
from analysis.words.texts import minus
from sim.engine.kinds import Array
from sim.scenario.base import Form
from sim.scenario.measure import Text

Verdict = Literal["holds", "direction only", "misses"]


class Pattern(Form):
    """A pattern of the library, in both languages."""

    title: Text
    promise: Text
    experiment: Text
    fitted: bool
    source: str


class Finding(NamedTuple):
    """A number with its interval; see :func:`analysis.results.estimates.estimate`.

    Attributes
    ----------
    label
        What was compared.
    value, low, high
        Mean and interval, in the unit of the pattern.
    decides
        Whether the verdict rests on it.
    band
        What was promised, where that is a range, ends included.
    """

    label: str
    value: float
    low: float
    high: float
    decides: bool = True
    band: tuple[float, float] | None = None

    @property
    def inside(self) -> bool:
        """Whether the value lies in the band."""
        return self.band is None or self.band[0] <= self.value <= self.band[1]

    @property
    def near(self) -> bool:
        """Whether the interval reaches the band."""
        return self.band is None or (self.low <= self.band[1] and self.high >= self.band[0])


class Shown(NamedTuple):
    """What an experiment shows.

    Attributes
    ----------
    name
        Of the pattern.
    findings
        Numbers with intervals.
    unit
        Theirs: ``points``, ``%`` or ``ratio``.
    nothing
        Value that stands for no difference; None where nothing is compared.
    verdict
        Whether the pattern holds, has the direction but not surely, or is missed.
    reading
        What that means, in a line.
    """

    name: str
    findings: list[Finding]
    unit: str
    nothing: float | None
    verdict: Verdict
    reading: str


def shown_of(kept: Any) -> Shown:
    """Return what an experiment showed from the plain values of a piece that was kept."""
    name, findings, *rest = kept
    read = [Finding(*finding) for finding in findings]
    return Shown(
        name,
        [
            finding._replace(band=finding.band and (finding.band[0], finding.band[1]))
            for finding in read
        ],
        *rest,
    )


@lru_cache(maxsize=1)
def read_patterns() -> dict[str, Pattern]:
    """Return the patterns of the library by name.

    Raises
    ------
    ScenarioError
        With every problem in the file.
    """
    return in_library("patterns", Pattern)


def paired_points(label: str, one: Array, other: Array, decides: bool = True) -> Finding:
    """Return the mean difference of shares in the same organisations, in points.

    Parameters
    ----------
    label
        What is compared.
    one, other
        Shares [vectors, organisations].
    decides
        Whether the verdict rests on it.
    """
    gap = estimate(lambda first, second: 100.0 * float((first - second).mean()), one, other)
    return Finding(label, gap.value, gap.low, gap.high, decides)


def percent(
    label: str,
    share: Array,
    decides: bool = True,
    band: tuple[float, float] | None = None,
    statistic: Statistic | None = None,
) -> Finding:
    """Return a share of organisations or people, in per cent.

    Parameters
    ----------
    label
        What it is a share of.
    share
        Shares, or whether something is so [vectors, organisations, ...].
    decides
        Whether the verdict rests on it.
    band
        What was promised [%].
    statistic
        What is made of the organisations of a vector [0 to 1]; by default their mean.
    """
    taken = statistic or (lambda values: float(values.mean()))
    estimated = estimate(lambda values: 100.0 * taken(values), share)
    low, high = np.clip(
        (estimated.low, estimated.high), 0.0, 100.0
    ).tolist()  # a t interval knows no end
    return Finding(label, estimated.value, low, high, decides, band)


def judged(sure: bool, likely: bool) -> Verdict:
    """Return the verdict: all that was promised is shown, only part of it or not surely, or not."""
    return "holds" if sure else "direction only" if likely else "misses"


def signed(value: float, digits: int = 1) -> str:
    """Return a number with its sign, as people read it."""
    text = f"{value:+.{digits}f}"
    return minus(text) if text.strip("+-0.") else text.lstrip("+-")


def ahead(finding: Finding) -> str:
    """Return by how many points the first is ahead or behind, and whether that is sure."""
    sure = "" if finding.low > 0.0 or finding.high < 0.0 else ", not surely"
    return f"{abs(finding.value):.1f} points {'ahead' if finding.value > 0.0 else 'behind'}{sure}"
