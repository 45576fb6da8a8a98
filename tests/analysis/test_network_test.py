"""Whether the network matters here: the score by hand, what it does not see, refusals, kept pieces."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from shutil import copy

import numpy as np
import pytest
from click.testing import CliRunner
from matplotlib.text import Text

from analysis.cli import adopt
from analysis.decisions import network_test as study
from analysis.decisions.network_null import Level
from analysis.decisions.network_score import HALF, Circle, Score, circle_of, score
from analysis.decisions.network_test import NetworkTest, question
from analysis.decisions.network_test_figure import network_test_figure
from analysis.decisions.network_test_texts import verdict
from analysis.decisions.person_use import PersonUse
from analysis.words.languages import language
from sim.engine.kinds import Array
from sim.errors import AdoptionError
from sim.scenario import read_scenario

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def loners(people: int, pairs: list[tuple[int, int]], champions: Array | None = None) -> Circle:
    nobody = np.full(people, -1)
    return circle_of(np.array(pairs), np.zeros(people, int), nobody, champions=champions)


def all_seen(used: Array) -> Array:
    return np.ones(used.shape, np.bool_)


# --- The score -----------------------------------------------------------------------------


def test_the_score_of_four_people_is_what_it_is_by_hand() -> None:
    # 0 and 1 used it in the first month. 2 has a tie with 0, 3 with 4: of those who had not used
    # it and are alike in all else, 2 starts, and 3 and 4, whose circle did not use it, do not.
    used = np.array([[1, 1], [1, 1], [0, 1], [0, 0], [0, 0]], np.bool_)
    circle = loners(5, [(0, 2), (3, 4)])
    pull = np.array([1 / (1 + HALF), 0.0, 0.0])
    parts = (np.array([1.0, 0.0, 0.0]) - 1 / 3) * (pull - pull.mean())
    expected = parts.sum() / math.sqrt(parts @ parts)
    result = score(used, all_seen(used), circle)
    assert result == Score(pytest.approx(expected), 3, 1)
    assert expected == pytest.approx(6 / math.sqrt(18))


def test_ties_to_the_boss_and_to_champions_do_not_count() -> None:
    boss = np.array([-1, 0, 0, 0])
    pairs = np.array([(0, 1), (1, 2), (2, 3)])
    circle = circle_of(pairs, np.zeros(4, int), boss)
    assert circle.ties.toarray()[1].tolist() == [0, 0, 1, 0]
    assert circle.ties.toarray()[0].tolist() == [0, 1, 0, 0], "those led are colleagues"
    known = circle_of(pairs, np.zeros(4, int), boss, champions=np.array([0, 0, 1, 0], bool))
    assert known.ties.toarray()[1].tolist() == [0, 0, 0, 0]
    assert known.coached.tolist() == [0, 1, 3, 1]


def drawn(seed: int, pull: float, people: int = 120, months: int = 12) -> tuple[Array, Circle]:
    """Return use in which colleagues' use raises the chance of a start by so much, and ties."""
    chance = np.random.default_rng(seed)
    pairs = np.unique(np.sort(chance.integers(people, size=(4 * people, 2)), axis=1), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    circle = circle_of(pairs, chance.integers(3, size=people), np.full(people, -1))
    used = np.zeros((people, months), np.bool_)
    for month in range(1, months):
        users = circle.ties @ used[:, month - 1].astype(float)
        start = chance.random(people) < 0.03 + pull * users / (users + HALF)
        used[:, month] = np.where(used[:, month - 1], chance.random(people) < 0.95, start)
    return used, circle


def test_other_numbers_for_the_same_people_change_nothing() -> None:
    used, circle = drawn(1, 0.2)
    seen = np.random.default_rng(2).random(used.shape) < 0.95
    order = np.random.default_rng(3).permutation(len(used))
    moved = Circle(
        circle.ties[order][:, order],
        circle.department[order],
        circle.boss[order],
        circle.leads[order],
        circle.coached[order],
    )
    first, other = score(used, seen, circle), score(used[order], seen[order], moved)
    assert other.value == pytest.approx(first.value)
    assert (other.compared, other.starts) == (first.compared, first.starts)


def test_what_is_not_seen_changes_nothing() -> None:
    used, circle = drawn(1, 0.2)
    seen = np.random.default_rng(2).random(used.shape) < 0.9
    assert score(used | ~seen, seen, circle) == score(used & seen, seen, circle)


def test_strong_contagion_shows_and_use_dealt_to_others_does_not() -> None:
    seen, dealt = [], []
    for seed in range(24):
        used, circle = drawn(seed, 0.3)
        seen.append(score(used, all_seen(used), circle).value)
        order = np.random.default_rng(seed).permutation(len(used))
        dealt.append(score(used[order], all_seen(used), circle).value)
    assert np.mean(seen) > 3.0
    assert abs(np.mean(dealt)) < 4.0 / math.sqrt(24)
    assert 0.6 < np.std(dealt) < 1.5


def test_where_all_do_the_same_the_score_is_0() -> None:
    used = np.ones((6, 4), np.bool_)
    assert score(used, all_seen(used), loners(6, [(0, 1), (2, 3)])) == Score(0.0, 0, 0)


@pytest.mark.parametrize(("pairs", "said"), [([], "found none"), ([(0, 9)], "found row 9")])
def test_ties_that_cannot_be_are_refused(pairs: list[tuple[int, int]], said: str) -> None:
    with pytest.raises(AdoptionError, match=said):
        loners(4, pairs)


# --- The verdict ---------------------------------------------------------------------------


def judged(power: float, p: float, apart: float = 0.01) -> NetworkTest:
    """Return a test with this power and about this p-value."""
    null = np.tile(np.linspace(-2.0, 2.0, 200)[:, None], (1, 3))
    above = np.where(np.arange(100) < round(100 * power), 2.5, 0.0)
    use = PersonUse(np.eye(40, 12, dtype=bool), np.ones((40, 12), bool), ("1", "12"), ())
    level = Level({}, [0.1] * 12, apart)
    return NetworkTest(
        scenario=read_scenario("on-request"),
        use=use,
        score=Score(float(np.quantile(null[:, 0], 1.0 - p)), 300, 20),
        horizons=(12, 18, 24),
        null=null,
        with_contagion=np.tile(above[:, None], (1, 3)),
        levels=(level, level),
        people=40,
        ties=90,
        champions=False,
        seed=3,
    )


@pytest.mark.parametrize(
    ("power", "p", "kind", "said"),
    [
        (0.9, 0.01, "seen", "Ties matter here"),
        (0.9, 0.5, "not seen", "No sign that ties matter here"),
        (0.6, 0.5, "unsure", "No clear sign"),
        (0.3, 0.5, "cannot tell", "These data cannot tell"),
        (0.3, 0.01, "cannot tell", "These data cannot tell"),
    ],
)
def test_the_verdict_follows_from_power_first(power: float, p: float, kind: str, said: str) -> None:
    result = judged(power, p)
    assert result.kind == kind
    assert result.answer.startswith(said)
    content = result.as_json()
    assert (content["p"] is None) == (kind == "cannot tell")
    assert ("No p-value is told" in " ".join(result.said())) == (kind == "cannot tell")
    json.dumps(content, allow_nan=False)


def test_a_p_value_counts_the_organisation_itself_and_tells_its_error() -> None:
    result = judged(0.9, 0.05)
    above = int((result.null[:, 0] >= result.score.value).sum())
    assert result.p == (1 + above) / 201
    assert result.p_error == pytest.approx(math.sqrt(result.p * (1 - result.p) / 200))


def test_a_level_that_was_not_met_is_told() -> None:
    assert "points away from the use that was seen" in " ".join(judged(0.9, 0.5, 0.09).said())
    assert "points away" not in " ".join(judged(0.9, 0.5).said())


def test_use_of_few_people_is_not_told() -> None:
    assert set(study.shown_use(judged(0.9, 0.5).use)) == {None}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_figure_says_what_was_found_and_on_what_it_rests(lang: str) -> None:
    words = language(lang)
    picture = network_test_figure(judged(0.9, 0.01), words)
    said = " ".join(" ".join(str(text.get_text()) for text in picture.findobj(Text)).split())
    assert " ".join(picture.caption.split()) in said
    assert " ".join(verdict(judged(0.9, 0.01), words).split()) in said
    if lang == "en":
        assert re.search(r"\b200 organisations \(runs\)", picture.caption)
        assert re.search(r"Seed 3\b", picture.caption)
        assert "95 % intervals" in picture.caption


# --- From files ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("people.csv", "ties.csv", "use-by-person.csv"):
        copy(EXAMPLES / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(study, "WITH", 10)
    monkeypatch.setattr(study, "PIECE", 50)
    monkeypatch.setattr("analysis.decisions.network_null.FIT_STEPS", 1)
    monkeypatch.setattr("analysis.decisions.network_null.FIT_RUNS", 4)
    return tmp_path


def command(*more: str) -> dict[str, object]:
    line = [
        "network-test",
        "ties.csv",
        "use-by-person.csv",
        "--nulls",
        "100",
        "--no-figure",
        "--json",
    ]
    result = CliRunner().invoke(adopt, [*line, *more], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    content: dict[str, object] = json.loads(result.stdout)
    return content


def test_where_nobody_says_what_was_done_all_that_goes_along_ties_is_taken_to_be(
    folder: Path,
) -> None:
    asked = question("ties.csv", "use-by-person.csv")
    assert {"leadership-example", "champions"} <= set(asked.scenario.deployments)
    assert "launch" not in asked.scenario.deployments, "use did not start with a bang"
    ids = (folder / "people.csv").read_text("utf-8-sig").splitlines()
    (folder / "champions.csv").write_text("id\n" + ids[3].split(";")[0] + "\n")
    known = question("ties.csv", "use-by-person.csv", champions="champions.csv")
    assert known.scenario.programme["champions"].selection == "named"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"nulls": 10}, "nulls: found 10"),
        ({"first": 0}, "first: found 0"),
        ({"at_least": 0.0}, "at least: found 0"),
        ({"people": "nobody.csv"}, "nobody.csv: there is no such file"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    folder: Path, options: dict[str, object], said: str
) -> None:
    with pytest.raises(AdoptionError, match=said):
        question("ties.csv", "use-by-person.csv", **options)  # type: ignore[arg-type]


def test_set_without_a_scenario_is_a_mistake(folder: Path) -> None:
    line = ["network-test", "ties.csv", "use-by-person.csv", "--set", "organisation.turnover=0"]
    result = CliRunner().invoke(adopt, line)
    assert result.exit_code == 2
    assert "--scenario" in result.output
