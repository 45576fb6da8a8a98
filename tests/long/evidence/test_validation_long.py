"""What takes long of ``evidence/test_validation.py``."""

from __future__ import annotations

import re

import numpy as np
from evidence import test_validation as quick
from evidence.test_validation import VECTORS

from analysis import validation
from analysis.patterns import Study
from analysis.validation import Scorecard, limits, nulls, page

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


def test_the_figure_has_a_line_for_every_figure_of_a_claim(card: Scorecard) -> None:
    figure = validation.scorecard_figure(card)
    claims = [row for row in card.rows if row.section in ("calibrated", "held out")]
    heights = [abs(np.diff(ax.get_ylim())[0]) for ax in figure.axes]
    assert sum(heights) == sum(len(row.lines) for row in claims)
    assert "seed 1" in figure.caption.lower()
    assert "organisations" in figure.caption


def test_the_engine_reaches_the_limits_it_is_shown_with() -> None:
    rows = limits.limit_rows(3, ("vendor",))
    assert [row.name for row in rows] == list(limits.LIMITS)
    assert all(row.worst == "holds" for row in rows)
