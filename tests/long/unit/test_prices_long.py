"""What takes long of ``unit/test_prices.py``."""

from __future__ import annotations

from typing import Any

from sim import kpis
from sim.scenario import read_catalogue
from sim.scenario.folders import library_of
from sim.simulator import Simulator


def test_threads_read_the_library_in_use(tmp_path: Any) -> None:
    """A catalogue of one's own counts in every thread, not in the first alone."""
    import shutil

    from sim.scenario.folders import library_folder

    shutil.copytree(library_folder(), tmp_path / "library")
    file = tmp_path / "library" / "measures.yaml"
    text = file.read_text(encoding="utf-8")
    course = read_catalogue()["training"].cost.fixed
    assert f"cost: {{fixed: {course:g}, per_participant: 120" in text
    dear = text.replace(f"cost: {{fixed: {course:g}, per_participant: 120", "cost: {fixed: 90000")
    file.write_text(dear, encoding="utf-8")
    with library_of(tmp_path / "library"):
        rows = Simulator("baseline", runs=4, seed=1, threads=2).rows({"programme.training": {}})
    assert rows[0, 1, kpis.COLUMN["cost_measures"]] > 90_000
