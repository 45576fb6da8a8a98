"""The reference of scenario files: every field, read off the schema that editors use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import sim

ELSEWHERE = {"parameters"}
"""Sections of a scenario that another page lists."""

WORDS = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
}


MANY = 1e9
"""A bound from here on only keeps numbers finite, and is not shown."""


def kinds(field: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a field may be, nothing left out."""
    return list(field.get("anyOf") or [field])


def part_of(
    kind: Mapping[str, Any], parts: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any] | None]:
    """Return how the parts of a field are reached, and what they are, if it has any."""
    if "$ref" in kind:
        return "", parts[kind["$ref"].rpartition("/")[2]]
    for key, step in (("additionalProperties", ".NAME"), ("items", "[]")):
        for one in kinds(kind[key]) if isinstance(kind.get(key), dict) else ():
            if "$ref" in one:
                return step, parts[one["$ref"].rpartition("/")[2]]
    return "", None


def allowed(kind: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """Return in words what one kind of value may be."""
    if "enum" in kind or "const" in kind:
        return ", ".join(f"``{one}``" for one in kind.get("enum") or [kind["const"]])
    if "$ref" in kind:
        return "fields, see below"
    what = str(kind.get("type", ""))
    if what == "array":
        return "list"
    if what == "object":
        return "fields by name"
    low = kind.get("minimum", kind.get("exclusiveMinimum"))
    high = kind.get("maximum", kind.get("exclusiveMaximum"))
    word = WORDS.get(what, "nothing" if what == "null" else what)
    if high is not None and high >= MANY:
        high = None
    if low is not None and high is not None:
        return f"{word} from {low:,} to {high:,}"
    return word if low is None else f"{word} from {low:,}"


def fields(
    form: Mapping[str, Any], parts: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the path, values, default and meaning of every field, those of a part after it."""
    for name, field in form.get("properties", {}).items():
        if not path and name in ELSEWHERE:
            continue
        here = f"{path}.{name}" if path else name
        inner = [found for kind in kinds(field) if (found := part_of(kind, parts))[1] is not None]
        values = " or ".join(dict.fromkeys(allowed(kind, parts) for kind in kinds(field)))
        default = field.get("default")
        plain = default is not None and default != "" and not isinstance(default, (dict, list))
        shown = f"``{json.dumps(default, ensure_ascii=False)}``" if plain else ""
        form_says = inner[0][1].get("description", "") if inner and inner[0][1] else ""
        meaning = str(field.get("description") or form_says)
        yield here, values, shown, meaning.replace("*", r"\*").replace("`", "``")
        for step, part in inner:
            assert part is not None
            yield from fields(part, parts, here + step)


HEAD = """\
Fields of a scenario file
=========================

Every field with its dotted path, which is its name in ``--set``, in :meth:`sim.Scenario.changed`, in sweeps and as a column
of results. ``NAME`` is a name of your choice, or of the library; ``[]`` is an entry of a list. A file says only what differs
from the file it extends: :doc:`/docs/scenario-files`. The numbers of the rules, ``parameters.NAME``, are in section 7.17
of :doc:`/sim/ODD`.
"""

TABLE = """
{title}
{line}

.. list-table::
   :class: fields
   :header-rows: 1
   :widths: 34 22 14 30

   * - field
     - values
     - default
     - meaning
"""

ITSELF = "the scenario itself"


def page() -> str:
    """Return the page of all fields: a table for each section of a scenario."""
    schema = sim.Scenario.model_json_schema()
    rows = list(fields(schema, schema["$defs"]))
    sections = {row[0].split(".")[0] for row in rows if "." in row[0]}
    text = HEAD
    for name, those in groupby(rows, lambda row: row[0].split(".")[0]):
        title = name if name in sections else ITSELF
        if title != ITSELF or ITSELF not in text:
            text += TABLE.format(title=title, line="-" * len(title))
        for path, values, default, meaning in those:
            text += f"   * - ``{path}``\n     - {values}\n     - {default}\n     - {meaning}\n"
    return text
