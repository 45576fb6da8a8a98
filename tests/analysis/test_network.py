"""What is said and drawn of a network is true, and everything in a picture can be read."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from matplotlib.collections import EllipseCollection, LineCollection
from matplotlib.text import Text
from parts import few

import sim
from analysis.figures.frame import Picture
from analysis.network import champions as study
from analysis.network import node_positions, numbers
from analysis.network.numbers import figures
from analysis.network.picture import network_picture
from sim import world
from sim.errors import AdoptionError
from sim.people.selection import SELECTION
from sim.scenario.schema import Scenario

KIND = "organisation.network.kind"
PEOPLE = "organisation.employees"


def drawn(scenario: Scenario, seed: int = 1) -> world.Worlds:
    """Return the first organisation of a scenario."""
    return world.draw_worlds(world.design(scenario), seed, np.arange(1))


# --- Numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["teams", "ring", "random", "scale_free", "block", "none"])
def test_the_numbers_are_what_another_library_finds(kind: str, baseline: Scenario) -> None:
    worlds = drawn(baseline.changed({KIND: kind, "organisation.network.degree": 3.0}))
    graph = nx.Graph(numbers.ties_of(worlds).toarray() > 0)
    giant = graph.subgraph(max(nx.connected_components(graph), key=len))
    found = figures(worlds)
    assert found.people == 140
    assert found.ties == graph.number_of_edges()
    assert found.degree == pytest.approx(2 * graph.number_of_edges() / 140)
    assert found.clustering == pytest.approx(nx.average_clustering(graph))
    assert found.giant == pytest.approx(len(giant) / 140)
    if kind == "none":
        assert np.isnan(found.path)
        assert np.isnan(found.inside)
        return
    assert found.path == pytest.approx(nx.average_shortest_path_length(giant))
    assert found.longest == nx.diameter(giant)
    department = worlds.people[0]["department"]
    inside = [department[a] == department[b] for a, b in graph.edges]
    assert found.inside == pytest.approx(np.mean(inside))


def test_where_everybody_notices_everybody_ties_are_counted_without_being_there(
    small: Scenario,
) -> None:
    found = figures(drawn(small.changed({KIND: "complete"})))
    assert found.ties == 60 * 59 / 2
    assert (found.degree, found.clustering, found.path, found.giant) == (59, 1, 1, 1)
    assert 0 < found.inside < 1


def test_numbers_of_many_people_are_estimated_close_to_what_they_are(
    baseline: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds = drawn(baseline.changed({PEOPLE: 2500}))
    estimate = figures(worlds)
    monkeypatch.setattr(numbers, "SAMPLE", 2500)
    exact = figures(worlds)
    assert estimate != exact
    assert estimate.path == pytest.approx(exact.path, rel=0.02)
    assert estimate.clustering == pytest.approx(exact.clustering, rel=0.05)
    assert exact.longest - 1 <= estimate.longest <= exact.longest


def test_a_table_says_which_numbers_real_firms_have(baseline: Scenario) -> None:
    table = numbers.table(baseline, runs=3)
    assert set(table.loc[["degree", "clustering", "path", "inside"], "verdict"]) == {"in"}
    assert (table["low"] <= table["mean"]).all()
    assert (table["mean"] <= table["high"]).all()
    ring = numbers.table(baseline.changed({KIND: "ring"}), runs=1)
    assert ring.loc["path", "verdict"] == "above"
    random = numbers.table(baseline.changed({KIND: "random"}), runs=1)
    assert random.loc["clustering", "verdict"] == "below"
    assert random.loc["people", "verdict"] == ""


def test_where_there_is_one_department_nothing_is_said_of_ties_inside(small: Scenario) -> None:
    one = small.changed({"organisation.departments": {"all": {"share": 1.0}}})
    assert numbers.table(one, runs=1).loc["inside", "verdict"] == ""


# --- Places --------------------------------------------------------------------------------


def test_people_have_places_of_their_own_beside_their_colleagues(baseline: Scenario) -> None:
    worlds = drawn(baseline)
    ties, department = numbers.ties_of(worlds), worlds.people[0]["department"]
    centres = node_positions.pack(np.sqrt(np.bincount(department)) + 2.0)
    place = node_positions.in_departments(ties, department, centres, np.ones(140))
    apart = np.linalg.norm(place[:, None] - place[None], axis=2)
    assert apart[~np.eye(140, dtype=bool)].min() > 0.9 * node_positions.APART
    team = worlds.people[0]["team"]
    others = department[:, None] == department[None]
    mates = (team[:, None] == team[None]) & others & ~np.eye(140, dtype=bool)
    assert apart[mates].mean() < 0.7 * apart[others & ~mates].mean() + 0.3 * apart.mean()
    nearest = np.linalg.norm(place[:, None] - centres[None], axis=2).argmin(axis=1)
    assert (nearest == department).mean() > 0.97


# --- The picture ---------------------------------------------------------------------------


def texts(figure: Picture) -> list[tuple[str, Any]]:
    """Return every text that can be seen, with the box it fills."""
    figure.draw_without_rendering()
    found = [one for one in figure.findobj(Text) if isinstance(one, Text) and one.get_visible()]
    return [(one.get_text(), one.get_window_extent()) for one in found if one.get_text().strip()]


def assert_readable(figure: Picture) -> None:
    """No two texts overlap, and none leaves the sheet."""
    found = texts(figure)
    wide, high = figure.get_size_inches() * figure.dpi
    for text, box in found:
        assert box.x0 >= 0, text
        assert box.x1 <= wide, text
        assert box.y0 >= 0, text
        assert box.y1 <= high, text
    for (one, box), (other, second) in itertools.combinations(found, 2):
        across = min(box.x1, second.x1) - max(box.x0, second.x0)
        up = min(box.y1, second.y1) - max(box.y0, second.y0)
        assert across <= 1 or up <= 2, (one, other)


CASES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "two people": {PEOPLE: 2},
    "ten": {PEOPLE: 10},
    "fifty": {PEOPLE: 50},
    "four hundred": {PEOPLE: 400},
    "two thousand": {PEOPLE: 2000},
    "ring": {KIND: "ring"},
    "small world": {KIND: "small_world"},
    "scale-free": {KIND: "scale_free"},
    "blocks": {KIND: "block"},
    "nobody": {KIND: "none"},
    "everybody": {KIND: "complete"},
    "many everybody": {KIND: "complete", PEOPLE: 2000},
    "one department": {"organisation.departments": {"all": {"share": 1.0}}},
    "twelve departments": {
        PEOPLE: 300,
        "organisation.departments": {f"unit {k}": {"share": 1 / 12} for k in range(12)},
    },
}


@pytest.mark.parametrize("case", few(CASES, 2))
def test_everything_written_in_a_picture_can_be_read(case: str, baseline: Scenario) -> None:
    figure = network_picture(baseline.changed(CASES[case]))
    assert figure.message
    assert "seed 1" in " ".join(text for text, _ in texts(figure))
    assert_readable(figure)


def lines_and_dots(figure: Picture) -> tuple[int, int]:
    """Return how many lines and dots there are."""
    ax = figure.axes[0]
    collections = [one for one in ax.collections if isinstance(one, LineCollection)]
    dots = next(one for one in ax.collections if isinstance(one, EllipseCollection))
    return sum(len(one.get_paths()) for one in collections), len(dots.get_offsets())


@pytest.mark.parametrize("kind", ["teams", "ring", "scale_free"])
def test_every_person_is_a_dot_and_every_tie_a_line(kind: str, baseline: Scenario) -> None:
    scenario = baseline.changed({KIND: kind})
    found = figures(drawn(scenario))
    assert lines_and_dots(network_picture(scenario)) == (found.ties, 140)


@pytest.mark.parametrize(
    ("colour", "told"), [("archetype", "control"), ("role", "manager"), ("department", "sales")]
)
def test_colours_stand_for_what_was_asked(colour: str, told: str, baseline: Scenario) -> None:
    figure = network_picture(baseline, colour=colour)
    assert any(text.startswith(told) for text, _ in texts(figure))
    assert_readable(figure)


def test_above_some_size_departments_are_drawn_with_the_number_of_their_ties(
    baseline: Scenario,
) -> None:
    scenario = baseline.changed({PEOPLE: 2000})
    figure = network_picture(scenario)
    worlds = drawn(scenario)
    department = worlds.people[0]["department"]
    ties = numbers.ties_of(worlds)
    rows = np.repeat(np.arange(2000), np.diff(ties.indptr))
    between = int(((department[rows] == 1) & (department[ties.indices] == 2)).sum())
    told = [text for text, _ in texts(figure)]
    assert f"{between:,}" in told
    assert f"{(department == 2).sum():,} people" in told


# --- Champions -----------------------------------------------------------------------------


def test_every_way_of_choosing_is_compared_but_the_one_that_needs_names() -> None:
    assert set(study.WAYS) == set(SELECTION) - {"named"}


def test_variants_differ_in_how_champions_are_chosen_and_in_nothing_else(
    baseline: Scenario,
) -> None:
    for scenario in (baseline, sim.load("champions")):
        first, *rest, without = study.variants(scenario, share=0.1)
        assert first.programme["champions"].selection == "random"
        assert first.programme["champions"].share == 0.1
        assert "champions" not in without.deployments
        for one in rest:
            same = {"programme.champions.selection": "random", "name": "same", "title": ""}
            alike = first.changed({"name": "same", "title": ""})
            assert one.changed(same).fingerprint() == alike.fingerprint()


def test_what_a_scenario_says_of_its_champions_is_kept() -> None:
    scenario = sim.load("champions").changed({"programme.champions.share": 0.03})
    assert all(one.programme["champions"].share == 0.03 for one in study.variants(scenario)[:-1])


def test_those_chosen_reach_what_is_counted_by_hand(small: Scenario) -> None:
    scenario = study.variants(small, share=0.05)[2]
    found = study.chosen(scenario, 1, 1)
    (worlds,) = study.cast(scenario, 1, [0])
    ties = numbers.ties_of(worlds).toarray() > 0
    champion = worlds.people[0]["champion"] == 1
    assert found.number == champion.sum() == 3
    assert found.degree == pytest.approx(ties[champion].sum(axis=1).mean())
    assert found.reach == pytest.approx((ties[champion].any(axis=0) | champion).mean())


@pytest.fixture(scope="module")
def compared() -> Any:
    """Return a small comparison of all ways."""
    scenario = sim.load("baseline").changed({"simulation.months": 6, PEOPLE: 60})
    return sim.compare(study.variants(scenario), runs=12, seed=1)


def test_the_table_holds_each_way_once_and_the_best_first(compared: Any) -> None:
    table = study.table(compared, 6)
    assert set(table.index) == set(compared.scenarios)
    assert table["difference"].is_monotonic_decreasing
    assert table.loc["random", "difference"] == 0.0
    for way in table.index:
        expected = 100 * compared.curves(way, "adoption")[:, 6].mean()
        assert table.loc[way, "mean"] == pytest.approx(expected)
    assert table.loc["greedy", "reach"] == table["reach"].max()
    assert table.loc["most-connected", "degree"] == table["degree"].max()
    assert np.isnan(table.loc["none", "degree"])


def test_the_sentence_about_ways_follows_from_their_intervals(compared: Any) -> None:
    table = study.table(compared, 6)
    table[["difference", "low", "high"]] = 0.0
    table.loc["greedy", ["difference", "low", "high"]] = 3.0, 2.0, 4.0
    best_first = table.sort_values("difference", ascending=False, kind="stable")
    assert study.message(best_first, "random").endswith("together, +3.0 points over chance")
    table.loc["nominated", ["difference", "low", "high"]] = 2.5, 1.5, 3.5
    best_first = table.sort_values("difference", ascending=False, kind="stable")
    assert study.message(best_first, "random").endswith("nominated by colleagues about as much")
    table.loc["greedy", "low"] = -1.0
    best_first = table.sort_values("difference", ascending=False, kind="stable")
    assert "No way" in study.message(best_first, "random")


# --- Commands ------------------------------------------------------------------------------


def command(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run a command of ``adopt`` and return what it prints."""
    from analysis.cli import adopt

    assert adopt.main(list(words), standalone_mode=False) == 0
    return capsys.readouterr().out


def test_the_command_network_draws_and_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("network", "baseline", "--runs", "3", "--output", str(tmp_path))
    told = command(capsys, *words)
    assert "clustering" in told
    assert "0.4 to 0.6" in told
    content = json.loads(command(capsys, *words, "--colour", "role", "--json"))
    assert len(content["numbers"]) == 8
    assert all(Path(path).is_file() for path in content["figures"])
    assert len(list(tmp_path.rglob("*.svg"))) == 2


# --- Real people ---------------------------------------------------------------------------


@pytest.fixture
def real(tmp_path: Path) -> Scenario:
    """Return an organisation read from a file: departments of 12, 9, 4 and 1 people."""
    rows = ["id,department,team,manager,role"]
    sizes = {"sales": 12, "works": 9, "office": 4, "board": 1}
    rows += [
        f"{name}{k},{name},{name} team,{'' if name == 'board' else 'board0'},"
        f"{'executive' if name == 'board' else 'employee'}"
        for name, size in sizes.items()
        for k in range(size)
    ]
    (tmp_path / "people.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "real.yaml").write_text("organisation: {people: people.csv}\n", "utf-8")
    return sim.load(tmp_path / "real.yaml")


def test_of_real_people_only_departments_large_enough_are_drawn(real: Scenario) -> None:
    figure = network_picture(real)
    told = [text for text, _ in texts(figure)]
    assert "sales" in told
    assert "works" in told
    assert "management + office" in told
    assert not {"office", "board", "management", "4 people", "1 people"} & set(told)
    assert not figure.findobj(EllipseCollection)


@pytest.mark.parametrize("colour", ["archetype", "role"])
def test_real_people_are_not_coloured_by_what_they_are(real: Scenario, colour: str) -> None:
    with pytest.raises(AdoptionError, match="allowed: department"):
        network_picture(real, colour=colour)


def test_real_ties_of_champions_are_not_told(real: Scenario, tmp_path: Path) -> None:
    ties = [f"{name}{k},{name}{k + 1}" for name in ("sales", "works") for k in range(8)]
    (tmp_path / "ties.csv").write_text("\n".join(["source,target", *ties]) + "\n", "utf-8")
    named = "organisation: {people: people.csv, ties: ties.csv}\n"
    (tmp_path / "real.yaml").write_text(named, "utf-8")
    variants = study.variants(
        sim.load(tmp_path / "real.yaml").changed({"simulation.months": 3}), share=0.3
    )
    table = study.table(sim.compare(variants, runs=2, seed=1), 3)
    assert table.loc["random", "number"] == 8
    assert table["degree"].isna().all()
