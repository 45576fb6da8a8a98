"""Which host runs the engine: WebAssembly as it is shipped, native code where it was built, or Python.

``ADOPT_ENGINE`` chooses: ``wasm``, ``native`` or ``python``. Without it, native code is taken where it
has been built before, else WebAssembly. Whichever it is, it runs the rules as they are now, never
older ones (:func:`current_engine`), and gives the same bits.
"""

from __future__ import annotations

import os
import platform
import tempfile
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from sim.engine import module
from sim.engine.entries import Entry
from sim.engine.hosts import MAKING, Native, Wasm
from sim.engine.kinds import Spent
from sim.errors import AdoptionError

NAMES: Final = ("wasm", "native", "python")
VARIABLE: Final = "ADOPT_ENGINE"

LARGE: Final = 300_000_000
"""Work from which native code is built first, where it can be [people x months]."""


class Host(Protocol):
    """Runs entries."""

    name: str

    def call(self, entry: Entry, values: tuple[Any, ...]) -> Any:
        """Return what an entry makes of some values; arrays it writes into are changed."""


class Plain:
    """The rules as they are, in Python: hundreds of times slower, to step through, the same bits."""

    name = "python"

    def call(self, entry: Entry, values: tuple[Any, ...]) -> Any:
        """Return what an entry makes of some values; arrays it writes into are changed."""
        lent = [
            value.copy() if name in entry.scratch and not isinstance(value, Spent) else value
            for name, value in zip(entry.parameters, values, strict=True)
        ]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return entry.plain(*map(with_attributes, lent))


def with_attributes(given: Any) -> Any:
    """Return a table whose rows have their columns as attributes, as they have in the engine."""
    table = isinstance(given, np.ndarray) and given.dtype.names is not None
    return given.view(np.recarray) if table else given


class Chosen:
    """An engine on its host."""

    def __init__(self, name: str, engine: module.Engine, host: Any) -> None:
        self.name, self.engine, self._host = name, engine, host

    def call(self, entry: Entry, values: tuple[Any, ...]) -> Any:
        """Return what an entry makes of some values; arrays it writes into are changed."""
        return self._host.call(self.engine.signatures[entry.name], values)


_instead: list[Host] = []


def host() -> Host:
    """Return the host in use."""
    with MAKING:
        return _instead[-1] if _instead else _host(asked())


def use(instead: Host | None) -> None:
    """Let another host run the engine, for comparisons; None for the usual one."""
    _instead[:] = [] if instead is None else [instead]


def by(name: str) -> Host:
    """Return the engine on one host, for comparisons; native code made for this is not kept.

    Raises
    ------
    sim.engine.module.BuildError
        If this host cannot be had on this machine: with how to get it.
    """
    with MAKING:
        if name != "native" or module.kept(native_name(current_engine().code)) is not None:
            return _host(name)
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder) / "engine.so"
            library.write_bytes(module.build_native(module.written()))
            return Chosen(name, current_engine(), Native(library))


def described() -> str:
    """Return which host runs the engine, and the hash of what it runs: ``wasm 1b330fa302e7e753``."""
    used = host()
    return used.name if isinstance(used, Plain) else f"{used.name} {current_engine().code}"


def asked() -> str | None:
    """Return which host is asked for, None if it is left to the machine.

    Raises
    ------
    AdoptionError
        If there is no such host.
    """
    name = os.environ.get(VARIABLE) or None
    if name is not None and name not in NAMES:
        raise AdoptionError(f"{VARIABLE}: {name} is no engine; there are {', '.join(NAMES)}")
    return name


@lru_cache(maxsize=4)
def _host(name: str | None) -> Host:
    if name == "python":
        return Plain()
    engine = current_engine()
    if name != "native" and engine.wasm is None and module.c_compiler() is None:
        return Plain()
    there = module.kept(native_name(engine.code)) is not None
    if name == "native" or (name is None and (there or engine.wasm is None)):
        return native(engine)
    if engine.wasm is None:
        raise module.BuildError(f"{VARIABLE}: {name}: {module.NO_ZIG}")
    return Chosen("wasm", engine, Wasm(engine.wasm))


def forget() -> None:
    """Look anew which host runs the engine, as after it was built."""
    _host.cache_clear()
    current_engine.cache_clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)  # instances are of the process that made them


@lru_cache(maxsize=1)
def current_engine() -> module.Engine:
    """Return the engine of the rules as they are now, without WebAssembly where it cannot be made.

    The one shipped if it says what they say; else one kept from an earlier time, else one built now.
    Without a compiler a warning says how to get one, and the rules run as they are, in Python.
    """
    shipped = module.shipped_engine()
    if shipped is not None and module.is_true(shipped.about):
        return shipped
    made = module.written()
    if shipped is not None and shipped.code == made.about["code"]:  # other words, the same rules
        return module.Engine(shipped.wasm, made.about)
    name = f"{made.about['code']}.wasm"
    before = module.kept(name)
    if before is not None:
        return module.Engine(before.read_bytes(), made.about)
    if module.has_zig():
        built = module.build_wasm(made)
        assert built.wasm is not None
        module.keep(name, built.wasm)
        return built
    if module.c_compiler() is None:
        warnings.warn(
            f"The rules are not those of {module.SHIPPED.name}, and there is {module.NO_ZIG}. Until then "
            "they run in Python, hundreds of times slower, with the same results.",
            stacklevel=2,
        )
    return module.Engine(None, made.about)


# --- Native ---------------------------------------------------------------------------------


def native_name(code: str) -> str:
    """Return what the native engine of some C is called on this machine: on another it may not run."""
    return f"{code}-{platform.system().lower()}-{platform.machine()}-{module.processor()}.so"


def native(engine: module.Engine) -> Host:
    """Return the native engine of these rules, built if it has not been.

    Raises
    ------
    sim.engine.module.BuildError
        If there is no C compiler, it fails, or there is no place to keep what it makes.
    """
    name = native_name(engine.code)
    path = module.kept(name) or module.keep(name, module.build_native(module.written()))
    if path is None:
        raise module.BuildError("no folder to keep native code in: set XDG_CACHE_HOME to one")
    return Chosen("native", engine, Native(path))


def expect(work: int) -> None:
    """Build native code before much work, where that is possible and nothing else was asked for.

    Parameters
    ----------
    work
        People x months about to be simulated.
    """
    if work < LARGE or asked() is not None or host().name != "wasm" or module.c_compiler() is None:
        return
    try:
        native(current_engine())
    except (module.BuildError, OSError):
        return
    forget()
