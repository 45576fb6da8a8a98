"""The command that asks what can go wrong with plans, and what that rests on: risk."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.shared import (
    adopt,
    evidence_option,
    evidence_vectors,
    goal_of,
    goal_options,
    load,
    number_option,
    options,
    say_going_on,
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
    import pandas as pd

    from analysis.decisions.risk import Question, Risk
    from analysis.results.pieces import Pieces


@adopt.command(
    epilog="""\b
Examples:
  adopt risk baseline champions leadership
  adopt risk acme-licences.yaml acme.yaml --level 50 --month 12
  adopt risk baseline champions --under literature --vectors 10 --organisations 20 --cases 0
  adopt risk baseline champions --kpi cumulative_net --level 0 --month 24 --json
  adopt risk baseline champions --lang nl --set organisation.employees=300
"""
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@goal_options()
@click.option(
    "--level",
    type=float,
    metavar="LEVEL",
    help="What has to be reached, as the KPI is shown: percent of shares.  [default: 35, of adoption]",
)
@evidence_option("--under", "both")
@number_option(
    "--vectors", (2, 1000), 40, "Sets of numbers (parameter vectors) of each body of evidence."
)
@number_option(
    "--organisations",
    (2, 100_000),
    40,
    "Organisations under each set of numbers, the same for every plan.",
)
@number_option(
    "--cases",
    (0, 100_000),
    400,
    "Other organisations tried, each under a set of numbers, to find where plans fail; 0 for none.",
)
@options("figure", "seed", "set", "output", "lang", "json")
def risk(
    *,
    scenarios: tuple[str, ...],
    kpi: str,
    month: int | None,
    level: float | None,
    evidence: str,
    vectors: int,
    organisations: int,
    cases: int,
    figure: bool,
    seed: int | None,
    sets: tuple[str, ...],
    output: Path,
    lang: str,
    as_json: bool,
) -> int:
    """Say how often plans fail, which is regretted least, and what that rests on.

    What can go wrong with which plan, and what does that rest on?

    Every plan meets the same organisations under many sets of numbers that reproduce the evidence.
    Says how often each misses a level; how far it stays behind the best plan there and then; how
    often it beats the others; how much of the effects, counted from the first scenario, has to be
    believed for the ranking to stay; and in which other organisations, and under which parameters,
    the best plan is beaten or fails: that is searched for in half of the cases and held against the
    other half, and both are told. Interrupted, the same command goes on from what is finished.
    """
    chosen = load(scenarios, sets, None)
    from analysis.decisions import risk as study
    from analysis.decisions import risk_tables as tables
    from analysis.words.languages import language

    seed, words = 1 if seed is None else seed, language(lang)
    asked = study.question(
        chosen,
        evidence_vectors(evidence, vectors, seed),
        goal_of(kpi, month, *chosen),
        level,
        organisations,
        cases=cases,
        seed=seed,
    )
    pieces = tables.place(asked).pieces(output, partial(click.echo, err=True))
    total = len(asked.vectors) + asked.cases
    _say_how_long(asked, len(pieces.found))
    say_going_on(pieces, total, "sets of numbers and other organisations")
    began = time.perf_counter()
    risked = _investigated(asked, total, pieces)
    seconds = time.perf_counter() - began
    folder = tables.save(risked, output)
    drawn = draw(risked.figure(words), folder / "risk", lang) if figure else []
    if as_json:
        print_study(risked.as_json(), drawn, folder)
    else:
        _tell(risked, seconds, lang)
        say_limits(console(), *drawn[:1], folder)
    pieces.remove()
    return 0


def _investigated(asked: Question, total: int, pieces: Pieces) -> Risk:
    """Return what came of a study; if it is interrupted, say that the same command goes on."""
    from analysis.decisions.risk import investigate
    from sim.errors import InterruptedStudyError

    try:
        with progress_bar("Sets of numbers and other organisations", total) as report:
            return investigate(asked, report, pieces)
    except InterruptedStudyError as part:
        raise InterruptedStudyError(f"{part}; the same command goes on from there") from None


def _say_how_long(asked: Question, there: int) -> None:
    """Say before it starts how long it takes; ``there`` is the number of pieces that are finished."""
    from analysis.decisions.risk import expected_seconds
    from sim.scenario.words import counted, duration
    from sim.study.sweeps.engines import processors

    left = 1.0 - there / (len(asked.vectors) + asked.cases)
    seconds = left * expected_seconds(asked, processors())
    click.echo(
        f"{counted(len(asked.scenarios), 'scenario')} x ({counted(len(asked.vectors), 'set of numbers', 'sets of numbers')} x "
        f"{counted(asked.organisations, 'organisation')} + {counted(asked.cases, 'other organisation')}): "
        f"about {duration(seconds)}. Interrupted, what is finished is kept, and the same command goes on.",
        err=True,
    )


def _tell(risked: Risk, seconds: float, lang: str) -> None:
    """Print the tables, and what they come to."""
    from analysis.decisions import risk_tables as tables
    from analysis.words.languages import language

    terminal, asked = console(), risked.asked
    goal = asked.goal
    terminal.print(
        rich_table(_plans(risked), f"Failing: missing {asked.level:g} of {goal.title()}")
    )
    terminal.print(
        rich_table(_beliefs(tables.belief_table(risked)), "If so much of the effects is believed")
    )
    say(terminal, *(f"  {sentence}" for sentence in risked.said(language(lang))))
    terminal.print()
    vectors = ", ".join(f"{len(those)} {name}" for name, those in asked.sets.items())
    say(
        terminal,
        f"{asked.organisations:,} organisations under each set of numbers ({vectors}), seed {asked.seed}. "
        "fails: share of both; between: nine tenths of the sets of numbers. regret: behind the best plan there "
        f"and then, in {goal.unit or 'its unit'}. best: share in which no plan does better. Belief: of what "
        "each plan adds to the first scenario; costs are believed in full. "
        f"{seconds / 60:.1f} minutes.",
        style="dim",
    )


def _plans(risked: Risk) -> pd.DataFrame:
    """Return the table of plans as texts."""
    table = risked.table
    texts = table[["mean"]].map(lambda value: f"{value:.3g}")
    texts["fails"] = table["fails"].map(_percent)
    texts["between"] = [
        f"{100 * low:.0f}-{100 * high:.0f}"
        for low, high in zip(table["fails_low"], table["fails_high"], strict=True)
    ]
    for evidence in risked.asked.sets:
        texts[evidence] = table[f"fails_{evidence}"].map(_percent)
    for name in ("regret", "regret_90"):
        texts[name.replace("_", " ")] = table[name].map(lambda value: f"{value:.3g}")
    texts["best"] = table["best"].map(_percent)
    return texts


def _beliefs(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table of beliefs as texts."""
    shares = [name for name in table if name != "earns_most"]
    texts = table[["earns_most"]].rename(columns={"earns_most": "earns most"})
    for name in shares:
        texts[f"{name} fails"] = table[name].map(_percent)
    texts.index = [_percent(belief) for belief in table.index]
    return texts.rename_axis("belief")


def _percent(share: Any) -> str:
    """Return a share in whole percent."""
    return f"{100 * share:.0f} %"
