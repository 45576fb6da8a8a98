"""Which threats a person feels: ten statements, and what agreeing with each of them says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sim.engine.kinds import Array
from sim.scenario.folders import PerLibrary, library_folder
from sim.scenario.imports.columns import ITEMS
from sim.scenario.library import read_archetypes
from sim.state import NOBODY, THREATS

MOST: Final = 5
"""Answers go from 1, fully disagree, to this, fully agree."""


class Item(NamedTuple):
    """A statement: the threat it speaks of, whether agreeing denies it, its wording."""

    threat: int
    reversed: bool
    text: Mapping[str, str]


class Questionnaire(NamedTuple):
    """Ten statements with an introduction and the words of the scale, in Dutch and English."""

    introduction: Mapping[str, str]
    scale: Mapping[str, Sequence[str]]
    items: Mapping[str, Item]


@PerLibrary
def questionnaire() -> Questionnaire:
    """Return the shipped questionnaire."""
    from ruamel.yaml import YAML

    path = library_folder() / "questionnaire.yaml"
    content: dict[str, Any] = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    items = {
        name: Item(
            THREATS.index(item["threat"]),
            item.get("reversed", False),
            {language: item[language] for language in ("nl", "en")},
        )
        for name, item in content["items"].items()
    }
    return Questionnaire(content["introduction"], content["scale"], items)


def threats_of(answers: Mapping[str, Array]) -> Array:
    """Return the four threats that answers speak of [people, threats; 0 to 1], as THREATS has them.

    A statement scores (answer - 1) / 4, a reversed one what is left of 1; a threat is the mean
    of its statements that were answered, and not a number if none was.

    Parameters
    ----------
    answers
        Answers to each statement [people], not a number where it was left open.

    Examples
    --------
    >>> threats_of({name: np.array([3.0]) for name in ("q1", "q2", "q3", "q4")})
    array([[0.5, 0.5, 0.5, 0.5]])
    """
    people = len(next(iter(answers.values()), ()))
    total, number = np.zeros((2, people, len(THREATS)))
    for name in ITEMS:
        if name in answers:
            item = questionnaire().items[name]
            score = (answers[name] - 1) / (MOST - 1)
            given = ~np.isnan(score)
            total[:, item.threat] += np.where(given, 1.0 - score if item.reversed else score, 0.0)
            number[:, item.threat] += given
    threats: Array = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0)
    return threats


def archetypes_of(threats: Array) -> Array:
    """Return the archetype whose own threats are strongest on average, the first among equals.

    So where each threat has an archetype of its own, the strongest threat decides. Where one of the
    four is unknown nobody can say which is strongest: -1.

    Parameters
    ----------
    threats
        The four threats [people, threats], not a number where unknown.
    """
    own = [
        [k for k, threat in enumerate(THREATS) if threat in kind.feels]
        for kind in read_archetypes().values()
    ]
    strength = np.array([np.cumsum(threats[:, some], axis=1)[:, -1] / len(some) for some in own])
    archetypes: Array = np.argmax(strength, axis=0)
    archetypes[np.isnan(threats).any(axis=1)] = NOBODY
    return archetypes
