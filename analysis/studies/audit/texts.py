"""The audit in words."""

from __future__ import annotations

from analysis.studies.audit.study import Audit, offences


def message(audit: Audit) -> str:
    """Return how many measures help by themselves, and how many break the rule of prices."""
    number = len(audit.table.index.unique("measure"))
    helps = int((audit.table.xs("alone", level="base")["low"] > 0.0).sum())
    broken = {offence.measure for offence in offences(audit)}
    verdict = "none breaks the rule of prices" if audit.whole else "no median without the others"
    if broken:
        verdict = f"{len(broken)} break{'s' if len(broken) == 1 else ''} the rule of prices"
    return f"{number} measure{'' if number == 1 else 's'}, {helps} of which help by themselves; {verdict}"
