"""Texts on slides that fit their box; lengths in inches, letters in points."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import lru_cache
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

SMALLEST: Final = 12.0
"""Smallest letters on a slide: they are read from the back of a room, or on paper at half size."""

SIZES: Final = (20.0, 18.0, 16.0, 14.0, 13.0, SMALLEST)
"""Sizes a text is tried in, the largest first."""

TITLE: Final = (28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, SMALLEST)

ELLIPSIS: Final = "…"

RULER: Final = 20.0
"""Size in which words are measured once [point]."""


NARROWER: Final = 0.93
"""Width of letters of Arial beside those texts are measured with, at most: they are 0.87 as wide."""


@lru_cache(maxsize=20_000)
def _wide(word: str, bold: bool) -> float:
    return NARROWER * theme.width_of(word, RULER, bold) / RULER


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return about how wide a line of text is; words are measured once, so it takes no time."""
    words = text.split()
    gaps = 0.32 * max(0, len(words) - 1) / theme.POINTS
    return size * (sum(_wide(word, bold) for word in words) + gaps)


def line_count(text: str, size: float, width: float, bold: bool = False) -> int:
    """Return how many lines a text takes; a word wider than a line is broken."""
    count, gap = 0, 0.32 * size / theme.POINTS
    for part in text.split("\n"):
        count, used = count + 1, 0.0
        for word in part.split(" "):
            wide = size * _wide(word, bold) if word else 0.0
            if used and used + gap + wide > width:
                count, used = count + 1, 0.0
            if wide > width:
                more = math.ceil(1.03 * wide / width) - 1
                count, wide = count + more, wide - more * width
            used += wide + (gap if used else 0.0)
    return count


def height_of(
    text: str, size: float, width: float, bold: bool = False, points: bool = False
) -> float:
    """Return how high a text is; points have a margin at their left, and room below them."""
    room = width - (1.2 * size / theme.POINTS if points else 0.0)
    extra = 0.62 * text.count("\n") if points else 0.0
    return (line_count(text, size, room, bold) + extra) * size * LEADING / theme.POINTS


def fitted(
    text: str, sizes: Sequence[float], box: Box, bold: bool = False, points: bool = False
) -> tuple[str, float]:
    """Return a text and the largest of the sizes in which it fits its box.

    What does not fit in the smallest is cut, and ends in an ellipsis: the whole is in the notes.
    """
    _, _, width, height = box
    size = next(
        (size for size in sizes if height_of(text, size, width, bold, points) <= height), sizes[-1]
    )
    low, high = 0, len(text)  # the most letters that fit, by halving
    if height_of(text, size, width, bold, points) <= height:
        return text, size
    while low < high:
        middle = (low + high + 1) // 2
        if height_of(text[:middle] + ELLIPSIS, size, width, bold, points) <= height:
            low = middle
        else:
            high = middle - 1
    kept = text[:low].rsplit(" ", 1)[0] if " " in text[:low] else text[:low]
    return kept.rstrip(" ,;:.-\n") + ELLIPSIS, size


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
    middle: bool = False,
) -> Any:
    """Add a text in the largest of these sizes [points] that fits."""
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Inches

    shape = slide.shapes.add_textbox(*map(Inches, box))
    _fill(shape.text_frame, *fitted(text, sizes, box, bold, points), colour, bold, right, points)
    if middle:
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    return shape


def add_block(slide: Any, box: Box, colour: str) -> Any:
    """Add a filled rectangle."""
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.oxml.ns import qn
    from pptx.util import Inches

    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *map(Inches, box))
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(colour)
    shape.line.fill.background()
    style = shape._element.find(qn("p:style"))  # it holds a shadow
    shape._element.remove(style)
    return shape


def add_picture(slide: Any, content: bytes, box: Box, spoken: str, right: bool = True) -> None:
    """Add a picture as large as fits its box, as wide and high as it is."""
    from pptx.util import Emu, Inches

    left, top, width, height = map(Inches, box)
    picture = slide.shapes.add_picture(io.BytesIO(content), left, top)
    scale = min(width / picture.width, height / picture.height)
    picture.width, picture.height = (
        Emu(int(picture.width * scale)),
        Emu(int(picture.height * scale)),
    )
    picture.left = Emu(left + width - picture.width if right else left)
    picture.top = Emu(top + (height - picture.height) // 2)
    picture._element.nvPicPr.cNvPr.set("descr", spoken)


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
    _fill(shape.text_frame, *fitted(text, sizes, box, True), theme.INK, True, False, False)
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


def add_run(
    paragraph: Any, text: str, size: float, colour: str, bold: bool = False, lang: str = ""
) -> None:
    """Add letters of one kind to a paragraph, in a language if it is not that of the report."""
    from pptx.util import Pt

    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
    run.font.color.rgb = rgb(colour)
    if lang:
        run._r.get_or_add_rPr().set("lang", lang)


def rgb(colour: str) -> Any:
    """Return a colour as python-pptx has it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#").upper())


def say_language(part: Any, locale: str) -> None:
    """Mark every text of a slide or of its notes with a language, for voices and spelling."""
    from pptx.oxml.ns import qn

    for run in part._element.iter(qn("a:r")):
        about = run.get_or_add_rPr()
        if about.get("lang") is None:  # what is English is marked so already
            about.set("lang", locale)
