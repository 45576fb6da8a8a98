"""How groups of people fare: what an archetype, a department, a team, a role ends with.

A group that is too small to be shown, or would give one away, is named and never drawn.
"""

from analysis.results.groups.measured import PERSONAL, curves, kinds, names
from analysis.results.groups.tables import group_differences, group_levels, group_texts

__all__ = [
    "PERSONAL",
    "curves",
    "group_differences",
    "group_levels",
    "group_texts",
    "kinds",
    "names",
]
