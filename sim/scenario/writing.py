"""How a scenario is written as a file: what differs from the defaults, to be read again as it was."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from sim.scenario.schema import Scenario

HEAD = """\
# yaml-language-server: $schema=scenario.schema.json
# Compare it with another one of the same organisation: adopt compare OTHER.yaml {name}.yaml
"""


def scenario_text(scenario: Scenario) -> str:
    """Return a scenario as YAML, which :func:`sim.load` reads as the same scenario.

    Files of people and ties have to lie beside it; what they say themselves is left out.

    Examples
    --------
    >>> import sim
    >>> print(scenario_text(sim.load("champions")).splitlines()[2])
    title: Champions
    """
    from ruamel.yaml import YAML

    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.width = 100
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False
    text = io.StringIO()
    yaml.dump(scenario_values(scenario), text)
    return HEAD.format(name=scenario.name) + text.getvalue()


def scenario_values(scenario: Scenario) -> dict[str, Any]:
    """Return what a file of a scenario says, section by section: all that is not as usual.

    Files of people and ties are named as if they lay beside it.
    """
    content = scenario.model_dump(mode="json", exclude_defaults=True)
    content.pop("name", None)
    if scenario.organisation.people is not None:
        _as_files(content["organisation"])
    return content


def _as_files(organisation: dict[str, Any]) -> None:
    """Leave of an organisation with files what these do not say, in place."""
    for name in ("people", "ties"):
        if organisation.get(name):
            organisation[name] = Path(organisation[name]).name
    for name in ("content", "employees"):
        organisation.pop(name, None)
    for department in organisation.get("departments", {}).values():
        department.pop("share", None)
