"""Names of a package that are imported when first asked for: what is heavy costs only who uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def attach(
    package: str, homes: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a package.

    Parameters
    ----------
    package
        Name of the package.
    homes
        Names by the page inside the package that has them; ``old as new`` renames one.
    """
    home = {
        name.split(" as ")[-1]: (f"{package}.{page}", name.split(" as ")[0])
        for page, names in homes.items()
        for name in names
    }

    def get(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        page, there = home[name]
        return getattr(import_module(page), there)

    return get, lambda: sorted(home)
