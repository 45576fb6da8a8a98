"""What takes long of ``golden/test_golden.py``."""

from __future__ import annotations

import pytest
from golden import names
from golden import test_golden as quick
from parts import others


@pytest.mark.parametrize("name", others(names(), 12))
def test_a_scenario_gives_what_it_gave(name: str) -> None:
    quick.test_a_scenario_gives_what_it_gave(name)
