"""The commands about what the evidence says of the parameters: calibrate, posterior."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from analysis.cli.shared import adopt, options
from analysis.cli.terminal import console, progress_bar, records, rich_table, say_limits

SETS = ("literature", "vendor")


@adopt.command(
    epilog="""\b
Examples:
  adopt calibrate
  adopt calibrate --set literature
  adopt calibrate --quick
"""
)
@click.option(
    "--set",
    "evidence",
    type=click.Choice(SETS),
    multiple=True,
    help="Evidence set; by default both.",
)
@click.option(
    "--quick", is_flag=True, help="A sixteenth of the simulations: to try it, not to use it."
)
@click.option(
    "--write", is_flag=True, help="Ship what is found: write scenarios/library/posteriors."
)
@options("seed", "output", "json")
def calibrate(
    *,
    evidence: tuple[str, ...],
    quick: bool,
    write: bool,
    seed: int | None,
    output: Path,
    as_json: bool,
) -> int:
    """Find the parameter vectors that reproduce the evidence.

    Which parameter vectors reproduce the evidence?

    Simulates a bank of vectors all over the prior, looks where the figures of the register with
    role 'calibrate' are reached, and keeps what reaches all of them in 250 pairs of organisations.
    Takes about an hour on two cores. Interrupted, it goes on where it stopped.
    """
    from analysis.studies.calibration import study
    from sim.study.posteriors import posterior_file

    size = study.Size()
    if quick:
        size = study.Size(128, 64, 1, 16, 4, 8, 24, 100, 12, 20)
    with progress_bar("Calibrating", 1.0) as report:
        calibration = study.calibrate(
            output,
            size,
            seed or 1,
            lambda stage, done, total: report(done, total, stage),
            evidence or SETS,
        )
    folder = posterior_file("vendor").parent if write else calibration.folder
    written = study.save(calibration, folder)
    summary = calibration.as_json()
    if as_json:
        click.echo(json.dumps(summary, indent=2))
        return 0
    terminal = console()
    for name, origin in summary.items():
        terminal.print(rich_table(_figures(origin), f"{name} evidence", index=False))
        terminal.print(
            f"{origin['vectors']} of {origin['checked']} vectors checked reach every figure, out "
            f"of {origin['plausible_share_of_prior']:.1%} of the prior.\n"
        )
    say_limits(terminal, *written)
    return 0


@adopt.command(
    epilog="""\b
Examples:
  adopt posterior
  adopt posterior literature --json
"""
)
@click.argument("evidence", nargs=-1, type=click.Choice(SETS), metavar="[SET]...")
@click.option("--figure/--no-figure", default=True, help="Draw the figures.")
@options("output", "json")
def posterior(evidence: tuple[str, ...], figure: bool, output: Path, as_json: bool) -> int:
    """Show what calibration leaves of the parameters, and what it cannot tell apart.

    For each parameter its prior, the central 90 % of the vectors that reproduce the evidence, the
    central vector, how far the evidence moved it at all, and how often its interval held a truth
    that the method was given to find.
    """
    from sim.study.posteriors import posterior_origin

    chosen = [name for name in SETS if not evidence or name in evidence]
    origins = {name: posterior_origin(name) for name in chosen}
    tables = {name: _parameters(name, origins[name]) for name in chosen}
    drawn: list[Path] = []
    if figure:
        from analysis.figures.curves import save_figure
        from analysis.studies.calibration import figure as figures

        place = output / "posterior" / "-".join(chosen)
        for called, draw in (
            ("identified", figures.identified_figure),
            ("reached", figures.reached_figure),
            ("tied", figures.tied_figure),
        ):
            drawn += save_figure(draw(chosen), place / called)
    if as_json:
        content = {name: {**origins[name], "parameters": records(tables[name])} for name in chosen}
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    recovered = ", ".join(
        f"{name}: {_held(origin):.0%} on average, {_prior(origin)} of {len(origin['overlap'])} hardly moved"
        for name, origin in origins.items()
    )
    for name in chosen:
        terminal.print(rich_table(tables[name], f"{name} evidence", index=False))
        terminal.print(
            rich_table(_figures(origins[name]), "What it was calibrated on", index=False)
        )
    terminal.print(
        "overlap: how much of the posterior is the prior; 'prior' is said of what the evidence hardly "
        "moved. truth held: how often the 90 % interval of this parameter held the truth, when the "
        "method that makes these vectors was given figures of a known one (simulation-based "
        f"calibration; {recovered}): intervals are too narrow where this is far below 90 %. emulator "
        "explains: share of a figure's variance, near where it is reached; the vectors themselves "
        "are simulated.",
        style="dim",
    )
    say_limits(terminal, *drawn[::2])
    return 0


def _held(origin: dict[str, Any]) -> float:
    """Return how often a 90 % interval held the truth, over all parameters."""
    held = [float(parameter["coverage_90"]) for parameter in origin["recovery"]]
    return sum(held) / len(held)


def _prior(origin: dict[str, Any]) -> int:
    """Return how many parameters the evidence hardly moved."""
    from analysis.studies.calibration.posterior import PRIOR

    return sum(value >= PRIOR for value in origin["overlap"].values())


def _figures(origin: dict[str, Any]) -> Any:
    """Return the figures of a posterior as a table of texts."""
    import pandas as pd

    return pd.DataFrame(
        {
            "figure": figure["name"],
            "source says": f"{figure['expected']:g}",
            "band": f"{figure['low']:g} to {figure['high']:g}",
            "kept vectors": f"{figure['mean']:.3f}",
            "their central 90 %": f"{figure['kept_low']:.3f} to {figure['kept_high']:.3f}",
            "emulator explains": f"{figure['emulator_explains']:.0%}",
        }
        for figure in origin["figures"]
    )


def _parameters(name: str, origin: dict[str, Any]) -> Any:
    """Return the parameters of a posterior as a table of texts."""
    import pandas as pd

    from analysis.studies.calibration.posterior import PRIOR
    from sim.parameters import numbers
    from sim.study.posteriors import calibrated
    from sim.study.posteriors import posterior as vectors_of

    vectors = vectors_of(name)
    shared = origin["overlap"]
    covered = {parameter["parameter"]: parameter["coverage_90"] for parameter in origin["recovery"]}
    rows = []
    for parameter in sorted(calibrated(), key=lambda key: shared[key]):
        low, high = calibrated()[parameter]
        begin, end = vectors[parameter].quantile([0.05, 0.95])
        rows.append(
            {
                "parameter": parameter,
                "unit": numbers()[parameter].unit,
                "prior": f"{low:g} to {high:g}",
                "central 90 %": f"{begin:.3g} to {end:.3g}",
                "central": f"{origin['central'][parameter]:.3g}",
                "overlap": f"{shared[parameter]:.0%}"
                + (", prior" if shared[parameter] >= PRIOR else ""),
                "truth held (90 %)": f"{covered[parameter]:.0%}",
            }
        )
    return pd.DataFrame(rows)
