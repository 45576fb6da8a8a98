"""The commands that measure the model itself: fit, pairing, bench."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analysis.cli.shared import adopt, console, load, options, progress_bar, rich_table


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
