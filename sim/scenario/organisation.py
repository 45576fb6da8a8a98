"""The form of an organisation: who works there, in what culture, who notices whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from sim import networks
from sim.errors import said
from sim.scenario.base import Form, Name, Share, Shares, check_shares


class Department(Form):
    """A department, its size and its work."""

    share: Annotated[
        Share,
        Field(
            description="Share of the staff [0 to 1]; all add up to 1. A file of people has its own"
        ),
    ] = 0.0
    task_share: Annotated[
        Share, Field(description="Share of working time in tasks AI can help with [0 to 1]")
    ] = 0.25


if TYPE_CHECKING:
    Kind = str
else:
    Kind = Literal[networks.DRAWN]


class Network(Form):
    """Who notices whom: the kind of network and its numbers."""

    kind: Annotated[
        Kind,
        Field(description="Teams with cross-team ties (default), or a network of theory"),
    ] = "teams"
    team_ties: Annotated[
        Share, Field(description="teams: chance that two people of a team notice each other")
    ] = 0.85
    cross_ties: Annotated[
        float, Field(ge=0, le=100, description="teams: mean number of ties outside the team")
    ] = 4.0
    inside_department: Annotated[
        Share,
        Field(description="teams: share of cross-team ties inside the department; block: of all"),
    ] = 0.5
    sociability_spread: Annotated[
        float,
        Field(ge=0, le=3, description="teams: sd of the log of the number of cross-team ties"),
    ] = 0.8
    degree: Annotated[float, Field(ge=0, le=1000, description="All but teams: ties per person")] = (
        10.0
    )
    rewiring: Annotated[
        Share,
        Field(
            description="small_world: chance that a tie is moved; with keep_degree, that it swaps ends with another, which moves two"
        ),
    ] = 0.1
    keep_degree: Annotated[
        bool, Field(description="small_world: move ties in pairs, so that nobody's number changes")
    ] = False


class Culture(Form):
    """How people here deal with the new; .5 is the middle and changes nothing."""

    error_tolerance: Annotated[
        Share, Field(description="Errors are talked about and learned from [0 to 1]")
    ] = 0.5
    participation: Annotated[
        Share, Field(description="People have a say in how they work [0 to 1]")
    ] = 0.5
    experimentation: Annotated[
        Share, Field(description="Trying things out is welcome [0 to 1]")
    ] = 0.5
    transparency: Annotated[
        Share, Field(description="What is planned and known is told [0 to 1]")
    ] = 0.5


class Organisation(Form):
    """Who works here: generated from these numbers, or read from a file of people."""

    name: Annotated[str, Field(max_length=120, description="Name shown in figures")] = (
        "Machine builder"
    )
    people: Annotated[
        str | None,
        Field(
            max_length=1000,
            description="File of people (CSV), beside the scenario; replaces the generated staff",
        ),
    ] = None
    ties: Annotated[
        str | None,
        Field(
            max_length=1000,
            description="File of ties between them (CSV); without it ties are drawn",
        ),
    ] = None
    columns: Annotated[
        dict[str, str] | None,
        Field(
            max_length=100,
            description="What columns of the file of people are whose headers are not known, by "
            "header: id, department, manager, hours, fte or another known one; none leaves it aside",
        ),
    ] = None
    content: Annotated[
        str | None,
        Field(max_length=64, description="Fingerprint of both files, filled in when they are read"),
    ] = None
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
    managers_per_manager: Annotated[
        int,
        Field(ge=2, le=50, description="Managers under one of the next layer; few make it steep"),
    ] = 6
    executives: Annotated[
        int | None,
        Field(ge=0, le=1000, description="People at the top; by default 1 to 3, by size"),
    ] = None
    sector: Annotated[
        Name | None,
        Field(description="Preset of archetypes, such as services or public"),
    ] = None
    archetypes: Annotated[
        Shares | None,
        Field(
            description="How often each archetype occurs, by name [0 to 1]; all add up to 1. By "
            "default the sector's"
        ),
    ] = None
    culture: Culture = Culture()
    digital_maturity: Annotated[
        Share,
        Field(description="How far work is digital already [0 to 1]; .5 changes nothing"),
    ] = 0.5
    works_council: Annotated[
        Literal["none", "late", "early"],
        Field(description="Early: has a say from the first month. Late: only after go-live"),
    ] = "none"
    turnover: Annotated[
        float,
        Field(
            ge=0, le=0.95, description="Share of people who leave in a year; newcomers follow them"
        ),
    ] = 0.0
    already_using: Annotated[
        Share | dict[str, Share],
        Field(
            description="Share of people who use AI every week before any roll-out, those who want "
            "it most; one number, or one for each department named"
        ),
    ] = 0.0
    network: Network = Network()
    weekly_hours: Annotated[float, Field(gt=0, le=80, description="Working hours a week")] = 36.0
    hourly_cost: Annotated[
        float, Field(ge=0, le=1000, description="Cost of a working hour [euro]")
    ] = 48.0

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.people is None:
            check_shares({name: department.share for name, department in self.departments.items()})
        if "management" in self.departments:
            raise ValueError(
                said("'management' is the name of the top; call the department otherwise")
            )
        if self.ties is not None and self.people is None:
            raise ValueError(said("'ties' are between the people of a file: give 'people' as well"))
        if self.columns is not None and self.people is None:
            raise ValueError(said("'columns' are those of a file of people: give 'people' as well"))
        return self
