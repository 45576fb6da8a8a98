"""What the programme promises: halves add up, nothing is done twice, and who is meant is reached."""

from __future__ import annotations

import numpy as np
import pytest
from by_hand import appointed, asked, does, lives, measure, put_catalogue, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import channels, world
from sim.channels import CHANNELS, strength
from sim.engine.kinds import Array
from sim.errors import ScenarioError
from sim.mesa_model import AdoptionModel
from sim.parameters import Parameters
from sim.people import population
from sim.programme import compiling, effects
from sim.programme.compiling import stocks
from sim.programme.deployments import Round, doses
from sim.scenario import read_catalogue
from sim.scenario.measure import Measure, Pushes
from sim.scenario.schema import Deployment, Scenario, share_of
from sim.state import TEAM_LEAD

DEFAULT = Parameters()
MONTHS = 24
ALL = 0

promise = settings(max_examples=100, deadline=None, derandomize=True)


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    return put_catalogue(monkeypatch)


def received(plan: effects.Programme, mask: int, month: int) -> channels.Push:
    """Return what rounds do together in a month to somebody who was there from the start."""
    return effects.add_up(plan, plan.onset, mask, ALL, 0, led=0.0, now=month)


# --- Stocks --------------------------------------------------------------------------------


def test_a_structural_measure_holds_while_in_force_and_fades_afterwards() -> None:
    stock = stocks(np.array([0.0, 1.0, 1.0, 0.0, 0.0]), structural=True, lasting=0.9)
    assert stock == pytest.approx([0.0, 1.0, 1.0, 0.9, 0.81])


def test_a_one_off_measure_fades_from_the_month_after() -> None:
    stock = stocks(np.array([1.0, 0.0, 0.5, 0.0]), structural=False, lasting=0.5)
    assert stock == pytest.approx([1.0, 0.5, 0.75, 0.375])


DOSES = st.lists(st.floats(0.0, 5.0), min_size=8, max_size=8)


@promise
@given(one=DOSES, other=DOSES, lasting=st.floats(0.0, 0.99))
def test_stocks_of_doses_add_up(one: list[float], other: list[float], lasting: float) -> None:
    a, b = np.array(one), np.array(other)
    together = stocks(a + b, False, lasting)
    assert together == pytest.approx(stocks(a, False, lasting) + stocks(b, False, lasting))
    assert stocks(a / 2, False, lasting) * 2 == pytest.approx(stocks(a, False, lasting))


@pytest.mark.parametrize("name", sorted(read_catalogue()))
def test_two_halves_of_a_measure_do_what_the_whole_does(name: str) -> None:
    one = read_catalogue()[name]
    structural = one.lasting == "structural"
    whole, half = (
        does(one.pushes, doses(Deployment(dose=dose, months=3), one, MONTHS), structural, DEFAULT)
        for dose in (1.0, 0.5)
    )
    linear = np.arange(channels.WIDTH) != channels.ACCESS  # half a measure gives access too
    assert (half + half)[:, linear] == pytest.approx(whole[:, linear])
    assert np.array_equal(half[:, ~linear] > 0, whole[:, ~linear] > 0)


def test_effects_of_a_full_dose_are_the_shares_the_catalogue_states() -> None:
    one = measure(
        "structural", pushes={"relief_status": 0.4, "relief_control": -0.5, "incentive": 0.6}
    )
    p = DEFAULT._replace(relief_scale=1.0)
    amount = does(one.pushes, doses(Deployment(), one, 3), True, p)
    effect = channels.saturate(effects.as_push(amount[0]))
    assert effect.remaining_status == pytest.approx(0.6)
    assert effect.remaining_control == pytest.approx(1.5)
    assert effect.incentive == pytest.approx(0.6)
    assert effect.remaining_ethics == 1.0


def test_relief_can_be_scaled_and_switched_off_as_a_whole() -> None:
    one = measure(pushes={"relief_ethics": 0.5, "incentive": 0.5})
    dose = doses(Deployment(), one, 2)
    off = does(one.pushes, dose, False, DEFAULT._replace(relief_scale=0.0))
    half = does(one.pushes, dose, False, DEFAULT._replace(relief_scale=0.5))
    assert not off[:, :4].any()
    assert off[0, CHANNELS.index("incentive")] > 0
    assert half[0, CHANNELS.index("relief_ethics")] == pytest.approx(strength(0.25))


def test_training_is_a_dose_and_no_stock() -> None:
    one = measure(pushes={"training": 2.0})
    amount = does(one.pushes, np.array([0.5, 0.0, 0.25]), False, DEFAULT)
    assert amount[:, channels.TRAINING].tolist() == [1.0, 0.0, 0.5]


def test_a_launch_fades_at_a_pace_of_its_own() -> None:
    one = measure(pushes={"launch": 1.0})
    p = DEFAULT._replace(launch_novelty_time=2.0)
    amount = does(one.pushes, np.array([1.0, 0.0, 0.0]), False, p)
    assert amount[:, channels.LAUNCH] == pytest.approx(np.exp([0.0, -0.5, -1.0]))


def test_how_something_is_said_decides_how_much_it_is_believed() -> None:
    p = DEFAULT._replace(
        message_rate=0.1, two_sided_credibility=0.6, one_sided_credibility=0.3,
        interactive_factor=2.5, abstract_factor=0.5, tool_quality=0.6, hype=0.3,
        two_sided_hype=0.0,
    )  # fmt: skip
    message = measure(message={"strength": 2.0})

    def speak(given: Deployment, p: Parameters) -> tuple[float, float]:
        round_ = Round("message", given, message, 0, np.ones(6))
        table, _, _ = asked([round_], scenario())
        return compiling.speak(table, 0, p, 1.0)

    assert speak(Deployment(), p) == pytest.approx((strength(0.12), 0.6))
    promises = Deployment(balance="one_sided")
    assert speak(promises, p) == pytest.approx((strength(0.06), 0.9))
    talk = Deployment(format="interactive", concreteness="abstract")
    assert speak(talk, p) == pytest.approx((strength(0.12 * 2.5 * 0.5), 0.6))
    hopeful = p._replace(two_sided_hype=0.5)
    assert speak(Deployment(), hopeful)[1] == pytest.approx(0.75)
    assert speak(promises, hopeful) == speak(promises, p)
    loud = p._replace(tool_quality=0.9, hype=0.9)
    assert speak(promises, loud)[1] == 1.0


# --- A compiled programme ------------------------------------------------------------------


def test_deployments_add_up_for_whom_they_reach(catalogue: dict[str, Measure]) -> None:
    plan = compiling.compile_programme(scenario(course={}, guide={"start": 2}))
    both, guide = received(plan, 0b11, 1), received(plan, 0b10, 1)
    course = received(plan, 0b01, 1)
    assert np.add(course, guide) == pytest.approx(np.array(both))
    assert received(plan, 0, 1) == effects.as_push(np.zeros(channels.WIDTH))
    assert received(plan, 0b10, 0).relief_control == 0.0


def test_the_same_measure_twice_at_half_dose_is_the_measure_once(
    catalogue: dict[str, Measure],
) -> None:
    whole = compiling.compile_programme(scenario(guide={}))
    half = {"measure": "guide", "dose": 0.5}
    halves = compiling.compile_programme(scenario(first=half, second=half))
    for month in range(6):
        assert received(halves, 0b11, month) == pytest.approx(received(whole, 0b1, month))


def test_a_deployment_without_a_dose_is_none(catalogue: dict[str, Measure]) -> None:
    nothing = scenario(course={"dose": 0}, champions={"dose": 0}, leaders={"dose": 0})
    assert compiling.compile_programme(nothing).onset.shape[0] == 0
    assert lives(nothing) == lives(scenario())


def pledged(one: Scenario, part: str) -> list[int]:
    """Return how many people with a part to play are bound to use, by month."""
    model, found = AdoptionModel(one), []
    for _ in range(one.simulation.months):
        model.step()
        found.append(sum(me.pledged for me in model.staff if getattr(me, part) == 1))
    return found


def test_champions_serve_from_their_first_month_to_their_last(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario({"tool.go_live": 1}, champions={"start": 2, "months": 3})
    assert pledged(one, "champion") == [0, 10, 10, 10, 0, 0]
    training = compiling.compile_programme(one).coaching[:, channels.TRAINING]
    assert training[1] == pytest.approx(0.5)
    assert training[1] > training[2] > training[3] > 0.0  # they tire
    assert training[0] == training[4] == 0.0


def test_recognised_champions_do_not_tire(catalogue: dict[str, Measure]) -> None:
    fresh = scenario(champions={}).changed({"parameters.champion_fatigue": 0.0})
    training = compiling.compile_programme(fresh).coaching[:, channels.TRAINING]
    assert np.ptp(training) == 0.0


def test_a_commitment_lasts_as_long_as_its_deployment(catalogue: dict[str, Measure]) -> None:
    one = scenario(leaders={"start": 3, "months": 2})
    leaders = int(np.sum(population.chart(one).role > 0))
    assert pledged(one, "committed") == [0, 0, leaders, leaders, 0, 0]
    some = pledged(one.changed({"programme.leaders.share": 0.4}), "committed")
    assert 0 < some[2] < leaders


def test_only_leaders_of_the_audience_commit(catalogue: dict[str, Measure]) -> None:
    one = scenario(leaders={"audience": {"roles": ["team_lead"]}})
    leads = int(np.sum(population.chart(one).role == TEAM_LEAD))
    assert 0 < leads < int(np.sum(population.chart(one).role > 0))
    assert max(pledged(one, "committed")) == leads


def test_the_share_appointed_is_what_is_said_else_the_usual_unless_a_list_names_them() -> None:
    stated = measure("structural", appoints="champions", share=0.2, selection="random")
    assert share_of(Deployment(), stated) == 0.2
    assert share_of(Deployment(share=0.0), stated) == 0.0
    assert share_of(Deployment(share=0.3), measure()) is None
    named = stated.model_copy(update={"selection": "named"})
    for one, deployment in (
        (stated, Deployment(selection="named", share=0.1)),
        (named, Deployment(share=0.1)),
        (named, Deployment()),
    ):
        assert share_of(deployment, one) is None
        listed = Round("by-hand", deployment, one, 0, np.ones(6))
        assert appointed(listed, scenario()) == 1.0
        assert appointed(listed._replace(part=0.5), scenario()) == 0.5


@pytest.mark.parametrize("kind", ["leaders", "champions"])
def test_two_deployments_that_appoint_the_same_people_are_refused_by_name(
    kind: str, catalogue: dict[str, Measure]
) -> None:
    twice = scenario(**{kind: {}, "second-wave": {"measure": kind, "start": 3}})
    with pytest.raises(ScenarioError) as caught:
        compiling.compile_programme(twice)
    assert f"'second-wave' and '{kind}' both appoint {kind}" in str(caught.value)
    assert caught.value.problems[0].path == "programme.second-wave"


def test_too_many_deployments_are_refused(catalogue: dict[str, Measure]) -> None:
    most = effects.MOST_ROUNDS
    every = {f"talk-{k}": {"measure": "guide"} for k in range(most)}
    assert compiling.compile_programme(scenario(**every)).onset.shape[0] == most
    with pytest.raises(ScenarioError, match=f"found {most + 1} deployments, at most {most}"):
        compiling.compile_programme(scenario(**every, another={"measure": "guide"}))


# --- Whom it reaches -----------------------------------------------------------------------


def reached(one: Scenario) -> Array:
    """Return which deployments reach each person of an organisation."""
    people = world.draw_worlds(world.design(one), 1, np.array([0])).people[0].view(np.recarray)
    compiled = compiling.compile_programme(one)
    return np.array([effects.reach(people[i], i, compiled, 1, 0) for i in range(people.size)])


def test_an_audience_meets_everything_that_is_asked(catalogue: dict[str, Measure]) -> None:
    one = scenario(
        course={"audience": {"departments": ["shop"], "roles": ["employee", "team_lead"]}},
        guide={"audience": {"archetypes": ["ethics"]}},
    )
    people = world.draw_worlds(world.design(one), 1, np.array([0])).people[0]
    masks = reached(one)
    in_shop = people["department"] == population.department_names(one.organisation).index("shop")
    low = people["role"] <= 1
    assert np.array_equal(masks & 1 == 1, in_shop & low)
    assert np.array_equal(masks & 2 == 2, people["archetype"] == 3)


def test_a_share_of_the_audience_is_drawn_and_a_larger_one_holds_the_smaller(
    catalogue: dict[str, Measure],
) -> None:
    few, many = (reached(scenario(course={"audience": {"share": part}})) for part in (0.3, 0.7))
    assert (few <= many).all()
    assert 15 <= few.sum() <= 45
    assert 55 <= many.sum() <= 85
    assert not reached(scenario(course={"audience": {"share": 0.0}})).any()


def test_the_order_of_deployments_changes_nothing() -> None:
    full = sim.load("full-programme")
    turned = full.model_copy(update={"programme": dict(reversed(full.programme.items()))})
    assert turned.fingerprint() == full.fingerprint()
    assert np.array_equal(
        sim.run(turned, runs=2).measured["full-programme"],
        sim.run(full, runs=2).measured["full-programme"],
        equal_nan=True,
    )


def test_no_scale_of_relief_removes_more_than_there_is() -> None:
    p = Scenario().numbers._replace(relief_scale=1.2)
    amount = does(Pushes(relief_control=0.95), np.array([1.0]), True, p)
    assert np.isfinite(amount).all()
