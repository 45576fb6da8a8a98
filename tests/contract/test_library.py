"""The sectors and the glossary say what they are, in both languages, and what they rest on."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.files.library import Preset, entries_of, read_presets
from sim.state import ARCHETYPES

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
        return max(ARCHETYPES, key=lambda one: getattr(shares, one))

    assert dominant("technology") == "control"
    assert dominant("traditional") == "competence"
    assert dominant("general") == "competence"


def test_no_two_sectors_are_the_same() -> None:
    assert len({one.shares for one in read_presets().values()}) == len(SECTORS)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("shares: {competence: 0.5, status: 0.3, control: 0.3, ethics: 0.2}", "add up to 1.3"),
        ("shares: {competence: 0.5, status: 0.5}", "'control' is missing"),
        ("share: {}", "did you mean 'shares'?"),
    ],
)
def test_what_is_wrong_with_a_sector_is_said_with_its_line(
    wrong: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "archetypes.yaml"
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
