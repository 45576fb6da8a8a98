"""What takes long of ``analysis/test_report.py``."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest
import test_report as quick
from parts import others
from test_report import HOSTILE, Page, deck, made, report

import sim
from analysis.report import FORMATS, reading
from analysis.report.reading import prepared
from analysis.results import pieces
from analysis.results.beside import Beside
from analysis.words.languages import language
from sim.study.kept import Kept

adopt = quick.adopt
hostile = quick.hostile
one = quick.one
result = quick.result
few = quick.few
nothing = quick.nothing


def texts(slides) -> str:
    found = []
    for slide in slides.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)


def test_numbers_are_those_of_the_answer_as_the_language_writes_them(one, tmp_path):
    for lang in ("en", "nl"):
        words = language(lang)
        page = Page(made(one, tmp_path, "html", lang).decode()).text
        slides = texts(deck(made(one, tmp_path, "pptx", lang)))
        for text in (one.headline(words), one.how_sure(words), one.price(words)):
            assert text in page
        assert one.headline(words) in slides
        for strategy in one.strategies:
            spent = words.euro(strategy.spent[-1])
            assert spent in page
            assert ("." if lang == "nl" else ",") in spent
            for month in one.months:
                assert words.percent(strategy.at(month).mean) in page
                assert words.percent(strategy.at(month).mean) in slides


def test_texts_of_scenarios_are_texts_on_slides(hostile, tmp_path):
    slides = deck(made(hostile, tmp_path, "pptx"))
    told = texts(slides)
    for title in HOSTILE[:4]:
        assert title in told
    for slide in slides.slides:
        for shape in slide.shapes:
            assert shape.top + shape.height <= slides.slide_height


def test_one_organisation_and_an_interrupted_study_are_said_to_be(tmp_path):
    base = sim.load("baseline").changed({"organisation.employees": 40, "simulation.months": 6})
    single = sim.compare([base, base.changed({"name": "b", "title": "B"})], 1, 1)
    one, _ = prepared(replace(single, asked=9), quick=True)
    whole = report(one)
    assert "interrupted" in whole.warnings[0]
    assert "One organisation" in whole.warnings[1]
    assert all(not cell.note for row in whole.levels.tables[0].rows for cell in row.cells)
    for kind in FORMATS:
        assert made(one, tmp_path, kind)
    assert not re.search(r"\bnan\b", made(one, tmp_path, "html").decode().lower())


def test_a_single_strategy_has_a_report_too(tmp_path):
    base = sim.load("champions").changed({"organisation.employees": 40, "simulation.months": 6})
    one, _ = prepared(sim.compare([base], 4, 1), quick=True)
    for kind in FORMATS:
        assert made(one, tmp_path, kind, "nl")


def test_the_command_writes_every_format_beside_the_result(adopt, result, tmp_path):
    folder = result.save(tmp_path, "study")
    code, told = adopt("report", "study", "--format", "all", "--quick", "--lang", "nl")
    assert code == 0, told
    for kind in FORMATS:
        assert (folder / f"report.{kind}").stat().st_size > 10_000
        assert f"report.{kind}" in told
    code, _ = adopt("report", str(folder), "--quick", "--output", "here.html", "--against", "lead")
    assert code == 0
    assert "“Leaders”" in Path("here.html").read_text("utf-8")


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("kind", others(FORMATS, 1))
def test_every_format_is_made_in_both_languages_and_twice_the_same(
    one, tmp_path, kind, lang
) -> None:
    quick.test_every_format_is_made_in_both_languages_and_twice_the_same(one, tmp_path, kind, lang)


def test_groups_too_small_to_be_shown_are_in_no_format(tmp_path):
    base = sim.load("baseline").changed(
        {
            "organisation.employees": 40,
            "organisation.departments": {"many": {"share": 0.95}, "tinyfew": {"share": 0.05}},
            "simulation.months": 6,
        }
    )
    both = sim.compare([base, base.changed({"name": "b", "title": "B"})], 4, 1, by=["department"])
    one, _ = prepared(both, quick=True)
    whole = report(one)
    shown = {row.cells[0].text for table in whole.why.tables for row in table.rows}
    assert "many" in shown
    assert "tinyfew" not in shown
    assert all("tinyfew" not in bars.names for bars in whole.groups)
    assert not report(replace(one, groups=())).why.tables
    assert made(replace(one, groups=()), tmp_path, "pptx")


def test_the_question_and_the_day_are_those_given(one, tmp_path):
    asked = "Wat kiezen wij?"
    page = made(one, tmp_path, "html", "nl", question=asked, day=datetime.date(2027, 3, 1))
    assert asked in page.decode()
    assert "1 maart 2027" in page.decode()
    assert sim.load("baseline").question in made(one, tmp_path, "html").decode()


def test_vectors_are_tried_unless_it_is_quick(result, monkeypatch):
    import analysis.results.answer as page

    monkeypatch.setattr(page.with_vectors, "__defaults__", (1, 2, None, None))
    monkeypatch.setattr(reading, "ORGANISATIONS", 2)
    monkeypatch.setattr(reading, "FEWEST", 2)
    found, notes = prepared(result)
    assert not notes
    assert set(found.best.beats) == {"literature", "vendor"}
    assert "By the research" in report(found).sure.tables[0].columns


@pytest.mark.parametrize("grouped", [True, False])
def test_another_format_of_a_stored_result_simulates_nothing(
    adopt, result, tmp_path, few, nothing, grouped
):
    stored = result if grouped else replace(result, groups={})
    folder = stored.save(tmp_path, "study")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert adopt("report", "study", "--format", "html")[0] == 0
    first = (folder / "report.html").read_bytes()
    nothing()
    code, told = adopt("report", "study", "--format", "all")
    assert code == 0, told
    assert (folder / "report.html").read_bytes() == first
    assert adopt("report", "study", "--against", "lead", "--lang", "nl")[0] == 0
    assert {name: (folder / name).read_bytes() for name in before} == before
    sim.read_result(folder)
    assert [path.name for path in (folder / "kept").iterdir()] == ["answer.json"]


def test_what_is_kept_is_what_is_simulated_to_the_last_bit(result, tmp_path, few):
    bare = replace(result, groups={})
    plain, notes = prepared(bare)
    for _ in range(2):
        found, same = prepared(bare, kept=Beside(tmp_path))
        assert (repr(found), same) == (repr(plain), notes)
    memory: Kept = Kept(1 << 20)
    for _ in range(2):
        assert repr(prepared(bare, kept=memory)[0]) == repr(plain)


def test_what_cannot_be_kept_or_is_damaged_or_of_other_code_is_simulated(
    adopt, result, tmp_path, few, monkeypatch
):
    folder = result.save(tmp_path, "study")
    (folder / "kept").write_text("no folder")
    code, told = adopt("report", "study")
    assert code == 0 and "is not kept" in told
    first = (folder / "report.html").read_bytes()
    (folder / "kept").unlink()
    assert adopt("report", "study")[0] == 0
    file = folder / "kept" / "answer.json"
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"0.", b"1.", 1))
    code, told = adopt("report", "study")
    assert code == 0 and f"{file.name}: damaged" in told
    assert file.read_bytes() == whole
    monkeypatch.setattr(pieces, "code_in_use", lambda: "other")
    code, told = adopt("report", "study")
    assert code == 0 and "other code" in told
    assert file.read_bytes() != whole
    assert (folder / "report.html").read_bytes() == first
