"""Experiments at scale: sweeps that survive, resume, and never sit in memory as a whole.

An experiment file says which scenarios are compared, what is varied and how often. It is cut into
shards (:mod:`sim.sweeps.plan`); each is simulated wherever there is room (:mod:`sim.sweeps.work`,
:mod:`sim.sweeps.engines`) and kept as soon as it is finished (:mod:`sim.sweeps.store`). The same
command goes on where a killed one stopped, and ends with the same bytes.
"""

from sim.sweeps.files import read_experiment
from sim.sweeps.form import Experiment
from sim.sweeps.reading import Sweep
from sim.sweeps.verb import sweep

__all__ = ["Experiment", "Sweep", "read_experiment", "sweep"]
