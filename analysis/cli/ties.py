"""The command that asks whether ties matter: ties."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analysis.cli.shared import adopt, load, number_option, options
from analysis.cli.terminal import console, progress_bar, rich_table, say, say_limits


@adopt.command(
    epilog="""\b
Examples:
  adopt ties
  adopt ties --runs 400 --write ties.png
  adopt ties baseline --set parameters.peer_weight=4
  adopt ties --json > ties.json
"""
)
@click.argument("scenario", default="on-request")
@number_option("--runs", (2, 100_000), 120, "Organisations, the same people and luck in every arm.")
@options("write", "seed", "set", "lang", "json")
def ties(
    *,
    scenario: str,
    runs: int,
    write: Path | None,
    seed: int | None,
    sets: tuple[str, ...],
    lang: str,
    as_json: bool,
) -> int:
    """Show whether ties matter: for who starts next, and for how fast use spreads.

    Do ties matter for who starts next, and for how fast use spreads?

    By default with licences on request. Within organisation, department and month, the odds of a
    first start by using colleagues are held against a control without contagion, its level raised
    until as many use AI in the end: that most who start have a using colleague proves nothing. Then
    the same people get other ties: clustered or rewired, and teams with more or fewer ties across.
    """
    from analysis.studies import ties as study
    from analysis.studies.ties.study import SEED
    from analysis.studies.ties.tables import differences_table, odds_table

    (chosen,) = load([scenario], sets, None)
    with progress_bar("Simulating", 1) as report:
        tested = study.ties(chosen, runs, SEED if seed is None else seed, report)
    drawn: list[Path] = []
    if write is not None:
        from analysis.figures.curves import save_figure

        drawn = [*save_figure(tested.figure(lang), write)]
    control = tested.control
    if as_json:
        content = {**tested.as_json(), "figures": [str(path) for path in drawn]}
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    title = f"{chosen.name}: odds of a first start, within organisation, department and month"
    terminal.print(rich_table(odds_table(tested), title))
    terminal.print(rich_table(differences_table(tested), "The same people with other ties"))
    changed = ", ".join(
        f"{path.removeprefix('parameters.')} {value:.4g}" for path, value in control.changes.items()
    )
    say(
        terminal,
        f"Without contagion: {changed}. In the last month it is {100 * control.adoption:+.1f} points "
        f"of weekly users and {100 * control.tried:+.1f} points of tried off; the curves are "
        f"{100 * control.apart:.1f} points apart on average.",
    )
    say(terminal, *(f"Note: {sentence}." for sentence in tested.notes))
    say(terminal, tested.answer, style="bold")
    terminal.print(
        f"{runs} organisations, seed {tested.seed}. Odds: ratio against people without a using "
        "colleague, with the 95 % interval from resampled organisations; starts of person-months at "
        "risk. Nor example: without leaders' example too, at whatever level that leaves. AUC: how well the number of using colleagues says who starts, .5 is not at all. se: "
        "standard error over paired organisations. What if, not a forecast.",
        style="dim",
    )
    say_limits(terminal, *drawn[:1])
    return 0
