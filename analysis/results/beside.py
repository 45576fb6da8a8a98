"""What was worked out about a stored result, kept in its folder: nothing is simulated for it twice."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

import numpy as np

from analysis.results.pieces import Notice, Pieces
from sim.study.kept import Kept

FOLDER: Final = "kept"
NAME: Final = "answer"


class Beside(Kept[Any]):
    """What is kept by key in one small file of a result's folder, for this code alone.

    A key says everything its value depends on. Arrays come back as arrays, to the last bit. Where
    the folder cannot be written, nothing is kept.

    Parameters
    ----------
    result
        Folder of the result.
    notice
        Called with a sentence about what cannot be used, or cannot be written.
    """

    def __init__(self, result: Path, notice: Notice = lambda _: None) -> None:
        super().__init__(0)
        self._pieces = Pieces(result / FOLDER, None, notice)
        self._there: dict[str, Any] = self._pieces.found.get(NAME, {})

    def get(self, key: str) -> Any:
        """Return what is kept, None if nothing is."""
        there = self._there.get(_short(key))
        return np.array(there) if isinstance(there, list) else there

    def put(self, key: str, value: Any, size: int) -> None:
        """Keep a value, whatever its size: the file is written anew."""
        del size
        self._there[_short(key)] = value
        self._pieces.put(NAME, self._there)


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]
