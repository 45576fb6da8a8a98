"""The page that simulates in the browser: opened as a file, it gives Python's figures to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

import sim
from analysis import demo
from analysis.results.comparison import half_width
from analysis.results.summary import band
from sim.elementary import mean
from sim.scenario import read_catalogue, read_scenario
from sim.scenario.schema import share_of

from .conftest import HANG, NARROW, WIDE

MOST = 1_500_000
"""Size of the page [byte]."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("demo") / "page.html"
    found.write_text(demo.page(), "utf-8")
    return found


@pytest.fixture(params=[WIDE, NARROW])
def page(file: Path, chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open the page from the disk; it may ask for nothing else, and say nothing wrong."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900})
    context.set_default_timeout(1000.0 * HANG)
    asked: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda one: asked.append(one.url))
    context.on("console", lambda one: wrong.append(one.text) if one.type == "error" else None)
    context.on("weberror", lambda one: wrong.append(str(one.error)))
    page = context.new_page()
    page.goto(file.as_uri())
    done(page)
    yield page
    context.close()
    assert [one for one in asked if not one.startswith("data:")] == [file.as_uri()]
    assert not wrong


def done(page: Page) -> dict[str, Any]:
    """Wait for the results, and return them."""
    expect(page.locator("body")).to_have_attribute("data-state", "done")
    found: dict[str, Any] = page.evaluate("window.results")
    return found


def test_the_page_is_small(file: Path) -> None:
    assert file.stat().st_size < MOST


@pytest.mark.parametrize("seed", [demo.SEED, 4294967295])
def test_the_page_gives_the_figures_of_python(page: Page, seed: int) -> None:
    if seed != demo.SEED:
        page.get_by_label("Seed").fill(str(seed))
        page.keyboard.press("Enter")
    found = done(page)
    assert (found["seed"], found["organisations"]) == (seed, demo.ORGANISATIONS)
    simulator = sim.Simulator(demo.PLANS[0], runs=demo.ORGANISATIONS, seed=seed)
    column = sim.kpis.COLUMN["adoption"]
    before = simulator.rows(demo.PLANS[0])[:, :, column]
    for name in demo.PLANS:
        there, rows = found["plans"][name], simulator.rows(name)[:, :, column]
        assert there["mean"] == [mean(month) for month in rows.T]
        np.testing.assert_allclose([there["low"], there["high"]], band(rows), rtol=1e-12)
        difference = rows[:, -1] - before[:, -1]
        assert there["difference"]["middle"] == mean(difference)
        width = half_width(rows[:, -1], before[:, -1], pairs=True)
        assert there["difference"]["half"] == pytest.approx(float(width), abs=1e-12)
        assert there["users"] == there["using"]


def lever(page: Page, name: str, what: str) -> Any:
    """Return the field of a measure: how much of it, or its first month."""
    title = read_catalogue()[name].title.en
    return page.get_by_label(f"{title}, {what}", exact=True)


def test_a_lever_moved_gives_what_python_gives(page: Page) -> None:
    before = done(page)["plans"]
    for name, steps in (("training", 5), ("champions", 3), ("launch", 10)):
        slider = lever(page, name, "how much of what is planned")
        box = slider.bounding_box()
        assert box is not None and box["width"] > 100, "a lever is wide enough to move"
        slider.focus()
        for _ in range(steps):
            page.keyboard.press("ArrowLeft")
    start = lever(page, "co-creation", "first month")
    start.fill("99")
    start.press("Enter")
    assert not start.evaluate("(one) => one.validity.valid"), "an impossible month is said"
    start.fill("9")
    start.press("Enter")
    expect(page.locator("#legend")).to_contain_text("Your plan")
    found = done(page)["plans"]
    plan = read_scenario(demo.LEVERS)
    share = share_of(plan.deployments["champions"], read_catalogue()["champions"])
    assert share is not None
    moved = plan.changed(
        {
            "name": "moved", "programme.launch": None, "programme.co-creation.start": 9,
            "programme.training.dose": plan.deployments["training"].dose * 50 / 100,
            "programme.champions.share": share * 70 / 100,
        }
    )  # fmt: skip
    simulator = sim.Simulator(moved, runs=demo.ORGANISATIONS, seed=demo.SEED)
    rows = simulator.rows(moved)[:, :, sim.kpis.COLUMN["adoption"]]
    assert found["own"]["mean"] == [mean(month) for month in rows.T]
    assert {name: found[name] for name in before} == before, "the other plans stay as they were"
    paid = float(sim.programme.ledger.ledger(moved).to_numpy().sum())
    expect(page.locator("#own")).to_contain_text(f"It costs {round(paid, -3):,.0f} euro")


def test_the_picture_follows_the_keyboard(page: Page) -> None:
    found = done(page)["plans"]
    month = page.get_by_role("slider", name="Month")
    month.focus()
    page.keyboard.press("Home")
    expect(page.locator("#count")).to_contain_text("0 of 140 people")
    page.keyboard.press("End")
    expect(page.locator("#count")).to_contain_text(f"{found[demo.PICTURED]['users'][-1]} of 140")
    page.get_by_role("radio", name="Licences only").focus()
    page.keyboard.press("Space")
    expect(page.locator("#count")).to_contain_text(f"{found['baseline']['users'][-1]} of 140")


def test_everybody_can_read_the_page(page: Page) -> None:
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    broken = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert broken.violations_count == 0, broken.generate_report()
