"""What takes long of ``contract/test_import_weight.py``."""

from __future__ import annotations

import pytest
import test_import_weight as quick
from parts import others
from test_import_weight import LISTS, NAMING


@pytest.mark.parametrize(
    "words",
    others(LISTS, 1),
    ids=" ".join,
)
def test_lists_and_checks_need_no_tables_figures_or_studies(words: tuple[str, ...]) -> None:
    quick.test_lists_and_checks_need_no_tables_figures_or_studies(words)


@pytest.mark.parametrize(
    "words",
    others(NAMING, 5),
    ids=" ".join,
)
def test_what_only_names_things_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    quick.test_what_only_names_things_imports_nothing_heavy(words)
