"""The play-on file: opened from the disk, it gives Python's figures to the last bit, in two languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import sim
from analysis import play_on
from analysis.app import meter
from analysis.play_on.twin import twin_of
from analysis.results.comparison import half_width
from analysis.results.firm import ratio_of
from analysis.results.levers import levers
from analysis.results.summary import band
from analysis.words.languages import language
from sim.elementary import mean
from sim.scenario import read_scenario
from sim.scenario.schema import Phase, Scenario

from .conftest import HANG, NARROW, WIDE

RUNS, SEED = 100, 1
LAST, ADOPTION = 24, sim.kpis.COLUMN["adoption"]
FULL = "full-programme"
EXAMPLES = Path(play_on.__file__).parents[2] / "docs" / "examples"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("play-on") / "play.html"
    written.write_text(play_on.page_of([read_scenario(name) for name in play_on.PLANS]), "utf-8")
    return written


@pytest.fixture(scope="module")
def opened(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a file from the disk; it may ask for nothing else, and say nothing wrong."""
    contexts, asked, wrong = [], list[str](), list[str]()

    def open_page(file: Path, width: int = WIDE) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 844})
        context.set_default_timeout(1000.0 * HANG)
        context.on("request", lambda one: asked.append(one.url))
        context.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
        context.on("weberror", lambda one: wrong.append(str(one.error)))
        contexts.append(context)
        page = context.new_page()
        page.goto(file.as_uri())
        done(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [one for one in asked if not one.startswith(("data:", "file:"))] == []
    assert not wrong


@pytest.fixture(scope="module")
def page(file: Path, opened: Callable[..., Page]) -> Page:
    return opened(file)


@pytest.fixture(scope="module")
def phone(file: Path, opened: Callable[..., Page]) -> Page:
    return opened(file, NARROW)


@pytest.fixture(scope="module")
def simulator() -> sim.Simulator:
    return sim.Simulator(play_on.PLANS[0], runs=RUNS, seed=SEED)


def done(page: Page) -> dict[str, Any]:
    """Wait for the results, and return them."""
    expect(page.locator("body")).to_have_attribute("data-state", "done")
    results: dict[str, Any] = page.evaluate("window.results")
    return results


def curve(simulator: sim.Simulator, scenario: Any) -> list[float]:
    return [mean(month) for month in simulator.rows(scenario)[:, :, ADOPTION].T]


def move(page: Page, label: str, to: float) -> None:
    """Move a slider to a value, as a hand does."""
    slider = page.get_by_role("slider", name=label, exact=True)
    slider.evaluate(
        "(one, to) => { one.value = to; one.dispatchEvent(new Event('input', {bubbles: true})); }",
        to,
    )


def without_licences(scenario: Scenario, share: float) -> Scenario:
    """Return a scenario in which a share of the staff never has access: a phase after all months."""
    phases = (Phase(month=None, share=share), *scenario.tool.phases)
    return scenario.model_copy(update={"tool": scenario.tool.model_copy(update={"phases": phases})})


def costs(scenario: Scenario) -> float:
    return float(sim.programme.ledger.ledger(scenario).to_numpy().sum())


def test_the_page_gives_the_figures_of_python(page: Page, simulator: sim.Simulator) -> None:
    results = done(page)
    assert (results["seed"], results["organisations"]) == (SEED, RUNS)
    before = simulator.rows(play_on.PLANS[0])[:, :, ADOPTION]
    for name in play_on.PLANS:
        there, rows = results["plans"][name], simulator.rows(name)[:, :, ADOPTION]
        assert there["mean"] == [mean(month) for month in rows.T]
        np.testing.assert_allclose([there["low"], there["high"]], band(rows), rtol=1e-12)
        added = rows[:, -1] - before[:, -1]
        assert there["difference"]["mean"] == mean(added)
        width = half_width(rows[:, -1], before[:, -1], pairs=True)
        assert there["difference"]["half"] == pytest.approx(float(width), abs=1e-12)
        assert there["cost"] == pytest.approx(costs(read_scenario(name)), abs=0.01)


def test_other_organisations_are_those_of_their_seed(page: Page) -> None:
    seed = 4294967295
    page.get_by_label("Seed").fill(str(seed))
    page.get_by_label("Seed").press("Enter")
    there = done(page)["plans"]["champions"]["mean"]
    page.get_by_label("Seed").fill(str(SEED))
    page.get_by_label("Seed").press("Enter")
    assert there == curve(sim.Simulator("champions", runs=RUNS, seed=seed), "champions")


def test_levers_moved_give_what_python_gives(page: Page, simulator: sim.Simulator) -> None:
    before = done(page)["plans"]
    plan = read_scenario(FULL)
    by_name = {lever.name: lever for lever in levers(plan, language("en"))}
    changes: dict[str, Any] = {"name": "moved", "programme.co-creation.start": 9, "tool.go_live": 3}
    for name, value in (
        ("training", 1.0),
        ("champions", 7.0),
        ("leadership-example", 60.0),
        ("launch", 0.0),
    ):
        move(page, f"{by_name[name].measure}, {by_name[name].unit}", value)
        changes |= by_name[name].moved(value)
    move(page, f"{by_name['co-creation'].measure}, first month", 9)
    move(page, "Licences, % of the staff", 60)
    move(page, "First month with access", 3)
    results, moved = done(page)["plans"], without_licences(plan.changed(changes), 0.4)
    assert results["own"]["mean"] == curve(simulator, moved)
    assert results["own"]["cost"] == pytest.approx(costs(moved), abs=0.01)
    assert {name: results[name] for name in before} == before, "the other plans stay as they were"
    expect(page.locator("#own")).to_contain_text("weekly users in month 24")
    page.get_by_role("button", name="Reset").click()
    assert "own" not in done(page)["plans"]
    assert done(page)["plans"] == before


def test_the_month_and_the_strategy_are_moved_by_keyboard(page: Page) -> None:
    results = done(page)["plans"]
    month = page.locator("#month")
    month.focus()
    page.keyboard.press("Home")
    expect(page.locator("#count")).to_contain_text("0 of 140")
    page.keyboard.press("End")
    expect(page.locator("#count")).to_contain_text(f"{results[FULL]['users'][-1]} of 140")
    page.get_by_role("radio", name="Licences only").focus()
    page.keyboard.press("Space")
    expect(page.locator("#count")).to_contain_text(f"{results['baseline']['users'][-1]} of 140")
    shown = page.locator("#funnel li").filter(has_text="Weekly users").locator("b")
    expect(shown).to_have_text(f"{100 * results['baseline']['mean'][-1]:.0f}%")


def test_money_is_what_python_says(page: Page, simulator: sim.Simulator) -> None:
    rows = {name: simulator.rows(name) for name in ("baseline", FULL)}
    at = sim.kpis.COLUMN
    spent = {
        name: those[:, :, [at["cost_technology"], at["cost_measures"]]].sum(axis=(1, 2))
        for name, those in rows.items()
    }
    users = {name: 140 * those[:, -1, ADOPTION] for name, those in rows.items()}
    each = ratio_of(spent[FULL] - spent["baseline"], users[FULL] - users["baseline"])
    cells = page.locator("#money-table tr").filter(has_text="Full programme").locator("td")
    step = each.step
    for amount in (each.mean, each.low, each.high):
        expect(cells.nth(1)).to_contain_text(f"€{step * round(amount / step):,.0f}")
    move(page, "50% of the time gained becomes money", 0)
    left = f"\N{MINUS SIGN}\u2060€{round(spent[FULL].mean(), -3):,.0f}"
    expect(cells.nth(2)).to_contain_text(left)
    expect(cells.nth(3)).to_contain_text(left)


def test_dutch_is_dutch(page: Page) -> None:
    page.get_by_role("button", name="NL", exact=True).click()
    assert page.evaluate("document.documentElement.lang") == "nl"
    english = language("en")
    texts = page.evaluate("JSON.parse(document.getElementById('data').textContent).texts")
    shown = page.evaluate("document.querySelector('.page').innerText") + str(
        page.evaluate("[...document.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel)")
    )
    for name, text in texts["en"].items():
        if text != texts["nl"][name] and "{" not in text and len(text) > 8:
            assert text not in shown, name
    for lever in levers(read_scenario(FULL), english):
        expect(page.locator("#levers")).not_to_contain_text(lever.measure)
    expect(page.locator("#money-table")).to_contain_text("€\u00a0780.000")
    expect(page.locator("#status")).to_contain_text("1,3 miljoen")
    page.get_by_role("button", name="EN", exact=True).click()
    expect(page.locator("#stand-title")).to_have_text("From access to weekly use")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everybody_can_read_the_page(width: int, page: Page, phone: Page) -> None:
    shown = page if width == WIDE else phone
    across = shown.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert across[0] <= across[1]
    for language_ in ("NL", "EN"):
        shown.get_by_role("button", name=language_, exact=True).click()
        broken = Axe().run(shown, options={"runOnly": ["wcag2a", "wcag2aa"]})
        assert broken.violations_count == 0, broken.generate_report()


def test_a_phone_shows_the_answer_first_and_levers_behind_a_button(phone: Page) -> None:
    for part in ("#sentence", "#numbers", "#curves svg"):
        box = phone.locator(part).bounding_box()
        assert box is not None and box["y"] + box["height"] <= 844, part
    expect(phone.locator("#panel")).to_be_hidden()
    phone.get_by_role("button", name="Move the levers").click()
    expect(phone.locator("#panel")).to_be_visible()
    box, curves = phone.locator("#panel").bounding_box(), phone.locator("#curves").bounding_box()
    assert box is not None and curves is not None and curves["y"] + 230 <= box["y"]
    phone.keyboard.press("Escape")
    expect(phone.locator("#panel")).to_be_hidden()


SMALL = {"organisation.employees": 40, "simulation.months": 8}
CHAMPIONS = "programme.champions.selection"
STUDIES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "small_world": [
        ("champions", {CHAMPIONS: way})
        for way in ("volunteers", "best_bridge", "per_department", "greedy")
    ],
    "teams": [
        ("champions", {CHAMPIONS: "nominated"}),
        ("adaptive", {}),
        ("turnover-onboarding", {"organisation.turnover": 0.2}),
        ("waves", {"events": {"bad-news": {"month": 4}}}),
    ],
    "complete": [("leadership", {"rules.schedule": "random_sequential"})],
    "block": [("champions", {CHAMPIONS: "random", "organisation.already_using": 0.1})],
}


@pytest.mark.parametrize("kind", STUDIES)
def test_every_network_choice_and_rule_gives_what_python_gives(
    kind: str, opened: Callable[..., Page], tmp_path: Path
) -> None:
    scenarios = [
        read_scenario(name).changed(
            {**SMALL, "organisation.network.kind": kind, **changes, "name": f"plan-{k}"}
        )
        for k, (name, changes) in enumerate(STUDIES[kind])
    ]
    file = tmp_path / "play.html"
    file.write_text(play_on.page_of(scenarios, 7), "utf-8")
    results = done(opened(file))["plans"]
    for scenario in scenarios:
        here = curve(sim.Simulator(scenario, runs=RUNS, seed=7), scenario)
        assert results[scenario.name]["mean"] == here, scenario.name
        assert here[-1] > 0.0


def test_a_budget_is_moved_and_what_it_does_not_pay_for_is_said(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    plan = read_scenario("full-programme").changed(
        {**SMALL, "budget": {"total": 300_000.0, "when_over": "priority", "keep": []}}
    )
    file = tmp_path / "play.html"
    file.write_text(play_on.page_of([plan]), "utf-8")
    page = opened(file)
    move(page, "Budget, euro", 60_000)
    own = done(page)["plans"]["own"]
    moved = plan.changed({"budget.total": 60_000.0})
    assert own["mean"] == curve(sim.Simulator(moved, runs=RUNS, seed=SEED), moved)
    expect(page.locator("#own")).to_contain_text("does not pay for")
    move(page, "Budget, euro", 0)
    expect(page.locator("#own")).to_contain_text("does not fit the budget of €0")
    assert "own" in done(page)["plans"]


def test_of_real_people_the_page_shows_a_twin_and_says_so(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    for name in ("people.csv", "ties.csv"):
        shutil.copy(EXAMPLES / name, tmp_path)
    (tmp_path / "ours.yaml").write_text(
        "extends: leadership\norganisation: {people: people.csv, ties: ties.csv}\n", "utf-8"
    )
    ours = read_scenario(tmp_path / "ours.yaml")
    file = tmp_path / "play.html"
    file.write_text(play_on.page_of([ours], lang="nl"), "utf-8")
    page = opened(file)
    twin = twin_of(ours).scenario
    assert done(page)["plans"][ours.name]["mean"] == curve(
        sim.Simulator(twin, runs=RUNS, seed=SEED), twin
    )
    expect(page.locator("#picture")).to_be_hidden()
    expect(page.locator("#sure")).to_contain_text("De mensen zijn verzonnen")
    expect(page.locator("#twin li")).to_contain_text("punten wekelijkse gebruikers in maand 24")


def test_a_plan_that_was_made_to_fit_is_the_same_plan(
    opened: Callable[..., Page], tmp_path: Path, simulator: sim.Simulator
) -> None:
    plan = read_scenario("leadership")
    poor = plan.changed({"budget.total": 200_000.0})
    ways = {way.name: way.scenario for way in meter.ways_out(poor)}
    last = list(plan.organisation.departments)[-1]
    never = {"month": None, "departments": [last]}
    plans = [plan.changed({"tool.phases": [never], "name": "departments"})]
    plans += [way.changed({"name": name}) for name, way in ways.items() if way is not None]
    assert len(plans) == 4
    result = sim.compare(plans, 2 * RUNS, SEED)
    file = tmp_path / "play.html"
    file.write_bytes(play_on.play_bytes(result))
    page = opened(file)
    there = done(page)["plans"]
    for one in plans:
        rows = result.measured[one.name][:RUNS, :, ADOPTION]
        assert there[one.name]["mean"] == [mean(month) for month in rows.T]
        assert there[one.name]["cost"] == pytest.approx(meter.meter(one).total, abs=0.01)
    expect(page.locator("#curves-note")).to_contain_text(f"has {2 * RUNS}, of the same draw")
    expect(page.locator("#curves-lack")).to_contain_text("Leaders' example, less 1: not bought, as")
    expect(page.locator("#base")).to_contain_text("Leaders' example, at ")
    page.get_by_label("Start from").select_option(index=1)
    slider = page.get_by_role("slider", name="First month with access", exact=True)
    assert int(slider.input_value()) == plans[1].tool.go_live
    move(page, "First month with access", 5)
    later = plans[1].changed({"name": "later", "tool.go_live": 5})
    assert done(page)["plans"]["own"]["mean"] == curve(simulator, later)
