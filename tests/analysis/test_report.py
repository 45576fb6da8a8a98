"""The report says what the answer says, in every format and language, and texts in it do nothing."""

from __future__ import annotations

import datetime
import io
import re
import sys
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree
from parts import few
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn

import analysis
import sim
from analysis import cli
from analysis.decisions import frontier
from analysis.decisions.bench import Terms
from analysis.decisions.goal import Goal
from analysis.decisions.money_texts import measures_in
from analysis.figures import theme
from analysis.report import FORMATS, plans, reading, write, write_report
from analysis.report.content import report_of
from analysis.report.cover import Cover
from analysis.report.figure import any_letters
from analysis.report.reading import clean, prepared, readable
from analysis.report.values import Report, Section
from analysis.results.answer import Answer
from analysis.results.beside import Beside
from analysis.results.tables import plan_of
from analysis.words.languages import language
from sim import kernel
from sim.errors import AdoptionError, InterruptedStudyError
from sim.study.results import Result

HOSTILE = (
    "<script>alert(1)</script>",
    '#import "x": * [$x^2$] `a` \\',
    "=cmd|'/C calc'!A0 {name} {0} %s",
    "W" * 120,
    "مرحبا שלום 👩\u200d💻😀 \u200ftxt",
)
EIGHT = 8
VOID = {"meta", "img", "source", "col", "br", "link", "hr", "input"}


@pytest.fixture(scope="module")
def result() -> Result:
    base = sim.load("baseline").changed({"organisation.employees": 60, "simulation.months": 12})
    second = base.changed({"name": "lead", "title": "Leaders", "programme.leadership-example": {}})
    third = base.changed({"name": "champ", "title": "Champs", "programme.champions.share": 0.1})
    return sim.compare([base, second, third], 6, 1, by=["archetype", "department"])


@pytest.fixture(scope="module")
def one(result: Result) -> Answer:
    found, notes = prepared(result, quick=True)
    assert notes == ("quick",)
    return found


@pytest.fixture(scope="module")
def hostile() -> Answer:
    base = sim.load("baseline").changed(
        {"organisation.employees": 40, "simulation.months": 6, "organisation.name": HOSTILE[0]}
    )
    scenarios = [
        base.changed({"name": f"s{k}", "title": title, "question": f"{title}?"})
        for k, title in enumerate(HOSTILE)
    ]
    return prepared(sim.compare(scenarios, 2, 1), quick=True)[0]


class Page(HTMLParser):
    """What stands in a page, and whether every element that is opened is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.marks: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.marks.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def made(one: Answer, tmp_path: Path, kind: str, lang: str = "en", **more: Any) -> bytes:
    return write(one, tmp_path / f"report.{kind}", kind, lang, **more).read_bytes()


def deck(content: bytes):
    return Presentation(io.BytesIO(content))


# --- Every format ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("kind", few(FORMATS, 1))
def test_every_format_is_made_in_both_languages_and_twice_the_same(one, tmp_path, kind, lang):
    first = made(one, tmp_path, kind, lang)
    assert first == made(one, tmp_path, kind, lang)
    assert (
        first[:4] == {"html": b"<!do", "play": b"<!do", "pdf": b"%PDF", "pptx": b"PK\x03\x04"}[kind]
    )
    assert len(first) < 2_000_000
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_page_needs_nothing_else_and_is_well_formed(one, tmp_path, lang):
    text = made(one, tmp_path, "html", lang).decode()
    page = Page(text)
    assert "<script" not in text
    assert page.marks[0] == ("html", {"lang": lang})
    for tag, attributes in page.marks:
        for name in ("src", "href", "srcset"):
            assert (attributes.get(name) or "#").startswith(("data:image/", "#")), tag
        if tag == "th":
            assert attributes["scope"] in ("row", "col", "rowgroup")
        if tag == "img":
            assert len(attributes["alt"] or "") > 40
    tags = [tag for tag, _ in page.marks]
    assert tags.count("h1") == tags.count("main") == 1
    assert not re.search(r"url\(|@import", text)


def test_slides_have_native_charts_alternative_texts_and_notes(one, tmp_path):
    slides = deck(made(one, tmp_path, "pptx"))
    assert slides.slide_width / slides.slide_height == pytest.approx(16 / 9, abs=0.001)
    assert len(slides.slides) >= EIGHT + 6
    charts = [s for slide in slides.slides for s in slide.shapes if s.has_chart]
    assert charts
    for slide in slides.slides:
        assert one.result.fingerprint in slide.notes_slide.notes_text_frame.text
        assert slide.shapes.title.text_frame.text.strip()
        for shape in slide.shapes:
            assert min(shape.left, shape.top) >= 0
            assert shape.left + shape.width <= slides.slide_width
            assert shape.top + shape.height <= slides.slide_height
            if shape.has_chart or shape.has_table:
                assert shape._element.nvGraphicFramePr.cNvPr.get("descr")
    lines = charts[0].chart.plots[0].series
    assert [*lines[0].values] == pytest.approx(100 * np.array(one.reference.adoption[0]), abs=0.51)


def texts_of(slide) -> list[str]:
    """Return what stands on a slide, table cells and charts included."""
    found = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
        if shape.has_chart:
            found += [series.name for series in shape.chart.plots[0].series]
            found += list(shape.chart.plots[0].categories)
    return found


def sizes_of(slide) -> set[float]:
    """Return every size of letters that is written into a slide and its charts [point]."""
    found = {
        int(size) for size in re.findall(r'\bsz="(\d+)"', etree.tostring(slide._element).decode())
    }
    for shape in slide.shapes:
        if shape.has_chart:
            drawn = etree.tostring(shape.chart._chartSpace).decode()
            found |= {int(size) for size in re.findall(r'\bsz="(\d+)"', drawn)}
    return {size / 100 for size in found}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_deck_is_eight_slides_with_a_message_each_and_an_appendix(one, tmp_path, lang):
    whole = report_of(one, language(lang))
    slides = list(deck(made(one, tmp_path, "pptx", lang)).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    keys = ("choices", "levels", "added", "parts", "within", "turns", "days")
    assert titles[:EIGHT] == [one.outcome(language(lang)), *(whole.messages[key] for key in keys)]
    assert all(title.startswith(whole.words["appendix"]) for title in titles[EIGHT:])
    assert len(set(titles[:EIGHT])) == EIGHT
    assert whole.decision in texts_of(slides[0])
    for slide in slides:
        assert min(sizes_of(slide)) >= 12.0


def test_the_money_is_told_for_half_the_budget_for_it_and_for_half_as_much_again(result):
    plan = result.scenarios["lead"]
    costs = [plan_of(scenario).total for scenario in result.scenarios.values()]
    budget = round(1.9 * min(costs))
    poor = plan.changed({"budget.total": float(budget), "budget.when_over": "priority"})
    others = [result.scenarios[name] for name in ("baseline", "champ")]
    found = prepared(sim.compare([*others, poor], 6, 1), quick=True)[0]
    words = language("en")
    (table,) = plans.within(found, words).tables
    assert plans.budgets_of(found)[1] == budget
    assert [row.cells[0].text for row in table.rows] == [
        words.euro(each)
        for each in (float(f"{budget / 2:.1e}"), budget, float(f"{1.5 * budget:.1e}"))
    ]
    assert table.rows[0].cells[1].text == f"none: the least costs {words.euro(min(costs))}"
    for row, most in zip(table.rows[1:], plans.budgets_of(found)[1:], strict=True):
        fitting = [each for each in found.strategies if plan_of(each.scenario).total <= most]
        best = max(fitting, key=lambda each: each.adoption[0][-1])
        assert row.cells[1].text == best.called(words)
        assert row.cells[2].text == words.percent(best.at(12).mean)
        assert " to " in row.cells[2].note and row.cells[4].note


def test_best_plans_that_were_searched_for_stand_on_the_slide_of_the_money(one, tmp_path):
    terms = Terms(Goal("adoption", 12))
    found = frontier.sketch(one.best.scenario, [20_000.0, 60_000.0], terms, seed=1)
    for lang in ("en", "nl"):
        words = language(lang)
        path = write(one, tmp_path / lang, "pptx", lang, frontier=found)
        slides = [texts_of(slide) for slide in deck(path.read_bytes()).slides]
        shown = "\n".join(slides[5])
        for point in found.points:
            assert words.percent(point.value.value / 100.0, 1) in shown
            assert words.listed(measures_in(point.scenario, words)) in shown
        whole = report_of(one, words, frontier=found)
        assert any(whole.within.title in " ".join(texts) for texts in slides[EIGHT:])
        page = write(one, tmp_path / f"{lang}.html", "html", lang, frontier=found)
        assert whole.searched[0].title in page.read_text("utf-8")


def fits(frame, width: float, height: float) -> bool:
    """Return whether a text fits, by the widths of its letters in a font at least as wide."""
    high = 0.0
    for paragraph in frame.paragraphs:
        size = max([run.font.size.pt for run in paragraph.runs], default=12.0)
        bold = any(run.font.bold for run in paragraph.runs)
        text = "".join(run.text for run in paragraph.runs)
        lines = theme.wrap(text, 0.9 * size, width, bold) or [""]
        high += len(lines) * 1.2 * size / 72.0
    return high <= height + 0.05


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("which", ["one", "hostile"])
def test_every_text_fits_its_box_and_no_picture_is_distorted(
    request, tmp_path, which, lang, pictures
):
    cover = Cover("A client " * 10, pictures["PNG"], "What? " * 60, "Decide. " * 45)
    slides = deck(made(request.getfixturevalue(which), tmp_path, "pptx", lang, cover=cover))
    for slide in slides.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                size = shape.width.inches, shape.height.inches
                with any_letters():
                    assert fits(shape.text_frame, *size), (size, shape.text_frame.text)
            if shape.shape_type == MSO_SHAPE_TYPE.PICTURE:
                assert shape.width / shape.height == pytest.approx(3.0, rel=0.02)
            if shape.has_table:
                assert shape.top.inches + sum(row.height for row in shape.table.rows) / 914400 < 7.0


# --- What a client's report carries ------------------------------------------------------------


@pytest.fixture
def pictures(tmp_path):
    """Return a logo of every kind, three times as wide as high."""
    found = {kind: tmp_path / f"logo.{kind.lower()}" for kind in ("PNG", "JPEG", "SVG")}
    for kind in ("PNG", "JPEG"):
        Image.new("RGB", (60, 20), "#c33").save(found[kind], kind)
    found["SVG"].write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect width="60" height="20"/></svg>'
    )
    return found


def test_client_logo_decision_question_and_day_are_in_every_format(one, tmp_path, pictures):
    for kind, logo in pictures.items():
        day = datetime.date(2027, 3, 1)
        cover = Cover("Müller & Zn. 株式会社", logo, "What now?", "Say <yes> by May", day)
        page = Page(made(one, tmp_path, "html", cover=cover).decode())
        slides = deck(made(one, tmp_path, "pptx", cover=cover))
        first = "\n".join(texts_of(slides.slides[0]))
        for text in (cover.client, cover.question, cover.decision, "1 March 2027"):
            assert text in page.text
            assert text in first
        for slide in slides.slides:
            assert cover.client in "\n".join(texts_of(slide))
            assert [s for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE] or (
                slide is slides.slides[0]
            )
        assert any("data:image/" in (marks.get("src") or "") for _, marks in page.marks)
        assert made(one, tmp_path, "pdf", cover=cover) != made(one, tmp_path, "pdf")
        assert kind in ("PNG", "JPEG", "SVG")


@pytest.mark.parametrize("text", [*HOSTILE, "{{ 7 * 7 }}", "#import sys", '=HYPERLINK("http://x")'])
def test_what_a_client_is_called_does_nothing(one, tmp_path, text):
    cover = Cover(text[:120], None, text, text)
    page = Page(made(one, tmp_path, "html", cover=cover).decode())
    assert "script" not in {tag for tag, _ in page.marks}
    assert clean(text) in page.text
    assert "49" not in page.text.split(one.organisation)[0]
    assert made(one, tmp_path, "pdf", cover=cover).startswith(b"%PDF")
    assert clean(text) in "\n".join(
        texts_of(deck(made(one, tmp_path, "pptx", cover=cover)).slides[0])
    )


def test_a_text_that_looks_like_a_formula_is_a_text_in_the_workbook_of_a_chart(hostile, tmp_path):
    content = made(hostile, tmp_path, "pptx")
    with zipfile.ZipFile(io.BytesIO(content)) as slides:
        books = [name for name in slides.namelist() if name.endswith(".xlsx")]
        assert books
        for name in books:
            with zipfile.ZipFile(io.BytesIO(slides.read(name))) as book:
                assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_logo_that_is_no_picture_or_too_large_is_said_to_be(one, tmp_path, pictures):
    wrong = tmp_path / "wrong.png"
    wrong.write_bytes(pictures["PNG"].read_bytes()[:40])
    large = tmp_path / "large.png"
    large.write_bytes(bytes(2_000_001))
    bomb = tmp_path / "bomb.svg"
    bomb.write_text(
        '<!DOCTYPE a [<!ENTITY b "c">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'
    )
    for path, expected in (
        (tmp_path / "none.png", "cannot be read"),
        (tmp_path, "cannot be read"),
        (large, "2 MB at most"),
        (wrong, "expected PNG, JPEG or SVG"),
        (bomb, "expected PNG, JPEG or SVG"),
    ):
        with pytest.raises(AdoptionError, match=expected):
            write_report(one.result, tmp_path / "x.html", cover=Cover(logo=path), quick=True)
    for cover in (Cover(client="a" * 121), Cover(decision="a" * 401)):
        with pytest.raises(AdoptionError, match="at most"):
            write_report(one.result, tmp_path / "x.html", cover=cover, quick=True)
    assert not (tmp_path / "x.html").exists()


def test_numbers_are_the_same_on_slides_and_page_and_those_of_the_result(one, tmp_path):
    words = language("nl")
    whole = report_of(one, words)
    page = Page(made(one, tmp_path, "html", "nl").decode()).text
    slides = deck(made(one, tmp_path, "pptx", "nl"))
    shown = "\n".join(text for slide in slides.slides for text in texts_of(slide))
    for part in (whole.within, whole.parts, whole.days, whole.turns, whole.added):
        for table in part.tables:
            for row in table.rows:
                for cell in row.cells[1:]:
                    assert cell.text in page and cell.text in shown
    for strategy in one.strategies:
        total = words.euro(plan_of(strategy.scenario).total)
        assert total in page and total in shown
        for group in (group for group in one.groups if group.kind == "department"):
            assert words.percent(group.users[strategy.name]) in shown


ENGLISH = re.compile(
    r"\b(the|and|with|without|which|what|from|every|month|months|people|cost|costs|points|"
    r"measure|adds|appendix|decision|total|strategy|difference|expected|who|how|where|not|users|small)\b",
    re.I,
)


def test_not_one_english_word_is_in_a_dutch_report(one, tmp_path):
    slides = deck(made(one, tmp_path, "pptx", "nl"))
    proper = [one.organisation, "best-connected", *(each.title for each in one.strategies)]
    proper += [report_of(one, language("nl")).question]
    proper += [group.name for group in one.groups]

    def found(text: str) -> str | None:
        for name in proper:
            text = text.replace(name, "")
        there = ENGLISH.search(re.sub(r"adopt [a-z]+|--?[a-z]+|\b\w+\.\w+", "", text))
        return there.group() if there else None

    for slide in slides.slides:
        for run in slide._element.iter(qn("a:r")):
            if run.find(qn("a:rPr")).get("lang") == "nl-NL":
                assert found(run.findtext(qn("a:t"))) is None, run.findtext(qn("a:t"))
    page = made(one, tmp_path, "html", "nl").decode()
    body = re.sub(
        r'<table[^>]* lang="en">.*?</table>|<style>.*?</style>|<code>.*?</code>',
        "",
        page,
        flags=re.S,
    )
    for line in Page(body).text.splitlines():
        assert found(line) is None, line


# --- Texts of scenarios ------------------------------------------------------------------------


def test_texts_of_scenarios_are_texts_on_the_page(hostile, tmp_path):
    content = made(hostile, tmp_path, "html").decode()
    page = Page(content)
    assert not {"script", "b"} & {tag for tag, _ in page.marks}
    for title in HOSTILE[:4]:
        assert title in page.text


def test_texts_of_scenarios_are_texts_in_the_pdf(hostile, tmp_path):
    assert made(hostile, tmp_path, "pdf", "nl").startswith(b"%PDF")


def test_characters_no_file_may_hold_are_left_out(result):
    name = next(iter(result.scenarios))
    bad = result.scenarios[name].model_copy(update={"title": "a\x01b\u202ec"})
    clean = readable(replace(result, scenarios={**result.scenarios, name: bad}))
    assert clean.scenarios[name].title == "a bc"
    assert (
        clean.fingerprint == replace(result, scenarios={**result.scenarios, name: bad}).fingerprint
    )


# --- What is missing is said -------------------------------------------------------------------


def report(one: Answer, *notes: str) -> Report:
    return report_of(one, language("en"), None, notes)


def test_groups_are_simulated_again_only_if_the_numbers_are_the_same(result):
    bare = replace(result, groups={})
    again, notes = prepared(bare, quick=True)
    assert again.groups == prepared(result, quick=True)[0].groups
    assert "groups" not in notes
    name = next(iter(result.measured))
    changed = {**result.measured, name: result.measured[name] + 1e-12}
    other, notes = prepared(replace(bare, measured=changed), quick=True)
    assert "groups" in notes
    assert other.groups == ()


def test_appendices_name_measures_sources_and_the_command(one):
    sections: dict[str, Section] = {part.key: part for part in report(one).appendices}
    assert list(sections) == ["A", "A2", "B", "C", "D"]
    titles = [row.cells[0].text for row in sections["B"].tables[0].rows]
    assert "Champions" in titles
    cited = {row.cells[0].text for row in sections["B"].tables[1].rows}
    assert "C43" in cited
    assert "--runs 6 --seed 1" in sections["D"].code
    assert "stored in full" in sections["D"].paragraphs[0]  # changed, so names are not enough


def test_what_validation_missed_is_what_the_project_says_elsewhere():
    from analysis.report.assumptions import misses

    root = Path(analysis.__file__).parent.parent
    elsewhere = (root / "docs" / "limits.md").read_text() + (root / "README.md").read_text()
    for point in misses(language("en")).points:
        for number in re.findall(r"\d[\d.]*\d|\d", point):
            assert re.search(rf"\b{re.escape(number)}\b", elsewhere), point


# --- The command -------------------------------------------------------------------------------


@pytest.fixture
def adopt(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["adopt", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        text = capsys.readouterr()
        assert "Traceback" not in text.out + text.err
        return int(ended.value.code or 0), text.out + text.err

    return run


def test_mistakes_are_named_with_what_was_expected(adopt, result, tmp_path):
    folder = result.save(tmp_path, "study")
    other = tmp_path / "study" / "other"
    other.mkdir()
    for name in ("provenance.json", "runs.parquet"):
        (other / name).write_bytes((folder / name).read_bytes()[:50])
    sweep = tmp_path / "sweep"
    sweep.mkdir()
    (sweep / "part-0000.parquet").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for words, expected in (
        (["nowhere"], "nowhere: no such folder"),
        (["empty"], "found nothing"),
        (["file"], "found a file"),
        (["sweep"], "found a sweep"),
        (["study"], "found 2 results"),
        ([str(other)], "damaged"),
        ([str(folder), "--against", "nobody"], "no such scenario 'nobody'"),
        ([str(folder), "--format", "docx"], "docx"),
        ([str(folder), "--output", "a.pdf"], "ends in .html"),
        ([str(folder), "--format", "all", "--output", "a.pdf"], "expected a folder"),
    ):
        code, told = adopt("report", *words)
        assert code != 0
        assert expected in " ".join(told.split()), told
        assert not list(tmp_path.glob("**/report.*"))


def test_a_file_that_cannot_be_written_is_said_to_be(one, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(AdoptionError, match="cannot write the report"):
        write(one, tmp_path / "file" / "report.html", "html", "en")
    with pytest.raises(AdoptionError, match="expected one of: html, pdf, pptx"):
        analysis.write_report(one.result, tmp_path / "x", "docx")
    with pytest.raises(AdoptionError, match="expected one of: en, nl"):
        write_report(one.result, tmp_path / "x", lang="de")


# --- What is kept with the result --------------------------------------------------------------


@pytest.fixture
def few(monkeypatch):
    import analysis.results.answer as page

    monkeypatch.setattr(page.with_vectors, "__defaults__", (2, 2, None, None))
    monkeypatch.setattr(reading, "ORGANISATIONS", 2)
    monkeypatch.setattr(reading, "FEWEST", 2)


@pytest.fixture
def nothing(monkeypatch):
    """Return what makes it an error to simulate anything."""

    def simulated(*_, **__):
        raise AssertionError("simulated")

    return lambda patch=monkeypatch: patch.setattr(kernel, "simulate", simulated)


def test_groups_that_are_not_the_same_again_are_known_not_to_be(result, tmp_path, nothing):
    name = next(iter(result.measured))
    changed = {**result.measured, name: result.measured[name] + 1e-12}
    other = replace(result, groups={}, measured=changed)
    assert "groups" in prepared(other, quick=True, kept=Beside(tmp_path))[1]
    nothing()
    assert "groups" in prepared(other, quick=True, kept=Beside(tmp_path))[1]
    with pytest.raises(AssertionError, match="simulated"):
        prepared(replace(result, groups={}), quick=True, kept=Beside(tmp_path))


def test_groups_that_were_interrupted_are_not_taken_for_others(result, tmp_path, monkeypatch):
    import sim.study.experiments as page

    cut = replace(sim.compare(list(result.scenarios.values()), 3, 1, by=["archetype"]), asked=6)
    monkeypatch.setattr(page, "compare", lambda *_, **__: cut)
    with pytest.raises(InterruptedStudyError):
        prepared(replace(result, groups={}), quick=True, kept=Beside(tmp_path))
    assert not (tmp_path / "kept").exists()
