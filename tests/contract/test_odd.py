"""The pages about the model say what the code says, and everything they point to exists."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from analysis.model import odd
from sim import draws
from sim.errors import AdoptionError
from sim.evidence import read_evidence
from sim.kpis import KPIS
from sim.parameters import Parameters
from sim.rules import Switches
from sim.scenario.folders import library
from sim.state import columns
from sim.study.provenance import LIMITS

ROOT = library().parent
PAGE = Path(sim.__file__).parent / "ODD.md"
ODD = PAGE.read_text("utf-8")
MODEL = (ROOT / "docs" / "model.md").read_text("utf-8")
PROSE = odd.MARKED.sub("", ODD)
MATH = re.compile(r"\$`.+?`\$|^```math$.+?^```$", re.DOTALL | re.MULTILINE)
NAMED = {
    name.replace("\\", "")
    for text, pattern in (
        (MATH.sub("", PROSE), r"`([a-z][a-z0-9_]+)`"),
        ("".join(MATH.findall(PROSE)), r"\\texttt\{([a-z0-9_\\]+)\}"),
    )
    for name in re.findall(pattern, text)
}
"""Names in the prose: as code, or in an equation."""


def found_in_code(path: str) -> Any:
    """Return what a dotted path names: a page, or something on it."""
    parts = path.split(".")
    for size in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        for name in parts[size:]:
            found = getattr(found, name)
        return found
    raise AssertionError(path)


def test_the_shipped_protocol_has_the_tables_the_code_gives() -> None:
    assert odd.odd_text() == ODD, "run: adopt odd --write sim/ODD.md"


def test_the_two_pages_have_the_tables_the_code_gives() -> None:
    assert odd.model_text() == MODEL, "run: adopt model --write docs/model.md"
    assert '"docs/model.md" = "analysis/model.md"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_every_table_there_is_stands_on_one_of_the_pages_once() -> None:
    asked = [found[2] for page in (ODD, MODEL) for found in odd.MARKED.finditer(page)]
    assert sorted(asked) == sorted(odd.TABLES)


def test_the_protocol_has_all_seven_elements_and_all_eleven_concepts() -> None:
    elements = re.findall(r"^## (\d)\. (.+)$", ODD, re.MULTILINE)
    assert elements == [
        ("1", "Purpose and patterns"),
        ("2", "Entities, state variables and scales"),
        ("3", "Process overview and scheduling"),
        ("4", "Design concepts"),
        ("5", "Initialisation"),
        ("6", "Input data"),
        ("7", "Submodels"),
    ]
    concepts = re.findall(r"^### 4\.\d+ (.+)$", ODD, re.MULTILINE)
    assert concepts == [
        "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction",
        "Sensing", "Interaction", "Stochasticity", "Collectives", "Observation",
    ]  # fmt: skip


def test_every_function_the_protocol_names_exists() -> None:
    named = set(re.findall(r"`((?:sim|analysis)\.[\w.]+)`", PROSE))
    assert len(named) > 80
    for path in sorted(named):
        try:
            assert found_in_code(path) is not None
        except AttributeError as error:
            pytest.fail(f"{path}: {error}")


def test_every_submodel_is_on_the_map_under_its_name() -> None:
    submodels = re.findall(r"^### ([2567]\.\d+ .+)$", ODD, re.MULTILINE)
    mapped = re.findall(r"^\| ([\d.]+ [^|]+) \| `", ODD, re.MULTILINE)
    assert set(submodels) <= set(mapped)


def test_every_source_the_protocol_cites_is_in_the_register() -> None:
    cited = set(re.findall(r"\[([A-Za-z]\w*)\](?!\()", PROSE))
    assert len(cited) > 40
    assert cited <= set(read_evidence())


def test_every_name_in_the_prose_is_a_number_a_state_or_a_setting() -> None:
    """A parameter that is renamed cannot live on in an equation."""
    named = {name for name in NAMED if "_" in name}
    words = set(re.findall(r"[a-z_0-9]+", odd.settings() + odd.switches() + odd.channels()))
    known = {*Parameters._fields, *columns(), *KPIS, *Switches._fields, *words, "names_like_this"}
    assert named <= known, sorted(named - known)


def test_every_number_of_the_rules_is_in_the_prose_or_plain_from_its_name() -> None:
    """What moves people is in an equation; the numbers of a table say themselves what they are."""
    assert [name for name in Parameters._fields if name not in NAMED] == SELF_EXPLAINING


SELF_EXPLAINING = [
    "sender_it", "sender_works_council", "sender_peers", "sender_expert", "satisfied",
    "certified_skill", "support_rate", "suggestion_rate", "department_in_use", "daily_use",
]  # fmt: skip
"""Numbers that stand in the formula of a KPI, and the senders after the first."""


def test_every_decision_says_what_it_decides_and_whose_chance_it_is() -> None:
    numbers = [
        value for name, value in vars(draws).items() if name.isupper() and type(value) is int
    ]
    rows = [line.split(" | ") for line in odd.decisions().splitlines()[2:]]
    assert [int(row[0].removeprefix("| ")) for row in rows] == sorted(numbers)
    for row in rows:
        assert len(row[2]) > 10
        assert row[3].split()[0].rstrip(",") in ("organisation", "luck")


def test_a_page_that_asks_for_an_unknown_table_is_told_which_there_are() -> None:
    with pytest.raises(AdoptionError, match="found the table 'weather', expected: patterns"):
        odd.rewritten("<!-- table: weather -->\n<!-- end -->", "ODD.md")


# --- Limits --------------------------------------------------------------------------------


def test_the_page_of_limits_is_one_page_and_ships_with_the_package() -> None:
    text = odd.limits_text()
    assert text == (ROOT / "docs" / "limits.md").read_text("utf-8")
    assert len(text.split()) < 1000
    assert '"docs/limits.md" = "analysis/limits.md"' in (ROOT / "pyproject.toml").read_text("utf-8")


def test_the_protocol_links_to_the_limits() -> None:
    (link,) = set(re.findall(r"\]\((\.\./docs/limits\.md)\)", ODD))
    assert (PAGE.parent / link).is_file()


REPORTS = (
    ("costs", "baseline"),
    ("run", "baseline", "--runs", "4", "--months", "6", "--no-figure"),
    ("compare", "baseline", "leadership", "--runs", "4", "--months", "6", "--no-figure"),
    ("network", "baseline", "--runs", "1"),
    ("champions", "baseline", "--runs", "4"),
    ("patterns", "P10", "--runs", "4", "--no-figure"),
    ("sensitivity", "baseline", "--only", "--also", "hype", "--samples", "2", "--no-figure"),
)


@pytest.mark.parametrize("words", REPORTS[:2], ids=lambda words: words[0])
def test_every_report_says_where_its_limits_are(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(adopt, words, catch_exceptions=False).output
    assert LIMITS in told
    for stored in tmp_path.rglob("provenance.json"):
        assert json.loads(stored.read_text("utf-8"))["limits"] == LIMITS


def test_what_a_report_points_to_is_there() -> None:
    assert "docs/limits.md" in LIMITS
    assert (ROOT / "docs" / "limits.md").is_file()
    assert "limits" in adopt.commands
