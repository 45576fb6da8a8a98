"""Every measure of the catalogue is described, sourced, priced, and changes something."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim import kpis
from sim.channels import CHANNELS, RELIEFS
from sim.files import read_catalogue
from sim.measure import Measure
from sim.scenario import Scenario

NAMES = sorted(read_catalogue())
PHASES = {"communication", "co_creation", "competence", "incentives", "cross_cutting"}
KPI = [one.name for one in kpis.MEASURED]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of each measure in turn."""
    return str(request.param)


@pytest.fixture
def measure(name: str) -> Measure:
    """Return each measure in turn."""
    return read_catalogue()[name]


def test_a_measure_is_described_in_both_languages(measure: Measure) -> None:
    for text in (measure.title, measure.description):
        assert text.en.strip()
        assert text.nl.strip()
        assert text.en != text.nl
    assert measure.description.en.endswith(".")
    assert measure.description.nl.endswith(".")


def test_a_measure_names_its_sources(measure: Measure) -> None:
    assert all(len(source.strip()) > 5 for source in measure.sources)
    assert len(set(measure.sources)) == len(measure.sources)


def test_a_measure_does_something_on_a_channel_or_puts_people_in_a_part(measure: Measure) -> None:
    pushed = [channel for channel in CHANNELS if getattr(measure.pushes, channel)]
    assert pushed or measure.message or measure.appoints


def test_a_measure_costs_money_or_time(measure: Measure) -> None:
    assert any(measure.cost.model_dump().values())


def test_parts_of_a_measure_fit_together(measure: Measure) -> None:
    if measure.share is not None or measure.coaching is not None:
        assert measure.appoints is not None
    if measure.selection is not None:
        assert measure.appoints == "champions"
    if measure.appoints is not None:
        assert measure.lasting == "structural"


def test_relief_can_be_scaled_up_as_far_as_its_parameter_allows(measure: Measure) -> None:
    """A share of a threat that is removed must stay below all of it."""
    highest = sim.parameters_table().loc["relief_scale", "high"]
    for pushes in (measure.pushes, measure.coaching or measure.pushes):
        assert all(highest * getattr(pushes, channel) < 1.0 for channel in RELIEFS)


def test_a_measure_changes_what_it_acts_on(name: str, measure: Measure, baseline: Scenario) -> None:
    """Each channel has a KPI of its own, whatever becomes of adoption."""
    bare = baseline.changed({"programme": {}, "simulation.months": 8})
    with_it = bare.changed({f"programme.{name}": {}, "name": "with"})
    both = sim.compare([bare, with_it], runs=20, seed=1)
    change = (both.measured["with"] - both.measured["baseline"]).mean(axis=0)[1:]
    moved = dict(zip(KPI, change.T, strict=True))
    for channel in RELIEFS:
        effect = getattr(measure.pushes, channel)
        threat = moved[channel.replace("relief", "threat")]
        if effect > 0:
            assert threat.min() < 0
        if effect < 0:
            assert threat.max() > 0
    if measure.pushes.training > 0 or (measure.coaching and measure.coaching.training > 0):
        assert moved["skill"].max() > 0
    if measure.message is not None:
        assert np.abs(moved["expectation"]).max() > 0
    if measure.pushes.launch > 0 or measure.pushes.incentive > 0 or measure.appoints:
        assert moved["using"].max() > 0


def test_a_larger_dose_relieves_more(name: str, measure: Measure, baseline: Scenario) -> None:
    bare = baseline.changed({"programme": {}, "simulation.months": 6})
    threat = [
        sim.run(bare.changed({f"programme.{name}": {"dose": dose}}), runs=10, seed=1)
        .curves("baseline", "felt_threat")[:, 1:]
        .mean()
        for dose in (0.5, 2.0)
    ]
    effects = [getattr(measure.pushes, channel) for channel in RELIEFS]
    if min(effects) >= 0 and max(effects) > 0:
        assert threat[1] < threat[0]
    if max(effects) <= 0 and min(effects) < 0:
        assert threat[1] > threat[0]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_catalogue_can_be_read_as_a_table(language: str) -> None:
    table = sim.catalogue(language)
    assert sorted(table.index) == NAMES
    assert set(table["phase"]) <= PHASES
    for name, entry in read_catalogue().items():
        assert table.loc[name, "title"] == getattr(entry.title, language)
        assert table.loc[name, "does"] or entry.appoints


def test_names_of_measures_are_plain_words() -> None:
    for name in NAMES:
        assert name.replace("-", "").isalnum()
        assert name == name.lower()
