"""The figure: adoption month by month, and below it the difference that is really made."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from analysis import theme
from analysis.comparison import (
    LOWER_IS_BETTER,
    clear,
    difference,
    difference_curve,
    improved,
    in_figures,
    others,
    paired,
    percent,
    reference_of,
)
from analysis.layout import CROWD, Panel, Picture, Series, compose, in_bytes, minus, short
from analysis.summary import band, common_months, known, labels, scale_of
from sim import kpis
from sim.errors import AdoptionError

if TYPE_CHECKING:
    import pandas as pd

    from sim.results import Result


def adoption_curves(result: Result, against: str | None = None, kpi: str = "adoption") -> Picture:
    """Draw a KPI month by month for each scenario, and what each adds to a reference.

    Parameters
    ----------
    result
        What was simulated.
    against
        Scenario the others are compared with, in grey; by default the first.
    kpi
        KPI drawn.

    Returns
    -------
    Picture
        A matplotlib figure. Above: means and the 10-90 % band of organisations. Below, with two
        scenarios or more: the difference to the reference in the same organisation, its 95 %
        interval and 10-90 % band, and the verdict. Scenarios of different length are drawn
        up to the last month that all have.

    Raises
    ------
    AdoptionError
        If there is no such scenario or KPI.
    """
    reference = reference_of(result, against)
    known(kpi, kpis.KPIS, "KPI")
    panels = [_levels(result, reference, kpi)]
    table = difference(result, reference, kpi)
    if len(table):
        panels.append(_differences(result, reference, kpi, table))
    message = _message(result, reference, kpi, table)
    subtitle = f"{_what(kpi)}. {_organisation(result)}"
    return compose(result, message, subtitle, panels, _caption(result, reference))


def save_figure(figure: Figure, path: str | Path) -> tuple[Path, Path]:
    """Write a figure as PNG (twice as sharp as its size asks) and as SVG with text as text.

    The same figure gives the same bytes: no date and no version is written into the files.

    Parameters
    ----------
    figure
        What to write.
    path
        Where; an ending ``.png`` or ``.svg`` is left out. Missing folders are made.

    Returns
    -------
    tuple
        Path of the PNG and of the SVG.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    path = Path(path)
    stem = path.name.removesuffix(".png").removesuffix(".svg")
    png, svg = path.with_name(f"{stem}.png"), path.with_name(f"{stem}.svg")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        png.write_bytes(in_bytes(figure, "png"))
        svg.write_bytes(in_bytes(figure, "svg"))
    except OSError as error:
        raise AdoptionError(f"{path}: cannot write the figure: {error.strerror}") from error
    return png, svg


# --- What is drawn -------------------------------------------------------------------------


def _levels(result: Result, reference: str, kpi: str) -> Panel:
    """Return the panel with the KPI itself."""
    scale, last = scale_of(kpi), common_months(result)
    what = kpis.KPIS[kpi].unit  # is in the heading already
    called = labels(result)
    shades = theme.colours(list(result.scenarios), reference)
    series = []
    for name in [reference, *others(result, reference)]:
        curves = scale.factor * result.curves(name, kpi)[:, : last + 1]
        line = curves.mean(axis=0)
        series.append(
            Series(
                shades[name],
                line,
                band(curves) if result.runs > 1 else None,
                None,
                _amount(float(line[-1]), kpi).removesuffix(f" {what}"),
                called[name],
                reference=name == reference,
            )
        )
    limits = (0.0, 100.0) if scale.unit == "%" else (-math.inf, math.inf)
    return Panel(_what(kpi), series, limits, 3.3, " %" if scale.unit == "%" else "")


def _differences(result: Result, reference: str, kpi: str, table: pd.DataFrame) -> Panel:
    """Return the panel with what each scenario adds to the reference."""
    scale = scale_of(kpi)
    called = labels(result)
    shades = theme.colours(list(result.scenarios), reference)
    nothing = np.zeros(common_months(result) + 1)
    series = [
        Series(shades[reference], nothing, None, None, "0", called[reference], reference=True)
    ]
    for name, row in table.iterrows():
        curve = difference_curve(result, str(name), reference, kpi)
        pairs = bool(row.same_people) and result.runs > 1
        series.append(
            Series(
                shades[str(name)],
                curve["difference"].to_numpy(),
                (curve["band_low"].to_numpy(), curve["band_high"].to_numpy()) if pairs else None,
                (curve["low"].to_numpy(), curve["high"].to_numpy()) if result.runs > 1 else None,
                minus(in_figures(row)["difference"]),
                called[str(name)],
                _note(row, crowded=len(result.scenarios) > CROWD),
            )
        )
    limits = (-100.0, 100.0) if scale.unit == "%" else (-math.inf, math.inf)
    unit = {"%": "percentage points", "": "on a scale of 0 to 1"}.get(scale.unit, scale.unit)
    pairs = all(table.same_people)
    within = " in the same organisation" if pairs else ""
    heading = f"Difference from {short(called[reference])}{within}, {unit}"
    return Panel(heading, series, limits, 2.4, signed=True)


def _note(row: Any, crowded: bool) -> list[str]:
    """Return the verdict on a row of a table of differences: in a line if there are many."""
    if row.equal == 1.0:
        return ["exactly the same"]
    if row.organisations == 1:
        return ["one organisation, no interval"]
    interval = minus(in_figures(row)["interval"])
    if not row.same_people:
        found = "not the same people" if clear(row) else "no clear difference, other people"
    elif not clear(row):
        found = f"no clear difference, {percent(row.better)} % better"
    else:
        found = f"better in {percent(row.better)} % of organisations"
        if not improved(row):
            found = f"worse in {percent(1.0 - row.better - row.equal)} % of organisations"
    if crowded:
        found = found.removesuffix(" of organisations").removeprefix("no clear difference, ")
        return [f"{interval.removeprefix('95 % interval ')}; {found}"]
    return [interval, found]


def _message(result: Result, reference: str, kpi: str, table: pd.DataFrame) -> str:
    """Return what the figure says: how the best scenario ends, and how the reference does."""
    called = {name: short(label) for name, label in labels(result).items()}
    last, factor = common_months(result), scale_of(kpi).factor
    means = {
        name: factor * float(result.curves(name, kpi)[:, last].mean()) for name in result.scenarios
    }
    start = f"{kpis.KPIS[kpi].label} at month {last}"
    base = f"{_amount(means[reference], kpi)} with {called[reference]}"
    if not len(table):
        return f"{start}: {base}"
    if result.runs > 1 and not any(clear(row) for _, row in table.iterrows()):
        if len(table) > 1:
            return f"{start}: none clearly different from {called[reference]}"
        return (
            f"{start}: no clear difference between {called[table.index[0]]} and {called[reference]}"
        )
    rivals = others(result, reference)
    best = (min if kpi in LOWER_IS_BETTER else max)(rivals, key=lambda name: means[name])
    if _amount(means[best], kpi) == _amount(means[reference], kpi):
        return f"{start}: {base}, hardly different with {called[best]}"
    return f"{start}: {_amount(means[best], kpi)} with {called[best]}, {base}"


def _caption(result: Result, reference: str) -> str:
    """Return what lines and shades mean, how many organisations there are, and what made them."""
    rivals = others(result, reference)
    called = labels(result)
    strangers = [name for name in rivals if not paired(result, name, reference)]
    crowded = len(result.scenarios) > CROWD
    if result.runs == 1:
        parts = ["One organisation (run) per scenario: no band and no interval."]
    else:
        outer = "Bars at the right end" if crowded else "Light shade"
        few = ", so few that it is rough" if result.runs < 10 else ""
        parts = [
            f"Line: mean of {result.runs:,} organisations (runs), each with its own people, ties "
            f"and luck. {outer}: 10-90 % of organisations, the middle 80 %{few}."
        ]
        if rivals:
            same = ", same people and same luck" if not strangers else ""
            parts.append(f"Dark shade: 95 % interval of the mean difference{same}.")
    if strangers:
        named = ", ".join(called[name] for name in strangers)
        parts.append(
            f"{named}: not the same people as {called[reference]}, compared as two samples."
        )
    if len({one.simulation.months for one in result.scenarios.values()}) > 1:
        parts.append(f"Shown to month {common_months(result)}, the last that all scenarios have.")
    if result.interrupted:
        parts.append(f"Interrupted after {result.runs:,} of {result.asked:,} runs.")
    parts.append(
        "Parameters held fixed: what if, not a forecast. "
        f"Seed {result.seed}, result {result.fingerprint}."
    )
    return " ".join(parts)


def _what(kpi: str) -> str:
    """Return what is on the vertical axis, with its unit."""
    one = kpis.KPIS[kpi]
    if one.unit == "share":
        return (
            f"{one.label}, % of employees"
            if "of all employees" in one.formula
            else f"{one.label}, %"
        )
    return f"{one.label}, " + ("on a scale of 0 to 1" if one.unit == "1" else one.unit)


def _organisation(result: Result) -> str:
    """Return the name and size of the organisations, as far as they are the same."""
    names = {
        (one.organisation.name, one.organisation.employees) for one in result.scenarios.values()
    }
    if len(names) > 1:
        return "Several organisations"
    name, employees = next(iter(names))
    return name if str(employees) in name else f"{name}, {employees:,} people"


def _amount(value: float, kpi: str) -> str:
    """Return a value of a KPI in three digits at most, with its unit but for scores."""
    unit = scale_of(kpi).unit
    if unit == "%":
        exact = value in (0.0, 100.0) or 1.0 <= value < 99.0
        return f"{value:.0f} %" if exact else f"{value:.1f} %"
    size = math.floor(math.log10(abs(value))) if value else 0
    digits = min(2, 2 - size)
    return minus(f"{round(value, digits):,.{max(0, digits)}f} {unit}".rstrip())
