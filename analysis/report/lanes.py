"""The timeline on a slide: a bar per measure, drawn as shapes that can be moved and changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from analysis.figures import theme
from analysis.report.shapes import SMALLEST, Box, add_block, add_text
from analysis.report.values import Bar, Lane, Timeline

LEAST: Final = 0.235
MOST: Final = 0.34
"""Height of a row [inch]."""

LABELS: Final = 3.7
COSTS: Final = 1.9
"""Width of the columns beside the months [inch]."""


def add_lanes(slide: Any, timeline: Timeline, box: Box, more: str) -> None:
    """Add the timeline: strategies below each other, their measures as bars by month."""
    left, top, width, height = box
    lanes = _shortened(timeline, int((height - MOST) / LEAST), more)
    rows = sum(1 + len(lane.bars) for lane in lanes)
    high = min(MOST, (height - MOST) / rows)
    start, wide = left + LABELS, width - LABELS - COSTS
    month = wide / timeline.months
    for tick in timeline.ticks:
        x = start + (tick - 1) * month
        add_block(slide, (x, top + 0.26, 0.008, 0.08 + rows * high), theme.FAINT)
        add_text(slide, str(tick), (x, top, 0.5, 0.24), (SMALLEST,), theme.QUIET)
    y = top + MOST
    for lane in lanes:
        colour = theme.readable(lane.colour)
        add_text(
            slide,
            lane.label,
            (left, y, width - 2.6, high),
            (SMALLEST,),
            colour,
            bold=True,
            middle=True,
        )
        place = (left + width - 2.5, y, 2.5, high)
        add_text(slide, lane.total, place, (SMALLEST,), colour, bold=True, right=True, middle=True)
        y += high
        for bar in lane.bars:
            _row(slide, bar, lane, (left, y, width, high), (start, month))
            y += high


def _row(slide: Any, bar: Bar, lane: Lane, box: Box, scale: tuple[float, float]) -> None:
    """Add a measure: its name, its bars, its cost."""
    left, y, width, high = box
    start, month = scale
    label = f"{bar.label} ({bar.note})" if bar.note and bar.spans else bar.label
    add_text(slide, label, (left + 0.15, y, LABELS - 0.25, high), (SMALLEST,), middle=True)
    for first, last in bar.spans:
        wide = (last - first + 1) * month
        colour = pale(lane.colour) if bar.faint else lane.colour
        add_block(slide, (start + (first - 1) * month, y + 0.03, wide, high - 0.07), colour)
    if bar.note and not bar.spans:
        room = (start, y, width - LABELS - COSTS, high)
        add_text(slide, bar.note, room, (SMALLEST,), "#a34700", middle=True)
    place = (left + width - COSTS + 0.1, y, COSTS - 0.1, high)
    add_text(slide, bar.cost, place, (SMALLEST,), right=True, middle=True)


def pale(colour: str) -> str:
    """Return a colour mixed with as much white."""
    return "#" + "".join(f"{round(255 * (1 + c) / 2):02x}" for c in theme.channels(colour))


def _shortened(timeline: Timeline, most: int, more: str) -> tuple[Lane, ...]:
    """Return lanes of so many rows together: each loses bars, its last says how many."""
    lanes = timeline.lanes[:most]
    longest = max(len(lane.bars) for lane in lanes)
    for count in range(longest, -1, -1):
        shown = tuple(_few(lane, count, more) for lane in lanes)
        if sum(1 + len(lane.bars) for lane in shown) <= most:
            return shown
    return tuple(replace(lane, bars=()) for lane in lanes)


def _few(lane: Lane, count: int, more: str) -> Lane:
    """Return a lane with so many bars at most."""
    if len(lane.bars) <= count:
        return lane
    if count == 0:
        return replace(lane, bars=())
    left = len(lane.bars) - count + 1
    rest = lane.bars[count - 1 :]
    spans = tuple(sorted({span for bar in rest for span in bar.spans}))
    together = Bar(more.format(number=left), spans, "")
    return replace(lane, bars=(*lane.bars[: count - 1], together))
