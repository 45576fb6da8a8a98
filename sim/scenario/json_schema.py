"""What an editor has to know to complete and check a scenario file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sim.scenario.allowed import scenario_form
from sim.scenario.catalogue import read_catalogue, read_events
from sim.scenario.library import read_archetypes, read_presets, read_use_cases


def schema_text() -> str:
    """Return the JSON schema of a scenario file, with which editors complete and check it.

    A file may leave out what it inherits, so nothing is required.
    """
    schema = scenario_form().json_schema()
    catalogue = read_catalogue()
    _plain_schema(schema)
    department: dict[str, Any] = {"$ref": "#/$defs/Department"}
    organisation = schema["$defs"]["Organisation"]["properties"]
    organisation["departments"]["additionalProperties"] = {"anyOf": [department, {"type": "null"}]}
    organisation["departments"]["description"] += "; empty (null) takes an inherited one away"
    organisation["departments"].pop("minProperties", None)
    organisation["sector"]["anyOf"] = [_one_of(read_presets()), {"type": "null"}]
    shares, nothing = organisation["archetypes"]["anyOf"]
    (share,) = shares["patternProperties"].values()
    organisation["archetypes"]["anyOf"] = [
        {
            "type": "object",
            "properties": {
                name: {"description": f"{archetype.title.en}: {archetype.description.en}", **share}
                for name, archetype in read_archetypes().items()
            },
            "additionalProperties": False,
        },
        nothing,
    ]
    audience = schema["$defs"]["Audience"]["properties"]["archetypes"]
    audience["anyOf"][0]["items"] = _one_of(read_archetypes())
    measure = schema["$defs"]["Deployment"]["properties"]["measure"]
    measure["anyOf"] = [_one_of(catalogue), {"type": "null"}]
    measure["examples"] = list(catalogue)
    programme = schema["properties"]["programme"]
    deployment: dict[str, Any] = next(iter(programme["patternProperties"].values()))
    programme["properties"] = {
        name: {"description": f"{measure.title.en}: {measure.description.en}", **deployment}
        for name, measure in catalogue.items()
    }
    (pattern,) = programme["patternProperties"]
    programme["propertyNames"] |= {"pattern": pattern, "examples": list(catalogue)}
    kinds, events = read_events(), schema["properties"]["events"]
    schema["$defs"]["Event"]["properties"]["kind"]["anyOf"] = [_one_of(kinds), {"type": "null"}]
    event: dict[str, Any] = next(iter(events["patternProperties"].values()))
    events["properties"] = {
        name: {"description": f"{kind.title.en}: {kind.description.en}", **event}
        for name, kind in kinds.items()
    }
    cases = schema["$defs"]["Tool"]["properties"]["use_cases"]
    case: dict[str, Any] = next(iter(cases["patternProperties"].values()))
    cases["properties"] = {
        name: {"description": f"{usual.title.en}: {usual.description.en}", **case}
        for name, usual in read_use_cases().items()
    }
    extends = {
        "type": "string",
        "minLength": 1,
        "description": "Scenario to start from, by name or path; say only what differs",
        "examples": ["baseline"],
    }
    properties = {"extends": extends, **schema.pop("properties")}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of AI adoption in an organisation",
        "description": "One question: what happens in this organisation with this programme?",
        "type": "object",
        "properties": properties,
        **{key: value for key, value in schema.items() if key not in ("type", "description")},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _one_of(names: Iterable[str]) -> dict[str, Any]:
    return {"type": "string", "enum": list(names)}


def _plain_schema(part: Any) -> None:
    """Take the titles and the required fields out of a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        if isinstance(part.get("required"), list):
            del part["required"]
        for key, value in part.items():
            if key != "default":
                _plain_schema(value)
    elif isinstance(part, list):
        for value in part:
            _plain_schema(value)
