"""Which parameters reach the figures: the fit behind ``adopt fit``.

A dozen figures cannot pin down more free parameters than that: the fit finds one point on a
ridge, held near its start by a weak prior. It is a starting point, not an estimate with an uncertainty.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import kernel, kpis, world
from sim.compiled import source_fingerprint
from sim.errors import AdoptionError
from sim.experiments import compare
from sim.files import read_scenario
from sim.parameters import Parameters, numbers
from sim.results import Result
from sim.scenario import Scenario, library

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]

ORGANISATIONS = 100
CONTINUATIONS = 30
"""Of the expected intensity of an organisation, in which a trough is looked for."""

PRIOR = 0.08
"""Weight of the prior: a parameter moved by its whole scale costs as much as this many band
half-widths."""


@dataclass(frozen=True)
class Target:
    """One figure to reach; see ``scenarios/library/targets.yaml``."""

    name: str
    of: str
    scenario: str
    low: float
    high: float
    fit: bool
    source: str
    kpi: str = "adoption"
    month: int = 18
    against: str = ""
    parts: tuple[str, ...] = ()

    def reached(self, value: float) -> bool:
        """Return whether a value lies in the band, ends included."""
        return self.low <= value <= self.high

    def miss(self, value: float) -> float:
        """Return the distance from the middle of the band in half-widths."""
        return (value - 0.5 * (self.low + self.high)) / (0.5 * (self.high - self.low))


def read_targets(path: Path | None = None) -> list[Target]:
    """Read the figures to reach.

    Raises
    ------
    AdoptionError
        If the file is missing or an entry has a wrong field.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path = path or library() / "library" / "targets.yaml"
    try:
        entries = YAML(typ="safe").load(path.read_text("utf-8"))
        return [Target(**{**entry, "parts": tuple(entry.get("parts", ()))}) for entry in entries]
    except (OSError, YAMLError, TypeError) as error:
        raise AdoptionError(f"{path}: not a list of targets: {error}") from error


# --- Measuring one set of parameters -------------------------------------------------------


def trough_share(scenario: Scenario, seed: int, threads: int = 2) -> float:
    """Return the share of organisations whose expected intensity sags after the novelty.

    Expected intensity is the mean over continuations that share people and ties and differ in
    luck, so that the noise of a small firm makes no trough.
    """
    plan, design = world.plan(scenario), world.design(scenario)
    index = kpis.COLUMN["intensity"]

    def expected(organisations: Array) -> Array:
        worlds = world.draw_worlds(design, seed, organisations)
        total = np.zeros((organisations.size, plan.months + 1))
        for continuation in range(CONTINUATIONS):
            luck = organisations + 1_000_003 * (continuation + 1)
            total += kernel.simulate(worlds, plan, seed, luck).rows[:, :, index]
        return total / CONTINUATIONS

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(expected, np.array_split(np.arange(ORGANISATIONS), threads)))
    return float(kpis.has_trough(np.concatenate(parts), scenario.tool.go_live).mean())


def with_parameters(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """Return the scenario with these numbers of the rules."""
    return scenario.changed({f"parameters.{name}": value for name, value in values.items()})


def figures(
    targets: Sequence[Target], values: Mapping[str, float], runs: int, seed: int = 1
) -> dict[str, float]:
    """Return the simulated figure of each target under these parameters."""
    names = sorted({n for t in targets for n in (t.scenario, t.against, *t.parts) if n})
    scenarios = {name: with_parameters(read_scenario(name), values) for name in names}
    result = compare(list(scenarios.values()), runs=runs, seed=seed)

    def level(name: str, target: Target, of: Result = result) -> float:
        return float(of.curves(name, target.kpi)[:, target.month].mean())

    found: dict[str, float] = {}
    for target in targets:
        if target.of == "level":
            value = level(target.scenario, target)
        elif target.of == "spread":
            value = float(result.curves(target.scenario, target.kpi)[:, target.month].std(ddof=1))
        elif target.of == "difference":
            value = level(target.scenario, target) - level(target.against, target)
        elif target.of == "ratio":
            value = level(target.scenario, target) / level(target.against, target)
        elif target.of == "synergy":
            base = level(target.against, target)
            product = np.prod([level(part, target) / base for part in target.parts])
            value = level(target.scenario, target) / base / float(product)
        elif target.of == "trough":
            value = trough_share(scenarios[target.scenario], seed)
        elif target.of == "substeps":
            fine = compare(
                [one.changed({"simulation.substeps": 12}) for one in scenarios.values()],
                runs=runs,
                seed=seed,
            )
            value = max(
                abs(
                    (level(name, target, fine) - level(target.against, target, fine))
                    - (level(name, target) - level(target.against, target))
                )
                for name in names
            )
        else:
            raise AdoptionError(f"targets: '{target.name}': no such figure '{target.of}'")
        found[target.name] = value
    return found


# --- The fit -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fit:
    """What a fit reached.

    Attributes
    ----------
    start, values
        Free parameters before and after.
    figures
        Simulated figure of each target, at the end, with organisations not used in the fit.
    targets
        The targets, in order.
    evaluations
        Sets of parameters tried.
    seconds
        Time it took.
    """

    start: dict[str, float]
    values: dict[str, float]
    figures: dict[str, float]
    targets: tuple[Target, ...]
    evaluations: int
    seconds: float

    @property
    def missed(self) -> list[Target]:
        """Targets whose figure lies outside the band."""
        return [one for one in self.targets if not one.reached(self.figures[one.name])]


class _OutOfTimeError(Exception):
    """Ends the fit; the best set of parameters so far counts."""


def free_parameters() -> dict[str, tuple[float, float, float, float]]:
    """Return default, lowest, highest and scale of the parameters a fit may move."""
    free = {}
    for name, number in numbers().items():
        if number.prior:
            default = float(Parameters._field_defaults[name])
            scale = max(0.3 * abs(default), 0.005 * (number.high - number.low))
            free[name] = (default, number.low, number.high, scale)
    return free


def fit(
    minutes: float = 15.0,
    runs: int = 250,
    check_runs: int = 1000,
    seed: int = 1,
    progress: Callable[[float, str], None] | None = None,
    targets: Sequence[Target] | None = None,
    names: Sequence[str] | None = None,
) -> Fit:
    """Move the free parameters until the figures are reached, or time is up.

    Parameters
    ----------
    minutes
        Time after which the best set so far counts [minute].
    runs
        Organisations per scenario and set of parameters.
    check_runs
        Other organisations on which the figures are measured at the end.
    seed
        Seed of the study; the check uses the next.
    progress
        Called with the share of the time used and a line of text.
    targets
        Figures to reach; by default the shipped ones.
    names
        Parameters moved; by default all that are free.

    Notes
    -----
    Trust-region least squares (Branch, Coleman and Li 1999, as in SciPy) on distances from the
    middle of each band, with common random numbers and steps wider than what luck moves.
    """
    from scipy.optimize import least_squares

    targets = read_targets() if targets is None else targets
    pulling = [one for one in targets if one.fit]
    free = {n: entry for n, entry in free_parameters().items() if names is None or n in names}
    names = list(free)
    default, low, high, scale = (np.array(column) for column in zip(*free.values(), strict=True))
    began = time.monotonic()
    best: tuple[float, Array] = (np.inf, default)
    tried = 0

    def residuals(x: Array) -> Array:
        nonlocal best, tried
        used = (time.monotonic() - began) / (60.0 * minutes)
        if used >= 1.0:
            raise _OutOfTimeError
        values = np.clip(default + (x - 1.0) * scale, low, high)
        found = figures(pulling, dict(zip(names, values.tolist(), strict=True)), runs, seed)
        misses = np.array([one.miss(found[one.name]) for one in pulling])
        away = np.concatenate([misses, PRIOR * (x - 1.0)])
        loss = float(away @ away)
        tried += 1
        if loss < best[0]:
            best = (loss, values)
        if progress is not None:
            inside = sum(one.reached(found[one.name]) for one in pulling)
            progress(used, f"{inside} of {len(pulling)} figures reached, loss {best[0]:.2f}")
        return away

    lowest, highest = (1.0 + (edge - default) / scale for edge in (low, high))
    with contextlib.suppress(_OutOfTimeError):
        least_squares(
            residuals,
            np.ones(len(names)),
            bounds=(lowest - 1e-9, highest + 1e-9),
            diff_step=0.15,
            xtol=1e-3,
            ftol=2e-3,
        )
    values = {name: float(f"{value:.4g}") for name, value in zip(names, best[1], strict=True)}
    found = figures(targets, values, check_runs, seed + 1)
    return Fit(
        start={name: entry[0] for name, entry in free.items()},
        values=values,
        figures=found,
        targets=tuple(targets),
        evaluations=tried,
        seconds=time.monotonic() - began,
    )


# --- Reporting it --------------------------------------------------------------------------


def figures_table(found: Fit) -> pd.DataFrame:
    """Return each target with its band, what was simulated and whether it is reached."""
    import pandas as pd

    return pd.DataFrame(
        {
            "figure": one.name,
            "simulated": round(found.figures[one.name], 3),
            "low": one.low,
            "high": one.high,
            "": "reached" if one.reached(found.figures[one.name]) else "MISSED",
            "fitted": "yes" if one.fit else "only reported",
            "source": one.source,
        }
        for one in found.targets
    )


def parameters_moved(found: Fit) -> pd.DataFrame:
    """Return each free parameter before and after the fit."""
    import pandas as pd

    return pd.DataFrame(
        {
            "parameter": name,
            "before": found.start[name],
            "after": value,
            "unit": numbers()[name].unit,
            "meaning": numbers()[name].meaning,
        }
        for name, value in found.values.items()
    )


def as_dict(found: Fit) -> dict[str, Any]:
    """Return a fit as plain values, for JSON."""
    return {
        "parameters": found.values,
        "figures": [
            {
                "name": one.name,
                "simulated": found.figures[one.name],
                "low": one.low,
                "high": one.high,
                "reached": one.reached(found.figures[one.name]),
                "fitted": one.fit,
                "source": one.source,
            }
            for one in found.targets
        ],
        "evaluations": found.evaluations,
        "seconds": round(found.seconds, 1),
        "code": source_fingerprint(),
    }


def save(found: Fit, root: Path) -> Path:
    """Write the fit as JSON, and its parameters as a block that a scenario file can hold.

    Raises
    ------
    AdoptionError
        If the folder cannot be written.
    """
    content = json.dumps(as_dict(found), indent=2) + "\n"
    folder = root / "fit" / hashlib.sha256(content.encode()).hexdigest()[:12]
    block = "".join(f"  {name}: {value:g}\n" for name, value in found.values.items())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fit.json").write_text(content, "utf-8")
        (folder / "parameters.yaml").write_text("parameters:\n" + block, "utf-8")
    except OSError as error:
        raise AdoptionError(f"{folder}: cannot write the fit: {error.strerror}") from error
    return folder
