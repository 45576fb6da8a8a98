"""Which code made a result: a hash of every source page of the simulation."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1)
def source_fingerprint() -> str:
    """Return a short hash of every source page of the simulation [16 hex digits].

    It names the code version in provenance.
    """
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parents[1]
    for page in sorted(path.relative_to(package) for path in package.rglob("*.py")):
        digest.update(page.as_posix().encode())
        digest.update((package / page).read_bytes())
    return digest.hexdigest()[:16]
