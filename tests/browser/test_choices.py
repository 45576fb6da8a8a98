"""Your choices in a browser: a measure, a budget, fewer licences; for everybody who reads it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from analysis.app import setup as setups

from .conftest import NARROW, WIDE
from .using import EN, Visit, axe, settled


def small() -> str:
    """Return a link to two light strategies of 140 people: a budget of 80,000 pays for some licences."""
    now = setups.new(EN).without(2).without(1)
    again = now.first.changed({"title": "Some help"})
    return now.added(again).link


def choices(page: Page) -> None:
    """Go on to the page from the first step, whatever the width."""
    page.get_by_role("button", name="Next: Your choices").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your choices")
    settled(page)


def limit(page: Page, euros: str) -> None:
    field = page.get_by_role("textbox", name="Budget, euro")
    field.fill(euros)
    field.press("Enter")
    settled(page)


def test_a_measure_a_budget_and_fewer_licences(visit: Visit) -> None:
    page = visit(lang="en", s=small())
    choices(page)
    page.get_by_text("Show the measures to choose from").click()
    settled(page)
    page.get_by_role("textbox", name="Search all measures by name").fill("Vision")
    page.keyboard.press("Enter")
    settled(page)
    card = page.locator("[class*=st-key-card-vision]")
    card.get_by_role("button", name="A", exact=True).or_(
        card.get_by_role("checkbox", name="A", exact=True)
    ).first.click()
    settled(page)
    column = page.locator(".st-key-column-1")
    expect(column.get_by_role("button", name="Vision and urgency")).to_be_visible()
    limit(page, "80000")
    expect(
        column.get_by_text("This does not fit the budget, so it is not compared.")
    ).to_be_visible()
    column.get_by_role("button", name=re.compile("^Fewer licences: ")).click()
    settled(page)
    expect(column.get_by_text(re.compile(r"Gave way: \d+ licences instead of 140"))).to_be_visible()
    expect(column.get_by_text("does not fit the budget")).to_have_count(0)
    figures = page.locator(".bar-figures:not(.old)")  # it is compared now
    expect(figures.get_by_text(re.compile("%")).nth(1)).to_be_visible()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everybody_can_read_it_at_any_width(visit: Visit, width: int) -> None:
    page = visit(width=width, lang="en", s=small())
    choices(page)
    limit(page, "80000")
    column = page.locator(".st-key-column-1")
    column.get_by_role("button", name="AI available").click()
    settled(page)
    page.get_by_text("Show the measures to choose from").click()
    page.get_by_text("Versions, and what differs").click()
    settled(page)
    wide = page.evaluate(
        "[document.scrollingElement, document.querySelector('[data-testid=stMain]')]"
        ".map(each => each.scrollWidth)"
    )
    assert not axe(page)
    assert max(wide) <= width + 1
