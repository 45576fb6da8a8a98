"""The ten cards: what each sets is allowed, fair is the usual value, and answers become a scenario."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

import sim
from analysis.cli import adopt
from sim.errors import AdoptionError, ScenarioError
from sim.scenario.catalogue import entries_of
from sim.scenario.diagnosis import LEVELS, Card, diagnosed, read_diagnosis
from sim.scenario.organisation import Organisation

CARDS = list(read_diagnosis())


def test_there_are_ten_cards_each_with_a_field_of_its_own() -> None:
    fields = {card.field for card in read_diagnosis().values()}
    assert len(CARDS) == len(fields) == 10


@pytest.mark.parametrize("name", CARDS)
def test_an_answer_is_seen_in_the_organisation_it_made(name: str) -> None:
    usual = sim.load("baseline")
    for level in LEVELS:
        moved = usual.changed(diagnosed({name: level}))
        assert read_diagnosis()[name].level(moved.organisation) == level
        assert (moved.fingerprint() == usual.fingerprint()) == (level == "fair")


def test_all_cards_fair_change_nothing_and_all_weak_or_strong_are_allowed() -> None:
    usual = sim.load("baseline")
    for level in LEVELS:
        moved = usual.changed(diagnosed(dict.fromkeys(CARDS, level)))
        assert (moved.fingerprint() == usual.fingerprint()) == (level == "fair")


def test_a_value_of_no_card_has_no_answer() -> None:
    organisation = Organisation.model_validate({"digital_maturity": 0.62})
    assert read_diagnosis()["digital"].level(organisation) is None


def test_answers_that_are_none_are_told_together() -> None:
    with pytest.raises(ScenarioError) as caught:
        diagnosed({"errors": "good", "mood": "weak"})
    assert "errors: found 'good', expected one of: weak, fair, strong" in str(caught.value)
    assert "there is no card 'mood'" in str(caught.value)


TEXT = "{en: some text, nl: een tekst}"


@pytest.mark.parametrize(
    ("field", "weak", "said"),
    [
        ("culture.mood", "0.1", "an organisation has no field 'culture.mood'"),
        ("culture.participation", "0.5", "found the usual value"),
        ("culture.participation", "1.5", "less than or equal to 1"),
        ("works_council", "never", "works_council"),
        ("teams_per_manager", "2.5", "teams_per_manager"),
    ],
)
def test_a_card_that_sets_what_there_is_not_is_refused(
    tmp_path: Path, field: str, weak: str, said: str
) -> None:
    strong = {"works_council": "early", "teams_per_manager": "5"}.get(field, "0.7")
    path = tmp_path / "diagnosis.yaml"
    path.write_text(
        f"card:\n  title: {TEXT}\n  question: {TEXT}\n"
        f"  at: {{weak: {TEXT}, fair: {TEXT}, strong: {TEXT}}}\n"
        f"  field: {field}\n  weak: {weak}\n  strong: {strong}\n",
        "utf-8",
    )
    with pytest.raises(ScenarioError) as caught:
        entries_of(path, Card)
    assert said in str(caught.value)


# --- The command ---------------------------------------------------------------------------------


def run(*words: str) -> str:
    done = CliRunner().invoke(adopt, ["diagnosis", *words], catch_exceptions=False)
    return done.output


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_cards_are_listed(lang: str) -> None:
    told = run("--lang", lang)
    for card in read_diagnosis().values():
        assert card.question.model_dump()[lang] in told and card.path in told


@pytest.mark.parametrize("form", ["list", "csv", "yaml"])
def test_answers_become_fields_of_a_scenario(tmp_path: Path, form: str) -> None:
    given = {"errors": "weak", "say": "fair", "trying": "strong"}
    place = tmp_path / f"answers.{form}"
    if form == "csv":
        place.write_text("card;answer\n" + "\n".join(f"{k};{v}" for k, v in given.items()), "utf-8")
    elif form == "yaml":
        place.write_text("\n".join(f"{k}: {v}" for k, v in given.items()), "utf-8")
    told = YAML(typ="safe").load(
        run("--answers", "weak,fair,strong" if form == "list" else str(place))
    )
    culture = {"error_tolerance": 0.3, "participation": 0.5, "experimentation": 0.7}
    assert told == {"organisation": {"culture": culture}}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("good", "expected one of: weak, fair, strong"),
        (",".join(["fair"] * 11), "found 11 answers for 10 cards"),
        ("nowhere.csv", "the file cannot be read"),
    ],
)
def test_answers_the_command_cannot_use_are_told(answers: str, said: str) -> None:
    with pytest.raises(AdoptionError, match=said):
        run("--answers", answers)
