"""What takes long of ``analysis/test_patterns.py``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import test_patterns as quick
from matplotlib.text import Text

from analysis import cli
from analysis.studies import patterns
from analysis.studies.patterns.findings import Shown

shown = quick.shown


def test_the_sheet_has_a_panel_for_each_pattern_and_nothing_leaves_it(shown: list[Shown]) -> None:
    figure = patterns.patterns_figure(shown, 8, 1)
    assert len(figure.axes) == len(shown)
    figure.set_dpi(200)  # as it is written
    figure.draw_without_rendering()
    wide, high = figure.get_size_inches() * figure.dpi
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_text().strip():
            box = text.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= wide and box.y0 >= 0 and box.y1 <= high
    for one in shown:
        assert any(text.get_text() == one.verdict for text in figure.texts)


def test_the_command_tells_numbers_intervals_and_verdicts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["patterns", "p7", "P10", "--runs", "6"]
    assert cli.adopt.main(words, standalone_mode=False) == 0
    told = capsys.readouterr().out
    assert "P7 Support reaches most: " in told
    assert "of 2 patterns hold" in told
    assert cli.adopt.main([*words, "--no-figure", "--json"], standalone_mode=False) == 0
    content = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in content["patterns"]] == ["P7", "P10"]
    assert all(one["findings"] and one["verdict"] for one in content["patterns"])
    assert len(list(tmp_path.rglob("*.png"))) == 1
