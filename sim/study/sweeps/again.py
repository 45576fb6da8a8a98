"""What is stored made again from what is stored beside it: a row of a sweep, a whole result."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.sources import source_fingerprint
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario.folders import library_of
from sim.scenario.schema import Scenario
from sim.study.experiments import Progress, compare
from sim.study.provenance import fingerprint
from sim.study.results import (
    ORIGIN,
    REMADE_FROM,
    TABLE,
    Notice,
    Result,
    inspected,
    other_library,
    read_result,
    remedy,
    scenarios_of,
)
from sim.study.sweeps import store
from sim.study.sweeps.plan import Job, Piece
from sim.study.sweeps.results import Sweep
from sim.study.sweeps.work import KEYS, Key, simulated

if TYPE_CHECKING:
    import pandas as pd


def _other_code(folder: Path, origin: Mapping[str, Any]) -> str:
    return (
        f"{folder}: made by other code of the simulation ({origin['code']}, here "
        f"{source_fingerprint()}): it can be read, not made again"
    )


def stored_row(sweep: Sweep, row: int | Key) -> pd.DataFrame:
    """Return a stored row, by its key or by its number.

    Raises
    ------
    AdoptionError
        If there is no such row.
    """
    order = ", ".join(KEYS)
    if isinstance(row, Key):
        stored = sweep.sql(
            "select * from runs where scenario = ? and point = ? and run = ? and month = ?", row
        )
        if stored.empty:
            named = ", ".join(f"{name} {value}" for name, value in row._asdict().items())
            raise AdoptionError(f"{sweep.folder}: no row is called {named} ({sweep.told})")
    else:
        stored = sweep.sql(f"select * from runs order by {order} limit 1 offset {int(row)}")
    if stored.empty:
        rows = int(sweep.sql("select count(*) as rows from runs")["rows"].iloc[0])
        raise AdoptionError(f"row: found {row:,}, expected 0 to {rows - 1:,} ({sweep.told})")
    return stored


def rerun(folder: str | Path, row: int | Key) -> pd.DataFrame:
    """Return a stored row, and the same row simulated again.

    Parameters
    ----------
    folder
        Folder of a sweep.
    row
        Its key, which lasts; or its number in the order of
        :meth:`sim.study.sweeps.results.Sweep.table`, from 0, which moves while a sweep grows.

    Raises
    ------
    AdoptionError
        If there is no such row, or other code made it.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    sweep = Sweep(Path(folder))
    origin = sweep.origin
    if origin["code"] != source_fingerprint():
        raise AdoptionError(_other_code(sweep.folder, origin))
    stored = stored_row(sweep, row)
    run = stored.iloc[0]
    number, vector, organisation = int(run["point"]), int(run["vector"]), int(run["organisation"])
    values: dict[str, Any] = {}
    if vector >= 0:
        values |= store.lines_of(sweep.folder / store.VECTORS, origin["key"])[vector]
    values |= store.lines_of(sweep.folder / store.POINTS, origin["key"])[number]
    name, asked = str(run["scenario"]), origin["experiment"]
    cell = int(run["run"]) // (asked["organisations"] * asked["replicates"])
    job = Job(
        0,
        {name: Scenario.model_validate_json(json.dumps(origin["scenarios"][name]))},
        [Piece(cell, number, vector, values, organisation, organisation + 1)],
        asked["organisations"],
        asked["replicates"],
        asked["seed"],
        (),
        origin["columns"],
        {},
    )
    with library_of(store.kept_library(sweep.folder, origin["key"])):
        table = pq.read_table(io.BytesIO(simulated(job).runs)).to_pandas()
    mine = (table["replicate"] == run["replicate"]) & (table["month"] == run["month"])
    return pd.concat([stored, table[mine]], ignore_index=True)


def remade(
    folder: Path, notice: Notice | None = None, progress: Progress | None = None
) -> tuple[Result, list[str]]:
    """Simulate a stored result again, and write anew what is no longer what was written.

    Parameters
    ----------
    folder
        Folder of a result.
    notice
        Called with a sentence about what was damaged and is written anew.
    progress
        Called with the number of runs done and the total.

    Returns
    -------
    tuple
        The result, and what was wrong with what was stored: nothing if it was sound and all numbers
        are the same.

    Raises
    ------
    AdoptionError
        If its provenance does not tell enough, or other code or another library made it.
    """
    origin, wrong = inspected(folder)
    lacking = sorted(REMADE_FROM - set(origin))
    if lacking or not (folder / ORIGIN).is_file():
        raise AdoptionError(
            "\n".join([*wrong, f"simulate it from its scenarios: {remedy(folder, origin)}"])
        )
    if origin["code"] != source_fingerprint():
        raise AdoptionError(_other_code(folder, origin))
    named = scenarios_of(origin)
    if fingerprint(named, origin["seed"], origin["runs"]) != origin["fingerprint"]:
        differs = other_library(origin, named) or "its scenarios are not those of its fingerprint"
        raise AdoptionError(
            f"{folder}: made with another library: {differs}; it can be read, not made again, until "
            f"that is as it was; simulate with this library: {remedy(folder, {**origin, 'code': ''})}"
        )
    again = compare(
        list(named.values()), origin["runs"], origin["seed"], progress, by=origin["groups"]
    )
    if again.interrupted:
        raise InterruptedStudyError("interrupted: nothing was written")
    if not wrong:
        stored = read_result(folder)
        wrong = [
            f"{folder / TABLE}: {name} has other numbers when simulated again"
            for name, rows in again.measured.items()
            if not np.array_equal(rows, stored.measured[name], equal_nan=True)
        ]
    else:
        replace(again, asked=int(origin["asked"])).save_in(folder, notice)
    return again, wrong
