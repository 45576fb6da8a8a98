"""What is varied, and between which values: one factor per dotted path of a scenario."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sim.errors import AdoptionError, ScenarioError
from sim.parameters import Parameters, numbers
from sim.scenario.allowed import scenario_forms
from sim.scenario.schema import Scenario
from sim.scenario.words import suggestion
from sim.study.posteriors import calibrated, posterior
from sim.study.sweeps.form import Varied

PARAMETERS: Final = "parameters."

PART: Final = 1.0 / 3.0
"""Part of the default that a parameter without a prior moves to either side."""

MIDDLE: Final = [0.05, 0.95]
"""Quantiles of calibrated vectors between which a parameter is varied."""

FEW: Final = 12
"""Whole numbers with fewer values than this are switched between, like categories."""


IDLE: Final = (
    "name",
    "title",
    "question",
    "play",
    "privacy",
    "simulation.runs",
    "simulation.seed",
    "simulation.months",
)
"""What changes nothing that is looked at, or what a study of sensitivity sets by itself."""


@dataclass(frozen=True)
class Factor:
    """Something that is varied.

    Attributes
    ----------
    path
        Dotted path in a scenario.
    low, high
        Ends of a range, both included.
    whole
        Whether only whole numbers are allowed.
    values
        Categories, if it is no range: each is as likely as any other, and nothing lies between.
    """

    path: str
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    values: tuple[Any, ...] = ()

    @property
    def slices(self) -> int:
        """Number of different values, 0 for a continuous range."""
        return len(self.values) or (int(self.high - self.low) + 1 if self.whole else 0)

    @property
    def switched(self) -> bool:
        """Whether it has so few values that it is switched between them and has no slope."""
        return bool(self.values) or (self.whole and self.slices < FEW)

    @property
    def label(self) -> str:
        """What it is, in words."""
        name = self.path.removeprefix(PARAMETERS)
        if self.path.startswith(PARAMETERS) and name in numbers():
            return numbers()[name].meaning
        words = " ".join(self.path.split(".")[1:]).replace("_", " ") or self.path
        return words[:1].upper() + words[1:]

    @property
    def short(self) -> str:
        """Name without its section, if it is a number of the rules."""
        return self.path.removeprefix(PARAMETERS)

    @property
    def told(self) -> str:
        """Between which values it varies, in words."""
        if self.values:
            return ", ".join(map(_written, self.values))
        return f"{self.low:g} to {self.high:g}"

    def at(self, unit: float) -> Any:
        """Return the value at a place of the unit interval; categories are equal slices of it.

        Examples
        --------
        >>> kind = Factor("organisation.network.kind", values=("teams", "ring", "random"))
        >>> [kind.at(unit) for unit in (0.0, 0.34, 0.99)]
        ['teams', 'ring', 'random']
        """
        if not self.slices:
            return self.low + unit * (self.high - self.low)
        slice_ = min(math.floor(unit * self.slices + 1e-9), self.slices - 1)
        return self.values[slice_] if self.values else int(self.low) + slice_

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        if self.values:
            return {"path": self.path, "values": list(self.values)}
        return {"path": self.path, "low": self.low, "high": self.high, "whole": self.whole}


# --- Which factors -------------------------------------------------------------------------


def prior_factors(within: str = "") -> list[Factor]:
    """Return the numbers of the rules that have a prior, each over its range.

    Parameters
    ----------
    within
        Evidence set: each over the middle 90 % of the vectors that reproduce it, instead of the
        prior. What vectors say of several numbers together is lost.

    Raises
    ------
    AdoptionError
        If there is no such evidence set, or nothing is calibrated on it yet.
    """
    ranges = calibrated()
    if within:
        ends = posterior(within).quantile(MIDDLE)
        ranges = {
            name: (float(ends[name].iloc[0]), float(ends[name].iloc[1]))
            for name in ranges
            if ends[name].iloc[0] < ends[name].iloc[1]
        }
    return [_parameter(name, *low_high) for name, low_high in ranges.items()]


def named_factor(name: str) -> Factor:
    """Return a number of the rules by its name: over its prior, or a third to either side.

    Parameters
    ----------
    name
        Such as ``buddy_weight``, or ``parameters.buddy_weight``.

    Raises
    ------
    AdoptionError
        If there is no such number, or a third of its default is nothing.

    Examples
    --------
    >>> named_factor("buddy_weight").told
    '2 to 4'
    """
    name = name.strip().removeprefix(PARAMETERS)
    if name not in numbers():
        raise AdoptionError(f"no such parameter '{name}'{suggestion(name, numbers())}")
    number, default = numbers()[name], Parameters._field_defaults[name]
    if number.prior is not None:
        return _parameter(name, *number.prior)
    part = PART * abs(default)
    if isinstance(default, int):
        part = max(1.0, round(part))
    low, high = max(number.low, default - part), min(number.high, default + part)
    if low >= high:
        raise AdoptionError(
            f"{name}: a third of its default {default:g} is nothing: "
            f"give a range, such as {PARAMETERS}{name}={number.low:g}..{number.high:g}"
        )
    return _parameter(name, low, high)


def read_factor(text: str) -> Factor:
    """Return a factor as it is written on the command line.

    Parameters
    ----------
    text
        ``PATH=LOW..HIGH`` or ``PATH=ONE,TWO,...``.

    Raises
    ------
    AdoptionError
        If it is written otherwise.

    Examples
    --------
    >>> read_factor("organisation.employees=50..500").slices
    451
    """
    path, equals, written = (part.strip() for part in text.partition("="))
    expected = "expected PATH=LOW..HIGH or PATH=ONE,TWO,..., such as organisation.employees=50..500"
    if not (path and equals and written):
        raise AdoptionError(f"factor: found '{text}', {expected}")
    kind = _kind_at(path)
    if ".." in written:
        low, high = (_read(end.strip()) for end in written.split("..", 1))
        if not (_is_number(low) and _is_number(high) and low < high):
            raise AdoptionError(f"factor {path}: found '{written}', expected LOW..HIGH, LOW below")
        return _range(path, kind, low, high)
    values = tuple(_read(text.strip()) for text in written.split(","))
    if len(values) < 2 or "" in values:
        raise AdoptionError(
            f"factor {path}: found '{written}', expected a range LOW..HIGH or two values or more"
        )
    if len(set(map(str, values))) < len(values):
        raise AdoptionError(f"factor {path}: found '{written}', expected different values")
    if kind == "number":
        values = tuple(float(value) if _is_number(value) else value for value in values)
    return Factor(path, values=values)


def chosen_factors(
    written: Sequence[str] = (), also: Sequence[str] = (), only: bool = False, within: str = ""
) -> list[Factor]:
    """Return the factors of a study: those with a prior, and those asked for.

    Parameters
    ----------
    written
        Factors with their range or values; one with a prior takes the place of that.
    also
        Names of numbers of the rules.
    only
        Leave out those with a prior that were not asked for.
    within
        Evidence set whose vectors say between which values those with a prior are varied.

    Raises
    ------
    AdoptionError
        If one is not understood or given twice, or there are none.
    """
    asked = [*(read_factor(text) for text in written), *(named_factor(text) for text in also)]
    paths = [factor.path for factor in asked]
    for path in paths:
        if paths.count(path) > 1:
            raise AdoptionError(f"factor {path}: given twice")
    kept = [] if only else [factor for factor in prior_factors(within) if factor.path not in paths]
    factors = [*kept, *asked]
    if not factors:
        raise AdoptionError("no factors: name some, such as organisation.employees=50..500")
    for factor in factors:
        for other in factors:
            if other.path.startswith(factor.path + "."):
                raise AdoptionError(
                    f"factor {other.path}: lies within {factor.path}: give one of them"
                )
    return factors


def factor_of(path: str, varied: Varied) -> Factor:
    """Return a factor as it is written in an experiment.

    Raises
    ------
    AdoptionError
        If it changes nothing, or the ends of a range are not allowed.
    """
    kind = _kind_at(path)
    if varied.values is not None:
        return Factor(path, values=varied.values)
    return _range(path, kind, varied.low or 0.0, varied.high or 0.0)


def _kind_at(path: str) -> str:
    """Return what kind of value lies at a path: ``number``, ``integer``, ``string`` ...

    Raises
    ------
    AdoptionError
        If it changes nothing.
    """
    if path in IDLE or path.split(".")[0] in IDLE:
        raise AdoptionError(f"factor {path}: changes nothing that is looked at")
    form, _ = scenario_forms().resolved(scenario_forms().at(tuple(path.split("."))))
    return str(form.get("type", ""))


def _range(path: str, kind: str, low: float, high: float) -> Factor:
    """Return a factor that lies between two ends."""
    whole = kind == "integer"
    if whole and not (float(low).is_integer() and float(high).is_integer()):
        raise AdoptionError(f"factor {path}: found {low:g} to {high:g}, expected whole numbers")
    return Factor(path, float(low), float(high), whole)


# --- What they do to scenarios -------------------------------------------------------------


def applied(scenario: Scenario, point: Mapping[str, Any]) -> Scenario:
    """Return the scenario at a point of a design: what it does not have is not put in."""
    values = {path: value for path, value in point.items() if scenario.has(path)}
    return scenario.changed(values) if values else scenario


@contextmanager
def at_point(values: Mapping[str, Any]) -> Iterator[None]:
    """Let whatever cannot be used at a point of a design say at which."""
    try:
        yield
    except AdoptionError as error:
        where = ", ".join(f"{path}={value}" for path, value in values.items())
        raise AdoptionError(f"{error}\n  at the point {where}" if where else f"{error}") from error


def check_factors(factors: Iterable[Factor], scenarios: Iterable[Scenario]) -> None:
    """Raise unless every factor exists in a scenario, and every value of it is allowed.

    Raises
    ------
    AdoptionError
        With the first factor that cannot be used, and why.
    """
    scenarios = list(scenarios)
    for factor in factors:
        there = [scenario for scenario in scenarios if scenario.has(factor.path)]
        if not there:
            section, name = factor.path.split(".")[:2]
            known = {
                entry
                for scenario in scenarios
                for entry in (scenario.deployments if section == "programme" else scenario.adaptive)
            }
            raise AdoptionError(
                f"factor {factor.path}: no scenario here has '{name}' in its {section}"
                f"{suggestion(name, sorted(known))}"
            )
        ends = factor.values or (factor.at(0.0), factor.at(1.0))
        for scenario in there:
            for value in ends:
                try:
                    scenario.changed({factor.path: value})
                except ScenarioError as error:
                    first = error.problems[0]
                    where = f"{factor.path}: " if first.path != factor.path else ""
                    raise AdoptionError(f"factor {where}{first}") from error


def _parameter(name: str, low: float, high: float) -> Factor:
    """Return the factor of a number of the rules."""
    whole = isinstance(Parameters._field_defaults[name], int)
    return Factor(PARAMETERS + name, float(low), float(high), whole)


def _read(text: str) -> Any:
    """Return a value as it is meant: a number, true, false, null or a word."""
    words = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    try:
        return float(text) if math.isfinite(float(text)) else text
    except ValueError:
        return text


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _written(value: Any) -> str:
    """Return a value as it is written in a scenario."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"{value:g}" if _is_number(value) else str(value)
