"""Steps 4 and 5 as pages: each part is shown whole, in both languages, and says what the decisions say."""

from __future__ import annotations

import shutil
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest
import test_app as quick
from streamlit.testing.v1 import AppTest

from analysis import explain, next_euro
from analysis.app import why_reasons
from analysis.decisions.bench import Terms
from analysis.decisions.goal import Goal
from analysis.decisions.money_texts import next_message
from analysis.words.languages import language

ended = quick.ended
EN = language("en")
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"

PARTS = {"why": 3, "next": 1, "money": 1, "risk": 2}
"""Parts of step 4, and how many headings they have at least."""


def page_of(name: str, code: str, begun: str = "") -> Any:
    """Return a page of a small organisation, ready to be run."""
    source = f"""
        import streamlit as st
        from analysis.app import now_observed, session
        from analysis.app.screens import {name}
        if "setup" not in st.session_state:
            session.begin()
            session.speak("{code}")
            small = {{"organisation.employees": 20, "simulation.months": 8}}
            session.put(session.current().changed(small))
            {begun or "pass"}
        {name}.show()
    """
    return AppTest.from_string(textwrap.dedent(source), default_timeout=600)


def whole(page: Any) -> Any:
    """Run a page until nothing on it is under way."""
    end = time.monotonic() + quick.HANG
    page.run()
    while time.monotonic() < end:
        words = language(page.session_state.lang)
        coming = words._("More organisations are on their way.")
        under_way = any(words._("Cancel") == button.label for button in page.button)
        if not under_way and not any(coming in caption.value for caption in page.caption):
            return page
        time.sleep(0.3)
        page.run()
    pytest.fail("it is under way for ever")


@pytest.mark.parametrize("part", list(PARTS))
@pytest.mark.filterwarnings("ignore")
def test_each_part_is_shown_whole(part: str) -> None:
    page = page_of("why", "en")
    page.session_state["why part"] = part
    titles = set()
    for code in ("en", "nl"):
        page.session_state["lang"] = code
        whole(page)
        assert not page.exception and not page.error
        assert len(page.subheader) >= PARTS[part]
        assert page.table  # what is drawn stands in a table too
        titles.add(page.subheader[0].value)
    assert len(titles) == 2


@pytest.mark.filterwarnings("ignore")
def test_why_says_what_the_command_says() -> None:
    page = whole(page_of("why", "en"))
    several = page.session_state.setup.scenarios
    why = explain(several[2], several[0], Goal("adoption", 8), runs=400)
    shown = page.subheader[0].value.replace("\\", "")
    assert shown == why_reasons.headline(why, EN)


@pytest.mark.filterwarnings("ignore")
def test_the_next_euro_is_that_of_the_command() -> None:
    page = page_of("why", "en")
    page.session_state["why part"] = "next"
    whole(page)
    scenario = page.session_state.setup.scenarios[2]
    result = next_euro(scenario, 10_000.0, Terms(Goal("adoption", 8)), runs=100)
    assert page.subheader[0].value.replace("\\", "") == next_message(result)


TYPED = (
    'session.fill("observed", now_observed.kept_of('
    "now_observed.typed([(1, 3, 20), (2, 6, 20), (3, 9, 20)], False)))"
)


@pytest.mark.filterwarnings("ignore")
def test_what_was_observed_leads_somewhere() -> None:
    page = page_of("now", "en", TYPED)
    for code in ("en", "nl"):
        page.session_state["lang"] = code
        whole(page)
        assert not page.exception and not page.error
        assert page.session_state.fields["observed"]["active"] == [3.0, 6.0, 9.0]
        assert any(text.value.startswith("####") for text in page.markdown)
    page.button(key="forget observed").click()
    page.run()
    assert page.session_state.fields["observed"] is None


@pytest.mark.filterwarnings("ignore")
def test_more_months_than_are_simulated_are_said() -> None:
    late = TYPED.replace("(3, 9, 20)", "(8, 9, 20)")
    page = whole(page_of("now", "en", late))
    assert any("simulate more months" in info.value for info in page.info)


@pytest.mark.filterwarnings("ignore")
def test_an_imported_organisation_shows_nobody_and_no_small_group(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    shutil.copy(EXAMPLES / "people.csv", people)
    begun = (
        "from pathlib import Path; "
        f"session.put(session.current().with_people(Path({str(people)!r}), None))"
    )
    page = whole(page_of("why", "en", begun))
    assert not page.exception and not page.error
    assert any("an invented organisation of the same size" in text.value for text in page.caption)
    shown = " ".join(text.value for text in [*page.markdown, *page.caption, *page.subheader])
    names = [line.split(",")[0] for line in people.read_text("utf-8").splitlines()[1:]]
    assert not [name for name in names if len(name) > 3 and name in shown]
