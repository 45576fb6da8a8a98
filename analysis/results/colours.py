"""The colour of each strategy: the same in every figure, page and report."""

from __future__ import annotations

from collections.abc import Sequence

REFERENCE = "#595959"

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#4B1D6B")
"""Okabe and Ito, with a plum for their yellow, which is too pale on white."""


def colours_of(names: Sequence[str], reference: str) -> dict[str, str]:
    """Return a colour for each name: grey for the reference, the others in their order.

    A single one is compared with nothing and is not grey.
    """
    if len(names) == 1:
        return {names[0]: PALETTE[0]}
    rest = [name for name in names if name != reference]
    chosen = {name: PALETTE[k % len(PALETTE)] for k, name in enumerate(rest)}
    return {name: chosen.get(name, REFERENCE) for name in names}
