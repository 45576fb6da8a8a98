"""The whole calibration: bank, refined bank, check by simulation, recovery, and what is kept of it."""

from __future__ import annotations

import datetime
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.studies.calibration.bank import fill, reaches, space_filling
from analysis.studies.calibration.emulator import Emulator, emulate, on_scale, simulated
from analysis.studies.calibration.posterior import (
    goals_within,
    moved,
    nearest,
    of_set,
    overlap,
    plausible,
)
from analysis.studies.calibration.recovery import recovery
from analysis.studies.calibration.targets import Target, calibration_targets
from analysis.studies.form import beside
from sim.engine.sources import source_fingerprint
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study.posteriors import EVIDENCE_SETS, calibrated
from sim.study.provenance import LIBRARIES, version_of

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture

QUESTION: Final = "Which parameter vectors reproduce the evidence?"

Progress = Callable[[str, int, int], None]

BLOCK: Final = 10_000_000
"""Numbers of organisations set aside for each stage, so that no two stages share any."""


@dataclass(frozen=True)
class Size:
    """How large a calibration is.

    Attributes
    ----------
    design
        Vectors of the first bank, over the whole prior; a power of two fills best.
    refined, waves
        Vectors of each further bank, where figures are still plausible, the same number for each
        evidence set; and how many such banks.
    organisations, sagging
        Organisations of each vector of the banks, and how many are looked at for troughs.
    repeats
        How often one vector is simulated to find what chance does to the figures of a bank.
    tries
        Vectors of each evidence set that are moved until they reach its figures.
    pairs, sagging_checked
        Organisations with which a vector is checked, and how many are looked at for troughs.
    truths
        Vectors that play the truth in the recovery.
    """

    design: int = 512
    refined: int = 192
    waves: int = 2
    organisations: int = 24
    sagging: int = 6
    repeats: int = 16
    tries: int = 80
    pairs: int = 160
    sagging_checked: int = 8
    truths: int = 200


@dataclass(frozen=True)
class Posterior:
    """What calibration on one evidence set gives.

    Attributes
    ----------
    evidence
        Name of the set.
    targets
        Its figures.
    checked
        All vectors moved, with their simulated figures.
    kept
        Those that reach every figure, under the number they were checked with.
    central
        The vector nearest to the mean of those that gives the figures expected.
    first
        Number of the first organisation of the first vector checked.
    emulator
        Emulator of the figures, fitted to both banks.
    recovered
        Table of :func:`analysis.studies.calibration.recovery.recovery`.
    """

    evidence: str
    targets: Sequence[Target]
    checked: pd.DataFrame
    kept: pd.DataFrame
    central: pd.Series
    first: int
    emulator: Emulator
    recovered: pd.DataFrame

    @property
    def vectors(self) -> pd.DataFrame:
        """The kept vectors, without their figures."""
        return self.kept[list(calibrated())]


@dataclass(frozen=True)
class Calibration:
    """A calibration on every evidence set, and how it was made."""

    size: Size
    seed: int
    arms: Mapping[str, Scenario]
    posteriors: Mapping[str, Posterior]
    folder: Path
    seconds: float

    @property
    def question(self) -> str:
        """What is asked."""
        return QUESTION

    @property
    def runs(self) -> int:
        """Organisations behind each figure of a vector, in each arm."""
        return self.size.pairs

    @property
    def answer(self) -> str:
        """How many vectors reach every figure of their evidence set."""
        counts = (
            f"{len(posterior.kept)} of {len(posterior.checked)} with {name} evidence"
            for name, posterior in self.posteriors.items()
        )
        return f"vectors that reach every figure: {', '.join(counts)}"

    @property
    def table(self) -> pd.DataFrame:
        """Every figure that was aimed at, and what the kept vectors give."""
        rows: pd.DataFrame = beside(self, "tables").reached_table(self.as_json())
        return rows

    def figure(self) -> Picture:
        """Draw where each parameter lies after calibration, within its prior."""
        vectors = {name: posterior.vectors for name, posterior in self.posteriors.items()}
        drawn: Picture = beside(self, "figure").identified_figure(
            list(vectors), vectors, self.as_json()
        )
        return drawn

    def as_json(self) -> dict[str, Any]:
        """Return the provenance of every posterior as plain values."""
        return {name: origin_of(self, posterior) for name, posterior in self.posteriors.items()}


def key_of(
    targets: Sequence[Target],
    arms: Mapping[str, Scenario],
    size: Size,
    seed: int,
    evidence: Sequence[str],
) -> str:
    """Return what a bank depends on, as a short name: another one never goes on in its folder."""
    parts = [
        *(tuple(target[:2]) + tuple(target.question) for target in targets),
        *(arm.fingerprint() for arm in arms.values()),
        sorted(calibrated().items()),
        asdict(size),
        seed,
        tuple(evidence),
        source_fingerprint(),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]


def calibrate(
    root: Path,
    size: Size | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    evidence: Sequence[str] = EVIDENCE_SETS,
) -> Calibration:
    """Find the parameter vectors that reproduce each evidence set.

    Parameters
    ----------
    root
        Folder of results; a study interrupted there goes on where it stopped.
    size
        How large it is.
    seed
        Seed of the study.
    progress
        Called with the name of the stage, what is done of it and its total.
    evidence
        Evidence sets.

    Raises
    ------
    AdoptionError
        If no vector reaches all figures of a set.
    InterruptedStudyError
        If interrupted; what is finished is kept.
    """
    began = time.monotonic()
    size = Size() if size is None else size
    targets, arms = calibration_targets()
    folder = root / "calibration" / key_of(targets, arms, size, seed, evidence)

    def stage(*names: str) -> Callable[[int, int], None]:
        name = ", ".join(names)
        return lambda done, total: None if progress is None else progress(name, done, total)

    def simulate(name: str, vectors: pd.DataFrame, block: int) -> pd.DataFrame:
        return fill(
            folder / f"{name}.csv",
            vectors,
            targets,
            arms,
            size.organisations,
            sagging=size.sagging,
            seed=seed,
            first=block * BLOCK,
            progress=stage(name),
        )

    aims = {name: of_set(targets, name) for name in evidence}
    bank = simulate("bank", space_filling(size.design, seed), 0)
    noise = _noise(bank, aims, size, seed, simulate)
    bank = _refined(bank, aims, noise, size, seed, simulate)
    posteriors = {}
    for block, name in enumerate(evidence, size.waves + 2):
        search = _Search(size, seed, block, folder / name, arms)
        emulator = emulate(bank, aims[name], noise, seed)
        posteriors[name] = search.posterior(name, aims[name], emulator, stage)
    return Calibration(size, seed, arms, posteriors, folder, time.monotonic() - began)


Simulate = Callable[[str, "pd.DataFrame", int], "pd.DataFrame"]
"""Simulates vectors under a name, with organisations of a block of their own."""


def _noise(
    bank: pd.DataFrame,
    aims: Mapping[str, Sequence[Target]],
    size: Size,
    seed: int,
    simulate: Simulate,
) -> dict[str, float]:
    """Return what chance does to each figure: the standard deviation under one typical vector."""
    import pandas as pd

    noise: dict[str, float] = {}
    for name, targets in aims.items():
        exact = dict.fromkeys((aim.name for aim in targets), 0.0)
        typical = plausible(emulate(bank, targets, exact, seed), 1, seed)
        repeats = pd.concat([typical] * size.repeats, ignore_index=True)
        again = simulate(f"luck, {name}", repeats, 1)
        noise |= {aim.name: float(np.std(simulated(aim, again))) for aim in targets}
    return noise


def _refined(
    bank: pd.DataFrame,
    aims: Mapping[str, Sequence[Target]],
    noise: Mapping[str, float],
    size: Size,
    seed: int,
    simulate: Simulate,
) -> pd.DataFrame:
    """Return a bank with vectors added where the figures of each evidence set are plausible."""
    import pandas as pd

    for wave in range(1, size.waves + 1):
        promising = [
            plausible(emulate(bank, targets, noise, seed), size.refined // len(aims), seed + wave)
            for targets in aims.values()
        ]
        more = simulate(f"refined bank {wave}", pd.concat(promising, ignore_index=True), wave + 1)
        bank = pd.concat([bank, more], ignore_index=True)
    return bank


class _Search(NamedTuple):
    """How vectors are looked for that reach the figures of one evidence set."""

    size: Size
    seed: int
    block: int
    folder: Path
    arms: Mapping[str, Scenario]

    def posterior(
        self,
        evidence: str,
        aims: Sequence[Target],
        emulator: Emulator,
        told: Callable[..., Callable[[int, int], None]],
    ) -> Posterior:
        """Return the vectors that reach these figures, moved there from plausible ones.

        Raises
        ------
        AdoptionError
            If there is none.
        """
        size, start = self.size, self.block * BLOCK
        moving = partial(
            moved,
            organisations=size.pairs,
            sagging=size.sagging_checked,
            seed=self.seed,
            first=start,
        )
        checked, learned = moving(
            emulator,
            plausible(emulator, size.tries, self.seed + self.block),
            goals_within(aims, size.tries, self.seed, start),
            self.folder,
            self.arms,
            told=partial(told, evidence),
        )
        kept = checked[[reaches(row, aims) for row in checked.to_dict("records")]]
        if kept.empty:
            raise AdoptionError(
                f"calibration: none of {len(checked)} vectors reaches all figures of the set "
                f"'{evidence}'; {self.folder.parent} shows which are missed"
            )
        mean = kept[list(calibrated())].mean().to_frame().T
        expected = np.array([[on_scale(aim, aim.expected) for aim in aims]])
        middle, _ = moving(learned, mean, expected, self.folder / "central", self.arms)
        central = middle.iloc[0] if reaches(middle.iloc[0], aims) else nearest(kept, mean)
        recovered = recovery(
            learned, size.truths, self.seed + self.block, told(f"recovery, {evidence}")
        )
        return Posterior(
            evidence, aims, checked, kept, central[mean.columns], start, emulator, recovered
        )


# --- What is kept of it --------------------------------------------------------------------


def origin_of(study: Calibration, posterior: Posterior) -> dict[str, Any]:
    """Return the provenance of a posterior as plain values, for JSON."""
    kept = posterior.kept
    return {
        "evidence": posterior.evidence,
        "method": "randomised maximum likelihood on a quadratic emulator of a shared bank; every "
        "vector simulated with many pairs, and kept if it reaches every figure",
        "vectors": len(kept),
        "checked": len(posterior.checked),
        "central": {name: float(value) for name, value in posterior.central.items()},
        "plausible_share_of_prior": posterior.emulator.share,
        "figures": [
            {
                "name": aim.name,
                "expected": aim.expected,
                "low": aim.low,
                "high": aim.high,
                "mean": float(kept[aim.name].mean()),
                "kept_low": float(kept[aim.name].quantile(0.05)),
                "kept_high": float(kept[aim.name].quantile(0.95)),
                "emulator_explains": float(explained),
            }
            for aim, explained in zip(posterior.targets, posterior.emulator.explained, strict=True)
        ],
        "again": {
            "vector": 0,
            "first_organisation": posterior.first + int(kept.index[0]) * study.size.pairs,
            "figures": {aim.name: float(kept.iloc[0][aim.name]) for aim in posterior.targets},
        },
        "recovery": posterior.recovered.round(4).to_dict("records"),
        "prior": {name: list(ends) for name, ends in calibrated().items()},
        "overlap": {name: round(value, 3) for name, value in overlap(posterior.vectors).items()},
        "size": asdict(study.size),
        "seed": study.seed,
        "date": datetime.date.today().isoformat(),
        "seconds": round(study.seconds),
        "code": source_fingerprint(),
        "libraries": {name: version_of(name) for name in LIBRARIES},
    }


def save(study: Calibration, folder: Path) -> list[Path]:
    """Write vectors, their figures and their provenance of every evidence set to a folder.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, posterior in study.posteriors.items():
            place = folder / f"{name}.csv"
            posterior.vectors.to_csv(place, index=False)
            text = json.dumps(origin_of(study, posterior), indent=1) + "\n"
            place.with_suffix(".json").write_text(text, "utf-8")
            written += [place, place.with_suffix(".json")]
    except OSError as error:
        raise AdoptionError(f"{folder}: cannot write the posteriors: {error.strerror}") from error
    return written
