"""What takes long of ``contract/test_scenarios.py``."""

from __future__ import annotations

import test_scenarios as quick
from test_scenarios import NAMES

from sim.scenario import read_scenario

name = quick.name


def test_titles_and_questions_tell_scenarios_apart() -> None:
    scenarios = [read_scenario(name) for name in NAMES]
    assert len({one.title for one in scenarios}) == len(scenarios)
    assert len({one.question for one in scenarios}) == len(scenarios)
