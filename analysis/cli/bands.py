"""The command that holds curves against bands of judgement: bands."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analysis.cli.shared import (
    adopt,
    console,
    options,
    progress_bar,
    rich_table,
    say_limits,
)


@adopt.command(
    epilog="""\b
Examples:
  adopt bands
  adopt bands T01 T04 --runs 400
  adopt bands --write bands.png
  adopt bands --json
"""
)
@click.argument("names", nargs=-1, metavar="[BAND]...")
@click.option(
    "--runs",
    type=click.IntRange(2, 100_000),
    default=200,
    show_default=True,
    help="Organisations, the same in every scenario.",
)
@options("write", "seed", "json")
def bands(
    names: tuple[str, ...], runs: int, write: Path | None, seed: int | None, as_json: bool
) -> int:
    """Hold curves over time against plausibility bands, in organisations that no fit has used.

    Are curves over time plausible?

    The bands are judgement on the sources, no evidence: who tries and who uses AI every week after
    a launch for all, under a full programme, and where people have to ask for a licence.
    """
    from analysis.studies import bands as study
    from analysis.studies.bands.tables import bands_table

    known = study.read_bands()
    chosen = tuple(name.upper() for name in names)
    for given, name in zip(names, chosen, strict=True):
        if name not in known:
            raise click.BadParameter(
                f"found '{given}', expected some of: {', '.join(known)}", param_hint="BAND"
            )
    with progress_bar("Simulating", 1) as report:
        found = study.bands(
            runs, study.study.SEED if seed is None else seed, names=chosen, progress=report
        )
    if write is not None:
        from analysis.figures.curves import save_figure

        for path in save_figure(found.figure(), write):
            click.echo(path, err=True)
    if as_json:
        click.echo(json.dumps(found.as_json(), indent=2))
        return 0
    terminal = console()
    terminal.print(
        rich_table(
            bands_table(found),
            "Plausibility bands: judgement on the sources, no evidence by themselves",
            index=False,
        )
    )
    terminal.print(found.answer + ".", markup=False, soft_wrap=True)
    terminal.print(
        f"Mean over {found.runs} organisations with seed {found.seed}, and its standard error.",
        style="dim",
    )
    say_limits(terminal)
    return 0
