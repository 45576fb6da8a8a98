"""A scenario that only names a use case has what the library says of it; its own values win."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.errors import Problem, ScenarioError
from sim.scenario import read_scenario, scenario_text
from sim.scenario.library import read_use_cases
from sim.scenario.schema import Scenario, UseCase

HEAD = "extends: baseline\ntool:\n  use_cases:\n"


@pytest.fixture(autouse=True)
def place_of_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)


def load(text: str, *sets: str) -> Scenario:
    """Read a text as a file."""
    Path("case.yaml").write_text(text, "utf-8")
    return read_scenario("./case.yaml", sets)


def cases(*lines: str, sets: tuple[str, ...] = ()) -> dict[str, UseCase]:
    """Return the use cases of the default organisation with these lines."""
    return load(HEAD + "".join(f"    {one}\n" for one in lines), *sets).tool.use_cases


def problem(text: str) -> Problem:
    """Return the one thing that is wrong with a text."""
    with pytest.raises(ScenarioError) as caught:
        load(text)
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


@pytest.mark.parametrize("name", sorted(read_use_cases()))
def test_one_that_is_only_named_is_as_the_library_says(name: str) -> None:
    one, usual = cases(f"{name}: {{}}")[name], read_use_cases()[name]
    assert (one.share, one.saving) == (usual.share, usual.saving)
    assert one.departments
    assert set(one.departments) == set(usual.departments or ()) & {
        "engineering", "production", "sales", "service", "office",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "changed"),
    [
        ("share: 0.4", {"share": 0.4}),
        ("saving: 0.4", {"saving": 0.4}),
        ("departments: [production]", {"departments": ("production",)}),
        ("departments: null", {"departments": None}),
        ("quality_gain: 0.1", {"quality_gain": 0.1}),
    ],
)
def test_what_a_scenario_says_itself_wins(given: str, changed: dict[str, object]) -> None:
    usual = cases("documents: {}")["documents"]
    assert cases(f"documents: {{{given}}}")["documents"] == usual.model_copy(update=changed)


def test_one_that_gives_its_share_and_its_saving_is_its_own_whatever_it_is_called() -> None:
    own = cases("documents: {share: 0.1, saving: 0.3}")["documents"]
    assert own == UseCase(share=0.1, saving=0.3)


def test_it_can_be_named_in_an_option_and_from_python_too() -> None:
    whole = cases("planning: {}")
    assert load("extends: baseline\n", "tool.use_cases.planning={}").tool.use_cases == whole
    changed = sim.load("baseline").changed({"tool.use_cases": {"planning": {}}})
    assert changed.tool.use_cases == whole
    assert cases("planning: {}", sets=("tool.use_cases.planning.saving=0.4",))["planning"] == whole[
        "planning"
    ].model_copy(update={"saving": 0.4})


def test_a_child_changes_one_value_of_what_its_parent_names() -> None:
    Path("parent.yaml").write_text(HEAD + "    content: {}\n", "utf-8")
    child = load("extends: ./parent.yaml\ntool: {use_cases: {content: {saving: 0.1}}}\n")
    whole = read_scenario("./parent.yaml").tool.use_cases["content"]
    assert child.tool.use_cases["content"] == whole.model_copy(update={"saving": 0.1})


@pytest.mark.parametrize("given", ["{}", "{departments: null}", "{saving: 0.4}"])
def test_it_is_written_and_changed_as_it_was_read(given: str) -> None:
    one = load(HEAD + f"    documents: {given}\n")
    Path("again.yaml").write_text(scenario_text(one), "utf-8")
    assert read_scenario("./again.yaml").fingerprint() == one.fingerprint()
    assert one.changed({"tool.licence_price": 28.0}).tool == one.tool


def test_departments_are_found_however_they_are_spelled() -> None:
    text = (
        "organisation: {departments: {customer_service: {share: 0.5}, hr: {share: 0.5}}}\n"
        "tool: {use_cases: {customer-service: {}, documents: {}}}\n"
    )
    found = load(text).tool.use_cases
    assert found["customer-service"].departments == ("customer_service",)
    assert found["documents"].departments == ("hr",)


def test_departments_of_a_file_of_people_count_also_in_dutch() -> None:
    rows = [
        f"{k},{place},{'employee' if k % 8 else 'team_lead'}"
        for k, place in enumerate(["Kantoor"] * 16 + ["Magazijn"] * 16)
    ]
    Path("people.csv").write_text("id,department,role\n" + "\n".join(rows) + "\n", "utf-8")
    text = "organisation: {people: people.csv}\ntool: {use_cases: {documents: {}}}\n"
    assert load(text).tool.use_cases["documents"].departments == ("Kantoor",)


def test_where_no_department_is_a_usual_one_it_has_to_be_said_which() -> None:
    one = problem(
        "organisation: {departments: {crew: {share: 1}}}\ntool: {use_cases: {content: {}}}\n"
    )
    assert (one.line, one.path) == (2, "tool.use_cases.content")
    assert "say which with 'departments'" in one.message
    assert "marketing" in one.message


@pytest.mark.parametrize(
    ("line", "path", "words"),
    [
        ("document: {}", "document", ("did you mean 'documents'?", "'share' and 'saving'")),
        ("xyz: {departments: [sales]}", "xyz", ("known: documents, customer-service, planning",)),
        ("contents: {saving: 0.2}", "contents.share", ("'share' is missing", "'content'?")),
        ("notes: {share: 0.2}", "notes.saving", ("'saving' is missing", "from 0 to 1")),
        ("documents:", "documents", ("found nothing", "documents: {}")),
        ("documents: {saving: 2}", "documents.saving", ("from 0 to 1",)),
        ("documents: {savings: 0.2}", "documents.savings", ("did you mean 'saving'?",)),
        ("documents: {departments: [moon]}", "documents.departments", ("no department 'moon'",)),
        ("documents: 3", "documents", ("found 3", "a mapping")),
    ],
)
def test_what_is_wrong_is_said_with_its_place(line: str, path: str, words: tuple[str, ...]) -> None:
    one = problem(HEAD + f"    {line}\n")
    assert (one.line, one.path) == (4, f"tool.use_cases.{path}")
    assert all(word in one.message for word in words), one.message


def test_what_a_parent_that_is_missing_might_say_is_not_called_wrong() -> None:
    one = problem("extends: nowhere\ntool: {use_cases: {letters: {saving: 0.2}}}\n")
    assert one.path == "extends"


def test_people_have_the_time_to_save_that_the_library_says() -> None:
    named = sim.load("baseline").changed({"tool.use_cases": {"quality-control": {}}})
    spelled = sim.load("baseline").changed(
        {
            "tool.use_cases": {
                "quality-control": {
                    "share": read_use_cases()["quality-control"].share,
                    "saving": read_use_cases()["quality-control"].saving,
                    "departments": ["production"],
                }
            }
        }
    )
    assert named.fingerprint() == spelled.fingerprint()
