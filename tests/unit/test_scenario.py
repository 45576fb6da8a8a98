"""A scenario is a frozen, validated value; a changed one is a new one."""

from __future__ import annotations

from typing import Any, get_args

import pydantic
import pytest

from sim import rules
from sim.errors import ScenarioError
from sim.networks import KINDS
from sim.parameters import Parameters
from sim.people.selection import SELECTION
from sim.programme.levers import SILENT
from sim.rules import Switches
from sim.scenario import read_catalogue
from sim.scenario.base import check_shares
from sim.scenario.folders import library
from sim.scenario.library import Archetype
from sim.scenario.measure import Selection
from sim.scenario.organisation import Network
from sim.scenario.schema import Deployment, RuleVariants, Scenario
from sim.state import ROLES, THREATS
from sim.world import SKILLS


def choices(form: Any, field: str) -> tuple[str, ...]:
    """Return the words a field of a form may be."""
    schema = form.model_json_schema()["properties"][field]
    while "enum" not in schema:
        schema = schema.get("items") or schema["anyOf"][0]
    return tuple(schema["enum"])


def test_an_empty_scenario_is_a_whole_one() -> None:
    one = Scenario()
    assert one.numbers == Parameters()
    assert one.switches == Switches()
    assert one.deployments == {}
    assert one.label == "scenario"


def test_a_scenario_cannot_be_changed_in_place(small: Scenario) -> None:
    for part, name in ((small, "name"), (small.organisation, "employees"), (small.tool, "go_live")):
        with pytest.raises(pydantic.ValidationError, match="frozen"):
            setattr(part, name, getattr(part, name))


def test_a_changed_scenario_leaves_the_first_as_it_was(small: Scenario) -> None:
    before = small.model_dump_json()
    other = small.changed({"organisation.employees": 75, "programme.champions": {"share": 0.1}})
    assert other.organisation.employees == 75
    assert other.programme["champions"] == Deployment(share=0.1)
    assert small.model_dump_json() == before
    assert other.changed({"organisation.employees": 60, "programme.champions": None}) == small


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("organisation.employees", 1),
        ("organisation.employees", 60.5),
        ("organisation.employees", "60"),
        ("organisation.employes", 60),
        ("organisation.network.kind", "smallworld"),
        ("tool.go_live", 0),
        ("tool.task_saving", 1.5),
        ("tool.licence_price", float("nan")),
        ("tool.licence_price", float("inf")),
        ("programme.unknown", {}),
        ("programme.champions", {"share": 1.1}),
        ("parameters.peer_weight", -1),
        ("simulation.substeps", 0),
        ("nothing", 1),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_its_path(
    path: str, value: object, small: Scenario
) -> None:
    with pytest.raises(ScenarioError) as caught:
        small.changed({path: value})
    assert path.split(".")[0] in str(caught.value)


def test_shares_must_add_up(small: Scenario) -> None:
    check_shares({"a": 0.3, "b": 0.6995})
    with pytest.raises(ValueError, match=r"add up to 0\.9 \(a 0\.3 \+ b 0\.6\)"):
        check_shares({"a": 0.3, "b": 0.6})
    with pytest.raises(ScenarioError, match="must add up to 1"):
        small.changed({"organisation.archetypes.status": 0.9})
    with pytest.raises(ScenarioError, match="must add up to 1"):
        small.changed({"organisation.departments.sales.share": 0.9})


def test_deployments_are_those_with_a_dose(small: Scenario) -> None:
    one = small.changed(
        {"programme.launch": None, "programme.training": {"dose": 0}, "programme.champions": {}}
    )
    assert list(one.deployments) == ["champions"]


def test_closed_lists_are_the_same_wherever_they_are_written() -> None:
    assert {*choices(Network, "kind"), "imported"} == set(KINDS)
    assert get_args(Selection) == SELECTION
    for name, words in (
        ("contagion", rules.CONTAGION),
        ("link", rules.LINK),
        ("decision", rules.DECISION),
        ("stopping", rules.STOPPING),
        ("social", tuple(SILENT)),
        ("threat", rules.THREAT),
        ("schedule", rules.SCHEDULE),
    ):
        assert choices(RuleVariants, name) == words
    audience = Deployment.model_json_schema()["$defs"]["Audience"]["properties"]
    assert audience["roles"]["anyOf"][0]["items"]["enum"] == list(ROLES)
    assert set(choices(Archetype, "feels")) == set(THREATS)
    assert set(choices(Archetype, "skill")) == set(SKILLS)


@pytest.mark.parametrize("variant", Switches._fields)
def test_a_variant_in_words_is_the_switch_of_its_place(variant: str, small: Scenario) -> None:
    words = getattr(rules, variant.upper())
    for place, word in enumerate(words):
        switches = small.changed({f"rules.{variant}": word}).switches
        assert getattr(switches, variant) == place


def test_numbers_are_the_defaults_but_for_those_given(small: Scenario) -> None:
    changed = small.changed({"parameters.peer_weight": 0.5}).numbers
    assert changed == small.numbers._replace(peer_weight=0.5)


def test_a_label_is_the_title_or_the_name(small: Scenario) -> None:
    assert small.changed({"title": "A title"}).label == "A title"
    assert small.changed({"title": "", "name": "short"}).label == "short"


def test_a_scenario_survives_being_written_as_json(small: Scenario) -> None:
    one = small.changed(
        {"programme.training": {"audience": {"roles": ["manager"], "departments": ["sales"]}}}
    )
    assert Scenario.model_validate_json(one.model_dump_json()) == one


def test_the_library_is_where_the_shipped_scenarios_are() -> None:
    assert (library() / "baseline.yaml").is_file()
    assert (library() / "library" / "measures.yaml").is_file()
    assert "launch" in read_catalogue()
