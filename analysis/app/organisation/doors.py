"""Three doors: an organisation that resembles yours, your own list of people, where you were."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import streamlit as st

from analysis.app import saved, session, setup
from analysis.app.organisation import files
from analysis.app.organisation.files import ReadBack
from analysis.app.organisation.tiles import Tile, tiles
from analysis.results.summary import group_name
from analysis.words.languages import Language
from sim.errors import AdoptionError
from sim.scenario.imports.table import NOT_KEPT
from sim.scenario.library import read_presets

PLAIN: Final = re.compile(r"[^\W_][^\W_\d]*([ /.-][^\W_\d]+)*")
"""Headers in which no sign means anything in Markdown."""


def show(words: Language) -> None:
    """Show the doors, and what is behind the one that is open."""
    doors = {
        "like": words._("What resembles you"),
        "files": words._("Read your staff list"),
        "kept": words._("Go on where I was"),
    }
    icons = {"like": "apartment", "files": "upload_file", "kept": "history"}
    door = st.segmented_control(
        words._("How to begin"),
        list(doors),
        default=_first(),
        format_func=lambda name: f":material/{icons[name]}: {doors[name]}",
        key=session.key("door"),
        label_visibility="collapsed",
    )
    with st.container(border=True):
        if (door or _first()) == "files":
            _files(words)
        elif door == "kept":
            _kept(words)
        else:
            _like(words)


def _first() -> str:
    """Return the door that is open where nobody chose one."""
    return "like" if session.current().first.organisation.people is None else "files"


def _like(words: Language) -> None:
    """Show six organisations to begin with."""
    there = session.current().first.organisation
    for row in _rows(tiles(words), 3):
        for column, tile in zip(st.columns(3), row, strict=False):
            with column.container(border=True, height="stretch"):
                _tile(tile, tile.organisation == there, words)


def _rows(items: Sequence[Any], length: int) -> list[Sequence[Any]]:
    return [items[k : k + length] for k in range(0, len(items), length)]


def _tile(tile: Tile, chosen: bool, words: Language) -> None:
    """Show an organisation to begin with."""
    organisation = tile.organisation
    sector = organisation.sector
    size = words._(
        "{people} people, {departments} departments",
        people=words.number(organisation.employees),
        departments=len(organisation.departments),
    )
    about = [size] if sector is None else [size, words.of(read_presets()[sector].title)]
    st.markdown(f"**{session.inert(tile.title)}**  \n{session.inert(', '.join(about))}")
    label = words._("Chosen") if chosen else words._("Begin with this")
    if st.button(
        label,
        key=f"tile {tile.name}",
        disabled=chosen,
        icon=":material/check:" if chosen else None,
        width="stretch",
    ):
        try:
            moved = session.current().elsewhere(organisation)
        except AdoptionError as error:
            session.refused(error)
            return
        session.put(moved, afresh=True)
        st.rerun()


# --- Your own list -------------------------------------------------------------------------


def _files(words: Language) -> None:
    """Take files: people and ties, or scenarios."""
    st.markdown(
        words._(
            "Drop the list of people your HR system exports (CSV or Excel): a row a person, with staff "
            "number, department and manager. Names are not needed and not kept; nothing leaves this "
            "computer."
        )
    )
    brought = st.file_uploader(
        words._("Staff list, perhaps with ties.csv; or scenarios (YAML)"),
        ["csv", "xlsx", "yaml", "yml"],
        accept_multiple_files=True,
        key=session.key("files"),
    )
    people = session.current().first.organisation.people
    if not brought:
        if people is not None:
            name = session.inert(Path(people).name)
            st.success(words._("In use: the people of {name}.", name=name), icon=":material/check:")
        return
    contents = [(file.name, file.getvalue()) for file in brought]
    if any(name.lower().endswith((".yaml", ".yml")) for name, _ in contents):
        if st.button(words._("Open them"), key="open files", type="primary"):
            _open(contents)
        return
    _read_back(contents, words)


def _open(contents: list[tuple[str, bytes]]) -> None:
    """Open scenarios, with what lies beside them."""
    try:
        session.put(setup.opened(setup.written(session.folder(), contents)), afresh=True)
    except AdoptionError as error:
        session.refused(error)
        return
    st.rerun()


def _read_back(contents: list[tuple[str, bytes]], words: Language) -> None:
    """Say what is understood of a list of people, let columns be assigned, and take it over."""
    names = "|".join(name for name, _ in contents)
    columns: dict[str, str] = st.session_state.setdefault("columns of files", {}).setdefault(
        names, {}
    )
    back = _looked_at(contents, columns)
    if back.staff is not None:
        st.markdown(f"### {session.inert(files.size(back.staff, words))}")
        sizes = files.departments(back.staff)
        st.markdown(
            session.inert(
                ", ".join(
                    f"{group_name('department', name, words)} {words.number(people)}"
                    for name, people in sizes.items()
                )
            )
        )
        notes = files.sentences(back.staff, words)
        st.markdown("\n".join(f"- {session.inert(note)}" for note in notes))
    else:
        assert back.error is not None
        session.refused(back.error)
    _columns(back, columns, words)
    if back.staff is not None and st.button(
        words._("Take over these {number} people", number=words.number(len(back.staff.people))),
        key="take over",
        type="primary",
        icon=":material/check:",
    ):
        _take_over(contents, columns, words)


def _looked_at(contents: list[tuple[str, bytes]], columns: dict[str, str]) -> ReadBack:
    """Return what is understood of files, read once for each way to read them."""
    key = files.key_of(contents, columns)
    there = st.session_state.get("read back")
    if there is None or there.key != key:
        there = st.session_state["read back"] = files.read_back(contents, columns)
    back: ReadBack = there
    return back


def _columns(back: ReadBack, columns: dict[str, str], words: Language) -> None:
    """Show what each column was understood as, and ask about those that were not."""
    titles = files.titles(words)
    read = [
        words._("{header} is {title}", header=header.name, title=titles[header.means or NOT_KEPT])
        for header in back.headers
        if files.known(header) and header.name not in columns
    ]
    if read:
        st.caption(session.inert(words._("Understood: {listed}.", listed="; ".join(read))))
    asked = files.unsure(back.headers, columns)
    if not asked:
        return
    st.markdown(words._("**Not understood.** Say what these columns are, if they matter:"))
    options = [NOT_KEPT, *files.ASKED]
    for row in _rows(asked, 3):
        for place, header in zip(st.columns(3), row, strict=False):
            there = columns.get(header.name, header.means or NOT_KEPT)
            choice = place.selectbox(
                _label(header.name),
                options if there in options else [*options, there],
                index=([*options, there]).index(there),
                format_func=lambda name: titles.get(name, name),
                key=session.key(f"column {header.name}"),
            )
            if choice != there:
                if choice == NOT_KEPT and header.means is None:
                    columns.pop(header.name, None)
                else:
                    columns[header.name] = choice
                st.rerun()


def _label(header: str) -> str:
    """Return the header of a column as a label: what reads it aloud knows no Markdown."""
    return header if PLAIN.fullmatch(header) else session.inert(header)


def _take_over(contents: list[tuple[str, bytes]], columns: dict[str, str], words: Language) -> None:
    """Make the people of a list those of the session."""
    try:
        staff, ties = files.parts_of(contents)
        places = setup.written(session.folder(), contents)
        moved = session.current().with_people(
            places[staff], None if ties is None else places[ties], columns
        )
        if moved.first.organisation.name in {tile.title for tile in tiles(words)}:
            moved = moved.changed({"organisation.name": words._("Our organisation")})
    except AdoptionError as error:
        session.refused(error)
        return
    session.put(moved, afresh=True)
    st.rerun()


# --- Sessions that are kept ----------------------------------------------------------------


def _kept(words: Language) -> None:
    """Show the sessions that are kept on this computer, to go on with one or take it away."""
    others = [each for each in saved.kept() if each.ident != st.session_state.ident]
    if not others:
        st.markdown(words._("There is no other session on this computer yet."))
        return
    st.caption(
        words._(
            "Sessions are kept on this computer only. Lists of people are not: you are asked for the "
            "file once more."
        )
    )
    for number, each in enumerate(others[:MOST]):
        left, middle, right = st.columns([3, 1, 1], vertical_alignment="center")
        when = f"{words.date(each.at.date())}, {each.at:%H:%M}"
        left.markdown(f"**{session.inert(each.name)}**  \n{session.inert(when)}")
        what = words._("Open {name}, {when}", name=each.name, when=when)
        if middle.button(
            words._("Open"), key=f"open {each.ident}", help=what, width="stretch", type="primary"
        ):
            _resume(each.ident)
        if right.button(words._("Remove"), key=f"remove {each.ident}", width="stretch"):
            st.session_state.removing = each.ident
        if st.session_state.get("removing") == each.ident:
            _confirm(each, words)
        if number + 1 < min(len(others), MOST):
            st.divider()


MOST: Final = 30
"""Sessions that are listed, the latest."""


def _resume(ident: str) -> None:
    """Go on with another session."""
    try:
        session.resume(ident)
    except AdoptionError as error:
        session.refused(error)
        return
    st.rerun()


def _confirm(each: saved.Saved, words: Language) -> None:
    """Ask once whether a session is to go."""
    st.warning(
        words._("Remove {name} for good? This cannot be undone.", name=session.inert(each.name))
    )
    left, right, _ = st.columns([1, 1, 2])
    if left.button(words._("Yes, remove"), key="remove for good", type="primary"):
        session.remove(each.ident)
        del st.session_state["removing"]
        st.rerun()
    if right.button(words._("No, keep it"), key="keep"):
        del st.session_state["removing"]
        st.rerun()
