"""Whether the sections of a scenario fit together, when each value alone is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.errors import Problem, ScenarioError
from sim.files.catalogue import read_catalogue
from sim.files.forms import forms_of, scenario_form
from sim.files.items import DEPARTMENTS, Item, Keys
from sim.files.validation import sound, thousands, touch, validated
from sim.files.words import short, suggestion
from sim.measure import Measure
from sim.scenario import Deployment, Scenario


def checked_scenario(
    tree: Item,
    problems: Sequence[Problem] = (),
    left_out: Iterable[Keys] = (),
    *,
    whole: bool = True,
) -> Scenario:
    """Return the scenario a tree describes, or raise everything that is wrong with it."""
    forms = forms_of(catalogue=False)
    checked = validated(tree, scenario_form(), forms, left_out, whole=whole)
    found = [*problems, *checked.problems, *thousands(tree, forms)]
    if checked.value is not None and whole:
        try:
            found += _crossed(checked.value, tree, checked.left_out)
        except ScenarioError as error:
            found += error.problems
    return sound(checked.value, found)


def _crossed(scenario: Scenario, tree: Item, left_out: set[Keys]) -> list[Problem]:
    """Return what does not fit together in a scenario of which each value is allowed."""
    problems: list[Problem] = []
    last = scenario.simulation.months
    timed = not touch(("simulation", "months"), left_out)

    def say(message: str, *keys: str, at_key: bool = False) -> None:
        item = tree.nearest(keys)
        if not item.reported:
            problems.append((item.key if at_key else item.place).problem(message, keys))

    def in_time(month: int, *keys: str) -> None:
        if timed and month > last:
            say(f"found {month}, the simulation ends with month {last} (simulation.months)", *keys)

    in_time(scenario.tool.go_live, "tool", "go_live")
    catalogue = read_catalogue() if scenario.programme else {}
    for name, deployment in scenario.programme.items():
        where = ("programme", name)
        if deployment is None:
            item = tree.at(where)
            if item is not None and not item.replaces and name not in catalogue:
                there = [one for one, other in scenario.programme.items() if other is not None]
                say(
                    f"there is no deployment '{name}' to take away{suggestion(name, there)}",
                    *where,
                    at_key=True,
                )
            continue
        in_time(deployment.start, *where, "start")
        if not touch(DEPARTMENTS, left_out):
            for index, department in enumerate(deployment.audience.departments or ()):
                if department not in scenario.organisation.departments:
                    keys = (*where, "audience", "departments")
                    known = suggestion(department, scenario.organisation.departments)
                    place = tree.nearest((*keys, index)).place
                    problems.append(
                        place.problem(f"there is no department '{short(department)}'{known}", keys)
                    )
        if not touch((*where, "measure"), left_out):
            problems += _fits(deployment, name, tree, catalogue)
    return problems


def _fits(
    deployment: Deployment, name: str, tree: Item, catalogue: Mapping[str, Measure]
) -> list[Problem]:
    """Return what a deployment says that its measure does not know."""
    where: Keys = ("programme", name)
    chosen = deployment.measure or name
    measure = catalogue.get(chosen)
    if measure is None:
        known = suggestion(chosen, catalogue)
        if deployment.measure is not None:
            place, where = tree.nearest((*where, "measure")).place, (*where, "measure")
        else:
            place = tree.nearest(where).key
            known += "" if known.endswith("?") else ";"
            known += " a name of your own needs 'measure: …'"
        return [place.problem(f"there is no measure '{short(chosen)}'{known}", where)]
    problems = []
    for part, needs, fields in (
        ("appoints", "appoint people", ("share", "selection")),
        ("message", "have a message", ("format", "balance", "concreteness")),
    ):
        if getattr(measure, part) is not None:
            continue
        such = [key for key, one in catalogue.items() if getattr(one, part) is not None]
        named = f" ({', '.join(such)})" if 0 < len(such) <= 12 else ""
        for field in fields:
            if getattr(deployment, field) is not None:
                message = f"'{field}' is for measures that {needs}{named}, '{chosen}' does not"
                place = tree.nearest((*where, field)).key
                problems.append(place.problem(message, (*where, field)))
    return problems
