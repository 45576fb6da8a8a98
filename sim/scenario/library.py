"""What else is shipped: archetypes of resistance, sectors with their mix, use cases, what terms mean."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.base import Form, Shares, wrong_at
from sim.scenario.catalogue import entries_of
from sim.scenario.folders import PerLibrary, library_folder
from sim.scenario.measure import Text
from sim.scenario.schema import UseCase
from sim.scenario.words import short, suggestion
from sim.state import THREATS, Worry

Sources = Annotated[tuple[str, ...], Field(min_length=1, strict=False)]


class Archetype(Form):
    """A kind of people: which threats they feel as their own, and what they can at the start."""

    title: Text
    description: Text
    feels: Annotated[
        tuple[Worry, ...],
        Field(min_length=1, strict=False, description="Threats felt as one's own"),
    ]
    skill: Annotated[
        Literal["usual", "anxious"], Field(description="From which distribution skill is drawn")
    ]
    words: Annotated[
        tuple[str, ...],
        Field(strict=False, description="What else it is called in a file of people"),
    ] = ()
    sources: Sources

    @property
    def own_threats(self) -> int:
        """The threats felt as one's own, a bit for each in the order of ``THREATS``."""
        return sum(1 << THREATS.index(threat) for threat in set(self.feels))


class Preset(Form):
    """A sector: how often each archetype of resistance occurs there."""

    title: Text
    description: Text
    shares: Shares
    sources: Sources

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.shares:
            if name not in read_archetypes():
                message = (
                    f"there is no archetype '{short(name)}'{suggestion(name, read_archetypes())}"
                )
                raise wrong_at(message, "shares", name)
        return self


class UsualCase(UseCase):
    """A use case a scenario can name: what it says of the work, where it usually suits."""

    title: Text
    description: Text
    sources: Sources


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
    measured_by: Annotated[
        Text | None, Field(description="How an organisation finds it out: by what instrument")
    ] = None
    signal: Annotated[
        Literal["leading", "lagging"] | None,
        Field(description="leading: it moves first and warns. lagging: it settles the matter"),
    ] = None
    checkpoint: Annotated[
        Literal["0", "1-3", "6", "12+"] | None,
        Field(description="Month from the start in which it is first worth a look"),
    ] = None

    @model_validator(mode="after")
    def _measured(self) -> Self:
        if self.kind != "term" and (self.formula is None or self.unit is None):
            raise ValueError(f"a {self.kind} has a 'formula' and a 'unit'")
        for name in ("dimension", "measured_by", "signal", "checkpoint"):
            if (self.kind == "kpi") != (getattr(self, name) is not None):
                raise ValueError(f"a kpi has a '{name}', and nothing else has")
        return self


@PerLibrary
def read_archetypes() -> dict[str, Archetype]:
    """Return the archetypes of resistance by name, in the order in which people are drawn.

    Raises
    ------
    ScenarioError
        With every problem in the file of archetypes.
    """
    return entries_of(library_folder() / "archetypes.yaml", Archetype)


@PerLibrary
def read_presets() -> dict[str, Preset]:
    """Return the shipped sectors by name.

    Raises
    ------
    ScenarioError
        With every problem in the file of sectors.
    """
    return entries_of(library_folder() / "sectors.yaml", Preset)


@PerLibrary
def read_use_cases() -> dict[str, UsualCase]:
    """Return the use cases a scenario can name, by name.

    Raises
    ------
    ScenarioError
        With every problem in the file of use cases.
    """
    return entries_of(library_folder() / "use-cases.yaml", UsualCase)


def shares_in(sector: str | None) -> dict[str, float]:
    """Return how often each archetype occurs in a sector, or in general, where one is not named."""
    presets = read_presets()
    return (presets.get(sector or "") or presets["general"]).shares


@PerLibrary
def read_glossary() -> dict[str, Term]:
    """Return what every KPI, figure, term and archetype means, by name.

    Raises
    ------
    ScenarioError
        With every problem in the glossary.
    """
    return {
        **entries_of(library_folder() / "glossary.yaml", Term),
        **{
            f"archetype_{name}": Term(
                kind="term", title=archetype.title, meaning=archetype.description
            )
            for name, archetype in read_archetypes().items()
        },
    }


@PerLibrary
def read_words() -> dict[str, Text]:
    """Return the words in which measures and terms are told, by what they say.

    Raises
    ------
    ScenarioError
        With every problem in the file of words.
    """
    return entries_of(library_folder() / "words.yaml", Text, str)
