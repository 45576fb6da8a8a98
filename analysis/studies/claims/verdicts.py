"""Whether a claim holds: one rule for all of them, and the arithmetic some cannot pass.

A *figure* of a claim is a level (a share, a month) or a contrast of two arms (a difference, a
ratio), which has a value for "no effect". With the mean over parameter vectors and the interval
that the middle nine tenths of them span (:func:`analysis.results.estimates.of_vectors`):

- *holds*: the mean lies in the band of the claim; of a contrast, also its whole interval on the
  promised side of no effect.
- *direction only*: a contrast that does not hold, but has its whole interval on the promised side
  of no effect, and at least a tenth of the effect claimed.
- *misses*: everything else, and what fewer than half of the vectors have a value for at all.
- *impossible as stated*: what is claimed cannot be, whatever the simulation gives. Either the
  ratio times the base it is claimed for, or times the base simulated, is more than everybody; or
  reductions of the same thing that are claimed beside each other take away more than there is. Its
  direction is still told.

A claim of several figures is impossible if one of them is, holds if all do, and has the direction
only if all its contrasts hold or have theirs; where levels are claimed for two arms, if they surely
differ the promised way. Else it misses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from analysis.results.estimates import Estimate
from analysis.studies.claims.experiments import Question
from analysis.studies.claims.simulating import Answer, Tested
from analysis.studies.claims.statistics import NO_EFFECT
from sim import kpis
from sim.evidence import Entry, Expected, read_evidence

Verdict = Literal["misses", "impossible as stated", "direction only", "holds"]

VERDICTS: Final[tuple[Verdict, ...]] = (
    "misses",
    "impossible as stated",
    "direction only",
    "holds",
)
"""All of them, the worst first."""

MATERIAL: Final = 0.1
"""Part of the effect claimed that is more than nothing."""

Direction = Literal["right", "not sure", "wrong"]

RATIOS: Final = ("ratio", "success_ratio")
"""Statistics that multiply a share."""


class Impossible(NamedTuple):
    """Why a claim cannot be as it is stated.

    Attributes
    ----------
    ratio
        What is multiplied, or 0 for reductions that are added.
    base
        Share it is multiplied with [0 to 1].
    total
        What comes out: more than 1.
    here
        Whether the base is the simulated one.
    beside
        Entries whose reductions are added.
    """

    ratio: float
    base: float
    total: float
    here: bool
    beside: tuple[str, ...] = ()


class Judged(NamedTuple):
    """What is to be said of a claim.

    Attributes
    ----------
    verdict
        Of the claim.
    figures
        Verdict of each of its figures.
    direction
        Of its first contrast; None where nothing is compared.
    reasons
        Why it is impossible as stated; empty where it is not.
    """

    verdict: Verdict
    figures: tuple[Verdict, ...]
    direction: Direction | None
    reasons: tuple[Impossible, ...]


def judged(tested: Tested) -> Judged:
    """Return what is to be said of a claim; the rule is that of this page."""
    answers = tested.answers
    reasons = [
        why_impossible(answer, tested.experiment.name, read_evidence()) for answer in answers
    ]
    figures = tuple(
        of_figure(answer.question.expected, answer.found, NO_EFFECT.get(answer.question.of), why)
        for answer, why in zip(answers, reasons, strict=True)
    )
    way = _way(answers)
    every = tuple(dict.fromkeys(reason for several in reasons for reason in several))
    return Judged(of_claim(figures, answers, way), figures, way, every)


def of_figure(
    expected: Expected,
    estimate: Estimate,
    nothing: float | None,
    reasons: Sequence[Impossible] = (),
) -> Verdict:
    """Return the verdict on one figure.

    Parameters
    ----------
    expected
        What is claimed, and its band.
    estimate
        What was simulated.
    nothing
        Value that means no effect; None for a level.
    reasons
        Why it cannot be, if it cannot.
    """
    if reasons:
        return "impossible as stated"
    if not estimate.known >= 0.5 or not math.isfinite(estimate.value):
        return "misses"
    inside = expected.low <= estimate.value <= expected.high
    if nothing is None:
        return "holds" if inside else "misses"
    if direction(expected.expected - nothing, estimate, nothing) != "right":
        return "misses"
    if inside:
        return "holds"
    part = (estimate.value - nothing) / (expected.expected - nothing)
    return "direction only" if part >= MATERIAL else "misses"


def direction(promised: float, estimate: Estimate, nothing: float) -> Direction:
    """Return whether an interval lies on the promised side of no effect, on both, or on the other.

    Parameters
    ----------
    promised
        Above 0 if more is promised, below 0 if less.
    estimate
        What was simulated.
    nothing
        Value that means no effect.
    """
    ends = sorted(
        math.copysign(1.0, promised) * (end - nothing) for end in (estimate.low, estimate.high)
    )
    if ends[0] > 0.0:
        return "right"
    return "wrong" if ends[1] < 0.0 else "not sure"


def of_claim(
    figures: Sequence[Verdict], answers: Sequence[Answer], way: Direction | None
) -> Verdict:
    """Return the verdict on a claim, from those on its figures.

    Parameters
    ----------
    figures
        Verdict of each figure.
    answers
        What was asked and found, in the same order.
    way
        Direction of the first contrast, or of the levels of two arms.
    """
    if "impossible as stated" in figures:
        return "impossible as stated"
    if all(figure == "holds" for figure in figures):
        return "holds"
    contrasts = [
        figure
        for figure, answer in zip(figures, answers, strict=True)
        if answer.question.of in NO_EFFECT
    ]
    there = all(contrast != "misses" for contrast in contrasts) if contrasts else way == "right"
    return "direction only" if there else "misses"


def _way(answers: Sequence[Answer]) -> Direction | None:
    """Return the direction of the first contrast, or of the levels claimed for two arms."""
    for answer in answers:
        nothing = NO_EFFECT.get(answer.question.of)
        if nothing is not None:
            promised = answer.question.expected.expected - nothing
            return direction(promised, answer.found, nothing)
    levels = {answer.question.of: answer.question.expected.expected for answer in answers}
    if {"without", "with"} <= set(levels):
        gained = answers[0].contrasts["difference"]
        return direction(levels["with"] - levels["without"], gained, 0.0)
    return None


# --- Arithmetic ----------------------------------------------------------------------------


def why_impossible(
    answer: Answer, name: str, register: Mapping[str, Entry]
) -> tuple[Impossible, ...]:
    """Return why a figure cannot be as it is claimed; nothing if it can.

    Parameters
    ----------
    answer
        What was asked, and what the simulation started from.
    name
        Of the entry.
    register
        All entries, for those that a claim stands beside.
    """
    question, reasons = answer.question, []
    ratio = question.expected.expected
    if question.of in RATIOS and _is_share(question):
        for base, here in ((question.expected.base, False), (answer.base, True)):
            if base is not None and exceeds(ratio, base):
                reasons.append(Impossible(ratio, base, ratio * base, here))
    others = question.expected.beside
    gone = (1.0 - ratio) + sum(_reduction(register[other]) for other in others)
    if others and gone > 1.0:
        reasons.append(Impossible(0.0, 1.0, gone, False, (name, *others)))
    return tuple(reasons)


def exceeds(ratio: float, base: float) -> bool:
    """Return whether a ratio makes more than everybody of a share.

    Examples
    --------
    >>> exceeds(3.7, 0.34), exceeds(1.72, 0.34)
    (True, False)
    """
    return ratio * base > 1.0


def _is_share(question: Question) -> bool:
    return question.of == "success_ratio" or kpis.KPIS[question.kpi].unit == "share"


def _reduction(entry: Entry) -> float:
    """Return which part an entry claims to take away."""
    ratios = (
        [expected.expected for expected in entry.check.expect if expected.of == "ratio"]
        if entry.check
        else []
    )
    return 1.0 - ratios[0] if ratios else 0.0
