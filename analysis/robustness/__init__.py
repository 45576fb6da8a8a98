"""Whether a conclusion survives another theory: the same question under variants of the rules.

Scenarios are ranked under each variant alone and under balanced combinations of all, with the
reference brought back to the same adoption, for several parameter vectors.
"""

from analysis.robustness.rankings import Agreement, Pair, agreements, message, pairs, readings
from analysis.robustness.same_adoption import Refit, refit
from analysis.robustness.study import Robustness, Study, investigate, question
from analysis.robustness.tables import rank_table, save, value_table
from analysis.robustness.variants import (
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
    "Refit",
    "Robustness",
    "Study",
    "Variant",
    "agreements",
    "applied",
    "balanced",
    "every_variant",
    "investigate",
    "mean_ties",
    "message",
    "pairs",
    "question",
    "rank_table",
    "readings",
    "refit",
    "save",
    "value_table",
]
