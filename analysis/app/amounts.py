"""Amounts of money as people type them: 150.000 and 150,000 are a hundred and fifty thousand."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from analysis.app import session
from analysis.words.languages import Language
from sim.scenario.imports.numbers import Kind, written

MOST: Final = 1e9
"""The largest amount that is asked for [euro]."""

EURO: Final = Kind(0, MOST, money=True)


def read(text: str) -> float | None:
    """Return an amount as it was typed [euro], None for what is none.

    A sign before three digits stands between thousands: these amounts have no thousandths of a euro.

    Examples
    --------
    >>> [read(text) for text in ("150.000", "€ 150,000", "12,5", "1.234,56", "much")]
    [150000.0, 150000.0, 12.5, 1234.56, None]
    """
    number = written(text, EURO)
    return None if number is None else float(number.grouped or number.digits)


def ask(
    label: str,
    there: float | None,
    words: Language,
    *,
    field: str,
    least: float = 0.0,
    **options: Any,
) -> float | None:
    """Ask for an amount; return it [euro], None where nothing is typed and nothing was there.

    Parameters
    ----------
    label
        What is asked.
    there
        The amount there is [euro], None for none.
    words
        The language.
    field
        Name of the widget in this session.
    least
        The smallest amount [euro].
    options
        What else `streamlit.text_input` takes.
    """
    shown = "" if there is None else words.number(there)
    text = st.text_input(label, shown, key=session.key(field), **options).strip()
    if text == shown:
        return there
    if not text:
        return None
    amount = read(text)
    if amount is None or not least <= amount <= MOST:
        st.error(
            words._(
                "{value} is no amount: type {least} or more, such as {example}",
                value=session.inert(text),
                least=session.inert(words.euro(least)),
                example=words.number(150_000),
            )
        )
        return there
    return amount
