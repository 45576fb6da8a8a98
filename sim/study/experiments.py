"""The verbs: run a scenario, compare several on the same people and the same luck."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from sim import kernel, rules, world
from sim.engine.kinds import Array
from sim.engine.running import expect
from sim.errors import AdoptionError, InterruptedStudyError, said, whole_number
from sim.people.population import group_names, imported
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.study.kept import Kept
from sim.study.provenance import fingerprint
from sim.study.results import Groups, Result

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
Part = TypeVar("Part")

CHUNK_PEOPLE = 20_000
"""People simulated in one piece of work: a fraction of a second, and little memory."""

FAR = 1_000_003
"""Distance between the luck of two replicates of one organisation."""


def luck_of(streams: Array, replicate: int | Array) -> Array:
    """Return the numbers of the luck of a replicate: same people and ties, other luck.

    Parameters
    ----------
    streams
        Numbers of the organisations, below a million.
    replicate
        Number of the replicate; 0 is the run everybody else calls by the organisation's number.
    """
    luck: Array = streams + FAR * np.asarray(replicate)
    return luck


def same_people(first: Scenario, other: Scenario) -> bool:
    """Return whether run k has the same people and ties in both scenarios for the same seed.

    They are who they are by organisation and seed: neither the tool, nor what an hour costs, nor
    other numbers of the rules make them other people with other luck.
    """
    return _organisation_key(first) == _organisation_key(other)


LEVERS = {
    "name",
    "hourly_cost",
    "culture",
    "digital_maturity",
    "works_council",
    "turnover",
    "already_using",
}
"""What changes how people of an organisation are or fare, but not who they are."""


def _organisation_key(scenario: Scenario) -> str:
    smallest = scenario.privacy.min_group if scenario.organisation.people is not None else 0
    return f"{scenario.organisation.model_dump_json(exclude=LEVERS)} {smallest}"


def population_key(scenario: Scenario) -> str:
    """Return what people and ties of a scenario depend on: the same text, the same people."""
    kept = {"organisation", "tool", "parameters", "rules"}
    if scenario.organisation.people is not None:  # what is used of real people
        kept.add("privacy")
    return scenario.model_dump_json(include=kept)


def runs_key(scenario: Scenario, seed: int) -> str:
    """Return what the runs of a scenario depend on: the same text, the same numbers, run by run.

    It is everything the scenario says but for words, and the library and the code. Where files of
    people lie is part of it: what is kept of them serves nobody who has other files.
    """
    said_of_it = scenario.model_dump_json(exclude={"name", "title", "question", "play"})
    return f"{fingerprint({'': scenario}, seed, 0)} {said_of_it}"


def run(
    scenario: Scenario | str | Path,
    runs: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    *,
    by: Sequence[str] = (),
) -> Result:
    """Simulate one scenario a number of times; see :func:`compare`."""
    return compare([scenario], runs, seed, progress, threads, by=by)


def compare(
    scenarios: Sequence[Scenario | str | Path],
    runs: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
    *,
    by: Sequence[str] = (),
    kept: Kept[tuple[kernel.Simulated, ...]] | None = None,
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
    kept
        Where runs are kept. Those that are there already are not simulated again, and those that
        are finished are added, also when the rest is not waited for. It does not change a single
        bit.

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
    named = _by_name([as_scenario(scenario) for scenario in scenarios])
    first = next(iter(named.values())).simulation
    runs = first.runs if runs is None else runs
    seed = first.seed if seed is None else seed
    _check(runs, seed, threads, by)
    study = _Comparison(named, seed, by)
    simulations: dict[str, list[kernel.Simulated]] = {name: [] for name in named}
    if kept is not None:
        kinds = [kind for kind in kernel.GROUPS if kind in by]
        keys = {name: f"{kinds} {runs_key(scenario, seed)}" for name, scenario in named.items()}
        simulations = {name: list(kept.get(key) or ()) for name, key in keys.items()}
    there = {name: min(runs, _runs_of(parts)) for name, parts in simulations.items()}
    expect(
        sum(
            (runs - there[name]) * scenario.organisation.employees * scenario.simulation.months
            for name, scenario in named.items()
        )
    )
    workers = threads or os.cpu_count() or 1
    total = runs - min(there.values())
    pieces = study.pieces(there, runs, workers)
    try:
        simulate = partial(study.simulate, there)
        for part in in_order(simulate, pieces, workers, progress, total):
            for name, simulated in part.items():
                simulations[name].append(simulated)
    finally:
        if kept is not None:
            for name, key in keys.items():
                size = sum(array.nbytes for part in simulations[name] for array in part)
                kept.put(key, tuple(simulations[name]), size)
    finished = min(runs, *map(_runs_of, simulations.values()))
    if not finished:
        raise InterruptedStudyError(said("interrupted before the first runs were finished"))
    parts = {name: _first_runs(several, finished) for name, several in simulations.items()}
    return study.result(parts, runs)


def _by_name(chosen: Sequence[Scenario]) -> dict[str, Scenario]:
    """Return scenarios by name; raise AdoptionError if there are none, or two of one name."""
    if not chosen:
        raise AdoptionError(said("nothing to simulate: give at least one scenario"))
    named = {scenario.name: scenario for scenario in chosen}
    if len(named) < len(chosen):
        twice = next(
            scenario.name
            for scenario in chosen
            if [o.name for o in chosen].count(scenario.name) > 1
        )
        raise AdoptionError(
            said("two scenarios are called '{twice}': give one of them another name", twice=twice)
        )
    return named


def _check(runs: int, seed: int, threads: int | None, by: Sequence[str]) -> None:
    """Raise AdoptionError for numbers out of range and kinds of groups there are not."""
    whole_number("runs", runs, 1)
    whole_number("seed", seed, 0, 2**32 - 1)
    if threads is not None:
        whole_number("threads", threads, 1)
    for kind in by:
        if kind not in kernel.GROUPS:
            raise AdoptionError(
                said(
                    "by: found {kind!r}, expected one of: {listed}",
                    kind=kind,
                    listed=", ".join(kernel.GROUPS),
                )
            )


class _Comparison:
    """Scenarios made concrete: those with the same people share them, drawn once and not kept."""

    def __init__(self, named: Mapping[str, Scenario], seed: int, by: Sequence[str]) -> None:
        self.named, self.seed, self.by = named, seed, by
        self.populations: dict[str, list[str]] = {}
        for name, scenario in named.items():
            self.populations.setdefault(population_key(scenario), []).append(name)
        self.designs = {
            key: world.design(named[names[0]]) for key, names in self.populations.items()
        }
        self.plans = {
            name: world.plan(named[name], self.designs[key])
            for key, names in self.populations.items()
            for name in names
        }

    def pieces(self, there: Mapping[str, int], runs: int, workers: int) -> list[Array]:
        """Return the runs that are simulated together, where so many of each scenario are there."""
        largest = max(scenario.organisation.employees for scenario in self.named.values())
        ends = sorted({*there.values(), runs})  # between two of them the same scenarios are lacking
        chunk = max(1, min(CHUNK_PEOPLE // largest, -(-(runs - ends[0]) // (4 * workers))))
        return [
            np.arange(first, min(first + chunk, end))
            for begin, end in pairwise(ends)
            for first in range(begin, end, chunk)
        ]

    def simulate(self, there: Mapping[str, int], streams: Array) -> dict[str, kernel.Simulated]:
        """Return these runs of every scenario of which they are not there."""
        done: dict[str, kernel.Simulated] = {}
        for key, names in self.populations.items():
            lacking = [name for name in names if there[name] <= streams[0]]
            if lacking:
                worlds = world.draw_worlds(self.designs[key], self.seed, streams)
            for name in lacking:
                last = name == lacking[-1]
                done[name] = kernel.simulate(
                    worlds, self.plans[name], self.seed, by=self.by, spend=last
                )
        return done

    def result(self, parts: Mapping[str, Sequence[kernel.Simulated]], asked: int) -> Result:
        """Return the runs of every scenario as a result."""
        named, by = dict(self.named), self.by
        measured = {name: np.concatenate([part.rows for part in parts[name]]) for name in named}
        groups = {
            name: groups_of(scenario, self.plans[name], parts[name], by)
            for name, scenario in named.items()
            if by
        }
        started = {
            name: dict(zip(sorted(scenario.adaptive), _started(parts[name]).T, strict=True))
            for name, scenario in named.items()
        }
        return Result(named, measured, self.seed, asked, groups=groups, started=started)


def _started(parts: Sequence[kernel.Simulated]) -> Array:
    """Return the month in which each adaptive rule of a scenario started something."""
    return np.concatenate([part.started for part in parts])


def _runs_of(parts: Sequence[kernel.Simulated]) -> int:
    """Return how many runs there are in some pieces of work."""
    return sum(part.rows.shape[0] for part in parts)


def _first_runs(parts: Sequence[kernel.Simulated], runs: int) -> list[kernel.Simulated]:
    """Return the first so many runs of some pieces of work."""
    ends = np.cumsum([part.rows.shape[0] for part in parts])
    return [
        kernel.Simulated(*(array[: max(0, runs - before)] for array in part))
        for part, before in zip(parts, [0, *ends], strict=False)
    ]


def groups_of(
    scenario: Scenario, plan: world.Plan, parts: Sequence[kernel.Simulated], by: Sequence[str]
) -> Groups:
    """Return the KPIs of a scenario's groups: without archetypes nobody is, small ones not a number.

    Of real people these are the groups that may be told, whichever kinds are asked for: see
    :mod:`sim.privacy`.
    """
    names = group_names(scenario, plan.chart)
    kinds = [kind for kind in kernel.GROUPS if kind in by]
    labels = tuple((kind, name) for kind in kinds for name in names[kind])
    heads = np.concatenate([part.heads for part in parts])
    values = np.concatenate([part.grouped for part in parts])
    nobody = {
        label
        for label, most in zip(labels, heads.max(axis=(0, 1)), strict=True)
        if label[0] == "archetype" and most == 0
    }
    hidden = heads < scenario.privacy.min_group
    values[hidden] = np.nan
    heads[hidden] = np.nan
    there = [k for k, label in enumerate(labels) if label not in nobody]
    return Groups(tuple(labels[k] for k in there), values[..., there, :], heads[..., there])


def events(
    scenario: Scenario | str | Path,
    runs: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
) -> pd.DataFrame:
    """Return who started, restarted and stopped when, in the runs that :func:`run` gives.

    Parameters
    ----------
    scenario, runs, seed, progress, threads
        As in :func:`compare`.

    Returns
    -------
    pandas.DataFrame
        One row per event: ``run``, ``month``, ``substep``, ``kind`` (``start``, ``restart``,
        ``stop``), ``exposure``, the share of noticed colleagues who used AI at that moment, and what
        the decision hung on, :class:`sim.rules.Reasons`. ``person`` and the reasons are told of
        generated people only; nor is ``exposure`` told where ties are real.
    """
    import pandas as pd

    asked = as_scenario(scenario)
    runs = asked.simulation.runs if runs is None else runs
    seed = asked.simulation.seed if seed is None else seed
    whole_number("runs", runs, 1)
    whole_number("seed", seed, 0, 2**32 - 1)
    if threads is not None:
        whole_number("threads", threads, 1)
    design = world.design(asked)
    plan = world.plan(asked, design)

    def simulate(streams: Array) -> dict[str, Array]:
        worlds = world.draw_worlds(design, seed, streams)
        happened = kernel.simulate(worlds, plan, seed, keep_events=True, spend=True).events
        happened[:, 0] = streams[happened[:, 0].astype(int)]
        return {"events": happened}

    chunk = max(1, CHUNK_PEOPLE // asked.organisation.employees)
    pieces = [np.arange(first, min(first + chunk, runs)) for first in range(0, runs, chunk)]
    workers = threads or os.cpu_count() or 1
    parts = [part["events"] for part in in_order(simulate, pieces, workers, progress, runs)]
    if not parts:
        raise InterruptedStudyError(said("interrupted before the first runs were finished"))
    table = pd.DataFrame(np.concatenate(parts), columns=list(kernel.EVENT))
    whole = {
        "run": "int32",
        "month": "int16",
        "substep": "int16",
        "person": "int32",
        "kind": "int8",
    }
    table = table.astype(whole)
    table["kind"] = pd.Categorical.from_codes(table["kind"], list(kernel.KINDS_OF_EVENT))
    if imported(asked.organisation) is not None:
        # Nor may the order of the rows say who it was.
        hidden = [] if asked.organisation.ties is None else ["exposure"]
        table = table.drop(columns=["person", *rules.Reasons._fields, *hidden])
        table = table.sort_values(list(table.columns), ignore_index=True)
    return table


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

    def submit(piece: Array) -> Future[dict[str, Part]]:
        return pool.submit(copy_context().run, work, piece)  # threads read the library in use

    waiting = [submit(piece) for piece in pieces[:ahead]]
    finished = 0
    try:
        for number in range(len(pieces)):
            part = waiting[number].result()
            if number + ahead < len(pieces):
                waiting.append(submit(pieces[number + ahead]))
            finished += len(pieces[number])
            yield part
            if progress is not None:
                progress(finished, total)
    except KeyboardInterrupt:
        return
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
