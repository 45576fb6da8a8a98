"""What takes long of ``analysis/test_control.py``."""

from __future__ import annotations

import numpy as np

import analysis
import sim


def test_what_following_adds_to_leaders_is_small_at_the_same_level() -> None:
    """At another level it seems nothing in points, and less than nothing in log-odds."""
    baseline, leaders = sim.load("baseline"), sim.load("leadership")
    off = {"parameters.peer_weight": 0.0, "parameters.consider_peers": 0.0}
    alone = baseline.changed({"name": "alone", **off})
    control = analysis.at_level_of(alone, baseline, runs=60)
    desire = control.numbers.base_desire
    brings = {}
    for name, start, change in (
        ("with", baseline, {}),
        ("lower", alone, off),
        ("level", control, {**off, "parameters.base_desire": desire}),
    ):
        led = leaders.changed({"name": "led", **change})
        row = analysis.difference(sim.compare([start, led], runs=60)).loc["led"]
        brings[name] = row["difference"], np.log(row["odds_ratio"])
    assert brings["lower"][0] > 0.9 * brings["with"][0]
    assert brings["lower"][1] > brings["with"][1] > brings["level"][1]
    assert 0.7 * brings["with"][0] < brings["level"][0] < 0.95 * brings["with"][0]
