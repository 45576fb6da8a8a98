"""What the sources claim, about whom, how well established, and what in the model points to them."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from sim.files.catalogue import entries_of
from sim.files.folders import scenario_folders
from sim.form import Form, Month

Line = Annotated[str, Field(min_length=3)]
Identifier = Annotated[str, Field(pattern=r"^([CL][0-9]{2}|[a-z][a-z0-9-]*)$", max_length=40)]
Kind = Literal[
    "trial",
    "meta_analysis",
    "survey",
    "observed",
    "case",
    "vendor",
    "opinion",
    "rule",
    "theory",
    "project",
]
Grade = Literal["A", "B", "C", "D", "E"]
Role = Literal["input", "calibrate", "hold_out", "context"]
EvidenceSet = Literal["vendor", "literature"]
Verified = Literal["nothing", "memory", "excerpt", "recomputed"]

UNGRADED: Final = ("theory", "project")
"""Kinds that say nothing about people, and have no grade."""


class Figures(Form):
    """The numbers of an entry, as its source gives them."""

    control: Annotated[float | None, Field(description="Without; 1 for a ratio")] = None
    treated: Annotated[float | None, Field(description="With, or the only number")] = None
    low: Annotated[float | None, Field(description="Lower end of a range")] = None
    high: Annotated[float | None, Field(description="Upper end of a range")] = None
    unit: Annotated[str, Field(min_length=1, description="In what they are said")]
    parts: dict[str, float] = Field(default_factory=dict, description="Further numbers, by name")


class Conflict(Form):
    """Why an entry cannot hold as stated, or not beside others."""

    ids: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()
    text: Line


class Arm(Form):
    """One of two scenarios that are compared."""

    scenario: Annotated[str, Field(min_length=1, description="Name of a scenario")]
    changes: dict[str, Any] = Field(
        default_factory=dict, description="Values changed, by dotted path"
    )


class Expected(Form):
    """A statistic of a comparison, and the band in which the claim holds."""

    of: Annotated[str, Field(min_length=1, description="Name of the statistic")]
    expected: float
    low: float
    high: float

    @model_validator(mode="after")
    def _band(self) -> Self:
        if not self.low <= self.expected <= self.high:
            raise ValueError(
                f"low {self.low:g}, expected {self.expected:g} and high {self.high:g} have to rise"
            )
        return self


class Check(Form):
    """The experiment that tests an entry."""

    without: Annotated[Arm | None, Field(description="What it is compared with, if anything")] = (
        None
    )
    with_: Annotated[Arm, Field(alias="with")]
    kpi: Annotated[str, Field(min_length=1)]
    month: Month
    level: Annotated[float | None, Field(description="Level that is to be reached")] = None
    expect: Annotated[tuple[Expected, ...], Field(min_length=1, strict=False)]


class Entry(Form):
    """One claim or finding: what it says, how well established, and what it is used for."""

    title: Line
    source: Line
    kind: Kind
    grade: Grade | None = None
    causal: Annotated[bool, Field(description="Whether the design supports cause and effect")]
    verified: Annotated[Verified, Field(description="What of the source was checked")]
    metric: Line
    value: Figures | None = None
    role: Role
    set: Annotated[EvidenceSet | None, Field(description="Which calibration uses it")] = None
    conflicts: Conflict | None = None
    check: Check | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.grade is None) != (self.kind in UNGRADED):
            raise ValueError(f"everything but {' and '.join(UNGRADED)} has a 'grade'")
        if (self.role == "calibrate") != (self.set is not None):
            raise ValueError("what is calibrated on has a 'set', and nothing else has")
        return self


@lru_cache(maxsize=1)
def read_evidence() -> dict[str, Entry]:
    """Return the register by id.

    Raises
    ------
    ScenarioError
        With every problem in the file of evidence.
    """
    return entries_of(scenario_folders()[-1] / "library" / "evidence.yaml", Entry, Identifier)
