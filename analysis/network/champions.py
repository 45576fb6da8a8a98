"""Which way of choosing champions does most: the same organisations, one way after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.figures import theme
from analysis.figures.area import sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE, REFERENCE
from analysis.results.comparison import difference
from analysis.results.summary import called
from analysis.words.texts import minus
from sim import kernel, world
from sim.programme.deployments import measure_of
from sim.world import Worlds

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sim.scenario.schema import Scenario
    from sim.study.results import Result


WAYS: Final = {
    "random": "by chance",
    "volunteers": "volunteers",
    "most_connected": "best connected",
    "best_bridge": "best bridges",
    "nominated": "nominated by colleagues",
    "per_department": "volunteers of each department",
    "greedy": "widest reach together",
}
"""Ways of choosing that need no list of names, and how they are called."""

NONE: Final = "none"
SHARE: Final = 0.08
"""Champions as a share of the staff where a scenario has none."""

PEOPLE: Final = 40_000
"""People looked at, at most, for who is chosen."""


def cast(scenario: Scenario, seed: int, runs: Iterable[int]) -> Iterator[Worlds]:
    """Yield organisations one by one, with those who are champions at the start."""
    design = world.design(scenario)
    plan = world.plan(scenario, design)
    for run in runs:
        worlds = world.draw_worlds(design, seed, np.array([run]))
        worlds.people["champion"] = kernel.champions_of(worlds.people, worlds, plan, seed)
        yield worlds


def offices(scenario: Scenario) -> list[str]:
    """Return the names of the deployments that appoint champions."""
    return [
        name
        for name, deployment in scenario.deployments.items()
        if measure_of(name, deployment).appoints == "champions"
    ]


def variants(scenario: Scenario, share: float | None = None) -> list[Scenario]:
    """Return the scenario with champions chosen each way, by chance first, and last without any.

    Parameters
    ----------
    scenario
        With or without champions.
    share
        Champions as a share of the staff; by default what the scenario says, or ``SHARE``.
    """
    named = offices(scenario)
    name = named[0] if named else "champions"
    place = f"programme.{name}"
    if not named:
        scenario = scenario.changed({place: {"share": SHARE}})
    changes: dict[str, Any] = {} if share is None else {f"{place}.share": share}
    deployment = scenario.deployments[name]
    if deployment.selection == "named" and deployment.audience.people is not None:
        changes[f"{place}.audience.people"] = None
    chosen = [
        scenario.changed(
            {**changes, f"{place}.selection": way, "name": way.replace("_", "-"), "title": title}
        )
        for way, title in WAYS.items()
    ]
    without = scenario.changed({place: None, "name": NONE, "title": "no champions"})
    return [*chosen, without]


class Chosen(NamedTuple):
    """What those chosen are like: their number, their ties, and the share of staff they reach."""

    number: float
    degree: float
    reach: float


def chosen(scenario: Scenario, seed: int, runs: int) -> Chosen:
    """Return what champions are like on average over some organisations.

    A champion reaches himself or herself and all colleagues who notice him or her.
    """
    rows = []
    for worlds in cast(scenario, seed, range(runs)):
        champion = worlds.people[0]["champion"] == 1
        people, start = champion.size, worlds.start[0]
        degree = np.full(people, people - 1) if worlds.complete else np.diff(start)
        reached = champion.copy()
        if worlds.complete:
            reached[:] = champion.any()
        for row in np.flatnonzero(champion):
            reached[worlds.other[start[row] : start[row + 1]]] = True
        ties = degree[champion].mean() if champion.any() else np.nan
        rows.append((champion.sum(), ties, reached.mean()))
    return Chosen(*(float(mean) for mean in np.nanmean(np.array(rows, float), axis=0)))


def table(result: Result, month: int, kpi: str = "adoption") -> pd.DataFrame:
    """Return how champions chosen each way do, the best first.

    Parameters
    ----------
    result
        What was simulated of :func:`variants`.
    month
        Month looked at.
    kpi
        KPI looked at.

    Returns
    -------
    pandas.DataFrame
        One row per way: ``label``; ``mean``, and its ``difference`` from the first with ``low``
        and ``high`` of the 95 % interval, on the same people and luck, in percent and points for
        shares; ``number`` of champions, their mean ``degree``, and ``reach``, the share of the
        staff that is a champion or notices one. Where ties are real, these two are not a
        number.
    """
    names = list(result.scenarios)
    rows = difference(result, names[0], kpi, month)
    rows = rows[["label", "mean", "difference", "low", "high"]].copy()
    first = rows["mean"].iloc[0] - rows["difference"].iloc[0]
    rows.loc[names[0]] = [called(result.scenarios[names[0]]), first, 0.0, 0.0, 0.0]
    for name, scenario in result.scenarios.items():
        if name != NONE:
            seen = max(1, min(result.runs, PEOPLE // scenario.organisation.employees))
            numbers = chosen(scenario, result.seed, seen)
            if scenario.organisation.ties is not None:  # whose ties they are could be worked out
                numbers = numbers._replace(degree=np.nan, reach=np.nan)
            for column, value in numbers._asdict().items():
                rows.loc[name, column] = value
    rows.index.name = "way"
    return rows.sort_values("difference", ascending=False, kind="stable")


# --- The figure ----------------------------------------------------------------------------

ROW: Final = 0.4
"""Height of a row [inch]."""

LABELS: Final = 2.55
"""Room for names, left [inch]."""

COLUMNS: Final = {"points": 0.85, "ties each": 1.5, "reach": 2.1, "users": 2.75}
"""Where numbers end, right of the dots [inch]."""

NUMBERS: Final = 3.1
"""Room for them [inch]."""


def picture(rows: pd.DataFrame, result: Result, month: int) -> Picture:
    """Draw the table: a dot and an interval per way, the best on top."""
    first = next(iter(result.scenarios))
    people = result.scenarios[first].organisation.employees
    subtitle = (
        f"Weekly users in month {month}: points more or less than with champions chosen by "
        f"chance. {people:,} people, {rows['number'].max():,.0f} champions."
    )
    caption = (
        f"Dot: mean difference over {result.runs:,} organisations (runs), with the same people, "
        "ties and luck in every row; an arrow where it is further left. Line: 95 % interval of that "
        "mean, parameters held fixed. "
        "Reach: share of the staff who are champions or notice one. What if, not a forecast. "
        f"Seed {result.seed}, result {result.fingerprint}."
    )
    drawn, area = sheet(message(rows, first), subtitle, caption, ROW * (len(rows) + 1.6))
    wide, high = drawn.get_size_inches()
    across = area.wide - LABELS - NUMBERS
    ax = drawn.add_axes(
        (
            (area.left + LABELS) / wide,
            (area.bottom + 0.3) / high,
            across / wide,
            (area.high - 0.3 - 0.8 * ROW) / high,
        )
    )
    ax.set_xlim(*_limits(rows))
    ax.set_ylim(-0.6, len(rows) - 0.4)
    theme.plain(ax)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x", color=theme.FAINT, linewidth=0.8)
    ax.set_yticks([])
    ax.xaxis.set_major_formatter(lambda x, _: minus(f"{x:+.3g}" if x else "0"))
    ax.axvline(0.0, color=theme.QUIET, linewidth=0.9, zorder=1.5)
    for column, end in COLUMNS.items():
        _write(ax, across + end, len(rows) - 0.25, column, theme.QUIET, 8, ha="right")
    for place, (way, row) in enumerate(rows[::-1].iterrows()):
        _draw_row(ax, place, row, str(way), str(way) == first, across)
    return drawn


def _write(
    ax: Axes,
    x: float,
    place: float,
    text: str,
    colour: str,
    size: int = 10,
    bold: bool = False,
    ha: str = "left",
) -> None:
    """Write a text in a row, so many inches right of where the dots begin."""
    ax.annotate(
        text,
        (0.0, place),
        (72.0 * x, 0.0),
        va="center_baseline",
        ha=ha,
        color=colour,
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        fontproperties=theme.letters(size, bold),
        parse_math=False,
    )


def _draw_row(
    ax: Axes, place: int, row: pd.Series[Any], way: str, reference: bool, across: float
) -> None:
    """Draw name, dot, interval and numbers of a way; the reference has no interval."""
    shade = _shade(row, reference)
    left, right = ax.get_xlim()
    seen = row["difference"] > left
    if seen and not reference:
        ax.plot([row["low"], row["high"]], [place] * 2, color=shade, linewidth=2.4, alpha=0.5)
    x = row["difference"] if seen else left + 0.02 * (right - left)
    ax.plot([x], [place], "o" if seen else "<", color=shade, markersize=8)
    letters = theme.readable(shade)
    _write(ax, -LABELS, place, row["label"], letters, bold=not reference)
    cells = {"points": _points(row["difference"]), "users": f"{row['mean']:.0f} %"}
    if way != NONE and row["degree"] == row["degree"]:
        cells |= {"ties each": f"{row['degree']:.1f}", "reach": f"{100 * row['reach']:.0f} %"}
    if reference:
        cells["points"] = "0"
    for column, text in cells.items():
        bold = column == "points"
        colour = letters if bold else theme.QUIET
        _write(ax, across + COLUMNS[column], place, text, colour, bold=bold, ha="right")


def _limits(rows: pd.DataFrame) -> tuple[float, float]:
    """Return ends of the axis: being without champions does not make the ways look all alike."""
    ends = rows[["low", "high", "difference"]].fillna(0.0)
    ways = ends.drop(index=NONE).to_numpy()
    low, high = min(0.0, ways.min()), max(0.0, ways.max())
    least = float(ends.loc[NONE].min())
    if least > low - (high - low):
        low = min(low, least)
    margin = 0.08 * max(1e-3, high - low)
    return low - margin, high + margin


def _points(value: float) -> str:
    return minus(f"{value:+.1f}")


def _shade(row: pd.Series[Any], reference: bool) -> str:
    """Return blue for what is clearly better than by chance, red for worse, grey otherwise."""
    if reference or not (row["low"] > 0.0 or row["high"] < 0.0):
        return REFERENCE
    return PALETTE[0] if row["low"] > 0.0 else PALETTE[1]


def message(rows: pd.DataFrame, first: str) -> str:
    """Return what the comparison says, in a sentence."""
    ways = rows.drop(index=[NONE, first])
    best = ways.iloc[0]
    if not best["low"] > 0.0:
        return "No way of choosing champions does clearly better than chance"
    text = f"Best choice of champions: {best['label']}, {_points(best['difference'])} points over chance"
    rivals = ways[1:][ways["high"][1:] >= best["low"]]["label"].to_list()
    if not rivals:
        return text
    return f"{text}, {rivals[0] if len(rivals) == 1 else f'{len(rivals)} others'} about as much"
