"""The five steps of the page, in their order, and the two pages beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import streamlit as st

from analysis.app import session
from analysis.app.screens import about, choices, evidence, game, now, organisation, outcome, why
from analysis.words.languages import Language

NUMBERS: Final = "counter_{number}"
"""Icon of a step that nobody has been through."""

DONE: Final = "check_circle"
"""Icon of a step that somebody has been through."""


class Step(NamedTuple):
    """A step: what tells its page in the address, what it is called, what its page shows."""

    path: str
    title: str
    show: Callable[[], None]


def steps(words: Language) -> list[Step]:
    """Return the steps, called in a language."""
    return [
        Step("organisation", words._("Your organisation"), organisation.show),
        Step("choices", words._("Your choices"), choices.show),
        Step("outcome", words._("What it does"), outcome.show),
        Step("why", words._("Why, and better"), why.show),
        Step("now", words._("Where are we now?"), now.show),
    ]


def beside(words: Language) -> list[Step]:
    """Return the pages for those who want to know more."""
    return [
        Step("game", words._("The game"), game.show),
        Step("evidence", words._("Evidence"), evidence.show),
        Step("about", words._("About"), about.show),
    ]


def pages(words: Language) -> list[Any]:
    """Return all pages as Streamlit knows them; the first one is shown where none is asked for."""
    return [
        st.Page(step.show, title=step.title, url_path=step.path, default=number == 0)
        for number, step in enumerate([*steps(words), *beside(words)])
    ]


def rail(pages: Sequence[Any], words: Language) -> None:
    """Show the steps beside the page: those that somebody has been through are ticked."""
    numbered, here = len(steps(words)), session.address()
    with st.sidebar:
        for number, page in enumerate(pages[:numbered], start=1):
            done = page.url_path in session.finished()
            icon = DONE if done else NUMBERS.format(number=number)
            st.page_link(
                page, label=f"{number}  {page.title}", icon=f":material/{icon}:", query_params=here
            )
        st.divider()
        for page in pages[numbered:]:
            st.page_link(page, query_params=here)


def onward(page: Any, pages: Sequence[Any], words: Language) -> None:
    """End a step with one button, which leads to the next one."""
    number = [each.url_path for each in pages].index(page.url_path)
    if number + 1 >= len(steps(words)):
        return
    after = pages[number + 1]
    st.divider()
    label = words._("Next: {step}", step=after.title)
    if st.button(label, type="primary", key="onward", icon=":material/arrow_forward:"):
        session.finish(page.url_path)
        st.switch_page(after, query_params=session.address())
