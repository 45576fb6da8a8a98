"""The page of Mesa in a browser: it plays, stops, starts anew, and asks nobody outside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import WIDE, Server, Watched, served


@pytest.fixture(scope="module")
def mesa() -> Iterator[Server]:
    with served("mesa", "readyz") as found:
        yield found


@pytest.fixture
def page(mesa: Server, chromium: Browser) -> Iterator[Page]:
    """Open the page; watch what it asks for and what it says."""
    context = chromium.new_context(viewport={"width": WIDE, "height": 900})
    watched = Watched(context, mesa)
    page = context.new_page()
    page.goto(mesa.address)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    yield page
    context.close()
    log = mesa.said()
    assert not watched.wrong
    assert any("/_solara/cdn/" in one for one in watched.asked)  # what others fetch from elsewhere
    assert "Traceback" not in log
    assert "Warning" not in log
    assert "Could not load" not in log


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def month(page: Page, number: int) -> None:
    expect(page.locator(".adoption")).to_contain_text(f"Month {number} of 24")


def test_step_play_stop_and_start_anew(page: Page) -> None:
    month(page, 0)
    press(page, "Step")
    month(page, 1)
    press(page, "\N{BLACK RIGHT-POINTING TRIANGLE}")
    month(page, 24)
    expect(page.get_by_role("button", name="Step", exact=True)).to_be_disabled()
    press(page, "Reset")
    month(page, 0)
    press(page, "Step")
    month(page, 1)


def test_another_strategy_counts_from_reset_on(page: Page) -> None:
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Leaders and champions: 0% use AI every week")
    everybody = page.locator(".adoption svg").first.locator("circle title")
    expect(everybody).to_have_count(140)
    champions = everybody.filter(has_text="champion")
    expect(champions).to_have_count(11)
    page.get_by_role("button", name="Strategy").click()
    page.get_by_role("option", name="Licences only").click()
    press(page, "Reset")
    expect(title).to_have_text("Licences only: 0% use AI every week")
    expect(champions).to_have_count(0)


def test_people_and_curves_say_the_same_as_the_sentence(page: Page) -> None:
    press(page, "Step")
    month(page, 1)
    said = page.get_by_role("heading", level=1).inner_text()
    weekly = int(re.findall(r"(\d+)%", said)[0])
    using = page.locator(".adoption .key b").last.inner_text()
    assert round(100 * int(using) / 140) == weekly
    expect(page.get_by_text(f"Weekly users {weekly / 100:.2f}")).to_be_visible()
