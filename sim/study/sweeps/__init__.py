"""Experiments at scale: sweeps that survive, resume, and never sit in memory as a whole.

An experiment file says which scenarios are compared, what is varied and how often. It is cut into
shards (:mod:`sim.study.sweeps.plan`); each is simulated wherever there is room (:mod:`sim.study.sweeps.work`,
:mod:`sim.study.sweeps.engines`) and kept as soon as it is finished (:mod:`sim.study.sweeps.store`). The same
command goes on where a killed one stopped, and ends with the same bytes.
"""

from sim.study.sweeps.files import read_experiment
from sim.study.sweeps.form import Experiment
from sim.study.sweeps.results import Sweep
from sim.study.sweeps.verb import sweep

__all__ = ["Experiment", "Sweep", "read_experiment", "sweep"]
