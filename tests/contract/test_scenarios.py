"""Every shipped scenario asks one question, reads, compiles, runs, and can be laid beside others."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.experiments import same_people
from sim.files import read_catalogue, read_scenario
from sim.files.library import read_presets
from sim.money import ledger
from sim.programme import compile_programme
from sim.scenario import Scenario, library

FILES = sorted(library().glob("*.yaml"))
NAMES = [file.stem for file in FILES]
LONGEST_CHAIN = 4


def parent(name: str) -> str | None:
    """Return what the file of a scenario extends."""
    text = (library() / f"{name}.yaml").read_text(encoding="utf-8")
    found = re.search(r"^extends: *([\w-]+)", text, re.MULTILINE)
    return None if found is None else found[1]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each shipped scenario in turn."""
    return str(request.param)


@pytest.fixture
def scenario(name: str) -> Scenario:
    """Return each shipped scenario in turn."""
    return read_scenario(name)


def test_a_scenario_asks_one_question(name: str, scenario: Scenario) -> None:
    assert scenario.name == name
    assert scenario.title
    assert scenario.question.endswith("?")
    assert scenario.question.count("?") == 1


def test_titles_and_questions_tell_scenarios_apart() -> None:
    scenarios = [read_scenario(name) for name in NAMES]
    assert len({one.title for one in scenarios}) == len(scenarios)
    assert len({one.question for one in scenarios}) == len(scenarios)


def test_no_two_scenarios_are_the_same() -> None:
    prints = [read_scenario(name).fingerprint() for name in NAMES]
    assert len(set(prints)) == len(prints)


def test_chains_of_files_stay_short(name: str) -> None:
    chain = [name]
    while (above := parent(chain[-1])) is not None:
        chain.append(above)
    assert len(chain) <= LONGEST_CHAIN, " -> ".join(chain)


def test_a_file_tells_editors_where_its_schema_is(name: str) -> None:
    first = (library() / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    assert (library() / first.rpartition("=")[2]).is_file()


def test_a_scenario_compiles_and_its_plan_has_a_price(scenario: Scenario) -> None:
    compile_programme(scenario)
    assert float(ledger(scenario).to_numpy().sum()) > 0


def test_a_scenario_names_only_what_is_shipped(scenario: Scenario) -> None:
    if scenario.organisation.sector is not None:
        assert scenario.organisation.sector in read_presets()
    for name, deployment in scenario.deployments.items():
        assert (deployment.measure or name) in read_catalogue()


def test_a_phase_and_a_use_case_are_for_departments_that_exist(scenario: Scenario) -> None:
    known = set(scenario.organisation.departments)
    for one in (*scenario.tool.phases, *scenario.tool.use_cases.values()):
        assert set(one.departments or ()) <= known


def test_a_scenario_runs(scenario: Scenario) -> None:
    result = sim.run(scenario, runs=3)
    for kpi in ("adoption", "acceptance", "skill"):
        curves = result.curves(scenario.name, kpi)
        assert np.isfinite(curves).all()
        assert curves.min() >= 0
        assert curves.max() <= 1
    assert result.curves(scenario.name, "using")[:, -1].max() > 0


@pytest.mark.parametrize(
    ("context", "levers"),
    [
        ("steep-hierarchy", ("leaders", "champions")),
        ("dense-informal-network", ("leaders", "champions")),
        ("loose-network", ("leaders", "champions")),
        ("uncertain-benefit", ("shown", "training")),
    ],
)
def test_a_context_and_its_levers_can_be_compared(context: str, levers: tuple[str, ...]) -> None:
    alone = read_scenario(context)
    for lever in levers:
        with_it = read_scenario(f"{context}-{lever}")
        assert same_people(alone, with_it)
        assert set(alone.deployments) < set(with_it.deployments)
    comment = (library() / f"{context}.yaml").read_text(encoding="utf-8")
    assert all(f"{context}-{lever}" in comment for lever in levers)


def test_sectors_differ_in_their_archetypes_alone() -> None:
    bare = read_scenario("baseline")
    for name in NAMES:
        if name.startswith("sector-"):
            one = read_scenario(name)
            again = one.changed(
                {"organisation.sector": None, "organisation.name": bare.organisation.name}
            )
            assert again.fingerprint() == bare.fingerprint()


def test_scenarios_are_found_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_scenario("case-consultancy").organisation.employees == 190
