"""Every number is declared once, within its own range, and some rule reads it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import parameters
from sim.errors import ScenarioError
from sim.parameters import RECORD, Parameters, as_record, numbers, parameters_table
from sim.scenario.schema import Scenario

PAGES = Path(parameters.__file__).parent


@pytest.mark.parametrize("name", Parameters._fields)
def test_a_number_is_declared_in_full(name: str) -> None:
    one, default = numbers()[name], Parameters._field_defaults[name]
    assert one.low < one.high
    assert one.low <= default <= one.high
    assert one.neutral is None or one.low <= one.neutral <= one.high
    assert one.unit
    assert len(one.meaning) > 10
    assert one.source
    assert name == name.lower()


@pytest.mark.parametrize("name", Parameters._fields)
def test_a_number_is_read_somewhere(name: str) -> None:
    """A number that nothing reads would be a promise that nothing keeps."""
    written = rf"\b(?:p|pace|parameters|numbers)\.{name}\b"
    if name.startswith("sender_"):  # a message names its sender, and the table of rounds its number
        written = r"getattr\(scenario\.numbers, f\"sender_\{sender\}\"\)"
    read = re.compile(written)
    pages = [page for page in PAGES.rglob("*.py") if page.name != "parameters.py"]
    assert any(read.search(page.read_text("utf-8")) for page in pages)


@pytest.mark.parametrize("name", Parameters._fields)
def test_a_scenario_takes_a_number_in_its_range_and_no_other(name: str, small: Scenario) -> None:
    one = numbers()[name]
    whole = isinstance(Parameters._field_defaults[name], int)
    for value in (one.low, one.high):
        changed = small.changed({f"parameters.{name}": int(value) if whole else value})
        assert getattr(changed.numbers, name) == value
    for value in (one.low - 1, one.high + 1):
        with pytest.raises(ScenarioError, match=name):
            small.changed({f"parameters.{name}": int(value) if whole else value})


def test_compiled_code_reads_the_same_numbers() -> None:
    p = Parameters()._replace(peer_weight=1.25, hill_exponent=5)
    record = as_record(p)
    assert RECORD.names == Parameters._fields
    assert record.shape == (1,)
    assert record[0].item() == tuple(p)
    assert record["hill_exponent"].dtype == np.int64


def test_the_table_has_a_row_per_number() -> None:
    table = parameters_table()
    assert list(table.index) == list(Parameters._fields)
    assert table.loc["peer_weight", "unit"] == "log-odds"
    assert table["default"].tolist() == list(Parameters())
    assert sim.parameters_table().equals(table)


def test_some_numbers_are_free_to_be_fitted_and_all_have_a_source() -> None:
    table = parameters_table()
    assert 0 < table["prior"].notna().sum() < len(table)
    assert (table["source"].str.len() > 5).all()
