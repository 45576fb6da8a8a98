"""The command that writes a comparison down for people who decide: report."""

from __future__ import annotations

import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.shared import adopt, language_option
from analysis.cli.terminal import progress_bar
from sim.errors import AdoptionError

if TYPE_CHECKING:
    from sim.study.results import Result

EVERY = ("html", "pdf", "pptx", "play")
"""Formats; those of :mod:`analysis.report`, which is not imported for a help text."""


@adopt.command(
    epilog="""\b
Examples:
  adopt report results/baseline-leadership
  adopt report results/acme/1f0c2a9be47d --format all --lang nl
  adopt report results/acme --format pptx --question "Which plan for next year?" --output acme.pptx
  adopt report results/acme --format pptx --client Acme --logo acme.png --decision "Start in May?"
  adopt report results/acme --against acme-licences --quick
  adopt report results/acme --format play --lang nl
"""
)
@click.argument("result", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice([*EVERY, "all"]),
    default=["html"],
    show_default=True,
    help="A page, a PDF to print, slides, or play: a page that simulates where it is opened. "
    "Repeatable; all for the four.",
)
@language_option()
@click.option("--against", help="Scenario the others are compared with; by default the first.")
@click.option("--question", default="", help="The question; by default that of the scenarios.")
@click.option("--client", default="", help="Name of the client, on the first page and every slide.")
@click.option(
    "--logo",
    type=click.Path(path_type=Path),
    help="Logo of the client: PNG, JPEG or SVG, 2 MB at most.",
)
@click.option(
    "--decision", default="", help="The decision asked; by default it follows from the answer."
)
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day the report carries; none by default.",
)
@click.option("--quick", is_flag=True, help="Leave out what takes seconds; the report says so.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="File, or folder, to write; by default report.html and the like beside the result.",
)
def report(
    *,
    result: Path,
    formats: tuple[str, ...],
    lang: str,
    against: str | None,
    question: str,
    client: str,
    logo: Path | None,
    decision: str,
    day: datetime.datetime | None,
    quick: bool,
    output: Path | None,
) -> int:
    """Write what a comparison says as a report: what to decide on, and appendices.

    RESULT is a folder that 'adopt compare' wrote, or one with a single result in it. Groups that
    were not measured are simulated again, and the order of strategies is tried under other numbers
    for how people react, which takes a quarter of a minute or more. What that gives is kept with the
    result: another format or language takes no time.
    """
    from analysis.report import write
    from analysis.report.cover import Cover
    from analysis.report.reading import find_result, prepared, result_at
    from analysis.results.beside import Beside

    cover = Cover(client, logo, question, decision, day.date() if day else None).checked()
    folder = find_result(result)
    loaded = result_at(folder)
    wanted = list(EVERY) if "all" in formats else list(dict.fromkeys(formats))
    paths = places(wanted, folder, output)
    if "play" in paths:
        _play(loaded, paths.pop("play"), lang, against, alone="all" not in formats)
    if not paths:
        return 0
    kept = Beside(folder, partial(click.echo, err=True))
    with progress_bar("Other numbers for how people react", 1.0) as bar:
        answered, notes = prepared(loaded, against, quick, bar, kept)
    for format, path in paths.items():
        write(answered, path, format, lang, cover=cover, notes=notes)
        click.echo(str(path))
    return 0


def _play(result: Result, path: Path, lang: str, against: str | None, *, alone: bool) -> None:
    """Write the file to play on with; where it is one of all, say why there is none and go on."""
    from analysis.report import write_play
    from analysis.words.languages import language

    try:
        click.echo(str(write_play(result, path, lang, against=against)))
    except AdoptionError as error:
        if alone:
            raise
        words = language(lang)
        click.echo(words._("No play-on file: {reason}", reason=words.told(error)), err=True)


def places(formats: list[str], folder: Path, output: Path | None) -> dict[str, Path]:
    """Return where each format is written."""
    from analysis.report import file_of

    if output is None or output.is_dir():
        return {format: (output or folder) / file_of(format) for format in formats}
    if len(formats) > 1:
        if output.suffix:
            raise click.BadParameter(
                f"found the file '{output}' for {len(formats)} formats, expected a folder",
                param_hint="--output",
            )
        return {format: output / file_of(format) for format in formats}
    (format,) = formats
    suffix = Path(file_of(format)).suffix
    if output.suffix.lower() not in ("", suffix):
        raise click.BadParameter(
            f"found '{output.name}', expected a name that ends in {suffix}, or --format",
            param_hint="--output",
        )
    return {format: output if output.suffix else output / file_of(format)}
