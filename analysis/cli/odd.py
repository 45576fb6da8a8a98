"""Commands that print the two pages about the model itself: odd, limits."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.shared import adopt


@adopt.command(
    epilog="""\b
Examples:
  adopt odd
  adopt odd --write sim/ODD.md
"""
)
@click.option(
    "--write", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file."
)
def odd(write: Path | None) -> int:
    """Print the ODD protocol: the whole model, precisely enough to build it again.

    After Grimm and others (2020). Its tables are made from the code; --write brings those of
    a file up to date.
    """
    from analysis.odd import odd_text
    from sim.errors import AdoptionError

    text = odd_text()
    if write is None:
        click.echo(text, nl=False)
        return 0
    try:
        write.write_text(text, "utf-8")
    except OSError as error:
        raise AdoptionError(f"{write}: cannot write it: {error.strerror}") from error
    click.echo(str(write))
    return 0


@adopt.command()
def limits() -> int:
    """Print what the model is for, what it is not for, and where it fails."""
    from analysis.odd import limits_text

    click.echo(limits_text(), nl=False)
    return 0
