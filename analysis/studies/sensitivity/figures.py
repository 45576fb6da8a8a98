"""The figures under their old page, until version 2.0: they are in ``figure.py``."""

from analysis.studies.sensitivity.figure import morris_figure as morris_figure
from analysis.studies.sensitivity.figure import sobol_figure as sobol_figure
