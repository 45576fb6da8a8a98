"""Who works with whom, row by row: one mutual tie per pair, with a weight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sim.engine.kinds import Array
from sim.errors import said
from sim.scenario.imports.ids import Known, identity
from sim.scenario.imports.numbers import Numbers
from sim.scenario.imports.table import Column, Table
from sim.state import NOBODY

LEAVERS: Final = 0.05
"""Rows with somebody who is not among the people may be dropped below this share of all rows."""
LIGHTEST, HEAVIEST, GRAIN = 1 / 8, 8.0, 1024


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
    rows, people = len(table.lines), len(ids)
    known, numbers = Known(ids), Numbers(table)
    ends, strangers = dict[str, Array](), dict[str, Array]()
    for name in ("source", "target"):
        column = table.columns[name].changed(identity)
        ends[name] = known.places(column)
        strangers[name] = column.each(column.texts, bool) & (ends[name] == NOBODY)
        empty = column.rows(not text for text in column.texts)
        table.wrong(empty, name, said("this cell is empty, expected the id of a person"))
    weight = np.ones(rows)
    if "weight" in table.columns:
        weight, column = numbers.column("weight"), table.columns["weight"]
        empty = column.rows(not text for text in column.texts)
        table.wrong(empty, "weight", said("this cell is empty, expected a number of at least 0"))
    if not rows:
        table.problems.add(
            said("found no rows, expected one for each tie: leave the file out instead")
        )
    dropped = int(np.count_nonzero(strangers["source"] | strangers["target"]))
    if dropped < LEAVERS * rows:
        if dropped:
            table.notes.append(
                said(
                    "{dropped:,} of {rows:,} rows dropped: an end is not among the people (who "
                    "left, perhaps)",
                    dropped=dropped,
                    rows=rows,
                )
            )
    else:
        message = said(
            "this is nobody's id in the people file: add the person, correct the id (with its leading zeros), or leave the row out; {dropped:,} of {number:,} rows are like this, fewer than {leavers:.0%} would be dropped",
            dropped=dropped,
            number=rows,
            leavers=LEAVERS,
        )
        for name, strange in strangers.items():
            table.wrong(np.flatnonzero(strange), name, message)
    table.problems.raise_if_any()
    table.notes += numbers.notes()
    if known.loosely:
        table.notes.append(
            said(
                "ids found that are written with other capitals, leading zeros or signs between "
                "thousands: {number:,}",
                number=known.loosely,
            )
        )
    source, other = ends["source"], ends["target"]
    both = (source != NOBODY) & (other != NOBODY)
    to_themselves = both & (source == other)
    without_weight = both & ~to_themselves & (weight == 0)
    for left_out, reason in (
        (to_themselves, said("of people to themselves")),
        (without_weight, said("of weight 0")),
    ):
        if left_out.any():
            number = int(np.count_nonzero(left_out))
            table.notes.append(
                said("1 tie {reason} dropped", reason=reason)
                if number == 1
                else said("{number:,} ties {reason} dropped", number=number, reason=reason)
            )
    kept = both & ~to_themselves & ~without_weight
    pair = (np.minimum(source, other) * people + np.maximum(source, other))[kept]
    pairs, weights = _added_up(
        pair, table.column("layer").kept(kept), weight[kept], people * people
    )
    merged = len(pair) - len(pairs)
    if merged:
        table.notes.append(
            said("1 row joined with others of the same pair")
            if merged == 1
            else said("{number:,} rows joined with others of the same pair", number=merged)
        )
    return pairs // people, pairs % people, _scaled(weights)


def _added_up(pair: Array, layer: Column, weight: Array, most: int) -> tuple[Array, Array]:
    """Return each pair once, in order, and its weight: the largest of each layer, added up.

    Layers are added in order of their names, so that the order of the rows changes no bit.
    """
    layer = layer.changed(str.casefold)
    names = sorted(layer.texts)
    rank = layer.each([names.index(text) for text in layer.texts], int)
    both, place = np.unique(rank * most + pair, return_inverse=True)
    strongest = np.zeros(both.size)
    np.maximum.at(strongest, place, weight)
    pairs, place = np.unique(both % most, return_inverse=True)
    return pairs, np.bincount(place, strongest, pairs.size)


def _scaled(weights: Array) -> Array:
    """Return weights with median 1, from 1/8 to 8, as multiples of 1/1024."""
    if weights.size == 0:
        return weights.astype(np.float32)
    with np.errstate(over="ignore"):  # the median may be next to nothing
        kept = np.clip(weights / np.median(weights), LIGHTEST, HEAVIEST)
    scaled: Array = np.round(kept * GRAIN) / GRAIN
    return scaled.astype(np.float32)
