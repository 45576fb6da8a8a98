"""The patterns asked for, one experiment after the other, and what they show together."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from analysis.results.pieces import Pieces
from analysis.studies.form import beside
from analysis.studies.patterns.experiments import EXPERIMENTS, RUNS, SEED, experiment
from analysis.studies.patterns.findings import Shown, read_patterns, shown_of
from analysis.studies.patterns.texts import message
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario.words import suggestion
from sim.study.experiments import Progress

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "Does the model show what was written down beforehand?"


class Patterns(NamedTuple):
    """What the experiments show.

    Attributes
    ----------
    shown
        What each shows, in the order of the library.
    runs, seed
        Organisations in each arm, and the seed of the study.
    """

    shown: Sequence[Shown]
    runs: int
    seed: int

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def answer(self) -> str:
        """How many patterns hold, and which do not."""
        return message(self.shown)

    @property
    def table(self) -> pd.DataFrame:
        """Every finding in numbers."""
        rows: pd.DataFrame = beside(self, "tables").findings_table(self.shown)
        return rows

    def figure(self) -> Picture:
        """Draw a small panel for each pattern."""
        drawn: Picture = beside(self, "figure").patterns_figure(self.shown, self.runs, self.seed)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return patterns and findings as plain values."""
        known = read_patterns()
        return {
            "runs": self.runs,
            "seed": self.seed,
            "figures": [],
            "patterns": [
                {
                    **pattern._asdict(),
                    "findings": [finding._asdict() for finding in pattern.findings],
                    "promise": known[pattern.name].promise.en,
                    "fitted": known[pattern.name].fitted,
                }
                for pattern in self.shown
            ],
        }


def patterns(
    names: Sequence[str] = (),
    runs: int = RUNS,
    seed: int = SEED,
    progress: Progress | None = None,
    pieces: Pieces | None = None,
) -> Patterns:
    """Hold the model against patterns, each by its experiment.

    Parameters
    ----------
    names
        Patterns wanted; by default all.
    runs, seed
        Organisations in each arm, and the seed of the study.
    progress
        Called with the number of patterns finished and the total.
    pieces
        Where what an experiment shows is kept, and taken from.

    Raises
    ------
    AdoptionError
        If there is no such pattern.
    InterruptedStudyError
        If it is interrupted; the patterns that are finished are kept.
    """
    for name in names:
        if name not in EXPERIMENTS:
            raise AdoptionError(f"there is no pattern '{name}'{suggestion(name, EXPERIMENTS)}")
    chosen = [name for name in EXPERIMENTS if not names or name in names]
    pieces = pieces or Pieces()
    tell = progress or (lambda done, total: None)
    shown: list[Shown] = []
    done = sum(name in pieces.found for name in chosen)
    tell(done, len(chosen))
    try:
        for name in chosen:
            shown.append(pieces.once(name, partial(experiment, name, runs, seed), shown_of))
            done += name not in pieces.found
            tell(done, len(chosen))
    except (KeyboardInterrupt, InterruptedStudyError):
        raise InterruptedStudyError(
            f"interrupted: {done} of {len(chosen)} patterns are finished; the same command goes "
            "on from there"
        ) from None
    return Patterns(shown, runs, seed)
