"""Formulas as MathML, which browsers draw by themselves: no script, no font, no connection."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx

NAME = re.compile(r"\\texttt\{([^{}]*)\}")
HALF = re.compile(r"\\tfrac(\d)(\d)")


def mathml(formula: str, block: bool) -> str:
    r"""Return a formula of TeX as MathML.

    A formula may stand between backticks as well, which only the repository's own pages need.
    The converter of docutils knows neither ``\texttt`` nor fractions without braces.
    """
    formula = formula.strip("`")
    names = [one.replace(r"\_", "_") for one in NAME.findall(formula)]
    plain = NAME.sub(lambda found: rf"\text{{{found[1]}}}".replace(r"\_", "_"), formula)
    drawn = str(tex2mathml(HALF.sub(r"\\tfrac{\1}{\2}", plain), as_block=block))
    for name in set(names):
        drawn = drawn.replace(f"<mtext>{name}</mtext>", f'<mtext class="name">{name}</mtext>')
    return drawn


def inline(writer: Any, node: nodes.math) -> None:
    """Write a formula within a line."""
    writer.body.append(f'<span class="formula">{mathml(node.astext(), block=False)}</span>')
    raise nodes.SkipNode


def block(writer: Any, node: nodes.math_block) -> None:
    """Write a formula of its own."""
    writer.body.append(f'<div class="formula">{mathml(node.astext(), block=True)}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Let pages be written with these formulas."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
