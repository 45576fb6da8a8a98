"""Whether ties matter: who starts next, how fast it spreads, and what is left without contagion."""

from analysis.ties.figure import ties_figure
from analysis.ties.study import Ties, ties
from analysis.ties.verdicts import kept_verdict, verdict

__all__ = ["Ties", "kept_verdict", "ties", "ties_figure", "verdict"]
