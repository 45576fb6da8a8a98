"""Every link of a page or a lesson leads to something that is there, from where it is served."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from sim.scenario.folders import library

ROOT = library().parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = sorted(
    page
    for folder, pattern in (
        (".", "*.md"),
        ("docs", "**/*.md"),
        ("sim", "*.md"),
        ("notebooks", "*.md"),
    )
    for page in (ROOT / folder).glob(pattern)
)

LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:href|src)=[\"']([^\"']+)[\"']|^\[[^\]]+\]:\s*(\S+)", re.M
)
CODE = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2\s*$|`[^`\n]*`", re.M | re.S)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.M)
OUTSIDE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.I)


def text(file: Path) -> str:
    """Return what a page or a lesson says, without its programs."""
    said = file.read_text("utf-8")
    if file.suffix == ".ipynb":
        cells = json.loads(said)["cells"]
        said = "\n\n".join(
            "".join(one["source"]) for one in cells if one["cell_type"] == "markdown"
        )
    return said


def links(said: str) -> Iterator[str]:
    for found in LINK.finditer(CODE.sub("", said)):
        link = next(one for one in found.groups() if one)
        if not OUTSIDE.match(link):
            yield link


def anchors(file: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made where it is shown."""
    heads = [
        re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", one) for one in HEADING.findall(text(file))
    ]
    if file.suffix == ".ipynb":
        return {one.replace(" ", "-") for one in heads}
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in heads}


def wrong(file: Path, said: str, root: Path) -> list[str]:
    """Return the links of a text in a file that lead nowhere under the folder that is served."""
    found = []
    for link in links(said):
        path, _, anchor = unquote(link).partition("#")
        target = (file.parent / path).resolve() if path else file
        there = target.is_relative_to(root.resolve()) and target.exists()
        if not there or (anchor and (target.is_dir() or anchor not in anchors(target))):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.relative_to(ROOT).as_posix())
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    assert not wrong(page, text(page), ROOT)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda one: one.stem)
def test_the_links_of_a_lesson_lead_somewhere(lesson: Path) -> None:
    """``jupyter lab`` is started in the folder of the project, and serves all of it."""
    assert not wrong(lesson, text(lesson), ROOT)


@pytest.mark.parametrize(
    "link",
    [
        "[x](nowhere.md)", "[x](#no-such-heading)", "[x](test_links.py#nothing)", "![x](no.png)",
        '<img src="no.png">', "[x]: nowhere.md", "[x](../../../../etc)",
    ],
)  # fmt: skip
def test_a_link_that_leads_nowhere_is_found(link: str) -> None:
    assert wrong(Path(__file__), link, ROOT)


def test_a_link_that_leads_somewhere_is_not() -> None:
    page = ROOT / "docs" / "student.md"
    said = (
        "[x](mesa.md#batch_run) `[y](no.md)` [z](https://example.org/no.md)\n```\n[y](no.md)\n```\n"
    )
    assert not wrong(page, said, ROOT)
