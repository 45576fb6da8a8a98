"""Native tables on slides, in the largest letters that fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.figures import theme
from analysis.report.shapes import (
    ELLIPSIS,
    LEADING,
    SMALLEST,
    Box,
    add_run,
    line_count,
    rgb,
    width_of,
)
from analysis.report.values import Cell, Table

NOTE: Final = 0.65
"""Size of what is written small in a cell, as a part of its letters."""

PAD: Final = 0.06
"""Room between a cell's edge and its text [inch]."""

BIG: Final = (20.0, 16.0, 14.0, SMALLEST)
USUAL: Final = (18.0, 16.0, 14.0, 13.0, SMALLEST)
"""Sizes a table is tried in."""

NAMES: Final = (999, 60, 45, 30)
"""Letters that names of rows and columns have at most, tried in this order."""

ENGLISH: Final = "en-GB"


class Grid(NamedTuple):
    """A table as it fits: its rows, size, and the widths and heights of columns and rows [inch]."""

    table: Table
    size: float
    widths: list[float]
    heights: list[float]

    @property
    def height(self) -> float:
        """How high it is [inch]."""
        return sum(self.heights)


def small(size: float) -> float:
    """Return the size of headings and of what is written small."""
    return max(SMALLEST, NOTE * size)


def fit(table: Table, width: float, height: float, big: bool = False, most: float = BIG[0]) -> Grid:
    """Return a table in the largest letters that fit.

    No larger than ``most``. Where it does not fit in the smallest, long names are cut, then it loses
    what is written small, then its last rows; the strong one is always among those that stay.
    """
    sizes = [size for size in (BIG if big else USUAL) if size <= most]
    tries = [_called(table, letters) for letters in NAMES]
    for shown in (*tries, *map(_without_notes, tries)):
        widths = _widths(shown, width, big)
        for size in sizes:
            heights = _heights(shown, widths, size)
            if sum(heights) <= height and (_unbroken(shown, widths, size) or size == sizes[-1]):
                return Grid(shown, size, widths, heights)
    shown = _first(shown, max(1, sum(np.cumsum(heights) <= height) - 1))
    return Grid(shown, sizes[-1], widths, _heights(shown, widths, sizes[-1]))


def _called(table: Table, most: int) -> Table:
    """Return a table whose headings, and names of rows, have so many letters."""
    rows = tuple(
        replace(
            row, cells=(replace(row.cells[0], text=cut(row.cells[0].text, most)), *row.cells[1:])
        )
        for row in table.rows
    )
    return replace(table, columns=tuple(cut(name, most) for name in table.columns), rows=rows)


def cut(text: str, most: int) -> str:
    """Return a text of so many letters, cut between words where it is longer."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:.-(") + ELLIPSIS


def _without_notes(table: Table) -> Table:
    rows = tuple(
        replace(row, cells=tuple(replace(cell, note="") for cell in row.cells))
        for row in table.rows
    )
    return replace(table, rows=rows)


def _first(table: Table, most: int) -> Table:
    """Return a table with so many rows; a strong one is always among them."""
    rows = list(table.rows[:most])
    if rows and not any(row.strong for row in rows):
        rows[-1] = next((row for row in table.rows if row.strong), rows[-1])
    return replace(table, rows=tuple(rows))


def add_table(slide: Any, table: Table, box: Box, big: bool = False, most: float = BIG[0]) -> float:
    """Add a native table in the largest letters that fit, up to ``most``; return its height."""
    left, top, width, height = box
    drawn = fit(table, width, height, big, most)
    draw(slide, drawn, left, top, big)
    return drawn.height


def draw(slide: Any, drawn: Grid, left: float, top: float, big: bool = False) -> None:
    """Add a native table as it fits."""
    from pptx.util import Inches

    table, size = drawn.table, drawn.size
    frame = slide.shapes.add_table(
        len(drawn.heights),
        len(drawn.widths),
        *map(Inches, (left, top, sum(drawn.widths), drawn.height)),
    )
    frame._element.nvGraphicFramePr.cNvPr.set("descr", table.title)
    grid = frame.table
    _bare(grid)
    for place, wide in enumerate(drawn.widths):
        grid.columns[place].width = Inches(wide)
    for place, high in enumerate(drawn.heights):
        grid.rows[place].height = Inches(high)
    for x, name in enumerate(table.columns):
        right = x > 0 and table.numbers
        _write(grid.cell(0, x), Cell(name), small(size), theme.QUIET, bold=True, right=right)
    lang = ENGLISH if table.foreign else ""
    for y, row in enumerate(table.rows, 1):
        for x, cell in enumerate(row.cells):
            colour = theme.readable(row.colour) if x == 0 and row.colour else theme.INK
            loud, right = row.strong or big, x > 0 and table.numbers
            _write(grid.cell(y, x), cell, size, colour, bold=loud, right=right, lang=lang)


def _widths(table: Table, width: float, big: bool) -> list[float]:
    """Return the width of each column: what its longest word or number needs, then as texts ask."""
    count = len(table.columns)
    if table.widths:
        return [width * share / sum(table.widths) for share in table.widths]
    if big:
        return [0.4 * width, *[0.6 * width / (count - 1)] * (count - 1)]
    least, wanted = np.zeros(count), np.zeros(count)
    for x, name in enumerate(table.columns):
        cells = [row.cells[x] for row in table.rows]
        texts = [width_of(cell.text, SMALLEST, True) for cell in cells]
        words = [width_of(part, SMALLEST, True) for part in name.split()]
        most = max([*texts, *(width_of(cell.note, SMALLEST) for cell in cells)], default=0.0)
        whole = texts if x > 0 and table.numbers else []  # numbers are not broken
        least[x] = max([min(end, 2.0) for end in (*words, *whole)], default=0.3) + 2.5 * PAD
        wanted[x] = max(min(most, 2.6) + 2.5 * PAD, least[x])
    if wanted.sum() > width > least.sum():
        wanted = least + (wanted - least) * (width - least.sum()) / (wanted - least).sum()
    return [float(each) for each in width * wanted / wanted.sum()]


def _unbroken(table: Table, widths: list[float], size: float) -> bool:
    """Return whether every number stands in one line."""
    return not table.numbers or all(
        width_of(cell.text, size, row.strong) <= widths[x] - 2 * PAD
        for row in table.rows
        for x, cell in enumerate(row.cells)
        if x > 0
    )


def _heights(table: Table, widths: list[float], size: float) -> list[float]:
    def high(text: str, letters: float, bold: bool, width: float) -> float:
        return line_count(text, letters, width - 2 * PAD, bold) * letters * LEADING / theme.POINTS

    heads = zip(table.columns, widths, strict=True)
    rows = [max(high(text, small(size), True, width) for text, width in heads) + 2 * PAD]
    for row in table.rows:
        tallest = max(
            high(cell.text, size, row.strong, width)
            + (high(cell.note, small(size), False, width) if cell.note else 0.0)
            for cell, width in zip(row.cells, widths, strict=True)
        )
        rows.append(tallest + 2.2 * PAD)
    return rows


def _bare(grid: Any) -> None:
    """Take the colours of the default style away."""
    grid.horz_banding = False
    style = grid._tbl.tblPr.find(
        "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"
    )
    if style is not None:
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid


def _write(
    place: Any, cell: Cell, size: float, colour: str, *, bold: bool, right: bool, lang: str = ""
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches

    place.margin_left = place.margin_right = Inches(PAD)
    place.margin_top = place.margin_bottom = Inches(PAD)
    place.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = place.text_frame
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    add_run(paragraph, cell.text, size, colour, bold, lang)
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    if cell.note:
        below = frame.add_paragraph()
        below.alignment = paragraph.alignment
        add_run(below, cell.note, small(size), theme.QUIET, False, lang)
    _rule(place)
    if cell.shade:
        place.fill.solid()
        place.fill.fore_color.rgb = rgb(cell.shade)


def _rule(cell: Any) -> None:
    """Draw a thin line below a cell."""
    from lxml import etree
    from pptx.oxml.ns import qn

    about = cell._tc.get_or_add_tcPr()
    line = etree.SubElement(about, qn("a:lnB"), w="6350")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr")).set("val", theme.FAINT.removeprefix("#"))
