"""Figures of the lessons: what came out, beside what was guessed; titles are made of the numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.axes import Axes

from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, sheet
from analysis.figures.frame import Picture
from analysis.lessons.guesses import Guess, Lesson
from analysis.results.colours import PALETTE, REFERENCE
from sim.engine.kinds import Array
from sim.errors import AdoptionError, said
from sim.scenario.catalogue import read_catalogue
from sim.scenario.library import read_archetypes
from sim.scenario.words import suggestion

if TYPE_CHECKING:
    import pandas as pd

    from sim.mesa_model import AdoptionModel
    from sim.study.results import Result

GUESS: Final = PALETTE[1]
"""Colour of a guess, in every figure of every lesson."""

PALE: Final = "#c9d6df"
KINDS: Final = ("competence", "status", "control", "ethics")


def panels(
    message: str,
    subtitle: str,
    caption: str,
    *,
    high: float = 3.1,
    wide: Sequence[float] = (1.0,),
    left: float = 0.6,
    head: float = 0.0,
    keys: Sequence[Key] = (),
) -> tuple[Picture, list[Axes]]:
    """Return a figure with quiet axes beside each other.

    Parameters
    ----------
    message, subtitle, caption, keys
        As in :func:`analysis.figures.area.sheet`.
    high
        Height of the axes [inch].
    wide
        Share of the width of each.
    left
        Room for numbers or names on the left of each [inch].
    head
        Room for a name above each [inch].
    """
    foot, gap = 0.55, 0.25
    picture, area = sheet(message, subtitle, caption, high + foot + head, [keys] if keys else [])
    room = area.wide - left * len(wide) - gap * (len(wide) - 1)
    axes, begin = [], area.left
    for share in wide:
        here = room * share / sum(wide)
        ax = axes_in(picture, Area(begin + left, area.bottom + foot, here, high))
        theme.plain(ax)
        axes.append(ax)
        begin += left + here + gap
    return picture, axes


def named(ax: Axes, x: str, y: str = "") -> None:
    """Write what the axes are, with the letters of the house."""
    ax.set_xlabel(x, fontproperties=theme.letters(9), color=theme.QUIET)
    ax.set_ylabel(y, fontproperties=theme.letters(9), color=theme.QUIET)
    for label in (*ax.get_xticklabels(), *ax.get_yticklabels()):
        label.set_fontproperties(theme.letters(9))


def months_on(ax: Axes, months: int, most: float = 100.0) -> None:
    """Give axes months from left to right, and percent from bottom to top."""
    ax.set_xlim(0, months)
    ax.set_xticks(theme.month_ticks(months))
    ax.set_ylim(0, most)


def note(ax: Axes, text: str, place: tuple[float, float], colour: str, **looks: Any) -> None:
    """Write a short text at a place of the axes."""
    ax.text(
        *place,
        text,
        color=theme.readable(colour),
        fontproperties=theme.letters(9, looks.pop("bold", False)),
        parse_math=False,
        **{"va": "center", **looks},
    )


# --- Curves --------------------------------------------------------------------------------


def curves_figure(
    lesson: Lesson,
    curves: Mapping[str, Array],
    guess: Guess | None = None,
    *,
    what: str = "",
    made: str = "",
) -> Picture:
    """Draw lines over the months, the name of each at its end; the title tells where they end.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    curves
        Percent by month from 0, or a row of it per organisation, of which the mean is drawn.
    guess
        What was guessed of the last month.
    what
        What the vertical axis is; by default weekly users.
    made
        What is said below.
    """
    words = lesson.words
    lines = {name: np.atleast_2d(values).mean(axis=0) for name, values in curves.items()}
    months = max(line.size for line in lines.values()) - 1
    ends = words.listed([f"{name} {words.number(line[-1])}%" for name, line in lines.items()])
    title = words._("After {months} months: {ends}", months=months, ends=ends)
    what = what or words._("weekly users, % of employees")
    picture, (ax,) = panels(title, what, made or _mean_of(lesson, curves), wide=(1.0,))
    ax.set_position((*ax.get_position().p0, 0.66, ax.get_position().height))
    places = theme.spread([line[-1] for line in lines.values()], [4] * 9, [4] * 9, 0, 104)
    for k, (name, line) in enumerate(lines.items()):
        colour = REFERENCE if k == 0 and len(lines) > 1 else PALETTE[(k - 1) % 7 if k else 0]
        ax.plot(line, color=colour, linewidth=2.2, clip_on=False)
        short = theme.wrap(name, 9, 1.75, most=2)
        text = f"{words.number(line[-1])}% " + "\n".join(short)
        note(ax, text, (months * 1.02, places[k]), colour)
    if guess is not None:
        ax.axhline(float(guess), color=GUESS, linestyle=(0, (4, 2)), linewidth=1.5)
        note(ax, words._("your guess"), (months * 0.02, float(guess) + 4), GUESS)
    months_on(ax, months)
    named(ax, words._("month"))
    return picture


def _mean_of(lesson: Lesson, curves: Mapping[str, Array]) -> str:
    several = {np.atleast_2d(values).shape[0] for values in curves.values()}
    if several == {1}:
        return lesson.words._("One organisation: no band.")
    return lesson.words._(
        "Means of {number} organisations, the same people and luck in each line.",
        number=max(several),
    )


def firm_figure(lesson: Lesson, firm: AdoptionModel, guess: Guess) -> Picture:
    """Draw the weekly users of one organisation over its months, beside a guess."""
    months = firm.datacollector.get_model_vars_dataframe()
    name = lesson.words._("your firm")
    return curves_figure(lesson, {name: 100.0 * months["adoption"].to_numpy()}, guess)


def people_figure(lesson: Lesson, firm: AdoptionModel) -> Picture:
    """Draw a row for each person and a column for each month, the darker the more days with AI."""
    words = lesson.words
    days = firm.datacollector.get_agent_vars_dataframe()["intensity"].unstack("Step")
    days = days.loc[days.mean(axis="columns").sort_values(ascending=False).index].to_numpy()
    tried = 1.0 - firm.kpi("never_started")
    picture, (ax,) = panels(
        words._(
            "{tried} try it; {users} use it every week in the end",
            tried=words.percent(tried),
            users=words.percent(firm.kpi("adoption")),
        ),
        words._("each row is a person; the darker, the more working days with AI"),
        words._("One organisation. The keenest stand on top."),
        high=3.6,
    )
    ax.imshow(days, aspect="auto", cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
    ax.set_xticks(theme.month_ticks(days.shape[1] - 1))
    ax.set_yticks([])
    ax.grid(visible=False)
    named(
        ax, words._("month"), words.plural("{number} person", "{number} people", float(len(days)))
    )
    return picture


def many_figure(lesson: Lesson, result: Result, mine: float, guess: Guess | None = None) -> Picture:
    """Draw many organisations: their curves with the middle 80 %, and where they end.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    result
        What was simulated: one scenario.
    mine
        Where the own organisation ended [%].
    guess
        How many end at least as high, as guessed [%].
    """
    words = lesson.words
    (name,) = result.scenarios
    curves = 100.0 * result.curves(name, "adoption")
    ends = curves[:, -1]
    higher = float((ends >= mine).mean())
    title = words._(
        "Your firm ended at {mine}%; {share} of {number} firms reached that",
        mine=words.number(mine),
        share=words.percent(higher),
        number=words.number(len(ends)),
    )
    small = words._("Shade: the middle 80 % of firms. Orange: your firm.")
    if guess is not None:
        small += " " + words._("Your guess: {guess}%.", guess=words.number(float(guess)))
    picture, (left, right) = panels(
        title, words._("weekly users, % of employees"), small, wide=(1.6, 1.0), left=0.5
    )
    low, high = np.quantile(curves, [0.1, 0.9], axis=0)
    left.plot(curves.T, color=REFERENCE, alpha=0.1, linewidth=0.7)
    left.fill_between(np.arange(len(low)), low, high, color=PALETTE[0], alpha=0.2, linewidth=0)
    left.plot(curves.mean(axis=0), color=PALETTE[0])
    left.plot([len(low) - 1], [mine], "o", color=GUESS, markersize=8, clip_on=False)
    months_on(left, len(low) - 1)
    named(left, words._("month"))
    histogram(right, ends, mine)
    named(right, words._("firms"))
    return picture


def histogram(ax: Axes, ends: Array, mine: float | None, colour: str = PALETTE[0]) -> None:
    """Draw how many organisations end where, lying on its side, ten points a bar."""
    counts, edges = np.histogram(ends, bins=np.arange(0, 101, 10))
    ax.barh(edges[:-1] + 5, counts, height=9, color=colour, alpha=0.45)
    low, high = np.quantile(ends, [0.1, 0.9])
    ax.axhspan(low, high, color=PALETTE[0], alpha=0.12, linewidth=0)
    if mine is not None:
        ax.axhline(mine, color=GUESS, linewidth=2)
    ax.set_ylim(0, 100)
    ax.grid(visible=False)
    ax.grid(axis="x", color=theme.FAINT)


# --- Differences ---------------------------------------------------------------------------


def dots_figure(
    lesson: Lesson, rows: Mapping[str, Array], guess: Guess | None = None, *, what: str = ""
) -> Picture:
    """Draw possible answers as dots, a row for each kind, and how far they are apart.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    rows
        Differences in points, by what was varied.
    guess
        The row that was named, or the mean that was guessed.
    what
        What the horizontal axis is.
    """
    words = lesson.words
    values = {name: np.asarray(row, float) for name, row in rows.items()}
    widest = max(values, key=lambda name: float(values[name].std()))
    if len(values) > 1:
        title = words._(
            "Furthest apart: {name}, typically {points} points from the mean",
            name=widest,
            points=words.number(float(values[widest].std()), 1),
        )
    else:
        (row,) = values.values()
        title = words._(
            "{mean} points on average; above 0 in {above} of {number}",
            mean=words.number(float(row.mean()), 1, sign=True),
            above=int((row > 0).sum()),
            number=row.size,
        )
    picture, (ax,) = panels(
        title,
        what,
        words._("Each dot is a possible answer; the bar is the mean of its row."),
        high=0.35 + 0.75 * len(values),
        left=1.6,
    )
    for k, (name, row) in enumerate(values.items()):
        mine = guess is not None and bool(guess.options) and guess.value == name
        off = 0.22 * np.sin(12.9898 * np.arange(row.size))  # apart, and the same each time
        ax.plot(row, k + off, "o", color=GUESS if mine else PALETTE[0], alpha=0.45, markersize=5)
        ax.plot([row.mean()] * 2, [k - 0.35, k + 0.35], color=theme.INK, linewidth=2.5)
    ax.axvline(0, color=theme.QUIET, linewidth=1)
    if guess is not None and not guess.options:
        ax.axvline(float(guess), color=GUESS, linestyle=(0, (4, 2)))
    names = ["\n".join(theme.wrap(name, 9, 1.45)) for name in values]
    ax.set_yticks(range(len(values)), names)
    ax.set_ylim(len(values) - 0.5, -0.5)
    ax.grid(visible=False)
    ax.grid(axis="x", color=theme.FAINT)
    named(ax, words._("points"))
    return picture


def bars_figure(
    lesson: Lesson,
    bars: Mapping[str, float],
    guess: Guess | None = None,
    *,
    what: str = "",
    title: str = "",
) -> Picture:
    """Draw a number for each name, lying; the title tells the largest.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    bars
        Number by name.
    guess
        The name that was guessed, or the number.
    what
        What the numbers are, and their unit.
    title
        What is said instead.
    """
    words = lesson.words
    largest = max(bars, key=lambda name: bars[name])
    title = title or words._(
        "Most: {name}, {value}", name=largest, value=words.number(bars[largest], 1)
    )
    picture, (ax,) = panels(title, what, "", high=0.3 + 0.45 * len(bars), left=2.3)
    for k, (name, value) in enumerate(bars.items()):
        mine = guess is not None and bool(guess.options) and guess.value == name
        ax.barh(k, value, color=GUESS if mine else PALETTE[0], height=0.62)
        note(
            ax,
            f" {words.number(value, 1)} ",
            (value, k),
            theme.INK,
            ha="left" if value >= 0 else "right",
        )
    if guess is not None and not guess.options:
        ax.axvline(float(guess), color=GUESS, linestyle=(0, (4, 2)))
    most = max(0.0, *bars.values())
    ax.set_xlim(min(0.0, 1.5 * min(bars.values())), 1.15 * most or 1.0)
    ax.set_yticks(range(len(bars)), ["\n".join(theme.wrap(name, 9, 2.1)) for name in bars])
    ax.set_ylim(len(bars) - 0.5, -0.5)
    ax.grid(visible=False)
    named(ax, "")
    return picture


def value_figure(lesson: Lesson, value: pd.DataFrame) -> Picture:
    """Draw what programmes cost and bring, with the line of those that nothing cheaper beats.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    value
        Columns ``label``, ``extra_cost`` [euro] and ``difference`` [points], a row per programme, as
        :func:`analysis.difference` gives them.
    """
    words = lesson.words
    ordered = value.sort_values("extra_cost")
    best = ordered[ordered["difference"] == ordered["difference"].cummax()]
    picture, (ax,) = panels(
        words._(
            "Not beaten: {number} of {all}. Most points: {most}",
            number=len(best),
            all=len(value),
            most=value["label"][value["difference"].idxmax()],
        ),
        words._("more weekly users than with the first scenario, points"),
        words._("Line: nothing that costs less brings as much."),
        high=3.8,
    )
    ax.plot(best["extra_cost"] / 1000, best["difference"], "-o", color=PALETTE[2], markersize=8)
    beaten = value.drop(index=best.index)
    ax.plot(beaten["extra_cost"] / 1000, beaten["difference"], "o", color=REFERENCE, markersize=7)
    high, wide = (
        1.15 * float(value["difference"].max()),
        1.3 * float(value["extra_cost"].max()) / 1000,
    )
    places = theme.spread(
        [float(one) for one in ordered["difference"]],
        [0.028 * high] * 99,
        [0.028 * high] * 99,
        0,
        high,
    )
    for (name, row), y in zip(ordered.iterrows(), places, strict=True):
        colour = PALETTE[2] if name in best.index else REFERENCE
        note(ax, str(row["label"]), (row["extra_cost"] / 1000 + 0.02 * wide, y), colour)
    ax.set_xlim(0, wide)
    ax.set_ylim(min(0.0, 1.1 * float(value["difference"].min())), high)
    named(ax, words._("extra cost over all months, thousand euro"))
    return picture


# --- Worries -------------------------------------------------------------------------------


def kind_names(lesson: Lesson) -> dict[str, str]:
    """Return what the four kinds of resistance are called."""
    known = read_archetypes()
    return {kind: lesson.words.of(known[kind].title) for kind in KINDS}


def four_people(firm: AdoptionModel) -> dict[str, Any]:
    """Return one person of each kind who leads nobody."""
    order = list(read_archetypes())
    four: dict[str, Any] = {}
    for me in firm.staff[50:]:
        four.setdefault(order[me.archetype], me)
    return four


def own_is_strongest(firm: AdoptionModel) -> int:
    """Return for how many of one person of each kind the own worry is the strongest [0 to 4]."""
    return sum(
        max(KINDS, key=lambda kind: float(getattr(me, f"threat_{kind}"))) == mine
        for mine, me in four_people(firm).items()
    )


def titles_of(lesson: Lesson, measures: Sequence[str]) -> list[str]:
    """Return what measures of the catalogue are called.

    Raises
    ------
    AdoptionError
        If there is no such measure.
    """
    known = read_catalogue()
    for measure in measures:
        if measure not in known:
            raise AdoptionError(
                said(
                    "there is no measure '{name}'{hint}",
                    name=measure,
                    hint=suggestion(measure, known),
                )
            )
    return [lesson.words.of(known[measure].title) for measure in measures]


def worries_figure(lesson: Lesson, firm: AdoptionModel) -> Picture:
    """Draw the four worries of one person of each kind: what is there, and what is felt."""
    from sim.parameters import Parameters

    words, known = lesson.words, Parameters()
    own, other = known.own_channel, known.other_channel
    four = four_people(firm)
    names = kind_names(lesson)
    picture, axes = panels(
        words._(
            "In {number} of these four the strongest worry is the own one",
            number=own_is_strongest(firm),
        ),
        words._("strength of each worry, 0 to 1"),
        words._("Four people of one organisation, one of each kind."),
        high=1.7,
        wide=(1, 1, 1, 1),
        left=0.16,
        head=0.3,
        keys=[Key(words._("is there"), PALE), Key(words._("is felt"), PALETTE[4])],
    )
    for ax, mine in zip(axes, KINDS, strict=True):
        for row, kind in enumerate(KINDS):
            there = getattr(four[mine], f"threat_{kind}")
            ax.barh(row, there, color=PALE, height=0.7)
            ax.barh(row, there * (own if kind == mine else other), color=PALETTE[4], height=0.7)
            note(ax, names[kind], (0.03, row), theme.INK)
        ax.set_title(names[mine], fontproperties=theme.letters(10, True), loc="left")
        ax.set_xlim(0, 1)
        ax.set_ylim(3.5, -0.5)
        ax.set_yticks([])
        ax.set_xticks([0, 0.5, 1], ["0", "½", "1"])
        ax.grid(visible=False)
        named(ax, "")
    return picture


def calm_figure(
    lesson: Lesson, change: pd.DataFrame, guess: Guess | None = None, *, what: str = ""
) -> Picture:
    """Draw what each measure changes for each kind of people, as a table of shades.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    change
        Points of 100, a row per measure and a column per kind.
    guess
        The kind that the first measure was thought to move most.
    what
        What is changed.
    """
    words, names = lesson.words, kind_names(lesson)
    table = change[list(KINDS)].to_numpy()
    most = KINDS[int(np.abs(table[0]).argmax())]
    picture, (ax,) = panels(
        words._("{measure} moves “{kind}” most", measure=change.index[0], kind=names[most]),
        what,
        words._("Points of 100, compared with licences only, after 24 months."),
        high=0.5 * len(table) + 0.1,
        left=2.6,
    )
    ax.imshow(np.abs(table), cmap="Blues", aspect="auto", vmin=0, vmax=1.6 * np.abs(table).max())
    for row, line in enumerate(table):
        for column, value in enumerate(line):
            note(ax, words.number(value, 1, sign=True), (column, row), theme.INK, ha="center")
    if guess is not None:
        place = (KINDS.index(str(guess.value)) - 0.48, -0.46)
        from matplotlib.patches import Rectangle

        ax.add_patch(Rectangle(place, 0.96, 0.92, fill=False, edgecolor=GUESS, linewidth=3))
    ax.set_yticks(range(len(table)), ["\n".join(theme.wrap(one, 9, 2.4)) for one in change.index])
    ax.set_xticks(range(4), [names[kind] for kind in KINDS])
    ax.grid(visible=False)
    named(ax, "")
    return picture


def floor_figure(lesson: Lesson, levels: pd.DataFrame) -> Picture:
    """Draw what the same push brings from different starting levels, in points and in odds.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    levels
        Columns ``mean_against`` and ``difference`` [%, points] and ``odds_ratio``, a row per level, as
        :func:`analysis.difference` gives them.
    """
    words = lesson.words
    start, points = levels["mean_against"].to_numpy(), levels["difference"].to_numpy()
    odds = levels["odds_ratio"].to_numpy()
    picture, (left, right) = panels(
        words._(
            "The same push: {low} to {high} points, but odds times {few} to {many}",
            low=words.number(points.min(), 1),
            high=words.number(points.max(), 1),
            few=words.number(odds.min(), 1),
            many=words.number(odds.max(), 1),
        ),
        words._("what the measures bring, by how many use AI every week without them"),
        words._(
            "Grey lines: what an odds ratio of 1.2, 1.5 or 2 comes to in points. Dots: simulated."
        ),
        wide=(1.2, 1.0),
    )
    share = np.linspace(0.001, 0.999, 300)
    for ratio in (1.2, 1.5, 2.0):
        odd = ratio * share / (1 - share)
        left.plot(100 * share, 100 * (odd / (1 + odd) - share), color=REFERENCE, linewidth=1)
        note(
            left,
            f"x {words.number(ratio, 1)}",
            (51, 100 * ((ratio / (1 + ratio)) - 0.5) + 0.8),
            REFERENCE,
        )
    left.plot(start, points, "o", color=PALETTE[0], markersize=8)
    left.set_xlim(0, 100)
    left.set_ylim(0, None)
    named(left, words._("weekly users without the measures, %"), words._("points"))
    right.plot(start, odds, "o", color=PALETTE[2], markersize=8)
    right.set_xlim(0, 100)
    right.set_ylim(1, max(2.0, 1.1 * odds.max()))
    named(right, words._("weekly users without the measures, %"), words._("odds ratio"))
    return picture


# --- Forecasts -----------------------------------------------------------------------------


def forecast_figure(
    lesson: Lesson, curves: Array, forecasts: Mapping[str, Sequence[float]], seen: int = 4
) -> Picture:
    """Draw what was forecast for some organisations beside what came, and how far off it was.

    Parameters
    ----------
    lesson
        Whose language is spoken.
    curves
        Percent, a row per organisation and a column per month from 0.
    forecasts
        The last month as forecast, by who forecast it; the first are drawn in orange.
    seen
        Months that were known.
    """
    words, truth = lesson.words, curves[:, -1]
    off = {name: float(np.abs(np.asarray(row) - truth).mean()) for name, row in forecasts.items()}
    best = min(off, key=lambda name: off[name])
    picture, (left, right) = panels(
        words._(
            "Closest: {name}, {points} points off on average",
            name=best,
            points=words.number(off[best], 1),
        ),
        words._(
            "{number} firms: the months you saw, what you said, and what came", number=len(truth)
        ),
        words._(
            "Line: the course of a firm, pale after month {month}. Orange: the first forecast.",
            month=seen,
        ),
        wide=(1.5, 1.0),
        left=0.55,
    )
    months = curves.shape[1] - 1
    first = next(iter(forecasts.values()))
    for row, mine in zip(curves, first, strict=True):
        left.plot(range(seen + 1), row[: seen + 1], color=PALETTE[0], linewidth=2)
        left.plot(range(seen, months + 1), row[seen:], color=PALETTE[0], alpha=0.3, linewidth=1.2)
        left.plot([months, months + 0.8], [row[-1], mine], color=GUESS, linewidth=1, clip_on=False)
        left.plot([months + 0.8], [mine], "o", color=GUESS, markersize=5, clip_on=False)
    months_on(left, months)
    named(left, words._("month"), words._("weekly users, %"))
    order = list(off)
    right.barh(
        range(len(off)),
        [off[name] for name in order],
        color=[GUESS, *[PALE] * 9][: len(off)],
        height=0.55,
    )
    for k, name in enumerate(order):
        note(right, f"{name}: {words.number(off[name], 1)}", (0.3, k - 0.42), theme.INK)
    right.set_yticks([])
    right.set_ylim(len(off) - 0.4, -0.7)
    right.grid(visible=False)
    named(right, words._("points off on average"))
    return picture
