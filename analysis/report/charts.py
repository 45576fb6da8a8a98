"""Native charts on slides, which can be edited, and say what they show to who cannot see them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from analysis.figures import theme
from analysis.report.shapes import FONT, SMALLEST, Box, add_text, rgb
from analysis.report.values import Bars, Curve, Report


def add_lines(slide: Any, whole: Report, box: Box) -> None:
    """Add the chart of weekly users by month, named at the end of each line.

    The 10-90% band of the strategies with least and most users is drawn as thin dashed lines.
    """
    from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Inches, Pt

    left, top, width, height = box
    names = 3.1
    data = _data("0")
    data.categories = [str(month) for month in range(len(whole.curves[0].mean))]
    for curve in whole.curves:
        data.add_series(curve.label, [round(value, 2) for value in curve.mean])
    banded = _banded(whole)
    for curve in banded:
        for values in (curve.low, curve.high):
            label = f"{curve.label} ({whole.words['band']})"
            data.add_series(label, [round(value, 2) for value in values])
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.LINE, Inches(left), Inches(top), Inches(width - names), Inches(height), data
    )
    chart = frame.chart
    _plain(chart, frame, whole.alt, whole.chart)
    axis, across = chart.value_axis, chart.category_axis
    axis.minimum_scale, axis.maximum_scale, axis.major_unit = 0, 100, 20
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = '0"%"', False
    axis.major_gridlines.format.line.color.rgb = rgb(theme.FAINT)
    axis.format.line.fill.background()
    axis.major_tick_mark = across.major_tick_mark = XL_TICK_MARK.NONE
    across.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    across.format.line.color.rgb = rgb(theme.QUIET)
    across.has_title = True
    across.axis_title.text_frame.text = whole.words["month"]
    _letters(across.axis_title.text_frame.paragraphs[0].runs[0].font, 12, theme.QUIET)
    step = int(theme.month_ticks(len(whole.curves[0].mean) - 1)[1])
    for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
        _element(across._element, tag, str(step), before=("c:noMultiLvlLbl",))
    _element(axis._element, "c:crossBetween", "midCat", before=("c:majorUnit",))
    inner = (0.055, 0.03, 0.935, 0.82)
    _layout(chart, inner)
    count = len(whole.curves)
    for place, series in enumerate(chart.plots[0].series):
        series.smooth = False
        band = place >= count
        curve = banded[(place - count) // 2] if band else whole.curves[place]
        series.format.line.color.rgb = rgb(curve.colour)
        series.format.line.width = Pt(1.0 if band else 2.75)
        if band:
            series.format.line.dash_style = MSO_LINE.DASH
        _no_marker(series)
    bottom = top + height * (inner[1] + inner[3])
    tall = height * inner[3]
    high = 0.8 if count <= 4 else 0.56 if count <= 7 else 0.36
    ends = [bottom - tall * curve.mean[-1] / 100.0 for curve in whole.curves]
    spots = theme.spread(ends, [high / 2] * count, [high / 2] * count, top - 0.1, top + height)
    for curve, spot in zip(whole.curves, spots, strict=True):
        place_at = (left + width - names + 0.08, float(spot) - high / 2, names - 0.1, high)
        text = f"{curve.end}  {curve.label}"
        add_text(slide, text, place_at, (16.0, 14.0, SMALLEST), theme.readable(curve.colour))


def _banded(whole: Report) -> list[Curve]:
    if whole.curves[0].low == whole.curves[0].high:
        return []
    best = max(whole.curves, key=lambda curve: curve.mean[-1])
    return [whole.curves[0], best] if best is not whole.curves[0] else [best]


def add_bars(slide: Any, bars: Bars, box: Box, language: str) -> None:
    """Add bars beside each other, lying, with their values at the end."""
    from pptx.enum.chart import (
        XL_CHART_TYPE,
        XL_LABEL_POSITION,
        XL_LEGEND_POSITION,
        XL_TICK_LABEL_POSITION,
        XL_TICK_MARK,
    )
    from pptx.util import Inches

    left, top, width, height = box
    add_text(slide, bars.title, (left, top, width, 0.35), (14.0, SMALLEST), theme.QUIET)
    data = _data("General")
    data.categories = [_short(name) for name in bars.names]
    for name, _, values in bars.series:
        data.add_series(name, [_round(value) for value in values])
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED,
        Inches(left),
        Inches(top + 0.35),
        Inches(width),
        Inches(height - 0.35),
        data,
    )
    chart = frame.chart
    _plain(chart, frame, _spoken(bars), bars.title)
    chart.has_legend = len(bars.series) > 1
    if chart.has_legend:
        beside = width > 1.5 * height
        where = XL_LEGEND_POSITION.RIGHT if beside else XL_LEGEND_POSITION.BOTTOM
        chart.legend.position, chart.legend.include_in_layout = where, False
        _letters(chart.legend.font, 12, theme.QUIET)
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = rgb(theme.QUIET)
    chart.category_axis.major_tick_mark = XL_TICK_MARK.NONE
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    if all(value >= 0.0 for _, _, values in bars.series for value in values):
        chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 55, -8
    plot.has_data_labels = True
    plot.data_labels.number_format_is_linked = False
    plot.data_labels.number_format = _format(bars.unit, language)
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    _letters(plot.data_labels.font, SMALLEST, theme.INK)
    plot.data_labels._element.get_or_add_txPr().bodyPr.set("wrap", "none")
    for series, (_, colour, _) in zip(plot.series, bars.series, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(colour)
        series.invert_if_negative = False


SEPARATORS: Final = {"en": ("€", ","), "nl": ("€\N{NO-BREAK SPACE}", ".")}
"""The sign of the euro, and what stands between thousands."""


def _format(unit: str, language: str) -> str:
    """Return how values are written by their unit.

    Separators stand in it as letters: or the reader's program would choose them by its own language.
    """
    if unit != "€":
        return '+0;"\N{MINUS SIGN}"0;0'
    euro, mark = SEPARATORS[language]
    parts = [f'"{euro}"0"{mark}"000"{mark}"000', f'"{euro}"0"{mark}"000', f'"{euro}"0']
    return f"[>=1000000]{parts[0]};[>=1000]{parts[1]};{parts[2]}"


def _data(number_format: str) -> Any:
    """Return data for a chart, whose workbook takes every text for a text and never for a formula."""
    from contextlib import contextmanager

    from pptx.chart.data import CategoryChartData
    from pptx.chart.xlsx import CategoryWorkbookWriter
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    class Book(CategoryWorkbookWriter):  # type: ignore[misc]
        @contextmanager
        def _open_worksheet(self, file: Any) -> Iterator[tuple[Any, Any]]:
            options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
            workbook = Workbook(file, options)
            yield workbook, workbook.add_worksheet()
            workbook.close()

    class Data(CategoryChartData):  # type: ignore[misc]
        @property
        def _workbook_writer(self) -> Any:
            return Book(self)

    return Data(number_format=number_format)


def _round(value: float) -> float:
    """Return a value as its bar has it: one that is written as 0 is 0, and no less."""
    return round(value, 2) if abs(value) >= 0.5 else 0.0


def _short(name: str, most: int = 40) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _spoken(bars: Bars) -> str:
    """Return what bars show, in words."""
    parts = [
        f"{name}: "
        + ", ".join(
            f"{series} {value:.0f}"
            for series, _, values in bars.series
            for value in [values[place]]
        )
        for place, name in enumerate(bars.names)
    ]
    return f"{bars.title}. {'; '.join(parts)}."


def _plain(chart: Any, frame: Any, spoken: str, title: str) -> None:
    """Make a chart quiet, and say what it shows to who cannot see it."""
    chart.has_legend, chart.has_title = False, False
    _letters(chart.font, 12, theme.QUIET)
    name = frame._element.nvGraphicFramePr.cNvPr
    name.set("descr", spoken)
    name.set("title", title)


def _letters(font: Any, size: float, colour: str) -> None:
    from pptx.util import Pt

    font.size, font.name = Pt(size), FONT
    font.color.rgb = rgb(colour)


def _no_marker(series: Any) -> None:
    from pptx.enum.chart import XL_MARKER_STYLE

    series.marker.style = XL_MARKER_STYLE.NONE


def _element(parent: Any, tag: str, value: str, before: tuple[str, ...]) -> None:
    """Set a value python-pptx has no name for, in the place the format asks for."""
    from lxml import etree
    from pptx.oxml.ns import qn

    element = parent.find(qn(tag))
    if element is None:
        element = etree.SubElement(parent, qn(tag))
        for name in before:
            later = parent.find(qn(name))
            if later is not None:
                later.addprevious(element)
    element.set("val", value)


def _layout(chart: Any, inner: tuple[float, float, float, float]) -> None:
    """Set where the lines stand in their frame, so that names can be put beside them."""
    from lxml import etree
    from pptx.oxml.ns import qn

    area = chart._chartSpace.chart.plotArea
    layout = area.find(qn("c:layout"))
    if layout is None:
        layout = etree.Element(qn("c:layout"))
        area.insert(0, layout)
    for child in list(layout):
        layout.remove(child)
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    values = [("layoutTarget", "inner"), ("xMode", "edge"), ("yMode", "edge")]
    values += [(name, str(number)) for name, number in zip("xywh", inner, strict=True)]
    for name, value in values:
        etree.SubElement(manual, qn(f"c:{name}")).set("val", value)
