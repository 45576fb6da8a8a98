"""What reading a scenario file promises: the right scenario, or every mistake with its place."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parts import few
from ruamel.yaml import YAML

import sim
from sim import scenario as files
from sim.errors import Problem, ScenarioError
from sim.scenario import change, folders, read_catalogue, read_scenario, schema_text, starter_text
from sim.scenario.catalogue import catalogue_of
from sim.scenario.folders import library as shipped_library
from sim.scenario.schema import Deployment, Scenario

MEASURES = """\
training:
  title: {en: Training, nl: Training}
  description: {en: A course, nl: Een cursus}
  phase: competence
  lasting: one_off
  pushes: {training: 1}
  sources: [somebody]
champions:
  title: {en: Champions, nl: Voortrekkers}
  description: {en: Colleagues who help, nl: Collega's die helpen}
  phase: cross_cutting
  lasting: structural
  appoints: champions
  share: 0.05
  sources: [somebody]
newsletter:
  title: {en: Newsletter, nl: Nieuwsbrief}
  description: {en: A letter, nl: Een brief}
  phase: communication
  lasting: one_off
  message: {strength: 1}
  sources: [somebody]
"""

BASELINE = """\
title: Baseline
question: What if nothing is done?
organisation:
  employees: 140
  departments:
    office: {share: 0.6, task_share: 0.4}
    floor: {share: 0.4, task_share: 0.1}
programme:
  newsletter: {start: 2}
"""


@pytest.fixture(autouse=True)
def place_of_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in an empty folder, with a small library of one's own."""
    shipped = tmp_path / "shipped"
    (shipped / "library").mkdir(parents=True)
    (shipped / "library" / "measures.yaml").write_text(MEASURES, encoding="utf-8")
    for name in ("archetypes.yaml", "events.yaml", "sectors.yaml", "use-cases.yaml"):
        shutil.copy(shipped_library() / "library" / name, shipped / "library")
    (shipped / "baseline.yaml").write_text(BASELINE, encoding="utf-8")
    (tmp_path / "scenarios").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(folders, "library", lambda: shipped)
    read_catalogue.cache_clear()
    yield tmp_path
    read_catalogue.cache_clear()


def load(text: str, *sets: str, name: str = "case.yaml") -> Scenario:
    """Read a text as a file."""
    Path(name).write_bytes(text.encode())
    return read_scenario(f"./{name}" if "/" not in name else name, sets)


def problems(text: str, *sets: str) -> list[Problem]:
    """Return what is wrong with a text."""
    with pytest.raises(ScenarioError) as caught:
        load(text, *sets)
    return caught.value.problems


def problem(text: str, *sets: str) -> Problem:
    """Return the one thing that is wrong with a text."""
    found = problems(text, *sets)
    assert len(found) == 1, [str(one) for one in found]
    return found[0]


def pointed(one: Problem) -> str:
    """Return what the caret points at, to the end of the line."""
    *_, line, caret = str(one).splitlines()
    assert caret.strip() == "^"
    return line[caret.index("^") :]


def says(one: Problem, line: int, column: int, path: str, at: str, *words: str) -> None:
    """Check the place, the path, the caret and the words of a problem."""
    assert (one.line, one.column, one.path) == (line, column, path)
    assert pointed(one).startswith(at)
    for word in words:
        assert word in one.message, one.message
    assert "\n" not in one.message


# --- What is read --------------------------------------------------------------------------


def test_a_name_is_looked_up_in_ones_own_folder_first() -> None:
    Path("scenarios/baseline.yaml").write_text("title: Mine\n")
    assert read_scenario("baseline").title == "Mine"


def test_a_name_is_then_looked_up_among_the_shipped_scenarios() -> None:
    assert read_scenario("baseline").organisation.employees == 140


def test_a_path_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "acme.yml").write_text("title: Acme\n")
    assert read_scenario("acme.yml").title == "Acme"
    assert read_scenario(tmp_path / "acme.yml").name == "acme"


def test_the_name_is_the_files_unless_it_says_another() -> None:
    assert load("title: x\n", name="acme.yaml").name == "acme"
    assert load("name: other\n", name="acme.yaml").name == "other"


def test_an_unknown_name_gives_the_nearest_and_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="no scenario 'basline'; did you mean 'baseline'") as e:
        read_scenario("basline")
    assert "known: baseline" in str(e.value)


@pytest.mark.parametrize("name", ["", "x" * 5000, "a\0b", ".", "..", "./", "a\0.yaml", "~/x.yaml"])
def test_a_strange_name_is_a_plain_error(name: str) -> None:
    with pytest.raises(ScenarioError):
        read_scenario(name)


def test_a_missing_file_is_named_with_the_nearest() -> None:
    Path("acme.yaml").write_text("title: x\n")
    with pytest.raises(ScenarioError, match=r"acmee\.yaml: there is no such file; .*'acme\.yaml'"):
        read_scenario("acmee.yaml")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="this is a folder, expected a file"):
        read_scenario(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_one_may_not_read_is_a_plain_error() -> None:
    Path("acme.yaml").write_text("title: x\n")
    Path("acme.yaml").chmod(0)
    with pytest.raises(ScenarioError, match="the file cannot be read"):
        read_scenario("acme.yaml")


def test_whatever_the_system_answers_is_a_plain_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ScenarioError, match=r"acme\.yaml: the file cannot be read: Permission"):
        read_scenario("acme.yaml")


def test_a_file_of_more_than_a_megabyte_is_refused() -> None:
    one = problem("title: x\n#" + "x" * 1_000_000)
    assert "larger than 1 MB" in one.message


def test_an_empty_file_learns_what_the_smallest_is() -> None:
    for text in ("", "\n\n", "# only a comment\n", "---\n", "null\n"):
        assert "'extends: baseline'" in problem(text).message


def test_a_list_at_the_top_is_not_a_scenario() -> None:
    says(problem("- a\n- b\n"), 1, 1, "", "- a", "found a list of 2", "'name: value'")


def test_a_word_at_the_top_is_not_a_scenario() -> None:
    says(problem("hello\n"), 1, 1, "", "hello", "found 'hello'", "'name: value'")


def test_a_mark_of_byte_order_and_windows_line_ends_are_accepted() -> None:
    text = "\ufefftitle: x\r\norganisation:\r\n  employees: 75\r\n"
    assert load(text).organisation.employees == 75
    one = problem(text.replace("75", "abc"))
    says(one, 3, 14, "organisation.employees", "abc")


def test_a_file_in_another_encoding_is_refused_with_its_place() -> None:
    Path("case.yaml").write_bytes("organisation:\n  name: Café\n".encode("latin-1"))
    with pytest.raises(ScenarioError) as caught:
        read_scenario("case.yaml")
    says(caught.value.problems[0], 2, 12, "", "\ufffd", "0xe9", "save it as UTF-8")


def test_yaml_is_of_version_1_2() -> None:
    one = load('title: "yes"\norganisation: {name: no, employees: 1_000, team_size: 0o12}\n')
    assert one.organisation.name == "no"
    assert (one.organisation.employees, one.organisation.team_size) == (1000, 10)
    assert load("budget: {total: 1e5}\n").budget.total == 100_000
    assert load("simulation: {seed: 0x10, months: 012}\n").simulation.seed == 16


def test_a_whole_number_of_euros_is_a_number() -> None:
    assert load("tool: {licence_price: 28}\n").tool.licence_price == 28.0


def test_references_and_merge_keys_work() -> None:
    one = load(
        "organisation:\n  departments:\n    a: &first {share: 0.5, task_share: 0.3}\n"
        "    b: *first\ntool: {name: &n Tool}\nprogramme:\n"
        "  training: &t {start: 2, dose: 3}\n  champions: {<<: *t, dose: 1}\ntitle: *n\n"
    )
    assert one.organisation.departments["b"].task_share == 0.3
    assert one.programme["champions"] == Deployment(start=2, dose=1.0)
    assert one.title == "Tool"


def test_a_merge_key_takes_over_a_mapping_only() -> None:
    says(problem("tool:\n  <<: 3\n"), 2, 3, "tool", "<<", "takes over a mapping")


def test_a_bomb_of_references_does_not_explode() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "more than 20,000 values" in problem(bomb).message


def test_a_reference_to_itself_is_refused() -> None:
    says(problem("tool: &t\n  name: *t\n"), 2, 3, "tool.name", "name: *t", "reference to itself")


def test_a_python_tag_is_refused_and_not_run() -> None:
    one = problem("title: !!python/object/apply:os.getcwd []\n")
    says(one, 1, 8, "title", "!!python", "the tag", "is not used here")


# --- Mistakes of YAML ----------------------------------------------------------------------


def test_a_tab_is_named() -> None:
    says(problem("organisation:\n\temployees: 75\n"), 2, 1, "", " employees", "a tab", "spaces")


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("title: a: b\n", 1, 9, "needs quotes"),
        ("title: 'a\nname: b\n", 1, 8, "this quote is not closed"),
        ("tool: {name: a\nbudget: 3\n", 1, 7, "this bracket is not closed"),
        ("tool: {name: a\n", 1, 7, "this bracket is not closed"),
        ("tool:\n  name: a\n go_live: 3\n", 3, 2, "check its indentation"),
        ("tool:\n  name\n  go_live: 3\n", 3, 10, "':' does not fit here"),
        ("tool:\n  name: a\n  go_live 3\n", 3, 3, "there is no ':'"),
        ("title: @a\n", 1, 8, "put it in quotes"),
        ("title: *a\n", 1, 8, "no anchor"),
        ("title: a\n---\ntitle: b\n", 2, 1, "one file holds one scenario"),
        ('title: "C:\\path"\n', 1, 12, "use single quotes"),
        ("title: a\x07b\n", 1, 9, "U+0007"),
    ],
)
def test_broken_yaml_is_told_in_plain_words(text: str, line: int, column: int, words: str) -> None:
    one = problem(text)
    assert (one.line, one.column) == (line, column), str(one)
    assert words in one.message
    pointed(one)


def test_a_name_given_twice_is_pointed_at_where_it_comes_again() -> None:
    one = problem("tool:\n  go_live: 2\n  name: x\n  go_live: 3\n")
    says(one, 4, 3, "tool.go_live", "go_live: 3", "given twice", "first in line 2")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("1", "1"),
        ("null", "nothing"),
        ("true", "true"),
        ("2024-01-01", "2024-01-01"),
        ("[a]", "a list of 1"),
    ],
)
def test_a_name_that_is_no_text_is_refused(key: str, shown: str) -> None:
    one = problem(
        f"organisation:\n  departments:\n    {key}: {{share: 0.5}}\n    b: {{share: 1}}\n"
    )
    says(one, 3, 5, "organisation.departments", key, f"found {shown} as a name", "a text")


def test_on_is_an_ordinary_unknown_name() -> None:
    says(problem("tool:\n  on: 3\n"), 2, 3, "tool.on", "on: 3", "there is no field 'on'")


def test_a_date_is_no_title() -> None:
    says(problem("title: 2024-01-01\n"), 1, 8, "title", "2024", "found 2024-01-01", "in quotes")


# --- Wrong values --------------------------------------------------------------------------


def test_an_unknown_name_is_pointed_at_with_the_nearest() -> None:
    one = problem("organisation:\n  employes: 75\n")
    says(one, 2, 3, "organisation.employes", "employes", "did you mean 'employees'?")


def test_a_field_of_another_section_is_recognised() -> None:
    says(problem("employees: 75\n"), 1, 1, "employees", "employees", "'organisation.employees'")


def test_a_name_like_nothing_lists_what_is_known() -> None:
    assert "known: months, substeps, runs, seed" in problem("simulation: {zzz: 1}\n").message


def test_a_parameter_is_not_met_with_a_list_of_them_all() -> None:
    one = problem("parameters: {peer_wieght: 1}\n")
    assert one.message == "there is no field 'peer_wieght'; did you mean 'peer_weight'?"


@pytest.mark.parametrize(
    ("where", "value", "message"),
    [
        (
            "organisation.employees",
            "abc",
            "found 'abc', expected a whole number from 2 to 2,000,000",
        ),
        ("organisation.employees", '"75"', "leave out the quotes"),
        ("organisation.employees", "12.5", "found 12.5, expected a whole number"),
        (
            "organisation.employees",
            "1e3",
            "found 1e3, expected a whole number from 2 to 2,000,000: write 1000",
        ),
        ("organisation.employees", "2,000", "write 2000, without commas"),
        ("organisation.employees", "2.000", "found 2.000, expected a whole number"),
        ("organisation.employees", "1", "found 1, expected a whole number from 2"),
        ("organisation.employees", "true", "found true, expected a whole number"),
        ("organisation.employees", "[75]", "found a list of 1, expected a whole number"),
        ("organisation.employees", "{a: 1}", "found a mapping (a), expected a whole number"),
        ("organisation.employees", "null", "found nothing, expected a whole number"),
        ("organisation.employees", "9" * 5000, "expected a whole number"),
        ("organisation.weekly_hours", "0,5", "found 0,5: use a decimal point (0.5)"),
        (
            "organisation.weekly_hours",
            "1,000",
            "use a decimal point (1.0), and no comma between thousands (1000)",
        ),
        ("organisation.weekly_hours", "0", "found 0, expected a number above 0 and of at most 80"),
        ("organisation.weekly_hours", ".nan", "found .nan, expected a number"),
        ("organisation.weekly_hours", "-.inf", "found -.inf, expected a number"),
        ("organisation.weekly_hours", "1e999", "found 1e999, expected a number"),
        ("organisation.weekly_hours", "36 hours", "found '36 hours', expected a number"),
        (
            "organisation.name",
            "2024",
            "found 2024, expected a text of at most 120 characters: put it in quotes",
        ),
        ("organisation.name", "true", "found true, expected a text"),
        ("organisation.name", "{{ client }}", "found a mapping"),
        (
            "organisation.network.team_ties",
            "85",
            "found 85, expected a number from 0 to 1: a share, so 85 % is 0.85",
        ),
        (
            "organisation.network.team_ties",
            "85%",
            "found '85%', expected a number from 0 to 1: write 0.85",
        ),
        (
            "organisation.network.kind",
            "smallworld",
            "expected one of: teams, complete, ring, small_world, random, none, scale_free, block; did you mean 'sma",
        ),
        ("organisation.network.kind", "3", "found 3, expected one of: teams"),
        (
            "organisation.network.keep_degree",
            "yes",
            "found 'yes', expected true or false: write true",
        ),
        (
            "organisation.network.keep_degree",
            '"true"',
            "found 'true', expected true or false: write true without quotes",
        ),
        ("organisation.network.keep_degree", "1", "found 1, expected true or false"),
        (
            "organisation.network",
            "teams",
            "expected a mapping (lines of 'name: value') with kind, ",
        ),
        ("organisation.departments", "{}", "found an empty mapping, expected at least one entry"),
        ("budget.total", "120.000", "found 120.000, which is read as 120: write 120000 or 120"),
        ("budget.total", "120.500", "read as 120.5: write 120500 or 120.5"),
        ("budget.total", "1.050", "read as 1.05: write 1050 or 1.05"),
        ("tool.licence_price", "1.250", "read as 1.25: write 1250 or 1.25"),
        ("organisation.hourly_cost", "1.000", "read as 1: write 1000 or 1"),
        ("programme.champions.cost.fixed", "2.500", "read as 2.5: write 2500 or 2.5"),
        ("budget.total", "1.200.000", "write 1200000, without points between thousands"),
        ("budget.total", "€ 5000", "write 5000, without a unit"),
        (
            "budget.total",
            "none",
            "found 'none', expected a number from 0 to 1,000,000,000,000, or null",
        ),
        (
            "programme.training.audience.roles",
            "manager",
            "expected a list, such as [one, two], or null: write [manager]",
        ),
        ("programme.training.audience", "null", "found nothing, expected a mapping"),
        ("parameters.hill_exponent", "9", "found 9, expected a whole number from 1 to 8"),
        (
            "title",
            "x" * 200,
            "found a text of 200 characters, expected a text of at most 120 characters",
        ),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(where: str, value: str, message: str) -> None:
    *sections, field = where.split(".")
    text = "".join(f"{'  ' * depth}{name}:\n" for depth, name in enumerate(sections))
    margin = "  " * len(sections)
    shown = value.replace("{{ client }}", "{client: x}")
    if value == "{{ client }}":
        value = shown
    one = problem(f"{text}{margin}{field}: {value}\n")
    says(one, len(sections) + 1, len(margin) + len(field) + 3, where, value[:20], message)
    assert len(one.message) < 300


def test_a_template_that_was_not_filled_in_is_told() -> None:
    found = problems("organisation: {name: {{ client }}}\n")
    assert any("found a mapping (client) as a name" in one.message for one in found)


def test_an_empty_section_is_pointed_at() -> None:
    says(problem("title: x\nbudget:\n"), 2, 1, "budget", "budget:", "found nothing")


def test_a_list_on_the_next_line_is_pointed_at_by_its_name() -> None:
    one = problem("simulation:\n  - 3\n")
    says(one, 1, 1, "simulation", "simulation:", "found a list of 1", "with months, substeps")


def test_an_item_of_a_list_is_pointed_at() -> None:
    one = problem("programme:\n  training:\n    audience:\n      roles: [employee, bos]\n")
    says(one, 4, 25, "programme.training.audience.roles", "bos]", "found 'bos'", "team_lead")


def test_a_missing_field_is_named_at_its_section() -> None:
    one = problem("tool:\n  use_cases:\n    notes: {saving: 0.2}\n")
    says(one, 3, 5, "tool.use_cases.notes.share", "notes:", "'share' is missing", "0 to 1")


def test_shares_that_do_not_add_up_are_shown_as_a_sum() -> None:
    text = "organisation:\n  name: x\n  departments:\n    a: {share: 0.5}\n    b: {share: 0.4}\n"
    one = problem(text)
    says(
        one,
        3,
        3,
        "organisation.departments",
        "departments:",
        "add up to 0.9 (a 0.5 + b 0.4)",
    )
    one = problem("organisation:\n  archetypes: {status: 0.5}\n")
    says(one, 2, 3, "organisation.archetypes", "archetypes:", "add up to 0.5 (status 0.5)")


def test_a_name_of_a_deployment_has_a_form() -> None:
    one = problem("programme:\n  Training 1: {measure: training}\n")
    says(one, 2, 3, "programme.Training 1", "Training 1", "small letters", "such as 'training_1'")


def test_a_long_value_is_shortened() -> None:
    one = problem(f"organisation: {{employees: {'x' * 5000}}}\n")
    assert len(one.message) < 200
    assert "…" in one.message
    assert all(len(line) < 200 for line in str(one).splitlines())


def test_a_place_far_to_the_right_is_still_pointed_at() -> None:
    one = problem(f"{{question: {'x' * 350}, titel: abc}}\n")
    assert one.column > 350
    assert pointed(one).startswith("titel: abc")


def test_what_cannot_be_shown_is_not_shown() -> None:
    one = problem('organisation: {employees: "\\e[31m\\uD800"}\n')
    assert "\x1b" not in str(one)
    str(one).encode()
    assert "U+D800" in problem('"\\uD800": 3\n').message


def test_all_mistakes_are_reported_in_the_order_of_the_file() -> None:
    found = problems(
        "tool:\n  go_live: 0\n  go_live: 1\norganisation:\n  employes: 3\n  employees: x\n"
        "  departments: {a: {share: 0.5}}\nprogramme:\n  trainign: {}\n  champions: {start: 30}\n"
        "budget: {total: -1}\n"
    )
    assert [(one.line, one.path) for one in found] == [
        (2, "tool.go_live"),
        (3, "tool.go_live"),
        (5, "organisation.employes"),
        (6, "organisation.employees"),
        (7, "organisation.departments"),
        (9, "programme.trainign"),
        (10, "programme.champions.start"),
        (11, "budget.total"),
    ]


def test_one_mistake_gives_one_problem() -> None:
    departments = "organisation:\n  departments:\n    a: {share: x}\n    b: {share: 0.4}\n"
    assert problem(departments).path == "organisation.departments.a.share"
    twice = "organisation:\n  departments:\n    a: {share: 0.6}\n    a: {share: 0.4}\n"
    assert "given twice" in problem(twice).message


def test_thousands_of_mistakes_end_somewhere() -> None:
    found = problems("".join(f"k{number}: 1\n" for number in range(1000)))
    assert len(found) == 101
    assert "more problems" in found[-1].message


def test_a_problem_reads_as_file_line_column_path_and_an_excerpt() -> None:
    assert str(problem("organisation:\n  employees: abc\n")) == (
        "case.yaml:2:14 organisation.employees: "
        "found 'abc', expected a whole number from 2 to 2,000,000\n"
        "    2 |   employees: abc\n"
        "                     ^"
    )


# --- Inheritance ---------------------------------------------------------------------------


def test_a_child_says_only_what_differs() -> None:
    one = load("extends: baseline\norganisation:\n  departments:\n    floor: {task_share: 0.2}\n")
    assert one.organisation.employees == 140
    assert one.organisation.departments["floor"].share == 0.4
    assert one.organisation.departments["floor"].task_share == 0.2
    assert one.programme["newsletter"] == Deployment(start=2)


def test_name_title_and_question_are_not_inherited() -> None:
    one = load("extends: baseline\n")
    assert (one.name, one.title, one.question) == ("case", "", "")


def test_lists_are_replaced() -> None:
    Path("p.yaml").write_text("programme: {training: {audience: {roles: [manager, employee]}}}\n")
    one = load("extends: ./p.yaml\nprogramme: {training: {audience: {roles: [executive]}}}\n")
    training = one.programme["training"]
    assert training is not None
    assert training.audience.roles == ("executive",)


def test_null_takes_an_inherited_deployment_away() -> None:
    one = load("extends: baseline\nprogramme: {newsletter: null}\n")
    assert one.programme == {"newsletter": None}
    assert one.deployments == {}


def test_null_takes_an_inherited_department_away() -> None:
    text = "extends: baseline\norganisation: {departments: {floor: null, office: {share: 1}}}\n"
    one = load(
        text.replace("share: 1", "task_share: 0.5"), "organisation.departments.office.share=1"
    )
    assert list(one.organisation.departments) == ["office"]


def test_departments_that_hold_all_the_staff_replace_those_inherited() -> None:
    one = load(
        "extends: baseline\norganisation: {departments: {a: {share: 0.7}, b: {share: 0.3}}}\n"
    )
    assert list(one.organisation.departments) == ["a", "b"]


def test_taking_away_what_is_not_there_is_a_mistake() -> None:
    one = problem("extends: baseline\nprogramme:\n  newsleter: null\n")
    says(one, 3, 3, "programme.newsleter", "newsleter", "to take away", "'newsletter'")


def test_an_error_in_an_inherited_value_names_the_parents_line() -> None:
    Path("scenarios/parent.yaml").write_text("title: x\norganisation:\n  employees: abc\n")
    one = problem("extends: parent\norganisation: {name: x}\n")
    assert one.file == str(Path("scenarios/parent.yaml"))
    says(one, 3, 14, "organisation.employees", "abc")


def test_a_child_mends_what_is_wrong_in_its_parent() -> None:
    Path("parent.yaml").write_text("organisation:\n  employees: abc\n")
    assert load("extends: parent\norganisation: {employees: 3}\n").organisation.employees == 3


def test_a_parent_is_found_from_the_folder_of_the_file() -> None:
    Path("one/two").mkdir(parents=True)
    Path("one/parent.yaml").write_text("extends: baseline\ntool: {go_live: 5}\n")
    one = load("extends: ../parent.yaml\n", name="one/two/child.yaml")
    assert (one.tool.go_live, one.organisation.employees) == (5, 140)


def test_a_scenario_of_the_same_name_can_extend_the_shipped_one() -> None:
    Path("scenarios/baseline.yaml").write_text("extends: baseline\ntool: {go_live: 5}\n")
    one = read_scenario("baseline")
    assert (one.tool.go_live, one.organisation.employees) == (5, 140)


def test_a_circle_is_shown() -> None:
    Path("a.yaml").write_text("title: x\nextends: b.yaml\n")
    Path("b.yaml").write_text("extends: a\n")
    with pytest.raises(ScenarioError) as caught:
        read_scenario("a.yaml")
    (one,) = caught.value.problems
    assert one.file == "b.yaml"
    says(one, 1, 10, "extends", "a", "a.yaml -> b.yaml -> a.yaml")
    Path("self.yaml").write_text("extends: self\n")
    with pytest.raises(ScenarioError, match=r"self\.yaml -> self\.yaml"):
        read_scenario("self.yaml")


def test_a_missing_parent_is_pointed_at() -> None:
    one = problem("title: x\nextends: baselin\n")
    says(one, 2, 10, "extends", "baselin", "did you mean 'baseline'?")
    one = problem("extends: ../nowhere.yaml\n")
    says(one, 1, 10, "extends", "../nowhere", "nowhere.yaml: there is no such file")


def test_a_child_without_its_parent_still_hears_of_its_own_mistakes() -> None:
    text = "extends: nowhere\norganisation: {employes: 3, departments: {a: {task_share: 2}}}\n"
    assert [one.path for one in problems(text)] == [
        "extends",
        "organisation.employes",
        "organisation.departments.a.task_share",
    ]


@pytest.mark.parametrize("value", ["[a, b]", "null", "3", "''", "{a: b}", "2024-01-01"])
def test_extends_names_one_scenario(value: str) -> None:
    says(problem(f"extends: {value}\n"), 1, 10, "extends", value, "one scenario")


def test_a_broken_parent_is_shown_in_its_own_file() -> None:
    Path("parent.yaml").write_text("title: 'x\n")
    one = problem("extends: parent\n")
    assert (one.file, one.line) == ("parent.yaml", 1)


# --- Options -------------------------------------------------------------------------------


def test_an_option_changes_a_value() -> None:
    one = load(
        "extends: baseline\n",
        "organisation.employees=75",
        "organisation.network.keep_degree=true",
        "budget.total = 1e5",
        "organisation.executives=null",
        "title=Hi: there #1",
        "programme.training.dose=2",
        "programme.training.audience={roles: [manager], departments: [office]}",
        "programme.newsletter=null",
        "organisation.employees=80",
    )
    assert one.organisation.employees == 80
    assert one.organisation.network.keep_degree
    assert one.budget.total == 1e5
    assert one.title == "Hi: there #1"
    assert list(one.programme) == ["training"]
    training = one.programme["training"]
    assert training is not None
    assert (training.dose, training.audience.roles) == (2.0, ("manager",))


def test_a_wrong_option_is_its_own_place() -> None:
    one = problem("title: x\n", "organisation.employes=75")
    assert (one.file, one.line) == ("--set organisation.employes=75", 0)
    assert str(one).startswith("--set organisation.employes=75 organisation.employes: there is no")
    assert "did you mean 'employees'?" in one.message
    one = problem("title: x\n", "organisation.employees=abc")
    assert one.message == "found 'abc', expected a whole number from 2 to 2,000,000"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("organisation.employees", "expected PATH=VALUE"),
        ("=3", "expected a dotted path"),
        ("organisation..employees=3", "expected a dotted path"),
        ("budget.total=[1", "bracket is not closed"),
        ("budget.total='1", "quote is not closed"),
        ("budget.total=0,5", "use a decimal point (0.5)"),
        ("budget.total=- 1", "found '- 1'"),
        ("budget.total=120.000", "write 120000"),
        ("budget.total=120.500", "write 120500"),
        ("organisation.employees=", "found nothing"),
        ("organisation.employees.x=3", "found a mapping (x), expected a whole number"),
        ("organisation={a: 1, a: 2}", "given twice"),
        ("extends=other", "'extends' stands in a file"),
        ("programme.trainin.dose=2", "did you mean 'training'?"),
        ("simulation.months=1", "the simulation ends with month 1"),
        (".".join("a" * 100) + "=1", "leads nowhere"),
        ("title=\x07", "U+0007"),
    ],
)
def test_a_wrong_option_is_told_in_plain_words(option: str, message: str) -> None:
    found = problems("extends: baseline\n", option)
    assert any(message in one.message for one in found), [str(one) for one in found]


def test_wrong_options_come_after_the_files_and_all_are_told() -> None:
    found = problems("titel: x\n", "a=1", "organisation.employees=1", "b")
    assert found[0].file == "case.yaml"
    assert len(found) == 4


def test_shares_that_an_option_upset_are_the_options() -> None:
    one = problem("extends: baseline\n", "organisation.departments.office.share=0.7")
    assert one.file == "--set organisation.departments.office.share=0.7"
    assert (one.path, "add up to 1.1" in one.message) == ("organisation.departments", True)


# --- Changes -------------------------------------------------------------------------------


def test_a_changed_scenario_is_a_new_one() -> None:
    before = read_scenario("baseline")
    after = change(before, {"organisation.employees": 75, "programme.champions.share": 0.1})
    assert (before.organisation.employees, after.organisation.employees) == (140, 75)
    assert after.programme["champions"] == Deployment(share=0.1)
    assert before.changed({"organisation.employees": 75}).organisation.employees == 75


def test_no_change_gives_the_same_scenario() -> None:
    one = read_scenario("baseline")
    assert change(one, {}) == one


def test_none_takes_a_deployment_away() -> None:
    assert change(read_scenario("baseline"), {"programme.newsletter": None}).programme == {}
    assert change(Scenario(), {"programme.training": None}).deployments == {}
    with pytest.raises(ScenarioError, match="no deployment 'newsleter' to take away"):
        change(read_scenario("baseline"), {"programme.newsleter": None})


def test_values_of_numpy_and_of_the_forms_are_taken() -> None:
    numpy = pytest.importorskip("numpy")
    one = change(
        Scenario(),
        {
            "organisation.employees": numpy.int64(75),
            "tool.licence_price": numpy.float64(3.5),
            "programme.training": Deployment(dose=2.0),
            "programme.training.audience.roles": ("manager",),
        },
    )
    assert (one.organisation.employees, one.tool.licence_price) == (75, 3.5)
    assert one.programme["training"] is not None


def test_a_mapping_replaces_what_was_there() -> None:
    one = change(read_scenario("baseline"), {"organisation.departments": {"all": {"share": 1}}})
    assert list(one.organisation.departments) == ["all"]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("organisation.employes", 75, "organisation.employes: there is no field"),
        ("organisation.employees", "75", "found '75', expected a whole number"),
        (
            "organisation.employees",
            75.0,
            "found 75.0, expected a whole number from 2 to 2,000,000: write 75",
        ),
        ("organisation.employees", True, "found true, expected a whole number"),
        ("organisation.employees", object(), "expected a whole number"),
        ("tool.licence_price", float("nan"), "found nan, expected a number"),
        ("tool.licence_price", 10**400, "expected a number"),
        ("tool", {1: 2}, "there is no field '1'"),
        ("", 3, "expected a dotted path"),
        ("programme.x.dose", 1, "there is no measure 'x'"),
        ("extends", "baseline", "stands in a file"),
    ],
)
def test_a_change_that_is_not_allowed_is_told(path: str, value: object, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        change(Scenario(), {path: value})
    assert message in str(caught.value)


def test_a_value_that_contains_itself_is_a_plain_error() -> None:
    endless: dict[str, object] = {}
    endless["tool"] = endless
    with pytest.raises(ScenarioError):
        change(Scenario(), {"tool": endless})


# --- What does not fit together ------------------------------------------------------------


def test_an_unknown_measure_is_pointed_at_with_the_nearest() -> None:
    one = problem("programme:\n  first: {measure: trainin}\n")
    says(one, 2, 20, "programme.first.measure", "trainin", "'training'?", "known: training, champ")
    one = problem("programme:\n  first: {dose: 1}\n")
    says(one, 2, 3, "programme.first", "first", "no measure 'first'", "'measure: …'")


def test_an_unknown_department_is_pointed_at_with_the_nearest() -> None:
    text = "extends: baseline\nprogramme:\n  training: {audience: {departments: [floor, ofice]}}\n"
    one = problem(text)
    path = "programme.training.audience.departments"
    says(one, 3, 46, path, "ofice", "did you mean 'office'? known: office, floor")


def test_a_share_is_for_measures_that_appoint() -> None:
    one = problem("programme:\n  training: {share: 0.1}\n")
    says(
        one,
        2,
        14,
        "programme.training.share",
        "share",
        "appoint people",
        "'training'",
    )
    assert load("programme: {champions: {share: 0.1, selection: random}}\n")


def test_a_format_is_for_measures_with_a_message() -> None:
    found = problems("programme:\n  training: {format: written, balance: one_sided}\n")
    assert [one.path for one in found] == [
        "programme.training.format",
        "programme.training.balance",
    ]
    says(found[0], 2, 14, "programme.training.format", "format", "have a message (newsletter)")
    assert load("programme: {newsletter: {format: written, concreteness: abstract}}\n")


def test_nothing_starts_after_the_end() -> None:
    text = "simulation: {months: 6}\ntool:\n  go_live: 7\nprogramme:\n  training:\n    start: 8\n"
    first, second = problems(text)
    says(first, 3, 12, "tool.go_live", "7", "found 7, the simulation ends with month 6")
    says(second, 6, 12, "programme.training.start", "8", "found 8")


# --- The catalogue -------------------------------------------------------------------------


def test_the_catalogue_is_read_by_name() -> None:
    assert list(read_catalogue()) == ["training", "champions", "newsletter"]
    assert read_catalogue()["training"].title.nl == "Training"
    assert read_catalogue() is read_catalogue()


def test_a_mistake_in_the_catalogue_has_its_place(tmp_path: Path) -> None:
    file = tmp_path / "measures.yaml"
    file.write_text(MEASURES.replace("one_off", "once", 1).replace("phase", "fase", 1))
    with pytest.raises(ScenarioError) as caught:
        catalogue_of(file)
    assert [(one.line, one.path) for one in caught.value.problems] == [
        (1, "training.phase"),
        (4, "training.fase"),
        (5, "training.lasting"),
    ]
    assert "did you mean 'phase'?" in caught.value.problems[1].message


# --- Editors and a start -------------------------------------------------------------------


def check(schema: dict[str, object], text: str) -> None:
    """Check a text against the schema as an editor does."""
    import jsonschema  # slow to import

    jsonschema.Draft202012Validator(schema).validate(YAML(typ="safe").load(text))


def test_the_schema_accepts_what_a_file_may_say() -> None:
    schema = json.loads(schema_text())
    check(schema, BASELINE)
    check(schema, starter_text("acme"))
    check(
        schema,
        "extends: ../a.yaml\norganisation: {departments: {a: {task_share: 0.2}, b: null}}\n"
        "programme: {mine: {measure: training}, newsletter: null, training: {dose: 2}}\n",
    )


@pytest.mark.parametrize(
    "text",
    [
        "employees: 3\n",
        "extends: 3\n",
        "organisation: {employees: 1}\n",
        "programme: {mine: {measure: nothing}}\n",
        "programme: {Mine: {measure: training}}\n",
        "programme: {training: {doze: 1}}\n",
    ],
)
def test_the_schema_refuses_what_a_file_may_not_say(text: str) -> None:
    import jsonschema

    with pytest.raises(jsonschema.ValidationError):
        check(json.loads(schema_text()), text)


STARTERS = ["acme", "acme-roll_out", "A: b # c", "x" * 500, "", 'say "hi"\n']


@pytest.mark.parametrize("name", few(STARTERS, 2))
def test_a_starter_loads_with_what_is_shipped(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "library", shipped_library)
    read_catalogue.cache_clear()
    one = load(starter_text(name), name="scenarios/acme.yaml")
    assert list(one.deployments) == ["launch", "training", "champions"]
    assert set(one.organisation.departments) == {"office", "production", "sales"}
    assert one.budget.total is not None
    assert one.title


def test_a_starter_begins_with_a_pilot_and_has_a_launch_when_the_first_can_use_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(folders, "library", shipped_library)
    read_catalogue.cache_clear()
    one = load(starter_text("acme"), name="scenarios/acme.yaml")
    pilot, wave = one.tool.phases
    assert pilot.share < 0.25
    assert wave.departments
    assert set(wave.departments) < set(one.organisation.departments)
    assert pilot.month < wave.month < one.tool.go_live
    assert one.deployments["launch"].start == pilot.month


def test_a_starter_explains_each_line() -> None:
    assert all("#" in line for line in starter_text("acme").splitlines() if line)


@pytest.mark.skipif(
    not (shipped_library() / "library" / "measures.yaml").is_file(), reason="no shipped measures"
)
def test_the_shipped_files_are_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "library", shipped_library)
    read_catalogue.cache_clear()
    schema = json.loads(schema_text())
    for file in shipped_library().glob("*.yaml"):
        assert read_scenario(file).name
        check(schema, file.read_text(encoding="utf-8"))


# --- Whatever one types --------------------------------------------------------------------

LETTERS = st.one_of(
    st.sampled_from(
        list(":-{}[]&*!|>'\"%@`#,?<=~\t\n\r .0123456789eExXaAnNyYo_\\\x85\u2028\ufeff\0")
    ),
    st.characters(codec="utf-8"),
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(LETTERS, max_size=30), st.sampled_from(["budget.total=", "title=", "programme.x=", ""])
)
def test_whatever_is_set_loads_or_is_explained(text: str, path: str) -> None:
    Path("case.yaml").write_text("extends: baseline\n")
    try:
        read_scenario("case.yaml", [path + text])
    except ScenarioError as error:
        str(error).encode()


def test_reading_files_needs_little() -> None:
    for page in Path(files.__file__).parent.glob("*.py"):
        source = page.read_text(encoding="utf-8")
        for heavy in ("numpy as", "import numpy", "pandas"):
            assert heavy not in source
    assert "sim.scenario" in sys.modules


def test_a_number_of_python_is_what_it_is_and_a_written_one_can_be_said_exactly(
    tmp_path: Path,
) -> None:
    one = sim.load("baseline").changed({"budget.total": 150_000.0, "tool.licence_price": 10.104})
    assert one.tool.licence_price == 10.104
    file = tmp_path / "one.yaml"
    file.write_text("extends: baseline\ntool: {licence_price: 10.104}\n")
    with pytest.raises(ScenarioError, match=r"write 10104 or 10\.1040"):
        sim.load(file)
    file.write_text("extends: baseline\ntool: {licence_price: 10.1040}\n")
    assert sim.load(file).tool.licence_price == 10.104
