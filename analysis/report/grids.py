"""Native tables on slides, in the largest letters that fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from analysis.figures import theme
from analysis.report.shapes import LEADING, Box, add_run, lines_of
from analysis.report.values import Table

NOTE: Final = 0.65
"""Size of what is written small in a cell, as a part of its letters."""

PAD: Final = 0.06
"""Room between a cell's edge and its text [inch]."""


def add_table(slide: Any, table: Table, box: Box, big: bool = False) -> float:
    """Add a native table in the largest letters that fit; return its height."""
    from pptx.util import Inches

    left, top, width, height = box
    shares = _shares(table, big)
    widths = [width * share for share in shares]
    sizes = (20.0, 16.0, 14.0, 12.0, 10.0, 9.0, 8.0, 7.0, 6.0)
    for size in sizes if big else sizes[2:]:
        rows = _heights(table, widths, size)
        if sum(rows) <= height and _unbroken(table, widths, size):
            break
    frame = slide.shapes.add_table(
        len(rows), len(widths), Inches(left), Inches(top), Inches(width), Inches(sum(rows))
    )
    frame._element.nvGraphicFramePr.cNvPr.set("descr", table.title)
    grid = frame.table
    _bare(grid)
    for place, wide in enumerate(widths):
        grid.columns[place].width = Inches(wide)
    for place, high in enumerate(rows):
        grid.rows[place].height = Inches(high)
    for x, name in enumerate(table.columns):
        _write(grid.cell(0, x), name, "", max(6.0, 0.75 * size), theme.QUIET, True, x > 0)
    for y, row in enumerate(table.rows, 1):
        for x, cell in enumerate(row.cells):
            colour = theme.readable(row.colour) if x == 0 and row.colour else theme.INK
            _write(grid.cell(y, x), cell.text, cell.note, size, colour, row.strong or big, x > 0)
    return float(sum(rows))


def _shares(table: Table, big: bool) -> list[float]:
    """Return the width of each column as a share: as much as its longest word needs, and more."""
    needs = []
    for x, name in enumerate(table.columns):
        cells = [row.cells[x] for row in table.rows]
        longest = max(
            [theme.width_of(cell.text, 10, True) for cell in cells]
            + [theme.width_of(cell.note, 10 * NOTE) for cell in cells],
            default=0.0,
        )
        word = max((theme.width_of(part, 8, True) for part in name.split()), default=0.1)
        needs.append(max(longest if x else min(longest, 2.6), word, 0.3) + 2 * PAD)
    if big:
        return [0.4, *[0.6 / (len(needs) - 1)] * (len(needs) - 1)]
    return [need / sum(needs) for need in needs]


def _unbroken(table: Table, widths: list[float], size: float) -> bool:
    """Return whether every number stands in one line."""
    return all(
        theme.width_of(cell.text, size, row.strong) <= widths[x] - 2 * PAD
        for row in table.rows
        for x, cell in enumerate(row.cells)
        if x > 0
    )


def _heights(table: Table, widths: list[float], size: float) -> list[float]:
    def high(
        texts: Sequence[str], letters: float, bold: bool, wide: Sequence[float] = widths
    ) -> float:
        count = max(
            len(lines_of(text, letters, width - 2 * PAD, bold))
            for text, width in zip(texts, wide, strict=True)
        )
        return count * letters * LEADING / theme.POINTS

    rows = [high(table.columns, max(6.0, 0.75 * size), True) + 2 * PAD]
    for row in table.rows:
        tallest = max(
            high([cell.text], size, row.strong, [width])
            + (high([cell.note], NOTE * size, False, [width]) if cell.note else 0.0)
            for cell, width in zip(row.cells, widths, strict=True)
        )
        rows.append(tallest + 2.6 * PAD)
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
    cell: Any, text: str, note: str, size: float, colour: str, bold: bool, right: bool
) -> None:
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches

    cell.margin_left = cell.margin_right = Inches(PAD)
    cell.margin_top = cell.margin_bottom = Inches(PAD)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = cell.text_frame
    frame.word_wrap = True
    paragraph = frame.paragraphs[0]
    add_run(paragraph, text, size, colour, bold)
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    if note:
        small = frame.add_paragraph()
        small.alignment = paragraph.alignment
        add_run(small, note, NOTE * size, theme.QUIET)
    _rule(cell)


def _rule(cell: Any) -> None:
    """Draw a thin line below a cell."""
    from lxml import etree
    from pptx.oxml.ns import qn

    about = cell._tc.get_or_add_tcPr()
    line = etree.SubElement(about, qn("a:lnB"), w="6350")
    fill = etree.SubElement(line, qn("a:solidFill"))
    etree.SubElement(fill, qn("a:srgbClr")).set("val", theme.FAINT.removeprefix("#"))
