"""The whole validation: patterns, claims, limits and rivals, under the posterior of each evidence set."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.results.ensemble import CONTINUATIONS, under
from analysis.results.estimates import Estimate
from analysis.results.pieces import Notice, Pieces
from analysis.studies.claims.experiments import agenda
from analysis.studies.claims.study import claims
from analysis.studies.form import beside
from analysis.studies.patterns.arms import Study, scenario_files
from analysis.studies.patterns.experiments import EXPERIMENTS
from analysis.studies.patterns.findings import Shown, shown_of
from analysis.studies.validation.limits import limit_rows
from analysis.studies.validation.nulls import Rival, rivals
from analysis.studies.validation.rows import Row, misses_first, of_claim, of_pattern
from analysis.studies.validation.texts import message, trust
from sim.engine.sources import source_fingerprint
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario import read_scenario
from sim.simulator import Vector
from sim.study.posteriors import EVIDENCE_SETS, posterior, posterior_origin
from sim.study.provenance import version_of

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "What can the model show, and what can it not?"

Progress = Callable[[float, float, str], None]

FAR: Final = 1_000_000
"""Distance between the seeds of which vectors are taken from different posteriors."""

PARTS: Final[Mapping[str, float]] = {
    "patterns": 0.40,
    "claims": 0.47,
    "rivals": 0.11,
    "limits": 0.02,
}
"""Share of the time each part takes, as measured."""


UNITS: Final = 170.0
"""What the scorecard takes under one vector, in simulations of the baseline, as measured."""


class Size(NamedTuple):
    """How much is simulated.

    Attributes
    ----------
    vectors
        Parameter vectors taken from each posterior.
    organisations
        Organisations under each vector, the same in every arm.
    sagging
        How many of them are continued many times, to look for troughs.
    """

    vectors: int = 40
    organisations: int = 12
    sagging: int = 6


QUICK: Final = Size(8, 8, 4)


class Scorecard(NamedTuple):
    """What the model can show and what it cannot.

    Attributes
    ----------
    rows
        Patterns, claims and limits, the misses first.
    rivals
        Simpler models fitted to the same mean curve, by evidence set; the first is the model.
    sweep
        Mean impact by share of the budget for change, with intervals, by evidence set [euro].
    size, seed
        What was simulated.
    origin
        Where the posteriors come from, by evidence set, and the code.
    seconds
        Time it took.
    """

    rows: Sequence[Row]
    rivals: Mapping[str, Sequence[Rival]]
    sweep: Mapping[str, Mapping[float, Estimate]]
    size: Size
    seed: int
    origin: Mapping[str, Any]
    seconds: float

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def runs(self) -> int:
        """Organisations behind each number of an evidence set."""
        return self.size.vectors * self.size.organisations

    @property
    def answer(self) -> str:
        """What became of the claims that nothing was fitted to."""
        return message(self)

    @property
    def table(self) -> pd.DataFrame:
        """Every figure under every evidence set, in numbers."""
        rows: pd.DataFrame = beside(self, "tables").table(self)
        return rows

    def figure(self) -> Picture:
        """Draw what was claimed and what is simulated."""
        drawn: Picture = beside(self, "figure").scorecard_figure(self)
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return the scorecard as plain values."""
        return {
            "message": message(self),
            "trust": trust(self),
            "origin": dict(self.origin),
            "rows": [
                {
                    "section": row.section,
                    "name": row.name,
                    "title": row.title,
                    "fitted": list(row.fitted),
                    "verdicts": dict(row.verdicts),
                    "figures": [
                        {
                            "label": line.label,
                            "expected": line.expected,
                            "simulated": {
                                name: plain(estimate) for name, estimate in line.found.items()
                            },
                        }
                        for line in row.lines
                    ],
                    "reading": row.reading,
                }
                for row in self.rows
            ],
        }

    @property
    def sets(self) -> tuple[str, ...]:
        """Evidence sets whose posteriors were simulated."""
        return tuple(self.rivals)


class PartOfScorecardError(InterruptedStudyError):
    """A scorecard that was interrupted, with the patterns that are finished.

    Attributes
    ----------
    card
        Their rows; without claims, rivals and limits.
    """

    def __init__(self, card: Scorecard, patterns: int) -> None:
        self.card = card
        super().__init__(
            f"interrupted: {len(card.rows)} of {patterns} patterns are finished; claims are judged "
            "only when all of them are simulated"
        )


def expected_seconds(size: Size, sets: int, workers: int) -> float:
    """Return about how long the whole scorecard takes here [s].

    Measured in units of a baseline of as many organisations under one vector, which is timed; it
    takes ``UNITS`` of them for each vector of each evidence set.
    """
    scenario = read_scenario("baseline")

    def once() -> float:
        began = time.perf_counter()
        under({}, 0, scenario, size.organisations, 1).simulate()
        return time.perf_counter() - began

    once()  # what is compiled when it is first needed
    return UNITS * min(once() for _ in range(3)) * size.vectors * sets / workers


def vectors_of(evidence: str, number: int, seed: int) -> list[Vector]:
    """Return some parameter vectors of a posterior, drawn by chance without return.

    Parameters
    ----------
    evidence
        Name of the evidence set.
    number
        How many; all if there are not so many.
    seed
        Seed of the study.
    """
    table = posterior(evidence)
    place = seed + FAR * (1 + EVIDENCE_SETS.index(evidence))
    chosen = np.random.default_rng(place).permutation(len(table))[:number]
    rows = table.iloc[np.sort(chosen)].to_dict("records")
    return [{str(name): float(value) for name, value in row.items()} for row in rows]


def validate(
    size: Size | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    sets: Mapping[str, Sequence[Vector]] | None = None,
    names: tuple[str, ...] | None = None,
    *,
    pieces: Pieces | None = None,
) -> Scorecard:
    """Return the scorecard.

    Parameters
    ----------
    size
        How much is simulated.
    seed
        Seed of the study.
    progress
        Called with the part of the work done [0 to 1], 1, and what is under way.
    sets
        Parameter vectors by evidence set; by default some of each shipped posterior.
    names
        Patterns and entries of the register; by default all of them, with limits and rivals.
    pieces
        Where what is finished is kept, and taken from; see :func:`kept_in`.

    Raises
    ------
    AdoptionError
        If a posterior is missing or a check cannot be made.
    PartOfScorecardError
        If it is interrupted; the patterns that are finished are in it.
    """
    size = size or Size()
    began = time.monotonic()
    given = sets is not None
    sets = sets or {
        evidence: vectors_of(evidence, size.vectors, seed) for evidence in EVIDENCE_SETS
    }
    if any(len(vectors) < 2 for vectors in sets.values()):
        raise AdoptionError("vectors: expected at least 2 of each posterior, or nothing is unsure")
    pieces = pieces or Pieces()
    patterns = [name for name in EXPERIMENTS if names is None or name in names]
    bar = _Bar(progress, done_already(pieces, asked_for(sets, names)))
    asked = agenda(None if names is None else tuple(n for n in names if n not in EXPERIMENTS))
    studies = {
        evidence: Study(size.organisations, seed, vectors) for evidence, vectors in sets.items()
    }
    shown: dict[str, dict[str, Shown]] = {}
    try:
        # Pattern by pattern, so that what is finished is whole.
        report = bar.part("patterns")
        for number, name in enumerate(patterns, 1):
            shown[name] = _shown(name, studies, pieces)
            report(number, len(patterns))
        tested = claims(
            asked,
            sets,
            size.organisations,
            seed,
            size.sagging,
            lambda evidence: bar.part("claims", 1 / len(sets)),
            pieces,
        )
        compared = _compared(studies, names is None, bar, pieces)
    except (KeyboardInterrupt, InterruptedStudyError):
        rows = [of_pattern(pattern) for pattern in shown.values()]
        none: dict[str, list[Rival]] = {evidence: [] for evidence in sets}
        part = Scorecard(rows, none, {}, size, seed, {}, time.monotonic() - began)
        raise PartOfScorecardError(part, len(patterns)) from None
    rows = [of_pattern(pattern) for pattern in shown.values()]
    rows += [of_claim(claim, *tested.of(name)) for name, claim in asked.experiments.items()]
    rows += limit_rows(seed, tuple(sets)) if names is None else []
    bar.say(1.0, "limits")
    origin = _origin(size, seed, sets)
    origin["posteriors"] = {} if given else {evidence: _origin_of(evidence) for evidence in sets}
    seconds = time.monotonic() - began
    return Scorecard(misses_first(rows), compared, tested.swept, size, seed, origin, seconds)


def _shown(name: str, studies: Mapping[str, Study], pieces: Pieces) -> dict[str, Shown]:
    """Return what the experiment of a pattern shows under every evidence set."""
    return {
        evidence: pieces.once(f"{name}-{evidence}", partial(EXPERIMENTS[name], study), shown_of)
        for evidence, study in studies.items()
    }


def _compared(
    studies: Mapping[str, Study], whole: bool, bar: _Bar, pieces: Pieces
) -> dict[str, list[Rival]]:
    """Return simpler models by evidence set; none unless the whole scorecard is asked for."""
    compared: dict[str, list[Rival]] = {evidence: [] for evidence in studies}
    for evidence, study in studies.items() if whole else ():
        work = partial(rivals, study, bar.part("rivals", 1 / len(studies)))
        compared[evidence] = pieces.once(f"rivals-{evidence}", work, _rivals)
    return compared


def _origin(size: Size, seed: int, sets: Mapping[str, Sequence[Vector]]) -> dict[str, Any]:
    """Return what made a scorecard, but for where its vectors come from."""
    return {
        "software": f"ai-adoption {version_of('ai-adoption')}",
        "code": source_fingerprint(),
        "seed": seed,
        "vectors": {evidence: len(vectors) for evidence, vectors in sets.items()},
        "organisations": size.organisations,
        "sagging": size.sagging,
        "continuations": CONTINUATIONS,
    }


def _rivals(kept: Sequence[Any]) -> list[Rival]:
    """Return rivals from the plain values of a piece that was kept."""
    return [Rival(*values) for values in kept]


class _Bar:
    """How the parts of a scorecard report, one after the other, from what is there already."""

    def __init__(self, progress: Progress | None, there: float) -> None:
        self.progress, self.there, self.done = progress, there, 0.0
        if there:
            self.say(there, "patterns")

    def part(self, name: str, share: float = 1.0) -> Callable[[int, int], None]:
        """Return how the next part reports, given its share of the work of that name."""
        start, size = self.done, share * PARTS[name]
        self.done += size
        return lambda now, of: self.say(start + size * now / of, name)

    def say(self, done: float, name: str) -> None:
        """Report which part of the work is done [0 to 1]."""
        if self.progress is not None:
            self.progress(max(self.there, done), 1.0, f"Validating: {name}")


# --- Pieces --------------------------------------------------------------------------------


def kept_in(
    folder: Path, size: Size, seed: int, names: tuple[str, ...] | None, notice: Notice
) -> tuple[Pieces, int]:
    """Return the pieces of a scorecard that are finished already, and how many there are in all.

    Parameters
    ----------
    folder
        Where the scorecard is written; what is finished is kept in a folder of its own in it.
    size, seed, names
        As in :func:`validate`.
    notice
        Called with a sentence about a piece that cannot be used.
    """
    sets = {evidence: vectors_of(evidence, size.vectors, seed) for evidence in EVIDENCE_SETS}
    settings = [size, seed, names, sets, scenario_files()]
    total = sum(map(len, asked_for(sets, names).values()))
    return Pieces(folder / "unfinished", settings, notice), total


def asked_for(
    sets: Mapping[str, Sequence[Vector]], names: tuple[str, ...] | None
) -> dict[str, list[str]]:
    """Return the names of all pieces of a scorecard, by part; see :func:`validate`."""
    patterns = [experiment for experiment in EXPERIMENTS if names is None or experiment in names]
    claims = names is None or not {*names} <= {*EXPERIMENTS}
    each = [(evidence, v) for evidence, those in sets.items() for v in range(len(those)) if claims]
    return {
        "patterns": [f"{name}-{evidence}" for name in patterns for evidence in sets],
        "claims": [f"claims-{evidence}-{v}" for evidence, v in each],
        "rivals": [f"rivals-{evidence}" for evidence in sets if names is None],
    }


def done_already(pieces: Pieces, asked: Mapping[str, Sequence[str]]) -> float:
    """Return which part of the work is finished already [0 to 1]."""
    return sum(
        PARTS[part] * sum(name in pieces.found for name in names) / len(names)
        for part, names in asked.items()
        if names
    )


def _origin_of(evidence: str) -> dict[str, Any]:
    """Return what made a posterior, in short."""
    origin = posterior_origin(evidence)
    made = {name: str(origin.get(name, "unknown")) for name in ("date", "code", "seed")}
    return {"vectors": len(posterior(evidence)), **made}


def plain(estimate: Estimate) -> dict[str, float | None]:
    """Return a number with its interval, empty where there is none."""
    return {
        name: value if math.isfinite(value) else None for name, value in estimate._asdict().items()
    }
