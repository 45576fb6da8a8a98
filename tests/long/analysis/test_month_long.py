"""What takes long of ``analysis/test_month.py``."""

from __future__ import annotations

import ast

import pytest

from analysis.model import picture, steps
from analysis.model.odd import TABLES


def test_no_text_of_the_picture_leaves_it_or_its_card() -> None:
    figure = picture.month_picture()
    figure.canvas.draw()
    ax = figure.axes[0]
    room = ax.get_window_extent().expanded(1.01, 1.01)
    boxes = [one.get_window_extent() for one in ax.texts]
    for one, box in zip(ax.texts, boxes, strict=True):
        assert room.x0 <= box.x0 and box.x1 <= room.x1, one.get_text()
        assert room.y0 <= box.y0 and box.y1 <= room.y1, one.get_text()
    for k, box in enumerate(boxes):
        for other in boxes[k + 1 :]:
            assert not box.expanded(0.95, 0.7).overlaps(other), (ax.texts[k].get_text(), other)


def test_a_parameter_that_is_added_shows_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    before = TABLES["month"]()
    assert "`norm_rate`" in before
    rule = steps._function("sim.rules.perceive")
    more = ast.parse("def perceive(me, p):\n    '''Wait.'''\n    me.skill = p.champion_use").body[0]
    assert isinstance(more, ast.FunctionDef)
    monkeypatch.setitem(steps._page("sim.rules").functions, "perceive", more)
    after = TABLES["month"]()
    assert "| Perceive | Wait. | `skill` | `sim.rules.perceive` | `champion_use` |" in after
    monkeypatch.setitem(steps._page("sim.rules").functions, "perceive", rule)
    assert TABLES["month"]() == before
