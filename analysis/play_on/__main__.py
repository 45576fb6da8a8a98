"""Write a play-on file: ``python -m analysis.play_on OUT.html [SCENARIO…] [--game [WORLD]]``.

Of shipped or own scenarios; with ``--game`` of a game, which is a second page where scenarios are named.
"""

import sys
from pathlib import Path

from analysis.play_on import PLANS, page_of
from sim.disk import whole
from sim.errors import AdoptionError
from sim.play import read_world
from sim.scenario import read_scenario

USAGE = "usage: python -m analysis.play_on OUT.html [SCENARIO…] [--game [WORLD]]"


def main(arguments: list[str]) -> str | None:
    """Write the file; return what is wrong, if anything is."""
    if not arguments or arguments[0].startswith("-"):
        return USAGE
    out, *rest = arguments
    plays = "--game" in rest
    at = rest.index("--game") if plays else len(rest)
    names, worlds = rest[:at], rest[at + 1 :]
    if len(worlds) > 1 or any(name.startswith("-") for name in [*names, *worlds]):
        return USAGE
    try:
        world = read_world(*worlds) if plays else None
        page = page_of(
            [read_scenario(name) for name in names or (() if plays else PLANS)], world=world
        )
        with whole(Path(out), "cannot write the play-on file") as draft:
            draft.write_text(page, "utf-8")
    except AdoptionError as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
