"""What takes long of ``analysis/test_cli.py``."""

from __future__ import annotations

import json

import test_cli as quick

adopt = quick.adopt


def test_pairing_is_worth_more_than_nothing(adopt):
    found = json.loads(adopt("pairing", "champions", "--runs", "60", "--month", "6", "--json").out)
    assert found["between"] > 4
    assert found["within"] > 1.2
