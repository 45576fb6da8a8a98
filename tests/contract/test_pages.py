"""What the pages for readers name is there; that all of it runs is a stage of its own."""

from __future__ import annotations

import re
from pathlib import Path

from sim import world
from sim.scenario import read_scenario
from sim.scenario.folders import library

ROOT = library().parent


def test_the_scenario_of_the_page_on_scenario_files_can_be_run(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scenario-files.md").read_text("utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "shown.yaml").write_text(text, "utf-8")
    shown = read_scenario(tmp_path / "shown.yaml")
    plan = world.plan(shown)
    assert plan.programme.reactions.size == 1
    assert shown.question.endswith("?")


def test_the_experiments_of_the_page_on_sweeps_can_be_run(tmp_path: Path) -> None:
    from sim.study.sweeps import read_experiment
    from sim.study.sweeps.preparing import prepare

    page = (ROOT / "docs" / "sweeps.md").read_text("utf-8")
    texts = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(texts) == 3
    for text in texts:
        whole = text if "scenarios:" in text else f"scenarios: [baseline]\n{text}"
        (tmp_path / "shown.yaml").write_text(whole, "utf-8")
        assert prepare(read_experiment(tmp_path / "shown.yaml")).runs > 0


def test_every_command_the_pages_name_exists() -> None:
    from analysis.cli import adopt

    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    texts = [page.read_text("utf-8") for page in pages]
    named = {name for text in texts for name in re.findall(r"\badopt ([a-z][a-z-]+)", text)}
    assert named - {"can"} <= set(adopt.commands), named - set(adopt.commands)
