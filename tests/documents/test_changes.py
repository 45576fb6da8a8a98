"""Every change that CONTRIBUTING shows can be made, and passes what a change has to pass."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sim.scenario.folders import library

from .showing import CHANGING, show

ROOT = library().parent

pytestmark = pytest.mark.usefixtures("own_cache")


DIFF = re.compile(r"```diff\n(.*?)```", re.DOTALL)

ADDED = {
    "scenarios/library/archetypes.yaml": "\nweary:\n  title: {en: Weary, nl: Moe}\n",
    "scenarios/library/glossary.yaml": "\nlast_word:\n  kind: term\n",
    "scenarios/library/measures.yaml": "\nlast-measure:\n  phase: competence\n",
    "scenarios/library/words.yaml": "\nlast_word: {en: last word, nl: laatste woord}\n",
    "sim/channels.py": "\n\nLAST = 1\n",
    "sim/kpis.py": "\n\nLAST = 1\n",
    "sim/networks.py": "\n\nLAST = 1\n",
    "sim/rules.py": "\n\nLAST = 1\n",
}
"""What somebody else adds at the end of a file that a change on the page is made to."""


def test_what_others_add_at_the_end_of_a_file_breaks_no_change_on_the_page(tmp_path: Path) -> None:
    shown = DIFF.findall((ROOT / "CONTRIBUTING.md").read_text("utf-8"))
    changed = {name for one in shown for name in re.findall(r"^--- a/(.*)", one, re.MULTILINE)}
    assert changed <= set(ADDED), "say here what somebody may add to the file"
    for name, text in ADDED.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text("utf-8") + text, "utf-8")
    for one in shown:
        done = subprocess.run(
            ["git", "apply", "--check", "-"], input=one, text=True, cwd=tmp_path, check=False,
            capture_output=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_every_change_a_contributor_is_shown_can_be_made(tmp_path: Path) -> None:
    project = tmp_path / "project"
    hidden = shutil.ignore_patterns("__pycache__", "*cache")
    project.mkdir()
    for name in (".ci", "analysis", "docs", "scenarios", "sim", "tests"):
        shutil.copytree(ROOT / name, project / name, ignore=hidden)
    for name in ("CHANGELOG.md", "README.md", "ai_adoption.py", "pyproject.toml"):
        shutil.copy(ROOT / name, project)
    show(ROOT / "CONTRIBUTING.md", CHANGING, project)
