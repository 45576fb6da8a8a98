"""Files of people and ties are read as they were when each row was read by itself, errors included.

``any_table.txt`` holds what came of a thousand files made by chance when they were read row by row.
A change that means to read a file otherwise writes it anew: ``python tests/property/test_any_table.py``.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from made_tables import people_file, ties_file
from parts import few

from sim.errors import AdoptionError
from sim.scenario.imports import read_organisation

KEPT: Final = Path(__file__).with_name("any_table.txt")
FILES: Final = 1000
AT_A_TIME: Final = 100
FIRST: Final = range(0, FILES, AT_A_TIME)
SALT: Final = b"a salt for tests"


def outcome(seed: int, folder: Path) -> str:
    """Return what comes of a file made by chance: people and ties, or what is wrong with them."""
    luck = random.Random(seed)
    people, ids = people_file(luck)
    files = {"people.csv": people}
    if luck.random() < 0.7:
        files["ties.csv"] = ties_file(luck, ids)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    ties = folder / "ties.csv" if "ties.csv" in files else None
    try:
        found = read_organisation(folder / "people.csv", ties, SALT)
    except AdoptionError as error:
        return str(error).replace(str(folder), "")
    told = [one.tolist() if isinstance(one, np.ndarray) else one for one in found]
    return repr([*told[: found._fields.index("groups")], found.digest])


def line(seed: int, folder: Path) -> str:
    """Return an outcome as it is kept."""
    told = outcome(seed, folder)
    kind = "read" if told.startswith("[(") else "refused"
    return f"{seed} {kind} {hashlib.sha256(told.encode()).hexdigest()[:16]}"


@pytest.mark.parametrize("first", few(FIRST, 1))
def test_every_file_is_read_or_refused_as_it_was_row_by_row(first: int, tmp_path: Path) -> None:
    kept = KEPT.read_text("utf-8").splitlines()
    assert len(kept) == FILES
    for seed, before in list(enumerate(kept))[first : first + AT_A_TIME]:
        assert line(seed, tmp_path) == before, outcome(seed, tmp_path)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        lines = [line(seed, Path(folder)) for seed in range(FILES)]
    KEPT.write_text("\n".join([*lines, ""]), "utf-8")
