"""Organisations to begin with: six that many resemble, each from a shipped scenario."""

from __future__ import annotations

from typing import NamedTuple

from analysis.words.languages import Language
from sim.scenario import read_scenario
from sim.scenario.organisation import Organisation


class Tile(NamedTuple):
    """An organisation to begin with.

    Attributes
    ----------
    name
        The shipped scenario it is from.
    title
        What it is called.
    organisation
        Its people and departments, called as they are called in a language.
    """

    name: str
    title: str
    organisation: Organisation


def tiles(words: Language) -> list[Tile]:
    """Return the six organisations, in a language."""
    machines = {
        "engineering": words._("engineering"),
        "production": words._("production"),
        "sales": words._("sales"),
        "service": words._("service"),
        "office": words._("office"),
    }
    public = {
        "engineering": words._("policy"),
        "production": words._("field work"),
        "sales": words._("permits"),
        "service": words._("citizens' desk"),
        "office": words._("office"),
    }
    services = {
        "customer-service": words._("customer service"),
        "sales": words._("sales"),
        "operations": words._("operations"),
        "office": words._("office"),
        "strategy": words._("strategy"),
        "technology": words._("technology"),
        "research": words._("research"),
    }
    return [
        _tile("baseline", words._("Machine builder"), machines),
        _tile("case-service-provider", words._("Service provider"), services),
        _tile("case-consultancy", words._("Consultancy"), services),
        _tile("sector-public", words._("Public body"), public),
        _tile("size-25", words._("Small firm"), machines),
        _tile("size-1000", words._("Large firm"), machines),
    ]


def _tile(name: str, title: str, called: dict[str, str]) -> Tile:
    """Return an organisation from a shipped scenario, with names in a language."""
    organisation = read_scenario(name).organisation
    departments = {
        called[department]: about for department, about in organisation.departments.items()
    }
    changes = {"name": title, "departments": departments}
    return Tile(name, title, organisation.model_copy(update=changes))
