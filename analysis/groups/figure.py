"""How groups fare month by month: a small panel for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis import theme
from analysis.comparison import reference_of
from analysis.groups.measured import curves, mean, names
from analysis.layout import Picture, minus, short
from analysis.network.sheet import Key, sheet
from analysis.summary import band, common_months, labels, scale_of
from sim import kpis
from sim.errors import AdoptionError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.results import Result

Array = np.ndarray[Any, Any]

MOST: Final = 24
"""Groups drawn at most: the largest."""

ACROSS: Final = 4
"""Panels beside each other at most."""

HIGH: Final = 1.55
"""Height of a panel [inch]."""

ABOVE: Final = 0.5
"""Room above it for the group's name."""

RIGHT: Final = 0.55
"""Room right of it for the numbers lines end at."""

LEFT: Final = 0.45
"""Room left of all for the values on the axis."""


def group_figure(
    result: Result, kind: str, against: str | None = None, kpi: str = "adoption"
) -> Picture:
    """Draw a KPI month by month in a small panel for each group of a kind.

    Parameters
    ----------
    result
        What was simulated, with groups.
    kind
        Kind of groups: ``archetype``, ``department``, ``team``, ``role``.
    against
        Scenario drawn in grey; by default the first.
    kpi
        KPI drawn; one that groups have.

    Raises
    ------
    AdoptionError
        If that kind was not measured, or no group of it may be shown.
    """
    reference = reference_of(result, against)
    every = names(result, kind)
    drawn = [group for group in every if _visible(result, kind, group, kpi)]
    if not drawn:
        raise AdoptionError(f"{kind}: every group is too small to be shown")
    size = {group: _people(result, kind, group) for group in drawn}
    largest = sorted(drawn, key=lambda group: -size[group])[:MOST]
    left_out = len(drawn) - len(largest)
    drawn = [group for group in drawn if group in largest]

    across = min(ACROSS, len(drawn))
    down = -(-len(drawn) // across)
    called = labels(result)
    shades = theme.colours(list(result.scenarios), reference)
    keys = [Key(short(called[name]), shades[name]) for name in result.scenarios]
    picture, area = sheet(
        _message(result, kind, drawn, reference, kpi),
        f"{kpis.KPIS[kpi].label}{', %' if scale_of(kpi).unit == '%' else ''}, by month and {kind}. "
        + ", ".join(dict.fromkeys(o.organisation.name for o in result.scenarios.values())),
        _caption(result, len(every) - len(drawn) - left_out, left_out),
        down * (ABOVE + HIGH) + 0.35,
        [keys] if len(keys) > 1 else [],
    )
    wide, high = picture.get_size_inches()
    step = (area.wide - LEFT) / across
    top = _highest(result, kind, drawn, kpi)
    for place, group in enumerate(drawn):
        x = area.left + LEFT + step * (place % across)
        row = place // across
        y = area.bottom + area.high - (row + 1) * (ABOVE + HIGH)
        ax = picture.add_axes((x / wide, y / high, (step - RIGHT) / wide, HIGH / high))
        title = theme.wrap(group.replace("_", " "), 10, step - RIGHT, bold=True, most=1)[0]
        theme.write(picture, x, y + HIGH + 0.38, [title], 10, bold=True, color=theme.INK)
        theme.write(
            picture, x, y + HIGH + 0.21, [f"{size[group]:,.0f} people"], 8, color=theme.QUIET
        )
        lowest = place + across >= len(drawn)
        _draw(ax, result, (kind, group), kpi, shades, top, (place % across == 0, lowest))
    return picture


def _visible(result: Result, kind: str, group: str, kpi: str) -> bool:
    """Return whether a group may be shown in every scenario that has it."""
    return all(
        curves(result, scenario, kind, group, kpi) is not None
        for scenario, one in result.groups.items()
        if (kind, group) in one.labels
    )


def _people(result: Result, kind: str, group: str) -> float:
    """Return how many people a group has at the end."""
    one = next(one for one in result.groups.values() if (kind, group) in one.labels)
    return mean(one.heads[:, -1, one.labels.index((kind, group))])


def _lines(result: Result, kind: str, group: str, kpi: str) -> dict[str, Array]:
    """Return the mean curve of a group by scenario."""
    last, factor = common_months(result), scale_of(kpi).factor
    found = {name: curves(result, name, kind, group, kpi) for name in result.scenarios}
    return {
        name: factor * np.nanmean(one[:, : last + 1], axis=0)
        for name, one in found.items()
        if one is not None
    }


def _spread(result: Result, kind: str, group: str, kpi: str) -> tuple[Array, Array] | None:
    """Return between which values 80 % of the organisations lie, if there is one scenario only."""
    if len(result.scenarios) > 1 or result.runs < 2:
        return None
    one = curves(result, next(iter(result.scenarios)), kind, group, kpi)
    whole = None if one is None else one[np.isfinite(one).all(axis=1)]
    if whole is None or len(whole) < 2:
        return None
    low, high = band(scale_of(kpi).factor * whole)
    return low, high


def _highest(result: Result, kind: str, drawn: list[str], kpi: str) -> float:
    """Return the end of the vertical axis that all panels share."""
    if scale_of(kpi).unit == "%":
        return 100.0
    ends = [line.max() for group in drawn for line in _lines(result, kind, group, kpi).values()]
    return 1.08 * float(max(ends, default=1.0)) or 1.0


def _draw(
    ax: Axes,
    result: Result,
    label: tuple[str, str],
    kpi: str,
    shades: dict[str, str],
    top: float,
    written: tuple[bool, bool],
) -> None:
    """Draw a panel; ``written`` says whether values and months are written beside it."""
    lines = _lines(result, *label, kpi)
    months = common_months(result)
    calendar = np.arange(months + 1)
    spread = _spread(result, *label, kpi)
    if spread is not None:
        (shade,) = shades.values()
        ax.fill_between(calendar, *spread, color=shade, alpha=0.15, linewidth=0)
    for name, line in lines.items():
        ax.plot(calendar, line, color=shades[name], linewidth=1.8, clip_on=False)
    ax.set_xlim(0, months)
    ax.set_ylim(0.0, top)
    ax.set_xticks(theme.month_ticks(months, 5))
    theme.plain(ax)
    if not written[0]:
        ax.tick_params(labelleft=False)
    if not written[1]:
        ax.tick_params(labelbottom=False)
    ends = {name: line[-1] for name, line in lines.items()}
    half = theme.height_of(1, 9) / 2.0
    wanted = [HIGH * value / top for value in ends.values()]
    room = [half] * len(ends)
    for (name, value), place in zip(
        ends.items(), theme.spread(wanted, room, room, -0.1, HIGH + 0.1), strict=True
    ):
        digits = 0 if top > 10.0 else 2
        ax.annotate(
            minus(f"{value:.{digits}f}"), (1.0, 0.0), (5.0, 72.0 * place),
            xycoords="axes fraction", textcoords="offset points", va="center_baseline",
            color=theme.readable(shades[name]), fontproperties=theme.letters(9, bold=True),
        )  # fmt: skip


def _message(result: Result, kind: str, drawn: list[str], reference: str, kpi: str) -> str:
    """Return what is seen: which groups are ahead and behind, or gain most and least."""
    last, what = common_months(result), kpis.KPIS[kpi].label
    ends = {group: _lines(result, kind, group, kpi) for group in drawn}
    unit = scale_of(kpi).unit
    best = max(
        result.scenarios, key=lambda name: np.nanmean([e[name][-1] for e in ends.values() if name in e])
    )  # fmt: skip

    def text(value: float) -> str:
        return minus(f"{value:.0f} {unit}") if unit else minus(f"{value:.2f}")

    if best == reference or len(result.scenarios) == 1:
        levels = {group: one[best][-1] for group, one in ends.items() if best in one}
        low, high = min(levels, key=levels.__getitem__), max(levels, key=levels.__getitem__)
        if text(levels[low]) == text(levels[high]):
            return f"{what} at month {last}: {text(levels[low])} in every {kind}"
        told = f"{text(levels[low])} ({low}) to {text(levels[high])} ({high})"
        return f"{what} at month {last}: from {told.replace('_', ' ')}"
    gains = {
        group: one[best][-1] - one[reference][-1]
        for group, one in ends.items()
        if best in one and reference in one
    }
    if not gains:
        return f"{what} at month {last}, by {kind}"
    low, high = min(gains, key=gains.__getitem__), max(gains, key=gains.__getitem__)
    points = "points" if unit == "%" else unit
    told = f"{gains[high]:+.{0 if unit == '%' else 2}f} {points} in {high}, "
    told += f"{gains[low]:+.{0 if unit == '%' else 2}f} in {low}"
    return minus(f"{what} with {short(labels(result)[best])}: {told}").replace("_", " ")


def _caption(result: Result, hidden: int, left_out: int) -> str:
    """Return what lines mean, who is not drawn, and what made the figure."""
    least = max(one.privacy.min_group for one in result.scenarios.values())
    parts = [f"Line: mean of {result.runs:,} organisations (runs), its end written beside it."]
    if result.runs == 1:
        parts = ["One organisation (run) per scenario: no band, and much of it is luck."]
    elif len(result.scenarios) == 1:
        parts.append("Shade: 10-90 % of organisations, the middle 80 %.")
    else:
        parts.append(
            "No band, as several would hide each other: organisations differ more than these "
            "means, as the figure of the whole shows; intervals are in the table."
        )
    if hidden:
        parts.append(
            f"Not drawn: {hidden} group{'s' * (hidden > 1)} of fewer than {least} people, or that "
            "would give one away."
        )
    if left_out:
        parts.append(f"Not drawn: {left_out} smaller groups.")
    parts.append(
        "Parameters held fixed: what if, not a forecast. "
        f"Seed {result.seed}, result {result.fingerprint}."
    )
    return " ".join(parts)
