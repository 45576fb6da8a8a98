"""What every form shares: frozen values, no unknown fields, ranges with names."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.errors import invisible, said

Share = Annotated[float, Field(ge=0, le=1)]
Euro = Annotated[float, Field(ge=0, le=1e12)]
Month = Annotated[int, Field(ge=1, le=1200)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=60)]


class Form(BaseModel):
    """A part of a scenario: frozen, no unknown fields, no silent conversions, no control characters."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        for name, value in self.__dict__.items():
            for text in _texts(value):
                if sign := invisible(text):
                    raise wrong_at(sign, name)
        return self


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts of a field, those of lists and names among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _texts(name)
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)


def check_shares(shares: dict[str, float]) -> dict[str, float]:
    """Return shares that add up to 1 within a thousandth; raise ValueError for others."""
    total = math.fsum(shares.values())
    if abs(total - 1.0) > 1e-3:
        listed = " + ".join(f"{name} {share:g}" for name, share in shares.items())
        raise ValueError(
            said(
                "the shares add up to {total:g} ({listed}), they must add up to 1",
                total=total,
                listed=listed,
            )
        )
    return shares


Shares = Annotated[dict[Name, Share], AfterValidator(check_shares)]
"""Shares by name that add up to 1; what is not named has none."""


def wrong_at(message: str, *keys: str) -> PydanticCustomError:
    """Return an error about the whole that is to be mended at a part of it, named by its keys."""
    return PydanticCustomError("wrong_at", "{told}", {"told": message, "at": keys})
