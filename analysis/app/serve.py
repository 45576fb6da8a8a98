"""How the page is served: to this computer only, asking nobody outside for anything."""

from __future__ import annotations

import socket
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
    "server.maxUploadSize": 5,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "client.showSidebarNavigation": False,  # files of the folder pages are not pages by themselves
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
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    if asked:
        raise AdoptionError(f"port {asked}: in use already; take another one")
    raise AdoptionError(f"no port from {first} to {first + most - 1} is free")


def serve(port: int) -> None:
    """Serve the page until it is interrupted."""
    from streamlit.web import bootstrap

    flags = {**FLAGS, "server.port": port, "browser.serverPort": port}
    options = {name.replace(".", "_"): value for name, value in flags.items()}
    bootstrap.load_config_options(flag_options=options)
    bootstrap.run(str(MAIN), False, [], options)
