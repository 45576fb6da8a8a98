"""Whether the model shows what was written down beforehand: an experiment for each pattern.

Every experiment compares arms on the same people, ties and luck. What is missed is said plainly.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from analysis import theme
from analysis.comparison import half_width
from analysis.layout import Picture, minus
from analysis.network.sheet import sheet
from sim import kernel, kpis, population, selection, world
from sim.compiled import compiled
from sim.experiments import CHUNK_PEOPLE, compare
from sim.files import read_scenario
from sim.files.library import entries_of
from sim.form import Form
from sim.measure import Text
from sim.parameters import numbers
from sim.scenario import Scenario, library
from sim.state import EMPLOYEE

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
Verdict = Literal["holds", "direction only", "misses"]

RUNS: Final = 400
SEED: Final = 1
MONTH: Final = 18
"""Month looked at, where a pattern does not say another."""

LITTLE: Final = 2.0
"""Points of adoption that count as almost nothing."""


class Pattern(Form):
    """A pattern of the library, in both languages."""

    title: Text
    promise: Text
    experiment: Text
    fitted: bool
    source: str


class Finding(NamedTuple):
    """A number with its 95 % interval.

    Attributes
    ----------
    label
        What was compared.
    value, low, high
        Mean and interval, in the unit of the pattern.
    decides
        Whether the verdict rests on it.
    """

    label: str
    value: float
    low: float
    high: float
    decides: bool = True


class Shown(NamedTuple):
    """What an experiment shows.

    Attributes
    ----------
    name
        Of the pattern.
    findings
        Numbers with intervals.
    unit
        Theirs: ``points`` or ``ratio``.
    nothing
        Value that stands for no difference.
    verdict
        Whether the pattern holds, has the direction but not surely, or is missed.
    reading
        What that means, in a line.
    """

    name: str
    findings: list[Finding]
    unit: str
    nothing: float
    verdict: Verdict
    reading: str


@lru_cache(maxsize=1)
def read_patterns() -> dict[str, Pattern]:
    """Return the patterns of the library by name.

    Raises
    ------
    ScenarioError
        With every problem in the file.
    """
    found = entries_of(library() / "library" / "patterns.yaml", Pattern)
    return {name.upper(): one for name, one in found.items()}


def paired_points(label: str, one: Array, other: Array, decides: bool = True) -> Finding:
    """Return the mean difference of shares in the same organisations, in points."""
    centre = 100.0 * float((one - other).mean())
    half = 100.0 * float(half_width(one, other, True))
    return Finding(label, centre, centre - half, centre + half, decides)


def judged(sure: bool, likely: bool) -> Verdict:
    """Return the verdict: the intervals say so, only the means do, or not even those."""
    return "holds" if sure else "direction only" if likely else "misses"


def signed(value: float, digits: int = 1) -> str:
    """Return a number with its sign, as people read it."""
    text = f"{value:+.{digits}f}"
    return minus(text) if text.strip("+-0.") else text.lstrip("+-")


def _adoption(scenarios: Sequence[Scenario], runs: int, seed: int) -> dict[str, Array]:
    """Return adoption by scenario [runs, months + 1]."""
    result = compare(scenarios, runs, seed)
    return {name: result.curves(name, "adoption") for name in result.scenarios}


# --- P4: the same money, spread or at once -------------------------------------------------

SMALL: Final = 0.1
"""Part of the doses at which pushes add up: 1 - exp(-A) is then A to within a few percent."""


END: Final = 24
"""Month in which the spread programme ends."""

LATER: Final = 36
"""A year after that."""


def spread_beats_rush(runs: int, seed: int) -> Shown:
    """Compare the same talks and courses over two years and in three months."""
    longer = {"simulation.months": LATER}
    arms = [read_scenario("baseline").changed(longer)]
    for name in ("front-loaded", "continuous"):
        scenario = read_scenario(name).changed(longer)
        doses = {
            f"programme.{one}.dose": SMALL * deployment.dose
            for one, deployment in scenario.deployments.items()
            if deployment.months is not None
        }
        arms += [scenario, scenario.changed({**doses, "name": f"{name}-small"})]
    found = _adoption(arms, runs, seed)
    base, rush, spread = found["baseline"], found["front-loaded"], found["continuous"]
    little = [found[f"{name}-small"][:, END] for name in ("continuous", "front-loaded")]
    end = paired_points(f"spread over rush, month {END}", spread[:, END], rush[:, END])
    tenth = paired_points(f"month {END}, a tenth of the doses", little[0], little[1], False)
    later = paired_points(f"month {LATER}", spread[:, LATER], rush[:, LATER], False)
    whole = paired_points(
        f"mean of months 1 to {END}",
        spread[:, 1 : END + 1].mean(axis=1), rush[:, 1 : END + 1].mean(axis=1), False,
    )  # fmt: skip
    middle = paired_points("month 12", spread[:, 12], rush[:, 12], False)
    reading = (
        f"Rush brings {signed(100 * (rush - base)[:, END].mean())} points by month {END}, spread "
        f"{signed(100 * (spread - base)[:, END].mean())}; a year later spread is {_ahead(later)}. "
        f"At a tenth of the doses the gap is {signed(tenth.value, 2)}, a tenth of it would be "
        f"{signed(SMALL * end.value, 2)}: "
    )
    reading += (
        "saturation does not make it, early pushes fade."
        if tenth.low > 0.0
        else "without saturation no gap is sure."
    )
    if whole.high < 0.0:
        reading += f" Over the {END} months together rush is ahead, because it is early."
    verdict = judged(end.low > 0.0, end.value > 0.0)
    return Shown("P4", [end, middle, whole, later, tenth], "points", 0.0, verdict, reading)


def _ahead(found: Finding) -> str:
    """Return by how many points the first is ahead or behind, and whether that is sure."""
    sure = "" if found.low > 0.0 or found.high < 0.0 else ", not surely"
    return f"{abs(found.value):.1f} points {'ahead' if found.value > 0.0 else 'behind'}{sure}"


# --- P5: champions at the centre or at the edge --------------------------------------------

THRESHOLDS: Final[Mapping[str, Mapping[str, float]]] = {
    "as they are": {},
    "low": {"parameters.threshold_shape_a": 1.0, "parameters.threshold_shape_b": 3.0},
    "high": {
        "parameters.threshold_shape_a": 3.0,
        "parameters.threshold_shape_b": 1.0,
        "parameters.low_threshold_share": 0.0,
    },
}
"""Thresholds of colleagues: means of about .4, .2 and .75."""

PLACES: Final = {"central": 1.0, "random": 0.0, "peripheral": -1.0}
"""Champions by their ties: the weight of a tie in being chosen."""


@compiled
def _give_places(people: Array, start: Array, other: Array, capacity: float) -> None:
    population.give_places(people, start, other, capacity)


def champions_by_ties(scenario: Scenario, weight: float, runs: int, seed: int) -> Array:
    """Return adoption with champions chosen by their number of ties [runs, months + 1].

    Champions are appointed here, before the first month, and do not tire.

    Parameters
    ----------
    scenario
        With champions.
    weight
        1: most ties first; 0: by chance; -1: fewest ties first. Chance decides between equals.
    runs, seed
        Organisations, and the seed of the study.
    """
    scenario = scenario.changed({"parameters.champion_fatigue": 0.0})
    design = world.design(scenario)
    plan = world.plan(scenario, design)
    office = plan.programme.offices[0]
    share, capacity = float(office["champions_share"]), float(office["capacity"])
    offices = plan.programme.offices.copy()
    offices["champions_share"] = 0.0  # they are there already
    appointed = plan._replace(programme=plan.programme._replace(offices=offices))
    wanted = int(share * scenario.organisation.employees + 0.5)

    def simulate(streams: Array) -> Array:
        worlds = world.draw_worlds(design, seed, streams)
        people = worlds.people.copy()
        for staff, start, stream in zip(people, worlds.start, worlds.streams, strict=True):
            luck = selection.lots(staff["key"], selection.FAVOUR, seed, stream)
            score = np.where(staff["role"] == EMPLOYEE, weight * np.diff(start) + luck, -np.inf)
            staff["champion"][selection.ranked(score)[:wanted]] = 1
            _give_places(staff, start, worlds.other, capacity)
        rows = kernel.simulate(worlds._replace(people=people), appointed, seed).rows
        curves: Array = rows[:, :, kpis.COLUMN["adoption"]]
        return curves

    return _in_pieces(simulate, runs, scenario.organisation.employees)


def _in_pieces(simulate: Callable[[Array], Array], runs: int, people: int) -> Array:
    """Return what a function gives for all runs, worked on by several threads."""
    chunk = max(1, CHUNK_PEOPLE // people)
    pieces = [np.arange(first, min(first + chunk, runs)) for first in range(0, runs, chunk)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return np.concatenate(list(pool.map(simulate, pieces)))


def champions_at_the_centre(runs: int, seed: int) -> Shown:
    """Compare champions with many ties, by chance, and with few ties, at three thresholds."""
    champions = read_scenario("champions")
    findings, gaps = [], {}
    for called, changes in THRESHOLDS.items():
        scenario = champions.changed(changes)
        central, chance, edge = (
            champions_by_ties(scenario, weight, runs, seed)[:, MONTH] for weight in PLACES.values()
        )
        decides = not changes
        ending = f", {called} thresholds" if changes else ""
        findings += [
            paired_points(f"centre over chance{ending}", central, chance, decides),
            paired_points(f"centre over edge{ending}", central, edge, decides),
        ]
        gaps[called] = central - chance
    more = paired_points("over chance, high less low", gaps["high"], gaps["low"], False)
    findings.append(more)
    where = "no clear difference between high and low thresholds"
    if more.low > 0.0 or more.high < 0.0:
        where = f"{'more' if more.low > 0.0 else 'less'} so at high thresholds than at low ones"
    first, second = findings[:2]
    reading = (
        f"Ties are worth {signed(first.value)} points over chance and {signed(second.value)} over "
        f"the edge in month {MONTH}; {where} ({signed(more.value)})."
    )
    verdict = judged(min(first.low, second.low) > 0.0, min(first.value, second.value) > 0.0)
    return Shown("P5", findings, "points", 0.0, verdict, reading)


# --- P6: circles, one or several confirmations ---------------------------------------------

RING: Final = {
    "organisation.employees": 200,
    "organisation.network.degree": 8.0,
    "organisation.network.keep_degree": True,
    "rules.contagion": "step_count",
    "rules.decision": "certain",
    "rules.link": "identity",
    "parameters.base_desire": 0.0,
    "parameters.peer_weight": 1.0,
    "parameters.start_rate": 1.0,
    "simulation.substeps": 1,
    "simulation.months": 48,
}
"""A behaviour that spreads by contact only; a month is a step."""

SWAPS: Final = 1.0
"""Share of the ties that start a swap: no circles are left."""


def contagion_on_a_ring(needed: int, rewiring: float, runs: int, seed: int) -> Array:
    """Return who uses when everybody follows ``needed`` colleagues [runs, months + 1].

    One person and all colleagues of hers use it from the start.
    """
    off = {
        f"parameters.{n}": one.neutral for n, one in numbers().items() if one.neutral is not None
    }
    kind = {"organisation.network.kind": "small_world", "organisation.network.rewiring": rewiring}
    scenario = Scenario(name="ring").changed({**off, **RING, **kind})
    design, plan = world.design(scenario), world.plan(scenario)

    def simulate(streams: Array) -> Array:
        worlds = world.draw_worlds(design, seed, streams)
        people = worlds.people.copy()
        people["threshold"] = needed
        for staff, start in zip(people, worlds.start, strict=True):
            first = [0, *worlds.other[start[0] : start[1]]]
            staff["uses"][first] = staff["ever_used"][first] = 1
        rows = kernel.simulate(worlds._replace(people=people), plan, seed).rows
        curves: Array = rows[:, :, kpis.COLUMN["using"]]
        return curves

    return _in_pieces(simulate, runs, scenario.organisation.employees)


def circles_confirm(runs: int, seed: int) -> Shown:
    """Compare a ring with one without circles, for one confirmation needed and for more."""
    findings, told = [], []
    for needed in (1, 2, 3):
        ring, swapped = (contagion_on_a_ring(needed, share, runs, seed) for share in (0.0, SWAPS))
        asked = f"{needed} contact{'s' * (needed > 1)}, ring over rewired"
        findings += [
            paired_points(f"{asked}, end", ring[:, -1], swapped[:, -1],
                          needed == 2),
            paired_points(f"{asked}, mean", ring[:, 1:].mean(axis=1),
                          swapped[:, 1:].mean(axis=1), needed < 3),
        ]  # fmt: skip
        whole = 100.0 * float((swapped[:, -1] > 0.5).mean())
        told.append(f"{needed}: {whole:.0f} %")
    simple, complex_, later = findings[1], findings[2], findings[3]
    reading = (
        f"One contact needed: the ring is {_ahead(simple)} over all months. Two: {_ahead(complex_)} "
        f"at the end, {_ahead(later)} over all months. Without circles it passes half the people "
        f"in, by contacts needed, {', '.join(told)} of organisations."
    )
    # With two needed, ahead at the end but behind on the way is the direction, no more.
    sure = simple.high < 0.0 < complex_.low and later.high > 0.0
    verdict = judged(sure, simple.value < 0.0 < complex_.value)
    return Shown("P6", findings, "points", 0.0, verdict, reading)


# --- P9: information alone -----------------------------------------------------------------

ARMS: Final[Mapping[str, tuple[str, ...]]] = {
    "information": ("information-campaign",),
    "trying": ("sandbox", "experience-day", "demonstrations"),
    "peers": ("champions", "peer-training"),
    "permission": ("leadership-example", "protected-time"),
}
"""Measures of each arm, as the catalogue has them; information with three full campaigns."""


def information_is_not_enough(runs: int, seed: int) -> Shown:
    """Compare information with trying, peers and permission, each alone."""
    base = read_scenario("baseline")
    arms = [read_scenario("information-only").changed({"name": "information"})]
    arms += [
        base.changed({**{f"programme.{one}": {} for one in measures}, "name": arm})
        for arm, measures in ARMS.items()
        if arm != "information"
    ]
    found = _adoption([base, *arms], runs, seed)
    gains = {arm: found[arm][:, MONTH] for arm in ARMS}
    nothing = found[base.name][:, MONTH]
    findings = [paired_points(f"{arm} alone", gain, nothing) for arm, gain in gains.items()]
    info = findings[0]
    ahead = {
        arm: paired_points(arm, gain, gains["information"])
        for arm, gain in gains.items()
        if arm != "information"
    }
    behind = [arm for arm, one in ahead.items() if one.low <= 0.0]
    little = abs(info.value) <= LITTLE and info.high <= LITTLE
    told = ", ".join(f"{arm} {signed(one.value)}" for arm, one in zip(ARMS, findings, strict=True))
    reading = f"Points in month {MONTH}: {told}."
    if behind:
        reading += f" Not clearly more than information: {', '.join(behind)}."
    elif info.high < 0.0:
        reading += (
            " Information alone even takes a little away: it promises what use does not keep."
        )
    elif not little:
        reading += (
            f" Information alone does more than the {LITTLE:.0f} points that are almost nothing."
        )
    more = all(one.value > 0.0 for one in ahead.values())
    return Shown("P9", findings, "points", 0.0, judged(little and not behind, more), reading)


# --- P10: effects that overlap -------------------------------------------------------------


def effects_overlap(runs: int, seed: int) -> Shown:
    """Compare leaders and champions together with the product of either."""
    names = ("baseline", "leadership", "champions", "leadership-champions")
    found = _adoption([read_scenario(name) for name in names], runs, seed)
    base, leaders, champions, both = (found[name][:, MONTH] for name in names)
    shares = [one.mean() for one in (both, base, leaders, champions)]
    # To first order the log of a mean moves by value / mean, that of odds by / mean (1 - mean).
    ratio = _overlap(
        "times as many users", both, base, leaders, champions,
        shares, [np.log(share) for share in shares],
    )  # fmt: skip
    odds = _overlap(
        "the same of odds, free of the ceiling", both, base, leaders, champions,
        [share * (1.0 - share) for share in shares],
        [np.log(share / (1.0 - share)) for share in shares], decides=False,
    )  # fmt: skip
    times = [one.mean() / base.mean() for one in (leaders, champions, both)]
    reading = (
        f"Leaders {times[0]:.2f} times as many users, champions {times[1]:.2f}: the product would "
        f"be {times[0] * times[1]:.2f}, both bring {times[2]:.2f}. "
    )
    reading += (
        "Odds, which know no ceiling, overlap too."
        if odds.high < 1.0
        else "In odds, which know no ceiling, they do not clearly overlap: the ceiling makes it."
    )
    verdict = judged(ratio.high < 1.0, ratio.value < 1.0)
    return Shown("P10", [ratio, odds], "ratio", 1.0, verdict, reading)


def _overlap(
    label: str,
    both: Array,
    base: Array,
    one: Array,
    other: Array,
    slopes: list[float],
    logs: list[float],
    decides: bool = True,
) -> Finding:
    """Return both x neither / (one x other) with its interval, by the delta method."""
    together = both / slopes[0] + base / slopes[1]
    apart = one / slopes[2] + other / slopes[3]
    half = float(half_width(together, apart, True))
    value = float(np.exp(logs[0] + logs[1] - logs[2] - logs[3]))
    return Finding(label, value, value * np.exp(-half), value * np.exp(half), decides)


# --- All of them ---------------------------------------------------------------------------

EXPERIMENTS: Final[Mapping[str, Callable[[int, int], Shown]]] = {
    "P4": spread_beats_rush,
    "P5": champions_at_the_centre,
    "P6": circles_confirm,
    "P9": information_is_not_enough,
    "P10": effects_overlap,
}


def experiment(name: str, runs: int = RUNS, seed: int = SEED) -> Shown:
    """Return what the experiment of a pattern shows.

    Parameters
    ----------
    name
        One of ``EXPERIMENTS``.
    runs
        Organisations in each arm.
    seed
        Seed of the study.
    """
    return EXPERIMENTS[name](runs, seed)


# --- The figure ----------------------------------------------------------------------------

COLOURS: Final[Mapping[Verdict, str]] = {
    "holds": theme.PALETTE[2],
    "direction only": theme.PALETTE[4],
    "misses": theme.PALETTE[1],
}

ACROSS: Final = 2
GUTTER: Final = 0.45
ROW: Final = 0.23
HEAD: Final = 0.78
"""Height of a row, and of what stands above the rows of a panel [inch]."""

LABELS: Final = 2.3
NUMBERS: Final = 0.62
"""Room left and right of the dots [inch]."""


def message(shown: Sequence[Shown]) -> str:
    """Return how many patterns hold, and which do not."""
    groups = {verdict: [one.name for one in shown if one.verdict == verdict] for verdict in COLOURS}
    text = f"{len(groups['holds'])} of {len(shown)} patterns hold"
    if groups["direction only"]:
        text += f", {' and '.join(groups['direction only'])} in direction only"
    if groups["misses"]:
        text += f", missed: {' and '.join(groups['misses'])}"
    return text


def patterns_figure(shown: Sequence[Shown], runs: int, seed: int) -> Picture:
    """Draw a small panel for each pattern: what was compared, with intervals, and the verdict.

    Parameters
    ----------
    shown
        What the experiments show.
    runs, seed
        Organisations in each arm, and the seed of the study.
    """
    columns: list[list[Shown]] = [[] for _ in range(min(ACROSS, len(shown)))]
    for one in shown:  # in reading order, the shorter column first
        min(columns, key=_height).append(one)
    picture, area = sheet(
        message(shown),
        "What was asked of the model beforehand, and what it shows.",
        f"Dot: mean difference over {runs:,} organisations with the same people, ties and luck; "
        "line: its 95 % interval. Coloured rows decide: holds, they surely show what was promised; "
        "direction only, not all of them, or not surely. Ratio: 1 is no overlap. Parameters held "
        f"fixed. Seed {seed}.",
        max(_height(column) for column in columns),
    )
    each = (area.wide - GUTTER * (len(columns) - 1)) / len(columns)
    for number, column in enumerate(columns):
        top = area.bottom + area.high
        for one in column:
            _panel(picture, one, area.left + number * (each + GUTTER), top, each)
            top -= _height([one])
    return picture


def _height(column: Sequence[Shown]) -> float:
    """Return the height of panels below each other."""
    return sum(HEAD + ROW * len(one.findings) + 0.5 for one in column)


def _panel(picture: Picture, one: Shown, left: float, top: float, each: float) -> None:
    """Draw the panel of a pattern: title and verdict, what was promised, rows with dots."""
    wide, high = picture.get_size_inches()
    text = read_patterns()[one.name]
    shade = COLOURS[one.verdict]
    theme.write(
        picture, left, top, [f"{one.name}  {text.title.en}"], 11, bold=True, color=theme.INK
    )
    x = left + each - theme.width_of(one.verdict, 11, bold=True)
    theme.write(picture, x, top, [one.verdict], 11, bold=True, color=theme.readable(shade))
    theme.write(
        picture, left, top - 0.25, theme.wrap(text.promise.en, 8, each, most=2), 8,
        color=theme.QUIET,
    )  # fmt: skip
    rows = ROW * len(one.findings)
    across = each - LABELS - NUMBERS
    bottom = top - HEAD - rows
    ax = picture.add_axes(((left + LABELS) / wide, bottom / high, across / wide, rows / high))
    ends = [end for found in one.findings for end in (found.low, found.high)] + [one.nothing]
    margin = 0.06 * (max(ends) - min(ends))
    ax.set_xlim(min(ends) - margin, max(ends) + margin)
    ax.set_ylim(len(one.findings) - 0.5, -0.5)
    theme.plain(ax)
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.axvline(one.nothing, color=theme.QUIET, linewidth=0.9)
    for place, found in enumerate(one.findings):
        colour = shade if found.decides else theme.REFERENCE
        ax.plot([found.low, found.high], [place] * 2, color=colour, linewidth=2.2, alpha=0.55)
        ax.plot([found.value], [place], "o", color=colour, markersize=6.0)
        y = top - HEAD - ROW * (place + 0.5) + theme.height_of(1, 8) / 2.0
        looks: dict[str, Any] = {"bold": found.decides, "color": theme.INK}
        theme.write(picture, left, y, theme.wrap(found.label, 8, LABELS - 0.05, most=1), 8, **looks)
        value = told(found.value, one.unit)
        x = left + each - theme.width_of(value, 8, found.decides)
        theme.write(picture, x, y, [value], 8, **looks)
    said = "points of weekly users" if one.unit == "points" else "1 is the product of either"
    said = "points of people using" if one.name == "P6" else said
    theme.write(picture, left + LABELS, bottom - 0.04, [said], 7, color=theme.QUIET)


def told(value: float, unit: str) -> str:
    """Return a number as it is shown: points with their sign, ratios without."""
    return signed(value) if unit == "points" else f"{value:.2f}"


def table(one: Shown) -> pd.DataFrame:
    """Return the findings of a pattern as texts; a star marks those that decide."""
    import pandas as pd

    return pd.DataFrame(
        {
            "compared": [f"{found.label}{' *' * found.decides}" for found in one.findings],
            one.unit: [told(found.value, one.unit) for found in one.findings],
            "95 % interval": [
                f"{told(found.low, one.unit)} to {told(found.high, one.unit)}"
                for found in one.findings
            ],
        }
    )
