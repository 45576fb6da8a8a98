"""How plain functions become fast: the two decorators, and a cache that never runs old rules."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba
import numpy as np
from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., Any])


@lru_cache(maxsize=1)
def source_fingerprint() -> str:
    """Return a short hash of every source page of the simulation [16 hex digits].

    It names the code version in provenance.
    """
    return _fingerprint(lambda page: True)


NOT_COMPILED: Final = frozenset(
    (
        "__init__.py",
        "errors.py",
        "evidence.py",
        "files",
        "form.py",
        "organisation.py",
        "measure.py",
        "scenario.py",
        "imports",
        "model.py",
        "provenance.py",
        "results.py",
        "experiments.py",
        "simulator.py",
        "simultaneous.py",
        "tables.py",
        "texts.py",
        "theory.py",
    )
)
"""Pages, and folders of them, no compiled code can reach; any other counts as one that it can."""


@lru_cache(maxsize=1)
def compiled_fingerprint() -> str:
    """Return a short hash of the pages that compiled code is made of [16 hex digits]."""
    return _fingerprint(lambda page: page.parts[0] not in NOT_COMPILED)


def _fingerprint(counts: Callable[[Path], bool]) -> str:
    digest = hashlib.sha256()
    package = Path(__file__).parent
    for page in sorted(path.relative_to(package) for path in package.rglob("*.py")):
        if counts(page):
            digest.update(page.as_posix().encode())
            digest.update((package / page).read_bytes())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=1)
def cache_folder() -> Path | None:
    """Return the folder of this version's compiled code, or None if nothing can be written."""
    versions = f"{compiled_fingerprint()}-py{platform.python_version()}-numba{numba.__version__}"
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    for root in (Path(home), Path(tempfile.gettempdir()) / "ai-adoption-cache"):
        shelf = root / "ai-adoption"
        folder = shelf / versions
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            continue
        _discard_old(shelf, keep=folder)
        return folder
    return None


def _discard_old(shelf: Path, keep: Path, newest: int = 4) -> None:
    """Remove all but the newest few versions, so that the cache never grows without end."""
    others = sorted(
        (entry for entry in shelf.iterdir() if entry != keep),
        key=lambda entry: entry.stat().st_mtime,
        reverse=True,
    )
    for entry in others[newest:]:
        shutil.rmtree(entry, ignore_errors=True)


def is_compiled() -> bool:
    """Return whether a first call would find this version's engine compiled already."""
    folder = cache_folder()
    return folder is not None and any(folder.rglob("*simulate_runs*.nbi"))


def rule(function: F) -> F:
    """Let a plain function be inlined in compiled code; in Python it stays the same function."""
    decorated: F = register_jitable(function)
    return decorated


def inlined(function: F) -> F:
    """Like :func:`rule`, but copied into the caller's loop, which can then take several at once."""
    decorated: F = register_jitable(inline="always")(function)
    return decorated


def _stepped(function: F) -> F:
    """Let a plain function have rows of tables with their columns as attributes, as if compiled."""

    def with_attributes(given: Any) -> Any:
        table = isinstance(given, np.ndarray) and given.dtype.names is not None
        return given.view(np.recarray) if table else given

    @wraps(function)
    def stepped(*given: Any) -> Any:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return function(*map(with_attributes, given))

    return cast(F, stepped)


def compiled(function: F) -> F:
    """Compile a loop: cached by the sources, without the interpreter lock, strict arithmetic.

    With ``NUMBA_DISABLE_JIT=1`` it stays Python, slow but for stepping through: the same numbers.
    """
    if cast(Any, numba.config).DISABLE_JIT:
        return _stepped(function)
    folder, config = cache_folder(), cast(Any, numba.config)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder or "")
    try:
        compiler = numba.njit(nogil=True, error_model="numpy", cache=folder is not None)
        decorated: F = cast(Any, compiler)(function)
    finally:
        config.CACHE_DIR = before
    return decorated
