"""Events: what they do, to whom, what they cost, and that nothing before them moves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim import kpis, world
from sim.engine.kinds import Array
from sim.errors import ScenarioError
from sim.kernel import simulate
from sim.mesa_model import AdoptionModel
from sim.people.population import chart
from sim.programme import ledger
from sim.scenario.catalogue import read_events
from sim.scenario.schema import Scenario
from sim.state import EXECUTIVE
from sim.study.results import other_library

SMALL = {"organisation.employees": 60, "simulation.months": 12}


def happens(name: str = "full-programme", **events: dict[str, object]) -> Scenario:
    listed = {key.replace("_", "-"): event for key, event in events.items()}
    return sim.load(name).changed({**SMALL, "events": listed})


def rows(scenario: Scenario, runs: int = 6) -> Array:
    return sim.Simulator(scenario, runs=runs, seed=2).rows()


@pytest.mark.parametrize("kind", list(read_events()))
def test_nothing_before_an_event_moves_and_something_after_it_does(kind: str) -> None:
    before, after = rows(happens()), rows(happens(**{kind: {"month": 7}}))
    assert np.array_equal(before[:, :7], after[:, :7], equal_nan=True)
    assert not np.array_equal(before[:, 7:], after[:, 7:], equal_nan=True)


@pytest.mark.parametrize("kind", list(read_events()))
def test_both_engines_let_it_happen_alike(kind: str) -> None:
    scenario = happens(**{kind: {"month": 3}, "bad_news": {"month": 5}}).changed(
        {"organisation.turnover": 0.4, "programme.buddies": {"start": 2}}
    )
    worlds = world.draw_worlds(world.design(scenario), 1, np.array([0]))
    fast = simulate(worlds, world.plan(scenario), 1, keep_events=True)
    model = AdoptionModel(scenario, rng=1, worlds=worlds)
    for month in range(1, 13):
        model.step()
        np.testing.assert_array_equal(np.array(model.row), fast.rows[0, month])
    assert np.array_equal(np.array(model.events), fast.events)


def test_an_event_of_size_0_is_none_and_leaves_the_fingerprint_alone() -> None:
    idle = happens(bad_news={"month": 3, "size": 0.0})
    assert idle.fingerprint() == happens().fingerprint()
    assert np.array_equal(rows(idle), rows(happens()), equal_nan=True)
    assert happens(bad_news={"month": 3}).fingerprint() != happens().fingerprint()


def test_a_larger_one_does_more() -> None:
    adoption = [
        rows(happens("baseline", reorganisation={"month": 6, "size": size}), 30)[:, 7, 0].mean()
        for size in (0.0, 1.0, 2.0)
    ]
    assert adoption[0] > adoption[1] > adoption[2]


def test_a_leader_who_leaves_takes_the_commitment_along() -> None:
    scenario = happens("leadership", leader_leaves={"month": 4})
    worlds = world.draw_worlds(world.design(scenario), 1, np.arange(3))
    ends = simulate(worlds, world.plan(scenario), 1, keep_people=True).people
    for people in ends:
        top = people[people["role"] == EXECUTIVE]
        first, *others = top
        assert first["arrival"] == 3
        assert first["committed"] == 0
        assert all(one["arrival"] == 0 for one in others)
        assert (people["arrival"] > 0).sum() == 1


def test_who_leaves_can_be_said_and_belongs_to_the_departments_it_concerns() -> None:
    scenario = happens(
        "leadership", leader_leaves={"month": 4, "role": "team_lead", "departments": ["sales"]}
    )
    worlds = world.draw_worlds(world.design(scenario), 1, np.arange(1))
    people = simulate(worlds, world.plan(scenario), 1, keep_people=True).people[0]
    gone = people[people["arrival"] > 0]
    assert len(gone) == 1
    assert gone["role"][0] == 1
    names = ["management", *scenario.organisation.departments]
    assert names[int(gone["department"][0])] == "sales"


def test_a_price_rise_costs_from_its_month_on_and_changes_nobody() -> None:
    before, after = rows(happens()), rows(happens(price_rise={"month": 7, "size": 2.0}))
    cost = kpis.COLUMN["cost_technology"]
    others = [k for k in range(before.shape[2]) if k != cost]
    assert np.array_equal(before[..., others], after[..., others], equal_nan=True)
    licences = happens().tool.licence_price * 60
    np.testing.assert_allclose(after[:, 7:, cost] - before[:, 7:, cost], 0.66 * licences)


def test_what_it_costs_is_in_the_ledger_and_none_of_the_budgets_business() -> None:
    scenario = happens(reorganisation={"month": 5}, price_rise={"month": 5})
    book = ledger.ledger(scenario)
    plain = ledger.ledger(happens())
    assert book["reorganisation"].loc[5] > 0.0
    assert (book["reorganisation"].drop(5) == 0.0).all()
    assert (book["licences"].loc[5:] > plain["licences"].loc[5:]).all()
    exactly = float(plain.to_numpy().sum())
    tight = scenario.changed({"budget.total": exactly + 1.0})
    assert ledger.left_out(tight, chart(tight))[0] == {}
    measured = rows(scenario)[:, :, kpis.COLUMN["cost_measures"]].sum(axis=1)
    planned = book.drop(columns=["licences", "integration"]).to_numpy().sum()
    assert measured.mean() == pytest.approx(planned, rel=0.02)


def test_events_are_inherited_and_taken_away(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "events:\n  bad-news: {month: 3}\n  leak: {kind: bad-news, month: 5}\n"
    )
    (tmp_path / "b.yaml").write_text("extends: a.yaml\nevents:\n  leak: null\n")
    assert list(sim.load(tmp_path / "a.yaml").happenings) == ["bad-news", "leak"]
    assert list(sim.load(tmp_path / "b.yaml").happenings) == ["bad-news"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bad-new: {month: 3}", "a.yaml:2:3.*no kind of event 'bad-new'; did you mean 'bad-news'"),
        ("leak: {kind: leek, month: 3}", "a.yaml:2:16.*no kind of event 'leek'"),
        ("bad-news: {month: 99}", "found 99, the simulation ends with month 24"),
        ("bad-news: {}", "'month' is missing"),
        ("bad-news: {month: 3, size: 9}", "0 to 3"),
        ("bad-news: {month: 3, role: executive}", "nobody leaves by 'bad-news': leave 'role' out"),
        ("bad-news: {month: 3, departments: [sails]}", "no department 'sails'"),
        ("launch: {kind: bad-news, month: 3}\nprogramme:\n  launch: {}", "there is a deployment 'launch' already"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_event_is_said_with_its_line(
    text: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(f"events:\n  {text}\n")
    with pytest.raises(ScenarioError, match=said):
        sim.load(tmp_path / "a.yaml")


def test_what_the_library_says_of_an_event_is_kept_with_a_result() -> None:
    result = sim.compare([happens(bad_news={"month": 3})], runs=1)
    assert list(result.provenance["events"]) == ["bad-news"]
    assert "events" not in sim.compare([happens()], runs=1).provenance


def test_a_stored_result_says_when_the_library_has_changed_an_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = sim.compare([happens(bad_news={"month": 3})], runs=1)
    origin = result.provenance
    kinds = dict(read_events())
    kinds["bad-news"] = kinds["bad-news"].model_copy(update={"price": 2.0})
    monkeypatch.setattr("sim.study.provenance.read_events", lambda: kinds)
    difference = other_library(origin, result.scenarios)
    assert difference == "library/events.yaml: bad-news.price: 1.0 there, 2.0 here"
