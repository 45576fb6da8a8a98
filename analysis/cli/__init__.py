"""The command ``adopt``: one function per command; nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys

import click

from analysis.cli import (
    app,
    calibration,
    costs,
    evidence,
    files,
    lookup,
    mesa,
    model,
    network,
    odd,
    patterns,
    people,
    report,
    robustness,
    sensitivity,
    studies,
    sweeps,
    validation,
)
from analysis.cli.shared import FAILED, INTERRUPTED, adopt

__all__ = [
    "adopt",
    "app",
    "calibration",
    "costs",
    "evidence",
    "files",
    "lookup",
    "main",
    "mesa",
    "model",
    "network",
    "odd",
    "patterns",
    "people",
    "report",
    "robustness",
    "sensitivity",
    "studies",
    "sweeps",
    "validation",
]


def main() -> None:
    """Run the command line; what the user can mend is said in a line, without a traceback."""
    from sim.errors import AdoptionError, InterruptedStudyError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without the euro sign
    try:
        code = adopt.main(standalone_mode=False)
    except click.exceptions.Abort:
        code = INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except AdoptionError as error:
        click.echo(f"error: {error}", err=True)
        code = INTERRUPTED if isinstance(error, InterruptedStudyError) else FAILED
    except BrokenPipeError:
        sys.stderr.close()
        code = FAILED
    except OSError as error:
        if error.filename is None and error.strerror is None:
            raise
        click.echo(f"error: {error.filename or ''}: {error.strerror}", err=True)
        code = FAILED
    sys.exit(code if isinstance(code, int) else 0)
