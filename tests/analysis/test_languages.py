"""Every text is there in every language, and numbers are written as people there do."""

from __future__ import annotations

import string

import pytest

from analysis.languages import LOCALES, catalogue, language, texts
from sim.errors import AdoptionError

OTHERS = [code for code in LOCALES if code != "en"]


def said(text) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [text]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def collected() -> set[str]:
    return {said(text)[0] for _, _, text in texts()}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_no_other(code, collected):
    known = {said(one.id)[0]: one for one in catalogue(code) if one.id}
    assert set(known) == collected
    for text, one in known.items():
        assert all(said(one.string)), f"{text}: not translated"
        assert not one.fuzzy, text


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_same_values_in_them(code):
    for one in catalogue(code):
        if one.id:
            wanted = places(said(one.id)[-1])
            for text in said(one.string):
                assert places(text) == wanted, one.id


def test_texts_are_found_in_pages_of_every_kind(collected):
    pages = {page for page, _, _ in texts()}
    assert {"answer.py", "report/sections.py", "report/rests.py"} <= pages
    assert "Appendix" in collected


def test_values_are_put_in_afterwards_and_stay_as_they_are():
    words = language("nl")
    assert "{share} %s" in words._("With {label}, {share} of employees use AI every week after "
                                   "{month} months.", label="{share} %s", share="5%", month=3)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "number", "euro", "percent", "points"),
    [
        ("en", "1,234.5", "€12,300", "45.6%", "+5"),
        ("nl", "1.234,5", "€\N{NO-BREAK SPACE}12.300", "45,6%", "+5"),
    ],
)
def test_numbers_are_written_as_people_there_do(code, number, euro, percent, points):
    words = language(code)
    assert words.number(1234.5, 1) == number
    assert words.euro(12345.0) == euro
    assert words.percent(0.456, 1) == percent
    assert words.points(0.0512) == points
    assert words.number(float("nan")) == words.euro(float("inf")) == "\N{EN DASH}"
    assert words.number(-0.2) == "0"


def test_another_language_is_said_to_be_unknown():
    with pytest.raises(AdoptionError, match="found 'de', expected one of: en, nl"):
        language("de")
