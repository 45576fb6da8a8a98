"""What is said about results: summaries, paired differences, verdicts and figures."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import ai_adoption

ai_adoption.check("sim")  # a folder of the user's may be called so

if TYPE_CHECKING:
    from analysis.comparison import difference, difference_curve, verdict, verdicts
    from analysis.control import at_level_of
    from analysis.groups import group_differences, group_figure, group_levels
    from analysis.network.picture import network_picture
    from analysis.plots import adoption_curves, save_figure
    from analysis.report import write_report
    from analysis.summary import curve_statistics, summarise
    from analysis.tables import plan_of
    from analysis.theme import house_style

__all__ = [
    "adoption_curves",
    "at_level_of",
    "curve_statistics",
    "difference",
    "difference_curve",
    "group_differences",
    "group_figure",
    "group_levels",
    "house_style",
    "network_picture",
    "plan_of",
    "save_figure",
    "summarise",
    "verdict",
    "verdicts",
    "write_report",
]

_HOME = {
    "adoption_curves": "plots",
    "at_level_of": "control",
    "curve_statistics": "summary",
    "difference": "comparison",
    "difference_curve": "comparison",
    "group_differences": "groups",
    "group_figure": "groups",
    "group_levels": "groups",
    "house_style": "theme",
    "network_picture": "network.picture",
    "plan_of": "tables",
    "save_figure": "plots",
    "summarise": "summary",
    "verdict": "comparison",
    "verdicts": "comparison",
    "write_report": "report",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: matplotlib and pandas take a second."""
    if name not in _HOME:
        raise AttributeError(f"module 'analysis' has no attribute '{name}'")
    return getattr(import_module(f"analysis.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
