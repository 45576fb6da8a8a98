"""The scorecard in short: counts, a line, a sentence on trust."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis.studies.claims.verdicts import VERDICTS, Verdict
from analysis.studies.validation.rows import Row, Section

if TYPE_CHECKING:
    from analysis.studies.validation.study import Scorecard


def counted(
    rows: Sequence[Row], evidence: str, section: Section | None = None
) -> dict[Verdict, int]:
    """Return how many rows have each verdict under an evidence set, the best first."""
    chosen = [row for row in rows if section is None or row.section == section]
    return {
        verdict: sum(row.verdicts[evidence] == verdict for row in chosen)
        for verdict in reversed(VERDICTS)
    }


def message(card: Scorecard) -> str:
    """Return in one line what became of the claims that nothing was fitted to."""
    held = [row for row in card.rows if row.section == "held out"]
    if not held:
        rows = list(card.rows)
        good = sum(row.worst == "holds" for row in rows)
        return f"{good} of {len(rows)} hold under {_both(card.sets)}"
    counts = {verdict: sum(row.worst == verdict for row in held) for verdict in VERDICTS}
    return (
        f"Of {len(held)} claims held out, {counts['holds']} hold under {_both(card.sets)}, "
        f"{counts['direction only']} in direction only; {counts['misses']} are missed and "
        f"{counts['impossible as stated']} cannot hold as stated"
    )


def trust(card: Scorecard) -> str:
    """Return in a sentence or two what the model can be trusted with, and what not."""
    patterns = [row for row in card.rows if row.section == "patterns"]
    good = [_named(row) for row in patterns if row.worst == "holds"]
    bad = [_named(row) for row in patterns if row.worst == "misses"]
    held = [row for row in card.rows if row.section == "held out"]
    text = ""
    if good:
        text += (
            f"It shows, under {_both(card.sets)}, what it was built to show: {', '.join(good)}. "
        )
    if bad:
        text += f"It does not show: {', '.join(bad)}. "
    if held:
        sized = sum(row.worst == "holds" for row in held)
        signed = sum(row.worst == "direction only" for row in held)
        text += (
            f"Of what nothing was fitted to it gets the size right in {sized} of {len(held)} claims "
            f"and the direction alone in {signed}"
        )
        text += (
            "."
            if 2 * sized > len(held)
            else ": trust it with comparing strategies, not with the size of a single measure's "
            "effect, how fast it comes, or the level in one firm."
        )
    return text.strip()


def _named(row: Row) -> str:
    return f"{row.title[0].lower()}{row.title[1:]} ({row.name})"


def _both(sets: Sequence[str]) -> str:
    return "both sets of evidence" if len(sets) > 1 else f"the {sets[0]} evidence"
