"""What a study of money leaves on the disk: tables, plain values, and plans as scenario files."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.decisions.frontier import Frontier
from analysis.decisions.money_texts import months_table
from analysis.decisions.next_euro import NextEuro
from sim.disk import whole
from sim.errors import AdoptionError
from sim.scenario import read_scenario
from sim.scenario.folders import is_path
from sim.scenario.schema import Deployment, Scenario
from sim.scenario.writing import scenario_text


def save(
    result: Frontier | NextEuro, folder: Path, given: str = "", sets: Sequence[str] = ()
) -> list[Path]:
    """Write table and plain values of a study, and its plans if it has any; return what was written.

    Parameters
    ----------
    result
        What came out.
    folder
        Where to.
    given
        Name or path of the scenario, which plans extend.
    sets
        Changes of it that were asked for: then plans say everything themselves.
    """
    name = "frontier" if isinstance(result, Frontier) else "next-euro"
    table = folder / f"{name}.csv"
    texts = {
        table: result.table.to_csv(),
        folder / f"{name}.json": json.dumps(result.as_json(), indent=2) + "\n",
    }
    if isinstance(result, Frontier):
        texts[folder / "months.csv"] = months_table(result).to_csv()
        for point in result.points:
            file = folder / "plans" / f"{point.scenario.name}.yaml"
            texts[file] = plan_text(result.scenario, point.scenario, file, given, sets)
    for file, text in texts.items():
        with whole(file) as draft:
            draft.write_text(text, "utf-8")
    return list(texts)


def plan_text(
    scenario: Scenario, plan: Scenario, file: Path, given: str, sets: Sequence[str]
) -> str:
    """Return a plan as a file that extends its scenario; one that says everything, where it cannot.

    It cannot where the scenario is no file, or was changed on the command line.
    """
    if given and not sets:
        text = extension_text(scenario, plan, file, given)
        if _same(text, plan, file):
            return text
    return scenario_text(plan)


def _same(text: str, plan: Scenario, file: Path) -> bool:
    """Return whether a text, where its file is to be, is read as the plan."""
    draft = file.with_name(f".{file.stem}.draft.yaml")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        draft.write_text(text, "utf-8")
        return read_scenario(draft).fingerprint() == plan.fingerprint()
    except AdoptionError:
        return False
    finally:
        draft.unlink(missing_ok=True)


def extension_text(scenario: Scenario, plan: Scenario, file: Path, given: str) -> str:
    """Return a plan as what differs from its scenario."""
    from ruamel.yaml import YAML

    extends = given
    if is_path(given):
        extends = Path(os.path.relpath(Path(given).absolute(), file.parent.absolute())).as_posix()
        extends = extends if extends.startswith(".") else f"./{extends}"
    programme: dict[str, Any] = {
        name: None for name in scenario.programme if name not in plan.programme
    }
    for name, deployment in plan.programme.items():
        if deployment is not None:
            programme[name] = _changed(scenario.programme.get(name), deployment)
    content: dict[str, Any] = {"extends": extends, "title": plan.title}
    if plan.tool != scenario.tool:
        tool = plan.tool.model_dump(mode="json")
        content["tool"] = {"go_live": tool["go_live"], "phases": tool["phases"]}
    content["programme"] = programme
    if plan.budget != scenario.budget:
        content["budget"] = {"total": None, "change_share": None}
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.width, yaml.allow_unicode, yaml.sort_base_mapping_type_on_output = 100, True, False
    out = io.StringIO()
    yaml.dump(content, out)
    return (
        f"# Compare it with what is there now: adopt compare {extends} {file.name}\n"
        + out.getvalue()
    )


def _changed(before: Deployment | None, after: Deployment) -> dict[str, Any]:
    """Return what a file says of a deployment, on top of what it inherits."""
    if before is None:
        there: dict[str, Any] = after.model_dump(mode="json", exclude_defaults=True)
        return there
    return _other(before.model_dump(mode="json"), after.model_dump(mode="json"))


def _other(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that differ, those of sections within sections too."""
    changed = {name: value for name, value in after.items() if value != before[name]}
    return {
        name: _other(before[name], value)
        if isinstance(value, dict) and isinstance(before[name], dict)
        else value
        for name, value in changed.items()
    }
