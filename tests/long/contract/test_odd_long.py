"""What takes long of ``contract/test_odd.py``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import test_odd as quick
from test_odd import REPORTS

from analysis.model import odd


@pytest.mark.parametrize("words", REPORTS[2:], ids=lambda words: words[0])
def test_every_report_says_where_its_limits_are(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.test_every_report_says_where_its_limits_are(words, tmp_path, monkeypatch)


def test_every_cell_of_a_table_stays_in_its_cell() -> None:
    for name, table in odd.TABLES.items():
        width = 0
        for line in table().splitlines():
            bars = len(re.findall(r"(?<!\\)\|", line))
            assert bars in (0, width) or not width, f"{name}: {line}"
            width = bars
