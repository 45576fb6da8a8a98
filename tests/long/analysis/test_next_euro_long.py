"""What takes long of ``analysis/test_next_euro.py``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import test_next_euro as quick
from click.testing import CliRunner
from test_next_euro import GOAL, TERMS, WITHOUT

from analysis.cli import adopt
from analysis.decisions.bench import Terms, choices_of
from analysis.decisions.frontier import Frontier, frontier
from analysis.decisions.goal import Goal
from analysis.decisions.money_texts import next_readings, readings
from analysis.decisions.next_euro import next_euro
from analysis.results.pieces import Pieces
from sim.errors import InterruptedStudyError
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario

few_organisations, best, small = quick.few_organisations, quick.best, quick.small

SETS = ["--set", "organisation.employees=20", "--set", "simulation.months=6", "--month", "6"]


def test_what_was_interrupted_goes_on_to_the_same_bytes(
    small: Scenario, best: Frontier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets = [4_000, 8_000, 12_000]
    put, number = Pieces.put, 0

    def failing(pieces: Pieces, name: str, part: object) -> None:
        nonlocal number
        number += 1
        if number == 9:
            raise InterruptedStudyError("interrupted")
        put(pieces, name, part)

    monkeypatch.setattr(Pieces, "put", failing)
    with pytest.raises(InterruptedStudyError):
        frontier(small, budgets, TERMS, pieces=Pieces(tmp_path))
    monkeypatch.setattr(Pieces, "put", put)
    pieces = Pieces(tmp_path)
    assert len(pieces.found) == 8
    again = frontier(small, budgets, TERMS, pieces=pieces)
    assert json.dumps(again.as_json()) == json.dumps(best.as_json())


@pytest.mark.parametrize(
    "terms",
    [
        TERMS._replace(target=30.0),
        TERMS._replace(goal=Goal("cumulative_net", 6)),
        TERMS._replace(goal=Goal("adoption", 6, True), beyond=True),
        TERMS._replace(change_share=0.2, must=("training",)),
    ],
)
def test_every_goal_and_limit_gives_a_frontier(small: Scenario, terms: Terms) -> None:
    result = frontier(small, [9_000], terms)
    assert result.points[0].spent <= 9_000
    assert set(terms.must) <= set(result.points[0].scenario.programme)
    assert result.points[0].people >= terms.change_share - 1e-9
    assert result.answer
    assert readings(result)


def test_licences_are_chosen_where_that_is_asked(small: Scenario) -> None:
    vectors = {"vendor": [{}, {"base_desire": -2.0}]}
    result = frontier(small, [30_000], TERMS._replace(licences=True), evidence=vectors)
    point = result.points[0]
    technology = float(point.technology.sum())
    assert point.spent == pytest.approx(technology + point.measures.sum())
    assert result.evidence == {"vendor": 2}


def test_the_next_euros_never_cost_more_than_there_are(small: Scenario) -> None:
    result = next_euro(small, 3_000, Terms(GOAL), runs=6)
    assert all(0.0 < row.spent <= 3_000.01 for row in result.rows)
    assert [row.points for row in result.rows] == sorted(
        (row.points for row in result.rows), reverse=True
    )
    assert all(row.low <= row.points <= row.high for row in result.rows)
    places = [row.place for row in result.rows]
    assert places[0] == 1
    assert places == sorted(places)
    lumps = {lump.name: lump.least for lump in result.lumps}
    assert lumps
    assert min(lumps.values()) > 3_000
    names = {row.name for row in result.rows} | set(lumps) | {lump.name for lump in result.at_full}
    assert {choice.name for choice in choices_of(small, Terms(GOAL))} <= names
    said = "\n".join(next_readings(result))
    assert "not to be had for €3,000" in said


def test_the_command_of_the_next_euro(tmp_path: Path) -> None:
    line = ["next-euro", "champions", *SETS, "--money", "3000", "--runs", "2"]
    line += ["--output", str(tmp_path)]
    shown = CliRunner().invoke(adopt, [*line, "--lang", "nl"])
    assert shown.exit_code == 0, shown.output
    assert "next-euro.png" in shown.output
    printed = CliRunner().invoke(adopt, [*line, "--no-figure", "--json"])
    content = json.loads(printed.stdout)
    assert content["figures"] == []
    assert content["measures"][0]["place"] == 1


def test_the_command_of_the_frontier(tmp_path: Path) -> None:
    line = ["frontier", "champions", *SETS, "--budget", "8000", "--without", ",".join(WITHOUT)]
    line += ["--output", str(tmp_path)]
    shown = CliRunner().invoke(adopt, line)
    assert shown.exit_code == 0, shown.output
    assert "frontier.png" in shown.output
    (plan,) = tmp_path.glob("frontier/*/plans/plan-8000.yaml")
    assert read_scenario(plan).organisation.employees == 20
    assert not list(tmp_path.glob("frontier/*/unfinished"))
