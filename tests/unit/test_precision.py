"""Organisations are added until a mean is precise, and the result is that of as many asked for."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from pydantic import ValidationError

import sim
from analysis import cli
from analysis.decisions import precision
from analysis.decisions.goal import Goal
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study.intervals import half_width
from sim.study.precision import LEAST, STEP, until
from sim.study.sweeps import Experiment, Sweep
from sim.study.sweeps.again import rerun
from sim.study.sweeps.preparing import prepare
from sim.study.sweeps.running import complete
from sim.study.sweeps.work import Key

SHORT = {"simulation.months": 6, "organisation.employees": 30}
QUICK = ["--set", "simulation.months=6", "--set", "organisation.employees=30", "--no-figure"]


def short(name: str) -> Scenario:
    return sim.load(name).changed(SHORT)


def normal(size: int = 10_000, columns: int = 1, seed: int = 2) -> Array:
    return np.random.default_rng(seed).normal(size=(size, columns))


# --- When it stops -------------------------------------------------------------------------


def test_it_stops_at_the_first_number_looked_at_that_is_precise_enough() -> None:
    values, asked = normal(), []

    def more(count: int) -> Array:
        asked.append(count)
        return values[:count]

    reached = until(0.1, more)
    widths = [float(half_width(values[:count].T)[0]) for count in asked]
    assert all(width > 0.1 for width in widths[:-1])
    assert widths[-1] <= 0.1
    assert reached.runs == asked[-1]
    assert reached.enough
    assert asked[0] == LEAST
    assert all((later - count) % STEP == 0 for count, later in pairwise(asked))


def test_each_of_several_differences_has_to_be_precise() -> None:
    values = normal(columns=3) * [0.0, 0.1, 1.0]
    reached = until(0.1, lambda count: values[:count])
    assert reached.runs == until(0.1, lambda count: values[:count, 2]).runs
    assert reached.half[0] == 0.0
    assert reached.widest <= 0.1


@pytest.mark.parametrize("value", [0.0, 0.3, 61.7])
def test_what_does_not_vary_stops_at_once(value: float) -> None:
    assert until(1e-6, lambda count: np.full(count, value)).runs == LEAST


def test_at_the_most_it_says_how_many_would_be_needed() -> None:
    values = normal(5000)
    reached = until(0.01, lambda count: values[:count], 500)
    assert (reached.runs, reached.enough) == (500, False)
    truth = 500 * (reached.widest / 0.01) ** 2
    assert truth <= reached.needed <= 1.1 * truth
    assert reached.needed % 1000 == 0  # no more digits than it is known with


def test_what_is_interrupted_ends() -> None:
    assert until(0.01, lambda count: normal()[: min(count, 90)]).runs == 90


@pytest.mark.parametrize("asked", [0.0, -1.0, float("nan"), float("inf")])
def test_a_precision_that_cannot_be_is_refused(asked: float) -> None:
    with pytest.raises(AdoptionError, match=r"precision: found .* expected a number above 0"):
        until(asked, lambda count: normal()[:count])


def test_fewer_than_the_least_are_refused() -> None:
    with pytest.raises(AdoptionError, match="max-runs: found 39, expected at least 40"):
        until(1.0, lambda count: normal()[:count], 39)


# --- Comparisons ---------------------------------------------------------------------------


def test_the_result_is_that_of_as_many_runs_to_the_last_byte(tmp_path: Path) -> None:
    several = [short("baseline"), short("champions")]
    precise = precision.compared(several, 1.5)
    count = precise.reached.runs
    assert count > LEAST
    again = sim.compare(several, runs=count)
    folders = [
        precise.result.save(tmp_path / "precise", "r"),
        again.save(tmp_path / "asked for", "r"),
    ]
    first, other = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in folders
    )
    assert first == other
    gain = 100 * (again.curves("champions", "adoption") - again.curves("baseline", "adoption"))
    assert precise.reached.widest == pytest.approx(float(half_width(gain[:, -1])))
    assert precise.reached.widest <= 1.5


def test_a_scenario_that_is_alone_is_precise_in_its_level() -> None:
    precise = precision.compared([short("baseline")], 4.0)
    level = 100 * precise.result.curves("baseline", "adoption")[:, -1]
    assert float(half_width(level)) == pytest.approx(precise.reached.widest)
    assert precise.reached.enough


def test_identical_scenarios_stop_at_once() -> None:
    other = short("baseline").changed({"name": "the-same"})
    assert precision.compared([short("baseline"), other], 0.001).reached.runs == LEAST


def test_other_people_make_no_pairs() -> None:
    with pytest.raises(AdoptionError, match="do not have the same people, expected"):
        precision.compared([short("baseline"), sim.load("size-25")], 1.0)


def test_it_says_what_it_came_to_and_what_it_would_take() -> None:
    precise = precision.compared([short("baseline"), short("champions")], 0.25, 80)
    assert "after 80; ±0.25 needs about" in precise.sentence()
    assert precise.as_json()["half"].keys() == {"champions"}


# --- Failing -------------------------------------------------------------------------------


def test_who_fails_under_both_is_counted_organisation_by_organisation() -> None:
    result = sim.compare([short("baseline"), short("champions")], runs=30)
    ends = {name: 100 * result.curves(name, "adoption")[:, 6] for name in result.scenarios}
    level = float(np.median(ends["baseline"]))
    first, other = precision.failing(result, level)
    assert first.number == (ends["baseline"] < level).sum()
    assert first.only_here is None
    assert other.number - first.number == (other.only_here or 0) - (other.only_there or 0)
    assert other.only_there == ((ends["baseline"] < level) & (ends["champions"] >= level)).sum()
    assert first.low < first.share < first.high


def test_where_less_is_better_more_is_failing() -> None:
    goal = Goal("never_users", 6)
    assert precision.fails(np.array([10.0, 50.0]), 30.0, goal).tolist() == [False, True]


@pytest.mark.parametrize(("number", "of"), [(0, 40), (40, 40), (1, 1), (13, 40)])
def test_the_interval_of_a_share_holds_it_and_stays_a_share(number: int, of: int) -> None:
    low, high = precision.wilson(number, of)
    assert 0.0 <= low <= number / of <= high <= 1.0
    assert low < high


# --- The command ---------------------------------------------------------------------------


def ran(*words: str, output: Path) -> str:
    done = CliRunner().invoke(
        cli.adopt, ["compare", *words, *QUICK, "--output", str(output)], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_stores_what_runs_would_store(tmp_path: Path) -> None:
    names = ["baseline", "champions"]
    said = json.loads(
        ran(*names, "--precision", "2", "--level", "35", "--json", output=tmp_path / "a")
    )
    runs = said["precision"]["runs"]
    again = json.loads(ran(*names, "--runs", str(runs), "--json", output=tmp_path / "b"))
    assert said["fingerprint"] == again["fingerprint"]
    for path in Path(again["folder"]).iterdir():
        assert path.read_bytes() == (Path(said["folder"]) / path.name).read_bytes()
    assert [row["scenario"] for row in said["failing"]] == names


def test_the_command_says_how_precise_it_is_and_who_fails(tmp_path: Path) -> None:
    names = ["baseline", "champions"]
    said = ran(*names, "--precision", "0.5", "--max-runs", "40", "--level", "35", output=tmp_path)
    assert "after 40; ±0.5 needs about" in said
    assert "the other way round" in said


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--precision", "1", "--runs", "50"], "expected one of them"),
        (["--max-runs", "50"], "give that as well"),
        (["--precision", "1", "--max-runs", "39"], "max-runs: found 39, expected at least 40"),
        (["--precision", "0"], "precision: found 0, expected a number above 0"),
        (["--level", "101"], "level: found 101, expected 0 to 100 percent"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_simulated(
    words: list[str], message: str, tmp_path: Path
) -> None:
    asked = ["compare", "baseline", "champions", *words, "--output", str(tmp_path)]
    done = CliRunner().invoke(cli.adopt, asked)
    assert done.exit_code != 0
    assert message in done.output + str(done.exception)
    assert not list(tmp_path.iterdir())


# --- Sweeps --------------------------------------------------------------------------------


def sweep_of(**changes: object) -> Experiment:
    content: dict[str, object] = {
        "name": "precise",
        "scenarios": ("baseline", "champions"),
        "changes": {"simulation.months": 6},
        "factors": {"organisation.employees": (12, 60)},
        "organisations": 400,
        "precision": {"within": 2.5},
    }
    return Experiment.model_validate(content | changes)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("swept")
    complete(prepare(sweep_of()), folder)
    return Sweep(folder)


def test_every_point_of_a_sweep_has_as_many_as_it_needs(swept: Sweep) -> None:
    runs = swept.sql("select point, count(distinct run) as runs from runs group by 1 order by 1")
    assert runs["runs"].iloc[0] > runs["runs"].iloc[1] >= LEAST
    table = swept.difference("baseline", month=6)
    for place, size in enumerate((12, 60)):
        plans = [
            sim.load(name).changed({"organisation.employees": size, "simulation.months": 6})
            for name in ("baseline", "champions")
        ]
        asked = precision.compared(plans, 2.5, 400)
        assert asked.reached.runs == runs["runs"].iloc[place]
        row = table.iloc[place]
        half = 50 * (row["high"] - row["low"])
        assert half == pytest.approx(asked.reached.widest, rel=1e-5)
        assert row["all_high"] >= row["high"]


def test_main_effects_are_of_organisations_that_all_points_have(swept: Sweep) -> None:
    precise = swept.effects("adoption", "baseline", 6)
    fewest = int(swept.sql("select max(organisation) as n from runs where point = 1")["n"].iloc[0])
    rows = swept.table(
        ["scenario", "point", "organisation", "adoption"],
        f"month = 6 and organisation <= {fewest}",
    )
    means = rows.groupby(["scenario", "point"])["adoption"].mean()
    gain = means["champions"] - means["baseline"]
    assert precise["difference"].item() == pytest.approx(gain[1] - gain[0])


def test_rows_of_a_precise_sweep_can_be_made_again(swept: Sweep) -> None:
    run = int(swept.sql("select max(run) as run from runs")["run"].iloc[0])
    both = rerun(swept.folder, Key("champions", 1, run, 6))
    assert all(both[column].nunique(dropna=False) == 1 for column in both)


def test_a_precise_sweep_that_was_stopped_ends_with_the_same_bytes(
    swept: Sweep, tmp_path: Path
) -> None:
    prepared = prepare(sweep_of())
    complete(prepared, tmp_path, share=(2, 2))
    assert Sweep(tmp_path).finished == 1
    before = Sweep(tmp_path).shards[0].stat().st_mtime_ns
    complete(prepared, tmp_path)
    assert Sweep(tmp_path).shards[1].stat().st_mtime_ns == before  # and none is simulated again
    for path in swept.folder.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / path.relative_to(swept.folder)).read_bytes()


def test_a_sweep_without_a_precision_is_told_by_what_it_was_before() -> None:
    plain = prepare(sweep_of(precision=None, organisations=40))
    assert plain.key != prepare(sweep_of(organisations=40)).key
    assert prepare(sweep_of()).cut.shards == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"posterior": {"evidence": "vendor", "number": 2}}, "leave out 'posterior'"),
        ({"organisations": 39}, "found 39, expected at least 40"),
        ({"precision": {"within": 0.0}}, "greater than 0"),
        ({"precision": {"within": 1.0, "kpi": "adoptoin"}}, "did you mean 'adoption'"),
        ({"precision": {"within": 1.0, "month": 7}}, "month: found 7, expected 1 to 6"),
        ({"scenarios": ("baseline", "size-25")}, "do not have the same people"),
    ],
)
def test_a_precision_a_sweep_cannot_have_is_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises((AdoptionError, ValidationError), match=message):
        prepare(sweep_of(**changes))


def test_the_command_says_how_many_were_needed(tmp_path: Path) -> None:
    file = tmp_path / "few.yaml"
    file.write_text(
        "scenarios: [baseline, champions]\n"
        "changes: {simulation.months: 4, organisation.employees: 20}\n"
        "factors: {tool.go_live: [1, 2]}\n"
    )
    words = ["sweep", str(file), "--precision", "4", "--max-runs", "200", "--output", str(tmp_path)]
    done = CliRunner().invoke(cli.adopt, [*words, "--json"], catch_exceptions=False)
    said = json.loads(done.output)
    assert said["runs"] < 2 * 2 * 200
    assert said["rows"] == 5 * said["runs"]
    stored = Sweep(Path(said["folder"]))
    assert int(stored.sql("select count(*) as n from runs")["n"].iloc[0]) == said["rows"]
