"""The desk where studies are simulated, beside the page and for all sessions, each only once.

A slider that moves may stop the script of a page at any moment, never a study: that runs in a thread
of its own, is known by its key, and is there for whoever asks again, also after a refresh. Nobody's
studies keep another one's waiting: each session has a few under way at once. A study whose sessions
have all left ends at its next report, and all end when the page does.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Event, Lock, Thread
from typing import Any, Final

KEPT: Final = 40
"""Finished studies that stay known."""

EACH: Final = 4
"""Studies of one session under way at once: a quick one never waits for a longer one."""

AT_ONCE: Final = 16
"""Studies under way at once in all, which bounds the memory."""

GRACE: Final = 10.0
"""Seconds a study goes on without anybody there: a page that is loaded anew comes back by then."""

Progress = Callable[[int, int], None]
Work = Callable[[Progress], Any]


class CancelledError(Exception):
    """A study nobody waits for any more."""


TOLD: Final = 0.05
"""Share that is done before it is told how long the rest takes."""


class Study:
    """A study that waits, is under way, or has ended.

    Attributes
    ----------
    done
        Share that is done [0 to 1].
    askers
        Sessions that wait for it.
    """

    def __init__(self, key: str, work: Work, wanted: Callable[[Study], bool]) -> None:
        self.key = key
        self.done = 0.0
        self.askers: set[str] = set()
        self.started = False
        self._since = time.monotonic()
        self._work: Work | None = work
        self._wanted = wanted
        self._value: Any = None
        self._error: BaseException | None = None
        self._end = Event()
        self._stop = Event()

    def report(self, done: int, total: int) -> None:
        """Say how far it is; ends it if nobody waits."""
        self.done = done / max(1, total)
        if not self._stop.is_set() and not self._wanted(self):
            self.cancel()
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
    def left(self) -> float | None:
        """Seconds until it ends at the pace so far; None before that can be told."""
        if self.done < TOLD:
            return None
        return (time.monotonic() - self._since) * (1.0 - self.done) / self.done

    @property
    def cancelled(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    @property
    def worked(self) -> bool:
        """Whether it has ended, and gave something."""
        return self.ended and self._error is None

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
        """Tell it to stop at its next report; one that has not begun never does."""
        self._stop.set()

    def run(self) -> None:
        """Do the work, and keep what it gave or what went wrong."""
        work, self._work = self._work, None
        self._since = time.monotonic()
        try:
            self.report(0, 1)
            self._value = work(self.report) if work is not None else None
            self.done = 1.0
        except BaseException as error:
            self._error = error.with_traceback(None)  # which would keep all it worked on
        finally:
            self._end.set()


class Desk:
    """Where studies are asked for. One serves all sessions.

    Parameters
    ----------
    present
        Tells whether a session is still there.
    grace
        Seconds a study goes on without anybody there.
    """

    def __init__(
        self, present: Callable[[str], bool] = lambda _: True, grace: float = GRACE
    ) -> None:
        self._present = present
        self._grace = grace
        self._alone: dict[str, float] = {}
        self._studies: OrderedDict[str, Study] = OrderedDict()
        self._lock = Lock()
        self._closed = False

    def ask(self, key: str, work: Work, asker: str = "") -> Study:
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
                study = self._studies[key] = Study(key, work, self._wanted)
            study.askers.add(asker)
            self._alone.pop(key, None)
            self._studies.move_to_end(key)
            for old in [study for study in self._studies.values() if study.ended][: -KEPT or None]:
                del self._studies[old.key]
            self._begin()
        return study

    def known(self, key: str) -> bool:
        """Return whether a study was asked for and not cancelled."""
        with self._lock:
            return key in self._studies and not self._studies[key].cancelled

    def found(self, begins: str, ends: str) -> list[tuple[str, Any]]:
        """Return what studies gave whose keys begin and end so, with the keys; the latest asked for is last."""
        with self._lock:
            listed = [
                study
                for key, study in self._studies.items()
                if key.startswith(begins) and key.endswith(ends) and study.ended
            ]
        return [(study.key, study.value) for study in listed if study.worked]

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
            self._begin()

    def close(self) -> None:
        """Cancel everything, for good: the page ends."""
        with self._lock:
            self._closed = True
            for study in self._studies.values():
                study.cancel()

    def _begin(self) -> None:
        """Begin what may begin: first of those who have fewest under way. The lock is held."""
        while not self._closed:
            under_way = [
                study for study in self._studies.values() if study.started and not study.ended
            ]
            waiting = [
                study
                for study in self._studies.values()
                if not study.started and not study.cancelled
            ]
            if not waiting or len(under_way) >= AT_ONCE:
                return

            def busy(study: Study, under_way: list[Study] = under_way) -> int:
                wanted = [other.askers for other in under_way if not other.cancelled]
                return min(sum(asker in askers for askers in wanted) for asker in study.askers)

            study = min(waiting, key=busy)  # the first of the equal ones: it waits longest
            if busy(study) >= EACH:
                return
            study.started = True
            # No page waits at its end for what nobody will see.
            Thread(target=self._run, args=(study,), name="study", daemon=True).start()

    def _run(self, study: Study) -> None:
        study.run()
        with self._lock:
            self._alone.pop(study.key, None)
            self._begin()

    def _wanted(self, study: Study) -> bool:
        """Return whether somebody is there who waits for a study, or may be back in a moment."""
        with self._lock:
            askers = list(study.askers)
        if any(self._present(asker) for asker in askers):
            self._alone.pop(study.key, None)
            return True
        now = time.monotonic()
        return now - self._alone.setdefault(study.key, now) < self._grace
