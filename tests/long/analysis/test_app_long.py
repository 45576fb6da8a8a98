"""What takes long of ``analysis/test_app.py``."""

from __future__ import annotations

import re
from typing import Any

import pytest
import test_app as quick
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import others
from test_app import HANG, NOWHERE, PAGES, POOR, TORN, packed, page_of

import sim
from analysis.app import setup, studies
from analysis.app.session import inert

ended = quick.ended


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["organisation", "programme", "tool", "employees", "launch", "a", ""]),
            inner, max_size=4,
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_whatever_a_link_carries_it_is_a_setup_or_refused_in_words(content: object) -> None:
    try:
        found = setup.from_link(packed([content]))
    except sim.AdoptionError as error:
        assert str(error)
    else:
        assert setup.from_link(found.link).link == found.link


@pytest.mark.parametrize("code", ["en", "nl"])
@pytest.mark.parametrize("name", others(PAGES, 2))
@pytest.mark.filterwarnings("ignore")
def test_every_page_is_shown_in_both_languages(name: str, code: str) -> None:
    quick.test_every_page_is_shown_in_both_languages(name, code)


torn = quick.torn


@pytest.mark.filterwarnings("ignore")
def test_a_lever_changes_the_strategy() -> None:
    page = page_of("outcome", "en").run()
    page.toggle[0].set_value(True).run()
    before = page.session_state.setup.key
    page.slider[0].set_value(0.0).run()
    assert page.session_state.setup.key != before
    assert page.session_state.setup.scenarios[1].programme["launch"].dose == 0.0


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("changes", [POOR, NOWHERE, TORN], ids=["budget", "team", "engine"])
@pytest.mark.usefixtures("torn")
def test_a_dutch_page_shows_an_error_in_its_column_and_the_others_beside_it(
    changes: dict[str, Any],
) -> None:
    page = page_of("outcome", "nl").run()
    names = [one.label for one in page.session_state.setup.scenarios]
    broken = page.session_state.setup
    broken = broken.with_strategy(1, broken.scenarios[1].changed(changes))
    page.session_state.setup = broken
    page.run()
    while not studies.fine(broken).wait(HANG):
        pass
    page.run()
    assert not page.exception
    told = " ".join(one.value for one in [*page.error, *page.code])
    assert told and not re.search(r"\b(the|than|there|cannot|raise|more|what|strategy)\b", told), (
        told
    )
    assert len(page.error) == 1
    if changes is POOR:
        assert "1.000" in page.code[0].value and "verhoog budget.total" in page.code[0].value
    labels = " ".join(one.value for one in page.markdown)
    assert inert(broken.scenarios[1].label) in labels
    others = studies.fine(broken).value.answer.strategies  # the answer on the others is there
    assert [one.title for one in others] == [names[0], names[2]]
