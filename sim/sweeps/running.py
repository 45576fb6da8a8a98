"""The verb: run an experiment shard by shard, so that nothing finished is ever lost or doubted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sim.errors import AdoptionError, InterruptedStudyError
from sim.sweeps import store
from sim.sweeps.engines import executor, processors
from sim.sweeps.form import Experiment
from sim.sweeps.plan import Job, described
from sim.sweeps.preparing import Prepared
from sim.sweeps.work import Shard, simulated, written

Progress = Callable[[int, int], None]
Notice = Callable[[str], None]

TOLD: Final = {
    "code": "the code of the simulation",
    "seed": "the seed",
    "scenarios": "the scenarios",
    "measures": "the catalogue of measures",
    "vectors": "the parameter vectors",
}
"""What tells one experiment from another, in words."""

FREE: Final = {"name", "title", "question", "scenarios", "points", "listed", "seed"}
"""What of an experiment may change: words and paths, and what is compared by what it holds."""


def complete(
    prepared: Prepared,
    folder: Path,
    engine: str = "threads",
    workers: int | None = None,
    scheduler: str = "",
    share: tuple[int, int] = (1, 1),
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> None:
    """Simulate what a folder still lacks of an experiment.

    Parameters
    ----------
    prepared
        The experiment.
    folder
        Where it is kept.
    engine, workers, scheduler
        See :func:`sim.sweeps.engines.executor`.
    share
        Part and number of parts: (2, 5) does every fifth shard from the second on, for job arrays.
    progress
        Called with the number of runs there are and the total.
    notice
        Called with a sentence about what was found and mended.

    Raises
    ------
    AdoptionError
        If the folder holds another experiment, or something cannot be simulated or written.
    InterruptedStudyError
        If interrupted; what is finished is kept.
    """
    say = notice or (lambda _: None)
    asked = len(prepared.points)
    prepared = agreed(prepared, folder)
    begin(prepared, folder)
    if len(prepared.points) > asked:
        say(f"{folder} holds {len(prepared.points):,} points, more than the {asked:,} asked for")
    part, parts = share
    mine = range(part - 1, prepared.cut.shards, parts)
    store.clear(folder, mine if parts > 1 else None)
    missing: dict[int, int] = {}
    done = 0
    for number in mine:
        there, wrong = _there(prepared, folder, number)
        done += prepared.runs_in(number, 0, there)
        if wrong:
            missing[number] = there
            if wrong != store.MISSING and not there:
                say(f"{store.shard_file(folder, number).name} is {wrong}: simulated again")
    total = sum(prepared.runs_in(number) for number in mine)
    report = progress or (lambda *_: None)
    report(done, total)

    def keep(shard: Shard) -> None:
        nonlocal done
        begun = missing[shard.number]
        if shard.groups:
            _keep(prepared, folder / store.GROUPS, shard.number, begun, shard.groups)
        _keep(prepared, folder, shard.number, begun, shard.runs)
        done += prepared.runs_in(shard.number, begun)
        report(done, total)

    number = min(workers or processors(), max(1, len(missing)))
    jobs = (prepared.job(number, begun) for number, begun in missing.items())
    try:
        with executor(engine, number, scheduler) as (pool, size):
            finish(jobs, keep, pool, 2 * max(1, size))
    except KeyboardInterrupt:
        raise InterruptedStudyError(
            f"interrupted: {done:,} of {total:,} runs are in {folder}; the same command goes on"
        ) from None


def finish(jobs: Iterable[Job], keep: Callable[[Shard], None], pool: Executor, ahead: int) -> None:
    """Simulate jobs on an executor and keep each as it comes; only a few wait at a time."""
    left: Iterator[Job] = iter(jobs)
    waiting: set[Future[Shard]] = set()
    while True:
        while len(waiting) < ahead and (job := next(left, None)) is not None:
            waiting.add(pool.submit(simulated, job))
        if not waiting:
            return
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for one in done:
            keep(one.result())


def runs_there(prepared: Prepared, folder: Path) -> int:
    """Return how many runs a folder holds already, by what its shards say they hold."""
    each = prepared.experiment.replicates * len(prepared.scenarios)
    return each * sum(
        last - first
        for number in range(prepared.cut.shards)
        for _, _, first, last in store.promised(store.shard_file(folder, number))
    )


def _there(prepared: Prepared, folder: Path, number: int) -> tuple[int, str]:
    """Return how many of its pieces a shard holds, and what is wrong with it, if anything."""
    pieces = prepared.cut.pieces(number)
    first = [described(pieces[:last]) for last in range(1, len(pieces) + 1)]
    found: set[int] = set()
    for one in (folder, *((folder / store.GROUPS,) if prepared.experiment.by else ())):
        held, wrong = store.holds(store.shard_file(one, number))
        if wrong:
            return 0, wrong
        if held not in first:
            return 0, "of another size"
        found.add(first.index(held) + 1)
    there = min(found)
    if len(found) > 1:
        return 0, "damaged (its groups are others)"
    return there, "" if there == len(pieces) else "short of points added since"


def _keep(prepared: Prepared, folder: Path, number: int, begun: int, content: bytes) -> None:
    """Keep a shard; after what it held already, where points were added."""
    import pyarrow.parquet as pq

    path = store.shard_file(folder, number)
    job = prepared.job(number)
    if begun:
        tables = [pq.read_table(path), pq.read_table(io.BytesIO(content))]
        content = written(tables, job.columns, job.origin, job.pieces)
    store.keep_shard(path, content, described(job.pieces))


def _differs(there: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    """Yield in words what tells one experiment from another that cannot go on in its place."""
    for key, words in TOLD.items():
        if there.get(key) != asked.get(key):
            yield words + (
                f" ({there[key]} there, {asked[key]} asked for)" if key == "seed" else ""
            )
    one, other = there["experiment"], asked["experiment"]
    yield from (f"'{name}'" for name in other if name not in FREE and one.get(name) != other[name])


def agreed(prepared: Prepared, folder: Path) -> Prepared:
    """Return the sweep a folder is to hold, or raise if it holds another one.

    Returns
    -------
    Prepared
        What was asked for, or what is there if that has more points. Points can be added, and none
        is ever dropped.

    Raises
    ------
    AdoptionError
        If it holds another experiment.
    """
    if not (folder / store.ORIGIN).is_file():
        return prepared
    there = store.read_origin(folder)
    try:
        points = store.lines_of(folder / store.POINTS)
    except AdoptionError:
        if there["experiment"] != prepared.origin["experiment"]:
            raise
        points = list(prepared.points)  # the same experiment, which writes them again
    differs = list(_differs(there, prepared.origin))
    pairs = zip(points, prepared.points, strict=False)
    if not differs and any(one != other for one, other in pairs):
        differs = ["the points"]
    if differs:
        raise AdoptionError(
            f"{folder}: holds another experiment: {', '.join(differs)} changed since; "
            "give this one another name, or remove the folder"
        )
    if len(points) > len(prepared.points):
        experiment = Experiment.model_validate_json(json.dumps(there["experiment"]))
        return replace(prepared, experiment=experiment, points=points)
    return prepared


def begin(prepared: Prepared, folder: Path) -> None:
    """Write what makes a sweep beside it.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    text = json.dumps(prepared.origin, indent=1) + "\n"
    try:
        for one in (folder, *((folder / store.GROUPS,) if prepared.experiment.by else ())):
            (one / store.SUMS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AdoptionError(f"{folder}: cannot be made: {error.strerror}") from error
    store.keep_lines(folder / store.POINTS, prepared.points)
    store.keep_lines(folder / store.VECTORS, prepared.vectors)
    store.keep(folder / store.ORIGIN, text.encode())
