"""Texts on slides that fit their box; lengths in inches, letters in points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from analysis.figures import theme

WIDTH: Final = 13.333
HEIGHT: Final = 7.5
LEFT: Final = 0.75
WIDE: Final = WIDTH - 2 * LEFT
TOP: Final = 1.75
BODY: Final = 5.05
FOOT: Final = 7.0

FONT: Final = "Arial"
"""On every computer; narrower than the letters texts are measured with, so they fit."""

LEADING: Final = 1.2

Box = tuple[float, float, float, float]
"""Left, top, width, height."""

TITLE: Final = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 11.0)


def lines_of(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """Return a text in lines that fit a width."""
    parts = text.split("\n")
    return [line for part in parts for line in theme.wrap(part, size, width, bold) or [""]]


def size_for(
    text: str, sizes: Sequence[float], box: Box, bold: bool = False, points: bool = False
) -> float:
    """Return the largest of the sizes in which a text fits its box, or the smallest."""
    _, _, width, height = box
    for size in sizes:
        room = width - (1.2 * size / theme.POINTS if points else 0.0)
        extra = 0.55 * text.count("\n") if points else 0.0
        count = len(lines_of(text, size, room, bold)) + extra
        if count * size * LEADING / theme.POINTS <= height:
            return size
    return sizes[-1]


def add_text(
    slide: Any,
    text: str,
    box: Box,
    sizes: Sequence[float],
    colour: str = theme.INK,
    *,
    bold: bool = False,
    right: bool = False,
    points: bool = False,
) -> Any:
    """Add a text in the largest of these sizes [points] that fits."""
    from pptx.util import Inches

    shape = slide.shapes.add_textbox(*map(Inches, box))
    _fill(
        shape.text_frame,
        text,
        size_for(text, sizes, box, bold, points),
        colour,
        bold,
        right,
        points,
    )
    return shape


def place_title(
    slide: Any,
    text: str,
    box: Box = (LEFT, 0.55, WIDE, 1.0),
    sizes: Sequence[float] = TITLE,
) -> None:
    """Write the title of a slide."""
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches

    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = map(Inches, box)
    _fill(shape.text_frame, text, size_for(text, sizes, box, True), theme.INK, True, False, False)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.TOP


def _fill(
    frame: Any, text: str, size: float, colour: str, bold: bool, right: bool, points: bool
) -> None:
    from pptx.enum.text import MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for place, part in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        paragraph.line_spacing = 1.0
        if points:
            _bullet(paragraph, size)
            paragraph.space_after = Pt(0.6 * size)
        add_run(paragraph, part, size, colour, bold)


def _bullet(paragraph: Any, size: float) -> None:
    from lxml import etree
    from pptx.oxml.ns import qn

    about = paragraph._p.get_or_add_pPr()
    indent = str(int(size * 12700 * 1.1))
    about.set("marL", indent)
    about.set("indent", f"-{indent}")
    etree.SubElement(about, qn("a:buChar")).set("char", "•")


def add_run(paragraph: Any, text: str, size: float, colour: str, bold: bool = False) -> None:
    """Add letters of one kind to a paragraph."""
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = rgb(colour)


def rgb(colour: str) -> Any:
    """Return a colour as python-pptx has it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#").upper())


def say_language(part: Any, locale: str) -> None:
    """Mark every text of a slide or of its notes with a language, for voices and spelling."""
    from pptx.oxml.ns import qn

    for run in part._element.iter(qn("a:r")):
        run.get_or_add_rPr().set("lang", locale)
