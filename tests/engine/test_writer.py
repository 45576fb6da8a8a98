"""What is written as C means what it means in Python: every construct, by every compiler there is."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from making import page, same, ways

from sim.engine import module
from sim.engine.types import SubsetError
from sim.engine.writer import write_c

needs_a_compiler = pytest.mark.skipif(
    module.c_compiler() is None and not module.has_zig(), reason="no C compiler on this machine"
)
pytestmark = needs_a_compiler

REAL = st.floats(-1e6, 1e6) | st.sampled_from([0.0, -0.0, 1.0, float("inf"), float("nan")])
WHOLE = st.integers(-(2**31), 2**31)

CONSTRUCTS = {
    "chains": """
@entry
def f(x: float, y: float, k: int) -> float:
    if x < y <= 1.0 or not 0 <= k < 5:
        return x - y
    elif k == 3 and x != y:
        return x * y
    else:
        return -x if k > 1 else y / 4.0
""",
    "floor": """
@entry
def f(x: float, y: float, k: int) -> int:
    return (k // 7) * 1000 + k % 7 + (-k) // 3 + (k & 12) + (k ^ 5) + (~k) + (k >> 3) + (3 << (k & 7))
""",
    "least": """
@entry
def f(x: float, y: float, k: int) -> float:
    return min(x, y) + max(y, 0.0) + max(k, 3) + abs(k) + abs(y) + float(k > 2) + min(k, 1.5)
""",
    "rows and tuples": """
@entry
def f(x: float, y: float, k: int) -> float:
    row = np.zeros(2)
    pair = Pair(x, y)
    put(row, pair)
    again = Pair(*row)
    return row[0] - 2.0 * row[1] + again.first + k * again.second
""",
    "loops": """
@entry
def f(x: float, y: float, k: int) -> float:
    total, last = 0.0, 0
    for i in range(10, -3, -4):
        for j in range(i):
            if j == 6:
                break
            if j % 2 == 1:
                continue
            total += x * j
        last = i
    while last < 5:
        last += 2
    for here in (True, False, True):
        total = total + 1.0 if here else total * 2.0
    for step in range(0, 20, last):
        total += step
    return total + last + i + j
""",
    "arrays": """
@rule
def pairs(size: int, x: float) -> tuple[Array, Array]:
    unused = np.empty(1000)
    first, second = np.zeros((size, 3)), np.full(size, 7)
    for i in range(size):
        unused[i] = x
        first[i, 1] = unused[i] * i
        first[i, -1] = i
        second[i] -= i
    return first, second[1 : size - 1]

@entry
def f(x: float, y: float, k: int) -> F8:
    first, second = pairs(8, x)
    row = first[2]
    row[0] = y
    part = first[3, 1:]
    found = np.empty(first.shape[0] + second.size)
    for i in range(found.size):
        found[i] = first[i, 1] if i < 8 else second[i - 8]
    found[0], found[1] = found[1], found[0]
    found[2] = row.size + part[0] + part.size + first[2, 0]
    copy = found.copy()
    for value in copy[4:]:
        found[3] += value
    return found
""",
    "tuples": """
class Pair(NamedTuple):
    first: float
    inside: F8
    count: int

@rule
def made(x: float, k: int) -> Pair:
    return Pair(x, np.full(3, x * 0.5), k)

@rule
def add(pair: Pair, by: float = 2.0) -> None:
    pair.inside[1] += by

@entry
def f(x: float, y: float, k: int) -> tuple[float, float, int]:
    pair = made(x, 4)
    add(pair)
    add(pair, by=y)
    first, inside, count = pair
    a, b = (inside[1], pair[0])
    a, b = b, a
    return a + first, b + pair.inside[2], count
""",
    "words": """
MASKS = (0xFFFFFFFF, 0x52511F53)
LISTED = (3, 1, 4, 1)

@entry
def f(x: float, y: float, k: int) -> int:
    mask, many = MASKS
    word = (k & mask) * many
    return (word >> 32 ^ word) & mask + LISTED[k & 3]
""",
    "names": """
@entry
def f(x: float, y: float, k: int) -> float:
    long, top, mark, t1 = x, y, 2.0, 3.0
    double = np.empty(3)
    double[0], double[1], double[2] = long, top, mark
    found = double[0] + double[1] * t1
    return found
""",
    "orders": """
@entry
def f(x: float, y: float, k: int) -> I8:
    values = np.empty(9)
    for i in range(9):
        values[i] = (i * 4) % 5
    values[3] = 2.5
    return order_of(values)
""",
    "sums": """
@entry
def f(x: float, y: float, k: int) -> tuple[float, float, float]:
    values = np.full((2, 4), 1e-3)
    for i in range(4):
        if -1e6 < x < 1e6 and -1e6 < y < 1e6:
            values[0, i] = x * (i + 1) if i % 2 == 0 else -x
            values[1, i] = y / (3.0 + i) - x
    tiny = np.full(5, 2.0**-53)
    tiny[0], tiny[4] = 1.0, scaled(1.0, -100 - (k & 7))
    return sum_of(values[0]), sum_of(values[1]), sum_of(tiny)
""",
    "whole": """
@entry
def f(x: float, y: float, k: int) -> float:
    a = 0.0
    if -1e6 < x < 1e6:
        a = int(x) + math.floor(x) + math.sqrt(abs(x)) + scaled(x, -3) + nearest(x)
    return a
""",
}


@pytest.fixture(scope="module", params=CONSTRUCTS)
def construct(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Callable[..., Any]]]:
    folder = tmp_path_factory.mktemp(request.param)
    yield ways(page(folder, CONSTRUCTS[request.param]).f, folder)


@given(x=REAL, y=REAL, k=WHOLE)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_way_gives_the_same_bits(
    construct: dict[str, Callable[..., Any]], x: float, y: float, k: int
) -> None:
    meant = construct["python"](x, y, k)
    for name, run in construct.items():
        assert same(meant, run(x, y, k)), name


def test_rows_of_tables_are_where_they_stand(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        """
from sim.engine.kinds import Of
from sim.parameters import RECORD
from sim.state import PEOPLE, Staff
from typing import Annotated

@rule
def learn(me, by: float) -> None:
    me.skill += by
    me.uses = 1

@entry
def f(people: Staff, by: float) -> float:
    total = 0.0
    for i in range(len(people)):
        me = people[i]
        learn(me, by * i)
        total += people[i]["skill"] + me.department
    people[0] = people[2]
    return total
""",
    )
    from sim.state import PEOPLE

    for name, run in ways(made.f, tmp_path).items():
        people = np.zeros(4, PEOPLE)
        people["department"] = [1, 2, 3, 4]
        assert run(people, 0.25) == 0.25 * 6 + 10, name
        assert people["skill"].tolist() == [0.5, 0.25, 0.5, 0.75], name
        assert people["uses"].tolist() == [1, 1, 1, 1], name
        assert people["department"].tolist() == [3, 2, 3, 4], name


def test_only_what_is_written_into_comes_back(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        """
@entry
def f(given: F8, kept: F8) -> None:
    mine = given.copy()
    for i in range(given.size):
        mine[i] += 1.0
        kept[i] = mine[i]
""",
    )
    (entry,) = write_c([made.f]).entries.values()
    assert entry.written == {"kept"}
    for run in ways(made.f, tmp_path).values():
        given, kept = np.arange(3.0), np.zeros((3, 2))[:, 0]  # not without gaps
        run(given, kept)
        assert given.tolist() == [0.0, 1.0, 2.0]
        assert kept.tolist() == [1.0, 2.0, 3.0]


def test_what_a_caller_lent_may_come_back_from_wherever_it_stands(tmp_path: Path) -> None:
    """Arrays of a caller lie below the engine's memory or above it; some of each are tried."""
    made = page(
        tmp_path,
        """
class Both(NamedTuple):
    given: F8
    double: F8

@rule
def with_double(given: Array) -> Both:
    lost = np.full(50, 1.0)
    return Both(given, np.full(given.size, 2.0 * given[0] * lost[3]))

@entry
def f(given: F8) -> Both:
    return with_double(given)
""",
    )
    for name, run in ways(made.f, tmp_path).items():
        for size in (1, 7, 3_000, 20_000, 200_000):
            given = np.arange(size) + 0.5
            run(given)  # its memory exists from the first call on, what is made now lies elsewhere
            for one in (given, given + 1.0):
                back, double = run(one)
                assert same(back, one), name
                assert same(double, np.full(size, 2.0 * one[0])), name


@pytest.fixture(scope="module")
def sums(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Callable[..., Any]]:
    folder = tmp_path_factory.mktemp("sums")
    made = page(folder, "@entry\ndef f(values: F8) -> float:\n    return sum_of(values)\n")
    return ways(made.f, folder)


def test_two_types_of_one_name_are_refused(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        """
from sim.state import PEOPLE
from typing import Annotated

class People(NamedTuple):
    rows: Annotated[Array, Of(PEOPLE)]

@entry
def f(people: People) -> float:
    return people.rows[0]["skill"]
""",
    )
    with pytest.raises(SubsetError, match="two types of one name: People"):
        write_c([made.f])


@pytest.mark.skipif(module.c_compiler() is None, reason="no C compiler here")
def test_a_function_leaves_no_more_memory_in_use_than_what_it_returns(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        """
@rule
def some(x: float) -> Array:
    lost = np.full(500, x)
    return lost[100:110].copy()

@entry
def f(times: int) -> float:
    total = 0.0
    for k in range(times):
        total += some(1.0)[0]
    return total
""",
    )
    run = ways(made.f, tmp_path)["native"]
    (library,) = tmp_path.glob("*.so")
    used = ctypes.CDLL(str(library)).used
    assert run(1) == 1.0
    once = used()
    assert run(1001) == 1001.0
    assert used() - once == 1000 * 10 * 8  # ten numbers each


def test_a_checked_engine_names_the_line_of_an_index_outside(tmp_path: Path) -> None:
    made = page(
        tmp_path,
        """
@entry
def f(a: F8, i: int) -> float:
    b = a[0]
    return b + a[i]
""",
    )
    from sim.engine.hosts import EngineError

    for name, run in ways(made.f, tmp_path, checked=True).items():
        assert run(np.arange(4.0), 3) == 3.0
        if name != "python":
            with pytest.raises(
                EngineError, match=r"page\.py:\d+: a\[i\].*place 4 of an array of 4"
            ):
                run(np.arange(4.0), 4)
            assert run(np.arange(4.0), 1) == 1.0


def test_a_number_beyond_64_bits_stops_the_run(tmp_path: Path) -> None:
    from sim.engine.hosts import EngineError

    if not module.has_zig():
        pytest.skip("a native engine ends with its process")
    made = page(tmp_path, "@entry\ndef f(x: float) -> int:\n    return int(x)\n")
    run = ways(made.f, tmp_path)["wasm"]
    assert run(-7.9) == -7
    for wrong in (1e19, float("nan"), -float("inf")):
        with pytest.raises(EngineError):
            run(wrong)
    assert run(2.5) == 2
