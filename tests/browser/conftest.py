"""The page as a user has it: served by the command, looked at in Chromium.

Every page a test visits is watched: whatever happens in a test, nothing may be asked from outside this
computer, nothing may be written to the console as an error, no dialog may open, and the terminal may
not show a traceback.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

WIDE, NARROW = 1280, 390

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Mobile Safari/537.36"
)

HANG = 600.0
"""Seconds after which what hangs ends; a wait, however busy the computer is, and never a promise."""

expect.set_options(timeout=1000.0 * HANG)


class Server:
    """The page being served: where, and what the terminal shows."""

    def __init__(self, address: str, log: Path) -> None:
        self.address, self.log, self.home = address, log, log.with_name("home")

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


class Watched:
    """What a browser does that it should not."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.server = server
        context.on("request", self._request)
        context.on(
            "console", lambda one: self._console(one.type, one.text, str(one.location.get("url")))
        )
        context.on("weberror", lambda one: self.wrong.append(f"page error: {one.error}"))
        context.on("dialog", self._dialog)
        context.on("page", lambda page: page.on("websocket", lambda one: self._ask(one.url)))

    def _request(self, one: Any) -> None:
        self._ask(one.url)

    def _ask(self, url: str) -> None:
        self.asked.append(url)
        inside = self.server.address.split("://")[1]
        if not re.match(rf"(data:|blob:|(http|ws)://{re.escape(inside)}/)", url):
            self.wrong.append(f"asked outside: {url}")

    def _console(self, kind: str, text: str, url: str) -> None:
        looks = re.search(r"/\w+/_stcore/(health|host-config)$", url)  # for itself, from below
        if kind == "error" and not looks:
            self.wrong.append(f"console: {text}")

    def _dialog(self, one: Any) -> None:
        self.wrong.append(f"dialog: {one.message}")
        one.dismiss()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Serve the page as a user does, until the last test has ended."""
    with served("app", "_stcore/health") as found:
        yield found


@contextmanager
def served(command: str, health: str) -> Iterator[Server]:
    """Serve the page of a command from a folder of its own.

    Parameters
    ----------
    command
        ``app`` or ``mesa``.
    health
        Path that answers as soon as the page can be visited.
    """
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    adopt = Path(sys.executable).with_name("adopt")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log.txt"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [adopt, command, "--no-browser", "--port", str(port)],
                stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, cwd=folder,
                env={**os.environ, "ADOPT_HOME": str(Path(folder) / "home")},
            )  # fmt: skip
        found = Server(f"http://127.0.0.1:{port}", log)
        try:
            _wait(found, process, command, health)
            yield found
        finally:
            process.terminate()
            try:
                process.wait(HANG)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(
    server: Server,
    process: subprocess.Popen[bytes],
    command: str,
    health: str,
    seconds: float = HANG,
) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(f"adopt {command} ended with {process.returncode}:\n{server.said()}")
        try:
            with urllib.request.urlopen(f"{server.address}/{health}", timeout=HANG) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"adopt {command} does not answer after {seconds:.0f} seconds:\n{server.said()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Chromium: the one of CHROMIUM, or the system's."""
    named = os.environ.get("CHROMIUM")
    place = shutil.which(named) if named else shutil.which("chromium", path="/usr/bin")
    if place is None:
        pytest.fail(
            f"no Chromium at {named or '/usr/bin/chromium'}: install it (apt-get install chromium), "
            "or say where it is in the environment variable CHROMIUM"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place)
        yield browser
        browser.close()


@pytest.fixture
def visit(
    server: Server, chromium: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Return what opens the start page in a new browser window; watch all it does."""
    before = len(server.said())
    windows: list[tuple[BrowserContext, Watched]] = []

    def opened(*, width: int = WIDE, path: str = "", look: bool = True, **query: str) -> Page:
        phone: dict[str, Any] = {"user_agent": PHONE, "has_touch": True} if width == NARROW else {}
        context = chromium.new_context(viewport={"width": width, "height": 900}, **phone)
        context.set_default_timeout(1000.0 * HANG)
        watched = Watched(context, server)
        windows.append((context, watched))
        page = context.new_page()
        page.goto(f"{server.address}/{path}?{urlencode(query)}", wait_until="commit")
        if look:
            expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    opened.windows = windows  # type: ignore[attr-defined]
    yield opened
    for context, _ in windows:
        context.close()
    log = server.said()[before:]
    wrong = [one for _, watched in windows for one in watched.wrong]
    if wrong or "Traceback" in log:
        pytest.fail("\n".join([*wrong, "the terminal:", log]))
