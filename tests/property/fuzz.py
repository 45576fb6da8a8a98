"""Damage shipped files, and change them by chance, for as long as one likes.

Every file has to run with all its figures in bounds, or to say what is wrong with it.

    python3 -m uv run python tests/property/fuzz.py --minutes 30
    python3 -m uv run python tests/property/fuzz.py --seed 4711 --files 1      # one of them again
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from made_by_chance import (
    SHIPPED,
    UnexplainedError,
    allowed_change,
    damaged,
    read_or_explained,
    run_or_explained,
)

import sim
from sim.scenario import read_scenario


def one(seed: int, folder: Path) -> str:
    """Make one file and look at it; return what became of it."""
    rng = random.Random(seed)
    origin = rng.choice(SHIPPED)
    if rng.random() < 0.5:
        path = folder / origin.name
        path.write_bytes(damaged(origin.read_text("utf-8"), rng))
        scenario = read_or_explained(path)
        if scenario is None:
            return "damaged, and says so"
        return "damaged, runs" if run_or_explained(scenario) else "damaged, cannot run, and says so"
    scenario = read_scenario(origin)
    for _ in range(rng.randint(1, 6)):
        change = allowed_change(rng)
        try:
            scenario = scenario.changed(change)
        except sim.AdoptionError:
            continue
        except Exception as error:
            raise UnexplainedError(f"{origin.name} with {change}: {error!r}") from error
    return "changed, runs" if run_or_explained(scenario) else "changed, cannot run, and says so"


def main() -> int:
    """Go on until the time or the files are used up; return 1 if something was not explained."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--files", type=int, default=10**9)
    parser.add_argument("--seed", type=int, default=random.randrange(10**9))
    given = parser.parse_args()
    end, found, wrong = time.monotonic() + 60.0 * given.minutes, Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(given.seed, given.seed + given.files):
            if time.monotonic() > end:
                break
            try:
                found[one(seed, Path(folder))] += 1
            except UnexplainedError as error:
                wrong += 1
                print(f"seed {seed}: {error}", flush=True)
    for told, number in sorted(found.items()):
        print(f"{number:8,}  {told}")
    print(f"{wrong:8,}  explained nothing")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
