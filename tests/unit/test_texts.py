"""What is promised of every text: none takes over a terminal or breaks a picture."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from parts import few
from pydantic import ValidationError

import sim
from analysis.cli import adopt
from sim.errors import AdoptionError, Problem, ScenarioError
from sim.scenario.catalogue import catalogue_of
from sim.scenario.library import Archetype, entries_of
from sim.scenario.organisation import Organisation
from sim.study.sweeps.files import read_experiment
from sim.texts import unfit

SIGNS = ("\\x00", "\\x07", "\\e[31m", "\\x0b", "\\r", "\\x7f", "\\x85", "\\x9b", "\\u2028", "\\u202e",
         "\\u2067", "\\ud800", "\\ufdd0", "\\uffff", "\\U0001fffe")  # fmt: skip
"""As YAML writes them in double quotes."""

SCENARIO = """\
extends: baseline
name: {name}
title: {title}
question: {question}
organisation: {{name: {firm}, departments: {{{department}: {{share: 1}}}}}}
tool: {{use_cases: {{letters: {{departments: [{elsewhere}]}}}}}}
programme:
  training: {{audience: {{departments: [{elsewhere}], teams: [{team}], people: [{person}]}}}}
  {own}: {{measure: training}}
"""
PLACES = re.findall(r"\{(\w+)\}", SCENARIO)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("place", sorted(set(PLACES)))
def test_control_characters_are_refused_in_every_text_of_a_scenario(
    tmp_path: Path, place: str, sign: str
) -> None:
    path = tmp_path / "one.yaml"
    texts = {name: '"all"' if name == "department" else "one" for name in PLACES}
    path.write_text(SCENARIO.format(**texts | {place: f'"a{sign}b"'}))
    with pytest.raises(ScenarioError) as caught:
        sim.load(path)
    line = next(k for k, one in enumerate(SCENARIO.split("\n"), 1) if f"{{{place}}}" in one)
    found = [one for one in caught.value.problems if "invisible character" in one.message]
    assert line in [one.line for one in found], str(caught.value)
    assert not unfit(str(caught.value))
    for one in found:
        assert re.search(r"found the invisible character U\+[0-9A-F]{4,5}", one.message)


@pytest.mark.parametrize("sign", few(SIGNS, 3))
def test_they_are_refused_in_libraries_and_experiments(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(
        f'fear: {{title: {{en: "a{sign}", nl: b}}, description: {{en: c, nl: d}}, feels: [status],\n'
        "  skill: usual, sources: [e]}\n"
    )
    with pytest.raises(ScenarioError, match="invisible character"):
        entries_of(path, Archetype)
    shipped = Path(sim.__file__).parents[1] / "scenarios" / "library" / "measures.yaml"
    head = f'odd: {{title: {{en: a, nl: "b{sign}"}}}}\n'
    path.write_text(head + shipped.read_text("utf-8"), "utf-8")
    with pytest.raises(ScenarioError, match="invisible character"):
        catalogue_of(path)
    path.write_text(f'scenarios: [baseline]\ntitle: "a{sign}"\n')
    with pytest.raises(ScenarioError, match="invisible character"):
        read_experiment(path)


@pytest.mark.parametrize("sign", ["\x00", "\x1b[2J", "\r", "\x9b", "\u202e", "\ud800", "\uffff"])
def test_they_are_refused_from_python_and_from_options(sign: str) -> None:
    with pytest.raises(ScenarioError, match=r"title: found the invisible character"):
        sim.load("baseline").changed({"title": f"a{sign}"})
    with pytest.raises(ValidationError, match=r"invisible character|unicode"):
        Organisation(name=f"a{sign}")
    with pytest.raises(ValidationError, match=r"invisible character|unicode"):
        sim.Scenario(question=f"a{sign}")
    if sign != "\r":  # an end of line to YAML
        with pytest.raises(ScenarioError):
            sim.load("baseline", sets=[f"title=a{sign}"])
    for arguments in (["compare", "baseline", "--name", f"a{sign}"], ["run", f"a{sign}"],
                      ["report", "x", "--question", f"a{sign}"], ["new", f"a{sign}"]):  # fmt: skip
        done = CliRunner().invoke(adopt, arguments)
        assert done.exit_code == 2
        assert "leave it out" in done.output
        assert sign not in done.output


def test_other_signs_stay() -> None:
    title = "Zoë & <Søn> \"1\" 'x' ]]> 漢字 👩\u200d💻 مرحبا\u200f, a\tb"
    assert sim.load("baseline").changed({"title": title}).title == title


@given(st.text())
def test_what_is_let_through_is_well_formed(text: str) -> None:
    if not unfit(text):
        node = ElementTree.Element("text", name=text)
        node.text = text
        again = ElementTree.fromstring(ElementTree.tostring(node, "utf-8"))
        assert again.text == (text or None)


def test_every_sign_that_is_not_well_formed_is_refused() -> None:
    for code in range(sys.maxunicode + 1):
        allowed = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD
        if not (allowed or code >= 0x10000):
            assert unfit(chr(code)), hex(code)


def test_a_mistake_in_a_file_with_an_odd_name_is_shown_without_it() -> None:
    assert "\x1b" not in str(Problem("wrong", "a\x1bb", "file\x1b[31m.yaml", 1, 1, "x"))


# --- Names no file can have ----------------------------------------------------------------

LONG = "n" * 300


def test_names_of_three_hundred_signs_are_refused_before_anything_is_done(tmp_path: Path) -> None:
    for arguments in (["compare", "baseline", "champions", "--name", LONG],
                      ["compare", "baseline", "champions", "--output", f"{tmp_path}/{LONG}"],
                      ["new", LONG], ["people", f"{LONG}.csv"], ["run", f"{LONG}.yaml"],
                      ["run", LONG], ["report", LONG], ["questionnaire", "--write", LONG],
                      ["sweep", LONG], ["people", "docs/examples/people.csv", f"{LONG}.csv"],
                      ["catalogue", LONG], ["schema", "--write", LONG]):  # fmt: skip
        done = CliRunner().invoke(adopt, arguments)
        assert done.exit_code != 0
        assert done.exception is None or isinstance(done.exception, (AdoptionError, SystemExit)), (
            arguments, done.exception,
        )  # fmt: skip


def test_a_name_no_folder_can_have_is_refused_and_the_result_is_kept(tmp_path: Path) -> None:
    result = sim.compare(["baseline"], runs=2)
    with pytest.raises(AdoptionError, match="found a name of 300 characters, expected at most 120"):
        result.save(tmp_path, LONG)
    assert result.save(tmp_path, "short").is_dir()
    wide = sim.load("baseline").changed({"name": "\U00020bb7" * 80})
    assert sim.compare([wide], runs=2).save(tmp_path).is_dir()


def test_a_title_of_three_hundred_signs_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ScenarioError, match="a text of 300 characters, expected a text of at most"):
        sim.load("baseline").changed({"title": LONG})
