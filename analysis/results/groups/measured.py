"""Which groups were measured, and what may be shown of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from analysis.results.summary import known
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError

if TYPE_CHECKING:
    from sim.study.results import Result


PERSONAL: Final = tuple(kpis.COLUMN)[: kpis.PERSONAL]
"""KPIs that groups have."""

SHOWN: Final = 0.5
"""Share of the organisations in which a group must be large enough, where sizes vary by chance."""


def kinds(result: Result) -> list[str]:
    """Return the kinds of groups that were measured, in their order.

    Raises
    ------
    AdoptionError
        If there are none.
    """
    if not result.groups:
        raise AdoptionError("no groups were measured: simulate with by=['department'], say")
    measured = (kind for group in result.groups.values() for kind, _ in group.labels)
    return list(dict.fromkeys(measured))


def curves(result: Result, scenario: str, kind: str, group: str, kpi: str) -> Array | None:
    """Return a KPI of a group: one row per organisation, not a number where it is too small.

    Nor is it a number in months in which nothing is known of it, such as never-users in the first.

    Returns
    -------
    numpy.ndarray or None
        None if the scenario has no such group, or it may not be shown: in some month it is too
        small in most organisations.
    """
    measured = result.groups[scenario]
    if (kind, group) not in measured.labels:
        return None
    place = measured.labels.index((kind, group))
    values: Array = measured.values[
        :, :, place, PERSONAL.index(known(kpi, PERSONAL, "KPI of groups"))
    ]
    visible = np.isfinite(measured.heads[:, :, place]).mean(axis=0)
    return values if visible.min() >= SHOWN else None


def names(result: Result, kind: str) -> list[str]:
    """Return the groups of a kind in any scenario, in their order.

    Raises
    ------
    AdoptionError
        If that kind was not measured.
    """
    known(kind, kinds(result), "kind of group")
    labels = (label for group in result.groups.values() for label in group.labels)
    return list(dict.fromkeys(name for of, name in labels if of == kind))


def people(result: Result, scenario: str, kind: str, group: str, month: int) -> float:
    """Return how many people a group has in a month, where it may be shown."""
    measured = result.groups[scenario]
    return mean(measured.heads[:, month, measured.labels.index((kind, group))])


def mean(values: Array | None, month: int | None = None) -> float:
    """Return the mean over the organisations in which a group may be shown."""
    if values is None:
        return float("nan")
    here = values if month is None else values[:, month]
    return float(np.nanmean(here)) if np.isfinite(here).any() else float("nan")
