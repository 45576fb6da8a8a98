"""What the sources claim, about whom, how well established, and what in the model points to them."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self, get_args

from pydantic import Field, model_validator

from sim.errors import AdoptionError
from sim.parameters import numbers
from sim.scenario.base import Form, Share
from sim.scenario.catalogue import entries_of, read_catalogue
from sim.scenario.folders import scenario_folders
from sim.scenario.library import read_archetypes, read_presets, read_use_cases
from sim.scenario.words import suggestion

if TYPE_CHECKING:
    import pandas as pd

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

KNOWN: Final = {
    "kind": get_args(Kind),
    "grade": get_args(Grade),
    "role": get_args(Role),
    "set": get_args(EvidenceSet),
}
"""What a kind, a grade, a role and a set can be."""

CLAIM: Final = re.compile(r"\b[CL]\d\d\b")
"""An id in words."""

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


Names = Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
Among = dict[Literal["archetype", "department", "role"], Names]
"""Some groups of people, by the kind of group."""


class Arm(Form):
    """One of two scenarios that are compared."""

    scenario: Annotated[str, Field(min_length=1, description="Name of a scenario")]
    changes: dict[str, Any] = Field(
        default_factory=dict, description="Values changed, by dotted path"
    )
    among: Annotated[Among | None, Field(description="Only these people are looked at")] = None


class Sweep(Form):
    """A value of the scenario that is tried at several levels."""

    path: Annotated[str, Field(min_length=1, description="Dotted path of the value")]
    values: Annotated[tuple[float, ...], Field(min_length=3, strict=False)]


class Expected(Form):
    """A statistic of a comparison, and the band in which the claim holds."""

    of: Annotated[str, Field(min_length=1, description="Name of the statistic")]
    expected: float
    low: float
    high: float
    level: Annotated[float | None, Field(description="Level to reach, if another")] = None
    month: Annotated[int | None, Field(ge=0, le=1200, description="Month, if another")] = None
    among: Annotated[Among | None, Field(description="Only these people, in both arms")] = None
    base: Annotated[
        Share | None, Field(description="Share that a ratio starts from where it is claimed")
    ] = None
    beside: Annotated[
        tuple[Identifier, ...],
        Field(description="Entries that claim reductions of the same thing"),
        Field(strict=False),
    ] = ()

    @model_validator(mode="after")
    def _band(self) -> Self:
        if not self.low <= self.expected <= self.high:
            raise ValueError(
                f"low {self.low:g}, expected {self.expected:g} and high {self.high:g} have to rise"
            )
        return self


class Check(Form):
    """The experiment that tests an entry: one scenario, or two on the same organisations."""

    without: Annotated[Arm | None, Field(description="What it is compared with, if anything")] = (
        None
    )
    with_: Annotated[Arm, Field(alias="with")]
    sweep: Annotated[Sweep | None, Field(description="What is varied in place of a second arm")] = (
        None
    )
    kpi: Annotated[str, Field(min_length=1)]
    month: Annotated[int, Field(ge=0, le=1200, description="Month looked at; 0 is the start")]
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


def ids_of(source: str) -> tuple[str, ...]:
    """Return the entries a source points to: the ids before its first colon.

    Parameters
    ----------
    source
        Ids with commas between, then, if there is more to say, a colon and words.

    Examples
    --------
    >>> ids_of("C47, C32: they overlap; untraced")
    ('C47', 'C32')
    >>> ids_of("choice")
    ('choice',)
    """
    return tuple(entry.strip() for entry in source.partition(":")[0].split(","))


@lru_cache(maxsize=1)
def used_by() -> dict[str, dict[str, tuple[str, ...]]]:
    """Return who points to each entry, by id and kind of user.

    Parameters, measures, archetypes, sectors and use cases do so by their sources, and a parameter that was
    calibrated by naming what it acts on; functions by the section on evidence of their docstring; scenarios by
    an id in a comment.
    """
    uses: dict[str, dict[str, list[str]]] = {name: {} for name in read_evidence()}
    for kind, user, name in pointers():
        users = uses.get(name, {}).setdefault(kind, [])
        if user not in users:
            users.append(user)
    return {
        name: {kind: tuple(users) for kind, users in kinds.items()} for name, kinds in uses.items()
    }


def pointers() -> Iterator[tuple[str, str, str]]:
    """Return what points to what: kind and name of the user, and the id, which may not exist."""
    for name, number in numbers().items():
        ids = ids_of(number.source)
        yield from (("parameters", name, identity) for identity in ids)
        if "calibration" in ids:
            named = CLAIM.findall(number.source.partition(":")[2])
            yield from (("calibrated parameters", name, entry) for entry in named)
    for kind, entries in (
        ("measures", read_catalogue()),
        ("archetypes", read_archetypes()),
        ("sectors", read_presets()),
        ("use cases", read_use_cases()),
    ):
        for name, entry in entries.items():
            for source in entry.sources:
                yield from ((kind, name, id_) for id_ in ids_of(source))
    for page in sorted(Path(__file__).parent.rglob("*.py")):
        for function, section in _sections(page.read_text("utf-8")):
            for ids in re.findall(r"^ *([\w, -]+) : ", section, re.MULTILINE):
                yield from (("functions", f"{page.stem}.{function}", id_) for id_ in ids_of(ids))
    for file in sorted(scenario_folders()[-1].glob("*.yaml")):
        comments = " ".join(re.findall(r"#.*", file.read_text("utf-8")))
        yield from (("scenarios", file.stem, id_) for id_ in CLAIM.findall(comments))


def _sections(page: str) -> Iterator[tuple[str, str]]:
    """Return the functions of a page whose docstring has a section on evidence, and the section."""
    if "\n    Evidence\n" in page:
        for part in ast.walk(ast.parse(page)):
            if isinstance(part, ast.FunctionDef):
                text = ast.get_docstring(part) or ""
                _, heading, section = text.partition("\nEvidence\n--------\n")
                if heading:
                    yield part.name, section.partition("\n\n")[0]


def entries_with(
    kind: str | None = None,
    grade: str | None = None,
    role: str | None = None,
    evidence_set: str | None = None,
) -> dict[str, Entry]:
    """Return the entries that are all of these, by id.

    Parameters
    ----------
    kind, grade, role
        See the head of ``scenarios/library/evidence.yaml``.
    evidence_set
        ``vendor`` or ``literature``.

    Raises
    ------
    AdoptionError
        If there is no such kind, grade, role or set.
    """
    wanted = {"kind": kind, "grade": grade, "role": role, "set": evidence_set}
    for field, value in wanted.items():
        if value is not None and value not in KNOWN[field]:
            near = suggestion(value, KNOWN[field])
            raise AdoptionError(f"no such {field} of evidence: found '{value}'{near}")
    return {
        name: entry
        for name, entry in read_evidence().items()
        if all(value in (None, getattr(entry, field)) for field, value in wanted.items())
    }


def evidence_table(ids: Collection[str] | None = None) -> pd.DataFrame:
    """Return the register of evidence as a table: one row per claim or finding.

    Parameters
    ----------
    ids
        Entries wanted; all by default.

    Returns
    -------
    pandas.DataFrame
        By id; ``used by`` names the parameters, measures, archetypes, sectors, use cases, functions and
        scenarios that point to it.

    Raises
    ------
    AdoptionError
        If there is no such entry.
    """
    import pandas as pd

    known = read_evidence()
    for id_ in ids if ids is not None else ():
        if id_ not in known:
            raise AdoptionError(f"no such entry of evidence: found '{id_}'{suggestion(id_, known)}")
    rows = [
        {
            "id": name,
            "title": entry.title,
            "kind": entry.kind,
            "grade": entry.grade or "",
            "causal": entry.causal,
            "verified": entry.verified,
            "role": entry.role,
            "set": entry.set or "",
            "metric": entry.metric,
            **{part: getattr(entry.value, part, None) for part in ("control", "treated")},
            **{part: getattr(entry.value, part, None) for part in ("low", "high")},
            "unit": entry.value.unit if entry.value else "",
            "conflicts with": ", ".join(entry.conflicts.ids) if entry.conflicts else "",
            "used by": ", ".join(
                dict.fromkeys(user for users in used_by()[name].values() for user in users)
            ),
            "source": entry.source,
        }
        for name, entry in known.items()
    ]
    table = pd.DataFrame(rows).set_index("id")
    return table if ids is None else table[table.index.isin(list(ids))]
