"""The page of choices: columns, what they cost, what gives way, the drawer of measures, versions."""

from __future__ import annotations

import re
import textwrap
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import sim
from analysis.app import amounts, catalogue, meter, setup, studies
from analysis.app.lines import event_line, rule_line
from analysis.words.languages import language
from sim.people.population import chart
from sim.programme import ledger
from sim.scenario import read_catalogue
from sim.study.kept import Kept

EN, NL = language("en"), language("nl")

pytestmark = pytest.mark.filterwarnings("ignore")


def limited(name: str, total: float) -> sim.Scenario:
    return sim.load(name).changed({"budget.total": total})


# --- What it costs, and what gives way ----------------------------------------------------------


@pytest.mark.parametrize("name", ["baseline", "champions", "full-programme", "waves"])
def test_fixed_and_measures_are_all_that_a_plan_costs(name: str) -> None:
    shown = meter.meter(sim.load(name))
    assert shown.fits and shown.over == 0.0
    assert shown.total == pytest.approx(float(ledger.ledger(sim.load(name)).to_numpy().sum()))
    assert set(shown.fixed) <= set(ledger.TECHNOLOGY)


@pytest.mark.parametrize("total", [80_000.0, 150_000.0, 300_000.0])
@pytest.mark.parametrize("name", ["baseline", "leadership", "champions", "full-programme", "waves"])
def test_every_way_out_makes_the_plan_fit_and_can_be_taken_back(name: str, total: float) -> None:
    plan = limited(name, total)
    before = meter.meter(plan)
    if before.fits:
        assert before.total <= total
        return
    assert before.over == pytest.approx(before.total - total)
    ways = {way.name: way.scenario for way in meter.ways_out(plan)}
    assert ways["licences"] is not None
    for scenario in ways.values():
        if scenario is None:
            continue
        after = meter.meter(scenario)
        assert after.fits and after.total <= total
        assert meter.gave_way(scenario, EN) and meter.gave_way(scenario, NL)
        assert meter.as_asked(scenario).fingerprint() == plan.fingerprint()
    if before.equipment > total:
        assert ways["scale"] is None and ways["priority"] is None


def test_as_many_licences_as_fit_and_not_one_more() -> None:
    plan = limited("baseline", 80_000.0)
    fewer = meter.with_fewer_licences(plan)
    assert fewer is not None
    number = meter.licences(fewer)
    assert meter.gave_way(fewer, EN) == f"{number} licences instead of 140"
    assert number == (80_000 - 20_000 - 18_480) // (28 * 24)
    assert not meter.payable(meter.with_licences(plan, number + 1))
    assert meter.with_fewer_licences(limited("champions", 15_000.0)) is None  # not even integration


def test_where_no_licence_leaves_enough_measures_get_smaller_by_the_same_factor() -> None:
    plan = limited("champions", 80_000.0)
    fewer = meter.with_fewer_licences(plan)
    assert fewer is not None and fewer.budget.when_over == "scale"
    share = meter.licences(fewer) / 140
    assert ledger.left_out(fewer, chart(fewer))[1] == pytest.approx(share, abs=0.05)


def test_waves_keep_their_months_with_fewer_licences() -> None:
    waves = sim.load("waves")
    fewer = meter.with_licences(waves, 70)
    whole, half = (ledger.with_access(each, chart(each)) for each in (waves, fewer))
    assert half == pytest.approx(whole / 2.0)
    assert meter.with_all_licences(fewer).fingerprint() == waves.fingerprint()


def test_who_never_gets_a_licence_never_uses_it() -> None:
    firm = sim.load("baseline").changed({"organisation.employees": 30})
    nobody = firm.changed({"tool.phases": [{"month": None}]})
    assert (sim.compare([nobody], runs=4).curves(nobody.name, "adoption") == 0.0).all()
    half = sim.compare([meter.with_licences(firm, 15)], runs=100).curves(firm.name, "long_access")
    assert half[:, -1].mean() == pytest.approx(0.5, abs=0.05)
    with pytest.raises(sim.AdoptionError, match="the simulation ends with month 24"):
        firm.changed({"tool.phases": [{"month": 25}]})


def test_what_was_not_paid_for_is_neither_failed_nor_done() -> None:
    out = limited("champions", 150_000.0).changed(meter.LEFT_OUT)
    assert "champions" not in meter.meter(out).measures
    assert meter.left_out(out, EN) == ["champions"]
    assert meter.gave_way(out, EN) == "champions left out"


def test_what_was_left_out_does_not_come_back_with_money_that_frees_later() -> None:
    out = limited("champions", 150_000.0).changed(meter.LEFT_OUT)
    bought = meter.as_bought(out)
    assert bought.budget.total is None and "champions" not in bought.deployments
    assert meter.meter(bought).measures == meter.meter(out).measures
    assert meter.as_bought(sim.load("champions")) == sim.load("champions")


# --- What strategies have in common -------------------------------------------------------------


def test_prices_are_shared_and_who_gets_it_when_is_not() -> None:
    now = setup.new(EN).added(setup.shipped("waves", EN)).changed({"tool.licence_price": 40.0})
    waves = now.scenarios[-1]
    assert waves.tool.phases == sim.load("waves").tool.phases
    assert waves.tool.go_live == 7 and now.first.tool.go_live == 1
    assert {each.tool.licence_price for each in now.scenarios} == {40.0}
    assert setup.from_link(now.link) == now


def test_strategies_are_moved_and_know_where_they_come_from() -> None:
    now = setup.new(EN)
    names = [each.name for each in now.moved(1, 1).scenarios]
    assert names == ["baseline", "champions", "leadership"]
    assert now.moved(2, 1) == now
    twice = now.added(now.scenarios[2])
    assert setup.origin(twice.scenarios[3]) == "champions"
    assert setup.origin(now.first.changed({"name": "acme"})) is None


# --- The measures there are ---------------------------------------------------------------------


def test_prices_are_those_of_a_plan_with_the_measure_alone() -> None:
    firm = sim.load("baseline").changed({"organisation.employees": 60})
    prices = catalogue.prices(firm)
    assert set(prices) == set(read_catalogue())
    for name in ("appraisal", "training", "champions", "privacy-guideline"):
        alone = ledger.ledger(firm.changed({f"programme.{name}": {}}))[name].sum()
        assert prices[name] == pytest.approx(float(alone))


@pytest.mark.parametrize(
    ("effect", "size"),
    [
        ((0.05, 0.04, 0.06), "large"), ((0.01, 0.005, 0.015), "small"),
        ((0.05, -0.01, 0.11), "unknown"), ((-0.02, -0.03, -0.01), "less"), ((0.0, 0.0, 0.0), "unknown"),
    ],
)  # fmt: skip
def test_an_effect_is_large_small_or_not_known(
    effect: tuple[float, float, float], size: str
) -> None:
    assert catalogue.Effect(*effect).size == size


def test_effects_are_simulated_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    some = {name: read_catalogue()[name] for name in ("leadership-example", "onboarding")}
    monkeypatch.setattr(catalogue, "read_catalogue", lambda: some)
    firm = sim.load("baseline").changed({"organisation.employees": 30})
    kept: Kept[Any] = Kept(1 << 20)
    first = catalogue.effects(firm, kept, lambda *_: None)
    assert first["leadership-example"].size == "large"
    assert first["onboarding"].size == "unknown"  # nobody leaves there
    monkeypatch.setattr(catalogue, "added", lambda *_: pytest.fail("simulated again"))
    assert catalogue.effects(firm, kept, lambda *_: None) == first


@pytest.mark.parametrize("name", read_catalogue())
def test_every_measure_says_what_it_is_and_rests_on(name: str) -> None:
    for words in (EN, NL):
        text = catalogue.explained(read_catalogue()[name], words)
        assert words.of(read_catalogue()[name].description) in text
    assert catalogue.grade(read_catalogue()[name]) in ("", "A", "B", "C", "D", "E")


def test_rules_and_events_are_a_line_each() -> None:
    ((name, rule),) = list(sim.load("adaptive").adaptive.items())[:1]
    assert rule_line(name, rule, EN) == (
        "Buddies: only if weekly users below 40%, month 6; in departments below 30%"
    )
    happening = sim.load("baseline").changed(
        {"events": {"reorganisation": {"month": 5, "size": 0.5}}}
    )
    ((key, event),) = happening.happenings.items()
    assert event_line(key, event, EN) == "Reorganisation: month 5; 50% of its usual size"


# --- The page -----------------------------------------------------------------------------------


def page(code: str = "en", total: float | None = None, extra: str = "") -> Any:
    source = f"""
        import streamlit as st
        from analysis.app import amounts, bar, session
        from analysis.app.screens import choices
        if "setup" not in st.session_state:
            session.begin()
            session.speak("{code}")
            small = {{"organisation.employees": 20, "simulation.months": 8}}
            session.put(session.current().changed(small))
            bar.with_budget({total})
            {extra}
        session.told()
        choices.show()
    """
    shown = AppTest.from_string(textwrap.dedent(source), default_timeout=120).run()
    assert not shown.exception and not shown.error
    return shown


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep sessions in a folder of the test's own."""
    monkeypatch.setenv("ADOPT_HOME", str(tmp_path))


def test_a_strategy_that_is_added_has_the_budget_and_the_go_live_of_the_others() -> None:
    shown = page(total=90_000.0, extra='session.change({"tool.go_live": 3})')
    shown.button(key="add").click().run()
    several = shown.session_state.setup.scenarios
    assert len(several) == 4
    assert several[-1].budget.total == 90_000.0 and several[-1].tool.go_live == 3


def test_thousands_are_read_as_people_type_them() -> None:
    shown = {"150.000": 150_000.0, "€ 150,000": 150_000.0, "150 000": 150_000.0, "80000": 80_000.0}
    assert {text: amounts.read(text) for text in shown} == shown
    assert amounts.read("1.234,56") == 1234.56 and amounts.read("veel") is None


def texts(shown: Any) -> str:
    parts = [*shown.markdown, *shown.caption, *shown.get("html")]
    return " ".join(str(getattr(part, "value", None) or part.proto.body) for part in parts)


def strategies(shown: Any) -> tuple[sim.Scenario, ...]:
    now: setup.Setup = shown.session_state.setup
    return now.scenarios


def button(shown: Any, key: str) -> Any:
    return next(each for each in shown.button if each.key == key)


@pytest.mark.parametrize("code", ["en", "nl"])
def test_what_does_not_fit_says_so_until_something_gives_way(code: str) -> None:
    words = language(code)
    shown = page(code, 30_000.0)
    assert words._("does not fit") in texts(shown)
    assert words._("This does not fit the budget, so it is not compared.").rstrip(".") in texts(
        shown
    )
    assert studies.unusable(strategies(shown)[2]) is not None
    button(shown, "way 2 licences").click().run()
    chosen = strategies(shown)[2]
    assert meter.meter(chosen).total <= 30_000.0 and meter.withholds(chosen)
    assert studies.unusable(chosen) is None
    button(shown, "back 2").click().run()
    assert not meter.chosen(strategies(shown)[2])
    assert not shown.exception and not shown.error


def test_a_measure_is_moved_in_time_and_taken_out() -> None:
    shown = page()
    button(shown, "open 2 champions").click().run()
    span = next(each for each in shown.slider if each.label == "From month, to month")
    span.set_range(3, 6).run()
    there = strategies(shown)[2].deployments["champions"]
    assert (there.start, there.months) == (3, 4)
    people = next(each for each in shown.slider if each.label == "How much: people")
    people.set_value(4.0).run()
    assert strategies(shown)[2].deployments["champions"].share == pytest.approx(4 / 20)
    button(shown, "out 2 champions").click().run()
    assert "champions" not in strategies(shown)[2].deployments


def test_licences_of_one_strategy_alone_are_fewer() -> None:
    shown = page()
    button(shown, "open 1 access to AI").click().run()
    next(each for each in shown.slider if each.label == "Licences").set_value(9).run()
    assert [meter.licences(each) for each in strategies(shown)] == [20, 9, 20]


def test_one_click_puts_a_measure_in_and_takes_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        catalogue, "effects", lambda *_: {"vision": catalogue.Effect(0.05, 0.04, 0.06)}
    )
    shown = page()
    shown.toggle(key="drawer").set_value(True).run()
    shown.text_input(key="search measures").set_value("urgency").run()
    (pills,) = [each for each in shown.button_group if (each.key or "").startswith("in ")]
    pills.set_value(["champions"]).run()
    assert "vision" in strategies(shown)[2].deployments
    assert "vision" not in strategies(shown)[1].deployments
    (pills,) = [each for each in shown.button_group if (each.key or "").startswith("in ")]
    pills.set_value([]).run()
    assert "vision" not in strategies(shown)[2].deployments
    assert not shown.exception and not shown.error


def test_a_strategy_is_copied_moved_made_as_it_was_and_removed() -> None:
    shown = page(extra='session.change({"programme.champions.start": 4}, 2)')
    button(shown, "reset 2").click().run()
    assert strategies(shown)[2].deployments["champions"].start == 1
    button(shown, "copy 2").click().run()
    assert len(strategies(shown)) == 4
    button(shown, "left 3").click().run()
    assert [each.label for each in strategies(shown)][2] == "Champions (2)"
    button(shown, "remove 2").click().run()
    assert [each.name for each in strategies(shown)] == ["baseline", "leadership", "champions"]


def test_a_version_is_kept_opened_and_removed() -> None:
    shown = page()
    next(each for each in shown.text_input if each.label == "Name of the version").set_value("May")
    next(each for each in shown.button if each.label == "Keep as version").click().run()
    (version,) = shown.session_state.versions
    assert version["name"] == "May" and len(version["strategies"]) == 3
    before = strategies(shown)
    button(shown, "remove 2").click().run()
    assert len(strategies(shown)) == 2
    labels = next(each for each in shown.selectbox if each.label == "Between").options
    assert "Champions, in version May" in labels
    button(shown, "open version 0").click().run()
    assert [each.fingerprint() for each in strategies(shown)] == [
        each.fingerprint() for each in before
    ]
    button(shown, "drop version 0").click().run()
    assert shown.session_state.versions == []


def test_rules_and_events_of_a_file_are_shown() -> None:
    more = 'session.put(session.current().with_strategy(1, session.current().scenarios[1].changed({"events": {"reorganisation": {"month": 3}}})))'
    shown = page(extra=more)
    assert "Reorganisation" in texts(shown)


def test_only_the_strategy_that_changed_is_simulated_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim import kernel

    small = setup.new(EN).changed({"organisation.employees": 20, "simulation.months": 6})
    kept: Kept[Any] = Kept(1 << 28)
    studies._found(small, 10, kept, lambda *_: None)
    real, simulated = kernel.simulate, list[int]()
    monkeypatch.setattr(
        kernel, "simulate", lambda *args, **more: simulated.append(1) or real(*args, **more)
    )
    studies._found(small, 10, kept, lambda *_: None)
    again = len(simulated)
    moved = small.with_strategy(1, small.scenarios[1].changed({"programme.launch.start": 2}))
    studies._found(moved, 10, kept, lambda *_: None)
    once = len(simulated) - again
    fresh: Kept[Any] = Kept(1 << 28)
    studies._found(moved, 10, fresh, lambda *_: None)
    assert again == 0 and 0 < once < len(simulated) - once


def test_the_bar_has_short_names_and_lists_on_pointing_what_is_left_out() -> None:
    source = """
        import streamlit as st
        from analysis.app import bar, meter, session
        session.begin()
        session.speak("en")
        small = {"organisation.employees": 20, "simulation.months": 8, "budget.total": 30_000.0}
        session.put(session.current().changed({**small, **meter.LEFT_OUT}))
        st.session_state["bar waits"] = False
        bar._figures()
    """
    shown = AppTest.from_string(textwrap.dedent(source), default_timeout=120).run()
    assert not shown.exception
    (told,) = re.findall(
        r"<span title='([^']*)'>(?:<[^>]*>)*<i>Champions, less \d</i>", unescape(texts(shown))
    )
    assert told.startswith("Not bought, as the budget of €30,000 does not pay for it: ")
    assert "champions" in told
