"""The command that asks what now to spend on: next-euro."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.frontier import GOALS, terms_of
from analysis.cli.shared import (
    adopt,
    evidence_option,
    evidence_vectors,
    goal_options,
    load,
    number_option,
    options,
)
from analysis.cli.terminal import console, print_study, progress_bar, rich_table, say, say_limits

if TYPE_CHECKING:
    from analysis.decisions.next_euro import NextEuro


@adopt.command(
    name="next-euro",
    epilog="""\b
Examples:
  adopt next-euro leadership-champions
  adopt next-euro acme.yaml --money 25000 --month area
  adopt next-euro waves-licences --goal value --month 24 --json
  adopt next-euro leadership --under both --vectors 4 --lang nl
""",
)
@click.argument("scenario")
@click.option(
    "--money",
    type=click.FloatRange(0.0, 1e12, min_open=True),
    default=10_000.0,
    show_default=True,
    help="What there is more, over all months, in euro.",
)
@click.option(
    "--goal",
    type=click.Choice(GOALS),
    default="adoption",
    show_default=True,
    help="As in adopt frontier: a KPI in its month, its mean up to that, net value, or a target.",
)
@click.option("--target", type=float, help="Level to reach, as it is shown: 40 for 40 %.")
@goal_options()
@evidence_option("--under", "shipped")
@number_option(
    "--vectors", (1, 100), 4, "Sets of numbers (parameter vectors) of each body of evidence."
)
@number_option("--runs", (2, 100_000), 100, "Organisations, the same for every measure.")
@options("set", "seed", "figure", "output", "lang", "json")
def next_euro(scenario: str, **given: Any) -> int:
    """Show what some more money brings, measure by measure.

    What do the next euros bring, from where you are?

    Each measure gets as much more as the money pays for, in the same organisations as the scenario
    itself. Ranked by what they add; those not clearly apart share a place. Says which measures
    cannot be had for the money, which would be more than the evidence speaks of, and what they are
    worth in net value. Where people lack access, licences are among them.
    """
    from analysis.decisions import money_files
    from analysis.decisions.next_euro import next_euro as find
    from analysis.decisions.stored import Place
    from analysis.words.languages import language
    from sim.scenario.words import counted, duration

    chosen = load([scenario], given["sets"], None)[0]
    none = {"must": (), "without": (), "change_share": 0.0, "licences": False, "beyond": False}
    terms = terms_of(chosen, {**given, **none})
    seed = 1 if given["seed"] is None else given["seed"]
    evidence = evidence_vectors(given["evidence"], given["vectors"], seed)
    settings = {"money": given["money"], "terms": terms}
    scenarios = {chosen.name: chosen}
    place = Place("next-euro", scenarios, seed, given["runs"], settings, evidence)
    folder = place.folder(given["output"])
    pieces = place.pieces(given["output"], partial(click.echo, err=True))
    seconds = 60 * given["runs"] * 3e-5 * chosen.organisation.employees / 2
    click.echo(f"About {duration(seconds)}.", err=True)
    if pieces.found:
        click.echo(f"going on from {counted(len(pieces.found), 'finished piece')}", err=True)
    with progress_bar("Simulating", 1) as report:
        result = find(
            chosen,
            given["money"],
            terms,
            evidence=evidence,
            runs=given["runs"],
            seed=seed,
            pieces=pieces,
            progress=report,
            words=language(given["lang"]),
        )
    money_files.save(result, folder)
    show(result, folder, given["figure"], given["as_json"])
    pieces.remove()
    return 0


def show(result: NextEuro, folder: Path, figure: bool, as_json: bool) -> None:
    """Print what the next euros bring, and draw it."""
    from analysis.decisions.money_texts import next_readings
    from analysis.figures.curves import save_figure

    drawn = [*save_figure(result.figure(), folder / "next-euro")] if figure else []
    if as_json:
        print_study(result.as_json(), drawn, folder)
        return
    terminal = console()
    terminal.print(rich_table(result.table.reset_index(), result.question, index=False))
    say(terminal, f"{result.answer}.", *next_readings(result))
    say(
        terminal,
        f"Differences over {result.runs} organisations with the same people, ties and luck, seed "
        f"{result.seed}. Places: those not clearly apart from the first of them have the same. Net value: "
        f"hours saved less all costs, over {result.scenario.simulation.months} months.",
        style="dim",
    )
    say_limits(terminal, *drawn[:1], folder)
