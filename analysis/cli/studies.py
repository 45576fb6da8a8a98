"""Commands that simulate: run, compare, fit, pairing, bench."""

from __future__ import annotations

import json
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

    from sim.results import Result


@adopt.command(
    epilog="""\b
Examples:
  adopt compare baseline leadership champions full-programme
  adopt compare acme-licences.yaml acme.yaml --runs 1000 --seed 7
  adopt compare baseline champions --set organisation.employees=500 --json
"""
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@options("runs", "seed", "months", "set", "threads", "name", "output", "json")
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
    never overwritten.
    """
    chosen = load(scenarios, sets, months)
    known_kpi(kpi)
    if against is not None and against not in [one.name for one in chosen]:
        raise click.BadParameter(
            f"found '{against}', expected one of: {', '.join(one.name for one in chosen)}",
            param_hint="--against",
        )
    result = simulate(chosen, runs, seed, threads)
    return show(result, output, name, as_json, kpi, against, figure)


@adopt.command(
    epilog="""\b
Examples:
  adopt run champions
  adopt run champions --set programme.champions.share=0.04 --runs 500
"""
)
@click.argument("scenario")
@options("runs", "seed", "months", "set", "threads", "name", "output", "json")
@click.option("--kpi", default="adoption", show_default=True, help="KPI of the figure.")
@click.option("--figure/--no-figure", default=True, help="Draw the figure.")
def run(
    scenario: str,
    runs: int | None,
    seed: int | None,
    months: int | None,
    sets: tuple[str, ...],
    threads: int | None,
    name: str | None,
    output: Path,
    as_json: bool,
    kpi: str,
    figure: bool,
) -> int:
    """Simulate one scenario and show its KPIs at months 3, 6, 12, 18 and 24."""
    known_kpi(kpi)
    result = simulate(load([scenario], sets, months), runs, seed, threads)
    return show(result, output, name, as_json, kpi, None, figure)


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
) -> int:
    """Print, draw and store a result."""
    from analysis import comparison, tables
    from sim.kpis import KPIS

    folder = result.save(output, name)
    drawn = draw(result, folder, kpi, against) if figure else []
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
        }
        click.echo(json.dumps(content, indent=2))
        return finish(result)
    terminal = console()
    unit = KPIS[kpi].unit.replace("share", "%")
    title = f"{tables.organisations(result)}: {KPIS[kpi].label.lower()} [{unit}]"
    shown = tables.overview(result, against, kpi) if several else tables.profile(result)
    terminal.print(rich_table(shown, title))
    if several:
        for sentence in comparison.verdicts(result, against, kpi).values():
            terminal.print(f"  {sentence}", markup=False, soft_wrap=True)
        terminal.print()
    if several:
        terminal.print(
            "m6: mean in month 6. 10-90 %: where 80 % of organisations end. difference: in points or "
            "the unit above, between the same organisations (~ if they are not the same), with the "
            "95 % interval of its mean; ? if that includes 0. never: never a weekly user [%]. half: "
            "mean month in which half use it weekly, where most organisations get there. cost, net: "
            "whole period.",
            style="dim",
        )
    terminal.print(f"{result.runs} organisations, seed {result.seed}. {LIMITS}", style="dim")
    for path in (*drawn[:1], folder):
        terminal.print(str(path), markup=False, soft_wrap=True)
    return finish(result)


def records(frame: pd.DataFrame) -> Any:
    """Return a table as plain values, for JSON."""
    return json.loads(frame.reset_index().to_json(orient="records"))


LIMITS = "What if, not a forecast of one firm's future."


def draw(result: Result, folder: Path, kpi: str, against: str | None) -> list[Path]:
    """Draw the curves into the result's folder, unless they are there already."""
    stem = folder / (f"{kpi}-against-{against}" if against else kpi)
    paths = [stem.with_suffix(".png"), stem.with_suffix(".svg")]
    if not all(path.is_file() for path in paths):
        from analysis import plots

        plots.save_figure(plots.adoption_curves(result, against, kpi), stem)
    return paths


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
