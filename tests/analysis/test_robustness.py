"""Theories are compared at the same adoption, and what they agree on is counted rightly."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.text import Text

import sim
from analysis import cli
from analysis.studies import robustness as study
from analysis.studies.robustness import Refit, Robustness, Variant
from analysis.studies.robustness.figure import robustness_figure
from analysis.studies.robustness.same_adoption import TOLERANCE
from analysis.studies.robustness.tables import as_dict
from analysis.studies.robustness.variants import FACTORS, MODEL, Level
from sim import draws, world
from sim.errors import AdoptionError, InterruptedStudyError
from sim.parameters import numbers
from sim.scenario.schema import Scenario

SHORT = {"simulation.months": 8, "organisation.employees": 50}
NAMES = ("baseline", "leadership", "champions")


def short(name: str) -> Scenario:
    """Return a shipped scenario for 50 people and eight months."""
    return sim.load(name).changed(SHORT)


@pytest.fixture(scope="module")
def three() -> list[Scenario]:
    """Return what is ranked."""
    return [short(name) for name in NAMES]


@pytest.fixture(scope="module")
def found(three: list[Scenario]) -> Robustness:
    """Return what comes out under every variant alone and two combinations."""
    vectors = {"vendor": [{}], "literature": [{"peer_weight": 1.5}]}
    return study.investigate(
        study.question(three, vectors, "adoption", 8, 6, combinations=2, seed=3)
    )


# --- Which theories ------------------------------------------------------------------------


def test_every_answer_of_theory_is_tried_alone_and_then_in_combinations(
    three: list[Scenario],
) -> None:
    variants = study.every_variant(three, 32, seed=1)
    assert variants[0] == MODEL
    answers = [level for factor in FACTORS for level in factor.levels[1:]]
    assert [one.kind for one in variants].count("one") == len(answers) == 16
    assert [one.kind for one in variants].count("combination") == 32
    assert len({one.name for one in variants}) == len(variants)
    assert len({tuple(one.changes.items()) for one in variants if one.kind == "one"}) == 16


def test_what_the_scenarios_answer_already_is_no_other_theory(three: list[Scenario]) -> None:
    linear = [one.changed({"rules.contagion": "linear"}) for one in three]
    names = [one.name for one in study.every_variant(linear, 0)]
    assert "contagion=linear" not in names
    assert "contagion=step" in names


def test_ties_that_are_not_drawn_are_not_drawn_otherwise(three: list[Scenario]) -> None:
    complete = [one.changed({"organisation.network.kind": "complete"}) for one in three]
    assert not any("network" in one.levels for one in study.every_variant(complete, 8))


@pytest.mark.parametrize("levels", [[2, 3], [5, 2, 3, 2, 2, 3, 5, 2]])
def test_in_the_combinations_every_answer_is_as_frequent_as_any_other(levels: list[int]) -> None:
    design = study.balanced(levels, 32, seed=1)
    assert design.shape == (32, len(levels))
    for column, answers in zip(design.T, levels, strict=True):
        times = np.bincount(column, minlength=answers)
        assert times.max() - times.min() <= 1
    for first in range(len(levels)):
        for other in range(first):
            cells = np.zeros((levels[first], levels[other]))
            np.add.at(cells, (design[:, first], design[:, other]), 1)
            assert np.abs(cells - 32 / cells.size).max() <= 3.0


def test_the_same_seed_gives_the_same_combinations() -> None:
    one, same, other = (study.balanced([5, 2, 3], 12, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def only(factor: str, level: str) -> Variant:
    """Return the variant of one answer."""
    return next(one for one in study.every_variant([short("baseline")], 0)
                if one.name == f"{factor}={level}")  # fmt: skip


@pytest.mark.parametrize("kind", ["small_world", "random", "scale_free", "block"])
def test_people_have_about_as_many_colleagues_in_another_network(kind: str) -> None:
    scenario = short("baseline").changed({"organisation.employees": 140})
    ties = study.mean_ties(scenario, seed=1)
    other = study.applied(scenario, only("network", kind), ties)
    worlds = world.draw_worlds(world.design(other), 1, np.arange(10))
    assert worlds.other.size / worlds.people.size == pytest.approx(ties, rel=0.08)


def test_where_desire_is_a_plain_sum_it_is_the_tangent_of_the_curve_at_a_half() -> None:
    scenario = short("baseline")
    plain = study.applied(scenario, only("link", "identity"), 10.0)
    before, after = scenario.parameters, plain.parameters
    for name, number in numbers().items():
        expected = getattr(before, name)
        if name == "base_desire":
            expected = 0.5 + expected / 4.0
        elif number.unit == "log-odds":
            expected = expected / 4.0
        assert getattr(after, name) == expected, name


# --- The same adoption ---------------------------------------------------------------------


def search(adoption: Callable[[float], float], target: float, start: float = 0.0) -> Refit:
    """Return where a made-up adoption is what it should be."""
    return study.refit(adoption, target, start, 0.25, -10.0, high=10.0)


@pytest.mark.parametrize("target", [0.03, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("start", [-9.0, -1.0, 0.0, 6.0])
def test_adoption_is_brought_to_what_it_should_be_from_anywhere(
    start: float, target: float
) -> None:
    asked: list[float] = []

    def adoption(base: float) -> float:
        asked.append(base)
        return 1.0 / (1.0 + math.exp(-2.0 * base - 1.0))

    fit = search(adoption, target, start)
    assert fit.reached
    assert abs(adoption(fit.base) - target) <= TOLERANCE
    assert len(set(asked)) < 25
    assert all(-10.0 <= base <= 10.0 for base in asked)


def test_adoption_that_is_right_already_is_left_alone() -> None:
    asked: list[float] = []
    fit = search(lambda base: asked.append(base) or 0.4, 0.4 + TOLERANCE / 2, start=-2.0)  # type: ignore[func-returns-value]
    assert (fit.base, fit.reached, asked) == (-2.0, True, [-2.0])


@pytest.mark.parametrize("target", [0.2, 0.95])
def test_adoption_out_of_reach_is_said_to_be_out_of_reach(target: float) -> None:
    fit = search(lambda base: 0.5 + 0.02 * base, target)
    assert not fit.reached
    assert fit.adoption == pytest.approx(0.3 if target < 0.5 else 0.7)


def test_adoption_that_jumps_over_what_it_should_be_is_not_reached() -> None:
    fit = search(lambda base: 0.1 if base < 1.234 else 0.8, 0.4)
    assert not fit.reached
    assert fit.adoption == 0.1


def test_the_reference_has_the_same_adoption_in_every_theory(found: Robustness) -> None:
    column = list(found.study.scenarios).index("baseline")
    means = found.values[:, :, column].mean(axis=-1) / 100.0
    for v, row in enumerate(found.fits):
        for u, fit in enumerate(row):
            assert fit.target == found.fits[0][u].adoption
            assert means[v, u] == pytest.approx(fit.adoption, abs=1e-12)
            assert fit.reached == (abs(means[v, u] - means[0, u]) <= TOLERANCE)
    assert found.reached.mean() > 0.9


def test_the_model_is_not_refitted_and_its_organisations_are_those_of_any_comparison(
    found: Robustness, three: list[Scenario]
) -> None:
    assert found.fits[0][0].base == three[0].parameters.base_desire
    result = sim.compare(three, runs=6, seed=3)
    for place, one in enumerate(three):
        expected = 100.0 * result.curves(one.name, "adoption")[:, 8]
        np.testing.assert_array_equal(found.values[0, 0, place], expected)


def test_every_vector_has_its_own_organisations(found: Robustness, three: list[Scenario]) -> None:
    result = sim.compare(
        [one.changed({"parameters.peer_weight": 1.5}) for one in three], runs=12, seed=3
    )
    expected = 100.0 * result.curves("leadership", "adoption")[6:, 8]
    np.testing.assert_array_equal(found.values[0, 1, 1], expected)


def test_an_interrupted_study_says_nothing_of_the_rest(
    three: list[Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    import analysis.results.pieces as page

    def few(work: Any, numbers: Sequence[int], progress: Any = None) -> Any:
        return (work(number) for number in list(numbers)[:3])

    monkeypatch.setattr(page, "over_vectors", few)
    asked = study.question(three, {"shipped": [{}]}, "adoption", 8, 2, combinations=0)
    with pytest.raises(InterruptedStudyError):
        study.investigate(asked)


# --- What is asked -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "changes", "expected"),
    [
        (["baseline"], {}, "at least two"),
        (["baseline", "baseline"], {}, "each once"),
        (["baseline", "size-175"], {}, "same people"),
        (["baseline", "leadership"], {"month": 25}, "expected 1 to 24"),
        (["baseline", "leadership"], {"kpi": "adoptoin"}, "did you mean 'adoption'"),
    ],
)
def test_what_cannot_be_ranked_is_refused(
    names: list[str], changes: dict[str, Any], expected: str
) -> None:
    with pytest.raises(AdoptionError, match=expected):
        study.question([sim.load(name) for name in names], {"shipped": [{}]}, **changes)


# --- Who comes first -----------------------------------------------------------------------

A_FIRST, B_FIRST = (3.0, 2.0, 1.0), (2.0, 3.0, 1.0)


def made_up(
    means: Sequence[Sequence[Sequence[float]]],
    three: Sequence[Scenario],
    kpi: str = "adoption",
    reached: Sequence[Sequence[bool]] | None = None,
    spread: float = 0.01,
) -> Robustness:
    """Return means [variants, vectors, scenarios] as what came out, in eight organisations."""
    middle = np.array(means, float)
    luck = np.array([draws.uniform(1, 0, 0, k) - 0.5 for k in range(8 * 3)]).reshape(3, 8)
    luck -= luck.mean(axis=1, keepdims=True)
    answer = Level("x", "x", {})
    variants = [
        MODEL,
        *(Variant(f"v{k}", f"v{k}", "one", {"link": answer}) for k in range(1, len(middle))),
    ]
    sets = {"vendor": [{}] * middle.shape[1]}
    asked = study.Study({one.name: one for one in three}, variants, sets, kpi, 8, 8, 3)
    same = np.ones(middle.shape[:2], bool) if reached is None else np.array(reached)
    fits = [[Refit(0.0, 0.5 if one else 0.9, 0.5) for one in row] for row in same]
    return Robustness(asked, middle[..., None] + spread * luck, fits)


def test_a_reversed_ranking_has_tau_minus_one_and_another_winner(three: list[Scenario]) -> None:
    found = made_up([[A_FIRST], [A_FIRST[::-1]], [B_FIRST]], three)
    same, reverse, swapped = study.agreements(found, "vendor")
    assert same is not None
    assert reverse is not None
    assert swapped is not None
    assert (same.tau, reverse.tau) == (1.0, -1.0)
    assert swapped.tau == pytest.approx(1.0 / 3.0)
    assert [one.winner for one in (same, reverse, swapped)] == [True, False, False]
    assert reverse.ranks.tolist() == [3, 2, 1]


def test_where_less_is_better_the_lowest_comes_first(three: list[Scenario]) -> None:
    found = made_up([[A_FIRST], [A_FIRST]], three, kpi="never_users")
    known = study.agreements(found, "vendor")[0]
    assert known is not None
    assert known.ranks.tolist() == [3, 2, 1]
    assert study.message(found).startswith(f"“{three[2].label}” first in 1 of 1")


def test_vectors_without_the_same_adoption_do_not_count(three: list[Scenario]) -> None:
    means = [[A_FIRST, A_FIRST], [A_FIRST, A_FIRST[::-1]], [B_FIRST, B_FIRST]]
    reached = [[True, True], [True, False], [False, False]]
    found = made_up(means, three, reached=reached)
    _, one, none = study.agreements(found, "vendor")
    assert one is not None
    assert (one.vectors, one.of, one.winner) == (1, 1, True)
    assert none is None
    assert study.message(found) == f"“{three[0].label}” first in 1 of 1 other theories"
    assert "3 of 4 variants and vectors" in study.readings(found)[-1]


def test_where_no_theory_has_the_same_adoption_no_order_is_said_to_hold(
    three: list[Scenario],
) -> None:
    found = made_up([[A_FIRST], [A_FIRST]], three, reached=[[True], [False]])
    assert study.message(found).startswith("No other theory reaches")
    assert study.readings(found)[0] == "vendor: no other theory reaches the same adoption."
    content = json.loads(json.dumps(as_dict(found), allow_nan=False))
    assert content["theories"][1]["agreement"] == {"vendor": None}
    assert [one["agree"] for one in content["pairs"]] == [None] * 3


def test_a_pair_is_counted_over_the_other_theories_and_vectors(three: list[Scenario]) -> None:
    found = made_up([[A_FIRST] * 2, [A_FIRST] * 2, [B_FIRST, A_FIRST]], three)
    known = {(one.better, one.worse): one for one in study.pairs(found, "vendor")}
    pair = known["baseline", "leadership"]
    assert (pair.agree, pair.reversed, pair.clear) == (0.75, 0.25, True)
    assert pair.difference == pytest.approx(1.0)
    assert known["leadership", "champions"].agree == 1.0


def test_what_luck_alone_may_reverse_is_not_clearly_reversed(three: list[Scenario]) -> None:
    near, back = (2.01, 2.0, 1.0), (2.0, 2.01, 1.0)
    found = made_up([[near], [back]], three, spread=1.0)
    pair = study.pairs(found, "vendor")[0]
    assert (pair.better, pair.worse) == ("baseline", "leadership")
    assert (pair.agree, pair.reversed, pair.clear) == (0.0, 0.0, False)
    assert any("hardly apart in the model" in one for one in study.readings(found))


def test_the_message_names_the_rival(three: list[Scenario]) -> None:
    found = made_up([[A_FIRST], [A_FIRST], [B_FIRST], [A_FIRST]], three)
    labels = [one.label for one in three]
    expected = (
        f"“{labels[0]}” first in 2 of 3 other theories; mostly behind “{labels[1]}” in the others"
    )
    assert study.message(found) == expected


def test_the_message_tells_the_evidence_sets_apart(three: list[Scenario]) -> None:
    found = made_up([[A_FIRST, A_FIRST], [A_FIRST, B_FIRST], [A_FIRST, A_FIRST]], three)
    apart = found._replace(study=found.study._replace(sets={"vendor": [{}], "literature": [{}]}))
    told = "first in 2 of 2 other theories (vendor) and 1 of 2 other theories (literature)"
    assert told in study.message(apart)


def test_evidence_that_puts_another_first_is_said(three: list[Scenario]) -> None:
    found = made_up([[A_FIRST, B_FIRST]] * 2, three)
    apart = found._replace(study=found.study._replace(sets={"vendor": [{}], "literature": [{}]}))
    assert study.readings(apart)[0].startswith("Which comes first depends on the evidence")


# --- What is shown -------------------------------------------------------------------------


def test_the_table_has_a_row_for_every_theory_and_one_for_all_combinations(
    found: Robustness,
) -> None:
    table = study.rank_table(found)
    assert table.index[0] == "model"
    assert table.index[-1] == "2 combinations"
    assert len(table) == len(found.study.variants) - 2 + 1
    assert sorted(table.iloc[0][list(NAMES)]) == ["1", "2", "3"]
    assert {"tau vendor", "tau literature", "same first vendor"} <= set(table.columns)


def test_the_values_hold_every_mean_with_its_place_and_its_refit(found: Robustness) -> None:
    values = study.value_table(found)
    assert len(values) == len(found.study.variants) * 2 * 3
    model = values[(values["theory"] == "model") & (values["evidence"] == "vendor")]
    expected = found.values[0, 0].mean(axis=1)
    np.testing.assert_allclose(model.set_index("scenario").loc[list(NAMES), "adoption"], expected)
    alone = values[values["theory"] == "contagion=linear"]
    assert set(alone["contagion"]) == {"linear"}
    assert set(alone["link"]) == {""}


def test_the_figure_shows_a_place_for_every_scenario_and_says_what_it_rests_on(
    found: Robustness,
) -> None:
    figure = robustness_figure(found)
    texts = [str(one.get_text()) for one in figure.findobj(Text)]
    told = " ".join(" ".join(texts).split())
    assert " ".join(figure.caption.split()) in told
    assert study.message(found) in told
    assert "6 organisations" in figure.caption
    assert "Seed 3" in figure.caption
    assert "No band" in figure.caption
    known = [one for each in found.study.sets for one in study.agreements(found, each)]
    places = [one for one in texts if one in ("1", "2", "3")]
    assert len(places) == 3 * sum(one is not None for one in known)


@pytest.mark.parametrize("count", [2, 7])
def test_in_the_figure_no_two_names_touch(three: list[Scenario], count: int) -> None:
    many = [
        three[0].changed({"name": f"s{k}", "title": f"A long title of scenario {k}"})
        for k in range(count)
    ]
    means = [[list(range(count))] * 2] * 3
    luck = np.zeros((3, 2, count, 4))
    sets = {"vendor": [{}], "literature": [{}]}
    asked = study.Study({one.name: one for one in many},
                        [MODEL, only("link", "identity"), only("social", "peers")],
                        sets, "adoption", 8, 4, 3)  # fmt: skip
    fits = [[Refit(0.0, 0.5, 0.5)] * 2] * 3
    figure = robustness_figure(Robustness(asked, np.array(means, float)[..., None] + luck, fits))
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    upright = [one for one in figure.findobj(Text) if one.get_text() and not one.get_rotation()]
    boxes = [one.get_window_extent(renderer) for one in upright]
    for place, one in enumerate(boxes):
        assert one.x0 >= 0
        assert one.x1 <= figure.bbox.width
        for other in boxes[:place]:
            assert not one.padded(-1.0).overlaps(other.padded(-1.0))


# --- The command ---------------------------------------------------------------------------


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command line; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["adopt", "robustness", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


QUICK = (
    "baseline", "leadership", "--set", "organisation.employees=30", "--set",
    "simulation.months=6", "--month", "6", "--organisations", "3", "--combinations", "1",
    "--evidence", "shipped", "--seed", "3",
)  # fmt: skip


def test_the_command_writes_tables_figure_and_what_made_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, *QUICK, "--output", str(tmp_path), "--json") == 0
    content = json.loads(capsys.readouterr().out)
    folder = Path(content["folder"])
    names = {one.name for one in folder.iterdir()}
    assert {
        "places.csv", "pairs.csv", "values.csv", "robustness.json", "provenance.json",
        "robustness.png", "robustness.svg",
    } == names  # fmt: skip
    assert content["reference"] == "baseline"
    assert len(content["theories"]) == 1 + 16 + 1
    assert content["order"][0] in ("baseline", "leadership")
    for evidence, count in content["first_in"].items():
        assert sum(count.values()) == content["other_theories"][evidence]


def test_the_command_says_what_is_wrong_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, "baseline", "--evidence", "shipped") == 1
    assert "at least two" in capsys.readouterr().err
    assert command(monkeypatch) != 0
