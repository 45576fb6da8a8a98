"""A result is kept whole or not at all, read back exactly, and never overwritten."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.report.reading import result_at
from analysis.results.exporting import exported
from sim import kpis
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study.provenance import sealed
from sim.study.results import GROUPS, ORIGIN, TABLE, Result, read_result


@pytest.fixture(scope="module")
def result(small: Scenario) -> Result:
    """Return a small study of two scenarios of different length."""
    shorter = small.changed({"name": "shorter", "simulation.months": 7, "programme.champions": {}})
    return sim.compare([small, shorter], runs=4, seed=3)


def left_behind(root: Path) -> list[str]:
    """Return every file and folder below a folder that is not a parent of a result."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


# --- Tables --------------------------------------------------------------------------------


def test_the_wide_table_has_a_row_per_run_and_month_and_a_column_per_kpi(result: Result) -> None:
    table = result.table()
    assert len(table) == 4 * 13 + 4 * 8
    assert list(table.columns) == ["scenario", "run", "month", *kpis.KPIS]
    row = table[(table.scenario == "shorter") & (table.run == 2) & (table.month == 5)]
    for kpi in kpis.KPIS:
        found, told = row[kpi].item(), result.curves("shorter", kpi)[2, 5]
        assert found == told or (found != found and told != told and kpi in kpis.OF_SOME)


def test_the_tidy_table_has_the_same_numbers(result: Result) -> None:
    tidy = result.tidy()
    assert list(tidy.columns) == ["scenario", "run", "month", "kpi", "value"]
    assert len(tidy) == len(result.table()) * len(kpis.KPIS)
    skill = tidy[(tidy.kpi == "skill") & (tidy.scenario == "baseline")]
    assert skill["value"].to_numpy() == pytest.approx(result.curves("baseline", "skill").ravel())


def test_an_unknown_kpi_or_scenario_is_a_key_error(result: Result) -> None:
    with pytest.raises(KeyError, match="happiness"):
        result.curves("baseline", "happiness")
    with pytest.raises(KeyError, match="nowhere"):
        result.curves("nowhere", "skill")


# --- Keeping it ----------------------------------------------------------------------------


def test_what_is_saved_is_read_back_to_the_last_bit(result: Result, tmp_path: Path) -> None:
    folder = result.save(tmp_path)
    again = read_result(folder)
    assert list(again.scenarios) == list(result.scenarios)
    assert again.scenarios == dict(result.scenarios)
    assert (again.seed, again.runs) == (result.seed, result.runs)
    for name in result.scenarios:
        assert again.measured[name].tobytes() == result.measured[name].tobytes()
        for kpi in kpis.KPIS:
            assert again.curves(name, kpi).tobytes() == result.curves(name, kpi).tobytes()
    assert again.fingerprint == result.fingerprint
    pd.testing.assert_frame_equal(again.table(), result.table())


def test_a_folder_is_named_by_its_content(result: Result, tmp_path: Path) -> None:
    folder = result.save(tmp_path)
    assert folder == tmp_path / "baseline-shorter" / result.fingerprint
    assert result.save(tmp_path, name="study") == tmp_path / "study" / result.fingerprint
    assert sorted(path.name for path in folder.iterdir()) == sorted([TABLE, ORIGIN])


def test_a_saved_result_is_never_written_again(result: Result, tmp_path: Path) -> None:
    folder = result.save(tmp_path)
    (folder / "notes.txt").write_text("mine", "utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert result.save(tmp_path) == folder
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_another_study_gets_another_folder(result: Result, small: Scenario, tmp_path: Path) -> None:
    first = sim.run(small, runs=2, seed=1).save(tmp_path)
    assert sim.run(small, runs=2, seed=2).save(tmp_path) != first
    assert sim.run(small, runs=3, seed=1).save(tmp_path) != first
    assert sim.run(small, runs=2, seed=1).save(tmp_path) == first
    assert len(list((tmp_path / "baseline").iterdir())) == 3


def test_a_result_can_be_made_again_from_what_is_kept_with_it(
    result: Result, tmp_path: Path
) -> None:
    kept = json.loads((result.save(tmp_path) / ORIGIN).read_text("utf-8"))
    scenarios = [
        Scenario.model_validate_json(json.dumps(one)) for one in kept["scenarios"].values()
    ]
    again = sim.compare(scenarios, runs=kept["runs"], seed=kept["seed"])
    assert again.fingerprint == kept["fingerprint"] == result.fingerprint
    for name in result.scenarios:
        assert again.measured[name].tobytes() == result.measured[name].tobytes()


# --- When it goes wrong --------------------------------------------------------------------


def full_disk(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def half_written(frame: pd.DataFrame, path: Path, **_: Any) -> None:
    Path(path).write_bytes(b"PAR1")
    full_disk()


@pytest.mark.parametrize(
    ("owner", "name", "failure"),
    [
        (pd.DataFrame, "to_parquet", half_written),
        (Path, "write_text", full_disk),
        (os, "replace", full_disk),
        (tempfile, "mkdtemp", full_disk),
    ],
    ids=["table", "provenance", "moving", "folder"],
)
def test_a_full_disk_is_reported_and_leaves_nothing_behind(
    owner: Any,
    name: str,
    failure: Callable[..., None],
    result: Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(owner, name, failure)
        with pytest.raises(AdoptionError, match="cannot write results: No space left on device"):
            result.save(tmp_path)
    assert left_behind(tmp_path) == []
    assert not list(tmp_path.rglob(".writing-*"))
    assert read_result(result.save(tmp_path)).runs == 4  # and later it works


def test_an_interruption_while_writing_leaves_nothing_behind(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        result.save(tmp_path)
    assert left_behind(tmp_path) == []


def test_a_place_that_is_a_file_cannot_hold_results(result: Result, tmp_path: Path) -> None:
    (tmp_path / "results").write_text("", "utf-8")
    with pytest.raises(AdoptionError, match="cannot write results"):
        result.save(tmp_path / "results")


def test_somebody_else_saving_the_same_result_meanwhile_is_no_failure(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = result.save(tmp_path / "theirs", name="study")

    def too_late(draft: Path, folder: Path) -> None:
        shutil.copytree(theirs, folder)
        raise OSError(errno.ENOTEMPTY, "Directory not empty")

    monkeypatch.setattr(os, "replace", too_late)
    folder = result.save(tmp_path / "mine", name="study")
    assert read_result(folder).fingerprint == result.fingerprint
    assert len(left_behind(tmp_path / "mine")) == 2


def test_a_folder_without_a_result_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AdoptionError, match="no result here"):
        read_result(tmp_path)


def cut(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def damage_table(folder: Path) -> None:
    cut(folder / TABLE)


def damage_origin(folder: Path) -> None:
    cut(folder / ORIGIN)


def empty_table(folder: Path) -> None:
    (folder / TABLE).write_bytes(b"")


def lose_rows(folder: Path) -> None:
    pd.read_parquet(folder / TABLE).iloc[:-5].to_parquet(folder / TABLE)


def lose_a_column(folder: Path) -> None:
    pd.read_parquet(folder / TABLE).drop(columns="skill").to_parquet(folder / TABLE)


def change_origin(**changes: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = json.loads((folder / ORIGIN).read_text("utf-8"))
        (folder / ORIGIN).write_text(json.dumps({**content, **changes}), "utf-8")

    return change


def origin_is_no_mapping(folder: Path) -> None:
    (folder / ORIGIN).write_text("[1, 2]", "utf-8")


def origin_without_scenarios(folder: Path) -> None:
    (folder / ORIGIN).write_text('{"runs": 4, "seed": 3}', "utf-8")


@pytest.mark.parametrize(
    "damage",
    [
        damage_table,
        damage_origin,
        empty_table,
        lose_rows,
        lose_a_column,
        origin_is_no_mapping,
        origin_without_scenarios,
        change_origin(runs="four"),
        change_origin(runs=5),
        change_origin(scenarios={"baseline": {"organisation": {"employees": "many"}}}),
        change_origin(scenarios=[]),
        change_origin(scenarios={}),
    ],
    ids=[
        "table cut", "provenance cut", "table empty", "rows lost", "column lost", "a list",
        "no scenarios", "runs in words", "too many runs", "scenario invalid", "scenarios a list",
        "scenarios empty",
    ],
)  # fmt: skip
def test_a_damaged_result_is_reported_and_never_half_read(
    damage: Callable[[Path], None], result: Result, tmp_path: Path
) -> None:
    folder = result.save(tmp_path)
    damage(folder)
    with pytest.raises(AdoptionError, match="damaged"):
        read_result(folder)


# --- Trusted only if it is as it was written ------------------------------------------------


def everybody(folder: Path) -> None:
    table = pd.read_parquet(folder / TABLE)
    table["adoption"] = 0.99
    table.to_parquet(folder / TABLE, compression="zstd", index=False)


def runs_dropped(folder: Path) -> None:
    table = pd.read_parquet(folder / TABLE)
    table[table["run"] < 3].to_parquet(folder / TABLE, compression="zstd", index=False)
    change_origin(runs=3)(folder)


def a_byte_flipped(folder: Path) -> None:
    content = bytearray((folder / TABLE).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / TABLE).write_bytes(content)


def another_scenario(folder: Path) -> None:
    content = json.loads((folder / ORIGIN).read_text("utf-8"))
    content["scenarios"]["shorter"]["organisation"]["employees"] = 61
    (folder / ORIGIN).write_text(json.dumps(content), "utf-8")


def another_seed_and_its_checksum(folder: Path) -> None:
    content = json.loads((folder / ORIGIN).read_text("utf-8"))
    (folder / ORIGIN).write_text(json.dumps(sealed({**content, "seed": 9})), "utf-8")


def another_scenario_and_its_checksum(folder: Path) -> None:
    another_scenario(folder)
    content = json.loads((folder / ORIGIN).read_text("utf-8"))
    (folder / ORIGIN).write_text(json.dumps(sealed(content)), "utf-8")


def groups_removed(folder: Path) -> None:
    (folder / GROUPS).unlink()


def groups_of_another(folder: Path) -> None:
    table = pd.read_parquet(folder / GROUPS)
    table.iloc[::-1].to_parquet(folder / GROUPS, compression="zstd", index=False)


def table_removed(folder: Path) -> None:
    (folder / TABLE).unlink()


def checksums_removed(folder: Path) -> None:
    content = json.loads((folder / ORIGIN).read_text("utf-8"))
    del content["checksums"]
    (folder / ORIGIN).write_text(json.dumps(content), "utf-8")


TAMPERED: list[tuple[Callable[[Path], None], str, str]] = [
    (everybody, TABLE, "SHA-256"),
    (runs_dropped, ORIGIN, "the field 'runs' (3) is not what was written"),
    (a_byte_flipped, TABLE, "SHA-256"),
    (change_origin(seed=9), ORIGIN, "the field 'seed' (9) is not what was written"),
    (another_scenario, ORIGIN, "the field 'scenarios'"),
    (another_seed_and_its_checksum, ORIGIN, "follows from its scenarios"),
    (another_scenario_and_its_checksum, ORIGIN, "not those of its fingerprint"),
    (groups_removed, GROUPS, "the file is missing"),
    (groups_of_another, GROUPS, "SHA-256"),
    (table_removed, TABLE, "the file is missing"),
    (checksums_removed, ORIGIN, "found no checksums"),
    (change_origin(fingerprint="0" * 12), ORIGIN, "the field 'fingerprint'"),
]


@pytest.fixture(scope="module")
def grouped(result: Result) -> Result:
    """Return the same study with groups."""
    return sim.compare(list(result.scenarios.values()), runs=4, seed=3, by=["role"])


@pytest.mark.parametrize(
    ("damage", "file", "told"), TAMPERED, ids=[f"{one[1]}-{n}" for n, one in enumerate(TAMPERED)]
)
def test_what_is_not_as_it_was_written_is_refused_everywhere_with_a_remedy(
    damage: Callable[[Path], None], file: str, told: str, grouped: Result, tmp_path: Path
) -> None:
    folder = grouped.save(tmp_path, "mine")
    whole = {one.name: one.read_bytes() for one in folder.iterdir()}
    damage(folder)
    for refused in (
        lambda: read_result(folder),
        lambda: exported(folder, "csv", target=tmp_path / "rows.csv"),
        lambda: result_at(folder),
    ):
        with pytest.raises(AdoptionError) as caught:
            refused()
        assert str(folder / file) in str(caught.value)
        assert told in str(caught.value)
        assert "simulate again: adopt " in str(caught.value)
    assert not (tmp_path / "rows.csv").exists()
    said: list[str] = []
    grouped.save(tmp_path, "mine", said.append)  # what the remedy ends in
    assert str(folder / file) in said[0] and "written anew" in said[0]
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == whole


def test_kinds_of_groups_added_later_are_part_of_what_was_written(
    result: Result, grouped: Result, tmp_path: Path
) -> None:
    result.save(tmp_path, "mine")
    folder = grouped.save(tmp_path, "mine")
    assert set(read_result(folder).groups["baseline"].labels) == set(
        grouped.groups["baseline"].labels
    )
    other = sim.compare(list(result.scenarios.values()), runs=4, seed=3, by=["archetype"])
    other.save(tmp_path, "mine")
    kinds = {kind for kind, _ in read_result(folder).groups["baseline"].labels}
    assert kinds == {"role", "archetype"}


def test_a_result_read_back_can_be_kept_elsewhere(grouped: Result, tmp_path: Path) -> None:
    again = read_result(grouped.save(tmp_path / "one"))
    assert read_result(again.save(tmp_path / "other")).fingerprint == grouped.fingerprint


def test_the_order_of_departments_belongs_to_the_fingerprint(small: Scenario) -> None:
    """It decides who is drawn with which luck, so another order gives other numbers."""
    one, other = (
        small.changed({"organisation.departments": {n: {"share": s} for n, s in order}})
        for order in ((("a", 0.3), ("b", 0.7)), (("b", 0.7), ("a", 0.3)))
    )
    results = [sim.run(scenario, runs=2) for scenario in (one, other)]
    assert not np.array_equal(*(next(iter(one.measured.values())) for one in results))
    assert results[0].fingerprint != results[1].fingerprint


def test_a_result_read_back_keeps_its_own_provenance(tmp_path: Path, monkeypatch) -> None:
    result = sim.run("baseline", runs=2)
    folder = result.save(tmp_path, "mine")
    monkeypatch.setattr("sim.study.provenance.source_fingerprint", lambda: "another version")
    again = sim.read_result(folder)
    assert again.fingerprint == folder.name
    assert again.provenance["code"] != "another version"


def test_an_interrupted_study_stays_interrupted_when_read(tmp_path: Path) -> None:
    result = sim.run("baseline", runs=2)
    part = Result(result.scenarios, result.measured, result.seed, asked=5)
    assert sim.read_result(part.save(tmp_path)).interrupted


@pytest.mark.parametrize("name", ["../../escape", "/escape", "..", "a\\b", "\x00", "   "])
def test_no_name_leads_out_of_the_results(tmp_path: Path, name: str) -> None:
    folder = sim.run("baseline", runs=1).save(tmp_path / "results", name)
    assert (tmp_path / "results") in folder.resolve().parents
