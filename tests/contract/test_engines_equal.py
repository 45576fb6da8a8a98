"""The readable and the fast engine run the same rules: equal to the last bit, on one platform."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from parts import few

from sim import channels, draws, kernel, kpis, rules, world
from sim.mesa_model import AdoptionModel
from sim.people import population
from sim.people.selection import SELECTION
from sim.programme import effects, ledger
from sim.programme.deployments import rounds
from sim.programme.levers import SILENT
from sim.scenario import read_scenario
from sim.scenario.folders import library
from sim.scenario.schema import Scenario
from sim.state import NOBODY, PEOPLE
from sim.world import Worlds

SHIPPED = sorted(file.stem for file in library().glob("*.yaml"))
NETWORKS = (
    "teams", "complete", "ring", "small_world", "random", "none", "scale_free", "block"
)  # fmt: skip
VARIANTS = list(itertools.product(rules.CONTAGION, rules.LINK, rules.DECISION, rules.STOPPING))
THEORIES = list(itertools.product(SILENT, rules.THREAT, rules.SCHEDULE))


def reduced(scenario: Scenario, employees: int, months: int, **others: Any) -> Scenario:
    """Return a scenario with few people, and no more months than its programme needs to start."""
    started = [one.start for one in rounds(scenario)]
    return scenario.changed(
        {
            "organisation.employees": employees,
            "simulation.months": max(months, scenario.tool.go_live, *(1 + one for one in started)),
            **{path.replace("__", "."): value for path, value in others.items()},
        }
    )


def first_difference(
    scenario: Scenario,
    seed: int,
    run: int = 0,
    luck: int | None = None,
    worlds: Worlds | None = None,
) -> str:
    """Run both engines; return what first differs between them, nothing if not a bit does."""
    if worlds is None:
        worlds = world.draw_worlds(world.design(scenario), seed, np.array([run]))
    # The fast engine goes first: once compiled it keeps its rules, whatever a test does to them.
    done = kernel.simulate(
        worlds, world.plan(scenario), seed, None if luck is None else np.array([luck]),
        keep_people=True, keep_events=True,
    )  # fmt: skip
    model = AdoptionModel(scenario, rng=seed, run=run, luck=luck, worlds=worlds)
    for month in range(scenario.simulation.months + 1):
        if month > 0:
            model.step()
        for kpi, read, fast in zip(kpis.MEASURED, model.row, done.rows[0, month], strict=True):
            if read != fast and not (np.isnan(read) and np.isnan(fast)):
                return f"month {month}, {kpi.name}: {read!r} is not {fast!r}"
    for name in PEOPLE.names or ():
        column = np.array([getattr(me, name) for me in model.staff])
        if not np.array_equal(column, done.people[0][name]):
            return f"people at the end: {name}"
    if not np.array_equal(np.array(model.events).reshape(-1, len(kernel.EVENT)), done.events):
        return "the log of events"
    return ""


# --- The promise ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", few(SHIPPED, 6))
def test_engines_agree_on_every_shipped_scenario(name: str) -> None:
    assert first_difference(reduced(read_scenario(name), 60, 12), 1 + len(name) % 5) == ""


STARTS = range(1, 6)


@pytest.mark.parametrize("seed", few(STARTS, 2))
@pytest.mark.parametrize("name", ["baseline", "full-programme", "turnover-onboarding"])
def test_engines_agree_for_every_seed(name: str, seed: int) -> None:
    assert first_difference(reduced(read_scenario(name), 60, 12), seed) == ""


def test_engines_agree_on_an_organisation_of_full_size_over_the_full_time() -> None:
    assert first_difference(read_scenario("full-programme"), seed=7, run=3) == ""


@pytest.mark.parametrize(
    "variant",
    few(VARIANTS, 10),
    ids=lambda names: "-".join(names) if isinstance(names, tuple) else None,
)
def test_engines_agree_on_every_variant_of_the_rules(variant: tuple[str, ...]) -> None:
    contagion, link, decision, stopping = variant
    scenario = reduced(read_scenario("full-programme"), 30, 8).changed(
        {
            "rules.contagion": contagion,
            "rules.link": link,
            "rules.decision": decision,
            "rules.stopping": stopping,
            # With the identity link, log-odds far below 0 would leave nobody to compare.
            **({"parameters.base_desire": 0.3} if link == "identity" else {}),
        }
    )
    assert first_difference(scenario, seed=3) == ""


def theory(social: str, threat: str, schedule: str) -> dict[str, Any]:
    """Return the settings of a variant of who moves people, what they fear and who acts when."""
    return {"rules.social": social, "rules.threat": threat, "rules.schedule": schedule}


@pytest.mark.parametrize("variant", few(THEORIES, 3), ids="-".join)
@pytest.mark.parametrize("network", ["teams", "complete"])
def test_engines_agree_on_who_moves_people_what_they_fear_and_who_acts_when(
    network: str, variant: tuple[str, str, str]
) -> None:
    scenario = everything(
        **{"organisation.employees": 40, "organisation.network.kind": network, **theory(*variant)}
    )
    assert first_difference(scenario, seed=2) == ""


@pytest.mark.parametrize("contagion", few(rules.CONTAGION, 2))
@pytest.mark.parametrize("substeps", [1, 4, 5])
def test_engines_agree_on_people_who_act_one_after_the_other(substeps: int, contagion: str) -> None:
    scenario = everything(
        **{
            "rules.schedule": "random_sequential",
            "rules.contagion": contagion,
            "simulation.substeps": substeps,
        }
    )
    assert first_difference(scenario, seed=3, run=1, luck=5) == ""


@pytest.mark.parametrize("employees", [2, 3, 33])
@pytest.mark.parametrize("network", ["teams", "complete", "none"])
def test_engines_agree_on_few_who_act_one_after_the_other(network: str, employees: int) -> None:
    changes = {
        "rules__schedule": "random_sequential", "organisation__network__kind": network,
        "organisation__executives": 1,
    }  # fmt: skip
    scenario = reduced(read_scenario("full-programme"), employees, 8, **changes)
    assert first_difference(scenario, seed=4) == ""


@pytest.mark.parametrize("name", ["baseline", "full-programme"])
@pytest.mark.parametrize("network", few(NETWORKS, 5))
def test_engines_agree_on_every_kind_of_network(network: str, name: str) -> None:
    scenario = reduced(read_scenario(name), 60, 10, organisation__network__kind=network)
    for seed in (1, 2):
        assert first_difference(scenario, seed) == ""


DIVIDED = [1, 2, 3, 4, 5, 12, 60]


@pytest.mark.parametrize("substeps", few(DIVIDED, 3))
def test_engines_agree_however_a_month_is_divided(substeps: int) -> None:
    scenario = reduced(read_scenario("full-programme"), 40, 6, simulation__substeps=substeps)
    assert first_difference(scenario, seed=2) == ""


WEIGHED = rules.SCHEDULE


@pytest.mark.parametrize("schedule", few(WEIGHED, 1))
@pytest.mark.parametrize("name", ["leadership-champions", "full-programme"])
def test_engines_agree_on_weighted_ties(name: str, schedule: str) -> None:
    scenario = reduced(read_scenario(name), 60, 12, rules__schedule=schedule)
    for seed in range(1, 4):
        worlds = world.draw_worlds(world.design(scenario), seed, np.array([0]))
        weights = np.array(
            [draws.uniform(seed, 0, draws.TRAIT, k) for k in range(worlds.other.size)], np.float32
        )
        weighted = worlds._replace(weight=weights)
        assert first_difference(scenario, seed, worlds=weighted) == ""


def test_ties_of_weight_one_are_ties_without_a_weight(small: Scenario) -> None:
    worlds = world.draw_worlds(world.design(small), 1, np.array([0]))
    even = worlds._replace(weight=np.ones(worlds.other.size, np.float32))
    plan = world.plan(small)
    plain, *_ = kernel.simulate(worlds, plan, 1)
    weighted, *_ = kernel.simulate(even, plan, 1)
    assert np.array_equal(plain, weighted, equal_nan=True)


@pytest.mark.parametrize("employees", [2, 3, 5, 31, 32, 33, 65])
def test_engines_agree_on_organisations_of_awkward_size(employees: int) -> None:
    """Around the number of people the fast engine takes together, and next to none at all."""
    assert first_difference(reduced(read_scenario("full-programme"), employees, 8), seed=4) == ""


@pytest.mark.parametrize(
    "change",
    [
        {"organisation.executives": 0},
        {"tool.go_live": 4},
        {"parameters.hill_exponent": 1},
        {"parameters.hill_exponent": 8},
        {"parameters.experience_rate": 0.95, "parameters.message_rate": 0.95},
        {"programme.training": {"audience": {"share": 0.5, "departments": ["sales", "office"]}}},
        {"programme.mandate": {"start": 3, "months": 2}},
        {"programme.champions.months": 3},
    ],
    ids=lambda change: ", ".join(change) if isinstance(change, dict) else None,
)
def test_engines_agree_on_other_organisations_and_programmes(change: dict[str, Any]) -> None:
    scenario = reduced(read_scenario("full-programme"), 60, 10).changed(change)
    assert first_difference(scenario, seed=5, run=2) == ""


def test_engines_agree_on_another_continuation_of_the_same_organisation(small: Scenario) -> None:
    assert first_difference(small, seed=1, run=0, luck=17) == ""


# --- Everything at once --------------------------------------------------------------------


def everything(**others: Any) -> Scenario:
    """Return an organisation that has all there is, in a programme that uses all there is."""
    return reduced(read_scenario("full-programme"), 50, 12).changed(
        {
            "organisation.culture": {
                "error_tolerance": 0.8, "participation": 0.2, "experimentation": 0.9,
                "transparency": 0.3,
            },
            "organisation.digital_maturity": 0.7,
            "organisation.works_council": "late",
            "organisation.sector": "public",
            "organisation.turnover": 0.4,
            "tool.go_live": 4,
            "tool.phases": [
                {"month": 2, "departments": ["sales", "office"], "share": 0.7},
                {"month": 3, "share": 0.5},
            ],
            "tool.investment": 40_000.0,
            "tool.data_cost": 5_000.0,
            "tool.support_per_month": 300.0,
            "tool.failure": {"month": 6, "months": 2, "depth": 0.7},
            "events": {
                "leader-leaves": {"month": 5},
                "another-leaves": {"kind": "leader-leaves", "month": 7, "role": "team_lead"},
                "reorganisation": {"month": 4, "departments": ["sales", "production"]},
                "bad-news": {"month": 6, "size": 0.5},
                "price-rise": {"month": 3},
                "new-version": {"month": 8},
            },
            "tool.use_cases": {
                "offers": {"share": 0.2, "saving": 0.4, "departments": ["sales"]},
                "reports": {"share": 0.1, "saving": 0.3},
            },
            "programme.buddies": {"start": 3, "months": 7},
            "programme.onboarding": {"start": 2},
            "programme.feedback-rounds": {"after_go_live": 1},
            "programme.workflow-integration": {"start": 5},
            "programme.suggestion-system": {"start": 3},
            "programme.leader-recognition": {"start": 4},
            "programme.sandbox": {"start": 1, "audience": {"share": 0.3}},
            "programme.invitation": {
                "measure": "ai-basics", "start": 3, "repeat": {"every": 3, "times": 3},
                "audience": {"not_yet_using": True},
            },
            "adaptive.push": {
                "when": {"kpi": "adoption", "below": 0.97, "month": 4, "until": 10},
                "where": {"below": 0.97},
                "then": {"measure": "quick-wins", "months": 2},
                "survey": {"lag": 1, "noise": 0.1},
            },
            "adaptive.calm": {
                "when": {"kpi": "felt_threat", "above": 0.2, "month": 5, "until": 9},
                "then": {"measure": "individual-coaching", "months": 3},
                "survey": {"noise": 0.05},
            },
            "capacity.trainer_hours": 30.0,
            "programme.palace": {
                "measure": "governance-board", "priority": 900, "cost": {"fixed": 9e5},
            },
            "budget": {
                "total": 600_000.0, "change_share": 0.75, "reserve": 0.2, "when_over": "priority",
            },
            **others,
        }
    )  # fmt: skip


def test_everything_at_once_is_really_everything() -> None:
    """Or the engines would agree on what never happens."""
    scenario = everything()
    missing, _ = ledger.left_out(scenario, population.chart(scenario))
    assert list(missing) == ["palace"]
    model = AdoptionModel(scenario, rng=1)
    helped = 0
    for _ in range(scenario.simulation.months):
        model.step()
        helped += sum(me.buddy != NOBODY for me in model.staff)
    assert helped > 0
    started = (
        model.run_state.onset[model.plan.programme.reactions["starts"]] < scenario.simulation.months
    )
    assert started.any(axis=1).all()  # both adaptive rules
    assert not started[-1].all()
    assert {int(me.arrival > 0) for me in model.staff} == {0, 1}
    assert len({me.access_month for me in model.staff}) > 3
    assert any(me.champion for me in model.staff)
    assert any(me.committed for me in model.staff)
    assert {event[kernel.EVENT.index("kind")] for event in model.events} == {
        kernel.START,
        kernel.RESTART,
        kernel.STOP,
    }


PARTS = [1, 4, 5]


@pytest.mark.parametrize("substeps", few(PARTS, 2))
@pytest.mark.parametrize("seed", [1, 2])
def test_engines_agree_on_everything_at_once(seed: int, substeps: int) -> None:
    assert first_difference(everything(**{"simulation.substeps": substeps}), seed) == ""


TRIAL = {
    "opportunity_exponent": 0.4, "leader_tasks": 1.5, "norm_rate": 0.09, "use_growth": 0.6,
    "considers_before": 0.03, "consider_alone": 0.001, "consider_launch": 1.4,
    "consider_peers": 2.7, "consider_circle": 1.2, "consider_example": 0.5,
    "consider_message": 1.0, "consider_training": 1.0, "considers_after": 0.5,
    "base_desire": -3.0, "launch_novelty": 4.4, "culture_rate": 0.1, "build_up_scale": 1.0,
    "wear_scale": 1.0, "variety": 0.3, "relief_carry_over": 0.8, "consent_months": 2,
    "project_money": 0.5,
}  # fmt: skip
"""Every number of what is neutral by default, at a value that is not."""


def slowly(**others: Any) -> Scenario:
    """Return all there is, with launches from access, a pilot, many voices and all that takes time."""
    return everything(
        **{f"parameters.{name}": value for name, value in TRIAL.items()},
        **{
            "rules.launch": "access",
            "organisation.already_using": {"sales": 0.4, "production": 0.1},
            "programme.vision": {},
            "programme.experience-day": {"start": 2},
            "programme.quick-wins": {"start": 3, "sender": "it"},
            "programme.two-sided-communication": {"start": 2, "sender": "peers"},
            "programme.mandate": {"start": 2},
            "programme.use-monitoring": {"start": 3, "months": 4},
            "programme.leader-dialogue": {"start": 2},
            "budget": {"total": 2e6, "when_over": "scale"},
            "programme.palace": {"measure": "governance-board"},
            **others,
        },
    )


def test_what_takes_time_is_really_on() -> None:
    one = slowly()
    plan, model = world.plan(one).programme, AdoptionModel(one, rng=1)
    assert plan.launches.size > 1 and plan.variety > 0.0
    for name in ("starting", "stopping", "learning", "finding"):
        assert np.ptp(plan.calendar[name]) > 0.0
    kept = plan.calendar["commitment"]
    assert (plan.months["team"] > 0.0).any() and kept.any()
    assert 0.0 < sum(me.uses for me in model.staff) < len(model.staff)
    waiting, fresh = False, set()
    for _ in range(one.simulation.months):
        model.step()
        waiting |= any(0.0 < me.considers < 1.0 for me in model.staff)
        fresh.add(len({me.launch for me in model.staff if me.access_month > 1}))
    assert waiting and max(fresh) > 2
    assert len({me.opportunity for me in model.staff}) > 3


@pytest.mark.parametrize("substeps", [1, 4])
@pytest.mark.parametrize("schedule", few(rules.SCHEDULE, 1))
def test_engines_agree_on_what_takes_time(schedule: str, substeps: int) -> None:
    changes = {"rules.schedule": schedule, "simulation.substeps": substeps}
    assert first_difference(slowly(**changes), seed=2, run=1, luck=4) == ""


ELSEWHERE = ["complete", "ring"]


@pytest.mark.parametrize("network", few(ELSEWHERE, 1))
def test_engines_agree_on_what_takes_time_in_other_networks(network: str) -> None:
    one = slowly(**{"organisation.network": {"kind": network, "degree": 6}})
    assert first_difference(one, seed=3) == ""


CHOSEN = [way for way in SELECTION if way != "named"]


@pytest.mark.parametrize("selection", few(CHOSEN, 3))
def test_engines_agree_however_champions_are_chosen(selection: str) -> None:
    scenario = everything(**{"programme.champions": {"share": 0.1, "selection": selection}})
    assert first_difference(scenario, seed=4) == ""


@pytest.mark.parametrize("network", few(NETWORKS, 3))
def test_engines_agree_on_everything_at_once_in_every_network(network: str) -> None:
    scenario = everything(**{"organisation.network": {"kind": network, "degree": 6}})
    assert first_difference(scenario, seed=6, run=1) == ""


# --- The promise would be broken -----------------------------------------------------------


def a_little_more(rule: Callable[..., float]) -> Callable[..., float]:
    """Return a rule whose value is off by about one part in 10**15."""
    return lambda *given, **named: rule(*given, **named) * (1.0 + 1e-15)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (rules, "novelty"),
        (rules, "leaders_example"),
        (rules, "contagion"),
        (rules, "felt_threat"),
        (rules, "warranted"),
        (rules, "realised_usefulness"),
        (rules, "kept"),
        (rules, "link"),
        (channels, "left"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_a_rule_that_differs_in_one_engine_is_noticed(
    page: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = reduced(read_scenario("full-programme"), 60, 6)
    assert first_difference(scenario, seed=1) == ""
    monkeypatch.setattr(page, name, a_little_more(getattr(page, name)))
    assert first_difference(scenario, seed=1) != ""


def nudged(rule: Callable[..., None], column: str) -> Callable[..., None]:
    """Return a rule that changes a person, after which a column is off by one part in 10**15."""

    def changed(me: Any, *given: Any, **named: Any) -> None:
        rule(me, *given, **named)
        setattr(me, column, getattr(me, column) * (1.0 + 1e-15))

    return changed


@pytest.mark.parametrize("name", ["left_to", "variety", "launch_from_access"])
def test_a_rule_of_the_programme_that_differs_in_one_engine_is_noticed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = slowly()
    assert first_difference(scenario, seed=1) == ""
    monkeypatch.setattr(effects, name, a_little_more(getattr(effects, name)))
    assert first_difference(scenario, seed=1) != ""


@pytest.mark.parametrize(
    ("name", "column"),
    [("consider", "considers"), ("perceive", "perceived_pull"), ("perceive", "perceived_example")],
)
def test_a_rule_on_a_person_that_differs_in_one_engine_is_noticed(
    name: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = slowly()
    monkeypatch.setattr(rules, name, nudged(getattr(rules, name), column))
    assert first_difference(scenario, seed=1) != ""
