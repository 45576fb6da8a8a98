"""What takes long of ``unit/test_rules.py``."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest
import test_rules as quick
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from parts import others
from test_rules import (
    HAZARD,
    HELPFUL,
    NOTHING,
    PARAMETERS,
    SHARE,
    SLOW,
    SUBSTEPS,
    SWITCHES,
    anybody,
    copy,
    default_but,
    desire,
    employees,
    promise,
)

from sim import rules
from sim.parameters import Parameters, numbers
from sim.rules import Switches
from sim.state import THREATS, columns

CHANNEL = st.sampled_from(THREATS)


def live(
    me: Any, exposure: float, hearsay: float, luck: float, example: float, substeps: int,
    p: Parameters, s: Switches,
) -> None:  # fmt: skip
    """Let a person live through a substep, as both engines do."""
    pace = rules.pace(substeps, p)
    pull = rules.contagion(exposure, exposure, me.threshold, s.contagion, p.hill_exponent)
    rules.consider(me, exposure, example, pace, p)
    rules.perceive(me, pull, example, pace)
    rules.want(me, me.perceived_pull, me.perceived_example, p, s)
    rules.decide(me, luck, pace, p, s)
    change = rules.drift(me, exposure, hearsay, p)
    after = (
        rules.approach(value, up, rate, rules.kept(rate, substeps))
        for value, up, rate in (
            (me.expectation, change.expectation, change.expectation_rate),
            (me.skill, change.skill, change.skill_rate),
            (me.habit, change.habit, change.habit_rate),
        )
    )
    rules.develop(me, next(after), next(after), next(after), pace, p=p)


@promise
@given(p=PARAMETERS, substeps=SUBSTEPS)
def test_a_month_of_substeps_lasts_a_month(p: Parameters, substeps: int) -> None:
    pace = rules.pace(substeps, p)
    assert pace.length * substeps == pytest.approx(1.0)
    assert pace.calm_kept**substeps == pytest.approx(1.0 - p.calming_rate)
    assert pace.novelty_kept**substeps == pytest.approx(math.exp(-1.0 / p.user_novelty_time))


EVERYTHING = {
    "me": employees(), "exposure": SHARE, "hearsay": SHARE, "luck": st.floats(1e-9, 1.0 - 1e-9),
    "example": SHARE, "substeps": SUBSTEPS, "p": PARAMETERS, "s": SWITCHES,
}  # fmt: skip


@settings(max_examples=400, deadline=None, derandomize=True)
@given(**EVERYTHING)
def test_whatever_happens_every_share_stays_a_share(
    me: Any, exposure: float, hearsay: float, luck: float, example: float, substeps: int,
    p: Parameters, s: Switches,
) -> None:  # fmt: skip
    before = copy(me)
    for _ in range(2):
        live(me, exposure, hearsay, luck, example, substeps, p, s)
        for name in ("desire", "intensity", "expectation", "skill", "habit", "freshness"):
            assert 0.0 <= getattr(me, name) <= 1.0, name
        for channel in THREATS:
            threat = getattr(me, f"threat_{channel}")
            assert getattr(me, f"floor_{channel}") - 1e-12 <= threat <= 1.0, channel
        assert 0.0 <= rules.felt_threat(me, p) <= 1.0
        assert me.uses in (0, 1)
        assert (me.intensity > 0.0) <= (me.uses == 1)
        assert me.ever_used >= me.uses
    for name, column in columns().items():
        if "initial" in name or "floor" in name or name in ("key", "archetype", "match", "boss"):
            assert getattr(me, name) == getattr(before, name), (name, column.meaning)


@promise
@given(me=employees(), pull=SHARE, more=SHARE, example=SHARE, p=PARAMETERS, s=SWITCHES)
def test_more_peers_and_more_leaders_never_lower_desire(
    me: Any, pull: float, more: float, example: float, p: Parameters, s: Switches
) -> None:
    now = desire(me, pull, example, p, s)
    assert desire(me, min(1.0, pull + more), example, p, s) >= now
    assert desire(me, pull, min(1.0, example + more), p, s) >= now


@promise
@given(me=employees(), channel=CHANNEL, more=SHARE, p=PARAMETERS, s=SWITCHES)
def test_more_threat_is_felt_more_and_never_raises_desire(
    me: Any, channel: str, more: float, p: Parameters, s: Switches
) -> None:
    name = f"threat_{channel}"
    afraid = copy(me, **{name: min(1.0, getattr(me, name) + more)})
    assert rules.felt_threat(afraid, p) >= rules.felt_threat(me, p) - 1e-15
    assert desire(afraid, 0.5, 0.5, p, s) <= desire(me, 0.5, 0.5, p, s) + 1e-12


@promise
@given(me=employees(), more=SHARE, substeps=SUBSTEPS, p=PARAMETERS)
def test_skill_and_habit_never_raise_a_threat(
    me: Any, more: float, substeps: int, p: Parameters
) -> None:
    pace = rules.pace(substeps, p)
    for helps in ("skill", "habit"):
        now, better = copy(me), copy(me, **{helps: min(1.0, getattr(me, helps) + more)})
        rules.calm(now, pace, p)
        rules.calm(better, pace, p)
        for channel in THREATS:
            name = f"threat_{channel}"
            assert getattr(better, name) <= getattr(now, name) + 1e-12


@promise
@given(me=employees(), luck=st.floats(1e-9, 1.0 - 1e-9), more=SHARE, substeps=SUBSTEPS,
       p=PARAMETERS, s=SWITCHES)  # fmt: skip
def test_who_wants_it_more_starts_no_later_and_stops_no_earlier(
    me: Any, luck: float, more: float, substeps: int, p: Parameters, s: Switches
) -> None:
    pace = rules.pace(substeps, p)
    keen = copy(me, desire=min(1.0, me.desire + more))
    rules.decide(me, luck, pace, p, s)
    rules.decide(keen, luck, pace, p, s)
    assert keen.uses >= me.uses
    assert keen.intensity >= me.intensity


@promise
@given(me=employees(), lucky=SHARE, unlucky=SHARE, substeps=SUBSTEPS, p=PARAMETERS, s=SWITCHES)
def test_low_luck_inclines_to_use_for_users_and_others_alike(
    me: Any, lucky: float, unlucky: float, substeps: int, p: Parameters, s: Switches
) -> None:
    assume(lucky <= unlucky)
    pace = rules.pace(substeps, p)
    other = copy(me)
    rules.decide(me, lucky, pace, p, s)
    rules.decide(other, unlucky, pace, p, s)
    assert me.uses >= other.uses


@promise
@given(me=employees(), users=st.floats(0.0, 50.0), example=SHARE, more=st.floats(0.0, 5.0))
def test_considering_only_grows_and_the_more_the_more_there_is_to_see(
    me: Any, users: float, example: float, more: float
) -> None:
    me.considers = before = 0.1
    pace = rules.pace(4, SLOW)
    seen = copy(me)
    rules.consider(me, users, example, pace, SLOW)
    rules.consider(seen, users + more, example, pace, SLOW)
    assert before <= me.considers <= seen.considers <= 1.0


@promise
@given(substeps=SUBSTEPS, users=st.floats(0.0, 50.0), launch=st.floats(0.0, 2.0))
def test_a_month_of_considering_is_the_same_in_any_number_of_parts(
    substeps: int, users: float, launch: float
) -> None:
    whole, parts = (anybody(considers=0.1, launch=launch) for _ in range(2))
    rules.consider(whole, users, 0.3, rules.pace(1, SLOW), SLOW)
    for _ in range(substeps):
        rules.consider(parts, users, 0.3, rules.pace(substeps, SLOW), SLOW)
    assert parts.considers == pytest.approx(whole.considers, rel=1e-9)


@promise
@given(
    me=employees(), exposure=SHARE, hearsay=SHARE, luck=SHARE, example=SHARE, substeps=SUBSTEPS,
    other=st.fixed_dictionaries(
        {
            name: st.floats(0.0, 5.0)
            for name in (
                "consider_alone", "consider_launch", "consider_peers", "consider_example",
                "consider_message", "consider_training",
            )
        }
    ),
)  # fmt: skip
def test_at_their_neutral_values_the_new_mechanisms_change_not_a_bit(
    me: Any, exposure: float, hearsay: float, luck: float, example: float, substeps: int,
    other: dict[str, float],
) -> None:  # fmt: skip
    """What anything still does to considering cannot matter to whom it is at its most."""
    neutral = {
        name: numbers()[name].neutral for name in ("norm_rate", "use_growth", "considers_after")
    }
    p, plain = default_but(**other, **neutral), copy(me)
    me.considers = me.opportunity = plain.considers = plain.opportunity = 1.0
    me.perceived_pull, me.perceived_example = 0.3, 0.9
    live(me, exposure, hearsay, luck, example, substeps, p, HAZARD)
    pull = rules.contagion(exposure, exposure, plain.threshold, 0, p.hill_exponent)
    rules.want(plain, pull, example, p, HAZARD)
    assert plain.desire == me.desire
    assert me.considers == 1.0
    assert me.intensity in (0.0, max(me.desire, me.least_use))


@promise
@given(
    gain=st.floats(0.0, 0.9),
    parts=st.lists(st.floats(0.0, 6.0), min_size=1, max_size=6),
    practised=st.floats(0.0, 0.9),
)
def test_courses_have_one_law_however_they_are_spread(
    gain: float, parts: list[float], practised: float
) -> None:
    """``1 - (1 - gain) ** courses`` of what is missing, in one month or in many, fractions too."""
    assert rules.closed(gain, sum(parts)) == pytest.approx(1.0 - (1.0 - gain) ** sum(parts))
    one_by_one = math.prod(1.0 - rules.closed(gain, part) for part in parts)
    assert one_by_one == pytest.approx(1.0 - rules.closed(gain, sum(parts)), abs=1e-12)
    p = default_but(training_gain=gain, practice_gain=practised, forgetting=0.0)
    missing = 1.0
    for part in parts:
        me = SimpleNamespace(**dict.fromkeys(columns(), 0))
        me.uses, me.intensity, me.learning = 1, 1.0, 1.0
        me.taught = rules.closed(gain, part)
        missing *= 1.0 - rules.drift(me, 0.0, 0.0, p).skill
    expected = (1.0 - gain) ** sum(parts) * (1.0 - practised) ** len(parts)
    assert missing == pytest.approx(expected, abs=1e-12)
    more = rules.closed(gain, sum(parts) + 1.0)  # no course is paid for that does nothing
    rest = (1.0 - gain) ** sum(parts)
    assert more - rules.closed(gain, sum(parts)) == pytest.approx(gain * rest, abs=1e-12)


@promise
@given(me=employees(), skill=SHARE, works=SHARE, mended=SHARE, closed=SHARE, p=PARAMETERS)
def test_the_tool_is_worth_more_to_the_skilled_and_the_better_it_is_and_fits(
    me: Any, skill: float, works: float, mended: float, closed: float, p: Parameters
) -> None:
    better = NOTHING._replace(quality_gain=mended, match_gain=closed)
    as_it_is, improved = (rules.worth(me, works, one, p) for one in (NOTHING, better))
    assert 0.0 <= as_it_is <= improved + 1e-12 <= 1.0 + 1e-12
    assert rules.worth(me, 1.0, better, p) >= improved - 1e-12
    assert improved <= 1.0
    realised = rules.realised_usefulness(skill, improved, p)
    assert 0.0 <= realised <= rules.realised_usefulness(1.0, improved, p) <= 1.0


@pytest.mark.parametrize("column", others(HELPFUL, 1))
def test_more_of_what_helps_never_lowers_desire(column: str) -> None:
    quick.test_more_of_what_helps_never_lowers_desire(column)


@promise
@given(me=employees(), channel=CHANNEL, relief=SHARE, substeps=SUBSTEPS, p=PARAMETERS)
def test_relief_never_raises_a_threat(
    me: Any, channel: str, relief: float, substeps: int, p: Parameters
) -> None:
    pace, name = rules.pace(substeps, p), f"threat_{channel}"
    remaining = getattr(me, f"remaining_{channel}")
    relieved = copy(me, **{f"remaining_{channel}": remaining * (1.0 - relief)})
    rules.calm(me, pace, p)
    rules.calm(relieved, pace, p)
    assert getattr(relieved, name) <= getattr(me, name) + 1e-12
    for other in THREATS:
        if other != channel:
            assert getattr(relieved, f"threat_{other}") == getattr(me, f"threat_{other}")


@promise
@given(months=st.integers(-1, 240), p=PARAMETERS)
def test_a_champion_is_never_noticed_less_than_others_nor_more_than_at_first(
    months: int, p: Parameters
) -> None:
    voice = rules.voice(1, months, p)
    assert 1.0 <= voice <= p.champion_voice + 1.0 / rules.VOICE_GRAIN
    assert rules.voice(1, months + 1, p) <= voice or months == -1
    assert (voice * rules.VOICE_GRAIN).is_integer()
