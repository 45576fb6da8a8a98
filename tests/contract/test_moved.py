"""Names from before version 1.0 still lead to what they named, and say so."""

from __future__ import annotations

import importlib
import sys
import warnings
from importlib.util import find_spec

import pytest

from sim.moved import MOVED


@pytest.mark.parametrize("old", [*MOVED, "sim.sweeps.reading", "analysis.ties.study"])
def test_an_old_name_is_the_new_page_and_says_so(old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, old, raising=False)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        page = importlib.import_module(old)
    (now,) = (
        str(one.message).split("'")[3] for one in told if f"'{old}' is now" in str(one.message)
    )
    assert page is importlib.import_module(now)
    assert page.__spec__ is not None and page.__spec__.name == page.__name__ == now


def test_names_are_taken_from_old_pages_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sim.results", raising=False)
    with pytest.warns(FutureWarning):
        from sim.results import Result  # type: ignore[import-not-found]
    import sim

    assert Result is sim.Result


def test_no_page_has_a_name_that_is_kept_for_an_old_one() -> None:
    assert find_spec("sim.kernel") is not None
    assert not MOVED.keys() & MOVED.values()
