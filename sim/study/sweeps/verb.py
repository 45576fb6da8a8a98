"""The verb for notebooks: sweep."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import AdoptionError
from sim.scenario import as_scenario
from sim.scenario.schema import Scenario
from sim.study.experiments import Progress
from sim.study.precision import MOST, checked
from sim.study.sweeps.engines import Notice
from sim.study.sweeps.files import read_experiment
from sim.study.sweeps.form import Experiment, Precise, Varied
from sim.study.sweeps.preparing import prepare
from sim.study.sweeps.results import Sweep
from sim.study.sweeps.running import complete


def sweep(
    what: Experiment | Scenario | str | Path | Sequence[Scenario | str | Path],
    factors: Mapping[str, Sequence[Any]] | None = None,
    runs: int = 100,
    seed: int = 1,
    name: str = "",
    *,
    root: str | Path = "results",
    engine: str = "threads",
    workers: int | None = None,
    scheduler: str = "",
    share: tuple[int, int] = (1, 1),
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Sweep:
    """Run an experiment, or go on with it; nothing that is finished is simulated again.

    Parameters
    ----------
    what
        An experiment, or with ``factors`` one or several scenarios, names or paths.
    factors
        Values by dotted path: a grid of all combinations.
    runs, seed
        Organisations at every point and seed of the study; of a grid only.
    name
        Name of the folder; by default the experiment's.
    root
        Folder of results: the sweep is in ``root/sweeps/name``.
    engine, workers, scheduler
        Where it is simulated; see :func:`sim.study.sweeps.engines.executor`.
    share
        Part and number of parts: (2, 5) does every fifth shard from the second on, for job arrays.
    progress
        Called with the number of runs there are and the total.
    notice
        Called with a sentence about what was damaged and is simulated again.

    Returns
    -------
    Sweep
        The folder, to be read, summed up and exported.

    Raises
    ------
    AdoptionError
        If something cannot be used, or the folder holds another experiment.
    InterruptedStudyError
        If interrupted; what is finished is kept.

    Examples
    --------
    >>> import sim, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     grid = sim.sweep("baseline", {"organisation.employees": [25, 50]}, runs=2, root=folder)
    ...     len(grid.table(["adoption"], "month = 18"))
    4
    """
    given: Sequence[Scenario] | None = None
    if factors is None and isinstance(what, Experiment):
        asked = what
    elif factors is None:
        if not isinstance(what, str | Path):
            raise AdoptionError("sweep: expected an experiment or its file, or factors to vary")
        asked = read_experiment(what)
    else:
        if isinstance(what, Experiment):
            raise AdoptionError("sweep: an experiment has its own factors")
        several = [what] if isinstance(what, Scenario | str | Path) else what
        given = [as_scenario(scenario) for scenario in several]
        asked = grid_of([scenario.name for scenario in given], factors, runs, seed)
    asked = named(asked, name or asked.name or "-".join(asked.scenarios)[:80])
    prepared = prepare(asked, given)
    folder = Path(root) / "sweeps" / asked.name
    complete(
        prepared, folder, engine, workers, scheduler, share=share, progress=progress, notice=notice
    )
    return Sweep(folder)


def named(experiment: Experiment, name: str) -> Experiment:
    """Return an experiment under another name, which is that of its folder.

    Raises
    ------
    AdoptionError
        If no folder can be called that.
    """
    if not re.fullmatch(r"[\w-][\w.-]{0,79}", name):
        raise AdoptionError(
            f"name: found '{name}', expected letters, digits, '-', '_' and '.', 80 at most"
        )
    return experiment.model_copy(update={"name": name})


def precisely(experiment: Experiment, within: float, most: int | None = None) -> Experiment:
    """Return an experiment whose points get as many organisations as a precision needs.

    Parameters
    ----------
    experiment
        The experiment; if it has a precision already, KPI and month are those of that.
    within
        Half the 95 % interval wanted, in points for shares, else in the KPI's unit.
    most
        Organisations of a point after which it is given up; by default 4,000.

    Raises
    ------
    AdoptionError
        If that cannot be.
    """
    checked(within, MOST if most is None else most)
    there = experiment.precision or Precise(within=within)
    content = experiment.model_dump(mode="json")
    content["precision"] = there.model_copy(update={"within": within}).model_dump(mode="json")
    content["organisations"] = MOST if most is None else most
    return valid(content)


def valid(content: Mapping[str, Any]) -> Experiment:
    """Return the experiment of plain values, or raise what is wrong with it."""
    try:
        return Experiment.model_validate_json(json.dumps(content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise AdoptionError(f"sweep: {first['msg'].removeprefix('Value error, ')}") from error


def grid_of(
    scenarios: Sequence[str], factors: Mapping[str, Sequence[Any]], runs: int, seed: int
) -> Experiment:
    """Return the experiment of a grid, or raise what is wrong with it."""
    try:
        return Experiment(
            scenarios=tuple(scenarios),
            factors={path: Varied(values=tuple(values)) for path, values in factors.items()},
            organisations=runs,
            seed=seed,
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(key) for key in first["loc"])
        raise AdoptionError(f"sweep: {where}: {first['msg']}") from error
