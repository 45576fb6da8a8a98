"""The list of theory's rows names promises that exist."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
LONG = HERE.parent / "long" / "theory"


def test_every_row_of_theory_names_promises_that_exist() -> None:
    promised = {
        name
        for page in (*HERE.glob("test_*.py"), *LONG.glob("test_*.py"))
        for name in re.findall(r"^def test_(\w+)", page.read_text("utf-8"), re.MULTILINE)
    }
    lines = (HERE / "__init__.py").read_text("utf-8").splitlines()
    rows = [line.split()[0] for line in lines if re.match(r"T\d", line)]
    named = [line.strip() for line in lines if line.startswith("    ")]
    assert len(rows) == len(set(rows)) > 25
    assert set(named) <= promised
