"""What the outcomes depend on: Morris screening, Sobol indices, and how many runs are enough.

Looked at are levels and, above all, contrasts: what a programme adds in the same organisations.
"""

from analysis.studies.sensitivity.designs import Design, morris_design, sobol_design
from analysis.studies.sensitivity.indices import indices, strongest
from analysis.studies.sensitivity.points import Outcome, Simulator, evaluate
from analysis.studies.sensitivity.study import Found, folder_of, investigate, simulator
from sim.study.sweeps.factors import Factor, check_factors, chosen_factors

__all__ = [
    "Design",
    "Factor",
    "Found",
    "Outcome",
    "Simulator",
    "check_factors",
    "chosen_factors",
    "evaluate",
    "folder_of",
    "indices",
    "investigate",
    "morris_design",
    "simulator",
    "sobol_design",
    "strongest",
]
