"""The command that opens the page of Mesa waits, and says what it waits for."""

from __future__ import annotations

import builtins
import socket
import webbrowser
from threading import Event
from typing import Any

import pytest

from analysis.app.serve import show
from analysis.cli.mesa import ROUNDS, announce
from analysis.cli.mesa import mesa as command
from sim.errors import AdoptionError


class Slow:
    """A server that serves after being asked so many times."""

    def __init__(self, times: int, started: bool = True) -> None:
        self.base_url, self.times = "http://127.0.0.1:8765", times
        self.started, self.stopped = Event(), False
        if started:
            self.started.set()

    def wait_until_serving(self, timeout: float) -> None:
        self.times -= 1
        if self.times >= 0:
            raise RuntimeError("Server does not seem to be running")

    def signal_stop(self) -> None:
        self.stopped = True


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def opening(address: str) -> bool:
        found.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", opening)
    return found


def test_a_slow_page_is_waited_for_and_said(
    capsys: pytest.CaptureFixture[str], opened: list[str]
) -> None:
    late: list[str] = []
    announce(Slow(2), True, late, patience=0.001)
    said = capsys.readouterr().err
    assert said.count("Still starting after") == 2
    assert said.splitlines()[-1] == "The page is at http://127.0.0.1:8765 (Ctrl-C ends it)."
    assert (opened, late) == (["http://127.0.0.1:8765"], [])


@pytest.mark.parametrize("started", [True, False])
def test_waiting_has_an_end_which_is_said(
    started: bool, capsys: pytest.CaptureFixture[str], opened: list[str]
) -> None:
    late: list[str] = []
    server = Slow(10 * ROUNDS, started)
    announce(server, True, late, patience=0.001)
    assert server.stopped == started
    assert "was not there after" in late[0]
    assert "The page is at" not in capsys.readouterr().err
    assert not opened


@pytest.mark.parametrize("fails", [False, webbrowser.Error("none"), OSError("none")])
def test_without_a_browser_the_address_is_enough(
    fails: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(address: str) -> bool:
        if isinstance(fails, Exception):
            raise fails
        return False

    monkeypatch.setattr(webbrowser, "open", nothing)
    show("http://127.0.0.1:8765")
    assert "open that address in one" in capsys.readouterr().err


def test_a_port_in_use_is_said() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        port = one.getsockname()[1]
        with pytest.raises(AdoptionError, match=f"port {port}: in use already"):
            command.main(["--port", str(port)], standalone_mode=False)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *given: Any, **named: Any) -> Any:
        if name.startswith("solara"):
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return real(name, *given, **named)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(AdoptionError, match="needs the extra 'solara'"):
        command.main([], standalone_mode=False)
