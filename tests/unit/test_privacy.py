"""What may be told of real people, tried by somebody who holds everything that is told.

The attacker knows this program and its luck, every table of every command, and scenarios that
differ in one audience, but has not the file. What is told of groups are sums over people: whoever
holds several solves them as linear equations. What is used of single people are means, so the
engine is asked whether anything else of them reaches it.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import sim
from analysis import cli
from analysis.results.tables import plan_of
from sim import world
from sim.errors import AdoptionError, ScenarioError
from sim.people import population
from sim.privacy import (
    Family,
    coarser,
    crossing,
    possible,
    rounded,
    together,
    told,
)
from sim.scenario.imports import Imported, read_organisation
from sim.scenario.library import read_archetypes
from sim.scenario.schema import Scenario
from sim.study import experiments

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
HEAD = "id,department,team,role,hours,hourly cost,skill,uses,archetype," + ",".join(
    f"threat_{name}" for name in ("competence", "status", "control", "ethics")
)
KINDS = ("competence", "status", "control", "ethics")
quietly = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Draw a people file: departments, teams, rests without a team, roles, pay and answers."""
    rows = ["boss,Board,,executive,40,120,0.9,yes,,0.1,0.1,0.1,0.1"]
    for department in range(draw(st.integers(1, 4))):
        for team in range(draw(st.integers(0, 3)) + 1):
            for k in range(draw(st.integers(1, 9))):
                role = "team lead" if k == 0 and team else "manager" if k == 0 else "employee"
                said = draw(st.booleans())
                answers = [draw(st.integers(0, 8)) / 8 for _ in range(4)]
                rows.append(
                    f"p{department}-{team}-{k},D{department},{f'T{team}' if team else ''},{role},"
                    f"{draw(st.integers(20, 40))},{draw(st.integers(30, 99))},"
                    f"{answers[0] if said else ''},{draw(st.sampled_from(['yes', 'no', '']))},"
                    f"{draw(st.sampled_from(['', *KINDS]))},"
                    + ",".join(str(one) if said else "" for one in answers)
                )
    return "\n".join([HEAD, *rows]) + "\n"


def read(folder: Path, text: str) -> Imported:
    path = folder / "people.csv"
    path.write_text(text, "utf-8")
    population._read.cache_clear()
    return read_organisation(path, None, b"a salt for tests")


def scenario_of(folder: Path, text: str, more: str = "") -> Scenario:
    (folder / "people.csv").write_text(text, "utf-8")
    (folder / "acme.yaml").write_text(f"organisation: {{people: people.csv}}\n{more}", "utf-8")
    population._read.cache_clear()
    return sim.load(folder / "acme.yaml")


# --- Sums of groups ------------------------------------------------------------------------


def sums(families: Sequence[Family]) -> np.ndarray[Any, Any]:
    """Return everything told of groups as equations: which people each sum holds."""
    rows = [np.ones(families[0].role.place.size)]
    for family in families:
        for kind in (family.department, family.team, family.role):
            rows += [(kind.place == k).astype(float) for k in range(len(kind.names))]
    return np.array(rows)


def fewest(equations: np.ndarray[Any, Any]) -> int:
    """Return the fewest people whose sum follows, by trying all coefficients that could.

    Equations of groups are sums of whole cells, people that always occur together. So a sum
    that follows is a combination of columns of cells; the attacker looks for the one that leaves
    fewest people, cell by cell, and asks whether the rest can be made to vanish.
    """
    cells, where = np.unique(equations, axis=1, return_inverse=True)
    people = np.bincount(where.ravel())
    best = int(people.sum())
    light = [k for k in np.argsort(people) if people[k] < 5]
    for number in (1, 2, 3, 4):
        for chosen in itertools.combinations(light, number):
            size = int(people[list(chosen)].sum())
            if size >= min(5, best):
                continue
            others = np.delete(cells, chosen, axis=1)
            # Is there a combination that is nothing on the others and something on these?
            if np.linalg.matrix_rank(cells) > np.linalg.matrix_rank(others):
                best = size
    return best


def by_size_alone(place: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return groups as they were told once: those large enough, each kind by itself."""
    sizes = np.bincount(place)
    return np.array([(place == k).astype(float) for k in range(sizes.size) if sizes[k] >= 5])


@quietly
@given(files(), st.integers(6, 12))
def test_no_sum_of_what_is_told_holds_fewer_than_five_people(
    tmp_path: Path, text: str, more: int
) -> None:
    imported = read(tmp_path, text)
    family = imported.groups
    if len(imported.people) >= 5:
        assert fewest(sums([family, coarser(family, more)])) >= 5
    larger = coarser(family, more)
    for kind in (larger.department, larger.team, larger.role):
        assert np.bincount(kind.place).min() >= min(more, len(imported.people))


def test_the_attacker_finds_what_was_told_once(tmp_path: Path) -> None:
    """The example, with small groups left out kind by kind, gives the manager away."""
    (tmp_path / "people.csv").write_bytes((EXAMPLES / "people.csv").read_bytes())
    imported = read_organisation(tmp_path / "people.csv", None, b"a salt for tests")
    whole = np.ones((1, len(imported.people)))
    teams = np.where(imported.team < 0, len(imported.teams), imported.team)
    once = [by_size_alone(imported.department), by_size_alone(teams)]
    assert fewest(np.concatenate([whole, *once])) == 1
    assert fewest(sums([imported.groups])) >= 5


# --- Sizes ---------------------------------------------------------------------------------


def worlds_of(number: int, most: int) -> dict[Any, list[tuple[int, ...]]]:
    """Return all sizes of so many groups, by what is told of them."""
    found = defaultdict(list)
    for sizes in itertools.product(range(1, most), repeat=number):
        one = together(sizes)
        rest = tuple((k, sizes[k]) for k in range(number) if k not in one)
        found[tuple(one), sum(sizes[k] for k in one), rest].append(sizes)
    return found


UNTOLD = [(2, 30), (3, 20), (4, 12)]


@pytest.mark.parametrize(("number", "most"), UNTOLD[1:])
def test_of_a_size_not_told_three_values_remain_for_whoever_knows_the_rule(
    number: int, most: int
) -> None:
    checked = 0
    for (one, total, _), possibly in worlds_of(number, most).items():
        if not one or len(one) == number or total >= most:  # nothing hidden, or nothing told
            continue
        checked += 1
        for k in one:
            assert len({sizes[k] for sizes in possibly}) >= 3
    assert checked or number == 2


def test_groups_that_are_large_enough_stay() -> None:
    assert told({"big": 32, "legal": 4, "hr": 4}) == {"big": 32, "legal + hr": 8}
    assert together([3, 8, 12, 30]) == [0, 3]  # the eight stays
    assert together([8, 12, 30]) == []
    assert together([1, 14, 14]) == [0, 1]
    assert together([1, 1, 1, 1, 1]) == [0, 1, 2, 3, 4]  # one each, whoever counts the names
    assert {4, 1, 7} <= possible(8, [1, 2], {0: 32})[0]


def test_ties_are_told_to_the_nearest_five_and_few_as_one() -> None:
    ties = np.array([0.0, 1.0, 4.0, 5.0, 7.0, 8.0, 32.0, 33.0])
    assert rounded(ties).tolist() == [0.0, 1.0, 1.0, 5.0, 5.0, 10.0, 30.0, 35.0]
    assert rounded(ties, 8).tolist() == [0.0, 1.0, 1.0, 1.0, 1.0, 10.0, 30.0, 35.0]


def test_linear_programs_find_no_size(tmp_path: Path) -> None:
    """Sizes told, and that each department has somebody: the range of each hidden one is wide."""
    rows = [f"p{k},{name},employee" for name, size in
            {"Big": 32, "Legal": 4, "HR": 4}.items() for k in range(100 * len(name), 100 * len(name) + size)]  # fmt: skip
    imported = read(tmp_path, "id,department,role\n" + "\n".join(rows) + "\n")
    place = imported.groups.department
    equations = np.array([[place.place[np.flatnonzero(imported.department == d)[0]] == g
                           for d in (1, 2, 3)] for g in range(len(place.names))], float)  # fmt: skip
    sizes = np.bincount(place.place).astype(float)
    for d, name in enumerate(imported.departments[1:]):
        ends = [linprog(sign * np.eye(3)[d], A_eq=equations, b_eq=sizes, bounds=[(1, None)] * 3).fun
                for sign in (1, -1)]  # fmt: skip
        if name != "Big":
            assert -ends[1] - ends[0] >= 2


# --- Single people ---------------------------------------------------------------------------


def test_the_engine_reads_no_single_person(tmp_path: Path) -> None:
    """Two files in which colleagues have changed places give the same runs to the last bit."""
    rows = []
    for department in ("Sales", "Works"):
        for k in range(10):
            rows.append([f"{department}{k}", department, "employee", str(40 + k), str(k / 10)])
    one = "id,department,role,hourly cost,skill\n" + "".join(",".join(row) + "\n" for row in rows)
    for department in (rows[:10], rows[10:]):
        department[0][3:], department[7][3:] = department[7][3:], department[0][3:]
    other = "id,department,role,hourly cost,skill\n" + "".join(",".join(row) + "\n" for row in rows)
    more = (
        "simulation: {months: 4, runs: 4}\nprogramme: {training: {audience: {people: [Sales0]}}}\n"
    )
    measured = [
        sim.run(scenario_of(tmp_path, text, more)).measured["acme"] for text in (one, other)
    ]
    assert one != other
    assert np.array_equal(*measured, equal_nan=True)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The example of the page on one's own organisation, as a scenario."""
    for name in ("people.csv", "ties.csv"):
        (tmp_path / name).write_bytes((EXAMPLES / name).read_bytes())
    (tmp_path / "acme.yaml").write_text(
        "organisation: {people: people.csv, ties: ties.csv}\nprogramme: {launch: {}}\n", "utf-8"
    )
    return tmp_path


def audiences(example: Path, audience: str, name: str = "training") -> Scenario:
    (example / "one.yaml").write_text(
        f"organisation: {{people: people.csv}}\nprogramme: {{{name}: {{audience: {audience}}}}}\n"
    )
    return sim.load(example / "one.yaml")


def test_what_a_person_is_follows_from_no_cost(example: Path) -> None:
    """FAULTS A2 and B7: costs for one person of each archetype are the same for everybody."""
    rows = (EXAMPLES / "people.csv").read_text("utf-8-sig").splitlines()[1:3]
    found = []
    for row in rows:
        one = audiences(example, f"{{people: ['{row.split(';')[0]}'], archetypes: [status]}}")
        costs = sim.run(one.changed({"simulation.months": 2}), runs=60).curves(
            "one", "cost_measures"
        )
        found.append(set(np.round(costs.sum(axis=1), 6)))
    for several in found:
        assert len(several) == 2  # by luck, run by run


def test_three_executives_are_no_audience_and_the_remedy_is_said(example: Path) -> None:
    for audience, words in (
        ("{roles: [executive]}", r"roles: \[manager, executive\]"),
        ("{departments: [Directie]}", "there is no department|no department"),
        ("{departments: [management]}", r"departments: \[management, Productie\]"),
        ("{departments: [Productie]}", r"departments: \[management, Productie\]"),
        ("{departments: [Engineering], roles: [manager, executive]}", "fewer than 5 people"),
        ("{departments: [Engineering], roles: [employee, team_lead]}", "fewer than 5 people"),
        ("{teams: [Engineering / Besturing]}", r"departments: \[Engineering\]"),
        ("{people: ['1334'], departments: [Verkoop]}", "a list of people stands by itself"),
    ):
        with pytest.raises(AdoptionError, match=words):
            world.plan(audiences(example, audience))
    with pytest.raises(ScenarioError, match="fewer than 5 people"):
        audiences(example, "{departments: [Kantoor]}", "leadership-example")
    for audience in ("{departments: [Kantoor]}", "{teams: [Engineering / Mechanica]}",
                     "{roles: [team_lead]}", "{departments: [management, Productie]}"):  # fmt: skip
        assert plan_of(audiences(example, audience)).items.loc["training", "people"] >= 5


def test_a_phase_or_use_case_for_few_is_refused_too(example: Path) -> None:
    one = sim.load(example / "acme.yaml")
    with pytest.raises(ScenarioError, match=r"tool.phases.*fewer than 5"):
        one.changed({"tool.phases": [{"month": 1, "departments": ["management"]}]})


def test_every_output_has_the_same_groups(example: Path) -> None:
    """FAULTS A4: what the commands print, and what they store, tells no size below five."""

    def run(*words: object) -> dict[str, Any]:
        done = CliRunner().invoke(cli.adopt, [str(word) for word in words])
        assert done.exit_code == 0, done.output
        content: dict[str, Any] = json.loads(done.output)
        return content

    said = run("people", example / "people.csv", "--json")
    for kind in ("department", "team", "role"):
        assert min(said[kind].values()) >= 5
        assert sum(said[kind].values()) == 64
    one = sim.load(example / "acme.yaml")
    result = sim.run(
        one.changed({"simulation.months": 1}), runs=2, by=["department", "team", "role"]
    )
    heads = result.group_table().query("month == 0 and run == 0").set_index(["kind", "group"])
    for kind in ("department", "team", "role"):
        assert heads.loc[kind]["people"].to_dict() == said[kind]
    stored = result.provenance["scenarios"]["acme"]["organisation"]["departments"]
    sizes = [64 * place["share"] for place in stored.values()]
    assert min(sizes) >= 5


def test_no_agent_tells_of_a_real_person(example: Path) -> None:
    """FAULTS A5."""
    one = sim.load(example / "acme.yaml").changed({"simulation.months": 1})
    model = sim.AdoptionModel(one)
    with pytest.raises(AdoptionError, match="read from a file"):
        model.staff[3].about()
    with pytest.raises(AdoptionError, match="read from a file"):
        model.graph()
    with pytest.raises(AdoptionError, match="agent_reporters"):
        sim.AdoptionModel(one, agent_reporters={"worth": "worth"})
    model.run_model()
    assert not model.datacollector.agent_reporters
    log = experiments.events(one, runs=2)
    assert {"person", "exposure"}.isdisjoint(log.columns)


def test_a_larger_least_holds_for_groups_and_for_means(example: Path) -> None:
    one = sim.load(example / "acme.yaml").changed({"privacy.min_group": 12})
    told_of = population.family(one)
    assert told_of is not None
    for kind in (told_of.department, told_of.team, told_of.role):
        assert np.bincount(kind.place).min() >= 12
    found = population.facts(one)
    assert found is not None
    for means in (found.hourly_cost, found.weekly_hours, *found.threats):
        assert means is not None and means.said.min() >= 12
    table = sim.run(one.changed({"simulation.months": 1}), runs=2, by=["team"]).group_table()
    assert table["people"].min() >= 12


def test_roles_are_told_apart_only_where_each_has_enough(example: Path) -> None:
    given_groups = population.family(sim.load(example / "acme.yaml"))
    assert given_groups is not None
    assert not crossing(given_groups, 5).any()


def test_means_of_a_file_are_those_of_the_people_drawn(example: Path) -> None:
    """What is shown of a group is what the group said, on average."""
    one = sim.load(example / "acme.yaml")
    found = population.facts(one)
    assert found is not None
    people = world.draw_worlds(world.design(one), 1, np.arange(300)).people
    for k, name in enumerate(KINDS):
        means = found.threats[k]
        assert means is not None
        drawn = np.array([people[f"initial_{name}"][:, means.place == s].mean()
                          for s in range(means.said.size)])  # fmt: skip
        share = means.said / means.people
        usual = sim.AdoptionModel("baseline", rng=1)
        common = np.mean([getattr(me, f"initial_{name}") for me in usual.staff])
        expected = share * means.value + (1 - share) * common
        assert drawn == pytest.approx(expected, abs=0.05)
    kinds = np.bincount(people["archetype"].ravel(), minlength=4) / 300
    assert kinds[1] >= 11 - 1e-9  # so many fear for their standing, and some are not known


def test_the_luck_of_dealing_leaves_every_share_as_it_is(tmp_path: Path) -> None:
    rows = [f"p{k},Sales,employee,{'yes' if k < 3 else 'no'},{KINDS[k % 2]}" for k in range(12)]
    text = "id,department,role,uses,archetype\n" + "\n".join(rows) + "\n"
    one = scenario_of(tmp_path, text)
    people = world.draw_worlds(world.design(one), 1, np.arange(50)).people
    assert set(people["uses"].sum(axis=1)) == {3}
    assert set((people["archetype"] == 1).sum(axis=1)) == {6}
    times = people["uses"].sum(axis=0)
    assert times.min() > 0 and times.max() < 30  # anybody's turn comes


@pytest.mark.parametrize("archetype", KINDS)
def test_a_plan_expects_as_many_of_an_archetype_as_are_dealt(
    archetype: str, tmp_path: Path
) -> None:
    (tmp_path / "firm.yaml").write_text(
        f"organisation: {{people: {EXAMPLES / 'people.csv'}}}\n"
        f"programme: {{training: {{audience: {{archetypes: [{archetype}]}}}}}}\n"
    )
    scenario = sim.load(tmp_path / "firm.yaml")
    kind = list(read_archetypes()).index(archetype)
    worlds = world.draw_worlds(world.design(scenario), 1, np.arange(5))
    dealt = (worlds.people["archetype"] == kind).sum(axis=1)
    planned = plan_of(scenario).items.loc["training", "people"]
    assert planned == pytest.approx(dealt.mean(), abs=0.5)
    assert population.archetype_chances(scenario)[:, kind].sum() == pytest.approx(dealt.mean())
