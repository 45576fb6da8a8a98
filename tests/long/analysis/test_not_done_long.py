"""What takes long of ``analysis/test_not_done.py``."""

from __future__ import annotations

import test_not_done as quick
from test_not_done import EN

from analysis.report.content import report_of
from analysis.results.answer import Answer

one = quick.one
result = quick.result


def test_slides_and_their_notes_say_it(one: Answer) -> None:
    import io

    from pptx import Presentation

    from analysis.report.deck import deck_bytes

    deck = Presentation(io.BytesIO(deck_bytes(one, report_of(one, EN))))
    first = [shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame]
    assert any("not bought" in text.lower() for text in first)
    for slide in deck.slides:
        assert "not bought" in slide.notes_slide.notes_text_frame.text
