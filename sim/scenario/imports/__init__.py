"""How HR files and network surveys become an organisation, without anybody's name.

Each page imports only from those before it: workbook, sheet, columns, numbers, ids, questionnaire,
privacy, hours, people, ties, organisation, viva, reading, answers.
"""

from sim.scenario.imports.organisation import Imported
from sim.scenario.imports.privacy import pseudonym
from sim.scenario.imports.reading import (
    Header,
    headers_of,
    pared,
    pseudonyms_of,
    read_organisation,
)
from sim.scenario.imports.viva import Viva, read_viva

__all__ = [
    "Header",
    "Imported",
    "Viva",
    "headers_of",
    "pared",
    "pseudonym",
    "pseudonyms_of",
    "read_organisation",
    "read_viva",
]
