"""What a sweep holds: read while it grows, summed up without ever being in memory as a whole."""

from __future__ import annotations

import datetime
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sim import kpis
from sim.errors import AdoptionError
from sim.scenario.words import counted, suggestion
from sim.study.results import ORIGIN
from sim.study.sweeps import store
from sim.study.sweeps.work import KEYS

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

VECTORS = 50
"""Rows of DuckDB come by 2,048; so many of these are a part."""

MOMENT = 0.2
"""Seconds within which a shard that is replaced follows its checksum."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Stored:
    """A folder of shards.

    Every shard is held against its checksum before it is first read.

    Attributes
    ----------
    folder
        Where it is. Any reader of Parquet reads it.
    within
        Which rows: those of whole organisations, or with ``_groups`` those of groups.

    Examples
    --------
    ``sim.Sweep("results/sweeps/network-kinds").summary("adoption", by=["scenario"])``
    """

    folder: Path
    within: str = ""
    _checked: set[Path] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folder", Path(self.folder))

    @property
    def origin(self) -> dict[str, Any]:
        """What made it."""
        return store.read_origin(self.folder)

    @property
    def factors(self) -> list[str]:
        """Paths that are varied, each a column."""
        return list(self.origin["columns"])

    @property
    def groups(self) -> Self:
        """The same by group: rows have ``kind``, ``group`` and ``people`` as well.

        Raises
        ------
        AdoptionError
            If the experiment asked for no groups.
        """
        if not self.origin["experiment"]["by"]:
            raise AdoptionError(f"{self.folder}: no groups were kept; ask for some with 'by'")
        return type(self)(self.folder, store.GROUPS)

    @property
    def shards(self) -> list[Path]:
        """Files of the shards there are, in order."""
        return sorted((self.folder / self.within).glob(store.SHARDS))

    @property
    def finished(self) -> int:
        """Shards there are."""
        return len(self.shards)

    @property
    def told(self) -> str:
        """How much of it is there, in words."""
        there, total = self.finished, self.origin["shards"]
        return f"{there:,} of {counted(total, 'shard')}{' so far' * (there < total)}"

    def sql(self, query: str, values: Sequence[Any] = ()) -> pd.DataFrame:
        """Return what a query in SQL gives; the rows are the table ``runs``.

        Examples
        --------
        ``sweep.sql("select scenario, avg(adoption) from runs where month = 18 group by 1")``
        """
        with self._connected() as connection:
            return connection.execute(query, list(values)).df()

    def parts(self, query: str) -> Iterator[pd.DataFrame]:
        """Yield what a query gives, some 100,000 rows at a time."""
        with self._connected() as connection:
            rows = connection.execute(query)
            while len(part := rows.fetch_df_chunk(VECTORS)):
                yield part

    @contextmanager
    def _connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        import duckdb

        shards = self.shards
        if not shards:
            raise AdoptionError(f"{self.folder}: no shard is finished yet")
        self._check(shards)
        with duckdb.connect() as connection:
            # A view takes no parameters, and a folder may be called anything.
            places = ", ".join("'{}'".format(str(shard).replace("'", "''")) for shard in shards)
            connection.execute(f"create view runs as select * from read_parquet([{places}])")
            try:
                yield connection
            except duckdb.Error as error:
                raise AdoptionError(f"{self.folder}: {error}") from error

    def _check(self, shards: Sequence[Path]) -> None:
        """Raise if a shard is not what was written: bytes that flipped make numbers that lie."""
        key = str(self.origin["key"])
        for shard in shards:
            if shard not in self._checked:
                _, wrong = store.holds(shard, key)
                if wrong:  # points were being added to it: its checksum is there a moment before
                    time.sleep(MOMENT)
                    _, wrong = store.holds(shard, key)
                if wrong:
                    raise AdoptionError(
                        f"{shard}: {wrong}; the command that made it simulates it again: "
                        f"{store.command_of(self.folder)}"
                    )
                self._checked.add(shard)

    def table(self, columns: Sequence[str] = ("*",), where: str = "true") -> pd.DataFrame:
        """Return rows in order, as far as they are finished: all of them, so mind their number.

        Parameters
        ----------
        columns
            Columns wanted; all by default.
        where
            Condition in SQL, such as ``month = 18``.
        """
        return self.sql(query_of(columns, where))

    def summary(
        self, kpi: str, by: str | Sequence[str] = ("scenario",), where: str = "true"
    ) -> pd.DataFrame:
        """Return how a KPI is spread over runs, month by month, computed out of core.

        Parameters
        ----------
        kpi
            Name of the KPI.
        by
            Columns that tell apart what is summed up, such as ``scenario`` and a factor.
        where
            Condition in SQL on the rows, such as ``kind = 'department'`` of groups.

        Returns
        -------
        pandas.DataFrame
            One row per group and month: ``runs``, ``mean``, ``sd`` and the quantiles ``q05`` to
            ``q95``.
        """
        if kpi not in kpis.KPIS:
            raise AdoptionError(f"no such KPI '{kpi}'{suggestion(kpi, kpis.KPIS)}")
        by = [by] if isinstance(by, str) else by
        there = list(self.sql("select * from runs limit 0").columns)
        for group in by:
            if group not in there:
                raise AdoptionError(f"no such column '{group}'{suggestion(group, there)}")
        groups = ", ".join(f'"{group}"' for group in (*by, "month"))
        spread = ", ".join(
            f'quantile_cont("{kpi}", {quantile}) as q{round(100 * quantile):02d}'
            for quantile in QUANTILES
        )
        return self.sql(
            f'select {groups}, count(*) as runs, avg("{kpi}") as mean, stddev_samp("{kpi}") as sd, '
            f"{spread} from runs where {where} group by {groups} order by {groups}"
        )


def query_of(columns: Sequence[str] = ("*",), where: str = "true") -> str:
    """Return the query in SQL for rows in order."""
    wanted = ", ".join(column if column == "*" else f'"{column}"' for column in columns)
    return f"select {wanted} from runs where {where} order by {', '.join(KEYS)}"


def kept(root: Path) -> pd.DataFrame:
    """Return an index of the results below a folder, the newest first.

    Returns
    -------
    pandas.DataFrame
        ``folder``, ``kind``, ``scenarios``, ``runs each`` (of every scenario), ``seed``, ``finished``
        and ``made``, the day.
    """
    import pandas as pd

    rows = []
    places = [*root.rglob(store.ORIGIN), *root.rglob(ORIGIN)]
    for place in sorted(places, key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            origin = json.loads(place.read_text("utf-8"))
            row = {
                "folder": str(place.parent),
                "kind": "sweep" if place.name == store.ORIGIN else "result",
                "scenarios": ", ".join(origin["scenarios"]),
                "runs each": origin["runs"],
                "seed": origin["seed"],
            }
        except (OSError, ValueError, KeyError, TypeError):
            continue  # provenance of something else
        whole = row["kind"] == "result"
        done = 1.0 if whole else Stored(place.parent).finished / origin["shards"]
        when = datetime.datetime.fromtimestamp(place.stat().st_mtime)
        rows.append({**row, "finished": f"{100 * done:.0f} %", "made": f"{when:%Y-%m-%d}"})
    columns = ["folder", "kind", "scenarios", "runs each", "seed", "finished", "made"]
    return pd.DataFrame(rows, columns=columns)
