"""Values as JSON, arrays as base64: how Python hands what it prepared to ``host.js``."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np

from sim.engine.hosts import laid_out
from sim.engine.types import REAL, TRUTH, Arrays, Scalar, Tuples, Type


def packed(kind: Type, value: Any) -> Any:
    """Return a value as JSON can hold it: ``AdoptionEngine.unpack`` reads it.

    Numbers that JSON has no words for are texts, which JavaScript reads as those numbers.

    Examples
    --------
    >>> packed(REAL, 0.5), packed(REAL, float("inf"))
    (0.5, 'Infinity')
    >>> packed(Arrays("i4", 1), np.arange(2, dtype="i4"))
    {'base64': 'AAAAAAEAAAA=', 'shape': [2]}
    """
    if isinstance(kind, Tuples):
        return {
            name: packed(field, part)
            for (name, field), part in zip(kind.fields, value, strict=True)
        }
    if isinstance(kind, Arrays):
        array = laid_out(kind, value)
        return {"base64": base64.b64encode(array.tobytes()).decode(), "shape": list(array.shape)}
    if kind is REAL:
        number = float(value)
        if math.isnan(number):
            return "NaN"
        return number if math.isfinite(number) else "-Infinity" if number < 0.0 else "Infinity"
    if kind is TRUTH:
        return bool(value)
    return int(value) if abs(int(value)) < 1 << 53 else str(int(value))


def unpacked(kind: Type, stored: Any) -> Any:
    """Return a value from JSON: what :func:`packed` made, or the same made by JavaScript.

    Examples
    --------
    >>> unpacked(REAL, packed(REAL, -0.0)), unpacked(REAL, "Infinity")
    (-0.0, inf)
    """
    if isinstance(kind, Tuples):
        return tuple(unpacked(field, stored[name]) for name, field in kind.fields)
    if isinstance(kind, Arrays):
        flat = np.frombuffer(base64.b64decode(stored["base64"]), kind.dtype)
        return flat.reshape(stored["shape"]).copy()
    assert isinstance(kind, Scalar)
    return float(stored) if kind is REAL else bool(stored) if kind is TRUTH else int(stored)
