"""Whether the model shows what was written down beforehand: an experiment for each pattern.

Every experiment compares arms on the same people, ties and luck. What is missed is said plainly.
"""

from analysis.studies.patterns.arms import Study, scenario_files
from analysis.studies.patterns.experiments import EXPERIMENTS, SEED, experiment
from analysis.studies.patterns.figure import patterns_figure
from analysis.studies.patterns.findings import Finding, Shown, Verdict, read_patterns, shown_of
from analysis.studies.patterns.study import Patterns, patterns
from analysis.studies.patterns.tables import findings_table, table
from analysis.studies.patterns.texts import message

__all__ = [
    "EXPERIMENTS",
    "SEED",
    "Finding",
    "Patterns",
    "Shown",
    "Study",
    "Verdict",
    "experiment",
    "findings_table",
    "message",
    "patterns",
    "patterns_figure",
    "read_patterns",
    "scenario_files",
    "shown_of",
    "table",
]
