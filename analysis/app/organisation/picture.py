"""The picture of the people and their ties, drawn when somebody wants to see it."""

from __future__ import annotations

import streamlit as st

from analysis.app import charts, people, session, studies
from analysis.app.session import draw
from analysis.results.summary import called
from analysis.studies.ties.verdicts import kept_verdict
from analysis.words.languages import Language
from sim.scenario.schema import Scenario


def show(words: Language) -> None:
    """Show the picture, if it is wanted."""
    st.subheader(words._("Who notices whom"), anchor=False)
    if st.toggle(words._("Draw the people and their ties"), key="draw people"):
        session.guarded(lambda: _drawn(words))()
        st.caption(kept_verdict(words))


def _drawn(words: Language) -> None:
    """Draw who notices whom, or departments where people may not be drawn."""
    now = session.current()
    if not people.drawable(now.first):
        _map(now.first, words)
        return
    labels = {scenario.name: called(scenario, words) for scenario in now.scenarios}
    colours = {
        "use": words._("Use of AI"),
        "archetype": words._("Kind of resistance"),
        "department": words._("Department"),
    }
    left, right = st.columns(2)
    name = left.selectbox(
        words._("Strategy"),
        list(labels),
        format_func=labels.__getitem__,
        index=len(labels) - 1,
        key=session.key("network strategy"),
    )
    colour = right.selectbox(
        words._("Colours show"),
        list(colours),
        format_func=colours.__getitem__,
        key=session.key("network colour"),
    )
    drawn = next(scenario for scenario in now.scenarios if scenario.name == name)
    last = drawn.simulation.months
    month = st.slider(words._("Month"), 0, last, min(6, last), key=session.key("network month"))
    study = studies.drawn(now, drawn)
    room = st.empty()
    while not study.wait(0.5):
        room.progress(study.done, words._("Drawing these people ..."))
    room.empty()
    typical: people.Typical = study.value
    dots, ties, shades, names = people.dots(typical.people, colour, month, words)
    weekly = float((typical.people.use[month] == 3).mean())
    st.subheader(
        words._(
            "Month {month}: {share} use AI every week here, {mean} on average",
            month=month,
            share=words.percent(weekly),
            mean=words.percent(float(typical.mean[month])),
        ),
        anchor=False,
    )
    draw(charts.network(dots, ties, shades, names, words))
    st.caption(
        words._(
            "One of {runs} organisations as they could be, with invented people: number {number}, taken "
            "because its weekly users after {months} months, {here}, are nearest the median of all, "
            "{median}; their mean is {mean}. A dot is an employee, larger for leaders; a line is a tie, "
            "two people who notice each other. Another one would look different.",
            runs=words.number(typical.runs),
            number=words.number(typical.number),
            months=last,
            here=words.percent(float((typical.people.use[-1] == 3).mean())),
            median=words.percent(typical.median),
            mean=words.percent(float(typical.mean[-1])),
        )
    )


def _map(scenario: Scenario, words: Language) -> None:
    """Show departments and the ties between them, where people may not or cannot be shown."""
    circles, lines = people.departments_of(scenario, words)
    st.subheader(words._("Departments, and who has ties with whom"), anchor=False)
    draw(charts.map_of(circles, lines, words))
    st.caption(
        words._(
            "A circle is a department, as large as its people are many; the broader a line, the more "
            "ties between two of them. Departments of fewer than {least} people are not shown by "
            "themselves, and nobody is shown one by one.",
            least=scenario.privacy.min_group,
        )
    )
