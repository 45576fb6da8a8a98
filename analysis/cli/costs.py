"""The command that says what a plan costs, without simulating it: costs."""

from __future__ import annotations

import json

import click

from analysis.cli.shared import adopt, load, options
from analysis.cli.terminal import console, records, rich_table, say, say_limits


@adopt.command(
    epilog="""\b
Examples:
  adopt costs full-programme
  adopt costs front-loaded continuous
  adopt costs acme.yaml --set budget.total=120000 --set budget.when_over=scale --json
"""
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options("months", "set", "json")
def costs(
    scenarios: tuple[str, ...], months: int | None, sets: tuple[str, ...], as_json: bool
) -> int:
    """Show what a plan costs, item by item and quarter by quarter, without simulating.

    Counts the participants expected. Staff time is working hours at what an hour
    of the participants costs.
    What adaptive rules may add is listed apart: they start only if something shows.
    """
    chosen = load(scenarios, sets, months)
    from analysis.results import tables
    from analysis.results.summary import called
    from sim.programme import ledger

    plans = {scenario.name: (scenario, tables.plan_of(scenario)) for scenario in chosen}
    if as_json:
        content = [
            {
                "scenario": name,
                "total": plan.total,
                "budget": scenario.budget.total,
                "unspent": plan.unspent,
                "left_out": plan.left_out,
                "factor": plan.factor,
                "label": called(scenario),
                "undone": [missing.told() for missing in ledger.undone_if_known(scenario)],
                "items": records(plan.items),
                "quarters": records(plan.quarters),
                "limits": records(plan.limits),
                "adaptive": records(plan.adaptive),
            }
            for name, (scenario, plan) in plans.items()
        ]
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    for scenario, plan in plans.values():
        terminal.print(
            rich_table(tables.items_table(plan), f"{called(scenario)}: euro over the period")
        )
        terminal.print(rich_table(tables.quarters_table(plan), "When, euro"))
        if len(plan.limits):
            terminal.print(rich_table(tables.limits_table(plan), "Budget, euro"))
        say(terminal, *tables.budget_sentences(scenario))
        for rule, row in plan.adaptive.iterrows():
            say(terminal, f"{rule}: {row['condition']}, at most {row['at_most']:,.0f} euro")
        if len(plan.adaptive):
            terminal.print()
    terminal.print(
        "Expected participants, nominal euro, excluding VAT. hours: working time of participants, "
        "and time what it is worth. What a run really cost is among its KPIs.",
        style="dim",
    )
    say_limits(terminal)
    return 0
