"""What tests do on the page: wait, go, push, upload; and what it says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlparse

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from analysis.app import setup as setups
from analysis.app.setup import Setup
from analysis.words.languages import Language, language

from .conftest import HANG

Visit = Callable[..., Page]

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

STEPS = (
    "Your organisation", "Your choices", "What it does", "Why, and better", "Where are we now?",
)  # fmt: skip
BESIDE = ("The game", "Evidence", "About")

EN = language("en")

NOTE = (
    "Line: mean of {runs} organisations like this one; shade: 80 of 100 of them lie in it. Same "
    "people and same luck in every strategy. What if, not a forecast."
)
"""What stands under the curves, in the language that is shown."""


def small(people: int = 10) -> Setup:
    """Return the start with few employees: quick to simulate."""
    return setups.new(EN).changed({"organisation.employees": people})


def settled(page: Page) -> None:
    """Wait until nothing is under way any more: what ended a moment ago may begin once more by itself."""
    app, state = page.get_by_test_id("stApp"), "data-test-script-state"
    while True:
        expect(app).to_have_attribute(state, "notRunning")
        page.wait_for_timeout(700)
        if app.get_attribute(state) == "notRunning":
            return


def go(page: Page, name: str, words: Language = EN) -> None:
    """Go to a page by its name in the rail."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    if menu.is_visible():
        menu.click()
    page.get_by_role("link", name=re.compile(re.escape(words._(name)) + "$")).click()
    close = page.get_by_test_id("stSidebarCollapseButton")
    if (page.viewport_size or {"width": 0})["width"] < 700 and close.is_visible():
        close.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words._(name))
    if name == "What it does":
        expect(page.locator("table.strategies")).to_be_visible()
    settled(page)


def no_error(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)


def headline(page: Page) -> Locator:
    return page.locator("h2.outcome")


def final(page: Page, words: Language = EN, runs: int = 400) -> None:
    """Wait until "What it does" shows its last picture, of all its organisations."""
    note = words._(NOTE, runs=words.number(runs))
    waiting = words._("More organisations are on their way.")
    captions = page.get_by_test_id("stCaptionContainer")
    shown = captions.filter(has_text=note).filter(has_not_text=waiting)
    expect(shown.first).to_be_visible()
    expect(page.locator("h2.outcome:not(.old)")).to_be_visible()
    expect(page.locator("table.strategies")).to_be_visible()
    settled(page)


def numbers(page: Page) -> list[str]:
    """Return what "What it does" says: the headline, and the table."""
    cells = page.locator("table.strategies td").all_inner_texts()
    return [headline(page).inner_text(), *(cell.strip() for cell in cells)]


def curve(page: Page) -> str:
    """Return the first picture as it is drawn."""
    return page.get_by_test_id("stVegaLiteChart").first.locator("svg").inner_html()


def session_of(page: Page) -> str:
    """Return which session the address names."""
    return parse_qs(urlparse(page.evaluate("location.href")).query)["session"][0]


def lever(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=re.compile("^" + re.escape(name)))


def push(slider: Locator, key: str, times: int = 1) -> None:
    """Move a slider by keys, and see that it moved with every press."""
    for _ in range(times):
        before = slider.input_value()

        def moved(before: str = before) -> bool:
            slider.press(key)
            try:
                expect(slider).not_to_have_value(before, timeout=2_000)
            except AssertionError:  # the page was being written: once more
                return False
            return True

        until(moved, f"{key} from {before}")


def choose(page: Page, name: str | re.Pattern[str], option: str, exact: bool = False) -> None:
    """Choose from a list, which closes by itself while the page is being written."""
    there = page.get_by_role("option", name=option, exact=exact)

    def opened() -> bool:
        settled(page)
        page.get_by_role("combobox", name=name).click()
        try:
            expect(there).to_be_visible(timeout=2_000)  # closed again: once more
        except AssertionError:
            page.keyboard.press("Escape")
            return False
        return True

    until(opened, f"the list {name}")
    there.click()


def until(true: Callable[[], bool], what: str, seconds: float = HANG) -> None:
    """Wait for what has no locator."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"{what}: not within {seconds:.0f} seconds"
        time.sleep(0.05)


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    closed = page.locator("details:not([open]) > summary")
    while (left := closed.count()) > 0:
        closed.first.click()
        expect(closed).to_have_count(left - 1)
    settled(page)


def axe(page: Page) -> list[str]:
    """Return what axe finds wrong for people who see, hear or move less."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
    options = {"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"]
    ]
