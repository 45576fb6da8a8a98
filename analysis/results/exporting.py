"""Rows of a sweep or a result as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sim import kpis
from sim.disk import whole
from sim.errors import AdoptionError
from sim.scenario.words import suggestion
from sim.study.results import ORIGIN as RESULT
from sim.study.results import TABLE, sound_origin
from sim.study.sweeps.again import stored_row
from sim.study.sweeps.reading import query_of
from sim.study.sweeps.results import Sweep
from sim.study.sweeps.work import KEYS, Key

if TYPE_CHECKING:
    import pandas as pd

ROWS_OF_EXCEL: Final = 1_048_575
"""Rows a sheet can hold below its heads."""

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet takes for a formula."""


def exported(
    folder: Path,
    kind: str,
    wanted: Sequence[str] = (),
    month: int | None = None,
    target: Path | None = None,
    *,
    row: int | Key | None = None,
) -> Path:
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
        Where to; by default ``NAME-runs.csv`` beside the folder of a sweep, ``runs.csv`` in that of a
        result, with the KPIs and the month in its name.
    row
        Only this row of a sweep: by its key, which lasts, or by its number.

    Raises
    ------
    AdoptionError
        If there is nothing to export, it is too much for a sheet, or it cannot be written.
    """
    for kpi in wanted:
        if kpi not in kpis.KPIS:
            raise AdoptionError(f"no such KPI '{kpi}'{suggestion(kpi, kpis.KPIS)}")
    path = target or _beside(
        folder, "-".join([*wanted, *([] if month is None else [f"month-{month}"])]), kind
    )
    parts = _rows(folder, wanted, month, row)
    write = _as_csv if kind == "csv" else _as_sheet
    write(parts, path)
    return path


def _beside(folder: Path, what: str, kind: str) -> Path:
    """Return where a file of a folder goes: never among shards, where a reader would look for rows."""
    name = "-".join(["runs", *([what] if what else [])])
    if _is_result(folder):
        return folder / f"{name}.{kind}"
    return folder.parent / f"{folder.resolve().name}-{name}.{kind}"


def _is_result(folder: Path) -> bool:
    return (folder / TABLE).is_file() or (folder / RESULT).is_file()


def _as_csv(parts: Iterable[pd.DataFrame], path: Path) -> None:
    """Write a table that comes in parts, each as it comes; it appears as a whole."""
    rows = 0
    with whole(path) as draft:
        with draft.open("w", encoding="utf-8", newline="") as file:
            for part in parts:
                _harmless_table(part).to_csv(
                    file, index=False, header=rows == 0, lineterminator="\n"
                )
                rows += len(part)
        _something(rows)


def _as_sheet(parts: Iterable[pd.DataFrame], path: Path) -> None:
    """Write a table as an Excel sheet, or say that it is too long for one."""
    import pandas as pd

    frames: list[pd.DataFrame] = []
    rows = 0
    for part in parts:
        frames.append(_harmless_table(part))
        rows += len(part)
        if rows > ROWS_OF_EXCEL:
            raise AdoptionError(
                f"a sheet holds {ROWS_OF_EXCEL:,} rows and this is more: "
                "take --to csv, or one --month"
            )
    _something(rows)
    with whole(path) as draft, draft.open("wb") as file:
        pd.concat(frames).to_excel(file, index=False, sheet_name="runs", engine="openpyxl")


def _something(rows: int) -> None:
    if not rows:
        raise AdoptionError("no rows to export: is the month one of those simulated?")


def _harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without texts that a spreadsheet takes for formulas."""
    for column in table.select_dtypes(exclude="number"):
        table[column] = table[column].map(harmless)
    table.columns = [harmless(column) for column in table.columns]
    return table


def harmless(value: object) -> object:
    """Return a text that no spreadsheet takes for a formula; anything else as it is.

    Examples
    --------
    >>> harmless("=1+1"), harmless("sales"), harmless(-3)
    ("'=1+1", 'sales', -3)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _rows(
    folder: Path, wanted: Sequence[str], month: int | None, row: int | Key | None
) -> Iterator[pd.DataFrame]:
    """Yield the rows asked for, in order, a part at a time."""
    import pandas as pd

    if _is_result(folder):
        if row is not None:
            raise AdoptionError(f"{folder} is a result, whose rows have no key: take a --month")
        sound_origin(folder)
        table = pd.read_parquet(folder / TABLE)
        table["scenario"] = table["scenario"].astype(str)
        if wanted:
            table = table[["scenario", "run", "month", *wanted]]
        yield table if month is None else table[table["month"] == month]
        return
    sweep = Sweep(folder)
    columns = [*KEYS, *sweep.factors, *wanted] if wanted else ["*"]
    if row is not None:
        stored = stored_row(sweep, row)
        yield stored if not wanted else stored[columns]
        return
    yield from sweep.parts(query_of(columns, "true" if month is None else f"month = {int(month)}"))
