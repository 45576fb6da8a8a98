"""Scenario files made by chance: changes their form allows, and damage to files that were fine.

Used by the property tests, and by ``python tests/property/fuzz.py`` for as long as one likes.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim import kpis
from sim.scenario import read_scenario
from sim.scenario.allowed import scenario_forms
from sim.scenario.folders import library
from sim.scenario.schema import Scenario
from sim.study.results import Result

SHIPPED = sorted(library().glob("*.yaml"))

MOST_PEOPLE, MOST_MONTHS = 60, 30
"""A file that asks for more is read, and simulated with so many."""

WORDS = (
    "null", "true", "-1", "0", ".nan", ".inf", "1e308", "-0.0", "''", "'=1+1'", "[]", "{}", "[1, 2",
    "{a: 1}", "!!python/object:os.system", "&a", "*a", "2026-01-01", "'\\u0000'", "baseline",
    "9" * 400, "é" * 80, "- x", "? y", "|", ">-", "%YAML 9.9", "# only a comment", "\t", "0x10", "1_000",
)  # fmt: skip
"""What a value is replaced by."""


class UnexplainedError(AssertionError):
    """A file that neither runs nor says what is wrong with it."""


# --- Changes a form allows ------------------------------------------------------------------


def allowed_change(rng: random.Random) -> dict[str, Any]:
    """Return a value its form allows, by its dotted path; other fields may still forbid it."""
    forms = scenario_forms()
    path: list[str] = []
    form: Mapping[str, Any] = forms.schema
    while True:
        form, nullable = forms.resolved(form)
        if fields := form.get("properties"):
            path.append(rng.choice([one for one in fields if one not in ("name", "privacy")]))
            form = fields[path[-1]]
            continue
        if nullable and rng.random() < 0.1:
            return {".".join(path): None}
        return {".".join(path): allowed_value(form, rng)}


def allowed_value(form: Mapping[str, Any], rng: random.Random, depth: int = 0) -> Any:
    """Return a value a form allows by itself."""
    forms = scenario_forms()
    form, _ = forms.resolved(form)
    if "enum" in form:
        return rng.choice(form["enum"])
    if "const" in form:
        return form["const"]
    kind = form.get("type")
    if kind in ("number", "integer"):
        low = form.get("minimum", form.get("exclusiveMinimum", 0))
        high = min(form.get("maximum", form.get("exclusiveMaximum", 1e3)), low + 1e4)
        if kind == "integer":
            return rng.choice([int(low), int(high), rng.randint(int(low), int(high))])
        return rng.choice([low, high, rng.uniform(low, high)])
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "string":
        return rng.choice(["sales", "engineering", "a", "", "champions", "training"])
    if kind == "array":
        few = 0 if depth > 2 else rng.randint(0, 3)
        return [allowed_value(form.get("items", {}), rng, depth + 1) for _ in range(few)]
    if fields := form.get("properties"):
        some = [one for one in fields if one in form.get("required", ()) or rng.random() < 0.3]
        return {one: allowed_value(fields[one], rng, depth + 1) for one in some}
    more = form.get("additionalProperties")
    if isinstance(more, Mapping) and depth < 3:
        names = rng.sample(["engineering", "sales", "office", "training"], rng.randint(0, 3))
        return {one: allowed_value(more, rng, depth + 1) for one in names}
    return {} if kind == "object" else rng.choice([0, 1, 0.5, "a"])


# --- Damage ---------------------------------------------------------------------------------


def damaged(text: str, rng: random.Random) -> bytes:
    """Return the text of a file with one to four things done to it."""
    lines = text.splitlines()
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines)) if lines else 0
        how = rng.randrange(9)
        if not lines:
            lines = [rng.choice(WORDS)]
        elif how == 0:
            del lines[at]
        elif how == 1:
            lines.insert(at, lines[rng.randrange(len(lines))])
        elif how == 2:
            key, colon, _ = lines[at].partition(":")
            lines[at] = f"{key}{colon} {rng.choice(WORDS)}"
        elif how == 3:
            lines[at] = " " * rng.randrange(6) + lines[at].lstrip()
        elif how == 4:
            key, colon, value = lines[at].partition(":")
            lines[at] = f"{key[: rng.randrange(len(key) + 1)]}x{colon}{value}"
        elif how == 5:
            lines[at] = lines[at].replace("0", str(rng.randrange(-9, 10**6)))
        elif how == 6:
            place = rng.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:place] + chr(rng.randrange(1, 0x2FF)) + lines[at][place:]
        elif how == 7:
            lines = lines[: at + 1]
        else:
            lines.insert(at, rng.choice(WORDS))
    content = bytearray("\n".join(lines).encode("utf-8", "replace"))
    if content and rng.random() < 0.15:
        content[rng.randrange(len(content))] = rng.randrange(256)
    return bytes(content)


# --- What has to hold -----------------------------------------------------------------------


def read_or_explained(path: Path) -> Scenario | None:
    """Return the scenario of a file, or None if it says what is wrong with it.

    Raises
    ------
    UnexplainedError
        If it does neither.
    """
    try:
        return read_scenario(path)
    except sim.AdoptionError as error:
        if len(str(error)) < 10 or "Traceback" in str(error):
            raise UnexplainedError(f"{path}: explains nothing: {error}") from error
        return None
    except Exception as error:
        raise UnexplainedError(f"{path}: {type(error).__name__}: {error}") from error


def run_or_explained(scenario: Scenario) -> bool:
    """Simulate a scenario and check every bound; return False if it says why it cannot run.

    Raises
    ------
    UnexplainedError
        If it does neither, or a KPI leaves its bounds.
    """
    try:
        smaller = {
            "organisation.employees": min(scenario.organisation.employees, MOST_PEOPLE),
            "simulation.months": min(scenario.simulation.months, MOST_MONTHS),
        }
        here = scenario if scenario.organisation.people else scenario.changed(smaller)
        result = sim.run(here, runs=2, seed=1)
    except sim.AdoptionError:
        return False
    except Exception as error:
        raise UnexplainedError(f"{type(error).__name__}: {error}") from error
    check_bounds(result)
    return True


def check_bounds(result: Result) -> None:
    """Raise unless every share lies in 0 to 1, and no number is infinite."""
    table = result.table()
    for name, kpi in kpis.KPIS.items():
        values = table[name].to_numpy(float)
        if np.isinf(values).any():
            raise UnexplainedError(f"{name}: infinite")
        known = values[~np.isnan(values)]
        if kpi.unit == "share" and ((known < 0.0) | (known > 1.0 + 1e-6)).any():
            raise UnexplainedError(f"{name}: {known.min()} to {known.max()}, expected 0 to 1")
