"""How HR files and network surveys become an organisation, without anybody's name.

Each page imports only from those before it: workbook, sheet, columns, numbers, ids, questionnaire,
privacy, hours, people, ties, organisation, viva, reading.
"""

from sim.scenario.imports.organisation import Imported
from sim.scenario.imports.privacy import pseudonym
from sim.scenario.imports.reading import pseudonyms_of, read_organisation
from sim.scenario.imports.viva import Viva, read_viva

__all__ = ["Imported", "Viva", "pseudonym", "pseudonyms_of", "read_organisation", "read_viva"]
