"""The steps of a month are the functions the engines call, in their order, and the picture shows them."""

from __future__ import annotations

import ast
import inspect
from collections import Counter

import pytest

import sim.kernel
import sim.mesa_model
import sim.month
import sim.rules
from analysis.figures.frame import in_bytes
from analysis.model import picture, steps
from analysis.model.odd import TABLES
from sim.errors import AdoptionError
from sim.parameters import Parameters
from sim.scenario.folders import library
from sim.state import columns


def called(function: ast.AST) -> list[str]:
    """Return the names of what a function calls, in the order in which they stand there."""
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    calls.sort(key=lambda one: (one.func.end_lineno, one.func.end_col_offset))
    return [getattr(one.func, "attr", getattr(one.func, "id", "")) for one in calls]


def source(module: object, name: str) -> ast.AST:
    page = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    return next(
        node for node in ast.walk(page) if isinstance(node, ast.FunctionDef) and node.name == name
    )


def in_order(names: list[str], calls: list[str]) -> bool:
    """Return whether all of these are called, each first after the one before."""
    places = [calls.index(name) for name in names if name in calls]
    return len(places) == len(names) and places == sorted(places)


def last(path: str) -> str:
    return path.rpartition(".")[2]


OF_A_PERSON = ["consider", "perceive", "want", "decide", "drift", "develop"]


def test_both_engines_go_through_the_steps_of_a_person_in_their_order() -> None:
    told = [last(path) for one in steps.STEPS for path in one.functions if "sim.rules" in path]
    assert [name for name in told if name in OF_A_PERSON] == OF_A_PERSON
    assert in_order(["contagion", *OF_A_PERSON], called(source(sim.mesa_model, "change")))
    assert in_order(["receive", "launch_from_access"], called(source(sim.kernel, "receive")))
    parts = ["hear", "form", "act", "show"]
    assert in_order(parts, called(source(sim.kernel, "simulate_substep")))
    assert in_order(
        ["contagion", "leaders_example", *OF_A_PERSON],
        [name for part in parts for name in called(source(sim.kernel, part))],
    )
    assert in_order(
        ["begin_month", "receive", "spend", "simulate_substep"],
        called(source(sim.kernel, "simulate_month")),
    )


def test_the_turn_of_a_month_has_its_steps_in_their_order() -> None:
    told = [last(path) for one in steps.STEPS for path in one.functions if "sim.month" in path]
    assert told.pop(0) == "part_from_buddies"  # once for all who left, by themselves or by an event
    assert told == ["renew", "strike", "look", "react", "invite", "pair", "spend"]
    assert in_order(told[:-1], called(source(sim.month, "begin_month")))


@pytest.mark.parametrize("module", [sim.rules, sim.month], ids=["rules", "month"])
def test_every_rule_that_changes_a_person_is_in_exactly_one_step(module: object) -> None:
    """Also one that is added, by whoever calls it."""
    page = ast.parse(inspect.getsource(module))  # type: ignore[arg-type]
    name = module.__name__  # type: ignore[attr-defined]
    changing = {
        f"{name}.{one.name}"
        for one in page.body
        if isinstance(one, ast.FunctionDef)
        and any(
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and node.attr in columns()
            for node in ast.walk(one)
        )
    }
    assert changing
    found = Counter(path for one in steps.STEPS for path in steps.closure(one.functions))
    assert {path: found[path] for path in changing} == dict.fromkeys(changing, 1)


def test_everything_a_person_is_that_changes_is_changed_by_some_step() -> None:
    changed = {name for one in steps.STEPS for name in steps.changes(one.functions)}
    given = {
        "key", "role", "department", "team", "boss", "use_cases",  # the chart and the scenario
        "committed", "led",  # before the first month
    }  # fmt: skip
    assert set(columns()) - given <= changed


def test_what_a_step_changes_is_what_its_docstring_says_it_does() -> None:
    assert steps.changes(["sim.rules.consider"]) == ("considers",)
    assert steps.changes(["sim.rules.perceive"]) == ("perceived_pull", "perceived_example")
    assert steps.changes(["sim.rules.decide"]) == ("uses", "intensity", "skill", "considers")
    assert steps.changes(["sim.programme.effects.launch_from_access"]) == ("launch",)


def test_the_numbers_of_a_step_are_those_it_reads_also_by_way_of_the_pace_and_of_the_agent() -> (
    None
):
    assert steps.numbers(["sim.rules.perceive"]) == ("norm_rate",)
    assert set(steps.numbers(["sim.rules.decide"])) == {
        "start_rate", "stop_rate", "considers_after", "use_growth",
    }  # fmt: skip
    assert set(steps.numbers(["sim.rules.contagion"])) == {"hill_exponent", "full_circle"}
    every = {name for one in steps.STEPS for name in steps.numbers(one.functions)}
    moving = [
        name for name in Parameters._fields
        if name.startswith(("consider_", "considers_")) or name.endswith(("_weight", "_rate", "_growth"))
    ]  # fmt: skip
    elsewhere = {"message_rate", "culture_rate"}  # before the run
    assert set(moving) - elsewhere <= every


def test_a_function_that_is_renamed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(steps._page("sim.rules").functions, "consider")
    with pytest.raises(AdoptionError, match=r"sim\.rules\.consider, and there is no such function"):
        TABLES["month"]()


# --- The picture ---------------------------------------------------------------------------


def test_what_acts_on_a_step_is_read_off_the_code() -> None:
    acts = {title: [one.name for one in picture.acting(title)] for title in picture.SHOWN}
    assert acts == {
        "Receive": ["The programme"],
        "Consider": ["The programme", "Leaders", "Colleagues"],
        "Perceive": ["Leaders", "Colleagues"],
        "Want": ["The programme", "Leaders", "Colleagues", "Own experience"],
        "Decide": ["The programme", "Own experience"],
        "Develop": ["The programme", "Colleagues", "Own experience"],
    }


def test_what_speaks_for_it_and_what_against_has_the_sign_of_the_rule() -> None:
    found = steps.signs(["sim.rules.conviction", "sim.rules.want", "sim.rules.novelty"])
    assert [name for name, sign in found.items() if sign < 0] == ["fear"]
    assert {"usefulness", "ease", "peer", "leader", "habit", "incentive"} <= set(found)


def test_the_picture_is_the_shipped_one_to_the_byte() -> None:
    drawn = in_bytes(picture.month_picture(), "svg")
    assert drawn == in_bytes(picture.month_picture(), "svg")
    shipped = (library().parent / "docs" / "month.svg").read_bytes()
    assert drawn == shipped, "run: adopt model --figure docs/month"


def test_the_picture_says_every_step_with_its_sentence() -> None:
    figure = picture.month_picture()
    said = " ".join(one.get_text() for ax in figure.axes for one in ax.texts)
    for title in (*picture.SHOWN, "Show"):
        assert title in said
        assert steps.step(title).sentence in said
