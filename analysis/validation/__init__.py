"""What the model can show and what it cannot: one scorecard, the misses first."""

from analysis.validation.figure import scorecard_figure
from analysis.validation.page import html_page, save, table
from analysis.validation.study import (
    QUICK,
    Scorecard,
    Size,
    counted,
    message,
    trust,
    validate,
    vectors_of,
)

__all__ = [
    "QUICK",
    "Scorecard",
    "Size",
    "counted",
    "html_page",
    "message",
    "save",
    "scorecard_figure",
    "table",
    "trust",
    "validate",
    "vectors_of",
]
