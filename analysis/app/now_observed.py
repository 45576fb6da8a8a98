"""What was observed, as the page asks for it: a file, or a few numbers typed by hand.

Of a file only counts by month stay, of groups of five people at least; the file itself is taken away
as soon as it is read.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from analysis.app import session
from analysis.app.setup import plain_name
from analysis.decisions.observed import Observed, read_observed
from analysis.decisions.observed_counts import Source
from analysis.words.languages import ENGLISH, Language
from sim.errors import AdoptionError, ScenarioError, said

FIELD: Final = "observed"
"""Where the counts are kept with the session."""

REFUSED: Final = "observed refused"
"""Where it is kept why the last file was refused, until another comes."""

ROWS: Final = 4
"""Empty rows of the table to begin with."""


def asked(words: Language) -> Observed | None:
    """Ask for what was observed; return it, or None where nothing is known yet."""
    observed = observed_of(session.field(FIELD))
    if observed is not None:
        _shown(observed, words)
        return observed
    file, hand = words._("A file"), words._("By hand")
    how = st.segmented_control(
        words._("What was measured so far"), [file, hand], default=file, key=session.key("observed how")
    )  # fmt: skip
    if how == hand:
        _by_hand(words)
    else:
        _by_file(words)
    return None


def weekly(kept: Mapping[str, Any] | None) -> list[tuple[int, float]]:
    """Return months and shares of weekly users [0 to 1] of what is kept; none where other use was counted."""
    observed = observed_of(kept)
    if observed is None or observed.source.kpi != "adoption":
        return []
    return list(zip(observed.months.tolist(), observed.share.tolist(), strict=True))


def _shown(observed: Observed, words: Language) -> None:
    """Say what is known, and offer to forget it."""
    left, right = st.columns([4, 1], vertical_alignment="center")
    last = float(observed.share[-1])
    left.markdown(
        session.inert(
            words._(
                "{number} months observed, to month {last}: {active} of {base} people then, {share}.",
                number=len(observed.months),
                last=observed.last,
                active=words.number(float(observed.active[-1])),
                base=words.number(float(observed.base[-1])),
                share=words.percent(last),
            )
        )
    )
    if right.button(words._("Other figures"), key="forget observed"):
        session.fill(FIELD, None)
        st.rerun()


def _by_file(words: Language) -> None:
    number = st.session_state.setdefault("observed uploads", 0)
    left, right = st.columns([2, 1], gap="medium")
    files = left.file_uploader(
        words._("Figures of use (CSV or Excel)"),
        ["csv", "tsv", "txt", "xlsx"],
        accept_multiple_files=True,
        key=f"observed file {number}",
    )
    first = right.text_input(
        words._("Calendar month of month 1"),
        placeholder="2026-01",
        key=session.key("observed first"),
        help=words._("Where the file has dates. Empty: the first month in the file is month 1."),
    )
    st.caption(
        words._(
            "Read are: your own file with the columns month, active (or weekly) and enabled (or people); the summary "
            "or details of the report Microsoft 365 Copilot usage over 30 days; a person query of Viva Insights. Only "
            "counts by month are kept: nothing of persons, nor the file."
        )
    )
    if not files:
        if REFUSED in st.session_state:
            session.refused(st.session_state[REFUSED])
        return
    st.session_state.pop(REFUSED, None)
    st.session_state["observed uploads"] = number + 1  # a copy goes, refused or not
    try:
        observed = read([(file.name, file.getvalue()) for file in files], first.strip() or None)
        session.fill(FIELD, kept_of(observed, words))
    except AdoptionError as error:
        st.session_state[REFUSED] = error
    st.rerun()


def _by_hand(words: Language) -> None:
    weekly, monthly = words._("use it every week"), words._("used it in the month")
    counted = st.segmented_control(
        words._("People who"), [monthly, weekly], default=monthly, key=session.key("observed kind")
    )
    month, active, of = words._("Month"), words._("Users"), words._("Of how many")
    empty = pd.DataFrame(
        {
            month: [float(k) for k in range(1, ROWS + 1)],
            active: [None] * ROWS,
            of: [float(session.current().first.organisation.employees)] * ROWS,
        }
    ).astype(float)
    number = st.column_config.NumberColumn
    table = st.data_editor(
        empty,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config={name: number(name, min_value=0, step=1) for name in (month, active, of)},
        key=session.key("observed table"),
    )
    st.caption(words._("Fill in at least two months; month 1 is the first of the programme."))
    if not st.button(words._("Use these figures"), key="observed typed"):
        return
    try:
        rows = [row for row in table.itertuples(index=False) if not pd.isna(row[1])]
        session.fill(FIELD, kept_of(typed(rows, counted == weekly), words))
    except AdoptionError as error:
        session.refused(error)
        return
    st.rerun()


def typed(rows: Sequence[Sequence[float]], weekly: bool) -> Observed:
    """Return what was typed: month, users, and of how many, row by row.

    Raises
    ------
    AdoptionError
        As for a file with the same numbers, and if nothing was typed.
    """
    if not rows:
        raise AdoptionError(
            said("the table: found no users in any month, expected two months at least")
        )
    head = f"month,{'weekly' if weekly else 'active'},people\n"
    lines = "".join(
        ",".join("" if pd.isna(cell) else f"{cell:g}" for cell in row) + "\n" for row in rows
    )
    try:
        return read([("table.csv", (head + lines).encode())], None)
    except ScenarioError as error:
        raise ScenarioError(
            [
                replace(problem, file=said("the table"), line=max(0, problem.line - 1), head="")
                for problem in error.problems
            ]
        ) from None


def read(files: Sequence[tuple[str, bytes]], first: str | None) -> Observed:
    """Return what files say; they are on disk only while they are read.

    Raises
    ------
    AdoptionError
        With all that is wrong in a file.
    """
    here = session.folder() / "0"
    shutil.rmtree(here, ignore_errors=True)
    here.mkdir()
    try:
        places = [here / plain_name(name) for name, _ in files]
        for place, (_, content) in zip(places, files, strict=True):
            place.write_bytes(content)
        return read_observed(places, first)
    finally:
        shutil.rmtree(here, ignore_errors=True)


def kept_of(observed: Observed, words: Language = ENGLISH) -> dict[str, Any]:
    """Return counts as JSON holds them, to go on with after the window was closed."""
    return {
        **observed.plain(),
        "notes": [words.told(note) for note in observed.notes],
        "names": {name: list(parts) for name, parts in observed.groups.items()},
    }


def observed_of(kept: Mapping[str, Any] | None) -> Observed | None:
    """Return what :func:`kept_of` kept; None where that cannot be read."""
    if not kept:
        return None
    try:
        groups = list(kept["departments"].values())

        def table(name: str) -> Any:
            rows = [
                [np.nan if value is None else value for value in group[name]] for group in groups
            ]
            return np.array(rows, float).reshape(len(groups), len(kept["months"]))

        return Observed(
            Source(kept["source"], kept["kpi"], kept["definition"]),
            kept["of"],
            np.array(kept["months"], np.int64),
            np.array(kept["active"], float),
            np.array(kept["base"], float),
            {name: tuple(parts) for name, parts in kept["names"].items()},
            table("active"),
            table("base"),
            kept["first"],
            tuple(kept["notes"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
