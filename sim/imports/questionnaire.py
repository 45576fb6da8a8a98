"""Which threats a person feels: ten statements, and what agreeing with each of them says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from sim.files.folders import PerLibrary, library_folder
from sim.files.library import read_archetypes
from sim.imports.columns import ITEMS
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
            THREATS.index(one["threat"]),
            one.get("reversed", False),
            {language: one[language] for language in ("nl", "en")},
        )
        for name, one in content["items"].items()
    }
    return Questionnaire(content["introduction"], content["scale"], items)


def threats_of(answers: Mapping[str, int]) -> tuple[float, ...]:
    """Return the four threats that answers speak of [0 to 1], in the order of THREATS.

    A statement scores (answer - 1) / 4, a reversed one what is left of 1; a threat is the mean
    of its statements that were answered, and not a number if none was.

    Examples
    --------
    >>> threats_of({name: 3 for name in ("q1", "q2", "q3", "q4")})
    (0.5, 0.5, 0.5, 0.5)
    """
    if not answers:
        return (float("nan"),) * len(THREATS)
    scores: list[list[float]] = [[] for _ in THREATS]
    for name in ITEMS:
        if name in answers:
            item = questionnaire().items[name]
            score = (answers[name] - 1) / (MOST - 1)
            scores[item.threat].append(1.0 - score if item.reversed else score)
    return tuple(math.fsum(one) / len(one) if one else float("nan") for one in scores)


def archetype_of(threats: Sequence[float]) -> int:
    """Return the archetype whose own threats are strongest on average, the first among equals.

    So where each threat has an archetype of its own, the strongest threat decides. Where one of the
    four is unknown nobody can say which is strongest: -1.
    """
    if any(one != one for one in threats):
        return NOBODY
    known = list(read_archetypes().values())

    def strength(place: int) -> float:
        own = set(known[place].feels)
        return math.fsum(threats[THREATS.index(threat)] for threat in own) / len(own)

    return max(range(len(known)), key=strength)
