"""The figure of risk says the chances."""

# ruff: noqa: F401, F811

from __future__ import annotations

from matplotlib.colors import to_hex
from matplotlib.text import Text
from test_risk import risked

from analysis.decisions.risk import Risk
from analysis.decisions.risk_figure import risk_figure


def test_the_figure_says_the_chances(risked: Risk) -> None:
    picture = risk_figure(risked)
    texts = [text.get_text() for text in picture.findobj(Text)]
    for plan in range(3):
        assert f"{100 * risked.failing(plan).value:.0f}%" in texts
    assert picture.message == risked.answer
    assert "Seed 1" in picture.caption
    assert "nine tenths of the sets of numbers" in " ".join(picture.caption.split())
    assert any("4 organisations each" in text for text in texts)
    (ax,) = picture.axes
    assert ax.get_xlabel() == "weekly users in month 6 [%]"
    assert {to_hex(shape.get_facecolor()[0]) for shape in ax.collections} >= {"#d55e00", "#b9c9d6"}
