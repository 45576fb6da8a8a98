"""What is done for one shard, wherever that is: simulate its pieces, return them as Parquet."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim import kernel, kpis, world
from sim.engine.kinds import Array
from sim.engine.sources import source_fingerprint
from sim.errors import AdoptionError
from sim.scenario.folders import PerLibrary
from sim.scenario.schema import Scenario
from sim.study.experiments import CHUNK_PEOPLE, groups_of, luck_of, population_key
from sim.study.precision import until
from sim.study.provenance import library_in_use
from sim.study.results import curves
from sim.study.sweeps.factors import applied, at_point
from sim.study.sweeps.plan import Job, Piece, described
from sim.study.sweeps.store import encoded

if TYPE_CHECKING:
    import pyarrow as pa


KEYS = ("scenario", "run", "point", "vector", "organisation", "replicate", "month")
"""Columns that name a row. Scenarios that share a run share people, ties and luck in it."""


class Key(NamedTuple):
    """What names a row for good: points or shards that are added do not move it.

    Attributes
    ----------
    scenario
        Name of the scenario.
    point
        Number of the point.
    run
        Number of the run: point, vector, organisation and replicate together.
    month
        Month.
    """

    scenario: str
    point: int
    run: int
    month: int


WORDS = ("kind", "group", "scenario", "scenario_hash", "seed", "vector", "point")
"""Columns with few different values, beside those that are varied."""


class Shard(NamedTuple):
    """A finished shard as Parquet, and what it holds."""

    number: int
    runs: bytes
    groups: bytes
    pieces: Sequence[Piece]


@PerLibrary
def made_with() -> str:
    """Return what tells code and library apart: a shard of another machine has to have the same."""
    library = json.dumps(library_in_use(), separators=(",", ":"))
    return f"{source_fingerprint()} {hashlib.sha256(library.encode()).hexdigest()[:16]}"


def simulated(job: Job) -> Shard:
    """Return the runs of a shard, and their groups if those are asked for.

    Raises
    ------
    AdoptionError
        If a scenario cannot be used with the values it has there, or this machine has other code or
        another library than the one that asks.
    """
    if job.made_with and job.made_with != (here := made_with()):
        raise AdoptionError(
            f"the worker on {platform.node()} has other code or another library (found {here}, "
            f"expected {job.made_with}): install the same version of ai-adoption on every machine"
        )
    rows: list[pa.Table] = []
    groups: list[pa.Table] = []
    pieces: list[Piece] = []
    for asked in job.pieces:
        piece, parts = _precise(job, asked) if job.precision else (asked, parts_of(job, asked))
        pieces.append(piece)
        for part in parts:
            rows.append(_table(job, piece, part))
            if job.by:
                groups.append(_grouped(job, piece, part))
    return Shard(
        job.number,
        written(rows, job.columns, job.origin, pieces),
        written(groups, job.columns, job.origin, pieces) if groups else b"",
        pieces,
    )


def written(
    tables: Sequence[pa.Table],
    columns: Iterable[str],
    origin: Mapping[str, str],
    pieces: Sequence[Piece],
) -> bytes:
    """Return tables below each other as one shard.

    Parameters
    ----------
    tables
        Rows, in order.
    columns
        Paths that are varied.
    origin, pieces
        What made it and what it holds, for its metadata.
    """
    import pyarrow as pa

    words = [*WORDS, *columns]
    table = pa.concat_tables(tables).combine_chunks()
    few = [word for word in words if word in table.column_names]
    return encoded(table, few, {**origin, "pieces": described(pieces)})


class Part(NamedTuple):
    """One replicate of some organisations in one scenario."""

    scenario: Scenario
    replicate: int
    streams: Array
    plan: world.Plan
    found: kernel.Simulated


def parts_of(job: Job, piece: Piece) -> Iterator[Part]:
    """Yield every scenario and replicate of a piece, a few organisations at a time.

    Raises
    ------
    AdoptionError
        If a scenario cannot be used with the values it has there.
    """
    with at_point(piece.values):
        changed = {
            name: applied(scenario, piece.values) for name, scenario in job.scenarios.items()
        }
        designs = {
            population_key(scenario): world.design(scenario) for scenario in changed.values()
        }
        plans = {
            n: world.plan(scenario, designs[population_key(scenario)])
            for n, scenario in changed.items()
        }
    size = max(scenario.organisation.employees for scenario in changed.values())
    chunk = max(1, CHUNK_PEOPLE // size)
    for first in range(piece.first, piece.last, chunk):
        streams = np.arange(first, min(first + chunk, piece.last))
        worlds = {
            key: world.draw_worlds(design, job.seed, streams) for key, design in designs.items()
        }
        for name, scenario in changed.items():
            for replicate in range(job.replicates):
                ends = kernel.simulate(
                    worlds[population_key(scenario)],
                    plans[name],
                    job.seed,
                    luck_of(streams, replicate),
                    by=job.by,
                )
                yield Part(scenario, replicate, streams, plans[name], ends)


def _precise(job: Job, piece: Piece) -> tuple[Piece, list[Part]]:
    """Return a piece with as many organisations as its precision needs, and their parts.

    Raises
    ------
    AdoptionError
        As :func:`parts_of`, or if the KPI is not known in some organisations.
    """
    asked: Any = job.precision
    parts: list[Part] = []
    scale = 100.0 if kpis.KPIS[asked.kpi].unit == "share" else 1.0

    def level(name: str, month: int) -> Array:
        several = [
            np.concatenate(
                [
                    curves(part.scenario, part.found.rows, asked.kpi)[:, month]
                    for part in parts
                    if part.scenario.name == name and part.replicate == replicate
                ]
            )
            for replicate in range(job.replicates)
        ]
        mean: Array = scale * np.mean(several, axis=0)
        return mean

    def more(count: int) -> Array:
        there = sum(part.streams.size for part in parts) // len(job.scenarios) // job.replicates
        parts.extend(parts_of(job, piece._replace(first=piece.first + there, last=count)))
        month = asked.month or min(part.scenario.simulation.months for part in parts)
        first, *others = (level(name, month) for name in job.scenarios)
        values = np.array([other - first for other in others] or [first]).T
        if not np.isfinite(values).all():
            raise AdoptionError(
                f"precision: {asked.kpi} is not known in month {month} in some organisations: ask for a "
                "later month or another KPI"
            )
        return values

    reached = until(asked.within, more, piece.last)
    return piece._replace(last=piece.first + reached.runs), parts


def _table(job: Job, piece: Piece, part: Part) -> pa.Table:
    """Return the rows of some runs: what names them, then a column for each KPI."""
    import pyarrow as pa

    rows = part.found.rows
    runs, months = rows.shape[:2]
    columns = _names(
        job, piece, part, np.repeat(part.streams, months), np.tile(np.arange(months), runs)
    )
    for kpi in kpis.KPIS:
        values = curves(part.scenario, rows, kpi)
        columns[kpi] = pa.array(values.ravel().astype(np.float32), from_pandas=True)
    return pa.table(columns)


def _grouped(job: Job, piece: Piece, part: Part) -> pa.Table:
    """Return the rows of the groups of some runs; of groups too small to be shown, nothing."""
    import pyarrow as pa

    groups = groups_of(part.scenario, part.plan, [part.found], job.by)
    runs, months, size, width = groups.values.shape
    place = np.tile(np.arange(size), runs * months)
    columns = _names(
        job,
        piece,
        part,
        np.repeat(part.streams, months * size),
        np.tile(np.repeat(np.arange(months), size), runs),
    )
    for column, number in (("kind", 0), ("group", 1)):
        columns[column] = pa.array([label[number] for label in groups.labels]).take(pa.array(place))
    columns["people"] = pa.array(groups.heads.ravel().astype(np.float32))
    for number, kpi in enumerate(list(kpis.COLUMN)[:width]):
        columns[kpi] = pa.array(
            groups.values[..., number].ravel().astype(np.float32), from_pandas=True
        )
    table = pa.table(columns)
    return table.filter(pa.array(~np.isnan(groups.heads.ravel())))


def _names(job: Job, piece: Piece, part: Part, organisation: Array, month: Array) -> dict[str, Any]:
    """Return the columns that name rows, and what was varied."""
    import pyarrow as pa

    number = organisation.size

    def same(value: Any, kind: pa.DataType | None = None) -> pa.Array:
        return pa.repeat(pa.scalar(value, kind), number)

    scenario = part.scenario
    run = (piece.cell * job.organisations + organisation.astype(np.int64)) * job.replicates
    columns = {
        "scenario": same(scenario.name),
        "run": pa.array(run + part.replicate),
        "point": same(piece.point, pa.int32()),
        "vector": same(piece.vector, pa.int32()),
        "organisation": pa.array(organisation.astype(np.int32)),
        "replicate": same(part.replicate, pa.int32()),
        "month": pa.array(month.astype(np.int16)),
        "seed": same(job.seed, pa.uint32()),
        "scenario_hash": same(scenario.fingerprint()),
    }
    for path, kind in job.columns.items():
        value = piece.values.get(path)
        if value is not None and kind == "string":
            value = value if isinstance(value, str) else json.dumps(value)
        columns[path] = same(value, getattr(pa, kind)())
    return columns
