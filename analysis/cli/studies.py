"""The commands that simulate scenarios and show what came of it: run, compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
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
    records,
    rich_table,
    say_limits,
    simulate,
)

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture
    from analysis.results.summary import EventFigures
    from sim.study.results import Result


@adopt.command(
    epilog="""\b
Examples:
  adopt compare baseline leadership champions full-programme
  adopt compare acme-licences.yaml acme.yaml --runs 1000 --seed 7
  adopt compare baseline champions --set organisation.employees=500 --json
  adopt compare baseline leadership --by archetype,department
  adopt compare baseline leadership --lang nl
"""
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options("runs", "seed", "months", "set", "by", "threads", "name", "output", "lang", "json")
@click.option(
    "--kpi", default="adoption", show_default=True, help="KPI of the figure and the verdict."
)
@click.option("--against", help="Scenario the others are compared with; by default the first.")
@click.option("--figure/--no-figure", default=True, help="Draw the figure.")
def compare(
    *,
    scenarios: tuple[str, ...],
    runs: int | None,
    seed: int | None,
    months: int | None,
    sets: tuple[str, ...],
    by: tuple[str, ...],
    threads: int | None,
    name: str | None,
    output: Path,
    lang: str,
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
    return show(result, output, name, as_json, kpi, against=against, figure=figure, lang=lang)


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
@options("runs", "seed", "months", "set", "by", "threads", "name", "output", "lang", "json")
@click.option("--kpi", default="adoption", show_default=True, help="KPI of the figure.")
@click.option("--figure/--no-figure", default=True, help="Draw the figure.")
@click.option(
    "--trough", is_flag=True, help="See whether use sags after the novelty; takes longer."
)
@click.option("--events", is_flag=True, help="Store and sum up who started and stopped when.")
def run(
    *,
    scenario: str,
    runs: int | None,
    seed: int | None,
    months: int | None,
    sets: tuple[str, ...],
    by: tuple[str, ...],
    threads: int | None,
    name: str | None,
    output: Path,
    lang: str,
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
    chosen = load([scenario], sets, months)
    known_kpi(kpi)
    result = simulate(chosen, runs, seed, threads, by)
    return show(
        result,
        output,
        name,
        as_json,
        kpi,
        against=None,
        figure=figure,
        trough=trough,
        events=events,
        lang=lang,
    )


def known_kpi(kpi: str) -> None:
    """Raise if there is no such KPI, with the nearest name."""
    from analysis.results.summary import known
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
    *,
    against: str | None,
    figure: bool,
    trough: bool = False,
    events: bool = False,
    lang: str = "en",
) -> int:
    """Print, draw and store a result."""
    from analysis.results import comparison, summary, tables
    from sim.kpis import KPIS
    from sim.study.provenance import LIMITS

    folder = result.save(output, name, lambda text: click.echo(text, err=True))
    drawn = draw(result, folder, kpi, against, lang) if figure else []
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
            "limits": LIMITS,
            "levels": records(tables.levels(result)),
            "differences": records(comparison.difference(result, against, kpi)) if several else [],
            **more(result, against, kpi),
            "events": None if found is None else known_values(found._asdict()),
            "trough": sagging,
            "undone": {
                name: [one.told() for one in every] for name, every in result.undone.items()
            },
            "identical": tables.identity_sentences(result),
            "spent": tables.spending_sentences(result),
        }
        click.echo(json.dumps(content, indent=2))
        return finish(result)
    terminal = console()
    for sentence in tables.first_sentences(result):
        terminal.print(sentence, markup=False, soft_wrap=True)
    unit = KPIS[kpi].unit.replace("share", "%")
    title = f"{tables.organisations(result)}: {summary.label_of(kpi).lower()} [{unit}]"
    shown = tables.overview(result, against, kpi) if several else tables.profile(result)
    terminal.print(rich_table(shown, title if several else tables.organisations(result)))
    if several:
        for sentence in said_of(result, against, kpi, lang):
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
            "Early dip: in months 4 to 9 after access expected use is a tenth or more below its top in "
            f"months 1 to 4 in {comparison.percent(sagging)} % of {SAGGING} organisations (over many "
            "continuations of each). Later falls do not count.",
            soft_wrap=True,
        )
    budgets = (
        tables.budget_sentences(scenario, first=False) for scenario in result.scenarios.values()
    )
    spent, reacted = tables.spending_sentences(result), tables.reaction_sentences(result)
    for sentence in (*chain(*budgets), *spent, *reacted):
        terminal.print(sentence, markup=False, soft_wrap=True)
    if several:
        terminal.print(
            "m6: mean in month 6. 10-90 %: where 80 % of organisations end. difference: in points or "
            "the unit above, between the same organisations (~ if they are not the same), with the "
            "95 % interval of its mean; ? if that includes 0. never: never a weekly user [%]. "
            "cost, net: whole period, with half the 95 % interval of the mean, or from where to where.",
            style="dim",
        )
    if result.groups:
        terminal.print(
            "Groups: never: never a weekly user [%], threat: felt threat [0 to 1], both at the end. "
            "not shown: too few people.",
            style="dim",
        )
    terminal.print(f"{result.runs} organisations, seed {result.seed}. {WHAT_IF}", style="dim")
    say_limits(terminal)
    for path in (*drawn[::2], folder):
        terminal.print(str(path), markup=False, soft_wrap=True)
    return finish(result)


def said_of(result: Result, against: str | None, kpi: str, lang: str) -> list[str]:
    """Return what a comparison comes to, in sentences."""
    from analysis.results import comparison

    told = [*comparison.verdicts(result, against, kpi, lang=lang).values()]
    if kpi == "adoption":
        table = comparison.difference(result, against)
        net = comparison.verdicts(result, against, "cumulative_net", lang=lang)
        told += [text for one, text in net.items() if not table.loc[one, "identical"]]
    return told


def group_tables(
    result: Result, against: str | None, kpi: str
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the table of each kind of groups that was measured, and its title."""
    if not result.groups:
        return
    from analysis.results import summary
    from analysis.results.groups import group_texts, kinds

    label = summary.label_of("adoption").lower()
    for kind in kinds(result):
        title = f"By {kind}: {label} [%]"
        if len(result.scenarios) > 1 and personal(kpi) != "adoption":
            title += f"; difference of {summary.label_of(personal(kpi)).lower()}"
        yield title, group_texts(result, kind, against, personal(kpi))


def more(result: Result, against: str | None, kpi: str) -> dict[str, Any]:
    """Return what JSON holds of a result beside levels and differences."""
    from analysis.results import summary, tables

    levels: list[Any] = []
    gains: list[Any] = []
    if result.groups:
        from analysis.results.groups import group_differences, group_levels

        levels = records(group_levels(result))
        gains = records(group_differences(result, against, personal(kpi)))
    return {
        "curves": records(summary.curve_statistics(result)),
        "maturity": records(summary.maturity(result).rename(columns=str)),
        "groups": levels,
        "group_differences": gains,
        "budgets": {
            name: tables.budget_sentences(scenario) for name, scenario in result.scenarios.items()
        },
    }


def known_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return values with nothing in place of what is not a number, as JSON has none."""
    return {name: None if value != value else value for name, value in values.items()}


def personal(kpi: str) -> str:
    """Return the KPI, or adoption where only whole organisations have it."""
    from analysis.results.groups import PERSONAL

    return kpi if kpi in PERSONAL else "adoption"


MOST_PEOPLE = 2_000_000
"""People whose events are written at most, over all runs."""


def event_figures(result: Result, folder: Path) -> EventFigures:
    """Write the log of events of the only scenario beside its runs, and sum it up."""
    from analysis.results import summary
    from sim.study.experiments import events
    from sim.study.results import write_table

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
    from analysis.results.ensemble import CONTINUATIONS, troughs
    from sim.simulator import Simulator

    click.echo(f"Continuing {SAGGING} organisations {CONTINUATIONS} times ...", err=True)
    (scenario,) = result.scenarios.values()
    return float(troughs(Simulator(scenario, SAGGING, result.seed)).mean())


SAGGING = 100
"""Organisations continued many times to look for a trough."""

WHAT_IF = "What if, not a forecast of one firm's future."


def draw(
    result: Result, folder: Path, kpi: str, against: str | None, lang: str = "en"
) -> list[Path]:
    """Draw the curves, and those of groups, into the result's folder, unless they are there."""
    from analysis.figures.curves import adoption_curves, save_figure
    from analysis.figures.groups import group_figure
    from analysis.results.groups import kinds
    from sim.errors import AdoptionError

    ending = f"-against-{against}" if against else ""
    ending += f"-{lang}" if lang != "en" else ""
    wanted: dict[str, Callable[[], Picture]] = {
        f"{kpi}{ending}": partial(adoption_curves, result, against, kpi, lang)
    }
    for kind in kinds(result) if result.groups else []:
        wanted[f"{personal(kpi)}-by-{kind}{ending}"] = partial(
            group_figure, result, kind, against, personal(kpi), lang
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
