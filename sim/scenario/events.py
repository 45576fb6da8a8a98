"""What happens to an organisation that nobody planned: events of a scenario, and their kinds in the library."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from sim.scenario.base import Form, Month, Share
from sim.scenario.measure import Cost, Measure, Pushes, Text

Leading = Literal["team_lead", "manager", "executive"]
"""Who can leave."""

LEADING: Final = ("team_lead", "manager", "executive")


class Shock(Form):
    """What people lose in the month it happens."""

    habit: Annotated[Share, Field(description="Share of the habit lost")] = 0.0
    skill: Annotated[
        Share, Field(description="Share lost of the skill gained since the own start")
    ] = 0.0
    expectation: Annotated[Share, Field(description="Share of the expected usefulness lost")] = 0.0


class KindOfEvent(Form):
    """One entry of ``scenarios/library/events.yaml``: what it does, what it costs, what it rests on."""

    title: Text
    description: Text
    pushes: Annotated[Pushes, Field(description="As of a measure; negative relief frightens")] = (
        Pushes()
    )
    lasting: Annotated[
        Literal["one_off", "structural"],
        Field(description="One-off: what it pushes fades. Structural: it stays"),
    ] = "one_off"
    shock: Shock = Shock()
    leaves: Annotated[
        Leading | None,
        Field(description="Who leaves: the first of that role among those it concerns"),
    ] = None
    price: Annotated[
        float, Field(ge=0, le=100, description="Factor on the price of licences from then on")
    ] = 1.0
    cost: Cost = Cost()
    sources: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        nothing = self.pushes == Pushes() and self.shock == Shock()
        if nothing and self.leaves is None and self.price == 1.0 and self.cost == Cost():
            raise ValueError("it does nothing: say 'pushes', 'shock', 'leaves', 'price' or 'cost'")
        if self.pushes.access > 0.0:
            raise ValueError("'access' is for measures: nobody gets it by an event")
        return self

    def as_measure(self) -> Measure:
        """Return what it pushes and costs as a measure, which both engines know."""
        return Measure(
            title=self.title,
            description=self.description,
            phase="cross_cutting",
            lasting=self.lasting,
            pushes=self.pushes,
            cost=self.cost,
            sources=self.sources,
        )


class Event(Form):
    """Something that happens in a month, whatever was planned."""

    kind: Annotated[
        str | None, Field(description="Kind in the library; by default the event's own name")
    ] = None
    month: Annotated[Month, Field(description="Month in which it happens, from 1")]
    size: Annotated[
        float, Field(ge=0, le=3, description="How large it is; 1 as the library says, 0 not at all")
    ] = 1.0
    departments: Annotated[
        tuple[str, ...] | None,
        Field(description="Only these departments; by default all"),
        Field(strict=False),
    ] = None
    role: Annotated[
        Leading | None, Field(description="Who leaves, where it is not as the library says")
    ] = None
