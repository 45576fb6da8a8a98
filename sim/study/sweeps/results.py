"""What a sweep gave: its rows, and the differences and effects they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.sweeps import differences
from sim.study.sweeps.reading import Stored

if TYPE_CHECKING:
    import pandas as pd


class Sweep(Stored):
    """What a sweep has stored so far, and what it comes to.

    Examples
    --------
    ``sim.Sweep("results/sweeps/network-kinds").summary("adoption", by=["scenario"])``
    """

    def difference(
        self, against: str, kpi: str = "adoption", month: int | None = None
    ) -> pd.DataFrame:
        """Return what every scenario adds to one of them, at every finished point of the design.

        Paired: every organisation is compared with itself, under every vector. Replicates are
        averaged first.

        Parameters
        ----------
        against
            Scenario the others are compared with.
        kpi
            KPI compared, in its own unit.
        month
            Month; by default all that the scenarios share.

        Returns
        -------
        pandas.DataFrame
            One row per scenario, point and month: ``difference`` of the means, ``low`` and ``high``
            of its 95 % interval; ``curve_low`` and ``curve_high`` of the simultaneous 95 % band over
            the months of a point; ``all_low`` and ``all_high`` of that over all rows. With parameter
            vectors, intervals are of the mean over vectors and organisations, both drawn, and
            ``vectors_low`` and ``vectors_high`` tell where nine tenths of the vectors lie: how much
            is unsure about the parameters. ``attrs`` says how many points are finished.

        Raises
        ------
        AdoptionError
            If there is no such scenario, KPI or month, or no point is finished.

        Examples
        --------
        ``sim.Sweep("results/sweeps/network-kinds").difference("baseline", month=18)``
        """
        return differences.difference(self, against, kpi, month)

    def effects(
        self, kpi: str = "adoption", against: str | None = None, month: int | None = None
    ) -> pd.DataFrame:
        """Return main effects and first-order interactions of the factors of a grid.

        Parameters
        ----------
        kpi
            KPI looked at, in its own unit.
        against
            What the factors do to the difference from this scenario; by default to the KPI itself.
        month
            Month; by default all that the scenarios share.

        Returns
        -------
        pandas.DataFrame
            One row per scenario, effect and month, with the columns of :meth:`difference`. A main
            effect is the mean at a level less the mean at the first level, over all other factors;
            an interaction is how much more a level of one factor does at a level of another than at
            that one's first.

        Raises
        ------
        AdoptionError
            If the design is no grid, or is not finished.
        """
        return differences.effects(self, kpi, against, month)
