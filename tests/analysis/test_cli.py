"""The command line does what its help says, and what a user can mend is said without a traceback."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import sim
from analysis import cli
from sim.scenario import read_scenario, schema_text
from sim.scenario.folders import library

FEW = ("--runs", "6", "--months", "6", "--no-figure")


class Answer(NamedTuple):
    """What a command gave: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def adopt(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["adopt", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        text = capsys.readouterr()
        assert "Traceback" not in text.out + text.err
        return Answer(int(ended.value.code or 0), text.out, text.err)

    return run


def folders(root: Path = Path("results")) -> list[Path]:
    return sorted(path.parent for path in root.rglob("provenance.json"))


# --- Help ----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", sorted(cli.adopt.commands))
def test_every_command_explains_itself(adopt, command):
    answer = adopt(command, "--help")
    assert answer.code == 0
    assert len(answer.out.splitlines()) > 5


def test_an_unknown_command_exits_with_2(adopt):
    assert adopt("compair").code == 2


# --- Studies -------------------------------------------------------------------------------


def test_compare_shows_every_scenario_and_the_paired_verdict(adopt):
    answer = adopt("compare", "baseline", "leadership", *FEW)
    assert answer.code == 0
    assert "Licences only" in answer.out
    assert "Leaders' example: " in answer.out
    assert "95 % interval" in answer.out
    assert "6 organisations" in answer.out


def test_compare_stores_runs_that_can_be_read_and_made_again(adopt):
    adopt("compare", "baseline", "champions", *FEW, "--seed", "5")
    (folder,) = folders()
    stored = sim.read_result(folder)
    again = sim.compare(list(stored.scenarios.values()), runs=stored.runs, seed=stored.seed)
    assert again.fingerprint == stored.fingerprint == folder.name
    for name in stored.scenarios:
        assert again.measured[name].tobytes() == stored.measured[name].tobytes()


def test_the_same_study_again_leaves_the_stored_one_alone_and_another_gets_its_own_folder(adopt):
    adopt("compare", "baseline", "champions", *FEW)
    (folder,) = folders()
    before = (folder / "runs.parquet").stat()
    adopt("compare", "baseline", "champions", *FEW)
    assert (folder / "runs.parquet").stat().st_mtime_ns == before.st_mtime_ns
    adopt("compare", "baseline", "champions", *FEW, "--seed", "2")
    adopt("compare", "baseline", "champions", *FEW, "--set", "organisation.employees=80")
    assert len(folders()) == 3


def test_compare_draws_the_figure(adopt):
    adopt("compare", "baseline", "leadership", "--runs", "6", "--months", "6")
    (folder,) = folders()
    assert (folder / "adoption.png").read_bytes().startswith(b"\x89PNG")
    assert "Licences only" in (folder / "adoption.svg").read_text("utf-8")


def test_json_holds_levels_and_differences(adopt):
    answer = adopt("compare", "baseline", "leadership", *FEW, "--json")
    content = json.loads(answer.out)
    assert content["runs"] == 6
    assert Path(content["folder"]).is_dir()
    assert {row["scenario"] for row in content["levels"]} == {"baseline", "leadership"}
    (difference,) = content["differences"]
    assert difference["low"] <= difference["difference"] <= difference["high"]


def test_run_shows_every_kpi_of_one_scenario(adopt):
    answer = adopt("run", "champions", *FEW)
    assert answer.code == 0
    for kpi in ("Weekly users", "Never-users", "Cumulative net"):
        assert kpi in answer.out


def test_set_changes_every_scenario_compared(adopt):
    adopt("compare", "baseline", "champions", *FEW, "--set", "organisation.employees=30")
    stored = sim.read_result(folders()[0])
    assert {one.organisation.employees for one in stored.scenarios.values()} == {30}


def test_ctrl_c_keeps_what_is_finished_and_exits_with_130(adopt, monkeypatch):
    from sim.study import experiments

    whole = experiments.compare

    def interrupted(scenarios, runs, seed, progress, threads, by):
        def stop(done: int, total: int) -> None:
            raise KeyboardInterrupt

        return whole(scenarios, runs, seed, stop, threads, by=by)

    monkeypatch.setattr(experiments, "compare", interrupted)
    answer = adopt(
        "compare", "baseline", "leadership", "--runs", "40", "--months", "6", "--no-figure"
    )
    assert answer.code == cli.INTERRUPTED
    assert "Interrupted" in answer.err
    (folder,) = folders()
    stored = sim.read_result(folder)
    assert 0 < stored.runs < 40
    monkeypatch.undo()
    fewer = sim.compare(list(stored.scenarios.values()), runs=stored.runs)
    assert fewer.fingerprint == stored.fingerprint


# --- What a user can mend ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("compare", "basline"), 1, "baseline"),
        (("compare", "baseline", "baseline"), 1, "two scenarios are called 'baseline'"),
        (("compare", "missing.yaml"), 1, "missing.yaml"),
        (("run", "baseline", "--set", "organisation.employes=9"), 1, "employees"),
        (("run", "baseline", "--set", "budget.total=10"), 1, "licences"),
        (("run", "baseline", "--runs", "0"), 2, "--runs"),
        (("run", "baseline", "--kpi", "adopton"), 2, "adoption"),
        (("compare", "baseline", "champions", "--against", "leaders"), 2, "--against"),
        (("catalogue", "champion"), 2, "champions"),
        (("catalogue", "--phase", "x"), 2, "communication"),
        (("new", "no/such/folder/acme"), 1, "no/such/folder"),
        (("parameters", "chmpion"), 2, "chmpion"),
    ],
)
def test_a_mistake_is_explained_in_words(adopt, words, code, said):
    answer = adopt(*words)
    assert answer.code == code
    assert said in answer.err


def test_results_that_cannot_be_written_are_said_so(adopt):
    Path("results").mkdir()
    Path("results/baseline").write_text("a file where the folder should be")
    answer = adopt("run", "baseline", *FEW)
    assert answer.code == 1
    assert "cannot write results" in answer.err


# --- Files and lists -----------------------------------------------------------------------


def test_a_new_scenario_is_in_order_and_runs(adopt):
    assert adopt("new", "acme").code == 0
    assert adopt("validate-scenario", "acme.yaml").code == 0
    assert adopt("run", "acme.yaml", *FEW).code == 0
    schema = Path("acme.yaml").read_text("utf-8").splitlines()[0].rpartition("$schema=")[2]
    assert Path(schema).is_file()


def test_a_new_organisation_is_compared_with_itself_without_measures(adopt):
    adopt("new", "acme")
    alone, with_measures = (read_scenario(f"{name}.yaml") for name in ("acme-licences", "acme"))
    assert alone.tool == with_measures.tool
    assert list(alone.deployments) == ["launch"]
    answer = adopt("compare", "acme-licences.yaml", "acme.yaml", *FEW)
    assert answer.code == 0
    assert "~" not in answer.out.split("m6:")[0]


@pytest.mark.parametrize("name", ["", "foo bar", "baseline"])
def test_a_name_that_would_not_work_is_refused(adopt, name):
    assert adopt("new", name).code == 1


def test_different_organisations_are_not_shown_as_one(adopt):
    Path("other.yaml").write_text("extends: baseline\norganisation: {name: Other, employees: 30}\n")
    answer = adopt("compare", "baseline", "other.yaml", *FEW)
    assert "Different organisations" in answer.out
    assert "~ " in answer.out


def test_an_empty_measure_is_no_silent_removal(adopt):
    Path("mine.yaml").write_text("extends: baseline\nprogramme:\n  leadership-example:\n")
    answer = adopt("validate-scenario", "mine.yaml")
    assert answer.code == 1
    assert "mine.yaml:3:" in answer.err and "leadership-example: {}" in answer.err


def test_a_decimal_comma_in_braces_is_explained(adopt):
    Path("mine.yaml").write_text("extends: baseline\nprogramme:\n  champions: {share: 0,08}\n")
    answer = adopt("validate-scenario", "mine.yaml")
    assert "use a decimal point (0.08)" in answer.err


def test_settings_that_are_overruled_are_said_so(adopt):
    Path("mine.yaml").write_text("extends: champions\nsimulation: {runs: 30}\n")
    answer = adopt(
        "compare", "baseline", "mine.yaml", "--months", "2", "--seed", "1", "--no-figure"
    )
    assert "mine says 30" in answer.err


def test_new_never_overwrites(adopt):
    Path("acme.yaml").write_text("mine")
    answer = adopt("new", "acme")
    assert answer.code == 1
    assert Path("acme.yaml").read_text() == "mine"


def test_validating_names_what_is_wrong_and_goes_on(adopt):
    Path("bad.yaml").write_text("organisation: {employees: many}\n")
    answer = adopt("validate-scenario", "bad.yaml", "baseline")
    assert answer.code == 1
    assert "bad.yaml:1:" in answer.err
    assert "baseline: in order" in answer.out


def test_the_shipped_schema_is_the_one_the_code_writes(adopt):
    shipped = (library() / "library" / "scenario.schema.json").read_text("utf-8")
    assert schema_text() == shipped
    assert adopt("schema").out == shipped


def test_lists_are_tables_or_json(adopt):
    assert "champions" in adopt("catalogue").out
    assert "Ambassadeurs" in adopt("catalogue", "champions", "--lang", "nl").out
    measures = json.loads(adopt("catalogue", "--json").out)
    assert all(one["sources"] for one in measures)
    numbers = json.loads(adopt("parameters", "--json").out)
    assert all(one["low"] <= one["default"] <= one["high"] for one in numbers)
    assert all(one["unit"] and one["source"] and one["meaning"] for one in numbers)
    assert "champion_voice" in adopt("parameters", "champion").out
    assert "peer_weight" not in adopt("parameters", "champion").out


def test_pairing_of_different_people_is_refused(adopt):
    Path("other.yaml").write_text("extends: baseline\norganisation: {employees: 30}\n")
    assert "different people" in adopt("pairing", "other.yaml").err
