"""Where a decision lies on disk: its folder is named by what determines it, unfinished pieces are in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.results.pieces import Notice, Pieces
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.simulator import Vector
from sim.study.provenance import provenance

if TYPE_CHECKING:
    import pandas as pd


class Place(NamedTuple):
    """What determines a decision, and so where it lies.

    Attributes
    ----------
    study
        What is asked, as its command is called.
    scenarios
        What is simulated, by name.
    seed, runs
        Seed of the study, organisations of each vector.
    settings
        Everything else that determines what comes out, as plain values.
    sets
        Parameter vectors by evidence.
    """

    study: str
    scenarios: Mapping[str, Scenario]
    seed: int
    runs: int
    settings: Mapping[str, Any]
    sets: Mapping[str, Sequence[Vector]]

    @property
    def determining(self) -> dict[str, Any]:
        """Everything that determines what comes out."""
        return {
            "result": provenance(self.scenarios, self.seed, self.runs)["fingerprint"],
            "vectors": _plain(self.sets),
            **self.settings,
        }

    def folder(self, root: Path) -> Path:
        """Return the folder within that of all results."""
        text = json.dumps(self.determining, sort_keys=True)
        return root / self.study / hashlib.sha256(text.encode()).hexdigest()[:12]

    def pieces(self, root: Path, notice: Notice) -> Pieces:
        """Return the pieces that are finished already, and where others are kept."""
        return Pieces(self.folder(root) / "unfinished", self.determining, notice)

    def save(self, root: Path, content: Any, tables: Mapping[str, pd.DataFrame]) -> Path:
        """Write plain values, tables, and what made them; return the folder.

        Raises
        ------
        AdoptionError
            If nothing can be written there.
        """
        folder = self.folder(root)
        origin = {
            **provenance(self.scenarios, self.seed, self.runs),
            "vectors": _plain(self.sets),
            **self.settings,
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, table in tables.items():
                table.to_csv(folder / f"{name}.csv")
            for name, values in ((self.study, content), ("provenance", origin)):
                (folder / f"{name}.json").write_text(json.dumps(values, indent=1) + "\n", "utf-8")
        except OSError as error:
            raise AdoptionError(f"{folder}: cannot be written: {error}") from error
        return folder


def _plain(sets: Mapping[str, Sequence[Vector]]) -> dict[str, list[dict[str, float]]]:
    return {name: [dict(vector) for vector in vectors] for name, vectors in sets.items()}
