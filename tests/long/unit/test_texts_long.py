"""What takes long of ``unit/test_texts.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_texts as quick
from parts import others
from test_texts import SIGNS


@pytest.mark.parametrize("sign", others(SIGNS, 3))
def test_they_are_refused_in_libraries_and_experiments(tmp_path: Path, sign: str) -> None:
    quick.test_they_are_refused_in_libraries_and_experiments(tmp_path, sign)
