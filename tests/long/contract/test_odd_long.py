"""What takes long of ``contract/test_odd.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_odd as quick
from test_odd import REPORTS


@pytest.mark.parametrize("words", REPORTS[2:], ids=lambda words: words[0])
def test_every_report_says_where_its_limits_are(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick.test_every_report_says_where_its_limits_are(words, tmp_path, monkeypatch)
