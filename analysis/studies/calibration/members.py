"""The family of models: which mechanisms are needed, each member fitted with the same effort.

A member is the model with some mechanisms at their neutral values. Each is fitted from the same start,
by the same number of simulations, to the same figures of the evidence register, and judged on
organisations that no fit has used: how many figures it reaches, how many plausibility bands its curves
lie in, and what ties do in it. The smallest member that reaches them is the model. The fit is a plain
one (Gauss and Newton's steps on a regression around the best point so far, with common random numbers),
since it looks for one good vector and not for all of them: that is what calibration does.

``python -m analysis.studies.calibration.members`` fits them all and prints the table (about twenty minutes).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.figures import theme
from analysis.figures.area import Area, Key, axes_in, sheet
from analysis.figures.frame import Picture
from analysis.results.colours import PALETTE
from analysis.results.ensemble import Progress, over_vectors
from analysis.studies.calibration.emulator import on_scale
from analysis.studies.calibration.posterior import of_set
from analysis.studies.calibration.targets import TROUGHS, Target, calibration_targets, figures
from sim import draws
from sim.engine.kinds import Array
from sim.parameters import Parameters
from sim.scenario.schema import Scenario
from sim.simulator import Vector
from sim.study.posteriors import calibrated

NEUTRAL: Final[Mapping[str, Mapping[str, float]]] = {
    "perceived norms": {"norm_rate": 1.0},
    "growing use": {"use_growth": 1.0},
    "considering": {"considers_before": 1.0, "considers_after": 1.0},
    "opportunity": {"opportunity_exponent": 0.0, "leader_tasks": 1.0},
}
"""Values at which a mechanism is not there."""

IDLE: Final[Mapping[str, Sequence[str]]] = {
    "considering": (
        "consider_alone",
        "consider_launch",
        "consider_peers",
        "consider_circle",
        "consider_example",
    ),
}
"""Numbers without a meaning where a mechanism is not there."""

MEMBERS: Final[Mapping[str, Sequence[str]]] = {
    "first version": (),
    "norms": ("perceived norms",),
    "norms, growing use": ("perceived norms", "growing use"),
    "norms, growing use, considering": ("perceived norms", "growing use", "considering"),
    "all four": ("perceived norms", "growing use", "considering", "opportunity"),
}
"""Mechanisms of each member, nested."""

SHIPPED: Final = "as shipped"
"""The shipped numbers, which were fitted to both sets of evidence."""

STEP: Final = 0.08
"""Standard deviation of the vectors tried around the best so far [part of the prior]."""

REACH: Final = 2.5
"""How far a step may go, in such deviations."""

SHY: Final = 0.3
"""How far a parameter may move before it weighs as much as half a band of a figure [part of the prior]."""

PARTS: Final = (1.0, 0.5, 0.25)
"""Parts of a step that are tried."""

WORLD_SEED: Final = 2024
"""Seed of the organisations fitted to."""


class Fitted(NamedTuple):
    """A member as it was fitted.

    Attributes
    ----------
    member
        Its name.
    vector
        Numbers of the rules, with those of mechanisms that are not there at their neutral values.
    misses
        Sum of squared misses after each round, of half a band each.
    """

    member: str
    vector: dict[str, float]
    misses: tuple[float, ...]


def without(member: str) -> dict[str, float]:
    """Return the neutral values of the mechanisms a member does not have."""
    return {
        name: value
        for mechanism, values in NEUTRAL.items()
        if mechanism not in MEMBERS[member]
        for name, value in values.items()
    }


def free(member: str) -> list[str]:
    """Return the parameters that are fitted in a member."""
    fixed = {*without(member)}
    for mechanism, names in IDLE.items():
        if mechanism not in MEMBERS[member]:
            fixed |= {*names}
    return [name for name in calibrated() if name not in fixed]


def stratified(number: int, seed: int, among: int = 4000) -> Array:
    """Return numbers of organisations whose contexts are evenly spread over what occurs.

    A few drawn by chance have a mean context that moves every figure; these have not.
    """
    from scipy.special import ndtri

    luck = np.array([_context(seed, stream) for stream in range(among)])
    left = np.ones(among, bool)
    columns = []
    for wanted in ndtri((np.arange(number) + 0.5) / number):
        near = int(np.where(left, np.abs(luck - wanted), np.inf).argmin())
        left[near] = False
        columns.append(near)
    return np.random.default_rng(seed).permutation(np.array(columns))


def _context(seed: int, stream: int) -> float:
    w0, w1, _, _ = draws.block(seed, stream, draws.CONTEXT, 0, 0, index=0)
    return float(draws.normal(draws.unit(w0), draws.unit(w1)))


def fit(
    member: str,
    start: Vector,
    rounds: int = 4,
    vectors: int = 160,
    organisations: int = 56,
    *,
    seed: int = 1,
    sets: Sequence[str] = ("literature",),
    progress: Progress | None = None,
) -> Fitted:
    """Fit a member to the figures of some evidence sets, from a start.

    Parameters
    ----------
    member
        Name of :data:`MEMBERS`.
    start
        Vector it begins at.
    rounds, vectors
        Steps, and vectors simulated for each.
    organisations
        Organisations of each vector, the same for all.
    seed
        Seed of the vectors.
    sets
        Evidence sets.
    progress
        Called with the number of vectors finished and the total.
    """
    every, arms = calibration_targets()
    targets = [
        target for name in sets for target in of_set(every, name) if target.of not in TROUGHS
    ]
    targets = list({target.name: target for target in targets}.values())
    streams = stratified(organisations, WORLD_SEED)
    names, prior = free(member), calibrated()
    low, high = np.array([prior[name] for name in names]).T
    fixed = {**start, **without(member)}
    best = np.clip(np.array([float(fixed[name]) for name in names]), low, high)
    rng, misses = np.random.default_rng(seed), []
    aim, half = _aims(targets)

    def vector_of(place: Array) -> dict[str, float]:
        return {**fixed, **dict(zip(names, map(float, place), strict=True))}

    for turn in range(rounds):
        tried = best + rng.normal(0.0, STEP, (vectors, len(names))) * (high - low)
        tried = np.clip(tried, low, high)
        tried[0] = best

        def work(number: int, tried: Array = tried) -> list[float]:
            return _on_scale(targets, arms, vector_of(tried[number]), streams)

        def told(done: int, total: int, turn: int = turn) -> None:
            if progress is not None:
                progress(turn * total + done, rounds * total)

        seen = np.array(list(over_vectors(work, range(vectors), told)))
        plane = _regressed((tried - best) / (high - low), seen)
        room = (low - best) / (high - low), (high - best) / (high - low)
        step = _step(plane, aim, half, room)
        # The regression is a plane: of a whole step and shorter ones the best is taken, if any is better.
        places = [best, *(best + part * step * (high - low) for part in PARTS)]
        ends_at = [
            _squared(_on_scale(targets, arms, vector_of(place), streams), aim, half)
            for place in places
        ]
        best = places[int(np.argmin(ends_at))]
        misses.append(min(ends_at))
    vector = {name: round(value, 4) for name, value in vector_of(best).items()}
    return Fitted(member, vector, tuple(misses))


def _step(plane: tuple[Array, Array], aim: Array, half: Array, room: tuple[Array, Array]) -> Array:
    """Return the step that comes nearest to the figures on a plane, a long one being shied away from.

    Parameters
    ----------
    plane
        Level and slope of the figures, of steps as shares of the prior.
    aim, half
        Middle and half-width of their bands.
    room
        How far the prior goes down and up.
    """
    from scipy.optimize import minimize

    level, slope = plane

    def away(step: Array) -> float:
        miss = (level + step @ slope - aim) / half
        return float(miss @ miss + ((step / SHY) ** 2).sum())

    ends = [
        (max(-REACH * STEP, down), min(REACH * STEP, up)) for down, up in zip(*room, strict=True)
    ]
    step: Array = minimize(away, np.zeros(len(ends)), bounds=ends, method="L-BFGS-B").x
    return step


def _on_scale(
    targets: Sequence[Target], arms: Mapping[str, Scenario], vector: Vector, streams: Array
) -> list[float]:
    simulated = figures(targets, arms, vector, streams, WORLD_SEED, sagging=1)
    return [float(on_scale(target, simulated[target.name])) for target in targets]


def _aims(targets: Sequence[Target]) -> tuple[Array, Array]:
    """Return what is aimed at, and half the width of each band, on the scale of the figures."""
    aim = np.array([float(on_scale(target, target.expected)) for target in targets])
    ends = np.array([on_scale(target, [target.low, target.high]) for target in targets])
    return aim, np.ptp(ends, axis=1) / 2.0


def _squared(seen: Sequence[float], aim: Array, half: Array) -> float:
    miss = (np.array(seen) - aim) / half
    return float(miss @ miss)


def _regressed(steps: Array, seen: Array) -> tuple[Array, Array]:
    """Return level and slopes of the figures over some steps, by ridge regression."""
    good = np.isfinite(seen).all(axis=1)
    steps, seen = steps[good], seen[good]
    design = np.column_stack([np.ones(len(steps)), steps])
    penalty = np.eye(design.shape[1]) * 1e-3 * len(steps) * STEP**2
    penalty[0, 0] = 0.0
    weight = np.linalg.solve(design.T @ design + penalty, design.T @ seen)
    return weight[0], weight[1:]


def defaults() -> dict[str, float]:
    """Return the shipped numbers of the calibrated parameters."""
    return {name: float(Parameters._field_defaults[name]) for name in calibrated()}


def judged_member(fitted: Fitted) -> dict[str, Any]:
    """Return what a fitted member gives in organisations that no fit has used, as plain values."""
    from analysis.studies.bands import bands

    every, arms = calibration_targets()
    ours = of_set(every, "literature")
    seen = figures(ours, arms, fitted.vector, np.arange(90_000, 90_200), 99, sagging=1)
    judged = bands(vector=fitted.vector)
    return {
        "vector": fitted.vector,
        "misses": [round(miss, 2) for miss in fitted.misses],
        "figures": {name: round(value, 4) for name, value in seen.items()},
        "reached": sum(bool(our.reached(seen[our.name])) for our in ours),
        "of": len(ours),
        "bands": {str(k): round(float(v), 4) for k, v in judged.table["value"].items()},
        "inside": judged.inside,
        "curves": {name: np.round(curve, 4).tolist() for name, curve in judged.curves.items()},
    }


def family_table(kept: Mapping[str, Any]) -> str:
    """Return the members as a table in Markdown: what each reaches, and its curves."""
    heads = ["member", "fitted numbers", "figures reached", "bands", *PANELS.values()]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for member, judged in kept.items():
        curves = [
            " / ".join(f"{100 * judged['curves'][name][month]:.0f}" for month in MONTHS)
            for name in PANELS
        ]
        cells = [
            member,
            str(len(free(member))) if member in MEMBERS else "",
            f"{judged['reached']} of {judged['of']}",
            f"{judged['inside']} of {len(judged['bands'])}",
            *curves,
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


PANELS: Final = {
    "baseline": "licences",
    "leadership": "leaders",
    "full-programme": "full programme",
    "on-request": "on request",
}
MONTHS: Final = (1, 3, 6, 12, 24)
"""Months of the table."""


def family_figure(kept: Mapping[str, Any]) -> Picture:
    """Draw every member's curves of weekly users in four roll-outs, over the bands of judgement."""
    from analysis.studies.bands import read_bands, study

    members = [name for name in kept if name in MEMBERS]
    last = members[-1]
    colours = dict(zip(members, [theme.QUIET, *PALETTE[1:4], PALETTE[0]], strict=False))
    colours[SHIPPED] = theme.INK
    ours, rest = kept[last]["reached"], max(kept[name]["reached"] for name in members[:-1])
    picture, area = sheet(
        f"With {last} mechanisms {ours} of {kept[last]['of']} figures of research are reached, "
        f"with fewer at most {rest}",
        "Weekly users, % of employees, by month; every member fitted with the same effort",
        f"Mean of {study.RUNS} organisations (runs) that no fit has used; no band of their spread. Grey "
        "bars: plausibility bands, a judgement on the sources and no evidence by themselves. "
        f"Seed {study.SEED}.",
        5.6,
        [[Key(name, colours[name]) for name in kept]],
    )
    for place, (scenario, title) in enumerate(PANELS.items()):
        left = area.left + 0.35 + (place % 2) * area.wide / 2.0
        bottom = area.bottom + 0.35 + (1 - place // 2) * 2.85
        ax = axes_in(picture, Area(left, bottom, area.wide / 2.0 - 0.6, 2.2))
        for band in read_bands().values():
            if band.month is not None and band.scenario == scenario and band.kpi != "tried":
                ax.plot(
                    [band.month] * 2,
                    [100 * band.low, 100 * band.high],
                    color=theme.FAINT,
                    linewidth=7.0,
                    solid_capstyle="butt",
                    zorder=0,
                )
        for name, judged in kept.items():
            curve = 100.0 * np.array(judged["curves"][scenario])
            ax.plot(
                np.arange(curve.size),
                curve,
                color=colours[name],
                linewidth=2.6 if name == last else 1.4,
                linestyle=(0, (4, 2)) if name == SHIPPED else "-",
            )
        theme.plain(ax)
        ax.set_ylim(0.0, 100.0)
        ax.set_xlim(0.0, 24.0)
        ax.set_xticks(range(0, 25, 6))
        ax.set_title(title, loc="left", fontsize=10, color=theme.INK)
    return picture


def main() -> None:
    """Fit every member, judge it and the shipped numbers, and write the page's table and picture."""
    from analysis.figures.curves import save_figure

    file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("results/members.json")
    kept: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    for member in MEMBERS:
        if member not in kept:
            kept[member] = judged_member(fit(member, defaults()))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
        print(member, kept[member]["reached"], kept[member]["inside"], kept[member]["misses"])
    kept[SHIPPED] = judged_member(Fitted(SHIPPED, defaults(), ()))
    print(family_table(kept))
    for path in save_figure(family_figure(kept), file.with_name("family")):
        print(path)


if __name__ == "__main__":
    main()
