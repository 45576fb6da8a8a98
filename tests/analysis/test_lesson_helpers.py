"""Guesses are kept and scored, a class file says what is wrong with it, and a circle does what a student draws."""

from __future__ import annotations

import sys

import numpy as np
import pytest

import sim
from analysis import difference
from analysis.lessons import (
    Circle,
    Lesson,
    class_figure,
    crowd,
    curves_figure,
    curves_of,
    person,
    read_class,
)
from analysis.lessons.crowds import MOST_MOVED, PEOPLE
from analysis.lessons.guesses import Guess, points_for
from analysis.lessons.source import blocks
from sim.errors import AdoptionError


@pytest.fixture
def lesson(tmp_path):
    return Lesson(99, file=tmp_path / "score.json")


def test_a_right_guess_has_all_points_and_none_are_negative():
    assert points_for(Guess("x", 40.0), 40.0) == 10
    points = [points_for(Guess("x", 40.0), truth) for truth in (40, 50, 60, 90, 100)]
    assert points == sorted(points, reverse=True) and points[-1] == 0
    assert [points_for(Guess("x", "a", options=("a", "b")), truth) for truth in "ab"] == [10, 0]


def test_the_first_guess_of_a_question_counts_and_scores_add_up(lesson):
    lesson.score(Guess("x", 0.0), 50.0)
    again = lesson.score(Guess("x", 50.0), 50.0)
    assert "Your first guess counts: 0 points" in repr(again)
    assert "So far: 10 of 20." in repr(lesson.score(Guess("y", 50.0), 50.0))
    assert "So far: 10 of 20." in repr(Lesson(99, file=lesson.file).score(Guess("y", 50.0), 50.0))


def test_a_slider_stays_where_it_was_put_until_another_number_is_typed(lesson):
    guess = lesson.guess("kept", 50)
    guess._repr_mimebundle_()
    guess.control.value = 70.0
    assert float(lesson.guess("kept", 50)) == 70.0
    assert float(lesson.guess("kept", 30)) == 30.0


def test_without_widgets_the_number_in_the_cell_counts(lesson, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    guess = lesson.guess("plain", 35)
    assert guess._repr_mimebundle_() == {"text/plain": "plain: your guess is 35.0"}
    assert float(guess) == 35.0


def test_a_guess_that_cannot_be_is_said(lesson):
    with pytest.raises(AdoptionError, match="found 120, expected a number from 0 to 100"):
        lesson.guess("x", 120)
    with pytest.raises(AdoptionError, match="found 'c', expected one of: a, b"):
        lesson.choose("x", "c", ["a", "b"])
    with pytest.raises(AdoptionError, match="expected 3 numbers"):
        lesson.score_forecasts("x", [1, 2], [1, 2, 3])


def test_a_broken_score_is_said(lesson):
    lesson.file.write_text("[1", "utf-8")
    with pytest.raises(AdoptionError, match=r"score\.json"):
        lesson.score(Guess("x", 1.0), 1.0)


def test_a_class_is_read_and_drawn(lesson, tmp_path):
    file = tmp_path / "class.csv"
    rows = [
        lesson.row(k, Guess("x", 40.0), end)
        for k, end in enumerate(curves_of("baseline", 10)[:, -1])
    ]
    file.write_text("number,guess,result\n" + "\n".join(rows) + "\n", "utf-8")
    assert read_class(file).shape == (10, 3)
    picture = class_figure(lesson, file)
    assert "of our 10 firms" in picture.message
    assert "200" in picture.caption


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,guess\nx,1\n", "line 1: expected the columns number, guess, result"),
        ("number,guess,result\n0,50,83\nAnna,50,20\n", "line 3: found 'Anna,50,20'"),
        ("number,guess,result\n0,50,83\n1,50,200\n", "line 3"),
        ("number,guess,result\n0,50\n1,50,20\n", "line 2"),
        ("number,guess,result\n0,50,83\n", "found 1 rows"),
    ],
)
def test_what_is_wrong_with_a_class_file_is_said_with_its_line(tmp_path, text, why):
    (tmp_path / "class.csv").write_text(text, "utf-8")
    with pytest.raises(AdoptionError, match=why):
        read_class(tmp_path / "class.csv")


def test_a_text_of_a_program_has_the_same_fields_in_both_languages():
    right = 'print(f"without {name} || zonder {name}")'
    assert blocks(f"%% code\n{right}\n", "04.md")[0].text == right
    wrong = right.replace("without {name}", "without")
    with pytest.raises(AdoptionError, match=r"04\.md, line 3: found .*without .. zonder \{name\}"):
        blocks(f"%% code\nname = 1\n{wrong}\n", "04.md")


def test_somebody_is_told_of_in_the_language_of_the_lesson(tmp_path):
    me = sim.AdoptionModel("baseline", rng=1).staff[0]
    english, dutch = (
        person(Lesson(99, lang, file=tmp_path / "score.json"), me) for lang in ("en", "nl")
    )
    assert english.equals(me.about())
    assert dutch.index.equals(english.index)
    told = dutch.astype(str).to_numpy().ravel()
    assert not set(told) & {"executive", "management", *english["meaning"]}


def test_granovetters_two_crowds():
    assert crowd(range(100))[-1] == 100
    assert crowd([0, 2, *range(2, 100)])[-1] == 1


def test_long_ties_speed_up_what_needs_one_and_stop_what_needs_two():
    moved = [(3, 4, 30), (0, 59, 25)]
    simple, complex_ = Circle.wave(1), Circle.wave(2)
    assert simple.reached == complex_.reached == PEOPLE
    assert Circle.wave(1, moved).month.max() < simple.month.max()
    assert Circle.wave(2, moved).reached == 4


@pytest.mark.parametrize(
    ("moved", "why"),
    [
        ([(0, 30, 40)], "there is none between 0 and 30"),
        ([(0, 1, 2)], "0 cannot get one to 2"),
        ([(0, 1, 99)], "0 cannot get one to 99"),
        ([(k, k + 1, k + 30) for k in range(MOST_MOVED + 1)], "at most 6"),
    ],
)
def test_a_tie_that_cannot_be_moved_is_said(moved, why):
    with pytest.raises(AdoptionError, match=why):
        Circle.wave(1, moved)


def test_a_title_says_what_came_out_in_either_language(tmp_path):
    ends = {"a": np.array([0.0, 12.0]), "b": np.array([0.0, 34.0])}
    english = curves_figure(Lesson(1, file=tmp_path / "x"), ends)
    dutch = curves_figure(Lesson(1, "nl", tmp_path / "x"), ends)
    assert english.message == "After 1 months: a 12% and b 34%"
    assert dutch.message == "Na 1 maanden: a 12% en b 34%"


def test_numbers_that_lessons_quote():
    """Lesson 2: about seven points, and one in thirty; 4: more than half; 5: 21 leaders, some 25 points."""
    measures = ("works-council", "office-hours", "role-repositioning", "ethics-frame")
    wanted = sim.parameters_table().loc["base_desire", "default"]
    gains = []
    for less in (0, -2):
        start = sim.load("baseline").changed({"name": "a", "parameters.base_desire": wanted + less})
        helped = start.changed({"name": "b", **{f"programme.{m}": {"start": 1} for m in measures}})
        gains.append(difference(sim.compare([start, helped], runs=100)).loc["b"])
    assert round(gains[0]["difference"]) == 7
    assert 3 < gains[1]["mean_against"] < 4
    assert curves_of("baseline", kpi="using").mean(axis=0)[2] > 50
    firm = sim.AdoptionModel("leadership", rng=1)
    assert sum(me.role > 0 for me in firm.staff) == 21
    led = difference(sim.compare(["baseline", "leadership"], runs=100)).loc["leadership"]
    assert round(led["difference"]) == 25
