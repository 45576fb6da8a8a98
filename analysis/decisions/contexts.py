"""Organisations around the one at hand: another culture, size or network, with the same plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.words.languages import ENGLISH, Language
from sim.engine.kinds import Array
from sim.scenario.schema import Scenario

AROUND: Final = {
    "organisation.culture.error_tolerance": 0.3,
    "organisation.culture.participation": 0.3,
    "organisation.culture.experimentation": 0.3,
    "organisation.culture.transparency": 0.3,
    "organisation.digital_maturity": 0.3,
    "organisation.turnover": 0.15,
    "organisation.already_using": 0.1,
}
"""How far each share is drawn to either side of the scenario's own, within 0 to 1."""

TIMES: Final = 2.0
"""How many times larger or smaller a size is drawn."""

MOST: Final = 0.95
"""The greatest share: no staff leaves as a whole."""


class Context(NamedTuple):
    """Something about an organisation that is drawn around what a scenario says.

    Attributes
    ----------
    path
        Dotted path in a scenario.
    around
        How far to either side; 0 for a size, which is drawn as a multiple.
    """

    path: str
    around: float = 0.0

    def at(self, scenario: Scenario, unit: float) -> float:
        """Return its value in an organisation around a scenario's, at a place of the unit interval."""
        own = float(_own(scenario, self.path))
        if self.around:
            low, high = max(0.0, own - self.around), min(MOST, own + self.around)
            return low + unit * (high - low)
        size = own * TIMES ** (2.0 * unit - 1.0)
        return float(round(size)) if self.path.endswith("employees") else size

    def label(self, words: Language = ENGLISH) -> str:
        """Return what it is called."""
        return {
            "error_tolerance": words._("tolerance for errors"),
            "participation": words._("say of staff"),
            "experimentation": words._("room to experiment"),
            "transparency": words._("transparency"),
            "digital_maturity": words._("digital maturity"),
            "turnover": words._("turnover of staff"),
            "already_using": words._("people who use AI already"),
            "employees": words._("number of people"),
            "cross_ties": words._("ties between teams"),
            "degree": words._("ties of a person"),
        }[self.path.rpartition(".")[2]]


def contexts_of(scenarios: Sequence[Scenario]) -> list[Context]:
    """Return what can be drawn around these scenarios: of real people neither size nor ties."""
    listed = [
        Context(path, around)
        for path, around in AROUND.items()
        if all(isinstance(_own(scenario, path), int | float) for scenario in scenarios)
    ]
    firm = scenarios[0].organisation
    if firm.people is None:
        listed.append(Context("organisation.employees"))
    if firm.ties is None:
        number = "cross_ties" if firm.network.kind == "teams" else "degree"
        listed.append(Context(f"organisation.network.{number}"))
    return listed


def drawn(contexts: Sequence[Context], number: int, seed: int) -> Array:
    """Return places of some organisations in the unit interval of each context [number, contexts].

    A Latin hypercube: each context has one organisation in each of as many equal parts.
    """
    rng = np.random.default_rng([seed, number])
    parts = np.array([rng.permutation(number) for _ in contexts]).reshape(len(contexts), number)
    places: Array = (parts.T + rng.random((number, len(contexts)))) / max(1, number)
    return places


def changed(scenario: Scenario, contexts: Sequence[Context], places: Array) -> Scenario:
    """Return a scenario in an organisation around its own [contexts]."""
    values: dict[str, Any] = {}
    for context, unit in zip(contexts, places, strict=True):
        value = context.at(scenario, float(unit))
        values[context.path] = int(value) if context.path.endswith("employees") else value
    return scenario.changed(values)


def _own(scenario: Scenario, path: str) -> Any:
    value: Any = scenario
    for name in path.split("."):
        value = getattr(value, name)
    return value
