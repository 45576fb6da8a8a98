"""What takes long of ``contract/test_same_bits.py``."""

from __future__ import annotations

import ast

from test_same_bits import (
    WHOLE,
    calls,
    functions,
    names_allowed,
    names_taken,
    on_the_way,
    outermost,
    text_of,
)


def test_nothing_is_allowed_that_no_page_uses() -> None:
    used, adding = set[str](), set[str]()
    for page in on_the_way():
        tree = ast.parse(text_of(page))
        taken, home = names_taken(tree), functions(tree, page)
        used |= {name for name, _ in outermost(tree, taken)}
        adding |= {
            home.get(part, page)
            for part in ast.walk(tree)
            if isinstance(part, ast.Call) and any(calls(part, taken))
        }
    assert names_allowed() <= used
    assert set(WHOLE) == adding
