"""The audit as a table of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.studies.audit.study import BASES, Audit, offences

if TYPE_CHECKING:
    import pandas as pd


def audit_table(audit: Audit) -> pd.DataFrame:
    """Return one row per measure, what brings most for its money first.

    Of what it adds alone: points with their interval, euro, hours and both yields; of what it adds
    last: points and yields; the grade of its evidence; a mark where it breaks the rule.
    """
    import pandas as pd

    broken = {offence.measure for offence in offences(audit)}
    rows = {}
    for name in in_order(audit):
        alone, last = (audit.table.loc[(name, base)] for base in BASES)
        rows[name] = {
            "points alone": f"{alone['points']:+.1f} ({alone['low']:+.1f}, {alone['high']:+.1f})",
            "euro": f"{alone['euro']:,.0f}",
            "hours": f"{alone['hours']:,.0f}",
            "/10k€": _number(alone["per_euro"]),
            "/100h": _number(alone["per_hours"]),
            "last": f"{last['points']:+.1f}",
            "last/10k€": _number(last["per_euro"]),
            "last/100h": _number(last["per_hours"]),
            "grade": str(alone["grade"]) or "-",
            "rule": "broken" if name in broken else "",
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("measure")


def in_order(audit: Audit) -> list[str]:
    """Return the measures, what brings most for its money when alone first."""
    alone = audit.table.xs("alone", level="base")["per_euro"]
    return [str(name) for name in alone.sort_values(ascending=False, kind="stable").index]


def _number(value: float) -> str:
    return "" if value != value else f"{value:.2f}"
