"""Types of the subset: what a value is, what it is called in C, and how it crosses to the engine."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import numpy as np

from sim.engine.kinds import Of
from sim.errors import AdoptionError


class SubsetError(AdoptionError):
    """Something the subset has no meaning for: where it stands, what it is, what to write instead."""


@dataclass(frozen=True)
class Scalar:
    """A number: real, whole, or true or false."""

    name: str
    c: str


REAL: Final = Scalar("a real number", "double")
WHOLE: Final = Scalar("a whole number", "int64_t")
TRUTH: Final = Scalar("true or false", "bool")

NUMBERS: Final[dict[Any, Scalar]] = {float: REAL, int: WHOLE, bool: TRUTH}
"""What annotations call numbers."""

ELEMENTS: Final = {
    "f8": "double",
    "f4": "float",
    "i8": "int64_t",
    "i4": "int32_t",
    "i2": "int16_t",
    "i1": "int8_t",
    "u4": "uint32_t",
    "u2": "uint16_t",
    "u1": "uint8_t",
    "b1": "bool",
}
"""C types of what NumPy stores."""


def code_of(dtype: np.dtype[Any]) -> str:
    """Return the type code of a plain NumPy type, as ``f8``."""
    return f"{dtype.kind}{dtype.itemsize}"


def scalar_of(code: str) -> Scalar:
    """Return what a stored number is once it is read."""
    return {"f": REAL, "b": TRUTH}.get(code[0], WHOLE)


@dataclass(frozen=True)
class Record:
    """A row of a table: always where it stands, never a copy."""

    name: str
    dtype: np.dtype[Any]

    @cached_property
    def fields(self) -> dict[str, str]:
        """Type codes of the columns, by name."""
        assert self.dtype.fields is not None
        return {name: code_of(self.dtype.fields[name][0]) for name in self.dtype.names or ()}

    @property
    def c(self) -> str:
        """C type of a variable that stands for a row."""
        return f"{self.name} *"


@dataclass(frozen=True)
class Arrays:
    """An array without gaps: where it begins, and its extent in each dimension."""

    element: str | Record
    dimensions: int

    @property
    def stored(self) -> str:
        """C type of an element."""
        return ELEMENTS[self.element] if isinstance(self.element, str) else self.element.name

    @property
    def dtype(self) -> np.dtype[Any]:
        """NumPy type of an element."""
        return np.dtype(self.element) if isinstance(self.element, str) else self.element.dtype

    @property
    def c(self) -> str:
        """Name of the C type."""
        called = self.element if isinstance(self.element, str) else self.element.name
        return f"{called}_{self.dimensions}"


@dataclass(frozen=True)
class Tuples:
    """Some values together, with names or in their order."""

    name: str
    fields: tuple[tuple[str, Type], ...]

    @property
    def c(self) -> str:
        """Name of the C type."""
        return self.name

    @property
    def types(self) -> tuple[Type, ...]:
        """Types of the values."""
        return tuple(kind for _, kind in self.fields)


Type = Scalar | Record | Arrays | Tuples


def plain_tuple(types: tuple[Type, ...]) -> Tuples:
    """Return the type of a tuple without names."""
    called = "_".join(kind.c.replace(" *", "").replace("_t", "") for kind in types)
    return Tuples(f"tuple_{called}", tuple((f"v{k}", kind) for k, kind in enumerate(types)))


def holds_arrays(kind: Type | None) -> bool:
    """Return whether a value of this type has arrays in it."""
    if isinstance(kind, Tuples):
        return any(map(holds_arrays, kind.types))
    return isinstance(kind, Arrays)


def places(kind: Type | None) -> int:
    """Return how many 64-bit places a value takes on its way to the engine and back."""
    if kind is None:
        return 0
    if isinstance(kind, Tuples):
        return sum(map(places, kind.types))
    return 1 + kind.dimensions if isinstance(kind, Arrays) else 1


# --- From annotations -----------------------------------------------------------------------


def constant_of(dtype: np.dtype[Any]) -> tuple[Any, str]:
    """Return the page of ours, and the name of the constant in it, that holds a row type."""
    for page in list(sys.modules.values()):
        if getattr(page, "__name__", "").startswith("sim."):
            for name, value in vars(page).items():
                if isinstance(value, np.dtype) and value == dtype and name.isupper():
                    return page, name
    raise SubsetError(f"a row type without a name: {dtype}. Give it a constant of its page.")


def page_of(record: Record) -> Path:
    """Return the page a row type is made in."""
    return Path(constant_of(record.dtype)[0].__file__).resolve()


def record_of(dtype: np.dtype[Any]) -> Record:
    """Return the record a row type is, called as the constant that holds it."""
    return Record(constant_of(dtype)[1].capitalize(), dtype)


def element_of(dtype: Any) -> str | Record:
    """Return what an array of this NumPy type holds."""
    known = np.dtype(dtype)
    return record_of(known) if known.names else code_of(known)


def declared(annotation: Any) -> Type | None:
    """Return the type an annotation says, None if it leaves it to the call."""
    if annotation in NUMBERS:
        return NUMBERS[annotation]
    if get_origin(annotation) is Annotated:
        of = next((meta for meta in annotation.__metadata__ if isinstance(meta, Of)), None)
        return (
            Arrays(element_of(of.dtype), of.dimensions) if of else declared(get_args(annotation)[0])
        )
    if get_origin(annotation) is tuple:
        types = tuple(map(declared, get_args(annotation)))
        return plain_tuple(types) if None not in types else None  # type: ignore[arg-type]
    if hasattr(annotation, "_fields"):
        return named_tuple(annotation)
    return None


def named_tuple(cls: Any) -> Tuples:
    """Return the type of a tuple with names."""
    fields = []
    for name, annotation in hints_of(cls).items():
        kind = declared(annotation)
        if kind is None:
            raise SubsetError(
                f"{cls.__module__}.{cls.__name__}.{name}: {annotation} does not say what it holds. "
                "Say the kind of an array (sim.engine.kinds), as in F8_2."
            )
        fields.append((name, kind))
    return Tuples(cls.__name__, tuple(fields))


def hints_of(thing: Any) -> dict[str, Any]:
    """Return the annotations of a class or a function."""
    return get_type_hints(thing, include_extras=True)
