"""The shipped module says what the rules say; edited rules never run as they were before."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from parts import few

from sim.engine import module


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the simulation that may be edited."""
    keep_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(module.PACKAGE, tmp_path / "sim", ignore=keep_out)
    shutil.copytree(module.PACKAGE.parent / "scenarios", tmp_path / "scenarios", ignore=keep_out)
    return tmp_path


def edit(copy: Path, old: str, new: str, page: str = "rules.py") -> None:
    """Change a line of a page."""
    text = (copy / "sim" / page).read_text("utf-8")
    assert old in text
    (copy / "sim" / page).write_text(text.replace(old, new), "utf-8")


def test_the_shipped_module_is_what_the_rules_say() -> None:
    shipped = module.shipped_engine()
    assert shipped is not None
    assert shipped.code == module.written().about["code"], "adopt engine --build"
    assert module.is_true(shipped.about), "adopt engine --build"


def test_the_shipped_module_is_small() -> None:
    assert module.SHIPPED.stat().st_size < 200_000


def test_what_a_module_says_of_itself_is_read_back() -> None:
    shipped = module.shipped_engine()
    assert shipped is not None
    assert shipped.wasm is not None
    other = module.said_anew(shipped, {**shipped.about, "sources": "x" * 300})
    assert other.about["sources"] == "x" * 300
    assert other.wasm is not None
    again = module.said_anew(other, shipped.about)
    assert again.about == shipped.about
    assert again.wasm == shipped.wasm
    with pytest.raises(ValueError, match="does not say"):
        module.read_engine(b"\0asm\1\0\0\0")


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 2**21, 2**32 - 1])
def test_numbers_are_written_as_webassembly_does(number: int) -> None:
    assert module.number_at(b"x" + module.leb(number), 1) == (number, 1 + len(module.leb(number)))


CONSTANTS = [
    ("state.py", "EXECUTIVE: Final = 3", "EXECUTIVE: Final = 2"),
    ("draws.py", "REWIRING: Final = 9", "REWIRING: Final = 19"),
    ("kpis.py", "REFUSAL_MONTHS: Final = 6", "REFUSAL_MONTHS: Final = 5"),
]


@pytest.mark.parametrize(
    ("page", "old", "new"),
    few(CONSTANTS, 1),
)
def test_a_constant_is_looked_at_wherever_it_stands(
    copy: Path, page: str, old: str, new: str
) -> None:
    edit(copy, old, new, page)
    check = "from sim.engine import module; print(module.is_true(module.shipped_engine().about))"
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=copy, check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(copy)},
    )  # fmt: skip
    assert done.stdout.strip() == "False"


def test_a_compiler_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(module.BuildError, match="sorry"):
        module.run_compiler([sys.executable, "-c", "import sys; sys.exit('sorry')"], "", ".so")


def test_what_is_kept_is_whole_or_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path)
    assert module.kept("one") is None
    for k in range(12):
        file = module.keep(f"engine-{k}", bytes([k]))
        assert file is not None
        os.utime(file, (k, k))
    assert module.kept("engine-11") is not None
    assert module.kept("engine-0") is None
    assert len(list(tmp_path.iterdir())) <= 9


def test_where_nothing_can_be_kept_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a file, no folder", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    assert module.cache_folder.__wrapped__() is None
    monkeypatch.setattr(module, "cache_folder", lambda: None)
    assert module.keep("one", b"") is None
    assert module.kept("one") is None
