"""The site asks nothing of elsewhere, its programs are short and use public names, and its package page needs no repository."""

from __future__ import annotations

import ast
import re
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

import analysis
import sim

DOCS = Path(__file__).resolve().parents[2] / "docs"
PROGRAMS = sorted((DOCS / "gallery").glob("*.py"))
LONGEST = 40


@pytest.fixture(scope="module")
def outside() -> ModuleType:
    spec = util.spec_from_file_location("outside", DOCS / "site" / "outside.py")
    assert spec and spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", '<script async src="https://cdn.example/mathjax.js"></script>'),
        ("a.html", '<script src="//cdn.example/a.js"></script>'),
        ("a.html", '<link rel="stylesheet" href="http://fonts.example/css">'),
        ("a.html", '<img src="https://elsewhere.example/a.png">'),
        ("a.html", '<p style="background: url(https://elsewhere.example/a.png)">x</p>'),
        ("a.html", "<style>@import 'https://fonts.example/css';</style>"),
        ("a.html", '<script>fetch("https://elsewhere.example/count")</script>'),
        ("a.css", "@font-face { src: url('https://fonts.example/a.woff2') }"),
        ("a.js", 'const s = document.createElement("script"); s.src = "https://cdn.example/a.js"'),
        ("a.js", 'import("https://cdn.example/a.js")'),
    ],
)
def test_what_is_loaded_from_elsewhere_is_found(
    outside: ModuleType, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    assert len(list(outside.loads(tmp_path))) == 1


def test_links_and_what_lies_beside_a_page_are_not(outside: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="https://mesa.readthedocs.io">Mesa</a> <img src="a.png"> <script src="a.js"></script>'
    )
    (tmp_path / "a.css").write_text("a { background: url(a.png) } /* https://example.org */")
    (tmp_path / "a.js").write_text("// https://example.org\nfetch('a.json')")
    assert not list(outside.loads(tmp_path))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda one: one.stem)
def test_a_program_of_the_gallery_is_short_and_uses_public_names(program: Path) -> None:
    text = program.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    used = [
        (node.value.id, node.attr)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    ]
    for package in (sim, analysis):
        assert {name for holder, name in used if holder == package.__name__} <= set(package.__all__)
    assert not re.search(r"^\s*(from|import) (sim|analysis)\.|^\s*from (sim|analysis)", text, re.M)


def test_the_page_for_a_package_index_needs_no_repository() -> None:
    text = (DOCS / "package" / "README.md").read_text("utf-8")
    assert not re.findall(r"\]\((?!https?://)", text)
    assert "![" not in text
