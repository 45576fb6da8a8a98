"""The form of a scenario: an organisation, a roll-out, a programme, a budget.

A scenario is a frozen, validated value. Files become scenarios in :mod:`sim.scenario`; a changed
scenario is a new one (:meth:`Scenario.changed`). The JSON schema that editors use is written
from these same lines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, Self, get_type_hints

from pydantic import BeforeValidator, Field, create_model, model_validator

from sim.errors import said
from sim.parameters import Parameters, numbers
from sim.rules import (
    CONTAGION,
    DECISION,
    LINK,
    SCHEDULE,
    STOPPING,
    THREAT,
    Contagion,
    Decision,
    Link,
    Schedule,
    Stopping,
    Switches,
    Threat,
)
from sim.scenario.base import Euro, Form, Month, Name, Share
from sim.scenario.events import Event
from sim.scenario.measure import Balance, Concreteness, Format, Measure, Selection, Sender
from sim.scenario.organisation import Organisation
from sim.state import Role

COUNCIL = "works-council"
"""The measure of a works council that has a say; see ``organisation.works_council``."""

Visible = Literal[
    "adoption", "using", "intensity", "acceptance", "felt_threat", "skill", "expectation"
]
"""What a change lead can look at; see :class:`Condition`."""

WhenOver = Literal["fail", "scale", "priority"]
"""What happens where a programme does not fit the budget."""

# --- The tool ------------------------------------------------------------------------------

NEVER: Final = 1200
"""Month of a phase of people who never get access: no licence is bought for them."""


class Phase(Form):
    """A step of the roll-out: who gets access, and when."""

    month: Annotated[Month, Field(description="First month with access, from 1; 1200 is never")]
    departments: Annotated[
        tuple[str, ...] | None,
        Field(description="Only these departments; by default all"),
        Field(strict=False),
    ] = None
    share: Annotated[Share, Field(description="Share of them, drawn by chance")] = 1.0


class UseCase(Form):
    """Something people do with the tool."""

    share: Annotated[
        Share,
        Field(
            description="Share of working time it is about [0 to 1]; where this or the saving is left "
            "out, all that is comes from the library's use case of this name"
        ),
    ]
    saving: Annotated[
        Share, Field(description="Time saved on it by a fully skilled daily user [0 to 1]")
    ]
    departments: Annotated[
        tuple[str, ...] | None,
        Field(description="Only these departments; by default all"),
        Field(strict=False),
    ] = None
    quality_gain: Annotated[
        float, Field(ge=-1, le=10, description="Change of quality at full use, .2 is 20 % better")
    ] = 0.0
    customer_gain: Annotated[
        float, Field(ge=-1, le=10, description="Change of customer satisfaction at full use")
    ] = 0.0


class Failure(Form):
    """A time in which the tool works badly."""

    month: Annotated[Month, Field(description="First month, from 1")]
    months: Annotated[Month, Field(description="How many months")] = 2
    depth: Annotated[Share, Field(description="Share of its usefulness lost [0 to 1]")] = 0.5


class Tool(Form):
    """What is rolled out, when, and what it costs and saves."""

    name: Annotated[str, Field(max_length=120, description="Name shown in figures")] = (
        "AI assistant"
    )
    go_live: Annotated[
        Month, Field(description="First month with access for all whom no phase names, from 1")
    ] = 1
    phases: Annotated[
        tuple[Phase, ...],
        Field(max_length=60, description="Roll-out in steps; the first that names a person counts"),
        Field(strict=False),
    ] = ()
    licence_price: Annotated[Euro, Field(description="Licence [euro per person and month]")] = 28.0
    integration_cost: Annotated[Euro, Field(description="Integration, once at go-live [euro]")] = (
        20_000.0
    )
    data_cost: Annotated[Euro, Field(description="Making data ready, once at go-live [euro]")] = 0.0
    support_per_month: Annotated[
        Euro, Field(description="Support and upkeep, each month from go-live [euro]")
    ] = 0.0
    investment: Annotated[
        Euro,
        Field(
            description="Technology money beyond that, at the start [euro]: earlier access, "
            "less friction, a better tool"
        ),
    ] = 0.0
    failure: Annotated[
        Failure | None, Field(description="A time in which the tool works badly; none by default")
    ] = None
    use_cases: Annotated[
        dict[Name, UseCase],
        Field(description="What people do with it; by default one, by the departments' task_share"),
    ] = {}
    task_saving: Annotated[
        Share,
        Field(description="Time saved on a task AI helps with, by a fully skilled daily user"),
    ] = 0.25
    capture_rate: Annotated[
        Share, Field(description="Part of the hours saved that becomes money")
    ] = 0.5


# --- The programme -------------------------------------------------------------------------


def _as_ids(people: Any) -> Any:
    """Return a list of people in which numbers are texts: most ids are numbers."""
    if not isinstance(people, list | tuple):
        return people
    return [str(person) if type(person) is int else person for person in people]


class Audience(Form):
    """Whom a deployment reaches: everybody who meets all that is given."""

    departments: Annotated[
        tuple[str, ...] | None, Field(description="Only these departments"), Field(strict=False)
    ] = None
    teams: Annotated[
        tuple[str, ...] | None,
        Field(description="Only these teams, such as 'sales 2'"),
        Field(strict=False),
    ] = None
    people: Annotated[
        tuple[str, ...] | None,
        Field(description="Only these people, by their id in organisation.people"),
        Field(strict=False),
        BeforeValidator(_as_ids),
    ] = None
    roles: Annotated[
        tuple[Role, ...] | None,
        Field(description="Only these roles"),
        Field(strict=False),
    ] = None
    archetypes: Annotated[
        tuple[str, ...] | None,
        Field(description="Only these archetypes, such as status"),
        Field(strict=False),
    ] = None
    not_yet_using: Annotated[
        bool, Field(description="Only those who do not use AI when it starts")
    ] = False
    share: Annotated[Share, Field(description="Share of them, drawn by chance")] = 1.0


class Repeat(Form):
    """A deployment that comes again."""

    every: Annotated[Month, Field(description="Months from one start to the next")]
    times: Annotated[int, Field(ge=1, le=600, description="How often in all")]


class CostChange(Form):
    """What a measure costs here, where it differs from the catalogue."""

    fixed: Euro | None = None
    per_month: Euro | None = None
    per_participant: Euro | None = None
    hours_per_participant: Annotated[float | None, Field(ge=0, le=2000)] = None
    monthly_hours_per_participant: Annotated[float | None, Field(ge=0, le=200)] = None
    trainer_hours_per_participant: Annotated[float | None, Field(ge=0, le=200)] = None
    team_hours: Annotated[float | None, Field(ge=0, le=5000)] = None
    monthly_team_hours: Annotated[float | None, Field(ge=0, le=1000)] = None


class Deployment(Form):
    """One measure put to work: when, how much and for whom."""

    measure: Annotated[
        str | None, Field(description="Name in the catalogue; by default the deployment's own name")
    ] = None
    start: Annotated[Month, Field(description="First month, from 1")] = 1
    after_go_live: Annotated[
        int | None,
        Field(
            ge=-1200,
            le=1200,
            description="First month counted from go-live instead: 0 is that month, -2 two earlier",
        ),
    ] = None
    months: Annotated[
        Month | None,
        Field(
            description="How many months; by default 1 for a one-off, to the end for a structural measure"
        ),
    ] = None
    dose: Annotated[
        float,
        Field(
            ge=0,
            le=100,
            description="One-off: full campaigns per head, spread over the months. "
            "Structural: strength while in force, 1 is full. What appoints people or gives access "
            "takes people instead: share, or audience.share",
        ),
    ] = 1.0
    repeat: Annotated[Repeat | None, Field(description="Comes again, each time with this dose")] = (
        None
    )
    audience: Audience = Audience()
    priority: Annotated[
        int,
        Field(ge=1, le=1000, description="What is paid first where budget.when_over is priority"),
    ] = 100
    cost: Annotated[CostChange, Field(description="Costs that differ from the catalogue's")] = (
        CostChange()
    )
    share: Annotated[
        Share | None,
        Field(
            description="Champions: share of the staff appointed. Leadership: share of leaders who "
            "commit. Buddies: share of those it is meant for who may get one"
        ),
    ] = None
    selection: Annotated[
        Selection | None,
        Field(description="Champions: how they are chosen; named: by audience.people"),
    ] = None
    hours: Annotated[
        float | None,
        Field(
            ge=0,
            le=160,
            description="Champions: paid hours a month; they set how many they coach, and how far they are noticed",
        ),
    ] = None
    format: Annotated[
        Format | None,
        Field(description="Messages: format"),
    ] = None
    balance: Annotated[
        Balance | None,
        Field(description="Messages: promises only, or risks too"),
    ] = None
    concreteness: Annotated[
        Concreteness | None,
        Field(description="Messages: examples or generalities"),
    ] = None
    sender: Annotated[
        Sender | None,
        Field(description="Messages: who speaks"),
    ] = None


def share_of(deployment: Deployment, measure: Measure) -> float | None:
    """Return the share a deployment appoints [0 to 1], None where it appoints nobody, or a list.

    Champions are a share of the staff, leaders of the leaders it is meant for, buddies of those who
    may get one. It is what the deployment says, else what the catalogue says. Where a list names
    the champions, the list counts (:func:`by_name`).
    """
    if measure.appoints is None or by_name(deployment, measure):
        return None
    return deployment.share if deployment.share is not None else measure.share


def by_name(deployment: Deployment, measure: Measure) -> bool:
    """Return whether a list says who is appointed: all of ``audience.people``, whatever the share."""
    return selection_of(deployment, measure) == "named"


def selection_of(deployment: Deployment, measure: Measure) -> Selection | None:
    """Return how champions are chosen: as the deployment says, else as the catalogue says."""
    return deployment.selection or measure.selection


class Survey(Form):
    """What a change lead sees: figures as a pulse survey gives them."""

    lag: Annotated[int, Field(ge=0, le=24, description="Months until a figure is known")] = 0
    noise: Annotated[float, Field(ge=0, le=1, description="Standard deviation of its error")] = 0.0


class Condition(Form):
    """When a change lead acts: a figure below or above a level, in a month or from it on."""

    kpi: Annotated[
        Visible,
        Field(description="Figure looked at, as it stood at the end of the month before"),
    ] = "adoption"
    below: Annotated[Share | None, Field(description="Act if it is below this")] = None
    above: Annotated[Share | None, Field(description="Act if it is above this")] = None
    month: Annotated[Month, Field(description="Month in which it is looked at, from 1")]
    until: Annotated[
        Month | None, Field(description="Last month in which it is looked at; by default the first")
    ] = None

    @model_validator(mode="after")
    def _one_level(self) -> Self:
        if (self.below is None) == (self.above is None):
            raise ValueError(said("give one of 'below' and 'above'"))
        return self


class Where(Form):
    """In which departments a change lead acts: those below or above a level on the same figure."""

    below: Annotated[Share | None, Field(description="Departments below this")] = None
    above: Annotated[Share | None, Field(description="Departments above this")] = None


class AdaptiveRule(Form):
    """What a change lead does when something shows: once, if it can be paid."""

    when: Condition
    where: Annotated[Where, Field(description="In which departments; by default all")] = Where()
    then: Annotated[Deployment, Field(description="What is started; its months count from then")]
    survey: Survey = Survey()


class Capacity(Form):
    """What there is to deliver measures with."""

    trainer_hours: Annotated[
        float | None,
        Field(
            ge=0,
            le=1e9,
            description="Hours of trainers a month; what does not fit is delivered later. "
            "No limit by default",
        ),
    ] = None


class Privacy(Form):
    """What may be shown of people."""

    min_group: Annotated[
        int, Field(ge=1, le=1000, description="Groups smaller than this are not shown")
    ] = 5


class Budget(Form):
    """What may be spent over the whole period."""

    total: Annotated[
        Euro | None,
        Field(
            description="Everything: licences, integration and measures [euro]; empty for no limit"
        ),
    ] = None
    change_share: Annotated[
        Share | None,
        Field(description="Share of the total for measures; the rest is for technology"),
    ] = None
    reserve: Annotated[
        Share, Field(description="Share of the money for measures kept for after go-live")
    ] = 0.0
    when_over: Annotated[
        WhenOver,
        Field(
            description="What happens if it does not fit. fail: an error. scale: every dose that is "
            "not kept is lowered alike, and the people where a measure takes people. priority: measures are paid in order of their priority, 1 "
            "first (in order of the file where equal), after those kept; one that does not fit is "
            "left out, a later one may still fit"
        ),
    ] = "fail"
    keep: Annotated[
        tuple[str, ...] | None,
        Field(
            description="Deployments that are never cut; by default those a file inherits through "
            "'extends', so that a programme never ends below the one it contains. []: none"
        ),
        Field(strict=False),
    ] = None


# --- The experiment ------------------------------------------------------------------------


class RuleVariants(Form):
    """Which exact variant of a rule is in force; the limits of theory need the others."""

    contagion: Annotated[
        Contagion,
        Field(
            description="How colleagues' use pulls. hill: a curve of their share, half at one's "
            "threshold. linear: the share itself. step: all or nothing at the threshold. "
            "step_count, hill_count: the same of their number; a threshold of 1 then stands for "
            "parameters.full_circle colleagues"
        ),
    ] = "hill"
    link: Annotated[Link, Field(description="From sum to desire")] = "logit"
    decision: Annotated[
        Decision,
        Field(description="From desire to starting and stopping"),
    ] = "hazard"
    stopping: Annotated[Stopping, Field(description="Whether desire keeps users from stopping")] = (
        "desire"
    )
    social: Annotated[
        Literal["both", "leaders", "peers"],
        Field(
            description="Who moves people by using AI. leaders: what colleagues do neither pulls "
            "nor is believed. peers: leaders set no example"
        ),
    ] = "both"
    launch: Annotated[
        Literal["access", "calendar"],
        Field(
            description="access: a launch begins for everybody when he or she can use the tool. "
            "calendar: it begins for all in its own month, and fades for who cannot use the tool yet"
        ),
    ] = "access"
    threat: Annotated[
        Threat,
        Field(
            description="channels: four threats, each felt by archetype. scalar: their mean, felt "
            "alike by everybody"
        ),
    ] = "channels"
    schedule: Annotated[
        Schedule,
        Field(
            description="synchronous: all decide on the last part of the month, then all change. "
            "random_sequential: one after the other, in an order drawn anew for each part"
        ),
    ] = "synchronous"


class Simulation(Form):
    """How long, how fine, how often."""

    months: Annotated[Month, Field(description="Months simulated")] = 24
    substeps: Annotated[int, Field(ge=1, le=60, description="Parts of a month")] = 4
    runs: Annotated[
        int,
        Field(ge=1, le=10_000_000, description="Replicates, each its own people, ties and luck"),
    ] = 200
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Seed of the study")] = 1


class Bet(Form):
    """A forecast of the share of weekly users at the end of a turn of the game, before it is known."""

    low: Annotated[float, Field(ge=0, le=100, description="Lower end [%]")]
    high: Annotated[float, Field(ge=0, le=100, description="Upper end [%]")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise ValueError(said("'low' lies above 'high'"))
        return self


class Played(Form):
    """How a scenario came about in the game; it changes no result. See :mod:`sim.play`."""

    world: Annotated[str, Field(max_length=400, description="World it is played in")]
    team: Annotated[str, Field(max_length=60, description="Who plays")] = "team"
    run: Annotated[int, Field(ge=0, le=999_999, description="Number of the organisation")] = 0
    bets: Annotated[
        tuple[Bet, ...],
        Field(max_length=60, description="A bet for each turn so far"),
        Field(strict=False),
    ] = ()


def _parameter_form() -> type[Form]:
    """Build the form of the parameter section from the declarations in sim.parameters."""
    hints = get_type_hints(Parameters)
    fields: dict[str, Any] = {
        name: (
            Annotated[
                hints[name],
                Field(
                    ge=number.low, le=number.high, description=f"{number.meaning} [{number.unit}]"
                ),
            ],
            Parameters._field_defaults[name],
        )
        for name, number in numbers().items()
    }
    form: type[Form] = create_model(
        "ParameterValues",
        __base__=Form,
        __doc__="Numbers of the rules that differ from the default.",
        **fields,
    )
    return form


ParameterValues: Any = _parameter_form()


class Scenario(Form):
    """One question: what happens in this organisation with this programme.

    Examples
    --------
    >>> import sim
    >>> one = sim.load("baseline").changed({"organisation.employees": 75})
    >>> one.organisation.employees
    75
    """

    name: Annotated[str, Field(max_length=80, description="Short name; by default the file's")] = (
        "scenario"
    )
    title: Annotated[str, Field(max_length=120, description="Title shown in figures")] = ""
    question: Annotated[str, Field(max_length=400, description="The question in one line")] = ""
    organisation: Organisation = Organisation()
    tool: Tool = Tool()
    programme: Annotated[
        dict[Name, Deployment | None],
        Field(description="Deployments by name; empty (null) takes an inherited one away"),
    ] = {}
    adaptive: Annotated[
        dict[Name, AdaptiveRule],
        Field(description="What is started when something shows, by name"),
    ] = {}
    events: Annotated[
        dict[Name, Event | None],
        Field(
            description="What happens that nobody planned, by name; null takes an inherited one away"
        ),
    ] = {}
    capacity: Capacity = Capacity()
    budget: Budget = Budget()
    privacy: Privacy = Privacy()
    rules: RuleVariants = RuleVariants()
    simulation: Simulation = Simulation()
    parameters: ParameterValues = ParameterValues()
    play: Annotated[
        Played | None, Field(description="How it came about, if a team of the game made it")
    ] = None

    def __repr__(self) -> str:
        size = self.organisation.employees
        return f"<Scenario {self.name}: {size} people; {', '.join(self.deployments) or 'nothing'}>"

    def __str__(self) -> str:
        return self.name  # what a table with a column of scenarios shows

    def __hash__(self) -> int:
        return hash((self.name, self.title))  # pydantic's own fails on a field that is a dictionary

    __iter__ = None  # type: ignore[assignment]  # one value: batch_run of Mesa varies what it can loop over

    @property
    def label(self) -> str:
        """Title, or the name where there is none."""
        return self.title or self.name

    @property
    def deployments(self) -> dict[str, Deployment]:
        """Deployments in force: without those taken away and without those of dose 0."""
        return {
            name: deployment
            for name, deployment in self.programme.items()
            if deployment is not None and deployment.dose > 0.0
        }

    @property
    def happenings(self) -> dict[str, Event]:
        """Events that happen: without those taken away and without those of size 0."""
        return {
            name: event
            for name, event in self.events.items()
            if event is not None and event.size > 0.0
        }

    @property
    def numbers(self) -> Parameters:
        """All numbers of the rules, as both engines read them."""
        return Parameters(**self.parameters.model_dump())

    @property
    def switches(self) -> Switches:
        """The variants of the rules, as both engines read them."""
        return Switches(
            contagion=CONTAGION.index(self.rules.contagion),
            link=LINK.index(self.rules.link),
            decision=DECISION.index(self.rules.decision),
            stopping=STOPPING.index(self.rules.stopping),
            threat=THREAT.index(self.rules.threat),
            schedule=SCHEDULE.index(self.rules.schedule),
        )

    def has(self, path: str) -> bool:
        """Return whether there is anything at a path: its deployment, or its adaptive rule.

        What scenarios have in common is varied in all of them; what only some have, in those.

        Examples
        --------
        >>> import sim
        >>> sim.load("baseline").has("programme.champions.share")
        False
        """
        section, name, *_ = [*path.split("."), ""]
        there: dict[str, Mapping[str, Any]] = {
            "programme": self.deployments,
            "adaptive": self.adaptive,
            "events": self.happenings,
        }
        return not name or section not in there or name in there[section]

    _change: ClassVar[Callable[[Scenario, Mapping[str, Any]], Scenario]]
    """How values are changed: :mod:`sim.scenario.reading` says it, which knows files and library."""

    def changed(self, values: Mapping[str, Any]) -> Scenario:
        """Return a new scenario with some values changed, each by its dotted path.

        Parameters
        ----------
        values
            For example ``{"organisation.employees": 75, "programme.champions.share": .05}``.

        Raises
        ------
        ScenarioError
            If a path does not exist or a value is not allowed.
        """
        return type(self)._change(self, values)

    def audiences(self) -> list[tuple[tuple[str, ...], Audience]]:
        """Return every audience with the path of its list of people."""
        planned = [
            (("programme", name, "audience", "people"), deployment.audience)
            for name, deployment in self.programme.items()
            if deployment is not None
        ]
        adaptive = [
            (("adaptive", name, "then", "audience", "people"), rule.then.audience)
            for name, rule in self.adaptive.items()
        ]
        return [*planned, *adaptive]

    def fingerprint(self) -> str:
        """Return a hash of everything that determines the runs, but for seed and number of runs."""
        content = self.model_dump(mode="json", exclude={"name", "title", "question", "play"})
        for file in ("people", "ties"):  # what they hold counts, not where they lie
            content["organisation"].pop(file)
        for irrelevant in ("runs", "seed"):
            content["simulation"].pop(irrelevant)
        if self.budget.total is None or self.budget.when_over == "fail":  # nothing is cut
            content["budget"].pop("keep")
        names = list(self.deployments)
        if self.budget.total is None or self.budget.when_over != "priority":
            names.sort()  # else what stands first is paid first
        content["programme"] = {name: content["programme"][name] for name in names}
        content["adaptive"] = dict(sorted(content["adaptive"].items()))
        happen = {name: content["events"][name] for name in sorted(self.happenings)}
        content.pop("events")
        if happen:  # without any, what was stored before there were events is what it was
            content["events"] = happen
        # All else in its order: that of departments decides which luck is whose.
        text = json.dumps(content)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
