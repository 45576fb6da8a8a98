"""Commands that look at who notices whom: network, champions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.shared import adopt, finish, load, number_option, options, simulate
from analysis.cli.terminal import console, progress_bar, records, rich_table, say, say_limits

if TYPE_CHECKING:
    import pandas as pd

ORGANISATIONS = 20
MONTH = 18


@adopt.command(
    epilog="""\b
Examples:
  adopt network baseline
  adopt network champions --colour archetype --seed 3
  adopt network champions --lang nl
  adopt network baseline --set organisation.network.kind=scale_free
"""
)
@click.argument("scenario")
@options("seed", "set")
@number_option("--runs", (1, 10_000), ORGANISATIONS, "Organisations the numbers are measured on.")
@click.option(
    "--colour",
    type=click.Choice(["department", "archetype", "role"]),
    default="department",
    show_default=True,
    help="What the colours of people stand for.",
)
@options("output", "lang", "json")
def network(
    *,
    scenario: str,
    seed: int | None,
    sets: tuple[str, ...],
    runs: int,
    colour: str,
    output: Path,
    lang: str,
    as_json: bool,
) -> int:
    """Draw who notices whom, and compare the network's numbers with those of real firms.

    The picture shows the first organisation. Leaders are larger, champions ringed; above 1,500
    people departments are drawn instead. Of people read from a file only departments are ever
    drawn, those smaller than privacy.min_group with another.
    """
    (loaded,) = load([scenario], sets, None)
    from analysis.figures.curves import save_figure
    from analysis.network import numbers
    from analysis.network.picture import network_picture
    from analysis.studies.ties import kept_verdict

    seed = loaded.simulation.seed if seed is None else seed
    picture = network_picture(loaded, seed, colour=colour, lang=lang)
    stem = output / loaded.name / f"network-{loaded.fingerprint()}-seed-{seed}-{colour}"
    stem = stem.with_name(f"{stem.name}-{lang}") if lang != "en" else stem
    drawn = save_figure(picture, stem)
    with progress_bar("Measuring", runs) as report:
        table = numbers.table(loaded, runs, seed, report)
    if as_json:
        content = {
            "figures": [str(path) for path in drawn],
            "organisations": runs,
            "seed": seed,
            "numbers": records(table),
            "ties": kept_verdict(),
        }
        click.echo(json.dumps(content, indent=2))
        return 0
    terminal = console()
    terminal.print(rich_table(_texts(table), loaded.organisation.name, index=False))
    estimated = " Clustering and paths are estimated from a sample of people."
    terminal.print(
        f"Mean and 10-90 % of {runs} organisations, seed {seed}. In real firms: friendship and "
        "advice ties, taken as mutual."
        + (estimated if loaded.organisation.employees > numbers.SAMPLE else ""),
        style="dim",
    )
    say(terminal, picture.message, kept_verdict())
    say_limits(terminal, drawn[0])
    return 0


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the numbers as they are shown."""
    import pandas as pd

    def text(value: float) -> str:
        if value != value:
            return ""
        return f"{value:,.0f}" if value >= 50 else f"{value:.3g}"

    return pd.DataFrame(
        {
            "figure": frame["label"],
            "mean": [text(number) for number in frame["mean"]],
            "10-90 %": [
                f"{text(low)} to {text(high)}" if high > low else ""
                for low, high in zip(frame["low"], frame["high"], strict=True)
            ],
            "real firms": [
                f"{low:g} to {high:g}" if low == low else ""
                for low, high in zip(frame["firms_low"], frame["firms_high"], strict=True)
            ],
            "band": frame["verdict"],
        }
    )


@adopt.command(
    epilog="""\b
Examples:
  adopt champions baseline
  adopt champions full-programme --share 0.05 --runs 500
"""
)
@click.argument("scenario")
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True),
    help="Champions as a share of the staff; as the scenario says, or 0.08.",
)
@options("runs", "seed", "set", "threads", "output", "json")
def champions(
    *,
    scenario: str,
    share: float | None,
    runs: int | None,
    seed: int | None,
    sets: tuple[str, ...],
    threads: int | None,
    output: Path,
    as_json: bool,
) -> int:
    """Compare ways of choosing champions on the same people, ties and luck.

    By chance, volunteers, best connected, best bridges, nominated by colleagues, volunteers of
    each department, and the set that reaches most; and without champions. What differs is
    measured in weekly users in month 18.
    """
    (loaded,) = load([scenario], sets, None)
    from analysis.figures.curves import save_figure
    from analysis.network import champions as study

    result = simulate(study.variants(loaded, share), runs, seed, threads)
    month = min(MONTH, loaded.simulation.months)
    table = study.table(result, month)
    folder = result.save(output, f"{loaded.name}-champions")
    drawn = save_figure(study.picture(table, result, month), folder / "champions")
    if as_json:
        content = {
            "folder": str(folder),
            "figures": [str(path) for path in drawn],
            "runs": result.runs,
            "seed": result.seed,
            "month": month,
            "ways": records(table),
        }
        click.echo(json.dumps(content, indent=2))
        return finish(result)
    terminal = console()
    terminal.print(rich_table(_shown(table), loaded.organisation.name, index=False))
    terminal.print(study.message(table, next(iter(result.scenarios))), markup=False)
    terminal.print(
        f"Weekly users in month {month} [%], and points more or less than with champions chosen by "
        f"chance, with the 95 % interval of the mean over {result.runs} organisations, seed "
        f"{result.seed}. ties: of those chosen. reach: staff who are champions or notice one. "
        "What if, not a forecast.",
        style="dim",
    )
    say_limits(terminal, drawn[0], folder)
    return finish(result)


def _shown(table: pd.DataFrame) -> pd.DataFrame:
    """Return the comparison as it is shown."""
    import pandas as pd

    return pd.DataFrame(
        {
            "champions": table["label"],
            "users": [f"{number:.1f}" for number in table["mean"]],
            "points": [f"{number:+.1f}" if number else "" for number in table["difference"]],
            "95 % interval": [
                f"{low:+.1f} to {high:+.1f}" if low < high else ""
                for low, high in zip(table["low"], table["high"], strict=True)
            ],
            "chosen": [f"{number:,.0f}" if number == number else "" for number in table["number"]],
            "ties": [f"{number:.1f}" if number == number else "" for number in table["degree"]],
            "reach": [
                f"{100 * number:.0f} %" if number == number else "" for number in table["reach"]
            ],
        }
    )
