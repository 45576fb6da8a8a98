"""An answer says what the comparison gave, in either language."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from analysis.results.answer import Answer, answer, with_troughs, with_vectors
from analysis.results.comparison import difference
from analysis.results.firm import euros
from analysis.results.summary import curve_statistics
from analysis.words.languages import language

SMALL = {"organisation.employees": 30, "simulation.months": 12}


@pytest.fixture(scope="module")
def several() -> Answer:
    scenarios = [sim.load(name).changed(SMALL) for name in ("baseline", "leadership", "champions")]
    return answer(sim.compare(scenarios, runs=20, by=["archetype", "department"]))


def test_numbers_are_those_of_the_comparison(several: Answer) -> None:
    table = difference(several.result, "baseline")
    figures = curve_statistics(several.result)
    for strategy in several.strategies[1:]:
        row, added = table.loc[strategy.name], strategy.added[several.last]
        assert 100 * added.mean == pytest.approx(row["difference"])
        assert 100 * added.low == pytest.approx(row["low"])
        assert added.better == row["better"]
        for what, amount in strategy.extra._asdict().items():
            assert list(amount) == pytest.approx(
                [row[f"{what}{end}"] for end in ("", "_low", "_high")], nan_ok=True
            )
    for strategy in several.strategies:
        assert strategy.money.roi.mean == pytest.approx(figures.loc[strategy.name, "roi"])
        assert strategy.broke_even == figures.loc[strategy.name, "broke_even"]
        net = several.result.curves(strategy.name, "cumulative_net")[:, 12].mean()
        assert strategy.earned[-1] - strategy.spent[-1] == pytest.approx(net)


def test_sentences_hold_the_numbers_in_the_language(several: Answer) -> None:
    best = several.best
    for code in ("en", "nl"):
        words = language(code)
        told = several.headline(words) + several.how_sure(words) + several.price(words)
        for number in (
            words.percent(best.at(12).mean),
            words.points(best.added[12].low),
            several.organisations(best.added[12].better, words),
            euros(best.extra.extra_cost, words),
        ):
            assert number in told, (number, told)
        assert several.reference.called(words) in told


def test_what_is_not_clear_is_not_called_better() -> None:
    one = sim.load("baseline").changed({**SMALL, "organisation.employees": 10})
    same = one.changed({"name": "same", "title": "The same, but for a little luck",
                        "parameters.peer_weight": one.parameters.peer_weight + 0.3})  # fmt: skip
    found = answer(sim.compare([one, same], runs=10))
    assert not found.best.added[12].clear
    assert "no strategy clearly" in found.headline(language("en"))


def test_a_strategy_that_is_worse_is_not_recommended() -> None:
    one = sim.load("full-programme").changed(SMALL)
    found = answer(sim.compare([one, sim.load("baseline").changed(SMALL)], runs=20))
    assert "Nothing does better" in found.headline(language("en"))
    assert "less than" in found.price(language("en"))


def test_one_alone_is_told_without_a_difference() -> None:
    found = answer(sim.run(sim.load("champions").changed(SMALL), runs=5))
    words = language("en")
    assert found.best is found.reference and found.reasons == ()
    assert "With" in found.headline(words) and "80 of 100" in found.how_sure(words)


def test_other_numbers_and_troughs_are_shares(several: Answer) -> None:
    tried = with_vectors(with_troughs(several, 4), 3, 4)
    assert tried.reference.beats == {}
    for strategy in tried.strategies:
        assert 0.0 <= strategy.trough <= 1.0
    for strategy in tried.strategies[1:]:
        assert set(strategy.beats) == {"literature", "vendor"}
        assert all(round(3 * share, 9) in (0, 1, 2, 3) for share in strategy.beats.values())
    assert "with the evidence" in tried.how_sure(language("en"))
    assert np.array_equal(tried.best.adoption[0], several.best.adoption[0])
