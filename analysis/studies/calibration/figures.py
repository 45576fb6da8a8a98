"""The figures under their old page, until version 2.0: they are in ``figure.py``."""

from analysis.studies.calibration.figure import identified_figure as identified_figure
from analysis.studies.calibration.figure import reached_figure as reached_figure
from analysis.studies.calibration.figure import tied_figure as tied_figure
