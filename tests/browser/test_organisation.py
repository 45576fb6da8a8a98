"""Step 1 in a browser: a list as an HR system exports it is dropped, mended by hand and taken over."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import staff_lists
from playwright.sync_api import Page, expect

from analysis.words.languages import language

from .conftest import NARROW
from .using import axe, choose, settled

Visit = Callable[..., Page]
NL = language("nl")


def made(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_a_dirty_list_is_read_back_mended_and_taken_over(visit: Visit) -> None:
    page = visit(lang="nl", width=NARROW)
    settled(page)
    page.get_by_text(NL._("Read your staff list")).click()
    settled(page)
    page.locator("input[type=file]").first.set_input_files(
        [made("personeel 2026.csv", staff_lists.text())]
    )
    refused = page.get_by_test_id("stAlertContentError")
    expect(refused.first).to_be_visible()
    settled(page)
    choose(page, re.compile("Vakgroep"), NL._("department"), exact=True)
    expect(page.get_by_text("180 medewerkers, 9 afdelingen en 20 teams")).to_be_visible()
    expect(page.get_by_text("2 dubbele rijen weggelaten.")).to_be_visible()
    expect(refused).to_have_count(0)
    settled(page)
    found = axe(page)
    expect(
        page.get_by_text(NL._("All as usual: nothing differs from an average organisation."))
    ).to_be_visible()
    page.get_by_role("button", name=re.compile(r"^.*Neem deze 180 mensen over$")).click()
    expect(page.get_by_text("180 licenties")).to_be_visible()
    expect(page.get_by_text(re.compile("In gebruik: de mensen van"))).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    settled(page)
    found += axe(page)
    assert not found, "\n".join(found)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW + 1
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
