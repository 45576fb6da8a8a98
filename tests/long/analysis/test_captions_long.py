"""What takes long of ``analysis/test_captions.py``."""

from __future__ import annotations

import pytest
import test_captions as quick
from parts import others
from test_captions import FIGURES


@pytest.mark.parametrize("name", others(FIGURES, 3))
def test_a_figure_says_runs_organisations_seed_and_what_its_band_means(name: str) -> None:
    quick.test_a_figure_says_runs_organisations_seed_and_what_its_band_means(name)
