"""What takes long of ``evidence/test_validation.py``."""

from __future__ import annotations

import re

from evidence import test_validation as quick
from evidence.test_validation import VECTORS

from analysis.patterns import Study
from analysis.validation import Scorecard, nulls, page

card = quick.card


def test_the_page_needs_nothing_else_and_holds_every_row(card: Scorecard) -> None:
    text = page.html_page(card)
    assert not re.search(r"<link|<script|@import|src=|url\(http", text)
    for row in card.rows:
        assert text.count(f'id="{row.name}"') == 1
    assert "docs/limits.md" in text
    assert card.origin["code"][:12] in text
    assert text.count("<svg") == 1


def test_what_stands_in_the_register_cannot_become_markup(card: Scorecard) -> None:
    bad = card.rows[0]._replace(
        title="<script>alert(1)</script>", reading="a & b", source='"><img src=x>'
    )
    text = page.html_page(card._replace(rows=[bad, *card.rows[1:]]))
    assert "<script>" not in text
    assert "<img" not in text
    assert "&lt;script&gt;" in text


def test_independent_people_are_brought_to_the_same_level() -> None:
    model, alone, *others = nulls.rivals(Study(10, 1, VECTORS))
    assert (model.error, alone.name) == (0.0, "Independent people")
    assert [one.name for one in others] == list(nulls.FORMS)
    assert 0.0 < alone.error < 0.2
    assert alone.leaders < model.leaders
    assert all(one.spread < model.spread for one in others)
