"""What the experiments show as tables: of texts to read, and of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.studies.patterns.findings import Shown
from analysis.studies.patterns.texts import span, told

if TYPE_CHECKING:
    import pandas as pd


def table(pattern: Shown) -> pd.DataFrame:
    """Return the findings of a pattern as texts; a star marks those that decide."""
    import pandas as pd

    columns = {
        "compared": [f"{finding.label}{' *' * finding.decides}" for finding in pattern.findings],
        pattern.unit: [told(finding.value, pattern.unit) for finding in pattern.findings],
        "95 % interval": [
            span(finding.low, finding.high, pattern.unit) for finding in pattern.findings
        ],
    }
    if any(finding.band for finding in pattern.findings):
        columns["promised"] = [
            span(*finding.band, pattern.unit) if finding.band else ""
            for finding in pattern.findings
        ]
    return pd.DataFrame(columns)


def findings_table(shown: Sequence[Shown]) -> pd.DataFrame:
    """Return every finding in numbers, one row each, by pattern and what is compared."""
    import pandas as pd

    rows = [
        {
            "pattern": pattern.name,
            "compared": finding.label,
            "unit": pattern.unit,
            "value": finding.value,
            "low": finding.low,
            "high": finding.high,
            "decides": finding.decides,
            "verdict": pattern.verdict,
        }
        for pattern in shown
        for finding in pattern.findings
    ]
    return pd.DataFrame(rows).set_index(["pattern", "compared"])
