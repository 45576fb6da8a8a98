"""Commands that print the pages about the model itself: odd, model, limits."""

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
    from analysis.model.odd import odd_text

    return _tell(odd_text(), write)


@adopt.command(
    epilog="""\b
Examples:
  adopt model
  adopt model --figure month
  adopt model --write docs/model.md --figure docs/month
"""
)
@click.option(
    "--write", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file."
)
@click.option(
    "--figure",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw a person's month: as PNG and as SVG, under this name.",
)
def model(write: Path | None, figure: Path | None) -> int:
    """Print the model in two pages: a person's month, what measures do, what is chance.

    The steps of the month, and their picture, are made from the code.
    """
    from analysis.model.odd import model_text

    if figure is not None:
        from analysis.figures.curves import save_figure
        from analysis.model.picture import month_picture

        for file in save_figure(month_picture(), figure):
            click.echo(str(file))
    if write is None and figure is not None:
        return 0
    return _tell(model_text(), write)


def _tell(text: str, write: Path | None) -> int:
    """Print a page, or write it to a file."""
    from sim.errors import AdoptionError

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
    from analysis.model.odd import limits_text

    click.echo(limits_text(), nl=False)
    return 0
