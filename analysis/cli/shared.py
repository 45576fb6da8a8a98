"""What every command shares: the group, the options, the terminal, the progress bar."""

from __future__ import annotations

import errno
import os
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.studies.form import records as records

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from analysis.results.pieces import Pieces
    from sim.scenario.schema import Scenario
    from sim.study.results import Result

FAILED = 1
INTERRUPTED = 130
LONGEST_NAME = 120


class Commands(click.Group):
    """The commands, of which no argument may hold signs that take over a terminal or a picture."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse arguments that no text may be, whatever they are meant for."""
        from sim.texts import printable, unfit

        for arg in args:
            if told := unfit(arg):
                raise click.UsageError(
                    f"found {told} in '{printable(arg[:60])}': leave it out", ctx
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
    asked = [word.strip() for one in given for word in one.split(",")]
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
        found = f"found '{folder.name[:60]}...'" if len(folder.name) > 60 else f"found '{folder}'"
        raise click.BadParameter(f"{found}: {error.strerror}") from None
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
        "month": click.option(
            "--month",
            type=click.IntRange(1, 1200),
            default=18,
            show_default=True,
            help="Month looked at.",
        ),
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
        "lang": click.option(
            "--lang",
            type=click.Choice(["en", "nl"]),
            default="en",
            show_default=True,
            help="Language of the figure and of what it says; all else is English.",
        ),
        "json": click.option(
            "--json", "as_json", is_flag=True, help="Print JSON instead of a table."
        ),
    }

    def decorate(command: Any) -> Any:
        for name in reversed(names):
            command = known[name](command)
        return command

    return decorate


def width() -> int:
    """Return how many characters a line of the terminal is taken to hold."""
    import shutil

    return max(shutil.get_terminal_size((120, 40)).columns, 80)


def console(stderr: bool = False) -> Console:
    """Return a terminal to write to."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, width=width())


@contextmanager
def progress_bar(label: str, total: float) -> Iterator[Callable[..., None]]:
    """Show a bar with the time left on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    terminal = console(stderr=True)
    with Progress(*columns, console=terminal, transient=True) as bar:
        task = bar.add_task(label, total=total)

        def report(done: float, of: float | None = None, text: str = label) -> None:
            bar.update(task, completed=done, total=of or total, description=text)

        yield report


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
    if result.interrupted:
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # a second Ctrl-C may not lose what is finished
        click.echo(f"Interrupted: {result.runs} of {result.asked} runs are finished.", err=True)
    return result


NOTHING = ("", "nan", "None", "<NA>")


def plain_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print rows, the last column wrapped: without what draws tables, which takes long to import."""
    *firsts, last = rows[0]
    head = {name: name for name in rows[0]}
    wide = {name: max(len(str(row[name])) for row in (head, *rows)) for name in firsts}
    side = {name: ">" if isinstance(rows[0][name], int) else "<" for name in firsts}
    indent = " " * (1 + sum(wide.values()) + 2 * len(firsts))
    for row in (head, *rows):
        cells = [f"{row[name]!s:{side[name]}{wide[name]}}  " for name in firsts]
        lines = textwrap.wrap(str(row[last]), width() - len(indent) - 1)
        click.echo(" " + "".join(cells) + f"\n{indent}".join(lines))
        if row is head:
            click.echo(" " + "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * (width() - 2))


def rich_table(
    table: pd.DataFrame | Sequence[Mapping[str, Any]], title: str = "", index: bool = True
) -> Table:
    """Return rows, or a DataFrame, of texts and numbers as a table for the terminal."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    if isinstance(table, Sequence):
        columns = {name: [row[name] for row in table] for name in table[0]}
    else:
        frame = table.reset_index() if index else table
        columns = {str(name): column.tolist() for name, column in frame.items()}
    roomy = console().width > 90
    shown = Table(
        title=Text(title) if title else None,
        box=box.SIMPLE_HEAD if roomy else None,
        title_justify="left",
        padding=(0, 1, 0, 0),
    )
    for place, (name, values) in enumerate(columns.items()):
        texts = [str(value) for value in values]
        numeric = place > 0 and all(map(_is_number, texts))
        prose = not numeric and max(map(len, texts), default=0) > 26
        whole = place > 0 and not prose
        words = [name, *texts] if whole else [word for text in texts for word in text.split()]
        shown.add_column(
            name,
            justify="right" if numeric else "left",
            no_wrap=whole,
            min_width=max(map(len, words), default=0),
        )
    for row in zip(*columns.values(), strict=True):
        shown.add_row(*map(_cell, row))
    return shown


def _is_number(text: str) -> bool:
    """Return whether a text is a number, perhaps with a sign or a unit, or none at all."""
    return text in NOTHING or text.lstrip("+-<>~ m.\N{MINUS SIGN}")[:1].isdigit()


def _cell(value: Any) -> str:
    from rich.markup import escape

    if isinstance(value, float):
        return "" if value != value else f"{value:g}"
    return escape(str(value))


def say_limits(terminal: Console) -> None:
    """Print, below a report, where to read what it can and cannot tell."""
    from sim.study.provenance import LIMITS

    terminal.print(LIMITS, style="dim", markup=False, soft_wrap=True)


def finish(result: Result) -> int:
    """Return the exit code of a study."""
    return INTERRUPTED if result.interrupted else 0
