"""Results are what they were: a change that moves them refreshes the file and says so."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from parts import few

from . import FILE, SEEDS, digest, names, row_of

REMEDY = (
    "results moved. If they should not have, find out why; if they should, say by how much in the "
    "CHANGELOG and run: python3 -m uv run python -m tests.golden"
)


def stored() -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows of the file by scenario and seed."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return {(row["scenario"], row["seed"]): row for row in csv.DictReader(stream)}


@pytest.mark.parametrize("name", few(names(), 12))
def test_a_scenario_gives_what_it_gave(name: str) -> None:
    golden = stored()
    for seed in SEEDS:
        assert row_of(name, seed) == golden.get((name, str(seed))), REMEDY


def test_there_is_a_row_for_every_scenario_and_no_other() -> None:
    assert sorted(stored()) == sorted((name, str(seed)) for name in names() for seed in SEEDS)


def test_a_hash_sees_a_change_of_one_value_but_not_of_the_last_bits() -> None:
    values = np.random.default_rng(1).random((2, 5, 3)) * [1.0, 1e5, 1e-3]
    last_bits = values * (1 + 4e-16)
    one = values.copy()
    one[1, 2, 0] += 1e-8
    assert digest(last_bits) == digest(values) != digest(one)
