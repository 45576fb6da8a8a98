"""The command that asks why a scenario reaches what it reaches: explain."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.shared import (
    SHIPPED,
    adopt,
    checked_precision,
    evidence_option,
    evidence_vectors,
    goal_of,
    goal_options,
    load,
    number_option,
    options,
    precision_options,
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
    from collections.abc import Sequence

    import pandas as pd

    from analysis.decisions.explain import Asked, Explained
    from analysis.results.pieces import Pieces
    from sim.study.precision import Reached

RUNS, UNDER = 100, 20
"""Organisations by default: with the shipped numbers, and under each of several vectors."""


def _groups(_context: Any, _option: Any, given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the groups asked for, by name."""
    groups: dict[str, tuple[str, ...]] = {}
    for text in given:
        name, sign, members = text.partition("=")
        listed = tuple(word.strip() for word in members.split(",") if word.strip())
        if not (sign and name.strip() and listed):
            raise click.BadParameter(f"found '{text}', expected NAME=MEASURE,MEASURE")
        if name.strip() in groups:
            raise click.BadParameter(f"found group '{name.strip()}' twice, expected it once")
        groups[name.strip()] = listed
    return groups


@adopt.command(
    epilog="""\b
Examples:
  adopt explain full-programme
  adopt explain acme.yaml --against acme-licences.yaml --month 24
  adopt explain full-programme --group people=champions,buddies --month area
  adopt explain leadership-champions --under both --vectors 4 --lang nl
  adopt explain leadership-champions --precision 0.5 --max-runs 1000 --json
"""
)
@click.argument("scenario")
@click.option(
    "--against",
    metavar="SCENARIO",
    help="What it is held against.  [default: the same roll-out without measures]",
)
@goal_options()
@click.option(
    "--group",
    "groups",
    multiple=True,
    metavar="NAME=MEASURE,...",
    callback=_groups,
    help="Measures of one idea: they come together, and their sum is shown too. Repeatable.",
)
@evidence_option("--under", SHIPPED)
@number_option(
    "--vectors", (2, 1000), 8, "Sets of numbers (parameter vectors) of each body of evidence."
)
@number_option("--pairs", (2, 1000), 8, "Pairs of orders drawn where there are over ten measures.")
@precision_options("each share")
@options("runs", "figure", "seed", "set", "output", "lang", "json")
def explain(
    *,
    scenario: str,
    against: str | None,
    kpi: str,
    month: int | None,
    groups: dict[str, tuple[str, ...]],
    evidence: str,
    vectors: int,
    pairs: int,
    precision: float | None,
    most: int | None,
    runs: int | None,
    figure: bool,
    seed: int | None,
    sets: tuple[str, ...],
    output: Path,
    lang: str,
    as_json: bool,
) -> int:
    """Say what each measure of a scenario adds, and why people began.

    Why does it reach what it reaches?

    Every coalition of measures is simulated on the same people with the same luck. What a measure
    adds is averaged over all orders in which measures can come (its Shapley value), so that shares
    add up to the whole; with over ten measures orders are drawn. Doses are those delivered in the
    whole programme. The use of those who are appointed to use it stands apart. Interrupted, the same
    command goes on from what is finished.
    """
    checked_precision(precision, most, runs)
    chosen = load([scenario, *([against] if against else [])], sets, None)
    from analysis.decisions import explain as study
    from analysis.words.languages import language
    from sim.study.precision import MOST

    seed, words = 1 if seed is None else seed, language(lang)
    asked = study.question(
        chosen[0],
        chosen[1] if against else None,
        goal_of(kpi, month, *chosen),
        groups=groups,
        sets=evidence_vectors(evidence, vectors, seed),
        runs=runs or (RUNS if evidence == SHIPPED else UNDER),
        seed=seed,
        pairs=pairs,
    )
    pieces = asked.place.pieces(output, partial(click.echo, err=True))
    _say_how_long(asked, pieces)
    began = time.perf_counter()
    with progress_bar("Coalitions", asked.size) as report:
        if precision is None:
            why, reached = study.investigate(asked, report, pieces), None
        else:
            why, reached = study.precisely(asked, precision, most or MOST, report, pieces)
    seconds = time.perf_counter() - began
    folder = study.save(why, asked, output, words)
    drawn = draw(why.figure(words), folder / "explain", lang) if figure else []
    if as_json:
        print_study(
            {
                **why.as_json(words),
                "precision": None
                if reached is None
                else {"reached": reached.enough, **_plain(reached)},
            },
            drawn,
            folder,
        )
    else:
        _tell(why, reached, seconds, lang)
        say_limits(console(), *drawn[:1], folder)
    pieces.remove()
    return 0


def _plain(reached: Reached) -> dict[str, float]:
    """Return how far a precision came, as plain values."""
    return {
        "asked": reached.precision,
        "widest": reached.widest,
        "runs": reached.runs,
        "needed": reached.needed,
    }


def _say_how_long(asked: Asked, pieces: Pieces) -> None:
    """Say before it starts how long it takes, and how much is there already."""
    from analysis.decisions.explain import expected_seconds
    from sim.scenario.words import counted, duration
    from sim.study.sweeps.engines import processors

    left = 1.0 - len(pieces.found) / asked.size
    click.echo(
        f"{counted(asked.size, 'coalition')} x {counted(asked.runs, 'organisation')}: about "
        f"{duration(left * expected_seconds(asked, processors()))}. Interrupted, what is finished is "
        "kept, and the same command goes on.",
        err=True,
    )
    say_going_on(pieces, asked.size, "coalitions")


def _tell(why: Explained, reached: Reached | None, seconds: float, lang: str) -> None:
    """Print what each measure adds, how far people come, and what that comes to."""
    from analysis.decisions import explain_texts as texts
    from analysis.words.languages import language

    terminal, unit = console(), why.goal.unit or "its unit"
    terminal.print(rich_table(_rows(why), f"{why.goal.title()}: what each measure adds, {unit}"))
    terminal.print(
        rich_table(_way(why), f"How far people come, % of employees in month {why.goal.month}")
    )
    if not why.moved.empty:
        terminal.print(rich_table(_moved(why), "Who moved: weekly users of each group, points"))
    say(terminal, f"{texts.message(why, language(lang))}.")
    say(terminal, *texts.sentences(why, language(lang)))
    terminal.print()
    if reached is not None:
        from analysis.decisions.precision import precision_sentence

        say(terminal, precision_sentence(reached, why.goal))
    say(
        terminal,
        f"share: mean over all orders, with a 95 % interval; first: alone; last: beside all others; log-odds: "
        "the same where no ceiling weighs; people: those who would not be counted without it; euro: to "
        f"month {why.goal.month}, as delivered. {why.runs:,} organisations, seed {why.seed}. "
        f"{seconds:.0f} seconds.",
        style="dim",
    )


def _rows(why: Explained) -> pd.DataFrame:
    """Return what each measure adds, as texts."""
    import pandas as pd

    from analysis.words.texts import minus

    def number(value: float, digits: int) -> str:
        return "" if value != value else minus(f"{value:,.{digits}f}")

    digits = 1 if why.goal.unit == "points" else 2
    rows = []
    for row in why.table.reset_index().to_dict("records"):
        rows.append(
            {
                "measure": row["title"],
                "share": number(row["share"], digits),
                "from": number(row["low"], digits),
                "to": number(row["high"], digits),
                "first": number(row["first"], digits),
                "last": number(row["last"], digits),
                "log-odds": number(row["log_odds"], 2),
                "people": number(row["people"], 1),
                "euro": number(row["euro"], 0) if row["euro"] else "",
                "a point": number(row["euro_per_point"], 0),
            }
        )
    table = pd.DataFrame(rows)
    return table.loc[:, [name for name in table if (table[name] != "").any()]].set_index("measure")


def _way(why: Explained) -> pd.DataFrame:
    """Return the way to daily use, as texts."""
    import pandas as pd

    from analysis.decisions.explain_texts import side, step
    from analysis.words.texts import minus

    rows = [
        {
            "": step(str(name)),
            side(why, why.reference): f"{row['reference']:.0f}",
            side(why, why.scenario): f"{row['scenario']:.0f}",
            "difference": minus(f"{row['difference']:+.0f}"),
        }
        for name, row in why.funnel.iterrows()
    ]
    return pd.DataFrame(rows).set_index("")


def _moved(why: Explained) -> pd.DataFrame:
    """Return who moved, as texts."""
    import pandas as pd

    from analysis.decisions.explain_texts import group_word
    from analysis.words.texts import minus

    rows = [
        {
            "kind": kind,
            "group": group_word(str(kind), str(group)),
            "people": f"{row['people']:.0f}",
            "from": f"{row['reference']:.0f}",
            "to": f"{row['scenario']:.0f}",
            "more": minus(f"{row['difference']:+.0f}"),
        }
        for (kind, group), row in why.moved.iterrows()
    ]
    return pd.DataFrame(rows).set_index("kind")
