"""The report as slides: a message each, native charts and tables that can be edited."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from analysis.figures import theme
from analysis.report import shapes
from analysis.report.charts import add_bars, add_lines
from analysis.report.grids import add_table, fit
from analysis.report.lanes import add_lanes
from analysis.report.shapes import (
    BODY,
    FOOT,
    LEFT,
    SIZES,
    SMALLEST,
    TOP,
    WIDE,
    Box,
    add_picture,
    add_text,
)
from analysis.report.values import Report, Section
from analysis.results.answer import Answer
from analysis.results.colours import PALETTE
from analysis.words.languages import LOCALES

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Time written into the file, so that it holds no other."""


def deck_bytes(answer: Answer, whole: Report) -> bytes:
    """Return the slides as a file of PowerPoint: eight to decide on, then the appendix.

    Parameters
    ----------
    answer
        The answer.
    whole
        What is said of it.
    """
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(shapes.WIDTH), Inches(shapes.HEIGHT)
    _describe(deck, whole)
    for slide in (_opening, _choices, _curves, _added, _parts, _within, _turns, _days):
        slide(deck, whole)
    _appendix(deck, whole, several=len(answer.strategies) > 1)
    for page in deck.slides:
        for part in (page, page.notes_slide):
            shapes.say_language(part, LOCALES[whole.language].replace("_", "-"))
    file = io.BytesIO()
    deck.save(file)
    return _timeless(file.getvalue())


def _describe(deck: Any, whole: Report) -> None:
    import datetime

    about = deck.core_properties
    author, most = whole.words["author"], 255  # letters that the format allows
    about.title, about.author, about.language = whole.title[:most], author, whole.language
    about.subject, about.last_modified_by = whole.question[:most], author
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


# --- Eight slides to decide on -----------------------------------------------------------------


def _slide(deck: Any, whole: Report, title: str, notes: Sequence[str]) -> Any:
    """Return a new slide with its title, its notes, and at its foot whose it is and what made it."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    shapes.place_title(slide, title)
    foot = " · ".join(part for part in (whole.client, whole.origin) if part)
    add_text(slide, foot, (LEFT, FOOT, WIDE - 2.4, 0.3), (SMALLEST,), theme.QUIET)
    number = (LEFT + WIDE - 0.8, FOOT, 0.8, 0.3)
    add_text(slide, str(len(deck.slides)), number, (SMALLEST,), theme.QUIET, right=True)
    if whole.logo is not None:
        place = (LEFT + WIDE - 2.3, FOOT - 0.05, 1.4, 0.32)
        add_picture(slide, whole.logo.pixels, place, whole.words["logo"])
    _note(slide, [title, *whole.not_done, *notes, *whole.warnings, whole.origin])
    return slide


def _note(slide: Any, parts: Sequence[str]) -> None:
    slide.notes_slide.notes_text_frame.text = "\n\n".join(dict.fromkeys(filter(None, parts)))


def _opening(deck: Any, whole: Report) -> None:
    """Add question, answer and the decision that is asked."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    room = WIDE - (3.0 if whole.logo is not None else 0.0)
    client = " · ".join(part for part in (whole.client, whole.day) if part)
    if client:
        add_text(slide, client, (LEFT, 0.5, room, 0.4), (18.0, 16.0, 14.0, SMALLEST), bold=True)
    add_text(slide, whole.eyebrow, (LEFT, 0.92, room, 0.32), (14.0, SMALLEST), theme.QUIET)
    if whole.logo is not None:
        add_picture(
            slide, whole.logo.pixels, (LEFT + WIDE - 2.8, 0.45, 2.8, 0.85), whole.words["logo"]
        )
    add_text(slide, whole.question, (LEFT, 1.45, WIDE, 0.56), (16.0, 14.0, SMALLEST), theme.QUIET)
    leads = "\n".join((*whole.warnings[:2], *whole.not_done, *whole.leads))

    def high_of(size: float) -> float:
        return shapes.height_of(whole.outcome, size, WIDE, bold=True) + 0.05

    def fitting(size: float, small: float) -> bool:
        return 2.17 + high_of(size) + shapes.height_of(leads, small, WIDE, points=True) <= 5.45

    sizes = (34.0, 30.0, *shapes.TITLE)  # as large as leaves room for what follows
    large = [size for size in sizes if size >= 20.0 and fitting(size, 14.0)]
    size = next(iter(large or [size for size in sizes if fitting(size, SMALLEST)]), SMALLEST)
    high = min(high_of(size), 2.2)
    shapes.place_title(slide, whole.outcome, (LEFT, 2.05, WIDE, high), (size, SMALLEST))
    place = (LEFT, 2.05 + high + 0.12, WIDE, 3.28 - high)
    add_text(slide, leads, place, SIZES[2:], points=True)
    shapes.add_block(slide, (LEFT, 5.55, WIDE, 1.3), "#eaf3fa")
    shapes.add_block(slide, (LEFT, 5.55, 0.07, 1.3), PALETTE[0])
    asked = whole.words["decision"]
    add_text(slide, asked, (LEFT + 0.3, 5.66, WIDE - 0.6, 0.3), (14.0,), PALETTE[0], bold=True)
    box = (LEFT + 0.3, 5.98, WIDE - 0.6, 0.8)
    add_text(slide, whole.decision, box, (22.0, *SIZES), bold=True)
    add_text(slide, whole.origin, (LEFT, FOOT, WIDE, 0.3), (SMALLEST,), theme.QUIET)
    parts = [whole.title, whole.question, whole.headline, *whole.leads, asked, whole.decision]
    _note(slide, [*parts, *whole.warnings, whole.origin])


def _choices(deck: Any, whole: Report) -> None:
    """Add the strategies on one timeline, with what they cost."""
    text = " ".join(whole.choices.paragraphs)
    slide = _slide(deck, whole, whole.messages["choices"], [text, whole.timeline.alt])
    add_text(slide, text, (LEFT, TOP - 0.1, WIDE, 0.45), SIZES[3:], theme.QUIET)
    box = (LEFT, TOP + 0.4, WIDE, BODY - 0.4)
    add_lanes(slide, whole.timeline, box, whole.words["more"])


def _curves(deck: Any, whole: Report) -> None:
    """Add weekly users by month."""
    notes = [whole.headline, whole.alt, whole.reading, *whole.leads]
    slide = _slide(deck, whole, whole.messages["levels"], notes)
    text = f"{whole.chart}. {whole.words['dashes']}"
    add_text(slide, text, (LEFT, TOP, WIDE, 0.4), SIZES[3:], theme.QUIET)
    add_lines(slide, whole, (LEFT, TOP + 0.4, WIDE, BODY - 0.4))


def _added(deck: Any, whole: Report) -> None:
    """Add what each measure adds: bars, and a table with ranges and costs."""
    part = whole.added
    slide = _slide(deck, whole, whole.messages["added"], [*part.paragraphs, *_notes(part)])
    if whole.adds is None:
        _tabled(slide, part, (LEFT, TOP, WIDE, BODY))
        return
    half = 0.46 * WIDE
    high = min(BODY, 0.8 + 0.65 * len(whole.adds.names))
    add_bars(slide, whole.adds, (LEFT, TOP, half - 0.3, high), whole.language)
    _tabled(slide, part, (LEFT + half, TOP, WIDE - half, BODY))


def _parts(deck: Any, whole: Report) -> None:
    """Add weekly users by department and strategy."""
    part = whole.parts
    notes = [*part.paragraphs, *_notes(part), *whole.why.paragraphs]
    slide = _slide(deck, whole, whole.messages["parts"], notes)
    _tabled(slide, part, (LEFT, TOP, WIDE, BODY))


def _within(deck: Any, whole: Report) -> None:
    """Add the best plans for three budgets: those that were searched for, or else of those compared."""
    (costs,) = whole.costs.tables
    (part,) = whole.searched or (whole.within,)
    slide = _slide(deck, whole, whole.messages["within"], [*_notes(part), costs.note])
    used = _tabled(slide, part, (LEFT, TOP, WIDE, BODY), most=14.0)
    left = BODY - used - 0.1
    if left >= 0.6 + 0.32 * len(whole.money.names):
        add_bars(slide, whole.money, (LEFT, TOP + used + 0.1, WIDE, left), whole.language)


def _turns(deck: Any, whole: Report) -> None:
    """Add what turns the answer, and what to measure to find out."""
    part = whole.turns
    slide = _slide(deck, whole, whole.messages["turns"], [*part.points, *_notes(part)])
    half = 0.4 * WIDE
    add_text(slide, "\n".join(part.points), (LEFT, TOP, half - 0.4, BODY), SIZES[1:], points=True)
    tables = replace(part, points=())
    _tabled(slide, tables, (LEFT + half, TOP, WIDE - half, BODY))


def _days(deck: Any, whole: Report) -> None:
    """Add the first hundred days."""
    part = whole.days
    slide = _slide(deck, whole, whole.messages["days"], [*part.paragraphs, *_notes(part)])
    _tabled(slide, part, (LEFT, TOP, WIDE, BODY))


def _notes(part: Section) -> list[str]:
    return [table.note for table in part.tables]


def _tabled(
    slide: Any, part: Section, box: Box, big: bool = False, most: float = SIZES[0]
) -> float:
    """Add the sentences, the first table and its note of a section; return how high they are."""
    left, top, width, height = box
    used = 0.0
    if part.paragraphs:
        text = " ".join(part.paragraphs)
        size = shapes.height_of(text, 14.0, width)
        used = min(size + 0.1, height if not part.tables else 0.35 * height)
        add_text(slide, text, (left, top, width, used - 0.05), SIZES[3:])
    if not part.tables:
        return used
    table = part.tables[0]
    foot = shapes.height_of(table.note, SMALLEST, width) + 0.12 if table.note else 0.0
    foot = min(foot, 0.3 * height)
    used += add_table(slide, table, (left, top + used, width, height - used - foot), big, most)
    if table.note:
        place = (left, top + used + 0.08, width, foot - 0.06)
        add_text(slide, table.note, place, (SMALLEST,), theme.QUIET)
    return used + foot


# --- The appendix ------------------------------------------------------------------------------


def _appendix(deck: Any, whole: Report, several: bool) -> None:
    """Add the tables behind the slides, what all rests on, what was missed, and what made it."""
    by_key = {section.key: section for section in whole.appendices}
    pages = [whole.levels, whole.costs, *([whole.within] if whole.searched else [])]
    pages += [whole.sure] if several else []
    pages += [by_key["B"], _cited(by_key["B"]), by_key["C"]]
    for part in pages:
        for page in _paged(part):
            title = f"{whole.words['appendix']}: {_message(page, whole)}"
            slide = _slide(deck, whole, title, [*page.paragraphs, *page.points, *_notes(page)])
            if page.points:
                _pointed(slide, [page])
            else:
                _tabled(slide, page, (LEFT, TOP, WIDE, BODY), big=page.key == "levels")
    ends = [whole.next_steps, whole.limits]
    title = f"{whole.words['appendix']}: {whole.messages['next']}"
    slide = _slide(deck, whole, title, [point for part in ends for point in part.points])
    _pointed(slide, ends)
    made = by_key["D"]
    title = f"{whole.words['appendix']}: {made.title}"
    slide = _slide(deck, whole, title, [*made.paragraphs, made.code])
    text = "\n".join([*made.paragraphs, made.code])
    _tabled(slide, replace(made, paragraphs=(text,)), (LEFT, TOP, WIDE, BODY))


def _message(part: Section, whole: Report) -> str:
    """Return what a slide of the appendix says in its title."""
    known = {
        "levels": whole.headline,
        "costs": whole.messages["costs"],
        "sure": whole.messages["sure"],
        "B": whole.messages["rests"],
    }
    return known.get(part.key, part.title)


def _cited(part: Section) -> Section:
    """Return the evidence measures rest on as a section of its own."""
    table = part.tables[-1]
    return replace(part, key="cited", title=table.title, paragraphs=(), tables=(table,))


def _paged(part: Section) -> list[Section]:
    """Return a section in as many parts as slides it takes: no row of evidence is left out."""
    if part.key != "cited":
        return [part]
    table, pages = part.tables[0], list[Section]()
    rows = table.rows
    while rows:
        left = replace(table, rows=rows)
        count = len(fit(left, WIDE, BODY - 0.4, most=14.0).table.rows)
        pages.append(replace(part, tables=(replace(table, rows=rows[:count]),)))
        rows = rows[count:]
    return pages


def _pointed(slide: Any, parts: Sequence[Section]) -> None:
    """Add the points of one section, or of two beside each other."""
    gap = 0.6
    width = (WIDE - gap * (len(parts) - 1)) / len(parts)
    for place, part in enumerate(parts):
        left, top = LEFT + place * (width + gap), TOP
        if len(parts) > 1:
            head = (left, top, width, 0.45)
            add_text(slide, part.title, head, (20.0, 16.0, 14.0), PALETTE[0], bold=True)
            top += 0.6
        elif part.paragraphs:
            add_text(slide, " ".join(part.paragraphs), (left, top, width, 0.6), SIZES[2:])
            top += 0.7
        box = (left, top, width, TOP + BODY - top)
        add_text(slide, "\n".join(part.points), box, SIZES, points=True)
