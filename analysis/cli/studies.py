"""The commands that simulate scenarios and show what came of it: run, compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial, wraps
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from analysis.cli.shared import (
    adopt,
    checked_precision,
    finish,
    import_ahead,
    load,
    options,
    precision_options,
    say_interrupted,
    simulate,
)
from analysis.cli.terminal import console, progress_bar, records, rich_table, say, say_limits

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from analysis.decisions.precision import Precise
    from analysis.figures.frame import Picture
    from analysis.results.summary import EventFigures
    from sim.scenario.schema import Scenario
    from sim.study.results import Result


LEAST = 40
"""Organisations with which a comparison begins that is to be precise; more are added."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for by the options that both commands have, and by --against."""

    runs: int | None
    seed: int | None
    months: int | None
    sets: tuple[str, ...]
    by: tuple[str, ...]
    threads: int | None
    name: str | None
    output: Path
    lang: str
    as_json: bool
    kpi: str
    figure: bool
    against: str | None = None
    precision: float | None = None
    most: int | None = None
    level: float | None = None

    def load(self, names: Sequence[str]) -> list[Scenario]:
        """Read scenarios with the changes asked for; raise if there is no such KPI."""
        scenarios = load(names, self.sets, self.months)
        from analysis.results.summary import known
        from sim.errors import AdoptionError
        from sim.kpis import KPIS

        try:
            known(self.kpi, KPIS, "KPI")
        except AdoptionError as error:
            raise click.BadParameter(str(error), param_hint="--kpi") from error
        return scenarios

    def simulate(self, scenarios: Sequence[Scenario]) -> Result:
        """Simulate scenarios on the same people and the same luck."""
        return simulate(scenarios, self.runs, self.seed, self.threads, self.by)

    def simulate_precisely(self, scenarios: Sequence[Scenario], precision: float) -> Precise:
        """Simulate scenarios in as many organisations as their differences need."""
        from analysis.decisions.precision import MOST, compared

        import_ahead()
        with progress_bar("Simulating", LEAST) as report:
            precise = compared(
                scenarios,
                precision,
                MOST if self.most is None else self.most,
                against=self.against,
                kpi=self.kpi,
                seed=self.seed,
                progress=report,
                threads=self.threads,
                by=self.by,
            )
        say_interrupted(precise.result)
        return precise


def wanted_as_one(command: Callable[..., int]) -> Callable[..., int]:
    """Hand a command the values of its options as one ``Wanted``, beside what is its own."""

    @wraps(command)
    def with_wanted(**given: Any) -> int:
        names = [field.name for field in fields(Wanted) if field.name in given]
        return command(wanted=Wanted(**{name: given.pop(name) for name in names}), **given)

    return with_wanted


@adopt.command(
    epilog="""\b
Examples:
  adopt compare baseline leadership champions full-programme
  adopt compare acme-licences.yaml acme.yaml --runs 1000 --seed 7
  adopt compare baseline champions --set organisation.employees=500 --json
  adopt compare baseline leadership --by archetype,department
  adopt compare baseline leadership --lang nl
  adopt compare baseline champions --precision 1 --max-runs 1000
  adopt compare baseline champions --level 35
"""
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options("runs", "seed", "months", "set", "by", "threads", "name", "output", "lang", "json")
@click.option(
    "--kpi", default="adoption", show_default=True, help="KPI of the figure and the verdict."
)
@click.option("--against", help="Scenario the others are compared with; by default the first.")
@precision_options("each difference from the first scenario")
@click.option(
    "--level",
    type=float,
    metavar="PERCENT",
    help="Say in how many organisations fewer than so many percent use it weekly in month 18.",
)
@options("figure")
@wanted_as_one
def compare(*, scenarios: tuple[str, ...], wanted: Wanted) -> int:
    """Compare scenarios on the same people and the same luck.

    Prints a table with paired differences and their 95 % intervals, draws the adoption curves,
    and stores every run with what made it in OUTPUT/NAME/FINGERPRINT. An existing result is
    never overwritten. With --by, the same for each group of people.

    With --precision, organisations are added until the 95 % interval of each difference reaches no
    further to either side: luck of organisations only, not what is unsure about the parameters
    (adopt risk). The result is that of --runs with as many.
    """
    checked_precision(wanted.precision, wanted.most, wanted.runs)
    chosen = wanted.load(scenarios)
    names = [scenario.name for scenario in chosen]
    if wanted.against is not None and wanted.against not in names:
        raise click.BadParameter(
            f"found '{wanted.against}', expected one of: {', '.join(names)}",
            param_hint="--against",
        )
    if wanted.level is not None:
        from analysis.decisions.precision import level_checked

        level_checked(wanted.level)
    if wanted.precision is not None:
        precise = wanted.simulate_precisely(chosen, wanted.precision)
        return show(precise.result, wanted, precise=precise)
    return show(wanted.simulate(chosen), wanted)


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
@options("figure")
@click.option(
    "--trough", is_flag=True, help="See whether use sags after the novelty; takes longer."
)
@click.option("--events", is_flag=True, help="Store and sum up who started and stopped when.")
@wanted_as_one
def run(*, scenario: str, wanted: Wanted, trough: bool, events: bool) -> int:
    """Simulate one scenario: its KPIs month by month, its curve, its money.

    --by adds tables and figures of groups; those smaller than privacy.min_group are not shown.
    --events writes events.parquet and says how many colleagues used AI when people started.
    --trough continues the first organisations many times over, so that luck makes no trough.
    """
    result = wanted.simulate(wanted.load([scenario]))
    return show(result, wanted, trough=trough, events=events)


class Report(NamedTuple):
    """A result, what was asked of it, and what was drawn and looked at beside its tables."""

    result: Result
    wanted: Wanted
    folder: Path
    drawn: list[Path]
    starts: EventFigures | None
    trough: float | None
    precise: Precise | None = None

    @property
    def several(self) -> bool:
        """Whether there is anything to compare."""
        return len(self.result.scenarios) > 1


def show(
    result: Result,
    wanted: Wanted,
    *,
    trough: bool = False,
    events: bool = False,
    precise: Precise | None = None,
) -> int:
    """Print, draw and store a result."""
    folder = result.save(wanted.output, wanted.name, lambda text: click.echo(text, err=True))
    report = Report(
        result,
        wanted,
        folder,
        draw(result, folder, wanted) if wanted.figure else [],
        event_figures(result, folder) if events else None,
        trough_of(result) if trough else None,
        precise,
    )
    if wanted.as_json:
        click.echo(json.dumps(content_of(report), indent=2))
    else:
        print_report(report)
    return finish(result)


def content_of(report: Report) -> dict[str, Any]:
    """Return what JSON holds of a result."""
    from analysis.results import comparison, tables
    from sim.study.provenance import LIMITS

    result, wanted = report.result, report.wanted
    differences: list[Any] = []
    if report.several:
        differences = records(comparison.difference(result, wanted.against, wanted.kpi))
    return {
        "folder": str(report.folder),
        "figures": [str(path) for path in report.drawn],
        "fingerprint": result.fingerprint,
        "runs": result.runs,
        "asked": result.asked,
        "seed": result.seed,
        "limits": LIMITS,
        "levels": records(tables.levels(result)),
        "differences": differences,
        **more(result, wanted.against, wanted.kpi),
        "events": None if report.starts is None else known_values(report.starts._asdict()),
        "trough": report.trough,
        **sureness_of(report),
        "undone": {
            name: [measure.told() for measure in measures]
            for name, measures in result.undone.items()
        },
        "identical": tables.identity_sentences(result),
        "spent": tables.spending_sentences(result),
    }


def print_report(report: Report) -> None:
    """Print a result: its tables, what they come to, and how they are to be read."""
    from analysis.results import tables

    result, wanted = report.result, report.wanted
    terminal = console()
    say(terminal, *tables.first_sentences(result))
    if report.several:
        print_comparison(terminal, report)
    else:
        terminal.print(rich_table(tables.profile(result), tables.organisations(result)))
        terminal.print(rich_table(tables.curve_table(result), "Curve and money"))
        say(terminal, tables.maturity_sentence(result), *sureness_sentences(report))
    for title, texts in group_tables(result, wanted.against, wanted.kpi):
        terminal.print(rich_table(texts, title))
    if report.starts is not None:
        say(terminal, tables.events_sentence(report.starts))
    if report.trough is not None:
        say(terminal, trough_sentence(report.trough))
    budgets = (
        tables.budget_sentences(scenario, first=False) for scenario in result.scenarios.values()
    )
    spent, reacted = tables.spending_sentences(result), tables.reaction_sentences(result)
    say(terminal, *chain(*budgets), *spent, *reacted)
    for note in notes_of(report):
        terminal.print(note, style="dim")
    say_limits(terminal, *report.drawn[::2], report.folder)


def print_comparison(terminal: Console, report: Report) -> None:
    """Print the table of several scenarios, and what it comes to."""
    from analysis.results import summary, tables
    from sim.kpis import KPIS

    result, wanted = report.result, report.wanted
    unit = KPIS[wanted.kpi].unit.replace("share", "%")
    label = summary.label_of(wanted.kpi).lower()
    overview = tables.overview(result, wanted.against, wanted.kpi)
    terminal.print(rich_table(overview, f"{tables.organisations(result)}: {label} [{unit}]"))
    sentences = [
        *said_of(result, wanted.against, wanted.kpi, wanted.lang),
        *sureness_sentences(report),
    ]
    say(terminal, *(f"  {sentence}" for sentence in sentences))
    terminal.print()


def sureness_sentences(report: Report) -> Iterator[str]:
    """Yield how often each scenario fails and how precise it is, as far as that was asked for."""
    from analysis.decisions import precision
    from analysis.results.summary import labels
    from analysis.words.languages import language

    result, wanted = report.result, report.wanted
    words = language(wanted.lang)
    if wanted.level is not None:
        goal = precision.failing_goal(result)
        reference = labels(result, words)[wanted.against or next(iter(result.scenarios))]
        for row in precision.failing(result, wanted.level, wanted.against, words=words):
            yield precision.failing_sentence(row, wanted.level, goal, words, reference)
    if report.precise is not None:
        yield report.precise.sentence(words)


def sureness_of(report: Report) -> dict[str, Any]:
    """Return the same as plain values, None where it was not asked for."""
    from analysis.decisions.precision import failing

    result, wanted = report.result, report.wanted
    rows = [] if wanted.level is None else failing(result, wanted.level, wanted.against)
    return {
        "precision": None if report.precise is None else report.precise.as_json(),
        "level": wanted.level,
        "failing": [{**row._asdict(), "share": row.share} for row in rows],
    }


def trough_sentence(share: float) -> str:
    """Return in how many organisations use sags after the novelty."""
    from analysis.results.comparison import percent

    return (
        "Early dip: in months 4 to 9 after access expected use is a tenth or more below its top in "
        f"months 1 to 4 in {percent(share)} % of {SAGGING} organisations (over many "
        "continuations of each). Later falls do not count."
    )


def notes_of(report: Report) -> Iterator[str]:
    """Yield how the tables are to be read, and what they were made of."""
    if report.several:
        yield (
            "m6: mean in month 6. 10-90 %: where 80 % of organisations end. difference: in points or "
            "the unit above, between the same organisations (~ if they are not the same), with the "
            "95 % interval of its mean; ? if that includes 0. never: never a weekly user [%]. "
            "cost, net: whole period, with half the 95 % interval of the mean, or from where to where."
        )
    if report.result.groups:
        yield (
            "Groups: never: never a weekly user [%], threat: felt threat [0 to 1], both at the end. "
            "not shown: too few people."
        )
    yield f"{report.result.runs} organisations, seed {report.result.seed}. {WHAT_IF}"


def said_of(result: Result, against: str | None, kpi: str, lang: str) -> list[str]:
    """Return what a comparison comes to, in sentences."""
    from analysis.results import comparison

    sentences = [*comparison.verdicts(result, against, kpi, lang=lang).values()]
    if kpi == "adoption":
        table = comparison.difference(result, against)
        net = comparison.verdicts(result, against, "cumulative_net", lang=lang)
        sentences += [text for name, text in net.items() if not table.loc[name, "identical"]]
    return sentences


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

    (scenario,) = result.scenarios.values()
    size = scenario.organisation.employees
    runs = max(1, min(result.runs, MOST_PEOPLE // size))
    if runs < result.runs:
        click.echo(f"Events: of the first {runs} organisations, {runs * size:,} people.", err=True)
    with progress_bar("Events", runs) as report:
        log = events(scenario, runs, result.seed, report)
    write_table(log, folder / "events.parquet")
    return summary.event_figures(log, (int(log["run"].max()) + 1 if len(log) else 1) * size)


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


def draw(result: Result, folder: Path, wanted: Wanted) -> list[Path]:
    """Draw the curves, and those of groups, into the result's folder, unless they are there."""
    from analysis.figures.curves import adoption_curves, save_figure
    from analysis.figures.groups import group_figure
    from analysis.results.groups import kinds
    from sim.errors import AdoptionError

    kpi, against, lang = wanted.kpi, wanted.against, wanted.lang
    ending = f"-against-{against}" if against else ""
    ending += f"-{lang}" if lang != "en" else ""
    pictures: dict[str, Callable[[], Picture]] = {
        f"{kpi}{ending}": partial(adoption_curves, result, against, kpi, lang)
    }
    for kind in kinds(result) if result.groups else []:
        pictures[f"{personal(kpi)}-by-{kind}{ending}"] = partial(
            group_figure, result, kind, against, personal(kpi), lang
        )
    paths = []
    for name, picture in pictures.items():
        pair = [folder / f"{name}.png", folder / f"{name}.svg"]
        if not all(path.is_file() for path in pair):
            try:
                save_figure(picture(), folder / name)
            except AdoptionError as error:
                click.echo(f"not drawn: {error}", err=True)
                continue
        paths += pair
    return paths
