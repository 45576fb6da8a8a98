"""Golden results: what every shipped scenario gives, so that a change says whether it moves them.

``python3 -m uv run python -m tests.golden`` writes them anew; the diff is what a change does to results.
"""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any, Final

import numpy as np

import sim
from sim.kernel import GROUPS
from sim.scenario.folders import library

FILE: Final = Path(__file__).with_name("results.csv")
SEEDS: Final = (1, 2, 3)
RUNS: Final = 2
FINEST: Final = 30
"""Bits that count, below the largest value of a KPI: the last ones differ between platforms."""

COLUMNS: Final = ("scenario", "seed", "whole", "groups", "month 1", "month 6", "last", "euro")
"""Hashes of all KPIs, whole and by group; weekly users in percent; what everything cost."""


def names() -> list[str]:
    """Return the shipped scenarios."""
    return sorted(file.stem for file in library().glob("*.yaml"))


def row_of(name: str, seed: int) -> dict[str, str]:
    """Return the golden row of a scenario and seed: hashes, and a few numbers to read."""
    result = sim.compare([name], RUNS, seed, by=GROUPS)
    groups = result.groups[name]
    weekly = 100 * result.curves(name, "adoption").mean(axis=0)
    euro = result.curves(name, "cost").sum(axis=1).mean()
    content = (
        name, seed, digest(result.measured[name]), digest(groups.values, groups.heads, groups.labels),
        f"{weekly[1]:.2f}", f"{weekly[6]:.2f}", f"{weekly[-1]:.2f}", f"{euro:.0f}",
    )  # fmt: skip
    return dict(zip(COLUMNS, map(str, content), strict=True))


def digest(values: np.ndarray[Any, Any], *more: object) -> str:
    """Return a short hash of KPIs [..., KPIs], each rounded beside its own largest value.

    What follows the values is hashed as it is.
    """
    largest = np.nanmax(np.abs(values), axis=tuple(range(values.ndim - 1)), initial=0.0)
    _, exponent = np.frexp(largest)
    whole = np.rint(np.ldexp(values, FINEST - exponent))
    content = hashlib.sha256(np.nan_to_num(whole, nan=2.0**62).astype("<i8").tobytes())
    for one in more:
        content.update(one.tobytes() if isinstance(one, np.ndarray) else repr(one).encode())
    return content.hexdigest()[:16]


def text_of(rows: list[dict[str, str]]) -> str:
    """Return rows as they stand in the file."""
    stream = io.StringIO()
    table = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return stream.getvalue()
