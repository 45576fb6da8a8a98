"""The drawer of measures: by phase, each with its price here, its effect here, and its evidence."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import streamlit as st

from analysis.app import catalogue, session, studies
from analysis.app.catalogue import Effect
from analysis.app.following import PENDING
from analysis.app.screens.columns import letter_of
from analysis.app.setup import colour_of
from analysis.words.languages import Language
from sim.scenario import read_catalogue
from sim.scenario.measure import Measure

BESIDE: Final = 3
"""Measures beside each other, where there is room."""

STYLE: Final = """
.facts { font-size: .82rem; line-height: 1.45; color: #4a4a4a; font-variant-numeric: tabular-nums; }
.facts b { color: #1a1a1a; }
.facts .large { font-weight: 700; color: #1d6b35; } .facts .less { font-weight: 700; color: #a4262c; }
[class*=st-key-card] { gap: .3rem; }
"""


def show(words: Language) -> None:
    """Show the measures there are; one click puts one into a strategy, or takes it out."""
    phases = catalogue.by_phase()
    left, right = st.columns([3, 1.4], vertical_alignment="bottom")
    with left:
        phase = st.segmented_control(
            words._("Phase"),
            list(phases),
            default=next(iter(phases)),
            format_func=lambda name: catalogue.phase_title(name, words),
            key="phase of measures",
        )
    word = right.text_input(
        words._("Search all measures by name"), key="search measures", max_chars=60
    )
    shown = list(phases[phase or next(iter(phases))])
    if word.strip():
        shown = [name for name in read_catalogue() if catalogue.holds(name, word, words)]
        if not shown:
            st.caption(words._("No measure is called so."))
    effects = _effects(words)
    shown.sort(key=lambda name: -effects[name].mean if name in effects else 0.0)
    prices = catalogue.prices(session.current().first)
    for start in range(0, len(shown), BESIDE):
        for column, name in zip(st.columns(BESIDE), shown[start : start + BESIDE], strict=False):
            with column.container(border=True, height="stretch", key=f"card {name}"):
                _card(name, prices.get(name), effects, words)


def _effects(words: Language) -> dict[str, Effect]:
    """Return what each measure does here, as soon as it is known; say how far that is."""
    asked = studies.effects(session.current())
    if asked.ended and not asked.cancelled:
        st.caption(
            words._(
                "Price: for this organisation over the whole period, own time included. Effect: added "
                "alone to {reference}, simulated in organisations like this one; mean weekly users over "
                "all months, 95% interval. Large is {large} points or more. Evidence: A is strongest, E "
                "untraced.",
                reference=session.inert(session.current().first.label),
                large=words.points(catalogue.LARGE, sign=False),
            )
        )
        known: dict[str, Effect] = asked.value
        return known

    def waits() -> None:
        study = studies.effects(session.current())
        if study.ended:
            st.rerun()
        text = words._("What each measure does here is being simulated: {share} done")
        st.progress(study.done, text.format(share=words.percent(study.done)))

    st.fragment(waits, run_every=PENDING)()
    return {}


def _card(name: str, price: float | None, effects: dict[str, Effect], words: Language) -> None:
    """Show a measure, and in which strategies it is."""
    measure, now = read_catalogue()[name], session.current()
    places = {scenario.name: place for place, scenario in enumerate(now.scenarios)}
    inside = [scenario.name for scenario in now.scenarios if name in scenario.deployments]
    chosen = st.pills(
        session.inert(words.of(measure.title)),
        list(places),
        selection_mode="multi",
        default=inside,
        format_func=lambda each: letter_of(places[each], words),
        help=session.inert(catalogue.explained(measure, words)),
        key=session.key(f"in {name}"),
    )
    st.html(_facts(name, measure, price, effects, words))
    for each in now.scenarios:
        if (each.name in chosen) != (each.name in inside):
            change: dict[str, Any] = {f"programme.{name}": {} if each.name in chosen else None}
            session.change(change, places[each.name])
            if each.name in chosen:
                st.session_state["open measure"] = [each.name, name]
            st.rerun()


def _facts(
    name: str, measure: Measure, price: float | None, effects: dict[str, Effect], words: Language
) -> str:
    """Return the price, the effect and the evidence of a measure."""
    cost = "\N{HORIZONTAL ELLIPSIS}" if price is None else words.euro(price)
    grade = catalogue.grade(measure)
    known = words._("evidence {grade}", grade=grade) if grade else words._("no evidence")
    return (
        f"<div class='facts'><b>{escape(cost)}</b> · {_effect(name, effects, words)} · "
        f"{escape(known)}</div>"
    )


def _effect(name: str, effects: dict[str, Effect], words: Language) -> str:
    effect = effects.get(name)
    if effect is None:
        text = words._("effect not known") if effects else words._("effect: being simulated")
        return escape(text)
    sizes = {
        "large": words._("large effect"),
        "small": words._("small effect"),
        "less": words._("lowers use"),
        "unknown": words._("effect not known"),
    }
    between = words._(
        "{low} to {high} points", low=words.points(effect.low), high=words.points(effect.high)
    )
    return f"<span class='{effect.size}'>{escape(sizes[effect.size])}</span> ({escape(between)})"


def letters(words: Language) -> str:
    """Return which letter is which strategy."""
    parts = [
        f"<span style='white-space:nowrap'><span class='col-letter' style='--own:{colour_of(place)}'>"
        f"{escape(letter_of(place, words))}</span> {escape(scenario.label)}</span>"
        for place, scenario in enumerate(session.current().scenarios)
    ]
    return f"<div class='facts'>{' &nbsp; '.join(parts)}</div>"
