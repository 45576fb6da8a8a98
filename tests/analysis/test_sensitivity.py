"""Indices come out as theory says, of the same organisations, and no point is simulated twice."""

from __future__ import annotations

import json
import math
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import sim
from analysis import cli
from analysis.figures.frame import Picture
from analysis.studies import sensitivity as study
from analysis.studies.sensitivity import Factor, replicates, texts
from analysis.studies.sensitivity.indices import noises
from analysis.studies.sensitivity.points import simulated
from analysis.studies.sensitivity.replicates_figure import stability_figure
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study import posteriors
from sim.study.posteriors import calibrated
from sim.study.sweeps import running
from sim.study.sweeps.factors import applied, named_factor, prior_factors, read_factor
from sim.study.sweeps.plan import Job
from sim.study.sweeps.work import Shard

SHORT = {"simulation.months": 7, "organisation.employees": 50}
KINDS = ("teams", "small_world", "random")


def constant(value: float) -> Array:
    """Return an outcome that is the same in both organisations."""
    return np.array([[value, value]])


def ishigami(point: Mapping[str, Any]) -> Array:
    """Return the function of Ishigami and Homma, whose indices are known."""
    x = [point[name] for name in ("x1", "x2", "x3")]
    return constant(math.sin(x[0]) + 7 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0]))


THREE = [Factor(name, -math.pi, math.pi) for name in ("x1", "x2", "x3")]


@pytest.fixture(scope="module")
def short() -> dict[str, Scenario]:
    """Return small organisations, less than a year of them."""
    names = ("baseline", "leadership", "champions")
    return {name: sim.load(name).changed(SHORT) for name in names}


@pytest.fixture(scope="module")
def asked(short: dict[str, Scenario]) -> study.Simulator:
    """Return what leaders and champions add in five small organisations."""
    others = [short["leadership"], short["champions"]]
    return study.simulator(others, short["baseline"], month=7, organisations=5, seed=3)


@pytest.fixture(scope="module")
def screened(asked: study.Simulator, tmp_path_factory: pytest.TempPathFactory) -> study.Found:
    """Return a screening of a few factors of all sorts."""
    written = ["organisation.network.kind=teams,small_world,random"]
    factors = study.chosen_factors(written, ["peer_weight", "champion_voice"], only=True)
    design = study.morris_design(factors, 3, 3)
    return study.investigate(asked, design, tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="module")
def split(asked: study.Simulator, tmp_path_factory: pytest.TempPathFactory) -> study.Found:
    """Return the variance split up by two factors."""
    factors = study.chosen_factors((), ["peer_weight", "champion_voice"], only=True)
    design = study.sobol_design(factors, 8, 3)
    return study.investigate(asked, design, tmp_path_factory.mktemp("study"))


# --- Known functions -----------------------------------------------------------------------


def test_the_indices_of_a_known_function_come_out() -> None:
    design = study.sobol_design([*THREE, Factor("x4", 0, 1)], 512, 1)
    table = study.indices(design, study.evaluate(ishigami, design.points()), ["y"]).loc["y"]
    known = {"x1": (0.314, 0.558), "x2": (0.442, 0.442), "x3": (0.0, 0.244), "x4": (0.0, 0.0)}
    for name, (first, total) in known.items():
        row = table.loc[name]
        assert row["first"] == pytest.approx(first, abs=0.06)
        assert row["total"] == pytest.approx(total, abs=0.06)
        assert row.first_low <= first <= row.first_high
        assert row.total_low <= total <= row.total_high


def test_the_strength_of_a_slope_is_what_its_whole_range_makes() -> None:
    factors = [Factor("up", 0, 10), Factor("down", -1, 1), Factor("idle", 0, 1)]
    design = study.morris_design(factors, 4, 1)

    def line(point: Mapping[str, Any]) -> Array:
        return constant(3 * point["up"] - 5 * point["down"])

    table = study.indices(design, study.evaluate(line, design.points()), ["y"]).loc["y"]
    assert table["strength"].tolist() == pytest.approx([30.0, 10.0, 0.0])
    assert table["effect"].tolist() == pytest.approx([30.0, -10.0, 0.0])
    assert table["spread"].tolist() == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_the_strength_of_a_category_is_the_mean_difference_of_two_values() -> None:
    worth = {"a": 0.0, "b": 1.0, "c": 5.0}
    design = study.morris_design([Factor("kind", values=tuple(worth))], 6, 1)
    values = study.evaluate(lambda point: constant(worth[point["kind"]]), design.points())
    row = study.indices(design, values, ["y"]).loc[("y", "kind")]
    assert row.strength == pytest.approx((1 + 4 + 5) / 3)
    assert math.isnan(row.effect), "a category has no direction"


def test_nothing_varies_and_no_index_is_invented() -> None:
    for design in (study.morris_design(THREE, 2, 1), study.sobol_design(THREE, 4, 1)):
        values = study.evaluate(lambda _: constant(0.3), design.points())
        assert (study.indices(design, values, ["y"]).fillna(0.0) == 0.0).all().all()


# --- Designs -------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [study.morris_design, study.sobol_design])
def test_categories_and_whole_numbers_are_never_mixed(make: Callable[..., study.Design]) -> None:
    factors = [Factor("kind", values=KINDS), Factor("size", 50, 500, whole=True), THREE[0]]
    points = make(factors, 16, 1).points()
    assert {point["kind"] for point in points} == set(KINDS)
    assert all(type(point["size"]) is int and 50 <= point["size"] <= 500 for point in points)


def test_categories_are_equal_slices() -> None:
    design = study.sobol_design([Factor("kind", values=KINDS), Factor("n", 1, 4, True)], 256, 1)
    points = design.points()[::4]
    for name, slices in (("kind", 3), ("n", 4)):
        shares = [count / 256 for count in Counter(point[name] for point in points).values()]
        assert shares == pytest.approx([1 / slices] * slices, abs=0.01)
    assert (Factor("n", 1, 4, True).at(0.0), Factor("n", 1, 4, True).at(1.0)) == (1, 4)


def test_every_switch_between_categories_takes_its_turn() -> None:
    factors = [Factor("kind", values=KINDS), *THREE]
    points = study.morris_design(factors, 6, 1).points()
    switches: Counter[tuple[str, str]] = Counter()
    for trajectory in range(6):
        kinds = [point["kind"] for point in points[trajectory * 5 : trajectory * 5 + 5]]
        (switch,) = [(one, other) for one, other in pairwise(kinds) if one != other]
        switches[switch] += 1
    assert len(switches) == 6 and set(switches.values()) == {1}


@pytest.mark.parametrize("make", [study.morris_design, study.sobol_design])
def test_a_larger_design_begins_with_the_smaller(make: Callable[..., study.Design]) -> None:
    factors = [Factor("kind", values=KINDS), *THREE]
    few, many = make(factors, 8, 5), make(factors, 16, 5)
    assert many.points()[: len(few.points())] == few.points()
    assert make(factors, 8, 6).points() != few.points()
    assert len(many.unit) == 2 * len(few.unit)


# --- Factors -------------------------------------------------------------------------------


def test_by_default_all_that_has_a_prior_is_varied_over_it() -> None:
    factors = {one.path: one for one in study.chosen_factors()}
    assert {path.removeprefix("parameters.") for path in factors} == set(calibrated())
    for name, (low, high) in calibrated().items():
        assert (factors[f"parameters.{name}"].low, factors[f"parameters.{name}"].high) == (
            low,
            high,
        )


def test_a_parameter_without_prior_moves_a_third_to_either_side_within_its_range() -> None:
    one = named_factor("buddy_weight")
    assert (one.low, one.high) == pytest.approx((2.0, 4.0))
    assert named_factor("weekly_use").high == pytest.approx(0.8 / 3)
    assert named_factor("daily_use").high == 1.0, "a share is never above 1"
    whole = named_factor("hill_exponent")
    assert (whole.at(0.0), whole.at(0.5), whole.at(1.0)) == (2, 3, 4)


def test_what_is_calibrated_can_be_varied_where_it_reproduces_the_evidence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "literature.csv"
    monkeypatch.setattr(posteriors, "posterior_file", lambda evidence: file)
    with pytest.raises(AdoptionError, match="no posterior yet"):
        study.chosen_factors(within="literature")
    peers = [1 + k / 100 for k in range(101)]
    pd.DataFrame({**dict.fromkeys(calibrated(), 0.3), "peer_weight": peers}).to_csv(
        file, index=False
    )
    (one,) = study.chosen_factors(within="literature")
    assert one.path == "parameters.peer_weight", "what is known exactly is not varied"
    assert (one.low, one.high) == pytest.approx((1.05, 1.95))


def test_a_range_given_takes_the_place_of_the_prior() -> None:
    factors = study.chosen_factors(["parameters.peer_weight=1..2"])
    (one,) = [factor for factor in factors if factor.path == "parameters.peer_weight"]
    assert (one.low, one.high) == (1.0, 2.0)
    assert len(factors) == len(prior_factors())


def test_a_factor_puts_nothing_into_a_scenario_that_does_not_have_it() -> None:
    point = {"programme.champions.selection": "random", "parameters.peer_weight": 1.0}
    without, with_them = (applied(sim.load(name), point) for name in ("baseline", "champions"))
    assert "champions" not in without.deployments
    assert without.numbers.peer_weight == 1.0
    assert with_them.deployments["champions"].selection == "random"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("organisation.employees", "expected PATH=LOW..HIGH or PATH=ONE,TWO"),
        ("organisation.employees=50..", "expected LOW..HIGH"),
        ("organisation.employees=500..50", "expected LOW..HIGH"),
        ("organisation.employees=50.5..99", "expected whole numbers"),
        ("organisation.network.kind=teams", "two values or more"),
        ("organisation.network.kind=teams,teams", "different values"),
        ("simulation.seed=1..9", "changes nothing"),
        ("title=a,b", "changes nothing"),
        ("simulation.months=6..24", "changes nothing"),
        ("programme=a,b", "expected a mapping"),
        ("organisation.network.kind=teams,smallworld", "did you mean 'small_world'"),
        ("organisation.network.kinds=teams,random", "there is no field 'kinds'"),
        ("organisation.employees=1..50", "from 2 to 2,000,000"),
        ("parameters.peer_weight=1..9", "from 0 to 6"),
        ("programme.chmpions.share=0.1..0.2", "did you mean 'champions'"),
        ("programme.champions.share=0.1..1.2", "found 1.2"),
    ],
)
def test_a_factor_that_cannot_be_used_is_explained(written: str, said: str) -> None:
    with pytest.raises(AdoptionError, match=re.escape(said)) as raised:
        study.check_factors([read_factor(written)], [sim.load("champions")])
    assert written.partition("=")[0] in str(raised.value)


def test_factors_that_contradict_each_other_are_refused() -> None:
    for written, said in (
        (["tool.go_live=1..3", "tool.go_live=2..4"], "given twice"),
        (["organisation.culture=a,b", "organisation.culture.participation=0..1"], "lies within"),
    ):
        with pytest.raises(AdoptionError, match=said):
            study.chosen_factors(written)
    with pytest.raises(AdoptionError, match="did you mean 'peer_weight'"):
        study.chosen_factors((), ["peer_weigth"])
    with pytest.raises(AdoptionError, match="no factors"):
        study.chosen_factors(only=True)


# --- The simulation ------------------------------------------------------------------------


def test_a_contrast_is_between_the_same_organisations(
    asked: study.Simulator, short: dict[str, Scenario]
) -> None:
    result = sim.compare(list(short.values()), runs=5, seed=3)
    level = {name: 100 * result.curves(name, "adoption")[:, 7] for name in short}
    assert asked({}) == pytest.approx(
        np.array(
            [
                level["baseline"],
                level["leadership"] - level["baseline"],
                level["champions"] - level["baseline"],
            ]
        )
    )


def test_organisations_are_the_same_at_every_point(asked: study.Simulator) -> None:
    same = asked({"parameters.coaching_capacity": 2.0})
    assert np.array_equal(same[:2], asked({})[:2]), "champions are not coaching there"
    assert not np.array_equal(same[2], asked({})[2])
    assert np.array_equal(asked.of({}, np.arange(2, 4)), asked({})[:, 2:4])


def test_a_factor_that_nothing_reads_has_no_index(
    screened: study.Found, split: study.Found
) -> None:
    voice = "parameters.champion_voice"
    for found, column in ((screened, "strength"), (split, "total"), (split, "first")):
        assert found.table.loc[("baseline", voice), column] == 0.0
        assert found.table.loc[("leadership - baseline", voice), column] == 0.0
        assert found.table.loc[("champions - baseline", voice), column] != 0.0


def test_scenarios_with_other_people_are_not_contrasted() -> None:
    with pytest.raises(AdoptionError, match="do not have the same people"):
        study.simulator([sim.load("size-75")], sim.load("baseline"))


def test_what_cannot_be_measured_is_explained(short: dict[str, Scenario]) -> None:
    one = short["baseline"]
    for kpi, month, said in (("adoptoin", 5, "did you mean 'adoption'"), ("adoption", 9, "1 to 7")):
        with pytest.raises(AdoptionError, match=said):
            study.simulator([one], None, kpi, month)
    with pytest.raises(AdoptionError, match="given twice"):
        study.simulator([one], one)


def test_a_point_that_cannot_be_simulated_is_named() -> None:
    tight = sim.load("champions").changed({**SHORT, "budget.total": 30_000})
    asked = study.simulator([tight], None, month=5, organisations=1)
    with pytest.raises(AdoptionError, match=r"at the point programme\.champions\.share=0\.9"):
        asked({"programme.champions.share": 0.9})


# --- What luck makes -----------------------------------------------------------------------


def noisy(slope: float, seed: int, organisations: int = 40) -> Callable[[Mapping[str, Any]], Array]:
    """Return a line with noise that belongs to point and organisation."""

    def model(point: Mapping[str, Any]) -> Array:
        key = [seed, *(int(1e6 * value) for value in point.values())]
        noise = np.random.default_rng(key).normal(size=(1, organisations))
        return np.asarray(slope * point["x"] + noise)

    return model


def test_the_share_of_luck_is_what_repeating_with_other_organisations_shows() -> None:
    design = study.sobol_design([Factor("x", 0, 1), Factor("idle", 0, 1)], 256, 1)
    first, again = (study.evaluate(noisy(1.0, seed), design.points()) for seed in (1, 2))
    repeated = ((first - again).mean(axis=2) ** 2).mean() / 2 / first.mean(axis=2).var()
    share = noises(design, first, ["y"])["y"]
    assert share.mean == pytest.approx(repeated, rel=0.25)
    assert share.mean == pytest.approx(1 / 40 / (1 / 12 + 1 / 40), rel=0.2)
    assert share.single == pytest.approx(1 / (1 / 12 + 1), rel=0.1)


def test_luck_is_the_index_of_a_factor_without_effect() -> None:
    factors = [Factor("x", 0, 1), Factor("idle", 0, 1)]
    for design, column in (
        (study.morris_design(factors, 100, 1), "strength"),
        (study.sobol_design(factors, 128, 1), "total"),
    ):
        table = study.indices(design, study.evaluate(noisy(1.0, 1), design.points()), ["y"])
        idle = table.loc[("y", "idle")]
        assert idle[column] == pytest.approx(idle.luck, rel=0.3)
        assert list(texts.counting(table)) == [True, False]


# --- Nothing is simulated twice ------------------------------------------------------------


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the points that are simulated, as they are, two in a shard."""
    found: list[int] = []
    real = running.simulated

    def simulated(job: Job) -> Shard:
        found.extend(one.point for one in job.pieces)
        return real(job)

    monkeypatch.setattr(running, "simulated", simulated)
    monkeypatch.setattr("sim.study.sweeps.plan.ROWS", 2 * 3 * 5 * 8)
    return found


def two_factors(samples: int) -> study.Design:
    factors = study.chosen_factors((), ["peer_weight", "champion_voice"], only=True)
    return study.sobol_design(factors, samples, 3)


def test_what_is_kept_is_what_the_simulation_says(asked: study.Simulator, tmp_path: Path) -> None:
    design = two_factors(2)
    direct = study.evaluate(asked, design.points())
    assert np.allclose(simulated(asked, design, tmp_path), direct, atol=1e-4)


def test_another_kpi_reads_the_same_runs(
    asked: study.Simulator, jobs: list[int], tmp_path: Path
) -> None:
    simulated(asked, two_factors(2), tmp_path)
    jobs.clear()
    other = replace(asked, outcomes=(study.Outcome("baseline", "", "never_users", 7),))
    assert simulated(other, two_factors(2), tmp_path).shape == (8, 1, 5)
    assert not jobs


def test_another_question_has_another_folder(asked: study.Simulator, tmp_path: Path) -> None:
    design = study.morris_design(THREE, 4, 3)
    others = [
        study.folder_of(tmp_path, asked, study.morris_design(THREE, 4, 4)),
        study.folder_of(tmp_path, asked, study.sobol_design(THREE, 4, 3)),
        study.folder_of(tmp_path, asked, study.morris_design([*THREE, Factor("z", 0, 1)], 4, 3)),
        study.folder_of(tmp_path, asked, design),
    ]
    assert len(set(others)) == len(others)
    more = study.folder_of(tmp_path, asked, study.morris_design(THREE, 8, 3))
    assert more == others[-1], "more samples of the same question stay where they are"


# --- How many organisations are enough -----------------------------------------------------


def test_so_many_organisations_give_the_precision_asked_for() -> None:
    for deviation, precision in ((10.0, 1.0), (3.0, 0.2), (0.0, 1.0), (1.0, 50.0)):
        number = replicates.needed(deviation, precision)
        one = replicates.settled(
            study.Outcome("x"), np.array([-1.0, 1.0]) * deviation / math.sqrt(2), precision
        )
        assert one.deviation == pytest.approx(deviation)
        assert replicates.precision_at(one, number) <= precision
        assert number == 2 or replicates.precision_at(one, number - 1) > precision
    with pytest.raises(AdoptionError, match="more than 0"):
        replicates.needed(1.0, 0.0)


def test_pairs_need_fewer_organisations_than_strangers() -> None:
    rng = np.random.default_rng(1)
    level = rng.normal(30.0, 20.0, 500)
    more = level + rng.normal(5.0, 4.0, 500)
    one = replicates.settled(
        study.Outcome("more", "level"), more - level, 1.0, (more, level), np.array([4.0, 8.0])
    )
    assert one.needed == pytest.approx((1.96 * 4.0) ** 2, rel=0.2)
    assert one.needed_alone > 20 * one.needed
    assert one.needed_elsewhere[0] < one.needed_elsewhere[1]
    assert (np.diff(one.half) < 0.0).all()
    spread = one.variation[2] - one.variation[1]
    assert spread[-1] < 0.01 < spread[0], "in the end all orders tell the same"


def test_what_is_known_is_said_in_the_unit_of_the_kpi() -> None:
    values = np.random.default_rng(1).normal(0.3, 0.4, 500)
    for kpi, unit in (("skill", "on a scale of 0 to 1"), ("adoption", "points")):
        one = replicates.settled(study.Outcome("x", kpi=kpi), values, 0.1)
        assert f"a level is known to ±0.05 {unit}:" in replicates.justified([one], 0.1)


# --- What is shown -------------------------------------------------------------------------


def inside(figure: Picture) -> None:
    """Check that no text leaves the figure."""
    figure.set_dpi(200)
    figure.draw_without_rendering()
    wide, high = figure.get_size_inches() * figure.dpi
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip():
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= wide and box.y0 >= 0 and box.y1 <= high, text


def test_the_title_names_what_matters_most() -> None:
    short = sim.load("baseline").changed(SHORT)
    asked = study.simulator([short], None, month=7, organisations=2)
    design = study.sobol_design([named_factor("peer_weight"), named_factor("hype")], 64, 1)
    values = study.evaluate(lambda point: constant(point["parameters.hype"]), design.points())
    table = study.indices(design, values, ["baseline"])
    found = study.Found(design, asked, table, noises(design, values, ["baseline"]), Path("x"))
    told = "Weekly users with “Licences only” depends most on how far public expectation exceeds"
    assert texts.message(found).startswith(told)
    assert texts.interactions(found, asked.outcomes[0]) == pytest.approx(0.0, abs=0.05)
    idle = replace(found, table=table * 0.0)
    assert texts.message(idle) == "Weekly users with “Licences only” depends on nothing varied"


def run(words: list[str], monkeypatch: pytest.MonkeyPatch, folder: Path) -> int:
    """Run a command in a folder and return its exit code."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "argv", ["adopt", "sensitivity", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(str(ended.value.code))


SMALL = [
    "leadership", "--against", "baseline", "--set", "simulation.months=7", "--month", "7",
    "--set", "organisation.employees=50", "--organisations", "3",
]  # fmt: skip


def test_the_command_tells_how_many_organisations_are_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(replicates, "THERE", 2)
    words = [*SMALL[:-2], "--organisations", "20", "--replicates", "--precision", "5", "--json"]
    assert run(words, monkeypatch, tmp_path) == 0
    content = json.loads(capsys.readouterr().out)
    level, contrast = content["outcomes"]
    assert contrast["needed"] <= contrast["needed_without_pairs"]
    assert level["needed"] == level["needed_without_pairs"]
    assert "With 200 organisations a contrast is known to" in content["message"]
    assert Path(content["folder"], "stability.csv").is_file()
    assert len(content["figures"]) == 2


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--samples", "100"], 2, "expected a power of 2"),
        (["--also", "nonsense"], 1, "no such parameter 'nonsense'"),
        (["--factor", "organisation.employees"], 1, "expected PATH=LOW..HIGH"),
        (["--against", "size-75"], 1, "do not have the same people"),
        (["--month", "25"], 1, "expected 1 to 24"),
        (["--only"], 1, "no factors"),
        (["--replicates", "--organisations", "5"], 1, "expected at least 10"),
        (["--replicates", "--also", "hype"], 2, "'--also': has no effect with --replicates"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_simulated(
    words: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["leadership", *words], monkeypatch, tmp_path) == code
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_stability_curve_stays_on_its_sheet() -> None:
    rng = np.random.default_rng(1)
    level, more = rng.normal(30, 20, 60), rng.normal(40, 20, 60)
    names = {"baseline": sim.load("baseline"), "leadership": sim.load("leadership")}
    outcomes = (study.Outcome("baseline"), study.Outcome("leadership", "baseline"))
    found = [
        replicates.settled(outcomes[0], level, 1.0),
        replicates.settled(outcomes[1], more - level, 1.0, (more, level), np.array([3.0, 5.0])),
    ]
    figure = stability_figure(found, study.Simulator(names, outcomes, 60, 3), 1.0)
    inside(figure)
    assert "60 organisations" in figure.caption and "Seed 3" in figure.caption
    levels = [replicates.settled(study.Outcome(name), level, 1.0) for name in names]
    drawn = stability_figure(levels, study.Simulator(names, outcomes, 60, 3), 1.0).axes[0].lines
    assert len({line.get_color() for line in drawn if len(line.get_xdata()) > 2}) == len(levels)
