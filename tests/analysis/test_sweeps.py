"""Sweeps survive, resume, and end with the same bytes whatever happened in between."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from parts import few

import sim
from analysis.cli import adopt
from analysis.results.exporting import exported, harmless
from sim.scenario import folders, read_catalogue
from sim.scenario.folders import library
from sim.scenario.imports.questionnaire import questionnaire
from sim.scenario.library import read_archetypes, read_presets, read_use_cases
from sim.study import posteriors
from sim.study.posteriors import posterior
from sim.study.sweeps import Experiment, Sweep, engines, read_experiment, store
from sim.study.sweeps import sweep as run_sweep
from sim.study.sweeps.again import rerun
from sim.study.sweeps.plan import Cut
from sim.study.sweeps.points import points_of
from sim.study.sweeps.preparing import prepare
from sim.study.sweeps.running import complete
from sim.study.sweeps.work import Key, made_with

SMALL = {"organisation.employees": 12, "simulation.months": 6}


def experiment(**changes: object) -> Experiment:
    """Return a small experiment of many shards."""
    content: dict[str, object] = {
        "name": "small",
        "scenarios": ("baseline", "champions"),
        "changes": SMALL,
        "factors": {
            "parameters.peer_weight": (0.5, 2.0),
            "organisation.network.kind": ("teams", "random"),
        },
        "organisations": 4,
        "replicates": 2,
    }
    return Experiment.model_validate(content | changes)


def fingerprints(folder: Path) -> dict[str, str]:
    """Return what every shard of a folder holds, by name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*.parquet"))
    }


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards so small that there are many."""
    monkeypatch.setattr("sim.study.sweeps.plan.ROWS", 60)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.study.sweeps.plan.ROWS", 60)
        complete(prepare(experiment()), folder, workers=1)
    return folder


# --- What is in it --------------------------------------------------------------------------


def test_every_run_is_there_once(whole: Path) -> None:
    table = Sweep(whole).table()
    keys = ["scenario", "point", "organisation", "replicate", "month"]
    assert len(table) == prepare(experiment()).rows == 2 * 4 * 4 * 2 * 7
    assert not table.duplicated(keys).any()
    assert set(table["organisation.network.kind"]) == {"teams", "random"}
    assert table["seed"].eq(1).all()


def test_any_reader_of_parquet_reads_it(whole: Path) -> None:
    found = pd.read_parquet(whole)
    assert len(found) == len(Sweep(whole).table())


def test_a_row_is_what_the_scenario_gives_by_itself(whole: Path) -> None:
    """Organisation k of a sweep is run k of a comparison."""
    here = sim.load("champions").changed(
        {**SMALL, "parameters.peer_weight": 2.0, "organisation.network.kind": "teams"}
    )
    curves = sim.run(here, runs=4, seed=1).curves("champions", "adoption")
    where = """scenario = 'champions' and replicate = 0 and "parameters.peer_weight" = 2
               and "organisation.network.kind" = 'teams'"""
    table = Sweep(whole).table(["organisation", "month", "adoption"], where)
    found = table.pivot(index="organisation", columns="month", values="adoption").to_numpy()
    assert np.array_equal(found, curves.astype(np.float32))


def test_replicates_share_people_and_differ_in_luck(whole: Path) -> None:
    table = Sweep(whole).table(where="month = 0 and scenario = 'baseline'")
    start = table.pivot(index=["point", "organisation"], columns="replicate", values="felt_threat")
    assert np.array_equal(start[0], start[1])
    later = Sweep(whole).table(where="month = 6 and scenario = 'baseline'")
    end = later.pivot(index=["point", "organisation"], columns="replicate", values="felt_threat")
    assert not np.array_equal(end[0], end[1])


def test_summaries_are_those_of_all_rows(whole: Path) -> None:
    table = Sweep(whole).table()
    summary = Sweep(whole).summary("adoption", ["scenario"])
    for (name, month), rows in table.groupby(["scenario", "month"]):
        one = summary[(summary["scenario"] == name) & (summary["month"] == month)].iloc[0]
        assert one["runs"] == len(rows)
        assert one["mean"] == pytest.approx(rows["adoption"].mean(), abs=1e-6)
        assert one["q05"] == pytest.approx(rows["adoption"].quantile(0.05), abs=1e-6)


def test_a_hypercube_has_a_point_in_every_slice_and_a_longer_sobol_begins_as_a_shorter() -> None:
    factors = {
        "parameters.peer_weight": {"low": 1.0, "high": 3.0},
        "organisation.employees": {"low": 50, "high": 57},
    }
    cube = points_of(experiment(design="latin_hypercube", factors=factors, points=8))
    slices = [int((one["parameters.peer_weight"] - 1.0) * 4) for one in cube]
    assert sorted(slices) == list(range(8))
    assert sorted(one["organisation.employees"] for one in cube) == list(range(50, 58))
    short, long = (
        points_of(experiment(design="sobol", factors=factors, points=number)) for number in (8, 32)
    )
    assert long[:8] == short


def test_vectors_of_a_posterior_are_simulated_as_they_are(tmp_path: Path) -> None:
    asked = experiment(factors={}, posterior={"evidence": "vendor", "number": 3}, replicates=1)
    complete(prepare(asked), tmp_path)
    rows = posterior("vendor").head(3).to_dict("records")
    for number, values in enumerate(rows):
        vector = {f"parameters.{name}": value for name, value in values.items()}
        here = sim.load("champions").changed({**SMALL, **vector})
        curves = sim.run(here, runs=4, seed=1).curves("champions", "adoption")
        found = Sweep(tmp_path).table(
            ["adoption"], f"scenario = 'champions' and vector = {number} and month = 6"
        )
        assert np.array_equal(found["adoption"], curves[:, 6].astype(np.float32))


# --- Whatever happens -------------------------------------------------------------------------


def test_workers_that_come_late_are_waited_for() -> None:
    """Nobody at first, somebody before the bound: the time without anybody starts anew."""
    there = iter([0, 0, 1, 0])
    workers = engines.Workers(None, lambda: next(there), "here", lambda _: None)  # type: ignore[arg-type]
    for _ in range(4):
        workers.ask()


def test_a_process_that_is_killed_is_one_sentence_and_loses_nothing(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures.process import BrokenProcessPool

    real, left = engines.Workers.result, [2]

    def broken(self: engines.Workers, one: object) -> object:
        left[0] -= 1
        if left[0] < 0:
            failed: Future[object] = Future()
            failed.set_exception(BrokenProcessPool("a process was terminated abruptly"))
            return real(self, failed)
        return real(self, one)  # type: ignore[arg-type]

    monkeypatch.setattr(engines.Workers, "result", broken)
    with pytest.raises(sim.AdoptionError, match="is gone: a process was terminated") as caught:
        complete(prepare(experiment()), tmp_path, workers=1)
    assert "16 of 64 runs" in str(caught.value)
    monkeypatch.undo()
    monkeypatch.setattr("sim.study.sweeps.plan.ROWS", 60)
    complete(prepare(experiment()), tmp_path)
    assert fingerprints(tmp_path) == fingerprints(whole)


def test_parts_of_an_array_make_up_the_whole(whole: Path, tmp_path: Path) -> None:
    for part in (3, 1, 2):
        complete(prepare(experiment()), tmp_path, share=(part, 3))
    assert fingerprints(tmp_path) == fingerprints(whole)


def test_a_damaged_shard_is_found_said_and_simulated_again(whole: Path, tmp_path: Path) -> None:
    complete(prepare(experiment()), tmp_path)
    victim = sorted(tmp_path.glob(store.SHARDS))[2]
    whole_bytes = victim.read_bytes()
    for place in (0, len(whole_bytes) // 3, len(whole_bytes) // 2, len(whole_bytes) - 9):
        content = bytearray(whole_bytes)
        content[place] ^= 0xFF
        victim.write_bytes(content)
        with pytest.raises(sim.AdoptionError, match=f"{victim.name}: damaged"):
            Sweep(tmp_path).table()
        said: list[str] = []
        complete(prepare(experiment()), tmp_path, notice=said.append)
        assert len(said) == 1
        assert victim.name in said[0]
    assert fingerprints(tmp_path) == fingerprints(whole)


def test_a_full_disk_loses_nothing(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = os.fsync, [3]

    def full(descriptor: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        real(descriptor)

    complete(prepare(experiment()), tmp_path, share=(1, 50))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(sim.AdoptionError, match="No space left"):
        complete(prepare(experiment()), tmp_path)
    assert not [one for one in tmp_path.rglob(".*") if one.is_file()]
    monkeypatch.setattr(os, "fsync", real)
    before = fingerprints(tmp_path)
    complete(prepare(experiment()), tmp_path)
    assert before.items() <= fingerprints(whole).items()
    assert fingerprints(tmp_path) == fingerprints(whole)


def damaged(folder: Path, damage: str) -> None:
    """Damage what made a sweep."""
    file = folder / store.ORIGIN
    if damage == "removed":
        file.unlink()
    elif damage == "cut off":
        file.write_bytes(file.read_bytes()[:700])
    elif damage == "edited":
        file.write_text(file.read_text("utf-8").replace('"seed": 1', '"seed": 2'), "utf-8")
    elif damage == "without checksums":
        content = json.loads(file.read_text("utf-8"))
        del content["checksums"]
        file.write_text(json.dumps(content), "utf-8")
    else:
        file.write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    "damage", ["removed", "cut off", "edited", "without checksums", "other bytes"]
)
def test_what_made_a_sweep_is_written_again_and_never_leaves_one_stuck(
    whole: Path, tmp_path: Path, damage: str
) -> None:
    shutil.copytree(whole, tmp_path / "sweeps" / "small")
    folder = tmp_path / "sweeps" / "small"
    damaged(folder, damage)
    for words in (["show", str(folder)], ["export", str(folder), "--to", "csv"],
                  ["rerun", str(folder), "--row", "1"]):  # fmt: skip
        told = str(CliRunner().invoke(adopt, words).exception)
        assert f"{folder / store.ORIGIN}: the file is damaged" in told
        assert f"adopt sweep EXPERIMENT --name small --output {tmp_path}" in told
    with pytest.raises(sim.AdoptionError, match="another experiment"):
        complete(prepare(experiment(seed=2)), folder)
    said: list[str] = []
    asked: list[int] = []
    complete(prepare(experiment()), folder, notice=said.append,
             progress=lambda done, total: asked.append(done))  # fmt: skip
    assert [one for one in said if store.ORIGIN in one]
    assert asked == [64], "nothing is simulated again"
    assert len(Sweep(folder).table()) == len(Sweep(whole).table())
    assert (folder / store.ORIGIN).read_bytes() == (whole / store.ORIGIN).read_bytes()


@pytest.fixture
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the library that is in use, and may be edited."""
    shutil.copytree(library(), tmp_path / "shipped")
    monkeypatch.setattr(folders, "library", lambda: tmp_path / "shipped")
    return tmp_path / "shipped" / "library"


def edit(file: Path, old: str, new: str) -> None:
    """Edit a file of the library between two commands."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    for read in (
        read_archetypes, read_presets, read_use_cases, read_catalogue, questionnaire, made_with,
    ):  # fmt: skip
        read.cache_clear()
    posteriors._read.cache_clear()


LIBRARY_FILES = [*store.KEPT, "posteriors/literature.csv"]


LIBRARY = LIBRARY_FILES


@pytest.mark.parametrize("file", few(LIBRARY, 1))
def test_a_sweep_never_goes_on_with_another_library(
    own_library: Path, tmp_path: Path, file: str
) -> None:
    asked = experiment(posterior={"number": 2}, factors={})
    folder = tmp_path / "sweep"
    complete(prepare(asked), folder, share=(1, 2))
    before = fingerprints(folder)
    change_library(own_library, file)
    with pytest.raises(sim.AdoptionError, match=f"{file} of the library") as caught:
        complete(prepare(asked), folder)
    if file != "posteriors/literature.csv":
        assert " there, " in str(caught.value) and " here" in str(caught.value)
        assert str(folder / store.LIBRARY / file) in str(caught.value)
    assert fingerprints(folder) == before


def change_library(place: Path, file: str) -> None:
    """Change one number or word of a file of the library that makes other results."""
    text = (place / file).read_text("utf-8")
    if file == "measures.yaml":
        found = re.search(r"pushes: \{\w+: ([0-9.]+)", text)
    elif file == "archetypes.yaml":
        found = re.search(r"skill: (usual)", text)
    elif file == "sectors.yaml":
        found = re.search(r"shares: \{(\w+): [0-9.]+, \w+:", text)
    elif file == "use-cases.yaml":
        found = re.search(r"share: ([0-9.]+)", text)
    elif file == "questionnaire.yaml":
        found = re.search(r"threat: (competence)", text)
    else:
        found = re.search(r"\n-?[0-9]([.][0-9]+),", text)
    assert found is not None
    new = {"usual": "anxious", "competence": "status", "1": "0.9"}.get(found[1], found[1] + "1")
    if file == "sectors.yaml":
        one = re.search(r"shares: \{(\w+): ([0-9.]+), (\w+):", text)
        assert one is not None
        edit(place / file, one[0], f"shares: {{{one[3]}: {one[2]}, {one[1]}:")
        return
    edit(place / file, found[0], found[0].replace(found[1], new))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"seed": 2}, "the seed"),
        ({"changes": {**SMALL, "simulation.months": 5}}, "the scenarios"),
        ({"organisations": 5}, "'organisations'"),
    ],
)
def test_another_experiment_never_goes_on_in_a_folder(
    whole: Path, changes: dict[str, object], named: str
) -> None:
    before = fingerprints(whole)
    with pytest.raises(sim.AdoptionError, match=named):
        complete(prepare(experiment(**changes)), whole)
    assert fingerprints(whole) == before


def test_points_that_were_damaged_are_written_again_and_nothing_else(
    whole: Path, tmp_path: Path
) -> None:
    complete(prepare(experiment()), tmp_path)
    file = tmp_path / store.POINTS
    good = file.read_text("utf-8")
    file.write_text(good.replace("0.5", "0.6"), "utf-8")
    with pytest.raises(sim.AdoptionError, match="damaged"):
        rerun(tmp_path, 100)
    said: list[str] = []
    complete(prepare(experiment()), tmp_path, notice=said.append)
    assert said == [f"{store.POINTS} is damaged (another checksum): written again"]
    assert file.read_text("utf-8") == good
    assert fingerprints(tmp_path) == fingerprints(whole)


def test_a_sweep_stays_in_its_folder(tmp_path: Path) -> None:
    for name in ("../x", ".x", "a b", "x/y"):
        with pytest.raises(sim.AdoptionError, match="name: found"):
            run_sweep(experiment(), name=name, root=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_shards_hold_every_organisation_of_every_cell_once() -> None:
    for organisations, replicates, points in ((1, 1, 1), (7, 3, 5), (100, 1, 3), (3, 40, 2)):
        cut = Cut([{"a": k} for k in range(points)], [{}], organisations, replicates, 25, 50)
        found = [
            (one.point, organisation)
            for shard in range(cut.shards)
            for one in cut.pieces(shard)
            for organisation in range(one.first, one.last)
        ]
        assert sorted(found) == [(p, o) for p in range(points) for o in range(organisations)]


def test_large_organisations_have_smaller_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.study.sweeps.plan.ROWS", 10_000)
    small, large = (Cut([{}], [{}], 80, 1, 25, people) for people in (250, 10_000))
    assert (small.shards, large.shards) == (1, 2)
    varied = experiment(factors={"organisation.employees": (50, 10_000)}, organisations=80)
    assert prepare(varied).cut.block < 80


# --- Files ------------------------------------------------------------------------------------


def test_shipped_experiments_can_be_read_and_planned() -> None:
    folder = Path(sim.__file__).parents[1] / "scenarios" / "experiments"
    files = sorted(folder.glob("*.yaml"))
    assert files
    for file in files:
        assert prepare(read_experiment(file)).runs > 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "scenarios: [baseline]\nfactor: {}\n",
            "there is no field 'factor'; did you mean 'factors'",
        ),
        ("factors: {organisation.employees: [50]}\n", "'scenarios' is missing"),
        (
            "scenarios: [baseline]\ndesign: sobol\n",
            "wrong.yaml:2:1 design: the design sobol needs factors",
        ),
        (
            "scenarios: [baseline]\nfactors:\n  parameters.peer_weight: {low: 1, high: 2}\n",
            "wrong.yaml:3:3 factors.parameters.peer_weight: a grid needs a list of values",
        ),
        ("scenarios: [baseline]\nposterior: {number: 999}\n", "wrong.yaml:2:21: posterior.number"),
        ("", "such as 'scenarios: [baseline, champions]'"),
        ("scenarios: [baseline]\nfactors:\n  tool.price: [1, 2]\n", "tool.price"),
        ("scenarios: [basline]\n", "wrong.yaml:1:13: there is no scenario 'basline'"),
        (
            "scenarios: [baseline]\nchanges: {tool.price: 1}\nfactors: {}\n",
            "wrong.yaml:2:23: there is no field 'price'",
        ),
        (
            "scenarios: [baseline]\nfactors:\n  organisation.network.kind: [teams, smal_world]\n",
            "wrong.yaml:3:30: factor organisation.network.kind: found 'smal_world'",
        ),
        (
            "scenarios: [baseline]\ndesign: list\nlisted:\n"
            "  - {parameters.peer_weight: 1.0}\n  - {parameters.peer_weight: 99.0}\n",
            "wrong.yaml:5:30: factor parameters.peer_weight: found 99.0",
        ),
    ],
)
def test_what_is_wrong_in_an_experiment_is_said(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "wrong.yaml").write_text(text, "utf-8")
    with pytest.raises(sim.AdoptionError) as caught:
        prepare(read_experiment(tmp_path / "wrong.yaml"))
    assert told in str(caught.value)


def test_a_grid_in_one_line_is_a_sweep(tmp_path: Path) -> None:
    grid = run_sweep("baseline", {"organisation.employees": [12, 24]}, runs=2, root=tmp_path)
    assert len(grid.table(where="month = 24")) == 4


# --- Out of it --------------------------------------------------------------------------------


def test_rows_are_exported_as_they_are_and_no_text_is_a_formula(
    whole: Path, tmp_path: Path
) -> None:
    stored = Sweep(whole).table()
    csv = exported(whole, "csv", target=tmp_path / "rows.csv")
    assert np.array_equal(pd.read_csv(csv)["adoption"].astype(np.float32), stored["adoption"])
    sheet = exported(whole, "xlsx", ["adoption"], 6, tmp_path / "rows.xlsx")
    found = pd.read_excel(sheet)
    assert len(found) == (stored["month"] == 6).sum()
    assert list(found.columns)[-1] == "adoption"
    assert set(found["scenario"]) == {"baseline", "champions"}
    with pytest.raises(sim.AdoptionError, match="no rows to export"):
        exported(whole, "csv", month=99, target=tmp_path / "none.csv")
    assert not (tmp_path / "none.csv").exists()


def test_an_export_lies_beside_the_shards_and_its_place_is_said(
    whole: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sweeps" / "small"
    shutil.copytree(whole, folder)
    before = sorted(one.name for one in folder.iterdir())
    words = ["export", str(folder), "--to", "csv", "--kpi", "adoption", "--month", "6"]
    answer = CliRunner().invoke(adopt, words)
    file = tmp_path / "sweeps" / "small-runs-adoption-month-6.csv"
    assert answer.stdout.strip() == str(file) and file.is_file()
    assert sorted(one.name for one in folder.iterdir()) == before
    words = ["export", str(folder), "--to", "csv", "--key", "champions,2,17,4"]
    one = pd.read_csv(CliRunner().invoke(adopt, words).stdout.strip())
    assert one[["scenario", "point", "run", "month"]].to_numpy().tolist() == [
        ["champions", 2, 17, 4]
    ]
    assert one.equals(pd.read_csv(exported(folder, "csv", row=Key("champions", 2, 17, 4))))
    result = sim.compare(["baseline"], runs=2).save(tmp_path)
    assert exported(result, "csv", month=3) == result / "runs-month-3.csv"
    assert sim.read_result(result).runs == 2


def test_a_text_that_a_spreadsheet_takes_for_a_formula_is_written_as_text() -> None:
    for text in ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"):
        assert harmless(text) == f"'{text}"
    assert harmless("sales") == "sales"


def test_what_there_is_is_listed_with_what_made_it(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "sweeps" / "one")
    sim.compare(["baseline"], runs=2).save(tmp_path)
    answer = CliRunner().invoke(adopt, ["results", str(tmp_path), "--json"])
    rows = json.loads(answer.output)
    assert {one["kind"] for one in rows} == {"sweep", "result"}
    sweep = next(one for one in rows if one["kind"] == "sweep")
    assert sweep["finished"] == "100 %" and sweep["seed"] == 1


def test_the_command_says_how_much_it_is_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "small.yaml"
    content = experiment().model_dump(
        mode="json", exclude={"name", "points"}, exclude_defaults=True
    )
    file.write_text(json.dumps(content), "utf-8")
    words = ["sweep", str(file), "--output", str(tmp_path / "out")]
    said = CliRunner().invoke(adopt, [*words, "--dry-run"])
    assert said.exit_code == 0, said.output
    assert "= 64 runs, 448 rows" in said.output
    assert not (tmp_path / "out").exists()
    assert CliRunner().invoke(adopt, [*words, "--shard", "1/2"]).exit_code == 0
    said = CliRunner().invoke(adopt, [*words, "--dry-run"])
    assert "32 runs of these are there already" in said.output
    folder = str(tmp_path / "out" / "sweeps" / "small")
    for one in (["rerun", folder, "--row", "3"], ["export", folder, "--to", "csv"]):
        assert "4 of 8 shards so far" in CliRunner().invoke(adopt, one).stderr
    other = tmp_path / "other.yaml"
    other.write_text(json.dumps({**content, "seed": 2}), "utf-8")
    said = CliRunner().invoke(
        adopt, ["sweep", str(other), "--name", "small", *words[2:], "--dry-run"]
    )
    assert "changed since: the seed (1 there, 2 asked for)" in str(said.exception)
    answer = CliRunner().invoke(adopt, [*words, "--json"])
    told = json.loads(answer.stdout)
    assert told["shards"] == told["of"] and told["runs"] == 64
    shown = CliRunner().invoke(adopt, ["show", told["folder"], "--json"])
    rows = json.loads(shown.output)["rows"]
    assert len(rows) == 2 * 2 * 2 and all(one["runs"] == 8 for one in rows)
