"""Where files are found by name, and what keeps one from being read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, update_wrapper
from pathlib import Path
from typing import Final, Generic, TypeVar

from sim.errors import Problem, ScenarioError, said
from sim.scenario.items import Place
from sim.scenario.source import LINE_END
from sim.scenario.words import closest, short, suggestion
from sim.texts import printable

LARGEST_FILE = 1_000_000  # bytes

Content = TypeVar("Content")

_INSTEAD: Final[ContextVar[Path | None]] = ContextVar("library", default=None)


def shown(path: Path) -> str:
    """Return a path as people know it: from the working directory where it lies below that."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def text_of(path: Path) -> str:
    """Return the text of a file, or raise what keeps it from being read."""
    file = shown(path)
    try:
        if path.is_dir():
            raise ScenarioError([Problem(said("this is a folder, expected a file"), file=file)])
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        near = None
        if path.parent.is_dir():
            near = closest(path.name, sorted(file.name for file in path.parent.glob("*.y*ml")))
        advice = said("; did you mean '{near}'?", near=near) if near else ""
        raise ScenarioError(
            [Problem(said("there is no such file{advice}", advice=advice), file=file)]
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError(
            [Problem(said("the file cannot be read: {reason}", reason=reason), file=file)]
        ) from None
    if len(content) > LARGEST_FILE:
        size = said(
            "the file is larger than {number} MB, which no scenario needs",
            number=LARGEST_FILE // 1_000_000,
        )
        raise ScenarioError([Problem(size, file=file)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        lines = LINE_END.split(before.removeprefix("\ufeff"))
        byte = content[error.start]
        excerpt = LINE_END.split(content.decode("utf-8-sig", "replace"))[len(lines) - 1]
        place = Place(file, len(lines), len(lines[-1]) + 1, printable(excerpt.rstrip()))
        message = said("the file is not in UTF-8 (byte {byte:#04x}): save it as UTF-8", byte=byte)
        raise ScenarioError([place.problem(message)]) from None


def is_path(text: str) -> bool:
    """Return whether a text is a path rather than a name."""
    return "/" in text or os.sep in text or text.lower().endswith((".yaml", ".yml"))


@lru_cache(maxsize=1)
def library() -> Path:
    """Return the folder of shipped scenarios, in a checkout or inside the installed package."""
    package = Path(__file__).resolve().parents[1]
    for place in (package.parent / "scenarios", package / "scenarios"):
        if (place / "library").is_dir():
            return place
    raise FileNotFoundError("the shipped scenarios are missing: reinstall ai-adoption")


def scenario_folders(within: Path | None = None) -> list[Path]:
    """Return the folders where a name is looked up: one's own scenarios, then the shipped ones.

    Parameters
    ----------
    within
        The only folder whose files may be named, beside the shipped ones.
    """
    try:
        return [Path("scenarios") if within is None else within, library()]
    except FileNotFoundError as error:
        raise ScenarioError([Problem(str(error))]) from None


def scenario_file(name_or_path: str | Path) -> Path:
    """Return the file of a scenario's name, which is looked up, or of its path."""
    text = str(name_or_path)
    return Path(text) if is_path(text) else found_file(text, scenario_folders())


def library_folder() -> Path:
    """Return the folder of measures, archetypes, sectors, ...: the shipped one, or that in use."""
    return _INSTEAD.get() or scenario_folders()[-1] / "library"


@contextmanager
def library_of(folder: Path) -> Iterator[None]:
    """Use the library of a folder instead of the shipped one, in this thread, for a while."""
    before = _INSTEAD.set(folder)
    try:
        yield
    finally:
        _INSTEAD.reset(before)


class PerLibrary(Generic[Content]):
    """A function that reads the library: its answer is remembered for each library."""

    def __init__(self, read: Callable[[], Content]) -> None:
        update_wrapper(self, read)
        self._found = lru_cache(maxsize=4)(lambda _: read())

    def __call__(self) -> Content:
        """Return what the library in use says."""
        return self._found(library_folder())

    def cache_clear(self) -> None:
        """Read the library again."""
        self._found.cache_clear()


def same_file(first: Path, other: Path) -> bool:
    """Return whether two paths lead to the same file."""
    return os.path.realpath(first) == os.path.realpath(other)


def outside(path: Path, within: Path | None) -> bool:
    """Return whether a path leads out of the only folder that may be read, and of the library."""
    if within is None:
        return False
    try:
        place = Path(os.path.realpath(path))
        return not any(
            place.is_relative_to(os.path.realpath(folder)) for folder in scenario_folders(within)
        )
    except (OSError, ValueError):
        return True


OUTSIDE = said("only files opened together with this one can be named here, by their names")


def found_file(
    name: str, folders: Sequence[Path], asking: Path | None = None, kind: str = said("scenario")
) -> Path:
    """Return the file of a scenario's name; one that asks for its own name means another."""
    there = []
    for folder in folders:
        try:
            if (folder / f"{name}.yaml").is_file():
                there.append(folder / f"{name}.yaml")
        except (OSError, ValueError):
            continue
    others = [path for path in there if asking is None or not same_file(path, asking)]
    if others or there:
        return (others or there)[0]
    known = sorted(
        {path.stem for folder in folders if folder.is_dir() for path in folder.glob("*.yaml")}
    )
    raise ScenarioError(
        [
            Problem(
                said(
                    "there is no {kind} '{name}'{known}",
                    kind=kind,
                    name=short(name),
                    known=suggestion(name, known),
                )
            )
        ]
    )
