"""Who works with whom, row by row: one mutual tie per pair, with a weight."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sim.imports.people import number
from sim.imports.sheet import Table, counted

LEAVERS: Final = 0.05
"""Rows with somebody who is not among the people may be dropped below this share of all rows."""
LIGHTEST, HEAVIEST, GRAIN = 1 / 8, 8.0, 1024
MOST_WEIGHT: Final = 1e12

Array = np.ndarray[Any, Any]


def read_ties(table: Table, rows: Mapping[str, int]) -> tuple[Array, Array, Array]:
    """Return both ends and the weight of each mutual tie, in order of the ends' rows.

    Within a layer the larger of both directions counts (whoever names a colleague more often
    knows best), layers add up. Weights are then scaled to a median of 1, because surveys and
    systems count in units of their own, kept from 1/8 to 8, so that no single tie drowns the
    others, and rounded to 1/1024: sums of such numbers are exact in any order.

    Parameters
    ----------
    table
        Rows with ``source`` and ``target``, perhaps ``weight`` and ``layer``.
    rows
        The row of each person by id.

    Raises
    ------
    ScenarioError
        With every problem found, each with its line and column.
    """
    strongest: dict[tuple[int, int], dict[str, float]] = {}
    to_themselves = without_weight = 0
    strangers: list[tuple[int, str]] = []
    weighted = "weight" in table.columns
    comma = table.separator != ","
    for line, cells in table.rows:
        ends = []
        for name in ("source", "target"):
            identity = table.cell(cells, name)
            if not identity:
                table.wrong(line, name, "this cell is empty, expected the id of a person")
            elif identity in rows:
                ends.append(rows[identity])
            else:
                strangers.append((line, name))
        weight = 1.0
        if weighted:
            try:
                weight = number(table.cell(cells, "weight"), 0, MOST_WEIGHT, comma)
            except ValueError as error:
                table.wrong(line, "weight", str(error))
        if len(ends) < 2:
            continue
        if ends[0] == ends[1]:
            to_themselves += 1
        elif weight == 0:
            without_weight += 1
        else:
            layers = strongest.setdefault((min(ends), max(ends)), {})
            layer = table.cell(cells, "layer").casefold()
            layers[layer] = max(weight, layers.get(layer, 0.0))
    if not table.rows:
        table.problems.add("found no rows, expected one for each tie: leave the file out instead")
    dropped = len({line for line, _ in strangers})
    if dropped < LEAVERS * len(table.rows):
        if dropped:
            table.notes.append(
                f"{dropped:,} of {len(table.rows):,} rows dropped: "
                "an end is not among the people (who left, perhaps)"
            )
    else:
        for line, name in strangers:
            message = (
                "this is nobody's id in the people file: add the person, correct the id (with "
                f"its leading zeros), or leave the row out; {dropped:,} of {len(table.rows):,} rows "
                f"are like this, fewer than {LEAVERS:.0%} would be dropped"
            )
            table.wrong(line, name, message)
    table.problems.raise_if_any()
    if to_themselves:
        table.notes.append(f"{counted(to_themselves, 'tie')} of people to themselves dropped")
    if without_weight:
        table.notes.append(f"{counted(without_weight, 'tie')} of weight 0 dropped")
    merged = len(table.rows) - dropped - to_themselves - without_weight - len(strongest)
    if merged:
        table.notes.append(f"{counted(merged, 'row')} joined with others of the same pair")
    pairs = sorted(strongest)
    ends_of = np.array(pairs, np.int32).reshape(-1, 2)
    # The sum is rounded once, so that the order of the rows changes nothing.
    sums = np.array([math.fsum(strongest[pair].values()) for pair in pairs])
    return ends_of[:, 0].copy(), ends_of[:, 1].copy(), _scaled(sums)


def _scaled(weights: Array) -> Array:
    """Return weights with median 1, from 1/8 to 8, as multiples of 1/1024."""
    if weights.size == 0:
        return weights.astype(np.float32)
    kept = np.clip(weights / np.median(weights), LIGHTEST, HEAVIEST)
    scaled: Array = np.round(kept * GRAIN) / GRAIN
    return scaled.astype(np.float32)
