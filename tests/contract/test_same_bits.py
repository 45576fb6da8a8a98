"""What turns a scenario into KPIs gives the same bits on every machine.

IEEE 754 gives sums, differences, products, quotients, square roots, whole parts and scaling by powers
of two one right answer each. What a library adds to that differs in its last bits: exponentials and
powers from one platform to the next, sums of many numbers by the width of a register, sorting of
equal numbers by the processor. So every page between a scenario and its KPIs is read here, and
whatever it uses of ``math``, ``numpy`` or the like has to be on a list, with the reason why it
may be.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import pytest

import sim

PACKAGE: Final = Path(sim.__file__).parent

ROOTS: Final = ("sim.study.experiments", "sim.simulator", "sim.mesa_model")
"""What is asked for KPIs. The pages on the way are these and all that they import, at any depth."""

LIBRARIES: Final = ("math", "numpy", "scipy", "statistics", "cmath", "random")

ALLOWED: Final = {
    "names a kind of number or a constant": """
        math.inf numpy.bool_ numpy.dtype numpy.float32 numpy.generic numpy.iinfo numpy.inf
        numpy.int8 numpy.integer numpy.int16 numpy.int32 numpy.int64 numpy.nan numpy.ndarray numpy.recarray numpy.uint8
        numpy.uint32 numpy.void numpy.typing.ArrayLike""",
    "has one right answer by IEEE 754": """
        math.ceil math.copysign math.floor math.ldexp math.prod math.sqrt numpy.ceil numpy.divide numpy.floor
        numpy.rint numpy.round""",
    "rounds once, after adding exactly": "math.fsum",
    "takes half the sum of the two in the middle": "numpy.median",
    "makes one number after the other, in the order given": """
        numpy.add.at numpy.bincount numpy.cumsum numpy.diff""",
    "makes an array of numbers that are given": """
        numpy.arange numpy.array numpy.asarray numpy.empty numpy.eye numpy.full numpy.full_like
        numpy.ones numpy.ones_like numpy.zeros numpy.zeros_like""",
    "rearranges numbers and changes none": """
        numpy.ascontiguousarray numpy.broadcast_arrays numpy.broadcast_to numpy.concatenate
        numpy.copyto numpy.frombuffer numpy.hstack numpy.moveaxis
        numpy.ravel numpy.repeat numpy.split numpy.stack numpy.tile numpy.trim_zeros numpy.where""",
    "compares, chooses or counts": """
        math.isinf math.isnan numpy.any numpy.argmax numpy.argmin numpy.clip numpy.count_nonzero
        numpy.flatnonzero numpy.isfinite numpy.isin numpy.isnan numpy.lexsort numpy.maximum
        numpy.maximum.at numpy.minimum numpy.ndim numpy.searchsorted numpy.unique""",
    "sorts; equal numbers stay in their order, or the test below says so": "numpy.argsort",
    "says what is no warning": "numpy.errstate",
    "scrambles whole numbers": """
        numpy.random.BitGenerator numpy.random.Generator numpy.random.SeedSequence""",
}  # fmt: skip
"""What may be used, by the reason why."""

WHOLE: Final = {
    "sim.engine.types.places": "places",
    "sim.study.experiments._runs_of": "runs",
    "sim.study.experiments.compare": "people, months and bytes",
    "sim.scenario.library.own_threats": "bits",
    "sim.scenario.imports.viva.segment": "weeks",
    "sim.scenario.imports.workbook.sheet_of": "bytes",
    "sim.people.population._team_count": "people",
    "sim.people.population.chart": "people",
    "sim.people.population.split": "people",
    "sim.privacy._merged": "groups",
    "sim.privacy._own": "people",
    "sim.privacy.least_support": "people",
    "sim.privacy.together": "people",
    "sim.privacy.told": "people",
    "sim.privacy.with_more": "people",
    "sim.simulator._drawn": "bytes",
    "sim.world.draw_worlds": "ties",
}
"""Functions that add up whole numbers, which is exact in any order, and what they count."""

INSTEAD: Final = {
    "exp": "sim.elementary.exp",
    "log": "sim.elementary.log",
    "cos": "sim.elementary.cosine",
    "pow": "sim.elementary.power, or powers for those of whole numbers",
    "power": "sim.elementary.power, or powers for those of whole numbers",
    "**": "sim.elementary.power, or powers for those of whole numbers; a square is a product",
    "@": "sim.elementary.totals of products",
    "dot": "sim.elementary.total of products",
    "sum": "sim.elementary.total or totals; of yes and no numpy.count_nonzero",
    "mean": "sim.elementary.mean",
    "average": "sim.elementary.mean",
    "convolve": "a loop over months",
    "argsort": 'kind="stable"',
}
"""What does the same, with the same bits everywhere."""

METHODS: Final = ("sum", "mean", "std", "var", "prod", "dot", "trace", "argsort")
"""Methods of arrays that add in an order of their own, or sort equal numbers in one."""


def names_allowed() -> set[str]:
    """Return every name that may be used."""
    return {name for names in ALLOWED.values() for name in names.split()}


# --- Which pages ---------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def pages() -> dict[str, Path]:
    """Return the pages of the simulation by their name, but for the first, which only names them."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts).removesuffix(".__init__")] = path
    del found["sim"]
    return found


def text_of(page: str) -> str:
    """Return what stands on a page."""
    return pages()[page].read_text("utf-8")


def imported(text: str) -> Iterator[str]:
    """Return the pages that a page imports, wherever in it."""
    for part in ast.walk(ast.parse(text)):
        if isinstance(part, ast.ImportFrom) and part.module is not None:
            named = [part.module, *(f"{part.module}.{one.name}" for one in part.names)]
            yield from (one for one in named if one in pages())


@lru_cache(maxsize=1)
def on_the_way() -> tuple[str, ...]:
    """Return the pages between a scenario and its KPIs."""
    found, waiting = set[str](), set(ROOTS)
    while waiting:
        page = waiting.pop()
        found.add(page)
        waiting |= set(imported(text_of(page))) - found
    return tuple(sorted(found))


# --- What they use -------------------------------------------------------------------------------


def faults(page: str, text: str) -> list[str]:
    """Return what a page uses that may differ between machines: where, and what to use instead."""
    tree = ast.parse(text)
    taken, home = names_taken(tree), functions(tree, page)
    found = []
    for name, part in outermost(tree, taken):
        if name not in names_allowed():
            found.append((part.lineno, name))
    for part in ast.walk(tree):
        if isinstance(part, ast.BinOp | ast.AugAssign):
            found += [(part.lineno, sign) for sign in signs(part)]
        elif isinstance(part, ast.Call) and home.get(part) not in WHOLE:
            found += [(part.lineno, call) for call in calls(part, taken)]
    told = "sums, products, quotients and roots"
    return [
        f"{page}:{line}: {name}: use {INSTEAD.get(name.rpartition('.')[2], told)}"
        for line, name in sorted(found)
    ]


def names_taken(tree: ast.AST) -> dict[str, str]:
    """Return what a page calls the libraries, and what it takes out of them, by its own names."""
    found = {}
    for part in ast.walk(tree):
        if isinstance(part, ast.Import | ast.ImportFrom):
            module = f"{part.module}." if isinstance(part, ast.ImportFrom) else ""
            for one in part.names:
                name = one.name if module or one.asname else one.name.partition(".")[0]
                if f"{module}{name}".partition(".")[0] in LIBRARIES:
                    found[one.asname or name] = f"{module}{name}"
    return found


def named(part: ast.expr, taken: dict[str, str]) -> str | None:
    """Return the full name of something out of a library, None of anything else."""
    if isinstance(part, ast.Name):
        return taken.get(part.id)
    before = named(part.value, taken) if isinstance(part, ast.Attribute) else None
    return None if before is None else f"{before}.{part.attr}"  # type: ignore[attr-defined]


def outermost(tree: ast.AST, taken: dict[str, str]) -> list[tuple[str, ast.expr]]:
    """Return what is used of a library, by its full name: of ``np.add.at`` not ``np.add``."""
    found = [
        (name, part)
        for part in ast.walk(tree)
        if isinstance(part, ast.Name | ast.Attribute) and (name := named(part, taken)) is not None
    ]
    inner = {part.value for _, part in found if isinstance(part, ast.Attribute)}
    return [(name, part) for name, part in found if part not in inner]


def functions(tree: ast.AST, page: str) -> dict[ast.AST, str]:
    """Return the function that each part of a page is in."""
    home: dict[ast.AST, str] = {}
    for function in ast.walk(tree):  # from outside in, so the innermost is kept
        if isinstance(function, ast.FunctionDef):
            home |= dict.fromkeys(ast.walk(function), f"{page}.{function.name}")
    return home


def signs(part: ast.BinOp | ast.AugAssign) -> Iterator[str]:
    """Return the sign of a calculation that a library does."""
    if isinstance(part.op, ast.MatMult):
        yield "@"
    elif isinstance(part.op, ast.Pow):
        sides = (part.left, part.right) if isinstance(part, ast.BinOp) else (part.target,)
        if not all(isinstance(one, ast.Constant) and isinstance(one.value, int) for one in sides):
            yield "**"


def calls(part: ast.Call, taken: dict[str, str]) -> Iterator[str]:
    """Return a call that adds in an order of its own, or sorts equal numbers in one."""
    words = {word.arg: word.value for word in part.keywords}
    yield from sorted({"fastmath", "parallel"} & set(map(str, words)))
    name = named(part.func, taken)
    if name is None and isinstance(part.func, ast.Attribute) and part.func.attr in METHODS:
        yield f".{part.func.attr}"
    if isinstance(part.func, ast.Name) and part.func.id in ("sum", "pow"):
        yield part.func.id
    if name == "numpy.argsort":
        kind = words.get("kind")
        if not (isinstance(kind, ast.Constant) and kind.value in ("stable", "mergesort")):
            yield name


# --- The promise -----------------------------------------------------------------------------------


@pytest.mark.parametrize("page", on_the_way())
def test_a_page_on_the_way_uses_nothing_that_differs_between_machines(page: str) -> None:
    assert faults(page, text_of(page)) == []


def test_the_way_leads_through_everything_that_computes() -> None:
    assert set(on_the_way()) >= {
        "sim.beta", "sim.channels", "sim.programme.deployments", "sim.draws", "sim.elementary",
        "sim.scenario.imports.people", "sim.kernel", "sim.kpis", "sim.programme.levers", "sim.programme.ledger", "sim.networks",
        "sim.parameters", "sim.people.population", "sim.privacy", "sim.programme.effects", "sim.study.results",
        "sim.rules", "sim.scenario.schema", "sim.people.selection", "sim.month", "sim.world",
    }  # fmt: skip


# --- It can fail -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("y = np.exp(x)", "numpy.exp: use sim.elementary.exp"),
        ("y = list(map(math.log, x))", "math.log: use sim.elementary.log"),
        ("y = x ** 0.5", "**: use sim.elementary.power"),
        ("x **= 2", "**: use sim.elementary.power"),
        ("y = x @ x", "@: use sim.elementary.totals"),
        ("y = np.sum(x)", "numpy.sum: use sim.elementary.total"),
        ("y = x[1:].sum(axis=1)", ".sum: use sim.elementary.total"),
        ("y = x.mean()", ".mean: use sim.elementary.mean"),
        ("y = sum(x)", "sum: use sim.elementary.total"),
        ("y = np.add.reduce(x)", "numpy.add.reduce: use sums"),
        ("y = np.linalg.norm(x)", "numpy.linalg.norm: use sums"),
        ("from scipy.special import expit as f\ny = f(x)", "scipy.special.expit: use sums"),
        ("import numpy as other\ny = other.tanh(x)", "numpy.tanh: use sums"),
        ("order = np.argsort(x)", 'numpy.argsort: use kind="stable"'),
    ],
)
def test_what_differs_between_machines_is_named_with_its_line_and_a_remedy(
    line: str, said: str
) -> None:
    text = f"import math\nimport numpy as np\n\n{line}\n"
    (found,) = faults("page", text)
    assert found.startswith(f"page:{3 + len(line.splitlines())}: {said}")


def test_a_change_of_a_page_is_noticed() -> None:
    text, own = text_of("sim.programme.ledger"), "power(1.0 - turnover, 1.0 / 12.0)"
    line = text[: text.index(own)].count("\n") + 1
    changed = text.replace(own, "(1.0 - turnover) ** (1.0 / 12.0)")
    (found,) = faults("sim.programme.ledger", changed)
    assert found.startswith(f"sim.programme.ledger:{line}: **: use sim.elementary.power")


@pytest.mark.parametrize(
    "line",
    [
        "y = math.sqrt(x)", "y = np.cumsum(x)", "most = 2**32", "y = x.cumsum()", "y = x.max()",
        'order = np.argsort(x, kind="stable")', "y = np.diff(x)", "f(**x)",
    ],
)  # fmt: skip
def test_what_is_the_same_everywhere_may_be_used(line: str) -> None:
    assert faults("page", f"import math\nimport numpy as np\n\n{line}\n") == []
