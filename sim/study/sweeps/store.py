"""Where the runs of a sweep are kept: shards of Parquet that appear whole or not at all.

A folder holds ``part-*.parquet`` and, under names with an underscore that readers of Parquet pass
over, what made them. Any of them reads it: ``pandas.read_parquet(folder)``, DuckDB, R arrow. Pages
carry checksums, so that a damaged shard is found when it is read and can be simulated again.
"""

from __future__ import annotations

import hashlib
import io
import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sim.disk import WRITING, whole
from sim.errors import AdoptionError
from sim.scenario.folders import library_folder
from sim.study.provenance import opened

if TYPE_CHECKING:
    import pyarrow as pa

SHARDS: Final = "part-*.parquet"
ORIGIN: Final = "_experiment.json"
POINTS: Final = "_points.jsonl"
VECTORS: Final = "_vectors.jsonl"
GROUPS: Final = "_groups"
SUMS: Final = "_sums"
"""Folder of checksums, beside what each shard holds."""


MISSING: Final = "missing"
"""What is wrong with a shard that is not there."""

LOST: Final = "not there any more, though its checksum is"
"""What is wrong with one that was."""

LIBRARY: Final = "_library"
"""Folder of the library it was made with."""

KEPT: Final = (
    "measures.yaml",
    "archetypes.yaml",
    "sectors.yaml",
    "use-cases.yaml",
    "questionnaire.yaml",
)
"""Files of the library that determine numbers, beside the vectors of a posterior."""


def shard_file(folder: Path, number: int) -> Path:
    """Return where a shard is kept."""
    return folder / f"part-{number:06d}.parquet"


def encoded(table: pa.Table, words: Sequence[str], metadata: Mapping[str, str]) -> bytes:
    """Return a table as Parquet, the same bytes for the same table.

    Parameters
    ----------
    table
        Rows.
    words
        Columns with few different values.
    metadata
        What goes with the schema.
    """
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata(dict(metadata)),
        sink,
        compression="zstd",
        use_dictionary=list(words),
    )
    return sink.getvalue()


def keep(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all: to a hidden name, to the disk, then under its own name.

    Raises
    ------
    AdoptionError
        If it cannot be written; what is there already stays as it is.
    """
    hint = "; what is finished is kept, and the same command goes on from there"
    with whole(path, hint=hint) as draft:
        draft.write_bytes(content)


def keep_shard(path: Path, content: bytes, key: str, pieces: str = "") -> None:
    """Write a shard, or another file, after its checksum and what it belongs to.

    Parameters
    ----------
    path
        Where.
    content
        The shard.
    key
        Of which experiment it is.
    pieces
        What it holds.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    line = f"{hashlib.sha256(content).hexdigest()} {path.name} {key} {pieces}".rstrip()
    keep(sum_file(path), f"{line}\n".encode())
    keep(path, content)


def sum_file(path: Path) -> Path:
    """Return where the checksum of a shard is kept."""
    return path.parent / SUMS / f"{path.stem}.sha256"


class Held(NamedTuple):
    """What a shard is, by the file of its checksum.

    Attributes
    ----------
    checksum
        SHA-256 of its bytes.
    name
        Name under which it was written.
    key
        Of which experiment it is.
    pieces
        What it holds; see :func:`sim.study.sweeps.plan.described`.
    """

    checksum: str
    name: str
    key: str
    pieces: str = ""


def held(path: Path) -> Held | None:
    """Return what the file of a checksum says, None where there is none that can be read."""
    try:
        return Held(*sum_file(path).read_text("utf-8").split())
    except (OSError, ValueError, TypeError):
        return None


def promised(path: Path) -> list[tuple[int, int, int, int]]:
    """Return what a shard that is there should hold, by the file of its checksum alone.

    Returns
    -------
    list
        Point, vector, first organisation, and the one after the last.
    """
    record = held(path) if path.is_file() else None
    try:
        return [tuple(load) for load in json.loads(record.pieces)] if record else []
    except ValueError:
        return []


def holds(path: Path, key: str | None = None) -> tuple[str, str]:
    """Return what a shard holds, and what is wrong with it, if anything.

    Every byte counts: pages of Parquet have checksums, but their heads and the foot have none.

    Parameters
    ----------
    path
        The shard.
    key
        Of which experiment it has to be; of any by default.
    """
    known = held(path)
    if not path.is_file():
        return "", MISSING if known is None else LOST
    if known is None:
        return "", "damaged (it has no checksum)"
    if known.name != path.name:
        return "", f"damaged (it was written as {known.name})"
    if key is not None and known.key != key:
        return "", f"of another experiment (key {known.key}, expected {key})"
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        return "", f"damaged ({error})"
    return (known.pieces, "") if digest == known.checksum else ("", "damaged (another checksum)")


def clear(folder: Path, numbers: Iterable[int] | None) -> None:
    """Remove what killed processes left half written.

    Parameters
    ----------
    folder
        Where the shards are.
    numbers
        Shards nobody else is writing; None if nobody writes anything here.
    """
    mine = None if numbers is None else {f"part-{number:06d}" for number in numbers}
    for path in folder.rglob(f".*{WRITING}"):
        if mine is None or path.name[1:].split(".")[0] in mine:
            path.unlink(missing_ok=True)


def read_origin(folder: Path) -> dict[str, Any]:
    """Return what made a sweep.

    Raises
    ------
    AdoptionError
        If the folder holds none, or it is not what was written: with what was found, and the command
        that writes it again.
    """
    path = folder / ORIGIN
    try:
        origin, wrong = opened(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if not any(folder.glob(SHARDS)):
            raise AdoptionError(f"{folder}: no sweep here: expected {ORIGIN}") from error
        wrong = "the file is missing, and shards are there"
    except (OSError, UnicodeDecodeError) as error:
        wrong = f"it cannot be read: {error}"
    if wrong:
        raise AdoptionError(
            f"{path}: the file is damaged: {wrong}; shards are kept, and the command that made them "
            f"writes it again: {command_of(folder)}"
        )
    return origin


def command_of(folder: Path) -> str:
    """Return the command that goes on with a sweep, as far as its folder tells it."""
    words = ["adopt", "sweep", "EXPERIMENT", "--name", folder.name]
    if folder.parent.name == "sweeps":
        words += ["--output", str(folder.parent.parent)]
    return shlex.join(words)


def lines_of(path: Path, key: str | None = None) -> list[dict[str, Any]]:
    """Return what the lines of a file hold, one value by dotted path each.

    Parameters
    ----------
    path
        The file.
    key
        Of which experiment it has to be.

    Raises
    ------
    AdoptionError
        If it cannot be read, or is not what was written.
    """
    _, wrong = holds(path, key)
    if wrong:
        raise AdoptionError(
            f"{path}: {wrong}; the command that made it writes it again: {command_of(path.parent)}"
        )
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def keep_lines(path: Path, values: Iterable[Mapping[str, Any]], key: str) -> None:
    """Write values as :func:`lines_of` reads them, with their checksum.

    Raises
    ------
    AdoptionError
        If they cannot be written.
    """
    _keep_changed(path, "".join(json.dumps(value) + "\n" for value in values).encode(), key)


def _keep_changed(path: Path, content: bytes, key: str) -> None:
    """Write a file with its checksum, unless it is there already as it has to be."""
    if holds(path, key)[1] or path.read_bytes() != content:
        keep_shard(path, content, key)


def keep_library(folder: Path, key: str) -> None:
    """Write a copy of the library in use beside a sweep, from which a row can be made again.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    kept = folder / LIBRARY
    try:
        (kept / SUMS).mkdir(parents=True, exist_ok=True)
        for name in KEPT:
            content = (library_folder() / name).read_bytes()
            _keep_changed(kept / name, content, key)
    except OSError as error:
        raise AdoptionError(f"{kept}: cannot be written: {error}") from error


def kept_library(folder: Path, key: str) -> Path:
    """Return the folder of the library a sweep was made with.

    Raises
    ------
    AdoptionError
        If a file of it is not what was written.
    """
    for name in KEPT:
        _, wrong = holds(folder / LIBRARY / name, key)
        if wrong:
            raise AdoptionError(
                f"{folder / LIBRARY / name}: {wrong}; the command that made the sweep writes it "
                f"again: {command_of(folder)}"
            )
    return folder / LIBRARY
