"""How groups of people fare: what an archetype, a department, a team, a role ends with.

A group that is too small to be shown is written as "<5" and never drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis import theme
from analysis.comparison import half_width, in_figures, others, paired, reference_of
from analysis.layout import Picture, minus, short
from analysis.network.sheet import Key, sheet
from analysis.summary import band, common_months, known, labels, month_within, scale_of
from sim import kpis
from sim.errors import AdoptionError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.results import Result

Array = np.ndarray[Any, Any]

PERSONAL: Final = tuple(kpis.COLUMN)[: kpis.PERSONAL]
"""KPIs that groups have."""

MONTHS: Final = (6, 12)
"""Months shown beside the last."""

MOST: Final = 24
"""Groups drawn at most: the largest."""

SHOWN: Final = 0.5
"""Share of the organisations in which a group must be large enough, where sizes vary by chance."""


def kinds(result: Result) -> list[str]:
    """Return the kinds of groups that were measured, in their order.

    Raises
    ------
    AdoptionError
        If there are none.
    """
    if not result.groups:
        raise AdoptionError("no groups were measured: simulate with by=['department'], say")
    every = (kind for one in result.groups.values() for kind, _ in one.labels)
    return list(dict.fromkeys(every))


def curves(result: Result, scenario: str, kind: str, group: str, kpi: str) -> Array | None:
    """Return a KPI of a group: one row per organisation, not a number where it is too small.

    Returns
    -------
    numpy.ndarray or None
        None if the scenario has no such group, or it may not be shown: it is too small in the
        last month in most organisations.
    """
    found = result.groups[scenario]
    if (kind, group) not in found.labels:
        return None
    place = found.labels.index((kind, group))
    values: Array = found.values[:, :, place, PERSONAL.index(known(kpi, PERSONAL, "KPI of groups"))]
    visible = np.isfinite(values).mean(axis=0)
    return values if visible.min() >= SHOWN else None


def names(result: Result, kind: str) -> list[str]:
    """Return the groups of a kind in any scenario, in their order.

    Raises
    ------
    AdoptionError
        If that kind was not measured.
    """
    known(kind, kinds(result), "kind of group")
    every = (label for one in result.groups.values() for label in one.labels)
    return list(dict.fromkeys(name for of, name in every if of == kind))


def group_levels(result: Result) -> pd.DataFrame:
    """Return how the groups of each scenario fare.

    Returns
    -------
    pandas.DataFrame
        One row per kind, group and scenario: ``people`` on average; ``adoption_m6`` and
        following; ``never_users`` and ``felt_threat`` at the end. Means over the organisations in
        which the group is large enough; not a number, and ``hidden``, where it is too small.
    """
    import pandas as pd

    last = common_months(result)
    months = [month for month in MONTHS if month < last] + [last]
    rows = []
    for kind in kinds(result):
        for group in names(result, kind):
            for scenario, one in result.groups.items():
                if (kind, group) not in one.labels:
                    continue
                adoption = curves(result, scenario, kind, group, "adoption")
                row: dict[str, Any] = {"kind": kind, "group": group, "scenario": scenario}
                row["hidden"] = adoption is None
                heads = one.heads[:, last, one.labels.index((kind, group))]
                row["people"] = _mean(heads) if adoption is not None else np.nan
                for month in months:
                    row[f"adoption_m{month}"] = _mean(adoption, month)
                for kpi in ("never_users", "felt_threat"):
                    row[kpi] = _mean(curves(result, scenario, kind, group, kpi), last)
                rows.append(row)
    return pd.DataFrame(rows).set_index(["kind", "group", "scenario"])


def _mean(values: Array | None, month: int | None = None) -> float:
    """Return the mean over the organisations in which a group may be shown."""
    if values is None:
        return float("nan")
    return float(np.nanmean(values if month is None else values[:, month]))


def group_differences(
    result: Result, against: str | None = None, kpi: str = "adoption", month: int | None = None
) -> pd.DataFrame:
    """Return how each group differs from the same group in a reference scenario.

    Parameters
    ----------
    result
        What was simulated, with groups.
    against
        Scenario the others are compared with; by default the first.
    kpi
        KPI compared; one that groups have.
    month
        Month compared; by default the last that all scenarios have.

    Returns
    -------
    pandas.DataFrame
        One row per kind, group and other scenario: ``difference`` with ``low`` and ``high`` of
        its 95 % interval, in points for shares; ``organisations`` it was measured in, those in
        which the group is large enough in both. Groups too small are left out.

    Raises
    ------
    AdoptionError
        If there are no groups, or no such scenario, KPI or month.
    """
    import pandas as pd

    reference, month = reference_of(result, against), month_within(result, month)
    factor = scale_of(known(kpi, PERSONAL, "KPI of groups")).factor
    columns = ["kind", "group", "scenario", "difference", "low", "high", "organisations"]
    rows = []
    for kind in kinds(result):
        for group in names(result, kind):
            base = curves(result, reference, kind, group, kpi)
            for scenario in others(result, reference):
                here = curves(result, scenario, kind, group, kpi)
                if base is None or here is None:
                    continue
                pairs = paired(result, scenario, reference)
                one, other = factor * here[:, month], factor * base[:, month]
                both = np.isfinite(one) & np.isfinite(other)
                if not both.any():
                    continue
                one, other = one[both], other[both]
                centre = float(one.mean() - other.mean())
                half = float(half_width(one, other, pairs))
                ends = centre - half, centre + half
                rows.append((kind, group, scenario, centre, *ends, one.size))
    return pd.DataFrame(rows, columns=columns).set_index(["kind", "group", "scenario"])


# --- In the terminal -----------------------------------------------------------------------


def group_texts(
    result: Result, kind: str, against: str | None = None, kpi: str = "adoption"
) -> pd.DataFrame:
    """Return the groups of a kind as texts: shares in percent, one row per group and scenario."""
    import pandas as pd

    levels = group_levels(result).loc[kind]
    several = len(result.scenarios) > 1
    gains = group_differences(result, against, kpi) if several else None
    called = labels(result)
    rows: list[dict[str, str]] = []
    for (group, scenario), found in levels.iterrows():
        least = result.scenarios[scenario].privacy.min_group
        first = not rows or group not in [row[kind] for row in rows]
        row = {kind: group if first or not several else ""}
        if several:
            row["scenario"] = short(called[scenario], 24)
        row["people"] = f"<{least}" if found["hidden"] else f"{found['people']:.0f}"
        for column in [name for name in levels.columns if name.startswith("adoption_")]:
            row[column.removeprefix("adoption_")] = _percent(found[column])
        row["never"] = _percent(found["never_users"])
        row["threat"] = "" if found["hidden"] else f"{found['felt_threat']:.2f}"
        if gains is not None:
            row["difference"] = ""
            if (kind, group, scenario) in gains.index:
                gain = gains.loc[(kind, group, scenario)]
                told = in_figures(gain)
                interval = told["interval"].removeprefix("95 % interval ")
                row["difference"] = f"{told['difference']} ({interval})"
        rows.append(row)
    return pd.DataFrame(rows).set_index(kind)


def _percent(share: float) -> str:
    return "" if share != share else f"{100 * share:.0f}"


# --- The figure ----------------------------------------------------------------------------

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
        f"{kpis.KPIS[kpi].label}{', %' if scale_of(kpi).unit == '%' else ''}, by {kind}. "
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
    return _mean(one.heads[:, -1, one.labels.index((kind, group))])


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
    if len(result.scenarios) == 1 and result.runs > 1:
        parts.append("Shade: 10-90 % of organisations.")
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
