"""Where the runs of a sweep are kept: shards of Parquet that appear whole or not at all.

A folder holds ``part-*.parquet`` and, under names with an underscore that readers of Parquet pass
over, what made them. Any of them reads it: ``pandas.read_parquet(folder)``, DuckDB, R arrow. Pages
carry checksums, so that a damaged shard is found when it is read and can be simulated again.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sim.errors import AdoptionError

if TYPE_CHECKING:
    import pyarrow as pa

SHARDS: Final = "part-*.parquet"
ORIGIN: Final = "_experiment.json"
POINTS: Final = "_points.jsonl"
VECTORS: Final = "_vectors.jsonl"
GROUPS: Final = "_groups"
WRITING: Final = ".writing"
"""How names end of what is not whole yet."""

SUMS: Final = "_sums"
"""Folder of checksums, beside what each shard holds."""


MISSING: Final = "missing"
"""What is wrong with a shard that is not there."""


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
        table.replace_schema_metadata(dict(metadata)), sink, compression="zstd",
        use_dictionary=list(words),
    )  # fmt: skip
    return sink.getvalue()


def keep(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all: to a hidden name, to the disk, then under its own name.

    Raises
    ------
    AdoptionError
        If it cannot be written; what is there already stays as it is.
    """
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}{WRITING}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise AdoptionError(
            f"{path}: cannot be written: {error.strerror}; what is finished is kept, and the same "
            "command goes on from there"
        ) from error


def keep_shard(path: Path, content: bytes, pieces: str = "") -> None:
    """Write a shard, or another file, after what it holds and its checksum.

    Parameters
    ----------
    path
        Where.
    content
        The shard.
    pieces
        What it holds.

    Raises
    ------
    AdoptionError
        If it cannot be written.
    """
    keep(sum_file(path), f"{hashlib.sha256(content).hexdigest()} {pieces}\n".encode())
    keep(path, content)


def sum_file(path: Path) -> Path:
    """Return where the checksum of a shard is kept."""
    return path.parent / SUMS / f"{path.stem}.sha256"


def promised(path: Path) -> list[tuple[int, int, int, int]]:
    """Return what a shard that is there should hold, by the file of its checksum alone.

    Returns
    -------
    list
        Point, vector, first organisation, and the one after the last.
    """
    try:
        _, _, pieces = sum_file(path).read_text("utf-8").strip().partition(" ")
        return [tuple(one) for one in json.loads(pieces)] if path.is_file() else []
    except (OSError, ValueError):
        return []


def holds(path: Path) -> tuple[str, str]:
    """Return what a shard holds, and what is wrong with it, if anything.

    Every byte counts: pages of Parquet have checksums, but their heads and the foot have none.
    """
    if not path.is_file():
        return "", MISSING
    try:
        known, _, pieces = sum_file(path).read_text("utf-8").strip().partition(" ")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        return "", f"damaged ({error})"
    return (pieces, "") if found == known else ("", "damaged (another checksum)")


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
        If the folder holds none, or it is damaged.
    """
    try:
        origin: dict[str, Any] = json.loads((folder / ORIGIN).read_text("utf-8"))
    except FileNotFoundError as error:
        raise AdoptionError(f"{folder}: no sweep here: expected {ORIGIN}") from error
    except (OSError, ValueError) as error:
        raise AdoptionError(f"{folder / ORIGIN}: cannot be read: {error}") from error
    return origin


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Return what the lines of a file hold, one value by dotted path each.

    Raises
    ------
    AdoptionError
        If it cannot be read, or is not what was written.
    """
    _, wrong = holds(path)
    if wrong:
        raise AdoptionError(f"{path}: {wrong}; the same experiment writes it again")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def keep_lines(path: Path, values: Iterable[Mapping[str, Any]]) -> None:
    """Write values as :func:`lines_of` reads them, with their checksum.

    Raises
    ------
    AdoptionError
        If they cannot be written.
    """
    keep_shard(path, "".join(json.dumps(one) + "\n" for one in values).encode())
