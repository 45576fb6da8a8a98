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


def message(robustness: Robustness) -> str:
    """Return what came out, in one line: under which evidence the model's first is first."""
    labels = {name: scenario.label for name, scenario in robustness.study.scenarios.items()}
    model = list(labels)[order(robustness)[0]]
    counts = {name: firsts(robustness, name) for name in robustness.study.sets}
    if not any(total for _, total in counts.values()):
        return "No other theory reaches the same adoption: nothing can be compared"
    parts = [
        f"{count[model]} of {total} other theories{f' ({name})' if len(counts) > 1 else ''}"
        for name, (count, total) in counts.items()
    ]
    text = f"“{short(labels[model], 40)}” first in {' and '.join(parts)}"
    rivals = sum((count for count, _ in counts.values()), Counter[str]())
    del rivals[model]
    if rivals:
        text += f"; mostly behind “{short(labels[rivals.most_common(1)[0][0]], 40)}” in the others"
    return text


def readings(robustness: Robustness) -> list[str]:
    """Return what can be concluded and what cannot, one sentence each."""
    labels = {name: scenario.label for name, scenario in robustness.study.scenarios.items()}
    sentences = []
    best = winners(robustness)
    if len(set(best.values())) > 1:
        each = "; ".join(f"{name}: {labels[scenario]}" for name, scenario in best.items())
        sentences.append(f"Which comes first depends on the evidence already in the model: {each}.")
    for evidence in robustness.study.sets:
        every = pairs(robustness, evidence)
        if math.isnan(every[0].agree):
            sentences.append(f"{evidence}: no other theory reaches the same adoption.")
            continue
        weak = [pair for pair in every if pair.agree < OFTEN or not pair.clear]
        strong = len(every) - len(weak)
        sentences.append(
            f"{evidence}: {strong} of {len(every)} orders of two hold clearly in the model and in "
            f"at least {100 * OFTEN:.0f} % of the other theories and vectors."
        )
        sentences += [_weakness(pair, labels) for pair in weak]
    missing = int((~robustness.reached[1:]).sum())
    if missing:
        sentences.append(
            f"{missing} of {robustness.reached[1:].size} variants and vectors cannot be brought to the "
            "same adoption of the reference and do not count."
        )
    return sentences


def _weakness(pair: Pair, labels: dict[str, str]) -> str:
    """Return what is not robust about an order of two."""
    text = f"  “{labels[pair.better]}” before “{labels[pair.worse]}”"
    if not pair.clear:
        text += ": hardly apart in the model"
    return (
        f"{text}: in {100 * pair.agree:.0f} % of the other theories; clearly the reverse in "
        f"{100 * pair.reversed:.0f} %."
    )
