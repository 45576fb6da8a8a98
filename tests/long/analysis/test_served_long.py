"""What takes long of ``analysis/test_served.py``."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from test_served import HANG

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
