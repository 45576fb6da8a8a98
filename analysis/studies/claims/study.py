"""All claims under the vectors of every evidence set, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from analysis.results.ensemble import Progress
from analysis.results.estimates import Estimate
from analysis.results.pieces import Pieces
from analysis.studies.claims.experiments import Agenda
from analysis.studies.claims.simulating import Tested, simulated_claims
from analysis.studies.claims.verdicts import VERDICTS, Judged, judged
from analysis.studies.form import beside, records
from sim.simulator import Vector

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "Does it show what sources claim?"


class Claims(NamedTuple):
    """What the simulation says to every claim.

    Attributes
    ----------
    agenda
        How they were tested.
    tested
        What was found, by evidence set and name of the entry.
    organisations, seed
        Organisations under each vector, and the seed of the study.
    vectors
        How many vectors of each evidence set.
    """

    agenda: Agenda
    tested: Mapping[str, Mapping[str, Tested]]
    organisations: int
    seed: int
    vectors: Mapping[str, int]

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def runs(self) -> int:
        """Organisations behind each number: of every vector of an evidence set."""
        return self.organisations * max(self.vectors.values())

    def of(self, name: str) -> tuple[dict[str, Tested], dict[str, Judged]]:
        """Return what was found of a claim, and what is to be said of it, by evidence set."""
        found = {evidence: several[name] for evidence, several in self.tested.items()}
        return found, {evidence: judged(tested) for evidence, tested in found.items()}

    @property
    def swept(self) -> dict[str, Mapping[float, Estimate]]:
        """Mean of the KPI by the value tried, of the first claim with a sweep, by evidence set."""
        return {
            evidence: next((tested.tried for tested in several.values() if tested.tried), {})
            for evidence, several in self.tested.items()
        }

    @property
    def answer(self) -> str:
        """How many claims hold under every evidence set, and how many have another verdict."""
        worst = [
            min((said.verdict for said in self.of(name)[1].values()), key=VERDICTS.index)
            for name in self.agenda.experiments
        ]
        counts = {verdict: worst.count(verdict) for verdict in VERDICTS}
        return (
            f"{counts['holds']} of {len(worst)} claims hold under all evidence, "
            f"{counts['direction only']} in direction only; {counts['misses']} are missed and "
            f"{counts['impossible as stated']} cannot hold as stated"
        )

    @property
    def table(self) -> pd.DataFrame:
        """Every figure of every claim in numbers."""
        rows: pd.DataFrame = beside(self, "tables").claims_table(self)
        return rows

    def figure(self) -> Picture:
        """Draw the verdicts, a row per claim."""
        drawn: Picture = beside(self, "figure").claims_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return what was claimed and found as plain values."""
        return {
            "answer": self.answer,
            "organisations": self.organisations,
            "seed": self.seed,
            "vectors": dict(self.vectors),
            "figures": records(self.table),
        }


def claims(
    agenda: Agenda,
    sets: Mapping[str, Sequence[Vector]],
    organisations: int,
    seed: int = 1,
    sagging: int | None = None,
    progress: Callable[[str], Progress | None] = lambda evidence: None,
    pieces: Pieces | None = None,
) -> Claims:
    """Hold every claim against the simulation, under the vectors of each evidence set.

    Parameters
    ----------
    agenda
        Which claims; see :func:`analysis.studies.claims.experiments.agenda`.
    sets
        Parameter vectors by evidence set.
    organisations, seed, sagging
        As in :func:`analysis.studies.claims.simulating.simulated_claims`.
    progress
        Gives for an evidence set what is called with the number of vectors finished and the total.
    pieces
        Where what each vector gives is kept, and taken from.

    Raises
    ------
    InterruptedStudyError
        If Ctrl-C came before the last vector was finished.
    """
    tested = {
        evidence: simulated_claims(
            agenda,
            vectors,
            organisations,
            seed,
            sagging,
            progress=progress(evidence),
            pieces=pieces,
            label=f"claims-{evidence}",
        )
        for evidence, vectors in sets.items()
    }
    counts = {evidence: len(vectors) for evidence, vectors in sets.items()}
    return Claims(agenda, tested, organisations, seed, counts)
