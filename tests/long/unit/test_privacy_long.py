"""What takes long of ``unit/test_privacy.py``."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import test_privacy as quick
from hypothesis import given
from hypothesis import strategies as st
from test_privacy import EXAMPLES, UNTOLD, audiences, files, quietly, read

import sim
from analysis.results.tables import plan_of
from sim.privacy import (
    least_support,
)

example = quick.example


@quietly
@given(files())
def test_two_kinds_that_cross_leave_no_smaller_cut(tmp_path: Path, text: str) -> None:
    import networkx

    imported = read(tmp_path, text)
    finest, role = imported.groups.team.place, imported.role
    graph = networkx.Graph()
    for a, b in zip(finest, role, strict=True):
        ends = ("team", int(a)), ("role", int(b))
        before = graph.get_edge_data(*ends, {"weight": 0})["weight"]
        graph.add_edge(*ends, weight=before + 1)
    parts = [graph.subgraph(one) for one in networkx.connected_components(graph)]
    smallest = min(networkx.stoer_wagner(one)[0] for one in parts)
    _, place = np.unique(role, return_inverse=True)
    assert least_support(finest, place) == smallest


def swapped(text: str, column: int, rng: np.random.Generator) -> str:
    """Return a file in which people of the finest sets have changed answers with each other."""
    lines = [line.split(",") for line in text.strip().split("\n")]
    head, rows = lines[0], lines[1:]
    groups = defaultdict(list)
    for row in rows:
        if row[column]:
            groups[row[1], row[2], row[3] == "employee"].append(row)
    for same in groups.values():
        said = [row[column] for row in same]
        rng.shuffle(said)
        for row, one in zip(same, said, strict=True):
            row[column] = one
    return "\n".join(",".join(row) for row in [head, *rows]) + "\n"


@quietly
@given(files(), st.sampled_from([4, 5, 6, 7]), st.integers(0, 100))
def test_who_said_what_in_a_team_changes_nothing_that_is_used(
    tmp_path: Path, text: str, column: int, luck: int
) -> None:
    """What is used are means of sets: colleagues who change answers leave them as they are."""
    imported = read(tmp_path, text)
    other = read(tmp_path, swapped(text, column, np.random.default_rng(luck)))
    drawn = []
    for one in (imported, other):
        for name, means in one.facts._asdict().items():
            for mean in means if name == "threats" else () if name == "own" else (means,):
                assert mean is None or mean.said.min() >= 5 or name == "uses"
                assert mean is None or mean.people.min() >= 5
        drawn.append(one)
    names = ("weekly_hours", "hourly_cost", "skill", "uses", "archetypes")
    for name in names:
        before, after = (getattr(one.facts, name) for one in drawn)
        assert (before is None) == (after is None)
        if before is not None:
            np.testing.assert_allclose(before.value, after.value, rtol=1e-12)
            assert np.array_equal(before.place, after.place)


def test_two_groupings_and_two_runs_never_come_down_to_the_manager(example: Path) -> None:
    """FAULTS A1 and A3: departments less their teams, in one run or in two."""
    one = sim.load(example / "acme.yaml").changed({"simulation.months": 1})
    tables = [
        sim.run(one, runs=2, by=by).group_table().query("month == 0 and run == 0")
        for by in (["department", "team"], ["department"], ["team"], ["role"])
    ]
    assert tables[0]["people"].min() >= 5
    assert set(tables[0]["group"]) == {*tables[1]["group"], *tables[2]["group"]}
    for table in tables[1:]:
        assert table["people"].sum() == 64
        assert table["people"].min() >= 5
    parts = tables[0].query("kind == 'team' and group.str.startswith('Engineering')")
    assert sorted(parts["people"]) == [6, 6]
    whole = tables[0].query("group == 'Engineering'")
    assert whole["people"].item() == 12


def test_what_a_list_of_people_costs_tells_nobodys_pay(example: Path) -> None:
    """FAULTS A2: everybody on a list costs what an hour costs in the organisation."""
    rows = (EXAMPLES / "people.csv").read_text("utf-8-sig").splitlines()[1:]
    ids = [row.split(";")[0] for row in rows]
    mean = np.mean([float(row.split(";")[7].replace(",", ".")) for row in rows])
    for identity in (ids[0], ids[1], ids[9]):
        one = audiences(example, f"{{people: ['{identity}']}}")
        row = plan_of(one).items.loc["training"]
        assert row["staff_time"] / row["staff_hours"] == pytest.approx(mean)
        spent = sim.run(one.changed({"simulation.months": 3}), runs=2)
        hours = spent.curves("one", "staff_hours").sum()
        costs = spent.curves("one", "cost_measures").sum()
        assert costs == pytest.approx(
            mean * hours + plan_of(one).items.loc["training", ["fixed", "participants"]].sum() * 2
        )


@pytest.mark.parametrize(("number", "most"), UNTOLD[:1])
def test_of_a_size_not_told_three_values_remain_for_whoever_knows_the_rule(
    number: int, most: int
) -> None:
    quick.test_of_a_size_not_told_three_values_remain_for_whoever_knows_the_rule(number, most)
