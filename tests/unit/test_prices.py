"""What is paid for acts: hours of champions, technology money, and more than one voice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import sim
from sim import world
from sim.parameters import Parameters
from sim.programme import levers
from sim.programme.compiling import compile_programme
from sim.programme.deployments import first_go_live
from sim.programme.effects import add_up
from sim.scenario.schema import Scenario
from sim.simulator import Simulator

HOURS = Parameters().coaching_hours

# --- Hours of champions --------------------------------------------------------------------


def with_hours(hours: float | None, **changes: Any) -> Scenario:
    """Return the shipped champions with these hours a month."""
    return sim.load("champions").changed({"programme.champions": {"hours": hours}, **changes})


@pytest.fixture(scope="module")
def firm() -> Simulator:
    """Return licences only."""
    return Simulator("baseline", runs=24, seed=2)


def brought(firm: Simulator, hours: float | None, kpi: str = "adoption") -> float:
    """Return what champions with these hours add, on average over all months."""
    more = firm.curves({"programme.champions": {"hours": hours}}, kpi) - firm.curves(None, kpi)
    return float(more[:, 1:].mean())


def test_usual_hours_change_no_bit(firm: Simulator) -> None:
    usual = firm.rows({"programme.champions": {}})
    said = firm.rows({"programme.champions": {"hours": HOURS}})
    assert np.array_equal(usual, said, equal_nan=True)
    assert levers.in_service(with_hours(None), Parameters()) == Parameters()
    assert levers.in_service(with_hours(3 * HOURS), Parameters()) == Parameters()


@pytest.mark.parametrize("part", [0.0, 0.25, 0.5, 1.0])
def test_a_champion_is_noticed_and_uses_in_the_part_that_is_paid(part: float) -> None:
    p = Parameters()
    there = world.plan(with_hours(part * HOURS)).p
    assert there.champion_voice - 1.0 == pytest.approx(part * (p.champion_voice - 1.0))
    assert there.champion_use == pytest.approx(part * p.champion_use)
    assert there.champion_skill == pytest.approx(part * p.champion_skill)
    others = {"champion_voice": 0.0, "champion_use": 0.0, "champion_skill": 0.0}
    assert there._replace(**others) == world.plan(with_hours(None)).p._replace(**others)


def test_champions_without_hours_bring_little_and_more_hours_more(firm: Simulator) -> None:
    usual = brought(firm, None, "adoption_unappointed")
    by_hours = [brought(firm, one, "adoption_unappointed") for one in (0.01, 2.0, 6.0, 12.0)]
    assert by_hours[2] == usual
    assert np.all(np.diff(by_hours) > 0.0)
    assert by_hours[0] < 0.3 * usual


def test_hours_count_under_any_name_and_of_champions_alone() -> None:
    guides = {"programme.guides": {"measure": "champions", "hours": 0.0}}
    named = sim.load("baseline").changed(guides)
    assert levers.in_service(named, Parameters()).champion_voice == 1.0
    assert levers.in_service(sim.load("full-programme"), Parameters()) == Parameters()


# --- Technology money ----------------------------------------------------------------------

ACTS = {"parameters.project_money": 1.0, "tool.go_live": 6, "organisation.employees": 100}


def bought(**tool: float) -> Scenario:
    """Return licences only, later, with this technology money [euro], of which all acts."""
    return sim.load("baseline").changed({**ACTS, **{f"tool.{one}": tool[one] for one in tool}})


@pytest.mark.parametrize("field", ["integration_cost", "data_cost"])
def test_money_for_integration_and_data_moves_match_quality_and_delay(field: str) -> None:
    nothing = {"investment": 0.0, "integration_cost": 0.0, "data_cost": 0.0}
    bare, rich = bought(**nothing), bought(**{**nothing, field: 200_000.0})
    before, after = levers.effective_numbers(bare), levers.effective_numbers(rich)
    assert after.match_low > before.match_low
    assert after.match_range > before.match_range
    assert after.tool_quality > before.tool_quality
    assert first_go_live(rich) < first_go_live(bare)
    as_invested = bought(**{**nothing, "investment": 200_000.0})
    assert levers.effective_numbers(as_invested) == after
    assert first_go_live(as_invested) == first_go_live(rich)


def test_each_euro_brings_less_than_the_one_before_and_where_none_counts_none_acts() -> None:
    quality = [
        levers.effective_numbers(bought(integration_cost=euro)).tool_quality
        for euro in (0.0, 20_000.0, 40_000.0, 60_000.0)
    ]
    gains = np.diff(quality)
    assert np.all(gains > 0.0)
    assert np.all(np.diff(gains) < 0.0)
    half = bought(integration_cost=40_000.0).changed({"parameters.project_money": 0.5})
    assert levers.effective_numbers(half).tool_quality == quality[1]
    idle = {"parameters.project_money": 0.0}
    poor, rich = bought(integration_cost=0.0), bought(integration_cost=90_000.0, data_cost=90_000.0)
    none, much = (one.changed(idle) for one in (poor, rich))
    assert levers.effective_numbers(none) == levers.effective_numbers(much)
    assert first_go_live(none) == first_go_live(much)


def test_technology_money_is_seen_in_what_people_do() -> None:
    runs = Simulator(bought(integration_cost=0.0, data_cost=0.0), runs=30, seed=4)
    worth = [
        runs.curves({"tool.data_cost": euro}, "satisfaction")[:, -1].mean()
        for euro in (0.0, 20_000.0, 200_000.0)
    ]
    assert worth[0] < worth[1] < worth[2]


# --- Several voices ------------------------------------------------------------------------

ALIKE = {
    f"parameters.sender_{one}": 1.0
    for one in ("management", "it", "works_council", "peers", "expert")
}


def talks(*messages: tuple[str, str], variety: float = 0.3) -> Scenario:
    """Return a campaign of one dose in all, parted among senders and formats."""
    part = 1.0 / len(messages)
    programme = {
        f"talk-{k}": {
            "measure": "information-campaign", "dose": part, "sender": sender, "format": how,
        }
        for k, (sender, how) in enumerate(messages)
    }  # fmt: skip
    return sim.load("baseline").changed(
        {
            "programme": programme,
            "parameters.variety": variety,
            "parameters.interactive_factor": 1.0,
            **ALIKE,
        }
    )


def pull(scenario: Scenario) -> float:
    """Return the summed push of all messages in the first month on somebody who hears them all."""
    plan = compile_programme(scenario)
    everything = (1 << plan.rounds.size) - 1
    return float(add_up(plan, plan.onset, everything, 0, 0, led=0.0, now=0).message_pull)


@pytest.mark.parametrize("variety", [0.0, 0.3, 1.0])
def test_a_dose_from_several_senders_in_several_formats_pulls_more(variety: float) -> None:
    it, peers = ("it", "written"), ("peers", "written")
    once = pull(talks(it, variety=variety))
    assert pull(talks(it, it, variety=variety)) == pytest.approx(once)
    assert pull(talks(it, peers, variety=variety)) == pytest.approx(once * 2**variety)
    films = (("it", "written"), ("it", "audiovisual"), ("it", "interactive"))
    assert pull(talks(*films, variety=variety)) == pytest.approx(once * 3**variety)
    both = pull(talks(it, ("peers", "audiovisual"), variety=variety))
    assert both == pytest.approx(once * 4**variety)


def test_a_whisper_beside_a_loud_voice_hardly_counts() -> None:
    aside = {"measure": "information-campaign", "dose": 0.01, "sender": "peers"}
    quiet = talks(("it", "written")).changed({"programme.aside": aside})
    off = quiet.changed({"parameters.variety": 0.0})
    assert 1.0 < pull(quiet) / pull(off) < 1.02


def test_several_voices_are_seen_in_what_people_expect() -> None:
    def expected(*messages: tuple[str, str], variety: float) -> np.ndarray[Any, Any]:
        result = sim.run(talks(*messages, variety=variety), 20, 6)
        return result.curves("baseline", "expectation")[:, 1].mean()

    voices = (("it", "written"), ("peers", "audiovisual"))
    assert expected(*voices, variety=0.3) > expected(voices[0], variety=0.3)
    assert expected(*voices, variety=0.0) == pytest.approx(expected(voices[0], variety=0.0))
