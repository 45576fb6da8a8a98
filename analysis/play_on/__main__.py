"""Write a play-on file of shipped or own scenarios: ``python -m analysis.play_on OUT.html [SCENARIO…]``."""

import sys
from pathlib import Path

from analysis.play_on import PLANS, page_of
from sim.disk import whole
from sim.errors import AdoptionError
from sim.scenario import read_scenario


def main(arguments: list[str]) -> str | None:
    """Write the file; return what is wrong, if anything is."""
    if not arguments or arguments[0].startswith("-"):
        return "usage: python -m analysis.play_on OUT.html [SCENARIO…]"
    out, *names = arguments
    try:
        page = page_of([read_scenario(name) for name in names or PLANS])
        with whole(Path(out), "cannot write the play-on file") as draft:
            draft.write_text(page, "utf-8")
    except AdoptionError as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
