"""What takes long of ``unit/test_results.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_results as quick
from test_results import change_origin, everybody, groups_removed, table_removed

from sim.errors import AdoptionError
from sim.study.results import Result, read_result
from sim.study.sweeps.again import remade

grouped = quick.grouped
result = quick.result


def test_a_result_is_made_again_from_its_own_provenance(grouped: Result, tmp_path: Path) -> None:
    folder = grouped.save(tmp_path, "mine")
    whole = {one.name: one.read_bytes() for one in folder.iterdir()}
    assert remade(folder)[1] == []
    for damage in (everybody, groups_removed, table_removed, change_origin(platform="none")):
        damage(folder)
        with pytest.raises(AdoptionError, match=f"simulate again: adopt rerun {folder}"):
            read_result(folder)
        said: list[str] = []
        _, wrong = remade(folder, said.append)
        assert wrong and said
        assert {one.name: one.read_bytes() for one in folder.iterdir()} == whole
    change_origin(seed=9)(folder)
    with pytest.raises(AdoptionError, match="adopt compare baseline shorter --runs 4 --seed SEED"):
        remade(folder)
