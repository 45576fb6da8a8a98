"""Which measures are shipped."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sim.files.folders import scenario_folders, shown, text_of
from sim.files.forms import catalogue_form, forms_of
from sim.files.source import Source
from sim.files.validation import sound, thousands, validated
from sim.measure import Measure


def catalogue_of(path: Path) -> dict[str, Measure]:
    """Return the catalogue in a file, or raise every problem in it."""
    source = Source(text_of(path), shown(path))
    tree = source.tree()
    forms = forms_of(catalogue=True)
    checked = validated(tree, catalogue_form(), forms, source.incomplete)
    return sound(checked.value, [*source.problems, *checked.problems, *thousands(tree, forms)])


@lru_cache(maxsize=1)
def read_catalogue() -> dict[str, Measure]:
    """Return the shipped measures by name.

    Raises
    ------
    ScenarioError
        With every problem in the file of measures.
    """
    return catalogue_of(scenario_folders()[-1] / "library" / "measures.yaml")
