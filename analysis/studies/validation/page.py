"""The scorecard as files: a page to read and print, its numbers as CSV, its figure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from analysis.figures.frame import in_bytes
from analysis.studies.claims.figure import COLOURS
from analysis.studies.claims.verdicts import VERDICTS
from analysis.studies.validation.figure import scorecard_figure
from analysis.studies.validation.nulls import Rival
from analysis.studies.validation.rows import SECTIONS
from analysis.studies.validation.study import Scorecard
from analysis.studies.validation.tables import table
from analysis.studies.validation.texts import counted, message, trust
from sim.errors import AdoptionError
from sim.study.provenance import LIMITS

if TYPE_CHECKING:
    pass

TEMPLATE: Final = Path(__file__).with_name("scorecard.html.jinja")

NAME: Final = "scorecard"

NEAR: Final = 0.02
"""A mean curve nearer than this is within what luck does [share of the people]."""

ABOUT: Final = {
    "patterns": "What a model of this kind should show, each looked for by an experiment of its own. "
    "Parameters were calibrated on figures of some of them: those say so.",
    "calibrated": "Figures that one of the two posteriors was made to reach. Under the other one "
    "they are held out too.",
    "held out": "Never used to choose a parameter. Most are untraced claims of practitioners; that "
    "one is missed may say as much about the claim as about the model.",
    "limits": "With everything switched off but one mechanism the engine has to give what theory "
    "says. Parameters play no part. The tests of the project hold it to many more.",
}


def html_page(card: Scorecard) -> str:
    """Return the scorecard as one page of HTML that needs nothing else."""
    from jinja2 import Environment, StrictUndefined, select_autoescape

    environment = Environment(
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.from_string(TEMPLATE.read_text("utf-8"))
    sections = [
        {
            "key": section,
            "title": title,
            "about": ABOUT[section],
            "rows": [row for row in card.rows if row.section == section],
            "counts": {evidence: counted(card.rows, evidence, section) for evidence in card.sets},
        }
        for section, title in SECTIONS.items()
        if any(row.section == section for row in card.rows)
    ]
    return template.render(
        message=message(card),
        trust=trust(card),
        sections=sections,
        sets=card.sets,
        verdicts=list(reversed(VERDICTS)),
        totals={evidence: counted(card.rows, evidence) for evidence in card.sets},
        colours=COLOURS,
        figure=inline(card),
        rivals=[rivals_table(several, name) for name, several in card.rivals.items() if several],
        rivals_message=rivals_message(card),
        sweep=sweep_table(card),
        origin=card.origin,
        size=card.size,
        asked="" if any(card.rivals.values()) else "".join(f" {row.name}" for row in card.rows),
        limits=LIMITS,
    )


def inline(card: Scorecard) -> str:
    """Return the figure as SVG to stand inside a page."""
    text = in_bytes(scorecard_figure(card, "What is claimed, and what is simulated"), "svg").decode(
        "utf-8"
    )
    text = text[text.index("<svg") :]
    # The page sets the width; the height follows.
    return re.sub(
        r'(<svg[^>]*?) width="[^"]+"', r"\1", re.sub(r' height="[^"]+pt"', "", text, count=1)
    )


# --- Rivals and the sweep ------------------------------------------------------------------


def rivals_table(several: Sequence[Rival], evidence: str) -> dict[str, Any]:
    """Return simpler models and what they show, as texts.

    Parameters
    ----------
    several
        The model itself first.
    evidence
        Name of the evidence set it ran under.
    """
    rows = [
        {
            "name": rival.name,
            "about": rival.about,
            "error": "" if place == 0 else f"{100 * rival.error:.1f}",
            "spread": f"{100 * rival.spread:.0f}",
            "troughs": f"{100 * rival.troughs:.0f} %",
            "leaders": "no leaders" if math.isnan(rival.leaders) else f"{rival.leaders:.1f}",
            "alone": f"{100 * rival.alone:.0f} %",
            "seen": f"{100 * rival.seen:.0f} %",
        }
        for place, rival in enumerate(several)
    ]
    return {"evidence": evidence, "rows": rows}


def rivals_message(card: Scorecard) -> str:
    """Return what the rivals teach: whether a mean curve tells them apart, and what does."""
    sentences = []
    for name, several in card.rivals.items():
        if not several:
            continue
        best, worst = (pick(several[1:], key=lambda rival: rival.error) for pick in (min, max))
        sentences.append(
            f"Under {name} evidence a mean curve alone {'cannot tell' if best.error < NEAR else 'tells'} "
            f"this model from far simpler ones: the best rival ({best.name}) is "
            f"{100 * best.error:.1f} points off on average, the worst ({worst.name}) "
            f"{100 * worst.error:.1f}."
        )
    if not sentences:
        return ""
    return (
        " ".join(sentences)
        + " What may tell them apart is how far organisations differ, whether use sags, what "
        "leaders do, and what people had seen when they started. None of that was fitted for the "
        "rivals; a rival that shows the same is an explanation as good."
    )


def sweep_table(card: Scorecard) -> list[dict[str, str]]:
    """Return the mean impact by share of the budget for change, as texts."""
    values = sorted({value for means in card.sweep.values() for value in means})
    return [
        {
            "share": f"{100 * value:.0f} %",
            **{
                name: f"{means[value].value / 1000:,.0f}".replace("-", "\N{MINUS SIGN}")
                for name, means in card.sweep.items()
                if value in means
            },
        }
        for value in values
    ]


# --- Files ---------------------------------------------------------------------------------


def save_part(card: Scorecard, folder: Path) -> Path | None:
    """Write the numbers of an interrupted scorecard; return the file, None if nothing is finished.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    if not card.rows:
        return None
    path = folder / f"{NAME}-so-far.csv"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        table(card).to_csv(path, index=False, float_format="%.6g")
    except OSError as error:
        raise AdoptionError(f"{path}: cannot be written: {error.strerror}") from error
    return path


def save(card: Scorecard, folder: Path) -> list[Path]:
    """Write page, numbers and figure to a folder.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    figure = scorecard_figure(card)
    contents = {
        f"{NAME}.html": html_page(card).encode("utf-8"),
        f"{NAME}.csv": table(card).to_csv(index=False, float_format="%.6g").encode("utf-8"),
        f"{NAME}.svg": in_bytes(figure, "svg"),
        f"{NAME}.png": in_bytes(figure, "png"),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        (folder / f"{NAME}-so-far.csv").unlink(missing_ok=True)
    except OSError as error:
        raise AdoptionError(f"{folder}: cannot write the scorecard: {error.strerror}") from error
    return [folder / name for name in contents]
