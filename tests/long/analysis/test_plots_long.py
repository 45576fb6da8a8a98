"""What takes long of ``analysis/test_plots.py``."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import matplotlib
import pytest
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from test_plots import CASES, made, said

from analysis.figures.curves import Picture, adoption_curves, save_figure
from analysis.results.summary import label_of
from sim import kpis


def texts(figure: Picture) -> list[tuple[Text, Bbox]]:
    """Return every text of a figure that can be seen, with the box it fills."""
    figure.draw_without_rendering()
    found = []
    for one in figure.findobj(Text):
        assert isinstance(one, Text)
        if one.get_visible() and one.get_text().strip():
            found.append((one, one.get_window_extent()))
    return found


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kpi", ["adoption", "cumulative_net"])
def test_no_two_texts_overlap_and_none_leaves_the_figure(case: str, kpi: str) -> None:
    figure = adoption_curves(CASES[case], kpi=kpi)
    boxes = texts(figure)
    for (one, box), (other, its_box) in itertools.combinations(boxes, 2):
        shared = Bbox.intersection(box, its_box)
        touching = shared is not None and min(shared.width, shared.height) > 1.0
        assert not touching, f"'{one.get_text()}' and '{other.get_text()}' overlap"
    for one, box in boxes:
        inside = (
            box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        )
        assert inside, f"'{one.get_text()}' is cut off"


@pytest.mark.parametrize("kpi", kpis.KPIS)
def test_every_kpi_can_be_drawn(kpi: str) -> None:
    assert label_of(kpi) in said(adoption_curves(CASES["two"], kpi=kpi))


def test_a_figure_drawn_again_gives_the_same_bytes(tmp_path: Path) -> None:
    first = save_figure(adoption_curves(CASES["four"]), tmp_path / "a" / "figure.png")
    save_figure(adoption_curves(CASES["two"]), tmp_path / "between")
    second = save_figure(adoption_curves(CASES["four"]), tmp_path / "b" / "figure")
    assert [one.name for one in first] == ["figure.png", "figure.svg"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_with_many_scenarios_the_caption_speaks_of_bars_instead_of_bands() -> None:
    assert "Bars at the right end: 10-90 %" in adoption_curves(CASES["eight"]).caption


def test_the_text_of_an_svg_is_text(tmp_path: Path) -> None:
    result = made({"Licences only": 0.4, "R&D <champions>, $5 to $6": 0.6})
    _, svg = save_figure(adoption_curves(result), tmp_path / "v1.2")
    assert svg.name == "v1.2.svg"
    root = ElementTree.fromstring(svg.read_text("utf-8"))
    written = [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "R&D <champions>, $5 to $6" in " ".join(filter(None, written))
    assert "20 %" in written


def test_drawing_leaves_no_trace_in_the_settings_of_matplotlib(tmp_path: Path) -> None:
    before = dict(matplotlib.rcParams)
    save_figure(adoption_curves(CASES["two"]), tmp_path / "figure")
    assert dict(matplotlib.rcParams) == before
