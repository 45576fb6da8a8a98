"""The commands that measure the model itself: pairing, bench."""

from __future__ import annotations

import json

import click

from analysis.cli.shared import adopt, load, options, progress_bar


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
