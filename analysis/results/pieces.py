"""Finished pieces of a study, kept in a folder so that the same command goes on from them.

A piece is a file: a line with its checksum, what it belongs to and its name; then its content as JSON,
whose numbers are exact to the last bit. What is damaged, or of something else, is computed again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from analysis.results.ensemble import Progress, over_vectors
from sim.disk import whole
from sim.engine.sources import source_fingerprint
from sim.errors import AdoptionError
from sim.scenario.folders import library
from sim.study.provenance import version_of

Part = TypeVar("Part")
Notice = Callable[[str], None]


@lru_cache(maxsize=1)
def code_in_use() -> str:
    """Return a hash of all code, and of the shipped library."""
    versions = f"{source_fingerprint()} {version_of('numpy')} {version_of('scipy')}"
    digest = hashlib.sha256(versions.encode())
    for folder, files in ((Path(__file__).parents[1], "*.py"), (library() / "library", "*.*")):
        for path in sorted(file for file in folder.rglob(files) if file.is_file()):
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def as_json(content: Any) -> str:
    """Return plain values, tuples and arrays as JSON: numbers to the last bit, tuples as lists."""
    return json.dumps(content, separators=(",", ":"), default=lambda array: array.tolist())


class Pieces:
    """Finished pieces of one study, by name; those that were there already are in ``found``.

    Their folder is theirs alone; without one nothing is kept. ``settings`` are all that determines
    them beside the code. ``notice`` is told what cannot be used, or cannot be written.
    """

    def __init__(
        self, folder: Path | None = None, settings: Any = None, notice: Notice = lambda _: None
    ) -> None:
        self.folder, self.notice, self.keeps = folder, notice, folder is not None
        self.key = hashlib.sha256(f"{code_in_use()} {as_json(settings)}".encode()).hexdigest()
        self.found: dict[str, Any] = {}
        for path in sorted(folder.glob("*.json")) if folder else ():
            try:
                head, content = path.read_bytes().split(b"\n", 1)
                checksum, key, name = head.decode().split()
            except (OSError, ValueError):
                checksum = key = name = ""
            if name != path.stem or checksum != _checksum(key, name, content):
                notice(f"{path}: damaged; this piece is computed again")
            elif key != self.key:
                notice(f"{path}: of other code or settings; this piece is computed again")
            else:
                self.found[name] = json.loads(content)

    def put(self, name: str, part: Any) -> None:
        """Keep a piece; where that cannot be, say so once and go on without."""
        if self.folder is None or not self.keeps:
            return
        content = as_json(part).encode()
        try:
            with whole(self.folder / f"{name}.json") as draft:
                head = f"{_checksum(self.key, name, content)} {self.key} {name}\n"
                draft.write_bytes(head.encode() + content)
        except AdoptionError as error:
            self.keeps = False
            self.notice(f"{error}; what is finished from here on is not kept")

    def once(self, name: str, work: Callable[[], Part], back: Callable[[Any], Part]) -> Part:
        """Return a piece: read back from what is kept, or worked out and kept."""
        if name in self.found:
            return back(self.found[name])
        part = work()
        self.put(name, part)
        return part

    def over(
        self,
        label: str,
        work: Callable[[int], Part],
        numbers: Sequence[int],
        back: Callable[[Any], Part],
        progress: Progress | None = None,
    ) -> Iterator[tuple[int, Part]]:
        """Yield number and piece: those that are kept, then the others, on all processors.

        Ctrl-C ends it quietly. ``progress`` begins with the number of those that are kept.
        """
        lacking = [number for number in numbers if f"{label}-{number}" not in self.found]
        there, report = len(numbers) - len(lacking), progress or (lambda *_: None)
        if there:
            report(there, len(numbers))
        for number in numbers:
            if (name := f"{label}-{number}") in self.found:
                yield number, back(self.found[name])
        parts = over_vectors(work, lacking, lambda done, _: report(there + done, len(numbers)))
        for part, number in zip(
            parts, lacking, strict=False
        ):  # parts first: they say when they end
            self.put(f"{label}-{number}", part)
            yield number, part

    def remove(self) -> None:
        """Remove what is kept: the study is finished, and its results are stored or told."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def _checksum(key: str, name: str, content: bytes) -> str:
    return hashlib.sha256(f"{key} {name}\n".encode() + content).hexdigest()
