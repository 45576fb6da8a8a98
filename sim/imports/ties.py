"""Who works with whom, row by row: one mutual tie per pair, with a weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from sim.errors import said
from sim.files.words import counted
from sim.imports.ids import Known, identity
from sim.imports.numbers import Numbers
from sim.imports.sheet import Table

LEAVERS: Final = 0.05
"""Rows with somebody who is not among the people may be dropped below this share of all rows."""
LIGHTEST, HEAVIEST, GRAIN = 1 / 8, 8.0, 1024

Array = np.ndarray[Any, Any]


def read_ties(table: Table, ids: Sequence[str]) -> tuple[Array, Array, Array]:
    """Return both ends and the weight of each mutual tie, in order of the ends' rows.

    Within a layer the larger of both directions counts (whoever names a colleague more often
    knows best), layers add up. Weights are then scaled to a median of 1, because surveys and
    systems count in units of their own, kept from 1/8 to 8, so that no single tie drowns the
    others, and rounded to 1/1024: sums of such numbers are exact in any order.

    Parameters
    ----------
    table
        Rows with ``source`` and ``target``, perhaps ``weight`` and ``layer``.
    ids
        The id of the person in each row.

    Raises
    ------
    ScenarioError
        With every problem found, each with its line and column.
    """
    layers: dict[str, dict[int, float]] = {}
    to_themselves = without_weight = 0
    strangers: list[tuple[int, str]] = []
    known, people = Known(ids), len(ids)
    numbers = Numbers(table)
    given = numbers.column("weight")
    for row, (line, cells) in enumerate(table.rows):
        ends = []
        for name in ("source", "target"):
            one = identity(table.cell(cells, name))
            end = known.place(one) if one else None
            if end is not None:
                ends.append(end)
            elif one:
                strangers.append((line, name))
            else:
                table.wrong(line, name, said("this cell is empty, expected the id of a person"))
        weight = 1.0
        if "weight" in table.columns:
            weight = given[row]
            if not table.cell(cells, "weight"):
                table.wrong(
                    line, "weight", said("this cell is empty, expected a number of at least 0")
                )
        if len(ends) < 2:
            continue
        if ends[0] == ends[1]:
            to_themselves += 1
        elif weight == 0:
            without_weight += 1
        else:
            strongest = layers.setdefault(table.cell(cells, "layer").casefold(), {})
            pair = min(ends) * people + max(ends)
            strongest[pair] = max(weight, strongest.get(pair, 0.0))
    if not table.rows:
        table.problems.add(
            said("found no rows, expected one for each tie: leave the file out instead")
        )
    dropped = len({line for line, _ in strangers})
    if dropped < LEAVERS * len(table.rows):
        if dropped:
            table.notes.append(
                f"{dropped:,} of {len(table.rows):,} rows dropped: "
                "an end is not among the people (who left, perhaps)"
            )
    else:
        for line, name in strangers:
            message = said(
                "this is nobody's id in the people file: add the person, correct the id (with its leading zeros), or leave the row out; {dropped:,} of {number:,} rows are like this, fewer than {leavers:.0%} would be dropped",
                dropped=dropped,
                number=len(table.rows),
                leavers=LEAVERS,
            )
            table.wrong(line, name, message)
    table.problems.raise_if_any()
    table.notes += numbers.notes()
    if known.loosely:
        table.notes.append(
            f"{counted(known.loosely, 'id')} found that are written with other capitals, leading "
            "zeros or signs between thousands"
        )
    if to_themselves:
        table.notes.append(f"{counted(to_themselves, 'tie')} of people to themselves dropped")
    if without_weight:
        table.notes.append(f"{counted(without_weight, 'tie')} of weight 0 dropped")
    # Layers are added in order of their names, so that the order of the rows changes no bit.
    total: dict[int, float] = {}
    for layer in sorted(layers):
        for pair, weight in layers[layer].items():
            total[pair] = total.get(pair, 0.0) + weight
    merged = len(table.rows) - dropped - to_themselves - without_weight - len(total)
    if merged:
        table.notes.append(f"{counted(merged, 'row')} joined with others of the same pair")
    pairs = np.array(sorted(total), np.int64)
    weights = np.array([total[pair] for pair in pairs.tolist()])
    return pairs // people, pairs % people, _scaled(weights)


def _scaled(weights: Array) -> Array:
    """Return weights with median 1, from 1/8 to 8, as multiples of 1/1024."""
    if weights.size == 0:
        return weights.astype(np.float32)
    with np.errstate(over="ignore"):  # the median may be next to nothing
        kept = np.clip(weights / np.median(weights), LIGHTEST, HEAVIEST)
    scaled: Array = np.round(kept * GRAIN) / GRAIN
    return scaled.astype(np.float32)
