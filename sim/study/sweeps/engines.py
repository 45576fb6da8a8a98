"""Where shards are simulated: threads, processes, or Dask on many machines; one interface."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from sim.errors import AdoptionError

ENGINES: Final = ("threads", "processes", "dask")

Notice = Callable[[str], None]
Given = TypeVar("Given")

SOON: Final = 5.0
"""Seconds after which it is said that no worker is there."""

BOUND: Final = 120.0
"""Seconds without any worker after which it is given up."""


class WorkersLostError(AdoptionError):
    """Nobody is left who could simulate."""


class Workers:
    """Those who simulate.

    Parameters
    ----------
    pool
        Takes what there is to do.
    number
        Returns how many there are now.
    where
        Where they are, and how to have some.
    say
        Called with a sentence when none is there.
    lost
        What is raised, besides the usual, where somebody who worked is gone.
    """

    def __init__(
        self,
        pool: Executor,
        number: Callable[[], int],
        where: str,
        say: Notice,
        lost: tuple[type[Exception], ...] = (),
    ) -> None:
        self._pool, self._number, self._where, self._say = pool, number, where, say
        self._lost: tuple[type[Exception], ...] = (BrokenExecutor, CancelledError, *lost)
        self._since: float | None = None
        self._told = False

    @property
    def ahead(self) -> int:
        """How many pieces of work are handed out at once."""
        return 2 * max(1, self._number())

    @property
    def patience(self) -> float:
        """Seconds to wait for a finished piece of work before it is asked whether anybody is there."""
        return min(SOON, BOUND) / 5

    def submit(self, work: Callable[..., Given], *given: Any) -> Future[Given]:
        """Hand out a piece of work.

        Raises
        ------
        WorkersLostError
            If nobody takes any more.
        """
        try:
            return self._pool.submit(work, *given)
        except (BrokenExecutor, RuntimeError) as error:
            raise WorkersLostError(f"{self._where}: takes no more work: {error}") from error

    def result(self, future: Future[Given]) -> Given:
        """Return what a finished piece of work gave.

        Raises
        ------
        WorkersLostError
            If whoever did it is gone.
        """
        try:
            return future.result()
        except self._lost as error:
            reason = str(error) or "the connection is lost"
            raise WorkersLostError(
                f"{self._where}: a worker or the scheduler is gone: {reason}"
            ) from error

    def ask(self) -> None:
        """Ask whether anybody is there; say if not, and give up after a while.

        Raises
        ------
        WorkersLostError
            If there was nobody for ``BOUND`` seconds.
        """
        if self._number():
            self._since, self._told = None, False
            return
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        waited = now - self._since
        if waited >= BOUND:
            raise WorkersLostError(f"{self._where}: no worker for {BOUND:.0f} seconds")
        if waited >= SOON and not self._told:
            self._told = True
            self._say(f"{self._where}: no worker is there; waiting {BOUND:.0f} seconds at most")


@contextmanager
def executor(
    engine: str, workers: int, scheduler: str = "", say: Notice | None = None
) -> Iterator[Workers]:
    """Give those who simulate, and end it: what has not begun is dropped.

    Parameters
    ----------
    engine
        ``threads``: the compiled engine lets all of them run at once. ``processes``: the same for
        whoever has reasons. ``dask``: the workers of a scheduler, or of a cluster on this machine.
    workers
        How many, for all but a scheduler that has its own.
    scheduler
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``; with ``dask`` only.
    say
        Called with a sentence when no worker is there.

    Raises
    ------
    AdoptionError
        If there is no such engine, or Dask is not installed or does not answer.
    """
    if engine not in ENGINES:
        raise AdoptionError(f"engine: found '{engine}', expected one of: {', '.join(ENGINES)}")
    if scheduler and engine != "dask":
        raise AdoptionError(
            f"scheduler: the engine '{engine}' has none; expected the engine 'dask'"
        )
    say = say or (lambda _: None)
    if engine == "dask":
        with _dask(workers, scheduler, say) as cluster:
            yield cluster
        return
    pool: Executor
    if engine == "threads":
        pool = ThreadPoolExecutor(workers)
    else:  # said outright, because Mesa and Python change what they take by themselves
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
    try:
        yield Workers(pool, lambda: workers, f"the {engine} of this machine", say)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _dask(workers: int, scheduler: str, say: Notice) -> Iterator[Workers]:
    """Give the workers of Dask."""
    try:
        from distributed import Client, KilledWorker, LocalCluster
    except ImportError as error:
        raise AdoptionError(
            "the engine 'dask' needs Dask: install it with the extra, ai-adoption[dask]"
        ) from error
    try:
        if scheduler:
            client = Client(scheduler, timeout="10s")
        else:
            cluster = LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=50
            )
            client = Client(cluster)
    except (OSError, ValueError, RuntimeError) as error:  # also a time-out
        reason = f"scheduler '{scheduler}': does not answer" if scheduler else "Dask does not start"
        raise AdoptionError(f"{reason}: {error}") from error
    with client:
        try:
            where = f"scheduler '{scheduler}' (start workers: dask worker {scheduler})"
            yield Workers(
                client.get_executor(retries=10, pure=False),
                lambda: _cores(client),
                where if scheduler else "Dask on this machine",
                say,
                (OSError, KilledWorker),
            )
        finally:
            if not scheduler:
                cluster.close()


def _cores(client: Any) -> int:
    """Return how many tasks the workers of Dask do at once; none if the scheduler is gone."""
    try:
        return sum(client.ncores().values())
    except (OSError, RuntimeError, ValueError):
        return 0


def processors() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
