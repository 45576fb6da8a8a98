"""Every lesson runs from top to bottom as a student runs it, and is stored as one gets it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.scenario.folders import library

if TYPE_CHECKING:
    from nbformat import NotebookNode

LESSONS = sorted((library().parent / "notebooks").glob("*.ipynb"))
TRANSLATED = [one for one in LESSONS if one.stem.endswith(".nl")]

STUCK = 300
"""Seconds after which a cell is held to hang."""


def read(lesson: Path) -> NotebookNode:
    import nbformat  # not to find the tests, which the plain command does

    return nbformat.read(lesson, as_version=4)  # type: ignore[no-untyped-call]


def told(cell: NotebookNode) -> str:
    """Return what a cell writes beside its results: warnings, mostly."""
    return "".join(one.text for one in cell.get("outputs", ()) if one.get("name") == "stderr")


pytestmark = pytest.mark.usefixtures("own_cache")
lessons = pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.stem)


@lessons
def test_it_runs_and_warns_of_nothing(lesson: Path, tmp_path: Path) -> None:
    from nbclient import NotebookClient

    notebook = read(lesson)
    client = NotebookClient(notebook, timeout=STUCK, resources={"metadata": {"path": tmp_path}})
    client.execute()
    assert not [told(cell) for cell in notebook.cells if told(cell)]


@lessons
def test_it_is_stored_without_results(lesson: Path) -> None:
    for cell in read(lesson).cells:
        assert not cell.get("outputs"), cell.source
        assert cell.get("execution_count") is None, cell.source


@lessons
def test_it_asks_before_it_answers_and_folds_its_solutions(lesson: Path) -> None:
    notebook = read(lesson)
    texts = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    whole = "\n".join(cell.source for cell in texts)
    folded = [cell for cell in texts if cell.metadata.get("jp-MarkdownHeadingCollapsed")]
    solutions = [cell for cell in notebook.cells if "solution" in cell.metadata.get("tags", ())]
    guess, change, solution = (
        ("Jouw gok", "Verander één ding", "Oplossing")
        if lesson in TRANSLATED
        else ("Your guess", "Change one thing", "Solution")
    )
    assert whole.count(f"**{guess}") >= 2
    assert f"**{change}" in whole
    assert len(folded) == len(solutions) >= 3
    assert all(cell.source.startswith(f"#### {solution}") for cell in folded)


@pytest.mark.parametrize("translated", TRANSLATED, ids=lambda one: one.stem)
def test_a_translated_lesson_does_the_same(translated: Path) -> None:
    """Texts in a program and remarks may differ between languages, but nothing it does."""
    (original,) = {one for one in LESSONS if one.name[:2] == translated.name[:2]} - {translated}
    programs = [
        [
            re.sub(r"#.*|, lang=|\"[^\"\n]*\"", "", cell.source).split()
            for cell in read(lesson).cells
            if cell.cell_type == "code"
        ]
        for lesson in (original, translated)
    ]
    assert programs[0] == programs[1]
