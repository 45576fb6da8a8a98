"""Where shards are simulated: threads, processes, or Dask on many machines; one interface."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from sim.errors import AdoptionError

ENGINES: Final = ("threads", "processes", "dask")


@contextmanager
def executor(engine: str, workers: int, scheduler: str = "") -> Iterator[tuple[Executor, int]]:
    """Give an executor and its number of workers, and end it: what has not begun is dropped.

    Parameters
    ----------
    engine
        ``threads``: the compiled engine lets all of them run at once. ``processes``: the same for
        whoever has reasons. ``dask``: the workers of a scheduler, or of a cluster on this machine.
    workers
        How many, for all but a scheduler that has its own.
    scheduler
        Address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``; with ``dask`` only.

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
    if engine == "dask":
        with _dask(workers, scheduler) as found:
            yield found
        return
    pool: Executor
    if engine == "threads":
        pool = ThreadPoolExecutor(workers)
    else:  # said outright, because Mesa and Python change what they take by themselves
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
    try:
        yield pool, workers
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _dask(workers: int, scheduler: str) -> Iterator[tuple[Executor, int]]:
    """Give the executor of Dask, and the number of tasks its workers do at once."""
    try:
        from distributed import Client, LocalCluster
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
        told = f"scheduler '{scheduler}': does not answer" if scheduler else "Dask does not start"
        raise AdoptionError(f"{told}: {error}") from error
    with client:
        try:
            yield client.get_executor(retries=10, pure=False), sum(client.ncores().values())
        finally:
            if not scheduler:
                cluster.close()


def processors() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
