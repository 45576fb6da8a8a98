"""The play-on file is one small file; what cannot be beside each other in it is refused."""

from __future__ import annotations

import re

import pytest

from analysis import play_on
from sim.errors import AdoptionError
from sim.scenario import read_scenario


def test_the_page_is_one_small_file() -> None:
    page = play_on.page_of([read_scenario(name) for name in play_on.PLANS])
    assert len(page.encode()) < 1_000_000
    assert not re.search(r"/\* data \*/|<!-- (views|scripts) -->", page)
    shown = re.sub(r'"(?:base64|arrays)":(?:"[^"]*"|\[[^]]*\])', "", page)
    assert set(re.findall(r"https?://[^\s'\"]+", shown)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(?:src|href)=\"(?!data:)", shown)


@pytest.mark.parametrize("other", ["size-25", "size-75"])
def test_plans_of_other_organisations_are_refused(other: str) -> None:
    with pytest.raises(AdoptionError, match=f"{other} differs from baseline"):
        play_on.page_of([read_scenario("baseline"), read_scenario(other)])
