"""Sessions kept on this computer, so that a refresh, or another day, goes on where one was.

Each is a file of its own in the user's folder: strategies, versions, what was typed. Files of people are
never among them, only their names; who goes on another day opens those again.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import platformdirs

from sim.disk import whole
from sim.errors import AdoptionError, said

FORM: Final = 1
"""Number of the form of these files; one with another number is not read."""

HOME: Final = "ADOPT_HOME"
"""Environment variable with another folder for them."""

IDENT: Final = re.compile(r"[A-Za-z0-9_-]{22}")
"""What tells a session from others: nothing a path could be made of, and not to be guessed."""

PARTS: Final = {"strategies": list, "versions": list, "finished": list, "fields": dict, "lang": str}
"""What is kept of a session beside its name, and as what."""

LARGEST: Final = 5_000_000
"""Bytes of a file that is read."""


class Saved(NamedTuple):
    """A session that is kept: what tells it from others, what it is called, when it was written."""

    ident: str
    name: str
    at: datetime.datetime


def fresh() -> str:
    """Return what tells a new session from all others."""
    return secrets.token_urlsafe(16)


def known(ident: str) -> bool:
    """Return whether a text may tell a session from others, and there is one of that name."""
    return IDENT.fullmatch(ident) is not None and place(ident).is_file()


def folder() -> Path:
    """Return where sessions are kept."""
    named = os.environ.get(HOME)
    home = Path(named) if named else Path(platformdirs.user_data_dir("adopt", appauthor=False))
    return home / "sessions"


def place(ident: str) -> Path:
    """Return the file of a session."""
    return folder() / f"{ident}.json"


def write(ident: str, name: str, content: Mapping[str, Any]) -> datetime.datetime:
    """Keep a session, whole or not at all; nobody else who uses this computer can read it.

    Raises
    ------
    AdoptionError
        If the folder cannot be written.
    """
    text = json.dumps({"form": FORM, "name": name, **content}, ensure_ascii=False)
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise AdoptionError(
            said("{place}: cannot be made: {why}", place=folder(), why=error.strerror or error)
        ) from error
    with whole(place(ident), "cannot keep the session") as draft:
        draft.touch(mode=0o600)
        draft.write_text(text, "utf-8")
    return datetime.datetime.now()


def read(ident: str) -> dict[str, Any]:
    """Return what is kept of a session.

    Raises
    ------
    AdoptionError
        If there is no such session, or its file is damaged.
    """
    if not known(ident):
        raise AdoptionError(
            said("there is no such session on this computer: it was removed, perhaps")
        )
    try:
        if place(ident).stat().st_size > LARGEST:
            raise ValueError("too large")
        content = json.loads(place(ident).read_text("utf-8"))
        if not isinstance(content, dict) or content.get("form") != FORM:
            raise ValueError("another form")
        if not all(isinstance(content.get(name), kind) for name, kind in PARTS.items()):
            raise ValueError("a part is missing")
        for name, values in content["strategies"]:
            if not (isinstance(name, str) and isinstance(values, dict)):
                raise ValueError("a strategy is not one")
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise AdoptionError(
            said(
                "the session kept in {name} cannot be read: its file is damaged", name=place(ident)
            )
        ) from error
    return content


def kept() -> list[Saved]:
    """Return the sessions that are kept, the latest first; what cannot be read is left out."""
    sessions = []
    for path in folder().glob("*.json") if folder().is_dir() else ():
        try:
            name = str(read(path.stem).get("name", ""))
        except AdoptionError:
            continue
        at = datetime.datetime.fromtimestamp(path.stat().st_mtime)
        sessions.append(Saved(path.stem, name, at))
    return sorted(sessions, key=lambda session: session.at, reverse=True)


def remove(ident: str) -> None:
    """Take a session off this computer; one that is not there is no mistake."""
    if IDENT.fullmatch(ident):
        place(ident).unlink(missing_ok=True)
