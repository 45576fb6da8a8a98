"""What takes long of ``analysis/test_cli.py``."""

from __future__ import annotations

import json

import test_cli as quick
from test_cli import folders

adopt = quick.adopt


def test_pairing_is_worth_more_than_nothing(adopt):
    small = ("--set", "organisation.employees=40", "--set", "simulation.months=6")
    asked = ("pairing", "champions", "--runs", "60", "--month", "6", "--json", *small)
    found = json.loads(adopt(*asked).out)
    assert found["between"] > 4
    assert found["within"] > 1.2


def test_figure_and_verdict_can_be_in_dutch(adopt):
    answer = adopt(
        "compare", "baseline", "leadership", "--runs", "6", "--months", "6", "--lang", "nl"
    )
    assert "95%-interval" in answer.out
    (folder,) = folders()
    assert "Maand van het programma" in (folder / "adoption-nl.svg").read_text("utf-8")
    assert not (folder / "adoption.svg").exists()
    assert adopt("compare", "baseline", "--lang", "de").code == 2
