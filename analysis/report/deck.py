"""The report as slides: a message each, native charts and tables that can be edited."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any, Final

from analysis.figures import theme
from analysis.report import shapes
from analysis.report.charts import add_bars, add_lines
from analysis.report.grids import add_table
from analysis.report.shapes import BODY, FOOT, LEFT, TOP, WIDE, add_text
from analysis.report.values import Bars, Report, Section, Table
from analysis.results.answer import Answer
from analysis.results.colours import PALETTE
from analysis.words.languages import LOCALES

MOST_ROWS: Final = 12
"""Rows of a table that can be read on a slide."""

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Time written into the file, so that it holds no other."""


def deck_bytes(answer: Answer, whole: Report) -> bytes:
    """Return the slides as a file of PowerPoint.

    Parameters
    ----------
    one
        The answer.
    whole
        What is said of it.
    """
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(shapes.WIDTH), Inches(shapes.HEIGHT)
    _describe(deck, whole)
    _opening(deck, whole)
    _curves(deck, whole)
    _table(deck, whole, whole.levels, whole.messages["levels"])
    _costs(deck, whole)
    if len(answer.strategies) > 1:
        _table(deck, whole, whole.sure, whole.messages["sure"])
    if whole.groups:
        _groups(deck, whole)
    if whole.reasons:
        _reasons(deck, whole)
    _points(deck, whole, whole.messages["next"], [whole.next_steps, whole.limits])
    _rests(deck, whole)
    for slide in deck.slides:
        for part in (slide, slide.notes_slide):
            shapes.say_language(part, LOCALES[whole.language].replace("_", "-"))
    file = io.BytesIO()
    deck.save(file)
    return _timeless(file.getvalue())


def _describe(deck: Any, whole: Report) -> None:
    import datetime

    about = deck.core_properties
    about.title, about.author, about.language = whole.title, whole.words["author"], whole.language
    about.subject, about.last_modified_by = whole.question, whole.words["author"]
    about.created = about.modified = datetime.datetime(*EPOCH[:3], tzinfo=datetime.UTC)


def _timeless(content: bytes) -> bytes:
    """Return the file with no time in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            part = zipfile.ZipInfo(entry.filename, EPOCH)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, entry.external_attr
            inside = old.read(entry)
            if entry.filename.endswith(".xlsx"):
                inside = _timeless_book(inside)
            new.writestr(part, inside)
    return out.getvalue()


def _timeless_book(content: bytes) -> bytes:
    """Return a workbook behind a chart with no time in it."""
    import re

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            part = zipfile.ZipInfo(entry.filename, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            inside = old.read(entry)
            if entry.filename == "docProps/core.xml":
                inside = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"1980-01-01T00:00:00Z", inside)
            new.writestr(part, inside)
    return out.getvalue()


# --- Slides ------------------------------------------------------------------------------------


def _slide(deck: Any, whole: Report, title: str, notes: list[str]) -> Any:
    """Return a new slide with its title, its notes, and what made it at the foot."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    shapes.place_title(slide, title)
    number = len(deck.slides)
    add_text(slide, whole.origin, (LEFT, FOOT, WIDE - 1.0, 0.3), (9.0,), theme.QUIET)
    add_text(
        slide, str(number), (LEFT + WIDE - 0.8, FOOT, 0.8, 0.3), (9.0,), theme.QUIET, right=True
    )
    parts = [*whole.not_done, *notes, *whole.warnings, whole.origin]
    slide.notes_slide.notes_text_frame.text = "\n\n".join(part for part in parts if part)
    return slide


def _opening(deck: Any, whole: Report) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    shapes.place_title(
        slide, whole.headline, (LEFT, 2.1, WIDE, 2.3), (38.0, 32.0, 28.0, 24.0, 20.0, 16.0)
    )
    add_text(slide, whole.question, (LEFT, 1.35, WIDE, 0.7), (18.0, 16.0, 14.0, 12.0), theme.QUIET)
    about = whole.eyebrow + (f" · {whole.day}" if whole.day else "")
    add_text(slide, about, (LEFT, 0.6, WIDE, 0.4), (14.0, 12.0, 10.0, 8.0), theme.QUIET)
    warned = " ".join(whole.warnings)
    add_text(slide, whole.leads[-1], (LEFT, 4.7, WIDE, 1.0), (18.0, 16.0, 14.0, 12.0, 10.0))
    if warned:
        add_text(slide, warned, (LEFT, 5.8, WIDE, 0.9), (14.0, 12.0, 10.0, 8.0), "#a34700")
    add_text(slide, whole.origin, (LEFT, FOOT, WIDE, 0.3), (9.0,), theme.QUIET)
    parts = [whole.title, *whole.not_done, *whole.leads, *whole.warnings, whole.origin]
    slide.notes_slide.notes_text_frame.text = "\n\n".join(parts)


def _curves(deck: Any, whole: Report) -> None:
    slide = _slide(deck, whole, whole.headline, [whole.alt, whole.reading, *whole.leads])
    add_text(
        slide,
        f"{whole.chart}. {whole.words['dashes']}",
        (LEFT, TOP, WIDE, 0.4),
        (13.0, 11.0),
        theme.QUIET,
    )
    add_lines(slide, whole, (LEFT, TOP + 0.4, WIDE, BODY - 0.4))


def _table(deck: Any, whole: Report, section: Section, title: str) -> None:
    (table,) = section.tables
    slide = _slide(deck, whole, title, [*section.paragraphs, table.note])
    top = TOP
    if section.paragraphs:
        text = " ".join(section.paragraphs)
        add_text(slide, text, (LEFT, top, WIDE, 0.7), (15.0, 13.0, 11.0, 9.0))
        top += 0.8
    most = TOP + BODY - 0.75 - top
    high = add_table(
        slide, _first(table, whole), (LEFT, top, WIDE, most), big=section.key == "levels"
    )
    add_text(
        slide, table.note, (LEFT, top + high + 0.1, WIDE, 0.65), (11.0, 10.0, 9.0, 8.0), theme.QUIET
    )


def _first(table: Table, whole: Report, most: int = MOST_ROWS) -> Table:
    """Return a table with as many rows as can be read; the strong one is always among them."""
    if len(table.rows) <= most:
        return table
    rows = list(table.rows[:most])
    if not any(row.strong for row in rows):
        rows[-1] = next((row for row in table.rows if row.strong), rows[-1])
    return replace(table, rows=tuple(rows))


def _costs(deck: Any, whole: Report) -> None:
    (costs,) = whole.costs.tables
    table = _columns(costs, (0, *range(3, len(costs.columns))))  # the others are in the bars
    slide = _slide(deck, whole, whole.messages["costs"], [table.note])
    half = 0.36 * WIDE
    add_bars(slide, whole.money, (LEFT, TOP, half - 0.2, BODY))
    width = WIDE - half
    high = add_table(slide, _first(table, whole), (LEFT + half, TOP + 0.45, width, BODY - 1.5))
    place = (LEFT + half, TOP + 0.6 + high, width, 0.9)
    add_text(slide, table.note, place, (11.0, 10.0, 9.0, 8.0), theme.QUIET)


def _columns(table: Table, kept: tuple[int, ...]) -> Table:
    """Return some columns of a table."""
    rows = tuple(replace(row, cells=tuple(row.cells[x] for x in kept)) for row in table.rows)
    return replace(table, columns=tuple(table.columns[x] for x in kept), rows=rows)


def _groups(deck: Any, whole: Report) -> None:
    slide = _slide(
        deck, whole, whole.messages["why"] or whole.why.title, list(whole.why.paragraphs)
    )
    gap = 0.4
    width = (WIDE - gap * (len(whole.groups) - 1)) / len(whole.groups)
    for place, bars in enumerate(whole.groups):
        few = Bars(
            bars.title,
            bars.names[:MOST_ROWS],
            tuple((name, colour, values[:MOST_ROWS]) for name, colour, values in bars.series),
            bars.unit,
        )
        box = (LEFT + place * (width + gap), TOP, width, BODY)
        add_bars(slide, few, box, (0.0, 100.0))


def _reasons(deck: Any, whole: Report) -> None:
    slide = _slide(deck, whole, whole.messages["inside"], list(whole.why.points))
    half = 0.5 * WIDE
    if whole.reasons:
        add_bars(slide, whole.reasons, (LEFT, TOP, half, BODY), (0.0, 1.0))
    texts = "\n".join(whole.why.points)
    box = (LEFT + half + 0.5, TOP + 0.35, half - 0.5, BODY - 0.35)
    add_text(slide, texts, box, (18.0, 16.0, 14.0, 12.0, 10.0, 9.0), points=True)


def _points(deck: Any, whole: Report, title: str, parts: list[Section]) -> None:
    notes = [point for part in parts for point in part.points]
    slide = _slide(deck, whole, title, notes)
    gap = 0.6
    width = (WIDE - gap * (len(parts) - 1)) / len(parts)
    for place, part in enumerate(parts):
        left = LEFT + place * (width + gap)
        top = TOP
        if len(parts) > 1:
            add_text(
                slide,
                part.title,
                (left, top, width, 0.45),
                (20.0, 16.0, 14.0),
                PALETTE[0],
                bold=True,
            )
            top += 0.6
        add_text(
            slide,
            "\n".join(part.points),
            (left, top, width, TOP + BODY - top),
            (20.0, 18.0, 16.0, 14.0, 12.0, 10.0),
            points=True,
        )


def _rests(deck: Any, whole: Report) -> None:
    """Add the slide on assumptions and validation."""
    by_key = {section.key: section for section in whole.appendices}
    rests, missed = by_key["B"], by_key["C"]
    slide = _slide(deck, whole, whole.messages["rests"], [*rests.paragraphs, *missed.points])
    half = (WIDE - 0.6) / 2.0
    sizes = (18.0, 16.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0)
    for place, (title, texts) in enumerate(
        ((rests.title, rests.paragraphs), (missed.title, missed.points[:5]))
    ):
        left = LEFT + place * (half + 0.6)
        add_text(slide, title, (left, TOP, half, 0.45), (20.0, 16.0, 14.0), PALETTE[0], bold=True)
        box = (left, TOP + 0.6, half, BODY - 0.6)
        add_text(slide, "\n".join(texts), box, sizes, points=True)
