"""Functions and chance give the same bits in Python, as WebAssembly and as native code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from making import page, same, ways

from sim.engine import module

pytestmark = pytest.mark.skipif(
    module.c_compiler() is None and not module.has_zig(), reason="no C compiler on this machine"
)

PAGE = """
from sim import draws
from sim.elementary import cosine, exp, log, power

@entry
def numbers(function: int, arguments: F8) -> F8:
    found = np.empty(arguments.size)
    for k in range(arguments.size):
        x = arguments[k]
        if function == 0:
            found[k] = exp(x)
        elif function == 1:
            found[k] = log(x)
        elif function == 2:
            found[k] = cosine(x)
        else:
            found[k] = power(x, 0.37)
    return found

@entry
def luck(names: I8_2) -> F8_2:
    found = np.empty((names.shape[0], 6))
    for k in range(names.shape[0]):
        a, b, c, d, e, f = names[k]
        w0, w1, w2, w3 = draws.block(a, b, c, d, e, index=f)
        found[k, 0], found[k, 1], found[k, 2], found[k, 3] = w0, w1, w2, w3
        found[k, 4] = draws.uniform(a, b, c, d, f, other=e)
        found[k, 5] = draws.normal(draws.unit(w0), draws.unit(w1))
    return found
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Callable[..., Any]]]:
    folder = tmp_path_factory.mktemp("numbers")
    one = page(folder, PAGE)
    return {name: ways(getattr(one, name), folder) for name in ("numbers", "luck")}


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [(0, -710.0, 711.0), (0, -1.0, 1.0), (1, 1e-9, 3.0), (2, 0.0, 1.0), (3, 0.0, 2.0)],
    ids=["exp, all", "exp, small", "log", "cosine", "power"],
)
def test_functions_have_the_same_bits_everywhere(
    made: dict[str, dict[str, Callable[..., Any]]], function: int, low: float, high: float
) -> None:
    arguments = np.random.default_rng(1).uniform(low, high, 100_000)
    meant = made["numbers"]["python"](function, arguments)
    for name, run in made["numbers"].items():
        assert same(meant, run(function, arguments)), name


def test_logarithms_have_the_same_bits_at_any_size(
    made: dict[str, dict[str, Callable[..., Any]]],
) -> None:
    arguments = 2.0 ** np.random.default_rng(2).uniform(-1022.0, 1023.0, 20_000)
    meant = made["numbers"]["python"](1, arguments)
    assert all(same(meant, run(1, arguments)) for run in made["numbers"].values())
