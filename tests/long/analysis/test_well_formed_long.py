"""What takes long of ``analysis/test_well_formed.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_well_formed as quick
from test_well_formed import FORMATS, parsed

import analysis
from sim.study.results import Result

result = quick.result


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("format", FORMATS[1:])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_page_and_deck_can_be_read_again(
    result: Result, tmp_path: Path, format: str, lang: str
) -> None:
    quick.test_every_page_and_deck_can_be_read_again(result, tmp_path, format, lang)


@pytest.mark.filterwarnings("ignore:Glyph")
def test_every_picture_is_well_formed_and_shows_the_name(result: Result, tmp_path: Path) -> None:
    _, svg = analysis.save_figure(analysis.adoption_curves(result), tmp_path / "adoption")
    words = "".join(parsed(svg.read_bytes()).itertext()) + svg.read_text("utf-8")
    assert "]]" in words
