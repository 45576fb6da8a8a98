"""Every lesson is what its page says, runs from top to bottom with its solutions, and is the same in Dutch."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.lessons.source import MOST_LINES, blocks, in_language, notebook, solutions, written
from sim.errors import AdoptionError
from sim.scenario.folders import library

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOKS = library().parent / "notebooks"
PAGES = sorted((NOTEBOOKS / "source").glob("*.md"))

STUCK = 300
"""Seconds after which a cell is held to hang."""

TOO_MUCH = ("distributed", "mypy", "pptx", "SALib", "sklearn", "streamlit", "typst")
"""What a lesson does without, so that ``uv run --only-group lessons`` is enough."""

pytestmark = pytest.mark.usefixtures("own_cache")
pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


def read(page: Path, lang: str = "en") -> NotebookNode:
    import nbformat  # not to find the tests, which the plain command does

    lesson = nbformat.reads(json.dumps(notebook(page, lang)), as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(lesson)
    return lesson


def warned(cell: NotebookNode) -> str:
    """Return what a cell writes beside its results: warnings, mostly."""
    return "".join(out.text for out in cell.get("outputs", ()) if out.get("name") == "stderr")


def text(lesson: NotebookNode) -> str:
    return "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")


def programs(lesson: NotebookNode) -> list[str]:
    return [cell.source for cell in lesson.cells if cell.cell_type == "code"]


def test_there_are_eight_each_in_both_languages() -> None:
    assert [page.name[:2] for page in PAGES] == [f"{k:02}" for k in range(1, 9)]


def test_the_notebooks_are_what_the_pages_say() -> None:
    """``python -m analysis.lessons`` makes them."""
    made = written(NOTEBOOKS)
    assert set(made) == set(NOTEBOOKS.glob("*.ipynb"))
    for file, wanted in made.items():
        assert file.read_text("utf-8") == wanted, f"{file.name}: python -m analysis.lessons"


@pages
def test_it_runs_with_its_solutions_and_warns_of_nothing(page: Path, tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    lesson = read(page)
    cells = []
    for cell in lesson.cells:
        cells.append(cell)
        folded = solutions(cell.source) if cell.cell_type == "markdown" else []
        cells += [nbformat.v4.new_code_cell(one) for one in folded]  # type: ignore[no-untyped-call]
    loaded = f"import sys; print([name for name in {TOO_MUCH} if name in sys.modules])"
    cells.append(nbformat.v4.new_code_cell(loaded))  # type: ignore[no-untyped-call]
    lesson.cells = cells
    client = NotebookClient(lesson, timeout=STUCK, resources={"metadata": {"path": tmp_path}})
    client.execute()
    assert not [warned(cell) for cell in lesson.cells if warned(cell)]
    assert lesson.cells[-1].outputs[0].text.strip() == "[]"
    kept = json.loads((tmp_path / "my-guesses.json").read_text("utf-8"))
    assert len(kept) == sum(cell.source.count("lesson.score") for cell in lesson.cells)


@pages
def test_it_asks_before_it_answers_and_is_short(page: Path) -> None:
    for lang, guess, notice, tries, exercise in (
        ("en", "**Your guess.**", "**Things to notice.**", "**Things to try**", "## Exercise "),
        ("nl", "**Jouw gok.**", "**Wat valt op.**", "**Om te proberen**", "## Oefening "),
    ):
        lesson = read(page, lang)
        whole = text(lesson)
        lines = [line for program in programs(lesson) for line in program.splitlines()]
        assert len(lines) <= MOST_LINES
        assert whole.count(guess) >= 1
        assert (
            sum(
                program.count("lesson.guess(") + program.count("lesson.choose(")
                for program in programs(lesson)
            )
            >= 1
        )
        assert min(whole.count(notice), whole.count(tries)) >= 1
        assert whole.count(exercise) == len(solutions(whole)) == whole.count("<details>") == 2


@pages
def test_the_dutch_lesson_does_the_same(page: Path) -> None:
    """Texts and remarks of a program differ between languages, but nothing it does."""

    def bare(program: str) -> list[str]:
        return re.sub(r"#.*|\"[^\"\n]*\"", "", program).split()

    english, dutch = read(page), read(page, "nl")
    for one, other in (
        (programs(english), programs(dutch)),
        (solutions(text(english)), solutions(text(dutch))),
    ):
        assert [bare(program) for program in one] == [bare(program) for program in other]
        for program in other:
            compile(program, page.name, "exec")
            assert "||" not in program
    kinds = [[cell.cell_type for cell in lesson.cells] for lesson in (english, dutch)]
    assert kinds[0] == kinds[1]
    for lesson, lang in ((english, "en"), (dutch, "nl")):
        assert f'"{lang}")' in programs(lesson)[0]


@pages
def test_ties_are_banden_in_dutch(page: Path) -> None:
    assert "verbinding" not in text(read(page, "nl")).lower()


@pages
def test_every_try_has_an_answer_for_teachers(page: Path) -> None:
    number = int(page.name[:2])
    key = (library().parent / "docs" / "teaching.md").read_text("utf-8")
    part = re.search(rf"^### Lesson {number}\b.*?(?=^##|\Z)", key, re.M | re.S)
    assert part is not None
    english = text(read(page))
    tries = re.findall(r"^(\d)\. ", "\n".join(english.split("**Things to try**")[1:]), re.M)
    answers = re.findall(r"^(\d)\. ", part[0], re.M)
    assert answers == tries == [str(k) for k in range(1, len(tries) + 1)]


@pytest.mark.parametrize(
    "page",
    ["%% en\nOnly English\n%% code\nx = 1\n", "%% fr\nBonjour\n"],
)
def test_a_page_that_is_not_in_order_is_said_with_its_line(page: str) -> None:
    with pytest.raises(AdoptionError, match=r"09-x\.md, line 1"):
        blocks(page, "09-x.md")


def test_a_text_of_a_program_is_in_one_language() -> None:
    line = 'title = "one || een"  # first || eerste'
    assert in_language(line, "en") == 'title = "one"  # first'
    assert in_language(line, "nl") == 'title = "een"  # eerste'
