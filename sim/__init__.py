"""AI adoption in an organisation: compare strategies on the same people and the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import lazy, moved

if TYPE_CHECKING:
    from sim.errors import AdoptionError, BudgetError, Problem, ScenarioError
    from sim.evidence import evidence_table
    from sim.mesa_model import AdoptionModel, Employee
    from sim.parameters import parameters_table
    from sim.scenario.reading import read_scenario as load
    from sim.scenario.schema import Scenario
    from sim.simulator import Simulator
    from sim.study.experiments import compare, run
    from sim.study.posteriors import posterior
    from sim.study.results import Result, read_result
    from sim.study.sweeps import Experiment, Sweep, sweep
    from sim.study.tables import catalogue

__all__ = [
    "AdoptionError",
    "AdoptionModel",
    "BudgetError",
    "Employee",
    "Experiment",
    "Problem",
    "Result",
    "Scenario",
    "ScenarioError",
    "Simulator",
    "Sweep",
    "catalogue",
    "compare",
    "evidence_table",
    "load",
    "parameters_table",
    "posterior",
    "read_result",
    "run",
    "sweep",
]

__getattr__, __dir__ = lazy.attach(
    __name__,
    {
        "errors": ["AdoptionError", "BudgetError", "Problem", "ScenarioError"],
        "evidence": ["evidence_table"],
        "mesa_model": ["AdoptionModel", "Employee"],
        "parameters": ["parameters_table"],
        "scenario": ["Scenario", "read_scenario as load"],
        "simulator": ["Simulator"],
        "study.experiments": ["compare", "run"],
        "study.posteriors": ["posterior"],
        "study.results": ["Result", "read_result"],
        "study.sweeps": ["Experiment", "Sweep", "sweep"],
        "study.tables": ["catalogue"],
    },
)
moved.install()
