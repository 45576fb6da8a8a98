"""How groups fare month by month: a small panel for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.figures import theme
from analysis.figures.area import Key, sheet
from analysis.figures.curves import made_from
from analysis.figures.frame import Picture, on_axis
from analysis.results.colours import colours_of
from analysis.results.comparison import reference_of
from analysis.results.groups.measured import curves, mean, names
from analysis.results.summary import (
    band,
    common_months,
    in_unit,
    label_of,
    labels,
    name_of,
    scale_of,
)
from analysis.words.languages import ENGLISH, Language, language
from analysis.words.texts import short
from sim.engine.kinds import Array
from sim.errors import AdoptionError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.results import Result


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
    result: Result,
    kind: str,
    against: str | None = None,
    kpi: str = "adoption",
    lang: str = "en",
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
    lang
        Language: ``en`` or ``nl``.

    Raises
    ------
    AdoptionError
        If that kind was not measured, no group of it may be shown, or there is no such language.
    """
    words = language(lang)
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
    titles = labels(result, words)
    shades = colours_of(list(result.scenarios), reference)
    keys = [Key(short(titles[name]), shades[name]) for name in result.scenarios]
    picture, area = sheet(
        _message(result, kind, drawn, reference, kpi, words),
        words._(
            "{kpi}, by month and {kind}. {organisations}",
            kpi=label_of(kpi, words) + (", %" if scale_of(kpi).unit == "%" else ""),
            kind=_kind(kind, words),
            organisations=", ".join(
                dict.fromkeys(scenario.organisation.name for scenario in result.scenarios.values())
            ),
        ),
        _caption(result, len(every) - len(drawn) - left_out, left_out, words),
        down * (ABOVE + HIGH) + 0.35,
        [keys] if len(keys) > 1 else [],
    )
    wide, high = picture.get_size_inches()
    step = (area.wide - LEFT) / across
    top = _highest(result, kind, drawn, kpi)
    called = {group: _called(kind, group, words) for group in drawn}
    longest = max(theme.width_of(name, 10, bold=True) for name in called.values())
    letters = 10 if longest <= step - RIGHT else 9
    for place, group in enumerate(drawn):
        x = area.left + LEFT + step * (place % across)
        row = place // across
        y = area.bottom + area.high - (row + 1) * (ABOVE + HIGH)
        ax = picture.add_axes((x / wide, y / high, (step - RIGHT) / wide, HIGH / high))
        title = theme.wrap(called[group], letters, step - 0.1, bold=True, most=1)
        theme.write(picture, x, y + HIGH + 0.38, title, letters, bold=True, color=theme.INK)
        people = words._("{number} people", number=words.number(size[group]))
        theme.write(picture, x, y + HIGH + 0.21, [people], 8, color=theme.QUIET)
        lowest = place + across >= len(drawn)
        _draw(ax, result, (kind, group), kpi, shades, top, (place % across == 0, lowest), words)
    return picture


def _visible(result: Result, kind: str, group: str, kpi: str) -> bool:
    """Return whether a group may be shown in every scenario that has it."""
    return all(
        curves(result, scenario, kind, group, kpi) is not None
        for scenario, groups in result.groups.items()
        if (kind, group) in groups.labels
    )


def _people(result: Result, kind: str, group: str) -> float:
    """Return how many people a group has at the end."""
    groups = next(groups for groups in result.groups.values() if (kind, group) in groups.labels)
    return mean(groups.heads[:, -1, groups.labels.index((kind, group))])


def _lines(result: Result, kind: str, group: str, kpi: str) -> dict[str, Array]:
    """Return the mean curve of a group by scenario."""
    last, factor = common_months(result), scale_of(kpi).factor
    known = {name: curves(result, name, kind, group, kpi) for name in result.scenarios}
    return {
        name: factor * np.nanmean(curve[:, : last + 1], axis=0)
        for name, curve in known.items()
        if curve is not None
    }


def _spread(result: Result, kind: str, group: str, kpi: str) -> tuple[Array, Array] | None:
    """Return between which values 80 % of the organisations lie, if there is one scenario only."""
    if len(result.scenarios) > 1 or result.runs < 2:
        return None
    values = curves(result, next(iter(result.scenarios)), kind, group, kpi)
    whole = None if values is None else values[np.isfinite(values).all(axis=1)]
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
    words: Language,
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
    if words != ENGLISH:
        ax.yaxis.set_major_formatter(lambda value, _: on_axis(value, words))
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
            words.number(value, digits),
            (1.0, 0.0),
            (5.0, 72.0 * place),
            xycoords="axes fraction",
            textcoords="offset points",
            va="center_baseline",
            color=theme.readable(shades[name]),
            fontproperties=theme.letters(9, bold=True),
        )


def _kind(kind: str, words: Language) -> str:
    """Return what a group of a kind is called."""
    return {
        "archetype": words._("archetype"),
        "department": words._("department"),
        "team": words._("team"),
        "role": words._("role"),
    }[kind]


def _called(kind: str, group: str, words: Language) -> str:
    """Return what a group is called."""
    return name_of(kind, group, words).replace("_", " ")


def _message(
    result: Result, kind: str, drawn: list[str], reference: str, kpi: str, words: Language
) -> str:
    """Return what is seen: which groups are ahead and behind, or gain most and least."""
    ends = {group: _lines(result, kind, group, kpi) for group in drawn}
    unit = scale_of(kpi).unit
    best = max(
        result.scenarios,
        key=lambda name: np.nanmean([e[name][-1] for e in ends.values() if name in e]),
    )
    values = {
        "kpi": label_of(kpi, words),
        "month": common_months(result),
        "kind": _kind(kind, words),
    }

    def extremes(ends: dict[str, Any]) -> dict[str, str]:
        low, high = min(ends, key=ends.__getitem__), max(ends, key=ends.__getitem__)
        return {"lowest": _called(kind, low, words), "highest": _called(kind, high, words)}

    if best == reference or len(result.scenarios) == 1:
        levels = {group: end[best][-1] for group, end in ends.items() if best in end}
        low, high = (
            in_unit(words.number(float(end), 0 if unit else 2), unit, words)
            for end in (min(levels.values()), max(levels.values()))
        )
        values |= {"low": low, "high": high}
        if low == high:
            return words._("{kpi} at month {month}: {low} in every {kind}", **values)
        return words._(
            "{kpi} at month {month}: from {low} ({lowest}) to {high} ({highest})",
            **values,
            **extremes(levels),
        )
    gains = {
        group: end[best][-1] - end[reference][-1]
        for group, end in ends.items()
        if best in end and reference in end
    }
    if not gains:
        return words._("{kpi} at month {month}, by {kind}", **values)
    least, most = (
        words.number(float(end), 0 if unit == "%" else 2, sign=True)
        for end in (min(gains.values()), max(gains.values()))
    )
    return words._(
        "{kpi} with {label}: {most} in {highest}, {least} in {lowest}",
        kpi=values["kpi"],
        label=short(labels(result, words)[best]),
        least=least,
        most=in_unit(most, scale_of(kpi).difference, words),
        **extremes(gains),
    )


def _caption(result: Result, hidden: int, left_out: int, words: Language) -> str:
    """Return what lines mean, who is not drawn, and what made the figure."""
    least = max(scenario.privacy.min_group for scenario in result.scenarios.values())
    parts = [
        words._(
            "Line: mean of {runs} organisations (runs), its end written beside it.",
            runs=words.number(result.runs),
        )
    ]
    if result.runs == 1:
        parts = [words._("One organisation (run) per scenario: no band, and much of it is luck.")]
    elif len(result.scenarios) == 1:
        parts.append(words._("Shade: 10-90 % of organisations, the middle 80 %."))
    else:
        parts.append(
            words._(
                "No band, as several would hide each other: organisations differ more than these "
                "means, as the figure of the whole shows; intervals are in the table."
            )
        )
    if hidden:
        parts.append(
            words.plural(
                "Not drawn: {number} group of fewer than {least} people, or that would give one "
                "away.",
                "Not drawn: {number} groups of fewer than {least} people, or that would give one "
                "away.",
                hidden,
                least=least,
            )
        )
    if left_out:
        parts.append(words._("Not drawn: {number} smaller groups.", number=words.number(left_out)))
    return " ".join([*parts, made_from(result, words)])
