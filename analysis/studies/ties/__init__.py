"""Whether ties matter: who starts next, how fast it spreads, and what is left without contagion."""

from analysis.studies.ties.figure import ties_figure
from analysis.studies.ties.study import Ties, ties
from analysis.studies.ties.verdicts import kept_verdict, verdict

__all__ = ["Ties", "kept_verdict", "ties", "ties_figure", "verdict"]
