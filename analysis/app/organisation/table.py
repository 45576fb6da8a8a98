"""The table of departments, as it is shown and edited."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from analysis.app import session
from analysis.app.organisation.rows import (
    AT_GO_LIVE,
    LITTLE,
    MUCH,
    NEVER,
    SOME,
    Row,
    changes_of,
    rows_of,
)
from analysis.results.summary import group_name
from analysis.words.languages import Language
from sim.people.population import chart, facts
from sim.programme.ledger import with_access
from sim.scenario.schema import Scenario

MOST: Final = 40
"""Departments of an invented organisation at most."""


def show(words: Language) -> None:
    """Show the table, and what its licences cost."""
    scenario = session.current().first
    real = scenario.organisation.people is not None
    st.subheader(words._("Departments"), anchor=False)
    rows = rows_of(scenario)
    edited = _edited(scenario, rows, words)
    if edited is not None and edited != rows:
        changes = changes_of(scenario, edited)
        if changes:
            session.change(changes)
            scenario = session.current().first
    _costs(scenario, words)
    _notes(scenario, real, words)


def _edited(scenario: Scenario, rows: Sequence[Row], words: Language) -> list[Row] | None:
    """Show the table; return what it says now, None while a row is not finished."""
    real = scenario.organisation.people is not None
    months, known = _months(scenario, words), facts(scenario)
    parts = _parts(rows, words)
    columns = {
        "label": words._("Department"),
        "people": words._("People"),
        "month": words._("Licences"),
        "task": words._("Work where AI helps"),
        "using": words._("Weekly users today, %"),
    }
    key = session.key("departments")
    if key not in st.session_state or "table" not in st.session_state:
        named = {row.label: group_name("department", row.label, words) for row in rows}
        base = [
            (named[row.label], row.people, months[row.month], parts[row.task], row.using)
            for row in rows
        ]
        st.session_state.table = pd.DataFrame(base, columns=list(columns))
        st.session_state["table rows"] = {named[row.label]: row for row in rows}
    hidden = known is not None and known.uses is not None
    config: dict[str, Any] = {
        "label": st.column_config.TextColumn(
            columns["label"], width="medium", required=True, max_chars=80, disabled=real
        ),
        "people": st.column_config.NumberColumn(
            columns["people"], min_value=1, max_value=100_000, step=1, required=True, disabled=real
        ),
        "month": st.column_config.SelectboxColumn(
            columns["month"], options=list(months.values()), required=True, default=months[0]
        ),
        "task": st.column_config.SelectboxColumn(
            columns["task"], options=list(parts.values()), required=True, default=parts[SOME]
        ),
        "using": st.column_config.NumberColumn(
            columns["using"], min_value=0, max_value=100, required=True, default=0
        ),
    }
    table = st.data_editor(
        st.session_state.table,
        num_rows="fixed" if real else "dynamic",
        hide_index=True,
        key=key,
        column_order=[name for name in columns if not (hidden and name == "using")],
        column_config=config,
    )
    return _rows(table, {v: k for k, v in months.items()}, {v: k for k, v in parts.items()}, words)


def _rows(
    table: pd.DataFrame, months: dict[str, int], parts: dict[str, float], words: Language
) -> list[Row] | None:
    """Return the rows of an edited table; None, and why, if it cannot be taken over."""
    before: dict[str, Row] = st.session_state["table rows"]
    rows, names = list[Row](), set[str]()
    for label, people, month, task, using in table.itertuples(index=False):
        name = "" if pd.isna(label) else " ".join(str(label).split())
        blank = not name or pd.isna(people)
        if blank or pd.isna(month) or pd.isna(task) or pd.isna(using):
            st.caption(words._("A row counts as soon as it has a name and a number of people."))
            continue
        if name in names:
            st.error(words._("Two departments have the same name."))
            return None
        names.add(name)
        old = before.get(name)
        rows.append(
            Row(
                name if old is None else old.label,
                (name,) if old is None else old.departments,
                int(people),
                months[month],
                parts[task],
                float(using),
            )
        )
    if not rows:
        st.error(words._("An organisation has at least one department."))
        return None
    if len(rows) > MOST and len(rows) > len(before):
        st.error(words._("At most {most} departments fit here.", most=MOST))
        return None
    if all(row.month == NEVER for row in rows):
        st.error(words._("At least one department has licences."))
        return None
    return rows


def _months(scenario: Scenario, words: Language) -> dict[int, str]:
    """Return what can be said of licences, by month."""
    return {
        AT_GO_LIVE: words._("yes"),
        NEVER: words._("no"),
        **{
            month: words._("from month {month}", month=month)
            for month in range(1, scenario.simulation.months + 1)
        },
    }


def _parts(rows: Sequence[Row], words: Language) -> dict[float, str]:
    """Return what can be said of the work where AI helps, by percentage; the three words first."""
    named = {
        LITTLE: words._("little, 5%"),
        SOME: words._("some, 15%"),
        MUCH: words._("much, 30%"),
    }
    own = {*map(float, range(101)), *(row.task for row in rows)} - {*map(float, named)}
    parts = {float(part): text for part, text in named.items()}
    for part in sorted(own):
        parts[part] = words.percent(part / 100.0, 0 if part.is_integer() else 1)
    return parts


def _costs(scenario: Scenario, words: Language) -> None:
    """Say how many licences there are, and what they cost."""
    staff = chart(scenario)
    access = with_access(scenario, staff)
    price, last = scenario.tool.licence_price, len(access)
    number = float(access[-1])
    st.markdown(
        words._(
            "**{number} licences** at {price} a month: **{monthly} a month**, {total} over {months} "
            "months.",
            number=words.number(number),
            price=session.inert(words.euro(price, step=0.5 if price % 1 else 1.0)),
            monthly=session.inert(words.euro(number * price)),
            total=session.inert(words.euro(math.fsum(access.tolist()) * price)),
            months=last,
        )
    )


def _notes(scenario: Scenario, real: bool, words: Language) -> None:
    """Say what the table leaves unsaid."""
    notes = [
        words._(
            "Work where AI helps: of 100 working hours, those in tasks a language model can do "
            "faster. Little 5, some 15, much 30, or type a number of your own."
        )
    ]
    if real:
        notes.append(
            words._(
                "Departments of fewer than {least} people stand together with another one, so that "
                "nobody can be found in a figure. Sizes come from your list.",
                least=scenario.privacy.min_group,
            )
        )
        known = facts(scenario)
        leading = scenario.organisation.employees - sum(row.people for row in rows_of(scenario))
        if leading:
            notes.append(
                words.plural(
                    "{people} person leads more than one department and stands in no row, but in every sum.",
                    "{people} people lead more than one department and stand in no row, but in every sum.",
                    leading,
                    people=words.number(leading),
                )
            )
        if known is not None and known.uses is not None:
            notes.append(words._("Who uses AI every week already is in your list."))
    if any(phase.share < 1.0 for phase in scenario.tool.phases):
        notes.append(words._("Some get their licence earlier: this scenario has a pilot group."))
    st.caption(" ".join(notes))
