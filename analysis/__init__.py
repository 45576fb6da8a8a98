"""What is said about results: summaries, paired differences, verdicts and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ai_adoption

ai_adoption.check("sim")  # a folder of the user's may be called so

from sim import lazy  # noqa: E402

if TYPE_CHECKING:
    from analysis.decisions.explain import explain
    from analysis.decisions.forecast import forecast
    from analysis.decisions.frontier import frontier
    from analysis.decisions.network_test import network_test
    from analysis.decisions.next_euro import next_euro
    from analysis.decisions.risk import risk
    from analysis.figures.curves import adoption_curves, save_figure
    from analysis.figures.groups import group_figure
    from analysis.figures.theme import house_style
    from analysis.network.picture import network_picture
    from analysis.report import write_report
    from analysis.results.comparison import difference, difference_curve, verdict, verdicts
    from analysis.results.control import at_level_of
    from analysis.results.groups import group_differences, group_levels
    from analysis.results.summary import curve_statistics, summarise
    from analysis.results.tables import plan_of

__all__ = [
    "adoption_curves",
    "at_level_of",
    "curve_statistics",
    "difference",
    "difference_curve",
    "explain",
    "forecast",
    "frontier",
    "group_differences",
    "group_figure",
    "group_levels",
    "house_style",
    "network_picture",
    "network_test",
    "next_euro",
    "plan_of",
    "risk",
    "save_figure",
    "summarise",
    "verdict",
    "verdicts",
    "write_report",
]

__getattr__, __dir__ = lazy.attach(
    __name__,
    {
        "decisions.explain": ["explain"],
        "decisions.forecast": ["forecast"],
        "decisions.frontier": ["frontier"],
        "decisions.network_test": ["network_test"],
        "decisions.next_euro": ["next_euro"],
        "decisions.risk": ["risk"],
        "figures.curves": ["adoption_curves", "save_figure"],
        "figures.groups": ["group_figure"],
        "figures.theme": ["house_style"],
        "network.picture": ["network_picture"],
        "report": ["write_report"],
        "results.comparison": ["difference", "difference_curve", "verdict", "verdicts"],
        "results.control": ["at_level_of"],
        "results.groups": ["group_differences", "group_levels"],
        "results.summary": ["curve_statistics", "summarise"],
        "results.tables": ["plan_of"],
    },
)
