"""AI adoption in an organisation: compare strategies on the same people and the same luck."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.errors import AdoptionError, BudgetError, Problem, ScenarioError
    from sim.evidence import evidence_table
    from sim.mesa_model import AdoptionModel, Employee
    from sim.parameters import parameters_table
    from sim.scenario import read_scenario as load
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

_HOME = {
    "AdoptionError": "errors",
    "AdoptionModel": "model",
    "BudgetError": "errors",
    "Employee": "model",
    "Experiment": "sweeps",
    "Problem": "errors",
    "Result": "results",
    "Scenario": "scenario",
    "ScenarioError": "errors",
    "Simulator": "simulator",
    "Sweep": "sweeps",
    "catalogue": "tables",
    "compare": "experiments",
    "evidence_table": "evidence",
    "load": "files",
    "parameters_table": "parameters",
    "posterior": "posteriors",
    "read_result": "results",
    "run": "experiments",
    "sweep": "sweeps",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: Mesa and the compiler take seconds."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    page = import_module(f"sim.{_HOME[name]}")
    return getattr(page, "read_scenario" if name == "load" else name)


def __dir__() -> list[str]:
    return __all__
