"""The verb: run an experiment shard by shard, so that nothing finished is ever lost or doubted."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.engine.running import expect
from sim.errors import AdoptionError, InterruptedStudyError
from sim.study.provenance import CHECKSUMS, first_difference, sealed
from sim.study.sweeps import store
from sim.study.sweeps.engines import Notice, Workers, WorkersLostError, executor, processors
from sim.study.sweeps.form import Experiment
from sim.study.sweeps.plan import Job, Piece, described
from sim.study.sweeps.points import points_of
from sim.study.sweeps.preparing import FREE, Prepared
from sim.study.sweeps.work import Shard, simulated, written

Progress = Callable[[int, int], None]


def complete(
    prepared: Prepared,
    folder: Path,
    engine: str = "threads",
    workers: int | None = None,
    scheduler: str = "",
    *,
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
        See :func:`sim.study.sweeps.engines.executor`.
    share, progress, notice
        See :func:`sim.study.sweeps.verb.sweep`.

    Raises
    ------
    AdoptionError
        If the folder holds another experiment, or something cannot be simulated or written.
    InterruptedStudyError
        If interrupted; what is finished is kept.
    """
    say = notice or (lambda _: None)
    asked = len(prepared.points)
    prepared = agreed(prepared, folder, say)
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
            if wrong and wrong != store.MISSING and not there:
                say(f"{wrong}: simulated again")
    total = sum(prepared.runs_in(number) for number in mine)
    report = progress or (lambda *_: None)
    report(done, total)
    largest = max(
        scenario.organisation.employees * scenario.simulation.months
        for scenario in prepared.scenarios.values()
    )
    expect((total - done) * largest)

    def keep(shard: Shard) -> None:
        nonlocal done
        begun = missing[shard.number]
        if shard.groups:
            _keep(prepared, folder / store.GROUPS, shard, begun, shard.groups)
        _keep(prepared, folder, shard, begun, shard.runs)
        done += prepared.runs_in(shard.number, begun)
        report(done, total)

    number = min(workers or processors(), max(1, len(missing)))
    jobs = (prepared.job(number, begun) for number, begun in missing.items())
    try:
        with executor(engine, number, scheduler, say) as workers_there:
            finish(jobs, keep, workers_there)
    except KeyboardInterrupt:
        raise InterruptedStudyError(
            f"interrupted: {done:,} of {total:,} runs are in {folder}; the same command goes on"
        ) from None
    except WorkersLostError as error:
        raise AdoptionError(
            f"{error}; {done:,} of {total:,} runs are in {folder}, and the same command goes on"
        ) from error


def finish(jobs: Iterable[Job], keep: Callable[[Shard], None], workers: Workers) -> None:
    """Simulate jobs on an executor and keep each as it comes; only a few wait at a time.

    Raises
    ------
    WorkersLostError
        If nobody is left who could simulate what waits.
    """
    left: Iterator[Job] = iter(jobs)
    waiting: set[Future[Shard]] = set()
    while True:
        while len(waiting) < workers.ahead and (job := next(left, None)) is not None:
            waiting.add(workers.submit(simulated, job))
        if not waiting:
            return
        done, waiting = wait(waiting, timeout=workers.patience, return_when=FIRST_COMPLETED)
        if not done:
            workers.ask()
        for future in done:
            keep(workers.result(future))


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
    numbers: set[int] = set()
    missing = 0
    places = (folder, *((folder / store.GROUPS,) if prepared.experiment.by else ()))
    for place in places:
        path = store.shard_file(place, number)
        name = path.relative_to(folder)
        held, wrong = store.holds(path, prepared.key)
        if prepared.cut.whole and not wrong:
            held = _as_asked_for(held, pieces)
        if wrong == store.MISSING:
            missing += 1
        elif wrong:
            return 0, f"{name} is {wrong}"
        elif held not in first:
            return 0, f"{name} is of another size"
        else:
            numbers.add(first.index(held) + 1)
    if missing == len(places):
        return 0, store.MISSING
    if missing or len(numbers) > 1:  # or killed between the two
        return (
            0,
            f"{store.shard_file(folder, number).name} is without its groups, or they are others",
        )
    there = min(numbers)
    return there, "" if there == len(pieces) else "short of points added since"


def _as_asked_for(held: str, pieces: Sequence[Piece]) -> str:
    """Return what a shard holds, with all the organisations it may have where fewer were enough."""
    (piece,) = pieces
    try:
        ((*_, last),) = json.loads(held)
        fewer = described([piece._replace(last=min(int(last), piece.last))])
    except (TypeError, ValueError):
        return held
    return described(pieces) if held == fewer else held


def _keep(prepared: Prepared, folder: Path, shard: Shard, begun: int, content: bytes) -> None:
    """Keep a shard; after what it held already, where points were added."""
    import pyarrow.parquet as pq

    path = store.shard_file(folder, shard.number)
    job = prepared.job(shard.number)
    if prepared.cut.whole:
        job = job._replace(pieces=shard.pieces)
    if begun:
        tables = [pq.read_table(path), pq.read_table(io.BytesIO(content))]
        content = written(tables, job.columns, job.origin, job.pieces)
    store.keep_shard(path, content, prepared.key, described(job.pieces))


def _differs(there: Mapping[str, Any], asked: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Yield in words what tells one experiment from another that cannot go on in its place."""
    if there.get("code") != asked["code"]:
        yield f"the code of the simulation ({there.get('code')} there, {asked['code']} here)"
    if there.get("seed") != asked["seed"]:
        yield f"the seed ({there.get('seed')} there, {asked['seed']} asked for)"
    theirs, other = there["experiment"], asked["experiment"]
    yield from (
        f"'{name}'" for name in other if name not in FREE and theirs.get(name) != other[name]
    )
    if there.get("hashes") != asked["hashes"]:
        difference = first_difference(there["scenarios"], asked["scenarios"])
        yield f"the scenarios ({difference})" if difference else "the scenarios"
    for file, content in asked["library"].items():
        if difference := first_difference(there.get("library", {}).get(file), content):
            yield f"{file} of the library ({difference}; as it was: {folder / store.LIBRARY / file})"
    if there.get("vectors") != asked["vectors"]:
        evidence = (other["posterior"] or theirs["posterior"] or {}).get("evidence")
        yield f"the parameter vectors, posteriors/{evidence}.csv of the library"


def agreed(prepared: Prepared, folder: Path, say: Notice | None = None) -> Prepared:
    """Return the sweep a folder is to hold, or raise if it holds another one.

    Parameters
    ----------
    prepared
        What is asked.
    folder
        The folder.
    say
        Called with a sentence about each file of the folder that is damaged and written again.

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
    say = say or (lambda _: None)
    there = _origin_there(prepared, folder, say)
    if there is None:
        return prepared
    if there["key"] != prepared.key:
        differs = list(_differs(there, prepared.origin, folder))
        raise AdoptionError(
            f"{folder}: holds another experiment, for these changed since: {'; '.join(differs)}. Put "
            "them back as they were, give this one another name, or remove the folder"
        )
    experiment = Experiment.model_validate_json(json.dumps(there["experiment"]))
    points = json.loads(json.dumps(points_of(experiment)))
    if any(point != other for point, other in zip(points, prepared.points, strict=False)):
        raise AdoptionError(
            f"{folder}: holds another experiment, for the points changed since; give this one "
            "another name, or remove the folder"
        )
    for name in (store.POINTS, store.VECTORS, *(f"{store.LIBRARY}/{file}" for file in store.KEPT)):
        _, wrong = store.holds(folder / name, str(there["key"]))
        if wrong:
            say(f"{name} is {wrong}: written again")
    if len(points) > len(prepared.points):
        return replace(prepared, experiment=experiment, points=points)
    return prepared


def _origin_there(prepared: Prepared, folder: Path, say: Notice) -> dict[str, Any] | None:
    """Return what made what is there, None where that is nothing, or cannot be told any more.

    What cannot be told is as asked if all shards are of the experiment that is asked: then it is
    written again.
    """
    shards = sorted(folder.glob(store.SHARDS))
    if not (folder / store.ORIGIN).is_file() and not shards:
        return None
    try:
        return store.read_origin(folder)
    except AdoptionError as error:
        keys = {record.key for shard in shards if (record := store.held(shard)) is not None}
        if keys - {prepared.key}:
            raise AdoptionError(
                f"{error}\nThe shards are of another experiment than this one: found the key "
                f"{', '.join(sorted(keys - {prepared.key}))}, expected {prepared.key}. Ask for it as it "
                "was, give this one another name, or remove the folder"
            ) from None
        say(
            f"{store.ORIGIN} was damaged or missing: written again; its shards are of this experiment"
        )
        return _grown(prepared, folder)


def _grown(prepared: Prepared, folder: Path) -> dict[str, Any]:
    """Return what makes what is asked, with as many points as shards that are there need."""
    most = 1 + max(
        (point for path in folder.glob(store.SHARDS) for point, *_ in store.promised(path)),
        default=-1,
    )
    asked = prepared.experiment
    if most <= len(prepared.points) or asked.design not in ("sobol", "list"):
        return prepared.origin
    changes: dict[str, Any] = {"points": most}
    if asked.design == "list":
        changes = {"listed": tuple(store.lines_of(folder / store.POINTS, prepared.key)[:most])}
    experiment = asked.model_copy(update=changes)
    points = json.loads(json.dumps(points_of(experiment)))
    return replace(prepared, experiment=experiment, points=points).origin


def begin(prepared: Prepared, folder: Path) -> None:
    """Write what makes a sweep beside it.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    try:
        for path in (folder, *((folder / store.GROUPS,) if prepared.experiment.by else ())):
            (path / store.SUMS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AdoptionError(f"{folder}: cannot be made: {error.strerror}") from error
    store.keep_library(folder, prepared.key)
    store.keep_lines(folder / store.POINTS, prepared.points, prepared.key)
    store.keep_lines(folder / store.VECTORS, prepared.vectors, prepared.key)
    if not _as_asked(folder, prepared.origin):
        text = json.dumps(sealed(prepared.origin), indent=1) + "\n"
        store.keep(folder / store.ORIGIN, text.encode())


def _as_asked(folder: Path, origin: Mapping[str, Any]) -> bool:
    """Return whether what makes a sweep is written beside it already."""
    try:
        there = store.read_origin(folder)
    except AdoptionError:
        return False
    del there[CHECKSUMS]
    return there == origin
