"""What takes long of ``unit/test_team_hours.py``."""

from __future__ import annotations

import pytest
from by_hand import scenario
from hypothesis import given, settings
from hypothesis import strategies as st
from test_team_hours import with_teams

from sim.programme.ledger import ledger

promise = settings(max_examples=40, deadline=None, derandomize=True)


@promise
@given(team=st.floats(0, 500), monthly=st.floats(0, 50), more=st.floats(0.1, 100))
def test_more_hours_cost_more_and_change_nobody(team: float, monthly: float, more: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        with_teams(patch)
        one = scenario(guide={}, course={"start": 3})
        some = {"cost": {"team_hours": team, "monthly_team_hours": monthly}}
        for name in ("team_hours", "monthly_team_hours"):
            grown = {"cost": {**some["cost"], name: some["cost"][name] + more}}
            a, b = (one.changed({"programme.guide": x, "programme.course": x}) for x in (some, grown))  # fmt: skip
            assert float(ledger(b).to_numpy().sum()) > float(ledger(a).to_numpy().sum())
