"""The command that opens the what-if page: app."""

from __future__ import annotations

import click

from analysis.cli.shared import adopt, language_option, serving_options


@adopt.command(
    epilog="""\b
Examples:
  adopt app
  adopt app --lang nl --port 8600
  adopt app acme-licences.yaml acme.yaml
"""
)
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@language_option("Language to begin with.")
@serving_options(8501)
def app(scenarios: tuple[str, ...], lang: str, port: int | None, browser: bool) -> int:
    """Open the what-if page in a browser: move a slider, see what it does.

    With one to four scenarios, names or files of the same organisation, it begins with those. It
    is served to this computer only, and asks nobody outside for anything. Ctrl-C ends it.
    """
    from threading import Timer
    from urllib.parse import urlencode

    from analysis.app.saved import fresh
    from analysis.app.serve import free_port, serve, show
    from analysis.app.setup import from_scenarios, start_with
    from sim.scenario import read_scenario

    setup = (
        from_scenarios([read_scenario(scenario) for scenario in scenarios]) if scenarios else None
    )
    start_with(setup, lang)
    place = free_port(port)
    warm_up()
    address = f"http://127.0.0.1:{place}/?{urlencode({'lang': lang, 'session': fresh()})}"
    click.echo(f"The page is at {address} (Ctrl-C ends it).", err=True)
    if browser:
        Timer(1.0, show, [address]).start()
    serve(place)
    return 0


def warm_up() -> None:
    """Compile and import beforehand what the first picture needs."""
    import sim

    sim.compare(["baseline"], runs=2, by=["archetype", "department"])
