"""What the pages for readers show works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim import world
from sim.files import read_scenario
from sim.scenario import library

ROOT = library().parent
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the blocks of the README in a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_scenario_of_the_readme_runs(tmp_path: Path) -> None:
    (text,) = blocks("yaml")
    (tmp_path / "shown.yaml").write_text(text, "utf-8")
    shown = read_scenario(tmp_path / "shown.yaml")
    plan = world.plan(shown)
    assert plan.programme.reactions.size == 1
    assert shown.question.endswith("?")


def test_the_program_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (text,) = blocks("python")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(text, "README.md", "exec"), names)  # the block is ours
    assert "better than Licences only" in capsys.readouterr().out
    assert any((tmp_path / "results").rglob("runs.parquet"))


def test_the_experiments_of_the_page_on_sweeps_can_be_run(tmp_path: Path) -> None:
    from sim.sweeps import read_experiment
    from sim.sweeps.preparing import prepare

    page = (ROOT / "docs" / "sweeps.md").read_text("utf-8")
    texts = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(texts) == 3
    for text in texts:
        whole = text if "scenarios:" in text else f"scenarios: [baseline]\n{text}"
        (tmp_path / "shown.yaml").write_text(whole, "utf-8")
        assert prepare(read_experiment(tmp_path / "shown.yaml")).runs > 0


def test_every_command_the_pages_name_exists() -> None:
    from analysis.cli import adopt

    pages = [README, *(page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md"))]
    named = {name for page in pages for name in re.findall(r"\badopt ([a-z][a-z-]+)", page)}
    assert named - {"can"} <= set(adopt.commands), named - set(adopt.commands)
