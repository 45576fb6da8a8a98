"""One stored row made again from what is stored beside it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.compiled import source_fingerprint
from sim.errors import AdoptionError
from sim.scenario import Scenario
from sim.sweeps import store
from sim.sweeps.plan import Job, Piece
from sim.sweeps.reading import Sweep
from sim.sweeps.work import KEYS, simulated

if TYPE_CHECKING:
    import pandas as pd


def rerun(folder: str | Path, row: int) -> pd.DataFrame:
    """Return a stored row, and the same row simulated again.

    Parameters
    ----------
    folder
        Folder of a sweep.
    row
        Number of the row in the order of :meth:`sim.sweeps.reading.Sweep.table`, from 0.

    Raises
    ------
    AdoptionError
        If there is no such row, or other code made it.
    """
    import pandas as pd
    import pyarrow.parquet as pq

    found = Sweep(Path(folder))
    origin = found.origin
    if origin["code"] != source_fingerprint():
        raise AdoptionError(
            f"{folder}: made by other code of the simulation ({origin['code']}, here "
            f"{source_fingerprint()}): it can be read, not made again"
        )
    order = ", ".join(KEYS)
    stored = found.sql(f"select * from runs order by {order} limit 1 offset {int(row)}")
    if stored.empty:
        rows = int(found.sql("select count(*) as rows from runs")["rows"].iloc[0])
        raise AdoptionError(f"row: found {row:,}, expected 0 to {rows - 1:,} ({found.told})")
    one = stored.iloc[0]
    number, vector, organisation = int(one["point"]), int(one["vector"]), int(one["organisation"])
    values: dict[str, Any] = {}
    if vector >= 0:
        values |= store.lines_of(found.folder / store.VECTORS)[vector]
    values |= store.lines_of(found.folder / store.POINTS)[number]
    name, asked = str(one["scenario"]), origin["experiment"]
    cell = int(one["run"]) // (asked["organisations"] * asked["replicates"])
    job = Job(
        0, {name: Scenario.model_validate_json(json.dumps(origin["scenarios"][name]))},
        [Piece(cell, number, vector, values, organisation, organisation + 1)],
        asked["organisations"], asked["replicates"], asked["seed"], (), origin["columns"], {},
    )  # fmt: skip
    table = pq.read_table(io.BytesIO(simulated(job).runs)).to_pandas()
    mine = (table["replicate"] == one["replicate"]) & (table["month"] == one["month"])
    return pd.concat([stored, table[mine]], ignore_index=True)
