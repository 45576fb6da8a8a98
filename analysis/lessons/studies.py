"""What lessons simulate more than once: sweeps in a folder that goes away, rules tried on the same luck."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import sim
from analysis.results.summary import name_of
from analysis.words.languages import ENGLISH
from sim.engine.kinds import Array
from sim.scenario import as_scenario
from sim.scenario.library import read_glossary

if TYPE_CHECKING:
    import pandas as pd

    from analysis.lessons.guesses import Lesson
    from sim.scenario.schema import Scenario

SAME: Final = ["vector", "organisation", "replicate"]
"""What scenarios of an experiment have in common."""


def curves_of(scenario: Scenario | str, runs: int = 100, kpi: str = "adoption") -> Array:
    """Return the curves of a scenario: a row per organisation, a column per month from 0 [%].

    Parameters
    ----------
    scenario
        A name or a scenario.
    runs
        Organisations.
    kpi
        A KPI that is a share.
    """
    chosen = as_scenario(scenario)
    return 100.0 * sim.run(chosen, runs=runs).curves(chosen.name, kpi)


def person(lesson: Lesson, me: sim.Employee) -> pd.DataFrame:
    """Return who somebody is, as :meth:`sim.Employee.about` does, in the language of the lesson."""
    words, table = lesson.words, me.about()
    if words == ENGLISH:
        return table
    role, kind, department = (
        str(table.loc[name, "value"]) for name in ("role", "archetype", "department")
    )
    table.loc["role", "value"] = {
        "employee": words._("an employee"),
        "team_lead": words._("a team lead"),
        "manager": words._("a manager"),
        "executive": words._("an executive"),
    }[role]
    table.loc["archetype", "value"] = name_of("archetype", kind, words)
    table.loc["department", "value"] = words._(department)
    called = {
        "role": words._("Place in the organisation"),
        "department": words._("Department"),
        "uses": words._("Uses AI now"),
        "colleagues": words._("Colleagues this person notices"),
    }
    table["meaning"] = [
        called.get(name) or str(words.of(read_glossary()[name].title)) for name in table.index
    ]
    return table.rename(columns={"value": words._("value"), "meaning": words._("meaning")})


def line_through(others: Array, seen: Array) -> Array:
    """Return forecasts by the straight line through what other organisations did.

    Parameters
    ----------
    others
        A row for each other organisation, a column for each month from 0 to the last [%].
    seen
        The months known of those that are forecast, a row for each [%].

    Returns
    -------
    numpy.ndarray
        The last month of each [0 to 100].

    Examples
    --------
    >>> import numpy as np
    >>> from analysis.lessons.studies import line_through
    >>> others = np.array([[0.0, 10.0, 20.0], [0.0, 20.0, 40.0], [0.0, 30.0, 60.0]])
    >>> line_through(others, np.array([[0.0, 15.0]])).round(6).tolist()
    [30.0]
    """
    last = seen.shape[1] - 1
    slope, level = np.polyfit(others[:, last], others[:, -1], 1)
    forecast: Array = np.clip(level + slope * seen[:, last], 0.0, 100.0)
    return forecast


def weekly_users(*scenarios: str, **how_often: Any) -> pd.DataFrame:
    """Return the weekly users in the last month of every run of an experiment [%].

    Parameters
    ----------
    scenarios
        Their names.
    how_often
        ``organisations``, ``replicates`` and ``posterior`` of :class:`sim.Experiment`.

    Returns
    -------
    pandas.DataFrame
        A column per scenario; rows named by vector, organisation and replicate.
    """
    experiment = sim.Experiment(scenarios=scenarios, **how_often)
    with tempfile.TemporaryDirectory() as folder:
        runs = sim.sweep(experiment, root=folder).table(
            ["scenario", *SAME, "adoption"], "month = 24"
        )
    runs["percent"] = 100.0 * runs["adoption"].astype(float)
    return runs.pivot(index=SAME, columns="scenario", values="percent")


def both_ways(
    scenario: str, rule: type[sim.Employee], runs: int = 10, employees: int = 60
) -> tuple[Array, Array]:
    """Return weekly users month by month with the shipped rules and with one of one's own [%].

    Parameters
    ----------
    scenario
        Where it happens.
    rule
        A subclass of :class:`sim.Employee`.
    runs
        Organisations, each once with either: the same people, ties and luck.
    employees
        People in each.

    Returns
    -------
    tuple of numpy.ndarray
        Two tables, a row per organisation and a column per month from 0.
    """
    size: dict[str, Any] = {"organisation.employees": employees}

    def curves(kind: type[sim.Employee]) -> Array:
        rows: list[Sequence[float]] = []
        for run in range(runs):
            firm = sim.AdoptionModel(scenario, rng=1, run=run, employee=kind, **size)
            firm.run_model()
            rows.append(firm.datacollector.get_model_vars_dataframe()["adoption"].to_numpy())
        return 100.0 * np.array(rows)

    return curves(sim.Employee), curves(rule)
