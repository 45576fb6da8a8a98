"""The command that holds curves against bands of judgement: bands."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analysis.cli.shared import adopt, number_option, options
from analysis.cli.terminal import console, progress_bar, rich_table, say, say_limits


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
@number_option("--runs", (2, 100_000), 200, "Organisations, the same in every scenario.")
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
        measured = study.bands(
            runs, study.study.SEED if seed is None else seed, names=chosen, progress=report
        )
    if write is not None:
        from analysis.figures.curves import save_figure

        for path in save_figure(measured.figure(), write):
            click.echo(path, err=True)
    if as_json:
        click.echo(json.dumps(measured.as_json(), indent=2))
        return 0
    terminal = console()
    terminal.print(
        rich_table(
            bands_table(measured),
            "Plausibility bands: judgement on the sources, no evidence by themselves",
            index=False,
        )
    )
    say(terminal, measured.answer + ".")
    terminal.print(
        f"Mean over {measured.runs} organisations with seed {measured.seed}, and its standard error.",
        style="dim",
    )
    say_limits(terminal)
    return 0
