"""What commands write to the terminal with: tables, progress, and what stands below a report."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console
    from rich.table import Table

    from analysis.figures.frame import Picture


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


def records(frame: pd.DataFrame) -> Any:
    """Return a table as plain values, for JSON."""
    return json.loads(frame.reset_index().to_json(orient="records"))


def _is_number(text: str) -> bool:
    """Return whether a text is a number, perhaps with a sign or a unit, or none at all."""
    return text in NOTHING or text.lstrip("+-<>~ m.\N{MINUS SIGN}")[:1].isdigit()


def _cell(value: Any) -> str:
    from rich.markup import escape

    if isinstance(value, float):
        return "" if value != value else f"{value:g}"
    return escape(str(value))


def say(terminal: Console, *texts: str, style: str | None = None) -> None:
    """Print texts as they are, each on a line that the terminal breaks where it ends."""
    for text in texts:
        terminal.print(text, style=style, markup=False, soft_wrap=True)


def say_limits(terminal: Console, *paths: Path) -> None:
    """Print, below a report, where to read what it can and cannot tell, and what was written."""
    from sim.study.provenance import LIMITS

    say(terminal, LIMITS, style="dim")
    say(terminal, *map(str, paths))


def print_study(content: Mapping[str, Any], drawn: Sequence[Path], folder: Path) -> None:
    """Print what came of a study as JSON, with where it lies and what it cannot tell."""
    from sim.study.provenance import LIMITS

    figures = [str(path) for path in drawn]
    whole = {**content, "figures": figures, "folder": str(folder), "limits": LIMITS}
    click.echo(json.dumps(whole, indent=2))


def draw(picture: Picture, file: Path, lang: str = "en") -> list[Path]:
    """Write a figure as PNG and SVG, with the language in its name where that is not English."""
    from analysis.figures.curves import save_figure

    return [*save_figure(picture, file if lang == "en" else Path(f"{file}-{lang}"))]
