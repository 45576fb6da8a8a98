"""What the library says of a use case that a scenario only names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sim.errors import Problem, said
from sim.scenario.items import CASES, DEPARTMENTS, Item, Keys, item_of
from sim.scenario.library import read_use_cases
from sim.scenario.organisation import Organisation
from sim.scenario.schema import Scenario, UseCase
from sim.scenario.validation import touch
from sim.scenario.words import short, suggestion

NEEDED: Final = ("share", "saving")


def filled(tree: Item, left_out: Iterable[Keys] = (), whole: bool = True) -> list[Problem]:
    """Give the use cases of a tree that say too little what the library says of them, in place.

    One that gives its share and its saving is the scenario's own, and stays as it is.

    Parameters
    ----------
    tree
        What a scenario says; changed.
    left_out
        Paths of which a part is missing, so that nothing is said about them.
    whole
        Whether the tree is complete: without its parent nothing is missing.

    Returns
    -------
    list[Problem]
        The use cases that say too little and that the library does not know.
    """
    cases = tree.at(CASES)
    problems = []
    for name, item in cases.value.items() if cases and isinstance(cases.value, dict) else ():
        if not isinstance(item.value, dict) or all(field in item.value for field in NEEDED):
            continue
        usual = read_use_cases().get(name)
        keys = (*CASES, name)
        if usual is not None:
            for field in UseCase.model_fields:
                if field not in item.value:
                    written = item_of(getattr(usual, field), item.key)
                    item.value[field] = replace(written, usual=True)
        elif whole and not touch(keys, left_out):
            problems.append(_unknown(item, keys))
            item.reported = True
    return problems


def _unknown(item: Item, keys: Keys) -> Problem:
    """Return what is wrong with a use case that says too little and is not in the library."""
    missing = [field for field in NEEDED if field not in item.value]
    name = str(keys[-1])
    known = suggestion(name, read_use_cases())
    if len(missing) == 1:
        message = said(
            "'{field}' is missing, expected a number from 0 to 1: the library has no use case "
            "'{name}' to take it from{known}",
            field=missing[0],
            name=short(name),
            known=known,
        )
        return item.key.problem(message, (*keys, *missing))
    message = said(
        "there is no use case '{name}' in the library{known}; one of your own needs 'share' and "
        "'saving', from 0 to 1",
        name=short(name),
        known=known,
    )
    return item.key.problem(message, keys)


def suited(
    scenario: Scenario, tree: Item, left_out: Iterable[Keys] = ()
) -> tuple[Scenario, list[Problem]]:
    """Return a scenario whose use cases from the library are for the departments it has of those
    they usually suit, and the use cases that suit none.

    Parameters
    ----------
    scenario
        With the departments there are.
    tree
        What it says, after :func:`filled`.
    left_out
        Paths of which a part is missing.
    """
    cases, problems = dict(scenario.tool.use_cases), []
    for name, case in cases.items():
        item = tree.at((*CASES, name, "departments"))
        if item is None or not item.usual or case.departments is None:
            continue
        here = departments_for(case, scenario.organisation)
        cases[name] = case.model_copy(update={"departments": here})
        if not here and not touch(DEPARTMENTS, left_out):
            message = said(
                "no department here is one the library knows as usual for '{name}' ({listed}): say "
                "which with 'departments'",
                name=name,
                listed=", ".join(case.departments),
            )
            problems.append(item.key.problem(message, (*CASES, name)))
    tool = scenario.tool.model_copy(update={"use_cases": cases})
    return scenario.model_copy(update={"tool": tool}), problems


def departments_for(case: UseCase, organisation: Organisation) -> tuple[str, ...]:
    """Return the departments of an organisation among those of a use case, however they are spelled."""
    wanted = {_plain(department) for department in case.departments or ()}
    return tuple(name for name in organisation.departments if _plain(name) in wanted)


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
