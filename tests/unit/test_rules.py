"""What each rule promises for any allowed parameters and any state: bounds, directions, limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from parts import few

from sim import channels, rules
from sim.channels import CHANNELS, Effect, Push, saturate, strength
from sim.parameters import Parameters, numbers
from sim.rules import Switches
from sim.scenario import read_catalogue
from sim.state import NOBODY, THREATS, columns

Make = Callable[..., Any]

DEFAULT = Parameters()
HAZARD = Switches()
SUBSTEPS = st.sampled_from([1, 2, 3, 4, 5, 12, 60])
SHARE = st.floats(0.0, 1.0)
RATE = st.floats(0.0, 2.0)
NONE = Push(*[0.0] * len(Push._fields))
NOTHING = saturate(NONE)

promise = settings(max_examples=100, deadline=None, derandomize=True)


def allowed(name: str) -> st.SearchStrategy[Any]:
    """Return any allowed value of a parameter."""
    number, default = numbers()[name], Parameters._field_defaults[name]
    if isinstance(default, int):
        return st.integers(int(number.low), int(number.high))
    return st.floats(number.low, number.high)


def default_but(**values: Any) -> Parameters:
    """Return the default parameters with a few values changed."""
    return DEFAULT._replace(**values)


PARAMETERS = st.builds(Parameters, **{name: allowed(name) for name in Parameters._fields})
SWITCHES = st.builds(
    Switches,
    contagion=st.integers(0, len(rules.CONTAGION) - 1),
    link=st.integers(0, len(rules.LINK) - 1),
    decision=st.integers(0, len(rules.DECISION) - 1),
    stopping=st.integers(0, len(rules.STOPPING) - 1),
    threat=st.integers(0, len(rules.THREAT) - 1),
)


@st.composite
def employees(draw: st.DrawFn) -> Any:
    """Return anybody: any archetype, any traits, any state that can occur."""
    me = SimpleNamespace(**dict.fromkeys(columns(), 0))
    shares = (
        "desire", "expectation", "skill", "habit", "freshness", "coached", "message_level",
        "incentive", "least_use", "least_skill", "considers", "perceived_pull", "perceived_example",
    )  # fmt: skip
    for name in shares:
        setattr(me, name, draw(SHARE))
    me.own_threats = draw(st.integers(0, (1 << len(THREATS)) - 1))
    me.disposition = draw(st.floats(-12.0, 12.0))
    me.threshold = draw(st.floats(0.0001, 1.0))
    me.match = draw(st.floats(0.0, 4.0))
    me.opportunity = draw(st.floats(0.0, 4.0))
    me.worth = draw(SHARE)
    me.learning = draw(st.floats(1.0, 10.0))
    me.example_factor = draw(st.floats(1.0, 10.0))
    me.buddy = NOBODY
    for channel in THREATS:
        initial = draw(SHARE)
        floor = initial * draw(SHARE)
        threat = draw(SHARE)
        setattr(me, f"initial_{channel}", initial)
        setattr(me, f"floor_{channel}", floor)
        setattr(me, f"threat_{channel}", max(floor, threat))
        setattr(me, f"remaining_{channel}", draw(st.floats(0.0, 6.0)))
    me.training = draw(st.floats(0.0, 10.0))
    me.message_pull = draw(st.floats(0.0, 5.0))
    me.launch = draw(st.floats(0.0, 5.0))
    me.uses, me.access, me.pledged, me.champion, me.committed, me.ever_used = (
        draw(st.integers(0, 1)) for _ in range(6)
    )
    me.access_month = draw(st.integers(1, 6))
    me.intensity = me.desire if me.uses else 0.0
    return me


def anybody(**given: float) -> Any:
    """Return somebody with every column 0 but those given."""
    return SimpleNamespace(**{**dict.fromkeys(columns(), 0), "considers": 1.0, **given})


def copy(me: Any, **changed: float) -> Any:
    """Return the same person with a few columns changed."""
    return SimpleNamespace(**{**vars(me), **changed})


# --- Arithmetic of change ------------------------------------------------------------------


@promise
@given(rate=SHARE, substeps=SUBSTEPS)
def test_the_parts_of_a_month_leave_what_the_month_leaves(rate: float, substeps: int) -> None:
    assert rules.kept(rate, substeps) ** substeps == pytest.approx(1.0 - rate, rel=1e-12, abs=1e-15)


@promise
@given(rate=st.floats(1.0, 10.0), substeps=SUBSTEPS)
def test_a_rate_above_one_closes_the_whole_gap(rate: float, substeps: int) -> None:
    assert rules.kept(rate, substeps) == 0.0


@promise
@given(value=SHARE, level=SHARE, rate=RATE, substeps=SUBSTEPS)
def test_a_share_ends_between_where_it_was_and_where_it_goes(
    value: float, level: float, rate: float, substeps: int
) -> None:
    after = rules.approach(value, rate * level, rate, rules.kept(rate, substeps))
    assert min(value, level) - 1e-12 <= after <= max(value, level) + 1e-12
    assert 0.0 <= after <= 1.0


@promise
@given(value=SHARE, level=SHARE, substeps=SUBSTEPS)
def test_without_a_rate_nothing_changes(value: float, level: float, substeps: int) -> None:
    assert rules.approach(value, 0.0 * level, 0.0, rules.kept(0.0, substeps)) == value


@promise
@given(value=SHARE, up=st.floats(0.0, 0.5), down=st.floats(0.0, 0.5), substeps=SUBSTEPS)
def test_the_number_of_substeps_moves_no_equilibrium_and_no_month(
    value: float, up: float, down: float, substeps: int
) -> None:
    rate = up + down
    assume(rate > 1e-3)
    balance = up / rate
    assert rules.approach(balance, up, rate, rules.kept(rate, substeps)) == pytest.approx(balance)
    after = value
    for _ in range(substeps):
        after = rules.approach(after, up, rate, rules.kept(rate, substeps))
    assert after == pytest.approx(rules.approach(value, up, rate, 1.0 - rate), abs=1e-12)


# --- Bounds --------------------------------------------------------------------------------


@promise
@given(
    exposure=SHARE,
    threshold=st.floats(0.0001, 1.0),
    kind=st.integers(0, len(rules.CONTAGION) - 1),
    exponent=st.integers(1, 8),
)
def test_contagion_is_a_share(exposure: float, threshold: float, kind: int, exponent: int) -> None:
    assert 0.0 <= rules.contagion(exposure, exposure, threshold, kind, exponent) <= 1.0


@promise
@given(initial=SHARE, justified=SHARE, remaining=st.floats(0.0, 1e6))
def test_a_warranted_threat_is_a_share_and_never_below_its_floor(
    initial: float, justified: float, remaining: float
) -> None:
    floor = initial * justified
    assert floor <= rules.warranted(initial, floor, remaining) <= 1.0


@promise
@given(logodds=st.floats(-700.0, 5000.0), kind=st.integers(0, 1))
def test_desire_is_a_share_of_any_sum(logodds: float, kind: int) -> None:
    assert 0.0 <= rules.link(logodds, kind) <= 1.0


# --- Directions ----------------------------------------------------------------------------


def desire(me: Any, pull: float, example: float, p: Parameters, s: Switches = HAZARD) -> float:
    """Return how much a person wants to use AI."""
    me = copy(me)
    rules.want(me, pull, example, p, s)
    return float(me.desire)


HELPFUL = ("skill", "expectation", "habit", "incentive", "freshness", "launch", "disposition")


@pytest.mark.parametrize("column", few(HELPFUL, 1))
def test_more_of_what_helps_never_lowers_desire(column: str) -> None:
    @promise
    @given(me=employees(), more=SHARE, pull=SHARE, example=SHARE, p=PARAMETERS, s=SWITCHES)
    def check(
        me: Any, more: float, pull: float, example: float, p: Parameters, s: Switches
    ) -> None:
        better = copy(me, **{column: getattr(me, column) + more})
        assert desire(better, pull, example, p, s) >= desire(me, pull, example, p, s)

    check()


@promise
@given(
    exposure=SHARE,
    more=SHARE,
    threshold=st.floats(0.0001, 1.0),
    kind=st.integers(0, len(rules.CONTAGION) - 1),
    exponent=st.integers(1, 8),
)
def test_more_exposure_never_pulls_less(
    exposure: float, more: float, threshold: float, kind: int, exponent: int
) -> None:
    higher = min(1.0, exposure + more)
    now = rules.contagion(exposure, exposure, threshold, kind, exponent)
    assert rules.contagion(higher, higher, threshold, kind, exponent) >= now - 1e-15


@promise
@given(initial=st.floats(0.01, 0.99), substeps=SUBSTEPS, months=st.integers(1, 24))
def test_a_mandate_raises_control_threat(initial: float, substeps: int, months: int) -> None:
    mandate = read_catalogue()["mandate"].pushes
    push = {channel: strength(getattr(mandate, channel)) for channel in CHANNELS[:4]}
    effect = saturate(NONE._replace(**push))
    assert effect.remaining_control > 1.0
    me = SimpleNamespace(**dict.fromkeys(columns(), 0))
    me.access_month, me.threat_control, me.initial_control, me.buddy = 1, initial, initial, NOBODY
    me.floor_control = 0.5 * initial
    pace = rules.pace(substeps, DEFAULT)
    for month in range(1, months + 1):
        rules.receive(
            me, month, effect, NONE, NONE, works=1.0, commitment=False, service=-1, p=DEFAULT
        )
        for _ in range(substeps):
            rules.calm(me, pace, DEFAULT)
    assert initial < me.threat_control < 1.0


# --- Exact values --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", range(len(rules.CONTAGION)), ids=rules.CONTAGION)
def test_someone_who_sees_no_user_is_not_pulled(kind: int) -> None:
    assert rules.contagion(0.0, 0.0, 0.3, kind, 3) == 0.0


@promise
@given(threshold=st.floats(0.0001, 1.0), exponent=st.integers(1, 8))
def test_at_the_threshold_colleagues_pull_half(threshold: float, exponent: int) -> None:
    assert rules.contagion(threshold, 1.0, threshold, 0, exponent) == pytest.approx(0.5)


def test_the_step_looks_at_the_share_and_the_absolute_step_at_the_number() -> None:
    share, number = rules.CONTAGION.index("step"), rules.CONTAGION.index("step_count")
    assert rules.contagion(0.25, 1.0, 0.25, share, 3) == 1.0
    assert rules.contagion(0.24, 9.0, 0.25, share, 3) == 0.0
    assert rules.contagion(0.01, 2.0, 2.0, number, 3) == 1.0
    assert rules.contagion(0.99, 1.0, 2.0, number, 3) == 0.0
    assert rules.contagion(0.37, 1.0, 0.2, rules.CONTAGION.index("linear"), 3) == 0.37


def test_the_top_has_no_example_and_a_missing_leader_is_replaced_by_the_other() -> None:
    assert rules.leaders_example(0.0, False, 0.0, False, DEFAULT) == 0.0
    assert rules.leaders_example(0.6, True, 0.0, False, DEFAULT) == 0.6
    assert rules.leaders_example(0.0, False, 0.4, True, DEFAULT) == 0.4
    both = rules.leaders_example(0.6, True, 0.4, True, DEFAULT._replace(boss_share=0.7))
    assert both == pytest.approx(0.7 * 0.6 + 0.3 * 0.4)


def test_the_own_threats_are_felt_most_whichever_and_however_many(employee: Make) -> None:
    p = DEFAULT._replace(own_channel=0.8, other_channel=0.15)
    for place, channel in enumerate(THREATS):
        for own_threats in range(1 << len(THREATS)):
            me = employee(own_threats=own_threats, **{f"threat_{channel}": 0.5})
            expected = 0.5 * (0.8 if own_threats & (1 << place) else 0.15)
            assert rules.felt_threat(me, p) == pytest.approx(expected)


def test_threats_overlap_and_do_not_add(employee: Make) -> None:
    p = DEFAULT._replace(own_channel=0.8, other_channel=0.5)
    me = employee(own_threats=1, threat_competence=1.0, threat_status=1.0)
    assert rules.felt_threat(me, p) == pytest.approx(1.0 - 0.2 * 0.5)


def test_what_frightens_raises_a_threat_as_relief_removes_it() -> None:
    assert rules.warranted(0.5, 0.1, 1.0) == 0.5
    assert rules.warranted(0.5, 0.1, 0.0) == 0.1
    assert rules.warranted(0.5, 0.1, 0.5) == pytest.approx(0.3)
    assert rules.warranted(0.5, 0.1, 2.0) == pytest.approx(0.75)


@promise
@given(rate=st.floats(0.0, 12.0), luck=SHARE)
def test_a_hazard_over_the_parts_of_a_month_is_the_hazard_of_the_month(
    rate: float, luck: float
) -> None:
    nothing = math.exp(-rate / 4) ** 4
    assert nothing == pytest.approx(math.exp(-rate))
    assert rules.happens(luck, rate, 0.25, 0) == (luck < 1.0 - math.exp(-rate * 0.25))
    assert rules.happens(luck, rate, 0.25, 1) == (luck < rate * 0.25)


@promise
@given(
    desire=st.floats(0.05, 0.95), habit=st.floats(0.0, 0.9), rate=st.floats(0.1, 4.0),
    substeps=SUBSTEPS,
)  # fmt: skip
def test_starting_and_stopping_have_the_chances_of_their_hazards(
    desire: float, habit: float, rate: float, substeps: int
) -> None:
    """Luck below the chance makes it happen: from below for a start, from above for a stop."""
    p = DEFAULT._replace(start_rate=rate, stop_rate=rate)
    pace = rules.pace(substeps, p)
    me = SimpleNamespace(access=1, desire=desire, habit=habit, considers=1.0, opportunity=1.0)
    start = 1.0 - math.exp(-rate * desire / substeps)
    assert rules.starts(me, start * 0.999, pace, p, HAZARD)
    assert not rules.starts(me, start * 1.001, pace, p, HAZARD)
    stop = 1.0 - math.exp(-rate * (1.0 - habit) * (1.0 - desire) / substeps)
    assert rules.stops(me, 1.0 - stop * 0.999, pace, p, HAZARD)
    assert not rules.stops(me, 1.0 - stop * 1.001, pace, p, HAZARD)


def test_desire_keeps_users_from_stopping_only_where_the_variant_says_so(employee: Make) -> None:
    p, pace = default_but(stop_rate=1.0), rules.pace(1, DEFAULT)
    me = employee(uses=1, desire=1.0)
    constant = Switches(stopping=rules.STOPPING.index("constant"))
    assert not rules.stops(me, 1.0 - 1e-12, pace, p, HAZARD)
    assert rules.stops(me, 1.0 - 0.5, pace, p, constant)


# --- Considering, perceiving, use that grows, opportunity ---------------------------------------

SLOW = default_but(
    considers_before=0.02, consider_alone=0.002, consider_launch=1.2, consider_peers=2.5,
    consider_circle=1.2, consider_example=0.5, consider_message=1.0, consider_training=1.0,
    considers_after=0.5, norm_rate=0.1, use_growth=0.5, opportunity_exponent=0.4,
)  # fmt: skip


def test_the_first_colleague_who_uses_it_counts_most(employee: Make) -> None:
    pace, reached = rules.pace(4, SLOW), []
    for users in range(5):
        me = anybody(considers=0.0)
        rules.consider(me, float(users), 0.0, pace, SLOW)
        reached.append(-math.log(1.0 - me.considers))
    steps = np.diff(reached)
    assert (steps > 0).all()
    assert steps[:2].sum() > 2 * steps[2:].sum()


@promise
@given(pull=SHARE, example=SHARE, before=SHARE, rate=st.floats(0.01, 1.0), substeps=SUBSTEPS)
def test_perception_closes_its_share_of_the_gap_in_a_month(
    pull: float, example: float, before: float, rate: float, substeps: int
) -> None:
    me = anybody(perceived_pull=before, perceived_example=before)
    pace = rules.pace(substeps, default_but(norm_rate=rate))
    for _ in range(substeps):
        rules.perceive(me, pull, example, pace)
    assert me.perceived_pull == pytest.approx(pull + (before - pull) * (1.0 - rate))
    assert me.perceived_example == pytest.approx(example + (before - example) * (1.0 - rate))


@promise
@given(desire=SHARE, intensity=SHARE, opportunity=st.floats(0.1, 3.0), rate=st.floats(0.01, 1.0))
def test_use_grows_to_what_is_desired_and_there_is_opportunity_for(
    desire: float, intensity: float, opportunity: float, rate: float
) -> None:
    me = anybody(uses=1, pledged=1, desire=desire, intensity=intensity, opportunity=opportunity)
    p = default_but(use_growth=rate)
    wanted = min(1.0, desire * opportunity)
    for _ in range(4):
        rules.decide(me, 0.5, rules.pace(4, p), p, HAZARD)
    assert me.intensity == pytest.approx(wanted + (intensity - wanted) * (1.0 - rate))


def test_who_gives_up_considers_it_less_but_never_more(employee: Make) -> None:
    p, pace = SLOW._replace(stop_rate=12.0), rules.pace(1, SLOW)
    for before, after in ((0.9, 0.5), (0.2, 0.2)):
        me = employee(uses=1, considers=before)
        rules.decide(me, 1.0 - 1e-12, pace, p, HAZARD)
        assert (me.uses, me.considers) == (0, after)


def test_a_start_needs_considering_and_opportunity(employee: Make) -> None:
    pace, p = rules.pace(1, DEFAULT), default_but(start_rate=2.0)
    for considers, opportunity in ((1.0, 1.0), (0.3, 1.0), (1.0, 0.4), (0.3, 0.4)):
        me = employee(access=1, desire=0.6, considers=considers, opportunity=opportunity)
        chance = 1.0 - math.exp(-2.0 * 0.6 * considers * opportunity)
        assert rules.starts(me, chance * 0.999, pace, p, HAZARD)
        assert not rules.starts(me, chance * 1.001, pace, p, HAZARD)


def test_nobody_starts_without_access(employee: Make) -> None:
    for decision in range(len(rules.DECISION)):
        me = employee(access=0, desire=1.0)
        rules.decide(me, 1e-12, rules.pace(4, DEFAULT), DEFAULT, Switches(decision=decision))
        assert me.uses == 0


def test_a_pledge_is_kept_whatever_the_luck_and_the_desire(employee: Make) -> None:
    for uses in (0, 1):
        me = employee(uses=uses, pledged=1, least_use=0.4, least_skill=0.6, skill=0.1)
        rules.decide(me, 1.0 - 1e-12, rules.pace(4, DEFAULT), DEFAULT, HAZARD)
        assert (me.uses, me.intensity, me.skill) == (1, 0.4, 0.6)


def test_who_is_certain_decides_by_half(employee: Make) -> None:
    certain = Switches(decision=rules.DECISION.index("certain"))
    pace = rules.pace(4, DEFAULT)
    p = DEFAULT._replace(stop_rate=0.5)
    for uses, wish, after in ((0, 0.5, 1), (0, 0.49, 0), (1, 0.5, 1), (1, 0.49, 0)):
        me = employee(uses=uses, desire=wish)
        rules.decide(me, 0.5, pace, p, certain)
        assert me.uses == after
    me = employee(uses=1, desire=0.0)
    rules.decide(me, 0.5, pace, p._replace(stop_rate=0.0), certain)
    assert me.uses == 1


@pytest.mark.parametrize(
    ("quality", "calmed"),
    [
        ("skill", {"competence": 0.5, "status": 0.9, "control": 0.9, "ethics": 1.0}),
        ("habit", {"competence": 0.7, "status": 1.0, "control": 0.7, "ethics": 1.0}),
    ],
)
def test_skill_and_habit_calm_the_threats_they_concern(
    quality: str, calmed: dict[str, float], employee: Make
) -> None:
    p = default_but(
        calming_rate=0.5, skill_calms_competence=0.5, skill_calms_others=0.1, experience_calms=0.3
    )
    start = {f"{kind}_{one}": 0.8 for kind in ("threat", "initial") for one in THREATS}
    me = employee(**start, **{quality: 1.0})
    rules.calm(me, rules.pace(1, p), p)
    for channel, remaining in calmed.items():
        halfway = 0.8 * (1.0 + remaining) / 2
        assert getattr(me, f"threat_{channel}") == pytest.approx(halfway)


def test_novelty_belongs_to_the_first_start_only(employee: Make) -> None:
    p = DEFAULT._replace(user_novelty=2.0, user_novelty_time=1.0)
    pace = rules.pace(1, p)
    me = employee(uses=1)
    rules.develop(me, 0.5, 0.5, 0.5, pace, p=p)
    first = me.freshness
    assert first == pytest.approx(math.exp(-1.0))
    me.uses = 0
    rules.develop(me, 0.5, 0.5, 0.5, pace, p=p)
    me.uses = 1
    rules.develop(me, 0.5, 0.5, 0.5, pace, p=p)
    assert me.freshness == pytest.approx(first**3)
    assert rules.novelty(me, p) == pytest.approx(2.0 * first**3)


def test_users_believe_their_experience_and_others_the_users_they_notice(employee: Make) -> None:
    p = DEFAULT._replace(experience_rate=0.5, hearsay_rate=0.4)
    user = rules.drift(employee(uses=1, intensity=0.5, skill=1.0, worth=0.6), 0.5, 0.9, p)
    assert user.expectation == pytest.approx(0.25 * 0.6)
    assert user.expectation_rate == pytest.approx(0.25)
    other = rules.drift(employee(uses=0), 0.5, 0.9, p)
    assert other.expectation == pytest.approx(0.2 * 0.9)
    assert other.expectation_rate == pytest.approx(0.2)


def test_habitual_users_do_not_listen_to_messages(employee: Make) -> None:
    told = {"message_pull": 0.3, "message_level": 0.8}
    assert rules.drift(employee(habit=1.0, **told), 0.0, 0.0, DEFAULT).expectation_rate == 0.0
    listening = rules.drift(employee(habit=0.0, **told), 0.0, 0.0, DEFAULT)
    assert listening.expectation_rate == pytest.approx(0.3)
    assert listening.expectation == pytest.approx(0.24)


def test_nobody_noticed_using_leaves_expectation_alone(employee: Make) -> None:
    change = rules.drift(employee(expectation=0.7), 0.0, 0.0, DEFAULT)
    assert change.expectation_rate == 0.0


def test_skill_fades_without_use_and_training_holds_it_up(employee: Make) -> None:
    idle = rules.drift(employee(skill=0.5), 0.0, 0.0, DEFAULT)
    assert idle.skill == 0.0
    assert idle.skill_rate == pytest.approx(DEFAULT.forgetting)
    taught = rules.closed(DEFAULT.training_gain, 1.0)
    trained = rules.drift(employee(skill=0.5, taught=taught), 0.0, 0.0, DEFAULT)
    assert trained.skill == pytest.approx(DEFAULT.training_gain)
    much = rules.drift(employee(taught=rules.closed(0.2, 1e6)), 0.0, 0.0, DEFAULT)
    assert much.skill == 1.0


def test_days_without_use_wear_off_what_days_with_use_build(employee: Make) -> None:
    p = default_but(practice_gain=0.2, forgetting=0.04, habit_gain=0.3, habit_loss=0.1)
    change = rules.drift(employee(uses=1, intensity=0.75), 0.0, 0.0, p)
    assert change.skill == pytest.approx(0.75 * 0.2)
    assert change.skill_rate == pytest.approx(0.75 * 0.2 + 0.25 * 0.04)
    assert change.habit == pytest.approx(0.75 * 0.3)
    assert change.habit_rate == pytest.approx(0.75 * 0.3 + 0.25 * 0.1)


def test_a_tool_that_fails_is_worth_less_by_as_much_as_it_fails(employee: Make) -> None:
    p = default_but(tool_quality=0.5)
    assert rules.worth(employee(match=1.2), 1.0, NOTHING, p) == pytest.approx(0.6)
    assert rules.worth(employee(match=1.2), 0.25, NOTHING, p) == pytest.approx(0.15)


def test_quality_mends_part_of_what_is_missing_and_a_match_closes_part_of_the_gap(
    employee: Make,
) -> None:
    p, me = default_but(tool_quality=0.5, match_low=0.5, match_range=1.0), employee(match=0.9)
    mended = NOTHING._replace(quality_gain=0.4)
    assert rules.worth(me, 1.0, mended, p) == pytest.approx((0.5 + 0.4 * 0.5) * 0.9)
    closer = NOTHING._replace(match_gain=0.5)
    assert rules.worth(me, 1.0, closer, p) == pytest.approx(0.5 * (0.9 + 0.5 * 0.6))


# --- The month -----------------------------------------------------------------------------


def test_access_begins_with_its_month(employee: Make) -> None:
    me = employee(access=0, access_month=3)
    seen = []
    for month in (1, 2, 3, 4):
        rules.receive(
            me, month, NOTHING, NONE, NONE, works=1.0, commitment=False, service=-1, p=DEFAULT
        )
        seen.append(me.access)
    assert seen == [0, 0, 1, 1]


def test_a_month_without_a_programme_leaves_a_person_in_peace(employee: Make) -> None:
    me = employee(coached=1.0, committed=1, champion=1)
    rules.receive(me, 1, NOTHING, NONE, NONE, works=1.0, commitment=False, service=-1, p=DEFAULT)
    for channel in THREATS:
        assert getattr(me, f"remaining_{channel}") == 1.0
    assert (me.training, me.message_pull, me.incentive, me.launch) == (0.0, 0.0, 0.0, 0.0)
    assert (me.pledged, me.least_use, me.least_skill, me.voice) == (0, 0.0, 0.0, 1.0)


def test_coaching_reaches_who_has_a_place_and_adds_to_the_programme(employee: Make) -> None:
    push = NONE._replace(relief_competence=strength(0.5), training=0.4)
    effect: Effect = saturate(NONE._replace(relief_competence=strength(0.2), training=0.1))
    remaining, training = [], []
    for place in (0.0, 0.5, 1.0):
        me = employee(coached=place)
        rules.receive(me, 1, effect, push, NONE, works=1.0, commitment=False, service=-1, p=DEFAULT)
        remaining.append(me.remaining_competence)
        training.append(me.training)
    assert remaining == pytest.approx([0.8, 0.8 * math.sqrt(0.5), 0.4])
    assert training == pytest.approx([0.1, 0.3, 0.5])


@pytest.mark.parametrize("channel", THREATS)
def test_coaching_relieves_each_threat_through_its_own_channel(
    channel: str, employee: Make
) -> None:
    push = NONE._replace(**{f"relief_{channel}": strength(0.5)})
    me = employee(coached=1.0)
    rules.receive(me, 1, NOTHING, push, NONE, works=1.0, commitment=False, service=-1, p=DEFAULT)
    for other in THREATS:
        expected = 0.5 if other == channel else 1.0
        assert getattr(me, f"remaining_{other}") == pytest.approx(expected)


def test_a_committed_leader_who_is_a_champion_too_keeps_the_higher_promises(
    employee: Make,
) -> None:
    p = DEFAULT._replace(
        committed_use=0.5, committed_skill=0.5, champion_use=0.3, champion_skill=0.7
    )
    me = employee(committed=1, champion=1)
    rules.receive(me, 1, NOTHING, NONE, NONE, works=1.0, commitment=True, service=0, p=p)
    assert (me.pledged, me.least_use, me.least_skill) == (1, 0.5, 0.7)
    assert me.voice == pytest.approx(p.champion_voice, abs=1.0 / rules.VOICE_GRAIN)


def test_nobody_pledges_before_having_access(employee: Make) -> None:
    me = employee(committed=1, champion=1, access_month=5)
    rules.receive(me, 4, NOTHING, NONE, NONE, works=1.0, commitment=True, service=0, p=DEFAULT)
    assert me.pledged == 0


def test_a_buddy_does_what_a_full_coaching_place_does_and_comes_on_top_of_it(
    employee: Make,
) -> None:
    push = NONE._replace(relief_status=strength(0.5), training=0.2, learning=strength(0.5))
    found = []
    for coached, buddy in ((0.0, NOBODY), (1.0, NOBODY), (0.0, 7), (1.0, 7)):
        me = employee(coached=coached, buddy=buddy)
        rules.receive(
            me, 1, NOTHING, push, push, works=1.0, commitment=False, service=-1, p=DEFAULT
        )
        found.append([me.remaining_status, me.training, me.learning])
    expected = [[1.0, 0.0, 1.0], [0.5, 0.2, 2.0], [0.5, 0.2, 2.0], [0.25, 0.4, 4.0]]
    assert np.array(found) == pytest.approx(np.array(expected))


def test_a_course_counts_since_arriving(employee: Make) -> None:
    me = employee()
    for month in (1, 2, 3):
        rules.receive(
            me,
            month,
            NOTHING._replace(training=0.25),
            NONE,
            NONE,
            works=1.0,
            commitment=False,
            service=-1,
            p=DEFAULT,
        )
    assert (me.training, me.courses) == (0.25, 0.75)


def test_early_access_is_given_to_those_without_and_takes_it_from_nobody(employee: Make) -> None:
    early = NOTHING._replace(access=1.0)
    late, had = employee(access_month=9), employee(access_month=2)
    for me in (late, had):
        rules.receive(me, 4, early, NONE, NONE, works=1.0, commitment=False, service=-1, p=DEFAULT)
        rules.receive(
            me, 5, NOTHING, NONE, NONE, works=1.0, commitment=False, service=-1, p=DEFAULT
        )
    assert (late.access, late.access_month) == (1, 4)
    assert (had.access, had.access_month) == (1, 2)


def test_an_example_better_noticed_counts_for_more_up_to_full(employee: Make) -> None:
    p = default_but(leader_weight=2.0)
    convictions = []
    for factor in (1.0, 2.0, 50.0):
        me = employee(example_factor=factor)
        rules.want(me, 0.0, 0.3, p, HAZARD)
        convictions.append(me.conviction)
    assert np.diff(convictions) == pytest.approx([2.0 * 0.3, 2.0 * 0.4])


def test_a_quicker_way_of_learning_speeds_up_practice_and_nothing_else(employee: Make) -> None:
    p = default_but(practice_gain=0.1, forgetting=0.0)
    plain = rules.drift(employee(uses=1, intensity=0.5), 0.0, 0.0, p)
    quick = rules.drift(employee(uses=1, intensity=0.5, learning=2.0), 0.0, 0.0, p)
    assert 1.0 - quick.skill == pytest.approx((1.0 - plain.skill) ** 2)  # two months in one
    assert quick._replace(skill=0.0, skill_rate=0.0) == plain._replace(skill=0.0, skill_rate=0.0)


def test_saturation_happens_once_on_the_sum() -> None:
    half = NONE._replace(incentive=strength(0.3), relief_status=strength(0.3))
    both = NONE._replace(incentive=2 * strength(0.3), relief_status=2 * strength(0.3))
    assert saturate(half).incentive == pytest.approx(0.3)
    assert saturate(both).incentive == pytest.approx(1.0 - 0.7 * 0.7)
    assert saturate(both).remaining_status == pytest.approx(0.7 * 0.7)


def test_messages_promise_the_mean_weighted_by_their_pull() -> None:
    two = saturate(NONE._replace(message_pull=0.4, message_promise=0.1 * 0.9 + 0.3 * 0.5))
    assert two.message_level == pytest.approx((0.1 * 0.9 + 0.3 * 0.5) / 0.4)
    assert saturate(NONE).message_level == 0.0


@promise
@given(effect=st.floats(-4.9, 0.99))
def test_a_push_of_a_strength_removes_that_share(effect: float) -> None:
    assert channels.left(strength(effect)) == pytest.approx(1.0 - effect)


# --- Neutral values ------------------------------------------------------------------------


def free_of(me: Any, p: Parameters, column: str, pull: float = 0.5, example: float = 0.5) -> bool:
    """Return whether a person's desire does not depend on one of the columns."""
    low, high = copy(me, **{column: 0.0}), copy(me, **{column: 1.0})
    return desire(low, pull, example, p) == desire(high, pull, example, p)


@pytest.mark.parametrize(
    ("parameter", "column", "others"),
    [
        ("usefulness_weight", "expectation", {}),
        ("ease_weight", "skill", {}),
        ("habit_weight", "habit", {}),
        ("incentive_weight", "incentive", {}),
        ("fear_weight", "threat_control", {}),
        ("user_novelty", "freshness", {"uses": 1}),
        ("launch_novelty", "launch", {"uses": 0}),
    ],
)
def test_a_weight_at_its_neutral_value_switches_its_reason_off(
    parameter: str, column: str, others: dict[str, float], employee: Make
) -> None:
    neutral = numbers()[parameter].neutral
    assert neutral is not None
    me = employee(**others)
    assert free_of(me, default_but(**{parameter: neutral}), column)
    assert not free_of(me, default_but(**{parameter: neutral + 1.0}), column)


def test_neutral_weights_switch_colleagues_and_leaders_off(employee: Make) -> None:
    me, p = employee(), DEFAULT._replace(peer_weight=0.0, leader_weight=0.0)
    assert desire(me, 1.0, 1.0, p) == desire(me, 0.0, 0.0, p)


@pytest.mark.parametrize("parameter", ["own_channel", "other_channel"])
def test_a_threat_that_is_not_felt_does_nothing(parameter: str, employee: Make) -> None:
    p = default_but(**{parameter: 0.0})
    channel = "competence" if parameter == "own_channel" else "ethics"
    assert rules.felt_threat(employee(own_threats=1, **{f"threat_{channel}": 1.0}), p) == 0.0


@pytest.mark.parametrize(
    ("parameter", "situation"),
    [
        ("start_rate", {"uses": 0, "desire": 1.0}),
        ("stop_rate", {"uses": 1, "desire": 0.0}),
    ],
)
def test_a_rate_of_nothing_means_never(
    parameter: str, situation: dict[str, float], employee: Make
) -> None:
    for decision in (0, 1):
        me = employee(**situation)
        p = default_but(**{parameter: 0.0})
        luck = 1e-12 if parameter == "start_rate" else 1.0 - 1e-12
        rules.decide(me, luck, rules.pace(4, p), p, Switches(decision=decision))
        assert me.uses == situation["uses"]


@pytest.mark.parametrize(
    ("parameters", "situation", "left_alone"),
    [
        (["experience_rate"], {"uses": 1, "intensity": 1.0}, "expectation_rate"),
        (["hearsay_rate"], {"uses": 0}, "expectation_rate"),
        (["practice_gain", "forgetting"], {"uses": 1, "intensity": 0.5}, "skill_rate"),
        (["training_gain", "forgetting"], {"uses": 0, "training": 1.0}, "skill_rate"),
        (["habit_gain", "habit_loss"], {"uses": 1, "intensity": 0.5}, "habit_rate"),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else None,
)
def test_a_neutral_rate_leaves_what_it_changes_alone(
    parameters: list[str], situation: dict[str, float], left_alone: str, employee: Make
) -> None:
    p = default_but(**{name: numbers()[name].neutral for name in parameters})
    assert getattr(rules.drift(employee(**situation), 0.5, 0.5, p), left_alone) == 0.0


def test_neutral_calming_values_leave_threats_alone(employee: Make) -> None:
    start = {f"{kind}_{one}": 0.6 for kind in ("threat", "initial") for one in THREATS}
    skilled = employee(skill=1.0, habit=1.0, **start)
    p = DEFAULT._replace(skill_calms_competence=0.0, skill_calms_others=0.0, experience_calms=0.0)
    rules.calm(skilled, rules.pace(4, p), p)
    assert [getattr(skilled, f"threat_{one}") for one in THREATS] == pytest.approx([0.6] * 4)
    relieved = employee(remaining_control=0.0, skill=1.0, **start)
    p = DEFAULT._replace(calming_rate=0.0)
    rules.calm(relieved, rules.pace(4, p), p)
    assert [getattr(relieved, f"threat_{one}") for one in THREATS] == pytest.approx([0.6] * 4)


def test_a_champion_without_extra_voice_is_noticed_like_anybody() -> None:
    assert rules.voice(1, 5, DEFAULT._replace(champion_voice=1.0)) == 1.0
    tireless = DEFAULT._replace(champion_fatigue=0.0)
    assert rules.voice(1, 100, tireless) == rules.voice(1, 0, tireless) > 1.0
    assert rules.voice(0, 5, DEFAULT) == rules.voice(1, -1, DEFAULT) == 1.0
