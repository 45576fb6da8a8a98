"""One simulator: the numbers of sim.compare to the last bit, kept, bounded, and gone on with."""

from __future__ import annotations

import numpy as np
import pytest
from parts import few

import sim
from sim import kernel, kpis, simulator
from sim.errors import AdoptionError, InterruptedStudyError
from sim.scenario.schema import Scenario
from sim.simulator import Simulator
from sim.study.experiments import events
from sim.study.kept import Kept
from sim.study.results import Result

NAMES = ("baseline", "leadership-champions", "turnover", "size-25")


@pytest.fixture(scope="module")
def compared() -> Result:
    """Return what sim.compare gives."""
    return sim.compare(NAMES, runs=30, seed=5)


COMPARED = NAMES


@pytest.mark.parametrize("name", few(COMPARED, 1))
def test_it_gives_the_numbers_of_compare_to_the_last_bit(name: str, compared: Result) -> None:
    s = Simulator("baseline", runs=30, seed=5)
    rows = s.rows(name)
    assert rows.tobytes() == compared.measured[name].tobytes()
    for kpi in ("adoption", "roi", "cost", "quality_gain"):
        np.testing.assert_array_equal(s.curves(name, kpi), compared.curves(name, kpi))
    assert (s.outcome(name, month=7) == compared.curves(name, "adoption")[:, 7]).all()
    assert (s.ends(name)["skill"] == compared.curves(name, "skill")[:, -1]).all()
    assert (s.cost(name) == compared.curves(name, "cost").sum(axis=1)).all()


def test_changes_are_those_of_the_scenario(small: Scenario) -> None:
    s = Simulator(small, runs=4)
    change = {"programme.training": {"dose": 2}, "tool.go_live": 3}
    expected = sim.run(small.changed(change), runs=4).measured[small.name]
    np.testing.assert_array_equal(s.rows(change), expected)
    np.testing.assert_array_equal(s.rows(small.changed(change)), expected)


def test_vectors_have_organisations_of_their_own_and_numbers_of_their_own(small: Scenario) -> None:
    vectors: list[dict[str, float]] = [{}, {"peer_weight": 1.0}, {}]
    found = Simulator(small, runs=3, vectors=vectors).rows().reshape(3, 3, -1)
    streams = Simulator(small, runs=9).rows().reshape(3, 3, -1)
    np.testing.assert_array_equal(found[[0, 2]], streams[[0, 2]])
    other = small.changed({"parameters.peer_weight": 1.0})
    np.testing.assert_array_equal(found[1], Simulator(other, runs=3, first=3).rows().reshape(3, -1))


def test_a_continuation_is_another_life_of_the_same_people(small: Scenario) -> None:
    s = Simulator(small, runs=3)
    first, other = s.rows(), s.rows(continuation=1)
    np.testing.assert_array_equal(first[:, 0], other[:, 0])
    assert (first[:, 1:] != other[:, 1:]).any(axis=(1, 2)).all()


def test_people_are_drawn_once_and_results_kept(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, simulated = [], []
    draw, simulate = simulator.world.draw_worlds, kernel.simulate
    monkeypatch.setattr(
        simulator.world, "draw_worlds", lambda *given: (drawn.append(1), draw(*given))[1]
    )
    monkeypatch.setattr(
        kernel,
        "simulate",
        lambda *given, **more: (simulated.append(1), simulate(*given, **more))[1],
    )
    s = Simulator(small, runs=3)
    s.rows()
    s.rows({"programme.training": {}})
    s.rows()
    assert (len(drawn), len(simulated)) == (1, 2)
    assert not s.rows().flags.writeable
    s.rows({"parameters.innovativeness_spread": 0.1})
    assert len(drawn) == 2


def test_without_memory_nothing_is_kept_and_nothing_changes(small: Scenario) -> None:
    poor = Simulator(small, runs=3, memory=0)
    np.testing.assert_array_equal(poor.rows(), Simulator(small, runs=3).rows())
    assert poor._worlds.size == poor._results.size == 0


def test_the_longest_unused_goes_first() -> None:
    kept: Kept[str] = Kept(10)
    for key in "abc":
        kept.put(key, key, 4)
        kept.get("a")
    assert [kept.get(key) for key in "abc"] == ["a", None, "c"]
    assert kept.size == 8


def test_of_two_values_of_a_key_the_larger_stays_and_nothing_larger_than_all_room() -> None:
    kept: Kept[str] = Kept(10)
    for value in ("abc", "ab", "abcd", "x" * 11):
        kept.put("key", value, len(value))
    assert kept.get("key") == "abcd"
    assert kept.size == 4


def test_an_interrupted_study_goes_on_with_what_was_not_finished(
    small: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "CHUNK_PEOPLE", 60)
    expected = Simulator(small, runs=12).rows()
    s = Simulator(small, runs=12, threads=1)

    def stop(finished: int, total: int) -> None:
        if finished == 5:
            raise KeyboardInterrupt

    with pytest.raises(InterruptedStudyError):
        s.rows(progress=stop)
    simulated = []
    simulate = kernel.simulate
    monkeypatch.setattr(
        kernel,
        "simulate",
        lambda *given, **more: (simulated.append(1), simulate(*given, **more))[1],
    )
    np.testing.assert_array_equal(s.rows(), expected)
    assert 0 < len(simulated) < 12


def test_its_log_of_events_is_that_of_the_verb(small: Scenario) -> None:
    log = Simulator(small, runs=5).events(by_person=True)
    table = events(small, runs=5)
    assert (log[:, kernel.EVENT.index("run")] == table["run"]).all()
    assert (log[:, kernel.EVENT.index("exposure")] == table["exposure"]).all()
    hidden = Simulator(small, runs=5).events()
    assert (hidden[:, kernel.EVENT.index("person")] == -1).all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"runs": 0}, "runs"),
        ({"seed": -1}, "seed"),
        ({"vectors": []}, "vectors"),
        ({"vectors": [{"peer_wait": 1.0}]}, "peer_wait"),
        ({"scenario": "base-line"}, "base-line"),
    ],
)
def test_a_mistake_is_said(given: dict[str, object], said: str) -> None:
    with pytest.raises(AdoptionError, match=said):
        Simulator(**{"runs": 2, **given}).rows()  # type: ignore[arg-type]


def test_unknown_kpis_and_months_are_said(small: Scenario) -> None:
    s = Simulator(small, runs=2)
    with pytest.raises(AdoptionError, match="adopshun"):
        s.outcome(kpi="adopshun")
    with pytest.raises(AdoptionError, match="month: found 13"):
        s.outcome(month=13)
    assert np.isfinite(s.outcome(kpi=next(iter(kpis.KPIS)))).all()
