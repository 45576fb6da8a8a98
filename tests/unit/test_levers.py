"""Each lever of an organisation: neutral it is not there, moved it moves what it says, nothing else."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import kernel, kpis, state, world
from sim.channels import CHANNELS, strength
from sim.engine.kinds import Array
from sim.parameters import Parameters, numbers
from sim.people import population
from sim.people.population import chart
from sim.programme import compiling, levers
from sim.scenario.schema import Scenario
from sim.state import EMPLOYEE, EXECUTIVE, NOBODY, PEOPLE

THREATS = frozenset(
    f"{kind}_{one}" for kind in ("initial", "floor", "threat") for one in state.THREATS
)
CONTROL = frozenset(name for name in THREATS if name.endswith("control"))
FIT = frozenset({"match_low", "match_range"})


class Lever(NamedTuple):
    """A lever and all that it may touch.

    Attributes
    ----------
    path
        Where it stands in a scenario.
    low, middle, high
        Two positions, and the one in which it does nothing.
    strengths
        Parameters that say how much it does.
    people
        Columns of people before the start that it changes.
    numbers
        Numbers of the rules that it changes.
    pushes
        What it changes of a programme.
    better, worse
        A KPI that is higher, and one that is lower, at ``high`` than at ``low``.
    """

    path: str
    low: float
    middle: float
    high: float
    strengths: tuple[str, ...]
    people: frozenset[str]
    numbers: frozenset[str]
    pushes: frozenset[str]
    better: str
    worse: str


def culture(name: str, strengths: tuple[str, str], **others: Any) -> Lever:
    """Return a lever of culture, from none to full."""
    nothing: frozenset[str] = frozenset()
    start = {"people": nothing, "numbers": nothing, "pushes": nothing}
    return Lever(f"organisation.culture.{name}", 0.1, 0.5, 0.9, strengths, **{**start, **others})


LEVERS = {
    "error tolerance": culture(
        "error_tolerance",
        ("error_tolerance_learning", "error_tolerance_stopping"),
        numbers=frozenset({"practice_gain", "stop_rate"}),
        better="adoption",
        worse="stopped",
    ),
    "participation": culture(
        "participation",
        ("participation_relief", "participation_control"),
        people=CONTROL | {"conviction"},
        pushes=frozenset(f"relief_{one}" for one in state.THREATS),
        better="trust",
        worse="threat_control",
    ),
    "experimentation": culture(
        "experimentation",
        ("experimentation_starting", "experimentation_discovery"),
        numbers=frozenset({"start_rate", "discovery_rate"}),
        better="new_use_cases",
        worse="never_started",
    ),
    "transparency": culture(
        "transparency",
        ("transparency_threat", "transparency_credibility"),
        people=THREATS | {"conviction"},
        pushes=frozenset({"message_pull", "message_promise"}),
        better="acceptance",
        worse="felt_threat",
    ),
    "digital maturity": Lever(
        "organisation.digital_maturity", 0.1, 0.5, 0.9,
        ("maturity_skill", "maturity_fit", "maturity_delay"),
        people=frozenset({"initial_skill", "skill", "match", "worth", "access_month", "conviction"}),
        numbers=FIT,
        pushes=frozenset(),
        better="skill",
        worse="never_started",
    ),
    "technology money": Lever(
        "tool.investment", 0.0, 0.0, 90_000.0,
        ("investment_months", "investment_fit", "investment_quality"),
        people=frozenset({"match", "worth", "access_month", "expectation", "conviction"}),
        numbers=FIT | {"tool_quality"},
        pushes=frozenset({"message_promise"}),  # what the tool is worth is promised
        better="adoption",
        worse="never_users",
    ),
}  # fmt: skip

every_lever = pytest.mark.parametrize("lever", LEVERS.values(), ids=LEVERS)


@pytest.fixture(scope="module")
def firm(small: Scenario) -> Scenario:
    """Return a small firm with a late go-live, messages, participatory measures and courses.

    No technology money but what a test adds: what integration costs would be some of it. Culture
    stays where a test puts it: measures would move it.
    """
    return small.changed(
        {
            "tool.go_live": 4,
            "tool.integration_cost": 0.0,
            **neutral(("culture_rate",)),
            "simulation.months": 14,
            "programme": {
                "launch": {"start": 4},
                "training": {"start": 4},
                "co-creation": {"start": 2},
                "quick-wins": {"start": 5},
            },
        }
    )


def drawn(scenario: Scenario) -> world.Worlds:
    """Return the people and ties of one organisation."""
    return world.draw_worlds(world.design(scenario), 1, np.array([0]))


def measured(scenario: Scenario, plan: world.Plan | None = None, runs: int = 3) -> Array:
    """Return the KPIs of a few runs [runs, months + 1, KPIs]."""
    worlds = world.draw_worlds(world.design(scenario), 1, np.arange(runs))
    return kernel.simulate(worlds, world.plan(scenario) if plan is None else plan, 1).rows


def same(one: Array, other: Array) -> bool:
    """Return whether two tables have the same bits."""
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def changed_columns(one: Scenario, other: Scenario) -> set[str]:
    """Return in what the people of two scenarios differ before the start."""
    first, second = drawn(one).people[0], drawn(other).people[0]
    return {name for name in PEOPLE.names or () if not np.array_equal(first[name], second[name])}


def changed_kpis(one: Array, other: Array) -> set[str]:
    """Return in which KPIs two sets of runs differ."""
    return {kpi.name for k, kpi in enumerate(kpis.MEASURED) if not same(one[..., k], other[..., k])}


def neutral(names: tuple[str, ...]) -> dict[str, float]:
    """Return the changes that put these parameters at their neutral values."""
    found = {}
    for name in names:
        value = numbers()[name].neutral
        assert value is not None, f"{name} has no neutral value"
        found[f"parameters.{name}"] = value
    return found


# --- All levers ------------------------------------------------------------------------------


@every_lever
def test_in_the_middle_its_strength_does_not_matter(lever: Lever, firm: Scenario) -> None:
    weak = firm.changed({lever.path: lever.middle, **neutral(lever.strengths)})
    assert same(measured(firm.changed({lever.path: lever.middle})), measured(weak))
    assert same(measured(firm), measured(weak))


@every_lever
def test_without_strength_its_position_does_not_matter(lever: Lever, firm: Scenario) -> None:
    idle = firm.changed(neutral(lever.strengths))
    low, high = (measured(idle.changed({lever.path: one})) for one in (lever.low, lever.high))
    paid = {"cost_technology"} if lever.path == "tool.investment" else set()
    assert changed_kpis(low, high) == paid


@every_lever
def test_it_changes_of_people_what_it_says_and_nothing_else(lever: Lever, firm: Scenario) -> None:
    low, high = (firm.changed({lever.path: one}) for one in (lever.low, lever.high))
    assert changed_columns(low, high) == lever.people
    for before, after in zip(drawn(low)[1:], drawn(high)[1:], strict=True):
        assert np.array_equal(np.asarray(before), np.asarray(after))  # ties


@every_lever
def test_it_changes_of_the_rules_what_it_says_and_nothing_else(
    lever: Lever, firm: Scenario
) -> None:
    low, high = (
        levers.effective_numbers(firm.changed({lever.path: one})) for one in (lever.low, lever.high)
    )
    differing = {name for name in low._fields if getattr(low, name) != getattr(high, name)}
    assert differing == lever.numbers


@every_lever
def test_it_changes_of_the_programme_what_it_says_and_nothing_else(
    lever: Lever, firm: Scenario
) -> None:
    low, high = (
        compiling.compile_programme(firm.changed({lever.path: one}))
        for one in (lever.low, lever.high)
    )
    fields = (*CHANNELS, "message_pull", "message_promise")
    pushes = {
        name
        for k, name in enumerate(fields)
        if not np.array_equal(low.amount[..., k], high.amount[..., k])
    }
    assert pushes == lever.pushes
    for name in set(low._fields) - {"amount", "coaching", "buddying", "reactions"}:
        before, after = (np.asarray(getattr(one, name)) for one in (low, high))
        assert np.array_equal(before, after), name


@every_lever
def test_it_changes_things_in_the_right_direction(lever: Lever, firm: Scenario) -> None:
    low, high = (
        measured(firm.changed({lever.path: one}), runs=40).mean(axis=0)[-1]
        for one in (lever.low, lever.high)
    )
    assert high[kpis.COLUMN[lever.better]] > low[kpis.COLUMN[lever.better]]
    assert high[kpis.COLUMN[lever.worse]] < low[kpis.COLUMN[lever.worse]]


@settings(max_examples=100, deadline=None, derandomize=True)
@given(power=st.floats(0.0, 3.0), level=st.floats(0.0, 1.0), more=st.floats(0.0, 1.0))
def test_a_tilt_is_one_in_the_middle_and_as_far_up_as_down(
    power: float, level: float, more: float
) -> None:
    assert levers.tilt(power, 0.5) == levers.tilt(0.0, level) == 1.0
    assert levers.tilt(power, level) * levers.tilt(power, 1.0 - level) == pytest.approx(1.0)
    assert levers.tilt(power, min(1.0, level + more)) >= levers.tilt(power, level)


# --- Culture and maturity, person by person ---------------------------------------------------


def test_nobody_fears_more_where_more_is_told_or_people_have_a_say(firm: Scenario) -> None:
    people = drawn(firm).people[0]
    told = drawn(firm.changed({"organisation.culture.transparency": 0.9})).people[0]
    heard = drawn(firm.changed({"organisation.culture.participation": 0.9})).people[0]
    for one in state.THREATS:
        assert (told[f"initial_{one}"] < people[f"initial_{one}"]).all()
        assert (told[f"floor_{one}"] <= told[f"initial_{one}"]).all()
    assert (heard["initial_control"] < people["initial_control"]).all()


def test_only_participatory_measures_work_better_where_people_have_a_say(firm: Scenario) -> None:
    every = firm.changed({"programme.microtalk": {"measure": "vision", "start": 1}})
    low, high = (
        compiling.compile_programme(every.changed({"organisation.culture.participation": one}))
        for one in (0.1, 0.9)
    )
    names = sorted(every.deployments)
    for d, name in enumerate(names):
        better = (high.amount[d] > low.amount[d]).any()
        assert better == (name == "co-creation"), name


def test_a_mature_organisation_is_more_skilled_and_sooner_on_the_tool(firm: Scenario) -> None:
    low, high = (
        drawn(firm.changed({"organisation.digital_maturity": one})).people[0] for one in (0.0, 1.0)
    )
    assert (high["initial_skill"] >= low["initial_skill"]).all()
    assert (high["match"] > low["match"]).all()
    p = firm.numbers
    assert set((low["access_month"] - high["access_month"]).tolist()) == {round(p.maturity_delay)}


@pytest.mark.parametrize("go_live", [1, 2, 3])
def test_access_is_never_before_the_first_month(go_live: int, small: Scenario) -> None:
    early = small.changed(
        {
            "tool.go_live": go_live,
            "tool.phases": [{"month": 1, "share": 0.5}],
            "organisation.digital_maturity": 1.0,
            "tool.investment": 1e6,
            "parameters.maturity_delay": 24.0,
        }
    )
    assert set(drawn(early).people[0]["access_month"].tolist()) == {1}


def test_technology_money_does_less_and_less(small: Scenario) -> None:
    quality = [
        levers.effective_numbers(small.changed({"tool.investment": euro})).tool_quality
        for euro in (0.0, 30_000.0, 60_000.0, 90_000.0)
    ]
    gains = np.diff(quality)
    assert (gains > 0.0).all()
    assert (np.diff(gains) < 0.0).all()


# --- Money that only costs --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "months"),
    [
        ("tool.integration_cost", [4]),
        ("tool.data_cost", [4]),
        ("tool.support_per_month", [4, 5, 6, 7, 8]),
        ("tool.licence_price", [4, 5, 6, 7, 8]),
    ],
)
def test_what_the_tool_costs_changes_no_behaviour(
    path: str, months: list[int], firm: Scenario
) -> None:
    """Unless money for integration and data works as technology money does."""
    only_costs = neutral(("project_money",))
    short = firm.changed({"simulation.months": 8, **only_costs})
    free, paid = (measured(short.changed({path: one})) for one in (0.0, 1000.0))
    assert changed_kpis(free, paid) == {"cost_technology"}
    each = 60 * 1000.0 if path == "tool.licence_price" else 1000.0
    more = (paid - free)[0, :, kpis.COLUMN["cost_technology"]]
    assert more == pytest.approx([each if month in months else 0.0 for month in range(9)])


@pytest.mark.parametrize("path", ["tool.integration_cost", "tool.data_cost"])
def test_money_for_the_project_works_as_the_part_that_counts_of_technology_money(
    path: str, firm: Scenario
) -> None:
    half = firm.changed({"parameters.project_money": 0.5})
    project, technology = (
        half.changed({path: 60_000.0}),
        half.changed({"tool.investment": 30_000.0}),
    )
    assert changed_columns(firm, project) == LEVERS["technology money"].people
    assert changed_columns(project, technology) == set()
    assert changed_kpis(measured(project), measured(technology)) == {"cost_technology"}


def test_technology_money_is_spent_in_the_first_month(firm: Scenario) -> None:
    idle = firm.changed(neutral(LEVERS["technology money"].strengths))
    more = measured(idle.changed({"tool.investment": 5000.0})) - measured(idle)
    assert more[0, 1, kpis.COLUMN["cost_technology"]] == pytest.approx(5000.0)
    assert not np.nan_to_num(more[0, 2:]).any()


# --- What the tool is for, and when it fails --------------------------------------------------


def test_one_use_case_for_all_is_the_work_that_departments_state(small: Scenario) -> None:
    alike = small.changed(
        {
            "organisation.departments": {
                "a": {"share": 0.5, "task_share": 0.3},
                "b": {"share": 0.5, "task_share": 0.3},
            },
            "tool.task_saving": 0.25,
        }
    )
    stated = alike.changed({"tool.use_cases": {"writing": {"share": 0.3, "saving": 0.25}}})
    assert same(measured(alike), measured(stated))


CASES = {
    "offers": {"share": 0.2, "saving": 0.5, "departments": ["sales"]},
    "reports": {"share": 0.1, "saving": 0.25},
}


def test_use_cases_change_what_use_brings_and_not_who_uses_where_opportunity_does_not_count(
    small: Scenario,
) -> None:
    alike = small.changed(neutral(("opportunity_exponent",)))
    with_cases = alike.changed({"tool.use_cases": CASES})
    assert changed_columns(alike, with_cases) == {"savable_hours", "use_cases"}
    changed = changed_kpis(measured(alike), measured(with_cases))
    assert {"hours_saved", "value", "breadth"} <= changed
    assert changed <= {"hours_saved", "value", "breadth", "maturity"}
    people, monthly = drawn(with_cases).people[0], 36.0 * 52.0 / 12.0
    names = population.department_names(small.organisation)
    sales = people["department"] == names.index("sales")
    below = people["department"] > 0
    assert people["savable_hours"][sales] == pytest.approx(monthly * (0.1 + 0.025))
    assert people["savable_hours"][below & ~sales] == pytest.approx(monthly * 0.025)
    assert set(people["use_cases"][sales].tolist()) == {2}
    assert set(people["use_cases"][below & ~sales].tolist()) == {1}


def test_who_has_more_work_in_use_cases_has_more_opportunity(small: Scenario) -> None:
    with_cases = small.changed({"tool.use_cases": CASES})
    work = {"savable_hours", "use_cases", "opportunity", "worth"}
    assert changed_columns(small, with_cases) == work
    people, p = drawn(with_cases).people[0], small.numbers
    sales = people["department"] == population.department_names(small.organisation).index("sales")
    leads, below = people["role"] != EMPLOYEE, people["department"] > 0
    for there, share in ((sales, 0.2 + 0.1), (below & ~sales, 0.1)):
        for who, part in ((~leads, share), (leads, min(1.0, share * p.leader_tasks))):
            expected = (part / p.usual_task_share) ** p.opportunity_exponent
            assert (there & who).any()
            assert people["opportunity"][there & who] == pytest.approx(expected)


def test_what_use_cases_state_of_quality_is_reported_and_changes_nothing(small: Scenario) -> None:
    plain, good = (
        small.changed({"tool.use_cases": {"a": {"share": 0.2, "saving": 0.2, "quality_gain": one}}})
        for one in (0.0, 0.5)
    )
    assert same(measured(plain), measured(good))


def test_a_failure_disappoints_from_its_month_on_and_one_without_depth_nobody(
    firm: Scenario,
) -> None:
    usual = measured(firm, runs=20)
    harmless = firm.changed({"tool.failure": {"month": 6, "months": 2, "depth": 0.0}})
    assert same(measured(harmless, runs=20), usual)
    bad = firm.changed({"tool.failure": {"month": 6, "months": 2, "depth": 0.8}})
    assert changed_columns(firm, bad) == set()
    failed = measured(bad, runs=20)
    assert same(failed[:, :6], usual[:, :6])
    mean = {name: (failed - usual)[..., kpis.COLUMN[name]].mean(axis=0) for name in kpis.COLUMN}
    for name in ("satisfaction", "expectation"):
        assert mean[name][6] < 0.0
        assert mean[name][7] < 0.0
    assert mean["adoption"][8:].max() <= 0.0


# --- Channels ---------------------------------------------------------------------------------


class Channel(NamedTuple):
    """What a push on a channel changes at first, and what switches it off."""

    better: str
    off: dict[str, float]
    only: frozenset[str]


def carried(scenario: Scenario, channel: str, effect: float) -> world.Plan:
    """Return the plan of a scenario whose one measure does nothing but push on one channel."""
    plan = world.plan(scenario)
    amount = np.zeros_like(plan.programme.amount)
    amount[..., CHANNELS.index(channel)] = effect if channel == "access" else strength(effect)
    lasting = np.ones_like(plan.programme.lasting)
    return plan._replace(programme=plan.programme._replace(amount=amount, lasting=lasting))


EXPERIENCE = {"parameters.experience_rate": 0.0}
SEEN_ONLY = frozenset({"satisfaction", "would_recommend"})
CHANNEL_EFFECTS = {
    "quality": Channel("satisfaction", EXPERIENCE, SEEN_ONLY),
    "match": Channel("satisfaction", EXPERIENCE, SEEN_ONLY),
    "learning": Channel("skill", {"parameters.practice_gain": 0.0}, frozenset()),
    "example": Channel(
        "adoption",
        {"parameters.leader_weight": 0.0, "parameters.consider_example": 0.0},
        frozenset(),
    ),
    "discovery": Channel(
        "new_use_cases",
        {"parameters.discovery_rate": 0.0, "parameters.suggestion_rate": 0.0},
        frozenset(),
    ),
    "access": Channel("adoption", {"tool.go_live": 1}, frozenset()),
}
every_channel = pytest.mark.parametrize("channel", CHANNEL_EFFECTS)


@pytest.fixture(scope="module")
def carrier(firm: Scenario) -> Scenario:
    """Return a small firm with one structural measure for all from the first month.

    Nobody has to be brought to consider it, so that people use it without a launch.
    """
    considering = neutral(("considers_before",))
    return firm.changed({"programme": {"community": {"start": 1}}, **considering})


@every_channel
def test_a_push_of_nothing_changes_not_a_bit(channel: str, carrier: Scenario) -> None:
    idle = carrier.changed({"programme": {}})
    nothing = measured(carrier, carried(carrier, channel, 0.0))
    assert changed_kpis(nothing, measured(idle)) <= {"cost_measures", "staff_hours"}


@every_channel
def test_a_push_on_a_channel_helps(channel: str, carrier: Scenario) -> None:
    without, with_it = (
        measured(carrier, carried(carrier, channel, one), runs=40).mean(axis=0)
        for one in (0.0, 0.6)
    )
    place = kpis.COLUMN[CHANNEL_EFFECTS[channel].better]
    assert np.nansum(with_it[1:, place]) > np.nansum(without[1:, place])


@every_channel
def test_a_push_on_a_channel_whose_way_is_cut_goes_nowhere(channel: str, carrier: Scenario) -> None:
    one = CHANNEL_EFFECTS[channel]
    cut = carrier.changed(one.off)
    without, with_it = (measured(cut, carried(cut, channel, effect)) for effect in (0.0, 0.6))
    assert frozenset(changed_kpis(without, with_it)) == one.only


def test_finding_use_cases_is_all_that_discovery_does(carrier: Scenario) -> None:
    without, with_it = (measured(carrier, carried(carrier, "discovery", one)) for one in (0.0, 0.6))
    changed = changed_kpis(without, with_it)
    assert {"new_use_cases", "suggestions"} <= changed <= {
        "new_use_cases", "suggestions", "maturity",
    }  # fmt: skip


def test_early_access_starts_with_its_measure_and_stays(carrier: Scenario) -> None:
    plan = carried(carrier, "access", 1.0)
    worlds = drawn(carrier)
    end = kernel.simulate(worlds, plan, 1, keep_people=True)
    assert set(end.people[0]["access_month"].tolist()) == {1}
    licences = end.rows[0, 1:, kpis.COLUMN["cost_technology"]]
    assert licences[0] == pytest.approx(60 * carrier.tool.licence_price)


# --- Sector, works council, hierarchy ---------------------------------------------------------


@pytest.mark.parametrize("sector", ["technology", "traditional", "services", "public"])
def test_a_sector_changes_how_often_each_archetype_occurs_and_what_hangs_on_it(
    sector: str, small: Scenario
) -> None:
    there = small.changed({"organisation.sector": sector})
    follows = {"own_threats", "initial_skill", "skill", "conviction"}
    assert changed_columns(small, there) <= {"archetype", *follows}
    shares = world.shares_of(there)
    assert shares.sum() == pytest.approx(1.0)
    assert not np.array_equal(shares, world.shares_of(small))
    stated = population.archetype_shares(there.organisation)
    assert same(measured(there), measured(small.changed({"organisation.archetypes": stated})))


def test_shares_that_are_stated_win_over_the_sector(small: Scenario) -> None:
    stated = small.changed(
        {
            "organisation.archetypes": {
                "competence": 0.25, "status": 0.25, "control": 0.25, "ethics": 0.25,
            }
        }
    )  # fmt: skip
    assert same(measured(stated), measured(stated.changed({"organisation.sector": "public"})))


def test_a_works_council_with_a_say_is_the_measure_of_that_name(firm: Scenario) -> None:
    early = firm.changed({"organisation.works_council": "early"})
    stated = firm.changed({"programme.works-council": {}})
    assert same(measured(early), measured(stated))
    late = firm.changed(
        {"organisation.works_council": "late", **neutral(("late_council_credibility",))}
    )
    after = firm.numbers.council_delay
    stated = firm.changed({"programme.works-council": {"after_go_live": after}})
    assert same(measured(late), measured(stated))


def test_a_works_council_heard_early_calms_more_than_late_and_late_costs_belief(
    firm: Scenario,
) -> None:
    long = firm.changed({"simulation.months": 24})
    ways = {
        way: long.changed({"organisation.works_council": way}) for way in ("none", "late", "early")
    }
    for way in ("late", "early"):
        assert changed_columns(ways["none"], ways[way]) == set()
    threat = {
        name: {
            way: measured(one, runs=20)[..., kpis.COLUMN[f"threat_{name}"]].mean()
            for way, one in ways.items()
        }
        for name in ("status", "control")
    }
    for mean in threat.values():
        assert mean["early"] < mean["late"] < mean["none"]
    belief = {way: levers.levers(one).credibility for way, one in ways.items()}
    assert belief["late"] == long.numbers.late_council_credibility < 1.0
    assert belief["none"] == belief["early"] == 1.0


def layers(one: Scenario) -> int:
    """Return the most bosses that anybody has above him or her."""
    plan = chart(one)
    depth = 0
    for person in range(plan.role.size):
        steps, boss = 0, plan.boss[person]
        while boss != NOBODY:
            steps, boss = steps + 1, plan.boss[boss]
        depth = max(depth, steps)
    return depth


def test_narrow_spans_make_a_steep_organisation_of_the_same_people(baseline: Scenario) -> None:
    large = baseline.changed({"organisation.employees": 600, "organisation.team_size": 5})
    spans: tuple[dict[str, int], ...] = (
        {},
        {"managers_per_manager": 2},
        {"managers_per_manager": 2, "teams_per_manager": 2},
    )
    steep = [
        large.changed({f"organisation.{name}": one for name, one in span.items()}) for span in spans
    ]
    depth = [layers(one) for one in steep]
    assert depth[0] < depth[1] <= depth[2]
    for one in steep[1:]:
        changed = changed_columns(large, one)
        assert changed <= {"role", "team", "boss", "opportunity", "worth"}
        before, after = (drawn(way).people[0] for way in (large, one))
        same_part = (before["role"] != EMPLOYEE) == (after["role"] != EMPLOYEE)
        for name in ("opportunity", "worth"):  # leaders have more work that AI helps with
            assert np.array_equal(before[name][same_part], after[name][same_part])
        plan = chart(one)
        assert np.sum(plan.role == EXECUTIVE) == np.sum(chart(large).role == EXECUTIVE)
        assert (plan.boss[plan.role != EXECUTIVE] != NOBODY).all()


def test_spans_wider_than_the_organisation_change_nothing(small: Scenario) -> None:
    wide, wider = (small.changed({"organisation.managers_per_manager": one}) for one in (20, 50))
    assert same(measured(wide), measured(wider))


def test_every_strength_of_a_lever_is_on_this_page() -> None:
    told = {name for lever in LEVERS.values() for name in lever.strengths}
    stems = ("error_tolerance_", "participation_", "experimentation_", "transparency_", "maturity_")
    declared = {name for name in Parameters._fields if name.startswith(stems)}
    declared |= {"investment_months", "investment_fit", "investment_quality"}
    assert told == declared
