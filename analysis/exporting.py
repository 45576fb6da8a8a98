"""Rows of a sweep or a result as a file for spreadsheets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim import kpis
from sim.errors import AdoptionError
from sim.files.words import suggestion
from sim.results import ORIGIN as RESULT
from sim.results import TABLE, sound_origin
from sim.sweeps.reading import Sweep, query_of
from sim.sweeps.work import KEYS

if TYPE_CHECKING:
    import pandas as pd

ROWS_OF_EXCEL: Final = 1_048_575
"""Rows a sheet can hold below its heads."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet takes for a formula."""


def exported(
    folder: Path, kind: str, wanted: Sequence[str] = (), month: int | None = None,
    target: Path | None = None,
) -> Path:  # fmt: skip
    """Write rows of a sweep or a result as CSV or as an Excel sheet.

    Parameters
    ----------
    folder
        Folder of a sweep, or of a result of ``adopt compare``.
    kind
        ``csv`` or ``xlsx``.
    wanted
        KPIs; all by default.
    month
        Only this month.
    target
        Where to; by default ``_runs.csv`` in the folder, or a name that says which KPIs and month.

    Raises
    ------
    AdoptionError
        If there is nothing to export, it is too much for a sheet, or it cannot be written.
    """
    for one in wanted:
        if one not in kpis.KPIS:
            raise AdoptionError(f"no such KPI '{one}'{suggestion(one, kpis.KPIS)}")
    parts_of_name = ["_runs", *wanted, *([] if month is None else [f"month-{month}"])]
    path = target or folder / f"{'-'.join(parts_of_name)}.{kind}"
    parts = _rows(folder, wanted, month)
    try:
        if kind == "csv":
            _as_csv(parts, path)
        else:
            _as_sheet(parts, path)
    except OSError as error:
        raise AdoptionError(f"{path}: cannot be written: {error.strerror}") from error
    return path


def _as_csv(parts: Iterable[pd.DataFrame], path: Path) -> None:
    """Write a table that comes in parts, each as it comes; it appears as a whole."""
    draft, rows = path.with_name(f".{path.name}.{os.getpid()}.writing"), 0
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            for part in parts:
                _harmless_table(part).to_csv(
                    file, index=False, header=rows == 0, lineterminator="\n"
                )
                rows += len(part)
        _something(rows)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _as_sheet(parts: Iterable[pd.DataFrame], path: Path) -> None:
    """Write a table as an Excel sheet, or say that it is too long for one."""
    import pandas as pd

    found: list[pd.DataFrame] = []
    rows = 0
    for part in parts:
        found.append(_harmless_table(part))
        rows += len(part)
        if rows > ROWS_OF_EXCEL:
            raise AdoptionError(
                f"a sheet holds {ROWS_OF_EXCEL:,} rows and this is more: "
                "take --to csv, or one --month"
            )
    _something(rows)
    draft = path.with_name(f".{path.name}.{os.getpid()}.writing")
    try:
        with draft.open("wb") as file:
            pd.concat(found).to_excel(file, index=False, sheet_name="runs", engine="openpyxl")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _something(rows: int) -> None:
    if not rows:
        raise AdoptionError("no rows to export: is the month one of those simulated?")


def _harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without texts that a spreadsheet takes for formulas."""
    for column in table.select_dtypes(exclude="number"):
        table[column] = table[column].map(harmless)
    table.columns = [harmless(one) for one in table.columns]
    return table


def harmless(value: object) -> object:
    """Return a text that no spreadsheet takes for a formula; anything else as it is.

    Examples
    --------
    >>> harmless("=1+1"), harmless("sales"), harmless(-3)
    ("'=1+1", 'sales', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _rows(folder: Path, wanted: Sequence[str], month: int | None) -> Iterator[pd.DataFrame]:
    """Yield the rows asked for, in order, a part at a time."""
    import pandas as pd

    if (folder / TABLE).is_file() or (folder / RESULT).is_file():
        sound_origin(folder)
        table = pd.read_parquet(folder / TABLE)
        table["scenario"] = table["scenario"].astype(str)
        if wanted:
            table = table[["scenario", "run", "month", *wanted]]
        yield table if month is None else table[table["month"] == month]
        return
    sweep = Sweep(folder)
    columns = [*KEYS, *sweep.factors, *wanted] if wanted else ["*"]
    yield from sweep.parts(query_of(columns, "true" if month is None else f"month = {int(month)}"))
