"""Where the engine runs: WebAssembly in this process, or native code; values on their way there and back."""

from __future__ import annotations

import ctypes
import math
import mmap
import os
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.engine.kinds import Array
from sim.engine.module import Signature
from sim.engine.types import REAL, Arrays, Scalar, Tuples, Type, places
from sim.errors import AdoptionError

PILE: Final = 1 << 36
"""Addresses a native run may take memory from [byte]; only what is used becomes memory."""

MUCH: Final = 1 << 28
"""Memory above which it is given back after a call [byte]."""


APART: Final = 16
"""Arrays begin at multiples of this [byte]."""


MAKING: Final = threading.RLock()
"""Held while an engine is made, and while this process forks: a child could wait for ever on half of one."""

if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=MAKING.acquire, after_in_parent=MAKING.release, after_in_child=MAKING.release
    )


class EngineError(AdoptionError):
    """A run that could not go on: memory ended, or an index lay outside its array."""


def leaves(kind: Type, value: Any) -> Iterator[tuple[Scalar | Arrays, Any]]:
    """Return the numbers and arrays in a value, in the order in which they cross."""
    if isinstance(kind, Tuples):
        if len(value) != len(kind.fields):
            raise TypeError(f"{len(value)} values for the {len(kind.fields)} of {kind.name}")
        for part_kind, part in zip(kind.types, value, strict=True):
            yield from leaves(part_kind, part)
    else:
        assert isinstance(kind, (Scalar, Arrays))
        yield kind, value


def laid_out(kind: Arrays, value: Any) -> Array:
    """Return an array as the engine reads it: of its type, without gaps."""
    array = np.asarray(value)
    if array.dtype != kind.dtype or array.ndim != kind.dimensions:
        raise TypeError(
            f"an array of {kind.dtype} in {kind.dimensions} dimensions is needed, "
            f"{array.dtype} in {array.ndim} was given"
        )
    return np.ascontiguousarray(array)


def as_places(kind: Scalar, value: Any) -> int:
    """Return a number as the 64 bits it crosses as."""
    if kind is REAL:
        bits: int = struct.unpack("<q", struct.pack("<d", float(value)))[0]
        return bits
    return int(value)


def back(kind: Type, slots: list[int], at: int, copy: Callable[[int, int], bytes]) -> Any:
    """Return a value as it came back in places from ``at`` on."""
    if isinstance(kind, Tuples):
        parts = []
        for part in kind.types:
            parts.append(back(part, slots, at, copy))
            at += places(part)
        return tuple(parts)
    if isinstance(kind, Arrays):
        extents = slots[at + 1 : at + 1 + kind.dimensions]
        size = math.prod(extents) * kind.dtype.itemsize
        flat = np.frombuffer(copy(slots[at], size), kind.dtype) if size else np.empty(0, kind.dtype)
        return flat.reshape(extents).copy()
    if kind is REAL:
        return struct.unpack("<d", struct.pack("<q", slots[at]))[0]
    return slots[at]


def address(array: Array) -> int:
    """Return where an array begins."""
    return int(array.__array_interface__["data"][0])


class Pool:
    """Things one call at a time can use, made when all others are in use."""

    def __init__(self, make: Callable[[], Any], fit: Callable[[Any], bool]) -> None:
        self._make, self._fit = make, fit
        self._free: list[Any] = []

    @contextmanager
    def one(self) -> Iterator[Any]:
        """Lend one of them; what failed, or has grown too large, is not used again."""
        try:
            lent = self._free.pop()
        except IndexError:
            with MAKING:
                lent = self._make()
        yield lent
        if self._fit(lent):
            self._free.append(lent)


class Wasm:
    """The engine as WebAssembly, run by wasmtime: the same bits on every machine."""

    def __init__(self, module: bytes, lines: list[str] | None = None) -> None:
        import wasmtime

        config = wasmtime.Config()
        config.parallel_compilation = (
            False  # a child of a process that compiled would wait for ever
        )
        self._wasmtime, self._lines = wasmtime, lines or []
        self._engine = wasmtime.Engine(config)
        self._module = wasmtime.Module(self._engine, module)
        self._pool = Pool(self._instance, lambda instance: instance[2].data_len(instance[0]) < MUCH)

    def _instance(self) -> Any:
        store = self._wasmtime.Store(self._engine)
        linker = self._wasmtime.Linker(self._engine)
        if self._lines:
            whole = self._wasmtime.ValType.i64()
            linker.define_func(
                "host", "outside", self._wasmtime.FuncType([whole] * 3, []), self._outside
            )
        exports = linker.instantiate(store, self._module).exports(store)
        return store, exports, exports["memory"]

    def _outside(self, i: int, n: int, place: int) -> None:
        raise EngineError(f"{self._lines[place]}: place {i} of an array of {n}")

    def call(self, entry: Signature, values: tuple[Any, ...]) -> Any:
        """Return what an entry makes of some values; arrays it writes into are changed."""
        with self._pool.one() as (store, exports, memory):
            try:
                return self._run(entry, values, store, exports, memory)
            except self._wasmtime.Trap as error:
                raise EngineError(f"{entry.name}: {error}") from None

    def _run(
        self, entry: Signature, values: tuple[Any, ...], store: Any, exports: Any, memory: Any
    ) -> Any:
        slots: list[int] = []
        moved: list[tuple[int, Array, Array, bool]] = []
        size, begin = 0, []  # where each array lies, from a place that is not known yet
        for (name, kind), value in zip(entry.parameters.items(), values, strict=True):
            for leaf, part in leaves(kind, value):
                if isinstance(leaf, Scalar):
                    slots.append(as_places(leaf, part))
                    continue
                array = laid_out(leaf, part)
                begin.append(len(slots))
                moved.append((size, array, part, name in entry.written))
                slots += [size, *array.shape]
                size += -(-array.nbytes // APART) * APART
        width = max(len(slots), places(entry.result))
        exports["start"](store)
        first = exports["take"](store, size + 8 * width)  # one call: each is dear
        at = first + size
        for place in begin:
            slots[place] += first
        moved = [(first + where, *rest) for where, *rest in moved]
        ground = ctypes.addressof(memory.data_ptr(store).contents)
        for where, array, _, _ in moved:
            ctypes.memmove(ground + where, address(array), array.nbytes)
        crossing = np.array(slots + [0] * (width - len(slots)), np.int64)
        ctypes.memmove(ground + at, address(crossing), crossing.nbytes)
        exports[entry.name](store, at)
        ground = ctypes.addressof(memory.data_ptr(store).contents)
        for where, array, given, written in moved:
            if written:
                ctypes.memmove(address(array), ground + where, array.nbytes)
                if array is not given:
                    np.copyto(given, array)
        ctypes.memmove(address(crossing), ground + at, crossing.nbytes)
        if entry.result is None:
            return None
        return back(
            entry.result, crossing.tolist(), 0, lambda at, size: ctypes.string_at(ground + at, size)
        )


def pile() -> mmap.mmap:
    """Return addresses for a native run to take memory from."""
    unreserved = getattr(mmap, "MAP_NORESERVE", 0x4000 if sys.platform == "linux" else 0)
    return mmap.mmap(-1, PILE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | unreserved)


class Native:
    """The engine as code of this machine, made by its C compiler: the same bits, faster."""

    def __init__(self, library: Path) -> None:
        self._library = ctypes.CDLL(str(library))
        self._library.used.restype = ctypes.c_int64
        self._pool = Pool(pile, self._given_back)

    def _given_back(self, lent: mmap.mmap) -> bool:
        """Give memory of a pile back to the machine if much of it was used."""
        used = int(self._library.used())
        if used > MUCH:
            lent.madvise(mmap.MADV_DONTNEED, 0, -(-used // mmap.PAGESIZE) * mmap.PAGESIZE)
        return True

    def call(self, entry: Signature, values: tuple[Any, ...]) -> Any:
        """Return what an entry makes of some values; arrays it writes into are changed."""
        slots: list[int] = []
        moved: list[tuple[Array, Array, bool]] = []
        for (name, kind), value in zip(entry.parameters.items(), values, strict=True):
            for leaf, part in leaves(kind, value):
                if isinstance(leaf, Scalar):
                    slots.append(as_places(leaf, part))
                    continue
                array = laid_out(leaf, part)
                if name in entry.scratch and array is part:  # which what is Spent is not
                    array = array.copy()
                moved.append((array, part, name in entry.written))
                slots += [address(array), *array.shape]
        width = max(len(slots), places(entry.result))
        crossing = np.array(slots + [0] * (width - len(slots)), np.int64)
        with self._pool.one() as lent:
            ground = ctypes.addressof(ctypes.c_char.from_buffer(lent))
            self._library.start(ctypes.c_void_p(ground))
            getattr(self._library, f"enter_{entry.name}")(ctypes.c_void_p(address(crossing)))
            for array, given, written in moved:
                if written and array is not given:
                    np.copyto(given, array)
            if entry.result is None:
                return None
            return back(entry.result, crossing.tolist(), 0, ctypes.string_at)
