"""What an array holds, said where it is declared: ``masks: I8`` is one dimension of whole numbers.

An annotation that says no more than ``Array`` takes its kind from the call. Where arrays come from
(the functions that :func:`sim.engine.entry` marks, and fields of tuples) it has to be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Of:
    """The kind of an array: a NumPy type code, or the type of a table's rows, and dimensions."""

    dtype: Any
    dimensions: int = 1


SCRATCH = "scratch"
"""Says of an array that an entry may do with it what it likes: it is given a copy."""


class Spent(np.ndarray[Any, Any]):
    """An array nobody needs afterwards, which an entry may therefore have itself: ``array.view(Spent)``."""


F8 = Annotated[Array, Of("f8")]
F8_2 = Annotated[Array, Of("f8", 2)]
F8_3 = Annotated[Array, Of("f8", 3)]
F8_4 = Annotated[Array, Of("f8", 4)]
F4 = Annotated[Array, Of("f4")]
I8 = Annotated[Array, Of("i8")]
I8_2 = Annotated[Array, Of("i8", 2)]
I4 = Annotated[Array, Of("i4")]
I4_2 = Annotated[Array, Of("i4", 2)]
I1 = Annotated[Array, Of("i1")]
U4 = Annotated[Array, Of("u4")]
U1 = Annotated[Array, Of("u1")]
U1_2 = Annotated[Array, Of("u1", 2)]
TRUE = Annotated[Array, Of("?")]
TRUE_2 = Annotated[Array, Of("?", 2)]
TRUE_3 = Annotated[Array, Of("?", 3)]
