"""How claims and what the simulation says to them are told: labels, numbers, a line to read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

from analysis.results import summary
from analysis.results.estimates import Estimate
from analysis.studies.claims.experiments import Question
from analysis.studies.claims.simulating import Answer, Tested
from analysis.studies.claims.statistics import NO_EFFECT
from analysis.studies.claims.verdicts import Impossible, Judged
from analysis.words.texts import minus
from sim import kpis
from sim.evidence import Expected

Kind = Literal["%", "points", "spread", "times", "month", "number"]

TIMES: Final = frozenset({"ratio", "odds_ratio", "months_ratio", "failure_ratio", "success_ratio"})
MONTHS: Final = frozenset(
    {"gain_month", "settles_month", "first_peak", "low_after_peak", "steady_from"}
)
POINTS: Final = frozenset({"difference", "trough_difference"})
LEVELS: Final = frozenset({"without", "with", "spread", *POINTS})
"""Statistics in the unit of the KPI; all others are shares of something else, months or ratios."""


def kind_of(question: Question) -> Kind:
    """Return in what a statistic is told."""
    if question.of in TIMES:
        return "times"
    if question.of in MONTHS:
        return "month"
    if question.of in LEVELS and kpis.KPIS[question.kpi].unit not in ("share", "1"):
        return "number"
    if question.of == "spread":
        return "spread"
    return "points" if question.of in POINTS else "%"


def told(value: float, kind: Kind) -> str:
    """Return a number as it is read."""
    if not math.isfinite(value):
        return "none"
    if kind == "%":
        percent = 100.0 * value
        return minus(f"{percent:.{0 if abs(percent) >= 9.95 or percent == 0.0 else 1}f} %")
    if kind == "points":
        text = f"{100.0 * value:+.1f}"
        return minus(text) if text.strip("+-0.") else "0"
    if kind in ("times", "spread"):
        return minus(f"{value:.2f}" if kind == "times" else f"{100.0 * value:.0f} points")
    return minus(f"{value:.1f}")


def span(low: float, high: float, kind: Kind) -> str:
    """Return a range as it is read."""
    first = told(low, kind).removesuffix(" %").removesuffix(" points")
    return f"{first} to {told(high, kind)}"


def bounds(estimate: Estimate, kind: Kind) -> str:
    """Return a number with its interval."""
    if not math.isfinite(estimate.low):
        return told(estimate.value, kind)
    return f"{told(estimate.value, kind)} ({span(estimate.low, estimate.high, kind)})"


# --- What is asked -------------------------------------------------------------------------


def kpi_of(question: Question) -> str:
    """Return what a KPI is called inside a sentence, with whom it is measured among."""
    label = summary.label_of(question.kpi)
    return f"{label[0].lower()}{label[1:]}{_whom(question)}"


def _whom(question: Question) -> str:
    one, other = (
        [name for _, names in side.among for name in names]
        for side in (question.treated, question.without)
    )
    if not one:
        return ""
    among = f" among {_listed(one)}"
    return among if one == other else f"{among} against {_listed(other)}"


def _listed(names: Sequence[str]) -> str:
    """Return names of groups as they are read."""
    words = [name.replace("_", " ") for name in names]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


LABELS: Final[Mapping[str, Callable[[Question, str], str]]] = {
    "without": lambda q, what: f"{what}, month {q.month}, without",
    "with": lambda q, what: f"{what}, month {q.month}{', with' if q.compares else ''}",
    "difference": lambda q, what: f"{what}, month {q.month}, points",
    "ratio": lambda q, what: f"{what}, month {q.month}, times",
    "odds_ratio": lambda q, what: f"{what}, month {q.month}, odds ratio",
    "spread": lambda q, what: f"{what}, month {q.month}, spread of organisations",
    "months_ratio": lambda q, what: f"months to {100 * q.level:.0f} % {what}, times",
    "gain_month": lambda q, what: f"first month with {what} {100 * q.level:.0f} points up",
    "settles_month": lambda q, what: f"month with {100 * q.level:.0f} % of final {what}",
    "first_peak": lambda _, what: f"month of the first peak, {what}",
    "low_after_peak": lambda _, what: f"lowest month after it, {what}",
    "steady_from": lambda _, what: f"within a tenth of the end from month, {what}",
    "success_ratio": lambda q, _: f"projects not given up by month {q.month}, times",
    "share_of_successes": lambda *_: "share of successes that had it",
    "mixed_at_level": lambda q, _: f"organisations at maturity step {q.level:.0f}, all ages",
    "hours_share": lambda *_: "hours saved of a user, of all hours",
    "existential": lambda *_: "threats about oneself, of all threat, at the start",
    "share_reaching": lambda q, what: f"organisations with {100 * q.level:.0f} % {what}",
    "trough_without": lambda *_: "organisations with a trough, without",
    "trough_with": lambda q, _: f"organisations with a trough{', with' if q.compares else ''}",
    "trough_difference": lambda *_: "organisations with a trough, points",
    "failure_without": lambda q, _: f"projects given up by month {q.month}, without",
    "failure_with": lambda q, _: (
        f"projects given up by month {q.month}{', with' if q.compares else ''}"
    ),
    "failure_ratio": lambda q, _: f"projects given up by month {q.month}, without over with",
    "daily_of_weekly": lambda q, _: f"daily users among weekly ones, month {q.month}",
    "started_alone": lambda *_: "first starts with no using colleague",
    "exposure_at_start": lambda *_: "median of colleagues using, at first start",
    "best_value": lambda q, what: f"share for change with the highest {what}, month {q.month}",
}
"""What each statistic is called in a row of a table."""


def label_of(question: Question) -> str:
    """Return what is measured, for a row of a table."""
    text = LABELS[question.of](question, kpi_of(question))
    return text[0].upper() + text[1:]


def claimed(question: Question) -> str:
    """Return what is expected, with the band."""
    kind, expected = kind_of(question), question.expected
    return f"{told(expected.expected, kind)} ({span(expected.low, expected.high, kind)})"


# --- What is found -------------------------------------------------------------------------


def under(texts: Mapping[str, str]) -> str:
    """Return what holds under each set of evidence, once where it is the same.

    Examples
    --------
    >>> under({"vendor": "1.2", "literature": "1.3"})
    '1.2 under vendor, 1.3 under literature'
    >>> under({"vendor": "1.2", "literature": "1.2"})
    '1.2 under both'
    """
    if len(texts) > 1 and len(set(texts.values())) == 1:
        return f"{next(iter(texts.values()))} under both"
    return ", ".join(f"{text} under {name}" for name, text in texts.items())


def reading(tested: Mapping[str, Tested], judged: Mapping[str, Judged]) -> str:
    """Return a claim and what the simulation says to it in a line of plain words.

    Parameters
    ----------
    tested, judged
        By name of the evidence set whose posterior was simulated.
    """
    first = next(iter(tested.values()))
    sentences = []
    for place, answer in enumerate(first.answers):
        answers = {name: several.answers[place] for name, several in tested.items()}
        compared = answer.question.of in NO_EFFECT
        alone = len(first.answers) == 1
        sentences.append(_effect(answers) if compared else _level(answers, alone))
    text = " ".join(sentences)
    why = because([reason for said in judged.values() for reason in said.reasons])
    if why:
        ways = {name: str(said.direction) for name, said in judged.items() if said.direction}
        text += f" Impossible as stated: {why}. Direction {under(ways)}."
    return text


def _level(answers: Mapping[str, Answer], alone: bool) -> str:
    """Return what a level comes to, and where that lies."""
    question = next(iter(answers.values())).question
    kind, band = kind_of(question), question.expected
    month = "month " if kind == "month" else ""
    values = {name: f"{month}{told(answer.found.value, kind)}" for name, answer in answers.items()}
    places = {name: _place(answer.found, band, kind) for name, answer in answers.items()}
    ends = f"{span(band.low, band.high, kind)} claimed"
    if month:
        ends = f"months {band.low:g} to {band.high:g} claimed"
    if len(set(places.values())) == 1:
        text = f"{under(values)}, {next(iter(places.values()))} the {ends}"
    else:
        first, *others = answers
        text = f"{values[first]} under {first}, {places[first]} the {ends}"
        text += "".join(f"; {values[other]} under {other}, {places[other]} it" for other in others)
    near = [
        name
        for name, answer in answers.items()
        if places[name] != "within"
        and answer.found.low <= band.high
        and answer.found.high >= band.low
    ]
    if near:
        which = "the interval" if len(near) == len(answers) else f"the interval under {near[0]}"
        text += f", though {which} reaches it"
    text = f"{text}."
    return f"{text[0].upper()}{text[1:]}" if alone else f"{label_of(question)}: {text}"


def _place(estimate: Estimate, band: Expected, kind: Kind) -> str:
    """Return where a number lies beside a band, in a word before the band."""
    if not estimate.known >= 0.5 or not math.isfinite(estimate.value):
        return "mostly undefined beside"
    if band.low <= estimate.value <= band.high:
        return "within"
    if estimate.value < band.low:
        return "before" if kind == "month" else "below"
    return "after" if kind == "month" else "above"


def _effect(answers: Mapping[str, Answer]) -> str:
    """Return what an effect comes to, and how that compares with what is claimed."""
    question = next(iter(answers.values())).question
    nothing, band = NO_EFFECT[question.of], question.expected
    sizes = under({name: _size(answer) for name, answer in answers.items()})
    amount = _amount(band.expected, question)
    parts = [
        (answer.found.value - nothing) / (band.expected - nothing) for answer in answers.values()
    ]
    if all(band.low <= answer.found.value <= band.high for answer in answers.values()):
        end = f"in the band around the {amount} claimed"
        if any(answer.found.low <= nothing <= answer.found.high for answer in answers.values()):
            end += ", but not surely more than nothing"
    elif all(part <= 0.0 for part in parts):
        end = f"nothing of the {amount} claimed"
    elif all(part < 1.0 for part in parts):
        end = f"a smaller effect than the {amount} claimed"
    elif all(part > 1.0 for part in parts):
        end = f"a larger effect than the {amount} claimed"
    else:
        end = f"{amount} is claimed"
    return f"{_lead(question)} {sizes}: {end}."


def _lead(question: Question) -> str:
    """Return how a sentence about an effect begins."""
    begins = {
        "months_ratio": f"Time to {100 * question.level:.0f} % {kpi_of(question)}:",
        "success_ratio": "Projects that are not given up:",
        "failure_ratio": "Projects that are given up:",
        "share_of_successes": "Of the successes, where half would be no effect:",
        "trough_difference": "Organisations with a trough:",
    }
    what = kpi_of(question)
    return begins.get(question.of, f"{what[0].upper()}{what[1:]}:")


def _size(answer: Answer) -> str:
    """Return how large an effect is: points of shares, per cent of what is no share."""
    question, estimate = answer.question, answer.found
    kind = kind_of(question)
    if question.of in ("ratio", "odds_ratio") and kpis.KPIS[question.kpi].unit == "share":
        points = answer.contrasts["difference"]
        ends = f"{told(points.low, 'points')} to {told(points.high, 'points')}"
        text = f"{told(points.value, 'points')} points ({ends})"
        return f"{text}, {told(estimate.value, kind)} times"
    if kind == "times":
        return f"{told(estimate.value, kind)} times ({span(estimate.low, estimate.high, kind)})"
    ending = " points" if kind == "points" else ""
    return f"{told(estimate.value, kind)}{ending} ({span(estimate.low, estimate.high, kind)})"


def _amount(value: float, question: Question) -> str:
    kind = kind_of(question)
    return told(value, kind) + {"times": " times", "points": " points"}.get(kind, "")


def because(reasons: Sequence[Impossible]) -> str:
    """Return why a claim cannot be as it is stated, nothing if it can.

    Examples
    --------
    >>> because([Impossible(3.7, 0.34, 1.258, False)])
    '3.70 times the 34 % it is claimed for is 126 %'
    """
    parts = []
    multiplied = [reason for reason in reasons if not reason.beside]
    for here, ratio in sorted({(reason.here, reason.ratio) for reason in multiplied}):
        chosen = [reason for reason in multiplied if (reason.here, reason.ratio) == (here, ratio)]
        bases = dict.fromkeys(told(reason.base, "%") for reason in chosen)
        totals = dict.fromkeys(told(reason.total, "%") for reason in chosen)
        where = "simulated" if here else "it is claimed for"
        times = f"{told(ratio, 'times')} times the"
        parts.append(f"{times} {' and '.join(bases)} {where} is {' and '.join(totals)}")
    for fromkey in dict.fromkeys(reason for reason in reasons if reason.beside):
        parts.append(f"{', '.join(fromkey.beside)} together take away {told(fromkey.total, '%')}")
    return "; ".join(parts)
