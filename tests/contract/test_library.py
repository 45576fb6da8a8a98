"""The sectors, the use cases and the glossary say what they are, in both languages, and what they rest on."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from sim.errors import ScenarioError
from sim.kpis import KPIS
from sim.parameters import Parameters
from sim.scenario.library import (
    Dimension,
    Preset,
    Term,
    entries_of,
    read_glossary,
    read_presets,
    read_use_cases,
)
from sim.scenario.schema import Tool, UseCase

SECTORS = sorted(read_presets())


@pytest.fixture(params=SECTORS)
def sector(request: pytest.FixtureRequest) -> Preset:
    """Return each sector in turn."""
    return read_presets()[request.param]


def test_the_sectors_a_scenario_may_name_are_shipped() -> None:
    assert {"general", "technology", "traditional", "services", "public"} <= set(SECTORS)


def test_a_sector_is_described_in_both_languages_and_names_its_sources(sector: Preset) -> None:
    for text in (sector.title, sector.description):
        assert text.en.strip()
        assert text.nl.strip()
        assert text.en != text.nl
    assert sector.description.en.endswith(".")
    assert sector.description.nl.endswith(".")
    assert all(len(source.strip()) > 5 for source in sector.sources)


def test_the_archetype_dominates_that_practice_names() -> None:
    """Control-losers dominate in technology firms, the competence-anxious in traditional trades."""

    def dominant(name: str) -> str:
        shares = read_presets()[name].shares
        return max(shares, key=shares.__getitem__)

    assert dominant("technology") == "control"
    assert dominant("traditional") == "competence"
    assert dominant("general") == "competence"


def test_no_two_sectors_are_the_same() -> None:
    assert len({tuple(one.shares.items()) for one in read_presets().values()}) == len(SECTORS)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("shares: {competence: 0.5, status: 0.3, control: 0.3, ethics: 0.2}", "add up to 1.3"),
        ("shares: {competence: 0.5, status: 0.4}", "add up to 0.9"),
        ("shares: {competence: 0.5, statis: 0.5}", "no archetype 'statis'; did you mean 'status'?"),
        ("share: {}", "did you mean 'shares'?"),
    ],
)
def test_what_is_wrong_with_a_sector_is_said_with_its_line(
    wrong: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "sectors.yaml"
    file.write_text(
        "bakery:\n"
        "  title: {en: Bakery, nl: Bakkerij}\n"
        "  description: {en: Bread., nl: Brood.}\n"
        f"  {wrong}\n"
        "  sources: [assumption]\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as error:
        entries_of(file, Preset)
    assert said in str(error.value)
    assert all(problem.line for problem in error.value.problems)


# --- The use cases -----------------------------------------------------------------------------


def test_the_use_cases_are_the_five_areas_that_practice_names() -> None:
    areas = ("C17", "C18", "C19", "C20", "C21")
    named = [one.sources[0].partition(":")[0] for one in read_use_cases().values()]
    assert tuple(named) == areas


@pytest.mark.parametrize("name", sorted(read_use_cases()))
def test_a_use_case_is_described_in_both_languages_and_says_what_it_rests_on(name: str) -> None:
    one = read_use_cases()[name]
    assert one.title.en != one.title.nl
    assert one.description.en != one.description.nl
    assert one.description.en.endswith(".") and one.description.nl.endswith(".")
    assert one.departments
    assert len(set(one.departments)) == len(one.departments)
    assert 0 < one.share <= 0.5
    assert 0 < one.saving <= 0.5, "what single firms report are upper bounds"
    assert any(source.startswith(("choice", "L")) for source in one.sources)


def test_all_of_them_together_are_about_the_work_that_departments_state() -> None:
    """The shares are assumptions made so; see the head of the file."""
    named = sim.load("baseline", ["tool.use_cases={" + ", ".join(
        f"{name}: {{}}" for name in read_use_cases()) + "}"])  # fmt: skip
    for name, department in named.organisation.departments.items():
        cases = [one for one in named.tool.use_cases.values() if name in (one.departments or ())]
        assert cases
        assert sum(one.share for one in cases) == pytest.approx(department.task_share, abs=0.06)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_use_cases_are_listed_and_explained(language: str) -> None:
    answer = CliRunner().invoke(adopt, ["use-cases", "--lang", language], standalone_mode=False)
    assert all(name in answer.output for name in read_use_cases())
    told = CliRunner().invoke(
        adopt, ["use-cases", "planning", "--lang", language], standalone_mode=False
    )
    one = read_use_cases()["planning"]
    text = " ".join(told.output.split())
    assert getattr(one.title, language) in text
    assert getattr(one.description, language) in text
    assert all(source in text for source in one.sources)
    rows = json.loads(
        CliRunner().invoke(adopt, ["use-cases", "--json"], standalone_mode=False).output
    )
    assert [(row["use_case"], row["share"]) for row in rows] == [
        (name, case.share) for name, case in read_use_cases().items()
    ]


def test_an_unknown_use_case_is_answered_with_what_was_meant() -> None:
    answer = CliRunner().invoke(adopt, ["use-cases", "document"])
    assert answer.exit_code == 2
    assert "did you mean 'documents'?" in answer.output


# --- The glossary ------------------------------------------------------------------------------


def test_every_kpi_is_explained_and_nothing_else_is_called_one() -> None:
    explained = {name for name, one in read_glossary().items() if one.kind == "kpi"}
    assert explained == set(KPIS), "each KPI of sim/kpis.py has an entry in glossary.yaml"


@pytest.mark.parametrize("name", sorted(read_glossary()))
def test_a_term_is_explained_in_both_languages(name: str) -> None:
    one = read_glossary()[name]
    assert one.meaning.en.endswith(".")
    assert one.meaning.nl.endswith(".")
    assert one.meaning.en != one.meaning.nl
    if one.formula is not None and any(word in one.formula.en for word in (" of ", " people ")):
        assert one.formula.en != one.formula.nl


def test_a_name_in_a_formula_is_a_kpi_a_parameter_or_a_field_of_a_use_case() -> None:
    known = {*read_glossary(), *Parameters._fields, *Tool.model_fields, *UseCase.model_fields}
    for name, one in read_glossary().items():
        for text in (one.formula.en, one.formula.nl) if one.formula is not None else ():
            for word in re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", text):
                assert word in known, f"{name}: {word}"


def test_every_dimension_of_measuring_has_kpis() -> None:
    about = {one.dimension for one in read_glossary().values()} - {None}
    assert about == set(get_args(Dimension))


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("kind: kpi\n  dimension: usage", "a kpi has a 'formula' and a 'unit'"),
        ("kind: term\n  dimension: usage", "nothing else has"),
        ("kind: kpis", "did you mean 'kpi'?"),
    ],
)
def test_what_is_wrong_with_a_term_is_said_with_its_line(
    entry: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "glossary.yaml"
    text = "  title: {en: Use, nl: Gebruik}\n  meaning: {en: Using it., nl: Het gebruiken.}\n"
    file.write_text(f"use:\n  {entry}\n{text}", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        entries_of(file, Term)
    assert said in str(error.value)
    assert all(problem.line for problem in error.value.problems)


def shown(*words: str) -> str:
    """Return what `adopt kpis` prints."""
    answer = CliRunner().invoke(adopt, ["kpis", *words], standalone_mode=False)
    if answer.exception is not None:
        raise answer.exception
    return answer.output


def test_kpis_lists_what_is_measured_and_terms_the_rest() -> None:
    listed = {one["name"] for one in json.loads(shown("--json"))}
    rest = {one["name"] for one in json.loads(shown("--terms", "--json"))}
    assert listed == set(KPIS)
    assert rest == set(read_glossary()) - listed
    only = json.loads(shown("--dimension", "cost", "--json"))
    assert {one["dimension"] for one in only} == {"cost"}


def test_a_kpi_is_explained_with_formula_and_unit_in_the_language_asked_for() -> None:
    one = read_glossary()["satisfaction"]
    assert one.formula is not None
    assert one.unit is not None
    for language in ("en", "nl"):
        text = " ".join(shown("satisfaction", "--lang", language).split())
        for part in (one.title, one.meaning, one.formula, one.unit):
            assert getattr(part, language) in text


def test_an_unknown_kpi_is_answered_with_what_was_meant() -> None:
    answer = CliRunner().invoke(adopt, ["kpis", "adoptoin"])
    assert answer.exit_code == 2
    assert "did you mean 'adoption'?" in answer.output
