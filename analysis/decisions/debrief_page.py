"""What is written of a debriefing: tables, plain values, the figure, and the page of the class."""

from __future__ import annotations

import base64
import html
import json
from pathlib import Path

from analysis.decisions import debrief_texts as texts
from analysis.decisions.debrief import Debriefed
from analysis.words.languages import ENGLISH, Language
from sim.disk import whole

STYLE = """\
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c }
table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .3rem .9rem .3rem 0; text-align: right }
th:first-child, td:first-child { text-align: left } th { border-bottom: 1px solid #999 } img { width: 100% }
.note { color: #5c5c5c }"""


def save(
    out: Debriefed, folder: Path, words: Language = ENGLISH, figure: bool = True
) -> list[Path]:
    """Write tables, plain values, the figure and a page; return the page first.

    Parameters
    ----------
    out
        What games came to.
    folder
        Where all debriefings lie.
    words
        Language of figure and page.
    figure
        Whether to draw.

    Raises
    ------
    AdoptionError
        If nothing can be written there.
    """
    from analysis.figures.curves import save_figure

    ending = f"-{words.code}" if words is not ENGLISH and words.code != "en" else ""
    teams = out.teams[0].scenario.name if len(out.teams) == 1 else "class"
    here = folder / f"{Path(out.world.name).stem}-{teams}"
    files = {
        "scores.csv": out.table.to_csv(),
        "moves.csv": out.moves.to_csv(),
        "debrief.json": json.dumps(out.as_json(words), indent=1) + "\n",
    }
    drawn: list[Path] = []
    picture = b""
    if figure:
        drawn = [*save_figure(out.figure(words), here / f"debrief{ending}")]
        picture = next(path for path in drawn if path.suffix == ".png").read_bytes()
    page = f"debrief{ending}.html"
    files[page] = page_of(out, picture, words)
    for name, text in files.items():
        with whole(here / name) as draft:
            draft.write_text(text, "utf-8")
    return [here / page, *drawn]


def page_of(out: Debriefed, picture: bytes, words: Language = ENGLISH) -> str:
    """Return the page of a class: a line, the figure, scores, and what each team's moves were worth."""
    message = html.escape(texts.message(out, words))
    parts = [f"<h1>{message}</h1>"]
    if picture:
        image = base64.b64encode(picture).decode()
        parts.append(f'<img alt="{message}" src="data:image/png;base64,{image}">')
    parts.append(_table(texts.scores(out, words)))
    parts += [f"<p>{html.escape(text)}</p>" for text in texts.sentences(out, words)]
    for state in out.teams:
        rows = texts.moves(out, state, words)
        if rows:
            parts.append(f"<h2>{html.escape(state.team)}</h2>{_table(rows)}")
    parts.append(f'<p class="note">{html.escape(texts.note(out, words))}</p>')
    return (
        f'<!doctype html>\n<html lang="{words.code}"><meta charset="utf-8"><title>{message}</title>'
        f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</html>\n"
    )


def _table(rows: list[dict[str, str]]) -> str:
    """Return rows as a table of the page."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(text)}</td>" for text in row.values()) + "</tr>"
        for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
