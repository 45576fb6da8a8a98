"""The form of an experiment: which scenarios, what is varied, how often, in which organisations."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.base import Form, wrong_at
from sim.study.precision import LEAST

Design = Literal["grid", "latin_hypercube", "sobol", "list"]
Evidence = Literal["literature", "vendor"]


def _listed(value: Any) -> Any:
    """A plain list is a list of values."""
    return {"values": value} if isinstance(value, list | tuple) else value


class Varied(Form):
    """Values of something that is varied: a list, or a range for a hypercube or Sobol sequence."""

    values: Annotated[
        tuple[Any, ...] | None,
        Field(description="Values, each as likely as any other, nothing between", strict=False),
    ] = None
    low: Annotated[float | None, Field(description="Lower end of a range, included")] = None
    high: Annotated[float | None, Field(description="Upper end of a range, included")] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.values is None:
            if self.low is None or self.high is None:
                there = [name for name in ("low", "high") if getattr(self, name) is not None]
                alone = f"found {there[0]} alone, " if there else ""
                raise ValueError(f"{alone}expected a list of values, or low and high")
            if self.low >= self.high:
                raise ValueError(
                    f"found low {self.low:g} and high {self.high:g}, expected low < high"
                )
        elif self.low is not None or self.high is not None:
            raise ValueError("found a list of values and a range, expected one of them")
        elif not self.values:
            raise ValueError("found no values, expected one or more")
        elif len({repr(value) for value in self.values}) < len(self.values):
            raise ValueError("found a value twice, expected different values")
        return self


class Vectors(Form):
    """Parameter vectors that reproduce an evidence set, instead of the shipped numbers."""

    evidence: Annotated[Evidence, Field(description="Evidence set")] = "literature"
    number: Annotated[int, Field(ge=1, le=10_000, description="Vectors, from the first on")] = 20


class Precise(Form):
    """How precise every point has to be: until then it gets more organisations."""

    within: Annotated[
        float,
        Field(
            gt=0,
            description="Half the 95 % interval of each difference from the first scenario, or of the "
            "level of a single one: in points for shares, else in the KPI's unit",
        ),
    ]
    kpi: Annotated[str, Field(description="KPI that is to be precise")] = "adoption"
    month: Annotated[
        int | None, Field(ge=1, description="Month; by default the last all scenarios have")
    ] = None


class Experiment(Form):
    """A sweep: scenarios on the same organisations, at every point of a design.

    Nested from the outside in: points of the design, parameter vectors, organisations (people and
    ties), replicates (luck), scenarios. Organisation k is the same one, as far as a point does not
    change it, at every point, under every vector and in every scenario (common random numbers).

    Examples
    --------
    >>> Experiment(scenarios=("baseline",), factors={"organisation.employees": [50, 250]}).design
    'grid'
    """

    name: Annotated[
        str,
        Field(
            max_length=80,
            pattern=r"^([\w-][\w.-]*)?$",
            description="Short name; by default the file's",
        ),
    ] = ""
    title: Annotated[str, Field(max_length=120, description="Title")] = ""
    question: Annotated[str, Field(max_length=400, description="The question in one line")] = ""
    scenarios: Annotated[
        tuple[str, ...],
        Field(
            min_length=1,
            strict=False,
            description="Names or files of the scenarios compared, on the same organisations",
        ),
    ]
    changes: Annotated[
        dict[str, Any], Field(description="Changes of every scenario, by dotted path")
    ] = {}
    design: Annotated[
        Design, Field(description="grid: all combinations; list: the points as written")
    ] = "grid"
    factors: Annotated[
        dict[
            str,
            Annotated[Varied, BeforeValidator(_listed, json_schema_input_type=Varied | list[Any])],
        ],
        Field(description="What is varied, by dotted path"),
    ] = {}
    points: Annotated[
        int | None,
        Field(ge=1, le=2**24, description="Points of a hypercube or Sobol sequence"),
    ] = None
    listed: Annotated[
        tuple[dict[str, Any], ...],
        Field(strict=False, description="Points of the design list, each values by dotted path"),
    ] = ()
    posterior: Annotated[
        Vectors | None, Field(description="Parameter vectors; by default the shipped numbers")
    ] = None
    organisations: Annotated[
        int,
        Field(
            ge=1,
            le=1_000_000,
            description="Organisations at every point: people and ties. With a precision: at most",
        ),
    ] = 100
    precision: Annotated[
        Precise | None,
        Field(description="Organisations are added at every point until this is reached"),
    ] = None
    replicates: Annotated[
        int, Field(ge=1, le=10_000, description="Replicates of every organisation: luck")
    ] = 1
    by: Annotated[
        tuple[Literal["archetype", "department", "team", "role"], ...],
        Field(strict=False, description="Kinds of groups kept as well"),
    ] = ()
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="Seed of the study")] = 1

    @model_validator(mode="after")
    def _fits(self) -> Self:
        sampled = self.design in ("latin_hypercube", "sobol")
        if sampled and (self.points is None or not self.factors):
            raise wrong_at(
                f"the design {self.design} needs factors, and points: how many", "design"
            )
        if not sampled and self.points is not None:
            raise wrong_at(
                f"the design {self.design} takes no 'points': that is how many a latin_hypercube or "
                "sobol has",
                "points",
            )
        if (self.design == "list") != bool(self.listed):
            where = "listed" if self.listed else "design"
            raise wrong_at("'listed' holds the points of the design list, and of no other", where)
        if self.design == "list" and self.factors:
            raise wrong_at(
                "the design list has its points in 'listed' and takes no factors", "factors"
            )
        if self.precision is not None and self.posterior is not None:
            raise wrong_at(
                "a precision is of the luck of organisations under one vector of parameters: leave out "
                "'posterior'",
                "precision",
            )
        if self.precision is not None and self.organisations < LEAST:
            raise wrong_at(
                f"found {self.organisations}, expected at least {LEAST} with a precision",
                "organisations",
            )
        for path, factor in self.factors.items():
            if self.design == "grid" and factor.values is None:
                raise wrong_at("a grid needs a list of values, found a range", "factors", path)
        return self
