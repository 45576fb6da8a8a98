"""The page as a process: signals end it at once, and what visitors asked ends when they are gone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from threading import Event

import pytest

from analysis.app.jobs import AT_ONCE, EACH, CancelledError, Desk, Progress, Study

HANG = 600.0
"""Seconds after which a test that hangs ends; nothing takes that long."""

SERVED = """
import sys
from threading import Thread
from analysis.app import limits, session, setup, studies
from analysis.app.serve import serve
from analysis.words.languages import language
from sim.study.kept import Kept

limits.MOST_WORK = 1e12
large = setup.new(language("en")).changed({"organisation.employees": 60_000})
for k in range(3):  # as many studies as pages ask for, each minutes long
    other = large.changed({"simulation.seed": k})
    session.desk().ask(f"large {k}", lambda progress, other=other: studies._found(other, 400, Kept(0), progress))
held = session.Files()
print(held.folder, flush=True)
serve(int(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_a_signal_ends_the_page_and_its_workers_in_the_middle_of_a_study(
    number: signal.Signals, tmp_path: Path
) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVED, str(port)], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        assert folder.is_dir()
        _until_it_answers(process, port)
        os.kill(process.pid, number)
        _, said = process.communicate(timeout=HANG)
    finally:
        if process.poll() is None:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in said
    assert not folder.exists()  # what was uploaded is gone with it
    with socket.socket() as again, pytest.raises(ConnectionRefusedError):
        again.connect(("127.0.0.1", port))


def _until_it_answers(process: subprocess.Popen[str], port: int) -> None:
    end = time.monotonic() + HANG
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()[1]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=HANG):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the page does not answer")


# --- Visitors -----------------------------------------------------------------------------------


class Visitors:
    """Who is there, and studies that go on for ever unless they are stopped."""

    def __init__(self) -> None:
        self.there: set[str] = set()
        self.begun: dict[str, Event] = {}

    def endless(self, name: str) -> Progress:
        """Return a study that never ends by itself."""
        self.begun[name] = Event()

        def work(progress: Progress) -> None:
            self.begun[name].set()
            for step in range(10**9):
                time.sleep(0.001)
                progress(step, 10**9)

        return work  # type: ignore[return-value]


def desk_of(visitors: Visitors, grace: float = 0.0) -> Desk:
    return Desk(lambda one: one in visitors.there, grace)


def cancelled(study: Study) -> bool:
    assert study.wait(HANG)
    with pytest.raises(CancelledError):
        _ = study.value
    return study.cancelled


def test_work_ends_when_the_last_who_waits_for_it_has_left() -> None:
    visitors = Visitors()
    visitors.there = {"me", "you"}
    desk = desk_of(visitors)
    study = desk.ask("a", visitors.endless("a"), "me")
    desk.ask("a", visitors.endless("never begun"), "you")
    assert visitors.begun["a"].wait(HANG)
    visitors.there = {"you"}
    assert not study.wait(0.1)
    visitors.there = set()
    assert cancelled(study)
    assert not desk.known("a")
    assert not visitors.begun["never begun"].is_set()
    visitors.there = {"me"}
    again = desk.ask("a", lambda progress: 42, "me")
    assert again.wait(HANG) and again.value == 42


def test_who_loads_the_page_anew_finds_the_study_going_on() -> None:
    visitors = Visitors()
    visitors.there = {"before"}
    desk = desk_of(visitors, grace=HANG)
    study = desk.ask("a", visitors.endless("a"), "before")
    assert visitors.begun["a"].wait(HANG)
    visitors.there = set()
    assert not study.wait(0.1)
    visitors.there = {"after"}
    assert desk.ask("a", visitors.endless("other"), "after") is study
    desk.close()
    assert cancelled(study)


def test_nobody_waits_for_what_another_visitor_asked() -> None:
    visitors = Visitors()
    visitors.there = {"giant", "other"}
    desk = desk_of(visitors)
    giant = [desk.ask(f"g{k}", visitors.endless(f"g{k}"), "giant") for k in range(2 * AT_ONCE)]
    for k in range(EACH):
        assert visitors.begun[f"g{k}"].wait(HANG)
    small = desk.ask("small", lambda progress: "done", "other")
    assert small.wait(HANG) and small.value == "done"
    assert not visitors.begun[f"g{EACH}"].is_set()  # the giant waits for itself
    desk.leave("giant", "nothing of it")
    assert all(cancelled(one) for one in giant if one.started)
    assert not visitors.begun[f"g{2 * AT_ONCE - 1}"].is_set()
    last = desk.ask("last", lambda progress: "also", "giant")
    assert last.wait(HANG) and last.value == "also"


def test_after_the_end_nothing_begins() -> None:
    visitors = Visitors()
    visitors.there = {"me"}
    desk = desk_of(visitors)
    study = desk.ask("a", visitors.endless("a"), "me")
    desk.close()
    assert cancelled(study)
    assert not desk.ask("b", lambda progress: 1, "me").started
