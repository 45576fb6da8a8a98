"""The command that says which engine runs the rules, and builds it: engine."""

from __future__ import annotations

import json
from pathlib import Path

import click

from analysis.cli.shared import adopt, options


@adopt.command(
    epilog="""\b
Examples:
  adopt engine
  adopt engine --native
  adopt engine --c engine.c
  ADOPT_ENGINE=python adopt run baseline --runs 1
"""
)
@click.option(
    "--native", is_flag=True, help="Build native code with the C compiler of this machine."
)
@click.option("--build", is_flag=True, help="Build sim/engine.wasm of the rules as they are now.")
@click.option(
    "--check", is_flag=True, help="Build it, and fail if the one that is there is another."
)
@click.option(
    "--c",
    "page",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rules as C to this file, to read.",
)
@options("json")
def engine(native: bool, build: bool, check: bool, page: Path | None, as_json: bool) -> int:
    """Say which engine runs the rules; build it anew, or as native code.

    All give the same bits. WebAssembly is there at once on every machine; native code takes a C
    compiler and some seconds once, and then up to a third less time. ADOPT_ENGINE chooses one of wasm,
    native and python, which is the rules as they are, to step through.
    """
    from sim.engine import module, running

    if page:
        page.write_text(module.written().text, "utf-8")
        click.echo(f"{page} written")
        return 0
    if build or check:
        return _build(check)
    if native:
        running.native(running.current_engine())
        running.forget()
    return _tell(as_json)


def _build(check: bool) -> int:
    """Build the module that is shipped, or compare it with one built now."""
    from sim.engine import module

    made, shipped = module.written(), module.shipped_engine()
    if not check and shipped is not None and shipped.code == made.about["code"]:
        built = module.said_anew(
            shipped, made.about
        )  # the same code, other pages: no compiler needed
    else:
        built = module.build_wasm(made)
    assert built.wasm is not None
    if check:
        if shipped is None or shipped.wasm != built.wasm:
            raise click.ClickException(
                f"{module.SHIPPED.name} is not what the rules say: adopt engine --build"
            )
        click.echo(
            f"{module.SHIPPED.name} is what the rules say: {built.code}, {len(built.wasm):,} bytes"
        )
        return 0
    module.SHIPPED.write_bytes(built.wasm)
    click.echo(f"{module.SHIPPED} written: {built.code}, {len(built.wasm):,} bytes")
    return 0


def _tell(as_json: bool) -> int:
    """Say which engine runs the rules, and which others there could be."""
    from sim.engine import module, running

    now, used = running.current_engine(), running.host()
    shipped = module.shipped_engine()
    built = module.kept(running.native_name(now.code))
    content = {
        "engine": used.name,
        "code": now.code,
        "as_shipped": shipped is not None and shipped.code == now.code,
        "wasm_bytes": None if now.wasm is None else len(now.wasm),
        "native": None if built is None else str(built),
        "c_compiler": module.c_compiler(),
        "wasm_compiler": module.has_zig(),
    }
    if as_json:
        click.echo(json.dumps(content, indent=2))
        return 0
    names = {"wasm": "WebAssembly", "native": "native code", "python": "the rules in plain Python"}
    click.echo(f"Runs as     {names[used.name]}, {now.code}")
    edited = "edited since, and built anew" if used.name != "python" else "edited since"
    click.echo(f"The rules   {'as shipped' if content['as_shipped'] else edited}")
    if built is not None:
        click.echo(f"Native      {built}")
    elif module.c_compiler():
        click.echo("Native      not built yet: adopt engine --native")
    else:
        click.echo(f"Native      {module.NO_CC}")
    if not module.has_zig():
        other = "a C compiler does, or, for WebAssembly, " if module.c_compiler() else ""
        click.echo(f"To rebuild  after a rule is edited: {other}uv sync --group engine (100 MB)")
    return 0
