"""Every file runs with all its figures in bounds, or says what is wrong with it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from made_by_chance import (
    SHIPPED,
    damaged,
    read_or_explained,
)
from parts import few

from sim.scenario.overview import read_off

EACH = 100
"""Ways in which every shipped file is damaged."""


@pytest.mark.parametrize("origin", few(SHIPPED, 3), ids=lambda one: one.stem)
def test_a_damaged_file_is_read_or_says_what_is_wrong(origin: Path, tmp_path: Path) -> None:
    text = origin.read_text("utf-8")
    path = tmp_path / origin.name
    for seed in range(EACH):
        path.write_bytes(damaged(text, random.Random(f"{origin.stem} {seed}")))
        one = read_or_explained(path)
        if one is not None:
            assert list_tells(path) in ((one.organisation.employees, one.question), None)


def list_tells(path: Path) -> tuple[int, str] | None:
    """Return what is read off the lines of a file, None where that takes a full reading."""
    try:
        return read_off(path)
    except ValueError:
        return None
