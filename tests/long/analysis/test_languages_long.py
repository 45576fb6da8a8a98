"""What takes long of ``analysis/test_languages.py``."""

from __future__ import annotations

import pytest
import test_languages as quick
from parts import others
from test_languages import CURVES, GROUPS, KINDS

results = quick.results


@pytest.mark.parametrize("kind", others(KINDS, 2))
def test_networks_are_explained_in_dutch(kind) -> None:
    quick.test_networks_are_explained_in_dutch(kind)


@pytest.mark.parametrize("case", others(CURVES, 1))
@pytest.mark.parametrize("kpi", ["adoption", "cumulative_net", "skill"])
def test_curves_are_explained_in_dutch(results, case, kpi) -> None:
    quick.test_curves_are_explained_in_dutch(results, case, kpi)


@pytest.mark.parametrize("case", others(GROUPS, 1))
@pytest.mark.parametrize("kind", ["archetype", "role"])
def test_groups_are_explained_in_dutch(results, case, kind) -> None:
    quick.test_groups_are_explained_in_dutch(results, case, kind)
