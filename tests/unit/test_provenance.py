"""What made a result: everything that can change a number, and nothing that cannot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sim.engine.sources import source_fingerprint
from sim.scenario import read_catalogue
from sim.scenario.measure import Pushes, Text
from sim.scenario.schema import Scenario
from sim.study import provenance
from sim.study.provenance import LIBRARIES, fingerprint, version_of


def of(scenario: Scenario, seed: int = 1, runs: int = 10) -> str:
    """Return the fingerprint of a study of one scenario."""
    return fingerprint({scenario.name: scenario}, seed, runs)


@pytest.mark.parametrize(
    "change",
    [
        {"organisation.employees": 61},
        {"organisation.network.cross_ties": 4.5},
        {"tool.licence_price": 29.0},
        {"programme.training": {}},
        {"programme.launch.dose": 0.5},
        {"programme": {}},
        {"rules.link": "identity"},
        {"simulation.months": 11},
        {"simulation.substeps": 5},
        {"parameters.peer_weight": 0.123},
    ],
    ids=str,
)
def test_whatever_changes_numbers_changes_the_fingerprint(
    change: dict[str, Any], small: Scenario
) -> None:
    assert of(small.changed(change)) != of(small)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"question": "Another question?"},
        {"simulation.runs": 3},
        {"simulation.seed": 3},
        {"programme.training": {"dose": 0}},
    ],
    ids=str,
)
def test_what_changes_no_number_leaves_the_fingerprint(
    change: dict[str, Any], small: Scenario
) -> None:
    assert of(small.changed(change)) == of(small)


def test_seed_runs_and_code_belong_to_the_fingerprint(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of(small)
    assert of(small, seed=2) != before
    assert of(small, runs=11) != before
    monkeypatch.setattr(provenance, "source_fingerprint", lambda: "other code")
    assert of(small) != before


def catalogue_but(monkeypatch: pytest.MonkeyPatch, name: str, **changes: Any) -> None:
    """Put a catalogue with one changed entry in the place of the shipped one."""
    catalogue = read_catalogue()
    changed = {**catalogue, name: catalogue[name].model_copy(update=changes)}
    monkeypatch.setattr(provenance, "read_catalogue", lambda: changed)


def test_a_measure_that_does_something_else_makes_another_result(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of(small)
    assert "launch" in small.deployments
    catalogue_but(monkeypatch, "launch", pushes=Pushes(launch=0.123))
    assert of(small) != before
    kept = provenance.provenance({"baseline": small}, seed=1, runs=10)["measures"]
    assert kept["launch"]["pushes"]["launch"] == 0.123


def test_words_of_a_measure_and_measures_not_in_use_make_no_other_result(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of(small)
    catalogue_but(monkeypatch, "launch", title=Text(en="Party", nl="Feest"))
    assert of(small) == before
    catalogue_but(monkeypatch, "mandate", pushes=Pushes())
    assert of(small) == before


def test_provenance_holds_what_is_needed_to_make_a_result_again(small: Scenario) -> None:
    found = provenance.provenance({"baseline": small}, seed=4, runs=7)
    assert (found["seed"], found["runs"]) == (4, 7)
    assert found["fingerprint"] == of(small, 4, 7)
    assert found["code"] == source_fingerprint()
    kept = json.loads(json.dumps(found))["scenarios"]["baseline"]
    assert Scenario.model_validate_json(json.dumps(kept)) == small
    assert set(found["libraries"]) == set(LIBRARIES)
    assert "unknown" not in found["libraries"].values()


def test_a_library_that_is_not_installed_has_an_unknown_version() -> None:
    assert version_of("no-such-library-as-this") == "unknown"
