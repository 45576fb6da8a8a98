"""The verbs: run a scenario, compare several on the same people and the same luck."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from sim import kernel, world
from sim.errors import AdoptionError, InterruptedStudyError
from sim.files import read_scenario
from sim.population import department_names, team_names
from sim.results import Groups, Result
from sim.scenario import Scenario
from sim.state import ARCHETYPES, ROLES

Array = np.ndarray[Any, Any]
Progress = Callable[[int, int], None]
Part = TypeVar("Part")

CHUNK_PEOPLE = 20_000
"""People simulated in one piece of work: a fraction of a second, and little memory."""


def as_scenario(scenario: Scenario | str | Path) -> Scenario:
    """Return a scenario as it is, or read it by its name or path."""
    return scenario if isinstance(scenario, Scenario) else read_scenario(scenario)


def same_people(one: Scenario, other: Scenario) -> bool:
    """Return whether run k has the same people and ties in both scenarios for the same seed.

    They are who they are by organisation and seed: neither the tool, nor what an hour costs, nor
    other numbers of the rules make them other people with other luck.
    """
    return _organisation_key(one) == _organisation_key(other)


LEVERS = {"name", "hourly_cost", "culture", "digital_maturity", "works_council", "turnover"}
"""What changes how people of an organisation are or fare, but not who they are."""


def _organisation_key(scenario: Scenario) -> str:
    return scenario.organisation.model_dump_json(exclude=LEVERS)


def _population_key(scenario: Scenario) -> str:
    return scenario.model_dump_json(include={"organisation", "tool", "parameters"})


def run(
    scenario: Scenario | str | Path,
    runs: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    by: Sequence[str] = (),
) -> Result:
    """Simulate one scenario a number of times; see :func:`compare`."""
    return compare([scenario], runs, seed, progress, threads, by)


def compare(
    scenarios: Sequence[Scenario | str | Path],
    runs: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    by: Sequence[str] = (),
) -> Result:
    """Simulate several scenarios on the same organisations with the same luck.

    Parameters
    ----------
    scenarios
        Scenarios, names or paths.
    runs
        Replicates, each with its own people, ties and luck; by default what the first scenario
        says.
    seed
        Seed of the study; by default what the first scenario says.
    progress
        Called with the number of runs finished and the total, after each piece of work.
    threads
        Number of threads; by default one per processor. It does not change a single bit.
    by
        Kinds of groups to measure as well: ``archetype``, ``department``, ``team``, ``role``.

    Returns
    -------
    Result
        If interrupted by Ctrl-C, the runs finished without a gap, and ``interrupted`` is true.

    Raises
    ------
    AdoptionError
        If a scenario cannot be used, two have the same name, or nothing was finished.

    Examples
    --------
    >>> import sim
    >>> both = sim.compare(["baseline", "leadership"], runs=10, seed=1)
    >>> both.runs
    10
    """
    chosen = [as_scenario(one) for one in scenarios]
    if not chosen:
        raise AdoptionError("nothing to simulate: give at least one scenario")
    named = {one.name: one for one in chosen}
    if len(named) < len(chosen):
        twice = next(one.name for one in chosen if [o.name for o in chosen].count(one.name) > 1)
        raise AdoptionError(f"two scenarios are called '{twice}': give one of them another name")
    runs = chosen[0].simulation.runs if runs is None else runs
    seed = chosen[0].simulation.seed if seed is None else seed
    whole_number("runs", runs, 1)
    whole_number("seed", seed, 0, 2**32 - 1)
    if threads is not None:
        whole_number("threads", threads, 1)

    for kind in by:
        if kind not in kernel.GROUPS:
            raise AdoptionError(f"by: found {kind!r}, expected one of: {', '.join(kernel.GROUPS)}")
    populations: dict[str, list[str]] = {}
    for name, one in named.items():
        populations.setdefault(_population_key(one), []).append(name)
    designs = {key: world.design(named[names[0]]) for key, names in populations.items()}
    plans = {
        name: world.plan(named[name], designs[key])
        for key, names in populations.items()
        for name in names
    }

    def simulate(streams: Array) -> dict[str, kernel.Simulated]:
        done: dict[str, kernel.Simulated] = {}
        for key, names in populations.items():
            worlds = world.draw_worlds(designs[key], seed, streams)
            for name in names:
                done[name] = kernel.simulate(worlds, plans[name], seed, by=by)
        return done

    largest = max(one.organisation.employees for one in chosen)
    workers = threads or os.cpu_count() or 1
    chunk = max(1, min(CHUNK_PEOPLE // largest, -(-runs // (4 * workers))))
    pieces = [np.arange(first, min(first + chunk, runs)) for first in range(0, runs, chunk)]
    parts = list(in_order(simulate, pieces, workers, progress, runs))
    if not parts:
        raise InterruptedStudyError("interrupted before the first runs were finished")
    measured = {name: np.concatenate([part[name].rows for part in parts]) for name in named}
    groups = {
        name: groups_of(one, plans[name], [part[name] for part in parts], by)
        for name, one in named.items()
        if by
    }
    return Result(named, measured, seed, runs, groups=groups)


def groups_of(
    scenario: Scenario, plan: world.Plan, parts: Sequence[kernel.Simulated], by: Sequence[str]
) -> Groups:
    """Return the KPIs of a scenario's groups, those that are too small to be shown left out."""
    chart = plan.chart
    names = {
        "archetype": list(ARCHETYPES),
        "department": department_names(scenario.organisation),
        "team": team_names(scenario, chart) if "team" in by else [],
        "role": list(ROLES),
    }
    labels = tuple((kind, name) for kind in kernel.GROUPS if kind in by for name in names[kind])
    heads = np.concatenate([part.heads for part in parts])
    values = np.concatenate([part.grouped for part in parts])
    values[heads < scenario.privacy.min_group] = np.nan
    heads[heads < scenario.privacy.min_group] = np.nan
    return Groups(labels, values, heads)


def whole_number(name: str, value: object, low: int, high: int | None = None) -> None:
    """Raise AdoptionError unless a value is a whole number in a range."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < low or (high is not None and value > high):  # type: ignore[operator]
        allowed = f"from {low}" if high is None else f"from {low} to {high}"
        raise AdoptionError(f"{name}: found {value!r}, expected a whole number {allowed}")


def in_order(
    work: Callable[[Array], dict[str, Part]],
    pieces: Sequence[Array],
    workers: int,
    progress: Progress | None,
    total: int,
) -> Iterator[dict[str, Part]]:
    """Yield the result of each piece in order, worked on by several threads.

    Ctrl-C ends it quietly after the pieces finished without a gap, so that what is finished is
    the same as a smaller study.
    """
    pool = ThreadPoolExecutor(workers)
    ahead = 2 * workers
    waiting: list[Future[dict[str, Part]]] = [pool.submit(work, one) for one in pieces[:ahead]]
    finished = 0
    try:
        for number in range(len(pieces)):
            part = waiting[number].result()
            if number + ahead < len(pieces):
                waiting.append(pool.submit(work, pieces[number + ahead]))
            finished += len(pieces[number])
            yield part
            if progress is not None:
                progress(finished, total)
    except KeyboardInterrupt:
        return
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
