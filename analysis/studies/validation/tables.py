"""The scorecard in numbers: every figure under every evidence set in a row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from analysis.studies.validation.rows import Row
from analysis.studies.validation.study import Scorecard

if TYPE_CHECKING:
    import pandas as pd


def table(card: Scorecard) -> pd.DataFrame:
    """Return every figure under every evidence set in a row of numbers, the misses first."""
    import pandas as pd

    rows = [
        record for row in card.rows for evidence in card.sets for record in _records(row, evidence)
    ]
    for evidence, several in card.rivals.items():
        for rival in several:
            for what in ("error", "spread", "troughs", "leaders", "alone", "seen"):
                rows.append(
                    {
                        "section": "rivals",
                        "name": rival.name,
                        "title": rival.about,
                        "figure": what,
                        "evidence": evidence,
                        "simulated": getattr(rival, what),
                    }
                )
    frame = pd.DataFrame(rows)
    frame.insert(0, "seed", card.seed)
    return frame


def _records(row: Row, evidence: str) -> list[dict[str, Any]]:
    return [
        {
            "section": row.section,
            "name": row.name,
            "title": row.title,
            "grade": row.grade,
            "fitted": evidence in row.fitted,
            "figure": line.label,
            "evidence": evidence,
            "unit": line.unit,
            **dict(zip(("expected", "low", "high"), line.band or (math.nan,) * 3, strict=True)),
            "no_effect": math.nan if line.nothing is None else line.nothing,
            "simulated": line.found[evidence].value,
            "simulated_low": line.found[evidence].low,
            "simulated_high": line.found[evidence].high,
            "known": line.found[evidence].known,
            "figure_verdict": line.verdicts.get(evidence, ""),
            "verdict": row.verdicts[evidence],
            **line.more.get(evidence, {}),
            "reading": row.reading,
        }
        for line in row.lines
    ]
