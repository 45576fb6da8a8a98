"""The play-on file: small, whole, of one organisation, and without anybody of a real one."""

from __future__ import annotations

import base64
import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from analysis import cli, play_on
from analysis.app import meter
from analysis.cli import report
from analysis.play_on.texts import texts_of
from analysis.play_on.twin import twin_of
from analysis.report import write_report
from analysis.results.levers import levers
from analysis.words.languages import language
from sim.errors import AdoptionError, BudgetError
from sim.people.population import imported
from sim.scenario import read_scenario
from sim.scenario.schema import Scenario

EXAMPLES = Path(play_on.__file__).parents[2] / "docs" / "examples"
SMALL = {"organisation.employees": 30, "simulation.months": 4}


def data_of(page: str) -> dict[str, Any]:
    held = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert held is not None
    data: dict[str, Any] = json.loads(held[1])
    return data


def test_the_page_is_one_small_file() -> None:
    page = play_on.page_of([read_scenario(name) for name in play_on.PLANS], lang="nl")
    assert len(page.encode()) < play_on.LARGEST
    assert not re.search(r"/\* (\w+\.js|data) \*/", page)
    assert page.count('<html lang="nl">') == 1
    assert set(re.findall(r"https?://[^\s'\"]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(?:src|href)=\"(?!data:)", page)
    texts = data_of(page)["texts"]
    assert texts["en"].keys() == texts["nl"].keys()


@pytest.mark.parametrize(
    ("other", "where"),
    [
        ("size-25", "organisation.employees"),
        ("dense-informal-network", r"organisation\.network\.cross_ties"),
    ],
)
def test_other_organisations_are_refused_and_what_differs_is_named(other: str, where: str) -> None:
    with pytest.raises(AdoptionError, match=f"{other} differs from baseline in .*{where}"):
        play_on.page_of([read_scenario("baseline"), read_scenario(other)])


def test_other_months_and_more_than_four_are_refused() -> None:
    base = read_scenario("baseline")
    shorter = base.changed({"name": "shorter", "simulation.months": 12})
    with pytest.raises(AdoptionError, match=r"shorter .* simulation\.months"):
        play_on.page_of([base, shorter])
    with pytest.raises(AdoptionError, match="1 to 4 strategies, found 5"):
        play_on.page_of([base] * 5)


def test_too_small_a_budget_and_too_large_an_organisation_are_refused() -> None:
    poor = read_scenario("full-programme").changed({"budget.total": 1000.0})
    with pytest.raises(BudgetError, match="budget of 1,000"):
        play_on.page_of([poor])
    huge = read_scenario("baseline").changed({"organisation.employees": 60_000})
    with pytest.raises(AdoptionError, match="60,000 people is too large") as wrong:
        play_on.page_of([huge])
    assert "60.000 mensen" in language("nl").told(wrong.value)


def test_a_large_organisation_is_drawn_less_often_and_the_page_knows() -> None:
    held = data_of(play_on.page_of([read_scenario("size-1000")] * 2))
    assert 10 <= held["organisations"] < 100 or held["people"] * held["months"] * 200 <= 6e6
    many = read_scenario("baseline").changed({"organisation.employees": 5000})
    assert data_of(play_on.page_of([many]))["organisations"] == 50


def test_any_result_is_written_and_the_reference_comes_first(tmp_path: Path) -> None:
    base = read_scenario("baseline").changed(SMALL)
    lead = read_scenario("leadership").changed(SMALL)
    result = sim.compare([base, lead], 4, 3)
    path = write_report(result, tmp_path / "play.html", "play", "nl", against="leadership")
    held = data_of(path.read_text("utf-8"))
    assert [plan["name"] for plan in held["plans"]] == ["leadership", "baseline"]
    assert (held["seed"], held["months"], held["twin"]) == (3, 4, None)
    with pytest.raises(AdoptionError, match="against: found 'nobody'"):
        write_report(result, tmp_path / "other.html", "play", against="nobody")
    assert not (tmp_path / "other.html").exists()


def test_the_module_writes_scenarios_and_says_what_is_wrong(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "analysis.play_on", *arguments],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip

    done = run("out.html", "baseline")
    assert done.returncode == 0, done.stderr
    assert [plan["name"] for plan in data_of((tmp_path / "out.html").read_text("utf-8"))["plans"]]
    wrong = run("other.html", "baseline", "size-25")
    assert wrong.returncode == 1
    assert "organisation.employees" in wrong.stderr
    assert "Traceback" not in wrong.stderr
    assert not (tmp_path / "other.html").exists()


def test_the_command_writes_it_and_among_all_formats_says_why_it_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plans = [read_scenario("baseline").changed({**SMALL, "name": f"plan-{k}"}) for k in range(5)]
    few, many = (
        sim.compare(plans[:number], 4, 1).save(tmp_path, f"study-{number}") for number in (2, 5)
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(report, "EVERY", ("html", "play"))

    def adopt(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["adopt", "report", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        text = capsys.readouterr()
        assert "Traceback" not in text.err
        return int(ended.value.code or 0), text.out + text.err

    code, said = adopt(str(few), "--format", "play", "--lang", "nl")
    assert (code, said.strip()) == (0, str(few / "play.html"))
    assert data_of((few / "play.html").read_text("utf-8"))["lang"] == "nl"
    assert adopt(str(few), "--format", "play", "--output", "mine.html")[0] == 0
    assert (tmp_path / "mine.html").is_file()
    code, said = adopt(str(few), "--format", "play", "--output", "mine.play")
    assert code != 0 and "ends in .html" in said
    code, said = adopt(str(many), "--format", "play")
    assert code != 0 and "1 to 4 strategies, found 5" in said
    code, said = adopt(str(many), "--format", "all", "--quick", "--lang", "nl")
    assert code == 0 and "Geen speelbestand: een speelbestand bevat 1 tot 4" in said
    assert (many / "report.html").is_file()
    assert not (many / "play.html").exists()


def test_the_sheets_of_tasks_name_what_the_page_shows_in_their_language() -> None:
    keys = ("levers_title", "open_levers", "start_from", "reset", "draw_again", "in_numbers")
    keys += ("stand_title", "licences", "about_title")
    counted = []
    for code, file in (("en", "tasks.md"), ("nl", "tasks.nl.md")):
        sheet = " ".join((EXAMPLES.parent / file).read_text("utf-8").split())
        shown = texts_of(language(code))
        assert [shown[key] for key in keys if f"*{shown[key]}*" not in sheet] == []
        moved = levers(read_scenario("full-programme"), language(code))
        assert any(f"*{lever.measure}*" in sheet for lever in moved if lever.name == "training")
        counted.append([len(re.findall(r"(?<= )\d\. ", part)) for part in sheet.split("## ")])
    assert counted[0] == counted[1]


# --- Real people -------------------------------------------------------------------------------

IDS = ("Personeelsnummer", "Leidinggevende")
SECRET = "zzq"
"""How the ids of the test begin: nothing else in a file looks like it."""


def organisation(folder: Path, turn: int, changes: dict[str, Any] | None = None) -> Scenario:
    """Return a scenario with the people of the example: answers go round, and so do ends of ties.

    Wages stay: what a measure costs is told in every report, and in the file.
    """
    folder.mkdir()
    with (EXAMPLES / "people.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    answers = [name for name in rows[0] if name.startswith(("Vraag", "Uren"))]
    moved = [
        {
            **row,
            **{name: rows[(k + turn) % len(rows)][name] for name in answers},
            **{name: row[name] and f"{SECRET}{turn}-{row[name]}" for name in IDS},
        }
        for k, row in enumerate(rows)
    ]
    with (EXAMPLES / "ties.csv").open(encoding="utf-8-sig") as file:
        ties = list(csv.DictReader(file, delimiter=";"))[turn * 20 :]
    ends = [
        {**tie, **{end: f"{SECRET}{turn}-{tie[end]}" for end in ("Van", "Naar")}} for tie in ties
    ]
    for name, table in (("people.csv", moved), ("ties.csv", ends)):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]), delimiter=";")
            writer.writeheader()
            writer.writerows(table)
    (folder / "ours.yaml").write_text(
        "extends: champions\ntitle: Ours\norganisation: {people: people.csv, ties: ties.csv}\n"
        "simulation: {months: 6}\n",
        "utf-8",
    )
    return read_scenario(folder / "ours.yaml").changed(changes or {})


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> list[Scenario]:
    folder = tmp_path_factory.mktemp("ours")
    return [organisation(folder / f"turn-{turn}", turn) for turn in (0, 3)]


def test_nobody_of_an_imported_organisation_is_in_the_file(ours: list[Scenario]) -> None:
    page = play_on.page_of(ours[:1])
    given = imported(ours[0].organisation)
    assert given is not None
    held = data_of(page)
    everything = page.encode() + b"".join(base64.b64decode(array) for array in held["arrays"])
    assert SECRET.encode() not in everything
    for secret in (*given.people, given.digest, *given.teams):
        assert secret.encode() not in everything
    draw = held["plans"][0]["draw"]
    assert all(0 in fact["shape"] for fact in draw["facts"].values()), "nothing is known of anybody"
    for array in (given.first, given.second, given.boss):
        for kind in ("<i8", "<i4", "<f8"):
            assert array.astype(kind).tobytes() not in everything
    for array in (given.weight, given.threats, given.skill):
        for kind in ("<f4", "<f8"):
            assert array.astype(kind).tobytes() not in everything


def test_two_imports_with_the_same_groups_give_the_same_file(ours: list[Scenario]) -> None:
    first, second = (data_of(play_on.page_of([one])) for one in ours)
    apart = [held.pop("twin") for held in (first, second)]
    assert first == second
    assert apart[0] != apart[1], "they are other people, and differ otherwise from the same twin"


def test_the_file_says_by_how_much_the_twin_differs(ours: list[Scenario]) -> None:
    result = sim.compare(ours[:1], 100, 5)
    held = data_of(play_on.play_bytes(result).decode())
    twin = twin_of(ours[0]).scenario
    column = sim.kpis.COLUMN["adoption"]
    here = sim.Simulator(twin, runs=100, seed=5).rows(twin)[:, 6, column].mean()
    there = result.curves(ours[0].name, "adoption")[:, 6].mean()
    assert held["twin"]["months"] == [6]
    np.testing.assert_allclose(held["twin"]["points"], [[100.0 * (here - there)]], atol=1e-9)


def test_a_twin_has_the_groups_that_may_be_told(ours: list[Scenario]) -> None:
    groups = sim.people.population.family(ours[0])
    twin = twin_of(ours[0]).scenario
    assert groups is not None
    assert twin.organisation.employees == ours[0].organisation.employees
    assert twin.organisation.people is twin.organisation.ties is None
    assert set(twin.organisation.departments) <= set(groups.department.names)


def test_measures_for_people_of_the_file_are_refused_and_for_a_part_of_a_group_widened(
    ours: list[Scenario],
) -> None:
    given = imported(ours[0].organisation)
    assert given is not None
    path = "programme.champions.audience."
    with pytest.raises(AdoptionError, match="names people of the file of people"):
        play_on.page_of([ours[0].changed({f"{path}people": given.people[10:30]})])
    merged = next(
        name for name in twin_of(ours[0]).scenario.organisation.departments if " + " in name
    )
    part = merged.split(" + ")[-1]
    champions = ours[0].deployments["champions"]  # no file may say this, but a program can
    few = champions.audience.model_copy(update={"departments": (part,)})
    programme = {"champions": champions.model_copy(update={"audience": few})}
    twin = twin_of(ours[0].model_copy(update={"programme": programme}))
    assert twin.wider == ("champions",)
    assert twin.scenario.deployments["champions"].audience.departments == ("management", merged)


def test_a_budget_buys_the_same_for_the_twin_as_for_the_real_people(
    ours: list[Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = {key: getattr(ours[0], key) for key in ("organisation", "simulation")}
    plan = read_scenario("full-programme").model_copy(update=mine)
    whole = meter.meter(plan).total
    ways = [
        way.scenario
        for share in (0.5, 0.8)
        for way in meter.ways_out(plan.changed({"budget.total": round(share * whole)}))
        if way.scenario is not None
    ]
    assert len(ways) >= 5
    few = plan.changed({"tool.phases": [{"month": None, "departments": ["Verkoop"]}]})
    for scenario in (plan, few, *ways):
        twin, english = twin_of(scenario).scenario, language("en")
        there, here = meter.meter(scenario), meter.meter(twin)
        assert meter.gave_way(twin, english) == meter.gave_way(scenario, english)
        assert here.fixed == pytest.approx(there.fixed)
        apart = 0.005 * there.plan if scenario.budget.when_over == "scale" else 0.01
        assert here.measures == pytest.approx(there.measures, rel=0.005, abs=apart)
    alone = data_of(play_on.page_of(ways[-1:]))["twin"]
    assert alone["cost"] == pytest.approx(
        [meter.meter(twin_of(ways[-1]).scenario).total / meter.meter(ways[-1]).total - 1.0]
    )
