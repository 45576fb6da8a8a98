"""What takes long of ``analysis/test_month.py``."""

from __future__ import annotations

from analysis.month import picture


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
