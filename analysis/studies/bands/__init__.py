"""Whether curves over time are plausible: figures of the model beside bands of judgement."""

from analysis.studies.bands.figure import bands_figure as bands_figure
from analysis.studies.bands.study import Banded as Banded
from analysis.studies.bands.study import bands as bands
from analysis.studies.bands.study import judged as judged
from analysis.studies.bands.study import read_bands as read_bands
from analysis.studies.bands.texts import verdict as verdict
