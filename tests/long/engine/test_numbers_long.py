"""What takes long of ``engine/test_numbers.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import test_numbers as quick
from making import same

from sim.engine import module

pytestmark = pytest.mark.skipif(
    module.c_compiler() is None and not module.has_zig(), reason="no C compiler on this machine"
)

made = quick.made


def test_chance_has_the_same_bits_everywhere(
    made: dict[str, dict[str, Callable[..., Any]]],
) -> None:
    names = np.random.default_rng(3).integers(0, 2**32, (20_000, 6))
    names[:, 5] &= 2**31 - 1
    meant = made["luck"]["python"](names)
    assert 0.0 < meant[:, 4].min() < 0.001 < 0.999 < meant[:, 4].max() < 1.0
    assert all(same(meant, run(names)) for run in made["luck"].values())
