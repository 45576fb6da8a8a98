"""Steps 4 and 5 as readers have them: from why to a plan on paper, wide and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import NARROW
from .using import axe, small

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

Visit = Callable[..., Page]


def narrow(page: Page) -> bool:
    """Return whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_why_and_what_can_go_wrong(visit: Visit) -> None:
    page = visit(width=NARROW, s=small(40).link)
    page.goto(page.url.replace("/?", "/why?"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Why, and better")
    expect(page.get_by_role("heading", name="points that")).to_be_visible()
    expect(page.locator("table.heat")).to_be_visible()
    expect(page.get_by_text("Nobody real.")).to_be_visible()
    assert narrow(page) and not axe(page)
    page.get_by_text("What can go wrong?").click()
    expect(page.get_by_role("heading", name="of cases")).to_be_visible()
    expect(page.get_by_text("Most harm is done by")).to_be_visible()
    assert narrow(page) and not axe(page)


def test_an_export_leads_to_a_course_and_a_plan(visit: Visit) -> None:
    page = visit(width=NARROW, s=small(40).link)
    page.goto(page.url.replace("/?", "/now?"))
    upload = page.locator("[data-testid=stFileUploader] input[type=file]")
    upload.set_input_files(
        {"name": "x.csv", "mimeType": "text/csv", "buffer": b"month,enabled\n1,9\n"}
    )
    expect(page.get_by_text("This cannot be used:")).to_be_visible()
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(
        EXAMPLES / "use.csv"
    )
    expect(page.get_by_text("5 months observed")).to_be_visible()
    expect(page.get_by_text("Measure every month, and look again").first).to_be_visible()
    assert narrow(page) and not axe(page)
    with page.expect_download() as download:
        page.get_by_text("The plan on one page").click()
    assert "What we measure" in Path(download.value.path()).read_text("utf-8")
