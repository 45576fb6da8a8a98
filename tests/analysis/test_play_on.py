"""The page that simulates in the browser is one small file; that it runs is tested in a browser."""

from __future__ import annotations

import re

import pytest

from analysis import demo
from sim.errors import AdoptionError


def test_the_page_is_one_small_file() -> None:
    page = demo.page()
    assert len(page.encode()) < 1_500_000
    assert not re.search(r"/\* (host\.js|page\.js|data) \*/", page)
    shown = re.sub(r'"base64":"[^"]*"', "", page)
    assert set(re.findall(r"https?://[^\s'\"]+", shown)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(?:src|href)=\"(?!data:)", shown)


@pytest.mark.parametrize("other", ["size-25", "turnover", "waves"])
def test_plans_of_other_organisations_are_refused(other: str) -> None:
    with pytest.raises(AdoptionError, match=f"{other} differs from baseline"):
        demo.prepared(("baseline", other))


def test_other_kinds_of_networks_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    small_world = demo.read_scenario("baseline").changed(
        {"organisation.network.kind": "small_world"}
    )
    monkeypatch.setattr(demo, "read_scenario", lambda name: small_world)
    with pytest.raises(AdoptionError, match="work in teams"):
        demo.prepared()
