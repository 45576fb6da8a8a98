"""Whether a conclusion survives another theory: the same question under variants of the rules.

Scenarios are ranked under each variant alone and under balanced combinations of all, with the
reference brought back to the same adoption, for several parameter vectors.
"""

from analysis.studies.robustness.rankings import Agreement, Pair, agreements, pairs
from analysis.studies.robustness.same_adoption import Refit, refit
from analysis.studies.robustness.study import (
    PartOfStudyError,
    Robustness,
    Study,
    expected_seconds,
    investigate,
    question,
)
from analysis.studies.robustness.tables import kept_in, rank_table, save, save_part, value_table
from analysis.studies.robustness.texts import message, readings
from analysis.studies.robustness.variants import (
    FACTORS,
    Variant,
    applied,
    balanced,
    every_variant,
    mean_ties,
)

__all__ = [
    "FACTORS",
    "Agreement",
    "Pair",
    "PartOfStudyError",
    "Refit",
    "Robustness",
    "Study",
    "Variant",
    "agreements",
    "applied",
    "balanced",
    "every_variant",
    "expected_seconds",
    "investigate",
    "kept_in",
    "mean_ties",
    "message",
    "pairs",
    "question",
    "rank_table",
    "readings",
    "refit",
    "save",
    "save_part",
    "value_table",
]
