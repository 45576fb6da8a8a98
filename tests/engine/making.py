"""Functions of the subset, run by every host there is on this machine."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from sim.engine import hosts, module
from sim.engine.marks import Entered
from sim.engine.running import Plain
from sim.engine.writer import Unit, write_c

HEAD = """
import math

import numpy as np

from sim.engine import entry, rule
from sim.engine.kinds import *
from sim.engine.meanings import nearest, order_of, put, scaled, sum_of
from typing import NamedTuple

class Pair(NamedTuple):
    first: float
    second: float

"""


def page(folder: Path, text: str, name: str = "page") -> ModuleType:
    """Return a page of Python with this text, imported from a file of its own."""
    file = folder / f"{name}.py"
    file.write_text(HEAD + text, "utf-8")
    spec = importlib.util.spec_from_file_location(f"{name}_{abs(hash(str(folder)))}", file)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


def signatures(unit: Unit) -> dict[str, module.Signature]:
    """Return the entries of a page of C as hosts see them."""
    return {
        name: module.Signature(name, one.parameters, one.result, one.written, frozenset())
        for name, one in unit.entries.items()
    }


def ways(function: Any, folder: Path, checked: bool = False) -> dict[str, Callable[..., Any]]:
    """Return how a function runs: in Python, and as C by every compiler of this machine."""
    assert isinstance(function, Entered)
    unit = write_c([function], checked)
    (signature,) = signatures(unit).values()
    found: dict[str, Callable[..., Any]] = {
        "python": lambda *values: Plain().call(function, values)
    }
    if module.c_compiler() is not None and not checked:  # native code that is checked just ends
        library = folder / f"{signature.name}-{len(unit.text)}.so"
        command = [
            module.c_compiler() or "",
            *module.NATIVE,
            "-Wall",
            "-Werror",
            "-Wno-unused-function",
        ]
        library.write_bytes(module.run_compiler(command, unit.text, ".so"))
        native = hosts.Native(library)
        found["native"] = lambda *values: native.call(signature, values)
    if module.has_zig():
        command = [sys.executable, "-m", "ziglang", "cc", *module.WASM]
        wasm = hosts.Wasm(module.run_compiler(command, unit.text, ".wasm"), list(unit.lines))
        found["wasm"] = lambda *values: wasm.call(signature, values)
    return found


def same(one: Any, other: Any) -> bool:
    """Return whether two values have the same bits; one not-a-number is like another."""
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if one is None or other is None:
        return one is other
    first, second = np.asarray(one), np.asarray(other)
    if first.dtype.names:
        return all(same(first[name], second[name]) for name in first.dtype.names)
    if first.dtype.kind == "f":
        unknown = np.isnan(first)
        return (
            first.shape == second.shape
            and bool(np.array_equal(unknown, np.isnan(second)))
            and np.where(unknown, 0.0, first).tobytes() == np.where(unknown, 0.0, second).tobytes()
        )
    return bool(np.array_equal(first, second))
