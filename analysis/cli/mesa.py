"""The command that opens the page of Mesa: mesa."""

from __future__ import annotations

from threading import Event
from typing import Final, Protocol

import click

from analysis.cli.shared import adopt, serving_options

PATIENCE: Final = 30.0
"""Time between one word about a page that is not there yet and the next [s]."""

ROUNDS: Final = 20
"""How often that is waited for, before it is given up."""


class Server(Protocol):
    """What is used of Solara's server."""

    base_url: str
    started: Event

    def wait_until_serving(self, timeout: float) -> None:
        """Return when it serves; a RuntimeError if that takes longer [s]."""

    def signal_stop(self) -> None:
        """End it."""


SOLARA: Final = {
    "SOLARA_APP": "analysis.app.mesa_page",
    "SOLARA_MODE": "production",  # or it would watch its files for changes
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",  # or it would tell its makers
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",  # nobody: what is not installed is not fetched
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_CHECK_HOOKS": "off",  # those of Mesa 3.3 are not in order
}
"""Settings of Solara, said by the environment; it reads them when it is imported."""


@adopt.command(
    epilog="""\b
Examples:
  adopt mesa
  adopt mesa --port 8700 --no-browser
"""
)
@serving_options(8765)
def mesa(port: int | None, browser: bool) -> int:
    """Open the readable engine in Mesa's SolaraViz: play one organisation month by month.

    For those who know Mesa; adopt app is the page for everybody. It needs the extra 'solara', is
    served to this computer only, and asks nobody outside for anything. Ctrl-C ends it.
    """
    import os
    import warnings
    from threading import Thread

    from analysis.app.serve import free_port
    from sim.errors import AdoptionError

    place = free_port(port, first=8765)
    os.environ.update(SOLARA)
    click.echo("Starting the page ...", err=True)
    try:
        import solara_assets  # noqa: F401
        from solara.server.starlette import ServerStarlette

        from analysis.app.mesa_page import Organisation
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("solara"):
            raise
        raise AdoptionError(
            "adopt mesa needs the extra 'solara': python3 -m uv run --extra solara adopt mesa, "
            f"or, where this project is installed by pip, pip install {needed('solara')}"
        ) from error
    # That is about pages shown inside another page, which this one is not.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    Organisation()  # what the first visitor would wait for
    server = ServerStarlette(port=place, host="127.0.0.1", log_level="warning")
    late: list[str] = []
    Thread(target=announce, args=(server, browser, late), daemon=True).start()
    try:
        server.serve()
    except SystemExit as error:  # how uvicorn says that it cannot listen
        if error.code:
            raise AdoptionError(
                f"port {place} was taken while the page was starting; start it again, or choose "
                "another one with --port"
            ) from error
    if late:
        raise AdoptionError(late[0])
    return 0


def needed(extra: str) -> str:
    """Return what an extra consists of, as one writes it behind ``pip install``."""
    from importlib.metadata import requires

    asked = [requirement.partition(";") for requirement in requires("ai-adoption") or ()]
    return " ".join(
        f"'{name.strip()}'" for name, _, when in asked if f"'{extra}'" in when.replace('"', "'")
    )


def announce(server: Server, browser: bool, late: list[str], patience: float = PATIENCE) -> None:
    """Say where a page is as soon as it is served, and meanwhile that it is not.

    Parameters
    ----------
    server
        Where it is served, in another thread.
    browser
        Whether to open a browser too.
    late
        Gets what is to be said where it is not served after all this time; the server is then ended.
    patience
        Time between one word and the next [s]; there are ``ROUNDS``.
    """
    from analysis.app.serve import show

    for part in range(1, ROUNDS + 1):
        try:
            if not server.started.wait(patience):
                raise RuntimeError
            server.wait_until_serving(patience)
        except RuntimeError:
            if part < ROUNDS:
                click.echo(
                    f"Still starting after {part * patience:.0f} seconds; this computer is busy "
                    "(Ctrl-C ends it).",
                    err=True,
                )
            continue
        click.echo(f"The page is at {server.base_url} (Ctrl-C ends it).", err=True)
        if browser:
            show(server.base_url)
        return
    late.append(
        f"the page was not there after {ROUNDS * patience:.0f} seconds, so it was ended; start it "
        "again when this computer has less to do"
    )
    if server.started.is_set():
        server.signal_stop()
    else:
        click.echo(f"error: {late[0]}", err=True)
