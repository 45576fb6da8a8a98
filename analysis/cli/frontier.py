"""The command that asks how much: the best plan for every budget."""

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
)
from analysis.cli.terminal import console, print_study, progress_bar, rich_table, say, say_limits

if TYPE_CHECKING:
    from analysis.decisions.bench import Terms
    from analysis.decisions.frontier import Frontier
    from sim.scenario.schema import Scenario

GOALS = ("adoption", "area", "value", "target")


@adopt.command(
    epilog="""\b
Examples:
  adopt frontier leadership-champions --budget 20000:200000
  adopt frontier acme.yaml --budget 30000,60000,120000 --must training --without mandate
  adopt frontier leadership-champions --budget 60000 --goal target --target 40
  adopt frontier baseline --budget 60000:240000 --licences --change-share .35
  adopt frontier leadership-champions --budget 80000 --under both --vectors 4 --json
"""
)
@click.argument("scenario")
@click.option(
    "--budget",
    required=True,
    metavar="FROM:TO|SUM,...",
    help="What may be spent over all months, in euro: from the least to the most, or some sums.",
)
@number_option("--budgets", (2, 40), 8, "Budgets from the least to the most.")
@click.option(
    "--goal",
    type=click.Choice(GOALS),
    default="adoption",
    show_default=True,
    help="The KPI in its month; its mean over all months up to that; net value in euro; or the share "
    "of organisations in which the KPI reaches --target.",
)
@click.option("--target", type=float, help="Level to reach, as it is shown: 40 for 40 %.")
@goal_options()
@click.option("--must", multiple=True, metavar="NAME,...", help="Measures that have to be in.")
@click.option("--without", multiple=True, metavar="NAME,...", help="Measures that may not be.")
@click.option(
    "--change-share",
    type=click.FloatRange(0.0, 0.95),
    default=0.0,
    help="Least share of all money, for measures and technology, that goes to measures: .35.",
)
@click.option(
    "--licences/--no-licences",
    default=False,
    show_default=True,
    help="Choose the number of licences too; technology is then paid from the budget.",
)
@click.option(
    "--beyond/--no-beyond",
    default=False,
    show_default=True,
    help="Try doses and shares up to twice what the catalogue speaks of: outside the evidence.",
)
@evidence_option("--under", "shipped")
@number_option(
    "--vectors", (1, 100), 4, "Sets of numbers (parameter vectors) of each body of evidence."
)
@options("set", "seed", "figure", "output", "lang", "json")
def frontier(scenario: str, **given: Any) -> int:
    """Find the best plan for every budget.

    What is the best plan for the money, and what does more money buy?

    Which measures, how much of each, from which month, for which departments: a greedy start, a
    climb by adding, dropping, swapping and moving money, and a last round on organisations that had no
    part in it. Says what is left unspent and why, what binds, what cannot be left out and what is
    taste, what lies outside the evidence, and whether the rule of 30 to 40 % for people comes out.
    Writes the plans as scenario files that adopt compare reads. Interrupted, the same command goes
    on from what is finished.
    """
    from analysis.decisions import money_files
    from analysis.decisions.frontier import frontier as find
    from analysis.decisions.stored import Place
    from analysis.words.languages import language
    from sim.scenario.words import counted

    sums = budgets_of(given["budget"], given["budgets"])
    chosen = load([scenario], given["sets"], None)[0]
    terms = terms_of(chosen, given)
    seed = 1 if given["seed"] is None else given["seed"]
    evidence = evidence_vectors(given["evidence"], given["vectors"], seed)
    settings = {"budgets": sums, "terms": terms}
    place = Place("frontier", {chosen.name: chosen}, seed, 0, settings, evidence)
    folder = place.folder(given["output"])
    pieces = place.pieces(given["output"], partial(click.echo, err=True))
    _say_how_long(chosen, len(sums))
    if pieces.found:
        click.echo(f"going on from {counted(len(pieces.found), 'finished piece')}", err=True)
    began = time.perf_counter()
    with progress_bar("Searching", 1) as report:
        result = find(
            chosen,
            sums,
            terms,
            evidence=evidence,
            seed=seed,
            pieces=pieces,
            progress=report,
            words=language(given["lang"]),
        )
    seconds = time.perf_counter() - began
    money_files.save(result, folder, scenario, given["sets"])
    show(
        result, folder, scenario, figure=given["figure"], as_json=given["as_json"], seconds=seconds
    )
    pieces.remove()
    return 0


def budgets_of(text: str, number: int) -> tuple[float, ...]:
    """Return the budgets asked for: so many from the least to the most, or some sums [euro]."""
    try:
        ends = [float(part.replace("_", "")) for part in text.replace(":", ",").split(",")]
    except ValueError:
        raise click.BadParameter(
            f"found '{text}', expected sums such as 20000:200000 or 60000,120000",
            param_hint="--budget",
        ) from None
    wrong = [end for end in ends if not 0.0 < end < 1e12]
    if wrong:
        raise click.BadParameter(
            f"found {wrong[0]:,.0f} euro, expected more than 0", param_hint="--budget"
        )
    if ":" not in text:
        return tuple(sorted(set(ends)))
    if len(ends) != 2 or "," in text:
        raise click.BadParameter(
            f"found '{text}', expected one least and one most: 20000:200000", param_hint="--budget"
        )
    low, high = ends
    if low >= high:
        raise click.BadParameter(
            f"found {low:,.0f} to {high:,.0f} euro, expected the least first: {high:.0f}:{low:.0f}",
            param_hint="--budget",
        )
    step = (high - low) / (number - 1)
    return tuple(round(low + k * step, 2) for k in range(number))


def terms_of(scenario: Scenario, given: dict[str, Any]) -> Terms:
    """Return what is wanted, and what may be chosen."""
    from analysis.decisions.bench import Terms

    goal = goal_of(given["kpi"], given["month"], scenario)
    kind, target = given["goal"], given["target"]
    if (kind == "target") != (target is not None):
        found = f"--target {target:g}" if target is not None else "no --target"
        raise click.UsageError(
            f"found --goal {kind} with {found}, expected --goal target together with --target LEVEL"
        )
    if kind == "area":
        goal = goal._replace(area=True)
    elif kind == "value":
        goal = goal._replace(kpi="cumulative_net", area=False)
    return Terms(
        goal,
        target,
        names_of(given["must"]),
        names_of(given["without"]),
        given["change_share"],
        given["licences"],
        given["beyond"],
    )


def names_of(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return names that were given with commas, each once."""
    names = [name.strip() for text in given for name in text.split(",")]
    return tuple(dict.fromkeys(name for name in names if name))


def _say_how_long(scenario: Scenario, budgets: int) -> None:
    """Say beforehand about how long it takes."""
    from analysis.decisions.frontier import expected_seconds
    from sim.scenario.words import counted, duration

    seconds = expected_seconds(scenario, budgets)
    click.echo(
        f"{counted(budgets, 'budget')} for {scenario.organisation.employees:,} people: about "
        f"{duration(seconds)}. Interrupted, what is finished is kept, and the same command goes on.",
        err=True,
    )


def show(
    result: Frontier, folder: Path, scenario: str, *, figure: bool, as_json: bool, seconds: float
) -> None:
    """Print a frontier and draw it."""
    from analysis.decisions.money_texts import periods_table, readings
    from analysis.figures.curves import save_figure

    drawn = [*save_figure(result.figure(), folder / "frontier")] if figure else []
    if as_json:
        print_study(result.as_json(), drawn, folder)
        return
    terminal = console()
    terminal.print(rich_table(result.table.reset_index(), result.question, index=False))
    terminal.print(rich_table(periods_table(result), "What each plan costs by month, euro"))
    say(terminal, f"{result.answer}.", *readings(result))
    say(
        terminal,
        f"{result.tried:,} plans tried of {result.levers} measures; each number from {result.runs} "
        f"organisations that had no part in the search, seed {result.seed}. {seconds / 60:.1f} minutes. "
        f"Compare: adopt compare {scenario} {folder / 'plans' / result.points[-1].scenario.name}.yaml",
        style="dim",
    )
    say_limits(terminal, *drawn[:1], folder)
