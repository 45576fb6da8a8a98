"""What a session is about: up to four strategies of one organisation. It fits in a link."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from pydantic import ValidationError

from analysis.languages import Language
from sim.errors import AdoptionError
from sim.files import read_scenario
from sim.imports import read_organisation
from sim.organisation import Department, Organisation
from sim.scenario import Scenario

MOST: Final = 4
"""Strategies beside each other."""

START: Final = ("baseline", "leadership", "champions")
"""What a new session compares."""

SHARED: Final = ("organisation", "tool", "simulation", "parameters", "rules", "privacy")
"""Sections that all strategies have in common: the same people, the same tool."""

LARGEST: Final = 200_000
"""Characters of a link that are unpacked, so that a small one cannot fill the memory."""


@dataclass(frozen=True)
class Setup:
    """Strategies of one organisation; the first is what the others are compared with.

    Attributes
    ----------
    scenarios
        One to four, with different names.
    """

    scenarios: tuple[Scenario, ...]

    @property
    def first(self) -> Scenario:
        """The strategy the others are compared with."""
        return self.scenarios[0]

    def changed(self, values: Mapping[str, Any]) -> Setup:
        """Return it with values of what all strategies share, by dotted path.

        Raises
        ------
        ScenarioError
            If a value is not allowed in one of them.
        """
        return Setup(tuple(one.changed(values) for one in self.scenarios))

    def with_organisation(self, organisation: Organisation) -> Setup:
        """Return it in another organisation.

        Raises
        ------
        ScenarioError
            If a strategy does not fit it: a measure for a department it does not have, say.
        """
        moved = [one.model_copy(update={"organisation": organisation}) for one in self.scenarios]
        # Changing anything reads the files it names, and checks the whole.
        return Setup(tuple(one.changed({"simulation.seed": one.simulation.seed}) for one in moved))

    def with_people(self, people: Path, ties: Path | None) -> Setup:
        """Return it with the people of a file, and their ties; work is as digital as on average.

        Raises
        ------
        AdoptionError
            If a file cannot be used, with file and line.
        """
        staff = read_organisation(people, ties)
        organisation = self.first.organisation.model_copy(
            update={
                "people": str(people),
                "ties": None if ties is None else str(ties),
                "departments": {name: Department() for name in staff.departments[1:]},
                "employees": len(staff.people),
                "content": None,
            }
        )
        return self.with_organisation(organisation)

    def with_strategy(self, place: int, scenario: Scenario) -> Setup:
        """Return it with another strategy in a place."""
        several = list(self.scenarios)
        several[place] = scenario
        return Setup(_distinct(several))

    def added(self, scenario: Scenario) -> Setup:
        """Return it with one more strategy, in the organisation of the others.

        Raises
        ------
        AdoptionError
            If there are as many as fit already.
        """
        if len(self.scenarios) == MOST:
            raise AdoptionError(f"expected at most {MOST} strategies")
        return Setup(_distinct([*self.scenarios, as_in(self.first, scenario)]))

    def without(self, place: int) -> Setup:
        """Return it without the strategy in a place; one always stays."""
        rest = tuple(one for number, one in enumerate(self.scenarios) if number != place)
        return Setup(rest or self.scenarios)

    @property
    def link(self) -> str:
        """What a link carries: the scenarios, packed into letters and digits."""
        several = [one.model_dump(mode="json", exclude_defaults=True) for one in self.scenarios]
        text = json.dumps(several, separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")

    @property
    def key(self) -> str:
        """What tells it from another: the same key, the same runs, told with the same names."""
        first = self.first.organisation.name
        told = [(one.name, one.label, one.question, one.fingerprint()) for one in self.scenarios]
        return json.dumps([first, self.first.simulation.seed, *told])


_given: dict[str, Any] = {"setup": None, "lang": "en"}
"""What the command that serves the page was given."""


def start_with(setup: Setup | None, lang: str) -> None:
    """Let new sessions be about this, in this language."""
    _given.update(setup=setup, lang=lang)


def spoken() -> str:
    """Return the language new sessions begin in."""
    return str(_given["lang"])


def new(words: Language) -> Setup:
    """Return what a new session is about: what it was started with, or shipped strategies."""
    if _given["setup"] is not None:
        return cast(Setup, _given["setup"])
    setup = Setup(tuple(shipped(name, words) for name in START))
    organisation = setup.first.organisation
    called = {
        "engineering": words._("engineering"), "production": words._("production"),
        "sales": words._("sales"), "service": words._("service"), "office": words._("office"),
    }  # fmt: skip
    departments = {called.get(name, name): one for name, one in organisation.departments.items()}
    changes = {"name": words._("Machine builder"), "departments": departments}
    return setup.with_organisation(organisation.model_copy(update=changes))


def shipped(name: str, words: Language) -> Scenario:
    """Return a shipped strategy, called as it is called in a language."""
    return read_scenario(name).changed({"title": titles(words)[name], "question": ""})


def titles(words: Language) -> dict[str, str]:
    """Return the shipped strategies to start from, by name, and what they are called."""
    return {
        "baseline": words._("Licences only"),
        "leadership": words._("Leaders' example"),
        "champions": words._("Champions"),
        "leadership-champions": words._("Leaders and champions"),
        "full-programme": words._("Full programme"),
        "continuous": words._("Spread over two years"),
        "front-loaded": words._("All in three months"),
        "training-heavy": words._("Courses above all"),
        "information-only": words._("Information only"),
        "participatory": words._("People take part"),
        "buddies": words._("Buddies"),
        "four-phases": words._("Four phases"),
        "technology-first": words._("Technology first"),
        "adaptive": words._("Acting on what shows"),
    }


def from_link(text: str) -> Setup:
    """Return what a link carries.

    Raises
    ------
    AdoptionError
        If it is cut short, or was made by another version.
    """
    try:
        packed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, LARGEST)
        if not unpacker.eof:
            raise ValueError("it is cut short, or too long")
        several = json.loads(content)
        if not 1 <= len(several) <= MOST:
            raise ValueError(f"found {len(several)} strategies, expected 1 to {MOST}")
        scenarios = [Scenario.model_validate_json(json.dumps(one)) for one in several]
    except (ValueError, TypeError, zlib.error, ValidationError) as error:
        raise AdoptionError("the link cannot be read: it is cut short or changed") from error
    if any(one.organisation.people for one in scenarios):
        raise AdoptionError("the link is about people from a file, which is not in it: upload it")
    return Setup(_distinct(scenarios))


def opened(files: Mapping[str, bytes], folder: Path) -> Setup:
    """Return what scenario files say, each a strategy, with the files they need beside them.

    Parameters
    ----------
    files
        Contents by name: scenarios (YAML) and perhaps files of people and ties (CSV).
    folder
        Where they are put, of this session only.

    Raises
    ------
    AdoptionError
        If there is no scenario among them, or one cannot be used; with file and line.
    """
    places = [written(folder, name, content) for name, content in files.items()]
    scenarios = [path for path in places if path.suffix.lower() in (".yaml", ".yml")]
    if not scenarios:
        raise AdoptionError("expected a scenario file (.yaml)")
    try:
        return from_scenarios([read_scenario(path) for path in scenarios])
    except AdoptionError as error:  # nobody needs to know where it lies here
        raise AdoptionError(str(error).replace(f"{folder}/", "")) from error


def from_scenarios(scenarios: Sequence[Scenario]) -> Setup:
    """Return scenarios as strategies, in the organisation of the first one.

    Raises
    ------
    AdoptionError
        If there are too many.
    """
    if not 1 <= len(scenarios) <= MOST:
        raise AdoptionError(f"found {len(scenarios)} scenarios, expected 1 to {MOST}")
    first = scenarios[0]
    return Setup(_distinct([first, *(as_in(first, one) for one in scenarios[1:])]))


def written(folder: Path, name: str, content: bytes) -> Path:
    """Write an uploaded file under its name, in the folder of a session."""
    path = folder / re.sub(r"[^\w.-]+", "_", Path(name).name).lstrip(".")
    path.write_bytes(content)
    return path


def as_in(other: Scenario, scenario: Scenario) -> Scenario:
    """Return a strategy in the organisation, with the tool, of another one."""
    return scenario.model_copy(update={section: getattr(other, section) for section in SHARED})


def _distinct(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return scenarios with names and titles that tell them apart."""
    found: list[Scenario] = []
    for one in scenarios:
        name, title, number = one.name or "strategy", one.label, 2
        while name in {other.name for other in found}:
            name, number = f"{one.name}-{number}", number + 1
        if title in {other.label for other in found}:
            title = f"{title} ({number - 1 if number > 2 else 2})"
        found.append(one.model_copy(update={"name": name, "title": title}))
    return tuple(found)
