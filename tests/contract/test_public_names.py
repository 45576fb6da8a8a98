"""What the package offers: every name is there, light to ask for, and comes from below."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
PAGES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("name", sim.__all__)
def test_every_public_name_is_there_and_explains_itself(name: str) -> None:
    one = getattr(sim, name)
    assert callable(one)
    assert inspect.getdoc(one)


def test_public_names_are_listed_once_and_in_order() -> None:
    assert sim.__all__ == sorted(set(sim.__all__))
    assert dir(sim) == sim.__all__


def test_type_checkers_and_people_are_offered_the_same_names() -> None:
    tree = ast.parse((PACKAGE / "__init__.py").read_text("utf-8"))
    checked = next(node for node in tree.body if isinstance(node, ast.If))
    offered = {
        alias.asname or alias.name
        for node in checked.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert offered == set(sim.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'simulate'"):
        sim.simulate  # noqa: B018


def test_no_public_name_hides_a_page() -> None:
    assert not set(sim.__all__) & {page.stem for page in PACKAGE.iterdir()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_of_the_simulation_knows_what_is_said_about_its_results(page: Path) -> None:
    for node in ast.walk(ast.parse(page.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported = [node.module or ""]
        else:
            continue
        assert not any(name.split(".")[0] == "analysis" for name in imported)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_first_line_of_a_page_says_which_question_it_answers(page: Path) -> None:
    text = ast.get_docstring(ast.parse(page.read_text("utf-8")))
    assert text
    assert text.splitlines()[0].endswith((".", ":")) or ":" in text.splitlines()[0]
