"""What calibration leaves of the parameters: vectors that reproduce an evidence set.

A posterior is a table of vectors of the parameters that have a prior, each of
which reproduces every figure of its evidence set within the stated band. It is shipped as data
with its provenance, and made by ``adopt calibrate``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sim.errors import AdoptionError
from sim.parameters import numbers
from sim.scenario.folders import library_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

EVIDENCE_SETS: Final = ("literature", "vendor")
"""Bodies of evidence calibrated on one at a time: published research, and practitioner claims."""


def calibrated() -> dict[str, tuple[float, float]]:
    """Return the prior range of each parameter that calibration moves, by name."""
    return {name: number.prior for name, number in numbers().items() if number.prior is not None}


def posterior_file(evidence: str) -> Path:
    """Return where the vectors of an evidence set are kept.

    Raises
    ------
    AdoptionError
        If there is no such evidence set.
    """
    if evidence not in EVIDENCE_SETS:
        known = ", ".join(EVIDENCE_SETS)
        raise AdoptionError(f"no such evidence set: found '{evidence}', expected one of: {known}")
    return library_folder() / "posteriors" / f"{evidence}.csv"


def posterior(evidence: str) -> pd.DataFrame:
    """Return the parameter vectors that reproduce an evidence set: one row per vector.

    Parameters
    ----------
    evidence
        ``vendor`` or ``literature``.

    Raises
    ------
    AdoptionError
        If there is no such set, or its file is missing or does not fit the parameters.

    Examples
    --------
    >>> import sim
    >>> vectors = sim.posterior("literature")
    >>> low, high = calibrated()["stop_rate"]
    >>> len(vectors) > 1, bool(vectors["stop_rate"].between(low, high).all())
    (True, True)
    """
    return _read(posterior_file(evidence)).copy()


@lru_cache(maxsize=4)
def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        table = pd.read_csv(path)
    except FileNotFoundError as error:
        raise AdoptionError(
            f"{path}: no posterior yet; make it: adopt calibrate --write"
        ) from error
    except (OSError, ValueError) as error:
        raise AdoptionError(f"{path}: no posterior can be read: {error}") from error
    if set(table.columns) != set(calibrated()) or table.empty:
        differ = sorted(set(table.columns) ^ set(calibrated()))
        wrong = (
            f"other parameters than are calibrated: {', '.join(differ)}" if differ else "no rows"
        )
        raise AdoptionError(f"{path}: found {wrong}; make it anew with: adopt calibrate --write")
    return table


def posterior_origin(evidence: str) -> dict[str, Any]:
    """Return what made a posterior: evidence, design, code, seeds, and the figures it reaches."""
    path = posterior_file(evidence).with_suffix(".json")
    try:
        origin: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise AdoptionError(f"{path}: no provenance can be read: {error}") from error
    return origin
