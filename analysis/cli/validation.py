"""The command that says what the model can show and what it cannot: validate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.cli.shared import adopt, options, say_going_on
from analysis.cli.terminal import console, progress_bar, rich_table, say_limits

if TYPE_CHECKING:
    import pandas as pd

    from analysis.studies.validation import Scorecard, Size
    from analysis.studies.validation.rows import Row


@adopt.command(
    epilog="""\b
Examples:
  adopt validate
  adopt validate --quick
  adopt validate C43 C44 P5
  adopt validate --vectors 100 --organisations 20 --json
"""
)
@click.argument("names", nargs=-1, metavar="[PATTERN|ENTRY]...")
@click.option(
    "--quick", is_flag=True, help="A look in a minute or two: 8 vectors, 8 organisations each."
)
@click.option(
    "--vectors",
    type=click.IntRange(2, 100_000),
    help="Parameter vectors of each posterior; 40 by default.",
)
@click.option(
    "--organisations",
    type=click.IntRange(4, 100_000),
    help="Organisations under each vector; 12 by default.",
)
@options("seed", "output", "json")
def validate(
    *,
    names: tuple[str, ...],
    quick: bool,
    vectors: int | None,
    organisations: int | None,
    seed: int | None,
    output: Path,
    as_json: bool,
) -> int:
    """Write the scorecard: what the model shows of what is claimed, the misses first.

    What can the model show, and what can it not? Does it show what sources claim?

    Holds patterns, calibrated and held-out claims, limits of theory and simpler rivals against the
    model, under the posterior of each body of evidence: expected, simulated with its interval, and
    whether it holds, has the direction only, misses, or is impossible as stated. A page to read and
    print, its numbers as CSV, and a figure. Misses are findings: the command does not fail on them.

    Given patterns or entries of the register, it looks at those alone. Interrupted, the same command
    goes on from what is finished.
    """
    from analysis.studies import validation as study
    from sim.errors import InterruptedStudyError

    small = study.QUICK if quick else study.Size()
    size = study.Size(
        vectors or small.vectors,
        organisations or small.organisations,
        max(2, (organisations or small.organisations) // 2),
    )
    chosen = _known(names)
    seed = 1 if seed is None else seed
    stem = f"vectors-{size.vectors}-organisations-{size.organisations}-seed-{seed}"
    ending = "-".join(chosen).lower()
    folder = output / "validation" / (f"{stem}-{ending}"[:120] if ending else stem)
    pieces, total = study.kept_in(folder, size, seed, chosen or None, partial(click.echo, err=True))
    _say_how_long(size, bool(chosen), len(pieces.found) / total)
    say_going_on(pieces, total, "pieces")
    try:
        with progress_bar("Validating", 1.0) as report:
            card = study.validate(size, seed, report, names=chosen or None, pieces=pieces)
    except study.PartOfScorecardError as part:
        file = study.save_part(part.card, folder)
        kept = "no table is written yet" if file is None else f"their numbers are in {file}"
        raise InterruptedStudyError(
            f"{part}; {kept}; the same command goes on from there"
        ) from None
    written = study.save(card, folder)
    if as_json:
        content = {**card.as_json(), "files": [str(path) for path in written]}
        click.echo(json.dumps(content, indent=2))
    else:
        _tell(card, written, bool(chosen))
    pieces.remove()
    return 0


def _tell(card: Scorecard, written: list[Path], some: bool) -> None:
    """Print what holds and what does not: all of it where only some rows were asked for."""
    from analysis.studies import validation as study

    terminal = console()
    if some:
        terminal.print(rich_table(_verdicts(card.rows), "What holds", index=False))
        for row in card.rows:
            terminal.print(f"{row.name}: {row.reading}", markup=False)
    else:
        terminal.print(rich_table(_counts(card), "How many", index=False))
        bad = [row for row in card.rows if row.worst in ("misses", "impossible as stated")]
        if bad:
            terminal.print(
                rich_table(_verdicts(bad), "Missed, or impossible as stated", index=False)
            )
    for sentence in (f"{card.answer}.", study.trust(card)):
        terminal.print(sentence, markup=False)
    vectors_of = " and ".join(
        f"{n} vectors of {evidence}" for evidence, n in card.origin["vectors"].items()
    )
    terminal.print(
        f"Means over {vectors_of}, with {card.size.organisations} organisations each, seed {card.seed}; {card.seconds / 60:.1f} minutes.",
        style="dim",
    )
    say_limits(terminal, written[0], written[0].parent)


def _say_how_long(size: Size, some: bool, there: float) -> None:
    """Say before it starts how long it takes, and what is kept if it is interrupted.

    Parameters
    ----------
    size
        How much is simulated.
    some
        Whether only some rows are asked for.
    there
        Part of the pieces that are finished already [0 to 1].
    """
    from analysis.studies import validation as study
    from sim.scenario.words import counted, duration
    from sim.study.posteriors import EVIDENCE_SETS
    from sim.study.sweeps.engines import processors

    seconds = (1.0 - there) * study.expected_seconds(size, len(EVIDENCE_SETS), processors())
    click.echo(
        f"{counted(size.vectors, 'vector')} of each posterior x {counted(size.organisations, 'organisation')}: "
        f"about {duration(seconds)}{', less for a few rows' * some}. Interrupted, what is finished is kept, "
        "and the same command goes on from there; claims are judged only when all of them are simulated.",
        err=True,
    )


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the patterns and entries meant, or say which there are."""
    if not names:
        return ()
    from analysis.studies.patterns import EXPERIMENTS
    from sim.evidence import read_evidence
    from sim.scenario.words import suggestion

    tested = [name for name, entry in read_evidence().items() if entry.check is not None]
    known = {name.upper(): name for name in (*EXPERIMENTS, *tested)}
    for name in names:
        if name.upper() not in known:
            raise click.BadParameter(
                f"found '{name}', expected a pattern such as P5 or a tested entry such as C43"
                f"{suggestion(name.upper(), list(known))}",
                param_hint="PATTERN|ENTRY",
            )
    return tuple(dict.fromkeys(known[name.upper()] for name in names))


def _counts(card: Scorecard) -> pd.DataFrame:
    """Return how many rows of each section have each verdict, one line per evidence set."""
    import pandas as pd

    from analysis.studies import validation as study
    from analysis.studies.validation.rows import SECTIONS

    return pd.DataFrame(
        [
            {"what": title if place == 0 else "", "evidence": evidence, **counts}
            for section, title in SECTIONS.items()
            for place, evidence in enumerate(card.sets)
            if any((counts := study.counted(card.rows, evidence, section)).values())
        ]
    )


def _verdicts(rows: Sequence[Row]) -> pd.DataFrame:
    """Return what holds and what does not, one line each."""
    import pandas as pd

    return pd.DataFrame([{"": row.name, "claim": row.title, **row.verdicts} for row in rows])
