"""What a session is about: up to four strategies of one organisation. It fits in a link."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from analysis.app import limits
from analysis.app.organisation.tiles import tiles
from analysis.results.colours import PALETTE, REFERENCE
from analysis.words.languages import ENGLISH, Language
from sim.errors import AdoptionError, ScenarioError, said
from sim.scenario import read_scenario, scenario_of
from sim.scenario.imports import pared, read_organisation
from sim.scenario.organisation import Department, Organisation
from sim.scenario.schema import Scenario
from sim.scenario.words import short
from sim.scenario.writing import scenario_values

MOST: Final = 4
"""Strategies beside each other."""

START: Final = ("baseline", "leadership", "champions")
"""What a new session compares."""

SHARED: Final = ("organisation", "tool", "simulation", "parameters", "rules", "privacy")
"""Sections that all strategies have in common: the same people, the same tool."""

ROLLOUT: Final = ("go_live", "phases")
"""Of the tool, what each strategy has of its own: who gets it, and when. Prices are everybody's."""

LARGEST: Final = 200_000
"""Characters of a link that are unpacked, so that a small one cannot fill the memory."""

UNPACKED: Final = 100_000_000
"""Bytes of an uploaded workbook once it is unpacked."""

MOST_FILES: Final = 20
"""Files a session holds."""

LONGEST: Final = 240
"""Bytes of the name of a file: what every computer can store. A letter has up to four."""

FORBIDDEN: Final = frozenset('/\\:*?"<>|')
"""Letters in the name of a file that some computer takes for something else."""

RESERVED: Final = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(1, 10))]
)
"""Names that are devices on some computers."""


@dataclass(frozen=True)
class Setup:
    """Strategies of one organisation; the first is what the others are compared with.

    Attributes
    ----------
    scenarios
        One to four, with different names.

    Raises
    ------
    AdoptionError
        If it is larger than a page computes; nothing is simulated for it.
    """

    scenarios: tuple[Scenario, ...]

    def __post_init__(self) -> None:
        limits.check(self.scenarios)

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
        return Setup(tuple(scenario.changed(values) for scenario in self.scenarios))

    def with_organisation(self, organisation: Organisation) -> Setup:
        """Return it in another organisation.

        Raises
        ------
        ScenarioError
            If a strategy does not fit it: a measure for a department it does not have, say.
        """
        moved = [
            scenario.model_copy(update={"organisation": organisation})
            for scenario in self.scenarios
        ]
        return Setup(tuple(_checked(scenario) for scenario in moved))

    def elsewhere(self, organisation: Organisation) -> Setup:
        """Return it in an organisation with other departments: what named the old ones goes.

        Raises
        ------
        ScenarioError
            If a strategy has a measure for a department that is not there any more.
        """
        if isinstance(organisation.already_using, dict):
            names = {*organisation.departments, "management"}
            there = {k: v for k, v in organisation.already_using.items() if k in names}
            organisation = organisation.model_copy(update={"already_using": there or 0.0})
        tool = self.first.tool.model_copy(update={"phases": (), "use_cases": {}})
        moved = [
            scenario.model_copy(update={"organisation": organisation, "tool": tool})
            for scenario in self.scenarios
        ]
        return Setup(tuple(_checked(scenario) for scenario in moved))

    def with_people(
        self, people: Path, ties: Path | None, columns: Mapping[str, str] | None = None
    ) -> Setup:
        """Return it with the people of a file, and their ties; work is as digital as on average.

        Of the file only what was read is left: names, and whatever else is not needed, go at once.

        Parameters
        ----------
        people, ties
            The files.
        columns
            What a column is by hand; see :func:`sim.scenario.imports.read_organisation`.

        Raises
        ------
        AdoptionError
            If a file cannot be used, with file and line.
        """
        staff = read_organisation(people, ties, columns=columns)
        organisation = self.first.organisation.model_copy(
            update={
                "people": str(people),
                "ties": None if ties is None else str(ties),
                "columns": dict(columns) if columns else None,
                "departments": {name: Department() for name in staff.departments[1:]},
                "employees": len(staff.people),
                "content": None,
            }
        )
        return _bare(self.elsewhere(organisation))

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
            raise AdoptionError(said("expected at most {most} strategies", most=MOST))
        return Setup(_distinct([*self.scenarios, as_in(self.first, scenario)]))

    def without(self, place: int) -> Setup:
        """Return it without the strategy in a place; one always stays."""
        rest = tuple(scenario for number, scenario in enumerate(self.scenarios) if number != place)
        return Setup(rest or self.scenarios)

    def moved(self, place: int, by: int) -> Setup:
        """Return it with the strategy in a place some places further on, as far as there is room."""
        several = list(self.scenarios)
        several.insert(max(0, min(len(several) - 1, place + by)), several.pop(place))
        return Setup(tuple(several))

    @property
    def link(self) -> str:
        """What a link carries: the scenarios, packed into letters and digits."""
        several = [
            scenario.model_dump(mode="json", exclude_defaults=True) for scenario in self.scenarios
        ]
        text = json.dumps(several, separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")

    @cached_property
    def key(self) -> str:
        """What tells it from another: the same key, the same runs, told with the same names."""
        first = self.first.organisation.name
        organisations = [
            (scenario.name, scenario.label, scenario.question, scenario.fingerprint())
            for scenario in self.scenarios
        ]
        return json.dumps([first, self.first.simulation.seed, *organisations])


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
    return setup.with_organisation(tiles(words)[0].organisation)


def shipped(name: str, words: Language) -> Scenario:
    """Return a shipped strategy, called as it is called in a language."""
    return read_scenario(name).changed({"title": titles(words)[name], "question": ""})


def origin(scenario: Scenario) -> str | None:
    """Return the shipped strategy that one was made from, by its name; None if it is of a file.

    Examples
    --------
    >>> import sim
    >>> origin(sim.load("champions").changed({"name": "champions-2"}))
    'champions'
    """
    name = re.sub(r"(-\d+)+$", "", scenario.name)
    return name if name in titles(ENGLISH) else None


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
        "on-request": words._("Licences on request"),
        "waves-licences": words._("Licences only, in waves"),
        "waves": words._("Full programme, in waves"),
        "mistake-none": words._("No mistake"),
        "mistake-technology-first": words._("Technology before benefit"),
        "mistake-late-start": words._("Change work starts late"),
        "mistake-little-training": words._("Too little training"),
        "mistake-not-asked": words._("Departments not asked"),
        "mistake-nothing-after": words._("Nothing after go-live"),
        "mistake-promised-too-much": words._("Promised too much"),
    }


def from_link(text: str) -> Setup:
    """Return what a link carries.

    Raises
    ------
    AdoptionError
        If it is cut short, says what no file may say, or is larger than a page computes.
    """
    several = _unpacked(text)
    if not isinstance(several, list) or not 1 <= len(several) <= MOST:
        raise AdoptionError(
            said("the link cannot be read: expected 1 to {most} strategies", most=MOST)
        )
    scenarios = []
    for number, written in enumerate(several, start=1):
        called = said("the link, strategy {number}", number=number)
        if not isinstance(written, dict):
            raise AdoptionError(
                said("{called}: expected the sections of a scenario", called=called)
            )
        scenarios.append(scenario_of(written, called))
    return Setup(
        _distinct([scenarios[0], *(as_in(scenarios[0], scenario) for scenario in scenarios[1:])])
    )


def _unpacked(text: str) -> Any:
    """Return the values in a link, or raise AdoptionError; a small one cannot fill the memory."""
    try:
        if len(text) > LARGEST:
            raise ValueError("it is too long")
        packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        unpacker = zlib.decompressobj()
        content = unpacker.decompress(packed, LARGEST)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError("it is cut short, or too long")
        return json.loads(content, object_pairs_hook=_each_once)
    except (ValueError, zlib.error, RecursionError) as error:
        raise AdoptionError(said("the link cannot be read: it is cut short or changed")) from error


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the entries of a mapping in which each name stands once."""
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a name is given twice")
    return content


def opened(places: Sequence[Path]) -> Setup:
    """Return what scenario files say, each a strategy, with the files they need beside them.

    Parameters
    ----------
    places
        Scenarios (YAML) and perhaps files of people and ties (CSV), in one folder. No scenario can
        name a file outside it.

    Raises
    ------
    AdoptionError
        If there is no scenario among them, or one cannot be used; with file and line.
    """
    scenarios = [path for path in places if path.suffix.lower() in (".yaml", ".yml")]
    if not scenarios:
        raise AdoptionError(said("expected a scenario file (.yaml)"))
    _at_most(len(scenarios))
    return _bare(from_scenarios([read_scenario(path, within=path.parent) for path in scenarios]))


def _bare(setup: Setup) -> Setup:
    """Take out of a session's file of people what was not read of it, if the rest is the same."""
    organisation = setup.first.organisation
    if organisation.people is None:
        return setup
    people = Path(organisation.people)
    ties = None if organisation.ties is None else Path(organisation.ties)
    content = pared(people, organisation.columns)
    if content is None:
        return setup
    draft = people.with_name(f"~{people.name}")
    draft.write_bytes(content)
    try:
        same = read_organisation(draft, ties, columns=organisation.columns).digest
        if same == organisation.content:
            draft.replace(people)
    except ScenarioError:  # then the file stays as it came
        pass
    finally:
        draft.unlink(missing_ok=True)
    return setup


def _at_most(number: int) -> None:
    if not 1 <= number <= MOST:
        raise AdoptionError(
            said("found {number:,} scenarios, expected 1 to {most}", number=number, most=MOST)
        )


def from_scenarios(scenarios: Sequence[Scenario]) -> Setup:
    """Return scenarios as strategies, in the organisation of the first one.

    Raises
    ------
    AdoptionError
        If there are too many.
    """
    _at_most(len(scenarios))
    first = scenarios[0]
    return Setup(_distinct([first, *(as_in(first, scenario) for scenario in scenarios[1:])]))


def written(folder: Path, files: Sequence[tuple[str, bytes]]) -> list[Path]:
    """Write uploaded files under their own names into a folder of their own.

    What the session opened before lies beside them, so that a scenario can be opened after the files
    it names; what is open already stays as it was read, whatever is uploaded after it.

    Parameters
    ----------
    folder
        Folder of the session; each upload has the next folder in it.
    files
        Names and contents.

    Returns
    -------
    list of pathlib.Path
        Where they are, in the same order.

    Raises
    ------
    AdoptionError
        If a name cannot be the name of a file everywhere, or two files have one name.
    """
    names = [plain_name(name) for name, _ in files]
    for name, (_, content) in zip(names, files, strict=True):
        _unpacks_small(name, content)
    alike = [name.casefold() for name in names]
    for name, spelled in zip(names, alike, strict=True):
        if alike.count(spelled) > 1:
            raise AdoptionError(
                said("two files are called '{name}': give one of them another name", name=name)
            )
    earlier = len(list(folder.iterdir()))
    here = folder / str(earlier + 1)
    if earlier:
        shutil.copytree(folder / str(earlier), here, copy_function=os.link)
    else:
        here.mkdir()
    for old in [*here.iterdir()]:
        if old.name.casefold() in alike:
            old.unlink()
    if len(list(here.iterdir())) + len(files) > MOST_FILES + 1:  # with the salt of the pseudonyms
        shutil.rmtree(here)
        raise AdoptionError(
            said("more than {most} files: load this page anew to begin again", most=MOST_FILES)
        )
    places = [here / name for name in names]
    for place, (_, content) in zip(places, files, strict=True):
        place.write_bytes(content)
    return places


def _unpacks_small(name: str, content: bytes) -> None:
    """Raise AdoptionError for a workbook that fills the memory when it is unpacked."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > UNPACKED:
        raise AdoptionError(
            said(
                "{name}: unpacks to more than {most} MB; save the list of people as CSV UTF-8",
                name=short(name),
                most=UNPACKED // 1_000_000,
            )
        )


def plain_name(name: str) -> str:
    r"""Return the name of an uploaded file without folders, or raise what is wrong with it.

    Examples
    --------
    >>> plain_name(r"C:\Staff\people 2026.csv")
    'people 2026.csv'
    """
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2]).strip()
    if len(plain.encode("utf-8", "replace")) > LONGEST:
        raise AdoptionError(
            said(
                "a file has a name of {number:,} characters, too many for some computers: give it "
                "one of at most {most}",
                number=len(plain),
                most=LONGEST // 4,
            )
        )
    odd = FORBIDDEN & set(plain) or not plain.isprintable() or plain[:1] in ("", ".", "~")
    if odd or plain.partition(".")[0].strip().casefold() in RESERVED or plain.endswith("."):
        raise AdoptionError(
            said(
                "'{name}' cannot be the name of a file on every computer: give it another name, of "
                "letters and digits",
                name=short(plain),
            )
        )
    return plain


def colour_of(place: int) -> str:
    """Return the colour a strategy has in every picture."""
    return REFERENCE if place == 0 else PALETTE[(place - 1) % len(PALETTE)]


def as_files(setup: Setup) -> list[list[Any]]:
    """Return strategies as JSON can hold them, each with its name; files are named, not included."""
    return [[scenario.name, scenario_values(scenario)] for scenario in setup.scenarios]


def from_files(strategies: Sequence[Sequence[Any]], folder: Path) -> Setup:
    """Return strategies as :func:`as_files` wrote them, with the files that lie in a session's folder.

    Raises
    ------
    AdoptionError
        If one cannot be used, or a file it names is not there.
    """
    files = [
        (f"{name}.yaml", json.dumps(values, ensure_ascii=False).encode())
        for name, values in strategies
    ]
    return opened(written(folder, files))


def files_of(strategies: Sequence[Sequence[Any]]) -> list[str]:
    """Return the files that strategies name, of people and of ties, as :func:`as_files` wrote them."""
    names = [
        values.get("organisation", {}).get(name)
        for _, values in strategies
        for name in ("people", "ties")
    ]
    return list(dict.fromkeys(str(name) for name in names if name))


def as_in(other: Scenario, scenario: Scenario) -> Scenario:
    """Return a strategy in the organisation, with the tool, of another one; its roll-out stays its own.

    Raises
    ------
    ScenarioError
        If it does not fit there: a measure for a department that one does not have, say.
    """
    shared = {section: getattr(other, section) for section in SHARED}
    rollout = {field: getattr(scenario.tool, field) for field in ROLLOUT}
    shared["tool"] = other.tool.model_copy(update=rollout)
    return _checked(scenario.model_copy(update=shared))


def _checked(scenario: Scenario) -> Scenario:
    """Return a scenario read and checked anew, its mistakes under its own title."""
    try:
        return scenario.changed({"simulation.seed": scenario.simulation.seed})
    except ScenarioError as error:
        raise ScenarioError(
            [replace(problem, file=problem.file or scenario.label) for problem in error.problems]
        ) from error


def _distinct(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return scenarios with names and titles that tell them apart."""
    distinct: list[Scenario] = []
    for scenario in scenarios:
        name, title, number = scenario.name or "strategy", scenario.label, 2
        while name in {other.name for other in distinct}:
            name, number = f"{scenario.name}-{number}", number + 1
        if title in {other.label for other in distinct}:
            title = f"{title} ({number - 1 if number > 2 else 2})"
        distinct.append(scenario.model_copy(update={"name": name, "title": title}))
    return tuple(distinct)
