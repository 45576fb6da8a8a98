"""The file ``sim/engine.wasm``: how it is made, what it says of itself, and whether it is still true.

The module carries, in a section of its own, the hash of the pages it was made of, of the constants it
took from them, and of the C between; and the types of its entries, for whoever runs it.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.disk import whole
from sim.engine.entries import ENTRIES
from sim.engine.types import (
    ELEMENTS,
    REAL,
    TRUTH,
    WHOLE,
    Arrays,
    Record,
    Tuples,
    Type,
)
from sim.errors import AdoptionError

PACKAGE: Final = Path(__file__).resolve().parents[1]
SHIPPED: Final = PACKAGE / "engine.wasm"
SECTION: Final = "ai-adoption"
OWN: Final = (
    "engine/kinds.py",
    "engine/meanings.py",
    "engine/types.py",
    "engine/writer.py",
    "engine/runtime.h",
)
"""Pages of the engine itself that what it writes depends on."""

STRICT: Final = ("-O3", "-ffp-contract=off", "-fwrapv", "-fno-strict-aliasing", "-fno-math-errno")
"""How C is compiled: no two operations become one, whole numbers wrap, and memory
may hold one type and later another."""

WASM: Final = (
    "-target",
    "wasm32-freestanding",
    "-nostdlib",
    "-s",
    "-Wl,--no-entry",
    *STRICT,
)
NATIVE: Final = ("-shared", "-fPIC", "-fvisibility=hidden", *STRICT)
HERE: Final = "-march=native"
"""Lets the compiler use all that this processor can; the bits are those of every other."""


NO_ZIG: Final = "no compiler for WebAssembly: install the group 'engine' (uv sync --group engine)"
NO_CC: Final = (
    "no C compiler on this machine (on Debian: apt install build-essential; on macOS: "
    "xcode-select --install; for Windows there is no native code)"
)


class BuildError(AdoptionError):
    """There is no compiler, or it failed."""


@dataclass(frozen=True)
class Signature:
    """An entry as a host sees it: what it takes and gives, and which arrays it writes into.

    Arrays that are scratch are copied for it: it may do with them what it likes.
    """

    name: str
    parameters: dict[str, Type]
    result: Type | None
    written: frozenset[str]
    scratch: frozenset[str]


@dataclass(frozen=True)
class Engine:
    """A module of WebAssembly, and what it says of itself."""

    wasm: bytes | None
    about: dict[str, Any]

    @property
    def code(self) -> str:
        """Hash of the C it was made of [16 hex digits]."""
        return str(self.about["code"])

    @cached_property
    def signatures(self) -> dict[str, Signature]:
        """Its entries, by name."""
        known: dict[str, Type] = {scalar.c: scalar for scalar in (REAL, WHOLE, TRUTH)}
        told = self.about["types"]

        def typed(name: str | None) -> Any:
            if name is None or name in known:
                return None if name is None else known[name]
            field = told[name]
            if "columns" in field:
                columns = field["columns"]
                known[name] = Record(
                    name,
                    np.dtype(
                        {
                            "names": [column[0] for column in columns],
                            "formats": [
                                "?" if column[1] == "b1" else column[1] for column in columns
                            ],
                            "offsets": [column[2] for column in columns],
                            "itemsize": field["size"],
                        }
                    ),
                )
            elif "element" in field:
                element = field["element"]
                known[name] = Arrays(
                    element if element in ELEMENTS else typed(element), field["dimensions"]
                )
            else:
                known[name] = Tuples(
                    name, tuple((field, typed(kind)) for field, kind in field["fields"])
                )
            return known[name]

        return {
            name: Signature(
                name,
                {parameter: typed(kind) for parameter, kind in entry["parameters"].items()},
                typed(entry["result"]),
                frozenset(entry["written"]),
                frozenset(entry["scratch"]),
            )
            for name, entry in self.about["entries"].items()
        }


# --- What a module is made of ---------------------------------------------------------------


def told(kind: Type) -> dict[str, Any]:
    """Return what a module says of a compound type."""
    if isinstance(kind, Record):
        assert kind.dtype.fields is not None
        return {
            "columns": [
                [name, kind.fields[name], kind.dtype.fields[name][1]]
                for name in kind.dtype.names or ()
            ],
            "size": kind.dtype.itemsize,
        }
    if isinstance(kind, Arrays):
        element = kind.element if isinstance(kind.element, str) else kind.element.name
        return {"element": element, "dimensions": kind.dimensions}
    assert isinstance(kind, Tuples)
    return {"fields": [[name, field.c] for name, field in kind.fields]}


@dataclass(frozen=True)
class Written:
    """The C of the rules as they are now, and what a module made of it will say."""

    text: str
    about: dict[str, Any]
    lines: list[str]


def written(checked: bool = False) -> Written:
    """Return the C of the rules as they are now.

    Parameters
    ----------
    checked
        Whether every index is looked at: slower, and for tests.

    Raises
    ------
    sim.engine.types.SubsetError
        If a rule is written in what the subset has no meaning for.
    """
    from sim.engine.writer import write_c

    for page in sorted(PACKAGE.rglob("*.py")):  # those that nobody has imported yet
        if "\n@entry\n" in page.read_text("utf-8"):
            parts = page.relative_to(PACKAGE.parent).with_suffix("").parts
            importlib.import_module(".".join(parts))
    ours = [entry for name, entry in sorted(ENTRIES.items()) if entry.__module__.startswith("sim.")]
    unit = write_c(ours, checked)
    bare = re.sub(r"/\*.*?\*/", "", unit.text, flags=re.S)
    code = hashlib.sha256(" ".join((bare, *WASM, *NATIVE)).encode()).hexdigest()[:16]
    made_of = {
        page.relative_to(PACKAGE).as_posix() for page in unit.sources if PACKAGE in page.parents
    }
    pages = sorted(made_of | set(OWN))
    constants = sorted(unit.constants)
    about = {
        "code": code,
        "pages": pages,
        "constants": constants,
        "sources": hash_of(pages, constants),
        "types": {name: told(kind) for name, kind in unit.types.items()},
        "entries": {
            name: {
                "parameters": {parameter: kind.c for parameter, kind in entry.parameters.items()},
                "result": None if entry.result is None else entry.result.c,
                "written": sorted(entry.written - ENTRIES[name].scratch),
                "scratch": sorted(ENTRIES[name].scratch),
            }
            for name, entry in unit.entries.items()
        },
    }
    return Written(unit.text, about, list(unit.lines))


def hash_of(pages: list[str], constants: list[tuple[str, str]]) -> str:
    """Return the hash of some pages, and of what some expressions come to in them [16 hex digits].

    Pages hold what the engine does; constants may come from others, and are looked at by value.
    """
    digest = hashlib.sha256()
    for page in pages:
        file = PACKAGE / page
        digest.update(page.encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n") if file.is_file() else b"gone")
    for module, expression in constants:
        try:
            value = eval(expression, dict(vars(importlib.import_module(module))))
        except (NameError, AttributeError, TypeError):
            value = "gone"
        digest.update(f"{module} {expression} {type(value).__name__} {value!r}\n".encode())
    return digest.hexdigest()[:16]


def is_true(about: dict[str, Any]) -> bool:
    """Return whether a module says what the rules say now."""
    return bool(
        about["sources"] == hash_of(about["pages"], [tuple(pair) for pair in about["constants"]])
    )


# --- The file ------------------------------------------------------------------------------


def leb(number: int) -> bytes:
    """Return a number as WebAssembly writes it: seven bits a byte."""
    encoded = bytearray()
    while True:
        byte, number = number & 127, number >> 7
        encoded.append(byte | (128 if number else 0))
        if not number:
            return bytes(encoded)


def with_section(wasm: bytes, about: dict[str, Any]) -> bytes:
    """Return a module that says this of itself."""
    name = SECTION.encode()
    content = leb(len(name)) + name + json.dumps(about, separators=(",", ":")).encode()
    return wasm + b"\x00" + leb(len(content)) + content


def said_anew(engine: Engine, about: dict[str, Any]) -> Engine:
    """Return a module of the same code that says something else of itself."""
    wasm = engine.wasm
    assert wasm is not None
    at = 8
    while at < len(wasm):
        kind, start = wasm[at], at
        size, at = number_at(wasm, at + 1)
        at += size
        if kind == 0 and SECTION.encode() in wasm[start : start + 32]:
            return read_engine(with_section(wasm[:start] + wasm[at:], about))
    raise ValueError("a module of WebAssembly that does not say what it was made of")


def shipped_engine() -> Engine | None:
    """Return the module that is shipped, None if there is none."""
    return read_engine(SHIPPED.read_bytes()) if SHIPPED.is_file() else None


def read_engine(wasm: bytes) -> Engine:
    """Return a module with what it says of itself.

    Raises
    ------
    ValueError
        If it says nothing.
    """
    at = 8
    while at < len(wasm):
        kind, at = wasm[at], at + 1
        size, at = number_at(wasm, at)
        end = at + size
        if kind == 0:
            length, start = number_at(wasm, at)
            if wasm[start : start + length] == SECTION.encode():
                return Engine(wasm, json.loads(wasm[start + length : end]))
        at = end
    raise ValueError("a module of WebAssembly that does not say what it was made of")


def number_at(wasm: bytes, at: int) -> tuple[int, int]:
    """Return a number as WebAssembly writes it, and where it ends."""
    number, shift = 0, 0
    while True:
        byte, at = wasm[at], at + 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


# --- Building -------------------------------------------------------------------------------


def run_compiler(command: list[str], text: str, suffix: str) -> bytes:
    """Return what a compiler makes of a page of C.

    Raises
    ------
    BuildError
        If it fails: with what it says.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "engine.c", Path(folder) / f"engine{suffix}"
        source.write_text(text, "utf-8")
        done = subprocess.run(
            [*command, "-o", target.name, source.name],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BuildError(f"{command[0]} failed:\n{done.stderr[-2000:]}")
        return target.read_bytes()


def has_zig() -> bool:
    """Return whether the compiler for WebAssembly is installed."""
    return find_spec("ziglang") is not None


def build_wasm(made: Written, *options: str) -> Engine:
    """Return the module of WebAssembly that a page of C becomes.

    Raises
    ------
    BuildError
        If the compiler is missing or fails.
    """
    if not has_zig():
        raise BuildError(NO_ZIG)
    wasm = run_compiler(
        [sys.executable, "-m", "ziglang", "cc", *WASM, *options], made.text, ".wasm"
    )
    return read_engine(with_section(wasm, made.about))


def c_compiler() -> str | None:
    """Return the C compiler of this machine, None without one; only Linux and macOS are supported."""
    if sys.platform not in ("linux", "darwin"):
        return None
    return shutil.which(os.environ.get("CC", "cc"))


def build_native(made: Written, *options: str) -> bytes:
    """Return the library that a page of C becomes on this machine, for its processor and no other.

    Raises
    ------
    BuildError
        If there is no C compiler, or it fails.
    """
    compiler = c_compiler()
    if compiler is None:
        raise BuildError(NO_CC)
    try:
        return run_compiler([compiler, *NATIVE, HERE, *options], made.text, ".so")
    except BuildError:  # of a compiler that does not know this processor
        return run_compiler([compiler, *NATIVE, *options], made.text, ".so")


@lru_cache(maxsize=1)
def processor() -> str:
    """Return a short hash of what this processor can do, as far as the system tells [8 hex digits]."""
    able = {platform.machine(), platform.processor()}
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith(("flags", "Features", "model name", "CPU part")):
                able.add(line)
    except OSError:
        pass
    return hashlib.sha256("\n".join(sorted(able)).encode()).hexdigest()[:8]


# --- What is kept for this user -----------------------------------------------------------------


@lru_cache(maxsize=1)
def cache_folder() -> Path | None:
    """Return the folder in which this user's engines are kept, None if nothing can be written there."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "ai-adoption" / "engine"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return None


def keep(name: str, content: bytes, newest: int = 8) -> Path | None:
    """Keep a file for later, whole or not at all, and of all only the newest few."""
    folder = cache_folder()
    if folder is None:
        return None
    with whole(folder / name) as draft:
        draft.write_bytes(content)
    others = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in others[newest:]:
        old.unlink(missing_ok=True)
    return folder / name


def kept(name: str) -> Path | None:
    """Return a file that was kept, None if it is not there."""
    folder = cache_folder()
    file = None if folder is None else folder / name
    return file if file is not None and file.is_file() else None
