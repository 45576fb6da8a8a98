"""The form of a scenario: an organisation, a roll-out, a programme, a budget.

A scenario is a frozen, validated value. Files become scenarios in :mod:`sim.files`; a changed
scenario is a new one (:meth:`Scenario.changed`). The JSON schema that editors use is written
from these same lines.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from sim.parameters import Parameters, numbers
from sim.rules import CONTAGION, DECISION, LINK, STOPPING, Switches
from sim.state import ARCHETYPES

Share = Annotated[float, Field(ge=0, le=1)]
Euro = Annotated[float, Field(ge=0, le=1e12)]
Month = Annotated[int, Field(ge=1, le=1200)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]


class Form(BaseModel):
    """A part of a scenario: frozen, no unknown fields, no silent conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def check_shares(shares: Mapping[str, float]) -> None:
    """Raise ValueError unless the shares add up to 1 within a thousandth."""
    total = sum(shares.values())
    if abs(total - 1.0) > 1e-3:
        listed = " + ".join(f"{name} {share:g}" for name, share in shares.items())
        raise ValueError(f"the shares add up to {total:g} ({listed}), they must add up to 1")


# --- The organisation ----------------------------------------------------------------------


class Department(Form):
    """A department, its size and its work."""

    share: Annotated[
        Share, Field(description="Share of the staff [0 to 1]; all shares add up to 1")
    ]
    task_share: Annotated[
        Share, Field(description="Share of working time in tasks AI can help with [0 to 1]")
    ] = 0.25


class ArchetypeShares(Form):
    """How often each archetype of resistance occurs; the shares add up to 1."""

    competence: Annotated[Share, Field(description="Afraid of not being able to learn it")] = 0.37
    status: Annotated[
        Share, Field(description="Afraid that it makes own expertise superfluous")
    ] = 0.24
    control: Annotated[Share, Field(description="Afraid of losing grip on the own work")] = 0.22
    ethics: Annotated[Share, Field(description="Has an ethical objection")] = 0.17

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        check_shares({name: getattr(self, name) for name in ARCHETYPES})
        return self


class Network(Form):
    """Who notices whom: the kind of network and its numbers."""

    kind: Annotated[
        Literal["teams", "complete", "ring", "small_world", "random", "none"],
        Field(description="Teams with cross-team ties (default), or a network of theory"),
    ] = "teams"
    team_ties: Annotated[
        Share, Field(description="teams: chance that two people of a team notice each other")
    ] = 0.85
    cross_ties: Annotated[
        float, Field(ge=0, le=100, description="teams: mean number of ties outside the team")
    ] = 4.0
    inside_department: Annotated[
        Share, Field(description="teams: share of cross-team ties inside the department")
    ] = 0.5
    sociability_spread: Annotated[
        float,
        Field(ge=0, le=3, description="teams: sd of the log of the number of cross-team ties"),
    ] = 0.8
    degree: Annotated[
        float, Field(ge=0, le=1000, description="ring, small_world, random: ties per person")
    ] = 10.0
    rewiring: Annotated[
        Share,
        Field(
            description="small_world: chance that a tie is moved; with keep_degree, that it swaps ends with another, which moves two"
        ),
    ] = 0.1
    keep_degree: Annotated[
        bool, Field(description="small_world: move ties in pairs, so that nobody's number changes")
    ] = False


class Organisation(Form):
    """Who works here."""

    name: Annotated[str, Field(max_length=120, description="Name shown in figures")] = (
        "Machine builder"
    )
    employees: Annotated[
        int, Field(ge=2, le=2_000_000, description="Number of people [2 to 2,000,000]")
    ] = 140
    departments: Annotated[
        dict[str, Department], Field(min_length=1, description="Departments by name")
    ] = {"all": Department(share=1.0)}
    team_size: Annotated[
        int, Field(ge=2, le=100, description="Mean number of people in a team")
    ] = 10
    teams_per_manager: Annotated[int, Field(ge=1, le=50, description="Teams under one manager")] = 3
    executives: Annotated[
        int | None,
        Field(ge=0, le=1000, description="People at the top; by default 1 to 3, by size"),
    ] = None
    archetypes: ArchetypeShares = ArchetypeShares()
    network: Network = Network()
    weekly_hours: Annotated[float, Field(gt=0, le=80, description="Working hours a week")] = 36.0
    hourly_cost: Annotated[
        float, Field(ge=0, le=1000, description="Cost of a working hour [euro]")
    ] = 48.0

    @model_validator(mode="after")
    def _add_up(self) -> Self:
        check_shares({name: one.share for name, one in self.departments.items()})
        if "management" in self.departments:
            raise ValueError("'management' is the name of the top; call the department otherwise")
        return self


# --- The tool ------------------------------------------------------------------------------


class Tool(Form):
    """What is rolled out, when, and what it costs and saves."""

    name: Annotated[str, Field(max_length=120, description="Name shown in figures")] = (
        "AI assistant"
    )
    go_live: Annotated[Month, Field(description="First month with access, from 1")] = 1
    licence_price: Annotated[Euro, Field(description="Licence [euro per person and month]")] = 28.0
    integration_cost: Annotated[Euro, Field(description="Integration, once at go-live [euro]")] = (
        20_000.0
    )
    task_saving: Annotated[
        Share,
        Field(description="Time saved on a task AI helps with, by a fully skilled daily user"),
    ] = 0.25
    capture_rate: Annotated[
        Share, Field(description="Part of the hours saved that becomes money")
    ] = 0.5


# --- The programme -------------------------------------------------------------------------


class Audience(Form):
    """Whom a deployment reaches: everybody who meets all that is given."""

    departments: Annotated[
        tuple[str, ...] | None, Field(description="Only these departments"), Field(strict=False)
    ] = None
    roles: Annotated[
        tuple[Literal["employee", "team_lead", "manager", "executive"], ...] | None,
        Field(description="Only these roles"),
        Field(strict=False),
    ] = None
    archetypes: Annotated[
        tuple[Literal["competence", "status", "control", "ethics"], ...] | None,
        Field(description="Only these archetypes"),
        Field(strict=False),
    ] = None
    share: Annotated[Share, Field(description="Share of them, drawn by chance")] = 1.0


class Deployment(Form):
    """One measure put to work: when, how much and for whom."""

    measure: Annotated[
        str | None, Field(description="Name in the catalogue; by default the deployment's own name")
    ] = None
    start: Annotated[Month, Field(description="First month, from 1")] = 1
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
            "Structural: strength while in force, 1 is full",
        ),
    ] = 1.0
    audience: Audience = Audience()
    share: Annotated[
        Share | None,
        Field(
            description="Champions: share of the staff appointed. Leadership: share of leaders who commit"
        ),
    ] = None
    selection: Annotated[
        Literal["random", "volunteers", "most_connected"] | None,
        Field(description="Champions: how they are chosen"),
    ] = None
    format: Annotated[
        Literal["written", "audiovisual", "interactive"] | None,
        Field(description="Messages: format"),
    ] = None
    balance: Annotated[
        Literal["one_sided", "two_sided"] | None,
        Field(description="Messages: promises only, or risks too"),
    ] = None
    concreteness: Annotated[
        Literal["concrete", "abstract"] | None,
        Field(description="Messages: examples or generalities"),
    ] = None


class Budget(Form):
    """What may be spent over the whole period."""

    total: Annotated[
        Euro | None,
        Field(
            description="Everything: licences, integration and measures [euro]; empty for no limit"
        ),
    ] = None


# --- The experiment ------------------------------------------------------------------------


class RuleVariants(Form):
    """Which exact variant of a rule is in force; the limits of theory need the others."""

    contagion: Annotated[
        Literal["hill", "linear", "step", "step_count"],
        Field(description="Form of the contagion kernel"),
    ] = "hill"
    link: Annotated[Literal["logit", "identity"], Field(description="From sum to desire")] = "logit"
    decision: Annotated[
        Literal["hazard", "linear", "certain"],
        Field(description="From desire to starting and stopping"),
    ] = "hazard"
    stopping: Annotated[
        Literal["desire", "constant"], Field(description="Whether desire keeps users from stopping")
    ] = "desire"


class Simulation(Form):
    """How long, how fine, how often."""

    months: Annotated[Month, Field(description="Months simulated")] = 24
    substeps: Annotated[int, Field(ge=1, le=60, description="Parts of a month")] = 4
    runs: Annotated[
        int,
        Field(ge=1, le=10_000_000, description="Replicates, each its own people, ties and luck"),
    ] = 200
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Seed of the study")] = 1


def _parameter_form() -> type[Form]:
    """Build the form of the parameter section from the declarations in sim.parameters."""
    hints = get_type_hints(Parameters)
    fields: dict[str, Any] = {
        name: (
            Annotated[
                hints[name],
                Field(ge=one.low, le=one.high, description=f"{one.meaning} [{one.unit}]"),
            ],
            Parameters._field_defaults[name],
        )
        for name, one in numbers().items()
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
    budget: Budget = Budget()
    rules: RuleVariants = RuleVariants()
    simulation: Simulation = Simulation()
    parameters: ParameterValues = ParameterValues()

    def __repr__(self) -> str:
        size = self.organisation.employees
        return f"<Scenario {self.name}: {size} people; {', '.join(self.deployments) or 'nothing'}>"

    __str__ = __repr__

    @property
    def label(self) -> str:
        """Title, or the name where there is none."""
        return self.title or self.name

    @property
    def deployments(self) -> dict[str, Deployment]:
        """Deployments in force: without those taken away and without those of dose 0."""
        return {
            name: one for name, one in self.programme.items() if one is not None and one.dose > 0.0
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
        )

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
        from sim.files import change

        return change(self, values)

    def fingerprint(self) -> str:
        """Return a hash of everything that determines the runs, but for seed and number of runs."""
        content = self.model_dump(mode="json", exclude={"name", "title", "question"})
        for irrelevant in ("runs", "seed"):
            content["simulation"].pop(irrelevant)
        content["programme"] = {
            name: one for name, one in content["programme"].items() if name in self.deployments
        }
        text = json.dumps(content, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- The catalogue -------------------------------------------------------------------------


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


class Text(Form):
    """A text in both languages."""

    en: Annotated[str, Field(min_length=3)]
    nl: Annotated[str, Field(min_length=3)]


Effect = Annotated[float, Field(gt=-5, lt=1)]


class Pushes(Form):
    """What a measure does at a stock of 1: shares removed (relief, negative adds), doses, pushes."""

    relief_competence: Annotated[Effect, Field(description="Competence threat removed")] = 0.0
    relief_status: Annotated[Effect, Field(description="Status threat removed")] = 0.0
    relief_control: Annotated[
        Effect, Field(description="Control threat removed; negative adds")
    ] = 0.0
    relief_ethics: Annotated[Effect, Field(description="Ethical objection removed")] = 0.0
    incentive: Annotated[Share, Field(lt=1, description="Share of the full incentive")] = 0.0
    launch: Annotated[float, Field(ge=0, le=5, description="Launches")] = 0.0
    training: Annotated[float, Field(ge=0, le=5, description="Full courses")] = 0.0


class Message(Form):
    """How a measure speaks, unless a deployment says otherwise."""

    strength: Annotated[float, Field(ge=0, le=5, description="Full messages per full dose")] = 1.0
    format: Literal["written", "audiovisual", "interactive"] = "written"
    balance: Literal["one_sided", "two_sided"] = "two_sided"
    concreteness: Literal["concrete", "abstract"] = "concrete"


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
        Literal["champions", "leaders"] | None, Field(description="Whom it puts in a role")
    ] = None
    share: Annotated[Share | None, Field(description="Default share appointed")] = None
    selection: Literal["random", "volunteers", "most_connected"] | None = None
    coaching: Annotated[
        Pushes | None, Field(description="What a full coaching place by a champion does")
    ] = None
    cost: Cost = Cost()
    sources: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]


def library() -> Path:
    """Return the folder of shipped scenarios, in a checkout or inside the installed package."""
    here = Path(__file__).resolve().parent
    for place in (here.parent / "scenarios", here / "scenarios"):
        if (place / "library").is_dir():
            return place
    raise FileNotFoundError("the shipped scenarios are missing: reinstall ai-adoption")
