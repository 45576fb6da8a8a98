"""What takes long of ``unit/test_adaptive.py``."""

from __future__ import annotations

import numpy as np
import pytest
from by_hand import asked, does, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import channels
from sim.programme import compiling, effects
from sim.programme.deployments import rounds
from sim.programme.levers import levers
from sim.scenario import read_catalogue
from sim.scenario.measure import CULTURE

HEARD = sorted(
    name
    for name, one in read_catalogue().items()
    if one.appoints is None and not one.on_arrival
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    name=st.sampled_from(HEARD),
    start=st.integers(1, 8),
    length=st.none() | st.integers(1, 6),
    every=st.integers(1, 5),
    times=st.integers(1, 3),
    arrival=st.integers(1, 11),
)
def test_a_newcomer_has_not_heard_what_was_said_before(
    name: str, start: int, length: int | None, every: int, times: int, arrival: int
) -> None:
    """A structural measure is met as it is by then: built up and worn, whoever comes."""
    given_out = {"start": start, "months": length, "repeat": {"every": every, "times": times}}
    ground = {"measure": "co-creation"}  # moves participation all the while
    one = scenario({"simulation.months": 12}, **{name: given_out, "zz-ground": ground})
    plan, (part, other) = compiling.compile_programme(one), rounds(one)
    measure = part.measure
    since_then = np.arange(12) >= arrival - part.start
    heard = np.where(since_then, part.dose, 0.0)
    table, staff, paid = asked([part, other], one)
    culture = one.organisation.culture
    start_of = np.array([getattr(culture, side) for side in CULTURE])
    path = compiling.culture_path(table, paid, staff, start_of, one.numbers.culture_rate)
    moved = compiling.factors_of(path, one.numbers)
    participation = (
        levers(one).participation * compiling.since(moved.participation, part.start)
        if measure.participatory
        else 1.0
    )
    own = does(measure.pushes, heard, part.structural, one.numbers, participation)
    if part.structural:
        whole = does(
            measure.pushes, part.dose, True, one.numbers, participation, measure.builds_up,
            measure.wears,
        )  # fmt: skip
        own = np.where(own != 0.0, whole, 0.0)
    mended = np.arange(channels.WIDTH) == channels.QUALITY  # what is mended stays mended
    said = slice(0, len(channels.CHANNELS))
    for now in range(arrival, 12):
        found = np.array(effects.add_up(plan, plan.onset, 1, 0, arrival, led=0.0, now=now))
        since = now - part.start
        expected = own[since] if since >= 0 else np.zeros(channels.WIDTH)
        assert found[said][~mended[said]] == pytest.approx(expected[said][~mended[said]], abs=1e-12)
        if since >= 0 and not heard[: since + 1].any():
            assert found[len(channels.CHANNELS) :] == pytest.approx(0.0, abs=1e-12)
