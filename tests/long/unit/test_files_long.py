"""What takes long of ``unit/test_files.py``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import test_files as quick
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parts import others
from test_files import LETTERS, STARTERS, problem

from sim.errors import Problem, ScenarioError
from sim.scenario import read_scenario, schema_text
from sim.scenario.source import LINE_END

place_of_work = quick.place_of_work


VALID = (
    "# a comment\nextends: baseline\ntitle: 'Case'\norganisation:\n  employees: 75\n"
    "  departments:\n    office: &o {share: 0.5, task_share: 0.3}\n    floor: {<<: *o}\n"
    "  archetypes: {competence: 0.37}\nprogramme:\n  training:\n    start: 2\n"
    "    audience: {departments: [office], roles: [employee]}\n  newsletter: null\n"
    "budget:\n  total: 1e5\nparameters:\n  peer_weight: 2.5\n"
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return a valid text after a few slips of the hand."""
    text = VALID
    for _ in range(draw(st.integers(1, 6))):
        slip = draw(st.sampled_from(["delete", "insert", "replace", "swap", "repeat", "cut"]))
        at = draw(st.integers(0, len(text)))
        if slip == "delete":
            text = text[:at] + text[at + draw(st.integers(1, 8)) :]
        elif slip == "insert":
            text = text[:at] + draw(LETTERS) + text[at:]
        elif slip == "replace":
            text = text[:at] + draw(LETTERS) + text[at + 1 :]
        elif slip == "cut":
            text = text[:at]
        else:
            lines = text.splitlines(keepends=True) or [""]
            one = draw(st.integers(0, len(lines) - 1))
            other = draw(st.integers(0, len(lines) - 1))
            if slip == "swap":
                lines[one], lines[other] = lines[other], lines[one]
            else:
                lines.insert(one, lines[other])
            text = "".join(lines)
    return text


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(mutated())
def test_whatever_is_typed_loads_or_is_explained(text: str) -> None:
    Path("case.yaml").write_bytes(text.encode())
    found: list[Problem] = []
    try:
        read_scenario("case.yaml")
    except ScenarioError as error:
        found = error.problems or [Problem("")]
    lines = LINE_END.split(text.removeprefix("\ufeff"))
    for one in found:
        assert one.message
        assert "pydantic" not in one.message
        str(one).encode()
        if one.line and one.file == "case.yaml":
            assert one.line <= len(lines)
            assert one.column <= len(lines[one.line - 1]) + 1


@pytest.mark.parametrize("name", others(STARTERS, 2))
def test_a_starter_loads_with_what_is_shipped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick.test_a_starter_loads_with_what_is_shipped(name, monkeypatch)


def test_deep_nesting_is_refused() -> None:
    assert "more than 40 deep" in problem("title: " + "[" * 3000).message


def test_the_schema_is_one_that_editors_know() -> None:
    import jsonschema

    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$defs"]["Organisation"]["properties"]["employees"]["default"] == 140
    assert schema["$defs"]["Organisation"]["properties"]["employees"]["description"]
    assert "training" in schema["properties"]["programme"]["properties"]
    assert "training" in schema["properties"]["programme"]["propertyNames"]["examples"]
    assert "title" in schema["properties"]
