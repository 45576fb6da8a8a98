"""The command that asks what now: forecast."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from analysis.cli.shared import (
    adopt,
    evidence_option,
    evidence_vectors,
    load,
    number_option,
    options,
)
from analysis.cli.terminal import (
    console,
    draw,
    print_study,
    progress_bar,
    rich_table,
    say,
    say_limits,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from analysis.decisions.forecast import Asked, Forecast
    from sim.scenario.schema import Scenario

ALL: Final = 1_000_000
"""More parameter vectors than there are."""


@adopt.command(
    epilog="""\b
Examples:
  adopt forecast leadership --observed docs/examples/use.csv
  adopt forecast acme.yaml --observed copilot-jan.csv --observed copilot-feb.csv --first 2026-01
  adopt forecast acme.yaml --observed use.csv --plan acme-champions.yaml --month 18
  adopt forecast acme.yaml --observed viva.csv --particles 5000 --lang nl --json
"""
)
@click.argument("scenario")
@click.option(
    "--observed",
    "files",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="What was observed: month, active, enabled; or an export of the Microsoft 365 Copilot usage "
    "report or of Viva Insights. Repeatable.",
)
@click.option(
    "--first",
    metavar="MONTH",
    help="The calendar month that is month 1, such as 2026-01.  [default: the first observed]",
)
@click.option(
    "--plan",
    "plans",
    multiple=True,
    metavar="SCENARIO",
    help="Another programme, followed from the month after the last observed on. Repeatable.",
)
@click.option(
    "--month",
    type=click.IntRange(1, 1200),
    help="Month plans are held against each other in.  [default: the scenario's last]",
)
@evidence_option("--under", "both")
@number_option("--particles", (100, 1_000_000), 20_000, "Organisations simulated, about.")
@options("figure", "seed", "set", "output", "lang", "json")
def forecast(
    *,
    scenario: str,
    files: tuple[Path, ...],
    first: str | None,
    plans: tuple[str, ...],
    month: int | None,
    evidence: str,
    particles: int,
    figure: bool,
    seed: int | None,
    sets: tuple[str, ...],
    output: Path,
    lang: str,
    as_json: bool,
) -> int:
    """Say what is to come, given the use that was observed, and what each plan does from here.

    What now?

    Thousands of organisations are simulated under sets of numbers of both bodies of evidence.
    Those count that did what was observed. Shown are a band for the months to come (a single number
    only after nine months), what going on, stopping and other plans reach from here with the same past,
    what more months of measuring would settle, and how good earlier forecasts were. The first time it
    takes a minute; what is simulated is kept, interrupted or not, and the next forecast takes seconds.
    """
    chosen = load([scenario, *plans], sets, None)
    from analysis.decisions import forecast as study
    from analysis.decisions.observed import read_observed
    from analysis.words.languages import language

    seed, words = 1 if seed is None else seed, language(lang)
    asked = study.question(
        chosen[0],
        read_observed(files, first),
        plans=_named(chosen[1:]),
        month=month,
        sets=evidence_vectors(evidence, ALL, seed),
        particles=particles,
        seed=seed,
    )
    _say_how_long(asked)
    began, again = time.perf_counter(), list[str]()
    with progress_bar("Sets of numbers", len(asked.vectors)) as report:
        ahead = study.investigate(asked, root=output, progress=report, notice=again.append)
    seconds = time.perf_counter() - began
    _say_again(again)
    folder = study.save(ahead, output, words)
    drawn = draw(ahead.figure(words), folder / "forecast", lang) if figure else []
    if as_json:
        print_study(ahead.as_json(words), drawn, folder)
    else:
        _tell(ahead, seconds, lang)
        say_limits(console(), *drawn[:1], folder)
    return 0


def _named(plans: Sequence[Scenario]) -> dict[str, Scenario]:
    """Return plans by their names, each once."""
    named = {plan.name: plan for plan in plans}
    if len(named) < len(plans):
        raise click.UsageError("found two plans of one name, expected another name for each")
    return named


def _say_how_long(asked: Asked) -> None:
    """Say before it starts what is simulated."""
    from sim.scenario.words import counted

    click.echo(
        f"{counted(len(asked.vectors), 'set of numbers', 'sets of numbers')} x {counted(asked.organisations, 'organisation')}: about a "
        "minute the first time, then seconds. Interrupted, what is finished is kept, and the same command goes "
        "on.",
        err=True,
    )


def _say_again(notices: Sequence[str]) -> None:
    """Say once what could not be used of what is kept."""
    if notices:
        more = f" (and {len(notices) - 1:,} more)" if len(notices) > 1 else ""
        click.echo(f"{notices[0]}{more}", err=True)


def _tell(ahead: Forecast, seconds: float, lang: str) -> None:
    """Print what was observed and is to come, what plans do, and what that comes to."""
    from analysis.decisions import forecast_texts as texts
    from analysis.words.languages import language

    terminal, words = console(), language(lang)
    kpi = texts.kpi_name(ahead.levels.kpi)
    terminal.print(rich_table(_months(ahead), f"{kpi}, % of employees: observed, and 80 % band"))
    title = f"From here: {texts.within(kpi)} in month {ahead.asked.month}, % and points"
    terminal.print(rich_table(_plans(ahead), title))
    if ahead.past:
        terminal.print(rich_table(_past(ahead), "Earlier forecasts of this organisation"))
    say(terminal, f"{texts.message(ahead, words)}.")
    say(terminal, *texts.sentences(ahead, words))
    terminal.print()
    say(terminal, *(f"- {note}" for note in ahead.asked.observed.notes), style="dim")
    say(
        terminal,
        f"from, to: middle 80 % of the organisations that fit; difference: from going on, organisation by "
        f"organisation; better: share in which it is more; euro: from month {ahead.levels.last + 1} on, beside "
        f"going on. {ahead.runs:,} organisations, {ahead.fit.effective:.0f} of which count, seed {ahead.seed}. "
        f"{seconds:.0f} seconds.",
        style="dim",
    )


def _number(value: float, digits: int = 0, sign: str = "") -> str:
    from analysis.words.texts import minus

    return "" if value != value else minus(f"{value:{sign},.{digits}f}")


def _months(ahead: Forecast) -> list[dict[str, Any]]:
    """Return observed and band as texts: the months observed, and some of those to come."""
    last, end = ahead.levels.last, ahead.months.index[-1]
    some = {month for month in ahead.months.index if month <= last + 3 or month % 3 == 0}
    return [
        {
            "month": str(month),
            "observed": _number(row["observed"]),
            "from": _number(row["low"]) if month > last else "",
            "to": _number(row["high"]) if month > last else "",
            **({"middle": _number(row["middle"]) if month > last else ""} if ahead.points else {}),
        }
        for month, row in ahead.months.iterrows()
        if month in some | {end, ahead.asked.month}
    ]


def _plans(ahead: Forecast) -> pd.DataFrame:
    """Return what each plan does as texts."""
    import pandas as pd

    rows = []
    for name, row in ahead.table.iterrows():
        going_on = name == ahead.table.index[0]
        rows.append(
            {
                "plan": row["title"],
                "from": _number(row["low"]),
                "to": _number(row["high"]),
                **({"middle": _number(row["middle"])} if ahead.points else {}),
                "difference": "" if going_on else _number(row["difference"], 1, "+"),
                "at least": "" if going_on else _number(row["difference_low"], 1, "+"),
                "at most": "" if going_on else _number(row["difference_high"], 1, "+"),
                "better": "" if going_on else f"{100.0 * row['better']:.0f} %",
                "euro": "" if going_on else _number(row["more_cost"], 0, "+"),
            }
        )
    return pd.DataFrame(rows).set_index("plan")


def _past(ahead: Forecast) -> list[dict[str, Any]]:
    """Return how good earlier forecasts were as texts."""
    return [
        {
            "way": score.way,
            "CRPS, points": _number(100.0 * score.crps, 1),
            "in the band": ""
            if score.coverage != score.coverage
            else f"{100 * score.coverage:.0f} %",
            "months": str(score.values),
        }
        for score in ahead.past
    ]
