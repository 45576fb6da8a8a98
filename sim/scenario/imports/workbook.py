"""How a workbook of Excel becomes rows of texts."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from sim.errors import said

MOST_UNPACKED: Final = 1_000_000_000  # bytes
WIDEST: Final = 1000  # columns


class UnreadableWorkbookError(Exception):
    """A workbook that cannot be read, with the reason in words."""


class Exact(str):
    """A number of a workbook: a point stands before its decimals, and nothing else can."""

    __slots__ = ()


def text_of(value: Any) -> str:
    """Return a cell of a workbook as a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return Exact(value)
    if isinstance(value, float):
        return Exact(int(value) if value.is_integer() and abs(value) < 1e15 else repr(value))
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def sheet_of(content: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """Return the rows of the first visible sheet that has any, with their numbers, and notes.

    Raises
    ------
    UnreadableWorkbookError
        If this is no workbook of Excel, or it unpacks to more than a list of people needs.
    """
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableWorkbookError(said("this workbook unpacks to more than 1 GB"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and pictures nobody asked for
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            try:
                return _first_with_rows(book)
            finally:
                book.close()
    except UnreadableWorkbookError:
        raise
    except Exception:  # whatever the reader meets in a damaged file, no traceback
        raise UnreadableWorkbookError(said("this is a workbook that cannot be read")) from None


def _first_with_rows(book: Any) -> tuple[list[tuple[int, list[str]]], list[str]]:
    """Return the rows of the first visible sheet that has any, and what is left aside."""
    sheets = [worksheet for worksheet in book.worksheets if worksheet.sheet_state == "visible"]
    for sheet in sheets:
        rows = list(_rows(sheet))
        if any(any(cells) for _, cells in rows):
            others = len(book.worksheets) - 1
            note = said("the first of {number} sheets of the workbook was read", number=others + 1)
            return rows, [note] * (others > 0)
    return [], []


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of each row, without empty cells at its end."""
    sheet.reset_dimensions()  # a file may be wrong about its own size
    for number, row in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), start=1):
        cells = [text_of(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        yield number, cells
