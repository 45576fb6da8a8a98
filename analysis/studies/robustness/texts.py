"""What came out in words: in one line, and what can be concluded and what cannot."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

from analysis.studies.robustness.rankings import Pair, firsts, order, pairs, winners
from analysis.studies.robustness.study import Robustness
from analysis.words.texts import short

OFTEN: Final = 0.9
"""Share of the theories from which an order counts as robust."""


def message(found: Robustness) -> str:
    """Return what came out, in one line: under which evidence the model's first is first."""
    labels = {name: scenario.label for name, scenario in found.study.scenarios.items()}
    model = list(labels)[order(found)[0]]
    counts = {name: firsts(found, name) for name in found.study.sets}
    if not any(total for _, total in counts.values()):
        return "No other theory reaches the same adoption: nothing can be compared"
    told = [
        f"{count[model]} of {total} other theories{f' ({name})' if len(counts) > 1 else ''}"
        for name, (count, total) in counts.items()
    ]
    text = f"“{short(labels[model], 40)}” first in {' and '.join(told)}"
    rivals = sum((count for count, _ in counts.values()), Counter[str]())
    del rivals[model]
    if rivals:
        text += f"; mostly behind “{short(labels[rivals.most_common(1)[0][0]], 40)}” in the others"
    return text


def readings(found: Robustness) -> list[str]:
    """Return what can be concluded and what cannot, one sentence each."""
    labels = {name: scenario.label for name, scenario in found.study.scenarios.items()}
    told = []
    best = winners(found)
    if len(set(best.values())) > 1:
        each = "; ".join(f"{name}: {labels[one]}" for name, one in best.items())
        told.append(f"Which comes first depends on the evidence already in the model: {each}.")
    for evidence in found.study.sets:
        every = pairs(found, evidence)
        if math.isnan(every[0].agree):
            told.append(f"{evidence}: no other theory reaches the same adoption.")
            continue
        weak = [one for one in every if one.agree < OFTEN or not one.clear]
        strong = len(every) - len(weak)
        told.append(
            f"{evidence}: {strong} of {len(every)} orders of two hold clearly in the model and in "
            f"at least {100 * OFTEN:.0f} % of the other theories and vectors."
        )
        told += [_weakness(one, labels) for one in weak]
    missing = int((~found.reached[1:]).sum())
    if missing:
        told.append(
            f"{missing} of {found.reached[1:].size} variants and vectors cannot be brought to the "
            "same adoption of the reference and do not count."
        )
    return told


def _weakness(pair: Pair, labels: dict[str, str]) -> str:
    """Return what is not robust about an order of two."""
    text = f"  “{labels[pair.better]}” before “{labels[pair.worse]}”"
    if not pair.clear:
        text += ": hardly apart in the model"
    return (
        f"{text}: in {100 * pair.agree:.0f} % of the other theories; clearly the reverse in "
        f"{100 * pair.reversed:.0f} %."
    )
