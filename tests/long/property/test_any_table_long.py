"""What takes long of ``property/test_any_table.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_any_table as quick
from parts import others
from test_any_table import FIRST, outcome

from sim.scenario.imports import table


@pytest.mark.parametrize("rows", [1, 2, 7])
def test_how_many_rows_become_columns_at_a_time_changes_nothing(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [outcome(seed, tmp_path) for seed in range(100)]
    monkeypatch.setattr(table, "CHUNK", rows)
    assert [outcome(seed, tmp_path) for seed in range(100)] == before


@pytest.mark.parametrize("first", others(FIRST, 1))
def test_every_file_is_read_or_refused_as_it_was_row_by_row(first: int, tmp_path: Path) -> None:
    quick.test_every_file_is_read_or_refused_as_it_was_row_by_row(first, tmp_path)
