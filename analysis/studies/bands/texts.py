"""The bands in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.studies.bands.study import Banded


def verdict(banded: Banded) -> str:
    """Return in a line how many figures lie in their band, and which do not."""
    out = [
        f"{name} ({row['value']:.3g}, {row['verdict']})"
        for name, row in banded.table.iterrows()
        if row["verdict"] != "inside"
    ]
    text = f"{banded.inside} of {len(banded.table)} figures lie in their band"
    return text + (f"; outside: {', '.join(out)}" if out else "")
