"""The command that asks what every measure brings for its price: audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.shared import FAILED, INTERRUPTED, adopt, number_option, options
from analysis.cli.terminal import console, progress_bar, rich_table, say, say_limits

if TYPE_CHECKING:
    from analysis.studies.audit import Audit


@adopt.command(
    epilog="""\b
Examples:
  adopt audit
  adopt audit appraisal mandate training --runs 400
  adopt audit --set organisation.hourly_cost=45
  adopt audit --write prices.png
  adopt audit --json > prices.json
"""
)
@click.argument("measures", nargs=-1, metavar="[MEASURE]...")
@number_option("--runs", (8, 100_000), 100, "Organisations, the same for every measure.")
@options("write", "seed", "set", "json")
def audit(
    *,
    measures: tuple[str, ...],
    runs: int,
    write: Path | None,
    seed: int | None,
    sets: tuple[str, ...],
    as_json: bool,
) -> int:
    """Show what every measure brings for its money and its hours.

    What does each measure bring for its money and its hours?

    Each is simulated alone, and added last to a plan with leaders' example and champions. What
    brings more than three times the median for its price without evidence of grade A or B breaks
    the rule, and so does a measure that takes no hour of staff and does not say who does the work;
    the command then fails. Of some measures only the second is judged: a median takes them all.
    Advice on money begins here.
    """
    from analysis.studies.audit import audit as run_audit
    from analysis.studies.audit import offences
    from sim.scenario import read_catalogue

    asked = len(set(measures)) or len(read_catalogue())
    with progress_bar("Simulating", asked) as report:
        audited = run_audit(measures, runs, 1 if seed is None else seed, sets, report)
    done = len(audited.table.index.unique("measure"))
    broken = offences(audited)
    code = INTERRUPTED if done < asked else FAILED if broken else 0
    if done < asked:
        click.echo(f"Interrupted: {done} of {asked} measures are finished.", err=True)
    if as_json:
        click.echo(json.dumps(audited.as_json(), indent=2))
    else:
        show(audited)
    if write is not None:
        from analysis.figures.curves import save_figure

        for path in save_figure(audited.figure(), write):
            click.echo(path, err=True)
    return code


def show(audited: Audit) -> None:
    """Print the table of an audit, and what breaks the rule."""
    from analysis.studies.audit import offences
    from analysis.studies.audit.tables import audit_table

    terminal, broken = console(), offences(audited)
    terminal.print(
        rich_table(
            audit_table(audited),
            f"Points of weekly users, mean over {audited.months} months, {audited.runs} organisations",
        )
    )
    say(terminal, *(f"Breaks the rule: {offence.text}." for offence in broken))
    if not audited.whole:
        terminal.print("No median without the other measures: what they bring is not judged.")
    elif not broken:
        terminal.print("No measure breaks the rule of prices.")
    say_limits(terminal)
