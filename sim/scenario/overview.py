"""What scenarios there are, each with its question: read off their lines, and no scenario is made."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from sim.scenario.folders import found_file, scenario_folders, text_of

COMMENT: Final = re.compile(r"(?<!\S)#.*")
SECTION: Final = re.compile(r"^(?=\S)", re.MULTILINE)
NAME: Final = re.compile(r"([a-z_]+):\s")
USUAL: Final = {
    "extends": re.compile(r"extends: ([A-Za-z][\w-]*)\s*"),
    "question": re.compile(r"question: ([A-Za-z][^\s:#]*(?: [^\s:#]+)+)\s*"),
    "organisation": re.compile(
        r"organisation:\s*?(?=\n  \S)(?:\n  (?!people\b|<<)\S[^\"'\n]*|\n   [^\"'\n]*|\n *)*"
    ),
}
"""How what a list tells is usually written: texts of several words, without signs of YAML."""
EMPLOYEES: Final = re.compile(r"^  employees: (.*?) *$", re.MULTILINE)


class Told(NamedTuple):
    """What a list tells of a scenario."""

    scenario: str
    people: int
    question: str


def overview() -> list[Told]:
    """Return what there is to choose from: one's own scenarios and the shipped ones, by name.

    A file that is written otherwise than usual is read in full. Whether the others can be used is
    not looked at.

    Raises
    ------
    ScenarioError
        With every problem of a file that is read in full and cannot be used.
    """
    folders = reversed(scenario_folders())
    files = {path.stem: path for folder in folders for path in folder.glob("*.yaml")}
    return [Told(name, *_told(files[name])) for name in sorted(files)]


def _told(file: Path) -> tuple[int, str]:
    """Return how many people and which question a file has."""
    try:
        return read_off(file)
    except ValueError:
        from sim.scenario.reading import read_scenario

        scenario = read_scenario(file)
        return scenario.organisation.employees, scenario.question


def read_off(file: Path) -> tuple[int, str]:
    """Return the people and the question of a file.

    Raises
    ------
    ValueError
        If they, or what the file extends, are written otherwise than usual.
    """
    chain, said = [file], [_said(file)]
    while "extends" in said[-1]:
        here = chain[-1]
        file = found_file(said[-1]["extends"], [here.parent, *scenario_folders()], asking=here)
        if file in chain:
            raise ValueError("circular")
        chain.append(file)
        said.append(_said(file))
    people = [section["organisation"] for section in said if "organisation" in section]
    return int(people[0] if people else ""), said[0].get("question", "")


def _said(file: Path) -> dict[str, str]:
    """Return what a file says itself of what a list tells."""
    text = COMMENT.sub("", text_of(file).replace("\r\n", "\n") + "\n")
    before, *sections = SECTION.split(text)
    names = [match and match[1] for match in map(NAME.match, sections)]
    if before.strip() or None in names or len(set(names)) < len(names):
        raise ValueError("sections")
    said = {}
    for name, section in zip(names, sections, strict=True):
        if name in USUAL:
            usual = USUAL[name].fullmatch(section)
            if usual is None or not section.replace("\n", "").isprintable():
                raise ValueError(name)
            match = EMPLOYEES.search(section) if name == "organisation" else usual
            if match is not None:
                said[name] = match[1]
    return said
