"""What takes long of ``analysis/test_app.py``."""

from __future__ import annotations

import pytest
import test_app as quick
from hypothesis import given, settings
from hypothesis import strategies as st
from parts import others
from test_app import PAGES, packed

import sim
from analysis.app import setup

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
