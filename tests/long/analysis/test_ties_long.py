"""What takes long of ``analysis/test_ties.py``."""

from __future__ import annotations

import pytest
from test_ties import CONSIDERING, NETWORK, one_by_one

from analysis.studies.ties import study, verdict
from analysis.studies.ties.figure import ties_figure
from sim.errors import AdoptionError
from sim.scenario import read_scenario
from sim.simulator import Simulator


def test_where_ties_do_nothing_the_odds_are_even() -> None:
    found = study.starting(Simulator(one_by_one(), 500, 2))
    for name, one in found.odds.items():
        assert one["odds"] == pytest.approx(1.0, abs=0.1), name
    assert found.odds["2 or more"]["low"] < 1.0 < found.odds["2 or more"]["high"]
    assert found.next.value == pytest.approx(0.5, abs=0.01)


def test_without_contagion_as_many_use_it_and_the_odds_are_even() -> None:
    found = study.ties(one_by_one(peer_weight=0.4).changed({"simulation.months": 8}), 100, 2)
    control = found.control
    assert control.changes["parameters.peer_weight"] == 0.0
    assert abs(control.adoption) <= study.TOLERANCE
    assert control.apart > 5 * study.TOLERANCE
    on, off = (found.odds.loc[(one, "2 or more")] for one in ("on", "off"))
    assert on["low"] > 1.5
    assert off["low"] < 1.0 < off["high"] < on["low"]
    assert found.next.loc["on", "low"] > found.next.loc["off", "high"]


def test_what_hides_ties_is_said() -> None:
    launched = study.ties("baseline", 3, 1)
    assert any("has a launch (launch)" in one for one in launched.notes)
    appointed = read_scenario("on-request").changed({"programme.champions": {}})
    assert any("champions" in one for one in study.ties(appointed, 3, 1).notes)
    for kind in ("complete", "none"):
        found = study.ties(read_scenario("on-request").changed({f"{NETWORK}.kind": kind}), 3, 1)
        assert found.odds["odds"].isna().all()
        assert any(f"kind is {kind}" in one for one in found.notes)
        assert "no odds" in verdict(found)
        assert ties_figure(found)


def test_where_people_consider_first_as_many_have_tried_it_too() -> None:
    scenario = read_scenario("on-request").changed(CONSIDERING)
    found = study.raised(Simulator(scenario, 30, 4))
    assert found.changes["parameters.consider_alone"] > 0.0
    assert found.changes["parameters.consider_peers"] == 0.0
    assert abs(found.adoption) <= 5 * study.TOLERANCE
    assert abs(found.tried) <= 5 * study.TOLERANCE


def test_both_languages_have_the_figure() -> None:
    found = study.ties(one_by_one(peer_weight=0.6), 4, 2)
    english, dutch = (ties_figure(found, code) for code in ("en", "nl"))
    assert english.message != dutch.message
    with pytest.raises(AdoptionError, match="language"):
        ties_figure(found, "fr")


def test_the_same_seed_gives_the_same_bits() -> None:
    one, again = (study.ties(one_by_one(peer_weight=0.6), 5, 7) for _ in range(2))
    assert one.odds.equals(again.odds)
    assert one.differences.equals(again.differences)
