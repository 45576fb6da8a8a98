"""Compiled code is kept, but never runs rules that have changed since, and can do without a cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numba
import pytest

import sim
from sim import compiled, rules

PACKAGE = Path(sim.__file__).parent

# A loop on a page of its own that is never edited: its compiled code is kept from run to run,
# and only the name of the folder can say that the rule it took in has changed.
LOOP = """
from sim import compiled, rules

@compiled.compiled
def desire(logodds):
    return rules.link(logodds, 1)

if __name__ == "__main__":
    print(desire(0.25), sum(desire.stats.cache_hits.values()), compiled.cache_folder())
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the simulation that may be edited, and a loop that uses it."""
    shutil.copytree(PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "loop.py").write_text(LOOP, "utf-8")
    return tmp_path


def run(copy: Path) -> tuple[float, int, Path]:
    """Run the loop in a new process; return its answer, whether it was kept, and the folder."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(copy / "cache"), "PYTHONPATH": str(copy)}
    environment.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "loop.py"], cwd=copy, env=environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    answer, hits, folder = done.stdout.split(maxsplit=2)
    return float(answer), int(hits), Path(folder.strip())


def edit(page: Path, old: str, new: str) -> None:
    """Change a line of a page."""
    text = page.read_text("utf-8")
    assert old in text
    page.write_text(text.replace(old, new), "utf-8")


def test_old_rules_never_run(copy: Path) -> None:
    first = run(copy)
    assert first[:2] == (0.25, 0)
    assert first[2].is_relative_to(copy / "cache")

    again = run(copy)
    assert again == (0.25, 1, first[2])  # the same rules: nothing is compiled again

    edit(copy / "sim" / "rules.py", "min(1.0, max(0.0, logodds))", "0.5 * logodds")
    changed = run(copy)
    assert changed[:2] == (0.125, 0)
    assert changed[2] != first[2]


def test_a_page_that_compiled_code_cannot_reach_compiles_nothing_again(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = fingerprints(copy, monkeypatch)
    for page, old, new in (("results.py", "Result", "Outcome"), ("files/words.py", "near", "by")):
        edit(copy / "sim" / page, old, new)
        after = fingerprints(copy, monkeypatch)
        assert after[0] == names[0]
        assert after[1] != names[1]
        names = after


@pytest.mark.parametrize(
    "page",
    [
        "channels", "compiled", "draws", "kernel", "kpis", "networks", "parameters",
        "population", "programme", "rules", "state", "world",
    ],
)  # fmt: skip
def test_every_page_compiled_code_is_made_of_names_the_cache(
    page: str, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprints(copy, monkeypatch)
    with (copy / "sim" / f"{page}.py").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    after = fingerprints(copy, monkeypatch)
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_a_new_page_counts_as_one_that_compiled_code_can_reach(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprints(copy, monkeypatch)
    (copy / "sim" / "newcomer.py").write_text("", "utf-8")
    with_a_page = fingerprints(copy, monkeypatch)
    assert with_a_page[0] != before[0]
    (copy / "sim" / "newcomers").mkdir()
    (copy / "sim" / "newcomers" / "newcomer.py").write_text("", "utf-8")
    assert fingerprints(copy, monkeypatch)[0] != with_a_page[0]


def fingerprints(copy: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Return the fingerprints of a copy: of what is compiled, and of everything."""
    with monkeypatch.context() as there:
        there.setattr(compiled, "__file__", str(copy / "sim" / "compiled.py"))
        return (
            compiled.compiled_fingerprint.__wrapped__(),
            compiled.source_fingerprint.__wrapped__(),
        )


def test_pages_said_not_to_be_compiled_exist() -> None:
    assert {page.name for page in PACKAGE.iterdir()} >= compiled.NOT_COMPILED


def test_pages_said_not_to_be_compiled_are_imported_by_none_that_are() -> None:
    """But for forms and files, which compiled pages import as types and to read data only."""
    free = {name.removesuffix(".py") for name in compiled.NOT_COMPILED}
    forms = {"form", "organisation", "measure", "scenario"}
    for name in free - forms - {"files", "imports", "errors", "__init__"}:
        for page in PACKAGE.glob("*.py"):
            if page.name not in compiled.NOT_COMPILED | {"tables.py"}:
                assert f"sim.{name} import" not in page.read_text("utf-8"), (page.name, name)


# --- Where the cache is --------------------------------------------------------------------


def place(monkeypatch: pytest.MonkeyPatch, home: Path, spare: Path) -> Path | None:
    """Return where compiled code would be kept with these two places to try."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(spare))
    folder: Path | None = compiled.cache_folder.__wrapped__()
    return folder


def test_the_cache_is_named_by_code_and_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place(monkeypatch, tmp_path / "home", tmp_path)
    assert folder is not None
    assert folder.is_dir()
    assert folder.parent == tmp_path / "home" / "ai-adoption"
    assert compiled.compiled_fingerprint() in folder.name
    assert numba.__version__ in folder.name


def test_where_the_home_cannot_be_written_the_temporary_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a file, no folder", "utf-8")
    folder = place(monkeypatch, tmp_path / "home", tmp_path / "spare")
    assert folder is not None
    assert folder.is_relative_to(tmp_path / "spare")


def test_where_nothing_can_be_written_code_is_compiled_without_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("home", "spare"):
        (tmp_path / name).write_text("a file, no folder", "utf-8")
    assert place(monkeypatch, tmp_path / "home", tmp_path / "spare") is None
    monkeypatch.setattr(compiled, "cache_folder", lambda: None)
    assert not compiled.is_compiled()
    settings: Any = numba.config
    before = settings.CACHE_DIR

    @compiled.compiled
    def desire(logodds: float) -> float:
        return rules.link(logodds, 1)

    assert desire(0.25) == 0.25
    assert before == settings.CACHE_DIR


def test_only_the_newest_versions_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = tmp_path / "ai-adoption"
    for age in range(8):
        old = shelf / f"version-{age}"
        old.mkdir(parents=True)
        os.utime(old, (1_000_000 - age, 1_000_000 - age))
    folder = place(monkeypatch, tmp_path, tmp_path / "spare")
    assert folder is not None
    kept = {entry.name for entry in shelf.iterdir()}
    assert kept == {folder.name, "version-0", "version-1", "version-2", "version-3"}


def test_the_engine_counts_as_compiled_once_its_code_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "cache_folder", lambda: tmp_path)
    assert not compiled.is_compiled()
    (tmp_path / "sim_123").mkdir()
    (tmp_path / "sim_123" / "kernel._simulate_runs-98.py311.nbi").write_bytes(b"")
    assert compiled.is_compiled()


# --- What a decorator does -----------------------------------------------------------------


def test_a_rule_stays_the_plain_function_it_is() -> None:
    def plain(x: float) -> float:
        return x + 1.0

    assert compiled.rule(plain) is plain
    assert compiled.inlined(plain) is plain
