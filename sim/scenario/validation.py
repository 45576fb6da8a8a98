"""What is wrong in a tree of items: every problem of it, each where it has to be mended."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from sim.errors import Problem, ScenarioError, invisible, said
from sim.scenario.allowed import Forms, allowed, mending
from sim.scenario.items import DEPARTMENTS, PROGRAMME, Item, Keys, Place, described
from sim.scenario.words import closest, short, suggestion

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Value = TypeVar("Value")
MOST_PROBLEMS = 100


class Checked(NamedTuple, Generic[Value]):
    """What validation gave: the value made of all that is right, and what is wrong."""

    value: Value | None
    problems: list[Problem]
    left_out: set[Keys]


def touch(keys: Keys, others: Iterable[Keys]) -> bool:
    """Return whether a path lies on, above or below one of the others."""
    return any(keys[: len(other)] == other[: len(keys)] for other in others)


def validated(
    tree: Item,
    form: TypeAdapter[Value],
    forms: Forms,
    left_out: Iterable[Keys] = (),
    *,
    whole: bool = True,
) -> Checked[Value]:
    """Validate a tree; leave out what is wrong and go on, so that every problem is found.

    Parameters
    ----------
    tree
        What was written.
    form, forms
        What is allowed.
    left_out
        Paths of which a part is missing already, so that nothing more is said about them.
    whole
        Whether the tree is complete: without its parent nothing is missing.
    """
    content = tree.plain()
    problems: list[Problem] = []
    out = set(left_out)
    for _ in range(20):
        try:
            return Checked(form.validate_python(content), problems, out)
        except ValidationError as error:
            wrong: set[Keys] = set()
            for detail in error.errors(include_url=False):
                keys: Keys = tuple(detail["loc"])
                about_the_whole = detail["type"] in (
                    "missing",
                    "value_error",
                    "wrong_at",
                    "too_short",
                )
                if detail["type"] == "value_error" and keys == DEPARTMENTS[:1]:
                    keys = DEPARTMENTS
                known = about_the_whole and (not whole or touch(keys, out))
                if not known and len(problems) <= MOST_PROBLEMS:
                    problems += _explained(detail, keys, tree, forms)
                if keys[-1:] == ("[key]",) or detail["type"] == "missing":
                    keys = keys[:-2] + keys[-2:-1]
                wrong.add(
                    tuple(
                        keys[
                            : next((i for i, k in enumerate(keys) if k.__class__ is int), len(keys))
                        ]
                    )
                )
            out |= wrong
            if len(problems) > MOST_PROBLEMS:
                break
            for keys in wrong:
                _remove(content, keys)
    return Checked(None, problems, out)


def _remove(content: Any, keys: Keys) -> None:
    """Take what is at a path out of nested mappings."""
    for key in keys[:-1]:
        content = content.get(key) if isinstance(content, dict) else None
    if keys and isinstance(content, dict):
        content.pop(keys[-1], None)


def _explained(error: ErrorDetails, keys: Keys, tree: Item, forms: Forms) -> list[Problem]:
    """Return one error of validation as a problem that can be mended."""
    item = tree.nearest(keys)
    if item.reported:
        return []
    if error["type"] == "wrong_at":
        keys = (*keys, *error["ctx"]["at"])
        return [tree.nearest(keys).key.problem(error["ctx"]["told"], keys)]
    if isinstance(item.value, str) and (why := invisible(item.value)):  # half a sign is no text
        return [item.place.problem(why, keys)]
    if error["type"] == "value_error":
        return [_blamed(item).problem(error["ctx"]["error"].args[0], keys)]
    if error["type"] == "missing":
        expected = allowed(forms.at(keys), forms)
        message = said(
            "'{found}' is missing, expected {expected}", found=keys[-1], expected=expected
        )
        return [item.key.problem(message, keys)]
    if error["type"] == "extra_forbidden":
        return [item.key.problem(_unknown(keys, forms), keys)]
    if keys[-1:] == ("[key]",):
        return [tree.nearest(keys[:-1]).key.problem(_misnamed(str(keys[-2])), keys[:-1])]
    return [item.place.problem(_unfit(error["type"], item, keys, forms), keys)]


def _unknown(keys: Keys, forms: Forms) -> str:
    """Return what is said of a field there is not."""
    name = str(keys[-1])
    fields = forms.fields(keys[:-1])
    elsewhere = [] if closest(name, fields) else forms.places_of(name)
    if len(elsewhere) == 1:
        advice: str = said("; did you mean '{found}'?", found=elsewhere[0])
    else:
        top = len(keys) == 1 and PROGRAMME[0] in fields
        advice = suggestion(name, fields + ["extends"] * top)
    return said("there is no field '{name}'{advice}", name=short(name), advice=advice)


def _misnamed(name: str) -> str:
    """Return what is said of a name of one's own that is not spelled as names are."""
    spelled = re.sub(r"[^a-z0-9]+", "_", name.lower()).lstrip("_0123456789").rstrip("_")[:60]
    example = said(", such as '{spelled}'", spelled=spelled) if spelled and spelled != name else ""
    return said(
        "found the name '{name}', expected small letters, digits, '-' and '_', a letter first, at most 60{example}",
        name=short(name),
        example=example,
    )


def _unfit(kind: str, item: Item, keys: Keys, forms: Forms) -> str:
    """Return what is said of a value that is not allowed where it stands."""
    form, _ = forms.resolved(forms.at(keys))
    value = described(item)
    if kind == "too_short" and isinstance(item.value, (dict, list)):
        what = said("entry") if isinstance(item.value, dict) else said("item")
        return said("found {found}, expected at least one {what}", found=value, what=what)
    if kind in ("string_too_long", "string_too_short"):
        value = said("a text of {number:,} characters", number=len(item.value))
    elif isinstance(item.value, str) and (hint := mending(item, form)).startswith("use a decimal"):
        return said("found {text}: {hint}", text=short(item.text), hint=hint)
    message = said(
        "found {found}, expected {allowed}", found=value, allowed=allowed(forms.at(keys), forms)
    )
    if kind == "literal_error" and isinstance(item.value, str):
        near = closest(item.value, form.get("enum", ()))
        return message + (said("; did you mean '{near}'?", near=near) if near else "")
    hint = mending(item, form)
    return message + said(": {hint}", hint=hint) if hint else message


def _blamed(item: Item) -> Place:
    """Return where shares that do not add up stand: the option that changed one, else their key."""
    entries: list[Item] = list(item.value.values()) if isinstance(item.value, dict) else []
    for entry in entries:
        for field in (entry, entry.at(("share",))):
            if field is not None and not field.place.line and field.place.file:
                return field.place
    return item.key


def thousands(tree: Item, forms: Forms, keys: Keys = ()) -> list[Problem]:
    """Return the amounts written as 120.500, which YAML reads as 120.5 and people may mean otherwise.

    Looked at are numbers that may be a thousand or more and that somebody wrote: a number of Python's
    is what it is.
    """
    if isinstance(tree.value, dict):
        return [
            thousand
            for name, item in tree.value.items()
            for thousand in thousands(item, forms, (*keys, name))
        ]
    if not tree.place.file:
        return []
    if not (isinstance(tree.value, float) and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", tree.text)):
        return []
    form = forms.resolved(forms.at(keys))[0]
    if form.get("type") == "integer" or form.get("maximum", 0.0) < 1000.0:
        return []  # of a whole number it is said what is wrong already
    whole = tree.text.replace(".", "")
    plain = f"{tree.value:g}"
    message = said(
        "found {text}, which is read as {value:g}: write {whole} or {plain}",
        text=tree.text,
        value=tree.value,
        whole=whole,
        plain=plain if plain != tree.text else f"{plain}0",  # or there would be no way to say so
    )
    return [tree.place.problem(message, keys)]


def raise_if_any(problems: Iterable[Problem]) -> None:
    """Raise all problems: those of files in the order of reading, by place, then of options."""
    listed = list(dict.fromkeys(problems))
    files = list(dict.fromkeys(problem.file for problem in listed))
    order = {file: (file.startswith("--set "), number) for number, file in enumerate(files)}
    listed.sort(
        key=lambda problem: (order[problem.file], problem.line, problem.column, problem.path)
    )
    if len(listed) > MOST_PROBLEMS:
        listed = [*listed[:MOST_PROBLEMS], Problem(said("and more problems after these"))]
    if listed:
        raise ScenarioError(listed)


def sound(value: Value | None, problems: Iterable[Problem]) -> Value:
    """Return a value without problems."""
    raise_if_any(problems)
    if value is None:
        raise ScenarioError([Problem(said("too much is wrong here to say what"))])
    return value
