"""What the model can show and what it cannot: one scorecard, the misses first."""

from analysis.studies.validation.figure import scorecard_figure
from analysis.studies.validation.page import html_page, save, save_part
from analysis.studies.validation.study import (
    QUICK,
    PartOfScorecardError,
    Scorecard,
    Size,
    expected_seconds,
    kept_in,
    validate,
    vectors_of,
)
from analysis.studies.validation.tables import table
from analysis.studies.validation.texts import counted, message, trust

__all__ = [
    "QUICK",
    "PartOfScorecardError",
    "Scorecard",
    "Size",
    "counted",
    "expected_seconds",
    "html_page",
    "kept_in",
    "message",
    "save",
    "save_part",
    "scorecard_figure",
    "table",
    "trust",
    "validate",
    "vectors_of",
]
