"""What a decision is about: a KPI in a month, or over all months up to it."""

from __future__ import annotations

from typing import NamedTuple

from analysis.results.summary import all_known, known, label_of, scale_of
from analysis.words.languages import ENGLISH, Language
from sim import kpis
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study.results import curves


class Goal(NamedTuple):
    """What is wanted.

    Attributes
    ----------
    kpi
        A KPI of ``kpis.KPIS``.
    month
        When it is looked at.
    area
        Whether its mean over months 1 to ``month`` counts: what is early counts longer.
    """

    kpi: str = "adoption"
    month: int = 18
    area: bool = False

    def checked(self, *scenarios: Scenario) -> Goal:
        """Return this goal, or say why it cannot be.

        Raises
        ------
        AdoptionError
            If there is no such KPI, or a scenario ends before the month.
        """
        known(self.kpi, kpis.KPIS, "KPI")
        last = min(scenario.simulation.months for scenario in scenarios)
        if not 1 <= self.month <= last:
            raise AdoptionError(f"month: found {self.month}, expected 1 to {last}")
        return self

    def of(self, scenario: Scenario, rows: Array) -> Array:
        """Return what is reached in each run, as it is shown: shares in percent [runs].

        Parameters
        ----------
        scenario
            What was simulated.
        rows
            What was measured [runs, months + 1, KPIs of ``kpis.MEASURED``].

        Raises
        ------
        AdoptionError
            If it is not known in some runs.
        """
        values = curves(scenario, rows, self.kpi)
        seen = values[:, 1 : self.month + 1].mean(axis=1) if self.area else values[:, self.month]
        return all_known(seen * scale_of(self.kpi).factor, self.kpi, self.month)

    @property
    def unit(self) -> str:
        """What a difference of it is counted in."""
        return scale_of(self.kpi).difference

    @property
    def better(self) -> float:
        """1 if more of it is wanted, -1 if less."""
        return -1.0 if kpis.KPIS[self.kpi].better == "lower" else 1.0

    def title(self, words: Language = ENGLISH) -> str:
        """Return what it is called: 'weekly users in month 18'."""
        label = label_of(self.kpi, words)
        label = label[0].lower() + label[1:]
        if self.area:
            return words._("{kpi}, mean of months 1 to {month}", kpi=label, month=self.month)
        return words._("{kpi} in month {month}", kpi=label, month=self.month)
