"""Where the command begins: it looks whether ``sim`` and ``analysis`` are those of this project.

Their names are general. A folder of yours may be called the same, and Python takes whichever it
finds first.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

HOME = Path(__file__).resolve().parent
"""Where this file lies, and both packages beside it."""


def check(*packages: str) -> None:
    """Look whether Python takes the packages that lie beside this file.

    Parameters
    ----------
    packages
        ``sim``, ``analysis``, or both.

    Raises
    ------
    ImportError
        If it takes others; it names what was found and what was expected.
    """
    for name in packages:
        spec = find_spec(name)
        expected = HOME / name / "__init__.py"
        found = spec.origin if spec and spec.origin else "no file"
        if found == "no file" or Path(found).resolve() != expected:
            raise ImportError(
                f"another package is called '{name}': found {found}, expected {expected}. "
                "Start in another folder, rename yours, or take its folder out of PYTHONPATH"
            )


def main() -> None:
    """Run ``adopt``; a package that is not ours is said in a line, without a traceback."""
    try:
        check("sim", "analysis")
    except ImportError as error:
        sys.exit(f"error: {error}")
    from analysis.cli import main as adopt

    adopt()


if __name__ == "__main__":
    main()
