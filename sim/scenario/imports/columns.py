"""Which columns and words of a file are understood, in English and Dutch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from sim.scenario.imports.fields import WIDER
from sim.scenario.imports.table import spelled
from sim.scenario.library import read_archetypes
from sim.state import EMPLOYEE, EXECUTIVE, MANAGER, TEAM_LEAD, THREATS

ITEMS: Final = tuple(f"q{number}" for number in range(1, 11))
THREAT_COLUMNS: Final = tuple(f"threat_{name}" for name in THREATS)

PEOPLE: Final[Mapping[str, tuple[str, ...]]] = {
    "id": (
        "id",
        "employee id",
        "employee",
        "employee number",
        "person id",
        "personnel number",
        "medewerker",
        "medewerker id",
        "medewerkernummer",
        "personeelsnummer",
        "personeelsnr",
    ),
    "department": (
        "department",
        "department name",
        "dept",
        "dept name",
        "business unit",
        "business unit name",
        "org unit",
        "org unit name",
        "organisational unit",
        "organizational unit",
        "organisation unit",
        "organization unit",
        "afdeling",
        "afd",
        "afdelingsnaam",
        "afdeling naam",
        "naam afdeling",
        "afdelingsomschrijving",
        "afdeling omschrijving",
        "omschrijving afdeling",
        "onderdeel",
        "naam onderdeel",
        "organisatieonderdeel",
        "org onderdeel",
        "bedrijfsonderdeel",
        "bedrijfseenheid",
        "dienstonderdeel",
        "organisatie-eenheid",
        "organisatorische eenheid",
        "naam organisatie-eenheid",
        "omschrijving organisatie-eenheid",
        "org eenheid",
        "OE",
        "OE naam",
        "naam OE",
        "OE omschrijving",
        "omschrijving OE",
        *WIDER,
    ),
    "team": ("team", "team name", "teamnaam"),
    "manager": (
        "manager",
        "manager id",
        "line manager",
        "reports to",
        "supervisor",
        "supervisor id",
        "leidinggevende",
        "leidinggevende id",
        "rapporteert aan",
    ),
    "role": ("role", "role level", "rol", "functieniveau", "rolniveau"),
    "archetype": ("archetype", "resistance", "weerstand", "weerstandstype"),
    "hours": (
        "hours",
        "weekly hours",
        "hours per week",
        "hours p/w",
        "hours a week",
        "hours/week",
        "hrs/week",
        "hrs per week",
        "contract hours",
        "contract hours per week",
        "contracted hours",
        "contractual hours",
        "working hours",
        "work hours",
        "working hours per week",
        "weekly working hours",
        "scheduled hours",
        "scheduled weekly hours",
        "standard hours",
        "standard weekly hours",
        "uren",
        "uren per week",
        "uren p/w",
        "uren/week",
        "aantal uren",
        "aantal uren per week",
        "weekuren",
        "contracturen",
        "contracturen per week",
        "contracturen p/w",
        "contractuele uren",
        "contractuele uren per week",
        "arbeidsuren",
        "arbeidsuren per week",
        "werkuren",
        "werkuren per week",
        "arbeidsduur",
        "arbeidsduur per week",
        "Stunden",
        "Wochenstunden",
        "Stunden pro Woche",
        "Stunden/Woche",
        "Std./Woche",
        "Std. pro Woche",
        "Arbeitsstunden",
        "Arbeitsstunden pro Woche",
        "Vertragsstunden",
        "Wochenarbeitszeit",
        "Arbeitszeit",
        "Arbeitszeit pro Woche",
    ),
    "fte": (
        "FTE",
        "FTEs",
        "FTE factor",
        "full-time equivalent",
        "full-time equivalents",
        "part-time factor",
        "part-time",
        "part-time percentage",
        "percentage part-time",
        "employment rate",
        "employment percentage",
        "working time percentage",
        "workload",
        "deeltijd",
        "deeltijdfactor",
        "deeltijdpercentage",
        "percentage deeltijd",
        "parttimefactor",
        "parttimepercentage",
        "percentage parttime",
        "dienstverband",
        "omvang dienstverband",
        "dienstverband percentage",
        "percentage dienstverband",
        "werktijdfactor",
        "werktijdpercentage",
        "contractpercentage",
        "contractomvang",
        "omvang contract",
        "aanstellingsomvang",
        "aanstellingspercentage",
        "Teilzeit",
        "Teilzeitfaktor",
        "Teilzeitgrad",
        "Teilzeitquote",
        "Teilzeit Prozent",
        "Beschäftigungsgrad",
        "Arbeitszeitanteil",
        "Stellenanteil",
        "Vollzeitäquivalent",
        "VZÄ",
        "Pensum",
    ),
    "hours_month": (
        "hours per month",
        "monthly hours",
        "hours a month",
        "hours/month",
        "contract hours per month",
        "uren per maand",
        "uren/maand",
        "uren p/m",
        "maanduren",
        "contracturen per maand",
        "Stunden pro Monat",
        "Stunden/Monat",
        "Monatsstunden",
    ),
    "hours_year": (
        "hours per year",
        "annual hours",
        "yearly hours",
        "hours a year",
        "hours/year",
        "contract hours per year",
        "uren per jaar",
        "uren/jaar",
        "uren p/j",
        "jaaruren",
        "contracturen per jaar",
        "Stunden pro Jahr",
        "Stunden/Jahr",
        "Jahresstunden",
    ),
    "hourly_cost": (
        "hourly cost",
        "hourly costs",
        "cost per hour",
        "costs per hour",
        "hourly rate",
        "rate per hour",
        "uurkosten",
        "kosten per uur",
        "kostprijs per uur",
        "loonkosten per uur",
        "uurtarief",
        "uurloon",
        "tarief per uur",
    ),
    "skill": ("skill", "AI skill", "vaardigheid", "AI-vaardigheid"),
    "uses": ("uses", "uses AI", "gebruikt", "gebruikt AI", "AI-gebruik"),
    "threat_competence": ("threat_competence", "dreiging competentie"),
    "threat_status": ("threat_status", "dreiging status"),
    "threat_control": ("threat_control", "dreiging regie"),
    "threat_ethics": ("threat_ethics", "dreiging ethiek"),
    **{item: (item, f"question {item[1:]}", f"vraag {item[1:]}", f"v{item[1:]}") for item in ITEMS},
}
"""Headers each column of a people file is known by."""

TIES: Final[Mapping[str, tuple[str, ...]]] = {
    "source": ("source", "from", "bron", "van", "PrimaryCollaborator_PersonId"),
    "target": ("target", "to", "doel", "naar", "SecondaryCollaborator_PersonId"),
    "weight": ("weight", "strength", "gewicht", "sterkte", "Strong_tie_score"),
    "layer": ("layer", "laag"),
}
"""Headers each column of a file of ties is known by; those of Viva Insights among them."""

ROLE_WORDS: Final[Mapping[str, int]] = {
    "employee": EMPLOYEE,
    "medewerker": EMPLOYEE,
    "team lead": TEAM_LEAD,
    "team leader": TEAM_LEAD,
    "teamleider": TEAM_LEAD,
    "manager": MANAGER,
    "leidinggevende": MANAGER,
    "executive": EXECUTIVE,
    "directie": EXECUTIVE,
    "directeur": EXECUTIVE,
}
LEADING: Final[Mapping[str, int]] = {
    r"(?:(?:algemeen|statutair|financieel|operationeel|commercieel|technisch) )?directeur(?: .+)?"
    r"|bestuurder|bestuursvoorzitter|c[efoti]o|managing director|chief .+ officer": EXECUTIVE,
    r"manager .+|(?:afdelings|sector|unit|divisie)(?:manager|hoofd)(?: .+)?|hoofd(?: .+)?"
    r"|(?:department|division|unit) (?:manager|head)|head of .+": MANAGER,
    r"team ?(?:leider|leidster|lead|leader|manager)(?: .+)?|ploeg(?:leider|baas)|supervisor": TEAM_LEAD,
}
"""Job titles that plainly name a leader, as patterns; an account manager or a foreman may lead nobody."""
YES_WORDS: Final[Mapping[str, int]] = {
    "1": 1,
    "yes": 1,
    "true": 1,
    "ja": 1,
    "waar": 1,
    "0": 0,
    "no": 0,
    "false": 0,
    "nee": 0,
    "onwaar": 0,
}
MANAGEMENT_WORDS: Final = frozenset(("management", "directie"))
"""Departments that are the management, spelled as names are compared."""


def archetype_words() -> dict[str, int]:
    """Return what archetypes are called: their names, then other words, then titles."""
    words: dict[str, int] = {name: place for place, name in enumerate(read_archetypes())}
    for place, archetype in enumerate(read_archetypes().values()):
        for word in (*archetype.words, archetype.title.en, archetype.title.nl):
            words.setdefault(word, place)
    return words


def level_of(job: str) -> int | None:
    """Return the level that a job title names: a leader's, or None where it does not plainly say.

    Examples
    --------
    >>> level_of("Hoofd Inkoop") == MANAGER, level_of("Accountmanager"), level_of("Assistent-directeur")
    (True, None, None)
    """
    level = understood(ROLE_WORDS).get(spelled(job))
    bare = job.casefold().strip()
    leading = (value for pattern, value in LEADING.items() if re.fullmatch(pattern, bare))
    return next(leading, None) if level is None else level


def understood(words: Mapping[str, int]) -> dict[str, int]:
    """Return what words mean by how they are compared: without case, spaces and signs."""
    return {spelled(word): value for word, value in words.items()}
