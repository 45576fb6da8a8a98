"""A lesson as it is written: one page for both languages, of which the notebooks are made.

A page is a row of blocks. Each begins with a line of its own::

    %% en          a text in English; the %% nl after it is the same in Dutch
    %% nl
    %% code        a program; "English || Nederlands" is what each language gets, in texts and remarks
    %% exercise    an empty cell to work in
    %% solution    a program that is folded away; the two texts after it are folded away with it
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from sim.errors import AdoptionError, said

LANGUAGES: Final = ("en", "nl")

KINDS: Final = (*LANGUAGES, "code", "exercise", "solution")

HEAD: Final = re.compile(r"^%%[ \t]*(.*?)[ \t]*$", re.M)

TEXT: Final = re.compile(r'"(?P<en>[^"\n|]*?) \|\| (?P<nl>[^"\n|]*)"')

FIELD: Final = re.compile(r"\{[^{}]*\}")

REMARK: Final = re.compile(r"# (?P<en>[^\n|]*?) \|\| (?P<nl>[^\n|]*)$", re.M)

FOLDED: Final = re.compile(r"<details>.*?```python\n(.*?)```.*?</details>", re.S)

SUMMARY: Final = {"en": "Solution", "nl": "Oplossing"}

HERE: Final = {
    "en": "# Your turn: write here, and run it.",
    "nl": "# Nu jij: schrijf hier, en voer het uit.",
}

MOST_LINES: Final = 100
"""Lines of program in a lesson."""


class Block(NamedTuple):
    """A block of a page: its kind, its text, and the line it begins in."""

    kind: str
    text: str
    line: int


class Cell(NamedTuple):
    """A cell of a notebook."""

    kind: str
    text: str


def blocks(page: str, name: str) -> list[Block]:
    """Return the blocks of a page.

    Raises
    ------
    AdoptionError
        If a block is of no known kind, a text stands in one language only, or a text of a program
        has a field such as ``{name}`` in one language only.
    """
    heads = list(HEAD.finditer(page))
    ends = [head.start() for head in heads[1:]] + [len(page)]
    parts = [
        Block(head[1], page[head.end() : end].strip("\n"), page.count("\n", 0, head.start()) + 1)
        for head, end in zip(heads, ends, strict=True)
    ]
    for part, after in zip(parts, [*parts[1:], Block("", "", 0)], strict=True):
        if part.kind not in KINDS:
            raise AdoptionError(
                said(
                    "{file}, line {line}: found '%% {found}', expected one of: {kinds}",
                    file=name,
                    line=part.line,
                    found=part.kind,
                    kinds=", ".join(f"%% {kind}" for kind in KINDS),
                )
            )
        if part.kind == "en" and after.kind != "nl":
            raise AdoptionError(
                said(
                    "{file}, line {line}: a text in English without '%% nl' after it",
                    file=name,
                    line=part.line,
                )
            )
        for text in TEXT.finditer(part.text if part.kind in ("code", "solution") else ""):
            if set(FIELD.findall(text["en"])) != set(FIELD.findall(text["nl"])):
                raise AdoptionError(
                    said(
                        "{file}, line {line}: found {found}, expected the same fields in braces in both "
                        "languages",
                        file=name,
                        line=part.line + 1 + part.text.count("\n", 0, text.start()),
                        found=text[0],
                    )
                )
    return parts


def in_language(program: str, lang: str) -> str:
    """Return a program with its texts and remarks in one language.

    Examples
    --------
    >>> from analysis.lessons.source import in_language
    >>> in_language('number = 0  # yours || jouw nummer', "nl")
    'number = 0  # jouw nummer'
    """
    program = TEXT.sub(lambda text: f'"{text[lang]}"', program)
    return REMARK.sub(lambda remark: f"# {remark[lang]}", program)


def cells(page: str, name: str, lang: str) -> Iterator[Cell]:
    """Yield the cells of a lesson in one language."""
    folding = ""
    for part in blocks(page, name):
        if part.kind == "code":
            yield Cell("code", in_language(part.text, lang))
        elif part.kind == "exercise":
            yield Cell("code", HERE[lang])
        elif part.kind == "solution":
            folding = in_language(part.text, lang)
        elif part.kind == lang:
            text = part.text
            if folding:
                text = (
                    f"<details><summary>{SUMMARY[lang]}</summary>\n\n```python\n{folding}\n```\n\n"
                    f"{text}\n\n</details>"
                )
            yield Cell("markdown", text)
        if part.kind == "nl":
            folding = ""


def notebook(page: Path, lang: str) -> dict[str, Any]:
    """Return the notebook of a page in one language, as Jupyter stores it, without results.

    Raises
    ------
    AdoptionError
        If the page is not written as the head of this module says.
    """
    stored = []
    for k, cell in enumerate(cells(page.read_text("utf-8"), page.name, lang), start=1):
        one: dict[str, Any] = {
            "cell_type": cell.kind,
            "id": f"cell-{k:02}",
            "metadata": {},
            "source": cell.text.splitlines(keepends=True),
        }
        if cell.kind == "code":
            one |= {"execution_count": None, "outputs": []}
        stored.append(dict(sorted(one.items())))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return {
        "cells": stored,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def written(folder: Path) -> dict[Path, str]:
    """Return the notebooks of all lessons by file, as they are stored.

    Parameters
    ----------
    folder
        Where the notebooks are; their pages are in ``source`` below it.
    """
    texts = {}
    for page in sorted((folder / "source").glob("*.md")):
        for lang in LANGUAGES:
            file = folder / f"{page.stem}{'' if lang == 'en' else '.nl'}.ipynb"
            texts[file] = json.dumps(notebook(page, lang), ensure_ascii=False, indent=1) + "\n"
    return texts


def solutions(text: str) -> list[str]:
    """Return the programs that are folded away in a text."""
    return FOLDED.findall(text)
