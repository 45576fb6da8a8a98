"""How scenario files are read: YAML with places, inheritance, changes, errors to mend.

A text becomes a tree of items, each with the place where it was written. Trees are merged and
changed, and only then validated, so that an error always names the line that has to be mended.
Each page imports only from those before it: words, items, source, forms, validation, folders,
catalogue, library, staff, usual, sections, inheritance, reading; schema, starter and writing stand beside the last ones.
"""

from sim.files.catalogue import read_catalogue
from sim.files.reading import as_scenario, change, read_scenario, scenario_of
from sim.files.schema import schema_text
from sim.files.starter import starter_text
from sim.files.writing import scenario_text

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
