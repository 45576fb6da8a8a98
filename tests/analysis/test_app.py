"""The page behind the page: what a session is about, what is simulated for it, how it is shown."""

from __future__ import annotations

import base64
import io
import itertools
import json
import re
import textwrap
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from parts import few
from streamlit.testing.v1 import AppTest

import sim
from analysis.app import charts, limits, people, session, setup, studies
from analysis.app.jobs import CancelledError, Desk, Progress
from analysis.app.serve import FLAGS, free_port
from analysis.app.session import SPECIAL, inert
from analysis.results.levers import Lever, costs, levers
from analysis.results.tables import plan_of
from analysis.words.languages import language
from sim import kernel, world
from sim.scenario import read_catalogue, read_scenario, scenario_text
from sim.study.kept import Kept

EN = language("en")

HANG = 600.0
"""Seconds after which a test that hangs ends; nothing takes that long."""
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SHIPPED = sorted((Path(__file__).parents[2] / "scenarios").glob("*.yaml"))


# --- What a session is about --------------------------------------------------------------------


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_scenario_is_read_as_it_was_written(file: Path, tmp_path: Path) -> None:
    one = read_scenario(file)
    (tmp_path / file.name).write_text(scenario_text(one), "utf-8")
    assert read_scenario(tmp_path / file.name) == one


def test_a_link_brings_everything_back() -> None:
    now = setup.new(EN).changed({"organisation.employees": 75})
    now = now.with_strategy(1, now.scenarios[1].changed({"programme.launch.start": 3}))
    assert setup.from_link(now.link) == now
    assert len(now.link) < 2_000  # of addresses that every browser takes


def packed(content: bytes | object) -> str:
    """Return a link that carries bytes, or values."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(zlib.compress(text)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "%%%", setup.new(EN).link[:50],
        packed(b" " * 10_000_000),
        packed(b"[]"), packed(b"{}"), packed(b"1"), packed(b"null"), packed(b"[{}, {}, {}, {}, {}]"),
        packed(b"[" * 100_000), packed(b'[{"a":' * 30_000), packed(b"[" + b"9" * 50_000 + b"]"),
        packed(b'[{"name": "a", "name": "b"}]'), packed(b"\xff\xfe"), setup.new(EN).link + "AAAA",
        "A" * 1_000_000, "\N{SNOWMAN}", packed(b"[{}]") + "!",
    ],
)  # fmt: skip
def test_a_link_that_was_changed_is_refused_in_words(text: str) -> None:
    with pytest.raises(sim.AdoptionError, match="the link cannot be read"):
        setup.from_link(text)


ORGANISATION = {"organisation": {"employees": 20}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"organisation": {"employees": -1}}, "organisation.employees: found -1, expected a whole"),
        ({"organisation": {"employees": 10**30}}, "organisation.employees: found 1000000"),
        ({"organisation": {"employees": "20"}}, "organisation.employees: found '20'"),
        ({"organisation": {"employees": True}}, "organisation.employees: found true"),
        ({"organisation": {"sector": "moon"}}, "there is no sector 'moon'"),
        ({"organisation": {"archetypes": {"elf": 1.0}}}, "there is no archetype 'elf'"),
        ({"organisation": {"team_size": float("nan")}}, "organisation.team_size: found nan"),
        ({"organisation": [1]}, "organisation: found a list of 1, expected a mapping"),
        ({"programme": {"magic": {}}}, "there is no measure 'magic'"),
        ({"programme": {"x": {"measure": "magic"}}}, "there is no measure 'magic'"),
        ({"programme": {"launch": {"audience": {"departments": ["moon"]}}}}, "no department 'moon'"),
        ({"programme": {"launch": {"audience": {"archetypes": ["elf"]}}}}, "no archetype 'elf'"),
        ({"programme": {"launch": {"audience": {"people": ["1"]}}}}, "a list of people needs"),
        ({"programme": {"launch": {"start": 90}}}, "the simulation ends with month 24"),
        ({"tool": {"phases": [{"month": 1, "departments": ["moon"]}]}}, "no department 'moon'"),
        ({"parameters": {"peer_wait": 1.0}}, "there is no field 'peer_wait'"),
        ({"simulation": {"months": 1e9}}, "simulation.months: found"),
        ({"extends": "baseline"}, "there is no field 'extends'"),
        ({"title": {"a": {"b": {"c": {}}}}}, "title: found a mapping"),
        ([], "expected the sections of a scenario"),
        ({"organisation": {"people": "/etc/passwd"}}, "the file is not in here, only its name"),
        ({"organisation": {"people": "~/x.csv", "ties": "//host/x.csv"}}, "organisation.ties: the file"),
        ({"organisation": {"ties": "../x.csv"}}, "the file is not in here, only its name"),
    ],
)  # fmt: skip
def test_a_link_is_checked_as_a_file_is(content: object, said: str) -> None:
    with pytest.raises(sim.AdoptionError, match=re.escape(said)) as caught:
        setup.from_link(packed([ORGANISATION, content]))
    assert "the link, strategy 2" in str(caught.value)
    assert "Traceback" not in str(caught.value) and "root:" not in str(caught.value)


deep: Any = {}
for _ in range(200):
    deep = {"a": deep}


def test_values_nested_without_end_are_refused() -> None:
    with pytest.raises(sim.AdoptionError, match="organisation"):
        setup.from_link(packed([{"organisation": {"departments": {"all": deep}}}]))


def test_strategies_of_a_link_share_the_organisation_of_the_first() -> None:
    other = {"organisation": {"employees": 99, "departments": {"law": {"share": 1.0}}}}
    found = setup.from_link(packed([ORGANISATION, {"name": "b", **other}]))
    assert [one.organisation.employees for one in found.scenarios] == [20, 20]
    for_law = {"programme": {"launch": {"audience": {"departments": ["law"]}}}}
    with pytest.raises(sim.AdoptionError, match="there is no department 'law'"):
        setup.from_link(packed([ORGANISATION, {"name": "b", **other, **for_law}]))


def test_a_link_reads_no_file_of_this_computer(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes((EXAMPLES / "people.csv").read_bytes())
    here = setup.new(EN).with_people(tmp_path / "people.csv", None)
    with pytest.raises(sim.AdoptionError, match="the file is not in here, only its name"):
        setup.from_link(here.link)


# --- How much of it there may be ----------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"organisation.employees": 2_000_000, "simulation.months": 1200},
        {"organisation.employees": 2_000_000},
        {"organisation.employees": 20_000, "simulation.months": 1200},
        {"organisation.employees": 50_000, "simulation.substeps": 60},
        {
            "organisation.employees": 50_000,
            "organisation.network": {"kind": "random", "degree": 1000.0},
        },
        {
            "simulation.months": 1200,
            "organisation.departments": {f"d{k}": {"share": 0.01} for k in range(100)},
        },
    ],
    ids=["both", "people", "months", "parts", "ties", "groups"],
)
def test_what_is_too_large_is_refused_before_anything_is_simulated(
    values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.world.design", lambda *_: pytest.fail("something was simulated"))
    large = sim.load("baseline").changed(values)
    content = [large.model_dump(mode="json", exclude_defaults=True)]
    with pytest.raises(sim.AdoptionError, match=r"as much as the page computes.*adopt compare"):
        setup.from_link(packed(content))
    with pytest.raises(sim.AdoptionError, match="as much as the page computes"):
        setup.Setup((large,))
    with pytest.raises(sim.AdoptionError, match="as much as the page computes"):
        setup.new(EN).changed(values)


def test_measures_without_end_are_refused() -> None:
    again = {"repeat": {"every": 1, "times": 600}, "audience": {"not_yet_using": True}}
    with pytest.raises(sim.AdoptionError, match="found 600 measures, each time"):
        setup.from_link(packed([{"programme": {"launch": again}}]))


def test_what_consultants_have_fits() -> None:
    now = setup.new(EN).added(setup.shipped("full-programme", EN))
    for size, most in ((140, 400), (2_000, 75), (20_000, 10), (100_000, 10)):
        assert studies.runs_for(now.changed({"organisation.employees": size}), 400) == most
    departments = {f"d{k}": {"share": 0.02} for k in range(50)}
    runs = studies.runs_for(now.changed({"organisation.departments": departments}), 400)
    assert runs * sum(map(limits.values, now.scenarios)) <= limits.MOST_VALUES
    assert runs >= 10


def test_all_strategies_share_one_organisation() -> None:
    now = setup.new(EN).changed({"organisation.employees": 60})
    now = now.added(setup.shipped("adaptive", EN))
    assert {one.organisation.employees for one in now.scenarios} == {60}
    with pytest.raises(sim.AdoptionError, match="at most 4"):
        now.added(setup.shipped("buddies", EN))


def examples() -> list[tuple[str, bytes]]:
    return [(name, (EXAMPLES / name).read_bytes()) for name in ("people.csv", "ties.csv")]


def test_the_same_strategy_twice_has_two_names() -> None:
    now = setup.new(EN).without(2)
    for _ in range(2):
        now = now.added(setup.shipped("leadership", EN))
    assert (
        len({one.name for one in now.scenarios}) == len({one.label for one in now.scenarios}) == 4
    )
    assert sim.compare(now.scenarios, runs=2).runs == 2


def test_files_are_opened_and_what_is_wrong_is_told_without_a_path(tmp_path: Path) -> None:
    people_file = b"organisation: {people: staff of may.csv, ties: ties.csv}\n"
    files = [
        ("staff of may.csv", (EXAMPLES / "people.csv").read_bytes()),
        ("ties.csv", (EXAMPLES / "ties.csv").read_bytes()),
        ("acme.yaml", b"title: ACME\n" + people_file),
    ]
    now = opened(tmp_path, *files)
    assert now.first.label == "ACME"
    assert now.first.organisation.employees > 20
    with pytest.raises(sim.AdoptionError, match=r"wrong\.yaml:1:16"):
        opened(tmp_path, ("wrong.yaml", b"organisation: {employes: 5}\n"))
    with pytest.raises(sim.AdoptionError, match="expected a scenario file"):
        opened(tmp_path, ("people.csv", b"id\n1\n"))


def opened(folder: Path, *files: tuple[str, bytes]) -> setup.Setup:
    return setup.opened(setup.written(folder, files))


def test_a_file_can_be_opened_after_those_it_names_and_what_is_open_stays(tmp_path: Path) -> None:
    staff = (EXAMPLES / "people.csv").read_bytes()
    (first,) = setup.written(tmp_path, [("people.csv", staff)])
    now = opened(tmp_path, ("acme.yaml", b"organisation: {people: people.csv}\n"))
    before = now.first.organisation
    setup.written(tmp_path, [("People.csv", b"id,department\n1,x\n")])
    assert first.read_bytes() == staff
    assert now.changed({"title": "other"}).first.organisation == before
    with pytest.raises(sim.AdoptionError):  # and the next one has the new people
        opened(tmp_path, ("acme.yaml", b"organisation: {people: People.csv}\n"))


SECRET = "secret-of-this-computer"


@pytest.mark.parametrize(
    "named",
    [
        "{outside}/people.csv", "../../people.csv", "../../../../../../../../etc/passwd", "~/people.csv",
        "link.csv", "folder/people.csv", "file://{outside}/people.csv", "//host/share/people.csv",
        "./../../people.csv", "{outside}/missing.csv", "/dev/zero", "/proc/self/environ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["people", "ties", "extends"])
def test_an_uploaded_scenario_names_no_file_of_this_computer(
    named: str, field: str, tmp_path: Path
) -> None:
    outside, session = tmp_path / "outside", tmp_path / "session"
    session.mkdir()
    outside.mkdir()
    for name in ("people.csv", "people.yaml"):
        (outside / name).write_text(f"{SECRET}\n" * 3, "utf-8")
        (tmp_path / name).write_text(f"{SECRET}\n" * 3, "utf-8")
    (place,) = setup.written(session, [("people.csv", (EXAMPLES / "people.csv").read_bytes())])
    (place.parent / "link.csv").symlink_to(outside / "people.csv")
    (place.parent / "link.yaml").symlink_to(outside / "people.yaml")
    (place.parent / "folder").symlink_to(outside, target_is_directory=True)
    named = named.replace("{outside}", str(outside))
    if field == "extends":
        named = named.replace(".csv", ".yaml")
        text = f"extends: {named}\n"
    elif field == "people":
        text = f"organisation: {{people: {named}}}\n"
    else:
        text = f"organisation: {{people: people.csv, ties: {named}}}\n"
    before = set(tmp_path.rglob("*"))
    (place.parent / "acme.yaml").write_text(text, "utf-8")
    with pytest.raises(sim.AdoptionError) as caught:
        setup.opened([place.parent / "acme.yaml"])
    said = str(caught.value)
    assert "only files opened together with this one" in said or "there is no such file" in said
    assert SECRET not in said
    new = {path.name for path in set(tmp_path.rglob("*")) - before}
    assert new <= {"acme.yaml", ".adopt-salt"}  # no salt is made beside files of others
    assert not list(outside.glob(".adopt-salt"))


def test_a_name_is_looked_up_in_the_session_and_the_library_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.yaml").write_text(f"title: {SECRET}\n", "utf-8")
    (tmp_path / "s").mkdir()
    assert sim.load("mine").title == SECRET
    with pytest.raises(sim.AdoptionError, match="there is no scenario 'mine'") as caught:
        opened(tmp_path / "s", ("acme.yaml", b"extends: mine\n"))
    assert SECRET not in str(caught.value)
    both = ("parent.yaml", b"extends: leadership\n"), ("acme.yaml", b"extends: parent\n")
    assert "leadership-example" in opened(tmp_path / "s", *both).scenarios[1].programme


def test_files_keep_their_names_or_are_refused(tmp_path: Path) -> None:
    names = ["a b.yaml", "a_b.yaml", "a-b.yaml", "Änderung 2026.csv", "\N{SNOWMAN}.csv", "a.b.csv"]
    places = setup.written(tmp_path, [(name, name.encode()) for name in names])
    assert [place.name for place in places] == names
    assert [place.read_bytes().decode() for place in places] == names
    for name in ("../../x.csv", "/etc/x.csv", "..\\x.csv"):
        (place,) = setup.written(tmp_path, [(name, b"")])
        assert place.name == "x.csv" and place.parent.parent == tmp_path


@pytest.mark.parametrize(
    "names",
    [
        ["a" * 300 + ".csv"], ["\N{GRINNING FACE}" * 101], ["\N{GRINNING FACE}" * 90 + ".yaml"], ["con.csv"], ["NUL"], ["com1.yaml"], [""],
        ["."], [".."], [".adopt-salt"], ["a\0.csv"], ["a\n.csv"], ["a\N{ZERO WIDTH SPACE}.csv"],
        ["a.csv", "A.CSV"], ["a.csv", "a.csv"], ["x/a.csv", "y/a.csv"], ["\ud800.csv"], ["a?.csv"],
        ["\u00e9.csv", "e\u0301.csv"],
        [f"{k}.csv" for k in range(40)],
    ],
    ids=repr,
)  # fmt: skip
def test_a_name_that_not_every_computer_has_is_refused_in_words(
    names: list[str], tmp_path: Path
) -> None:
    with pytest.raises(sim.AdoptionError, match=r"name|files"):
        setup.written(tmp_path, [(name, b"") for name in names])
    assert setup.written(tmp_path, [("a.csv", b"1")])[0].read_bytes() == b"1"


def zipped(content: bytes) -> bytes:
    """Return a file of Excel that unpacks to a content."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("large.yaml", b"title: x\n" + b"# filler\n" * 500_000),
        ("deep.yaml", b"[" * 100_000),
        ("bomb.yaml", b"a: &a [x,x]\n" + b"".join(
            b"%c: &%c [*%c,*%c]\n" % (k + 1, k + 1, k, k) for k in range(97, 121))),
        ("zip.yaml", b"PK\x03\x04" + bytes(10_000)),
        ("bomb.xlsx", zipped(b"\0" * 200_000_000)),
        ("bomb.csv", zipped(b"\0" * 200_000_000)),
        ("null.yaml", b"\0" * 10_000),
    ],
)  # fmt: skip
def test_a_file_made_to_do_harm_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    with pytest.raises(sim.AdoptionError, match=re.escape(name)):
        opened(tmp_path, (name, content))


def test_people_of_a_file_make_the_organisation(tmp_path: Path) -> None:
    places = setup.written(tmp_path, examples())
    now = setup.new(EN).with_people(*places)
    text = scenario_text(now.scenarios[1])
    tmp_path = places[0].parent
    assert str(tmp_path) not in text and "people: people.csv" in text
    (tmp_path / "again.yaml").write_text(text, "utf-8")
    again = read_scenario(tmp_path / "again.yaml")
    assert again.fingerprint() == now.scenarios[1].fingerprint()
    assert not people.drawable(now.first)


def test_default_names_are_those_of_the_library() -> None:
    for name, title in setup.titles(EN).items():
        assert read_scenario(name).label == title
    dutch = setup.new(language("nl"))
    assert dutch.first.organisation.employees == setup.new(EN).first.organisation.employees


# --- What is simulated for it -------------------------------------------------------------------


def test_a_study_is_done_once_however_often_it_is_asked_for() -> None:
    desk, done = Desk(), list[int]()

    def work(progress: Progress) -> int:
        done.append(1)
        return 42

    for _ in range(5):
        study = desk.ask("a", work)
        assert study.wait(HANG) and study.value == 42
    assert len(done) == 1


def test_a_study_nobody_waits_for_is_cancelled_and_can_be_asked_for_again() -> None:
    desk, begun = Desk(), Event()

    def work(progress: Progress) -> str:
        begun.set()
        for step in range(1000):
            Event().wait(0.01)
            progress(step, 1000)
        return "whole"

    study = desk.ask("a", work, "me")
    desk.ask("a", work, "you")
    assert begun.wait(HANG)
    desk.leave("me", "b")
    assert not study.cancelled
    desk.leave("you", "b")
    assert study.cancelled and study.wait(HANG)
    with pytest.raises(CancelledError):
        _ = study.value
    again = desk.ask("a", lambda progress: "again", "me")
    assert again.wait(HANG) and again.value == "again"


def test_what_goes_wrong_in_a_study_reaches_who_asked() -> None:
    def work(progress: Progress) -> None:
        raise sim.AdoptionError("no")

    study = Desk().ask("a", work)
    assert study.wait(HANG)
    with pytest.raises(sim.AdoptionError, match="no"):
        _ = study.value


# --- How it is shown ----------------------------------------------------------------------------


def test_every_measure_has_a_lever_that_changes_the_scenario() -> None:
    one = sim.load("full-programme")
    for lever in levers(one, EN):
        assert 0.0 <= lever.value <= lever.high
        assert not lever.moved(lever.value)
        for value in {0.0, lever.high} - {lever.value}:
            assert one.changed(lever.moved(value)).fingerprint() != one.fingerprint()


@pytest.mark.parametrize(
    ("measure", "path", "value", "means"),
    [
        ("leadership-example", "share", 40.0, 0.4),
        ("champions", "share", 7.0, 0.05),
        ("training", "dose", 2.5, 2.5),
        ("office-hours", "dose", 0.5, 0.5),
    ],
)
def test_a_slider_moves_what_people_decide_about(
    measure: str, path: str, value: float, means: float
) -> None:
    one = sim.load("baseline").changed({f"programme.{measure}": {}})
    lever = lever_of(one, measure)
    assert lever.path == f"programme.{measure}.{path}"
    assert one.changed(lever.moved(value)).model_dump()["programme"][measure][path] == means


@pytest.mark.parametrize("measure", read_catalogue())
def test_no_slider_moves_the_dose_of_what_appoints_people(measure: str) -> None:
    one = sim.load("baseline").changed({f"programme.{measure}": {}})
    lever = lever_of(one, measure)
    assert lever.path.endswith("dose") == (read_catalogue()[measure].appoints is None and (
        read_catalogue()[measure].pushes.access == 0.0
    ))  # fmt: skip


def test_champions_move_one_by_one_and_all_levers_say_what_they_cost() -> None:
    one = sim.load("champions").changed({"organisation.employees": 137})
    for number in range(31):
        moved = one.changed(lever_of(one, "champions").moved(float(number)))
        assert lever_of(moved, "champions").value == number
        assert (
            int((moved.deployments["champions"].share or 0.0) * 137 + 0.5) == number
        )  # the engine's
    price = costs(one)
    assert price["champions"] == pytest.approx(float(plan_of(one).items.total["champions"]))
    assert costs(one.changed({"budget.total": 1.0})) == {}


def lever_of(one: sim.Scenario, name: str) -> Lever:
    return next(lever for lever in levers(one, EN) if lever.name == name)


def test_a_measure_moved_to_nothing_can_be_moved_back() -> None:
    one = sim.load("leadership").changed({"programme.launch.dose": 0.0})
    assert lever_of(one, "launch").value == 0.0


def test_a_picture_of_people_is_that_of_the_organisation_nearest_the_median() -> None:
    one = sim.load("champions").changed({"organisation.employees": 40, "simulation.months": 6})
    every = sim.run(one, runs=9).curves("champions", "adoption")
    found = people.people_of(one, every)
    assert found.mean == pytest.approx(every.mean(axis=0))
    assert found.median == pytest.approx(np.median(every[:, -1]))
    here = every[found.number - 1]
    assert abs(here[-1] - found.median) == min(abs(every[:, -1] - found.median))
    drawn = found.people
    assert (drawn.use == 3).mean(axis=1) == pytest.approx(here)
    for colour in ("use", "archetype", "department"):
        dots, ties, shades, _ = people.dots(drawn, colour, 6, EN)
        assert len(dots) == 40 and len(ties) == len(drawn.ties)
        assert {dot["kind"] for dot in dots} <= set(shades)


def test_a_map_of_real_people_hides_small_departments_and_few_ties(tmp_path: Path) -> None:
    places = setup.written(tmp_path, examples())
    one = setup.new(EN).with_people(*places).first
    circles, lines = people.departments_of(one, EN)
    assert sum(circle["people"] for circle in circles) == one.organisation.employees
    assert min(circle["people"] for circle in circles) >= one.privacy.min_group
    assert all(line["ties"] >= one.privacy.min_group for line in lines)
    drawn = charts.map_of(circles, lines, EN)["layer"]
    assert all(layer["data"]["values"] for layer in drawn)


def test_labels_at_the_ends_of_lines_do_not_touch() -> None:
    rows = [
        {"label": str(k), "told": "", "mean": value}
        for k, value in enumerate((0.5, 0.51, 0.52, 0.99))
    ]
    places = sorted(one["place"] for one in charts._ends(rows, (0.0, 1.0)))
    assert all(after - before > 0.0749 for before, after in itertools.pairwise(places))
    assert places[-1] <= 1.0


def test_text_is_shown_and_never_read_as_markdown() -> None:
    told = inert("![x](http://a.b/c.png) [a](b) $x$ :red[y] <b> `c` **d**")
    plain = told.replace("\\", "")
    assert plain == "![x](http://a.b/c.png) [a](b) $x$ :red[y] <b> `c` **d**"
    assert told.count("\\") == sum(letter in SPECIAL for letter in plain)
    assert set("![](<$:`*") <= SPECIAL


PAGES = ("comparison", "organisation", "strategies", "evidence", "about")


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    """End what pages have asked for, so that nothing is simulated when the tests are over."""
    yield
    session.desk().close()
    for study in session.desk()._studies.values():
        if study.started:
            study.wait(HANG)
    session.desk.cache_clear()


def page_of(name: str, code: str) -> Any:
    """Return a page of a small organisation, ready to be run."""
    source = f"""
        import streamlit as st
        from analysis.app import session
        from analysis.app.pages import {name}
        if "setup" not in st.session_state:
            session.begin()
            session.speak("{code}")
            small = {{"organisation.employees": 20, "simulation.months": 8}}
            session.put(session.current().changed(small))
        {name}.show()
    """
    return AppTest.from_string(textwrap.dedent(source), default_timeout=60)


@pytest.mark.parametrize("code", ["en", "nl"])
@pytest.mark.parametrize("name", few(PAGES, 2))
@pytest.mark.filterwarnings("ignore")
def test_every_page_is_shown_in_both_languages(name: str, code: str) -> None:
    page = page_of(name, code).run()
    assert not page.exception and not page.error
    assert page.title


# --- One strategy's error -----------------------------------------------------------------------

POOR = {"budget.total": 1_000.0}
NOWHERE = {"programme.launch.audience.teams": ["moon"]}
TORN = {
    "title": "torn",
    "tool.support_per_month": 1.0,
}  # of its own, or runs kept of another would do


def nothing(done: int, total: int) -> None:
    """Take no notice of progress."""


@pytest.fixture
def torn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the engine fail in the strategy called so."""
    plan, simulate = world.plan, kernel.simulate
    marked = []

    def planned(scenario: sim.Scenario, *rest: Any) -> Any:
        found = plan(scenario, *rest)
        if scenario.title == "torn":
            marked.append(found)
        return found

    def simulated(worlds: Any, found: Any, *rest: Any, **more: Any) -> Any:
        if any(found is one for one in marked):
            raise ZeroDivisionError("of the engine")
        return simulate(worlds, found, *rest, **more)

    monkeypatch.setattr(world, "plan", planned)
    monkeypatch.setattr(kernel, "simulate", simulated)


@pytest.mark.parametrize("changes", [POOR, NOWHERE, TORN], ids=["budget", "team", "engine"])
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.usefixtures("torn")
def test_the_error_of_one_strategy_leaves_the_others_as_they_are(
    changes: dict[str, Any], place: int
) -> None:
    small = {"organisation.employees": 20, "simulation.months": 8}
    sound = setup.new(EN).changed(small)
    broken = sound.with_strategy(place, sound.scenarios[place].changed(changes))
    found = studies._found(broken, 12, Kept(0), nothing)
    assert list(found.wrong) == [broken.scenarios[place].name]
    assert found.answer is not None
    whole = studies._found(sound, 12, Kept(0), nothing).answer
    assert whole is not None
    there = {one.name: one for one in found.answer.strategies}
    assert set(there) == {one.name for one in sound.scenarios} - set(found.wrong)
    for one in whole.strategies:
        if one.name in there:
            assert there[one.name].adoption[0] == pytest.approx(one.adoption[0])
            assert there[one.name].colour == one.colour


def test_where_all_fail_each_says_why() -> None:
    poor = setup.new(EN).changed({**POOR, "organisation.employees": 20})
    found = studies._found(poor, 12, Kept(0), nothing)
    assert found.answer is None
    assert len(found.wrong) == 3


def test_the_page_is_served_to_this_computer_only() -> None:
    assert FLAGS["server.address"] == "127.0.0.1"
    assert FLAGS["browser.gatherUsageStats"] is False
    assert free_port(None) != 0


def test_a_port_in_use_is_said() -> None:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        with pytest.raises(sim.AdoptionError, match="in use already"):
            free_port(one.getsockname()[1])
