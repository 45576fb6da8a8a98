"""The organisation: its size and kind, its departments, its own people, and a picture of it."""

from __future__ import annotations

import re
from typing import Any, Final

import pandas as pd
import streamlit as st

from analysis.app import charts, people, session, setup, studies
from analysis.app.session import draw
from analysis.results.summary import called
from analysis.studies.ties.verdicts import kept_verdict
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.scenario.library import read_presets
from sim.scenario.schema import Scenario

TIES: Final = re.compile(r"(?<![a-z])(ties|relaties|banden)(?![a-z])")
"""How a file of ties is known by its name."""

SHOWN: Final = 2_000
"""Largest organisation the slider goes to; larger ones are read from files."""


def show() -> None:
    """Show the page."""
    words = session.words()
    scenario = session.current().first
    st.title(words._("Your organisation"), anchor=False)
    left, right = st.columns([1, 1.6], gap="large")
    with left:
        _name(scenario, words)
        if scenario.organisation.people is None:
            _kind(scenario, words)
            _culture(scenario, words)
            _departments(scenario, words)
        else:
            st.info(
                words._(
                    "{number} people from a file.",
                    number=words.number(scenario.organisation.employees),
                )
            )
            _culture(scenario, words)
        _upload(words)
    with right:
        session.guarded(lambda: _picture(words))()
        st.caption(kept_verdict(words))


def _name(scenario: Scenario, words: Language) -> None:
    """Ask for the name."""
    there = scenario.organisation.name
    name = st.text_input(words._("Name"), there, max_chars=120, key=session.key("name"))
    if name and name != there:
        session.change({"organisation.name": name})


def _kind(scenario: Scenario, words: Language) -> None:
    """Ask for size and sector."""
    organisation = scenario.organisation
    size = st.slider(
        words._("Employees"),
        10,
        max(SHOWN, organisation.employees),
        organisation.employees,
        5,
        key=session.key("employees"),
    )
    if size != organisation.employees:
        session.change({"organisation.employees": size})
    sectors, there = read_presets(), organisation.sector or "general"
    sector = st.selectbox(
        words._("Sector: which worries are common"),
        list(sectors),
        index=list(sectors).index(there),
        key=session.key("sector"),
        format_func=lambda name: words.of(sectors[name].title),
    )
    if sector != there:
        session.change({"organisation.sector": sector})


def _culture(scenario: Scenario, words: Language) -> None:
    """Ask how people here deal with the new."""
    organisation = scenario.organisation
    names = {
        "digital_maturity": words._("Digital maturity"),
        "culture.error_tolerance": words._("Errors may be made"),
        "culture.participation": words._("People have a say"),
        "culture.experimentation": words._("Trying out is welcome"),
        "culture.transparency": words._("Plans are told"),
    }
    with st.expander(words._("Culture and digital maturity"), expanded=False):
        st.caption(words._("50 is the middle and changes nothing."))
        for path, name in names.items():
            value: Any = organisation
            for part in path.split("."):
                value = getattr(value, part)
            moved = st.slider(name, 0, 100, round(100 * value), 5, key=session.key(path))
            if moved != round(100 * value):
                session.change({f"organisation.{path}": moved / 100.0})
        turnover = st.slider(
            words._("Turnover, % a year"),
            0,
            50,
            round(100 * organisation.turnover),
            key=session.key("turnover"),
        )
        if turnover != round(100 * organisation.turnover):
            session.change({"organisation.turnover": turnover / 100.0})


def _departments(scenario: Scenario, words: Language) -> None:
    """Ask for departments, their size and their work."""
    share, task = words._("% of staff"), words._("% of work AI can help with")
    table = pd.DataFrame(
        [
            (name, 100 * d.share, 100 * d.task_share)
            for name, d in scenario.organisation.departments.items()
        ],
        columns=[words._("Department"), share, task],
    )
    with st.expander(words._("Departments"), expanded=False):
        st.caption(words._("Add, change or take away rows; the shares of the staff add up to 100."))
        limits: dict[str, Any] = {
            "min_value": 0.0,
            "max_value": 100.0,
            "format": "%.0f",
            "required": True,
        }
        edited = st.data_editor(
            table,
            num_rows="dynamic",
            hide_index=True,
            key=session.key("departments"),
            column_config={
                share: st.column_config.NumberColumn(**limits),
                task: st.column_config.NumberColumn(**limits),
            },
        )
        if st.button(words._("Take over"), key="take over departments"):
            _take_over(edited, words)


def _take_over(table: pd.DataFrame, words: Language) -> None:
    """Make the departments those of a table, or say what is wrong with it."""
    rows = table.dropna()
    total = rows.iloc[:, 1].sum()
    if abs(total - 100.0) > 0.5:
        st.error(
            words._("The shares add up to {total}, expected 100.", total=words.number(total, 1))
        )
        return
    names = [str(name).strip() for name in rows.iloc[:, 0]]
    if len(set(names)) < len(names):
        st.error(words._("Two departments have the same name."))
        return
    departments = {
        name: {"share": float(row.iloc[1]) / total, "task_share": float(row.iloc[2]) / 100.0}
        for name, (_, row) in zip(names, rows.iterrows(), strict=True)
    }
    try:
        moved = session.current().changed({"organisation.departments": departments})
    except AdoptionError as error:
        session.refused(error)
        return
    session.put(moved, afresh=True)
    st.rerun()


def _upload(words: Language) -> None:
    """Take files: people and ties, or scenarios."""
    with st.expander(words._("Your own people, or a scenario file"), expanded=False):
        st.caption(
            words._(
                "A list of people (CSV or Excel), perhaps with their ties; or one to four scenarios (YAML) of the "
                "same organisation. Files stay on this computer, in this session; ids become pseudonyms."
            )
        )
        files = st.file_uploader(
            words._("Files"),
            ["csv", "xlsx", "yaml", "yml"],
            accept_multiple_files=True,
            key=session.key("files"),
        )
        if not files or not st.button(words._("Open them"), key="open files", type="primary"):
            return
        try:
            _open([(file.name, file.getvalue()) for file in files], words)
        except AdoptionError as error:
            session.refused(error)
            return
        st.rerun()


def _open(files: list[tuple[str, bytes]], words: Language) -> None:
    """Open what was uploaded.

    Raises
    ------
    AdoptionError
        If it cannot be used.
    """
    places = setup.written(session.folder(), files)
    if any(path.suffix.lower() in (".yaml", ".yml") for path in places):
        session.put(setup.opened(places), afresh=True)
        return
    ties = [path for path in places if TIES.search(path.name.lower())]
    staff = [path for path in places if path not in ties]
    if len(staff) != 1 or len(ties) > 1:
        raise AdoptionError(
            words._(
                "Expected one file of people, and perhaps one of ties, called ties.csv; found {files}.",
                files=words.listed([path.name for path in places]),
            )
        )
    moved = session.current().with_people(staff[0], ties[0] if ties else None)
    if moved.first.organisation.name == setup.new(words).first.organisation.name:
        moved = moved.changed({"organisation.name": words._("Our organisation")})
    session.put(moved, afresh=True)


# --- The picture ---------------------------------------------------------------------------


def _picture(words: Language) -> None:
    """Show who notices whom."""
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
