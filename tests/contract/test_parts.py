"""The quick tests, the long ones, those of pages and those in a browser are all there is, each once."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from parts import LEFT, TESTS, few, others

FILES = sorted(TESTS.rglob("test_*.py"))
CI = (TESTS.parent / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("number", [1, 2, 3, 6])
def test_the_few_and_the_others_are_all_cases(number: int) -> None:
    for size in range(30):
        chosen, left = few(range(size), number), others(range(size), number)
        assert sorted(chosen + left) == list(range(size))
        assert min(size, 1) <= len(chosen) <= number


def over(file: Path, share: str) -> Counter[tuple[str, str]]:
    """Return the tests of a file that run over a share of some cases, and over which."""
    text = file.read_text("utf-8")
    if f"{share}(" not in text:
        return Counter()
    return Counter(
        (test.name, ", ".join(map(ast.unparse, call.args)))
        for test in ast.parse(text).body
        if isinstance(test, ast.FunctionDef) and test.name.startswith("test_")
        for decorator in test.decorator_list
        for call in ast.walk(decorator)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == share
    )


def test_what_a_quick_test_leaves_a_long_one_takes() -> None:
    long = TESTS / "long"
    for file in FILES:
        if shared := over(file, "few"):
            assert over(long / file.parent.name / f"{file.stem}_long.py", "others") == shared
        if file.is_relative_to(long) and (shared := over(file, "others")):
            name = f"{file.stem.removesuffix('_long')}.py"
            assert over(TESTS / file.parent.name / name, "few") == shared


def test_a_folder_runs_all_that_is_left_out_in_it_and_nothing_else_does() -> None:
    ran = Counter(
        re.findall(r"pytest[^\n]* tests/(\w+)(?=$|[ )\"])(?!/)", CI.split("newest=")[0], re.M)
    )
    assert ran == Counter([*LEFT, "browser", "wheel"])
    assert len(re.findall(r"^python3 -m uv run pytest$", CI, re.M)) == 1


def test_no_two_test_files_have_one_name() -> None:
    """Those outside packages are all imported by their bare name."""
    bare = Counter(one.stem for one in FILES if not (one.parent / "__init__.py").exists())
    assert [name for name, times in bare.items() if times > 1] == []
