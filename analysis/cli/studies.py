"""Commands that simulate, and what a plan costs: run, compare, costs, fit, pairing, bench."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.shared import (
    adopt,
    console,
    finish,
    load,
    options,
    progress_bar,
    rich_table,
    simulate,
)

if TYPE_CHECKING:
    import pandas as pd

    from analysis.layout import Picture
    from analysis.summary import EventFigures
    from sim.results import Result


@adopt.command(
    epilog="""\b
Examples:
  adopt compare baseline leadership champions full-programme
  adopt compare acme-licences.yaml acme.yaml --runs 1000 --seed 7
  adopt compare baseline champions --set organisation.employees=500 --json
  adopt compare baseline leadership --by archetype,department
"""
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options("runs", "seed", "months", "set", "by", "threads", "name", "output", "json")
@click.option(
    "--kpi", default="adoption", show_default=True, help="KPI of the figure and the verdict."
)
@click.option("--against", help="Scenario the others are compared with; by default the first.")
@click.option("--figure/--no-figure", default=True, help="Draw the figure.")
def compare(
    scenarios: tuple[str, ...],
    runs: int | None,
    seed: int | None,
    months: int | None,
    sets: tuple[str, ...],
    by: tuple[str, ...],
    threads: int | None,
    name: str | None,
    output: Path,
    as_json: bool,
    kpi: str,
    against: str | None,
    figure: bool,
) -> int:
    """Compare scenarios on the same people and the same luck.

    Prints a table with paired differences and their 95 % intervals, draws the adoption curves,
    and stores every run with what made it in OUTPUT/NAME/FINGERPRINT. An existing result is
    never overwritten. With --by, the same for each group of people.
    """
    chosen = load(scenarios, sets, months)
    known_kpi(kpi)
    if against is not None and against not in [one.name for one in chosen]:
        raise click.BadParameter(
            f"found '{against}', expected one of: {', '.join(one.name for one in chosen)}",
            param_hint="--against",
        )
    result = simulate(chosen, runs, seed, threads, by)
    return show(result, output, name, as_json, kpi, against, figure)


@adopt.command(
    epilog="""\b
Examples:
  adopt run champions
  adopt run champions --set programme.champions.share=0.04 --runs 500
  adopt run champions --by department --by role
  adopt run baseline --events --trough
"""
)
@click.argument("scenario")
@options("runs", "seed", "months", "set", "by", "threads", "name", "output", "json")
@click.option("--kpi", default="adoption", show_default=True, help="KPI of the figure.")
@click.option("--figure/--no-figure", default=True, help="Draw the figure.")
@click.option(
    "--trough", is_flag=True, help="See whether use sags after the novelty; takes longer."
)
@click.option("--events", is_flag=True, help="Store and sum up who started and stopped when.")
def run(
    scenario: str,
    runs: int | None,
    seed: int | None,
    months: int | None,
    sets: tuple[str, ...],
    by: tuple[str, ...],
    threads: int | None,
    name: str | None,
    output: Path,
    as_json: bool,
    kpi: str,
    figure: bool,
    trough: bool,
    events: bool,
) -> int:
    """Simulate one scenario: its KPIs month by month, its curve, its money.

    --by adds tables and figures of groups; those smaller than privacy.min_group are not shown.
    --events writes events.parquet and says how many colleagues used AI when people started.
    --trough continues the first organisations many times over, so that luck makes no trough.
    """
    known_kpi(kpi)
    result = simulate(load([scenario], sets, months), runs, seed, threads, by)
    return show(result, output, name, as_json, kpi, None, figure, trough, events)


def known_kpi(kpi: str) -> None:
    """Raise if there is no such KPI, with the nearest name."""
    from analysis.summary import known
    from sim.errors import AdoptionError
    from sim.kpis import KPIS

    try:
        known(kpi, KPIS, "KPI")
    except AdoptionError as error:
        raise click.BadParameter(str(error), param_hint="--kpi") from error


def show(
    result: Result,
    output: Path,
    name: str | None,
    as_json: bool,
    kpi: str,
    against: str | None,
    figure: bool,
    trough: bool = False,
    events: bool = False,
) -> int:
    """Print, draw and store a result."""
    from analysis import comparison, tables
    from sim.kpis import KPIS

    folder = result.save(output, name)
    drawn = draw(result, folder, kpi, against) if figure else []
    found = event_figures(result, folder) if events else None
    sagging = trough_of(result) if trough else None
    several = len(result.scenarios) > 1
    if as_json:
        content = {
            "folder": str(folder),
            "figures": [str(path) for path in drawn],
            "fingerprint": result.fingerprint,
            "runs": result.runs,
            "asked": result.asked,
            "seed": result.seed,
            "levels": records(tables.levels(result)),
            "differences": records(comparison.difference(result, against, kpi)) if several else [],
            **more(result, against, kpi),
            "events": None if found is None else known_values(found._asdict()),
            "trough": sagging,
        }
        click.echo(json.dumps(content, indent=2))
        return finish(result)
    terminal = console()
    unit = KPIS[kpi].unit.replace("share", "%")
    title = f"{tables.organisations(result)}: {KPIS[kpi].label.lower()} [{unit}]"
    shown = tables.overview(result, against, kpi) if several else tables.profile(result)
    terminal.print(rich_table(shown, title if several else tables.organisations(result)))
    if several:
        for sentence in comparison.verdicts(result, against, kpi).values():
            terminal.print(f"  {sentence}", markup=False, soft_wrap=True)
        terminal.print()
    else:
        terminal.print(rich_table(tables.curve_table(result), "Curve and money"))
        terminal.print(tables.maturity_sentence(result), soft_wrap=True)
    for title, texts in group_tables(result, against, kpi):
        terminal.print(rich_table(texts, title))
    if found is not None:
        terminal.print(tables.events_sentence(found), soft_wrap=True)
    if sagging is not None:
        terminal.print(
            f"Use sags by a tenth or more after the novelty in {comparison.percent(sagging)} % of "
            "organisations (expected use, over many continuations of each).",
            soft_wrap=True,
        )
    for one in result.scenarios.values():
        for sentence in tables.budget_sentences(one):
            terminal.print(sentence, markup=False, soft_wrap=True)
    if several:
        terminal.print(
            "m6: mean in month 6. 10-90 %: where 80 % of organisations end. difference: in points or "
            "the unit above, between the same organisations (~ if they are not the same), with the "
            "95 % interval of its mean; ? if that includes 0. never: never a weekly user [%]. half: "
            "mean month in which half use it weekly, where most organisations get there. cost, net: "
            "whole period.",
            style="dim",
        )
    if result.groups:
        terminal.print(
            "Groups: never: never a weekly user [%], threat: felt threat [0 to 1], both at the end. "
            "<5: too few people to be shown, or one group less than that would give away.",
            style="dim",
        )
    terminal.print(f"{result.runs} organisations, seed {result.seed}. {LIMITS}", style="dim")
    for path in (*drawn[::2], folder):
        terminal.print(str(path), markup=False, soft_wrap=True)
    return finish(result)


def group_tables(
    result: Result, against: str | None, kpi: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table of each kind of groups that was measured, and its title."""
    if not result.groups:
        return
    from analysis.groups import group_texts, kinds
    from sim.kpis import KPIS

    label = KPIS["adoption"].label.lower()
    for kind in kinds(result):
        title = f"By {kind}: {label} [%]"
        if len(result.scenarios) > 1 and personal(kpi) != "adoption":
            title += f"; difference of {KPIS[personal(kpi)].label.lower()}"
        yield title, group_texts(result, kind, against, personal(kpi))


def more(result: Result, against: str | None, kpi: str) -> dict[str, Any]:
    """Return what JSON holds of a result beside levels and differences."""
    from analysis import summary, tables

    levels: list[Any] = []
    gains: list[Any] = []
    if result.groups:
        from analysis.groups import group_differences, group_levels

        levels = records(group_levels(result))
        gains = records(group_differences(result, against, personal(kpi)))
    return {
        "curves": records(summary.curve_statistics(result)),
        "maturity": records(summary.maturity(result).rename(columns=str)),
        "groups": levels,
        "group_differences": gains,
        "budgets": {name: tables.budget_sentences(one) for name, one in result.scenarios.items()},
    }


def known_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with nothing in place of what is not a number, as JSON has none."""
    return {name: None if value != value else value for name, value in values.items()}


def personal(kpi: str) -> str:
    """Return the KPI, or adoption where only whole organisations have it."""
    from analysis.groups import PERSONAL

    return kpi if kpi in PERSONAL else "adoption"


MOST_PEOPLE = 2_000_000
"""People whose events are written at most, over all runs."""


def event_figures(result: Result, folder: Path) -> EventFigures:
    """Write the log of events of the only scenario beside its runs, and sum it up."""
    from analysis import summary
    from sim.experiments import events
    from sim.results import write_table

    (one,) = result.scenarios.values()
    size = one.organisation.employees
    runs = max(1, min(result.runs, MOST_PEOPLE // size))
    if runs < result.runs:
        click.echo(f"Events: of the first {runs} organisations, {runs * size:,} people.", err=True)
    with progress_bar("Events", runs) as report:
        found = events(one, runs, result.seed, report)
    write_table(found, folder / "events.parquet")
    return summary.event_figures(found, (int(found["run"].max()) + 1 if len(found) else 1) * size)


def trough_of(result: Result) -> float:
    """Return the share of organisations in which use sags after the novelty."""
    from analysis.calibration import CONTINUATIONS, ORGANISATIONS, trough_share

    (one,) = result.scenarios.values()
    click.echo(f"Continuing {ORGANISATIONS} organisations {CONTINUATIONS} times ...", err=True)
    return trough_share(one, result.seed)


def records(frame: pd.DataFrame) -> Any:
    """Return a table as plain values, for JSON."""
    return json.loads(frame.reset_index().to_json(orient="records"))


LIMITS = "What if, not a forecast of one firm's future."


def draw(result: Result, folder: Path, kpi: str, against: str | None) -> list[Path]:
    """Draw the curves, and those of groups, into the result's folder, unless they are there."""
    from analysis.groups import group_figure, kinds
    from analysis.plots import adoption_curves, save_figure
    from sim.errors import AdoptionError

    ending = f"-against-{against}" if against else ""
    wanted: dict[str, Callable[[], Picture]] = {
        f"{kpi}{ending}": partial(adoption_curves, result, against, kpi)
    }
    for kind in kinds(result) if result.groups else []:
        wanted[f"{personal(kpi)}-by-{kind}{ending}"] = partial(
            group_figure, result, kind, against, personal(kpi)
        )
    paths = []
    for name, picture in wanted.items():
        pair = [folder / f"{name}.png", folder / f"{name}.svg"]
        if not all(path.is_file() for path in pair):
            try:
                save_figure(picture(), folder / name)
            except AdoptionError as error:
                click.echo(f"not drawn: {error}", err=True)
                continue
        paths += pair
    return paths


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

    Counts the participants expected. Staff time is working hours at organisation.hourly_cost.
    What adaptive rules may add is listed apart: they start only if something shows.
    """
    from analysis import tables

    chosen = load(scenarios, sets, months)
    plans = {one.name: (one, tables.plan_of(one)) for one in chosen}
    if as_json:
        content = [
            {
                "scenario": name,
                "total": plan.total,
                "budget": one.budget.total,
                "unspent": plan.unspent,
                "left_out": plan.left_out,
                "factor": plan.factor,
                "items": records(plan.items),
                "quarters": records(plan.quarters),
                "limits": records(plan.limits),
                "adaptive": records(plan.adaptive),
            }
            for name, (one, plan) in plans.items()
        ]
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    for one, plan in plans.values():
        terminal.print(rich_table(tables.items_table(plan), f"{one.label}: euro over the period"))
        terminal.print(rich_table(tables.quarters_table(plan), "When, euro"))
        if len(plan.limits):
            terminal.print(rich_table(tables.limits_table(plan), "Budget, euro"))
        for sentence in tables.budget_sentences(one):
            terminal.print(sentence, markup=False, soft_wrap=True)
        for rule, row in plan.adaptive.iterrows():
            terminal.print(
                f"{rule}: {row['condition']}, at most {row['at_most']:,.0f} euro",
                markup=False, soft_wrap=True,
            )  # fmt: skip
        if len(plan.adaptive):
            terminal.print()
    terminal.print(
        "Expected participants, nominal euro, excluding VAT. hours: working time of participants, "
        "and time what it is worth. What a run really cost is among its KPIs.",
        style="dim",
    )
    return 0


@adopt.command(
    epilog="""\b
Examples:
  adopt fit
  adopt fit --minutes 5 --json > fitted.json
"""
)
@click.option(
    "--minutes",
    type=click.FloatRange(0.1, 600),
    default=15,
    show_default=True,
    help="Time for the fit.",
)
@click.option(
    "--runs",
    type=click.IntRange(10, 10_000),
    default=250,
    show_default=True,
    help="Organisations per scenario and trial.",
)
@click.option(
    "--check-runs",
    type=click.IntRange(10, 100_000),
    default=1000,
    show_default=True,
    help="Other organisations the end is checked on.",
)
@options("seed", "output", "json")
def fit(
    minutes: float, runs: int, check_runs: int, seed: int | None, output: Path, as_json: bool
) -> int:
    """Refit the free parameters to scenarios/library/targets.yaml.

    Prints which figures are reached and which are missed, and writes the parameters as a block
    for a scenario file. More free numbers than figures: a point on a ridge, no estimate.
    """
    from analysis import calibration

    with progress_bar("Fitting", 1.0) as report:
        found = calibration.fit(
            minutes, runs, check_runs, seed or 1,
            progress=lambda used, text: report(used, 1.0, text),
        )  # fmt: skip
    folder = calibration.save(found, output)
    if as_json:
        click.echo(json.dumps(calibration.as_dict(found), indent=2))
        return 0
    terminal = console()
    terminal.print(rich_table(calibration.figures_table(found), index=False))
    terminal.print(rich_table(calibration.parameters_moved(found), index=False))
    missed = len(found.missed)
    terminal.print(
        f"{len(found.targets) - missed} of {len(found.targets)} figures reached after "
        f"{found.evaluations} sets of parameters in {found.seconds / 60:.1f} minutes."
    )
    terminal.print(str(folder), markup=False)
    return 0


@adopt.command()
@click.option("--quick", is_flag=True, help="Skip the million people and the cold start.")
@options("json")
def bench(quick: bool, as_json: bool) -> int:
    """Measure the engine's speed as ratios within this run."""
    from analysis import benchmark

    return benchmark.main(quick, as_json)


@adopt.command(
    epilog="""\b
Example:
  adopt pairing champions baseline
"""
)
@click.argument("scenario")
@click.argument("against", default="baseline")
@click.option("--kpi", default="adoption", show_default=True, help="KPI compared.")
@click.option("--month", type=click.IntRange(1, 1200), default=18, show_default=True, help="Month.")
@click.option(
    "--runs",
    type=click.IntRange(10, 1_000_000),
    default=1000,
    show_default=True,
    help="Organisations.",
)
@options("seed", "set", "json")
def pairing(
    scenario: str, against: str, kpi: str, month: int, runs: int, seed: int | None,
    sets: tuple[str, ...], as_json: bool,
) -> int:  # fmt: skip
    """Measure what common people and luck are worth for a difference.

    Prints how many times less the difference varies with pairs than without: between
    organisations, and within one organisation where only luck differs.
    """
    from analysis.pairing import gain

    one, other = load([scenario, against], sets, None)
    with progress_bar("Simulating", runs) as report:
        found = gain(one, other, kpi, month, runs, seed or 1, report)
    if as_json:
        click.echo(json.dumps(found._asdict(), indent=2))
        return 0
    click.echo(
        f"{one.label} minus {other.label}, {kpi} in month {month}: with pairs the variance is\n"
        f"  {found.between:.1f} times less between organisations\n"
        f"  {found.within:.1f} times less within one organisation (median of several)"
    )
    return 0
