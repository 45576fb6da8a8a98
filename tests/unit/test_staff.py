"""Scenarios that name files of people and ties."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import kernel, world
from sim.errors import ScenarioError
from sim.people import population
from sim.programme import ledger
from sim.scenario import read_scenario
from sim.state import EMPLOYEE

TEAMS = {"Sales": ("North", "South"), "Works": ("East", "West")}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with people, ties and a scenario that names both."""
    rows = ["id,department,team,manager,role,hours,hourly cost,skill,threat_status"]
    rows.append("anna-boss,Board,,,executive,40,100,,")
    for department, teams in TEAMS.items():
        for team in teams:
            lead = f"lead-{team}"
            rows.append(f"{lead},{department},{team},anna-boss,team lead,36,60,0.5,")
            rows += [
                f"{team}-{k},{department},{team},{lead},employee,32,50,0.9,0.25" for k in range(6)
            ]
    (tmp_path / "people.csv").write_text("\n".join(rows) + "\n")
    ties = [
        f"{team}-{k},{team}-{(k + 1) % 6},2"
        for ts in TEAMS.values()
        for team in ts
        for k in range(6)
    ]
    (tmp_path / "ties.csv").write_text(
        "\n".join(["source,target,weight", *ties, "North-0,East-0,4"]) + "\n"
    )
    (tmp_path / "acme.yaml").write_text(
        "organisation:\n  people: people.csv\n  ties: ties.csv\n"
        "  departments:\n    Sales: {task_share: 0.4}\n"
        "simulation: {months: 6, runs: 3}\nprogramme:\n  launch: {}\n"
    )
    return tmp_path


def with_line(project: Path, text: str) -> Path:
    """Add lines to the scenario."""
    path = project / "acme.yaml"
    path.write_text(path.read_text() + text)
    return path


def test_size_and_departments_are_those_of_the_file(project: Path) -> None:
    organisation = read_scenario(project / "acme.yaml").organisation
    assert organisation.employees == 29
    assert list(organisation.departments) == ["Sales", "Works"]
    shares = [one.share for one in organisation.departments.values()]
    assert shares == pytest.approx([15 / 29, 14 / 29])  # Sales stands with the board
    assert organisation.departments["Sales"].task_share == 0.4


def test_what_the_file_says_of_people_takes_the_place_of_what_is_drawn(project: Path) -> None:
    scenario = read_scenario(project / "acme.yaml")
    people = world.draw_worlds(world.design(scenario), 1, np.array([0, 1])).people
    staff = people[:, people["role"][0] == EMPLOYEE]
    assert np.allclose(staff["hourly_cost"], 50.0)
    assert np.all(staff["floor_status"] <= staff["initial_status"])
    assert len(np.unique(staff["threat_control"])) == staff.size
    works = staff[staff["department"] == 2]
    assert np.allclose(works["savable_hours"], 32 * 52 / 12 * 0.25 * scenario.tool.task_saving)
    people = world.draw_worlds(world.design(scenario), 1, np.arange(400)).people
    staff = people[:, people["role"][0] == EMPLOYEE]
    assert staff["skill"].mean() == pytest.approx(0.9, abs=0.06)  # leads, too few, count among them
    assert staff["threat_status"].mean() == pytest.approx(0.25, abs=0.06)


def test_ties_of_the_file_are_the_same_in_every_organisation_and_weighted(project: Path) -> None:
    scenario = read_scenario(project / "acme.yaml")
    worlds = world.draw_worlds(world.design(scenario), 1, np.array([0, 7]))
    given = population.imported(scenario.organisation)
    assert given is not None
    assert worlds.other.size == 2 * 2 * given.first.size == worlds.weight.size
    here, there = worlds.start
    assert np.array_equal(np.diff(here), np.diff(there))
    assert sorted(set(np.round(worlds.weight, 3))) == [1.0, 2.0]


def test_both_engines_agree_on_imported_people(project: Path) -> None:
    scenario = read_scenario(
        with_line(project, "  buddies: {}\n  champions: {selection: greedy}\n")
    )
    scenario = scenario.changed({"organisation.turnover": 0.5})
    model = sim.AdoptionModel(scenario, rng=4, run=2)
    worlds = world.draw_worlds(world.design(scenario), 4, np.array([2]))
    rows = kernel.simulate(worlds, world.plan(scenario), 4).rows[0]
    for month in range(1, 7):
        model.step()
        assert np.array_equal(model.row, rows[month], equal_nan=True)


def test_a_list_of_people_becomes_pseudonyms_and_reaches_exactly_them(project: Path) -> None:
    scenario = read_scenario(
        with_line(
            project, "  champions: {selection: named, audience: {people: [North-1, East-2]}}\n"
        )
    )
    champions = scenario.deployments["champions"].audience.people
    assert champions is not None
    assert all(one.startswith("p-") for one in champions)
    worlds = world.draw_worlds(world.design(scenario), 1, np.array([0]))
    people = kernel.simulate(worlds, world.plan(scenario), 1, keep_people=True).people[0]
    given = population.imported(scenario.organisation)
    assert given is not None
    assert {given.people[i] for i in np.flatnonzero(people["champion"])} == set(champions)
    again = scenario.changed({"organisation.culture.participation": 0.9})
    assert again.deployments["champions"].audience.people == champions


def test_no_result_holds_an_id(project: Path) -> None:
    path = with_line(project, "  training: {audience: {people: [North-1, North-2]}}\n")
    result = sim.run(read_scenario(path), by=["department", "role", "team"])
    folder = result.save(project / "results")
    written = b"".join(one.read_bytes() for one in folder.iterdir())
    for name in (b"North-1", b"lead-North", b"anna-boss"):
        assert name not in written
    assert "people.csv" in json.dumps(result.provenance)


def test_groups_that_are_too_small_are_not_shown_nor_to_be_worked_out(project: Path) -> None:
    result = sim.run(read_scenario(project / "acme.yaml"), by=["department", "role", "team"])
    last = result.group_table().query("month == 6 and run == 0").set_index(["kind", "group"])
    assert list(last.loc["department"].index) == ["management + Sales", "Works"]
    assert last["people"].min() >= 5
    for kind in ("department", "role", "team"):
        assert last.loc[kind]["people"].sum() == 29


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  training: {audience: {people: [nobody]}}\n", ["entry 1 of the list is nobody's id"]),
        ("  training: {audience: {departments: [Sale]}}\n", ["no department 'Sale'", "'Sales'"]),
        ("  training: {audience: {teams: [Nord]}}\n", ["no team 'Nord'", "Sales / North"]),
        ("  champions: {selection: named}\n", ["need a list of them: audience.people"]),
    ],
)
def test_what_does_not_fit_the_people_is_said(project: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        world.plan(read_scenario(with_line(project, text)))
    for word in words:
        assert word in str(caught.value)


def test_a_department_the_file_does_not_have_is_said_with_its_place(project: Path) -> None:
    path = project / "acme.yaml"
    path.write_text(path.read_text().replace("Sales:", "Sails:"))
    with pytest.raises(ScenarioError, match=r"acme.yaml:5:5 .*no department 'Sails'.*'Sales'"):
        read_scenario(path)


def test_a_list_without_a_file_of_people_is_an_error() -> None:
    with pytest.raises(ScenarioError, match=r"needs organisation\.people"):
        sim.load("baseline").changed({"programme.launch.audience.people": ["a"]})


def test_another_place_of_the_same_files_is_the_same_organisation(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for file in ("people.csv", "ties.csv", "acme.yaml"):
        (elsewhere / file).write_bytes((project / file).read_bytes())
    one, other = (read_scenario(folder / "acme.yaml") for folder in (project, elsewhere))
    assert one.fingerprint() == other.fingerprint()
    assert np.array_equal(
        sim.run(one).measured["acme"], sim.run(other).measured["acme"], equal_nan=True
    )


def test_files_that_changed_since_the_scenario_was_read_are_not_used(project: Path) -> None:
    scenario = read_scenario(project / "acme.yaml")
    (project / "people.csv").write_text((project / "people.csv").read_text().replace("0.9", "0.8"))
    population._read.cache_clear()
    with pytest.raises(ScenarioError, match="others than when the scenario was read"):
        sim.run(scenario)


def test_whoever_uses_ai_already_goes_on_and_is_counted(project: Path) -> None:
    text = (project / "people.csv").read_text().splitlines()
    text = [
        f"{text[0]},uses AI",
        *(f"{line},{'yes' if 'North-' in line else ''}" for line in text[1:]),
    ]
    (project / "people.csv").write_text("\n".join(text) + "\n")
    result = sim.run(read_scenario(project / "acme.yaml"), runs=40)
    using = result.curves("acme", "adoption").mean(axis=0)
    assert using[0] == pytest.approx(6 / 29)
    assert using[1] > 0.9 * using[0]
    model = sim.AdoptionModel(read_scenario(project / "acme.yaml"), rng=1)
    already = [me for me in model.staff if me.uses == 1]
    assert len(already) == 6
    assert all(me.habit > 0.3 and me.conviction >= 0.0 and me.access_month == 1 for me in already)


def test_groups_of_real_people_are_never_smaller_than_five(project: Path) -> None:
    scenario = read_scenario(project / "acme.yaml")
    with pytest.raises(ScenarioError, match="found 1, at least 5 where people are real"):
        scenario.changed({"privacy.min_group": 1})
    assert scenario.changed({"privacy.min_group": 7}).privacy.min_group == 7


def test_the_plan_pays_people_what_their_file_says(project: Path) -> None:
    scenario = read_scenario(with_line(project, "  training: {audience: {departments: [Works]}}\n"))
    result = sim.run(scenario)
    planned = ledger.ledger(scenario)[["launch", "training"]].to_numpy().sum()
    spent = result.curves("acme", "cost_measures").sum(axis=1)
    assert spent == pytest.approx(np.full(3, planned))


def test_the_management_can_be_an_audience_by_a_list_or_where_it_is_large(project: Path) -> None:
    refused = with_line(project, "  training: {audience: {departments: [management]}}\n")
    with pytest.raises(ScenarioError, match=r"take departments: \[management, Sales\], or list"):
        read_scenario(refused)
    refused.write_text(
        refused.read_text().replace("{departments: [management]}", "{people: [anna-boss]}")
    )
    path = refused
    plan = world.plan(read_scenario(path))
    worlds = world.draw_worlds(world.design(read_scenario(path)), 1, np.array([0]))
    people = kernel.simulate(worlds, plan, 1, keep_people=True).people[0]
    assert np.array_equal(people["courses"] > 0.0, people["department"] == 0)


def test_ids_that_are_numbers_need_no_quotes(project: Path) -> None:
    text = (project / "people.csv").read_text().replace("North-1,", "2009,")
    (project / "people.csv").write_text(text)
    (project / "ties.csv").write_text(
        (project / "ties.csv").read_text().replace("North-1,", "2009,")
    )
    path = with_line(project, "  champions: {selection: named, audience: {people: [2009]}}\n")
    (only,) = read_scenario(path).deployments["champions"].audience.people or ()
    assert only.startswith("p-")
