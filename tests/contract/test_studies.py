"""Every study has one form: who has read one can read all."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

from analysis import cli
from analysis.figures.frame import Picture
from analysis.studies import form
from analysis.studies.bands import bands
from analysis.studies.patterns import Finding, Patterns, Shown

ROOM = Path(form.__file__).parent

COMMANDS = {
    "calibration": "calibrate",
    "claims": "validate",
    "validation": "validate",
}
"""Commands of studies, where they are called otherwise."""

WORDS = {"ties": "verdicts"}
"""Pages of words, where they are called otherwise: that of the ties also keeps what was found."""


def test_every_package_is_a_study() -> None:
    packages = {page.parent.name for page in ROOM.glob("*/__init__.py")}
    assert packages == set(form.RESULTS)


@pytest.mark.parametrize("study", form.RESULTS)
def test_its_pages_and_its_result_are_called_alike(study: str) -> None:
    for page in ("study", "tables", "figure", WORDS.get(study, "texts")):
        assert (ROOM / study / f"{page}.py").is_file(), page
    result = getattr(import_module(f"analysis.studies.{study}.study"), form.RESULTS[study])
    parts = {name for name in vars(form.StudyResult) if not name.startswith("_")}
    assert parts == {"question", "runs", "seed", "answer", "table", "figure", "as_json"}
    assert all(hasattr(result, name) or name in result.__annotations__ for name in parts)


@pytest.mark.parametrize("study", form.RESULTS)
def test_its_question_is_a_sentence_that_its_command_shows(study: str) -> None:
    question = import_module(f"analysis.studies.{study}.study").QUESTION
    assert question[0].isupper()
    assert question.endswith("?")
    help_text = cli.adopt.commands[COMMANDS.get(study, study)].help
    assert question in " ".join(str(help_text).split())


def answers(found: form.StudyResult) -> None:
    assert found.question.endswith("?")
    assert found.answer
    assert isinstance(found.table, pd.DataFrame) and len(found.table)
    assert isinstance(found.figure(), Picture)
    told = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert (told["runs"], told["seed"]) == (found.runs, found.seed)


def test_what_it_gives_is_what_it_says() -> None:
    answers(bands(3, names=("T01",)))
    finding = Finding("spread over rush", 2.0, 1.0, 3.0)
    answers(Patterns([Shown("P4", [finding], "points", 0.0, "holds", "It is ahead.")], 6, 3))
