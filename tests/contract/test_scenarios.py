"""Every shipped scenario asks one question, reads, compiles, runs, and can be laid beside others."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.programme.compiling import compile_programme
from sim.programme.deployments import access_months, rounds
from sim.programme.ledger import ledger
from sim.scenario import read_catalogue, read_scenario
from sim.scenario.folders import library
from sim.scenario.library import read_presets
from sim.scenario.schema import Scenario
from sim.study.experiments import same_people

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


# --- Roll-outs -------------------------------------------------------------------------------


def differing(one: Scenario, other: Scenario) -> set[str]:
    """Return the dotted paths at which two scenarios differ, a deployment only one has by its name."""
    mine, theirs = (
        a.model_dump(exclude={"name", "title", "question", "budget", "play"}) for a in (one, other)
    )
    found = set()
    for section in mine:
        for name in {*mine[section], *theirs[section]}:
            here, there = mine[section].get(name), theirs[section].get(name)
            if here == there:
                continue
            inside = section == "programme" and here is not None and there is not None
            fields = [f".{key}" for key in here if here[key] != there[key]] if inside else [""]
            found |= {f"{section}.{name}{field}" for field in fields}
    return found


def test_on_request_is_licences_without_a_launch() -> None:
    assert differing(read_scenario("on-request"), read_scenario("baseline")) == {"programme.launch"}
    assert not read_scenario("on-request").deployments


def test_talks_are_held_with_those_who_do_not_use_it_at_the_time() -> None:
    one = read_scenario("personal-talk")
    assert differing(one, read_scenario("leadership-champions")) == {"programme.personal-talk"}
    assert one.deployments["personal-talk"].audience.not_yet_using


@pytest.mark.parametrize(
    ("waves", "at_once"), [("waves-licences", "baseline"), ("waves", "full-programme")]
)
def test_waves_differ_from_access_for_all_at_once_in_who_has_it_when(
    waves: str, at_once: str
) -> None:
    one = read_scenario(waves)
    assert differing(one, read_scenario(at_once)) == {"tool.phases", "tool.go_live"}
    assert one.tool == read_scenario("waves-licences").tool
    months, rest = access_months(one)
    left = np.cumprod([1.0, *(1.0 - phase.share for phase in one.tool.phases)])
    assert [*months, rest] == [1, 4, 7]
    assert left == pytest.approx([1.0, 0.88, 0.55])


# --- Frequent mistakes and their remedy ------------------------------------------------------

SOUND = "mistake-none"
MISTAKES = sorted(name for name in NAMES if name.startswith("mistake-") and name != SOUND)
MONEY_IN_THE_TOOL = {"tool.integration_cost", "tool.data_cost", "tool.investment"}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_made_by_the_same_organisation(name: str) -> None:
    mistake, sound = read_scenario(name), read_scenario(SOUND)
    assert sound.organisation == read_scenario("baseline").organisation
    assert same_people(mistake, sound)
    assert {path.partition(".")[0] for path in differing(mistake, sound)} <= {"tool", "programme"}
    assert name.removeprefix("mistake") in (library() / f"{SOUND}.yaml").read_text("utf-8")


def test_there_are_the_six_mistakes_of_practice() -> None:
    assert MISTAKES == [
        "mistake-late-start", "mistake-little-training", "mistake-not-asked", "mistake-nothing-after",
        "mistake-promised-too-much", "mistake-technology-first",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["mistake-technology-first", "mistake-nothing-after", "mistake-promised-too-much"]
)
def test_where_money_goes_elsewhere_it_is_as_much_money(name: str) -> None:
    mistake, sound = (float(ledger(read_scenario(one)).to_numpy().sum()) for one in (name, SOUND))
    assert mistake == pytest.approx(sound, rel=0.15)


def test_technology_first_takes_from_people_and_gives_to_the_tool() -> None:
    mistake, sound = read_scenario("mistake-technology-first"), read_scenario(SOUND)
    changed = differing(mistake, sound)
    assert set(mistake.deployments) == {"launch", "training"}
    assert {path for path in changed if path.startswith("tool.")} == MONEY_IN_THE_TOOL
    assert all(mistake.deployments[one] == sound.deployments[one] for one in mistake.deployments)


def test_a_late_start_is_the_same_work_later() -> None:
    mistake, sound = read_scenario("mistake-late-start"), read_scenario(SOUND)
    changed = differing(mistake, sound)
    assert {path.rpartition(".")[2] for path in changed} == {"start", "months"}
    assert set(mistake.deployments) == set(sound.deployments)
    for one, other in zip(rounds(mistake), rounds(sound), strict=True):
        if one.name not in ("launch", "training"):
            assert one.start >= access_months(mistake)[1] + 5 > other.start
        if not one.structural:  # all of it is still delivered
            assert one.dose.sum() == pytest.approx(other.dose.sum())


def test_too_little_training_is_a_matter_of_courses_alone() -> None:
    mistake, sound = read_scenario("mistake-little-training"), read_scenario(SOUND)
    assert differing(mistake, sound) == {"programme.training.dose", "programme.training.months"}
    assert mistake.deployments["training"].dose <= sound.deployments["training"].dose / 4


def test_departments_that_are_not_asked_take_part_in_nothing() -> None:
    mistake, sound = read_scenario("mistake-not-asked"), read_scenario(SOUND)
    shared = {one for one in sound.deployments if read_catalogue()[one].participatory}
    assert shared
    assert differing(mistake, sound) == {f"programme.{one}" for one in shared}


def test_nothing_that_supports_people_goes_on_after_go_live() -> None:
    mistake, sound = read_scenario("mistake-nothing-after"), read_scenario(SOUND)
    changed = {path.split(".")[1] for path in differing(mistake, sound)}
    assert changed == set(sound.deployments) - {"launch", "needs-analysis", "use-case-selection"}
    for one in rounds(mistake):
        if one.name in changed:
            assert one.start + np.flatnonzero(one.dose)[-1] < access_months(mistake)[1]


def test_what_was_promised_too_much_is_said_instead_of_talked_about() -> None:
    mistake, sound = read_scenario("mistake-promised-too-much"), read_scenario(SOUND)
    speaks = {"two-sided-communication", "information-campaign"}
    assert differing(mistake, sound) == {f"programme.{one}" for one in speaks}
    campaign = read_catalogue()["information-campaign"].message
    assert campaign is not None
    assert (campaign.balance, campaign.concreteness) == ("one_sided", "abstract")
