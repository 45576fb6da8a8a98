"""What else is shipped: sectors with their archetypes of resistance, and what every term means."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.files.catalogue import entries_of
from sim.files.folders import scenario_folders
from sim.form import Form, Share
from sim.measure import Text
from sim.organisation import ArchetypeShares


class Shares(ArchetypeShares):
    """The shares of a preset: here none has a default."""

    competence: Share
    status: Share
    control: Share
    ethics: Share


class Preset(Form):
    """A sector: how often each archetype of resistance occurs there."""

    title: Text
    description: Text
    shares: Shares
    sources: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]


Dimension = Literal["usage", "competence", "acceptance", "impact", "innovation", "cost", "maturity"]


class Term(Form):
    """What a KPI, a figure about a curve or a word means."""

    kind: Annotated[
        Literal["kpi", "curve", "term"],
        Field(description="kpi: a column of results. curve: computed from a KPI over the months"),
    ]
    dimension: Annotated[Dimension | None, Field(description="What a KPI is about")] = None
    title: Text
    meaning: Text
    formula: Annotated[Text | None, Field(description="How it is computed")] = None
    unit: Annotated[Text | None, Field(description="In what it is said")] = None

    @model_validator(mode="after")
    def _measured(self) -> Self:
        if self.kind != "term" and (self.formula is None or self.unit is None):
            raise ValueError(f"a {self.kind} has a 'formula' and a 'unit'")
        if (self.kind == "kpi") != (self.dimension is not None):
            raise ValueError("a kpi has a 'dimension', and nothing else has")
        return self


@lru_cache(maxsize=1)
def read_presets() -> dict[str, Preset]:
    """Return the shipped sectors by name.

    Raises
    ------
    ScenarioError
        With every problem in the file of archetypes.
    """
    return entries_of(scenario_folders()[-1] / "library" / "archetypes.yaml", Preset)


@lru_cache(maxsize=1)
def read_glossary() -> dict[str, Term]:
    """Return what every KPI, figure and term means, by name.

    Raises
    ------
    ScenarioError
        With every problem in the glossary.
    """
    return entries_of(scenario_folders()[-1] / "library" / "glossary.yaml", Term)
