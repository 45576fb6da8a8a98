"""The form of the catalogue: what a measure is, does, costs and rests on."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, create_model, model_validator

from sim.channels import Channel, channels
from sim.scenario.base import Euro, Form, Share

Selection = Literal[
    "random",
    "volunteers",
    "most_connected",
    "best_bridge",
    "nominated",
    "per_department",
    "greedy",
    "named",
]
Format = Literal["written", "audiovisual", "interactive"]
Balance = Literal["one_sided", "two_sided"]
Concreteness = Literal["concrete", "abstract"]
Sender = Literal["management", "it", "works_council", "peers", "expert"]


class Cost(Form):
    """What a measure costs; each number is an assumption that a deployment's user may change."""

    fixed: Annotated[Euro, Field(description="Once, at full dose [euro]")] = 0.0
    per_month: Annotated[Euro, Field(description="Each month in force [euro]")] = 0.0
    per_participant: Annotated[
        Euro, Field(description="Once per participant at full dose [euro]")
    ] = 0.0
    hours_per_participant: Annotated[
        float,
        Field(ge=0, le=2000, description="Working time once per participant at full dose [hour]"),
    ] = 0.0
    monthly_hours_per_participant: Annotated[
        float,
        Field(ge=0, le=200, description="Working time per participant each month in force [hour]"),
    ] = 0.0

    team_hours: Annotated[
        float,
        Field(
            ge=0,
            le=5000,
            description="Working time of those who set it up, once at full dose [hour]",
        ),
    ] = 0.0
    monthly_team_hours: Annotated[
        float,
        Field(
            ge=0,
            le=1000,
            description="Working time of those who run it, each month in force [hour]",
        ),
    ] = 0.0
    trainer_hours_per_participant: Annotated[
        float,
        Field(
            ge=0, le=200, description="Time of a trainer once per participant at full dose [hour]"
        ),
    ] = 0.0


STAFFED: Final = (
    "hours_per_participant",
    "monthly_hours_per_participant",
    "team_hours",
    "monthly_team_hours",
)
"""Costs that are working time of the own staff."""


class Text(Form):
    """A text in both languages."""

    en: Annotated[str, Field(min_length=3)]
    nl: Annotated[str, Field(min_length=3)]


COACHED: Final = tuple(name for name, channel in channels().items() if channel.coached)
"""Channels on which one person helps another; see :func:`sim.rules.accompany`."""


def _field_of(channel: Channel) -> Any:
    """Return the field in which the catalogue says what a measure does on a channel."""
    if channel.most is not None:
        return Field(ge=0, le=channel.most, description=channel.meaning)
    if channel.adds:
        return Field(gt=-5, lt=1, description=channel.meaning)
    return Field(ge=0, lt=1, description=channel.meaning)


def _pushes_form() -> type[Form]:
    """Build the form of what a measure does from the declarations in sim.channels."""
    fields: dict[str, Any] = {
        name: (Annotated[float, _field_of(channel)], 0.0) for name, channel in channels().items()
    }
    form: type[Form] = create_model(
        "Pushes",
        __base__=Form,
        __doc__="What a measure does at a stock of 1: shares removed (relief, negative adds), doses, pushes.",
        **fields,
    )
    return form


Pushes: Any = _pushes_form()


CultureShift = Annotated[float, Field(ge=-1, le=1)]


class CultureShifts(Form):
    """How far a measure in force moves the organisation's culture in the end, on its scale of 0 to 1."""

    error_tolerance: CultureShift = 0.0
    participation: CultureShift = 0.0
    experimentation: CultureShift = 0.0
    transparency: CultureShift = 0.0


CULTURE: Final = tuple(CultureShifts.model_fields)
"""Sides of culture."""


class Message(Form):
    """How a measure speaks, unless a deployment says otherwise."""

    strength: Annotated[float, Field(ge=0, le=5, description="Full messages per full dose")] = 1.0
    format: Format = "written"
    balance: Balance = "two_sided"
    concreteness: Concreteness = "concrete"
    sender: Annotated[
        Sender | None,
        Field(description="Who speaks; nobody in particular by default"),
    ] = None


class Measure(Form):
    """One entry of the catalogue: what it is, what it does, what it costs, what it rests on."""

    title: Text
    description: Text
    phase: Literal["communication", "co_creation", "competence", "incentives", "cross_cutting"]
    lasting: Annotated[
        Literal["one_off", "structural"],
        Field(description="One-off: a dose that fades. Structural: holds while in force"),
    ]
    pushes: Pushes = Pushes()
    message: Message | None = None
    appoints: Annotated[
        Literal["champions", "leaders", "buddies"] | None,
        Field(description="Whom it puts in a role; buddies: a tie to a skilled user"),
    ] = None
    share: Annotated[
        Share | None, Field(description="Default share appointed, for measures that appoint people")
    ] = None
    selection: Selection | None = None
    participatory: Annotated[
        bool, Field(description="Whether a culture of participation makes its relief stronger")
    ] = False
    recognises: Annotated[
        bool, Field(description="Whether champions do not tire while it is in force")
    ] = False
    on_arrival: Annotated[
        bool, Field(description="Whether it is for newcomers, from the month they arrive")
    ] = False
    coaching: Annotated[
        Pushes | None, Field(description="What a full coaching place by a champion does")
    ] = None
    builds_up: Annotated[
        float,
        Field(ge=0, le=24, description="Months until a structural measure has its full effect"),
    ] = 0.0
    wears: Annotated[
        Share,
        Field(
            lt=1, description="Share of what helps in a structural measure that wears off a month"
        ),
    ] = 0.0
    culture: CultureShifts = CultureShifts()
    needs_consent: Annotated[
        bool, Field(description="Whether a works council, where there is one, has to agree first")
    ] = False
    cost: Cost = Cost()
    unstaffed: Annotated[
        Text | None,
        Field(description="Who does the work of a measure that takes no hours of staff, and why"),
    ] = None
    sources: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]

    @property
    def takes_people(self) -> bool:
        """Whether more of it means more people, each in full: it appoints them, or gives access."""
        return self.appoints is not None or self.pushes.access > 0.0

    @property
    def takes_hours(self) -> bool:
        """Whether it takes working time of staff: of participants or of those who run it."""
        return any(getattr(self.cost, name) > 0.0 for name in STAFFED)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        helpers = self.appoints in ("champions", "buddies")
        if (self.share is not None) != (self.appoints is not None):
            raise ValueError("'share' is for measures that appoint people, and those need it")
        if self.selection is not None and self.appoints != "champions":
            raise ValueError("'selection' is for measures that appoint champions")
        if self.coaching is not None and not helpers:
            raise ValueError("'coaching' is for measures that appoint champions or buddies")
        if helpers and (self.pushes != Pushes() or self.message is not None):
            raise ValueError(
                f"what {self.appoints} do reaches those they help: write 'coaching', not 'pushes' "
                "or 'message'"
            )
        if self.unstaffed is not None and self.takes_hours:
            raise ValueError(
                "'unstaffed' says who does the work of a measure without hours of staff: leave it "
                f"out, or {' and '.join(name for name in STAFFED if getattr(self.cost, name))}"
            )
        if self.lasting != "structural" and (self.builds_up or self.wears):
            raise ValueError("'builds_up' and 'wears' are for structural measures")
        if self.takes_people and self.lasting != "structural":
            raise ValueError(
                "what appoints people or gives access holds while in force: write 'lasting: structural'"
            )
        if self.coaching is not None:
            other = [
                name
                for name, effect in self.coaching.model_dump().items()
                if effect and name not in COACHED
            ]
            if other:
                raise ValueError(f"'coaching' knows {', '.join(COACHED)}, found {', '.join(other)}")
        return self
