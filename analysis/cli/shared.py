"""What every command shares: the group, the options, reading and simulating scenarios."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.terminal import progress_bar

if TYPE_CHECKING:
    from analysis.decisions.goal import Goal
    from analysis.results.pieces import Pieces
    from sim.scenario.schema import Scenario
    from sim.simulator import Vector
    from sim.study.results import Result

FAILED = 1
INTERRUPTED = 130
LONGEST_NAME = 120

SHIPPED = "shipped"
"""What the numbers of adopt parameters are called beside the evidence sets."""

AREA = "area"
"""What is asked for instead of a month where the mean of all months counts."""


class Commands(click.Group):
    """The commands, of which no argument may hold signs that take over a terminal or a picture."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse arguments that no text may be, whatever they are meant for."""
        from sim.texts import printable, unfit

        for arg in args:
            if sign := unfit(arg):
                raise click.UsageError(
                    f"found {sign} in '{printable(arg[:60])}': leave it out", ctx
                )
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; say it in words if a file cannot be called what was asked for."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if error.errno != errno.ENAMETOOLONG:
                raise
            name = max(Path(str(error.filename)).parts, key=len)
            raise click.UsageError(
                f"the name '{name[:40]}...' has {len(name):,} characters, more than a file's can"
            ) from None


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  adopt compare baseline leadership champions full-programme
  adopt run champions --set organisation.employees=75 --runs 500
  adopt new acme && adopt validate-scenario acme.yaml && adopt compare acme-licences.yaml acme.yaml
""",
)
@click.version_option(package_name="ai-adoption", prog_name="adopt")
def adopt() -> None:
    """Simulate AI adoption in an organisation and compare what would help.

    A scenario is a file, or the name of one that is shipped. Each run draws its own people, ties
    and luck; scenarios compared share all three, run by run.
    """


KINDS = ("archetype", "department", "team", "role")
"""Kinds of groups; the engine's, which is not imported for a help text."""


def _kinds(_context: Any, _option: Any, given: Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of groups asked for, each once."""
    asked = [word.strip() for words in given for word in words.split(",")]
    for word in asked:
        if word not in KINDS:
            raise click.BadParameter(f"found '{word}', expected one of: {', '.join(KINDS)}")
    return tuple(dict.fromkeys(asked))


def _writable(_context: Any, _option: Any, folder: Path) -> Path:
    """Return a folder that can be written to, or say so before anything is simulated."""
    try:
        places = (folder.absolute(), *folder.absolute().parents)
        there = next(place for place in places if place.exists())
    except OSError as error:
        message = f"found '{folder.name[:60]}...'" if len(folder.name) > 60 else f"found '{folder}'"
        raise click.BadParameter(f"{message}: {error.strerror}") from None
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise click.BadParameter(f"found '{folder}', expected a folder that can be written to")
    return folder


def _shelf(_context: Any, _option: Any, name: str | None) -> str | None:
    """Return a name for a folder that a folder can have, before anything is simulated."""
    if name is not None and len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        raise click.BadParameter(
            f"found '{name[:40]}...' of {len(name):,} characters, expected at most {LONGEST_NAME}"
        )
    return name


def number_option(
    name: str, within: tuple[int, int], default: int, text: str
) -> Callable[[Any], Any]:
    """Return a decorator that gives a command a whole number, whose help says the default."""
    return click.option(
        name, type=click.IntRange(*within), default=default, show_default=True, help=text
    )


def language_option(text: str = "Language.") -> Callable[[Any], Any]:
    """Return a decorator that gives a command the choice of a language."""
    return click.option(
        "--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help=text
    )


def serving_options(first: int) -> Callable[[Any], Any]:
    """Return a decorator that gives a command what a page is served with, from a port on."""
    port = click.option(
        "--port",
        type=click.IntRange(1024, 65535),
        help=f"Port; by default the first free one from {first}.",
    )
    browser = click.option(
        "--browser/--no-browser", default=True, help="Open a browser, or only say the address."
    )
    return lambda command: port(browser(command))


def options(*names: str) -> Callable[[Any], Any]:
    """Return a decorator that gives a command the shared options of these names."""
    known = {
        "runs": click.option(
            "--runs",
            type=click.IntRange(1, 10_000_000),
            help="Organisations simulated per scenario.",
        ),
        "seed": click.option(
            "--seed", type=click.IntRange(0, 2**32 - 1), help="Seed of the study."
        ),
        "months": click.option("--months", type=click.IntRange(1, 1200), help="Months simulated."),
        "month": number_option("--month", (1, 1200), 18, "Month looked at."),
        "figure": click.option("--figure/--no-figure", default=True, help="Draw the figure."),
        "write": click.option(
            "--write", type=click.Path(path_type=Path), help="Figure: PNG and SVG."
        ),
        "set": click.option(
            "--set",
            "sets",
            multiple=True,
            metavar="PATH=VALUE",
            help="Change a value of every scenario, for example tool.licence_price=40. Repeatable.",
        ),
        "threads": click.option(
            "--threads", type=click.IntRange(1, 256), help="Threads; one per processor by default."
        ),
        "output": click.option(
            "--output",
            type=click.Path(file_okay=False, path_type=Path),
            default="results",
            show_default=True,
            callback=_writable,
            help="Folder of results.",
        ),
        "name": click.option("--name", callback=_shelf, help="Name of the result's folder."),
        "by": click.option(
            "--by",
            multiple=True,
            metavar="KIND",
            callback=_kinds,
            help="Show groups too: archetype, department, team, role. Repeatable, or with commas.",
        ),
        "lang": language_option("Language of the figure and of what it says; all else is English."),
        "json": click.option(
            "--json", "as_json", is_flag=True, help="Print JSON instead of a table."
        ),
    }

    def decorate(command: Any) -> Any:
        for name in reversed(names):
            command = known[name](command)
        return command

    return decorate


def precision_options(what: str) -> Callable[[Any], Any]:
    """Return a decorator that gives a command a precision and the most runs: :func:`checked_precision`."""
    precision = click.option(
        "--precision",
        type=float,
        metavar="POINTS",
        help=f"Add organisations until {what} is known to so much on either side (half the 95 % "
        "interval): in points for shares (1 is a point of a hundred), else in the KPI's unit.",
    )
    most = click.option(
        "--max-runs",
        "most",
        type=int,
        metavar="INTEGER",
        help="Organisations after which --precision gives up.  [default: 4000]",
    )
    return lambda command: precision(most(command))


def checked_precision(precision: float | None, most: int | None, runs: int | None = None) -> None:
    """Raise unless the options of a precision go together."""
    if precision is None:
        if most is not None:
            raise click.UsageError("--max-runs is where --precision gives up: give that as well")
        return
    if runs is not None:
        raise click.UsageError(
            f"found --precision {precision:g} and --runs {runs}, expected one of them: a precision "
            "says by itself how many runs it needs"
        )
    from sim.study.precision import MOST, checked

    checked(precision, MOST if most is None else most)


def goal_options(kpi: str = "adoption") -> Callable[[Any], Any]:
    """Return a decorator that gives a command a KPI and when it counts: see :func:`goal_of`."""
    option = click.option("--kpi", default=kpi, show_default=True, help="What is wanted.")
    month = click.option(
        "--month",
        default="18",
        show_default=True,
        metavar=f"MONTH|{AREA}",
        callback=_month,
        help=f"When it counts; {AREA}: the mean of all months.",
    )
    return lambda command: option(month(command))


def _month(_context: Any, _option: Any, given: str) -> int | None:
    """Return the month asked for, None for all of them."""
    if given == AREA:
        return None
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 1200:
        raise click.BadParameter(f"found '{given}', expected a month from 1 to 1200, or '{AREA}'")
    return int(given)


def goal_of(kpi: str, month: int | None, *scenarios: Scenario) -> Goal:
    """Return what is wanted; without a month the mean of all that the scenarios have."""
    from analysis.decisions.goal import Goal

    last = min(scenario.simulation.months for scenario in scenarios)
    return Goal(kpi, last if month is None else month, month is None).checked(*scenarios)


def evidence_option(name: str, default: str) -> Callable[[Any], Any]:
    """Return a decorator that gives a command the choice whose parameter vectors it uses."""
    return click.option(
        name,
        "evidence",
        type=click.Choice(["both", "vendor", "literature", SHIPPED]),
        default=default,
        show_default=True,
        help="Whose sets of numbers; shipped: the numbers of adopt parameters alone.",
    )


def evidence_vectors(evidence: str, number: int, seed: int) -> dict[str, Sequence[Vector]]:
    """Return some vectors of each evidence set asked for; the shipped numbers where there are none."""
    from analysis.studies.validation.study import vectors_of
    from sim.study.posteriors import EVIDENCE_SETS, posterior_file

    names = EVIDENCE_SETS if evidence == "both" else (evidence,)
    if evidence == "both" and not any(posterior_file(name).is_file() for name in names):
        click.echo(
            "No other sets of numbers are shipped: the shipped numbers alone are used.", err=True
        )
        evidence = SHIPPED
    if evidence == SHIPPED:
        return {SHIPPED: [{}]}
    return {name: vectors_of(name, number, seed) for name in names}


def say_going_on(pieces: Pieces, total: int, what: str) -> None:
    """Say how much of a study is finished already, if anything is."""
    if pieces.found:
        click.echo(f"going on from {len(pieces.found):,} of {total:,} {what}", err=True)


def load(names: Sequence[str], sets: Sequence[str], months: int | None) -> list[Scenario]:
    """Read scenarios with the changes of the command line."""
    from sim.scenario.folders import scenario_file, text_of

    for name in names:  # what is not there is said before anything heavy is imported
        text_of(scenario_file(name))
    from sim.scenario import read_scenario

    changes = [*sets, *([f"simulation.months={months}"] if months else [])]
    return [read_scenario(name, changes) for name in names]


def import_ahead() -> None:
    """Import what shows a result while the engine, which needs no interpreter, is at work."""
    from importlib import import_module
    from threading import Thread

    def bring() -> None:
        for page in (
            "pandas",
            "pyarrow.parquet",
            "analysis.figures.curves",
            "analysis.results.tables",
        ):
            import_module(page)
        import_module("sim.scenario.library").read_glossary()

    Thread(target=bring, daemon=True).start()


def simulate(
    scenarios: Sequence[Scenario],
    runs: int | None,
    seed: int | None,
    threads: int | None,
    by: Sequence[str] = (),
) -> Result:
    """Compare scenarios with a progress bar."""
    from sim.study.experiments import compare as simulate_all

    first = scenarios[0].simulation
    for scenario in scenarios[1:]:
        for given, name in ((runs, "runs"), (seed, "seed")):
            asked, used = getattr(scenario.simulation, name), getattr(first, name)
            if given is None and asked != used:
                click.echo(
                    f"{name}: {used} as {scenarios[0].name} says; {scenario.name} says {asked}",
                    err=True,
                )
    import_ahead()
    total = runs or scenarios[0].simulation.runs
    with progress_bar("Simulating", total) as report:
        result = simulate_all(scenarios, runs, seed, report, threads, by=by)
    say_interrupted(result)
    return result


def say_interrupted(result: Result) -> None:
    """Say how much is finished, if a study was interrupted; a second Ctrl-C may not lose that."""
    if result.interrupted:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        click.echo(f"Interrupted: {result.runs} of {result.asked} runs are finished.", err=True)


def finish(result: Result) -> int:
    """Return the exit code of a study."""
    return INTERRUPTED if result.interrupted else 0
