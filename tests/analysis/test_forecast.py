"""What now: weights with known answers, plans that share the past, scores, what is kept, what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from analysis.cli import adopt
from analysis.decisions import forecast_texts as texts
from analysis.decisions.forecast import Forecast, both_sets, forecast, investigate, question
from analysis.decisions.forecast_figure import forecast_figure
from analysis.decisions.forecast_particles import Particles, packed, particles_of, unpacked
from analysis.decisions.forecast_plans import CONTINUE, LEADERS, STOP, followed, plans_of
from analysis.decisions.forecast_scores import BAND, SHARES, Score, crps, hidden
from analysis.decisions.forecast_weights import (
    EFFECTIVE,
    FLOOR,
    Levels,
    chosen,
    effective_number,
    levels_of,
    misfit,
    quantiles,
    surprise,
    weighed,
    weights_of,
    within_reach,
)
from analysis.decisions.observed import OWN_MONTHLY, OWN_WEEKLY, Observed, read_observed
from analysis.results.pieces import Pieces
from analysis.words.languages import language
from sim.errors import AdoptionError
from sim.scenario.schema import Scenario
from sim.study.posteriors import posterior

PEOPLE, MONTHS = 40, 14
SETS = {name: posterior(name).iloc[:2].to_dict("records") for name in ("literature", "vendor")}


def small(name: str, **changes: object) -> Scenario:
    values = {path.replace("__", "."): value for path, value in changes.items()}
    return sim.load(name).changed(
        {"organisation.employees": PEOPLE, "simulation.months": MONTHS, **values}
    )


def observed(curve: np.ndarray, months: int, of: str = "people", weekly: bool = False) -> Observed:
    """Return what was observed of people, if they went along a curve."""
    nothing = np.zeros((0, months))
    return Observed(
        OWN_WEEKLY if weekly else OWN_MONTHLY,
        of,
        np.arange(1, months + 1),
        np.rint(PEOPLE * curve[1 : months + 1]),
        np.full(months, float(PEOPLE)),
        {},
        nothing,
        nothing,
        "",
        (),
    )


@pytest.fixture(scope="module")
def curve() -> np.ndarray:
    """Return users in the month of a usual organisation."""
    runs = sim.Simulator(small("leadership"), 40, 5, [SETS["vendor"][0]]).curves(None, "using")
    return np.asarray(np.median(runs, axis=0))


@pytest.fixture(scope="module")
def ahead(curve: np.ndarray) -> Forecast:
    plans = {"again": small("leadership"), "more": small("leadership-champions")}
    return forecast(
        small("leadership"), observed(curve, 5), plans=plans, sets=SETS, particles=600, seed=3
    )


def toy(values: np.ndarray, months: int = 12) -> Particles:
    """Return particles that stand still, each at its value."""
    number = len(values)
    curves = np.repeat(values[:, None], months + 1, axis=1)
    return Particles(
        np.zeros(number, int),
        np.arange(number),
        np.full(number, 1.0 / number),
        np.zeros(number),
        100,
        np.array([40.0, 60.0]),
        ("management", "office"),
        np.ones((3, months + 1)),
        {"using": curves, "adoption": curves},
        {"using": np.repeat(curves[:, None], 2, axis=1)},
    )


def seen_in(values: list[float]) -> Levels:
    months = np.arange(1, len(values) + 1)
    none = np.zeros((0, 2), bool)
    return Levels("using", months, np.array(values), (), none, np.zeros((0, len(values))), np.zeros(0))  # fmt: skip


# --- Weights -------------------------------------------------------------------------------


def test_a_linear_gaussian_toy_has_its_known_posterior() -> None:
    """Levels are drawn around .5 ± .1, and seen four times ± the floor: mean and spread follow."""
    levels = np.random.default_rng(1).normal(0.5, 0.1, 40_000)
    particles, seen = toy(levels), [0.62, 0.58, 0.61, 0.63]
    fit = weighed(particles.prior, misfit(particles, seen_in(seen)))
    precision = 1 / 0.1**2 + len(seen) / FLOOR**2
    mean = (0.5 / 0.1**2 + sum(seen) / FLOOR**2) / precision
    assert fit.widened == 1.0
    assert fit.weights @ levels == pytest.approx(mean, abs=5e-4)
    spread = np.sqrt(fit.weights @ (levels - fit.weights @ levels) ** 2)
    assert spread == pytest.approx(precision**-0.5, rel=0.03)
    low, high = quantiles(levels, fit.weights, BAND)
    assert high - low == pytest.approx(2 * 1.2816 * precision**-0.5, rel=0.04)


def test_weights_sum_to_one_and_count_what_they_count() -> None:
    prior = np.full(1000, 1e-3)
    missed = np.where(np.arange(1000) < 70, 0.0, 1e6)
    weights = weights_of(prior, missed)
    assert weights.sum() == pytest.approx(1.0, abs=1e-12)
    assert effective_number(weights) == pytest.approx(70.0)
    assert effective_number(prior) == pytest.approx(1000.0)


def test_the_floor_is_widened_no_more_than_it_takes() -> None:
    particles = toy(np.linspace(0.0, 1.0, 1001))
    missed = misfit(particles, seen_in([0.5] * 8))
    near = weighed(particles.prior, missed)
    assert effective_number(weights_of(particles.prior, missed)) < EFFECTIVE
    assert 1.0 < near.widened < 4.0
    assert near.effective == pytest.approx(EFFECTIVE, rel=1e-6)


def test_what_no_organisation_does_is_refused() -> None:
    particles = toy(np.linspace(0.0, 0.4, 1000))
    with pytest.raises(AdoptionError, match="in month 2 90 % was observed"):
        within_reach(particles, seen_in([0.3, 0.9]))
    torn = seen_in([0.0, 0.4] * 4)  # each month is reached by some, both by none
    within_reach(particles, torn)
    with pytest.raises(AdoptionError, match="and 60 are needed"):
        weighed(particles.prior, 30.0 * misfit(particles, torn) ** 2)
    assert surprise(particles, torn) < 0.05
    assert surprise(particles, seen_in([0.2, 0.2])) > 0.05


def test_departments_that_do_as_all_do_weigh_as_much_as_the_whole() -> None:
    particles = toy(np.linspace(0.0, 1.0, 500))
    whole = seen_in([0.4, 0.5])
    parts = whole._replace(
        groups=("management", "office"),
        members=np.eye(2, dtype=bool),
        group_values=np.array([[0.4, 0.5], [0.4, 0.5]]),
        sizes=np.array([0.4, 0.6]),
    )
    np.testing.assert_allclose(misfit(particles, parts), misfit(particles, whole), atol=1e-4)
    apart = parts._replace(group_values=np.array([[0.1, 0.2], [0.6, 0.7]]))
    assert misfit(particles, apart).min() > misfit(particles, parts).min()
    unknown = parts._replace(group_values=np.array([[np.nan, 0.5], [0.4, 0.5]]))
    np.testing.assert_allclose(misfit(particles, unknown), misfit(particles, whole), atol=1e-4)


def test_quantiles_are_those_of_values_repeated_by_their_weights() -> None:
    values = np.array([3.0, 1.0, 2.0, 5.0])
    weights = np.array([0.5, 0.25, 0.25, 0.0])
    assert quantiles(values, weights, (0.1, 0.25, 0.5, 0.9)).tolist() == [1.0, 1.0, 2.0, 3.0]
    both = quantiles(np.stack([values, -values], axis=1), weights, (0.5,))
    assert both.tolist() == [[2.0, -3.0]]
    which, times = chosen(weights, 8)
    assert dict(zip(which.tolist(), times.tolist(), strict=True)) == {0: 4, 1: 2, 2: 2}


def test_who_has_no_access_uses_nothing() -> None:
    """Half of those enabled, where half have access, is a quarter of the people."""
    particles = toy(np.linspace(0.0, 1.0, 50))
    particles = particles._replace(access=np.full((3, 13), 0.5))
    half = observed(np.full(13, 0.5), 3, of="enabled")
    np.testing.assert_allclose(levels_of(half, particles).values, 0.25)
    np.testing.assert_allclose(levels_of(half._replace(of="people"), particles).values, 0.5)
    strange = half._replace(groups={"office": ("office",), "moon": ("moon",)}, group_active=np.ones((2, 3)), group_base=np.full((2, 3), 9.0))  # fmt: skip
    with pytest.raises(
        AdoptionError, match="department 'moon', expected one of: management, office"
    ):
        levels_of(strange, particles)


def test_departments_are_held_against_those_of_the_scenario(
    ahead: Forecast, tmp_path: Path
) -> None:
    """What one particle's departments do is fitted by it best; others pull the weights another way."""
    particles, place = ahead.particles, int(np.argmax(ahead.fit.weights))
    counts = np.rint(particles.parts["using"][place] * particles.heads[:, None])
    rows = "".join(
        f"{month},{name.title()},{counts[k, month]:.0f},{particles.heads[k]:.0f}\n"
        for k, name in enumerate(particles.departments)
        for month in (1, 2, 3)
    )
    (tmp_path / "use.csv").write_text("month,department,active,enabled\n" + rows)
    seen = read_observed(tmp_path / "use.csv")
    levels = levels_of(seen, particles)
    assert len(levels.groups) >= 2
    assert levels.sizes.sum() <= 1.0 + 1e-9
    missed = misfit(particles, levels)
    assert missed[place] == pytest.approx(0.0, abs=1e-3)
    assert missed.min() == missed[place]


def test_that_departments_are_not_those_of_the_scenario_is_said(ahead: Forecast) -> None:
    strange = ahead.asked.observed._replace(
        groups={"moon": ("moon",)}, group_active=np.ones((1, 5)), group_base=np.full((1, 5), 9.0)
    )
    assert levels_of(strange, ahead.particles).groups == ()
    other = ahead._replace(asked=ahead.asked._replace(observed=strange))
    assert any("only the whole" in text for text in texts.sentences(other))


def test_other_people_than_the_scenario_has_are_said(ahead: Forecast) -> None:
    assert not any("Only shares are taken" in text for text in texts.sentences(ahead))
    twice = ahead.asked.observed._replace(base=ahead.asked.observed.base * 2)
    other = ahead._replace(asked=ahead.asked._replace(observed=twice))
    assert any("about 80 people" in text and "40" in text for text in texts.sentences(other))


def test_figures_of_another_number_of_people_are_told_with_both_numbers(tmp_path: Path) -> None:
    def seen_of(of: str, *bases: int) -> Observed:
        rows = "".join(f"{k},{10 * k},{base}\n" for k, base in enumerate(bases, start=1))
        (tmp_path / "use.csv").write_text(f"month,weekly,{of}\n{rows}")
        return read_observed(tmp_path / "use.csv")

    nl = language("nl")
    access = np.array([0.0, 60.0, 120.0, 180.0])
    for people, said in ((250, True), (160, True), (175, False), (180, False)):
        (seen, *rest) = texts.other_people(seen_of("people", people, people), 180, access, nl) or [
            ""
        ]
        assert not rest and bool(seen) == said
        if said:
            assert f"over {people} mensen in maand 2, uw organisatie heeft er 180" in seen
            assert "alleen aandelen" in seen
    (text,) = texts.other_people(seen_of("enabled", 60, 250), 180, access, nl)
    assert "250 mensen met toegang in maand 2; in deze strategie hebben dan 120 van uw 180" in text


# --- Scores --------------------------------------------------------------------------------


def test_the_crps_has_its_known_values() -> None:
    """Of a standard normal at 0 it is (√2 - 1)/√π; of a uniform at its end a third; of a value the error."""
    from statistics import NormalDist

    number = 4001
    equal, shares = np.full(number, 1 / number), (np.arange(number) + 0.5) / number
    normal = np.array([NormalDist().inv_cdf(share) for share in shares])
    assert crps(normal, equal, 0.0) == pytest.approx((2**0.5 - 1) / np.pi**0.5, abs=1e-4)
    assert crps(shares, equal, 1.0) == pytest.approx(1 / 3, abs=1e-4)
    assert crps(shares, equal, 0.5) == pytest.approx(1 / 12, abs=1e-4)
    assert crps(np.array([1.0]), np.array([1.0]), 3.0) == 2.0
    weighted = crps(np.array([0.0, 1.0]), np.array([0.75, 0.25]), 0.0)
    assert weighted == pytest.approx(crps(np.array([0.0, 0.0, 0.0, 1.0]), np.full(4, 0.25), 0.0))


def test_that_the_model_adds_no_skill_is_said_where_it_adds_none() -> None:
    scores = [Score("forecast", 0.03, 0.8, 4), Score("last value", 0.04, float("nan"), 4),
              Score("last value and usual changes", 0.02, 0.8, 4), Score("unconditioned", 0.1, 0.8, 4)]  # fmt: skip
    assert "not skill" in texts.skill(scores, 2)[-1]
    better = [score._replace(crps=0.05) if score.way != "forecast" else score for score in scores]
    assert len(texts.skill(better, 2)) == 1
    assert texts.skill([], 0) == []


# --- Plans ---------------------------------------------------------------------------------


def test_plans_share_the_past_and_the_same_plan_differs_by_nothing(ahead: Forecast) -> None:
    names = list(ahead.plans)
    assert names == [CONTINUE, STOP, "again", "more"]
    using = ahead.outcomes.curves["using"]
    assert (using[:, :, :6] == using[0][:, :6]).all()
    assert (ahead.apart(names.index("again")) == 0.0).all()
    assert ahead.table.loc["again", "difference"] == 0.0
    assert ahead.table.loc["again", "more_cost"] == 0.0
    assert ahead.apart(names.index(STOP)) @ ahead.outcomes.weights < 0.0
    assert ahead.table.loc[STOP, "more_cost"] < 0.0 < ahead.table.loc["more", "more_cost"]
    assert "changes nothing" in " ".join(texts.sentences(ahead))


def test_what_was_drawn_is_what_compare_gives(ahead: Forecast) -> None:
    """A particle is an organisation of the simulator, to the last person."""
    place = int(ahead.outcomes.which[0])
    vector = ahead.asked.vectors[ahead.particles.vector[place]]
    alone = sim.Simulator(ahead.asked.scenario, 1, 3, [vector], first=place)
    np.testing.assert_allclose(ahead.outcomes.curves["using"][0][0], alone.curves(None, "using")[0], atol=1e-9)  # fmt: skip
    np.testing.assert_allclose(ahead.particles.curves["adoption"][place], alone.curves()[0], atol=1e-9)  # fmt: skip


def test_a_plan_follows_another_programme_from_the_next_month_on() -> None:
    here = small("baseline", programme={
        "launch": {"start": 1},
        "training": {"months": 10, "dose": 2},
        "champions": {"start": 8},
        "co-creation": {"start": 3},
    })  # fmt: skip
    there = small("baseline", programme={
        "launch": {"start": 1},
        "co-creation": {"start": 3, "months": 12},
        "leadership-example": {"start": 2},
    })  # fmt: skip
    plan = followed(here, there, 5).programme
    assert plan["launch"] == here.programme["launch"]
    assert (plan["training"].months, plan["training"].dose) == (5, 1.0)  # type: ignore[union-attr]
    assert "champions" not in plan
    assert plan["co-creation"].months == 3  # type: ignore[union-attr]
    late = plan["co-creation-from-6"]
    assert (late.measure, late.start, late.months) == ("co-creation", 6, 12)  # type: ignore[union-attr]
    assert plan["leadership-example"].start == 6  # type: ignore[union-attr]
    listed = plans_of(here, 5, {})
    assert list(listed) == [CONTINUE, STOP, LEADERS]
    assert list(plans_of(small("baseline"), 5, {})) == [CONTINUE, LEADERS]


# --- What is said ---------------------------------------------------------------------------


def test_a_band_is_told_from_two_months_on_and_a_middle_from_nine(
    ahead: Forecast, curve: np.ndarray
) -> None:
    assert not ahead.points
    assert "about" not in ahead.answer
    assert np.isnan(ahead.table["middle"]).all()
    assert all(row["middle"] is None for row in ahead.as_json()["months"])
    nine = forecast(small("leadership"), observed(curve, 9), sets=SETS, particles=400, seed=3)
    assert "about" in nine.answer
    assert np.isfinite(nine.table["middle"]).all()
    with pytest.raises(AdoptionError, match="found 1 month, expected at least 2"):
        forecast(small("leadership"), observed(curve, 1), sets=SETS, particles=400)


def test_it_has_the_form_of_a_study(ahead: Forecast) -> None:
    assert ahead.question == "What now?"
    content = json.loads(json.dumps(ahead.as_json(), allow_nan=False))
    assert (content["runs"], content["seed"]) == (ahead.runs, 3)
    assert {"answer", "plans", "months", "context", "learning", "earlier"} <= content.keys()
    assert content["observed"]["kpi"] == content["kpi"] == "using"
    assert sum(content["believed"].values()) == pytest.approx(1.0)
    assert ahead.months.loc[1:5, "observed"].notna().all()
    low, middle, high = ahead.band()
    assert (low <= middle).all() and (middle <= high).all()


def test_an_unlikely_context_is_no_reason(ahead: Forecast) -> None:
    assert not ahead.far
    far = ahead._replace(particles=ahead.particles._replace(context=np.full(ahead.runs, 2.5)))
    assert far.far
    assert "the reason is not" in " ".join(texts.sentences(far))
    doubted = ahead._replace(surprise=0.01)
    assert "Do not trust this band" in " ".join(texts.sentences(doubted))
    assert "Do not trust this band" in doubted.figure().caption
    assert doubted.answer.startswith("Not to be trusted: ")


def test_more_months_are_expected_to_settle_more(ahead: Forecast) -> None:
    learning = ahead.learning
    assert learning.months == (1, 2, 3, 6)
    assert learning.width[-1] < learning.width[0]
    assert (learning.sure >= 0.5 - 1e-12).all() and (learning.sure <= 1.0).all()
    np.testing.assert_allclose(learning.sure[0], 0.5)  # going on against itself
    assert learning.when in learning.months


def test_the_figure_says_what_it_shows_in_both_languages(ahead: Forecast) -> None:
    for code in ("en", "nl"):
        picture = forecast_figure(ahead, language(code))
        words = [text.get_text() for text in picture.texts]
        assert picture.caption.endswith(".")
        assert any("champions" in word.lower() for word in words)
        assert len(picture.axes[0].lines) > 20
        assert "14" in picture.message


# --- Kept ----------------------------------------------------------------------------------


def test_packed_arrays_are_the_same_text_and_come_back_the_same() -> None:
    arrays = {"a": np.arange(6, dtype=np.uint16).reshape(2, 3), "b": np.array([0.1, np.pi])}
    assert packed(arrays) == packed(arrays)
    for name, values in unpacked(packed(arrays)).items():
        np.testing.assert_array_equal(values, arrays[name])


def test_a_second_forecast_simulates_nothing_anew(
    tmp_path: Path, curve: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = question(small("leadership"), observed(curve, 5), sets=SETS, particles=400, seed=3)
    first = investigate(asked, root=tmp_path)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("simulated again")

    monkeypatch.setattr("analysis.decisions.forecast_particles.under", never)
    monkeypatch.setattr("analysis.decisions.forecast_plans.Simulator", never)
    again = investigate(asked, root=tmp_path)
    np.testing.assert_array_equal(again.fit.weights, first.fit.weights)


def test_particles_do_not_depend_on_what_was_observed(curve: np.ndarray) -> None:
    places = {
        question(small("leadership"), observed(curve, months), sets=SETS).particles.determining[
            "result"
        ]
        for months in (3, 5)
    }
    assert len(places) == 1


def test_hidden_organisations_are_forecast_without_their_vector(curve: np.ndarray) -> None:
    scenario = small("leadership")
    particles = particles_of(scenario, SETS, 100, 3, pieces=Pieces())
    vectors = [vector for several in SETS.values() for vector in several]
    trial = hidden(scenario, vectors, particles, "using", number=4, given=6)
    assert trial.scores[0].values + 8 * trial.refused == 4 * 8
    assert len(SHARES) == 49
    assert trial.scores[0].way == "forecast"


# --- The command ----------------------------------------------------------------------------


SMALL = (
    *("--set", f"organisation.employees={PEOPLE}"),
    *("--set", f"simulation.months={MONTHS}"),
)


def run(*options: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(adopt, ["forecast", "leadership", *options])
    said = result.stderr + (str(result.exception) if result.exception else "")
    return result.exit_code, result.stdout, said


@pytest.fixture
def use(tmp_path: Path, curve: np.ndarray) -> Path:
    path = tmp_path / "use.csv"
    rows = "".join(f"{month},{round(PEOPLE * curve[month])},{PEOPLE}\n" for month in range(1, 6))
    path.write_text("month,active,enabled\n" + rows)
    return path


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Missing option '--observed'"),
        (["--observed", "none.csv"], "there is no such file"),
        (["--observed", "{use}", "--month", "3"], "month: found 3, expected a whole number from 6"),
        (["--observed", "{use}", "--plan", "size-75"], "found other people or ties"),
        (["--observed", "{use}", "--plan", "leadership-champions", "--plan", "leadership-champions"], "two plans of one name"),
        (["--observed", "{use}", "--first", "2026-01"], "counts months from 1 by itself"),
        (["--observed", "{use}", "--set", "simulation.months=5"], "expected months before 5"),
    ],
)  # fmt: skip
def test_the_command_says_what_is_wrong(options: list[str], said: str, tmp_path: Path, use: Path) -> None:  # fmt: skip
    given = [option.format(use=use) for option in options]
    code, _, text = run(*given, "--output", str(tmp_path / "out"), "--under", "vendor")
    assert code != 0
    assert said in " ".join(text.split())


def test_both_sets_are_whole() -> None:
    assert {name: len(several) for name, several in both_sets().items()} == {
        name: len(posterior(name)) for name in ("literature", "vendor")
    }


def test_the_example_file_is_read() -> None:
    assert read_observed("docs/examples/use.csv").last == 5


def test_real_people_are_told_in_the_groups_that_may_be_told(tmp_path: Path) -> None:
    """The three of the management stand with another department, and what is observed of them does too."""
    people = Path("docs/examples/people.csv").absolute()
    (tmp_path / "firm.yaml").write_text(
        f"organisation:\n  people: {people}\nprogramme:\n  launch: {{}}\nsimulation: {{months: 6}}\n"
    )
    scenario = sim.load(tmp_path / "firm.yaml")
    particles = particles_of(scenario, SETS, 2, 1)
    assert particles.heads.min() >= 5
    assert particles.heads.sum() == particles.people == scenario.organisation.employees
    pooled = next(name for name in particles.departments if " + " in name)
    single = next(name for name in particles.departments if " + " not in name)
    part = pooled.split(" + ")[1]
    rows = "".join(f"{m},{name},5,9\n" for m in (1, 2) for name in (single, part))
    (tmp_path / "use.csv").write_text("month,department,active,enabled\n" + rows)
    assert levels_of(read_observed(tmp_path / "use.csv"), particles).groups == (single,)


def test_nobody_alone_is_told(ahead: Forecast) -> None:
    told: Callable[[object], str] = json.dumps
    assert "person" not in told(ahead.as_json()).lower()
