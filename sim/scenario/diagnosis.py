"""Ten cards on culture and readiness: what is to be seen in an organisation, and what it sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import Field, ValidationError, model_validator

from sim.errors import Problem, ScenarioError, said
from sim.scenario.base import Form, wrong_at
from sim.scenario.catalogue import entries_of
from sim.scenario.folders import PerLibrary, library_folder
from sim.scenario.measure import Text
from sim.scenario.organisation import Organisation
from sim.scenario.words import short, suggestion

Level = Literal["weak", "fair", "strong"]
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
"""Answers to a card, in their order."""

USUAL: Final = "fair"
"""The answer that is the usual value, and changes nothing."""

Value = Annotated[int | float | str, Field(description="Value of the field")]


class Signs(Form):
    """What each answer looks like to somebody who walks in."""

    weak: Text
    fair: Text
    strong: Text


class Card(Form):
    """A question about an organisation, what the answers look like, and what they set."""

    title: Text
    question: Text
    at: Annotated[Signs, Field(description="What can be seen there")]
    field: Annotated[
        str, Field(max_length=80, description="What it sets, a path under organisation")
    ]
    weak: Value
    strong: Value

    @property
    def path(self) -> str:
        """Where the value stands in a scenario."""
        return f"organisation.{self.field}"

    @property
    def usual(self) -> Any:
        """The value of an organisation nothing is said of."""
        return value_at(Organisation(), self.field)

    def value(self, level: Level) -> Any:
        """Return the value that an answer sets."""
        return {"weak": self.weak, USUAL: self.usual, "strong": self.strong}[level]

    def level(self, organisation: Organisation) -> Level | None:
        """Return the answer an organisation has now; None where its value is that of no answer."""
        there = value_at(organisation, self.field)
        return next((level for level in LEVELS if self.value(level) == there), None)

    @model_validator(mode="after")
    def _sets_something(self) -> Self:
        try:
            usual = self.usual
        except AttributeError:
            message = said("an organisation has no field '{field}'", field=short(self.field))
            raise wrong_at(message, "field") from None
        for name in ("weak", "strong"):
            value = getattr(self, name)
            if value == usual:
                raise wrong_at(said("found the usual value, which is what fair is"), name)
            try:
                Organisation.model_validate(_nested(self.field, value))
            except ValidationError as error:
                raise wrong_at(
                    said("{field}: {message}", field=self.field, message=error.errors()[0]["msg"]),
                    name,
                ) from None
        return self


def value_at(organisation: Organisation, path: str) -> Any:
    """Return a value of an organisation by its dotted path.

    Raises
    ------
    AttributeError
        If there is none.
    """
    value: Any = organisation
    for part in path.split("."):
        if part not in getattr(type(value), "model_fields", {}):
            raise AttributeError(path)
        value = getattr(value, part)
    return value


def _nested(path: str, value: Any) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    return {first: _nested(rest, value) if rest else value}


@PerLibrary
def read_diagnosis() -> dict[str, Card]:
    """Return the cards by name, in their order.

    Raises
    ------
    ScenarioError
        With every problem in the file of cards; two cards may not set one field.
    """
    path = library_folder() / "diagnosis.yaml"
    cards = entries_of(path, Card)
    fields = [card.field for card in cards.values()]
    twice = {field for field in fields if fields.count(field) > 1}
    if twice:
        message = said("two cards set '{field}': leave one out", field=min(twice))
        raise ScenarioError([Problem(message, file=str(path))])
    return cards


def diagnosed(answers: Mapping[str, str]) -> dict[str, Any]:
    """Return what answers to the cards set in a scenario, by dotted path.

    Parameters
    ----------
    answers
        ``weak``, ``fair`` or ``strong`` by the name of a card; a card that is left out sets nothing.

    Raises
    ------
    ScenarioError
        With every answer that is none, and every card there is not.

    Examples
    --------
    >>> diagnosed({"errors": "strong", "say": "fair"})
    {'organisation.culture.error_tolerance': 0.7, 'organisation.culture.participation': 0.5}
    """
    cards, problems, values = read_diagnosis(), list[Problem](), dict[str, Any]()
    for name, answer in answers.items():
        level = next((level for level in LEVELS if level == str(answer).strip().casefold()), None)
        if name not in cards:
            message = said(
                "there is no card '{name}'{known}", name=short(name), known=suggestion(name, cards)
            )
            problems.append(Problem(message))
        elif level is None:
            message = said(
                "found '{found}', expected one of: {levels}",
                found=short(answer),
                levels=", ".join(LEVELS),
            )
            problems.append(Problem(message, name))
        else:
            values[cards[name].path] = cards[name].value(level)
    if problems:
        raise ScenarioError(problems)
    return values
