"""What the lessons stand on: guesses that are kept and scored, and their figures.

The lessons themselves are pages in ``notebooks/source``; ``python -m analysis.lessons`` makes the
notebooks of them, one for each language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim import lazy

if TYPE_CHECKING:
    from analysis.lessons.classroom import class_figure, read_class
    from analysis.lessons.crowds import Circle, circle_figure, crowd, crowd_figure
    from analysis.lessons.figures import (
        bars_figure,
        calm_figure,
        curves_figure,
        dots_figure,
        firm_figure,
        floor_figure,
        forecast_figure,
        many_figure,
        own_is_strongest,
        people_figure,
        titles_of,
        value_figure,
        worries_figure,
    )
    from analysis.lessons.guesses import Guess, Lesson
    from analysis.lessons.studies import both_ways, curves_of, line_through, person, weekly_users

__all__ = [
    "Circle",
    "Guess",
    "Lesson",
    "bars_figure",
    "both_ways",
    "calm_figure",
    "circle_figure",
    "class_figure",
    "crowd",
    "crowd_figure",
    "curves_figure",
    "curves_of",
    "dots_figure",
    "firm_figure",
    "floor_figure",
    "forecast_figure",
    "line_through",
    "many_figure",
    "own_is_strongest",
    "people_figure",
    "person",
    "read_class",
    "titles_of",
    "value_figure",
    "weekly_users",
    "worries_figure",
]

__getattr__, __dir__ = lazy.attach(
    __name__,
    {
        "classroom": ["class_figure", "read_class"],
        "crowds": ["Circle", "circle_figure", "crowd", "crowd_figure"],
        "figures": [
            "bars_figure",
            "calm_figure",
            "curves_figure",
            "dots_figure",
            "firm_figure",
            "floor_figure",
            "forecast_figure",
            "many_figure",
            "own_is_strongest",
            "people_figure",
            "titles_of",
            "value_figure",
            "worries_figure",
        ],
        "guesses": ["Guess", "Lesson"],
        "studies": ["both_ways", "curves_of", "line_through", "person", "weekly_users"],
    },
)
