"""The desk where studies are simulated, beside the page and for all sessions, each only once.

A slider that moves may stop the script of a page at any moment, never a study: that runs in a thread
of its own, is known by its key, and is there for whoever asks again, also after a refresh.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock
from typing import Any, Final

KEPT: Final = 40
"""Finished studies that stay known."""

AT_ONCE: Final = 2
"""Studies under way; each uses all processors."""

Progress = Callable[[int, int], None]


class CancelledError(Exception):
    """A study nobody waits for any more."""


class Study:
    """A study under way, or finished.

    Attributes
    ----------
    done
        Share that is done [0 to 1].
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.done = 0.0
        self.askers: set[str] = set()
        self._value: Any = None
        self._error: BaseException | None = None
        self._end = Event()
        self._stop = Event()

    def report(self, done: int, total: int) -> None:
        """Say how far it is; ends it if nobody waits."""
        self.done = done / max(1, total)
        if self._stop.is_set():
            raise CancelledError

    def wait(self, seconds: float) -> bool:
        """Wait for the end, but not longer; return whether it has ended."""
        return self._end.wait(seconds)

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self._end.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    @property
    def value(self) -> Any:
        """What it gave.

        Raises
        ------
        Exception
            What went wrong in it.
        """
        if self._error is not None:
            raise self._error
        return self._value

    def cancel(self) -> None:
        """Tell it to stop at its next report."""
        self._stop.set()

    def run(self, work: Callable[[Progress], Any]) -> None:
        """Do the work, and keep what it gave or what went wrong."""
        try:
            self.report(0, 1)
            self._value = work(self.report)
            self.done = 1.0
        except BaseException as error:
            self._error = error
        finally:
            self._end.set()


class Desk:
    """Where studies are asked for. One serves all sessions."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="study")
        self._studies: OrderedDict[str, Study] = OrderedDict()
        self._lock = Lock()

    def ask(self, key: str, work: Callable[[Progress], Any], asker: str = "") -> Study:
        """Return the study of a key, begun if it is not known yet.

        Parameters
        ----------
        key
            What is asked; the same key, the same answer.
        work
            What to do, called with something to report progress to.
        asker
            Session that waits for it.
        """
        with self._lock:
            study = self._studies.get(key)
            if study is None or study.cancelled:
                study = self._studies[key] = Study(key)
                self._pool.submit(study.run, work)
            study.askers.add(asker)
            self._studies.move_to_end(key)
            for old in [one for one in self._studies.values() if one.ended][: -KEPT or None]:
                del self._studies[old.key]
            return study

    def known(self, key: str) -> bool:
        """Return whether a study was asked for and not cancelled."""
        with self._lock:
            return key in self._studies and not self._studies[key].cancelled

    def leave(self, asker: str, but: str) -> None:
        """Cancel what a session no longer waits for, unless another one does.

        Parameters
        ----------
        asker
            The session.
        but
            End of the keys of what it still waits for.
        """
        with self._lock:
            for study in self._studies.values():
                if not study.key.endswith(but) and asker in study.askers and not study.ended:
                    study.askers.discard(asker)
                    if not study.askers:
                        study.cancel()
