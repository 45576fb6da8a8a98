"""The page behind the page: what a session is about, what is simulated for it, how it is shown."""

from __future__ import annotations

import base64
import itertools
import textwrap
import zlib
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import sim
from analysis.app import charts, people, setup
from analysis.app.desk import CancelledError, Desk, Progress
from analysis.app.pages.comparison import levers
from analysis.app.serve import FLAGS, free_port
from analysis.app.session import SPECIAL, inert
from analysis.languages import language
from sim.files import read_scenario, scenario_text

EN = language("en")
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


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "%%%", setup.new(EN).link[:50],
        base64.urlsafe_b64encode(zlib.compress(b" " * 10_000_000)).decode(),
        base64.urlsafe_b64encode(zlib.compress(b"[]")).decode(),
        base64.urlsafe_b64encode(zlib.compress(b'[{"organisation": {"employees": -1}}]')).decode(),
    ],
)  # fmt: skip
def test_a_link_that_was_changed_is_refused_in_words(text: str) -> None:
    with pytest.raises(sim.AdoptionError, match="the link cannot be read"):
        setup.from_link(text)


def test_a_link_reads_no_file_of_this_computer(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes((EXAMPLES / "people.csv").read_bytes())
    here = setup.new(EN).with_people(tmp_path / "people.csv", None)
    with pytest.raises(sim.AdoptionError, match="people from a file"):
        setup.from_link(here.link)


def test_all_strategies_share_one_organisation() -> None:
    now = setup.new(EN).changed({"organisation.employees": 60})
    now = now.added(setup.shipped("adaptive", EN))
    assert {one.organisation.employees for one in now.scenarios} == {60}
    with pytest.raises(sim.AdoptionError, match="at most 4"):
        now.added(setup.shipped("buddies", EN))


def test_the_same_strategy_twice_has_two_names() -> None:
    now = setup.new(EN).without(2)
    for _ in range(2):
        now = now.added(setup.shipped("leadership", EN))
    assert (
        len({one.name for one in now.scenarios}) == len({one.label for one in now.scenarios}) == 4
    )
    assert sim.compare(now.scenarios, runs=2).runs == 2


def test_files_are_opened_and_what_is_wrong_is_told_without_a_path(tmp_path: Path) -> None:
    files = {name: (EXAMPLES / name).read_bytes() for name in ("people.csv", "ties.csv")}
    people_file = b"organisation: {people: people.csv, ties: ties.csv}\n"
    files["acme.yaml"] = b"title: ACME\n" + people_file
    now = setup.opened(files, tmp_path)
    assert now.first.label == "ACME"
    assert now.first.organisation.employees > 20
    with pytest.raises(sim.AdoptionError) as caught:
        setup.opened({"wrong.yaml": b"organisation: {employes: 5}\n"}, tmp_path)
    assert "wrong.yaml:1:16" in str(caught.value) and str(tmp_path) not in str(caught.value)
    with pytest.raises(sim.AdoptionError, match="expected a scenario file"):
        setup.opened({"people.csv": b"id\n1\n"}, tmp_path)


def test_an_uploaded_name_stays_in_its_folder(tmp_path: Path) -> None:
    for name in ("../../x.csv", "/etc/x.csv", "..\\x.csv", ".x.csv"):
        assert setup.written(tmp_path, name, b"").parent == tmp_path


def test_people_of_a_file_make_the_organisation(tmp_path: Path) -> None:
    places = [setup.written(tmp_path, name, (EXAMPLES / name).read_bytes())
              for name in ("people.csv", "ties.csv")]  # fmt: skip
    now = setup.new(EN).with_people(*places)
    text = scenario_text(now.scenarios[1])
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
    desk, done = Desk(), []

    def work(progress: Progress) -> int:
        done.append(1)
        return 42

    for _ in range(5):
        study = desk.ask("a", work)
        assert study.wait(5.0) and study.value == 42
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
    assert begun.wait(5.0)
    desk.leave("me", "b")
    assert not study.cancelled
    desk.leave("you", "b")
    assert study.cancelled and study.wait(5.0)
    with pytest.raises(CancelledError):
        _ = study.value
    again = desk.ask("a", lambda progress: "again", "me")
    assert again.wait(5.0) and again.value == "again"


def test_what_goes_wrong_in_a_study_reaches_who_asked() -> None:
    def work(progress: Progress) -> None:
        raise sim.AdoptionError("no")

    study = Desk().ask("a", work)
    assert study.wait(5.0)
    with pytest.raises(sim.AdoptionError, match="no"):
        _ = study.value


# --- How it is shown ----------------------------------------------------------------------------


def test_every_measure_has_a_lever_that_changes_the_scenario() -> None:
    one = sim.load("full-programme")
    for lever in levers(one, EN):
        value = lever.high / 100.0 if lever.share else lever.high
        assert one.changed({lever.path: value}).fingerprint() != one.fingerprint()


def test_a_picture_of_people_is_that_of_the_first_run() -> None:
    one = sim.load("champions").changed({"organisation.employees": 40, "simulation.months": 6})
    found = people.people_of(one)
    adoption = sim.run(one, runs=1, seed=1).curves("champions", "adoption")[0]
    assert (found.use == 3).mean(axis=1) == pytest.approx(adoption)
    for colour in ("use", "archetype", "department"):
        dots, ties, shades, _ = people.dots(found, colour, 6, EN)
        assert len(dots) == 40 and len(ties) == len(found.ties)
        assert {dot["kind"] for dot in dots} <= set(shades)


def test_a_map_of_real_people_hides_small_departments_and_few_ties(tmp_path: Path) -> None:
    places = [setup.written(tmp_path, name, (EXAMPLES / name).read_bytes())
              for name in ("people.csv", "ties.csv")]  # fmt: skip
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
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.filterwarnings("ignore")
def test_every_page_is_shown_in_both_languages(name: str, code: str) -> None:
    page = page_of(name, code).run()
    assert not page.exception and not page.error
    assert page.title


@pytest.mark.filterwarnings("ignore")
def test_a_lever_changes_the_strategy() -> None:
    page = page_of("comparison", "en").run()
    before = page.session_state.setup.key
    page.slider[0].set_value(0.0).run()
    assert page.session_state.setup.key != before
    assert page.session_state.setup.scenarios[1].programme["launch"].dose == 0.0


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
