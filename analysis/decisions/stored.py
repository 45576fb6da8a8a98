"""Where a decision lies on disk: its folder is named by what determines it, unfinished pieces are in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from analysis.results.pieces import Notice, Pieces, as_json
from sim.disk import whole
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
        """Return the folder within that of all results: the first scenario's name, and what determines it."""
        key = hashlib.sha256(as_json(self.determining).encode()).hexdigest()[:8]
        return root / self.study / f"{next(iter(self.scenarios))}-{key}"

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
        texts = {f"{name}.csv": table.to_csv() for name, table in tables.items()}
        for name, values in ((self.study, content), ("provenance", origin)):
            texts[f"{name}.json"] = json.dumps(values, indent=1) + "\n"
        for name, text in texts.items():
            with whole(folder / name) as draft:
                draft.write_text(text, "utf-8")
        return folder


def _plain(sets: Mapping[str, Sequence[Vector]]) -> dict[str, list[dict[str, float]]]:
    return {name: [dict(vector) for vector in vectors] for name, vectors in sets.items()}
