"""What every study gives: a question, and what answers it as a line, a table, a figure and plain values.

Each package of this folder is a study. Its ``study.py`` runs it and holds its result; ``tables.py``
makes tables of that, ``figure.py`` its picture, ``texts.py`` its words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

if TYPE_CHECKING:
    import pandas as pd

    from analysis.figures.frame import Picture
    from analysis.studies.audit.study import Audit
    from analysis.studies.bands.study import Banded
    from analysis.studies.calibration.study import Calibration
    from analysis.studies.claims.study import Claims
    from analysis.studies.patterns.study import Patterns
    from analysis.studies.robustness.study import Robustness
    from analysis.studies.sensitivity.study import Found
    from analysis.studies.ties.study import Ties
    from analysis.studies.validation.study import Scorecard
    from sim.scenario.base import Form

Entry = TypeVar("Entry", bound="Form")

RESULTS: Final[Mapping[str, str]] = {
    "audit": "Audit",
    "bands": "Banded",
    "calibration": "Calibration",
    "claims": "Claims",
    "patterns": "Patterns",
    "robustness": "Robustness",
    "sensitivity": "Found",
    "ties": "Ties",
    "validation": "Scorecard",
}
"""The class of each study's result, in its ``study.py``."""


class StudyResult(Protocol):
    """What came out of a study, whichever it is."""

    @property
    def question(self) -> str:
        """What is asked, in a sentence that its command shows too."""

    @property
    def runs(self) -> int:
        """Organisations behind each number; of a sensitivity, behind all of them."""

    @property
    def seed(self) -> int:
        """Seed of the study."""

    @property
    def answer(self) -> str:
        """What came out, in a line."""

    @property
    def table(self) -> pd.DataFrame:
        """What came out, in rows."""

    def figure(self) -> Picture:
        """Draw it."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; which files were written is the command's to add."""


if TYPE_CHECKING:  # a type checker sees to it that all of them have this form
    _HAVE_IT: tuple[type[StudyResult], ...] = (
        *(Audit, Banded, Calibration, Claims, Patterns),
        *(Robustness, Found, Ties, Scorecard),
    )


def in_library(page: str, form: type[Entry]) -> dict[str, Entry]:
    """Return what a page of the library holds, in its order, by names as they are told: P1, T01.

    Raises
    ------
    ScenarioError
        With every problem in the file.
    """
    from sim.scenario.catalogue import entries_of
    from sim.scenario.folders import library

    entries = entries_of(library() / "library" / f"{page}.yaml", form)
    return {name.upper(): entry for name, entry in entries.items()}


def beside(result: StudyResult, page: str) -> Any:
    """Return a page that stands beside a study's, such as the one that draws it.

    It is looked up when it is asked for: ``study.py`` knows none of the pages that know it, and what
    draws is not imported by those who want numbers.
    """
    return import_module(f"{type(result).__module__.rpartition('.')[0]}.{page}")


def records(frame: pd.DataFrame) -> Any:
    """Return a table as plain values, for JSON."""
    return json.loads(frame.reset_index().to_json(orient="records"))
