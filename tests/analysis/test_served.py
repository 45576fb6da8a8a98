"""The page as a process: signals end it at once, and what visitors asked ends when they are gone."""

from __future__ import annotations

import time
from threading import Event

import pytest

from analysis.app.jobs import AT_ONCE, EACH, CancelledError, Desk, Progress, Study

HANG = 600.0
"""Seconds after which a test that hangs ends; nothing takes that long."""

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
