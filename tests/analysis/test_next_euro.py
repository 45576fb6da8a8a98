"""What money buys: the next euros measure by measure, the best plan for a budget, and their files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import sim
from analysis.cli import adopt
from analysis.decisions import bench as benches
from analysis.decisions.bench import (
    ProgrammeBench,
    Terms,
    choices_of,
    free_lunches,
    measures_cost,
)
from analysis.decisions.frontier import Frontier, checked_budgets, frontier
from analysis.decisions.goal import Goal
from analysis.decisions.money_figures import frontier_figure, next_figure
from analysis.decisions.money_files import save
from analysis.decisions.money_texts import next_readings, readings, rule_text
from analysis.decisions.next_euro import next_euro
from analysis.decisions.search import with_
from analysis.words.languages import language
from sim.errors import AdoptionError
from sim.people.population import chart
from sim.programme.ledger import TECHNOLOGY, ledger
from sim.scenario import read_catalogue, read_scenario
from sim.scenario.schema import Scenario

GOAL = Goal("adoption", 6)


@pytest.fixture(scope="module")
def small() -> Scenario:
    """Twenty people for half a year, with champions."""
    return read_scenario(
        "champions", ["organisation.employees=20", "simulation.months=6", "simulation.substeps=1"]
    )


@pytest.fixture(autouse=True)
def few_organisations(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(benches, "SIZES", dict.fromkeys(benches.SIZES, 3))
    yield


WITHOUT = tuple(
    name
    for name in read_catalogue()
    if name not in ("launch", "champions", "training", "vision", "recognition", "works-council")
)
"""All but a handful, so that a search is quick."""

TERMS = Terms(GOAL, without=WITHOUT)


@pytest.fixture(scope="module")
def best(small: Scenario) -> Frontier:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(benches, "SIZES", dict.fromkeys(benches.SIZES, 3))
        return frontier(small, [8_000, 4_000, 12_000], TERMS)


# --- The bench ----------------------------------------------------------------------------------


def test_a_plan_costs_what_the_ledger_says(small: Scenario) -> None:
    bench = ProgrammeBench(small, TERMS)
    plan = bench.least
    for k, lever in enumerate(bench.levers):
        plan = with_(plan, k, lever.entries[0])
    for trainers in (None, 5.0):
        changed = small.changed({"capacity.trainer_hours": trainers})
        bench = ProgrammeBench(changed, TERMS)
        book = ledger(bench.scenario_of(plan), chart(changed))
        measures = book.drop(columns=[name for name in TECHNOLOGY if name in book])
        assert bench.price(plan) == pytest.approx(float(measures.to_numpy().sum()))
    paid = ProgrammeBench(small, TERMS._replace(licences=True))
    everybody = (*plan, (7,))
    book = ledger(paid.scenario_of(everybody), chart(small))
    assert paid.price(everybody) == pytest.approx(float(book.to_numpy().sum()))


def test_the_scenario_itself_is_a_plan_to_the_last_bit(small: Scenario) -> None:
    bench = ProgrammeBench(small, TERMS)
    own = tuple((7, 0, 0) if choice.name in small.programme else None for choice in bench.choices)
    assert bench.scenario_of(own).fingerprint() == bench.bare.fingerprint()


def test_fewer_licences_cost_less_and_reach_fewer(small: Scenario) -> None:
    bench = ProgrammeBench(small, Terms(GOAL, licences=True))
    half, full = ((*[None] * len(bench.choices), (level,)) for level in (3, 7))
    assert bench.price(half) < bench.price(full)
    assert bench.scenario_of(full).tool == small.tool
    users = [sim.Simulator(bench.scenario_of(plan), 8, 1).outcome().mean() for plan in (half, full)]
    assert users[0] < users[1]


def test_a_firm_without_a_works_council_cannot_take_one(small: Scenario) -> None:
    names = [choice.name for choice in choices_of(small, Terms(GOAL))]
    assert "works-council" not in names
    assert set(small.programme) <= set(names)
    assert len(names) == len(set(names))


def test_the_share_for_people_counts_all_money(small: Scenario) -> None:
    bench = ProgrammeBench(small, TERMS._replace(change_share=0.3))
    nothing = bench.least
    assert bench.people_share(nothing) == 0.0
    assert bench.lacking(nothing) == pytest.approx(0.3)
    some = with_(nothing, 0, bench.levers[0].entries[-1])
    people, technology = bench.price(some), bench.technology(some)
    assert bench.people_share(some) == pytest.approx(people / (people + technology))


def test_a_free_lunch_is_none_that_luck_may_have_made() -> None:
    catalogue = read_catalogue()
    usual = dict.fromkeys(("vision", "training", "mandate"), (1.0, 1.2, 10000.0))
    barred = {**usual, "appraisal": (9.0, 10.0, 10_000.0)}
    lucky = {**usual, "appraisal": (2.0, 10.0, 10_000.0)}
    strong = {**usual, "champions": (9.0, 10.0, 10_000.0)}  # rests on evidence of grade A
    assert free_lunches(barred, catalogue) == {"appraisal"}
    assert not free_lunches(lucky, catalogue)
    assert not free_lunches(strong, catalogue)
    assert not free_lunches({}, catalogue)


# --- The frontier -------------------------------------------------------------------------------


def test_a_frontier_never_falls_and_never_spends_more_than_there_is(best: Frontier) -> None:
    values = [point.value.value for point in best.points]
    assert values == sorted(values)
    assert [point.budget for point in best.points] == [4_000, 8_000, 12_000]
    for point in best.points:
        assert point.spent <= point.budget
        assert measures_cost(point.scenario, chart(best.scenario)) == pytest.approx(point.spent)
        assert point.measures.sum() == pytest.approx(point.spent)
        assert 0 <= point.flat.near <= point.flat.looked <= 32


def test_what_is_left_is_said_with_its_reason(best: Frontier) -> None:
    said = "\n".join(readings(best))
    for point in best.points:
        assert point.why in ("", "fit", "nothing", "less")
        if not point.why:
            assert point.budget - point.spent <= 0.02 * point.budget
    assert "standard errors" in said
    assert "rule of 30 to 40 %" in said
    assert "neighbours" in said


def test_the_rule_of_the_share_is_reported_either_way(best: Frontier) -> None:
    share = best.shares[0]
    at = [(0.1, 9.0), (0.35, 0.0), (0.7, 9.0)]
    holds = [share._replace(share=part, behind=behind, error=1.0) for part, behind in at]
    assert "holds here" in rule_text(best._replace(shares=tuple(holds)))
    fails = [share._replace(share=part, behind=9.0 - behind, error=1.0) for part, behind in at]
    assert "does not come out" in rule_text(best._replace(shares=tuple(fails)))


def test_plans_are_files_that_are_read_as_they_were_meant(best: Frontier, tmp_path: Path) -> None:
    written = save(best, tmp_path / "all")
    given = tmp_path / "mine.yaml"
    given.write_text(
        "extends: champions\norganisation: {employees: 20}\n"
        "simulation: {months: 6, substeps: 1}\nbudget: {total: 1000000}\n",
        "utf-8",
    )
    again = best._replace(scenario=read_scenario(given))
    written += save(again, tmp_path / "some", str(given))
    plans = [path for path in written if path.parent.name == "plans"]
    assert len(plans) == 2 * len(best.points)
    for path, point in zip(plans, [*best.points, *best.points], strict=True):
        assert read_scenario(path).fingerprint() == point.scenario.fingerprint(), path
    assert "extends: ../../mine.yaml" in plans[-1].read_text("utf-8")


def test_the_figure_says_what_is_seen(best: Frontier) -> None:
    picture = frontier_figure(best)
    assert picture.message == best.answer == best.figure().message
    assert "95 % interval" in picture.caption
    dutch = best._replace(words=language("nl"))
    assert dutch.figure().caption


def axis_labels(picture: Figure) -> list[str]:
    """Return what is written along the axes of a picture."""
    FigureCanvasAgg(picture).draw()
    (ax,) = picture.axes
    axes = (ax.xaxis, ax.yaxis)
    return [axis.get_major_formatter()(0.5) for axis in axes] + [
        label.get_text() for axis in axes for label in axis.get_ticklabels()
    ]


def test_numbers_along_the_axes_are_written_as_in_dutch(small: Scenario, best: Frontier) -> None:
    nl = language("nl")
    money = axis_labels(frontier_figure(best._replace(words=nl)))
    result = next_euro(small, 3_000, TERMS, runs=3, words=nl)
    for labels in (money, axis_labels(next_figure(result))):
        assert not [text for text in labels if re.search(r"\d\.\d(?!\d\d)", text)], labels
    assert "0,5%" in money


def test_a_frontier_is_plain_values_too(best: Frontier) -> None:
    content = json.loads(json.dumps(best.as_json(), allow_nan=False))
    assert [point["budget"] for point in content["points"]] == [4_000, 8_000, 12_000]
    assert content["answer"] == best.answer
    assert content["question"].endswith("?")


@pytest.mark.parametrize(
    ("budgets", "terms", "said"),
    [
        ([-1.0], TERMS, "found -1 euro"),
        ([float("nan")], TERMS, "expected more than 0"),
        ([], TERMS, "found none"),
        ([5_000], Terms(GOAL, must=("trainig",)), "did you mean 'training'"),
        ([5_000], Terms(GOAL, must=("vision",), without=("vision",)), "in must and in without"),
        ([100], Terms(GOAL, must=("training",)), "expected at least"),
        ([100], TERMS._replace(change_share=0.5), "change-share: found 0.5"),
        ([5_000], Terms(Goal("adoption", 7)), "month: found 7, expected 1 to 6"),
    ],
)
def test_what_cannot_be_is_said(
    small: Scenario, budgets: list[float], terms: Terms, said: str
) -> None:
    with pytest.raises(AdoptionError, match=said):
        frontier(small, budgets, terms)


def test_budgets_are_sorted_and_each_once() -> None:
    assert checked_budgets([3, 1, 3]) == (1.0, 3.0)


# --- The next euro --------------------------------------------------------------------------------


def test_more_of_what_is_there_lies_outside_the_evidence(small: Scenario) -> None:
    result = next_euro(small, 20_000, Terms(GOAL, without=WITHOUT), runs=6)
    rows = {row.name: row for row in result.rows}
    assert rows["champions"].outside
    assert rows["launch"].outside
    assert not rows["training"].outside
    assert rows["champions"].grade == "A"
    assert rows["training"].net == pytest.approx(
        float(
            (
                sim.Simulator(small, 6, 1).curves(
                    {"programme.training": {"dose": rows["training"].level}}, "cumulative_net"
                )[:, -1]
                - sim.Simulator(small, 6, 1).curves(None, "cumulative_net")[:, -1]
            ).mean()
        )
    )


def test_ties_are_said_to_be_ties(small: Scenario) -> None:
    result = next_euro(small, 3_000, TERMS, runs=3)
    first = [row for row in result.rows if row.place == 1]
    if len(first) > 1:
        assert "Not clearly apart" in "\n".join(next_readings(result))
    assert next_figure(result).message == result.answer
    assert "95 % interval" in result.figure().caption
    assert json.dumps(result.as_json(), allow_nan=False)


@pytest.mark.parametrize(("money", "runs"), [(0.0, 10), (-5.0, 10), (1_000.0, 1)])
def test_no_money_and_too_few_organisations_are_refused(
    small: Scenario, money: float, runs: int
) -> None:
    with pytest.raises(AdoptionError, match="found"):
        next_euro(small, money, TERMS, runs=runs)


# --- The commands -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--budget", "200000:20000"], "expected the least first: 20000:200000"),
        (["--budget", "-5"], "found -5 euro"),
        (["--budget", "much"], "found 'much'"),
        (["--budget", "1:2:3"], "one least and one most"),
        (["--budget", "60000", "--goal", "target"], "--target"),
        (["--budget", "60000", "--month", "30"], "month: found 30"),
    ],
)
def test_a_budget_that_is_none_is_said(given: list[str], said: str) -> None:
    done = CliRunner().invoke(adopt, ["frontier", "baseline", *given])
    assert done.exit_code != 0
    assert said in done.output + str(done.exception)
