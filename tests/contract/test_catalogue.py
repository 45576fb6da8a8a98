"""Every measure of the catalogue is described, sourced, priced, and changes something."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from parts import few

import sim
from analysis.cli import adopt
from sim import kpis
from sim.channels import CHANNELS, RELIEFS
from sim.evidence import ids_of, read_evidence
from sim.kpis import known_mean
from sim.scenario import read_catalogue
from sim.scenario.library import read_archetypes
from sim.scenario.measure import Measure, Pushes
from sim.scenario.schema import Scenario
from sim.study import tables

NAMES = sorted(read_catalogue())
PHASES = {"communication", "co_creation", "competence", "incentives", "cross_cutting"}
KPI = [one.name for one in kpis.MEASURED]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each measure in turn."""
    return str(request.param)


@pytest.fixture
def measure(name: str) -> Measure:
    """Return each measure in turn."""
    return read_catalogue()[name]


def everything(measure: Measure) -> dict[str, float]:
    """Return the strongest push of a measure on each channel, directly or by who coaches."""
    coaching = measure.coaching or Pushes()
    return {
        channel: max(getattr(measure.pushes, channel), getattr(coaching, channel))
        or getattr(measure.pushes, channel)
        for channel in CHANNELS
    }


# --- What it says ----------------------------------------------------------------------------


def test_a_measure_is_described_in_both_languages(measure: Measure) -> None:
    for text in (measure.title, measure.description):
        assert text.en.strip()
        assert text.nl.strip()
        assert text.en != text.nl
    assert measure.description.en.endswith(".")
    assert measure.description.nl.endswith(".")


def test_a_measure_names_its_sources(measure: Measure) -> None:
    assert all(len(source.strip()) > 5 for source in measure.sources)
    assert len(set(measure.sources)) == len(measure.sources)


def test_a_claim_that_nobody_could_trace_is_said_to_be_one(measure: Measure) -> None:
    for source in measure.sources:
        if any(read_evidence()[one].grade == "E" for one in ids_of(source)):
            assert "untraced" in source or "unnamed" in source, source


def test_a_cost_is_said_to_be_an_assumption(measure: Measure) -> None:
    assert any("cost" in source and "assumption" in source for source in measure.sources)


def test_a_measure_says_what_each_of_its_numbers_rests_on(measure: Measure) -> None:
    """Hours, build-up, wear, culture and consent are marked assumptions, or a source names them."""
    rests = " ".join(one for one in measure.sources if one.partition(":")[0] in ("choice", "wor"))
    there = {
        "hours": measure.takes_hours,
        "build-up": measure.builds_up > 0.0,
        "wear": measure.wears > 0.0,
        "culture": any(measure.culture.model_dump().values()),
        "consent": measure.needs_consent,
    }
    for word, has in there.items():
        assert (word in rests) == has, word


def test_names_of_measures_are_plain_words() -> None:
    for name in NAMES:
        assert name.replace("-", "").isalnum()
        assert name == name.lower()


def test_every_phase_of_practice_has_measures() -> None:
    phases = [one.phase for one in read_catalogue().values()]
    assert set(phases) == PHASES
    assert min(phases.count(phase) for phase in PHASES) >= 5


def test_every_channel_is_acted_on_by_some_measure() -> None:
    acted = set().union(*(tables.acts_on(one) for one in read_catalogue().values()))
    assert acted == {*CHANNELS, "message"}


def test_no_two_measures_do_the_same() -> None:
    def effect(one: Measure) -> tuple[object, ...]:
        return (
            one.pushes, one.message, one.appoints, one.coaching, one.lasting,
            one.participatory, one.recognises, one.on_arrival,
        )  # fmt: skip

    effects = [effect(one) for one in read_catalogue().values()]
    assert all(effects.count(one) == 1 for one in effects)


def test_the_parts_of_hr_anchoring_come_to_less_than_the_whole() -> None:
    known = read_catalogue()
    whole = known["hr-anchoring"].pushes
    parts = ("job-descriptions", "appraisal", "career-paths", "recognition")
    for channel in ("incentive", "relief_status"):
        left = np.prod([1.0 - getattr(known[one].pushes, channel) for one in parts])
        assert 1.0 - left < getattr(whole, channel)


# --- Whether its parts fit -------------------------------------------------------------------


def test_a_measure_does_something_on_a_channel_or_puts_people_in_a_part(measure: Measure) -> None:
    pushed = [channel for channel in CHANNELS if getattr(measure.pushes, channel)]
    assert pushed or measure.message or measure.appoints


def test_a_measure_costs_money_or_time(measure: Measure) -> None:
    assert any(measure.cost.model_dump().values())


def test_parts_of_a_measure_fit_together(measure: Measure) -> None:
    if measure.share is not None or measure.coaching is not None:
        assert measure.appoints is not None
    if measure.selection is not None:
        assert measure.appoints == "champions"
    if measure.appoints is not None:
        assert measure.lasting == "structural"
    if (
        measure.on_arrival or measure.recognises
    ):  # else newcomers come, and champions tire, too late
        assert measure.lasting == "structural"
    if measure.cost.trainer_hours_per_participant:
        assert everything(measure)["training"] > 0 or measure.coaching is not None


def test_relief_can_be_scaled_up_as_far_as_its_parameter_allows(measure: Measure) -> None:
    """A share of a threat that is removed must stay below all of it."""
    highest = sim.parameters_table().loc["relief_scale", "high"]
    for pushes in (measure.pushes, measure.coaching or measure.pushes):
        assert all(highest * getattr(pushes, channel) < 1.0 for channel in RELIEFS)


# --- Whether it does what it says --------------------------------------------------------------


@pytest.mark.parametrize("name", few(NAMES, 6))
def test_a_measure_changes_what_it_acts_on(name: str, measure: Measure, baseline: Scenario) -> None:
    """Each channel has a KPI of its own, whatever becomes of adoption."""
    does = everything(measure)
    bare = baseline.changed(
        {
            # A launch, or there is hardly a user whom anything could help.
            "programme": {} if name == "launch" else {"launch": {}},
            "simulation.months": 8,
            "tool.go_live": 4 if does["access"] else 1,
            "organisation.turnover": 0.5 if measure.on_arrival else 0.0,
        }
    )
    with_it = bare.changed({f"programme.{name}": {}, "name": "with"})
    both = sim.compare([bare, with_it], runs=20, seed=1)
    change = known_mean(both.measured["with"] - both.measured["baseline"])[1:]
    moved = dict(zip(KPI, change.T, strict=True))
    for channel in RELIEFS:
        threat = moved[channel.replace("relief", "threat")]
        if does[channel] > 0:
            assert threat.min() < 0
        if does[channel] < 0:
            assert threat.max() > 0
    if does["training"] > 0 or does["learning"] > 0:
        assert moved["skill"].max() > 0
    if does["match"] > 0 or does["quality"] > 0:
        assert np.nanmax(moved["satisfaction"]) > 0
    if does["discovery"] > 0:
        assert moved["new_use_cases"].max() > 0
    if measure.message is not None:
        assert np.abs(moved["expectation"]).max() > 0
    frightens = any(does[channel] < 0 for channel in RELIEFS)
    if any(does[one] > 0 for one in ("launch", "incentive", "example", "access")):
        assert moved["using"].max() > 0 or frightens
    if does["consider"] > 0:
        assert moved["tried"].max() > 0
    if measure.appoints is not None:
        assert moved["using"].max() > 0
    assert moved["cost_measures"].max() > 0


def test_recognised_champions_do_not_tire(baseline: Scenario) -> None:
    tiring = baseline.changed({"programme": {"champions": {}}})
    calm = {f"programme.recognition.cost.{one}": 0 for one in ("fixed", "per_month")}
    recognised = tiring.changed({"programme.recognition": {}, **calm, "name": "recognised"})
    silent = tiring.changed(
        {"programme.recognition": {}, "parameters.champion_fatigue": 0, "name": "never tiring"}
    )
    result = sim.compare([tiring, recognised, silent], runs=10)
    using = {one: result.curves(one, "using")[:, -1].mean() for one in result.scenarios}
    assert using["recognised"] == using["never tiring"]
    assert using["recognised"] > using["baseline"]


def test_onboarding_is_for_newcomers_only(baseline: Scenario) -> None:
    module = {"programme.onboarding": {}, "name": "with"}
    stable = baseline.changed({"simulation.months": 8})
    same = sim.compare([stable, stable.changed(module)], runs=5)
    assert np.array_equal(same.curves("baseline", "skill"), same.curves("with", "skill"))


@pytest.mark.parametrize("name", few(NAMES, 6))
def test_a_larger_dose_relieves_more(name: str, measure: Measure, baseline: Scenario) -> None:
    bare = baseline.changed(
        {
            "programme": {},
            "simulation.months": 6,
            "organisation.turnover": 0.5 if measure.on_arrival else 0.0,
        }
    )
    amounts: list[dict[str, Any]] = [{"dose": 0.5}, {"dose": 2.0}]
    if measure.takes_people:
        amounts = [{"audience": {"share": 0.3}}, {"audience": {"share": 1.0}}]
    threat = [
        sim.run(bare.changed({f"programme.{name}": amount}), runs=10, seed=1)
        .curves("baseline", "felt_threat")[:, 1:]
        .mean()
        for amount in amounts
    ]
    effects = [getattr(measure.pushes, channel) for channel in RELIEFS]
    if min(effects) >= 0 and max(effects) > 0:
        assert threat[1] < threat[0]
    if max(effects) <= 0 and min(effects) < 0:
        assert threat[1] > threat[0]


def test_a_personal_talk_is_for_all_worries_and_takes_the_time_of_two_people() -> None:
    one = read_catalogue()["personal-talk"]
    assert all(getattr(one.pushes, channel) > 0 for channel in RELIEFS)
    assert one.pushes.training > 0
    assert one.cost.hours_per_participant > 0
    assert one.cost.trainer_hours_per_participant > 0


def test_a_personal_talk_with_those_who_do_not_use_it_leaves_fewer_of_them(
    baseline: Scenario,
) -> None:
    months = {"simulation.months": 8}
    talk = {"start": 4, "audience": {"not_yet_using": True}}
    alone = baseline.changed(months)
    with_it = alone.changed({"programme.personal-talk": talk, "name": "with"})
    both = sim.compare([alone, with_it], runs=20, seed=1)
    using = [both.curves(one, "using") for one in ("baseline", "with")]
    assert np.array_equal(using[0][:, :4], using[1][:, :4])
    assert using[1][:, -1].mean() > using[0][:, -1].mean()
    paid = [both.curves(one, "cost_measures").sum(axis=1).mean() for one in ("baseline", "with")]
    everybody = alone.changed({"programme.personal-talk": {"start": 4}, "name": "all"})
    all_of_them = sim.compare([everybody], runs=20, seed=1).curves("all", "cost_measures")
    assert paid[0] < paid[1] < all_of_them.sum(axis=1).mean()


# --- Reading it --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_catalogue_can_be_read_as_a_table(language: str) -> None:
    table = sim.catalogue(language)
    assert sorted(table.index) == NAMES
    assert set(table["phase"]) <= PHASES
    assert (table["cost of a year"] > 0).all()
    for name, entry in read_catalogue().items():
        assert table.loc[name, "title"] == getattr(entry.title, language)
        assert table.loc[name, "does"]


def test_what_a_measure_does_is_said_in_dutch_too(measure: Measure) -> None:
    english, dutch = tables.does(measure), tables.does(measure, "nl")
    assert len(english) == len(dutch)
    assert all(one != other for one, other in zip(english, dutch, strict=True))


def shown(*words: str) -> str:
    """Return what `adopt catalogue` or `adopt kpis` prints."""
    answer = CliRunner().invoke(adopt, list(words), standalone_mode=False)
    if answer.exception is not None:
        raise answer.exception
    return answer.output


def listed(*words: str) -> list[str]:
    """Return the measures that `adopt catalogue` lists with these options."""
    return [one["measure"] for one in json.loads(shown("catalogue", *words, "--json"))]


def test_the_whole_catalogue_is_listed_with_everything_known() -> None:
    rows = json.loads(shown("catalogue", "--json"))
    assert sorted(one["measure"] for one in rows) == NAMES
    for one in rows:
        known = read_catalogue()[one["measure"]].model_dump(mode="json")
        assert {part: one[part] for part in known if part not in ("title", "description")} == {
            part: value for part, value in known.items() if part not in ("title", "description")
        }
        assert one["does"]
        assert one["cost_of_a_year"] > 0


def test_filters_narrow_the_list_together() -> None:
    known = read_catalogue()
    assert listed("--phase", "incentives") == [
        one for one in known if known[one].phase == "incentives"
    ]
    assert listed("--lasting", "one_off", "--phase", "incentives") == []
    assert "champions" in listed("--channel", "training")
    assert "hr-anchoring" not in listed("--channel", "training")
    assert {"ethics-frame", "privacy-guideline"} <= set(listed("--archetype", "ethics"))
    assert "buddies" in listed("--archetype", "competence")
    assert "mandate" not in {
        one for kind in read_archetypes() for one in listed("--archetype", kind)
    }
    assert "micro-learning" in listed("--search", "TEN MINUTES")
    assert "micro-learning" in listed("--search", "tien minuten", "--lang", "nl")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("buddys",), "did you mean 'buddies'?"),
        (("--phase", "comunication"), "did you mean 'communication'?"),
        (("--channel", "trainings"), "did you mean 'training'?"),
        (("--archetype", "statis"), "did you mean 'status'?"),
        (("--lasting", "structual"), "did you mean 'structural'?"),
        (("qqq",), f"{len(NAMES)} are known"),
    ],
)
def test_a_typing_error_is_answered_with_what_was_meant(words: tuple[str, ...], said: str) -> None:
    answer = CliRunner().invoke(adopt, ["catalogue", *words])
    assert answer.exit_code == 2
    assert said in answer.output


def test_a_measure_is_explained_in_the_language_asked_for() -> None:
    english, dutch = shown("catalogue", "buddies"), shown("catalogue", "buddies", "--lang", "nl")
    assert "costs" in english
    assert "kost" in dutch
    for word in ("costs", "rests on", "a month", "structural,"):
        assert word not in dutch
    assert "niets past" in shown("catalogue", "--search", "qqq", "--lang", "nl")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_word_is_cut_off_in_a_narrow_terminal(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    printed = set(shown("catalogue", "--lang", language).split())
    for one in read_catalogue().values():
        told = [getattr(one.title, language), ", ".join(tables.does(one, language))]
        assert set(" ".join(told).split()) <= printed
