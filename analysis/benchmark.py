"""How fast is it here? Ratios and costs measured within one run, those that are promised beside a target.

Measured is processor time, of which others on the machine take none away. It still differs by a factor
of two between machines and drifts on one; a ratio of two things measured in turns does not. What is
compared is therefore always measured alternately, and nothing here is a test: it prints what was
reached and what was missed.
"""

from __future__ import annotations

import json
import math
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import util
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

import sim
from sim import channels, kernel, world
from sim.engine import running
from sim.engine.module import BuildError
from sim.programme import effects
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.study.experiments import run

if TYPE_CHECKING:
    from rich.table import Table

Progress = Callable[[str], None]

HOME: Final = Path(__file__).resolve().parent.parent
PEOPLE: Final = 250
MONTHS: Final = 24
BATCH: Final = 20_000
"""People timed together: long enough to time, and the same work at every size up to it."""

SIZES: Final = (250, 2_500, 25_000, 250_000)
MILLION: Final = 1_000_000
WIDE: Final = 150
"""Columns from which there is room to say how each figure was taken."""

COMPARISON: Final = "import sim; sim.compare(['baseline', 'leadership'])"


# --- What a measurement is -----------------------------------------------------------------


@dataclass(frozen=True)
class Target:
    """What a figure should be: on which side of which limit."""

    relation: Literal["<", "≤", "≥"]
    limit: float

    def reached(self, value: float) -> bool:
        """Return whether a value is on the right side."""
        if self.relation == "≥":
            return value >= self.limit
        return value < self.limit or (self.relation == "≤" and value == self.limit)

    def __str__(self) -> str:
        return f"{self.relation} {self.limit:,.4g}"


@dataclass(frozen=True)
class Measurement:
    """One figure: what was measured, how, and what it should have been.

    What could not be measured is no number, and ``how`` says what is missing.
    """

    name: str
    value: float
    unit: str
    how: str
    target: Target | None = None

    @property
    def verdict(self) -> str:
        """``reached`` or ``missed``; empty without a target."""
        if self.target is None:
            return ""
        return "reached" if self.target.reached(self.value) else "missed"


def machine() -> dict[str, str]:
    """Return what the figures depend on besides the code."""
    packages = {name: version(name) for name in ("wasmtime", "numpy", "mesa")}
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count() or 1),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "engine": running.described(),
        **packages,
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


# --- Timing --------------------------------------------------------------------------------


def processor() -> float:
    """Return the processor time of this process and of its children that have ended [s].

    Windows tells nothing of children.
    """
    spent = os.times()
    return process_time() + spent.children_user + spent.children_system


def seconds(work: Callable[[], object], clock: Callable[[], float] = processor) -> float:
    """Return how much time something takes: of processors, or of another clock."""
    before = clock()
    work()
    return clock() - before


def in_turns(rounds: int, *cases: Callable[[], float]) -> list[list[float]]:
    """Return the measurements of each case, taken in turns so that drift hits all alike."""
    taken = [[case() for case in cases] for _ in range(rounds)]
    return [[turn[k] for turn in taken] for k in range(len(cases))]


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the median of the ratios within each round."""
    return median(a / b for a, b in zip(above, below, strict=True))


def organisation(people: int) -> Scenario:
    """Return the shipped baseline with another number of people."""
    return read_scenario("baseline").changed(
        {"organisation.employees": people, "simulation.months": MONTHS}
    )


class Batch:
    """Some organisations of one size, to be drawn and simulated by the engine.

    Parameters
    ----------
    people
        Number of people in each; there are as many organisations as fill ``BATCH``.
    """

    def __init__(self, people: int) -> None:
        scenario = organisation(people)
        self.design, self.plan = world.design(scenario), world.plan(scenario)
        self.streams = np.arange(max(1, BATCH // people))
        self.people = people * self.streams.size
        self.worlds = world.draw_worlds(self.design, 1, self.streams)

    def draw(self) -> float:
        """Return what drawing people and ties costs [ns per person]."""
        taken = seconds(lambda: world.draw_worlds(self.design, 1, self.streams))
        return 1e9 * taken / self.people

    def simulate(self, host: running.Host | None = None) -> float:
        """Return what simulating costs on a host, measuring included [ns per person and month]."""
        running.use(host)
        try:
            taken = seconds(lambda: kernel.simulate(self.worlds, self.plan, 1))
        finally:
            running.use(None)
        return 1e9 * taken / (self.people * MONTHS)


def _stepping(model: Any, people: int) -> float:
    """Return what the months of a Mesa model cost [ns per person and month]."""

    def live() -> None:
        for _ in range(MONTHS):
            model.step()

    return 1e9 * seconds(live) / (people * MONTHS)


# --- The plain Mesa model -------------------------------------------------------------------


def plain_mesa() -> Any | None:
    """Return the page with the plain Mesa model, or None where only the packages are installed."""
    page = HOME / "benchmarks" / "plain_mesa.py"
    spec = util.spec_from_file_location("plain_mesa", page)
    if spec is None or spec.loader is None or not page.is_file():
        return None
    module = util.module_from_spec(spec)
    sys.modules["plain_mesa"] = module  # its dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


def plain_model(page: Any, scenario: Scenario, seed: int) -> Any:
    """Return a scenario as a plain Mesa model, in which everything reaches everybody."""
    plan = world.plan(scenario)
    everything = (1 << plan.programme.rounds.size) - 1
    led = float(plan.programme.offices[0]["leaders_share"])
    by_month = {}
    for month in range(plan.months):
        push = effects.add_up(
            plan.programme, plan.programme.onset, everything, 0, 0, led=led, now=month
        )
        # Plain floats: those of numpy would slow every sum they get into.
        effect = channels.Effect(*map(float, channels.saturate(push)))
        by_month[month + 1] = page.Effect(
            effect[:4],
            effect.training,
            effect.incentive,
            effect.message_pull,
            effect.message_level,
            effect.consider,
        )
    departments = scenario.organisation.departments
    return page.AdoptionModel(
        scenario.numbers._asdict(),
        employees=scenario.organisation.employees,
        departments={
            name: (department.share, department.task_share)
            for name, department in departments.items()
        },
        substeps=plan.substeps,
        go_live=scenario.tool.go_live,
        programme=by_month,
        rng=seed,
    )


# --- What is measured ----------------------------------------------------------------------


def engines(rounds: int) -> Iterator[Measurement]:
    """Measure the compiled engines, the Mesa engine and plain Mesa, beside WebAssembly."""
    scenario, batch, page = organisation(PEOPLE), Batch(PEOPLE), plain_mesa()
    wasm, missing = running.by("wasm"), ""
    cases = {"WebAssembly": lambda: batch.simulate(wasm)}
    try:
        native = running.by("native")
        cases["Native"] = lambda: batch.simulate(native)
    except BuildError as error:
        missing = str(error)
    cases["Mesa engine"] = lambda: _stepping(sim.AdoptionModel(scenario), PEOPLE)
    if page is not None:
        cases["Plain Mesa"] = lambda: _stepping(plain_model(page, scenario, 1), PEOPLE)
    batch.simulate(wasm)  # the first call makes room
    taken = dict(zip(cases, in_turns(rounds, *cases.values()), strict=True))
    unit, how = "ns/person/month", f"{PEOPLE} people, with measuring; median of {rounds}"
    for name, costs in taken.items():
        yield Measurement(name, median(costs), unit, how)
    if missing:
        yield Measurement("Native", math.nan, unit, missing)
    turns = f"median of {rounds} taken in turns"
    first, *others = taken
    for name in others:
        target = Target("≥", 100) if name == "Plain Mesa" else None
        times = ratio(taken[name], taken[first])
        yield Measurement(f"{name} / {first}", times, "times", turns, target)


def building(rounds: int) -> Iterator[Measurement]:
    """Measure what drawing people and ties costs beside simulating them."""
    batch = Batch(PEOPLE)
    drawn, simulated = in_turns(rounds, batch.draw, batch.simulate)
    how = f"{PEOPLE} people; simulating: {MONTHS} months"
    yield Measurement("Drawing people and ties", median(drawn), "ns/person", how)
    share = ratio(drawn, simulated) / MONTHS
    yield Measurement("Drawing / simulating", share, "times", how, Target("<", 1))


def growth(rounds: int) -> Iterator[Measurement]:
    """Measure how the cost of a person's month grows with the organisation."""
    batches = [Batch(people) for people in SIZES]
    taken = in_turns(rounds, *(batch.simulate for batch in batches))
    for people, costs in zip(SIZES, taken, strict=True):
        how = f"median of {rounds}"
        yield Measurement(f"{people:,} people", median(costs), "ns/person/month", how)
    yield grown(SIZES[-1], ratio(taken[-1], taken[0]))


def grown(people: int, times: float) -> Measurement:
    """Return how much more a person's month costs in a large organisation than in a small one."""
    name = f"{people:,} people / {PEOPLE:,} people"
    return Measurement(name, times, "times", "median, taken in turns", Target("<", 4))


def threads(rounds: int) -> Iterator[Measurement]:
    """Measure what a second thread gains: by the clock, so it is there while a core is free."""
    scenario, runs = organisation(PEOPLE), 400
    alone, together = in_turns(
        rounds,
        lambda: seconds(lambda: run(scenario, runs, 1, threads=1), perf_counter),
        lambda: seconds(lambda: run(scenario, runs, 1, threads=2), perf_counter),
    )
    how = f"{runs} runs of {PEOPLE} people, by the clock, best of {rounds} each"
    yield Measurement("Two threads / one", min(alone) / min(together), "times as fast", how)


def agreement() -> Iterator[Measurement]:
    """Measure whether the plain Mesa model and ours are the same model."""
    page = plain_mesa()
    if page is None:
        return
    # Without differences between organisations 40 runs are enough to see two points.
    scenario = read_scenario("baseline").changed({"parameters.context_spread": 0.0})
    month, runs = 18, 40
    plain = []
    for seed in range(runs):
        model = plain_model(page, scenario, seed)
        for _ in range(month):
            model.step()
        plain.append(model.adoption)
    fast = run(scenario, 2_000, 1).curves(scenario.name, "adoption")[:, month].mean()
    apart = 100.0 * abs(fmean(plain) - float(fast))
    how = f"adoption in month {month}, {runs} runs of {scenario.organisation.employees} people"
    yield Measurement("Plain Mesa apart from ours", apart, "points", how, Target("<", 4))


def first_comparison() -> Iterator[Measurement]:
    """Measure what a first comparison takes, Python's start included: nothing kept, and then again."""
    if sys.platform == "win32":  # which does not tell the time of children
        return
    with tempfile.TemporaryDirectory() as kept:
        place = {"XDG_CACHE_HOME": kept, "PYTHONPYCACHEPREFIX": kept, "PYTHONDONTWRITEBYTECODE": ""}
        cold, *warm = (
            seconds(lambda: fresh_python("-c", COMPARISON, **place)) for _ in range(1 + 3)
        )
    how = "Python starts, two scenarios, 200 runs each"
    note = f"{how}; no bytecode of any library yet"
    yield Measurement("First comparison, cold", cold, "s", note, Target("<", 10))
    yield Measurement(
        "First comparison, warm", median(warm), "s", f"{how}; median of 3", Target("<", 3)
    )


def million() -> Iterator[Measurement]:
    """Measure a million people in a process of their own."""
    child = json.loads(fresh_python("-m", "analysis.benchmark", str(MILLION)))
    how = f"a million people, {MONTHS} months, drawn and simulated"
    yield Measurement("A million people", child["seconds"], "s", how, Target("<", 60))
    yield grown(MILLION, child["grown"])
    if child["bytes"] is not None:
        share = child["bytes"] / MILLION
        how = "highest memory in use in one run, less that of an organisation of 250"
        yield Measurement("Memory at a million", share, "bytes/person", how, Target("<", 1024))


def large(people: int) -> dict[str, float | None]:
    """Simulate one large organisation in this process, once as users do, then in turns with small ones."""
    small = Batch(PEOPLE)
    small.simulate()
    before = peak_memory()
    run(organisation(people), runs=1, threads=1)
    after, begun = peak_memory(), processor()
    whole = Batch(people)
    drawing = processor() - begun
    beside, costs = in_turns(3, small.simulate, whole.simulate)
    return {
        "seconds": drawing + 1e-9 * median(costs) * people * MONTHS,
        "grown": ratio(costs, beside),
        "bytes": None if before is None or after is None else float(after - before),
    }


def peak_memory() -> int | None:
    """Return the most memory this process has held so far [byte], if the system tells."""
    # Linux counts the parent's memory in a child's ru_maxrss, but not in VmHWM.
    try:
        for line in Path("/proc/self/status").read_text("utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def fresh_python(*arguments: str, **environment: str) -> str:
    """Run a fresh Python that finds the packages where this one did; return what it prints."""
    path = os.pathsep.join([str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


# --- The command ---------------------------------------------------------------------------


def benchmark(progress: Progress = lambda what: None, quick: bool = False) -> list[Measurement]:
    """Return all measurements.

    Parameters
    ----------
    progress
        Told what is being measured.
    quick
        Whether to leave out the million and the comparison of models, and to measure everything
        less often.
    """
    rounds = 3 if quick else 7
    progress("the engines")
    measurements = list(engines(rounds))
    progress("drawing people and ties")
    measurements += building(rounds)
    if not quick:
        progress("a million people")
        measurements += million()
    progress("growth with size")
    measurements += growth(3)
    if (os.cpu_count() or 1) > 1:
        progress("two threads")
        measurements += threads(rounds)
    if not quick:
        progress("whether both models are the same")
        measurements += agreement()
    progress("the first comparison")
    measurements += first_comparison()
    return measurements


def shown(value: float) -> str:
    """Return a figure with three digits, or all before the point."""
    if math.isnan(value):
        return "not there"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(measurements: Sequence[Measurement], how: bool = True) -> Table:
    """Return the measurements as a table to print, with or without how each was taken."""
    from rich import box
    from rich.table import Table

    lines = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, justify in (("", "left"), ("measured", "right"), ("unit", "left")):
        lines.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for heading in ("target", "verdict"):
        lines.add_column(heading, no_wrap=True)
    if how:
        lines.add_column("how", style="dim")
    colour = {"reached": "green", "missed": "bold red", "": ""}
    for measurement in measurements:
        target = "" if measurement.target is None else str(measurement.target)
        verdict = (
            f"[{colour[measurement.verdict]}]{measurement.verdict}[/]"
            if measurement.verdict
            else ""
        )
        cells = [measurement.name, shown(measurement.value), measurement.unit, target, verdict]
        lines.add_row(*cells, *([measurement.how] if how else []))
    return lines


def summary(measurements: Sequence[Measurement]) -> str:
    """Return in one line how many targets were reached, and which were not."""
    aimed = [measurement for measurement in measurements if measurement.target is not None]
    missed = [measurement.name for measurement in aimed if measurement.verdict == "missed"]
    line = f"{len(aimed) - len(missed)} of {len(aimed)} targets reached"
    return f"{line}; missed: {', '.join(missed)}" if missed else line


def tell(measurements: Sequence[Measurement], as_json: bool) -> None:
    """Print measurements as a table or as JSON."""
    from rich.console import Console

    facts = machine()
    if as_json:
        measured = [
            {
                **asdict(measurement),
                "value": None if math.isnan(measurement.value) else measurement.value,
            }
            | {"verdict": measurement.verdict}
            for measurement in measurements
        ]
        print(json.dumps({"machine": facts, "measurements": measured}, indent=2))
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDE
    console.print(" · ".join(f"{name} {fact}" for name, fact in facts.items()))
    wide = console.width >= WIDE
    console.print(table(measurements, how=wide))
    for measurement in measurements:
        if math.isnan(measurement.value) and not wide:
            console.print(f"{measurement.name}: {measurement.how}")
    console.print(summary(measurements))


if __name__ == "__main__":
    print(json.dumps(large(int(sys.argv[1]))))
