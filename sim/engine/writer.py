"""From the rules in Python to C: function for function, statement for statement.

What may be written, and why, is in ``SUBSET.md``; anything else is refused with its place and what
to write instead. Types flow from the entries, whose annotations say them, through every call.
"""

from __future__ import annotations

import ast
import inspect
import math
import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.engine.meanings import nearest, order_of, put, scaled, sum_of
from sim.engine.types import (
    NUMBERS,
    REAL,
    TRUTH,
    WHOLE,
    Arrays,
    Record,
    Scalar,
    SubsetError,
    Tuples,
    Type,
    declared,
    element_of,
    hints_of,
    holds_arrays,
    named_tuple,
    page_of,
    places,
    plain_tuple,
    scalar_of,
)

ROOT: Final = Path(__file__).resolve().parents[2]

OPERATORS: Final = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.RShift: ">>",
    ast.LShift: "<<",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
}
COMPARISONS: Final = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
RUNTIME: Final = (Path(__file__).parent / "runtime.h").read_text("utf-8")

C_WORDS: Final = """
auto bool break case char const continue default do double else enum extern false float for goto if
inline int long register restrict return short signed sizeof static struct switch true typedef union
unsigned void volatile while
"""

RESERVED: Final = frozenset(
    [*C_WORDS.split(), "top", "mark", "slot", *re.findall(r"^static .*?\b(\w+)\(", RUNTIME, re.M)]
)
"""Names that mean something in C, or in the runtime, and get a ``_`` behind."""


def called(name: str) -> str:
    """Return a Python name as it is written in C."""
    return f"{name}_" if name in RESERVED else name


def bare(text: str) -> str:
    """Return an expression without the parentheses around the whole of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return text[1:-1]


@dataclass(frozen=True)
class Value:
    """An expression in C: its text, its type, and the parameters whose arrays it may stand in."""

    text: str
    kind: Type
    roots: frozenset[str] = frozenset()

    @property
    def shared(self) -> frozenset[str]:
        """Return the parameters whose arrays a copy of the value is part of: a number is of none."""
        return frozenset() if isinstance(self.kind, Scalar) else self.roots


@dataclass
class Exported:
    """A function the host calls: the types of what it takes and gives, and what it writes into."""

    parameters: dict[str, Type]
    result: Type | None
    written: frozenset[str]


@dataclass
class Unit:
    """A page of C on its way: what has been declared, and the functions written so far."""

    checked: bool = False
    types: dict[str, Type] = field(default_factory=dict)
    declarations: list[str] = field(default_factory=list)
    prototypes: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    functions: dict[tuple[Any, tuple[Type, ...]], Function] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    sources: set[Path] = field(default_factory=set)
    constants: set[tuple[str, str]] = field(default_factory=set)
    entries: dict[str, Exported] = field(default_factory=dict)
    text: str = ""

    def c(self, kind: Type | None) -> str:
        """Return the C type of a value, declared first where it has to be."""
        if kind is None:
            return "void"
        if isinstance(kind, Record):
            self.record(kind)
            return kind.c
        if isinstance(kind, Scalar):
            return kind.c
        known = self.types.get(kind.c)
        if known is None:
            self.types[kind.c] = kind
            self.declarations.append(self.declaration(kind))
        elif known != kind:
            raise SubsetError(f"two types of one name: {kind.c}")
        return kind.c

    def declaration(self, kind: Arrays | Tuples) -> str:
        """Return the declaration of a compound type, and of what keeps its arrays."""
        if isinstance(kind, Arrays):
            if isinstance(kind.element, Record):
                self.record(kind.element)
            return (
                f"typedef struct {{ {kind.stored} *at; int64_t n[{kind.dimensions}]; }} {kind.c};"
            )
        inside = "\n".join(f"    {self.c(type_)} {called(name)};" for name, type_ in kind.fields)
        return f"typedef struct {{\n{inside}\n}} {kind.c};"

    def record(self, kind: Record) -> None:
        """Declare a row of a table, laid out as NumPy does."""
        known = self.types.get(kind.name)
        if known is not None and known != kind:
            raise SubsetError(f"two types of one name: {kind.name}")
        if known is not None:
            return
        self.sources.add(page_of(kind))
        self.types[kind.name] = kind
        inside, at = [], 0
        assert kind.dtype.fields is not None
        for name in kind.dtype.names or ():
            dtype, offset = kind.dtype.fields[name][:2]
            inside.append(f"    {Arrays(element_of(dtype), 1).stored} {called(name)};")
            if offset < at:
                raise SubsetError(f"{kind.name}.{name}: columns of a row that overlap")
            at = offset + dtype.itemsize
        self.declarations.append(
            "typedef struct {\n" + "\n".join(inside) + f"\n}} {kind.name};\n"
            f"_Static_assert(sizeof({kind.name}) == {kind.dtype.itemsize}, "
            f'"{kind.name} is laid out as in NumPy");'
        )

    def function(self, python: Any, types: tuple[Type, ...]) -> Function:
        """Return a function as it is written for arguments of these types."""
        python = original(python)
        key = (python, types)
        if key not in self.functions:
            name = f"{python.__module__.split('.')[-1]}_{python.__name__.lstrip('_')}"
            self.names[name] = number = self.names.get(name, 0) + 1
            written = Function(self, python, types, name if number == 1 else f"{name}_{number}")
            written.write()
            self.functions[key] = written
        return self.functions[key]

    def line(self, place: str) -> int:
        """Return the number under which a place in the sources is known to a checked engine."""
        return self.lines.setdefault(place, len(self.lines))


def original(function: Any) -> Any:
    """Return the plain function behind a mark."""
    return getattr(function, "plain", function)


def joined(first: Type | None, second: Type) -> Type | None:
    """Return the type of what is of the one or of the other type, None if there is none."""
    if first is None or first == second:
        return second
    if {first, second} == {WHOLE, TRUTH}:
        return WHOLE
    if {first, second} <= {WHOLE, TRUTH, REAL}:
        return REAL
    if (
        isinstance(first, Tuples)
        and isinstance(second, Tuples)
        and len(first.fields) == len(second.fields)
        and first.name.startswith("tuple_")
        and second.name.startswith("tuple_")
    ):
        types = [joined(a, b) for a, b in zip(first.types, second.types, strict=True)]
        if None not in types:
            return plain_tuple(tuple(types))  # type: ignore[arg-type]
    return None


class Function:
    """A function of the subset, written for arguments of some types."""

    def __init__(self, unit: Unit, python: Any, types: tuple[Type, ...], name: str) -> None:
        self.unit, self.python, self.name = unit, python, name
        lines, self.first = inspect.getsourcelines(python)
        source = inspect.getsourcefile(python)
        assert source is not None
        self.file = Path(source).resolve()
        unit.sources.add(self.file)
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
        assert isinstance(tree, ast.FunctionDef)
        self.tree, self.globals = tree, python.__globals__
        self.parameters = [argument.arg for argument in (*tree.args.args, *tree.args.kwonlyargs)]
        if tree.args.vararg or tree.args.kwarg:
            raise self.refused(tree, "any number of arguments", "list each argument")
        defaults = [default for default in (*tree.args.defaults, *tree.args.kw_defaults) if default]
        if not all(isinstance(default, ast.Constant) for default in defaults):
            raise self.refused(tree, "a default that is no plain number", "write the number")
        self.types: dict[str, Type] = dict(zip(self.parameters, types, strict=True))
        self.local = set(self.parameters) | {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        self.given = types
        self.in_loops = loop_variables(tree)
        self.result: Type | None = None
        self.returns_something = False
        self.takes_memory = False
        self.written: set[str] = set()
        self.returned: frozenset[str] = frozenset()
        self.aliases: dict[str, frozenset[str]] = {
            parameter: frozenset([parameter]) for parameter in self.parameters
        }
        self.number = 0

    # --- The whole ----------------------------------------------------------------------------

    def write(self) -> None:
        """Write it: once more for as long as a type or an alias is still moving."""
        before: Any = None
        body: list[str] = []
        while before != (before := self.known()):
            self.number = 0
            body = self.block(self.tree.body, 1)
        c = self.unit.c
        if self.result is not None and not self.ends(self.tree.body):
            raise self.refused(
                self.tree, "a way to the end without a value", "return one on every way"
            )
        frees = self.takes_memory and not holds_arrays(self.result)
        local = []
        for name, kind in self.types.items():
            if name not in self.parameters and name not in self.in_loops:
                declared_here = variable(c(kind), called(name))
                if not self.declared_first(called(name), declared_here, body):
                    local.append(f"    {declared_here} = {self.nothing(kind)};")
        if self.takes_memory:
            local.insert(0, "    size_t mark = top;")
        if frees and self.result is None:
            body.append("    top = mark;")
        heading = inspect.getdoc(self.python) or ""
        said = heading.split("\n\n")[0].replace("\n", " ").replace("*/", "* /")
        place = f"{self.shown_file()}:{self.first}"
        arguments = ", ".join(
            self.parameter(name, kind)
            for name, kind in zip(self.parameters, self.given, strict=True)
        )
        head = variable(f"static {c(self.result)}", f"{self.name}({arguments or 'void'})")
        seldom = getattr(sys.modules[self.python.__module__], "SELDOM", False)
        self.unit.prototypes.append(f"{'SELDOM ' if seldom else ''}{head};")
        self.unit.bodies.append(
            "\n".join(
                [
                    f"/* {place}: {said} */" if said else f"/* {place} */",
                    f"{head}",
                    "{",
                    *local,
                    *body,
                    "}",
                ]
            )
        )

    def declared_first(self, name: str, declaration: str, body: list[str]) -> bool:
        """Declare a variable where it is first given a value, if that is on every way."""
        mentions = re.compile(rf"\b{name}\b")
        for k, line in enumerate(body):
            if mentions.search(line):
                begins = f"    {name} = "
                if line.startswith(begins) and not mentions.search(line[len(begins) :]):
                    body[k] = f"    {declaration} = {line[len(begins) :]}"
                    return True
                return False
        return False

    def known(self) -> Any:
        """Return what is known so far, to see whether it moves."""
        return (
            dict(self.types),
            self.result,
            self.takes_memory,
            set(self.written),
            self.returned,
            dict(self.aliases),
        )

    def parameter(self, name: str, kind: Type) -> str:
        """Return a parameter as it is declared: a tuple is lent, everything else is given."""
        if isinstance(kind, Tuples):
            return f"const {self.unit.c(kind)} *{called(name)}"
        return variable(self.unit.c(kind), called(name))

    def nothing(self, kind: Type) -> str:
        """Return what a variable holds before it is given anything."""
        return "{0}" if isinstance(kind, (Arrays, Tuples)) else "0"

    def ends(self, block: Sequence[ast.stmt]) -> bool:
        """Return whether every way through a block returns."""
        last = block[-1]
        if isinstance(last, ast.If):
            return bool(last.orelse) and self.ends(last.body) and self.ends(last.orelse)
        return isinstance(last, ast.Return)

    def shown_file(self) -> str:
        """Return the page as it is shown: from the root of the project where it lies there."""
        if self.file.is_relative_to(ROOT):
            return self.file.relative_to(ROOT).as_posix()
        return self.file.name

    def place(self, node: ast.AST) -> str:
        """Return where a piece of the source stands."""
        return f"{self.shown_file()}:{self.first + getattr(node, 'lineno', 1) - 1}"

    def refused(self, node: ast.AST, what: str, instead: str) -> SubsetError:
        """Return why a piece of the source has no meaning."""
        shown = ast.unparse(node).splitlines()[0][:80]
        return SubsetError(
            f"{self.place(node)}: {what} has no meaning here: {shown}\n  Instead, {instead}."
        )

    def fresh(self) -> str:
        """Return a name nothing else in the function has."""
        self.number += 1
        name = f"t{self.number}"
        return name if name not in self.local else self.fresh()

    # --- Statements ---------------------------------------------------------------------------

    def block(self, statements: Iterable[ast.stmt], depth: int) -> list[str]:
        """Write some statements."""
        lines: list[str] = []
        for statement in statements:
            write = getattr(self, f"write_{type(statement).__name__.lower()}", None)
            if write is None:
                raise self.refused(
                    statement,
                    f"the statement '{type(statement).__name__}'",
                    "see sim/engine/SUBSET.md for what there is",
                )
            lines += [("    " * depth + line) if line else line for line in write(statement)]
        return lines

    def indented(self, statements: Iterable[ast.stmt]) -> list[str]:
        """Write what stands inside something."""
        return self.block(statements, 1)

    def write_pass(self, node: ast.Pass) -> list[str]:
        """Write nothing."""
        return []

    def write_break(self, node: ast.Break) -> list[str]:
        """Write the end of a loop."""
        return ["break;"]

    def write_continue(self, node: ast.Continue) -> list[str]:
        """Write the next round of a loop."""
        return ["continue;"]

    def write_expr(self, node: ast.Expr) -> list[str]:
        """Write a call for what it does."""
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return []
        if not isinstance(node.value, ast.Call):
            raise self.refused(node, "a value nobody uses", "assign it or leave it out")
        return [f"{self.call(node.value, alone=True).text};"]

    def write_return(self, node: ast.Return) -> list[str]:
        """Write what is given back, and memory with it."""
        if node.value is None:
            return ["top = mark;", "return;"] if self.takes_memory else ["return;"]
        value = self.whole_side(node.value)
        self.returned |= value.shared
        wanted = self.promised()
        self.result = self.unified(node, joined(self.result, value.kind), value.kind)
        if wanted is not None:
            self.result = self.unified(node, joined(wanted, value.kind), value.kind)
            if self.result != wanted and isinstance(wanted, Scalar):
                raise self.refused(
                    node, f"{described(value.kind)} where {wanted.name} is promised", "convert it"
                )
        text = self.as_type(value, self.result)
        if not self.takes_memory:
            return [f"return {bare(text)};"]
        given = self.fresh()
        kept = (
            [f"    {line}" for line in self.kept(given, self.result)]
            if holds_arrays(self.result)
            else ["    top = mark;"]
        )
        first = f"    {self.unit.c(self.result)} {given} = {bare(text)};"
        return ["{", first, *kept, f"    return {given};", "}"]

    def promised(self) -> Type | None:
        """Return the number a function says it returns, None if it says something else."""
        annotation = self.tree.returns
        if isinstance(annotation, ast.Name):
            return {number.__name__: kind for number, kind in NUMBERS.items()}.get(annotation.id)
        return None

    def kept(self, text: str, kind: Type) -> list[str]:
        """Return the lines that keep the arrays of a value and give all other memory back."""
        arrays = list(arrays_in(text, kind))
        held = self.fresh()
        lines = [f"Held {held}[{len(arrays)}];"]
        for k, (array, of) in enumerate(arrays):
            count = " * ".join(f"{array}.n[{d}]" for d in range(of.dimensions))
            lines.append(
                f"{held}[{k}] = (Held){{(char **)&{array}.at, {count} * (int64_t)sizeof({of.stored})}};"
            )
        return [*lines, f"keep({held}, {len(arrays)}, mark);"]

    def write_if(self, node: ast.If) -> list[str]:
        """Write a choice."""
        constant = self.constant(node.test)
        if isinstance(constant, bool):
            return [line[4:] for line in self.indented(node.body if constant else node.orelse)]
        lines = [f"if ({bare(self.condition(node.test))}) {{", *self.indented(node.body)]
        rest = node.orelse
        while (
            len(rest) == 1 and isinstance(rest[0], ast.If) and self.constant(rest[0].test) is None
        ):
            lines += [
                f"}} else if ({bare(self.condition(rest[0].test))}) {{",
                *self.indented(rest[0].body),
            ]
            rest = rest[0].orelse
        if rest:
            lines += ["} else {", *self.indented(rest)]
        return [*lines, "}"]

    def write_while(self, node: ast.While) -> list[str]:
        """Write a loop with a condition."""
        if node.orelse:
            raise self.refused(node, "'else' of a loop", "use a variable that says how it ended")
        return [f"while ({bare(self.condition(node.test))}) {{", *self.indented(node.body), "}"]

    def write_for(self, node: ast.For) -> list[str]:
        """Write a loop over a range, an array, or a few constants."""
        if node.orelse:
            raise self.refused(node, "'else' of a loop", "use a variable that says how it ended")
        if not isinstance(node.target, ast.Name):
            raise self.refused(node.target, "several loop variables", "take them apart in the loop")
        k, end = self.fresh(), self.fresh()
        over = node.iter
        if (
            isinstance(over, ast.Call)
            and isinstance(over.func, ast.Name)
            and over.func.id == "range"
        ):
            return self.loop_over_range(node, node.target, over, k, end)
        if isinstance(over, ast.Tuple):
            values = [self.expression(elt) for elt in over.elts]
            kind = values[0].kind
            for value in values[1:]:
                kind = self.unified(over, joined(kind, value.kind), value.kind)
            listed = ", ".join(value.text for value in values)
            setting = self.assign_name(node.target, Value(f"{k}[{end}]", kind))
            return [
                "{",
                f"    const {self.unit.c(kind)} {k}[] = {{{listed}}};",
                f"    for (int {end} = 0; {end} < {len(values)}; {end}++) {{",
                f"        {setting}",
                *[f"    {line}" for line in self.indented(node.body)],
                "    }",
                "}",
            ]
        array = self.expression(over)
        if not isinstance(array.kind, Arrays) or array.kind.dimensions != 1:
            raise self.refused(
                over, "a loop over something else than a range or an array", "use range()"
            )
        name = self.fresh()
        item = self.item(f"{name}.at[{k}]", array.kind, array.roots)
        return [
            "{",
            f"    {self.unit.c(array.kind)} {name} = {bare(array.text)};",
            f"    for (int64_t {k} = 0; {k} < {name}.n[0]; {k}++) {{",
            f"        {self.assign_name(node.target, item)}",
            *[f"    {line}" for line in self.indented(node.body)],
            "    }",
            "}",
        ]

    def loop_over_range(
        self, node: ast.For, target: ast.Name, over: ast.Call, k: str, end: str
    ) -> list[str]:
        """Write a loop over a range; the variable keeps its last value, as in Python."""
        bounds = [self.whole_number(arg) for arg in over.args]
        start, stop = ("0", bounds[0]) if len(bounds) == 1 else bounds[:2]
        step = bounds[2] if len(bounds) == 3 else "1"
        by = self.constant(over.args[2]) if len(bounds) == 3 else 1
        own = self.assign_name(target, Value(k, WHOLE))
        if target.id in self.in_loops:
            k, end = called(target.id), f"{target.id}_end"
        if by is None:  # steps that only a run knows go up
            head = f"for (int64_t {k} = {bare(start)}, {end} = {bare(stop)}; {k} < {end}; {k} += {step}) {{"
        elif by > 0:
            on = f"{k}++" if by == 1 else f"{k} += {by}"
            head = f"for (int64_t {k} = {bare(start)}, {end} = {bare(stop)}; {k} < {end}; {on}) {{"
        else:
            on = f"{k}--" if by == -1 else f"{k} -= {-by}"
            head = f"for (int64_t {k} = {bare(start)}, {end} = {bare(stop)}; {k} > {end}; {on}) {{"
        alone = target.id == "_" or target.id in self.in_loops
        return [head, *([] if alone else [f"    {own}"]), *self.indented(node.body), "}"]

    def write_assign(self, node: ast.Assign) -> list[str]:
        """Write an assignment."""
        if len(node.targets) > 1:
            raise self.refused(node, "two targets at once", "write two assignments")
        return self.assign(node.targets[0], node.value)

    def write_annassign(self, node: ast.AnnAssign) -> list[str]:
        """Write an assignment with an annotation."""
        if node.value is None:
            raise self.refused(node, "a variable without a value", "give it one")
        return self.assign(node.target, node.value)

    def write_augassign(self, node: ast.AugAssign) -> list[str]:
        """Write an assignment of something changed."""
        loaded = ast.copy_location(ast.parse(ast.unparse(node.target), mode="eval").body, node)
        for part in ast.walk(loaded):
            ast.copy_location(part, node)
        old = self.expression(loaded)
        new = self.whole_side(node.value)
        value = self.combined(node, old, node.op, new)
        if isinstance(node.target, ast.Name):
            return [self.assign_name(node.target, value)]
        return [self.store(node.target, value)]

    def as_many(self, value: ast.expr, number: int, target: ast.Tuple) -> None:
        """Refuse a number of values other than that of the places they go to."""
        if number != len(target.elts):
            raise self.refused(
                value, "as many values as there are targets", "write them one by one"
            )

    def put_aside(self, values: list[ast.expr], lines: list[str]) -> list[Value]:
        """Return values that are worked out before any of them is assigned; write how."""
        parts = [self.expression(value) for value in values]
        names = [self.fresh() for _ in parts]
        for name, part in zip(names, parts, strict=True):
            lines.append(f"    {variable(self.unit.c(part.kind), name)} = {bare(part.text)};")
        return [Value(name, part.kind, part.roots) for name, part in zip(names, parts, strict=True)]

    def taken_apart(self, value: ast.expr, number: int, lines: list[str]) -> list[Value]:
        """Return the parts of a tuple, or the first numbers of an array; write how it is had."""
        whole, name = self.whole_side(value), self.fresh()
        lines.append(f"    {self.unit.c(whole.kind)} {name} = {bare(whole.text)};")
        if isinstance(whole.kind, Tuples):
            return [
                Value(f"{name}.{called(field)}", kind, whole.shared)
                for field, kind in whole.kind.fields
            ]
        if isinstance(whole.kind, Arrays) and whole.kind.dimensions == 1:
            return [self.item(f"{name}.at[{k}]", whole.kind, whole.roots) for k in range(number)]
        raise self.refused(value, "taking this apart", "assign its parts one by one")

    def assign(self, target: ast.expr, value: ast.expr) -> list[str]:
        """Write an assignment to a name, a place, or several of them."""
        if isinstance(target, ast.Name):
            return [self.assign_name(target, self.whole_side(value))]
        if not isinstance(target, ast.Tuple):
            return [self.store(target, self.whole_side(value))]
        plain = [elt for elt in target.elts if isinstance(elt, ast.Name)]
        constants = self.found(value)
        if isinstance(constants, tuple) and all(
            isinstance(constant, (int, float)) for constant in constants
        ):
            self.unit.constants.add((self.python.__module__, ast.unparse(value)))
            parts = [literal(constant) for constant in constants]
            if len(plain) == len(target.elts) == len(parts):
                return list(map(self.assign_name, plain, parts))
        if isinstance(value, ast.Tuple) and apart(target.elts, value.elts):
            self.as_many(value, len(value.elts), target)
            values = [self.expression(elt) for elt in value.elts]
            return list(map(self.assign_name, plain, values))
        lines = ["{"]
        if isinstance(value, ast.Tuple):
            self.as_many(value, len(value.elts), target)
            parts = self.put_aside(value.elts, lines)
        else:
            parts = self.taken_apart(value, len(target.elts), lines)
            self.as_many(value, len(parts), target)
        for place, part in zip(target.elts, parts, strict=True):
            text = (
                self.assign_name(place, part)
                if isinstance(place, ast.Name)
                else self.store(place, part)
            )
            if text:
                lines.append(f"    {text}")
        return [*lines, "}"]

    def assign_name(self, target: ast.Name, value: Value) -> str:
        """Write a variable's new value."""
        name = target.id
        if name == "_":
            return ""
        if isinstance(self.types.get(name), Tuples) and name in self.parameters:
            raise self.refused(
                target, "a new value for an argument that is a tuple", "give it another name"
            )
        kind = self.unified(target, joined(self.types.get(name), value.kind), value.kind)
        if name in self.parameters and kind != self.types[name]:
            raise self.refused(
                target, f"{value.kind} for an argument of another type", "give it another name"
            )
        self.types[name] = kind
        if not isinstance(kind, Scalar):
            self.aliases[name] = self.aliases.get(name, frozenset()) | value.roots
        return f"{called(name)} = {bare(self.as_type(value, kind))};"

    def store(self, target: ast.expr, value: Value) -> str:
        """Write into a place of an array or of a row."""
        if not isinstance(target, (ast.Subscript, ast.Attribute)):
            raise self.refused(
                target, "this target", "assign to a name, a column or a place of an array"
            )
        place = self.expression(target)
        self.written |= place.roots
        if isinstance(place.kind, Record):
            if value.kind != place.kind:
                raise self.refused(target, "a row of another table", "copy its columns one by one")
            return f"*{place.text} = *{value.text};"
        if isinstance(place.kind, Arrays) and isinstance(value.kind, Arrays):
            raise self.refused(target, "writing a whole array", "loop over its places")
        if not isinstance(place.kind, Scalar) or not isinstance(value.kind, Scalar):
            raise self.refused(
                target, "writing something that is no number", "write its numbers one by one"
            )
        if place.kind is WHOLE and value.kind is REAL:
            raise self.refused(target, "a real number in a place for whole ones", "say int() of it")
        return f"{place.text} = {bare(value.text)};"

    def unified(self, node: ast.AST, kind: Type | None, new: Type) -> Type:
        """Return a type two values share; refuse if they share none."""
        if kind is None:
            raise self.refused(node, f"one name for two types, now {new}", "use two names")
        return kind

    # --- Expressions --------------------------------------------------------------------------

    def whole_side(self, node: ast.expr) -> Value:
        """Write what stands alone at the right of a statement, and may therefore change something."""
        return self.call(node, alone=True) if isinstance(node, ast.Call) else self.expression(node)

    def expression(self, node: ast.expr) -> Value:
        """Write an expression."""
        constant = self.constant(node)
        if constant is not None:
            return literal(constant)
        write = getattr(self, f"value_{type(node).__name__.lower()}", None)
        if write is None:
            raise self.refused(
                node,
                f"the expression '{type(node).__name__}'",
                "see sim/engine/SUBSET.md for what there is",
            )
        value: Value = write(node)
        return value

    def constant(self, node: ast.expr) -> Any:
        """Return the number an expression of constants comes to, None if it is no such thing."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, (bool, int, float)) else None
        allowed = (
            ast.Name,
            ast.Attribute,
            ast.BinOp,
            ast.UnaryOp,
            ast.Constant,
            ast.Call,
            ast.operator,
            ast.unaryop,
            ast.expr_context,
        )
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and part.id in self.local:
                return None
            if not isinstance(part, allowed):
                return None
            if isinstance(part, ast.Call) and not (
                isinstance(part.func, ast.Name) and part.func.id == "len"
            ):
                return None
        value = self.found(node)
        if not isinstance(value, (bool, int, float, np.generic)):
            return None
        if any(isinstance(part, ast.Name) for part in ast.walk(node)):
            self.unit.constants.add((self.python.__module__, ast.unparse(node)))
        return value

    def found(self, node: ast.expr) -> Any:
        """Return the object an expression without variables stands for, None if there is none."""
        if any(isinstance(part, ast.Name) and part.id in self.local for part in ast.walk(node)):
            return None
        try:
            return eval(compile(ast.Expression(node), "", "eval"), dict(self.globals))
        except Exception:
            return None

    def number_of(self, node: ast.expr) -> Value:
        """Write an expression that has to be a number."""
        value = self.expression(node)
        if not isinstance(value.kind, Scalar):
            raise self.refused(node, "something that is no number", "use one of its numbers")
        return value

    def whole_number(self, node: ast.expr) -> str:
        """Write an expression that has to be a whole number."""
        value = self.number_of(node)
        if value.kind not in (WHOLE, TRUTH):
            what = f"{described(value.kind)} where a whole number is needed"
            raise self.refused(node, what, "say int() of it")
        return value.text

    def condition(self, node: ast.expr) -> str:
        """Write an expression that is true or false."""
        value = self.number_of(node)
        if value.kind is REAL:
            raise self.refused(node, "a real number as true or false", "compare it")
        return value.text

    def as_type(self, value: Value, kind: Type) -> str:
        """Write a value as one of a wider type."""
        if isinstance(kind, Tuples) and isinstance(value.kind, Tuples) and kind != value.kind:
            written = f"({self.unit.c(value.kind)}){{"
            if not value.text.startswith(written):
                raise SubsetError(
                    f"{self.shown_file()}:{self.first}: tuples of two types in one name"
                )
            return f"({self.unit.c(kind)}){{{value.text.removeprefix(written)}"
        return value.text

    def value_name(self, node: ast.Name) -> Value:
        """Write a variable."""
        kind = self.types.get(node.id)
        if kind is None:
            raise self.refused(
                node, "a name nobody has given a value", "give it one, or make it a constant"
            )
        text = called(node.id)
        if isinstance(kind, Tuples) and node.id in self.parameters:
            text = f"(*{text})"
        return Value(text, kind, self.aliases.get(node.id, frozenset()))

    def value_attribute(self, node: ast.Attribute) -> Value:
        """Write a column of a row, a field of a tuple, or the extent of an array."""
        inside = self.expression(node.value)
        kind, text = inside.kind, inside.text
        if isinstance(kind, Arrays) and node.attr == "size":
            return Value(product(f"{text}.n[{k}]" for k in range(kind.dimensions)), WHOLE)
        if isinstance(kind, Arrays) and node.attr == "shape":
            shape = plain_tuple((WHOLE,) * kind.dimensions)
            parts = ", ".join(f"{text}.n[{k}]" for k in range(kind.dimensions))
            return Value(f"({self.unit.c(shape)}){{{parts}}}", shape)
        if isinstance(kind, Record) and node.attr in kind.fields:
            return Value(
                f"{pointed(text)}{called(node.attr)}",
                scalar_of(kind.fields[node.attr]),
                inside.roots,
            )
        if isinstance(kind, Tuples):
            for name, of in kind.fields:
                if name == node.attr:
                    return Value(f"{reached(text)}{called(name)}", of, inside.roots)
        raise self.refused(
            node, f"'{node.attr}' of {described(kind)}", "use a column or field it has"
        )

    def value_binop(self, node: ast.BinOp) -> Value:
        """Write arithmetic."""
        return self.combined(node, self.expression(node.left), node.op, self.expression(node.right))

    def combined(self, node: ast.AST, left: Value, operator: ast.operator, right: Value) -> Value:
        """Write two numbers and what is done with them."""
        if not isinstance(left.kind, Scalar) or not isinstance(right.kind, Scalar):
            raise self.refused(
                node, "arithmetic on a whole array or tuple", "loop over its numbers"
            )
        kinds = {left.kind, right.kind}
        if isinstance(operator, ast.Div):
            if REAL in kinds:
                return Value(f"({left.text} / {right.text})", REAL)
            return Value(f"((double){left.text} / (double){right.text})", REAL)
        if isinstance(operator, (ast.FloorDiv, ast.Mod)):
            if REAL in kinds:
                raise self.refused(
                    node, "// or % of something else than whole numbers", "use floor"
                )
            name = "floor_division" if isinstance(operator, ast.FloorDiv) else "modulo"
            return Value(f"{name}({bare(left.text)}, {bare(right.text)})", WHOLE)
        sign = OPERATORS.get(type(operator))
        if sign is None:
            raise self.refused(node, "this operator", "write a product, or elementary.power")
        logical = isinstance(operator, (ast.BitAnd, ast.BitOr, ast.BitXor))
        if REAL in kinds and (logical or sign in ("<<", ">>")):
            raise self.refused(node, "bits of a real number", "use whole numbers")
        if sign == "<<" and left.text.isdigit():
            left = Value(f"INT64_C({left.text})", WHOLE)
        kind = REAL if REAL in kinds else TRUTH if kinds == {TRUTH} and logical else WHOLE
        return Value(f"({left.text} {sign} {right.text})", kind)

    def value_unaryop(self, node: ast.UnaryOp) -> Value:
        """Write a sign, or not."""
        inside = self.number_of(node.operand)
        if isinstance(node.op, ast.Not):
            return Value(f"(!{self.condition(node.operand)})", TRUTH)
        if isinstance(node.op, ast.USub):
            return Value(f"(-{inside.text})", WHOLE if inside.kind is TRUTH else inside.kind)
        if isinstance(node.op, ast.Invert) and inside.kind is WHOLE:
            return Value(f"(~{inside.text})", inside.kind)
        raise self.refused(node, "this sign", "leave it out")

    def value_boolop(self, node: ast.BoolOp) -> Value:
        """Write and, or."""
        sign = " && " if isinstance(node.op, ast.And) else " || "
        return Value(f"({sign.join(self.condition(value) for value in node.values)})", TRUTH)

    def value_compare(self, node: ast.Compare) -> Value:
        """Write a comparison, or a chain of them."""
        sides = [node.left, *node.comparators]
        for middle in sides[1:-1]:
            if any(isinstance(part, ast.Call) for part in ast.walk(middle)):
                raise self.refused(
                    middle, "a call inside a chain of comparisons", "give its result a name"
                )
        values = [self.number_of(side) for side in sides]
        parts = []
        for operator, left, right in zip(node.ops, values, values[1:], strict=False):
            if type(operator) not in COMPARISONS:
                raise self.refused(node, "'in' or 'is'", "compare numbers")
            parts.append(f"{left.text} {COMPARISONS[type(operator)]} {right.text}")
        return Value(f"({' && '.join(parts)})", TRUTH)

    def value_ifexp(self, node: ast.IfExp) -> Value:
        """Write a choice of two values."""
        test = self.condition(node.test)
        yes, no = self.expression(node.body), self.expression(node.orelse)
        kind = self.unified(node, joined(yes.kind, no.kind), no.kind)
        text = f"({test} ? {self.as_type(yes, kind)} : {self.as_type(no, kind)})"
        return Value(text, kind, yes.roots | no.roots)

    def value_tuple(self, node: ast.Tuple) -> Value:
        """Write some values together."""
        values = [self.expression(elt) for elt in node.elts]
        kind = plain_tuple(tuple(value.kind for value in values))
        text = f"({self.unit.c(kind)}){{{', '.join(bare(value.text) for value in values)}}}"
        return Value(text, kind, frozenset().union(*(value.shared for value in values)))

    # --- Places in arrays ---------------------------------------------------------------------

    def item(self, text: str, kind: Arrays, roots: frozenset[str]) -> Value:
        """Write an element of an array: a number, or a row where it stands."""
        if isinstance(kind.element, Record):
            return Value(f"(&{text})", kind.element, roots)
        return Value(text, scalar_of(kind.element), roots)

    def value_subscript(self, node: ast.Subscript) -> Value:
        """Write an element, a part of an array, a column of a row, or a field of a tuple."""
        listed = self.found(node.value)
        if isinstance(listed, tuple) and not hasattr(listed, "_fields"):
            return self.listed(node, listed)
        inside = self.expression(node.value)
        kind, text = inside.kind, inside.text
        if isinstance(kind, Record):
            name = getattr(node.slice, "value", None)
            if name not in kind.fields:
                raise self.refused(node, f"this column of {kind.name}", "use one it has")
            return Value(
                f"{pointed(text)}{called(name)}", scalar_of(kind.fields[name]), inside.roots
            )
        if isinstance(kind, Tuples):
            place = self.constant(node.slice)
            if not isinstance(place, int):
                raise self.refused(node, "a place in a tuple that only a run knows", "use an array")
            name, of = kind.fields[place]
            return Value(f"{reached(text)}{called(name)}", of, inside.roots)
        if not isinstance(kind, Arrays):
            raise self.refused(node, f"a place in {described(kind)}", "use an array")
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if len(indices) > kind.dimensions:
            raise self.refused(
                node, f"more places than the {kind.dimensions} dimensions", "use fewer"
            )
        if any(isinstance(index, ast.Slice) for index in indices[:-1]):
            raise self.refused(node, "a part before the last place", "loop over it")
        offset = ""
        for k, index in enumerate(indices[:-1] if isinstance(indices[-1], ast.Slice) else indices):
            offset = self.offset(node, offset, index, f"{text}.n[{k}]")
        if isinstance(indices[-1], ast.Slice):
            return self.part(node, inside, kind, indices[-1], len(indices) - 1, offset=offset)
        left = kind.dimensions - len(indices)
        if left == 0:
            return self.item(f"{text}.at[{bare(offset)}]", kind, inside.roots)
        extents = [f"{text}.n[{k}]" for k in range(len(indices), kind.dimensions)]
        row = Arrays(kind.element, left)
        at = f"{text}.at + {product([offset, *extents])}"
        return Value(f"({self.unit.c(row)}){{{at}, {{{', '.join(extents)}}}}}", row, inside.roots)

    def listed(self, node: ast.Subscript, numbers: tuple[Any, ...]) -> Value:
        """Write a number out of a constant list of them."""
        kinds = {literal(number).kind for number in numbers}
        if len(kinds) != 1 or isinstance(node.slice, (ast.Slice, ast.Tuple)):
            raise self.refused(node, "a list of more than one kind", "use numbers of one kind")
        self.unit.constants.add((self.python.__module__, ast.unparse(node.value)))
        name = (
            f"{self.python.__module__.split('.')[-1]}_{ast.unparse(node.value).replace('.', '_')}"
        )
        (kind,) = kinds
        listed = ", ".join(literal(number).text for number in numbers)
        declaration = f"static const {self.unit.c(kind)} {name}[] = {{{listed}}};"
        if declaration not in self.unit.declarations:
            self.unit.declarations.append(declaration)
        place = self.offset(node, "", node.slice, str(len(numbers)))
        return Value(f"{name}[{bare(place)}]", kind)

    def offset(self, node: ast.Subscript, before: str, index: ast.expr, extent: str) -> str:
        """Write how far an element is from the beginning of its array, one dimension on."""
        constant = self.constant(index)
        if isinstance(constant, int) and constant < 0:
            place = f"({extent} - {-constant})"
        else:
            place = self.whole_number(index)
            if self.unit.checked:
                number = self.unit.line(f"{self.place(node)}: {ast.unparse(node)}")
                place = f"within({bare(place)}, {extent}, {number})"
        return place if not before else f"({before} * {extent} + {place})"

    def part(
        self,
        node: ast.Subscript,
        inside: Value,
        kind: Arrays,
        cut: ast.Slice,
        at: int,
        *,
        offset: str,
    ) -> Value:
        """Write a part of an array from one place to another; it is never empty by a wrong order."""
        if cut.step is not None:
            raise self.refused(node, "a part with steps", "loop over a range with steps")
        text, extent = inside.text, f"{inside.text}.n[{at}]"
        low = self.whole_number(cut.lower) if cut.lower is not None else "0"
        if cut.upper is None:
            high = extent
        else:
            constant = self.constant(cut.upper)
            if isinstance(constant, int) and constant < 0:
                high = f"({extent} - {-constant})"
            else:
                high = f"smaller({bare(self.whole_number(cut.upper))}, {extent})"
        extents = [f"{text}.n[{k}]" for k in range(at + 1, kind.dimensions)]
        start = f"({offset} * {extent} + {low})" if offset else low
        part = Arrays(kind.element, kind.dimensions - at)
        first = f"{text}.at + {product([start, *extents])}" if start != "0" else f"{text}.at"
        span = f"greater({bare(high)} - {low}, 0)" if low != "0" else high
        listed = ", ".join([bare(span), *extents])
        return Value(f"({self.unit.c(part)}){{{first}, {{{listed}}}}}", part, inside.roots)

    # --- Calls --------------------------------------------------------------------------------

    def value_call(self, node: ast.Call) -> Value:
        """Write a call inside an expression."""
        return self.call(node, alone=False)

    def call(self, node: ast.Call, alone: bool) -> Value:
        """Write a call: of a function of ours, or of one that has a meaning of its own."""
        function = self.found(node.func)
        unpacked = [arg for arg in node.args if isinstance(arg, ast.Starred)]
        if hasattr(function, "_fields") and unpacked == node.args and len(node.args) == 1:
            return self.construct_of(unpacked[0].value, function)
        if unpacked or any(keyword.arg is None for keyword in node.keywords):
            raise self.refused(node, "arguments that are unpacked", "write them out")
        if function is None:
            return self.method(node)
        known = (
            KNOWN.get(function)
            if callable(function) and getattr(function, "__hash__", None)
            else None
        )
        if known is not None:
            return known(self, node)
        if hasattr(function, "_fields"):
            return self.construct(node, function)
        plain = original(function)
        if getattr(plain, "in_subset", False):
            return self.call_ours(node, plain, alone)
        raise self.refused(
            node,
            "a function that is no rule",
            "mark it @rule, or use those in sim/engine/SUBSET.md",
        )

    def bound(self, node: ast.Call, function: Any) -> dict[str, Value]:
        """Return the arguments of a call by the names of the parameters."""
        given: dict[str, ast.expr] = {}
        parameters = inspect.signature(function).parameters
        names = list(parameters)
        if len(node.args) > len(names):
            raise self.refused(node, "more arguments than there are parameters", "leave them out")
        given.update(zip(names, node.args, strict=False))
        for keyword in node.keywords:
            assert keyword.arg is not None
            if keyword.arg not in parameters or keyword.arg in given:
                raise self.refused(
                    node, f"the argument {keyword.arg}", "use the parameters there are"
                )
            given[keyword.arg] = keyword.value
        values = {}
        for name, parameter in parameters.items():
            if name in given:
                values[name] = self.expression(given[name])
            elif parameter.default is not inspect.Parameter.empty:
                values[name] = literal(parameter.default)
            else:
                raise self.refused(node, f"a call without the argument {name}", "give it")
        return values

    def call_ours(self, node: ast.Call, function: Any, alone: bool) -> Value:
        """Write a call of a function of the subset."""
        values = self.bound(node, function)
        hints = hints_of(function)
        types: list[Type] = []
        for name, value in values.items():
            wanted = NUMBERS.get(hints.get(name))
            if wanted is None or not isinstance(value.kind, Scalar):
                types.append(value.kind)
                continue
            if value.kind is REAL and wanted is not REAL:
                raise self.refused(
                    node, f"a real number for {name}, which is {wanted.name}", "convert it"
                )
            types.append(wanted)
        written = self.unit.function(function, tuple(types))
        changed = frozenset().union(*(values[name].shared for name in written.written))
        if written.written and not alone:
            raise self.refused(
                node,
                "a call that changes something, inside an expression",
                "give its result a name first",
            )
        self.written |= changed
        self.takes_memory |= written.takes_memory and holds_arrays(written.result)
        texts = [
            self.lent(value) if isinstance(value.kind, Tuples) else bare(value.text)
            for value in values.values()
        ]
        roots = frozenset().union(*(values[name].shared for name in written.returned))
        result = written.result if written.result is not None else TRUTH
        if written.result is None and not alone:
            raise self.refused(
                node, "the value of a function without one", "call it on a line of its own"
            )
        return Value(f"{written.name}({', '.join(texts)})", result, roots)

    def lent(self, value: Value) -> str:
        """Write a tuple as it is lent to a function: where it stands."""
        if value.text.startswith("(*") and bare(value.text).lstrip("*").isidentifier():
            return bare(value.text)[1:]
        if value.text.replace(".", "").replace("->", "").replace("_", "").isalnum():
            return f"&{value.text}"
        if value.text.startswith(f"({self.unit.c(value.kind)}){{"):
            return f"&{value.text}"
        return f"({self.unit.c(value.kind)}[1]){{{value.text}}}"

    def construct(self, node: ast.Call, cls: Any) -> Value:
        """Write a tuple with names."""
        kind = named_tuple(cls)
        self.unit.sources.add(Path(inspect.getsourcefile(cls) or "").resolve())
        values = self.bound(node, cls)
        for (name, wanted), value in zip(kind.fields, values.values(), strict=True):
            if joined(wanted, value.kind) != wanted:
                raise self.refused(
                    node, f"{described(value.kind)} as {cls.__name__}.{name}", "convert it"
                )
        texts = [bare(value.text) for value in values.values()]
        flat = ", ".join(texts)
        roots = frozenset().union(*(part.shared for part in values.values()))
        return Value(f"({self.unit.c(kind)}){{{flat}}}", kind, roots)

    def construct_of(self, node: ast.expr, cls: Any) -> Value:
        """Write a tuple with names whose real numbers stand in a row."""
        kind = named_tuple(cls)
        self.unit.sources.add(Path(inspect.getsourcefile(cls) or "").resolve())
        if not isinstance(node, ast.Name) or self.expression(node).kind != Arrays("f8", 1):
            raise self.refused(node, "this as the values of a tuple", "give a row of real numbers")
        if set(kind.types) != {REAL}:
            raise self.refused(node, f"a row as {cls.__name__}", "use a tuple of real numbers")
        row = self.expression(node).text
        flat = ", ".join(f"{row}.at[{k}]" for k in range(len(kind.fields)))
        return Value(f"({self.unit.c(kind)}){{{flat}}}", kind)

    def method(self, node: ast.Call) -> Value:
        """Write a copy of an array, the one thing asked of a value by a dot."""
        if isinstance(node.func, ast.Attribute):
            inside = self.expression(node.func.value)
            if node.func.attr == "copy" and isinstance(inside.kind, Arrays) and not node.args:
                self.takes_memory = True
                kind, text = inside.kind, inside.text
                extents = [f"{text}.n[{k}]" for k in range(kind.dimensions)]
                size = f"{product(extents)} * (int64_t)sizeof({kind.stored})"
                return Value(
                    f"({self.unit.c(kind)}){{copied({text}.at, {size}), {{{', '.join(extents)}}}}}",
                    kind,
                )
        raise self.refused(
            node, "a function nobody knows", "use those in sim/engine/SUBSET.md, or write it here"
        )

    def fill(self, node: ast.Call, how: str) -> Value:
        """Write a new array."""
        if node.keywords or len(node.args) > 2:
            raise self.refused(node, "these arguments", "give the extent and the type")
        self.takes_memory = True
        extents, number = self.extents(node.args[0])
        typed = node.args[1:]
        kind = Arrays(self.element(typed[0]) if typed else "f8", len(extents))
        size = f"{number} * (int64_t)sizeof({kind.stored})"
        text = f"({self.unit.c(kind)}){{{'zeros' if how == 'zeros' else 'taken'}({size}), {{{', '.join(extents)}}}}}"
        return Value(text, kind)

    def extents(self, shape: ast.expr) -> tuple[list[str], str]:
        """Write the extents of a new array, and how many elements they make."""
        given = shape.elts if isinstance(shape, ast.Tuple) else [shape]
        each = [bare(self.whole_number(extent)) for extent in given]
        return each, product(f"({extent})" if " " in extent else extent for extent in each)

    def element(self, node: ast.expr) -> str | Record:
        """Return what a new array is to hold."""
        stated = self.found(node)
        if stated is not None:
            return element_of(stated)
        if isinstance(node, ast.Attribute) and node.attr == "dtype":
            kind = self.expression(node.value).kind
            if isinstance(kind, Arrays):
                return kind.element
        raise self.refused(
            node, "this type of an array", "name one of NumPy's, or one of the page's"
        )


# --- What has a meaning of its own ------------------------------------------------------------


def one_number(write: Function, node: ast.Call) -> Value:
    """Return the only argument of a call."""
    if len(node.args) != 1 or node.keywords:
        raise write.refused(node, "other than one argument", "give one")
    return write.number_of(node.args[0])


def converted(to: Scalar) -> Callable[[Function, ast.Call], Value]:
    """Return how a conversion is written."""

    def write_it(write: Function, node: ast.Call) -> Value:
        value = one_number(write, node)
        if to is TRUTH:
            return Value(f"({value.text} != 0)", TRUTH)
        if value.kind is REAL and to is WHOLE:
            return Value(f"whole({bare(value.text)})", WHOLE)
        if value.kind is to:
            return value
        return Value(f"({to.c}){value.text}", to)

    return write_it


def of_real(name: str, kind: Scalar = REAL) -> Callable[[Function, ast.Call], Value]:
    """Return how a function of one real number is written."""

    def write_it(write: Function, node: ast.Call) -> Value:
        return Value(f"{name}({bare(one_number(write, node).text)})", kind)

    return write_it


def extreme(sign: str) -> Callable[[Function, ast.Call], Value]:
    """Return how the smaller or greater of two numbers is written, as Python decides."""

    def write_it(write: Function, node: ast.Call) -> Value:
        if len(node.args) != 2 or node.keywords:
            raise write.refused(node, "min or max of other than two numbers", "take two at a time")
        first, second = (write.number_of(arg) for arg in node.args)
        if REAL in (first.kind, second.kind):
            name = "least" if sign == "<" else "most"
            return Value(f"{name}({bare(first.text)}, {bare(second.text)})", REAL)
        name = "smaller" if sign == "<" else "greater"
        return Value(f"{name}({bare(first.text)}, {bare(second.text)})", WHOLE)

    return write_it


def absolute(write: Function, node: ast.Call) -> Value:
    """Write a number without its sign."""
    value = one_number(write, node)
    if value.kind is REAL:
        return Value(f"__builtin_fabs({bare(value.text)})", REAL)
    return Value(f"({value.text} < 0 ? -{value.text} : {value.text})", WHOLE)


def length(write: Function, node: ast.Call) -> Value:
    """Write the first extent of an array."""
    value = write.expression(node.args[0])
    if not isinstance(value.kind, Arrays):
        raise write.refused(node, "the length of something else than an array", "use an array")
    return Value(f"{value.text}.n[0]", WHOLE)


def filled(write: Function, node: ast.Call) -> Value:
    """Write an array of one number."""
    write.takes_memory = True
    (extents, size), value = write.extents(node.args[0]), write.expression(node.args[1])
    element = (
        write.element(node.args[2]) if len(node.args) > 2 else "i8" if value.kind is WHOLE else "f8"
    )
    if element not in ("i8", "f8") or value.kind not in (WHOLE, REAL):
        raise write.refused(
            node, "an array of one number that is not i8 or f8", "fill it in a loop"
        )
    kind, text = Arrays(element, len(extents)), f"filled_{element}({size}, {bare(value.text)})"
    if len(extents) > 1:
        text = f"({write.unit.c(kind)}){{{text}.at, {{{', '.join(extents)}}}}}"
    return Value(text, kind)


def counted(write: Function, node: ast.Call) -> Value:
    """Write the numbers from 0 up to an extent, as an array."""
    write.takes_memory = True
    return Value(f"counted({bare(write.whole_number(node.args[0]))})", Arrays("i8", 1))


def of_reals(name: str, kind: Type) -> Callable[[Function, ast.Call], Value]:
    """Return how a function of an array of real numbers is written."""

    def write_it(write: Function, node: ast.Call) -> Value:
        write.takes_memory |= isinstance(kind, Arrays)
        value = write.expression(node.args[0])
        if value.kind != Arrays("f8", 1):
            raise write.refused(
                node, "an array of something else than real numbers here", "use an array of them"
            )
        return Value(f"{name}({bare(value.text)})", kind)

    return write_it


def times_power_of_two(write: Function, node: ast.Call) -> Value:
    """Write a number scaled by a power of two."""
    first, second = write.number_of(node.args[0]), write.whole_number(node.args[1])
    return Value(f"scaled({bare(first.text)}, {bare(second)})", REAL)


def put_down(write: Function, node: ast.Call) -> Value:
    """Write the values of a tuple into a row."""
    if len(node.args) != 2 or not all(isinstance(arg, ast.Name) for arg in node.args):
        raise write.refused(node, "other than a row and a tuple by name", "give them names")
    row, values = (write.expression(arg) for arg in node.args)
    if row.kind != Arrays("f8", 1) or not isinstance(values.kind, Tuples):
        raise write.refused(node, "other than real numbers and a tuple", "use a row and a tuple")
    write.written |= row.roots
    parts = [
        f"{row.text}.at[{k}] = {values.text}.{called(name)}"
        for k, (name, _) in enumerate(values.kind.fields)
    ]
    return Value(f"({', '.join(parts)})", REAL)


KNOWN: Final[dict[Any, Callable[[Function, ast.Call], Value]]] = {
    np.empty: lambda write, node: write.fill(node, "taken"),
    np.zeros: lambda write, node: write.fill(node, "zeros"),
    np.full: filled,
    np.arange: counted,
    order_of: of_reals("order_of", Arrays("i8", 1)),
    put: put_down,
    sum_of: of_reals("sum_of", REAL),
    scaled: times_power_of_two,
    int: converted(WHOLE),
    np.int64: converted(WHOLE),
    float: converted(REAL),
    bool: converted(TRUTH),
    len: length,
    min: extreme("<"),
    max: extreme(">"),
    abs: absolute,
    nearest: of_real("nearest", WHOLE),
    math.floor: of_real("whole_below", WHOLE),
    math.sqrt: of_real("__builtin_sqrt"),
}
"""Functions of Python and NumPy that may be used, and how each is written."""


# --- Pieces of text ---------------------------------------------------------------------------


def loop_variables(tree: ast.FunctionDef) -> set[str]:
    """Return the variables that only loops over a range give a value, and only in them are used."""
    inside: dict[str, set[ast.AST]] = {}
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For) and isinstance(loop.target, ast.Name):
            over = loop.iter
            if (
                isinstance(over, ast.Call)
                and isinstance(over.func, ast.Name)
                and over.func.id == "range"
            ):
                mine = inside.setdefault(loop.target.id, set())
                mine.add(loop.target)
                mine.update(
                    name
                    for statement in loop.body
                    for name in ast.walk(statement)
                    if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load)
                )
    uses = [use for use in ast.walk(tree) if isinstance(use, ast.Name)]
    return {
        name for name, mine in inside.items() if all(use in mine for use in uses if use.id == name)
    }


def apart(targets: Sequence[ast.expr], values: Sequence[ast.expr]) -> bool:
    """Return whether names can be given their values one after the other: none depends on one."""
    if not all(isinstance(target, ast.Name) for target in targets):
        return False
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    used = {part.id for value in values for part in ast.walk(value) if isinstance(part, ast.Name)}
    return not names & used


def literal(value: Any) -> Value:
    """Write a constant."""
    if isinstance(value, (bool, np.bool_)):
        return Value("true" if value else "false", TRUTH)
    if isinstance(value, (int, np.integer)):
        whole = int(value)
        if -(2**31) < whole < 2**31:
            return Value(str(whole) if whole >= 0 else f"({whole})", WHOLE)
        return Value(f"INT64_C({whole})" if whole >= 0 else f"(-INT64_C({-whole}))", WHOLE)
    number = float(value)
    if math.isnan(number):
        return Value('__builtin_nan("")', REAL)
    if math.isinf(number):
        return Value("__builtin_inf()" if number > 0 else "(-__builtin_inf())", REAL)
    return Value(repr(number) if math.copysign(1.0, number) > 0 else f"({number!r})", REAL)


def product(factors: Iterable[str]) -> str:
    """Write a product."""
    listed = list(factors)
    return listed[0] if len(listed) == 1 else f"({' * '.join(listed)})"


def pointed(text: str) -> str:
    """Write the way to a column of a row that an expression points at."""
    if text.startswith("(&") and text.endswith(")"):
        return f"{text[2:-1]}."
    return f"{text}->"


def reached(text: str) -> str:
    """Write the way to a field of a tuple."""
    if text.startswith("(*") and bare(text)[1:].isidentifier():
        return f"{bare(text)[1:]}->"
    return f"{text}."


def variable(c: str, name: str) -> str:
    """Write the declaration of a variable of a C type."""
    return f"{c}{name}" if c.endswith("*") else f"{c} {name}"


def described(kind: Type) -> str:
    """Return a type in words."""
    if isinstance(kind, Scalar):
        return kind.name
    if isinstance(kind, Arrays):
        return f"an array of {kind.stored}"
    return f"a {kind.name}"


def arrays_in(text: str, kind: Type) -> Iterable[tuple[str, Arrays]]:
    """Return the arrays in a value, and where each stands."""
    if isinstance(kind, Arrays):
        yield text, kind
    elif isinstance(kind, Tuples):
        for name, part in kind.fields:
            yield from arrays_in(f"{text}.{called(name)}", part)


# --- Entries ----------------------------------------------------------------------------------


def taken_from(kind: Type, place: int, unit: Unit) -> str:
    """Write a value as it is read from the places the host filled."""
    if isinstance(kind, Scalar):
        return f"((double *)slot)[{place}]" if kind is REAL else f"slot[{place}]"
    if isinstance(kind, Arrays):
        extents = ", ".join(f"slot[{place + 1 + k}]" for k in range(kind.dimensions))
        return f"{{(void *)(uintptr_t)slot[{place}], {{{extents}}}}}"
    assert isinstance(kind, Tuples)
    parts = []
    for part in kind.types:
        parts.append(taken_from(part, place, unit))
        place += places(part)
    return f"{{{', '.join(parts)}}}"


def given_to(text: str, kind: Type, place: int) -> list[str]:
    """Write a value into the places the host reads."""
    if isinstance(kind, Scalar):
        return [
            f"    ((double *)slot)[{place}] = {text};"
            if kind is REAL
            else f"    slot[{place}] = {text};"
        ]
    if isinstance(kind, Arrays):
        extents = [f"    slot[{place + 1 + k}] = {text}.n[{k}];" for k in range(kind.dimensions)]
        return [f"    slot[{place}] = (int64_t)(uintptr_t){text}.at;", *extents]
    assert isinstance(kind, Tuples)
    lines = []
    for name, part in kind.fields:
        lines += given_to(f"{text}.{called(name)}", part, place)
        place += places(part)
    return lines


def entry_types(function: Any) -> dict[str, Type]:
    """Return the types an entry's annotations say."""
    plain, types = original(function), {}
    hints = hints_of(plain)
    for name in inspect.signature(plain).parameters:
        kind = declared(hints[name])
        if kind is None:
            raise SubsetError(
                f"{plain.__module__}.{plain.__name__}: {name} does not say what it holds. "
                "An entry says the kind of every array (sim.engine.kinds), as in F8_2."
            )
        types[name] = kind
    return types


def write_c(functions: Iterable[Any], checked: bool = False) -> Unit:
    """Return a page of C that has these functions as entries.

    Parameters
    ----------
    functions
        Marked by :func:`sim.engine.entry`; their annotations say all types.
    checked
        Whether every index is looked at, and one outside its array stops the run.

    Raises
    ------
    SubsetError
        If something has no meaning in the subset: with file and line, and what to write instead.
    """
    unit, exports = Unit(checked), []
    unit.c(Arrays("i8", 1)), unit.c(Arrays("f8", 1))  # which the runtime uses
    for function in functions:
        types = entry_types(function)
        written = unit.function(function, tuple(types.values()))
        unit.entries[written.name] = Exported(types, written.result, frozenset(written.written))
        lines, arguments, place = [], [], 0
        for parameter, kind in types.items():
            name = called(parameter)
            lines.append(f"    {variable(unit.c(kind), name)} = {taken_from(kind, place, unit)};")
            arguments.append(f"&{name}" if isinstance(kind, Tuples) else name)
            place += places(kind)
        call = f"{written.name}({', '.join(arguments)})"
        if written.result is None:
            lines.append(f"    {call};")
        else:
            lines.append(f"    {unit.c(written.result)} found = {call};")
            lines += given_to("found", written.result, 0)
        inside = "\n".join(lines)
        exports.append(
            f"EXPORT({written.name})\nvoid enter_{written.name}(int64_t *slot)\n{{\n{inside}\n}}"
        )
    before, after = RUNTIME.split("/* --- What needs the types below --- */\n")
    head = "#define CHECKED\n\n" if checked else ""
    parts = [head + before.strip(), *unit.declarations, after.strip(), "\n".join(unit.prototypes)]
    unit.text = "\n\n".join([*parts, *unit.bodies, *exports]) + "\n"
    return unit
