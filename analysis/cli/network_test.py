"""The command that asks whether the network matters here: network-test."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.shared import adopt, load, number_option, options, say_going_on
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

    from analysis.decisions.network_test import NetworkTest

FILE = click.Path(path_type=Path)


@adopt.command(
    name="network-test",
    epilog="""\b
Examples:
  adopt network-test ties.csv use.csv
  adopt network-test ties.csv use.csv --people people.csv --scenario on-request
  adopt network-test ties.csv use.csv --scenario acme.yaml --champions champions.csv --lang nl
  adopt network-test ties.csv use.csv --at-least 4 --json > network.json

\b
Monthly use by person, ids as in the people file (or its pseudonyms):
  id, month, used        a row per person and month; used is 0 or 1
  id, month, days        or days, or actions, in a month: see --at-least
  id, 2026-01, 2026-02   or a row per person, a column per month
Months are 2026-01 or 1, 2, 3; an empty cell is not known.
""",
)
@click.argument("ties", type=FILE, metavar="TIES.csv")
@click.argument("use", type=FILE, metavar="USE.csv")
@click.option("--people", type=FILE, help="File of people.  [default: people.csv beside the ties]")
@click.option(
    "--scenario",
    help="What was done here, as a scenario: on-request where only licences were there.  "
    "[default: leaders' example and champions]",
)
@click.option("--champions", type=FILE, help="File with the ids of the champions (column id).")
@number_option("--first-month", (1, 120), 1, "Month after go-live of the first month of use.")
@click.option(
    "--at-least",
    type=click.FloatRange(0, min_open=True),
    default=1.0,
    show_default=True,
    help="Days or actions in a month from which on somebody used AI.",
)
@number_option("--nulls", (100, 100_000), 500, "Organisations without contagion.")
@options("figure", "seed", "set", "output", "lang", "json")
def network_test(
    *,
    ties: Path,
    use: Path,
    people: Path | None,
    scenario: str | None,
    champions: Path | None,
    first_month: int,
    at_least: float,
    nulls: int,
    figure: bool,
    seed: int | None,
    sets: tuple[str, ...],
    output: Path,
    lang: str,
    as_json: bool,
) -> int:
    """Test whether the network matters here, in monthly use by person.

    Do ties matter for who uses AI here?

    Whether people take AI up after tied colleagues used it, among people of the same department and
    month whose bosses did the same. Use goes together along ties for other reasons too: so the score is
    held against the model without contagion, on these people and ties, brought to the same use,
    with the leaders' example and coaching left in. With contagion it says how often such a test would
    show it, now and with more months; below one in two nothing is concluded. Nobody is told
    by name, nor any small group.
    """
    from analysis.decisions import network_test as study
    from analysis.words.languages import language

    if sets and scenario is None:
        raise click.UsageError("--set changes a scenario: give that as well (--scenario)")
    words = language(lang)
    asked = study.question(
        ties,
        use,
        people=people,
        scenario=None if scenario is None else load([scenario], sets, None)[0],
        champions=champions,
        first=first_month,
        at_least=at_least,
        nulls=nulls,
        seed=1 if seed is None else seed,
    )
    pieces = asked.place.pieces(output, partial(click.echo, err=True))
    say_going_on(pieces, asked.size, "pieces")
    began = time.perf_counter()
    with progress_bar("Organisations", asked.size) as report:
        tested = study.investigate(asked, report, pieces)
    seconds = time.perf_counter() - began
    folder = study.save(tested, asked, output, words)
    drawn = draw(tested.figure(words), folder / "network-test", lang) if figure else []
    if as_json:
        print_study(tested.as_json(words), drawn, folder)
    else:
        _tell(tested, seconds, lang)
        say_limits(console(), *drawn[:1], folder)
    pieces.remove()
    return 0


def _tell(tested: NetworkTest, seconds: float, lang: str) -> None:
    """Print what the test can tell, and what it says."""
    from analysis.words.languages import language

    terminal, words = console(), language(lang)
    terminal.print(rich_table(_rows(tested), "What the test can tell, now and with more months"))
    say(terminal, *(f"  - {note}" for note in tested.use.notes))
    say(terminal, f"{tested.answer_in(words)}.", style="bold")
    say(terminal, *tested.said(words))
    say(
        terminal,
        "score: how far people took AI up after tied colleagues used it, in standard errors; threshold: "
        "5 % of the organisations without contagion lie above; power: how many with contagion do. "
        f"{tested.score.compared:,} person-months compared, {tested.runs:,} organisations without "
        f"contagion, {len(tested.with_contagion):,} with, seed {tested.seed}. {seconds:.0f} seconds.",
        style="dim",
    )


def _rows(tested: NetworkTest) -> pd.DataFrame:
    """Return what the test can tell, as texts."""
    import pandas as pd

    from analysis.words.texts import minus

    rows = [
        {
            "months": f"{row['months']:.0f}",
            "without contagion": minus(f"{row['null_mean']:.2f} (sd {row['null_sd']:.2f})"),
            "threshold": minus(f"{row['threshold']:.2f}"),
            "with contagion": minus(f"{row['contagion_mean']:.2f} (sd {row['contagion_sd']:.2f})"),
            "power": f"{row['power']:.2f} (se {row['power_error']:.2f})",
            "seen": minus(f"{tested.score.value:.2f}") if more == 0 else "",
        }
        for more, row in tested.table.iterrows()
    ]
    return pd.DataFrame(rows).set_index("months")
