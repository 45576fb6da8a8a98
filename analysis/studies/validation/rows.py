"""What a scorecard is made of: a row for each pattern, claim and limit, the misses first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from analysis.results.estimates import Estimate
from analysis.studies.claims.experiments import Experiment
from analysis.studies.claims.simulating import Tested
from analysis.studies.claims.statistics import NO_EFFECT
from analysis.studies.claims.texts import Kind, bounds, claimed, kind_of, label_of, reading
from analysis.studies.claims.verdicts import VERDICTS, Judged, Verdict
from analysis.studies.patterns.findings import Finding, Shown, read_patterns
from analysis.studies.patterns.texts import span as span_of_finding
from analysis.studies.patterns.texts import told as told_finding
from sim import kpis
from sim.evidence import ids_of, read_evidence

Section = Literal["patterns", "calibrated", "held out", "limits"]

SECTIONS: Final[Mapping[Section, str]] = {
    "patterns": "Patterns written down before calibration",
    "calibrated": "Claims that parameters were calibrated on",
    "held out": "Claims held out",
    "limits": "Limits of theory",
}

UNITS: Final[Mapping[Kind, str]] = {
    "%": "share",
    "points": "share",
    "spread": "share",
    "times": "ratio",
    "month": "month",
}


class Line(NamedTuple):
    """One figure of a row.

    Attributes
    ----------
    label
        What is measured.
    expected
        What is claimed, as it is read.
    band
        Expected value, low and high; None where no number is claimed.
    nothing
        Value that means no effect; None for a level.
    found
        What was simulated, by evidence set; in the unit of the band.
    texts
        The same as it is read.
    verdicts
        By evidence set; empty where the row has but one for all its figures.
    decides
        Whether the verdict of the row rests on it.
    unit
        Of the numbers.
    more
        Further numbers by name, for the table of numbers: contrasts, share of opposite signs.
    """

    label: str
    expected: str
    band: tuple[float, float, float] | None
    nothing: float | None
    found: Mapping[str, Estimate]
    texts: Mapping[str, str]
    verdicts: Mapping[str, Verdict]
    decides: bool = True
    unit: str = ""
    more: Mapping[str, Mapping[str, float]] = {}


class Row(NamedTuple):
    """One pattern, claim or limit.

    Attributes
    ----------
    section
        Where it stands.
    name
        Pattern, entry of the register, or row of the table of theory.
    title
        What is claimed, in one line.
    source
        Who says so, or how it is looked for.
    grade
        Of the evidence, A to E; empty where it has none.
    fitted
        Evidence sets whose calibration used it.
    lines
        Its figures.
    verdicts
        By evidence set.
    reading
        What is found, in a line.
    """

    section: Section
    name: str
    title: str
    source: str
    grade: str
    fitted: tuple[str, ...]
    lines: tuple[Line, ...]
    verdicts: Mapping[str, Verdict]
    reading: str

    @property
    def worst(self) -> Verdict:
        """The worse of its verdicts."""
        return min(self.verdicts.values(), key=VERDICTS.index)


def misses_first(rows: Sequence[Row]) -> list[Row]:
    """Return rows by section, in each the worst first, and those bad under both before the others."""

    def rank(row: Row) -> tuple[int, int, int]:
        places = [VERDICTS.index(verdict) for verdict in row.verdicts.values()]
        return list(SECTIONS).index(row.section), min(places), sum(places)

    return sorted(rows, key=rank)


# --- Claims --------------------------------------------------------------------------------


def of_claim(
    experiment: Experiment, tested: Mapping[str, Tested], judged: Mapping[str, Judged]
) -> Row:
    """Return the row of a claim.

    Parameters
    ----------
    experiment
        How it was tested.
    tested, judged
        What was found, and what is to be said of it, by evidence set.
    """
    entry = experiment.entry
    lines = []
    for place, question in enumerate(experiment.questions):
        kind, expected = kind_of(question), question.expected
        answers = {name: several.answers[place] for name, several in tested.items()}
        lines.append(
            Line(
                label_of(question),
                claimed(question),
                (expected.expected, expected.low, expected.high),
                NO_EFFECT.get(question.of),
                {name: answer.found for name, answer in answers.items()},
                {name: bounds(answer.found, kind) for name, answer in answers.items()},
                {name: several.figures[place] for name, several in judged.items()},
                unit=UNITS.get(kind, kpis.KPIS[question.kpi].unit),
                more={
                    name: {
                        **{
                            f"{contrast}{end}": getattr(estimate, field)
                            for contrast, estimate in answer.contrasts.items()
                            for end, field in (("", "value"), ("_low", "low"), ("_high", "high"))
                        },
                        "opposite": answer.opposite,
                    }
                    for name, answer in answers.items()
                },
            )
        )
    return Row(
        "calibrated" if entry.role == "calibrate" else "held out",
        experiment.name,
        entry.title,
        entry.source,
        entry.grade or "",
        (entry.set,) if entry.set else (),
        tuple(lines),
        {name: said.verdict for name, said in judged.items()},
        reading(tested, judged),
    )


# --- Patterns ------------------------------------------------------------------------------


def of_pattern(shown: Mapping[str, Shown]) -> Row:
    """Return the row of a pattern, from what it shows under each evidence set."""
    first = next(iter(shown.values()))
    pattern = read_patterns()[first.name]
    lines = []
    for place, finding in enumerate(first.findings):
        findings = {name: each.findings[place] for name, each in shown.items()}
        band = finding.band
        lines.append(
            Line(
                finding.label,
                "" if band is None else span_of_finding(*band, first.unit),
                None if band is None else (0.5 * (band[0] + band[1]), *band),
                first.nothing,
                {
                    name: Estimate(finding.value, finding.low, finding.high)
                    for name, finding in findings.items()
                },
                {name: _finding(finding, first.unit) for name, finding in findings.items()},
                {},
                finding.decides,
                first.unit,
            )
        )
    worst = min(shown, key=lambda name: VERDICTS.index(shown[name].verdict))
    alike = len({each.reading for each in shown.values()}) == 1
    ending = "" if alike else f" ({worst})"
    pointed = [read_evidence()[name] for name in ids_of(pattern.source)]
    fitted = {str(entry.set) for entry in pointed if entry.set}
    return Row(
        "patterns",
        first.name,
        pattern.title.en,
        pattern.promise.en,
        "",
        tuple(evidence for evidence in shown if pattern.fitted and evidence in fitted),
        tuple(lines),
        {name: each.verdict for name, each in shown.items()},
        shown[worst].reading + ending,
    )


def _finding(finding: Finding, unit: str) -> str:
    if not math.isfinite(finding.low):
        return told_finding(finding.value, unit)
    return (
        f"{told_finding(finding.value, unit)} ({span_of_finding(finding.low, finding.high, unit)})"
    )


__all__ = ["SECTIONS", "Line", "Row", "Section", "misses_first", "of_claim", "of_pattern"]
