"""What takes long of ``unit/test_doses.py``."""

from __future__ import annotations

from typing import Any

import pytest
from test_doses import scaled

import sim
from sim.programme import ledger


@pytest.mark.parametrize("seed", range(3))
def test_no_way_of_writing_buys_more_of_leaders_than_it_pays_for(seed: int) -> None:
    """Fewer leaders bring less in proportion; for less long, no more than as many months at once.

    Leaders who began go on by themselves, so months are worth less and less; spread over two years
    they are paid for alike, and an example that takes months to build up is worth no more.
    """
    base = sim.load("baseline")
    fewer: dict[str, dict[str, Any]] = {
        "half": {"share": 0.5}, "few": {"share": 0.05}, "none": {"share": 0.0},
        "asked": {"audience": {"share": 0.05}},
    }  # fmt: skip
    shorter: dict[str, dict[str, Any]] = {
        "month": {"months": 1}, "four": {"months": 4},
        "often": {"months": 1, "repeat": {"every": 6, "times": 4}},
    }  # fmt: skip
    every = {
        name: base.changed({"programme.leadership-example": given, "name": name})
        for name, given in {"all": {}, **fewer, **shorter}.items()
    }
    small = scaled(every["all"], float(ledger.ledger(base).to_numpy().sum()) + 3_000.0)
    every["scaled"] = small.changed({"name": "scaled", "budget.keep": ["launch"]})
    result = sim.compare([base, *every.values()], runs=40, seed=seed)
    before = result.curves("baseline", "adoption")[:, 1:].mean()
    paid = result.curves("baseline", "cost").sum(axis=1).mean()

    def worth(name: str) -> tuple[float, float]:
        gained = 100.0 * (result.curves(name, "adoption")[:, 1:].mean() - before)
        return gained, float(result.curves(name, "cost").sum(axis=1).mean() - paid)

    whole, cost = worth("all")
    assert whole > 5.0
    for name in (*fewer, "scaled"):
        gained, price = worth(name)
        # Within what few runs tell; a dose of .001 gave 44 of 46 points for a thousandth.
        assert gained <= 1.3 * whole * price / cost + 1.5, name
    assert worth("none") == (0.0, 0.0)
    one, four, often = (worth(name) for name in shorter)
    assert often[1] == pytest.approx(four[1])
    assert one[1] < four[1] < cost
    for less, more in ((one[0], four[0]), (often[0], four[0]), (four[0], whole)):
        assert less <= more + 1.5
