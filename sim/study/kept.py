"""What is kept so that nobody computes it twice: by key, within so many bytes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """What is kept by key, up to so many bytes; the longest unused goes first. Threads may share it.

    A key says everything its value depends on. So of two values of one key the larger holds the
    other, and stays.

    Parameters
    ----------
    most
        Bytes all values may take.
    """

    def __init__(self, most: int) -> None:
        self.most, self.size = most, 0
        self._kept: OrderedDict[str, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Value | None:
        """Return what is kept, None if nothing is."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: str, value: Value, size: int) -> None:
        """Keep a value of so many bytes, if it fits at all and no larger one is there."""
        with self._lock:
            before = self._kept[key][1] if key in self._kept else -1
            if size > self.most or size <= before:
                return
            self._kept[key] = value, size
            self._kept.move_to_end(key)
            self.size += size - max(0, before)
            while self.size > self.most:
                self.size -= self._kept.popitem(last=False)[1][1]
