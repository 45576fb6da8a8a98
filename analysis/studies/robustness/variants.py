"""Which other theories there are: one change at a time, and balanced combinations of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.parameters import numbers
from sim.scenario.schema import Scenario
from sim.simulator import Simulator

TANGENT: Final = 4.0
"""At a half the logistic curve rises by a quarter of its argument: what log-odds are divided by
where desire is their plain sum."""

TRIES: Final = 400
"""Orders of a column of the combinations that are tried; the best balanced one is kept."""

TIES: Final = 5
"""Organisations in which the ties of a person are counted."""


class Level(NamedTuple):
    """One answer of theory to one question.

    Attributes
    ----------
    name
        As it is called in files.
    label
        In words, alone.
    changes
        What it changes in a scenario, by dotted path; nothing for the model as it is.
    """

    name: str
    label: str
    changes: Mapping[str, Any]


class Factor(NamedTuple):
    """A question that theories answer differently; the first answer is that of the scenario."""

    name: str
    title: str
    levels: tuple[Level, ...]


def _factor(name: str, title: str, path: str, answers: Mapping[Any, str]) -> Factor:
    """Return a question whose answers are the values of one setting."""
    levels = [Level(str(value), label, {path: value}) for value, label in answers.items()]
    return Factor(name, title, (Level("as it is", "as it is", {}), *levels))


FACTORS: Final = (
    _factor(
        "contagion",
        "Colleagues pull",
        "rules.contagion",
        {
            "linear": "in proportion to their share",
            "hill_count": "by their number, on a curve",
            "step": "all or nothing, by their share",
            "step_count": "all or nothing, by their number",
        },
    ),
    _factor("link", "Desire", "rules.link", {"identity": "is the plain sum of reasons"}),
    _factor(
        "social",
        "People are moved by",
        "rules.social",
        {"leaders": "leaders only", "peers": "colleagues only"},
    ),
    _factor("threat", "Fear", "rules.threat", {"scalar": "is one, felt alike by all"}),
    _factor(
        "schedule", "People act", "rules.schedule", {"random_sequential": "one after the other"}
    ),
    _factor("substeps", "A month has", "simulation.substeps", {1: "one part", 12: "twelve parts"}),
    _factor(
        "network",
        "Ties",
        "organisation.network.kind",
        {
            "small_world": "are a small world",
            "random": "are random",
            "scale_free": "have hubs",
            "block": "are random within departments",
        },
    ),
    _factor("stopping", "Stopping", "rules.stopping", {"constant": "does not depend on desire"}),
)
"""Everything the model decides that theory could decide otherwise."""


class Variant(NamedTuple):
    """A theory: an answer to each question.

    Attributes
    ----------
    name, label
        Short and in words.
    kind
        ``model`` for the scenarios as they are, ``one`` for one change, ``combination``.
    levels
        The answers that are not the scenario's, by question.
    """

    name: str
    label: str
    kind: str
    levels: Mapping[str, Level]

    @property
    def changes(self) -> dict[str, Any]:
        """What it changes in a scenario, by dotted path."""
        return {
            path: value for level in self.levels.values() for path, value in level.changes.items()
        }


MODEL: Final = Variant("model", "The model as it is", "model", {})


def every_variant(
    scenarios: Sequence[Scenario], combinations: int = 32, seed: int = 1
) -> list[Variant]:
    """Return the model, each other answer alone, and combinations of all.

    Answers that the scenarios give already are left out, and other ties where ties come from a
    file or are not stored.

    Parameters
    ----------
    scenarios
        What is ranked.
    combinations
        How many combinations.
    seed
        Seed of their design.
    """
    factors = [one for one in (_open(factor, scenarios) for factor in FACTORS) if one.levels[1:]]
    alone = [
        Variant(
            f"{factor.name}={level.name}",
            f"{factor.title} {level.label}",
            "one",
            {factor.name: level},
        )
        for factor in factors
        for level in factor.levels[1:]
    ]
    rows = balanced([len(factor.levels) for factor in factors], combinations, seed)
    mixed = []
    for number, row in enumerate(rows, 1):
        chosen = {
            factor.name: factor.levels[place]
            for factor, place in zip(factors, row.tolist(), strict=True)
            if place > 0
        }
        label = " · ".join(map(_in_short, chosen.items())).replace("_", " ")
        mixed.append(
            Variant(f"combination-{number:02d}", label or "as it is", "combination", chosen)
        )
    return [MODEL, *alone, *mixed]


def _in_short(answer: tuple[str, Level]) -> str:
    """Return an answer among others."""
    question, level = answer
    special = {"substeps": f"{level.name} a month", "schedule": "in turn"}
    return special.get(question, level.name)


def _open(factor: Factor, scenarios: Sequence[Scenario]) -> Factor:
    """Return a question with those answers that change something in one of the scenarios."""
    if factor.name == "network" and not all(map(has_drawn_ties, scenarios)):
        return factor._replace(levels=factor.levels[:1])

    def differs(level: Level) -> bool:
        return any(scenario.changed(level.changes) != scenario for scenario in scenarios)

    kept = tuple(level for level in factor.levels[1:] if differs(level))
    return factor._replace(levels=(factor.levels[0], *kept))


def has_drawn_ties(scenario: Scenario) -> bool:
    """Return whether people have ties of their own, and none from a file."""
    network = scenario.organisation.network.kind
    return scenario.organisation.ties is None and network not in ("complete", "none")


def mean_ties(scenario: Scenario, seed: int) -> float:
    """Return how many colleagues people notice on average, in a few organisations."""
    if not has_drawn_ties(scenario):
        return scenario.organisation.network.degree
    drawn = list(Simulator(scenario, runs=TIES, seed=seed).worlds())
    ties, people = (
        sum(getattr(world, part).size for world in drawn) for part in ("other", "people")
    )
    return float(ties / people)


def applied(scenario: Scenario, variant: Variant, ties: float) -> Scenario:
    """Return a scenario under a variant.

    Parameters
    ----------
    scenario
        With the numbers of the rules it is looked at with.
    variant
        Which theory.
    ties
        Ties per person that another network gets [people].
    """
    changes = variant.changes
    if "network" in variant.levels:
        even = changes["organisation.network.kind"] == "small_world"
        changes["organisation.network.degree"] = 2.0 * round(ties / 2.0) if even else ties
    if changes.get("rules.link") == "identity" and scenario.rules.link == "logit":
        changes |= as_plain_sum(scenario)
    return scenario.changed(changes) if changes else scenario


def as_plain_sum(scenario: Scenario) -> dict[str, float]:
    """Return the numbers in log-odds as parts of a plain sum: those of the tangent at a half."""
    given = scenario.parameters
    scaled = {
        f"parameters.{name}": getattr(given, name) / TANGENT
        for name, number in numbers().items()
        if number.unit == "log-odds"
    }
    return scaled | {"parameters.base_desire": 0.5 + given.base_desire / TANGENT}


def balanced(levels: Sequence[int], rows: int, seed: int) -> Array:
    """Return a design in which answers occur equally often, alone and as nearly as can be in pairs.

    Each column holds its answers as often as any other, give or take one. Of a number of orders of
    a column the one is kept in which it is most evenly paired with the columns before.

    Parameters
    ----------
    levels
        Number of answers of each question.
    rows
        Number of combinations.
    seed
        The same seed gives the same design.

    Returns
    -------
    numpy.ndarray
        Answer to each question in each combination, from 0 [rows, questions].

    Examples
    --------
    >>> design = balanced([2, 3], 12, seed=1)
    >>> [int(((design[:, 0] == 0) & (design[:, 1] == level)).sum()) for level in range(3)]
    [2, 2, 2]
    """
    rng = np.random.default_rng(seed)
    design = np.empty((rows, len(levels)), np.int64)
    for column, answers in enumerate(levels if rows else ()):
        even = rng.permutation(answers)[np.arange(rows) % answers]
        tried = [rng.permutation(even) for _ in range(TRIES)]
        design[:, column] = min(
            tried, key=lambda answers: _unevenness(design[:, :column], answers, levels)
        )
    return design


def _unevenness(before: Array, column: Array, levels: Sequence[int]) -> float:
    """Return how unevenly a column is paired with those before: the sum of their chi-squares."""
    total = 0.0
    rows = column.size
    answers = int(column.max(initial=0)) + 1
    for place in range(before.shape[1]):
        cells = np.bincount(before[:, place] * answers + column, minlength=levels[place] * answers)
        expected = rows / cells.size
        total += float(((cells - expected) * (cells - expected)).sum()) / expected
    return total
