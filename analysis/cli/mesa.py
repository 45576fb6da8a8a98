"""The command that opens the page of Mesa: mesa."""

from __future__ import annotations

from typing import Final

import click

from analysis.cli.shared import adopt

SOLARA: Final = {
    "SOLARA_APP": "analysis.mesa_page",
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
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    help="Port; by default the first free one from 8765.",
)
@click.option(
    "--browser/--no-browser", default=True, help="Open a browser, or only say the address."
)
def mesa(port: int | None, browser: bool) -> int:
    """Open the readable engine in Mesa's SolaraViz: play one organisation month by month.

    For those who know Mesa; adopt app is the page for everybody. It needs the extra 'solara', is
    served to this computer only, and asks nobody outside for anything. Ctrl-C ends it.
    """
    import os
    import warnings
    import webbrowser
    from threading import Thread

    from analysis.app.serve import free_port
    from sim.errors import AdoptionError

    os.environ.update(SOLARA)
    try:
        import solara_assets  # noqa: F401
        from solara.server.starlette import ServerStarlette
    except ModuleNotFoundError as error:
        raise AdoptionError(
            "adopt mesa needs the extra 'solara': python3 -m uv run --extra solara adopt mesa, "
            "or, where this project is installed by pip, pip install '.[solara]'"
        ) from error
    # That is about pages shown inside another page, which this one is not.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    place = free_port(port, first=8765)
    server = ServerStarlette(port=place, host="127.0.0.1", log_level="warning")

    def say() -> None:
        server.started.wait()
        server.wait_until_serving(120.0)
        address = f"http://127.0.0.1:{place}"
        click.echo(f"The page is at {address} (Ctrl-C ends it).", err=True)
        if browser:
            webbrowser.open(address)

    click.echo("Starting the page ...", err=True)
    Thread(target=say, daemon=True).start()
    server.serve()
    return 0
