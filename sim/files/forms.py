"""What is allowed at each path, and how that is said: in words, with a hint where one helps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from sim.files.items import Item, Keys, Unreadable
from sim.files.words import short
from sim.scenario import Scenario


class Forms:
    """What a form allows at each path, read from its JSON schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema

    def resolved(self, form: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
        """Return a form without references and alternatives, and whether it may be null."""
        nullable = False
        while True:
            if "$ref" in form:
                form = self.schema["$defs"][form["$ref"].rpartition("/")[2]]
            elif "anyOf" in form:
                nullable |= any(one.get("type") == "null" for one in form["anyOf"])
                described = form.get("description", "")
                form = next(one for one in form["anyOf"] if one.get("type") != "null")
                if described and "$ref" not in form:
                    form = {"description": described, **form}
            else:
                return form, nullable

    def at(self, keys: Keys) -> Mapping[str, Any]:
        """Return the form at a path; empty if there is none."""
        form: Mapping[str, Any] = self.schema
        for key in keys:
            form, _ = self.resolved(form)
            if isinstance(key, int):
                form = form.get("items", {})
            elif key in form.get("properties", {}):
                form = form["properties"][key]
            elif "patternProperties" in form:
                form = next(iter(form["patternProperties"].values()))
            else:
                more = form.get("additionalProperties")
                form = more if isinstance(more, dict) else {}
        return form

    def fields(self, keys: Keys) -> list[str]:
        """Return the names of the fields at a path."""
        return list(self.resolved(self.at(keys))[0].get("properties", {}))

    def places_of(self, field: str) -> list[str]:
        """Return the dotted paths of sections that have a field of this name."""
        return [
            f"{section}.{field}"
            for section in self.schema.get("properties", {})
            if field in self.fields((section,))
        ]


@lru_cache(maxsize=1)
def scenario_form() -> TypeAdapter[Scenario]:
    """Return what a scenario is validated with."""
    return TypeAdapter(Scenario)


@lru_cache(maxsize=1)
def scenario_forms() -> Forms:
    """Return what is allowed at each path of a scenario."""
    return Forms(scenario_form().json_schema())


def _digits(number: float) -> str:
    return f"{int(number):,}" if float(number).is_integer() else f"{number:g}"


def _range(form: Mapping[str, Any]) -> str:
    """Return the allowed range of a number, in words."""
    low, above = form.get("minimum"), form.get("exclusiveMinimum")
    high, below = form.get("maximum"), form.get("exclusiveMaximum")
    if above is None and below is None and low is not None and high is not None:
        return f" from {_digits(low)} to {_digits(high)}"
    ends = [
        f"{word} {_digits(end)}"
        for word, end in (
            ("above", above),
            ("of at least", low if above is None else None),
            ("below", below),
            ("of at most", high if below is None else None),
        )
        if end is not None
    ]
    return " " + " and ".join(ends) if ends else ""


def allowed(form: Mapping[str, Any], forms: Forms) -> str:
    """Return what a form allows, in words."""
    form, nullable = forms.resolved(form)
    end = ", or null" if nullable else ""
    choices = form.get("enum") or ([form["const"]] if "const" in form else None)
    if choices:
        return f"one of: {', '.join(map(str, choices))}{end}"
    kind = form.get("type")
    if kind == "integer":
        return f"a whole number{_range(form)}{end}"
    if kind == "number":
        return f"a number{_range(form)}{end}"
    if kind == "boolean":
        return f"true or false{end}"
    if kind == "array":
        return f"a list, such as [one, two]{end}"
    if kind == "string":
        most, least = form.get("maxLength"), form.get("minLength")
        length = f" of at most {most} characters" if most else ""
        length += f" of at least {least} characters" if least else ""
        return f"a text{length}{end}"
    fields = list(form.get("properties", {}))
    inside = f" with {', '.join(fields)}" if 0 < len(fields) <= 12 else ""
    return f"a mapping (lines of 'name: value'){inside}{end}"


def mending(item: Item, form: Mapping[str, Any]) -> str:
    """Return how to mend a value that is not allowed, empty if that is not clear."""
    value, text, kind = item.value, item.text.strip(), form.get("type")
    if value is None:
        return "give a value, or leave the line out"
    if isinstance(value, Unreadable):
        return value.hint
    if kind in ("integer", "number") and isinstance(value, str):
        return _number_hint(text, item.quoted, form)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return f"write {int(value)}" if abs(value) < 1e15 else ""
    if kind == "number" and number and form.get("maximum") == 1 and 1 < value <= 100:
        return f"a share, so {value:g} % is {value / 100:g}"
    if kind == "string" and not isinstance(value, (dict, list, str)):
        return "put it in quotes" if form.get("enum") is None else ""
    if kind == "string" and isinstance(value, dict):
        return "put a text with ': ' or brackets in quotes"
    if kind == "boolean" and isinstance(value, str):
        spelled = {"yes": "true", "on": "true", "no": "false", "off": "false"}
        meant = spelled.get(text.lower(), text.lower())
        if meant in ("true", "false"):
            return f"write {meant}" + (" without quotes" if item.quoted else "")
    if kind == "array" and isinstance(value, str):
        return f"write [{short(value)}]"
    return ""


def _number_hint(text: str, quoted: bool, form: Mapping[str, Any]) -> str:
    """Return how to mend a text that was meant as a number."""
    if re.fullmatch(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        return "leave out the quotes" if quoted else ""
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text) and not text.lstrip("+-").startswith(
        "0"
    ):
        whole = text.replace(",", "")
        if form.get("type") == "number" and text.count(",") == 1 and "." not in text:
            point = float(text.replace(",", "."))
            return f"use a decimal point ({point}), and no comma between thousands ({whole})"
        return f"write {whole}, without commas"
    if re.fullmatch(r"[-+]?\d*,\d+", text):
        return f"use a decimal point ({text.replace(',', '.')})"
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?", text):
        return f"write {text.replace('.', '').replace(',', '.')}, without points between thousands"
    if percent := re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*%", text):
        return f"write {float(percent[1].replace(',', '.')) / 100:g}"
    if amount := re.fullmatch(r"(?:€|eur|euro)?\s*(\d+(?:\.\d+)?)\s*(?:€|eur|euro)?", text.lower()):
        return f"write {amount[1]}, without a unit"
    return ""
