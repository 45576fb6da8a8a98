"""The command that asks whether a conclusion survives another theory: robustness."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import click

from analysis.cli.shared import (
    adopt,
    evidence_option,
    evidence_vectors,
    load,
    number_option,
    options,
    say_going_on,
)
from analysis.cli.terminal import console, print_study, progress_bar, rich_table, say, say_limits

if TYPE_CHECKING:
    import pandas as pd

    from analysis.results.pieces import Pieces
    from analysis.studies.robustness import Robustness, Study


@adopt.command(
    epilog="""\b
Examples:
  adopt robustness baseline leadership champions leadership-champions
  adopt robustness baseline front-loaded continuous --kpi never_users --month 24
  adopt robustness baseline leadership champions --vectors 1 --organisations 20
  adopt robustness acme-licences.yaml acme.yaml --evidence literature --json
"""
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--kpi", default="adoption", show_default=True, help="What scenarios are ranked by.")
@number_option("--vectors", (1, 1000), 4, "Parameter vectors of each evidence set.")
@number_option(
    "--organisations",
    (2, 100_000),
    40,
    "Organisations under each vector, the same ones in every theory.",
)
@number_option(
    "--combinations",
    (0, 1000),
    32,
    "Balanced combinations of variants, besides one change at a time.",
)
@evidence_option("--evidence", "both")
@options("month", "figure", "seed", "set", "output", "json")
def robustness(
    *,
    scenarios: tuple[str, ...],
    kpi: str,
    month: int,
    vectors: int,
    organisations: int,
    combinations: int,
    evidence: str,
    figure: bool,
    seed: int | None,
    sets: tuple[str, ...],
    output: Path,
    as_json: bool,
) -> int:
    """Rank scenarios under other theories, to see whether a conclusion survives them.

    Does a conclusion survive another theory?

    Under each variant of the rules alone (how colleagues pull, who moves people, what they fear,
    who acts when, parts of a month, ties, stopping) and under balanced combinations of all. In each
    the base desire is refitted, so that the first scenario has the same adoption as in the model:
    otherwise the comparison would mean nothing. With several parameter vectors of each body of
    evidence. Says which orders hold and which do not. Interrupted, the same command goes on from what
    is finished.
    """
    chosen = load(scenarios, sets, None)
    from analysis.figures.curves import save_figure
    from analysis.studies import robustness as study

    seed = 1 if seed is None else seed
    asked = study.question(
        chosen,
        evidence_vectors(evidence, vectors, seed),
        kpi,
        month,
        organisations,
        combinations=combinations,
        seed=seed,
    )
    pieces = study.kept_in(output, asked, partial(click.echo, err=True))
    _say_how_long(asked, len(pieces.found))
    total = len(asked.variants) * len(asked.vectors)
    say_going_on(pieces, total, "pairs of a theory and a vector")
    began = time.perf_counter()
    survey = _investigated(asked, total, pieces, output)
    seconds = time.perf_counter() - began
    folder = study.save(survey, output)
    drawn: list[Path] = []
    if figure:
        drawn = [*save_figure(survey.figure(), folder / "robustness")]
    if as_json:
        print_study(survey.as_json(), drawn, folder)
    else:
        _tell(survey, seconds)
        say_limits(console(), *drawn[:1], folder)
    pieces.remove()
    return 0


def _investigated(asked: Study, total: int, pieces: Pieces, output: Path) -> Robustness:
    """Return what came of a study; if it is interrupted, save what is finished and say where."""
    from analysis.studies import robustness as study
    from sim.errors import InterruptedStudyError

    try:
        with progress_bar("Theories", total) as report:
            return study.investigate(asked, report, pieces)
    except study.PartOfStudyError as part:
        file = study.save_part(part, output)
        kept = "nothing was finished" if file is None else f"what is finished is in {file}"
        raise InterruptedStudyError(
            f"{part}; {kept}; the same command goes on from there"
        ) from None


def _say_how_long(asked: Study, there: int) -> None:
    """Say before it starts how long it takes, and what is kept if it is interrupted.

    ``there`` is the number of pairs of a theory and a vector that are finished already.
    """
    from analysis.studies import robustness as study
    from sim.scenario.words import counted, duration
    from sim.study.sweeps.engines import processors

    left = 1.0 - there / (len(asked.variants) * len(asked.vectors))
    seconds = left * study.expected_seconds(asked, processors())
    click.echo(
        f"{counted(len(asked.variants), 'theory', 'theories')} x {counted(len(asked.vectors), 'vector')} x "
        f"{counted(asked.organisations, 'organisation')} x {counted(len(asked.scenarios), 'scenario')}: "
        f"about {duration(seconds)}. Interrupted, the values finished are kept; nothing is concluded "
        "from part of the theories, and the same command goes on from there.",
        err=True,
    )


def _tell(survey: Robustness, seconds: float) -> None:
    """Print places, pairs and what can be concluded."""
    from analysis.results.summary import called
    from analysis.studies import robustness as study

    terminal, asked = console(), survey.study
    ranked = f"Place by {asked.kpi} in month {asked.month}"
    places = survey.table
    letters: dict[str, str] = {}
    if len(str(places.index.name)) + 26 + sum(len(place) + 2 for place in places) > terminal.width:
        names = [place for place in places if place in asked.scenarios]
        letters = dict(zip(names, ascii_uppercase, strict=False))
    terminal.print(rich_table(places.rename(columns=letters), ranked))
    if letters:
        key = ", ".join(f"{letter} {name}" for name, letter in letters.items())
        say(terminal, f" {key}\n", style="dim")
    terminal.print(rich_table(_pairs(survey), "Does the order of two hold?", index=False))
    say(terminal, f"{survey.answer}.")
    say(terminal, *study.readings(survey))
    vectors = ", ".join(f"{len(those)} {name}" for name, those in asked.sets.items())
    say(
        terminal,
        f"Means over {asked.organisations:,} organisations under each parameter vector ({vectors}), "
        f"seed {asked.seed}; {called(asked.reference)} has the same adoption in every theory that counts. "
        "Places: by the mean over all vectors. tau: Kendall's rank correlation with the model. Same first: vectors under which the "
        f"model's first is first. {seconds / 60:.1f} minutes.",
        style="dim",
    )


def _pairs(survey: Robustness) -> pd.DataFrame:
    """Return the pairs as texts, evidence after evidence."""
    import pandas as pd

    from analysis.results.summary import scale_of
    from analysis.studies import robustness as study
    from analysis.words.texts import minus

    unit = scale_of(survey.study.kpi).difference
    rows: list[dict[str, Any]] = []
    for evidence in survey.study.sets:
        for pair in study.pairs(survey, evidence):
            rows.append(
                {
                    "evidence": evidence,
                    "first": pair.better,
                    "then": pair.worse,
                    f"apart ({unit})" if unit else "apart": minus(f"{abs(pair.difference):.3g}")
                    + ("" if pair.clear else " (not clear)"),
                    "same order": _percent(pair.agree),
                    "clearly reversed": _percent(pair.reversed),
                }
            )
    return pd.DataFrame(rows)


def _percent(share: float) -> str:
    """Return a share in whole percent, nothing where it is not known."""
    return "" if share != share else f"{100 * share:.0f} %"
