"""A file is written whole or not at all: under a hidden name, to the disk, then under its own."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sim.errors import AdoptionError

WRITING: Final = ".writing"
"""End of the hidden name of a file that is being written: what a kill leaves behind."""


@contextmanager
def whole(path: Path, wrong: str = "cannot be written", hint: str = "") -> Iterator[Path]:
    """Give a hidden name beside a path; what was written under it takes the path's at the end.

    Parameters
    ----------
    path
        Where the file is to be; its folder is made if it is not there.
    wrong, hint
        What the error says between the path and the reason, and after it.

    Raises
    ------
    AdoptionError
        If it cannot be written; what is there already stays as it is.
    """
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}{WRITING}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise AdoptionError(f"{path}: {wrong}: {error.strerror}{hint}") from error
    finally:
        with suppress(OSError):
            draft.unlink()
