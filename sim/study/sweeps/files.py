"""How experiment files are read: like scenarios, with every problem at its line."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from sim.errors import AdoptionError, Problem, ScenarioError
from sim.scenario.allowed import Forms
from sim.scenario.folders import found_file, is_path, scenario_folders, shown, text_of
from sim.scenario.items import Item, Keys
from sim.scenario.source import Source
from sim.scenario.validation import sound, validated
from sim.study.sweeps.form import Experiment
from sim.study.sweeps.preparing import resolved
from sim.texts import printable

FOLDER = "experiments"


def read_experiment(name_or_path: str | Path) -> Experiment:
    """Return the experiment of a name or a file.

    Parameters
    ----------
    name_or_path
        A name, looked up in ``scenarios/experiments`` of the working directory and then among the
        shipped ones; or a path, which has a separator or ends in ``.yaml``. Paths of scenarios in
        it are meant from where it is.

    Raises
    ------
    ScenarioError
        With every problem found, each with its place.
    """
    text = str(name_or_path)
    folders = [folder / FOLDER for folder in scenario_folders()]
    file = Path(text) if is_path(text) else found_file(text, folders, kind="experiment")
    form, forms = _forms()
    source = Source(text_of(file), shown(file))
    tree = source.tree("'scenarios: [baseline, champions]'")
    checked = validated(tree, form, forms, source.incomplete)
    experiment = sound(checked.value, [*source.problems, *checked.problems])
    beside = [str(file.parent / name) if is_path(name) else name for name in experiment.scenarios]
    experiment = experiment.model_copy(
        update={"name": experiment.name or printable(file.stem)[:80], "scenarios": tuple(beside)}
    )
    _, wrong = resolved(experiment)
    return sound(
        experiment, [problem for keys, error in wrong for problem in _placed(tree, keys, error)]
    )


def _placed(tree: Item, keys: Keys, error: AdoptionError) -> list[Problem]:
    """Return what is wrong with its place in the experiment, unless it has one in a scenario."""
    problems = error.problems if isinstance(error, ScenarioError) else []
    if any(problem.file for problem in problems):
        return problems
    if keys == ("changes",) and problems:
        return [
            tree.nearest((*keys, problem.path)).place.problem(problem.message)
            for problem in problems
        ]
    return [tree.nearest(keys).place.problem(str(error))]


def experiment_schema() -> str:
    """Return the JSON schema of an experiment, with which editors complete and check it."""
    form, _ = _forms()
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **form.json_schema()}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


@lru_cache(maxsize=1)
def _forms() -> tuple[TypeAdapter[Experiment], Forms]:
    form = TypeAdapter(Experiment)
    return form, Forms(form.json_schema())
