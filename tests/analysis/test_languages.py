"""Every text is there in every language, and numbers are written as people there do."""

from __future__ import annotations

import re
import string

import pytest
from matplotlib.text import Text

import sim
from analysis import adoption_curves, group_figure, network_picture, verdict, verdicts
from analysis.languages import LOCALES, catalogue, language, texts
from analysis.layout import Picture
from sim.errors import AdoptionError
from sim.kpis import KPIS
from sim.results import Result

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


# --- Figures and verdicts ------------------------------------------------------------------

LEFT_OVER = re.compile(
    r"\b(the|with|and|at|month|mean|people|organisations?|ties|shade|better|worse|seed|points|"
    r"difference|share|from|not|every|notice|shown|drawn|sample|department|pairs)\b"
)
"""English words that are no Dutch ones."""

SHORT = {"simulation.months": 4, "organisation.employees": 60}


def result(*names: str, runs: int = 6, **changes: object) -> Result:
    """Return scenarios whose titles are numbers, so that every word is of the language."""
    scenarios = [
        sim.load(name).changed({"title": str(k), **SHORT, **changes})
        for k, name in enumerate(names)
    ]
    return sim.compare(scenarios, runs, 3, by=["archetype", "role"])


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    several = ("baseline", "leadership", "champions", "continuous", "front-loaded", "buddies")
    return {
        "two": result("baseline", "leadership"),
        "one": result("baseline"),
        "one run": result("baseline", "leadership", runs=1),
        "many": result(*several, **{"simulation.months": 2}),
    }


def assert_dutch(figure: Picture) -> None:
    """Neither what it says nor what it explains has an English word in it, or a decimal point."""
    for text in (figure.message, figure.caption):
        assert text
        assert not LEFT_OVER.search(text), text
        assert not re.search(r"\d\.\d{1,2}\b|\d %", text), text


@pytest.mark.parametrize("case", ["two", "one", "one run", "many"])
@pytest.mark.parametrize("kpi", ["adoption", "cumulative_net", "skill"])
def test_curves_are_explained_in_dutch(results, case, kpi):
    assert_dutch(adoption_curves(results[case], kpi=kpi, lang="nl"))


@pytest.mark.parametrize("case", ["two", "one", "one run"])
@pytest.mark.parametrize("kind", ["archetype", "role"])
def test_groups_are_explained_in_dutch(results, case, kind):
    assert_dutch(group_figure(results[case], kind, lang="nl"))
    assert_dutch(group_figure(results[case], kind, kpi="felt_threat", lang="nl"))


@pytest.mark.parametrize("kind", ["teams", "ring", "scale_free", "complete", "none"])
def test_networks_are_explained_in_dutch(kind):
    scenario = sim.load("champions").changed({"organisation.network.kind": kind})
    assert_dutch(network_picture(scenario, colour="role", lang="nl"))


def test_departments_are_drawn_in_dutch():
    scenario = sim.load("baseline").changed({"organisation.employees": 1600})
    figure = network_picture(scenario, lang="nl")
    assert_dutch(figure)
    told = " ".join(str(one.get_text()) for one in figure.findobj(Text))
    assert "1.600 medewerkers" in told
    assert "% intern" in told
    assert "people" not in told


def test_what_is_written_in_a_figure_is_dutch(results):
    told = " ".join(
        str(one.get_text()) for one in adoption_curves(results["two"], lang="nl").findobj(Text)
    )
    for text in ("Maand van het programma", "95%-interval", "in dezelfde organisatie, procentpunten",
                 "van de organisaties", "20%"):  # fmt: skip
        assert text in told
    assert "20 %" not in told


@pytest.mark.parametrize("kpi", KPIS)
def test_every_kpi_has_a_verdict_in_dutch(results, kpi):
    for case in ("two", "one run"):
        told = verdict(results[case], kpi=kpi, lang="nl")
        assert told.startswith("1: ")
        assert "in maand 4" in told
        assert not LEFT_OVER.search(told), told
    if KPIS[kpi].unit == "share":
        assert "procentpunten" in told or "precies zoals bij" in told


def test_other_people_are_said_to_be_others_in_dutch(results):
    both = results["two"]
    name = list(both.scenarios)[1]
    smaller = both.scenarios[name].changed({"organisation.employees": 50})
    apart = Result({**both.scenarios, name: smaller}, both.measured, 3, 6)
    told = verdict(apart, lang="nl")
    assert told.endswith("; niet dezelfde mensen, daarom vergeleken als twee steekproeven.")
    assert "van de paren van organisaties" in told
    assert_dutch(adoption_curves(apart, lang="nl"))


def test_what_is_said_is_english_unless_asked(results):
    both = results["two"]
    assert verdict(both) == verdict(both, lang="en") != verdict(both, lang="nl")
    assert adoption_curves(both).caption == adoption_curves(both, lang="en").caption


def test_a_figure_or_verdict_in_another_language_is_refused(results):
    both = results["two"]
    for draw in (adoption_curves, verdict, verdicts):
        with pytest.raises(AdoptionError, match="found 'de', expected one of: en, nl"):
            draw(both, lang="de")
    with pytest.raises(AdoptionError, match="found 'de'"):
        network_picture(sim.load("baseline"), lang="de")
    with pytest.raises(AdoptionError, match="found 'de'"):
        group_figure(both, "role", lang="de")


def test_a_unit_without_words_is_said_as_it_is() -> None:
    """Somebody's new KPI may have a unit of its own."""
    from analysis.summary import in_unit

    assert in_unit("3", "prompt/week") == "3 prompt/week"
    assert in_unit("3", "prompt/week", language("nl")) == "3 prompt/week"
