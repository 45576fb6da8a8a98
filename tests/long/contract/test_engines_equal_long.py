"""What takes long of ``contract/test_engines_equal.py``."""

from __future__ import annotations

from typing import Any

import pytest
import test_engines_equal as quick
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from parts import others
from test_engines_equal import (
    CHOSEN,
    DIVIDED,
    ELSEWHERE,
    NETWORKS,
    PARTS,
    SHIPPED,
    STARTS,
    THEORIES,
    VARIANTS,
    WEIGHED,
    first_difference,
)

from sim import rules, world
from sim.errors import BudgetError
from sim.programme.levers import SILENT
from sim.scenario import read_scenario


def some(draw: st.DrawFn, name: str, default: Any, *others: Any) -> dict[str, Any]:
    """Return nothing, or a setting with one of some values."""
    value = draw(st.sampled_from([default, *others]))
    return {} if value is default else {name: value}


@st.composite
def combinations(draw: st.DrawFn) -> dict[str, Any]:
    """Return any combination of levers, roll-out, programme and network."""
    level = st.sampled_from([0.0, 0.3, 0.5, 1.0])
    found: dict[str, Any] = {
        "organisation.employees": draw(st.integers(2, 45)),
        "organisation.culture": {
            name: draw(level)
            for name in ("error_tolerance", "participation", "experimentation", "transparency")
        },
        "organisation.digital_maturity": draw(level),
        "organisation.works_council": draw(st.sampled_from(["none", "late", "early"])),
        "organisation.turnover": draw(st.sampled_from([0.0, 0.2, 0.95])),
        "organisation.network": {"kind": draw(st.sampled_from(NETWORKS)), "degree": 4},
        "simulation.substeps": draw(st.sampled_from([1, 4, 5])),
        "simulation.months": 9,
        "tool.go_live": draw(st.integers(1, 4)),
        "rules.social": draw(st.sampled_from(list(SILENT))),
        "rules.threat": draw(st.sampled_from(rules.THREAT)),
        "rules.schedule": draw(st.sampled_from(rules.SCHEDULE)),
        "rules.contagion": draw(st.sampled_from(rules.CONTAGION)),
    }
    for options in (
        ("tool.investment", 0.0, 20_000.0),
        ("tool.phases", None, [{"month": 2, "share": 0.4}], [{"month": 3, "departments": ["sales"]}]),
        ("tool.failure", None, {"month": 3, "months": 3, "depth": 1.0}),
        ("capacity.trainer_hours", None, 0.0, 10.0),
        ("budget", None, {"total": 80_000.0, "when_over": "scale"},
         {"total": 60_000.0, "change_share": 0.2, "when_over": "priority"}),
        ("adaptive.push", None, {
            "when": {"kpi": "skill", "below": 0.7, "month": 2, "until": 7},
            "then": {"measure": "training"}, "survey": {"lag": 1, "noise": 0.2}}),
        ("programme.buddies", None, {"start": 2}),
        ("programme.champions", None, {"share": 0.2, "selection": "volunteers", "hours": 3.0}),
        ("programme.leadership-example", None, {"share": 0.5}),
        ("programme.onboarding", None, {}),
        ("programme.ai-basics", None, {
            "start": 2, "repeat": {"every": 2, "times": 3}, "audience": {"not_yet_using": True}}),
        ("programme.workflow-integration", None, {"start": 3}),
        ("programme.use-monitoring", None, {"start": 3, "months": 3}),
    ):  # fmt: skip
        found.update(some(draw, *options))
    return found


@settings(max_examples=25, deadline=None, derandomize=True)
@given(changes=combinations(), seed=st.integers(0, 2**32 - 1), run=st.integers(0, 1000))
def test_engines_agree_on_any_combination(changes: dict[str, Any], seed: int, run: int) -> None:
    try:
        scenario = read_scenario("baseline").changed({"tool.integration_cost": 0, **changes})
        world.plan(scenario)
    except BudgetError:
        assume(False)
    assert first_difference(scenario, seed, run) == ""


@pytest.mark.parametrize("name", others(SHIPPED, 6))
def test_engines_agree_on_every_shipped_scenario(name: str) -> None:
    quick.test_engines_agree_on_every_shipped_scenario(name)


@pytest.mark.parametrize("contagion", others(rules.CONTAGION, 2))
@pytest.mark.parametrize("substeps", [1, 4, 5])
def test_engines_agree_on_people_who_act_one_after_the_other(substeps: int, contagion: str) -> None:
    quick.test_engines_agree_on_people_who_act_one_after_the_other(substeps, contagion)


@pytest.mark.parametrize("name", ["baseline", "full-programme"])
@pytest.mark.parametrize("network", others(NETWORKS, 5))
def test_engines_agree_on_every_kind_of_network(network: str, name: str) -> None:
    quick.test_engines_agree_on_every_kind_of_network(network, name)


@pytest.mark.parametrize("variant", others(THEORIES, 3), ids="-".join)
@pytest.mark.parametrize("network", ["teams", "complete"])
def test_engines_agree_on_who_moves_people_what_they_fear_and_who_acts_when(
    network: str, variant: tuple[str, str, str]
) -> None:
    quick.test_engines_agree_on_who_moves_people_what_they_fear_and_who_acts_when(network, variant)


@pytest.mark.parametrize(
    "variant",
    others(VARIANTS, 10),
    ids=lambda names: "-".join(names) if isinstance(names, tuple) else None,
)
def test_engines_agree_on_every_variant_of_the_rules(variant: tuple[str, ...]) -> None:
    quick.test_engines_agree_on_every_variant_of_the_rules(variant)


@pytest.mark.parametrize("network", others(NETWORKS, 3))
def test_engines_agree_on_everything_at_once_in_every_network(network: str) -> None:
    quick.test_engines_agree_on_everything_at_once_in_every_network(network)


@pytest.mark.parametrize("seed", others(STARTS, 2))
@pytest.mark.parametrize("name", ["baseline", "full-programme", "turnover-onboarding"])
def test_engines_agree_for_every_seed(name: str, seed: int) -> None:
    quick.test_engines_agree_for_every_seed(name, seed)


@pytest.mark.parametrize("substeps", others(PARTS, 2))
@pytest.mark.parametrize("seed", [1, 2])
def test_engines_agree_on_everything_at_once(seed: int, substeps: int) -> None:
    quick.test_engines_agree_on_everything_at_once(seed, substeps)


@pytest.mark.parametrize("selection", others(CHOSEN, 3))
def test_engines_agree_however_champions_are_chosen(selection: str) -> None:
    quick.test_engines_agree_however_champions_are_chosen(selection)


@pytest.mark.parametrize("schedule", others(WEIGHED, 1))
@pytest.mark.parametrize("name", ["leadership-champions", "full-programme"])
def test_engines_agree_on_weighted_ties(name: str, schedule: str) -> None:
    quick.test_engines_agree_on_weighted_ties(name, schedule)


@pytest.mark.parametrize("substeps", [1, 4])
@pytest.mark.parametrize("schedule", others(rules.SCHEDULE, 1))
def test_engines_agree_on_what_takes_time(schedule: str, substeps: int) -> None:
    quick.test_engines_agree_on_what_takes_time(schedule, substeps)


@pytest.mark.parametrize("substeps", others(DIVIDED, 3))
def test_engines_agree_however_a_month_is_divided(substeps: int) -> None:
    quick.test_engines_agree_however_a_month_is_divided(substeps)


@pytest.mark.parametrize("network", others(ELSEWHERE, 1))
def test_engines_agree_on_what_takes_time_in_other_networks(network: str) -> None:
    quick.test_engines_agree_on_what_takes_time_in_other_networks(network)
