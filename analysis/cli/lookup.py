"""Commands that look things up: catalogue, parameters."""

from __future__ import annotations

import click

from analysis.cli.shared import adopt, console, options, rich_table


@adopt.command(
    epilog="""\b
Examples:
  adopt catalogue
  adopt catalogue champions training
  adopt catalogue --lang nl --phase communication
"""
)
@click.argument("measures", nargs=-1)
@click.option("--phase", help="Only measures of this phase.")
@click.option(
    "--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language."
)
@options("json")
def catalogue(measures: tuple[str, ...], phase: str | None, lang: str, as_json: bool) -> int:
    """List the measures a programme can use, with effects, costs and sources."""
    from sim.tables import catalogue as table_of

    table = table_of(lang)
    unknown = [one for one in measures if one not in table.index]
    if unknown:
        raise click.BadParameter(
            f"found '{unknown[0]}', known: {', '.join(table.index)}", param_hint="MEASURES"
        )
    if measures:
        table = table.loc[list(measures)]
    if phase is not None:
        phases = sorted(set(table_of(lang)["phase"]))
        if phase not in phases:
            raise click.BadParameter(
                f"found '{phase}', known: {', '.join(phases)}", param_hint="--phase"
            )
        table = table[table["phase"] == phase]
    if as_json:
        click.echo(table.reset_index().to_json(orient="records", indent=2, force_ascii=False))
        return 0
    terminal = console()
    if measures:
        for name, row in table.iterrows():
            terminal.print(f"[bold]{name}[/bold]: {row['title']}")
            for column, value in row.items():
                if column != "title" and value not in ("", 0):
                    terminal.print(f"  {column}: {value}", markup=False)
        return 0
    terminal.print(rich_table(table[["title", "phase", "lasting", "does"]]))
    terminal.print(
        "does: at full dose; a threat that is justified stays. one_off fades, structural holds while "
        "in force. adopt catalogue MEASURE shows costs and sources.",
        style="dim",
    )
    return 0


@adopt.command()
@click.argument("words", nargs=-1)
@options("json")
def parameters(words: tuple[str, ...], as_json: bool) -> int:
    """List every number of the rules with unit, range, source and meaning.

    Words filter by name and meaning: `adopt parameters champion`.
    """
    from sim.parameters import parameters_table

    table = parameters_table()
    for word in words:
        text = table.index.to_series() + " " + table["meaning"]
        table = table[text.str.contains(word, case=False, regex=False)]
    if table.empty:
        raise click.BadParameter(
            f"no parameter has '{' '.join(words)}' in its name or meaning", param_hint="WORDS"
        )
    if as_json:
        click.echo(table.reset_index().to_json(orient="records", indent=2, force_ascii=False))
        return 0
    table["range"] = [
        f"{low:g} to {high:g}" for low, high in zip(table["low"], table["high"], strict=True)
    ]
    console().print(rich_table(table[["default", "unit", "range", "meaning", "source"]]))
    return 0
