"""The claims as a table of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.studies.claims.study import Claims
from analysis.studies.claims.texts import label_of

if TYPE_CHECKING:
    import pandas as pd


def claims_table(claims: Claims) -> pd.DataFrame:
    """Return a row per claim, figure of it and evidence set: claimed, simulated, and the verdicts."""
    import pandas as pd

    rows = []
    for name in claims.agenda.experiments:
        every, said = claims.of(name)
        for evidence, tested in every.items():
            for answer, verdict in zip(tested.answers, said[evidence].figures, strict=True):
                band = answer.question.expected
                rows.append(
                    {
                        "claim": name,
                        "figure": label_of(answer.question),
                        "evidence": evidence,
                        "expected": band.expected,
                        "low": band.low,
                        "high": band.high,
                        **{
                            f"simulated{end}": getattr(answer.found, field)
                            for end, field in (("", "value"), ("_low", "low"), ("_high", "high"))
                        },
                        "figure_verdict": verdict,
                        "verdict": said[evidence].verdict,
                    }
                )
    return pd.DataFrame(rows).set_index(["claim", "figure", "evidence"])
