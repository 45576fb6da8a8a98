"""The command that holds the model against what was written down beforehand: patterns."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.shared import adopt, number_option, options, say_going_on
from analysis.cli.terminal import console, progress_bar, rich_table, say, say_limits

if TYPE_CHECKING:
    from analysis.studies.patterns import Patterns


@adopt.command(
    epilog="""\b
Examples:
  adopt patterns
  adopt patterns P5 P6 --runs 1000
  adopt patterns P10 --json
"""
)
@click.argument("names", nargs=-1, metavar="[PATTERN]...")
@number_option("--runs", (3, 100_000), 400, "Organisations in each arm.")
@click.option("--figure/--no-figure", default=True, help="Draw the figure.")
@options("seed", "output", "json")
def patterns(
    *,
    names: tuple[str, ...],
    runs: int,
    figure: bool,
    seed: int | None,
    output: Path,
    as_json: bool,
) -> int:
    """Hold the model against patterns written down beforehand, each by an experiment.

    Does the model show what was written down beforehand?

    P1 organisations differ, P2 leaders lift adoption, P3 novelty sags, P4 spread beats rush, P5
    champions at the centre, P6 circles confirm, P7 few refuse for good with support, P8 some start
    before anybody they know, P9 information alone is not enough, P10 effects overlap. Each is said
    to hold, to have the direction only, or to be missed. Under the posteriors: adopt validate.
    Interrupted, the same command goes on from the patterns that are finished.
    """
    from analysis.figures.curves import save_figure
    from analysis.results.pieces import Pieces
    from analysis.studies import patterns as study

    chosen = [name.upper() for name in names] or list(study.EXPERIMENTS)
    for given, name in zip(names, chosen, strict=False):
        if name not in study.EXPERIMENTS:
            raise click.BadParameter(
                f"found '{given}', expected some of: {', '.join(study.EXPERIMENTS)}",
                param_hint="PATTERN",
            )
    chosen = [name for name in study.EXPERIMENTS if name in chosen]
    seed = study.SEED if seed is None else seed
    stem = output / "patterns" / f"{'-'.join(chosen).lower()}-runs-{runs}-seed-{seed}"
    settings = [runs, seed, study.scenario_files()]
    unfinished = stem.with_name(f"{stem.name}-unfinished")
    pieces = Pieces(unfinished, settings, partial(click.echo, err=True))
    say_going_on(pieces, len(chosen), "patterns")
    with progress_bar("Patterns", len(chosen)) as report:
        found = study.patterns(chosen, runs, seed, report, pieces)
    drawn: list[Path] = []
    if figure:
        drawn = [*save_figure(found.figure(), stem)]
    if as_json:
        content = {**found.as_json(), "figures": [str(path) for path in drawn]}
        click.echo(json.dumps(content, indent=2))
        pieces.remove()
        return 0
    _tell(found)
    for path in drawn[:1]:
        click.echo(str(path))
    pieces.remove()
    return 0


def _tell(found: Patterns) -> None:
    """Print what the experiments show, pattern by pattern."""
    from analysis.studies import patterns as study

    terminal, known = console(), study.read_patterns()
    for seen in found.shown:
        pattern = known[seen.name]
        title = f"{seen.name} {pattern.title.en}: {seen.verdict}"
        terminal.print(rich_table(study.table(seen), title, index=False))
        say(terminal, f"  {pattern.promise.en}", f"  {pattern.experiment.en}", style="dim")
        caveat = (
            " Parameters were calibrated on figures of it, among others." if pattern.fitted else ""
        )
        say(terminal, f"  {seen.reading}{caveat}\n")
    terminal.print(found.answer, markup=False)
    terminal.print(
        f"Means over {found.runs} organisations, the same people, ties and luck in every arm, "
        f"seed {found.seed}, with 95 % intervals; * decides the verdict. Parameters held fixed.",
        style="dim",
    )
    say_limits(terminal)
