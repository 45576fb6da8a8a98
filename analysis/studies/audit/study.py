"""The audit of prices: each measure alone, and added last, on the same people and luck.

An optimiser finds every free lunch in a catalogue, and so does a consultant with a slider. What
brings far more for its money or its hours than others has to rest on strong evidence, or its price
or its effect is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.studies.form import beside, records
from sim.engine.kinds import Array
from sim.errors import AdoptionError, InterruptedStudyError
from sim.evidence import ids_of, read_evidence
from sim.scenario import read_catalogue, read_scenario
from sim.scenario.schema import Scenario
from sim.scenario.words import suggestion
from sim.simulator import Simulator
from sim.study.experiments import Progress
from sim.study.intervals import half_width

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "What does each measure bring for its money and its hours?"

BASES: Final[Mapping[str, str]] = {"alone": "baseline", "last": "leadership-champions"}
"""What a measure is added to: licences only; and a plan that has the two strongest already."""

YIELDS: Final[Mapping[str, str]] = {"per_euro": "10,000 euro", "per_hours": "100 hours of staff"}
"""What points are told for."""

EURO: Final = 10_000.0
HOURS: Final = 100.0

MOST: Final = 3.0
"""How many times the median a measure may bring for its money or hours without strong evidence."""

STRONG: Final = ("A", "B")
"""Grades of evidence that allow more."""

NO_SIZE: Final = "not how much"
"""Words of a source that says how something goes and nothing of the size of an effect."""


class Audit(NamedTuple):
    """What the audit found.

    Attributes
    ----------
    table
        One row per measure and base, see :func:`audit`.
    runs, seed, months
        Organisations, seed and months of the study.
    whole
        Whether it holds the whole catalogue, which a median needs.
    """

    table: pd.DataFrame
    runs: int
    seed: int
    months: int
    whole: bool = True

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def answer(self) -> str:
        """How many measures help, and how many break the rule of prices."""
        text: str = beside(self, "texts").message(self)
        return text

    def figure(self) -> Picture:
        """Draw what each measure brings for its money and its hours."""
        drawn: Picture = beside(self, "figure").audit_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return what every measure brings, and what breaks the rule, as plain values."""
        return {
            "runs": self.runs,
            "seed": self.seed,
            "months": self.months,
            "whole": self.whole,
            "measures": records(self.table),
            "offences": [offence.text for offence in offences(self)],
        }


class Offence(NamedTuple):
    """A breach of the rule of prices: by which measure, and a sentence that says it."""

    measure: str
    text: str


def audit(
    measures: Sequence[str] = (),
    runs: int = 100,
    seed: int = 1,
    changes: Sequence[str] = (),
    progress: Progress | None = None,
) -> Audit:
    """Simulate every measure of the catalogue alone and added last.

    Parameters
    ----------
    measures
        Names of the catalogue; by default all.
    runs
        Organisations, the same for every measure.
    seed
        Seed of the study.
    changes
        Changes of both plans, each ``PATH=VALUE``: another organisation, other numbers.
    progress
        Called with the number of plans finished and the total.

    Returns
    -------
    Audit
        Its table has one row per measure and ``base`` (``alone``, ``last``): ``points`` of weekly
        users it adds on average over all months, with ``low`` and ``high`` of the 95 % interval;
        ``euro`` it costs, staff hours included, and those ``hours``; ``per_euro`` [points per
        10,000 euro], infinite for something for nothing, and ``per_hours`` [points per 100 hours], not
        a number without hours;
        ``grade`` of the best evidence for its effect, empty where there is none; ``staffed``:
        whether it takes hours of staff, or says who works instead. Interrupted, it holds the
        measures that are finished.

    Raises
    ------
    AdoptionError
        If there is no such measure, or there are fewer than two runs.
    InterruptedStudyError
        If interrupted before the first measure is finished.
    """
    import pandas as pd

    catalogue = read_catalogue()
    for name in measures:
        if name not in catalogue:
            raise AdoptionError(f"there is no measure '{name}'{suggestion(name, catalogue)}")
    if runs < 2:
        raise AdoptionError(f"runs: found {runs}, expected at least 2, for an interval")
    chosen = list(dict.fromkeys(measures)) or list(catalogue)
    plans = {base: read_scenario(name, list(changes)) for base, name in BASES.items()}
    studies = {base: Simulator(plan, runs, seed) for base, plan in plans.items()}
    rows: list[dict[str, Any]] = []
    try:
        for number, name in enumerate(chosen, 1):
            for base, plan in plans.items():
                brought = added(studies[base], plan, name)
                rows.append({"measure": name, "base": base, **brought, **about(name)})
            if progress is not None:
                progress(number, len(chosen))
    except InterruptedStudyError:
        rows = rows[: len(rows) // len(BASES) * len(BASES)]
        if not rows:
            raise
    table = pd.DataFrame(rows).set_index(["measure", "base"])
    whole = len(rows) == len(BASES) * len(catalogue)
    return Audit(table, runs, seed, plans["alone"].simulation.months, whole)


def added(study: Simulator, plan: Scenario, name: str) -> dict[str, float]:
    """Return what a measure adds to a plan, and costs there: with it less without it, pairwise.

    A plan that has the measure already is compared with itself without it.
    """
    path = f"programme.{name}"
    with_: dict[str, Any] | None
    with_, without = ({path: {}}, None) if name not in plan.programme else (None, {path: None})

    def change(kpi: str) -> Array:
        more: Array = study.curves(with_, kpi)[:, 1:] - study.curves(without, kpi)[:, 1:]
        return more

    gain = 100.0 * change("adoption").mean(axis=1)
    half = float(half_width(gain))
    euro, hours = (
        float(change(kpi).sum(axis=1).mean()) for kpi in ("cost_measures", "staff_hours")
    )
    points = float(gain.mean())
    return {
        "points": points,
        "low": points - half,
        "high": points + half,
        "euro": euro,
        "hours": hours,
        "per_euro": EURO * points / euro if euro > 0.0 else np.inf if points > 0.0 else np.nan,
        "per_hours": HOURS * points / hours if hours > 0.0 else np.nan,
    }


def about(name: str) -> dict[str, Any]:
    """Return what the catalogue says of a measure that the rule of prices asks for."""
    measure = read_catalogue()[name]
    staffed = measure.takes_hours or measure.unstaffed is not None
    return {"grade": grade_of(measure.sources), "staffed": staffed}


def grade_of(sources: Sequence[str]) -> str:
    """Return the best grade among the entries an effect rests on, empty if none has one.

    Examples
    --------
    >>> grade_of(["L31: opinion leaders in health care", "choice: cost is an assumption"])
    'A'
    >>> grade_of(["L35: how it fades, not how much", "choice: effect is an assumption"])
    ''
    """
    register = read_evidence()
    every = [
        register.get(entry) for line in sources if NO_SIZE not in line for entry in ids_of(line)
    ]
    return min(
        (str(entry.grade) for entry in every if entry is not None and entry.grade), default=""
    )


def limits(audited: Audit) -> pd.DataFrame:
    """Return the most a measure without strong evidence may bring, by base and kind of price.

    It is three times the median of the measures that help, those whose interval is above zero;
    not a number where none does.
    """
    helps = audited.table[audited.table["low"] > 0.0]
    medians = helps.groupby(level="base")[list(YIELDS)].median()
    most: pd.DataFrame = MOST * medians.reindex(list(BASES))
    return most


def offences(audited: Audit) -> list[Offence]:
    """Return what breaks the rule of prices.

    A measure may bring at most three times the median of those that help, for its money and for
    its hours, unless the evidence for it has grade A or B; that is judged where the audit holds the
    whole catalogue. One that takes no hour of staff has to say in the catalogue who does the work.
    """
    broken = []
    if audited.whole:
        most = limits(audited)
        for (name, base), row in audited.table[audited.table["low"] > 0.0].iterrows():
            for column, amount in YIELDS.items():
                limit = float(most.loc[base, column])
                if row[column] > limit and row["grade"] not in STRONG:
                    how = "alone" if base == "alone" else "added last"
                    value = row[column]
                    much = f"{value:.2f} points per {amount}" if value < np.inf else "for nothing"
                    broken.append(
                        Offence(
                            str(name),
                            f"{name}, {how}: {much}, more than "
                            f"{limit:.2f}, {MOST:g} times the median, on evidence of "
                            f"{'grade ' + row['grade'] if row['grade'] else 'no grade'}",
                        )
                    )
    for name, row in audited.table.xs("alone", level="base").iterrows():
        if not row["staffed"]:
            text = f"{name}: takes no hour of staff, and does not say who does the work (unstaffed)"
            broken.append(Offence(str(name), text))
    return broken
