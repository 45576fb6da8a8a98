"""How fast sweeps are here, and what a billion person-months would cost.

Everything is measured within one run, in processor time, stored as it would be: each run has its own
people and ties, four substeps, every KPI of every month on disk.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from analysis.benchmark import (
    MONTHS,
    PEOPLE,
    Measurement,
    Target,
    fresh_python,
    in_turns,
    organisation,
    peak_memory,
    plain_mesa,
    plain_model,
    processor,
    ratio,
    seconds,
)
from analysis.results.colours import PALETTE
from sim import world
from sim.study.sweeps import Experiment
from sim.study.sweeps.preparing import Prepared, prepare
from sim.study.sweeps.running import complete
from sim.study.sweeps.store import SHARDS
from sim.study.sweeps.work import parts_of

if TYPE_CHECKING:
    from analysis.figures.frame import Picture

Progress = Callable[[str], None]

SIZES: Final = (50, 250, 1_000, 10_000)
"""Sizes of organisation that are measured."""

WORK: Final = 800_000
"""People simulated at each size."""

LENGTHS: Final = (1_000, 4_000, 16_000, 64_000)
"""Numbers of runs of which the memory is measured, each in a process of its own."""

SMALL: Final = 50
"""People in those."""

BILLION: Final = 1e9


def experiment(people: int, runs: int) -> Prepared:
    """Return a sweep of one scenario with so many runs, each with its own people and ties."""
    scenario = organisation(people)
    asked = Experiment(name="bench", scenarios=(scenario.name,), organisations=runs)
    return prepare(asked, [scenario])


def stored(
    prepared: Prepared, workers: int = 1, clock: Callable[[], float] = processor
) -> tuple[float, float]:
    """Return how much time a sweep takes, and how much it leaves on disk [s, byte]."""
    with tempfile.TemporaryDirectory() as folder:
        taken = seconds(lambda: complete(prepared, Path(folder), workers=workers), clock)
        return taken, float(sum(file.stat().st_size for file in Path(folder).glob(SHARDS)))


def simulating(prepared: Prepared) -> float:
    """Return how much time the same runs take, measured and thrown away [s]."""

    def all_of_it() -> None:
        for shard in range(prepared.cut.shards):
            job = prepared.job(shard)
            for piece in job.pieces:
                for _ in parts_of(job, piece):
                    pass

    return seconds(all_of_it)


def speed(rounds: int) -> Iterator[Measurement]:
    """Measure stored runs per second of a core by the size of the organisation, and what a billion costs."""
    prepared = {people: experiment(people, WORK // people) for people in SIZES}
    size: list[float] = []

    def measured(sweep: Prepared) -> float:
        taken, bytes_ = stored(sweep)
        size.append(bytes_ / sweep.runs)
        return taken

    turns = in_turns(rounds, *(lambda sweep=sweep: measured(sweep) for sweep in prepared.values()))
    how = f"stored, own people and ties, {MONTHS} months, 4 substeps, a second of one core"
    for (people, sweep), taken in zip(prepared.items(), turns, strict=True):
        rate = sweep.runs / median(taken)
        target = Target("≥", 400) if people == PEOPLE else None
        yield Measurement(f"{people:,} people", rate, "runs/s", how, target)
    for people, taken in zip(SIZES, turns, strict=True):
        minutes = median(taken) / (WORK * MONTHS) * BILLION / 60.0
        note = f"of one core, with {people:,} people each, from the lines above"
        yield Measurement("A billion person-months", minutes, "minutes", note)
    for people in SIZES:
        disk = BILLION / (people * MONTHS) * max(size) / 1e9
        note = f"with {people:,} people each: {max(size) / 1e3:.1f} kB a run"
        yield Measurement("Disk for as much", disk, "GB", note)


def sharing(rounds: int) -> Iterator[Measurement]:
    """Measure what storing adds to simulating, and, by the clock, what a second thread gains."""
    sweep = experiment(PEOPLE, 1_600)
    storing, thrown = in_turns(rounds, lambda: stored(sweep)[0], lambda: simulating(sweep))
    alone, shared = in_turns(
        3,
        lambda: stored(sweep, 1, perf_counter)[0],
        lambda: stored(sweep, 2, perf_counter)[0],
    )
    how = f"{sweep.runs:,} stored runs of {PEOPLE} people"
    gained = min(alone) / min(shared)
    yield Measurement("Two threads / one", gained, "times as fast", f"{how}, by the clock, best")
    share = 100.0 * (ratio(storing, thrown) - 1.0)
    yield Measurement("Storing", share, "% of simulating", how, Target("≤", 15))


def beside_mesa(rounds: int, runs: int = 2) -> Iterator[Measurement]:
    """Measure ``mesa.batch_run`` of the plain Mesa model beside a sweep of as many people."""
    import mesa

    page = plain_mesa()
    if page is None:
        return
    scenario = organisation(PEOPLE)
    example = plain_model(page, scenario, 1)  # the numbers that model is given
    words = {
        "parameters": [vars(example.p)],
        "employees": [PEOPLE],
        "substeps": [world.plan(scenario).substeps],
        "rng": list(range(runs)),
    }

    def batch_run() -> None:
        mesa.batch_run(
            page.AdoptionModel,
            words,
            number_processes=1,
            max_steps=MONTHS,
            data_collection_period=1,
            display_progress=False,
        )

    sweep = experiment(PEOPLE, 400)
    plain, fast = in_turns(
        rounds, lambda: seconds(batch_run) / runs, lambda: stored(sweep)[0] / sweep.runs
    )
    how = f"{PEOPLE} people, every month collected, a second of one core"
    yield Measurement("mesa.batch_run", 1.0 / median(plain), "runs/s", how)
    times = ratio(plain, fast)
    yield Measurement("Sweep / mesa.batch_run", times, "times", how, Target("≥", 100))


def memory() -> Iterator[Measurement]:
    """Measure the most memory a sweep ever holds, by its number of runs."""
    for runs in LENGTHS:
        child = json.loads(fresh_python("-m", "analysis.sweep_benchmark", str(runs)))
        how = f"{SMALL} people, highest memory of the process, {child['rows']:,} rows on disk"
        if child["bytes"] is not None:
            yield Measurement(f"Memory, {runs:,} runs", child["bytes"] / 1e6, "MB", how)


def measured(progress: Progress = lambda what: None, quick: bool = False) -> list[Measurement]:
    """Return all measurements of sweeps.

    Parameters
    ----------
    progress
        Told what is being measured.
    quick
        Whether to measure everything less often, and leave out memory.
    """
    rounds = 1 if quick else 3
    stored(experiment(PEOPLE, 20))  # the first call loads the engine
    progress("runs per second")
    measurements = list(speed(rounds))
    progress("threads and storing")
    measurements += sharing(rounds if quick else 7)  # a share of a tenth needs many turns
    progress("mesa.batch_run")
    measurements += beside_mesa(rounds)
    if not quick:
        progress("memory")
        measurements += memory()
    return measurements


def planning_figure(measurements: Sequence[Measurement], facts: dict[str, str]) -> Picture:
    """Draw runs per second by size, and memory by number of runs, as they were measured."""
    from analysis.figures import theme
    from analysis.figures.area import sheet

    speeds = [
        (people, measurement.value)
        for people, measurement in zip(SIZES, measurements, strict=False)
    ]
    held = [
        (runs, peak.value)
        for runs, peak in zip(LENGTHS, [m for m in measurements if m.unit == "MB"], strict=False)
    ]
    most = 10.0 * math.ceil(max(value for _, value in held) / 10.0)
    picture, area = sheet(
        f"Memory stays below {most:,.0f} MB, however many runs there are",
        "Stored runs per second of one core by size of organisation; highest memory by number of runs.",
        f"Each run with its own people and ties, {MONTHS} months, 4 substeps, all KPIs on disk; "
        f"memory with {SMALL} people. Measured by adopt bench --sweep on {facts['processor']}, "
        f"{facts['cores']} cores, Python {facts['Python']}. Seed 1.",
        2.9,
    )
    wide, high = picture.get_size_inches()
    each = (area.wide - 1.5) / 2.0
    panels: list[tuple[float, Sequence[tuple[int, float]], str, str, str]] = [
        (
            area.left + 0.6,
            speeds,
            "people in the organisation",
            "stored runs per second of a core",
            "log",
        ),
        (area.left + each + 1.4, held, "runs", "memory (MB)", "linear"),
    ]
    for left, points, across, up, scale in panels:
        ax = picture.add_axes(
            (left / wide, (area.bottom + 0.5) / high, each / wide, (2.9 - 0.75) / high)
        )
        theme.plain(ax)
        x, y = zip(*points, strict=True)
        ax.plot(x, y, "o-", color=PALETTE[0], linewidth=2.0, markersize=5.0)
        ax.set_xscale("log")
        ax.set_yscale(scale)
        ax.set_xticks(x, [f"{size:,}" for size in x])
        if scale == "log":
            ticks = [10.0**power for power in range(7) if min(y) <= 10.0**power <= max(y)]
            ax.set_yticks(ticks, [f"{tick:,.0f}" for tick in ticks])
        ax.minorticks_off()
        ax.set_xlabel(across)
        ax.set_ylabel(up)
        if scale == "linear":
            ax.set_ylim(0.0, 1.15 * max(y))
        for size, value in points:
            ax.annotate(
                f"{value:,.0f}",
                (size, value),
                (0, 6),
                textcoords="offset points",
                ha="center",
                fontproperties=theme.letters(8),
            )
    return picture


def held(runs: int) -> dict[str, Any]:
    """Run a sweep in this process; return the most memory it held, and its rows."""
    prepared = experiment(SMALL, runs)
    stored(prepared)
    return {"bytes": peak_memory(), "rows": prepared.rows}


if __name__ == "__main__":
    print(json.dumps(held(int(sys.argv[1]))))
