"""The measures there are, for one organisation: what each costs there, does there, and rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from analysis.app import limits
from analysis.studies.audit.study import added, grade_of
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.evidence import ids_of, read_evidence
from sim.programme import ledger
from sim.scenario import read_catalogue
from sim.scenario.library import read_words
from sim.scenario.measure import Measure
from sim.scenario.schema import Scenario
from sim.simulator import Simulator
from sim.study.kept import Kept
from sim.study.tables import does

RUNS: Final = 40
"""Organisations in which it is tried what a measure does."""

QUICK: Final = 400
"""As many would be simulated for a first picture: it bounds how long 59 measures take."""

LARGE: Final = 0.03
"""Share of weekly users, on average over all months, from which on an effect is called large."""

SIZE: Final = 100
"""Bytes an effect takes where it is kept."""


class Effect(NamedTuple):
    """What a measure adds to the weekly users, on average over all months, and its 95 % interval [share]."""

    mean: float
    low: float
    high: float

    @property
    def size(self) -> str:
        """``large``, ``small``, ``less`` (it lowers use) or ``unknown``: the interval holds 0."""
        if self.low <= 0.0 <= self.high:
            return "unknown"
        if self.high < 0.0:
            return "less"
        return "large" if self.mean >= LARGE else "small"


def by_phase() -> dict[str, list[str]]:
    """Return the names of all measures by phase, both in the order of the catalogue."""
    phases: dict[str, list[str]] = {}
    for name, measure in read_catalogue().items():
        phases.setdefault(measure.phase, []).append(name)
    return phases


def phase_title(phase: str, words: Language) -> str:
    """Return what a phase is called."""
    text = words.of(read_words()[phase])
    return text[:1].upper() + text[1:]


def holds(name: str, word: str, words: Language) -> bool:
    """Return whether a measure is meant by what somebody looks for: in its title or its description."""
    measure = read_catalogue()[name]
    text = f"{words.of(measure.title)} {words.of(measure.description)} {name}"
    return word.strip().casefold() in text.casefold()


# --- What it costs --------------------------------------------------------------------------


@lru_cache(maxsize=16)
def prices(scenario: Scenario) -> Mapping[str, float]:
    """Return what each measure costs in an organisation over the whole period, as it is usually done [euro].

    Own time included. Empty where that cannot be told.
    """
    names = [name for name in read_catalogue() if name not in scenario.programme]
    free = {"budget.total": None, "capacity.trainer_hours": None}
    try:
        plan = scenario.changed({**free, **{f"programme.{name}": {} for name in names}})
        costs = ledger.ledger(plan).sum()
    except AdoptionError:
        return {}
    return {str(name): float(cost) for name, cost in costs.items() if name in read_catalogue()}


# --- What it does ---------------------------------------------------------------------------


def effects(
    scenario: Scenario, kept: Kept[Any], progress: Callable[[int, int], None]
) -> dict[str, Effect]:
    """Return what each measure does if it is added alone to a strategy, on the same people and luck.

    Parameters
    ----------
    scenario
        What the measures are added to: what happens otherwise.
    kept
        Where each is kept as soon as it is known, so that who comes back does not begin anew.
    progress
        Called with how many are known, and how many there are.

    Returns
    -------
    dict
        By name; a measure that cannot be simulated there is left out.
    """
    plan = scenario.changed({"budget.total": None})
    runs = limits.organisations([plan], RUNS, QUICK)
    study = Simulator(plan, runs, plan.simulation.seed)
    names, known = list(read_catalogue()), dict[str, Effect]()
    for number, name in enumerate(names):
        progress(number, len(names))
        key = f"effect {name} {plan.fingerprint()} {plan.simulation.seed} {runs}"
        effect = kept.get(key)
        if effect is None:
            try:
                brought = added(study, plan, name)
            except AdoptionError:
                continue
            effect = Effect(*(brought[end] / 100.0 for end in ("points", "low", "high")))
            kept.put(key, effect, SIZE)
        known[name] = effect
    return known


# --- What it rests on -----------------------------------------------------------------------


def grade(measure: Measure) -> str:
    """Return the best grade of the evidence for a measure, A to E; empty where there is none."""
    return grade_of(measure.sources)


def explained(measure: Measure, words: Language) -> str:
    """Return what a measure is, does and rests on, as the help beside it says it."""
    register = read_evidence()
    entries = [
        register[identity]
        for source in measure.sources
        for identity in ids_of(source)
        if identity in register and register[identity].grade
    ]
    rests = [
        words._("{source} (grade {grade})", source=entry.title, grade=entry.grade)
        for entry in entries
    ] or list(measure.sources)
    return "\n\n".join(
        [
            words.of(measure.description),
            words._("In the model: {effects}.", effects="; ".join(does(measure, words.code))),
            words._("Rests on: {sources}.", sources="; ".join(rests)),
            words._("Its price and the size of its effect are assumptions that you may change."),
        ]
    )
