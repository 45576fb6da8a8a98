"""The picture of a month: what reaches a person, what the person makes of it, what others see next.

What acts on a step, what it changes and what it is called are read off the code
(:mod:`analysis.model.steps`); the small curves are drawn by the rules themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, PathPatch
from matplotlib.path import Path

from analysis.figures import theme
from analysis.figures.area import sheet
from analysis.figures.frame import Picture
from analysis.model.steps import changes, given, headings, reads, signs, step
from analysis.results.colours import REFERENCE
from sim import rules
from sim.parameters import Parameters
from sim.programme import compiling
from sim.state import Employee


class Source(NamedTuple):
    """Where something comes from that acts on a person: its name, what it is, and its colour."""

    name: str
    what: str
    colour: str


PROGRAMME: Final = Source("The programme", "measures, once a month", "#0072B2")
LEADERS: Final = Source("Leaders", "how much boss and top use it", "#4B1D6B")
COLLEAGUES: Final = Source("Colleagues", "who uses it, what they expect", "#007F5F")
OWN: Final = Source("Own experience", "use, skill, habit, worries", "#C15500")
SOURCES: Final = (PROGRAMME, LEADERS, COLLEAGUES, OWN)

SHOWN: Final = ("Receive", "Consider", "Perceive", "Want", "Decide", "Develop")
"""Steps of a person, in their order: the first once a month, the others in each part of it."""

HEARD: Final = {
    COLLEAGUES: ("exposure", "users", "pull", "hearsay"),
    LEADERS: ("example",),
}
"""What a rule is handed of others, by the names of its arguments."""


def acting(title: str) -> tuple[Source, ...]:
    """Return what acts on a step, by what its function is handed and reads of the person.

    Own experience is what wanting, deciding and developing left the time before; a step that comes
    before them and carries a state on does not count as acted on by it.
    """
    functions = step(title).functions
    read, own = set(reads(functions)), set(changes(functions))
    left = {name for title in SHOWN[3:] for name in changes(step(title).functions)}
    reaching = set(headings(Employee)["What reaches this person this month"])
    acts = {
        PROGRAMME: (read & reaching) | (set(given(functions)) & {"effect"}),
        LEADERS: set(given(functions)) & set(HEARD[LEADERS]),
        COLLEAGUES: set(given(functions)) & set(HEARD[COLLEAGUES]),
        OWN: (read & left) - (own if title not in SHOWN[4:] else set()),
    }
    return tuple(source for source in SOURCES if acts[source])


# --- Where things are ----------------------------------------------------------------------

WIDE: Final = 9.4
FIRST: Final = 0.34
"""Where the first card begins, right of the ways back [inch]."""
GAP: Final = 0.2
CARD: Final = (WIDE - 0.16 - FIRST - GAP * (len(SHOWN) - 1)) / len(SHOWN)
DRAWN: Final = 1.08
"""Height of what is drawn on a card [inch]."""
RAIL: Final = 0.52
BOTTOM: Final = 1.0
"""Where cards begin, above the way back [inch]."""
PADDING: Final = 0.1
SMALL: Final = 7.5
NAMES: Final = 0.62
"""Where the names of what acts begin [inch]."""
WAY: Final = 0.42
"""Height of the way back [inch]."""


def month_picture() -> Picture:
    """Draw a month of a person.

    Returns
    -------
    Picture
        A matplotlib figure; the same bytes from the same code.
    """
    lines = [theme.wrap(step(title).sentence, SMALL, CARD - 2 * PADDING) for title in SHOWN]
    changed = [theme.wrap(_changed(title), SMALL, CARD - 2 * PADDING) for title in SHOWN]
    sentences = theme.height_of(max(map(len, lines)), SMALL)
    names = theme.height_of(max(map(len, changed)), SMALL)
    tall = 0.36 + DRAWN + 0.1 + sentences + 0.1 + names + 0.1
    high = BOTTOM + tall + 0.3 + RAIL * len(SOURCES)
    picture, area = sheet(
        "A person's month: from what reaches people to what others see of them",
        "A line acts where it has a dot. What comes of it is seen by others in the next part of the month.",
        "Curves and bars show the form of the rules, not sizes. Grey names on a card are what the step "
        "changes. Made from the code: a step is the function of its name in sim/rules.py, the last in sim/mesa_model.py.",
        high,
    )
    wide, tall_page = picture.get_size_inches()
    ax = picture.add_axes(
        (area.left / wide, area.bottom / tall_page, area.wide / wide, area.high / tall_page)
    )
    ax.set_axis_off()
    ax.set_xlim(0, area.wide)
    ax.set_ylim(0, high)

    top = BOTTOM + tall
    levels = {source: high - 0.2 - RAIL * k for k, source in enumerate(SOURCES)}
    lefts = [FIRST + k * (CARD + GAP) for k in range(len(SHOWN))]
    _panel(ax, lefts[0] - 0.07, lefts[0] + CARD + 0.07, top, step(SHOWN[0]).when)
    _panel(
        ax,
        lefts[1] - 0.07,
        lefts[-1] + CARD + 0.07,
        top,
        step(SHOWN[1]).when + ", everybody at once",
    )
    _rails(ax, levels, lefts, top)
    for k, title in enumerate(SHOWN):
        _card(ax, lefts[k], BOTTOM, tall, f"{k + 1}  {title}")
        y = top - 0.36 - DRAWN
        SKETCHES[title](_Box(ax, lefts[k] + PADDING, y, CARD - 2 * PADDING, DRAWN))
        y -= 0.1
        _lines(ax, lefts[k] + PADDING, y, lines[k], theme.INK)
        _lines(ax, lefts[k] + PADDING, y - sentences - 0.1, changed[k], theme.QUIET)
        if k:
            _arrow(ax, lefts[k] - GAP + 0.02, lefts[k] - 0.02, BOTTOM + tall / 2)
    return picture


def _changed(title: str) -> str:
    """Return what a step changes, four threats as one, and what reaches a person as that."""
    names = list(changes(step(title).functions))
    heading = "What reaches this person this month"
    words = []
    if set(headings(Employee)[heading]) <= set(names):
        words.append("all that " + heading.removeprefix("What "))
        names = []
    words += [name for name in names if not name.startswith("threat_")]
    if any(name.startswith("threat_") for name in names):
        words.append("threats")
    return ", ".join(words).replace("_", " ")


# --- Lines ---------------------------------------------------------------------------------


def _rails(ax: Axes, levels: Mapping[Source, float], lefts: Sequence[float], top: float) -> None:
    """Draw what acts on which step, and the ways back from what a person does."""
    across = {source: 0.2 + 0.2 * k for k, source in enumerate(SOURCES)}
    stops: dict[Source, list[float]] = {source: [] for source in SOURCES}
    for k, title in enumerate(SHOWN):
        for source in acting(title):
            stops[source].append(lefts[k] + (across[source] if k else 0.08) * CARD)
    right = lefts[-1] + CARD
    for source, y in levels.items():
        begin = NAMES if source is OWN else min(NAMES, *stops[source])
        end = right + 0.02 if source is OWN else stops[source][-1]
        ax.plot([begin, end], [y, y], color=source.colour, linewidth=2.2, zorder=2)
        _text(ax, NAMES, y + 0.12, source.name, 10, source.colour, bold=True)
        _text(ax, NAMES, y - 0.105, source.what, 7, theme.QUIET)
    for source in SOURCES:
        for x in stops[source]:
            ax.plot(
                [x, x],
                [levels[source] - 0.06, top + 0.09],
                color="white",
                linewidth=5.0,
                zorder=2.5,
            )
            ax.add_patch(
                FancyArrowPatch(
                    (x, levels[source]),
                    (x, top + 0.01),
                    arrowstyle="-|>,head_length=4,head_width=2.4",
                    color=source.colour,
                    linewidth=1.5,
                    shrinkA=0,
                    shrinkB=0,
                    zorder=3,
                )
            )
            ax.plot([x], [levels[source]], "o", color=source.colour, markersize=7.5, zorder=4)
            ax.plot([x], [levels[source]], "o", color="white", markersize=3, zorder=5)
    # What one does becomes own experience at once, and what others see in the next part.
    x, y = right + 0.12, levels[OWN]
    _way(ax, [(right, top - 0.5), (x, top - 0.5), (x, y), (right, y)], OWN.colour)
    _head(ax, x, 0.5 * (top - 0.5 + y), "^", OWN.colour)
    middle = right - 0.5 * CARD
    for k, source in enumerate((COLLEAGUES, LEADERS)):
        x, y, start = 0.12 - 0.09 * k, WAY - 0.09 * k, middle + 0.09 * k
        way = [(start, BOTTOM), (start, y), (x, y), (x, levels[source]), (NAMES, levels[source])]
        _way(ax, way, source.colour)
        _head(ax, x, 0.5 * (BOTTOM + top) + 0.16 * k, "^", source.colour)
        _head(ax, 0.5 * (FIRST + start) - 0.16 * k, y, "<", source.colour)
    show = step("Show")
    _text(ax, FIRST, WAY + 0.17, f"{len(SHOWN) + 1}  {show.title}", 10.5, theme.INK, bold=True)
    x = FIRST + theme.width_of(f"{len(SHOWN) + 1}  {show.title}   ", 10.5, True)
    _text(ax, x, WAY + 0.17, show.sentence, SMALL, theme.INK)
    seen = [name.removeprefix("seen_") for name in changes(show.functions)]
    said = f"{', '.join(seen)}: seen by colleagues and by those this person leads, in the next part of the month"
    _text(ax, FIRST, WAY - 0.25, said, SMALL, theme.QUIET)


def _way(ax: Axes, points: Sequence[tuple[float, float]], colour: str) -> None:
    """Draw a line through points with round corners."""
    radius, verts, codes = 0.1, [points[0]], [Path.MOVETO]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        for end in (before, after):
            far = np.hypot(end[0] - here[0], end[1] - here[1])
            part = min(radius, far / 2) / far
            verts.append((here[0] + part * (end[0] - here[0]), here[1] + part * (end[1] - here[1])))
            if end is before:
                codes.append(Path.LINETO)
                verts.append(here)
                codes.append(Path.CURVE3)
            else:
                codes.append(Path.CURVE3)
    verts.append(points[-1])
    codes.append(Path.LINETO)
    ax.add_patch(
        PathPatch(Path(verts, codes), facecolor="none", edgecolor=colour, linewidth=2.2, zorder=2)
    )


def _head(ax: Axes, x: float, y: float, kind: str, colour: str) -> None:
    """Say which way a line goes."""
    ax.plot([x], [y], kind, color=colour, markersize=7, zorder=3, clip_on=False)


def _arrow(ax: Axes, begin: float, end: float, y: float) -> None:
    ax.add_patch(
        FancyArrowPatch(
            (begin, y),
            (end, y),
            arrowstyle="-|>,head_length=5,head_width=3",
            color=theme.INK,
            linewidth=1.6,
            shrinkA=0,
            shrinkB=0,
            zorder=3,
        )
    )


def _panel(ax: Axes, left: float, right: float, top: float, when: str) -> None:
    """Put a shade below cards, with what they have in common."""
    ax.add_patch(
        FancyBboxPatch(
            (left, BOTTOM - 0.24),
            right - left,
            top - BOTTOM + 0.31,
            facecolor="#eef1f4",
            boxstyle="round,pad=0,rounding_size=0.1",
            edgecolor="none",
            zorder=0.5,
        )
    )
    _text(ax, left + 0.09, BOTTOM - 0.13, when, 8, theme.QUIET)


def _card(ax: Axes, x: float, y: float, tall: float, title: str) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (x, y),
            CARD,
            tall,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor="white",
            edgecolor="#c3c9cf",
            linewidth=1.0,
            zorder=1,
        )
    )
    _text(ax, x + PADDING, y + tall - 0.2, title, 10.5, theme.INK, bold=True)


def _lines(ax: Axes, x: float, top: float, lines: Sequence[str], colour: str) -> None:
    for k, line in enumerate(lines):
        _text(ax, x, top - theme.height_of(1, SMALL) * (k + 0.5), line, SMALL, colour)


def _text(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str,
    bold: bool = False,
    ha: str = "left",
) -> None:
    ax.text(
        x,
        y,
        text,
        fontproperties=theme.letters(size, bold),
        color=colour,
        va="center_baseline",
        ha=ha,
        parse_math=False,
    )


# --- Sketches ------------------------------------------------------------------------------


class _Box(NamedTuple):
    """Room for a sketch on a card: from 0 to 1 both ways."""

    ax: Axes
    left: float
    bottom: float
    wide: float
    high: float

    def line(self, x: Any, y: Any, colour: str, **looks: Any) -> None:
        across = self.left + self.wide * np.asarray(x, float)
        up = self.bottom + self.high * np.asarray(y, float)
        self.ax.plot(
            across, up, **{"color": colour, "linewidth": 2.0, "solid_capstyle": "round", **looks}
        )

    def say(self, x: float, y: float, text: str, colour: str, ha: str = "left") -> None:
        place = self.left + self.wide * x, self.bottom + self.high * y
        _text(self.ax, *place, text, 7, colour, ha=ha)

    def floor(self, y: float = 0.16) -> None:
        self.line([0, 1], [y, y], "#b5b5b5", linewidth=0.8)


def _receiving(box: _Box) -> None:
    """What is said fades; what is set up builds up, and wears off a little."""
    box.floor()
    p = Parameters()
    months, once = np.arange(0, 12), np.zeros(12)
    once[1] = 1.0
    built, fresh = compiling.ramp(np.where(months > 3, 1.0, 0.0), 4.0, 0.03, p)
    box.line(months / 11, 0.16 + 0.66 * compiling.stocks(once, False, 0.5), PROGRAMME.colour)
    box.line(
        months[3:] / 11,
        0.16 + 0.7 * ((months > 3) * built * fresh)[3:],
        PROGRAMME.colour,
        linestyle=(0, (3, 1.2)),
    )
    box.say(0.02, 0.93, "once", PROGRAMME.colour)
    box.say(1.0, 0.93, "in force", PROGRAMME.colour, "right")


def _considering(box: _Box) -> None:
    """How fast one comes to consider it, by using colleagues: one is half the way."""
    box.floor()
    users = np.linspace(0.0, 4.0, 81)
    pull = np.array([rules.hill(float(user), 1.0, 2) for user in users])
    box.line(0.04 + 0.23 * users, 0.16 + 0.7 * pull, COLLEAGUES.colour)
    whole = np.arange(5)
    dots = np.array([rules.hill(float(number), 1.0, 2) for number in whole])
    box.line(
        0.04 + 0.23 * whole,
        0.16 + 0.7 * dots,
        COLLEAGUES.colour,
        linewidth=0,
        marker="o",
        markersize=4.5,
    )
    for number in whole:
        box.say(0.04 + 0.23 * number, 0.07, str(number), theme.QUIET, "center")
    box.say(1.0, 0.26, "using colleagues", COLLEAGUES.colour, "right")


def _perceiving(box: _Box) -> None:
    """What one thinks others do follows what they do."""
    box.floor()
    months = np.linspace(0.0, 1.0, 101)
    does = np.where(months < 0.25, 0.0, 1.0)
    thinks = [0.0]
    for doing in does[1:]:
        thinks.append(rules.approach(thinks[-1], 0.05 * doing, 0.05, 1.0 - 0.05))
    box.line(months, 0.16 + 0.62 * does, "#9a9a9a", linewidth=1.4, linestyle=(0, (3, 2)))
    box.line(months, 0.16 + 0.62 * np.array(thinks), COLLEAGUES.colour)
    box.say(0.27, 0.9, "what others do", theme.QUIET)
    box.say(1.0, 0.3, "what one thinks", COLLEAGUES.colour, "right")


BEHIND: Final = {
    "peer": COLLEAGUES,
    "leader": LEADERS,
    "incentive": PROGRAMME,
    "launch novelty": PROGRAMME,
}
"""Whose doing a reason is, where it is not one's own."""


def _wanting(box: _Box) -> None:
    """What speaks for it and what against, as the sum of desire has it."""
    reasons = signs(["sim.rules.conviction", "sim.rules.want", "sim.rules.novelty"])
    tall = 1.0 / len(reasons)
    for k, (name, sign) in enumerate(reasons.items()):
        colour = BEHIND.get(name, OWN).colour if sign > 0 else REFERENCE
        y = 1.0 - tall * (k + 0.5)
        box.line([0.16, 0.16 + sign * 0.15], [y, y], colour, linewidth=5.0, solid_capstyle="butt")
        box.say(0.36, y, name, theme.INK)
    box.line([0.16, 0.16], [0.0, 1.0], theme.INK, linewidth=0.9)


def _deciding(box: _Box) -> None:
    """Use grows to what is desired and there is opportunity for, until one stops."""
    box.floor()
    months = np.linspace(0.0, 1.0, 101)
    uses, level = [], 0.0
    for month in months:
        level = rules.approach(level, 0.07, 0.07, 0.93) if 0.15 < month < 0.8 else 0.0
        uses.append(level)
    box.line([0, 1], [0.82, 0.82], "#9a9a9a", linewidth=1.4, linestyle=(0, (3, 2)))
    box.line(months, 0.16 + 0.66 * np.array(uses), OWN.colour)
    box.say(0.0, 0.94, "desire \N{MULTIPLICATION SIGN} opportunity", theme.QUIET)
    box.say(0.12, 0.06, "starts", OWN.colour, "center")
    box.say(0.82, 0.06, "stops", OWN.colour, "center")


def _developing(box: _Box) -> None:
    """With use, skill and habit grow and worries fade to what is justified."""
    box.floor()
    months = np.linspace(0.0, 0.68, 69)
    level = {"habit": 0.0, "skill": 0.2, "worry": 0.9}
    towards = {"habit": (0.95, 0.07), "skill": (0.75, 0.03), "worry": (0.3, 0.04)}
    for name, (goal, rate) in towards.items():
        value, curve = level[name], []
        for _ in months:
            curve.append(value)
            value = rules.approach(value, rate * goal, rate, 1.0 - rate)
        colour = REFERENCE if name == "worry" else OWN.colour
        box.line(months, 0.16 + 0.8 * np.array(curve), colour)
        box.say(0.72, 0.16 + 0.8 * curve[-1], name, colour)


SKETCHES: Final[Mapping[str, Callable[[_Box], None]]] = {
    "Receive": _receiving,
    "Consider": _considering,
    "Perceive": _perceiving,
    "Want": _wanting,
    "Decide": _deciding,
    "Develop": _developing,
}
