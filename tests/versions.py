"""Which code, and which numbers, a version is: the table in ``CHANGELOG.md``.

``python -m tests.versions`` writes the row of this version anew; ``bash .ci/generate`` does so too.
A version that is not finished (``1.1.0.dev0``) has no row.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import sim

ROOT = Path(__file__).resolve().parents[1]
CHANGELOG = ROOT / "CHANGELOG.md"
TABLE = re.compile(r"(?<=<!-- table: versions -->\n\n)(.*?)(?=\n\n<!-- end -->)", re.S)
HEAD = ("| version | code | numbers |", "|---|---|---|")
DIGITS = 16


def version() -> str:
    """Return the version this is."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return str(settings["project"]["version"])


def finished(name: str) -> bool:
    """Return whether a version is one that people can have."""
    return re.fullmatch(r"\d+(\.\d+)*", name) is not None


def row() -> str:
    """Return the row of this version: what results say of their code, and a hash of the golden results."""
    code = sim.run("baseline", runs=1, seed=1).provenance["code"]
    golden = (ROOT / "tests" / "golden" / "results.csv").read_bytes()
    return f"| {version()} | `{code}` | `{hashlib.sha256(golden).hexdigest()[:DIGITS]}` |"


def rows(text: str) -> list[str]:
    """Return the rows that stand in a changelog, the newest first."""
    found = TABLE.search(text)
    assert found, "CHANGELOG.md: there is no table of versions"
    head, line, *told = found[0].splitlines()
    assert (head, line) == HEAD, f"CHANGELOG.md: found {head}, expected {HEAD[0]}"
    return told


def written(text: str) -> str:
    """Return a changelog with the row of this version as it is, and all others as they were."""
    if not finished(version()):
        return text
    others = [one for one in rows(text) if not one.startswith(f"| {version()} |")]
    return TABLE.sub("\n".join((*HEAD, row(), *others)), text)


if __name__ == "__main__":
    CHANGELOG.write_text(written(CHANGELOG.read_text("utf-8")), "utf-8")
