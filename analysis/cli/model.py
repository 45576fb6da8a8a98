"""The commands that measure the model itself: pairing, bench."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analysis.cli.shared import adopt, load, number_option, options
from analysis.cli.terminal import progress_bar


@adopt.command(
    epilog="""\b
Examples:
  adopt bench
  adopt bench --sweep
  adopt bench --sweep --figure planning.svg
"""
)
@click.option("--quick", is_flag=True, help="Skip what takes long: a million people, memory.")
@click.option("--sweep", is_flag=True, help="Sweeps instead of the engine: stored runs a second.")
@click.option(
    "--figure",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw speed and memory of sweeps to this file, as PNG and SVG.",
)
@options("json")
def bench(quick: bool, sweep: bool, figure: Path | None, as_json: bool) -> int:
    """Measure speed here, as ratios and costs within this run; a miss is no error."""
    from rich.console import Console

    from analysis import benchmark, sweep_benchmark
    from analysis.figures.curves import save_figure

    if figure and (quick or not sweep):
        raise click.BadParameter("needs --sweep without --quick", param_hint="--figure")
    with Console(stderr=True).status("measuring") as status:

        def report(what: str) -> None:
            status.update(f"measuring {what}")

        measure = sweep_benchmark.measured if sweep else benchmark.benchmark
        measurements = measure(report, quick)
    benchmark.tell(measurements, as_json)
    if figure:
        save_figure(sweep_benchmark.planning_figure(measurements, benchmark.machine()), figure)
    return 0


@adopt.command(
    epilog="""\b
Example:
  adopt pairing champions baseline
"""
)
@click.argument("scenario")
@click.argument("against", default="baseline")
@click.option("--kpi", default="adoption", show_default=True, help="KPI compared.")
@number_option("--month", (1, 1200), 18, "Month.")
@number_option("--runs", (10, 1_000_000), 1000, "Organisations.")
@options("seed", "set", "json")
def pairing(
    *,
    scenario: str,
    against: str,
    kpi: str,
    month: int,
    runs: int,
    seed: int | None,
    sets: tuple[str, ...],
    as_json: bool,
) -> int:
    """Measure what common people and luck are worth for a difference.

    Prints how many times less the difference varies with pairs than without: between
    organisations, and within one organisation where only luck differs.
    """
    chosen, reference = load([scenario, against], sets, None)
    from analysis.results.pairing import gain

    with progress_bar("Simulating", runs) as report:
        gained = gain(chosen, reference, kpi, month, runs, seed=seed or 1, progress=report)
    if as_json:
        click.echo(json.dumps(gained._asdict(), indent=2))
        return 0
    click.echo(
        f"{chosen.label} minus {reference.label}, {kpi} in month {month}: with pairs the variance is\n"
        f"  {gained.between:.1f} times less between organisations\n"
        f"  {gained.within:.1f} times less within one organisation (median of several)"
    )
    return 0
