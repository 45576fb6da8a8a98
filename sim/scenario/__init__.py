"""Organisations and scenarios: what a file may say, how it is read, changed, checked and written.

A text becomes a tree of items, each with the place where it was written. Trees are merged and
changed, and only then validated, so that an error always names the line that has to be mended.
Each page imports only from those before it: base, measure, organisation, schema; words, items,
source, folders, allowed, validation, catalogue, library; employees, usual, sections, inheritance,
reading. Overview, json_schema, starter and writing stand beside the last ones. The files of people
and ties that a scenario names are read by ``imports``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import lazy

if TYPE_CHECKING:
    from sim.scenario.catalogue import read_catalogue
    from sim.scenario.json_schema import schema_text
    from sim.scenario.reading import as_scenario, change, read_scenario, scenario_of
    from sim.scenario.schema import Scenario
    from sim.scenario.starter import starter_text
    from sim.scenario.writing import scenario_text

__all__ = [
    "Scenario",
    "as_scenario",
    "change",
    "read_catalogue",
    "read_scenario",
    "scenario_of",
    "scenario_text",
    "schema_text",
    "starter_text",
]

__getattr__, __dir__ = lazy.attach(
    __name__,
    {
        "catalogue": ["read_catalogue"],
        "json_schema": ["schema_text"],
        "reading": ["Scenario", "as_scenario", "change", "read_scenario", "scenario_of"],
        "starter": ["starter_text"],
        "writing": ["scenario_text"],
    },
)
