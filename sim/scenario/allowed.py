"""What is allowed at each path, and how that is said: in words, with a hint where one helps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from sim.errors import said
from sim.scenario.items import Item, Keys, Unreadable
from sim.scenario.schema import Scenario
from sim.scenario.words import short


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
                nullable |= any(choice.get("type") == "null" for choice in form["anyOf"])
                described = form.get("description", "")
                form = next(choice for choice in form["anyOf"] if choice.get("type") != "null")
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
    if float(number).is_integer():
        return said("{number:,}", number=int(number))
    return f"{number:g}"


def _range(form: Mapping[str, Any]) -> str:
    """Return the allowed range of a number, in words."""
    low, above = form.get("minimum"), form.get("exclusiveMinimum")
    high, below = form.get("maximum"), form.get("exclusiveMaximum")
    if above is None and below is None and low is not None and high is not None:
        return said(" from {low} to {high}", low=_digits(low), high=_digits(high))
    first = second = ""
    if above is not None:
        first = said("above {end}", end=_digits(above))
    elif low is not None:
        first = said("of at least {end}", end=_digits(low))
    if below is not None:
        second = said("below {end}", end=_digits(below))
    elif high is not None:
        second = said("of at most {end}", end=_digits(high))
    if first and second:
        return said(" {first} and {second}", first=first, second=second)
    return said(" {end}", end=first or second) if first or second else ""


def allowed(form: Mapping[str, Any], forms: Forms) -> str:
    """Return what a form allows, in words."""
    form, nullable = forms.resolved(form)
    end = said(", or null") if nullable else ""
    choices = form.get("enum") or ([form["const"]] if "const" in form else None)
    if choices:
        return said("one of: {listed}{end}", listed=", ".join(map(str, choices)), end=end)
    kind = form.get("type")
    if kind == "integer":
        return said("a whole number{range}{end}", range=_range(form), end=end)
    if kind == "number":
        return said("a number{range}{end}", range=_range(form), end=end)
    if kind == "boolean":
        return said("true or false{end}", end=end)
    if kind == "array":
        return said("a list, such as [one, two]{end}", end=end)
    if kind == "string":
        most, least = form.get("maxLength"), form.get("minLength")
        length = said(" of at most {most} characters", most=most) if most else ""
        length += said(" of at least {least} characters", least=least) if least else ""
        return said("a text{length}{end}", length=length, end=end)
    fields = list(form.get("properties", {}))
    inside = said(" with {listed}", listed=", ".join(fields)) if 0 < len(fields) <= 12 else ""
    return said("a mapping (lines of 'name: value'){inside}{end}", inside=inside, end=end)


def mending(item: Item, form: Mapping[str, Any]) -> str:
    """Return how to mend a value that is not allowed, empty if that is not clear."""
    value, text, kind = item.value, item.text.strip(), form.get("type")
    if value is None:
        return said("give a value, or leave the line out")
    if isinstance(value, Unreadable):
        return value.hint
    if kind in ("integer", "number") and isinstance(value, str):
        return _number_hint(text, item.quoted, form)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        if re.fullmatch(r"[1-9]\d{0,2}\.000", text):
            return said("write {whole} or {found}", whole=text.replace(".", ""), found=int(value))
        return said("write {found}", found=int(value)) if abs(value) < 1e15 else ""
    if kind == "number" and number and form.get("maximum") == 1 and 1 < value <= 100:
        return said("a share, so {value:g} % is {number:g}", value=value, number=value / 100)
    if kind == "string" and not isinstance(value, (dict, list, str)):
        return said("put it in quotes") if form.get("enum") is None else ""
    if kind == "string" and isinstance(value, dict):
        return said("put a text with ': ' or brackets in quotes")
    if kind == "boolean" and isinstance(value, str):
        spelled = {"yes": "true", "on": "true", "no": "false", "off": "false"}
        meant = spelled.get(text.lower(), text.lower())
        if meant in ("true", "false"):
            return (
                said("write {found} without quotes", found=meant)
                if item.quoted
                else said("write {found}", found=meant)
            )
    if kind == "array" and isinstance(value, str):
        return said("write [{value}]", value=short(value))
    return ""


def _number_hint(text: str, quoted: bool, form: Mapping[str, Any]) -> str:
    """Return how to mend a text that was meant as a number."""
    if re.fullmatch(r"[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?", text):
        return said("leave out the quotes") if quoted else ""
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text) and not text.lstrip("+-").startswith(
        "0"
    ):
        whole = text.replace(",", "")
        if form.get("type") == "number" and text.count(",") == 1 and "." not in text:
            point = float(text.replace(",", "."))
            return said(
                "use a decimal point ({point}), and no comma between thousands ({whole})",
                point=point,
                whole=whole,
            )
        return said("write {whole}, without commas", whole=whole)
    if re.fullmatch(r"[-+]?\d*,\d+", text):
        return said("use a decimal point ({found})", found=text.replace(",", "."))
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?", text):
        return said(
            "write {found}, without points between thousands",
            found=text.replace(".", "").replace(",", "."),
        )
    if percent := re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*%", text):
        return said("write {number:g}", number=float(percent[1].replace(",", ".")) / 100)
    if amount := re.fullmatch(r"(?:€|eur|euro)?\s*(\d+(?:\.\d+)?)\s*(?:€|eur|euro)?", text.lower()):
        return said("write {found}, without a unit", found=amount[1])
    return ""
