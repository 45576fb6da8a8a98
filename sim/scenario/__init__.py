"""How scenario files are read: YAML with places, inheritance, changes, errors to mend.

A text becomes a tree of items, each with the place where it was written. Trees are merged and
changed, and only then validated, so that an error always names the line that has to be mended.
Each page imports only from those before it: words, items, source, folders, forms, validation,
catalogue, library, staff, usual, sections, inheritance, reading; overview, schema, starter and writing
stand beside the last ones.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario.catalogue import read_catalogue
    from sim.scenario.json_schema import schema_text
    from sim.scenario.reading import as_scenario, change, read_scenario, scenario_of
    from sim.scenario.starter import starter_text
    from sim.scenario.writing import scenario_text

__all__ = [
    "as_scenario",
    "change",
    "read_catalogue",
    "read_scenario",
    "scenario_of",
    "scenario_text",
    "schema_text",
    "starter_text",
]

_HOME = {
    "as_scenario": "reading",
    "change": "reading",
    "read_catalogue": "catalogue",
    "read_scenario": "reading",
    "scenario_of": "reading",
    "scenario_text": "writing",
    "schema_text": "schema",
    "starter_text": "starter",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is first asked for: to find a file needs none of what reads it."""
    if name not in _HOME:
        raise AttributeError(f"module 'sim.scenario' has no attribute '{name}'")
    return getattr(import_module(f"sim.scenario.{_HOME[name]}"), name)
