"""What every measure of the catalogue brings for its price, before anybody advises it."""

from analysis.studies.audit.figure import audit_figure
from analysis.studies.audit.study import Audit, Offence, audit, offences

__all__ = ["Audit", "Offence", "audit", "audit_figure", "offences"]
