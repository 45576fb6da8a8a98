"""What takes long of ``unit/test_money.py``."""

from __future__ import annotations

from typing import Any

import pytest
import test_money as quick
from hypothesis import given
from hypothesis import strategies as st
from parts import others
from test_money import TIGHT, TIGHT_NAMES, promise

from sim.programme.ledger import ledger
from sim.scenario import read_catalogue
from sim.scenario.measure import Measure
from sim.scenario.schema import Scenario

catalogue = quick.catalogue


@promise
@given(dose=st.floats(0.1, 10.0), start=st.integers(1, 24), length=st.integers(1, 24))
def test_the_same_dose_costs_the_same_however_it_is_spread(
    dose: float, start: int, length: int
) -> None:
    spread, at_once = (
        ledger(
            Scenario.model_validate(
                {"simulation": {"months": 60}, "programme": {"training": {"dose": dose, **when}}}
            )
        )["training"].sum()
        for when in ({"start": start, "months": length}, {"start": 1, "months": 1})
    )
    assert spread == pytest.approx(at_once)


@pytest.mark.parametrize(
    "changes",
    others(TIGHT, 1),
    ids=others(TIGHT_NAMES, 1),
)
def test_no_organisation_spends_more_than_a_scaled_budget(
    changes: dict[str, Any], catalogue: dict[str, Measure]
) -> None:
    quick.test_no_organisation_spends_more_than_a_scaled_budget(changes, catalogue)


@pytest.mark.parametrize("name", others(sorted(read_catalogue()), 12))
def test_every_measure_costs_what_its_dose_says(name: str, baseline: Scenario) -> None:
    quick.test_every_measure_costs_what_its_dose_says(name, baseline)
