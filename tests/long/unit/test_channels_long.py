"""What takes long of ``unit/test_channels.py``."""

from __future__ import annotations

import pytest
from hypothesis import given
from test_channels import FACTORS, GAINS, PUSHES, promise

from sim.channels import Push, left, saturate


@promise
@given(push=PUSHES)
def test_an_effect_stays_in_its_range(push: Push) -> None:
    effect = saturate(push)
    assert all(remaining > 0.0 for remaining in effect[:4])
    assert all(0.0 <= getattr(effect, name) < 1.0 for name in GAINS)
    assert all(getattr(effect, name) >= 1.0 for name in FACTORS)
    assert 0.0 <= effect.message_pull <= 1.0
    assert left(push.message_pull) == pytest.approx(1.0 - effect.message_pull)
