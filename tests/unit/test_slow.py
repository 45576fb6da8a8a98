"""What takes time: build-up and wear, culture that moves, relief that lasts, consent; and many voices."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import by_hand
import numpy as np
import pytest
from by_hand import asked, does, lives, measure, put_catalogue, spent
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import channels
from sim.channels import CHANNELS, LAUNCH, QUALITY, RELIEFS, TRAINING
from sim.engine.kinds import Array
from sim.errors import ScenarioError
from sim.parameters import Parameters
from sim.people import population
from sim.programme import compiling, deployments, effects, ledger
from sim.programme.compiling import factors_of, ramp
from sim.programme.deployments import rounds
from sim.programme.levers import effective_numbers
from sim.scenario import folders, read_catalogue, read_scenario
from sim.scenario import measure as measures
from sim.scenario.catalogue import catalogue_of
from sim.scenario.folders import library
from sim.scenario.measure import Measure
from sim.scenario.schema import Scenario

OFF: dict[str, Any] = {
    "parameters.build_up_scale": 0.0, "parameters.wear_scale": 0.0, "parameters.culture_rate": 0.0,
    "parameters.consent_months": 0, "parameters.variety": 0.0, "parameters.relief_carry_over": 0.5,
    "parameters.one_off_carry_over": 0.5,
}  # fmt: skip
"""Numbers with which nothing takes time, and a voice is a voice."""

P = Parameters()._replace(**{name.removeprefix("parameters."): one for name, one in OFF.items()})
SLOW = P._replace(build_up_scale=1.0, wear_scale=1.0)
MATCH = CHANNELS.index("match")
RELIEF_STATUS = CHANNELS.index("relief_status")
RELIEF_CONTROL = CHANNELS.index("relief_control")
PULL = channels.MESSAGE_PULL

promise = settings(max_examples=60, deadline=None, derandomize=True)


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Measure]:
    """Put a catalogue made by hand in the place of the shipped one, and return it."""
    return put_catalogue(monkeypatch)


def scenario(changes: dict[str, Any] | None = None, **programme: dict[str, Any]) -> Scenario:
    """Return the organisation made by hand, in which nothing takes time unless it is said."""
    return by_hand.scenario({**OFF, **(changes or {})}, **programme)


def plain(one: Measure) -> Measure:
    """Return a measure without anything that takes time or consent."""
    told = {"builds_up", "wears", "culture", "needs_consent"}
    return Measure.model_validate(one.model_dump(exclude=told))


def results(one: Scenario) -> bytes:
    """Return every bit of what became of people, and of what it cost."""
    return lives(one, 2) + spent(one, 2).tobytes() + spent(one, 2, "staff_hours").tobytes()


# --- Neutral: as if the fields were not there --------------------------------------------------

SWITCHES = {
    "parameters.build_up_scale": 1.0, "parameters.wear_scale": 1.0, "parameters.culture_rate": 0.2,
    "parameters.consent_months": 2, "parameters.variety": 0.5, "parameters.relief_carry_over": 0.9,
}  # fmt: skip


def full_of_it(changes: dict[str, Any] | None = None) -> Scenario:
    """Return a programme of measures that build up, wear, move culture, need consent and speak."""
    return scenario(
        {
            "organisation.works_council": "early",
            "organisation.turnover": 0.3,
            "parameters.base_desire": -2.0,
            **(changes or {}),
        },
        order={}, open={"start": 2}, letter={}, video={"sender": "it", "start": 2}, talk={},
        leaders={"start": 2},
    )  # fmt: skip


def add_full_of_it(entries: dict[str, Measure], bare: bool = False) -> None:
    """Put the measures of that programme into a catalogue."""
    found = {
        "works-council": measure("structural", pushes={"relief_control": 0.1}),
        "order": measure(
            "structural", pushes={"incentive": 0.5, "relief_control": -0.5}, builds_up=4,
            wears=0.1, needs_consent=True, culture={"error_tolerance": -0.3},
        ),
        "open": measure(
            "structural", pushes={"relief_status": 0.4, "match": 0.3}, builds_up=3, wears=0.05,
            participatory=True,
            culture={"experimentation": 0.4, "participation": 0.3, "transparency": 0.5},
        ),
        "letter": measure(message={"strength": 2.0, "sender": "management"}),
        "video": measure(message={"strength": 2.0, "format": "audiovisual"}),
        "leaders": measure(
            "structural", appoints="leaders", share=1.0, pushes={"relief_ethics": 0.3},
            builds_up=5, wears=0.1,
        ),
    }  # fmt: skip
    entries.update({name: plain(one) if bare else one for name, one in found.items()})


def test_with_every_number_neutral_the_fields_might_as_well_not_be_there(
    catalogue: dict[str, Measure],
) -> None:
    add_full_of_it(catalogue)
    with_fields = results(full_of_it())
    add_full_of_it(catalogue, bare=True)
    assert results(full_of_it()) == with_fields


@pytest.mark.parametrize("number", SWITCHES)
def test_each_number_alone_is_what_switches_its_mechanism_on(
    number: str, catalogue: dict[str, Measure]
) -> None:
    add_full_of_it(catalogue)
    assert results(full_of_it({number: SWITCHES[number]})) != results(full_of_it())


@pytest.mark.parametrize("number", [one for one in SWITCHES if "variety" not in one])
def test_a_number_does_nothing_where_no_measure_asks_for_it(
    number: str, catalogue: dict[str, Measure]
) -> None:
    add_full_of_it(catalogue, bare=True)
    del catalogue["talk"]  # the only one-off relief
    catalogue["talk"] = measure(pushes={"incentive": 0.3})
    assert results(full_of_it({number: SWITCHES[number]})) == results(full_of_it())


# --- Build-up and wear -------------------------------------------------------------------------

EFFECTS = {"relief_status": 0.4, "relief_control": -0.5, "match": 0.3, "incentive": 0.4}


def amounts(dose: Array, builds_up: float, wears: float, p: Parameters = SLOW) -> Array:
    """Return what a structural measure does by month."""
    return does(measure("structural", pushes=EFFECTS).pushes, dose, True, p, 1.0, builds_up, wears)


def test_a_measure_builds_up_evenly_to_its_full_effect() -> None:
    whole, slow = amounts(np.ones(8), 0, 0), amounts(np.ones(8), 4, 0)
    assert slow[:, MATCH] / whole[:, MATCH] == pytest.approx([0.25, 0.5, 0.75, 1, 1, 1, 1, 1])
    assert np.array_equal(slow[4:], whole[4:])


def test_what_helps_wears_and_what_frightens_stays() -> None:
    worn = amounts(np.ones(5), 0, 0.1) / np.where(amounts(np.ones(5), 0, 0) == 0, 1, amounts(np.ones(5), 0, 0))  # fmt: skip
    assert worn[:, RELIEF_STATUS] == pytest.approx(0.9 ** np.arange(5))
    assert worn[:, MATCH] == pytest.approx(0.9 ** np.arange(5))
    assert worn[:, RELIEF_CONTROL].tolist() == [1.0] * 5
    slow = amounts(np.ones(5), 6, 0.1)[:, RELIEF_CONTROL]
    assert np.array_equal(slow, amounts(np.ones(5), 0, 0)[:, RELIEF_CONTROL])  # and at once


@promise
@given(
    dose=st.lists(st.sampled_from([0.0, 0.0, 0.5, 1.0]), min_size=12, max_size=12),
    builds_up=st.floats(0, 24), wears=st.floats(0, 0.9), more=st.floats(0, 1),
)  # fmt: skip
def test_slower_and_worn_is_never_more(
    dose: list[float], builds_up: float, wears: float, more: float
) -> None:
    given_dose = np.array(dose)
    full, some = amounts(given_dose, 0, 0), amounts(given_dose, builds_up, wears)
    slower = amounts(given_dose, builds_up + 10 * more, wears)
    worn = amounts(given_dose, builds_up, min(0.95, wears + 0.5 * more))
    helps = [k for k in range(channels.WIDTH) if k != RELIEF_CONTROL]
    for less, much in ((slower, some), (worn, some), (some, full)):
        assert (less[:, helps] <= much[:, helps] + 1e-12).all()
    assert np.array_equal(some[:, RELIEF_CONTROL], full[:, RELIEF_CONTROL])


@promise
@given(months=st.integers(1, 11), builds_up=st.floats(0, 24), wears=st.floats(0, 0.5))
def test_what_ended_is_never_worth_more_afterwards(
    months: int, builds_up: float, wears: float
) -> None:
    dose = (np.arange(12) < months).astype(float)
    found = amounts(dose, builds_up, wears)[months - 1 :]
    assert (np.diff(found[:, [RELIEF_STATUS, MATCH]], axis=0) <= 1e-12).all()


def test_a_measure_that_begins_again_goes_on_building_and_on_wearing() -> None:
    built, fresh = ramp(np.array([0.0, 1, 1, 0, 1, 1]), 4, 0.5, SLOW)
    assert built.tolist() == [0.0, 0.25, 0.5, 0.5, 0.75, 1.0]
    assert fresh.tolist() == [1.0, 1.0, 0.5, 0.25, 0.125, 0.0625]


@promise
@given(
    pause=st.lists(st.booleans(), min_size=12, max_size=12),
    builds_up=st.floats(0, 24), wears=st.floats(0, 0.9),
)  # fmt: skip
def test_a_pause_never_pays(pause: list[bool], builds_up: float, wears: float) -> None:
    """What is in force in fewer months costs less, and helps no more in any of them."""
    kept = np.where([False, *pause[1:]], 0.0, 1.0)
    helps = [RELIEF_STATUS, MATCH, CHANNELS.index("incentive")]
    always, paused = (amounts(dose, builds_up, wears)[:, helps] for dose in (np.ones(12), kept))
    assert (paused <= always + 1e-12).all()


def test_scales_stretch_build_up_and_wear() -> None:
    twice = ramp(np.ones(6), 2, 0.1, P._replace(build_up_scale=2.0, wear_scale=2.0))
    assert np.array_equal(twice, ramp(np.ones(6), 4, 0.2, SLOW))
    assert np.array_equal(ramp(np.ones(6), 12, 0.5, P), np.ones((2, 6)))


def test_neither_launches_nor_courses_nor_a_better_tool_build_up() -> None:
    one = measure("structural", pushes={"launch": 1.0, "training": 0.5, "quality": 0.1})
    now = does(one.pushes, np.ones(6), True, SLOW)
    slow = does(one.pushes, np.ones(6), True, SLOW, 1.0, 12, 0.3)
    kept = [LAUNCH, TRAINING, QUALITY]
    assert now[:, kept].all() and np.array_equal(now[:, kept], slow[:, kept])


def test_leaders_keep_a_commitment_as_far_as_it_is_built_up_and_not_worn(
    catalogue: dict[str, Measure],
) -> None:
    add_full_of_it(catalogue)
    changes = {"parameters.build_up_scale": 1.0, "parameters.wear_scale": 1.0}
    one = scenario(changes, leaders={"start": 2, "months": 4})
    kept = compiling.compile_programme(one).calendar["commitment"]
    assert kept == pytest.approx([0.0, 0.2, 0.4 * 0.9, 0.6 * 0.81, 0.8 * 0.729, 0.0])
    neutral = compiling.compile_programme(scenario(leaders={"start": 2, "months": 4}))
    assert neutral.calendar["commitment"].tolist() == [0.0, 1.0, 1.0, 1.0, 1.0, 0.0]


def test_a_message_that_is_always_there_builds_up_and_wears(catalogue: dict[str, Measure]) -> None:
    catalogue["board"] = measure("structural", message={"strength": 1.0}, builds_up=2, wears=0.1)
    changes = {"parameters.build_up_scale": 1.0, "parameters.wear_scale": 1.0}
    slow = compiling.compile_programme(scenario(changes, board={})).amount[0]
    usual = compiling.compile_programme(scenario(board={})).amount[0]
    assert slow[:, PULL] / usual[:, PULL] == pytest.approx([0.5, *(0.9 ** np.arange(1, 6))])
    assert slow[:, -1] / slow[:, PULL] == pytest.approx(usual[:, -1] / usual[:, PULL])


# --- Relief that lasts longer than the message -------------------------------------------------


def test_relief_of_a_one_off_measure_lasts_as_long_as_its_own_number_says() -> None:
    one = measure(pushes={"relief_status": 0.4, "match": 0.3})
    dose = np.array([1.0, 0, 0, 0])
    found = does(one.pushes, dose, False, P._replace(relief_carry_over=0.9))
    usual = does(one.pushes, dose, False, P)
    assert found[:, RELIEF_STATUS] / found[0, RELIEF_STATUS] == pytest.approx(0.9 ** np.arange(4))
    assert np.array_equal(found[:, MATCH], usual[:, MATCH])
    assert (found >= usual).all()
    same = P._replace(one_off_carry_over=0.37, relief_carry_over=0.37)
    together = does(one.pushes, dose, False, same)
    stock = compiling.stocks(dose, False, 0.37)
    assert np.array_equal(together[:, MATCH], channels.strength(0.3) * stock)
    assert together[:, RELIEF_STATUS] == pytest.approx(together[0, RELIEF_STATUS] * stock)


def test_relief_of_a_structural_measure_knows_nothing_of_it() -> None:
    long = P._replace(relief_carry_over=0.99)
    dose = np.array([1.0, 1, 0, 0])
    assert np.array_equal(amounts(dose, 0, 0, long), amounts(dose, 0, 0, P))
    assert np.array_equal(compiling.lasting_of(True, long), compiling.lasting_of(True, P))


def test_who_came_later_was_not_relieved_before(catalogue: dict[str, Measure]) -> None:
    one = scenario({"parameters.relief_carry_over": 0.9}, talk={})
    plan = compiling.compile_programme(one)
    for arrival in (1, 3):
        got = effects.add_up(plan, plan.onset, 1, 0, arrival, led=0.0, now=4)
        assert got.relief_status == pytest.approx(0.0, abs=1e-12)
    there = effects.add_up(plan, plan.onset, 1, 0, 0, led=0.0, now=4)
    assert there.relief_status == pytest.approx(plan.amount[0, 0, RELIEF_STATUS] * 0.9**4)


# --- Culture that moves ------------------------------------------------------------------------

SIDES = measures.CULTURE


def moved(one: Scenario) -> dict[str, Array]:
    """Return how far culture moved by month."""
    table, staff, paid = asked(ledger.affordable(one, population.chart(one)), one)
    start = np.array([getattr(one.organisation.culture, name) for name in SIDES])
    path = compiling.culture_path(table, paid, staff, start, one.numbers.culture_rate)
    return dict(zip(SIDES, path, strict=True))


def test_culture_closes_a_share_of_the_gap_each_month(catalogue: dict[str, Measure]) -> None:
    catalogue["open"] = measure("structural", culture={"transparency": 0.4})
    path = moved(scenario({"parameters.culture_rate": 0.5}, open={"start": 2, "months": 2}))
    assert path["transparency"] == pytest.approx([0, 0.2, 0.3, 0.15, 0.075, 0.0375])
    assert all(not path[name].any() for name in SIDES if name != "transparency")


def test_culture_stays_between_nothing_and_all(catalogue: dict[str, Measure]) -> None:
    catalogue["open"] = measure("structural", culture=dict.fromkeys(SIDES, 0.9))
    catalogue["shut"] = measure("structural", culture=dict.fromkeys(SIDES, -0.9))
    rate = {"parameters.culture_rate": 0.95, "organisation.culture.transparency": 0.7}
    up = moved(scenario(rate, open={}))["transparency"]
    down = moved(scenario(rate, shut={}))["transparency"]
    assert up[-1] == pytest.approx(0.3, abs=1e-3) and up.max() <= 0.3
    assert down[-1] == pytest.approx(-0.7, abs=1e-3) and down.min() >= -0.7
    both = moved(scenario(rate, open={}, shut={}))["transparency"]
    assert both == pytest.approx(0.0)


def test_what_culture_does_has_the_sign_it_has_at_the_start(
    catalogue: dict[str, Measure],
) -> None:
    one = scenario()
    months = one.simulation.months
    better = factors_of(np.full((4, months), 0.2), one.numbers)
    worse = factors_of(np.full((4, months), -0.2), one.numbers)
    same = factors_of(np.zeros((4, months)), one.numbers)
    for name, up in {
        "starting": True, "stopping": False, "learning": True, "finding": True,
        "participation": True, "credibility": True,
    }.items():  # fmt: skip
        high, low = (better, worse) if up else (worse, better)
        assert (getattr(high, name) > 1.0).all() and (getattr(low, name) < 1.0).all(), name
        assert (getattr(same, name) == 1.0).all()


def test_a_culture_that_moved_all_the_way_does_what_one_does_that_was_there(
    catalogue: dict[str, Measure],
) -> None:
    """Factors of what moved and of the start multiply to those of where it ended."""
    base = {
        "organisation.culture.experimentation": 0.3,
        "organisation.culture.error_tolerance": 0.3,
    }
    there = dict.fromkeys(base, 0.6)
    p, q = (effective_numbers(scenario(one)) for one in (base, there))
    factor = factors_of(np.full((4, 6), 0.3), scenario(base).numbers)
    assert p.start_rate * factor.starting[0] == pytest.approx(q.start_rate)
    assert p.stop_rate * factor.stopping[0] == pytest.approx(q.stop_rate)
    assert p.practice_gain * factor.learning[0] == pytest.approx(q.practice_gain)
    assert p.discovery_rate * factor.finding[0] == pytest.approx(q.discovery_rate)


def test_a_measure_for_some_moves_culture_as_much_as_there_are_of_them(
    catalogue: dict[str, Measure],
) -> None:
    catalogue["open"] = measure("structural", culture={"transparency": 0.4})
    catalogue["leaders"] = measure(
        "structural", appoints="leaders", share=1.0, culture={"transparency": 0.4}
    )
    rate = {"parameters.culture_rate": 0.5}
    whole = moved(scenario(rate, open={}))["transparency"]
    shop = moved(scenario(rate, open={"audience": {"departments": ["shop"]}}))["transparency"]
    people = np.bincount(population.chart(scenario()).department)
    assert shop == pytest.approx(whole * people[2] / people.sum())
    assert moved(scenario(rate, open={"audience": {"share": 0.25}}))[
        "transparency"
    ] == pytest.approx(0.25 * whole)
    led = moved(scenario(rate, leaders={}))["transparency"]
    assert led == pytest.approx(whole)
    assert moved(scenario(rate, leaders={"share": 0.5}))["transparency"] == pytest.approx(0.5 * led)


def test_what_is_said_once_moves_culture_no_further_than_a_full_dose(
    catalogue: dict[str, Measure],
) -> None:
    catalogue["open"] = measure(culture={"transparency": 0.3})
    rate = {"parameters.culture_rate": 0.5}
    once = moved(scenario(rate, open={}))["transparency"]
    assert np.array_equal(moved(scenario(rate, open={"dose": 4}))["transparency"], once)
    assert (moved(scenario(rate, open={"dose": 0.5}))["transparency"] < once).all()


# --- Many voices -------------------------------------------------------------------------------


def heard(one: Scenario, *, mask: int, month: int = 0) -> channels.Push:
    """Return what somebody reached by these rounds hears in a month."""
    plan = compiling.compile_programme(one)
    return effects.add_up(plan, plan.onset, mask, 1, 0, led=0.0, now=month)


def voices(**one: dict[str, Any]) -> Scenario:
    """Return a programme of letters, with as many senders and formats as it says."""
    return scenario({"parameters.variety": 0.5}, **one)


@pytest.fixture
def letters(catalogue: dict[str, Measure]) -> None:
    """Put a letter into the catalogue."""
    catalogue["letter"] = measure(message={"strength": 1.0})


def letter(sender: str | None = None, form: str | None = None, **more: Any) -> dict[str, Any]:
    """Return a deployment of the letter; what is not said changes no belief but for the sender."""
    return {"measure": "letter", "sender": sender, "format": form, **more}


@pytest.mark.usefixtures("letters")
def test_one_voice_in_one_format_counts_once_to_the_last_bit() -> None:
    for many in (voices(a=letter("it")), voices(a=letter("it"), b=letter("it"))):
        mask = (1 << len(many.programme)) - 1
        alone = heard(many, mask=mask)
        assert alone == heard(many.changed({"parameters.variety": 0.0}), mask=mask)


@pytest.mark.usefixtures("letters")
def test_two_equal_senders_pull_by_the_power_of_two() -> None:
    p = {"parameters.sender_it": 1.0, "parameters.sender_peers": 1.0}
    two = voices(a=letter("it"), b=letter("peers")).changed(p)
    off = heard(two.changed({"parameters.variety": 0.0}), mask=3)
    on = heard(two, mask=3)
    assert on.message_pull == pytest.approx(off.message_pull * 2**0.5)
    assert on.message_promise / on.message_pull == pytest.approx(
        off.message_promise / off.message_pull
    )
    assert on._replace(message_pull=0.0, message_promise=0.0) == off._replace(
        message_pull=0.0, message_promise=0.0
    )


@pytest.mark.usefixtures("letters")
def test_senders_and_formats_count_for_those_who_hear_them() -> None:
    two = voices(a=letter("it"), b=letter("peers", "interactive"))
    for mask in (1, 2):
        assert heard(two, mask=mask) == heard(two.changed({"parameters.variety": 0.0}), mask=mask)
    both = heard(two, mask=3).message_pull
    assert both > heard(two, mask=1).message_pull + heard(two, mask=2).message_pull
    later = voices(a=letter("it"), b=letter("peers", start=3))
    early = later.changed({"parameters.variety": 0.0})
    assert heard(later, mask=3, month=1) == heard(early, mask=3, month=1)
    assert heard(later, mask=3, month=2).message_pull > heard(early, mask=3, month=2).message_pull


@pytest.mark.usefixtures("letters")
@pytest.mark.parametrize("power", [0.1, 0.3, 1.0])
def test_more_voices_never_pull_less(power: float) -> None:
    number = {"parameters.variety": power}
    pulls = [
        heard(voices(**many).changed(number), mask=15).message_pull
        for many in (
            {"a": letter("it", dose=2)},
            {"a": letter("it"), "b": letter("it", "interactive")},
            {"a": letter("it"), "b": letter("peers", "interactive")},
        )
    ]
    assert pulls == sorted(pulls)


# --- Consent -----------------------------------------------------------------------------------


def first(one: Scenario, name: str = "order") -> int:
    """Return the month a measure starts, from 0."""
    return next(part.start for part in rounds(one) if part.name == name)


@pytest.mark.parametrize(
    ("council", "months", "start"),
    [("none", 3, 0), ("early", 0, 0), ("early", 3, 3), ("late", 0, 0), ("late", 2, 1 + 2 + 2)],
)
def test_what_needs_consent_waits_for_a_council_to_agree(
    council: str, months: int, start: int, catalogue: dict[str, Measure]
) -> None:
    add_full_of_it(catalogue)
    changes = {
        "organisation.works_council": council, "parameters.consent_months": months,
        "parameters.council_delay": 2,
    }  # fmt: skip
    assert first(scenario(changes, order={}, open={})) == start
    assert first(scenario(changes, order={}, open={}), "open") == 0
    assert first(scenario(changes, order={"start": 6})) == max(5, start)


def test_a_council_is_heard_when_the_programme_says(catalogue: dict[str, Measure]) -> None:
    add_full_of_it(catalogue)
    changes = {"organisation.works_council": "early", "parameters.consent_months": 1}
    one = scenario(changes, order={}, **{"works-council": {"start": 3}})
    assert deployments.consent(one) == 3 and first(one) == 3


def test_an_adaptive_rule_waits_for_consent_too(catalogue: dict[str, Measure]) -> None:
    add_full_of_it(catalogue)
    rule = {"when": {"kpi": "adoption", "below": 1.0, "month": 2, "until": 6}, "then": {}}
    changes = {"organisation.works_council": "early", "parameters.consent_months": 3}
    one = scenario({**changes, "adaptive.order": rule, "adaptive.open": rule})
    plan = compiling.compile_programme(one)
    named = {part.name: d for d, part in enumerate(rounds(one))}
    looked = {int(row["starts"]): int(row["first"]) for row in plan.reactions}
    assert looked == {named["order"]: 3, named["open"]: 1}


def test_consent_that_comes_too_late_is_told(catalogue: dict[str, Measure]) -> None:
    add_full_of_it(catalogue)
    changes = {"organisation.works_council": "early", "parameters.consent_months": 7}
    told = ledger.undone(scenario(changes, order={}))
    assert [(one.name, one.reason) for one in told] == [("order", "end")]


# --- Measures of one's own ---------------------------------------------------------------------

OWN = """\
wall:
  title: {en: A wall, nl: Een muur}
  description: {en: What worked hangs there, nl: Wat werkte hangt daar}
  phase: communication
  lasting: structural
  pushes: {relief_status: 0.3, consider: 0.4}
  message: {strength: 0.5}
  builds_up: 3
  wears: 0.1
  culture: {transparency: 0.2, experimentation: 0.3}
  needs_consent: true
  cost: {fixed: 100, team_hours: 20, monthly_team_hours: 3}
  sources: [somebody]
works-council:
  title: {en: A council, nl: Een raad}
  description: {en: A council, nl: Een raad}
  phase: cross_cutting
  lasting: structural
  sources: [somebody]
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a library of one's own, with a measure that has every field."""
    folder = tmp_path / "own"
    shutil.copytree(library(), folder)
    (folder / "library" / "measures.yaml").write_text(OWN, encoding="utf-8")
    (folder / "mine.yaml").write_text(
        "title: Mine\nquestion: What?\norganisation: {employees: 40, works_council: early, "
        "departments: {office: {share: 1}}}\nprogramme: {wall: {}}\nsimulation: {months: 6}\n"
    )
    monkeypatch.setattr(folders, "library", lambda: folder)
    read_catalogue.cache_clear()
    yield folder
    read_catalogue.cache_clear()


def test_a_measure_of_ones_own_may_have_every_field(own: Path) -> None:
    changes = {
        **SWITCHES, "parameters.considers_before": 0.1, "parameters.base_desire": -1.0,
    }  # fmt: skip
    one = read_scenario(own / "mine.yaml").changed(changes)
    assert first(one, "wall") == 2
    whole = results(one)
    for line in ("builds_up: 3", "wears: 0.1", "culture: {", "needs_consent: true"):
        kept = [text for text in OWN.splitlines() if not text.strip().startswith(line)]
        assert len(kept) == len(OWN.splitlines()) - 1
        (own / "library" / "measures.yaml").write_text("\n".join(kept), encoding="utf-8")
        read_catalogue.cache_clear()
        assert results(read_scenario(own / "mine.yaml").changed(changes)) != whole, line
    for text in (", consider: 0.4", ", team_hours: 20", ", monthly_team_hours: 3"):
        (own / "library" / "measures.yaml").write_text(OWN.replace(text, ""), encoding="utf-8")
        read_catalogue.cache_clear()
        assert results(read_scenario(own / "mine.yaml").changed(changes)) != whole, text


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        ("lasting: structural\n  pushes", "lasting: one_off\n  pushes", "wall", "'builds_up' and 'wears' are for structural"),
        ("builds_up: 3", "builds_up: 25", "wall.builds_up", "25"),
        ("builds_up: 3", "builds_up: -1", "wall.builds_up", "-1"),
        ("builds_up: 3", "builds_up: soon", "wall.builds_up", "soon"),
        ("wears: 0.1", "wears: 1", "wall.wears", "1"),
        ("wears: 0.1", "wears: -0.1", "wall.wears", "-0.1"),
        ("transparency: 0.2", "transparency: 2", "wall.culture.transparency", "2"),
        ("transparency: 0.2", "transparancy: 0.2", "wall.culture.transparancy", "did you mean 'transparency'?"),
        ("needs_consent: true", "needs_consent: maybe", "wall.needs_consent", "maybe"),
        ("consider: 0.4", "consider: -1", "wall.pushes.consider", "-1"),
        ("team_hours: 20", "team_hours: -20", "wall.cost.team_hours", "-20"),
        ("team_hours: 20", "team_hours: 20000", "wall.cost.team_hours", "20000"),
        ("monthly_team_hours: 3", "monthly_team_hour: 3", "wall.cost.monthly_team_hour", "did you mean 'monthly_team_hours'?"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_refused_with_its_place(
    old: str, new: str, path: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "measures.yaml"
    assert OWN.count(old) == 1
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        catalogue_of(file)
    (problem,) = caught.value.problems
    assert problem.path == path
    assert problem.line is not None
    assert says in problem.message


def test_every_channel_of_relief_is_one_that_lasts() -> None:
    lasting = compiling.lasting_of(False, P._replace(relief_carry_over=0.77))
    assert [CHANNELS[k] for k in range(len(CHANNELS)) if lasting[k] == 0.77] == list(RELIEFS)
