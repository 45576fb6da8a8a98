"""Every text is there in every language, and numbers are written as people there do."""

from __future__ import annotations

import ast
import pickle
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from matplotlib.text import Text
from parts import few

import sim
from analysis import adoption_curves, group_figure, network_picture, verdict, verdicts
from analysis.figures.frame import Picture
from analysis.words.languages import ERRORS, LOCALES, catalogue, language, texts
from sim.errors import AdoptionError, Problem, Said, ScenarioError, said
from sim.kpis import KPIS, OF_SOME
from sim.scenario import read_scenario
from sim.scenario.imports import read_organisation
from sim.study.results import Result

OTHERS = [code for code in LOCALES if code != "en"]


def spoken(text) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [text]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def collected() -> set[str]:
    return {spoken(text)[0] for _, _, text in texts()}


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_and_no_other(code, collected):
    known = {spoken(one.id)[0]: one for one in catalogue(code) if one.id}
    assert set(known) == collected
    for text, one in known.items():
        assert all(spoken(one.string)), f"{text}: not translated"
        assert not one.fuzzy, text


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_same_values_in_them(code):
    for one in catalogue(code):
        if one.id:
            wanted = places(spoken(one.id)[-1])
            for text in spoken(one.string):
                assert places(text) == wanted, one.id


def test_texts_are_found_in_pages_of_every_kind(collected):
    pages = {page for page, _, _ in texts()}
    assert {"results/answer.py", "report/sections.py", "report/assumptions.py"} <= pages
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


CURVES = ["two", "one", "one run", "many"]


@pytest.mark.parametrize("case", few(CURVES, 1))
@pytest.mark.parametrize("kpi", ["adoption", "cumulative_net", "skill"])
def test_curves_are_explained_in_dutch(results, case, kpi):
    assert_dutch(adoption_curves(results[case], kpi=kpi, lang="nl"))


GROUPS = ["two", "one", "one run"]


@pytest.mark.parametrize("case", few(GROUPS, 1))
@pytest.mark.parametrize("kind", ["archetype", "role"])
def test_groups_are_explained_in_dutch(results, case, kind):
    assert_dutch(group_figure(results[case], kind, lang="nl"))
    assert_dutch(group_figure(results[case], kind, kpi="felt_threat", lang="nl"))


KINDS = ["teams", "ring", "scale_free", "complete", "none"]


@pytest.mark.parametrize("kind", few(KINDS, 2))
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
        unknown = "hier niets bekend" in told and kpi in OF_SOME  # in four months
        assert "procentpunten" in told or "precies zoals bij" in told or unknown


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
    from analysis.results.summary import in_unit

    assert in_unit("3", "prompt/week") == "3 prompt/week"
    assert in_unit("3", "prompt/week", language("nl")) == "3 prompt/week"


# --- Errors that a page shows -------------------------------------------------------------------

ROOT = Path(__file__).parents[2]

EXAMPLES = ROOT / "docs" / "examples"

RAISERS = {
    "Problem", "AdoptionError", "ScenarioError", "BudgetError", "InterruptedStudyError", "ValueError",
    "UnreadableWorkbookError",
}  # fmt: skip
NOTERS = {"problem", "wrong", "say", "refused", "_refuse", "_stop", "_refused", "add", "_at"}
"""What takes a message: errors, and whatever notes a problem."""

NOT_SHOWN = {"sim/scenario/catalogue.py", "sim/scenario/events.py",
    "sim/scenario/measure.py", "sim/scenario/library.py", "sim/scenario/json_schema.py",
             "sim/scenario/starter.py", "sim/scenario/writing.py", "sim/errors.py"}  # fmt: skip
"""Pages that read what is shipped, and are in order by the tests of the library."""


def raw_messages(path: Path) -> list[str]:
    """Return the messages of a page that nobody can translate: texts with words, not in said(...)."""
    tree = ast.parse(path.read_text("utf-8"))
    texts_of = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name not in RAISERS | NOTERS:
            continue
        if name == "add" and "problems" not in ast.unparse(call.func):
            continue
        for argument in call.args:
            value = texts_of.get(argument.id) if isinstance(argument, ast.Name) else argument
            found += [
                f"{path.name}:{one.lineno}: {ast.unparse(one)}"
                for one in plain_texts(value or call)
            ]
    return found


def plain_texts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the texts with words in a message that are in no call of another function."""
    if isinstance(node, ast.Call):
        return
    if isinstance(node, ast.JoinedStr):
        words = "".join(str(one.value) for one in node.values if isinstance(one, ast.Constant))
        if re.search("[a-z]{2,} ", words):
            yield node
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and re.search("[a-z]{2,} [a-z]", node.value):
            yield node
    elif isinstance(node, ast.BinOp | ast.IfExp):
        for inner in ast.iter_child_nodes(node):
            yield from plain_texts(inner)


FIGURES_OF_USE = (
    "observed.py",
    "observed_counts.py",
    "observed_exports.py",
    "forecast.py",
    "forecast_weights.py",
)

SHOWN = sorted(
    {path for pattern in ERRORS for path in ROOT.glob(pattern)}
    - {ROOT / name for name in NOT_SHOWN}
) + [ROOT / "analysis/decisions" / name for name in FIGURES_OF_USE]


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_message_a_page_can_show_can_be_translated(path):
    assert not raw_messages(path)


def test_a_raw_message_would_be_found(tmp_path):
    page = tmp_path / "page.py"
    page.write_text(
        "message = f'there is no {x}'\nraise AdoptionError(message)\n"
        "raise ScenarioError([place.problem('this is wrong', keys)])\n"
        "raise AdoptionError(said('this is fine'))\ntable.wrong(1, 'id', 'so is ' + 'this one')\n"
    )
    assert len(raw_messages(page)) == 4


def messages(error: object) -> Iterator[object]:
    """Yield every message in an error, also those that are parts of others."""
    if isinstance(error, ScenarioError):
        for one in error.problems:
            yield from messages(one.message)
            yield from messages(one.path)
    elif isinstance(error, Exception):
        yield from messages(error.args[0])
    else:
        yield error
        if isinstance(error, Said):
            for one in error.values.values():
                if isinstance(one, Said):
                    yield from messages(one)


WRONG = [
    "a: [", "- a", "x", "", "title: [1]", "title: 2026-01-01", "organisation: {employees: 1.5}",
    "organisation: {employees: '20'}", "organisation: {employees: 1}", "organisation: {employes: 20}",
    "organisation: {sector: moon}", "organisation: {departments: {a: {share: .5}}}",
    "organisation: {departments: {}}", "organisation: {ties: a.csv}", "organisation: {people: a.csv}",
    "organisation: {people: /a.csv}", "organisation: {archetypes: {elf: 1.0}}",
    "organisation: {departments: {management: {share: 1.0}}}", "organisation: {turnover: 5}",
    "organisation: {turnover: 5 %}", "organisation: {hourly_cost: 'x'}", "extends: moon", "extends: 3",
    "extends: /moon.yaml", "extends: one.yaml", "programme: {moon: {}}", "programme: {launch: }",
    "programme: {Launch: {}}", "programme: {launch: {start: 90}}", "programme: {launch: {share: .1}}",
    "programme: {launch: {audience: {departments: [moon]}}}", "programme: {launch: {dose: 1,5}}",
    "programme: {launch: {audience: {people: [a]}}}", "programme: {champions: {selection: named}}",
    "programme: {launch: {hours: 3}}", "programme: {champions: {format: written}}", "a: 1\na: 2",
    "budget: {total: 120.000}", "budget: {total: 120,000}", "rules: {social: all}", "rules: {social: }",
    "tool: {phases: {month: 1}}", "simulation: {months: no}", "simulation: {months: 10 000}",
    "adaptive: {a: {when: {month: 3}, then: {measure: launch}}}", "tool: !x {a: 1}", "? [a]\n: b",
    "adaptive: {a: {when: {month: 3, below: .1}, then: {measure: champions}}}", "title: &a [*a]",
    "adaptive: {a: {when: {month: 3, below: .1}, then: {measure: launch, start: 2}}}", "\ta: 1",
    "title: '" + "x" * 500 + "'", "title: \"\\q\"", "title: 'a", "title: a: b", "title: \x07", "title: *b",
    "a" * 100, "organisation: {network: {kind: spider}}", "{a: 1}\n---\n{b: 2}", "[" * 90,
]  # fmt: skip

ROWS = [
    "", "id\n1", "id,department\n1,a", "id,department\n1,a\n2,b", "id,department,role\n1,a,boss\n2,b,x",
    "id,department,manager\n1,a,1\n2,b,", "id,department,manager\n1,a,2\n2,b,1\n3,c,1",
    "id,department,manager\n1,a,9\n2,b,9\n3,c,", "id,department,manager\n1,a,\n1,b,\n2,c,1",
    "id,department,role\n,a,manager\n2,,manager", "id,department,role,hours\n1,a,manager,99\n2,a,,0",
    "id,department,role,hours\n1,a,manager,0\n2,a,employee,0", "id,id,department\n1,1,a",
    "id,department,role,hours\n1,a,manager,x\n2,a,employee,1,2,3", 'id,department\n"a"b,c\n',
    "id,department,role\n1E+05,a,manager\n3-5-2024,b,employee", "id,department,role,skill\n1,a,x,7\n2,b,,80",
    "id;department;role;hourly_cost\n1;a;manager;1.050\n2;b;employee;x", "\0", "PK\x03\x04", "\x81\x82",
    "PersonId,MetricDate\n1,x", "PersonId,MetricDate,Organization,SupervisorIndicator\n1,2026-01-01,a,x",
    "id,department,role,fte\n1,a,manager,0.5\n2,a,employee,300", "id,department\n" + "1,a\n" * 5,
    "id,department,role,hours\n1,a,manager,0.8\n2,a,employee,36\n3,a,employee,36",
]  # fmt: skip


@pytest.mark.parametrize("code", OTHERS)
def test_every_error_of_files_on_a_page_is_said_in_its_language(code, tmp_path):
    words, found = language(code), []
    for text in WRONG:
        (tmp_path / "one.yaml").write_text(text, "utf-8")
        with pytest.raises(AdoptionError) as caught:
            read_scenario(tmp_path / "one.yaml", within=tmp_path)
        found.append((text, caught.value))
    for k, text in enumerate(ROWS):
        for kind in ("people", "ties"):
            people = EXAMPLES / "people.csv"
            file = tmp_path / f"{kind}-{k}.csv"
            file.write_bytes(text.encode("latin-1"))
            both = (file, None) if kind == "people" else (people, file)
            try:
                read_organisation(*both, salt=b"0" * 32)
            except AdoptionError as error:
                found.append((text, error))
    assert len(found) > len(WRONG) + len(ROWS)
    known = catalogue(code)
    for text, error in found:
        for one in messages(error):
            if isinstance(one, Said) and one.template != "{one}{two}":
                assert one.template in known, (text, one.template)
            elif not isinstance(one, Said):
                assert not re.search("[a-z]{3,} [a-z]{2,} [a-z]{2,}", str(one)), (text, one)
        assert words.told(error) != str(error), text
        assert str(error) == language("en").told(error)


def test_numbers_in_errors_are_written_as_people_there_do():
    one = said("the budget of {allowed:,.0f}", allowed=1234567.0)
    assert one == "the budget of 1,234,567"
    assert language("nl").told(one) == "het budget van 1.234.567"


def test_a_message_survives_pickling_and_adding():
    one = "x" + said("a list of {number}", number=3) + said("; did you mean '{near}'?", near="y")
    again = pickle.loads(pickle.dumps(ScenarioError([Problem(one)]))).problems[0].message
    assert again == one == "xa list of 3; did you mean 'y'?"
    assert language("nl").told(again) == "xeen lijst van 3; bedoelde u 'y'?"


def test_no_text_for_clients_speaks_of_vectors(collected):
    assert not [text for text in collected if re.search("vector", re.sub("{.*?}", "", text))]
