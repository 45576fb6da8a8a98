"""How the page is served: to this computer only, asking nobody outside for anything."""

from __future__ import annotations

import logging
import os
import socket
import sys
from pathlib import Path
from typing import Any, Final

from sim.errors import AdoptionError

MAIN: Final = Path(__file__).with_name("main.py")

FLAGS: Final[dict[str, Any]] = {
    "global.developmentMode": False,
    "server.address": "127.0.0.1",
    "browser.serverAddress": "127.0.0.1",
    "server.headless": True,
    "server.fileWatcherType": "none",
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # a look at all that is there after every look at a study
    "server.maxUploadSize": 5,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "theme.base": "light",
    "theme.primaryColor": "#005b94",
    "theme.textColor": "#1f1f1f",
    "theme.linkColor": "#005b94",
    "theme.baseRadius": "small",
}
"""Said on every start: a configuration file inside a package is not read."""


def free_port(asked: int | None, first: int = 8501, most: int = 50) -> int:
    """Return the port asked for, or the first that is free.

    Raises
    ------
    AdoptionError
        If the one asked for is in use, or none is free.
    """
    for port in [asked] if asked else range(first, first + most):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    if asked:
        raise AdoptionError(f"port {asked}: in use already; take another one")
    raise AdoptionError(f"no port from {first} to {first + most - 1} is free")


def show(address: str) -> None:
    """Open a page in a browser, or say that there is none."""
    import webbrowser

    import click

    try:
        shown = webbrowser.open(address)
    except (OSError, webbrowser.Error):
        shown = False
    if not shown:
        click.echo("No browser could be opened: open that address in one.", err=True)


def serve(port: int) -> None:
    """Serve the page until it is interrupted, then end at once; nothing after it is run.

    What is being simulated cannot be interrupted, and nobody is left who would see it.
    """
    from streamlit.web import bootstrap

    from analysis.app import session

    flags = {**FLAGS, "server.port": port, "browser.serverPort": port}
    options = {name.replace(".", "_"): value for name, value in flags.items()}
    bootstrap.load_config_options(flag_options=options)
    status = 1
    try:
        bootstrap.run(str(MAIN), False, [], options)
        status = 0
    except KeyboardInterrupt:  # before the server listens to signals
        status = 0
    except BaseException:
        logging.getLogger("adopt").exception("the page ended")
    finally:
        session.close()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
