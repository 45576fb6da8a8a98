"""Claims are tested as the register says, on the same organisations, and judged by one rule."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from analysis.results.comparison import half_width
from analysis.results.estimates import Estimate, estimate, of_vectors
from analysis.results.tables import plan_of
from analysis.studies.claims import experiments, simulating, statistics, texts, verdicts
from analysis.studies.claims.experiments import Question, Side, agenda
from analysis.studies.claims.simulating import Answer, simulated_claims
from analysis.studies.claims.statistics import STATISTICS, Arm, Pairs
from analysis.studies.claims.verdicts import judged, of_claim, of_figure, why_impossible
from sim import kpis
from sim.errors import AdoptionError, InterruptedStudyError
from sim.evidence import Check, Entry, Expected, read_evidence
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario
from sim.study.experiments import same_people

EVERY = agenda()

NETWORKS = ("L40",)
"""Claims about ties themselves: people are the same, whom they notice is what is compared."""


def expected(low: float, value: float, high: float) -> Expected:
    return Expected(of="ratio", expected=value, low=low, high=high)


def found(value: float, low: float, high: float, known: float = 1.0) -> Estimate:
    return Estimate(value, low, high, known)


def answer(of: str, claimed: Expected, it: Estimate, **more: Any) -> Answer:
    side = Side("baseline"), Side("champions")
    return Answer(Question(of, "adoption", 18, math.nan, *side, claimed), it, {}, **more)


# --- What is tested ------------------------------------------------------------------------


def test_whatever_is_calibrated_on_or_held_out_is_tested() -> None:
    testable = {
        name for name, entry in read_evidence().items() if entry.role in ("calibrate", "hold_out")
    }
    assert testable <= set(EVERY.experiments)
    assert len(testable) > 50


@pytest.mark.parametrize("name", EVERY.experiments)
def test_both_arms_have_the_same_people_and_as_many_months(name: str) -> None:
    one = EVERY.experiments[name]
    for question in one.questions:
        arms = [EVERY.arms[side.arm] for side in (question.without, question.treated)]
        assert same_people(*arms) or name in NETWORKS
        assert all(arm.simulation.months >= question.month for arm in arms)
        assert arms[0].organisation.employees == arms[1].organisation.employees


def test_an_arm_that_several_claims_ask_for_is_simulated_once() -> None:
    fingerprints = [one.fingerprint() for one in EVERY.arms.values()]
    asked = sum(len(one.questions) for one in EVERY.experiments.values())
    assert len(set(fingerprints)) == len(fingerprints)
    assert len(fingerprints) < asked


def test_every_statistic_is_told_by_a_name_of_its_own() -> None:
    assert set(texts.LABELS) == {*STATISTICS, experiments.BEST}


def test_the_band_of_a_contrast_lies_on_one_side_of_no_effect() -> None:
    for one in EVERY.experiments.values():
        for question in one.questions:
            nothing = statistics.NO_EFFECT.get(question.of)
            if nothing is not None:
                claimed = question.expected
                assert claimed.low >= nothing or claimed.high <= nothing, one.name
                assert claimed.expected != nothing


CHECK = {
    "without": {"scenario": "baseline"},
    "with": {"scenario": "champions"},
    "kpi": "adoption",
    "month": 18,
    "expect": ({"of": "ratio", "expected": 1.7, "low": 1.3, "high": 1.8},),
}


def with_check(changes: Mapping[str, Any]) -> Entry:
    """Return an entry whose check differs from a good one."""
    check = Check.model_validate({**CHECK, **changes})
    return read_evidence()["C43"].model_copy(update={"check": check})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kpi": "adaption"}, "no such KPI 'adaption'; did you mean 'adoption'"),
        ({"month": 99}, "month: found 99, expected at most 24"),
        ({"expect": ({"of": "rato", "expected": 1, "low": 1, "high": 1},)}, "no such statistic"),
        (
            {"expect": ({"of": "months_ratio", "expected": 0.5, "low": 0.4, "high": 0.6},)},
            "level: missing",
        ),
        ({"without": None}, "without: missing, 'ratio' compares two arms"),
        (
            {"without": None, "expect": ({"of": "without", "expected": 1, "low": 1, "high": 1},)},
            "without: missing, 'without' compares two arms",
        ),
        (
            {
                "with": {
                    "scenario": "champions",
                    "among": {"role": ("manager",), "archetype": ("status",)},
                }
            },
            "among: found groups by role and archetype, expected one kind of group",
        ),
        (
            {"expect": ({"of": "ratio", "expected": 1, "low": 1, "high": 1, "beside": ("C99",)},)},
            "beside: no such entry 'C99'",
        ),
        (
            {"with": {"scenario": "champions", "among": {"department": ("legal",)}}},
            "among.department: no such group 'legal', expected some of: management, engin",
        ),
        (
            {"kpi": "maturity", "with": {"scenario": "baseline", "among": {"role": ("manager",)}}},
            "'maturity' is not measured for groups",
        ),
        ({"with": {"scenario": "champignons"}}, "champignons"),
        ({"with": {"scenario": "champions", "changes": {"tool.prize": 1}}}, "tool.prize"),
        (
            {"expect": ({"of": "best_value", "expected": 1, "low": 1, "high": 1},)},
            "'best_value' is the statistic of a sweep",
        ),
    ],
)
def test_a_check_that_asks_for_what_does_not_exist_is_explained(
    changes: Mapping[str, Any], told: str
) -> None:
    with pytest.raises(AdoptionError) as error:
        experiments.experiment("C99", with_check(changes), {})
    assert str(error.value).startswith("scenarios/library/evidence.yaml: C99.check: ")
    assert told in str(error.value)


def test_an_entry_without_a_check_is_explained() -> None:
    with pytest.raises(AdoptionError, match="'C01' has no check; tested are: C04"):
        agenda(("C01",))
    with pytest.raises(AdoptionError, match="'C433' is not there; did you mean 'C43'"):
        agenda(("C433",))


def test_every_share_of_the_budget_spends_the_same_money() -> None:
    tried = EVERY.experiments["C73"].tried
    assert len(tried) == 9
    for share, arm in (tried[0], tried[3], tried[-1]):
        one = EVERY.arms[arm]
        assert one.budget.change_share == share
        # What is scaled fits at the upper end of who may take part: leaders are few and dear, so
        # that some is left where few of them are paid for.
        assert 0.85 * one.budget.total <= plan_of(one).total <= one.budget.total


# --- Statistics ----------------------------------------------------------------------------


def arm(scenario: Scenario | None = None, **curves: Any) -> Arm:
    """Return an arm with these KPIs: one row per organisation, one column per month."""
    one = np.atleast_2d(next(iter(curves.values())))
    rows = np.zeros((*one.shape, kpis.COUNT))
    for name, values in curves.items():
        rows[:, :, kpis.COLUMN[name]] = values
    return Arm(scenario or read_scenario("baseline"), rows)


def asked(
    of: str, without: Arm, treated: Arm, kpi: str, month: int, level: float = math.nan
) -> float:
    return STATISTICS[of](Pairs(without, treated, kpi, month, level))


def test_a_wave_has_its_peak_its_low_and_its_calm() -> None:
    curve = [0.0, 0.3, 0.5, 0.4, 0.3, 0.35, 0.4, 0.41, 0.4, 0.4]
    one = arm(intensity=[curve, curve])
    told = {of: asked(of, one, one, "intensity", 9) for of in ("first_peak", "low_after_peak")}
    assert told == {"first_peak": 2.0, "low_after_peak": 4.0}
    assert asked("steady_from", one, one, "intensity", 9) == 6.0
    rising = arm(intensity=np.linspace(0.0, 1.0, 10))
    assert math.isnan(asked("first_peak", rising, rising, "intensity", 9))
    assert math.isnan(asked("low_after_peak", rising, rising, "intensity", 9))


def test_success_is_not_being_given_up() -> None:
    few, many = arm(adoption=[[0, 0.2]] * 3 + [[0, 0.6]]), arm(adoption=[[0, 0.2]] + [[0, 0.6]] * 3)
    assert asked("success_ratio", few, many, "adoption", 1) == pytest.approx(3.0)
    assert asked("share_of_successes", few, many, "adoption", 1) == pytest.approx(0.75)


def test_maturity_is_mixed_over_ages_and_over_those_with_a_plan() -> None:
    without, planned = arm(maturity=[1, 1, 1, 2]), arm(maturity=[1, 2, 3, 4])
    share = 0.31  # C06
    found = asked("mixed_at_level", without, planned, "maturity", 3, 1.0)
    assert found == pytest.approx((1 - share) * 0.75 + share * 0.25)


def test_hours_are_a_share_of_those_of_users() -> None:
    hours = read_scenario("baseline").organisation.weekly_hours * 52 / 12
    one = arm(hours_saved=[0.0, 0.02 * hours], using=[0.0, 0.5])
    assert asked("hours_share", one, one, "hours_saved", 1) == pytest.approx(0.04)


def test_all_threats_alike_are_three_quarters_about_oneself() -> None:
    one = arm(
        **{f"threat_{name}": [0.4, 0.4] for name in ("competence", "status", "control", "ethics")}
    )
    assert asked("existential", one, one, "felt_threat", 0) == pytest.approx(0.75)


# --- Intervals -----------------------------------------------------------------------------


def test_of_a_single_vector_the_interval_is_that_of_the_mean() -> None:
    one, other = np.random.default_rng(1).random((2, 1, 30))
    it = estimate(lambda first, second: float((first - second).mean()), one, other)
    half = float(half_width(one[0], other[0], True))
    assert (it.low, it.high) == pytest.approx((it.value - half, it.value + half))


def test_what_few_organisations_add_to_the_spread_is_taken_out() -> None:
    rng = np.random.default_rng(2)
    truth = rng.normal(0.5, 0.05, 4000)[:, None]
    widths = []
    for organisations in (4, 400):
        values = truth[:400] + rng.normal(0.0, 0.2, (400, organisations))
        it = estimate(lambda one: float(one.mean()), values)
        widths.append(it.high - it.low)
    assert widths[0] == pytest.approx(widths[1], rel=0.25)
    assert widths[1] == pytest.approx(2 * 1.645 * 0.05, rel=0.15)


def test_vectors_without_a_value_are_counted_and_left_out() -> None:
    it = of_vectors([0.2, math.nan, 0.4, math.nan])
    assert it.value == pytest.approx(0.3)
    assert it.known == 0.5
    assert of_vectors([math.nan]).known == 0.0


# --- Verdicts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claimed", "it", "nothing", "verdict"),
    [
        # Levels: in the band or not.
        (expected(0.3, 0.34, 0.38), found(0.35, 0.1, 0.6), None, "holds"),
        (expected(0.3, 0.34, 0.38), found(0.3, 0.3, 0.3), None, "holds"),
        (expected(0.3, 0.34, 0.38), found(0.39, 0.3, 0.5), None, "misses"),
        # Contrasts: in the band and surely on the promised side.
        (expected(1.3, 1.72, 1.8), found(1.5, 1.2, 1.7), 1.0, "holds"),
        (expected(1.3, 1.72, 1.8), found(1.5, 0.9, 1.9), 1.0, "misses"),
        (expected(1.3, 1.72, 1.8), found(1.2, 1.1, 1.3), 1.0, "direction only"),
        (expected(1.3, 1.72, 1.8), found(2.5, 2.0, 3.0), 1.0, "direction only"),
        (expected(1.3, 1.72, 1.8), found(1.05, 1.04, 1.06), 1.0, "misses"),  # not a tenth of it
        (expected(1.3, 1.72, 1.8), found(0.8, 0.7, 0.9), 1.0, "misses"),
        # Less is promised.
        (expected(0.4, 0.6, 0.8), found(0.7, 0.6, 0.8), 1.0, "holds"),
        (expected(0.4, 0.6, 0.8), found(0.9, 0.85, 0.95), 1.0, "direction only"),
        (expected(0.4, 0.6, 0.8), found(1.2, 1.1, 1.3), 1.0, "misses"),
        # A sign alone: the band begins at no effect.
        (expected(0.0, 0.03, 0.15), found(0.02, -0.01, 0.05), 0.0, "misses"),
        (expected(0.0, 0.03, 0.15), found(0.02, 0.01, 0.05), 0.0, "holds"),
        # No value under most vectors.
        (expected(3.0, 3.5, 4.0), found(3.5, 3.0, 4.0, 0.4), None, "misses"),
        (expected(3.0, 3.5, 4.0), found(math.nan, math.nan, math.nan, 0.0), None, "misses"),
    ],
)
def test_a_figure_holds_has_the_direction_or_misses(
    claimed: Expected, it: Estimate, nothing: float | None, verdict: str
) -> None:
    assert of_figure(claimed, it, nothing) == verdict


def test_what_cannot_be_is_impossible_even_where_the_figure_is_reached() -> None:
    reason = verdicts.Impossible(3.7, 0.34, 1.258, False)
    inside = found(3.7, 3.6, 3.8)
    assert of_figure(expected(2.4, 3.7, 5.0), inside, 1.0, [reason]) == "impossible as stated"


@pytest.mark.parametrize(
    ("figures", "names", "way", "verdict"),
    [
        (["holds", "holds"], ["ratio", "ratio"], "right", "holds"),
        (["holds", "direction only"], ["ratio", "ratio"], "right", "direction only"),
        (["holds", "misses"], ["ratio", "ratio"], "right", "misses"),
        (["holds", "misses"], ["difference", "trough_with"], "right", "direction only"),
        (["misses", "misses"], ["without", "with"], "right", "direction only"),
        (["misses", "holds"], ["without", "with"], "not sure", "misses"),
        (["misses"], ["with"], None, "misses"),
        (["impossible as stated", "holds"], ["ratio", "ratio"], "right", "impossible as stated"),
    ],
)
def test_a_claim_is_as_good_as_its_figures(
    figures: list[Any], names: list[str], way: Any, verdict: str
) -> None:
    band = expected(0.0, 1.5, 2.0)
    answers = [answer(of, band, found(1.0, 1.0, 1.0)) for of in names]
    assert of_claim(figures, answers, way) == verdict


# --- Arithmetic ----------------------------------------------------------------------------


def test_three_and_a_half_times_a_third_is_more_than_everybody() -> None:
    claimed = Expected(of="ratio", expected=3.7, low=2.4, high=5.0, base=0.34)
    it = answer("ratio", claimed, found(1.2, 1.1, 1.3), base=0.2)
    [reason] = why_impossible(it, "C37", read_evidence())
    assert reason.total == pytest.approx(1.258)
    assert not reason.here
    assert texts.because([reason]) == "3.70 times the 34 % it is claimed for is 126 %"


def test_every_ratio_that_cannot_be_is_told_with_its_own_total() -> None:
    told = texts.because(
        [verdicts.Impossible(1.3, 0.8, 1.04, True), verdicts.Impossible(1.9, 0.6, 1.14, True)]
    )
    assert told == "1.30 times the 80 % simulated is 104 %; 1.90 times the 60 % simulated is 114 %"


def test_a_ratio_may_be_possible_where_it_is_claimed_and_not_here() -> None:
    claimed = Expected(of="ratio", expected=1.7, low=1.3, high=1.8, base=0.34)
    [reason] = why_impossible(answer("ratio", claimed, found(1, 1, 1), base=0.7), "C43", {})
    assert reason.here and reason.total == pytest.approx(1.19)
    assert not why_impossible(answer("ratio", claimed, found(1, 1, 1), base=0.4), "C43", {})


def test_reductions_of_the_same_thing_cannot_take_more_than_there_is() -> None:
    for name in ("C34", "C38", "C46"):
        question = EVERY.experiments[name].questions[0]
        it = Answer(question, found(0.9, 0.8, 0.95), {}, base=0.5)
        [reason] = why_impossible(it, name, read_evidence())
        assert reason.total == pytest.approx(1.09)
        assert set(reason.beside) == {"C34", "C38", "C46"}


# --- On the engine -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def few() -> dict[str, simulating.Tested]:
    """Return a few claims under two vectors, with four organisations each."""
    vectors = [{}, {"peer_weight": 2.0}]
    return simulated_claims(agenda(("C37", "C43", "C75", "L27", "L44", "L57")), vectors, 4, 1, 2)


def test_an_impossible_claim_is_judged_by_its_direction_all_the_same(
    few: dict[str, simulating.Tested],
) -> None:
    it = judged(few["C37"])
    assert it.verdict == "impossible as stated"
    assert it.direction in ("right", "not sure", "wrong")
    told = texts.reading({"vendor": few["C37"]}, {"vendor": it})
    assert "Impossible as stated: 3.70 times the 34 % it is claimed for is 126 %" in told
    assert "Direction" in told


def test_a_comparison_is_told_in_points_ratio_and_odds_ratio(
    few: dict[str, simulating.Tested],
) -> None:
    [it] = few["C43"].answers
    contrasts = it.contrasts
    assert set(contrasts) == set(simulating.CONTRASTS)
    gained = contrasts["with"].value - contrasts["without"].value
    assert contrasts["difference"].value == pytest.approx(gained)
    assert contrasts["ratio"].value == pytest.approx(it.found.value)
    assert contrasts["odds_ratio"].value > contrasts["ratio"].value
    assert 0.0 <= it.opposite <= 1.0


def test_a_claim_about_one_arm_compares_nothing(few: dict[str, simulating.Tested]) -> None:
    for name in ("L44", "L57"):
        for it in few[name].answers:
            assert not it.contrasts
            assert it.found.known == 1.0


def test_all_roles_together_are_everybody() -> None:
    from analysis.studies.claims.experiments import Agenda
    from sim.state import ROLES

    whole = with_check({"expect": ({"of": "with", "expected": 1, "low": 0, "high": 1},)})
    among = {"of": "with", "expected": 1, "low": 0, "high": 1, "among": {"role": ROLES}}
    parts = with_check({"expect": (among,)})
    arms: dict[str, Scenario] = {}
    both = {
        name: experiments.experiment(name, entry, arms)
        for name, entry in (("whole", whole), ("parts", parts))
    }
    it = simulated_claims(Agenda(both, arms), [{}], 3, 1)
    assert it["parts"].answers[0].found.value == pytest.approx(it["whole"].answers[0].found.value)


def test_the_same_study_gives_the_same_answers(few: dict[str, simulating.Tested]) -> None:
    again = simulated_claims(agenda(("C43",)), [{}, {"peer_weight": 2.0}], 4, 1)
    assert again["C43"].answers[0].found == few["C43"].answers[0].found


def test_one_organisation_is_too_few() -> None:
    with pytest.raises(AdoptionError, match="organisations: found 1, expected at least 2"):
        simulated_claims(agenda(("C43",)), [{}], 1, 1)


def test_claims_that_were_interrupted_are_no_claims() -> None:
    def stop(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(InterruptedStudyError, match="before the claims were finished"):
        simulated_claims(agenda(("C43",)), [{}, {}, {}], 2, 1, progress=stop)
