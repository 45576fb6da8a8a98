"""The page of the subset tells the truth: what it says is refused is, in the words it gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from making import page

from sim.engine import module
from sim.engine.types import SubsetError
from sim.engine.writer import write_c

SUBSET = module.PACKAGE / "engine" / "SUBSET.md"
EXAMPLES = re.findall(r"```python\n((?:(?!```).*\n)+)```\n((?:> .*\n)+)", SUBSET.read_text("utf-8"))


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 15


@pytest.mark.parametrize(("code", "words"), EXAMPLES)
def test_what_is_refused_is_refused_in_these_words(code: str, words: str, tmp_path: Path) -> None:
    made = page(tmp_path, code)
    with pytest.raises(SubsetError) as caught:
        write_c([made.f])
    for line in words.splitlines():
        assert line.removeprefix("> ") in str(caught.value)


@pytest.mark.parametrize(
    "code",
    [
        "@entry\ndef f(x: float) -> float:\n    y = x + 1.0\n    z = y**2\n    return z\n",
        "@entry\ndef f(a: F8) -> None:\n    b = a.size\n    a[0] = sorted(a)\n",
    ],
)
def test_a_refusal_names_file_and_line(code: str, tmp_path: Path) -> None:
    made = page(tmp_path, code)
    line = (tmp_path / "page.py").read_text("utf-8").splitlines().index(code.splitlines()[3]) + 1
    with pytest.raises(SubsetError, match=rf"page\.py:{line}: "):
        write_c([made.f])
