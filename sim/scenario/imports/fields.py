"""What columns are called in messages, and which headers are a column only where no other one is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sim.errors import said

TITLES: Final[Mapping[str, str]] = {
    "id": said("id"),
    "department": said("department"),
    "team": said("{column}team", column=""),
    "manager": said("{column}manager", column=""),
    "role": said("{column}role", column=""),
    "archetype": said("archetype"),
    "hours": said("hours"),
    "fte": said("fte"),
    "hours_month": said("hours_month"),
    "hours_year": said("hours_year"),
    "hourly_cost": said("hourly_cost"),
    "skill": said("{column}skill", column=""),
    "uses": said("uses"),
    "threat_competence": said("threat_competence"),
    "threat_status": said("threat_status"),
    "threat_control": said("threat_control"),
    "threat_ethics": said("threat_ethics"),
    "source": said("source"),
    "target": said("target"),
    "weight": said("weight"),
    "layer": said("layer"),
    "month": said("month"),
    "active": said("active"),
    "weekly": said("weekly"),
    "enabled": said("enabled"),
    "people": said("{column}people", column=""),
    "period": said("period"),
    "refreshed": said("refreshed"),
    "date": said("date"),
    "used": said("used"),
    "days": said("days"),
    "actions": said("actions"),
    "supervisor": said("supervisor"),
    "level": said("level"),
}
"""The name of each column, as other languages say it.

The empty field tells a column from the same word elsewhere: ``manager`` is a group of people as well.
"""

JOB_TITLES: Final = frozenset((
    "functie", "functies", "functienaam", "functietitel", "functiebenaming", "functieomschrijving",
    "omschrijvingfunctie", "naamfunctie", "beroep", "jobtitle", "job", "position", "title",
    "positiontitle", "function", "functiontitle",
))  # fmt: skip
"""Headers of job titles, spelled as headers are compared."""

WIDER: Final = frozenset((
    "directie", "cluster", "divisie", "dienst", "unit", "eenheid", "hoofdafdeling", "sectie",
    "kostenplaatsomschrijving", "omschrijvingkostenplaats", "kostenplaatsnaam", "naamkostenplaats",
    "division", "section", "unitname", "costcentername", "costcentrename", "costcenterdescription",
    "costcentredescription",
))  # fmt: skip
"""Headers of what may stand above departments or beside them: read as one where nothing else is."""


def title(name: str) -> str:
    """Return what a column is called in a message, so that it can be translated."""
    if name[:1] == "q" and name[1:].isdecimal():
        return said("q{number}", number=name[1:])
    return TITLES.get(name, name)


def listed(parts: Iterable[str]) -> str:
    """Return texts one after the other, each of which may be translated."""
    whole = ""
    for part in parts:
        whole += ", " + part if whole else part
    return whole
