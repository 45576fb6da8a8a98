"""The register says what every number rests on, and everything that points to it finds it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sim
from analysis.cli import adopt
from analysis.studies.patterns import read_patterns
from sim.errors import AdoptionError, ScenarioError
from sim.evidence import (
    Entry,
    Identifier,
    entries_with,
    evidence_table,
    ids_of,
    pointers,
    read_evidence,
    used_by,
)
from sim.parameters import numbers
from sim.scenario import read_catalogue
from sim.scenario.catalogue import entries_of
from sim.scenario.library import read_archetypes, read_presets, read_use_cases

CLAIMS = {f"C{n:02}" for n in range(1, 76)} - {"C35", "C36", "C64", "C68", "C74"}
FINDINGS = {f"L{n:02}" for n in range(1, 70)}
OTHERS = {
    "choice", "definition", "calibration", "practice", "information", "ai-act", "wor", "banerjee2013",
    "bass1969", "granovetter1978", "watts1998", "barabasi1999", "watts2002", "centola2007",
    "gleeson2007",
}  # fmt: skip


# --- What it holds ---------------------------------------------------------------------------


def test_every_claim_and_finding_has_an_entry() -> None:
    assert len(CLAIMS) == 70
    assert set(read_evidence()) == CLAIMS | FINDINGS | OTHERS


def test_what_is_calibrated_on_was_decided_beforehand() -> None:
    vendor = entries_with(role="calibrate", evidence_set="vendor")
    literature = entries_with(role="calibrate", evidence_set="literature")
    timed = {"L57", "L61", "L62", "L63", "L65", "L69"}
    assert set(vendor) == {"C07", "C08", "C09", "C43", "C67", "C72"}
    assert set(literature) == timed | {"L03", "L12", "L14", "L31", "L44"}
    assert set(entries_with(role="calibrate")) == set(vendor) | set(literature)
    assert all(read_evidence()[name].grade in ("A", "B", "C") for name in literature)


def test_what_is_held_out_stays_held_out() -> None:
    assert {"C44", "C47", "C48", "C58", "C69", "C70", "C73", "C75"} <= set(
        entries_with(role="hold_out")
    )


def test_an_untraced_claim_has_the_lowest_grade_and_proves_no_cause() -> None:
    for name, entry in read_evidence().items():
        assert (entry.kind == "vendor") == (entry.grade == "E"), name
        if entry.grade in ("C", "D", "E"):
            assert not entry.causal, name
        if name in CLAIMS:
            assert entry.grade in ("D", "E"), name
            assert entry.verified == "nothing", name


def test_the_best_grade_is_for_trials_and_meta_analyses_that_were_seen() -> None:
    for name, entry in entries_with(grade="A").items():
        assert entry.kind in ("trial", "meta_analysis"), name
        assert entry.verified in ("excerpt", "recomputed"), name


def test_entries_conflict_with_others_that_exist() -> None:
    for name, entry in read_evidence().items():
        for other in entry.conflicts.ids if entry.conflicts else ():
            assert other in read_evidence()
            assert other != name


def test_no_two_entries_say_the_same() -> None:
    titles = [entry.title for entry in read_evidence().values()]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("kind: vendors\ngrade: E\nrole: context", "did you mean 'vendor'?"),
        ("kind: vendor\nrole: context", "has a 'grade'"),
        ("kind: theory\ngrade: A\nrole: context", "has a 'grade'"),
        ("kind: vendor\ngrade: E\nrole: calibrate", "has a 'set'"),
        ("kind: vendor\ngrade: E\nrole: context\nset: vendor", "has a 'set'"),
        (
            "kind: vendor\ngrade: E\nrole: hold_out\n"
            "check: {with: {scenario: baseline}, kpi: adoption, month: 18, "
            "expect: [{of: with, expected: 0.9, low: 0.2, high: 0.4}]}",
            "have to rise",
        ),
    ],
)
def test_what_is_wrong_with_an_entry_is_said_with_its_line(
    wrong: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "evidence.yaml"
    fields = (
        f"title: A claim\nsource: Somebody\ncausal: false\nverified: nothing\nmetric: use\n{wrong}"
    )
    file.write_text("C01:\n" + "".join(f"  {one}\n" for one in fields.splitlines()), "utf-8")
    with pytest.raises(ScenarioError) as error:
        entries_of(file, Entry, Identifier)
    assert said in str(error.value)
    assert all(problem.line for problem in error.value.problems)


def test_an_id_is_a_claim_a_finding_or_a_plain_word(tmp_path: Path) -> None:
    file = tmp_path / "evidence.yaml"
    file.write_text("X01: {}\n", "utf-8")
    with pytest.raises(ScenarioError, match="X01"):
        entries_of(file, Entry, Identifier)


# --- Who points to it --------------------------------------------------------------------------


def test_the_ids_of_a_source_stand_before_its_first_colon() -> None:
    assert ids_of("C47, C32: they overlap: both") == ("C47", "C32")
    assert ids_of("L33") == ("L33",)
    assert ids_of("Somebody 2025, page 3") == ("Somebody 2025", "page 3")


@pytest.mark.parametrize(
    "kind",
    [
        "parameters",
        "calibrated parameters",
        "measures",
        "archetypes",
        "sectors",
        "use cases",
        "functions",
        "scenarios",
    ],
)
def test_everything_that_points_to_the_register_finds_an_entry(kind: str) -> None:
    pointing = [(user, one) for of, user, one in pointers() if of == kind]
    assert pointing
    assert [(user, one) for user, one in pointing if one not in read_evidence()] == []


def test_every_parameter_measure_archetype_sector_and_use_case_rests_on_something() -> None:
    users = {(kind, user) for kind, user, _ in pointers()}
    assert {user for kind, user in users if kind == "parameters"} == set(numbers())
    assert {user for kind, user in users if kind == "measures"} == set(read_catalogue())
    assert {user for kind, user in users if kind == "archetypes"} == set(read_archetypes())
    assert {user for kind, user in users if kind == "sectors"} == set(read_presets())
    assert {user for kind, user in users if kind == "use cases"} == set(read_use_cases())


def test_every_pattern_points_to_entries() -> None:
    for name, pattern in read_patterns().items():
        assert set(ids_of(pattern.source)) <= set(read_evidence()), name


def test_a_claim_used_as_a_number_is_pointed_to_by_what_uses_it() -> None:
    unused = [name for name in entries_with(role="input") if not used_by()[name]]
    assert unused == []


def test_no_parameter_rests_on_what_is_held_out() -> None:
    for name, number in numbers().items():
        for one in ids_of(number.source):
            assert read_evidence()[one].role == "input", f"{name}: {one}"


def test_a_calibrated_parameter_says_so_and_acts_on_what_is_calibrated_on() -> None:
    for name, number in numbers().items():
        assert ("calibration" in ids_of(number.source)) == (number.prior is not None), name
    for kind, user, one in pointers():
        if kind == "calibrated parameters":
            assert read_evidence()[one].role == "calibrate", f"{user}: {one}"


# --- Reading it --------------------------------------------------------------------------------


def test_the_register_can_be_read_as_a_table() -> None:
    table = sim.evidence_table()
    assert list(table.index) == list(read_evidence())
    assert table.loc["C09", ["control", "treated"]].tolist() == [34, 62]
    assert "leader_weight" in table.loc["C09", "used by"]
    assert table.loc["C09", "conflicts with"] == "C43"
    assert list(evidence_table(["L12", "C09"]).index) == ["C09", "L12"]
    assert evidence_table([]).empty


def test_an_unknown_entry_or_role_is_answered_with_what_was_meant() -> None:
    with pytest.raises(AdoptionError, match="did you mean 'granovetter1978'"):
        evidence_table(["granoveter1978"])
    with pytest.raises(AdoptionError, match="did you mean 'hold_out'"):
        entries_with(role="holdout")


def answered(*words: str) -> Result:
    """Return what `adopt evidence` answers."""
    return CliRunner().invoke(adopt, ["evidence", *words])


def listed(*words: str) -> list[str]:
    """Return the ids that `adopt evidence` lists with these options."""
    answer = answered(*words, "--json")
    assert answer.exit_code == 0, answer.output
    return [one["id"] for one in json.loads(answer.output)]


def test_evidence_lists_all_and_filters_narrow_it_together() -> None:
    assert listed() == list(read_evidence())
    assert listed("--role", "calibrate", "--set", "literature") == [
        "L03", "L12", "L14", "L31", "L44", "L57", "L61", "L62", "L63", "L65", "L69",
    ]  # fmt: skip
    assert listed("--role", "hold-out") == listed("--role", "hold_out")
    assert listed("--grade", "a", "--kind", "meta-analysis") == [
        "L31", "L33", "L34", "L36", "L37",
    ]  # fmt: skip
    assert listed("c09", "L12") == ["C09", "L12"]
    assert listed("C09", "L12", "--set", "literature") == ["L12"]
    assert "no entry fits" in answered("--kind", "theory", "--grade", "A").output


def test_an_entry_is_shown_with_who_points_to_it_and_what_it_conflicts_with() -> None:
    text = " ".join(answered("C43").output.split())
    for part in (
        "champion_voice", "champions", "P10", "calibrated on (set vendor)", "1 without, 1.72 with",
        "C09", "L31", "grade E",
    ):  # fmt: skip
        assert part in text
    content = json.loads(answered("C43", "--json").output)[0]
    assert content["value"]["treated"] == 1.72
    assert content["used_by"]["patterns"] == ["P10"]
    assert "C48" in content["in_conflict_with"]  # which is what C48 says


@pytest.mark.parametrize("width", ["80", "140"])
def test_no_id_is_cut_off_at_any_width(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert set(read_evidence()) <= set(answered().output.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("granoveter1978",), "did you mean 'granovetter1978'?"),
        (("qqq",), "154 are known"),
        (("--role", "inputs"), "did you mean 'input'?"),
        (("--kind", "trails"), "did you mean 'trial'?"),
        (("--grade", "F"), "known: A, B, C, D, E"),
        (("--set", "vendors"), "did you mean 'vendor'?"),
    ],
)
def test_a_typing_error_is_answered_with_what_was_meant(words: tuple[str, ...], said: str) -> None:
    answer = answered(*words)
    assert answer.exit_code == 2
    assert said in " ".join(answer.output.split())
